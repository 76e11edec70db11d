//! Functions of hashes and keys.

use data_encoding::{BASE64, HEXLOWER};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::encoding::decode_base64;
use super::{Body, Function, Kind, Parameter, not_followed, text_of};
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::value::Value;

const STR: Parameter = Parameter::new("str", Kind::String);

const fn of_text(name: &'static str, body: fn(&[Value]) -> Evaluated) -> Function {
    Function { name, parameters: &[STR], variadic: None, returns: Kind::String, body: Body::Pure(body) }
}

pub(super) const FUNCTIONS: &[Function] = &[
    of_text("base64sha256", |arguments| Ok(hashed(arguments, base64_sha256))),
    of_text("base64sha512", |arguments| Ok(hashed(arguments, base64_sha512))),
    Function {
        name: "bcrypt",
        parameters: &[STR],
        variadic: Some(Parameter::new("cost", Kind::Number)),
        returns: Kind::String,
        body: Body::Unpredictable("bcrypt() gives another result each time"),
    },
    of_text("md5", |arguments| Ok(hashed(arguments, md5))),
    Function {
        name: "rsadecrypt",
        parameters: &[Parameter::new("ciphertext", Kind::String), Parameter::new("privatekey", Kind::String)],
        variadic: None,
        returns: Kind::String,
        body: Body::Pure(rsadecrypt),
    },
    of_text("sha1", |arguments| Ok(hashed(arguments, sha1))),
    of_text("sha256", |arguments| Ok(hashed(arguments, sha256))),
    of_text("sha512", |arguments| Ok(hashed(arguments, sha512))),
    Function {
        name: "uuid",
        parameters: &[],
        variadic: None,
        returns: Kind::String,
        body: Body::Unpredictable("uuid() gives another result each time"),
    },
    Function {
        name: "uuidv5",
        parameters: &[Parameter::new("namespace", Kind::String), Parameter::new("name", Kind::String)],
        variadic: None,
        returns: Kind::String,
        body: Body::Pure(uuidv5),
    },
];

/// Bytes: their hash in text.
pub(super) type Hash = fn(&[u8]) -> String;

/// MD5 in hexadecimal digits.
pub(super) fn md5(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Md5::digest(bytes))
}

/// SHA-1 in hexadecimal digits.
pub(super) fn sha1(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha1::digest(bytes))
}

/// SHA-256 in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// SHA-512 in hexadecimal digits.
pub(super) fn sha512(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha512::digest(bytes))
}

/// SHA-256 in base64.
pub(super) fn base64_sha256(bytes: &[u8]) -> String {
    BASE64.encode(&Sha256::digest(bytes))
}

/// SHA-512 in base64.
pub(super) fn base64_sha512(bytes: &[u8]) -> String {
    BASE64.encode(&Sha512::digest(bytes))
}

fn hashed(arguments: &[Value], hash: Hash) -> Value {
    Value::string(hash(text_of(arguments, 0).as_bytes()))
}

fn rsadecrypt(arguments: &[Value]) -> Evaluated {
    if decode_base64(text_of(arguments, 0)).is_none() {
        return Failure::err("the encrypted text is not in base64");
    }
    Ok(not_followed(Kind::String, "nothing is decrypted here"))
}

/// A namespace, by name or as a UUID, and a name in it: their UUID of version 5.
fn uuidv5(arguments: &[Value]) -> Evaluated {
    let namespace = match text_of(arguments, 0) {
        "dns" => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "url" => "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "oid" => "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
        "x500" => "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
        other => other,
    };
    let Some(namespace) = parse_uuid(namespace) else {
        return Failure::err("the namespace is neither \"dns\", \"url\", \"oid\" or \"x500\", nor a UUID");
    };
    let mut hash = Sha1::new();
    hash.update(&namespace);
    hash.update(text_of(arguments, 1).as_bytes());
    let mut bytes = hash.finalize();
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let part = |from: usize, to: usize| HEXLOWER.encode(&bytes[from..to]);
    Ok(Value::string([part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join("-")))
}

/// The bytes of a UUID: in groups, with any one character around them or `urn:uuid:` before them, or as digits alone.
fn parse_uuid(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let grouped = match bytes.len() {
        36 => bytes,
        38 => &bytes[1..37],
        45 if bytes[..9].eq_ignore_ascii_case(b"urn:uuid:") => &bytes[9..],
        32 => return data_encoding::HEXLOWER_PERMISSIVE.decode(bytes).ok(),
        _ => return None,
    };
    if [8, 13, 18, 23].iter().any(|dash| grouped[*dash] != b'-') {
        return None;
    }
    let digits = [&grouped[..8], &grouped[9..13], &grouped[14..18], &grouped[19..23], &grouped[24..36]].concat();
    data_encoding::HEXLOWER_PERMISSIVE.decode(&digits).ok()
}

#[cfg(test)]
mod tests {
    use crate::hcl::functions::encoding::shown_of;

    #[test]
    fn hashes() {
        // As `terraform console` prints them.
        let cases: &[(&str, &[&str], &str)] = &[
            ("uuidv5", &["dns", "tada"], r#""faa898db-9b9d-5b75-86a9-149e7bb8e3b8""#),
            (
                "uuidv5",
                &["urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "tada"],
                r#""faa898db-9b9d-5b75-86a9-149e7bb8e3b8""#,
            ),
            (
                "uuidv5",
                &["x6ba7b810-9dad-11d1-80b4-00c04fd430c8y", "tada"],
                r#""faa898db-9b9d-5b75-86a9-149e7bb8e3b8""#,
            ),
            ("uuidv5", &["6ba7b8109dad11d180b400c04fd430c8", "tada"], r#""faa898db-9b9d-5b75-86a9-149e7bb8e3b8""#),
            ("uuidv5", &["6ba7b810-9dad-11d1-80b400c04fd430c8", "tada"], "ERR"),
            ("uuidv5", &["x500", ""], r#""b4bdf874-8c03-5bd8-8fd7-5e409dfd82c0""#),
            ("uuidv5", &["DNS", ""], "ERR"),
            (
                "uuidv5",
                &["URN:uuid:6BA7B810-9dad-11d1-80b4-00c04fd430c8", "é"],
                r#""ebfe0af8-3997-5ade-b634-ba92cf69f557""#,
            ),
            ("md5", &["é"], r#""66ddcd97cfdeabb2f6fb8a999b4bc76f""#),
            ("sha1", &["é"], r#""bf15be717ac1b080b4f1c456692825891ff5073d""#),
            ("sha256", &[""], r#""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#),
            (
                "sha512",
                &["a"],
                r#""1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75""#,
            ),
            ("base64sha256", &["a"], r#""ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=""#),
            (
                "base64sha512",
                &["a"],
                r#""H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1MChgxlK/CNVgJSql50IQVG82n7u86MEs/HlXsmUv6adQ==""#,
            ),
            ("rsadecrypt", &["!", "x"], "ERR"),
            ("rsadecrypt", &["YQ==", "x"], "unknown"),
            ("bcrypt", &["a"], "unknown"),
            ("uuid", &[], "unknown"),
        ];
        for (name, arguments, expected) in cases {
            assert_eq!(shown_of(name, arguments), *expected, "{name}({arguments:?})");
        }
    }
}

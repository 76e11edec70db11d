//! Functions of encodings.

mod csv;
pub(super) mod json;
mod yaml_decode;
mod yaml_encode;
mod yaml_odd;
mod yaml_scalar;

use std::io::Read;
use std::sync::LazyLock;

use data_encoding::{BASE64, Encoding, Specification};

use super::{Body, Function, Kind, MAX_TEXT, Parameter, not_followed, text_of, too_large};
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::value::Value;

const STR: Parameter = Parameter::new("str", Kind::String);

const fn function(name: &'static str, parameters: &'static [Parameter], body: fn(&[Value]) -> Evaluated) -> Function {
    Function { name, parameters, variadic: None, returns: Kind::String, body: Body::Pure(body) }
}

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64decode", &[STR], base64decode),
    function("base64encode", &[STR], base64encode),
    function("base64gunzip", &[STR], base64gunzip),
    function("base64gzip", &[STR], base64gzip),
    Function { returns: Kind::Any, ..function("csvdecode", &[STR], csv::decode) },
    Function { returns: Kind::Any, ..function("jsondecode", &[STR], json::decode) },
    function("jsonencode", &[Parameter::new("val", Kind::Any).or_null().or_unknown()], json::encode),
    function(
        "textdecodebase64",
        &[Parameter::new("source", Kind::String), Parameter::new("encoding", Kind::String)],
        textdecodebase64,
    ),
    function(
        "textencodebase64",
        &[Parameter::new("string", Kind::String), Parameter::new("encoding", Kind::String)],
        textencodebase64,
    ),
    function("urldecode", &[STR], urldecode),
    function("urlencode", &[STR], urlencode),
    Function {
        returns: Kind::Any,
        ..function("yamldecode", &[Parameter::new("src", Kind::String)], yaml_decode::decode)
    },
    function("yamlencode", &[Parameter::new("value", Kind::Any).or_null()], yaml_encode::encode),
];

fn unknown(reason: &str) -> Evaluated {
    Ok(not_followed(Kind::String, reason))
}

/// Base64 whose last bits need not be zero.
static LENIENT: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    specification.check_trailing_bits = false;
    specification.encoding().ok()
});

/// The bytes of a text in base64: with padding, and line breaks anywhere.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let end = symbols.iter().position(|b| *b == b'=').unwrap_or(symbols.len());
    let (symbols, padding) = symbols.split_at(end);
    if padding.len() > 2 || padding.iter().any(|b| *b != b'=') || (symbols.len() + padding.len()) % 4 != 0 {
        return None;
    }
    LENIENT.as_ref()?.decode(symbols).ok()
}

fn encoded(bytes: &[u8]) -> Evaluated {
    if bytes.len() / 3 * 4 > MAX_TEXT {
        return Ok(too_large(Kind::String));
    }
    Ok(Value::string(BASE64.encode(bytes)))
}

/// Base64: the text in it.
fn base64decode(arguments: &[Value]) -> Evaluated {
    let Some(bytes) = decode_base64(text_of(arguments, 0)) else { return Failure::err("this is not base64") };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Value::string(text)),
        Err(_) => Failure::err("what is encoded is not UTF-8"),
    }
}

/// A text: its base64.
fn base64encode(arguments: &[Value]) -> Evaluated {
    encoded(text_of(arguments, 0).as_bytes())
}

fn base64gzip(_: &[Value]) -> Evaluated {
    unknown("nothing is compressed here: the bytes depend on the program that does it")
}

/// Base64 of a compressed text: the text.
fn base64gunzip(arguments: &[Value]) -> Evaluated {
    let Some(bytes) = decode_base64(text_of(arguments, 0)) else { return Failure::err("this is not base64") };
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Failure::err("what is encoded is not compressed by gzip");
    }
    let mut text = String::new();
    let limit = MAX_TEXT as u64 + 1;
    match flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(limit).read_to_string(&mut text) {
        Ok(_) if text.len() > MAX_TEXT => Ok(too_large(Kind::String)),
        Ok(_) => Ok(Value::string(text)),
        Err(_) => unknown("it can't be uncompressed here"),
    }
}

/// The encodings of text that are followed.
#[derive(Clone, Copy)]
enum Charset {
    Ascii,
    Latin1,
    Utf8,
    /// With a byte order mark.
    Utf16,
    Utf16Be,
    Utf16Le,
}

impl Charset {
    fn named(name: &str) -> Option<Charset> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "us-ascii" | "csascii" | "us" => Charset::Ascii,
            "iso-8859-1" | "iso_8859-1" | "latin1" | "l1" => Charset::Latin1,
            "utf-8" | "csutf8" => Charset::Utf8,
            "utf-16" | "csutf16" => Charset::Utf16,
            "utf-16be" | "csutf16be" => Charset::Utf16Be,
            "utf-16le" | "csutf16le" => Charset::Utf16Le,
            _ => return None,
        })
    }

    fn encode(self, text: &str) -> Option<Vec<u8>> {
        let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        Some(match self {
            Charset::Ascii if text.is_ascii() => text.as_bytes().to_vec(),
            Charset::Ascii => return None,
            Charset::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>()?,
            Charset::Utf8 => text.as_bytes().to_vec(),
            Charset::Utf16 => [vec![0xfe, 0xff], units(u16::to_be_bytes)].concat(),
            Charset::Utf16Be => units(u16::to_be_bytes),
            Charset::Utf16Le => units(u16::to_le_bytes),
        })
    }

    fn decode(self, bytes: &[u8]) -> Option<String> {
        let units = |bytes: &[u8], order: fn([u8; 2]) -> u16| {
            let pairs = bytes.chunks_exact(2);
            let whole = pairs.remainder().is_empty();
            let units: Vec<u16> = pairs.map(|pair| order([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok().filter(|_| whole)
        };
        match self {
            Charset::Ascii => String::from_utf8(bytes.to_vec()).ok().filter(|text| text.is_ascii()),
            Charset::Latin1 => Some(bytes.iter().map(|b| char::from(*b)).collect()),
            Charset::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Charset::Utf16 => match bytes {
                [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
                [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
                rest => units(rest, u16::from_be_bytes),
            },
            Charset::Utf16Be => units(bytes, u16::from_be_bytes),
            Charset::Utf16Le => units(bytes, u16::from_le_bytes),
        }
    }
}

const OTHER_CHARSET: &str = "only ASCII, ISO 8859-1, UTF-8 and UTF-16 are followed";

/// Base64 of a text in an encoding: the text.
fn textdecodebase64(arguments: &[Value]) -> Evaluated {
    let Some(charset) = Charset::named(text_of(arguments, 1)) else { return unknown(OTHER_CHARSET) };
    let Some(bytes) = decode_base64(text_of(arguments, 0)) else { return Failure::err("this is not base64") };
    match charset.decode(&bytes) {
        Some(text) if text.len() > MAX_TEXT => Ok(too_large(Kind::String)),
        Some(text) if !text.contains(char::REPLACEMENT_CHARACTER) => Ok(Value::string(text)),
        _ => Failure::err("what is encoded is no text in that encoding"),
    }
}

/// A text and an encoding: base64 of the text in that.
fn textencodebase64(arguments: &[Value]) -> Evaluated {
    let Some(charset) = Charset::named(text_of(arguments, 1)) else { return unknown(OTHER_CHARSET) };
    match charset.encode(text_of(arguments, 0)) {
        Some(bytes) => encoded(&bytes),
        None => Failure::err("the text has characters that the encoding has not"),
    }
}

/// A text: the same as part of the query of a URL.
fn urlencode(arguments: &[Value]) -> Evaluated {
    let text = text_of(arguments, 0);
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
        if encoded.len() > MAX_TEXT {
            return Ok(too_large(Kind::String));
        }
    }
    Ok(Value::string(encoded))
}

/// A part of the query of a URL: the text that it stands for.
fn urldecode(arguments: &[Value]) -> Evaluated {
    let mut bytes = Vec::new();
    let mut rest = text_of(arguments, 0).bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
                match (digit(), digit()) {
                    (Some(high), Some(low)) => (high << 4 | low) as u8,
                    _ => return Failure::err("an escape is not complete"),
                }
            }
            _ => byte,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Value::string(text)),
        Err(_) => unknown("what is encoded is not UTF-8"),
    }
}

/// What a function gives, as JSON: `ERR` where it fails, `unknown` where that is not known.
#[cfg(test)]
pub(super) fn shown(name: &str, arguments: Vec<Value>, files: &super::Files) -> String {
    let Some(function) = super::function(name) else { panic!("no function {name}") };
    match super::call(function, arguments, files) {
        Err(_) => "ERR".to_owned(),
        Ok(value) if !value.is_wholly_known() => "unknown".to_owned(),
        Ok(value) => match json::encode(&[value]) {
            Ok(json) => json.as_str().unwrap_or("unknown").to_owned(),
            Err(_) => "ERR".to_owned(),
        },
    }
}

/// The same for strings.
#[cfg(test)]
pub(super) fn shown_of(name: &str, arguments: &[&str]) -> String {
    shown(name, arguments.iter().map(Value::string).collect(), &super::Files::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        // As `terraform console` prints them; base64gunzip() and urldecode() are OpenTofu's.
        let cases: &[(&str, &[&str], &str)] = &[
            ("base64decode", &["aGVsbG8="], r#""hello""#),
            ("base64decode", &["aGVs\nbG8=\r\n"], r#""hello""#),
            ("base64decode", &["aGVsbG8"], "ERR"),
            ("base64decode", &["YQ==YQ=="], "ERR"),
            ("base64decode", &["===="], "ERR"),
            ("base64decode", &["YR=="], r#""a""#),
            ("base64decode", &["/w=="], "ERR"),
            ("base64decode", &[""], r#""""#),
            ("base64decode", &["ZcyB"], r#""é""#),
            ("base64decode", &["a-_="], "ERR"),
            ("base64encode", &["é😀"], r#""w6nwn5iA""#),
            ("base64encode", &[""], r#""""#),
            ("base64gzip", &["a"], "unknown"),
            ("base64gunzip", &["H4sIAAAAAAAA/8pIzcnJBwAAAP//AQAA//+GphA2BQAAAA=="], r#""hello""#),
            ("base64gunzip", &["aGVsbG8="], "ERR"),
            ("base64gunzip", &["H4sIAAAA"], "unknown"),
            ("textencodebase64", &["é", "ISO-8859-1"], r#""6Q==""#),
            ("textencodebase64", &["é", "US-ASCII"], "ERR"),
            ("textencodebase64", &["é😀", "utf-16"], r#""/v8A6dg93gA=""#),
            ("textencodebase64", &["é", " UTF-8 "], r#""w6k=""#),
            ("textencodebase64", &["é😀", "UTF-16LE"], r#""6QA92ADe""#),
            ("textencodebase64", &["é", "windows-1252"], "unknown"),
            ("textdecodebase64", &["AAA=", "utf-16le"], r#""\u0000""#),
            ("textdecodebase64", &["/v8AYQ==", "utf-16"], r#""a""#),
            ("textdecodebase64", &["AGE=", "utf-16"], r#""a""#),
            ("textdecodebase64", &["//5hAA==", "utf-16"], r#""a""#),
            ("textdecodebase64", &["//5hAA==", "utf-16le"], "\"\u{feff}a\""),
            ("textdecodebase64", &["77u/YQ==", "utf-8"], "\"\u{feff}a\""),
            ("textdecodebase64", &["gA==", "us-ascii"], "ERR"),
            ("textdecodebase64", &["gA==", "iso-8859-1"], "\"\u{80}\""),
            ("textdecodebase64", &["YQ=", "utf-8"], "ERR"),
            ("textdecodebase64", &["gA==", "utf-8"], "ERR"),
            ("textdecodebase64", &["ANg=", "utf-16LE"], "ERR"),
            ("textdecodebase64", &["YQ==", "utf-16LE"], "ERR"),
            ("textdecodebase64", &["", "utf-16"], r#""""#),
            ("urlencode", &["a b&c=d/é~-_.!*'()+😀"], r#""a+b%26c%3Dd%2F%C3%A9~-_.%21%2A%27%28%29%2B%F0%9F%98%80""#),
            ("urldecode", &["a+b%26%C3%a9"], r#""a b\u0026é""#),
            ("urldecode", &["%2"], "ERR"),
            ("urldecode", &["%zz"], "ERR"),
            ("urldecode", &["%ff"], "unknown"),
        ];
        for (name, arguments, expected) in cases {
            assert_eq!(shown_of(name, arguments), *expected, "{name}({arguments:?})");
        }
    }

    #[test]
    fn marks_and_unknown_values() {
        use crate::hcl::types::Type;
        use crate::hcl::value::Marks;
        let files = super::super::Files::default();
        let sensitive = Value::string("aA==").with_marks(Marks::SENSITIVE);
        let function = super::super::function("base64decode").unwrap();
        let decoded = super::super::call(function, vec![sensitive], &files).unwrap();
        assert_eq!((decoded.as_str(), decoded.marks.sensitive), (Some("h"), true));
        let unknown = || Value::unknown(Type::String, "for a test");
        for name in ["jsondecode", "yamldecode", "csvdecode", "jsonencode", "yamlencode", "base64encode", "urlencode"] {
            assert_eq!(shown(name, vec![unknown()], &files), "unknown", "{name}");
        }
        for name in ["jsonencode", "yamlencode"] {
            assert_eq!(shown(name, vec![Value::tuple(vec![unknown()])], &files), "unknown", "{name}");
        }
        for name in ["jsondecode", "yamldecode", "csvdecode", "base64encode"] {
            assert_eq!(shown(name, vec![Value::null()], &files), "ERR", "{name}");
            assert_eq!(shown(name, vec![Value::tuple(vec![])], &files), "ERR", "{name}");
        }
        assert_eq!(shown("jsonencode", vec![Value::null()], &files), r#""null""#);
    }
}

//! Functions that read files or take paths apart.

mod files;
mod glob;
mod path;

use std::fs::File;
use std::io::Read;

use data_encoding::BASE64;

pub(in crate::hcl) use files::Files;
use files::{Found, OUTSIDE, UNREADABLE};

use super::{Body, Function, Kind, MAX_TEXT, Parameter, hash, not_followed, text_of, too_large, work};
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::types::Type;
use crate::hcl::value::Value;

const PATH: Parameter = Parameter::new("path", Kind::String);

const fn of_path(name: &'static str, returns: Kind, body: Body) -> Function {
    Function { name, parameters: &[PATH], variadic: None, returns, body }
}

pub(super) const FUNCTIONS: &[Function] = &[
    of_path("abspath", Kind::String, Body::Pure(abspath)),
    of_path("basename", Kind::String, Body::Pure(basename)),
    of_path("dirname", Kind::String, Body::Pure(dirname)),
    of_path("file", Kind::String, Body::Files(file)),
    of_path("filebase64", Kind::String, Body::Files(filebase64)),
    of_path("filebase64sha256", Kind::String, Body::Files(|a, files| hashed(a, files, hash::base64_sha256))),
    of_path("filebase64sha512", Kind::String, Body::Files(|a, files| hashed(a, files, hash::base64_sha512))),
    of_path("fileexists", Kind::Bool, Body::Files(fileexists)),
    of_path("filemd5", Kind::String, Body::Files(|a, files| hashed(a, files, hash::md5))),
    Function {
        name: "fileset",
        parameters: &[PATH, Parameter::new("pattern", Kind::String)],
        variadic: None,
        returns: Kind::SetOfString,
        body: Body::Files(fileset),
    },
    of_path("filesha1", Kind::String, Body::Files(|a, files| hashed(a, files, hash::sha1))),
    of_path("filesha256", Kind::String, Body::Files(|a, files| hashed(a, files, hash::sha256))),
    of_path("filesha512", Kind::String, Body::Files(|a, files| hashed(a, files, hash::sha512))),
    of_path("pathexpand", Kind::String, Body::Pure(pathexpand)),
];

const HOME: &str = "whose home directory it is, is not known";
const IRREGULAR: &str = "it is no regular file";

/// A path without `.`, `..` and doubled slashes; one that starts where the program runs is not known.
fn abspath(arguments: &[Value]) -> Evaluated {
    let text = text_of(arguments, 0);
    if !text.starts_with('/') {
        return Ok(not_followed(Kind::String, "where the program runs is not known"));
    }
    Ok(Value::string(path::clean(text)))
}

/// The result of what begins in a home directory.
fn at_home(path: &str, kind: Kind) -> Option<Evaluated> {
    let rest = path.strip_prefix('~')?;
    Some(match rest.is_empty() || rest.starts_with(['/', '\\']) {
        true => Ok(not_followed(kind, HOME)),
        false => Failure::err("the home directory of another user can't be told"),
    })
}

/// The bytes of a file, or else the result.
fn read(arguments: &[Value], files: &Files) -> Result<Vec<u8>, Evaluated> {
    let path = text_of(arguments, 0);
    if let Some(result) = at_home(path, Kind::String) {
        return Err(result);
    }
    let path = match files.find(path) {
        Found::File(path) => path,
        Found::Missing => return Err(Failure::err("there is no such file")),
        Found::Wrong => return Err(Failure::err("there can't be such a file")),
        Found::Directory(_) => return Err(Failure::err("this is a directory")),
        Found::Other => return Err(Ok(not_followed(Kind::String, IRREGULAR))),
        Found::Unknown(why) => return Err(Ok(not_followed(Kind::String, why))),
    };
    let mut bytes = Vec::new();
    files.opened.borrow_mut().insert(path.clone());
    match File::open(path).and_then(|file| file.take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes)) {
        Ok(_) if bytes.len() > MAX_TEXT => Err(Ok(too_large(Kind::String))),
        Ok(_) => {
            // It is read and hashed faster than it is searched.
            work(bytes.len() / 8);
            Ok(bytes)
        }
        Err(_) => Err(Ok(not_followed(Kind::String, UNREADABLE))),
    }
}

/// A path: the text of the file.
fn file(arguments: &[Value], files: &Files) -> Evaluated {
    match read(arguments, files).map(String::from_utf8) {
        Ok(Ok(text)) => Ok(Value::string(text)),
        Ok(Err(_)) => Failure::err("the file is not UTF-8"),
        Err(result) => result,
    }
}

/// A path: the bytes of the file in base64.
fn filebase64(arguments: &[Value], files: &Files) -> Evaluated {
    match read(arguments, files) {
        Ok(bytes) if bytes.len() / 3 * 4 > MAX_TEXT => Ok(too_large(Kind::String)),
        Ok(bytes) => Ok(Value::string(BASE64.encode(&bytes))),
        Err(result) => result,
    }
}

fn hashed(arguments: &[Value], files: &Files, hash: hash::Hash) -> Evaluated {
    read(arguments, files).map_or_else(|result| result, |bytes| Ok(Value::string(hash(&bytes))))
}

/// A path: whether there is a file.
fn fileexists(arguments: &[Value], files: &Files) -> Evaluated {
    let path = text_of(arguments, 0);
    if let Some(result) = at_home(path, Kind::Bool) {
        return result;
    }
    match files.find(path) {
        Found::File(_) => Ok(Value::from(true)),
        Found::Missing => Ok(Value::from(false)),
        Found::Wrong => Failure::err("there can't be such a file"),
        Found::Directory(_) => Failure::err("this is a directory, not a file"),
        Found::Other => Ok(not_followed(Kind::Bool, IRREGULAR)),
        Found::Unknown(why) => Ok(not_followed(Kind::Bool, why)),
    }
}

/// A directory and a pattern: the paths of the files in it that match, as seen from the directory.
fn fileset(arguments: &[Value], files: &Files) -> Evaluated {
    let directory = path::clean(text_of(arguments, 0));
    if glob::is_pattern(&directory) {
        return Ok(not_followed(Kind::SetOfString, "a directory whose name looks like a pattern is not followed"));
    }
    let matches = match glob::glob(&path::join(&directory, text_of(arguments, 1)), files) {
        Ok(matches) => matches,
        Err(glob::NotFollowed(why)) => return Ok(not_followed(Kind::SetOfString, why)),
    };
    let mut paths = Vec::new();
    for path in matches {
        match files.find(&path) {
            Found::File(_) => {}
            Found::Directory(_) | Found::Other => continue,
            Found::Missing | Found::Wrong => return Ok(not_followed(Kind::SetOfString, UNREADABLE)),
            Found::Unknown(why) => return Ok(not_followed(Kind::SetOfString, why)),
        }
        match path::relative(&directory, &path) {
            Some(path) => paths.push(Value::string(path)),
            None => return Ok(not_followed(Kind::SetOfString, OUTSIDE)),
        }
    }
    Ok(Value::set(Type::String, paths))
}

/// A path: its last part.
fn basename(arguments: &[Value]) -> Evaluated {
    Ok(Value::string(path::base(text_of(arguments, 0))))
}

/// A path: all but its last part.
fn dirname(arguments: &[Value]) -> Evaluated {
    Ok(Value::string(path::directory(text_of(arguments, 0))))
}

/// A path: with a home directory in place of `~`.
fn pathexpand(arguments: &[Value]) -> Evaluated {
    let path = text_of(arguments, 0);
    at_home(path, Kind::String).unwrap_or_else(|| Ok(Value::string(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hcl::functions::encoding::{shown, shown_of};

    #[test]
    fn paths() {
        // As `terraform console` prints them.
        let cases = [
            ("basename", "", r#"".""#),
            ("basename", "/", r#""/""#),
            ("basename", "a/b/", r#""b""#),
            ("basename", "a//b", r#""b""#),
            ("basename", "..", r#""..""#),
            ("dirname", "", r#"".""#),
            ("dirname", "/", r#""/""#),
            ("dirname", "a", r#"".""#),
            ("dirname", "a/b/", r#""a/b""#),
            ("dirname", "a//b/../c", r#""a""#),
            ("dirname", "/a", r#""/""#),
            ("dirname", "../a", r#""..""#),
            ("pathexpand", "a/~", r#""a/~""#),
            ("pathexpand", "~/a", "unknown"),
            ("pathexpand", "~", "unknown"),
            ("pathexpand", "~nobody/x", "ERR"),
            ("abspath", "a", "unknown"),
        ];
        for (name, path, expected) in cases {
            assert_eq!(shown_of(name, &[path]), expected, "{name}({path:?})");
        }
        for name in ["file", "fileexists", "filemd5", "filebase64"] {
            assert_eq!(shown_of(name, &["Cargo.toml"]), "unknown");
        }
        assert_eq!(shown_of("fileset", &[".", "*"]), "unknown");
    }

    #[cfg(unix)]
    #[test]
    fn files_are_read_inside_the_module_only() {
        use std::fs;
        use std::os::unix::fs::symlink;

        let root = tempfile::tempdir().unwrap();
        let module = root.path().join("module");
        fs::create_dir_all(module.join("d/e/f")).unwrap();
        fs::create_dir_all(module.join(".h")).unwrap();
        fs::create_dir_all(root.path().join("outside")).unwrap();
        let texts: &[(&str, &[u8])] = &[
            ("module/a.txt", b"hello\n"),
            ("module/nfd.txt", "e\u{301}".as_bytes()),
            ("module/bin.dat", b"\xff\xfe"),
            ("module/d/b.txt", b"x\n"),
            ("module/d/e/c.json", b"y\n"),
            ("module/d/e/f/d.txt", b"z\n"),
            ("module/.h/x.txt", b"h\n"),
            ("module/é.txt", "é\n".as_bytes()),
            ("module/empty.txt", b""),
            ("module/a,b.txt", b"q\n"),
            ("module/x{y}.txt", b"q\n"),
            ("outside/secret.txt", b"secret"),
        ];
        for (path, text) in texts {
            fs::write(root.path().join(path), text).unwrap();
        }
        symlink("a.txt", module.join("link.txt")).unwrap();
        let files = Files { base: Some(module.clone()), allowed: vec![module.clone()], ..Files::default() };
        let show = |name: &str, arguments: &[&str]| shown(name, arguments.iter().map(Value::string).collect(), &files);

        // As `terraform console` prints them in such a directory.
        let all = r#"["a,b.txt","a.txt","empty.txt","link.txt","nfd.txt","x{y}.txt","é.txt"]"#;
        let sha512 = "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";
        let cases: &[(&str, &[&str], &str)] = &[
            ("file", &["a.txt"], r#""hello\n""#),
            ("file", &["./d/../a.txt"], r#""hello\n""#),
            ("file", &["a.txt/"], r#""hello\n""#),
            ("file", &["link.txt"], r#""hello\n""#),
            ("file", &["nfd.txt"], r#""é""#),
            ("file", &["bin.dat"], "ERR"),
            ("file", &["missing"], "ERR"),
            ("file", &["d"], "ERR"),
            ("file", &[""], "ERR"),
            ("file", &["a.txt/x"], "ERR"),
            ("file", &["a\0"], "ERR"),
            ("file", &["~nobody/x"], "ERR"),
            ("file", &["~/x"], "unknown"),
            ("filebase64", &["bin.dat"], r#""//4=""#),
            ("filebase64", &["nfd.txt"], r#""ZcyB""#),
            ("fileexists", &["a.txt"], "true"),
            ("fileexists", &["link.txt"], "true"),
            ("fileexists", &["missing"], "false"),
            ("fileexists", &["nodir/x"], "false"),
            ("fileexists", &["d"], "ERR"),
            ("fileexists", &["a.txt/x"], "ERR"),
            ("fileexists", &[""], "ERR"),
            ("filemd5", &["a.txt"], r#""b1946ac92492d2347c6235b4d2611184""#),
            ("filemd5", &["d"], "ERR"),
            ("filemd5", &["missing"], "ERR"),
            ("filesha1", &["a.txt"], r#""f572d396fae9206628714fb2ce00f72e94f2258f""#),
            ("filesha256", &["a.txt"], r#""5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03""#),
            ("filesha512", &["empty.txt"], &format!("{sha512:?}")),
            ("filebase64sha256", &["a.txt"], r#""WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=""#),
            (
                "filebase64sha512",
                &["a.txt"],
                r#""58IrmUxZ2c8rSOVJseJGZmNgRZMNPafBrLKZ0cO3+TH5Sq5B7dosKyB6NuEPi8uNRSI+VIePWzFufOO2vAGWKQ==""#,
            ),
            ("fileset", &[".", "*.txt"], all),
            ("fileset", &["", "*.txt"], all),
            ("fileset", &["d", "*"], r#"["b.txt"]"#),
            ("fileset", &["d", "**"], r#"["b.txt","e/c.json","e/f/d.txt"]"#),
            ("fileset", &["d", "**/*.txt"], r#"["b.txt","e/f/d.txt"]"#),
            ("fileset", &["d", "**/*.{txt,json}"], r#"["b.txt","e/c.json","e/f/d.txt"]"#),
            ("fileset", &["d", "*/../b.txt"], r#"["b.txt"]"#),
            ("fileset", &["d", "../a*.txt"], r#"["../a,b.txt","../a.txt"]"#),
            ("fileset", &[".", "?.txt"], r#"["a.txt","é.txt"]"#),
            ("fileset", &[".", "[a-z].txt"], r#"["a.txt"]"#),
            ("fileset", &[".", "[^a].txt"], r#"["é.txt"]"#),
            ("fileset", &[".", "[!a].txt"], r#"["a.txt"]"#),
            ("fileset", &[".", "d/**/f/*"], r#"["d/e/f/d.txt"]"#),
            ("fileset", &[".", "d/e/f/**/*.txt"], r#"["d/e/f/d.txt"]"#),
            ("fileset", &["nodir", "*"], "[]"),
            ("fileset", &[".", "a\\,b.txt"], r#"["a,b.txt"]"#),
            ("fileset", &[".", "{a\\,b,empty}.txt"], r#"["a,b.txt","empty.txt"]"#),
            ("fileset", &[".", "x\\{y}.txt"], r#"["x{y}.txt"]"#),
            ("fileset", &[".", "a.txt"], r#"["a.txt"]"#),
            ("fileset", &[".", "nope.txt"], "[]"),
            ("fileset", &[".", "./d/./b.txt"], r#"["d/b.txt"]"#),
            ("fileset", &[".", "{d,.h}/*"], r#"[".h/x.txt","d/b.txt"]"#),
            ("fileset", &["d/e/..", "**/c.json"], r#"["e/c.json"]"#),
            // Terraform refuses these.
            ("fileset", &[".", "["], "unknown"),
            ("fileset", &[".", "{a"], "unknown"),
        ];
        for (name, arguments, expected) in cases {
            assert_eq!(show(name, arguments), *expected, "{name}({arguments:?})");
        }

        // Outside, and by links that lead there or nowhere.
        symlink(root.path().join("outside/secret.txt"), module.join("secret.txt")).unwrap();
        symlink(root.path().join("outside"), module.join("out")).unwrap();
        symlink("nothing", module.join("nothing.txt")).unwrap();
        symlink("d", module.join("again")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(module.join("socket")).unwrap();
        let secret = root.path().join("outside/secret.txt");
        let secret = secret.to_str().unwrap();
        let paths =
            [secret, "../outside/secret.txt", "secret.txt", "out/secret.txt", "out/none", "nothing.txt", "socket"];
        for path in paths {
            for name in ["file", "fileexists", "filesha256", "filebase64"] {
                assert_eq!(show(name, &[path]), "unknown", "{name}({path:?})");
            }
        }
        assert_eq!(show("file", &[module.canonicalize().unwrap().join("a.txt").to_str().unwrap()]), r#""hello\n""#);
        assert_eq!(show("fileset", &[".", "again/*"]), r#"["again/b.txt"]"#);
        assert_eq!(show("fileset", &[".", "socket"]), "[]");
        for pattern in ["*.txt", "out/*", "**", "../*", "nothing.*", "**/b.txt"] {
            assert_eq!(show("fileset", &[".", pattern]), "unknown", "{pattern}");
        }
        let large = fs::File::create(module.join("large")).unwrap();
        large.set_len(MAX_TEXT as u64 + 1).unwrap();
        for name in ["file", "filemd5"] {
            assert_eq!(show(name, &["large"]), "unknown");
        }
        let stars = "*a".repeat(400);
        fs::write(module.join("a".repeat(200)), "").unwrap();
        assert_eq!(show("fileset", &[".", &stars]), "unknown");
    }
}

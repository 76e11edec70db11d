//! JSON.

use std::fmt::Write;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::document::RawEntries;
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::functions::{Kind, MAX_ITEMS, MAX_TEXT, text_of, too_large};
use crate::hcl::number::{Number, Parsed};
use crate::hcl::types::Type;
use crate::hcl::value::{Data, Entries, Value};

/// How deep arrays and objects may lie in each other.
const MAX_DEPTH: usize = 128;

/// A JSON text: its value, of objects, tuples, strings, numbers and bools.
pub(super) fn decode(arguments: &[Value]) -> Evaluated {
    let text = text_of(arguments, 0);
    let mut reader = serde_json::Deserializer::from_str(text);
    let Ok(raw) = <&RawValue>::deserialize(&mut reader) else { return Failure::err("this is not JSON") };
    // What follows is ignored where it begins with a closing bracket.
    let start = text.len() - text.trim_start_matches(is_space).len();
    let rest = text.get(start + raw.get().len()..).unwrap_or_default().trim_start_matches(is_space);
    if !rest.is_empty() && !rest.starts_with([']', '}']) {
        return Failure::err("something follows the JSON value");
    }
    match (Reader { values: 0 }).value(raw.get(), 0) {
        Ok(value) => Ok(value),
        Err(NotFollowed(why)) => Ok(Value::unknown(Type::Any, why)),
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Why the whole value is unknown.
struct NotFollowed(&'static str);

struct Reader {
    values: usize,
}

impl Reader {
    fn value(&mut self, text: &str, depth: usize) -> Result<Value, NotFollowed> {
        self.values += 1;
        if self.values > MAX_ITEMS || depth > MAX_DEPTH {
            return Err(NotFollowed("larger than is followed"));
        }
        Ok(match text.as_bytes().first() {
            Some(b'{') => self.object(text, depth)?,
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| ODD)?;
                let items: Result<_, _> = items.into_iter().map(|item| self.value(item.get(), depth + 1)).collect();
                Value::tuple(items?)
            }
            Some(b'"') => Value::string(string(text)?),
            Some(b't') => Value::from(true),
            Some(b'f') => Value::from(false),
            Some(b'n') => Value::null(),
            Some(_) | None => match Number::parse(text) {
                Parsed::Number(number) => Value::from(number),
                Parsed::NoNumber => return Err(ODD),
                Parsed::NotFollowed => Value::unknown(Type::Number, "a number of that size is not followed").not_null(),
            },
        })
    }

    fn object(&mut self, text: &str, depth: usize) -> Result<Value, NotFollowed> {
        let RawEntries(raw) = serde_json::from_str(text).map_err(|_| ODD)?;
        let mut entries = Entries::new();
        for (name, value) in raw {
            let name: Arc<str> = string(name.get())?.into();
            if !unicode_normalization::is_nfc(&name) {
                return Err(NotFollowed("a name in the JSON text is not in normal form"));
            }
            let value = self.value(value.get(), depth + 1)?;
            if let Some(before) = entries.insert(name, value.clone())
                && before.ty() != value.ty()
            {
                return Err(NotFollowed("a name stands twice in the JSON text, with values of different types"));
            }
        }
        Ok(Value::object(entries))
    }
}

const ODD: NotFollowed = NotFollowed("a part of the JSON text is not followed");

/// A string. Half of a surrogate pair becomes U+FFFD.
fn string(text: &str) -> Result<String, NotFollowed> {
    match serde_json::from_str(text) {
        Ok(string) => Ok(string),
        Err(_) => serde_json::from_str(&without_halves(text)).map_err(|_| ODD),
    }
}

/// A string in JSON with U+FFFD for each half of a surrogate pair that stands without the other.
fn without_halves(text: &str) -> String {
    let unit = |at: usize| match text.get(at..at + 6) {
        Some(escape) if escape.starts_with("\\u") => u16::from_str_radix(&escape[2..], 16).ok(),
        _ => None,
    };
    let mut whole = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                whole.push('\u{fffd}');
                at += 6;
                continue;
            }
            // An escape is at least two bytes, so that a backslash behind one begins none.
            _ if rest.starts_with('\\') => 2,
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
        whole.push_str(rest.get(..length).unwrap_or(rest));
        at += length;
    }
    whole
}

/// A value: JSON without space, the names of objects in order.
pub(super) fn encode(arguments: &[Value]) -> Evaluated {
    let Some(value) = arguments.first() else { return Failure::err("nothing is given") };
    if !value.is_wholly_known() {
        return Ok(value.unknown_as(Type::String).not_null().encoding(value));
    }
    let mut text = String::new();
    match write(value, &mut text) {
        Some(()) => Ok(Value::string(text)),
        None => Ok(too_large(Kind::String)),
    }
}

/// Writes JSON without space; `None` where a part is not known, or it gets larger than is followed.
pub(in crate::hcl::functions) fn write(value: &Value, text: &mut String) -> Option<()> {
    match &value.data {
        Data::Unknown(_) => return None,
        Data::Null(_) => text.push_str("null"),
        Data::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Data::Number(number) => text.push_str(&number.to_string()),
        Data::String(string) => write_string(string, text),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            text.push('{');
            for (index, (name, value)) in entries.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(name, text);
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
    }
    (text.len() <= MAX_TEXT).then_some(())
}

/// A string in quotes; what could end a script in HTML is escaped too.
pub(in crate::hcl::functions) fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string can't fail.
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            _ => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hcl::functions::encoding::{shown, shown_of};

    #[test]
    fn decoded() {
        // As `terraform console` prints them.
        let cases = [
            (r#"{"b":[1,2.50,1e3],"a":null}"#, r#"{"a":null,"b":[1,2.5,1000]}"#),
            ("0.1234567890123456789012345678901234567890", "0.123456789012345678901234567890123456789"),
            ("-0", "-0"),
            ("", "ERR"),
            ("{", "ERR"),
            ("[1,]", "ERR"),
            ("1 2", "ERR"),
            ("[1] ]", "[1]"),
            (" null ", "null"),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#"{"a":1,"a":"x"}"#, "unknown"),
            (r#""\u00e9\n""#, r#""é\n""#),
            (r#""\ud800""#, "\"\u{fffd}\""),
            (r#""\udc00\ud800\ud83d\ude00\\ud800\ud800\u0041\u00e9é""#, "\"\u{fffd}\u{fffd}😀\\\\ud800\u{fffd}Aéé\""),
            (r#"{"e\u0301":1}"#, "unknown"),
            ("1e99999999", "unknown"),
            ("01", "ERR"),
            ("NaN", "ERR"),
            ("\"\t\"", "ERR"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown_of("jsondecode", &[text]), expected, "{text:?}");
        }
        for deep in ["[".repeat(100_000), "[".repeat(100_000) + &"]".repeat(100_000)] {
            assert!(["ERR", "unknown"].contains(&shown_of("jsondecode", &[&deep]).as_str()));
        }
    }

    #[test]
    fn encoded() {
        // As `terraform console` prints them.
        let name = |name: &str| Arc::from(name);
        let object = Value::object([
            (name("b"), Value::from(Number::written(1))),
            (name("a"), Value::tuple(vec![Value::from(true), Value::null(), Value::string("x")])),
            (name("c"), Value::object([])),
        ]);
        let third = Number::written(1).over(&Number::written(3)).unwrap();
        let cases = [
            (object, r#"{"a":[true,null,"x"],"b":1,"c":{}}"#.to_owned()),
            (Value::set(Type::String, vec![Value::string("b"), Value::string("a")]), r#"["a","b"]"#.to_owned()),
            (Value::null(), "null".to_owned()),
            (Value::from(third), format!("0.{}5", "3".repeat(154))),
            (
                Value::string("\u{8}\u{c}<>&\u{2028}\u{7f}\u{1}é😀\"\\"),
                "\"\\b\\f\\u003c\\u003e\\u0026\\u2028\u{7f}\\u0001é😀\\\"\\\\\"".to_owned(),
            ),
        ];
        for (value, expected) in cases {
            let encoded = encode(&[value]).unwrap();
            assert_eq!(encoded.as_str(), Some(expected.as_str()));
        }
        assert_eq!(shown("jsonencode", vec![], &Default::default()), "ERR");
    }
}

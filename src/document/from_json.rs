//! JSON texts, on `serde_json`'s raw values: a borrowed raw value tells its place by its address in the text.

use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::entries::Entries;
use super::{Entry, Node, SyntaxError, Value, syntax};

/// How deep arrays and objects may lie in each other.
pub const MAX_DEPTH: usize = 128;

/// How many values a JSON document that is read as a tree may hold.
pub const MAX_VALUES: usize = 1_000_000;

/// The top level of a JSON object whose values have not been looked into: what a reader of large documents starts from.
#[derive(Debug)]
pub struct RawEntries<'a>(pub Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for RawEntries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = RawEntries<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawEntries(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// The byte offset of a part of `text` that was borrowed from it.
pub fn offset_of(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// The byte range of a raw value that was borrowed from `text`.
pub fn span_of(text: &str, raw: &RawValue) -> Range<usize> {
    let start = offset_of(text, raw.get());
    start..start + raw.get().len()
}

/// Turns an error of `serde_json` over `part`, a part of `text`, into one with a place in `text`.
pub fn json_error(text: &str, part: &str, error: &serde_json::Error) -> SyntaxError {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => part.bytes().enumerate().filter(|(_, b)| *b == b'\n').nth(line - 2).map_or(0, |(i, _)| i + 1),
    };
    let offset = offset_of(text, part) + (line_start + error.column().saturating_sub(1)).min(part.len());
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
    let mut wrong = syntax(offset..offset + 1, format!("broken JSON: {message}"));
    if error.is_eof() {
        wrong.help = Some("the text ends too early: it was cut off, or a bracket is not closed".to_owned());
    } else if message.contains("trailing characters") {
        wrong.help = Some("one JSON document a file".to_owned());
    }
    wrong
}

/// The one value that a JSON text holds, not looked into.
///
/// # Errors
/// Where the text is not one well-formed JSON value.
pub fn raw_json(text: &str) -> Result<&RawValue, SyntaxError> {
    serde_json::from_str(text).map_err(|e| json_error(text, text, &e))
}

/// Reads a JSON text.
///
/// # Errors
/// Broken JSON, a key that an object has twice, nesting deeper than [`MAX_DEPTH`], or more than [`MAX_VALUES`] values.
pub fn parse_json(text: &str) -> Result<Node, SyntaxError> {
    json_node(text, raw_json(text)?)
}

/// Reads a part of a JSON text that was borrowed from it.
///
/// # Errors
/// As [`parse_json`].
pub fn json_node(text: &str, raw: &RawValue) -> Result<Node, SyntaxError> {
    Tree { text, values: 0 }.node(raw, 0)
}

struct Tree<'a> {
    text: &'a str,
    values: usize,
}

impl Tree<'_> {
    fn node(&mut self, raw: &RawValue, depth: usize) -> Result<Node, SyntaxError> {
        let text = self.text;
        let span = span_of(text, raw);
        let here = span.start..span.start + 1;
        if depth > MAX_DEPTH {
            let mut wrong = syntax(here, format!("nested deeper than {MAX_DEPTH} levels"));
            wrong.help = Some("no input that this program reads is nested so deep".to_owned());
            return Err(wrong);
        }
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(too_many(here));
        }
        let part = raw.get();
        let wrong = |e: serde_json::Error| json_error(text, part, &e);
        let value = match part.as_bytes().first() {
            Some(b'{') => {
                let RawEntries(raw_entries) = serde_json::from_str(part).map_err(wrong)?;
                let mut entries = Entries::default();
                for (key, value) in raw_entries {
                    let key_span = span_of(text, key);
                    let name: String = serde_json::from_str(key.get()).map_err(|e| json_error(text, key.get(), &e))?;
                    if entries.get_mut(&name).is_some() {
                        let mut twice = syntax(key_span, format!("the key {name:?} stands twice in one object"));
                        twice.help = Some("keep one of them: readers of JSON disagree about which counts".to_owned());
                        return Err(twice);
                    }
                    entries.push(Entry { key: name, key_span, node: self.node(value, depth + 1)? });
                }
                Value::Object(entries.into_list())
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(part).map_err(wrong)?;
                if items.len() > MAX_VALUES {
                    return Err(too_many(here));
                }
                Value::Array(items.into_iter().map(|i| self.node(i, depth + 1)).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::String(serde_json::from_str(part).map_err(wrong)?),
            Some(b't' | b'f') => Value::Bool(serde_json::from_str(part).map_err(wrong)?),
            Some(b'n') => Value::Null,
            Some(_) | None => Value::Number(serde_json::from_str(part).map_err(wrong)?),
        };
        Ok(Node { span, value })
    }
}

/// What is said of more values than are read.
fn too_many(span: Range<usize>) -> SyntaxError {
    let mut wrong = syntax(span, format!("more than {MAX_VALUES} values, the most that are read here"));
    wrong.help = Some("give it in several files".to_owned());
    wrong
}

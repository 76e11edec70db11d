//! A JSON or HCL document as a tree in which every key and value knows its byte range.
//!
//! Definitions and settings are read from this tree, so that one reader serves both languages and every complaint has
//! a place. Values are literals only: a reference or a function in HCL is an error. The JSON half rests on
//! `serde_json`'s raw values: a borrowed raw value tells its place by its address in the text.

mod fields;

use std::ops::Range;

pub use fields::{Fields, Spanned, is_date};

use hcl::edit::Span;
use hcl::edit::expr::{Expression, ObjectKey};
use hcl::edit::structure::{Block, Body, Structure};
use hcl::edit::template::Element;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How deep arrays and objects may lie in each other.
pub const MAX_DEPTH: usize = 128;

/// How many values a JSON document that is read as a tree may hold.
pub const MAX_VALUES: usize = 1_000_000;

/// The longest HCL text that is parsed, in bytes: the parser needs about 27 times a text's size in memory.
pub const MAX_HCL_BYTES: usize = 16 << 20;

/// A value with its byte range in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Byte range of the value.
    pub span: Range<usize>,
    /// The value.
    pub value: Value,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(serde_json::Number),
    /// A text, decoded.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object, or an HCL body: keys in the order of the text, each once.
    Object(Vec<Entry>),
}

/// A key of an object with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, decoded.
    pub key: String,
    /// Byte range of the key.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

impl Node {
    /// What the value is, as an error calls it.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }
}

/// Why a text is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte range of what is wrong.
    pub span: Range<usize>,
    /// What is wrong and what was expected.
    pub message: String,
    /// What to do, where there is more to say.
    pub help: Option<String>,
}

fn syntax(span: Range<usize>, message: impl Into<String>) -> SyntaxError {
    SyntaxError { span, message: message.into(), help: None }
}

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
/// Broken JSON, a key that an object has twice, or nesting deeper than [`MAX_DEPTH`].
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
            return Err(syntax(here, format!("more than {MAX_VALUES} values, the most that are read here")));
        }
        let part = raw.get();
        let wrong = |e: serde_json::Error| json_error(text, part, &e);
        let value = match part.as_bytes().first() {
            Some(b'{') => {
                let RawEntries(raw_entries) = serde_json::from_str(part).map_err(wrong)?;
                let mut entries: Vec<Entry> = Vec::new();
                let mut seen = std::collections::HashSet::new();
                for (key, value) in raw_entries {
                    let key_span = span_of(text, key);
                    let name: String = serde_json::from_str(key.get()).map_err(|e| json_error(text, key.get(), &e))?;
                    if !seen.insert(name.clone()) {
                        let mut twice = syntax(key_span, format!("the key {name:?} stands twice in one object"));
                        twice.help = Some("keep one of them: readers of JSON disagree about which counts".to_owned());
                        return Err(twice);
                    }
                    entries.push(Entry { key: name, key_span, node: self.node(value, depth + 1)? });
                }
                Value::Object(entries)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(part).map_err(wrong)?;
                if items.len() > MAX_VALUES {
                    return Err(syntax(here, format!("more than {MAX_VALUES} values, the most that are read here")));
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

/// What an HCL block with a label becomes in the tree, which has the shape of the JSON form.
#[derive(Debug, Clone, Copy)]
pub enum Label {
    /// An item of the list `into`, with the label as the value of this key.
    Field(&'static str),
    /// An entry of the object `into`, with the label as its key.
    Key,
}

/// A block that must have a label.
#[derive(Debug, Clone, Copy)]
pub struct Labelled {
    /// The block's name in HCL.
    pub block: &'static str,
    /// The key of the list or object that it goes into.
    pub into: &'static str,
    /// Where the label goes.
    pub label: Label,
}

/// Reads an HCL text into the shape of the JSON form: `labelled` blocks are collected into lists and objects, a block
/// without a label is an object, values are literals.
///
/// # Errors
/// Broken HCL, a text larger than [`MAX_HCL_BYTES`], a value that is no literal, a block with too few or too many
/// labels, a key or block that stands twice.
pub fn parse_hcl(text: &str, labelled: &[Labelled]) -> Result<Node, SyntaxError> {
    let body = parse_hcl_body(text)?;
    Ok(Node { span: 0..text.len(), value: Value::Object(hcl_entries(&body, labelled)?) })
}

/// Parses an HCL text into the syntax tree of `hcl-edit`.
///
/// # Errors
/// Broken HCL, or a text larger than [`MAX_HCL_BYTES`].
pub fn parse_hcl_body(text: &str) -> Result<Body, SyntaxError> {
    if text.len() > MAX_HCL_BYTES {
        return Err(syntax(0..0, format!("larger than {} MiB, the most that is read as HCL", MAX_HCL_BYTES >> 20)));
    }
    hcl::edit::parser::parse_body(text).map_err(|e| {
        let place = e.location();
        let offset = place.offset().min(text.len());
        syntax(offset..offset + 1, format!("broken HCL: {}", e.message().replace('\n', "; ")))
    })
}

fn hcl_entries(body: &Body, labelled: &[Labelled]) -> Result<Vec<Entry>, SyntaxError> {
    let mut entries: Vec<Entry> = Vec::new();
    for structure in body.iter() {
        match structure {
            Structure::Attribute(attribute) => {
                let key = attribute.key.as_str().to_owned();
                let key_span = attribute.key.span().unwrap_or_default();
                if let Some(l) = labelled.iter().find(|l| l.block == key || l.into == key) {
                    let mut wrong = syntax(key_span, format!("{key:?} must be written as a block with a label"));
                    wrong.help = Some(format!("write {} \"…\" {{ … }}", l.block));
                    return Err(wrong);
                }
                push(&mut entries, Entry { key, key_span, node: hcl_node(&attribute.value)? })?;
            }
            Structure::Block(block) => hcl_block(block, labelled, &mut entries)?,
        }
    }
    Ok(entries)
}

fn push(entries: &mut Vec<Entry>, entry: Entry) -> Result<(), SyntaxError> {
    if entries.iter().any(|e| e.key == entry.key) {
        return Err(syntax(entry.key_span, format!("{:?} stands twice", entry.key)));
    }
    entries.push(entry);
    Ok(())
}

fn hcl_block(block: &Block, labelled: &[Labelled], entries: &mut Vec<Entry>) -> Result<(), SyntaxError> {
    let name = block.ident.as_str();
    let name_span = block.ident.span().unwrap_or_default();
    let span = block.span().unwrap_or_default();
    let mut body = hcl_entries(&block.body, labelled)?;
    let Some(rule) = labelled.iter().find(|l| l.block == name) else {
        if let Some(label) = block.labels.first() {
            return Err(syntax(
                label.span().unwrap_or(name_span),
                format!("a block {name:?} has no label, but has {:?}", label.as_str()),
            ));
        }
        let node = Node { span, value: Value::Object(body) };
        return push(entries, Entry { key: name.to_owned(), key_span: name_span, node });
    };
    let [label] = block.labels.as_slice() else {
        let found = block.labels.len();
        let mut wrong = syntax(name_span, format!("a block {name:?} needs one label, but has {found}"));
        wrong.help = Some(format!("write {name} \"…\" {{ … }}"));
        return Err(wrong);
    };
    let label_span = label.span().unwrap_or(name_span.clone());
    let text = label.as_str().to_owned();
    let index = match entries.iter().position(|e| e.key == rule.into) {
        Some(index) => index,
        None => {
            let value = match rule.label {
                Label::Field(_) => Value::Array(Vec::new()),
                Label::Key => Value::Object(Vec::new()),
            };
            let node = Node { span: span.clone(), value };
            entries.push(Entry { key: rule.into.to_owned(), key_span: name_span.clone(), node });
            entries.len() - 1
        }
    };
    match (&mut entries[index].node.value, rule.label) {
        (Value::Array(items), Label::Field(field)) => {
            if let Some(twice) = body.iter().find(|e| e.key == field) {
                return Err(syntax(twice.key_span.clone(), format!("{field:?} is the label of the block, not a key")));
            }
            let node = Node { span: label_span.clone(), value: Value::String(text) };
            body.insert(0, Entry { key: field.to_owned(), key_span: label_span, node });
            items.push(Node { span, value: Value::Object(body) });
        }
        (Value::Object(map), Label::Key) => {
            push(map, Entry { key: text, key_span: label_span, node: Node { span, value: Value::Object(body) } })?;
        }
        (_, Label::Field(_) | Label::Key) => return Err(syntax(name_span, format!("{name:?} stands twice"))),
    }
    Ok(())
}

fn hcl_node(expression: &Expression) -> Result<Node, SyntaxError> {
    let span = expression.span().unwrap_or_default();
    let no_literal = || {
        let mut wrong = syntax(span.clone(), "not a literal value");
        wrong.help =
            Some("write the value itself: references, functions and templates are not evaluated here".to_owned());
        wrong
    };
    let value = match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(value) => Value::Bool(*value.value()),
        Expression::Number(number) => number_value(number.value()).ok_or_else(no_literal)?,
        Expression::String(text) => Value::String(text.value().clone()),
        Expression::Array(items) => Value::Array(items.iter().map(hcl_node).collect::<Result<_, _>>()?),
        Expression::Object(object) => {
            let mut entries = Vec::new();
            for (key, value) in object.iter() {
                let (name, key_span) = match key {
                    ObjectKey::Ident(ident) => (ident.as_str().to_owned(), ident.span().unwrap_or_default()),
                    ObjectKey::Expression(Expression::String(text)) => {
                        (text.value().clone(), text.span().unwrap_or_default())
                    }
                    ObjectKey::Expression(_) => return Err(no_literal()),
                };
                push(&mut entries, Entry { key: name, key_span, node: hcl_node(value.expr())? })?;
            }
            Value::Object(entries)
        }
        Expression::Parenthesis(inner) => hcl_node(inner.inner())?.value,
        Expression::HeredocTemplate(heredoc) => {
            let mut text = String::new();
            for element in heredoc.template.iter() {
                match element {
                    Element::Literal(literal) => text.push_str(literal.as_str()),
                    Element::Interpolation(_) | Element::Directive(_) => return Err(no_literal()),
                }
            }
            Value::String(text)
        }
        Expression::UnaryOp(_)
        | Expression::StringTemplate(_)
        | Expression::Variable(_)
        | Expression::Conditional(_)
        | Expression::FuncCall(_)
        | Expression::Traversal(_)
        | Expression::BinaryOp(_)
        | Expression::ForExpr(_) => return Err(no_literal()),
    };
    Ok(Node { span, value })
}

fn number_value(number: &hcl::Number) -> Option<Value> {
    let parsed: serde_json::Number = match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(n), _, _) => n.into(),
        (None, Some(n), _) => n.into(),
        (None, None, Some(n)) => serde_json::Number::from_f64(n)?,
        (None, None, None) => return None,
    };
    Some(Value::Number(parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USES: &[Labelled] = &[
        Labelled { block: "use", into: "uses", label: Label::Field("endpoint") },
        Labelled { block: "region_approval", into: "region_approvals", label: Label::Key },
    ];

    /// The tree without its places.
    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Number(n) => serde_json::Value::Number(n.clone()),
            Value::String(s) => s.as_str().into(),
            Value::Array(items) => items.iter().map(plain).collect(),
            Value::Object(entries) => entries.iter().map(|e| (e.key.clone(), plain(&e.node))).collect(),
        }
    }

    #[test]
    fn hcl_and_json_give_the_same_tree() {
        let hcl = "a = [1, \"x\", null]\nb { c = true }\nuse \"/v1/x\" { m = \"y\" }\nregion_approval \"AE\" {}\n";
        let json =
            r#"{"a":[1,"x",null],"b":{"c":true},"uses":[{"endpoint":"/v1/x","m":"y"}],"region_approvals":{"AE":{}}}"#;
        assert_eq!(plain(&parse_hcl(hcl, USES).unwrap()), plain(&parse_json(json).unwrap()));
    }

    #[test]
    fn every_value_knows_its_place() {
        let text = "{\n \"a\": {\"b\": [10, \"é\"]}}";
        let node = parse_json(text).unwrap();
        let Value::Object(top) = &node.value else { panic!() };
        assert_eq!(&text[top[0].key_span.clone()], "\"a\"");
        let Value::Object(inner) = &top[0].node.value else { panic!() };
        let Value::Array(items) = &inner[0].node.value else { panic!() };
        assert_eq!(items.iter().map(|i| &text[i.span.clone()]).collect::<Vec<_>>(), ["10", "\"é\""]);
    }

    #[test]
    fn broken_json_has_a_place() {
        for (text, at, says) in [
            ("{\"a\": 1,\n \"a\": 2}", 10, "stands twice"),
            ("{\"a\": }", 6, "expected value"),
            ("{} {}", 3, "trailing characters"),
            ("{\"a\": [\"\\ud800\"]}", 14, "hex escape"),
            ("{\"a\"", 3, "EOF"),
        ] {
            let wrong = parse_json(text).unwrap_err();
            assert!(wrong.message.contains(says), "{text}: {}", wrong.message);
            assert!(wrong.span.start.abs_diff(at) <= 1, "{text}: at {}, not {at}", wrong.span.start);
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(parse_json(&deep).unwrap_err().message.contains("nested deeper"));
        let hcl = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(parse_hcl(&hcl, &[]).is_err());
        let fine = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        assert!(parse_json(&fine).is_ok());
    }

    #[test]
    fn hcl_values_are_literals() {
        for text in [
            "a = b.c\n",
            "a = upper(\"x\")\n",
            "a = \"${b}\"\n",
            "use \"x\" \"y\" {}\n",
            "use {}\n",
            "b \"x\" {}\n",
            "uses = []\n",
        ] {
            assert!(parse_hcl(text, USES).is_err(), "{text}");
        }
    }
}

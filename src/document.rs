//! A JSON or HCL document as a tree in which every key and value knows its byte range.
//!
//! Definitions and settings are read from this tree, so that one reader serves both languages and every complaint has
//! a place. Values are literals only: a reference or a function in HCL is an error. The JSON half rests on
//! `serde_json`'s raw values: a borrowed raw value tells its place by its address in the text.

mod entries;
mod fields;
mod from_hcl;
mod from_json;

use std::ops::Range;

use crate::error::Error;
use crate::location::{FileId, Place, SourceMap};

pub use fields::{Fields, Spanned, is_date};
pub(crate) use from_hcl::{HEREDOC, LINE_BREAK, ends_early};
pub use from_hcl::{Label, Labelled, MAX_HCL_BYTES, parse_hcl, parse_hcl_body};
pub use from_json::{
    MAX_DEPTH, MAX_VALUES, RawEntries, json_error, json_node, offset_of, parse_json, raw_json, span_of,
};

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

impl SyntaxError {
    /// The same as an error about `what` (a path, an address), with its place in a file of `map`.
    pub fn told_of(self, what: impl Into<String>, file: FileId, map: &SourceMap) -> Error {
        let error = Error::new(what, self.message).at(map.location(&Place { file, span: self.span }));
        Error { help: self.help, ..error }
    }
}

fn syntax(span: Range<usize>, message: impl Into<String>) -> SyntaxError {
    SyntaxError { span, message: message.into(), help: None }
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

    #[test]
    fn no_text_takes_in_what_stands_behind_it() {
        let text = "a = <<EOT\nEOT\nregion = \"EU\"\nb = <<EOT\ny\nEOT\n";
        assert_eq!(parse_hcl(text, USES).unwrap_err().message, "a heredoc of this form is not read");
        for text in ["a = \"x\nregion = \"\n", "a = { \"x\ny\" = 1 }\n", "use \"x\ny\" {}\n"] {
            assert!(parse_hcl(text, USES).is_err(), "{text}");
        }
        assert!(parse_hcl("a = <<EOT\nx\nEOT\n", USES).is_ok());
    }

    #[test]
    fn many_blocks_take_no_longer_than_their_number() {
        let plain: String = (0..60_000).map(|i| format!("b{i} {{}}\n")).collect();
        let labelled: String = (0..60_000).map(|i| format!("use \"u{i}\" {{}}\n")).collect();
        let began = std::time::Instant::now();
        let root = parse_hcl(&format!("{plain}{labelled}"), USES).unwrap();
        assert!(matches!(&root.value, Value::Object(entries) if entries.len() == 60_001));
        let twice = parse_hcl(&format!("{plain}b7 {{}}\n"), USES).unwrap_err();
        assert!(twice.message.contains("stands twice"), "{twice:?}");
        assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
    }
}

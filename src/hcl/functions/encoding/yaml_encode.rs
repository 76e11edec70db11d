//! Writing YAML.

use std::fmt::Write;

use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::functions::{Kind, MAX_TEXT, too_large};
use crate::hcl::types::Type;
use crate::hcl::value::{Data, Value};

/// Behind this column a line of a string in quotes is broken at the next space.
const WIDTH: usize = 80;
/// The longest key, in bytes, that stands on one line with its value.
const SIMPLE_KEY: usize = 128;

/// A value: YAML in block style, with all strings in quotes, or literal where they have several lines.
pub(super) fn encode(arguments: &[Value]) -> Evaluated {
    let Some(value) = arguments.first() else { return Failure::err("nothing is given") };
    if let Some(unknown) = value.first_unknown() {
        return Ok(Value::unknown(Type::String, unknown.reason.clone()).encoding(value));
    }
    let mut writer = Writer::default();
    if writer.node(value, 0, &Context { root: true, ..Context::default() }).is_none() {
        return Ok(too_large(Kind::String));
    }
    writer.indent(0);
    if writer.open {
        writer.out.push_str("...\n");
    }
    Ok(match writer.odd {
        true => Value::unknown(Type::String, "a byte order mark in a string is not followed").not_null(),
        false => Value::string(writer.out),
    })
}

/// Where a node stands.
#[derive(Default)]
struct Context {
    root: bool,
    /// It is a key or a value of a mapping.
    mapping: bool,
    /// It is a key that stands on one line with its value.
    simple_key: bool,
}

struct Writer {
    out: String,
    /// How many characters stand on the last line.
    column: usize,
    /// The last character separates.
    separated: bool,
    /// Only indicators that indent stand on the last line.
    indenting: bool,
    /// What was written last has no clear end.
    open: bool,
    /// Something was met that is not followed.
    odd: bool,
}

impl Default for Writer {
    fn default() -> Writer {
        Writer { out: String::new(), column: 0, separated: true, indenting: true, open: false, odd: false }
    }
}

/// Whether a character may stand in a text as it is. Those beyond 16 bits may not.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a string may be written in lines as they are: all printable, no space before the end of a line.
fn is_literal(text: &str) -> bool {
    let mut last = None;
    for c in text.chars() {
        if !is_printable(c) || (is_break(c) && last == Some(' ')) {
            return false;
        }
        last = Some(c);
    }
    last.is_some_and(|c| c != ' ')
}

impl Writer {
    fn push(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// To the column `indent`, on a new line where something stands there already.
    fn indent(&mut self, indent: usize) {
        if !self.indenting || self.column > indent || (self.column == indent && !self.separated) {
            self.line_break();
        }
        while self.column < indent {
            self.push(' ');
        }
        self.separated = true;
        self.indenting = true;
    }

    fn indicator(&mut self, text: &str, apart: bool, indents: bool) {
        if apart && !self.separated {
            self.push(' ');
        }
        for c in text.chars() {
            self.push(c);
        }
        self.separated = false;
        self.indenting = self.indenting && indents;
        self.open = false;
    }

    /// Writes a value; collections begin at the column `indent`. `None` where it gets too large.
    fn node(&mut self, value: &Value, indent: usize, context: &Context) -> Option<()> {
        // What stands in a node is indented by two columns; a sequence in a mapping is not.
        let inner = indent + 2;
        match &value.data {
            Data::Unknown(_) => return None,
            Data::Null(_) => self.plain("null", context),
            Data::Bool(value) => self.plain(if *value { "true" } else { "false" }, context),
            Data::Number(number) => self.plain(&number.to_string(), context),
            Data::String(text) => self.string(text, if context.root { 2 } else { inner }, context),
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                if items.is_empty() {
                    self.indicator("[", true, false);
                    self.indicator("]", false, false);
                }
                let at = if context.root || (context.mapping && !self.indenting) { indent } else { inner };
                for item in items.iter() {
                    self.indent(at);
                    self.indicator("-", true, true);
                    self.node(item, at, &Context::default())?;
                }
            }
            Data::Map(_, entries) | Data::Object(entries) => {
                if entries.is_empty() {
                    self.indicator("{", true, false);
                    self.indicator("}", false, false);
                }
                let at = if context.root { indent } else { inner };
                for (key, value) in entries.iter() {
                    self.indent(at);
                    self.entry(key, value, at)?;
                }
            }
        }
        (self.out.len() <= MAX_TEXT).then_some(())
    }

    fn entry(&mut self, key: &str, value: &Value, at: usize) -> Option<()> {
        let simple_key = key.len() <= SIMPLE_KEY && !key.contains(is_break);
        if !simple_key {
            self.indicator("?", true, true);
        }
        self.string(key, at + 2, &Context { root: false, mapping: true, simple_key });
        if simple_key {
            self.indicator(":", false, false);
        } else {
            self.indent(at);
            self.indicator(":", true, true);
        }
        self.node(value, at, &Context { root: false, mapping: true, simple_key: false })
    }

    fn plain(&mut self, text: &str, context: &Context) {
        if !self.separated {
            self.push(' ');
        }
        for c in text.chars() {
            self.push(c);
        }
        self.separated = false;
        self.indenting = false;
        self.open = self.open || context.root;
    }

    fn string(&mut self, text: &str, indent: usize, context: &Context) {
        self.odd |= text.contains('\u{feff}');
        if text.contains('\n') && !context.simple_key && is_literal(text) {
            self.literal(text, indent);
        } else {
            self.quoted(text, indent, !context.simple_key);
        }
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.indicator("|", true, false);
        if text.starts_with([' ', '\r', '\n', '\u{85}', '\u{2028}', '\u{2029}']) {
            self.indicator("2", false, false);
        }
        let mut from_end = text.chars().rev();
        match (from_end.next().is_some_and(is_break), from_end.next().is_none_or(is_break)) {
            (false, _) => self.indicator("-", false, false),
            (true, false) => {}
            (true, true) => self.indicator("+", false, false),
        }
        self.line_break();
        self.indenting = true;
        self.separated = true;
        let mut after_break = true;
        for c in text.chars() {
            if is_break(c) {
                self.out.push(c);
                self.column = 0;
                self.indenting = true;
                after_break = true;
            } else {
                if after_break {
                    self.indent(indent);
                }
                self.push(c);
                self.indenting = false;
                after_break = false;
            }
        }
    }

    fn quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.indicator("\"", true, false);
        let mut after_space = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                after_space = false;
            } else if c == ' ' {
                let next = chars.peek().map(|(_, next)| *next);
                if may_break && !after_space && self.column > WIDTH && at > 0 && next.is_some() {
                    self.indent(indent);
                    if next == Some(' ') {
                        self.push('\\');
                    }
                } else {
                    self.push(c);
                }
                after_space = true;
            } else {
                self.push(c);
                after_space = false;
            }
        }
        self.indicator("\"", false, false);
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let before = self.out.len();
                // Writing to a string can't fail.
                let _ = match code {
                    0..=0xff => write!(self.out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(self.out, "\\u{code:04X}"),
                    _ => write!(self.out, "\\U{code:08X}"),
                };
                self.column += self.out.len() - before;
                return;
            }
        };
        self.push('\\');
        self.push(short);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hcl::functions::encoding::json;

    #[test]
    fn documents() {
        let words: Vec<String> = (0..30).map(|index| format!("word{index}")).collect();
        let words = format!(r#"{{"a":"{}"}}"#, words.join(" "));
        // As `terraform console` prints them.
        let cases = [
            (
                r#"{"a":"x","b":[1,"2",{"c":null,"d":[]}],"e f":{}}"#,
                "\"a\": \"x\"\n\"b\":\n- 1\n- \"2\"\n- \"c\": null\n  \"d\": []\n\"e f\": {}\n",
            ),
            ("[[1,2],{\"a\":1,\"b\":[3]}]", "- - 1\n  - 2\n- \"a\": 1\n  \"b\":\n  - 3\n"),
            ("\"x\"", "\"x\"\n"),
            ("null", "null\n...\n"),
            ("true", "true\n...\n"),
            ("1.5", "1.5\n...\n"),
            ("[]", "[]\n"),
            ("\"a\\n\\n\"", "|+\n  a\n\n"),
            (
                r#"{"a":"l1\nl2\n","b":"l1\nl2","c":"l1\n\n","d":" l1\nl2","e":"a \nb"}"#,
                "\"a\": |\n  l1\n  l2\n\"b\": |-\n  l1\n  l2\n\"c\": |+\n  l1\n\n\"d\": |2-\n   l1\n  l2\n\"e\": \"a \\nb\"\n",
            ),
            (r#"{"a\nb":1}"#, "? |-\n  a\n  b\n: 1\n"),
            (r#"{"😀\t\u0001":"é"}"#, "\"\\U0001F600\\t\\x01\": \"é\"\n"),
            (
                &words,
                "\"a\": \"word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 word12\n  word13 word14 word15 word16 word17 word18 word19 word20 word21 word22 word23 word24\n  word25 word26 word27 word28 word29\"\n",
            ),
        ];
        for (value, expected) in cases {
            let value = json::decode(&[Value::string(value)]).unwrap();
            let encoded = encode(&[value]).unwrap();
            assert_eq!(encoded.as_str(), Some(expected));
        }
    }
}

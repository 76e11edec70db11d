//! HCL texts in the shape of the JSON form; values are literals.

use std::collections::BTreeMap;
use std::ops::Range;

use hcl::edit::Span;
use hcl::edit::expr::{Expression, ObjectKey};
use hcl::edit::structure::{Block, Body, Structure};
use hcl::edit::template::Element;

use super::entries::Entries;
use super::{Entry, Node, SyntaxError, Value, syntax};
use crate::error::nearest;

/// The longest HCL text that is parsed, in bytes: the parser needs about 27 times a text's size in memory.
pub const MAX_HCL_BYTES: usize = 16 << 20;

/// The most `=` and `:` in an HCL text that is parsed. Each key of an object has one behind it, and the time that the parser
/// takes for an object grows with the square of its keys: some seconds for as many as these.
const MAX_HCL_KEYS: usize = 50_000;

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
/// Broken HCL, a text larger than [`MAX_HCL_BYTES`] or with more keys than are read, a value that is no literal, a block with too few or too many
/// labels, a key or block that stands twice.
pub fn parse_hcl(text: &str, labelled: &[Labelled]) -> Result<Node, SyntaxError> {
    let body = parse_hcl_body(text)?;
    Ok(Node { span: 0..text.len(), value: Value::Object(Reader { text, labelled }.body(&body)?) })
}

/// Parses an HCL text into the syntax tree of `hcl-edit`.
///
/// # Errors
/// Broken HCL, or a text larger than [`MAX_HCL_BYTES`] or with more keys than are read.
pub fn parse_hcl_body(text: &str) -> Result<Body, SyntaxError> {
    if text.len() > MAX_HCL_BYTES {
        return Err(syntax(0..0, format!("larger than {} MiB, the most that is read as HCL", MAX_HCL_BYTES >> 20)));
    }
    if let Some(at) = memchr::memchr2_iter(b'=', b':', text.as_bytes()).nth(MAX_HCL_KEYS) {
        let mut wrong =
            syntax(at..at + 1, format!("more than {MAX_HCL_KEYS} \"=\" and \":\", the most that is read as HCL"));
        wrong.help = Some("write it as JSON, or as several files".to_owned());
        return Err(wrong);
    }
    hcl::edit::parser::parse_body(text).map_err(|e| {
        let place = e.location();
        let offset = place.offset().min(text.len());
        syntax(offset..offset + 1, format!("broken HCL: {}", e.message().replace('\n', "; ")))
    })
}

/// Whether the parser takes a heredoc for longer than it is: its end word stands on an earlier line.
pub(crate) fn ends_early(heredoc: &str, end_word: &str) -> bool {
    let mut lines = heredoc.lines().skip(1).peekable();
    while let Some(line) = lines.next() {
        if line.trim() == end_word && lines.peek().is_some() {
            return true;
        }
    }
    false
}

/// What is wrong with a heredoc that ends early.
pub(crate) const HEREDOC: [&str; 2] =
    ["a heredoc of this form is not read", "end it with a line that holds its end word only"];

/// What is wrong with a text in quotes that does not end on its line.
pub(crate) const LINE_BREAK: [&str; 2] =
    ["a line break inside quotes", "close the quotes on the line, write \\n, or use a heredoc"];

fn refused([message, help]: [&str; 2], span: Range<usize>) -> SyntaxError {
    SyntaxError { span, message: message.to_owned(), help: Some(help.to_owned()) }
}

/// What is wrong with something under a name that blocks with a label stand for.
fn must_have_label(name: &str, labelled: &Labelled, span: Range<usize>) -> SyntaxError {
    let mut wrong = syntax(span, format!("{name:?} must be written as a block with a label"));
    wrong.help = Some(format!("write {} \"…\" {{ … }}", labelled.block));
    wrong
}

struct Reader<'t> {
    text: &'t str,
    labelled: &'t [Labelled],
}

impl Reader<'_> {
    fn body(&self, body: &Body) -> Result<Vec<Entry>, SyntaxError> {
        let mut entries = Entries::default();
        // What blocks with a label become entries of, by the key of that object.
        let mut labels: BTreeMap<&'static str, Entries> = BTreeMap::new();
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) => {
                    let key = attribute.key.as_str().to_owned();
                    let key_span = attribute.key.span().unwrap_or_default();
                    if let Some(l) = self.labelled.iter().find(|l| l.block == key || l.into == key) {
                        return Err(must_have_label(&key, l, key_span));
                    }
                    once(&mut entries, Entry { key, key_span, node: self.value(&attribute.value)? })?;
                }
                Structure::Block(block) => self.block(block, &mut entries, &mut labels)?,
            }
        }
        for (key, held) in labels {
            if let Some(entry) = entries.get_mut(key) {
                entry.node.value = Value::Object(held.into_list());
            }
        }
        Ok(entries.into_list())
    }

    fn block(
        &self,
        block: &Block,
        entries: &mut Entries,
        labels: &mut BTreeMap<&'static str, Entries>,
    ) -> Result<(), SyntaxError> {
        let name = block.ident.as_str();
        let name_span = block.ident.span().unwrap_or_default();
        let span = block.span().unwrap_or_default();
        let mut body = self.body(&block.body)?;
        let Some(rule) = self.labelled.iter().find(|l| l.block == name) else {
            if !block.labels.is_empty() {
                return Err(self.needs_no_label(name, name_span));
            }
            if let Some(l) = self.labelled.iter().find(|l| l.into == name) {
                return Err(must_have_label(name, l, name_span));
            }
            let node = Node { span, value: Value::Object(body) };
            return once(entries, Entry { key: name.to_owned(), key_span: name_span, node });
        };
        let [label] = block.labels.as_slice() else {
            let found = block.labels.len();
            let mut wrong = syntax(name_span, format!("a block {name:?} needs one label, but has {found}"));
            wrong.help = Some(format!("write {name} \"…\" {{ … }}"));
            return Err(wrong);
        };
        let label_span = label.span().unwrap_or(name_span.clone());
        self.on_one_line(&label_span)?;
        let text = label.as_str().to_owned();
        if entries.get_mut(rule.into).is_none() {
            let value = match rule.label {
                Label::Field(_) => Value::Array(Vec::new()),
                Label::Key => Value::Object(Vec::new()),
            };
            let node = Node { span: span.clone(), value };
            entries.push(Entry { key: rule.into.to_owned(), key_span: name_span.clone(), node });
        }
        match (entries.get_mut(rule.into).map(|entry| &mut entry.node.value), rule.label) {
            (Some(Value::Array(items)), Label::Field(field)) => {
                if let Some(twice) = body.iter().find(|e| e.key == field) {
                    let why = format!("{field:?} is the label of the block, not a key");
                    return Err(syntax(twice.key_span.clone(), why));
                }
                let node = Node { span: label_span.clone(), value: Value::String(text) };
                body.insert(0, Entry { key: field.to_owned(), key_span: label_span, node });
                items.push(Node { span, value: Value::Object(body) });
                Ok(())
            }
            (Some(Value::Object(_)), Label::Key) => {
                let node = Node { span, value: Value::Object(body) };
                once(labels.entry(rule.into).or_default(), Entry { key: text, key_span: label_span, node })
            }
            (_, Label::Field(_) | Label::Key) => {
                let mut twice = syntax(name_span, format!("{name:?} stands twice"));
                twice.help = Some("keep one of them".to_owned());
                Err(twice)
            }
        }
    }

    fn needs_no_label(&self, name: &str, span: Range<usize>) -> SyntaxError {
        let known: Vec<&str> = self.labelled.iter().map(|l| l.block).collect();
        let mut wrong = syntax(span, format!("unknown key {name:?}: no block of this name has a label"));
        wrong.help = Some(match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("blocks with a label are {}", known.join(", ")),
        });
        wrong
    }

    /// A text in quotes ends on the line that it begins on.
    fn on_one_line(&self, span: &Range<usize>) -> Result<(), SyntaxError> {
        match self.text.get(span.clone()).is_some_and(|text| text.contains('\n')) {
            true => Err(refused(LINE_BREAK, span.clone())),
            false => Ok(()),
        }
    }

    fn value(&self, expression: &Expression) -> Result<Node, SyntaxError> {
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
            Expression::String(text) => {
                self.on_one_line(&span)?;
                Value::String(text.value().clone())
            }
            Expression::Array(items) => {
                Value::Array(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Expression::Object(object) => {
                let mut entries = Entries::default();
                for (key, value) in object.iter() {
                    let (key, key_span) = match key {
                        ObjectKey::Ident(ident) => (ident.as_str().to_owned(), ident.span().unwrap_or_default()),
                        ObjectKey::Expression(Expression::String(text)) => {
                            let key_span = text.span().unwrap_or_default();
                            self.on_one_line(&key_span)?;
                            (text.value().clone(), key_span)
                        }
                        ObjectKey::Expression(_) => return Err(no_literal()),
                    };
                    once(&mut entries, Entry { key, key_span, node: self.value(value.expr())? })?;
                }
                Value::Object(entries.into_list())
            }
            Expression::Parenthesis(inner) => self.value(inner.inner())?.value,
            Expression::HeredocTemplate(heredoc) => {
                if ends_early(self.text.get(span.clone()).unwrap_or_default(), heredoc.delimiter.as_str()) {
                    return Err(refused(HEREDOC, span));
                }
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
}

/// Adds an entry whose key must not be there yet.
fn once(entries: &mut Entries, entry: Entry) -> Result<(), SyntaxError> {
    if entries.get_mut(&entry.key).is_some() {
        let mut twice = syntax(entry.key_span, format!("{:?} stands twice", entry.key));
        twice.help = Some("keep one of them".to_owned());
        return Err(twice);
    }
    entries.push(entry);
    Ok(())
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

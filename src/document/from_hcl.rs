//! HCL texts in the shape of the JSON form; values are literals.

use hcl::edit::Span;
use hcl::edit::expr::{Expression, ObjectKey};
use hcl::edit::structure::{Block, Body, Structure};
use hcl::edit::template::Element;

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
    Ok(Node { span: 0..text.len(), value: Value::Object(hcl_entries(&body, labelled)?) })
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
        if !block.labels.is_empty() {
            let known: Vec<&str> = labelled.iter().map(|l| l.block).collect();
            let mut wrong = syntax(name_span, format!("unknown key {name:?}: no block of this name has a label"));
            wrong.help = Some(match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("blocks with a label are {}", known.join(", ")),
            });
            return Err(wrong);
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

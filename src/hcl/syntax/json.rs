//! The JSON form of the language: the same blocks as nested objects, expressions as strings.

use std::ops::Range;
use std::sync::Arc;

use super::{Attribute, Block, Body, Expression, Key, Kind, Span};
use crate::document::{Entry, Node, Value as Json};
use crate::hcl::number::{Number, Parsed};
use crate::hcl::value::Value;

/// A JSON text in the form of the language.
pub(in crate::hcl) struct JsonBody<'t> {
    text: &'t str,
    /// What is not as the form wants it.
    pub(in crate::hcl) wrong: Vec<(String, Range<usize>)>,
}

/// Top-level blocks, with how many labels they have.
const BLOCKS: [(&str, usize); 14] = [
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("variable", 1),
    ("output", 1),
    ("module", 1),
    ("provider", 1),
    ("check", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
    ("import", 0),
    ("removed", 0),
    ("action", 2),
];

/// Blocks inside others.
const INNER: [&str; 10] = [
    "_",
    "validation",
    "lifecycle",
    "precondition",
    "postcondition",
    "required_providers",
    "backend",
    "cloud",
    "connection",
    "provisioner",
];

impl<'t> JsonBody<'t> {
    pub(in crate::hcl) fn new(text: &'t str) -> JsonBody<'t> {
        JsonBody { text, wrong: Vec::new() }
    }

    /// The body of a file.
    pub(in crate::hcl) fn read(&mut self, root: &Node) -> Body {
        let mut body = Body::default();
        for (key, node) in self.objects(root) {
            if key.key == "//" {
                continue;
            }
            match BLOCKS.iter().find(|(name, _)| *name == key.key) {
                Some((kind, labels)) => {
                    let header = key.key_span.clone();
                    self.blocks(kind, *labels, node, Vec::new(), &header, &mut body.blocks);
                }
                None => body.attributes.push(self.attribute(key)),
            }
        }
        body
    }

    /// The entries of an object, or of all objects of a list.
    fn objects<'n>(&mut self, node: &'n Node) -> Vec<(&'n Entry, &'n Node)> {
        match &node.value {
            Json::Object(entries) => entries.iter().map(|entry| (entry, &entry.node)).collect(),
            Json::Array(items) => items.iter().flat_map(|item| self.objects(item)).collect(),
            Json::Null => Vec::new(),
            Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                self.wrong.push(("an object was expected here".to_owned(), node.span.clone()));
                Vec::new()
            }
        }
    }

    fn blocks(
        &mut self,
        kind: &str,
        labels: usize,
        node: &Node,
        before: Vec<Arc<str>>,
        header: &Range<usize>,
        blocks: &mut Vec<Block>,
    ) {
        if labels > 0 {
            for (entry, inner) in self.objects(node) {
                if entry.key == "//" {
                    continue;
                }
                let mut labelled = before.clone();
                labelled.push(entry.key.as_str().into());
                let header = entry.key_span.clone();
                self.blocks(kind, labels - 1, inner, labelled, &header, blocks);
            }
            return;
        }
        let bodies: Vec<&Node> = match &node.value {
            Json::Array(items) => items.iter().collect(),
            Json::Null => return,
            _ => vec![node],
        };
        for inner in bodies {
            let body = self.body(kind, inner);
            blocks.push(Block { kind: kind.into(), labels: before.clone(), body, header: header.clone().into() });
        }
    }

    fn body(&mut self, kind: &str, node: &Node) -> Body {
        let mut body = Body::default();
        for (entry, inner) in self.objects(node) {
            let name = entry.key.as_str();
            if name == "//" && kind != "locals" {
                continue;
            }
            let is_block = INNER.contains(&name) && !matches!(kind, "locals" | "required_providers");
            if is_block {
                let labels = usize::from(matches!(name, "backend" | "provisioner"));
                self.blocks(name, labels, inner, Vec::new(), &entry.key_span, &mut body.blocks);
            } else if name == "dynamic" && matches!(kind, "resource" | "data" | "ephemeral" | "_") {
                for (block, _) in self.objects(inner) {
                    let reason = Kind::NotFollowed("a dynamic block in JSON is not followed");
                    let expression = Expression::new(reason, block.node.span.clone());
                    let name_span = block.key_span.clone().into();
                    body.attributes.push(Attribute { name: block.key.as_str().into(), name_span, expression });
                }
            } else if kind == "variable" && name == "type" {
                let expression = match &inner.value {
                    Json::String(text) => super::expression(text).map(|e| at(e, inner.span.clone().into())).ok(),
                    _ => None,
                };
                let expression = expression.unwrap_or_else(|| self.expression(inner));
                body.attributes.push(Attribute { expression, ..self.attribute(entry) });
            } else if kind == "variable" && name == "default" {
                // A default is taken as it is written: nothing is put into its texts.
                let expression = self.literal(inner);
                body.attributes.push(Attribute { expression, ..self.attribute(entry) });
            } else {
                body.attributes.push(self.attribute(entry));
            }
        }
        body
    }

    fn attribute(&self, entry: &Entry) -> Attribute {
        Attribute {
            name: entry.key.as_str().into(),
            name_span: entry.key_span.clone().into(),
            expression: self.expression(&entry.node),
        }
    }

    /// A JSON value as an expression: strings are templates.
    pub(in crate::hcl) fn expression(&self, node: &Node) -> Expression {
        self.value(node, true)
    }

    /// A JSON value as it is written.
    pub(in crate::hcl) fn literal(&self, node: &Node) -> Expression {
        self.value(node, false)
    }

    fn string(&self, text: &str, span: Span, template: bool) -> Expression {
        if !template || !text.contains(['$', '%']) {
            return Expression { kind: Kind::Literal(Value::string(text)), span };
        }
        match super::template(text) {
            Ok(expression) => at(expression, span),
            Err(_) => Expression { kind: Kind::NotFollowed("a template that can't be read"), span },
        }
    }

    fn value(&self, node: &Node, template: bool) -> Expression {
        let span = node.span.clone();
        let kind = match &node.value {
            Json::Null => Kind::Literal(Value::null()),
            Json::Bool(value) => Kind::Literal((*value).into()),
            Json::Number(_) => match Number::parse(self.text.get(span.clone()).unwrap_or_default()) {
                Parsed::Number(number) => Kind::Literal(number.into()),
                Parsed::NoNumber | Parsed::NotFollowed => Kind::NotFollowed("a number of that size is not followed"),
            },
            Json::String(text) => return self.string(text, span.into(), template),
            Json::Array(items) => Kind::Tuple(items.iter().map(|item| self.value(item, template)).collect()),
            Json::Object(entries) => {
                let item = |entry: &Entry| {
                    let key = self.string(&entry.key, entry.key_span.clone().into(), template);
                    (Key::Computed(key), self.value(&entry.node, template))
                };
                Kind::Object(entries.iter().map(item).collect())
            }
        };
        Expression::new(kind, span)
    }
}

/// The expression with one span for all its parts: that of the string that holds it.
fn at(mut expression: Expression, span: Span) -> Expression {
    expression.span = span;
    let all = |parts: Vec<Expression>| parts.into_iter().map(|part| at(part, span)).collect::<Vec<_>>();
    expression.kind = match expression.kind {
        kind @ (Kind::Literal(_) | Kind::Name(_) | Kind::Item | Kind::NotFollowed(_)) => kind,
        Kind::Template(parts) => Kind::Template(all(parts)),
        Kind::Tuple(parts) => Kind::Tuple(all(parts)),
        Kind::Join(inner) => Kind::Join(Box::new(at(*inner, span))),
        Kind::Group(inner) => Kind::Group(Box::new(at(*inner, span))),
        Kind::Unary(operator, inner) => Kind::Unary(operator, Box::new(at(*inner, span))),
        Kind::Object(items) => {
            let item = |(key, value): (Key, Expression)| {
                let key = match key {
                    Key::Computed(key) => Key::Computed(at(key, span)),
                    Key::Word(_) | Key::Ambiguous(_) => key,
                };
                (key, at(value, span))
            };
            Kind::Object(items.into_iter().map(item).collect())
        }
        Kind::Traversal(source, steps) => {
            let step = |step: super::Step| match step {
                super::Step::Attribute(name) => super::Step::Attribute(name),
                super::Step::Index(index) => super::Step::Index(at(index, span)),
            };
            Kind::Traversal(Box::new(at(*source, span)), steps.into_iter().map(step).collect())
        }
        Kind::Splat(source, each) => Kind::Splat(Box::new(at(*source, span)), Box::new(at(*each, span))),
        Kind::Call(mut call) => {
            call.arguments = all(std::mem::take(&mut call.arguments));
            Kind::Call(call)
        }
        Kind::Conditional(parts) => Kind::Conditional(Box::new(parts.map(|part| at(part, span)))),
        Kind::Binary(operator, operands) => Kind::Binary(operator, Box::new(operands.map(|part| at(part, span)))),
        Kind::For(mut each) => {
            let nothing = || Expression { kind: Kind::Item, span };
            each.collection = at(std::mem::replace(&mut each.collection, nothing()), span);
            each.value = at(std::mem::replace(&mut each.value, nothing()), span);
            each.key = each.key.take().map(|key| at(key, span));
            each.condition = each.condition.take().map(|condition| at(condition, span));
            Kind::For(each)
        }
    };
    expression
}

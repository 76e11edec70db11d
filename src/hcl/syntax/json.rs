//! The JSON form of the language: the same blocks as nested objects, expressions as strings.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Attribute, Block, Body, Expression, For, Key, Kind, Span};
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

/// The blocks of the language inside a block of a kind, with how many labels they have. All else in it are arguments, or
/// blocks that the schema of a provider has.
fn inner_blocks(kind: &str) -> &'static [(&'static str, usize)] {
    match kind {
        "resource" => &[("_", 0), ("lifecycle", 0), ("connection", 0), ("provisioner", 1)],
        "data" | "ephemeral" => &[("_", 0), ("lifecycle", 0)],
        "lifecycle" => &[("precondition", 0), ("postcondition", 0)],
        "check" => &[("data", 2), ("assert", 0)],
        "module" => &[("_", 0), ("lifecycle", 0)],
        "variable" => &[("validation", 0)],
        "output" => &[("precondition", 0)],
        "terraform" => &[("required_providers", 0), ("backend", 1), ("cloud", 0)],
        _ => &[],
    }
}

/// How the values of an object are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As they are written.
    Literal,
    /// As expressions: strings are templates.
    Expression,
    /// As expressions, or as the blocks of a provider.
    Block,
}

/// The entries of an object that stand for themselves, and for each type of block that `dynamic` blocks in it make, what is
/// said of it. Where it is not sure that it is a block, only what reads like a `dynamic` block is one.
fn apart(entries: Vec<&Entry>, is_block: bool) -> (Vec<&Entry>, BTreeMap<&str, Vec<&Entry>>) {
    let mut made: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for dynamic in entries.iter().filter(|entry| entry.key == "dynamic") {
        let inner = inner_entries(&dynamic.node);
        if is_block || (!inner.is_empty() && inner.iter().all(|block| makes_blocks(&block.node))) {
            inner.into_iter().for_each(|block| made.entry(&block.key).or_default().push(block));
        }
    }
    if made.is_empty() {
        return (entries, made);
    }
    let mut plain = Vec::new();
    for entry in entries {
        match made.get_mut(entry.key.as_str()) {
            Some(beside) => beside.push(entry),
            None if is_block && entry.key == "dynamic" => {}
            None => plain.push(entry),
        }
    }
    (plain, made)
}

/// The entries of an object, or of all objects of a list.
fn inner_entries(node: &Node) -> Vec<&Entry> {
    match &node.value {
        Json::Object(entries) => entries.iter().collect(),
        Json::Array(items) => items.iter().flat_map(inner_entries).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
    }
}

/// Whether all that is said of a type of block is what a `dynamic` block says.
fn makes_blocks(node: &Node) -> bool {
    match &node.value {
        Json::Object(entries) => entries.iter().any(|entry| entry.key == "content"),
        Json::Array(items) => !items.is_empty() && items.iter().all(makes_blocks),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

impl<'t> JsonBody<'t> {
    pub(in crate::hcl) fn new(text: &'t str) -> JsonBody<'t> {
        JsonBody { text, wrong: Vec::new() }
    }

    /// The body of a file.
    pub(in crate::hcl) fn read(&mut self, root: &Node) -> Body {
        let mut body = Body::default();
        for entry in self.objects(root) {
            match BLOCKS.iter().find(|(name, _)| *name == entry.key) {
                Some((kind, labels)) => {
                    self.blocks(kind, *labels, &entry.node, Vec::new(), &entry.key_span, &mut body.blocks);
                }
                None => body.attributes.push(self.attribute(entry, Form::Expression)),
            }
        }
        body
    }

    /// The entries of an object, or of all objects of a list, without comments.
    fn objects<'n>(&mut self, node: &'n Node) -> Vec<&'n Entry> {
        match &node.value {
            Json::Object(entries) => entries.iter().filter(|entry| entry.key != "//").collect(),
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
            for entry in self.objects(node) {
                let mut labelled = before.clone();
                labelled.push(entry.key.as_str().into());
                self.blocks(kind, labels - 1, &entry.node, labelled, &entry.key_span, blocks);
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
        let own_blocks = inner_blocks(kind);
        let has_schema = matches!(kind, "resource" | "data" | "ephemeral" | "provider" | "_");
        let form = if has_schema { Form::Block } else { Form::Expression };
        let entries = self.objects(node);
        let (entries, made) = if has_schema { apart(entries, true) } else { (entries, BTreeMap::new()) };
        for entry in entries {
            let name = entry.key.as_str();
            match own_blocks.iter().find(|(own, _)| *own == name) {
                Some((own, labels)) => {
                    self.blocks(own, *labels, &entry.node, Vec::new(), &entry.key_span, &mut body.blocks);
                }
                None if kind == "variable" && name == "type" => body.attributes.push(self.type_of_variable(entry)),
                // A default is taken as it is written: nothing is put into its texts.
                None if kind == "variable" && name == "default" => {
                    body.attributes.push(self.attribute(entry, Form::Literal));
                }
                None => body.attributes.push(self.attribute(entry, form)),
            }
        }
        for (name, said) in made {
            let Some(first) = said.first() else { continue };
            let expression = self.dynamic(name, &said, first.node.span.clone().into());
            body.attributes.push(Attribute { name: name.into(), name_span: first.key_span.clone().into(), expression });
        }
        body
    }

    fn type_of_variable(&self, entry: &Entry) -> Attribute {
        let written = match &entry.node.value {
            Json::String(text) => super::quoted(text, entry.node.span.clone().into()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
        };
        let attribute = self.attribute(entry, Form::Expression);
        match written {
            Some(expression) => Attribute { expression, ..attribute },
            None => attribute,
        }
    }

    /// The blocks of a type, of which `dynamic` blocks make some.
    fn dynamic(&self, name: &str, said: &[&Entry], span: Span) -> Expression {
        let parts = said.iter().map(|entry| self.repeated(name, &entry.node)).collect();
        let inner = Box::new(Expression { kind: Kind::Tuple(parts), span });
        Expression { kind: Kind::Opaque("a dynamic block in JSON is not followed", inner), span }
    }

    /// What a `dynamic` block says, or a block that stands beside it.
    fn repeated(&self, name: &str, node: &Node) -> Expression {
        let span: Span = node.span.clone().into();
        let entries: &[Entry] = match &node.value {
            Json::Array(items) => {
                let parts = items.iter().map(|item| self.repeated(name, item)).collect();
                return Expression { kind: Kind::Tuple(parts), span };
            }
            Json::Object(entries) => entries,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => &[],
        };
        let of = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node);
        let Some(content) = of("content") else { return self.value(node, Form::Block) };
        let iterator = match of("iterator").map(|iterator| &iterator.value) {
            Some(Json::String(iterator)) => iterator.as_str(),
            _ => name,
        };
        let nothing = || Expression { kind: Kind::Literal(Value::null()), span };
        let each = For {
            key_variable: None,
            value_variable: iterator.into(),
            collection: of("for_each").map_or_else(nothing, |collection| self.expression(collection)),
            key: None,
            value: self.value(content, Form::Block),
            condition: None,
            group: false,
        };
        Expression { kind: Kind::For(Box::new(each)), span }
    }

    fn attribute(&self, entry: &Entry, form: Form) -> Attribute {
        Attribute {
            name: entry.key.as_str().into(),
            name_span: entry.key_span.clone().into(),
            expression: self.value(&entry.node, form),
        }
    }

    /// A JSON value as an expression: strings are templates.
    pub(in crate::hcl) fn expression(&self, node: &Node) -> Expression {
        self.value(node, Form::Expression)
    }

    /// A JSON value as it is written.
    pub(in crate::hcl) fn literal(&self, node: &Node) -> Expression {
        self.value(node, Form::Literal)
    }

    fn string(&self, text: &str, span: Span, form: Form) -> Expression {
        if form == Form::Literal || !text.contains(['$', '%']) {
            return Expression { kind: Kind::Literal(Value::string(text)), span };
        }
        match super::template(text) {
            Ok(expression) => at(expression, span),
            Err(_) => Expression { kind: Kind::NotFollowed("a template that can't be read"), span },
        }
    }

    fn value(&self, node: &Node, form: Form) -> Expression {
        let span = node.span.clone();
        let kind = match &node.value {
            Json::Null => Kind::Literal(Value::null()),
            Json::Bool(value) => Kind::Literal((*value).into()),
            Json::Number(_) => match Number::parse(self.text.get(span.clone()).unwrap_or_default()) {
                Parsed::Number(number) => Kind::Literal(number.into()),
                Parsed::NoNumber | Parsed::NotFollowed => Kind::NotFollowed("a number of that size is not followed"),
            },
            Json::String(text) => return self.string(text, span.into(), form),
            Json::Array(items) => Kind::Tuple(items.iter().map(|item| self.value(item, form)).collect()),
            Json::Object(entries) => {
                let item = |entry: &Entry| {
                    let key = self.string(&entry.key, entry.key_span.clone().into(), form);
                    (Key::Computed(key), self.value(&entry.node, form))
                };
                let (plain, made) = match form {
                    Form::Literal | Form::Expression => (entries.iter().collect(), BTreeMap::new()),
                    Form::Block => apart(entries.iter().collect(), false),
                };
                let mut items: Vec<(Key, Expression)> = plain.into_iter().map(item).collect();
                for (name, said) in made {
                    items.push((Key::Word(name.into()), self.dynamic(name, &said, span.clone().into())));
                }
                Kind::Object(items)
            }
        };
        Expression::new(kind, span)
    }
}

/// The expression with one span for all its parts: that of the string that holds it.
pub(super) fn at(mut expression: Expression, span: Span) -> Expression {
    expression.span = span;
    let all = |parts: Vec<Expression>| parts.into_iter().map(|part| at(part, span)).collect::<Vec<_>>();
    expression.kind = match expression.kind {
        kind @ (Kind::Literal(_) | Kind::Name(_) | Kind::Item | Kind::NotFollowed(_)) => kind,
        Kind::Template(parts) => Kind::Template(all(parts)),
        Kind::Tuple(parts) => Kind::Tuple(all(parts)),
        Kind::Join(inner) => Kind::Join(Box::new(at(*inner, span))),
        Kind::Group(inner) => Kind::Group(Box::new(at(*inner, span))),
        Kind::Opaque(why, inner) => Kind::Opaque(why, Box::new(at(*inner, span))),
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

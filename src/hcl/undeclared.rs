//! References to what is not declared: Terraform refuses them before it evaluates anything.

use std::cell::RefCell;

use super::declarations::{Declarations, Located, dotted};
use super::syntax::{Body, Expression, Key, Kind, Span, Step};
use crate::location::{FileId, Place};

/// A reference to what a module does not declare.
pub(super) struct Undeclared {
    what: String,
    span: Span,
    /// Whether it is a word alone, which no declaration could make a name.
    is_word: bool,
}

impl Undeclared {
    /// What is wrong, in words.
    pub(super) fn message(&self) -> String {
        match self.is_word {
            true => format!("{:?} is no name that is known here", self.what),
            false => format!("{} is not declared", self.what),
        }
    }
}

/// What the files of a module refer to that it does not declare: the first such thing in each expression, with what holds
/// the expression and the place.
pub(super) fn everywhere(declared: &Declarations) -> Vec<(String, Undeclared, Place)> {
    let found = RefCell::new(Vec::new());
    let look = |holder: &dyn Fn() -> String, expression: &Expression, bound: &[&str], file: FileId| {
        if let Some(undeclared) = first(expression, bound, declared) {
            let place = Place { file, span: undeclared.span.range() };
            found.borrow_mut().push((holder(), undeclared, place));
        }
    };
    for (name, located) in &declared.locals {
        look(&|| format!("local.{name}"), &located.expression, &[], located.file);
    }
    let all = |holder: &dyn Fn() -> String, parts: &mut dyn Iterator<Item = &Located>| {
        parts.for_each(|located| look(holder, &located.expression, &[], located.file));
    };
    for (name, variable) in &declared.variables {
        all(&|| format!("var.{name}"), &mut variable.conditions.iter());
    }
    for (name, output) in &declared.outputs {
        all(&|| format!("output.{name}"), &mut output.value.iter().chain(&output.conditions));
    }
    for (name, call) in &declared.calls {
        let number = call.count.iter().chain(&call.for_each);
        all(&|| format!("module.{name}"), &mut number.chain(call.arguments.values()));
    }
    for ((mode, kind, name), resource) in &declared.resources {
        let prefix = if *mode == "managed" { String::new() } else { format!("{mode}.") };
        let holder = || format!("{prefix}{kind}.{name}");
        let number = resource.count.iter().chain(&resource.for_each);
        all(&holder, &mut number.chain(&resource.conditions));
        let file_of = |name: &str| resource.overridden.get(name).copied().unwrap_or(resource.place.file);
        in_body(&resource.body, &[], None, &file_of, &mut |expression, bound, file| {
            look(&holder, expression, bound, file);
        });
    }
    found.into_inner()
}

/// Shows each expression of a resource's body, with the names that `dynamic` blocks around it make. `file` is that of the
/// block around, `None` at the top, where each part may stand in a file of its own.
fn in_body(
    body: &Body,
    bound: &[&str],
    file: Option<FileId>,
    file_of: &dyn Fn(&str) -> FileId,
    see: &mut dyn FnMut(&Expression, &[&str], FileId),
) {
    for attribute in &body.attributes {
        see(&attribute.expression, bound, file.unwrap_or_else(|| file_of(&attribute.name)));
    }
    for block in &body.blocks {
        let kind = match (&*block.kind, block.labels.first()) {
            ("dynamic", Some(label)) => label,
            _ => &block.kind,
        };
        let file_of_block = file.unwrap_or_else(|| file_of(kind));
        let file = Some(file_of_block);
        if &*block.kind != "dynamic" {
            in_body(&block.body, bound, file, file_of, see);
            continue;
        }
        let named = block.body.attribute("iterator").and_then(|attribute| dotted(&attribute.expression));
        let mut inner = bound.to_vec();
        inner.push(named.as_deref().unwrap_or(kind));
        for attribute in block.body.attributes.iter().filter(|attribute| &*attribute.name != "iterator") {
            let bound = if &*attribute.name == "for_each" { bound } else { &inner };
            see(&attribute.expression, bound, file_of_block);
        }
        for content in block.body.blocks_of("content") {
            in_body(&content.body, &inner, file, file_of, see);
        }
    }
}

/// What an expression refers to that the module does not declare: the first such thing. `bound` are names that stand for
/// something else where the expression is.
pub(super) fn first(expression: &Expression, bound: &[&str], declared: &Declarations) -> Option<Undeclared> {
    let all = |parts: &[Expression]| parts.iter().find_map(|part| first(part, bound, declared));
    match &expression.kind {
        Kind::Literal(_) | Kind::Item | Kind::NotFollowed(_) => None,
        Kind::Name(name) if bound.contains(&name.as_ref()) => None,
        Kind::Name(name) => Some(Undeclared { what: name.to_string(), span: expression.span, is_word: true }),
        Kind::Template(parts) | Kind::Tuple(parts) => all(parts),
        Kind::Join(inner) | Kind::Group(inner) | Kind::Unary(_, inner) => first(inner, bound, declared),
        Kind::Object(items) => items.iter().find_map(|(key, value)| {
            let key = match key {
                Key::Computed(key) => first(key, bound, declared),
                Key::Word(_) | Key::Ambiguous => None,
            };
            key.or_else(|| first(value, bound, declared))
        }),
        Kind::Traversal(source, steps) => {
            let own = match source.as_name() {
                Some(name) if bound.contains(&name) => None,
                Some(name) => reference(name, steps, declared).map(|what| {
                    let is_word = what == name;
                    Undeclared { what, span: expression.span, is_word }
                }),
                None => first(source, bound, declared),
            };
            own.or_else(|| {
                steps.iter().find_map(|step| match step {
                    Step::Attribute(_) => None,
                    Step::Index(index) => first(index, bound, declared),
                })
            })
        }
        Kind::Splat(source, each) => first(source, bound, declared).or_else(|| first(each, bound, declared)),
        Kind::Call(call) => all(&call.arguments),
        Kind::Conditional(parts) => all(parts.as_slice()),
        Kind::Binary(_, operands) => all(operands.as_slice()),
        Kind::For(each) => first(&each.collection, bound, declared).or_else(|| {
            let mut inner = bound.to_vec();
            inner.extend(each.key_variable.as_deref());
            inner.push(&each.value_variable);
            let parts = each.key.iter().chain([&each.value]).chain(each.condition.iter());
            parts.into_iter().find_map(|part| first(part, &inner, declared))
        }),
    }
}

/// A reference that leads to nothing.
fn reference(root: &str, steps: &[Step], declared: &Declarations) -> Option<String> {
    let name = |at: usize| match steps.get(at) {
        Some(Step::Attribute(name)) => Some(name.as_ref()),
        Some(Step::Index(_)) | None => None,
    };
    let missing = |is_there: bool, what: String| (!is_there).then_some(what);
    match (root, name(0)) {
        ("each" | "count" | "path" | "terraform" | "tofu" | "self", _) => None,
        ("var", Some(name)) => missing(declared.variables.contains_key(name), format!("var.{name}")),
        ("local", Some(name)) => missing(declared.locals.contains_key(name), format!("local.{name}")),
        ("module", Some(name)) => missing(declared.calls.contains_key(name), format!("module.{name}")),
        ("data" | "ephemeral" | "resource", Some(kind)) => {
            let name = name(1)?;
            let mode = match root {
                "data" => "data",
                "ephemeral" => "ephemeral",
                _ => "managed",
            };
            let is_there = declared.resources.contains_key(&(mode, kind.into(), name.into()));
            missing(is_there, format!("{root}.{kind}.{name}"))
        }
        (kind, Some(name)) => {
            let is_there = declared.resources.contains_key(&("managed", kind.into(), name.into()));
            missing(is_there, format!("{kind}.{name}"))
        }
        (_, None) => None,
    }
}

//! What expressions refer to, whichever instance or attribute of it.

use std::collections::BTreeSet;

use super::address::split_address;
use super::syntax::{Expression, Key, Kind, Step};

/// What a reference in a plan leads to, without indexes and attributes: `var.x`, `local.x`, `module.x`, `each.key`,
/// `data.t.n`, `t.n`. `None` for what is no such thing.
pub fn coarse_reference(reference: &str) -> Option<String> {
    let parts = split_address(reference);
    let parts: Vec<&str> = parts.iter().map(|part| part.split('[').next().unwrap_or(part)).collect();
    match parts.as_slice() {
        ["path" | "terraform" | "tofu" | "self", ..] => None,
        ["resource", kind, name, ..] => Some(format!("{kind}.{name}")),
        ["data" | "ephemeral", kind, name, ..] => Some(format!("{}.{kind}.{name}", parts[0])),
        [first, second, ..] => Some(format!("{first}.{second}")),
        _ => None,
    }
}

/// What an expression refers to, in the form of [`coarse_reference`].
pub(super) fn references(expression: &Expression, bound: &[&str], found: &mut BTreeSet<String>) {
    each_reference(expression, bound, &mut |root, steps| {
        let parts: Vec<&str> = std::iter::once(root).chain(names(steps)).collect();
        found.extend(coarse_reference(&parts.join(".")));
    });
}

/// The names in the steps of a reference, without its indexes.
pub(super) fn names(steps: &[Step]) -> Vec<&str> {
    let mut names = Vec::with_capacity(steps.len());
    for step in steps {
        if let Step::Attribute(name) = step {
            names.push(name.as_ref());
        }
    }
    names
}

/// Calls `see` for each reference in an expression, with its root and the steps from there. `bound` are names that stand for
/// something else where the expression is.
pub(super) fn each_reference(expression: &Expression, bound: &[&str], see: &mut dyn FnMut(&str, &[Step])) {
    match &expression.kind {
        Kind::Literal(_) | Kind::Name(_) | Kind::Item | Kind::NotFollowed(_) => {}
        Kind::Template(parts) | Kind::Tuple(parts) => parts.iter().for_each(|part| each_reference(part, bound, see)),
        Kind::Join(inner) | Kind::Group(inner) | Kind::Unary(_, inner) | Kind::Opaque(_, inner) => {
            each_reference(inner, bound, see);
        }
        Kind::Object(items) => {
            for (key, value) in items {
                if let Key::Computed(key) = key {
                    each_reference(key, bound, see);
                }
                each_reference(value, bound, see);
            }
        }
        Kind::Traversal(source, steps) => {
            match source.as_name() {
                Some(name) if !bound.contains(&name) => see(name, steps),
                Some(_) => {}
                None => each_reference(source, bound, see),
            }
            for step in steps {
                if let Step::Index(index) = step {
                    each_reference(index, bound, see);
                }
            }
        }
        Kind::Splat(source, each) => {
            each_reference(source, bound, see);
            each_reference(each, bound, see);
        }
        Kind::Call(call) => call.arguments.iter().for_each(|part| each_reference(part, bound, see)),
        Kind::Conditional(parts) => parts.iter().for_each(|part| each_reference(part, bound, see)),
        Kind::Binary(_, operands) => operands.iter().for_each(|part| each_reference(part, bound, see)),
        Kind::For(each) => {
            each_reference(&each.collection, bound, see);
            let mut inner = bound.to_vec();
            inner.extend(each.key_variable.as_deref());
            inner.push(&each.value_variable);
            for part in each.key.iter().chain([&each.value]).chain(each.condition.iter()) {
                each_reference(part, &inner, see);
            }
        }
    }
}

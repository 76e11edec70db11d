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
    let all = |parts: &[Expression], found: &mut BTreeSet<String>| {
        parts.iter().for_each(|part| references(part, bound, found));
    };
    match &expression.kind {
        Kind::Literal(_) | Kind::Name(_) | Kind::Item | Kind::NotFollowed(_) => {}
        Kind::Template(parts) | Kind::Tuple(parts) => all(parts, found),
        Kind::Join(inner) | Kind::Group(inner) | Kind::Unary(_, inner) => references(inner, bound, found),
        Kind::Object(items) => {
            for (key, value) in items {
                if let Key::Computed(key) = key {
                    references(key, bound, found);
                }
                references(value, bound, found);
            }
        }
        Kind::Traversal(source, steps) => {
            match source.as_name() {
                Some(name) if !bound.contains(&name) => {
                    let attributes = steps.iter().filter_map(|step| match step {
                        Step::Attribute(name) => Some(name.as_ref()),
                        Step::Index(_) => None,
                    });
                    let parts: Vec<&str> = std::iter::once(name).chain(attributes).collect();
                    found.extend(coarse_reference(&parts.join(".")));
                }
                Some(_) => {}
                None => references(source, bound, found),
            }
            for step in steps {
                if let Step::Index(index) = step {
                    references(index, bound, found);
                }
            }
        }
        Kind::Splat(source, each) => {
            references(source, bound, found);
            references(each, bound, found);
        }
        Kind::Call(call) => all(&call.arguments, found),
        Kind::Conditional(parts) => all(parts.as_slice(), found),
        Kind::Binary(_, operands) => all(operands.as_slice(), found),
        Kind::For(each) => {
            references(&each.collection, bound, found);
            let mut inner = bound.to_vec();
            inner.extend(each.key_variable.as_deref());
            inner.push(&each.value_variable);
            for part in each.key.iter().chain([&each.value]).chain(each.condition.iter()) {
                references(part, &inner, found);
            }
        }
    }
}

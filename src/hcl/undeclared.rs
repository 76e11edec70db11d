//! References to what is not declared: Terraform refuses them before it evaluates anything.

use super::declarations::Declarations;
use super::syntax::{Expression, Key, Kind, Step};

/// What an expression refers to that the module does not declare: the first such thing. `bound` are names that stand for
/// something else where the expression is.
pub(super) fn first(expression: &Expression, bound: &[&str], declared: &Declarations) -> Option<String> {
    let all = |parts: &[Expression]| parts.iter().find_map(|part| first(part, bound, declared));
    match &expression.kind {
        Kind::Literal(_) | Kind::Item | Kind::NotFollowed(_) => None,
        Kind::Name(name) if bound.contains(&name.as_ref()) => None,
        Kind::Name(name) => Some(name.to_string()),
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
                Some(name) => reference(name, steps, declared),
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

//! References to what is not there: Terraform refuses them before it evaluates anything.

use std::cell::RefCell;

use super::declarations::{Declarations, Located, Mode};
use super::syntax::{Body, Expression, Key, Kind, Span, Step};
use crate::location::{FileId, Place};

/// A reference that leads to nothing.
pub(super) struct Undeclared {
    /// What is wrong, in words.
    pub(super) message: String,
    span: Span,
}

/// What there is beside what a module declares, where an expression stands.
#[derive(Debug, Clone, Copy, Default)]
struct Here {
    /// `each.key` and `each.value`.
    each: bool,
    /// `count.index`
    count: bool,
    /// `self`
    own: bool,
}

/// What is said of `each` where it is not there.
pub(super) const NO_EACH: &str = "each.key and each.value are there only in a block with for_each";
/// What is said of `count` where it is not there.
pub(super) const NO_COUNT: &str = "count.index is there only in a block with count";

/// What the files of a module refer to that is not there: the first such thing in each expression, with what holds the
/// expression and the place.
pub(super) fn everywhere(declared: &Declarations) -> Vec<(String, Undeclared, Place)> {
    let found = RefCell::new(Vec::new());
    let look = |holder: &dyn Fn() -> String, expression: &Expression, here: Here, file: FileId| {
        let resolve = |root: &str, steps: &[Step]| reference(root, steps, declared, here);
        if let Some(undeclared) = first_of(expression, &[], &resolve) {
            let place = Place { file, span: undeclared.span.range() };
            found.borrow_mut().push((holder(), undeclared, place));
        }
    };
    let all = |holder: &dyn Fn() -> String, here: Here, parts: &mut dyn Iterator<Item = &Located>| {
        parts.for_each(|located| look(holder, &located.expression, here, located.file));
    };
    let alone = Here::default();
    for (name, located) in &declared.locals {
        all(&|| format!("local.{name}"), alone, &mut std::iter::once(located));
    }
    for (name, variable) in &declared.variables {
        all(&|| format!("var.{name}"), alone, &mut variable.conditions.iter());
    }
    for (name, output) in &declared.outputs {
        let parts = output.value.iter().chain(&output.conditions).chain(&output.named);
        all(&|| format!("output.{name}"), alone, &mut parts.into_iter());
    }
    for setting in &declared.settings {
        let holder = || format!("provider.{}", setting.local);
        all(&holder, Here { each: true, ..alone }, &mut std::iter::once(&setting.value));
    }
    let provider = |holder: String, name: Option<&String>, place: &Place| {
        let is_missing = |name: &&String| {
            name.contains('.') && !declared.aliases.contains(*name) && !declared.wanted_aliases.contains(*name)
        };
        if let Some(name) = name.filter(is_missing) {
            let message = format!("the provider {name} is not declared");
            let undeclared = Undeclared { message, span: place.span.clone().into() };
            found.borrow_mut().push((holder, undeclared, place.clone()));
        }
    };
    for (name, call) in &declared.calls {
        let holder = || format!("module.{name}");
        call.providers.values().for_each(|given| provider(holder(), Some(given), &call.place));
        let here = Here { each: call.for_each.is_some(), count: call.count.is_some(), own: false };
        all(&holder, alone, &mut call.count.iter().chain(&call.for_each).chain(&call.named));
        all(&holder, here, &mut call.arguments.values());
    }
    for ((mode, kind, name), resource) in &declared.resources {
        let holder = || format!("{}{kind}.{name}", mode.prefix());
        provider(holder(), resource.provider.as_ref(), &resource.place);
        let here = Here { each: resource.for_each.is_some(), count: resource.count.is_some(), own: false };
        all(&holder, alone, &mut resource.count.iter().chain(&resource.for_each));
        all(&holder, here, &mut resource.preconditions.iter().chain(&resource.named));
        all(&holder, Here { own: true, ..here }, &mut resource.postconditions.iter());
        let file_of = |name: &str| resource.overridden.get(name).copied().unwrap_or(resource.place.file);
        in_body(&resource.body, None, &file_of, &mut |expression, file| look(&holder, expression, here, file));
    }
    found.into_inner()
}

/// Shows each expression of a resource's body. `file` is that of the block around, `None` at the top, where each part may
/// stand in a file of its own.
fn in_body(
    body: &Body,
    file: Option<FileId>,
    file_of: &dyn Fn(&str) -> FileId,
    see: &mut dyn FnMut(&Expression, FileId),
) {
    for attribute in &body.attributes {
        see(&attribute.expression, file.unwrap_or_else(|| file_of(&attribute.name)));
    }
    for block in &body.blocks {
        let own_file = file.unwrap_or_else(|| file_of(block.makes()));
        if &*block.kind != "dynamic" {
            in_body(&block.body, Some(own_file), file_of, see);
            continue;
        }
        // What a `dynamic` block makes is looked at where it makes something.
        if let Some(attribute) = block.body.attribute("for_each") {
            see(&attribute.expression, own_file);
        }
    }
}

/// What an expression on its own refers to that the module does not declare: the first such thing.
pub(super) fn first(expression: &Expression, declared: &Declarations) -> Option<Undeclared> {
    let here = Here { each: true, count: true, own: true };
    first_of(expression, &[], &|root, steps| reference(root, steps, declared, here))
}

/// The first name in an expression that none of `names` is, and no `for` makes.
pub(super) fn first_free(expression: &Expression, is_name: &dyn Fn(&str) -> bool) -> Option<Undeclared> {
    let resolve = |root: &str, _: &[Step]| (!is_name(root)).then(|| format!("there is no variable {root:?} here"));
    first_of(expression, &[], &resolve)
}

/// The first reference of which `resolve` says what is wrong with it. `bound` are names that stand for something else where
/// the expression is.
fn first_of(
    expression: &Expression,
    bound: &[&str],
    resolve: &dyn Fn(&str, &[Step]) -> Option<String>,
) -> Option<Undeclared> {
    let all = |parts: &[Expression]| parts.iter().find_map(|part| first_of(part, bound, resolve));
    let wrong =
        |root: &str, steps: &[Step]| resolve(root, steps).map(|message| Undeclared { message, span: expression.span });
    match &expression.kind {
        // What a `dynamic` block makes is looked at where it makes something.
        Kind::Literal(_) | Kind::Item | Kind::NotFollowed(_) | Kind::Opaque(..) => None,
        Kind::Name(name) if bound.contains(&name.as_ref()) => None,
        Kind::Name(name) => wrong(name, &[]),
        Kind::Template(parts) | Kind::Tuple(parts) => all(parts),
        Kind::Join(inner) | Kind::Group(inner) | Kind::Unary(_, inner) => first_of(inner, bound, resolve),
        Kind::Object(items) => items.iter().find_map(|(key, value)| {
            let key = match key {
                Key::Computed(key) => first_of(key, bound, resolve),
                Key::Word(_) | Key::Ambiguous(_) => None,
            };
            key.or_else(|| first_of(value, bound, resolve))
        }),
        Kind::Traversal(source, steps) => {
            let own = match source.as_name() {
                Some(name) if bound.contains(&name) => None,
                Some(name) => wrong(name, steps),
                None => first_of(source, bound, resolve),
            };
            own.or_else(|| {
                steps.iter().find_map(|step| match step {
                    Step::Attribute(_) => None,
                    Step::Index(index) => first_of(index, bound, resolve),
                })
            })
        }
        Kind::Splat(source, each) => first_of(source, bound, resolve).or_else(|| first_of(each, bound, resolve)),
        Kind::Call(call) => all(&call.arguments),
        Kind::Conditional(parts) => all(parts.as_slice()),
        Kind::Binary(_, operands) => all(operands.as_slice()),
        Kind::For(each) => first_of(&each.collection, bound, resolve).or_else(|| {
            let mut inner = bound.to_vec();
            inner.extend(each.key_variable.as_deref());
            inner.push(&each.value_variable);
            let parts = each.key.iter().chain([&each.value]).chain(each.condition.iter());
            parts.into_iter().find_map(|part| first_of(part, &inner, resolve))
        }),
    }
}

/// What is wrong with a reference, in words.
fn reference(root: &str, steps: &[Step], declared: &Declarations, here: Here) -> Option<String> {
    let name = |at: usize| match steps.get(at) {
        Some(Step::Attribute(name)) => Some(name.as_ref()),
        Some(Step::Index(_)) | None => None,
    };
    let missing = |is_there: bool, what: String| (!is_there).then(|| format!("{what} is not declared"));
    let needs = |what: &str| Some(format!("{root} must be followed by a dot and {what}"));
    let refused = |is_there: bool, why: &str| (!is_there).then(|| why.to_owned());
    match (root, name(0)) {
        ("each", _) => refused(here.each, NO_EACH),
        ("count", _) => refused(here.count, NO_COUNT),
        ("self", _) => refused(here.own, "self is there only in a postcondition and in what runs for a resource"),
        ("path", Some("module" | "root" | "cwd")) | ("terraform" | "tofu", Some("workspace" | "applying")) => None,
        ("path", _) => needs("module, root or cwd"),
        ("terraform" | "tofu", _) => needs("workspace"),
        ("var", Some(name)) => missing(declared.variables.contains_key(name), format!("var.{name}")),
        ("local", Some(name)) => missing(declared.locals.contains_key(name), format!("local.{name}")),
        ("module", Some(name)) => missing(declared.calls.contains_key(name), format!("module.{name}")),
        ("var", None) => needs("the name of a variable"),
        ("local", None) => needs("the name of a local value"),
        ("module", None) => needs("the name of a module call"),
        ("data" | "ephemeral" | "resource", kind) => {
            let (Some(kind), Some(name)) = (kind, name(1)) else { return needs("a type and a name") };
            let mode = Mode::of_word(root).unwrap_or(Mode::Managed);
            let is_there = declared.resources.contains_key(&(mode, kind.into(), name.into()));
            missing(is_there, format!("{}{kind}.{name}", mode.prefix()))
        }
        (kind, Some(name)) => {
            let is_there = declared.resources.contains_key(&(Mode::Managed, kind.into(), name.into()));
            missing(is_there, format!("{kind}.{name}"))
        }
        (_, None) => Some(format!("{root:?} is no name that is known here")),
    }
}

//! The functions of the language: a table of them, and how one is called.
//!
//! What a function does not follow (a size, a rare form) is an unknown value with that reason; an error is only what
//! Terraform refuses too.

mod collection;
mod conversion;
mod datetime;
mod encoding;
mod filesystem;
mod graphemes;
mod hash;
mod network;
mod number;
mod text;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::convert::convert;
use super::failure::{Evaluated, Failure};
use super::types::Type;
use super::value::{Marks, Value};
pub(super) use filesystem::Files;

/// The most elements that a function makes.
pub(super) const MAX_ITEMS: usize = 1 << 18;
/// The longest text that a function makes, in bytes.
pub(super) const MAX_TEXT: usize = 16 << 20;

thread_local! {
    static WORK: Cell<usize> = const { Cell::new(0) };
}

/// Counts work that neither the arguments nor the result of a function tell: bytes that a search passes through.
fn work(bytes: usize) {
    WORK.set(WORK.get().saturating_add(bytes));
}

/// The work that was counted since this was last asked.
pub(super) fn worked() -> usize {
    WORK.take()
}

/// A function.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// Parameters that must be given.
    pub(super) parameters: &'static [Parameter],
    /// The parameter that may be given any number of times, behind the others.
    pub(super) variadic: Option<Parameter>,
    /// What it gives, also where it is not known.
    pub(super) returns: Kind,
    pub(super) body: Body,
}

impl Function {
    /// Whether it looks at all of its arguments.
    pub(super) fn goes_through_all(&self) -> bool {
        const LOOKS_UP: [&str; 7] = ["element", "issensitive", "length", "lookup", "nonsensitive", "one", "sensitive"];
        !LOOKS_UP.contains(&self.name)
    }

    /// Whether it converts, and so makes all parts anew where they are of other types.
    pub(super) fn makes_parts(&self) -> bool {
        self.name.starts_with("to")
    }
}

/// How a function is computed.
pub(super) enum Body {
    /// From its arguments alone.
    Pure(fn(&[Value]) -> Evaluated),
    /// From its arguments, and files of the module.
    Files(fn(&[Value], &Files) -> Evaluated),
    /// Not before it runs, and why.
    Unpredictable(&'static str),
}

/// What a parameter takes. Arguments are converted to its kind before the function sees them.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Null is passed on; else it is an error.
    pub(super) null: bool,
    /// An unknown value is passed on; else the result is unknown. Parts of a known value may be unknown either way.
    pub(super) unknown: bool,
    /// Marks are passed on; else they are taken off, deep, and put on the result.
    pub(super) marked: bool,
}

impl Parameter {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Parameter {
        Parameter { name, kind, null: false, unknown: false, marked: false }
    }

    /// The same, taking null.
    pub(super) const fn or_null(self) -> Parameter {
        Parameter { null: true, ..self }
    }

    /// The same, taking unknown values.
    pub(super) const fn or_unknown(self) -> Parameter {
        Parameter { unknown: true, ..self }
    }

    /// The same, taking marked values.
    pub(super) const fn or_marked(self) -> Parameter {
        Parameter { marked: true, ..self }
    }
}

/// The types that parameters and results have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    String,
    Number,
    Bool,
    ListOfAny,
    ListOfString,
    ListOfBool,
    ListOfNumber,
    SetOfAny,
    SetOfString,
    MapOfAny,
    MapOfListOfString,
}

impl Kind {
    pub(super) fn ty(self) -> Type {
        match self {
            Kind::Any => Type::Any,
            Kind::String => Type::String,
            Kind::Number => Type::Number,
            Kind::Bool => Type::Bool,
            Kind::ListOfAny => Type::list(Type::Any),
            Kind::ListOfString => Type::list(Type::String),
            Kind::ListOfBool => Type::list(Type::Bool),
            Kind::ListOfNumber => Type::list(Type::Number),
            Kind::SetOfAny => Type::set(Type::Any),
            Kind::SetOfString => Type::set(Type::String),
            Kind::MapOfAny => Type::map(Type::Any),
            Kind::MapOfListOfString => Type::map(Type::list(Type::String)),
        }
    }
}

static FUNCTIONS: LazyLock<BTreeMap<&'static str, &'static Function>> = LazyLock::new(|| {
    let groups = [
        collection::FUNCTIONS,
        conversion::FUNCTIONS,
        datetime::FUNCTIONS,
        encoding::FUNCTIONS,
        filesystem::FUNCTIONS,
        hash::FUNCTIONS,
        network::FUNCTIONS,
        number::FUNCTIONS,
        text::FUNCTIONS,
    ];
    groups.into_iter().flatten().map(|function| (function.name, function)).collect()
});

/// The function of a name.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.get(name).copied()
}

/// The names of all functions.
#[cfg(test)]
fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.keys().copied()
}

/// Calls a function.
///
/// # Errors
/// Too few or too many arguments, one that can't be converted or is null, or what the function refuses.
pub(super) fn call(function: &Function, arguments: Vec<Value>, files: &Files) -> Evaluated {
    let (given, wanted) = (arguments.len(), function.parameters.len());
    if given < wanted {
        return Failure::err(format!("{}() takes at least {wanted} arguments, but {given} are given", function.name));
    }
    if given > wanted && function.variadic.is_none() {
        return Failure::err(format!("{}() takes {wanted} arguments, but {given} are given", function.name));
    }
    let mut marks = Marks::NONE;
    let mut values = Vec::with_capacity(given);
    let mut not_known: Option<Value> = None;
    for (index, value) in arguments.into_iter().enumerate() {
        let Some(parameter) = function.parameters.get(index).copied().or(function.variadic) else { break };
        let wrong = |mut failure: Box<Failure>| {
            failure.message = format!("{}(): {}: {}", function.name, parameter.name, failure.message);
            failure
        };
        let mut value = convert(value, &parameter.kind.ty()).map_err(wrong)?;
        if value.is_null() && !parameter.null {
            return Err(wrong(Failure::new("the argument must not be null")));
        }
        if !parameter.marked {
            marks = marks.with(value.all_marks());
            value = value.unmarked_deep();
        }
        if !value.is_known() && !parameter.unknown && not_known.is_none() {
            not_known = Some(value.clone());
        }
        values.push(value);
    }
    let result = match (not_known, &function.body) {
        (Some(unknown), _) => unknown.unknown_as(function.returns.ty()).unmarked().not_null(),
        (None, Body::Unpredictable(why)) => Value::unknown(function.returns.ty(), *why).not_null(),
        (None, Body::Pure(body)) => body(&values).map_err(|failure| prefixed(failure, function))?,
        (None, Body::Files(body)) => body(&values, files).map_err(|failure| prefixed(failure, function))?,
    };
    Ok(result.with_marks(marks))
}

fn prefixed(mut failure: Box<Failure>, function: &Function) -> Box<Failure> {
    failure.message = format!("{}(): {}", function.name, failure.message);
    failure
}

/// The text of an argument that is a string: no other is passed on.
fn text_of(arguments: &[Value], index: usize) -> &str {
    arguments.get(index).and_then(Value::as_str).unwrap_or_default()
}

/// The text of an argument.
fn text(arguments: &[Value], index: usize) -> Result<&str, Box<Failure>> {
    match arguments.get(index).and_then(Value::as_str) {
        Some(text) => Ok(text),
        None => Failure::err("a string is required"),
    }
}

/// The unknown result of a function whose result would be larger than is followed.
pub(super) fn too_large(kind: Kind) -> Value {
    not_followed(kind, "larger than is followed")
}

/// The unknown result of a function that is not followed, for this reason.
pub(super) fn not_followed(kind: Kind, reason: &str) -> Value {
    Value::unknown(kind.ty(), reason).not_null()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let groups: usize = [
            collection::FUNCTIONS.len(),
            conversion::FUNCTIONS.len(),
            datetime::FUNCTIONS.len(),
            encoding::FUNCTIONS.len(),
            filesystem::FUNCTIONS.len(),
            hash::FUNCTIONS.len(),
            network::FUNCTIONS.len(),
            number::FUNCTIONS.len(),
            text::FUNCTIONS.len(),
        ]
        .iter()
        .sum();
        assert_eq!(names().count(), groups);
    }
}

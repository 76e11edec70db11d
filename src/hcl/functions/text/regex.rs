//! Functions of regular expressions.

use std::rc::Rc;
use std::sync::Arc;

use regex_automata::util::captures::Captures;

use super::super::super::failure::{Evaluated, Failure};
use super::super::super::types::Type;
use super::super::super::value::{Data, Value};
use super::super::{Kind, MAX_ITEMS, MAX_TEXT, too_large, work};
use crate::go::pattern::{Pattern, Refusal};
use crate::go::search::{self, Matches};

/// What a pattern gives.
enum Shape {
    /// The whole match.
    Text,
    /// What the groups match, in order.
    Tuple(usize),
    /// What the groups match, by name.
    Object(Vec<Arc<str>>),
}

impl Shape {
    fn new(pattern: &Pattern) -> Result<Shape, Box<Failure>> {
        let named = pattern.names.iter().filter(|name| !name.is_empty()).count();
        match (pattern.names.len(), named) {
            (0, _) => Ok(Shape::Text),
            (groups, 0) => Ok(Shape::Tuple(groups)),
            (groups, named) if groups == named => {
                Ok(Shape::Object(pattern.names.iter().map(|name| name.as_str().into()).collect()))
            }
            _ => Failure::err("the pattern has groups with names and groups without"),
        }
    }

    fn ty(&self) -> Type {
        match self {
            Shape::Text => Type::String,
            Shape::Tuple(groups) => Type::Tuple(vec![Type::String; *groups].into()),
            Shape::Object(names) => Type::object(names.iter().map(|name| (name.clone(), Type::String))),
        }
    }

    fn value(&self, text: &str, found: &Captures) -> Value {
        let group = |index: usize| match found.get_group(index) {
            Some(span) => Value::string(text.get(span.range()).unwrap_or_default()),
            None => Data::Null(Type::String).into(),
        };
        match self {
            Shape::Text => group(0),
            Shape::Tuple(groups) => Value::tuple((1..=*groups).map(group).collect()),
            Shape::Object(names) => {
                Value::object(names.iter().enumerate().map(|(index, name)| (name.clone(), group(index + 1))))
            }
        }
    }
}

/// The pattern of an argument, or the unknown value of that kind instead.
fn pattern(text: &str, kind: Kind) -> Result<Result<Rc<Pattern>, Value>, Box<Failure>> {
    match Pattern::of(text) {
        Ok(pattern) => Ok(Ok(pattern)),
        Err(Refusal::Invalid(why)) => Failure::err(format!("the pattern is not valid: {why}")),
        Err(Refusal::NotFollowed(why)) => Ok(Err(Value::unknown(kind.ty(), why).not_null())),
    }
}

/// The pattern and the text of the arguments.
fn strings(arguments: &[Value]) -> (Option<&str>, Option<&Value>) {
    (arguments.first().and_then(Value::as_str), arguments.get(1))
}

/// The first match.
pub(super) fn regex(arguments: &[Value]) -> Evaluated {
    let (Some(source), Some(value)) = strings(arguments) else {
        return Ok(not_known(arguments, Kind::Any.ty()));
    };
    let pattern = match pattern(source, Kind::Any)? {
        Ok(pattern) => pattern,
        Err(unknown) => return Ok(unknown),
    };
    let shape = Shape::new(&pattern)?;
    let Some(text) = value.as_str() else { return Ok(value.unknown_as(shape.ty()).not_null()) };
    match Matches::new(&pattern, text, work).next() {
        Ok(Some(found)) => Ok(shape.value(text, found)),
        Ok(None) => Failure::err("the pattern does not match"),
        Err(_) => Ok(Value::unknown(shape.ty(), "larger than is followed").not_null()),
    }
}

/// A list of all matches that don't overlap.
pub(super) fn regexall(arguments: &[Value]) -> Evaluated {
    let (Some(source), Some(value)) = strings(arguments) else {
        return Ok(not_known(arguments, Kind::ListOfAny.ty()));
    };
    let pattern = match pattern(source, Kind::ListOfAny)? {
        Ok(pattern) => pattern,
        Err(unknown) => return Ok(unknown),
    };
    let shape = Shape::new(&pattern)?;
    let Some(text) = value.as_str() else { return Ok(value.unknown_as(Type::list(shape.ty())).not_null()) };
    let mut matches = Matches::new(&pattern, text, work);
    let mut items = Vec::new();
    loop {
        match matches.next() {
            Ok(Some(found)) if items.len() < MAX_ITEMS / pattern.names.len().max(1) => {
                items.push(shape.value(text, found));
            }
            Ok(None) => return Ok(Value::list(shape.ty(), items)),
            _ => return Ok(Value::unknown(Type::list(shape.ty()), "larger than is followed").not_null()),
        }
    }
}

fn not_known(arguments: &[Value], ty: Type) -> Value {
    arguments
        .first()
        .map_or_else(|| Value::unknown(ty.clone(), "not known"), |value| value.unknown_as(ty.clone()))
        .not_null()
}

/// The text with every match replaced; in the replacement, `$1`, `$name` and `${name}` stand for what groups match.
pub(super) fn replace(text: &str, source: &str, replacement: &str) -> Evaluated {
    let pattern = match pattern(source, Kind::String)? {
        Ok(pattern) => pattern,
        Err(unknown) => return Ok(unknown),
    };
    Ok(search::replace(&pattern, text, replacement, MAX_TEXT, work)
        .map_or_else(|_| too_large(Kind::String), Value::string))
}

//! Functions of regular expressions.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use regex_automata::Input;
use regex_automata::util::captures::Captures;

use super::super::super::failure::{Evaluated, Failure};
use super::super::super::types::Type;
use super::super::super::value::{Data, Value};
use super::super::{Kind, MAX_ITEMS, MAX_TEXT, too_large, work};
use super::pattern::{Pattern, Refusal};

/// How many bytes all searches in one text may pass through at most; each starts behind the last match.
const MAX_STEPS: usize = 1 << 26;
/// The size of a program, in bytes, up to which a byte counts once.
const SIMPLE_PROGRAM: usize = 32 << 10;
/// How many patterns are kept for the next call.
const MAX_KEPT: usize = 32;

thread_local! {
    static KEPT: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
}

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
    if let Some(pattern) = KEPT.with_borrow(|kept| kept.get(text).cloned()) {
        return Ok(Ok(pattern));
    }
    match Pattern::new(text) {
        Ok(pattern) => {
            let pattern = Rc::new(pattern);
            KEPT.with_borrow_mut(|kept| {
                if kept.len() >= MAX_KEPT {
                    kept.clear();
                }
                kept.insert(text.to_owned(), pattern.clone());
            });
            Ok(Ok(pattern))
        }
        Err(Refusal::Invalid(why)) => Failure::err(format!("the pattern is not valid: {why}")),
        Err(Refusal::NotFollowed(why)) => Ok(Err(Value::unknown(kind.ty(), why).not_null())),
    }
}

/// How much searches may pass through yet.
struct Steps {
    left: usize,
    /// What a byte counts.
    weight: usize,
}

impl Steps {
    fn new(pattern: &Pattern) -> Steps {
        Steps { left: MAX_STEPS, weight: pattern.program.memory_usage() / SIMPLE_PROGRAM + 1 }
    }

    /// Whether a search through that many bytes is allowed yet.
    fn take(&mut self, bytes: usize) -> bool {
        let weighed = bytes.saturating_mul(self.weight);
        match self.left.checked_sub(weighed) {
            Some(left) => {
                work(weighed);
                self.left = left;
                true
            }
            None => false,
        }
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
    if !Steps::new(&pattern).take(text.len()) {
        return Ok(Value::unknown(shape.ty(), "larger than is followed").not_null());
    }
    let mut found = pattern.program.create_captures();
    pattern.program.search_captures(&Input::new(text), &mut found);
    if !found.is_match() {
        return Failure::err("the pattern does not match");
    }
    Ok(shape.value(text, &found))
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
    let large = || Ok(Value::unknown(Type::list(shape.ty()), "larger than is followed").not_null());
    let Some(text) = value.as_str() else { return Ok(value.unknown_as(Type::list(shape.ty())).not_null()) };
    let mut found = pattern.program.create_captures();
    let mut items = Vec::new();
    let (mut at, mut last_end, mut steps) = (0, None, Steps::new(&pattern));
    while at <= text.len() {
        if !steps.take(text.len() - at) || items.len() >= MAX_ITEMS / pattern.names.len().max(1) {
            return large();
        }
        pattern.program.search_captures(&Input::new(text).range(at..), &mut found);
        let Some(span) = found.get_group(0) else { break };
        // An empty match does not count right behind another.
        let counts = span.end != at || Some(span.start) != last_end;
        at = if span.end == at { at + width(text, at).max(1) } else { span.end };
        last_end = Some(span.end);
        if counts {
            items.push(shape.value(text, &found));
        }
    }
    Ok(Value::list(shape.ty(), items))
}

fn not_known(arguments: &[Value], ty: Type) -> Value {
    arguments
        .first()
        .map_or_else(|| Value::unknown(ty.clone(), "not known"), |value| value.unknown_as(ty.clone()))
        .not_null()
}

/// The length in bytes of the character that starts at a place; 0 at the end.
fn width(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}

/// The text with every match replaced; in the replacement, `$1`, `$name` and `${name}` stand for what groups match.
pub(super) fn replace(text: &str, source: &str, replacement: &str) -> Evaluated {
    let pattern = match pattern(source, Kind::String)? {
        Ok(pattern) => pattern,
        Err(unknown) => return Ok(unknown),
    };
    let pieces = pieces(replacement);
    let mut found = pattern.program.create_captures();
    let mut out = String::new();
    let (mut at, mut last_end, mut steps) = (0, 0, Steps::new(&pattern));
    while at <= text.len() {
        if !steps.take(text.len() - at) || out.len() > MAX_TEXT {
            return Ok(too_large(Kind::String));
        }
        pattern.program.search_captures(&Input::new(text).range(at..), &mut found);
        let Some(span) = found.get_group(0) else { break };
        out.push_str(text.get(last_end..span.start).unwrap_or_default());
        // An empty match does not count right behind another.
        if span.end > last_end || span.start == 0 {
            for piece in &pieces {
                let group = match piece {
                    Piece::Text(text) => {
                        out.push_str(text);
                        continue;
                    }
                    Piece::Number(number) => Some(*number),
                    Piece::Name(name) => named(&pattern.names, name, &found),
                };
                let span = group.and_then(|group| found.get_group(group));
                out.push_str(span.and_then(|span| text.get(span.range())).unwrap_or_default());
                if out.len() > MAX_TEXT {
                    return Ok(too_large(Kind::String));
                }
            }
        }
        last_end = span.end;
        let next = at + width(text, at);
        at = if next > span.end {
            next
        } else if at + 1 > span.end {
            at + 1
        } else {
            span.end
        };
    }
    out.push_str(text.get(last_end..).unwrap_or_default());
    Ok(if out.len() > MAX_TEXT { too_large(Kind::String) } else { Value::string(out) })
}

/// The first group of a name that matches something.
fn named(names: &[String], wanted: &str, found: &Captures) -> Option<usize> {
    let of_name = names.iter().enumerate().filter(|(_, name)| *name == wanted).map(|(index, _)| index + 1);
    of_name.into_iter().find(|group| found.get_group(*group).is_some())
}

/// A piece of a replacement.
enum Piece<'r> {
    Text(&'r str),
    Number(usize),
    Name(&'r str),
}

fn pieces(replacement: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        pieces.push(Piece::Text(before));
        rest = after;
        if let Some(behind) = rest.strip_prefix('$') {
            pieces.push(Piece::Text("$"));
            rest = behind;
            continue;
        }
        match reference(rest) {
            Some((name, behind)) => {
                pieces.push(piece(name));
                rest = behind;
            }
            None => pieces.push(Piece::Text("$")),
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The name at the start of what follows a `$`, with or without braces, and what is behind it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('{');
    let text = inside.unwrap_or(text);
    let length = text.find(|c| !is_of_name(c)).unwrap_or(text.len());
    if length == 0 {
        return None;
    }
    let (name, rest) = text.split_at(length);
    match inside {
        None => Some((name, rest)),
        Some(_) => rest.strip_prefix('}').map(|rest| (name, rest)),
    }
}

/// Whether a name goes on with a character. Only ASCII names are groups, but others are left out as well.
fn is_of_name(c: char) -> bool {
    c == '_' || if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
}

fn piece(name: &str) -> Piece<'_> {
    let number = name.bytes().all(|c| c.is_ascii_digit()) && (name.len() == 1 || !name.starts_with('0'));
    match name.parse() {
        Ok(group) if number && name.len() <= 9 => Piece::Number(group),
        _ => Piece::Name(name),
    }
}

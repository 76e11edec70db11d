//! Expressions become values.

mod call;
mod conditional;
mod each;
mod traversal;

use std::sync::Arc;

use super::convert::convert;
use super::failure::{Evaluated, Failure};
use super::functions;
use super::operator;
use super::syntax::{Binary, Expression, Key, Kind, Span};
use super::tree::{ModuleId, Tree};
use super::types::Type;
use super::value::{Data, Entries, Marks, Origin, Value};
use crate::location::{FileId, Place};

/// How deep expressions are followed into what they refer to.
pub(super) const MAX_DEPTH: usize = 4_000;

/// What the names in an expression stand for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) tree: &'a Tree,
    pub(super) module: ModuleId,
    /// The file that expressions stand in.
    pub(super) file: Option<FileId>,
    /// `each.key`, `each.value`, `count.index`.
    pub(super) repetition: Option<&'a Repetition>,
    /// Variables of `for`, the innermost first.
    pub(super) frame: Option<&'a Frame<'a>>,
    /// The item of the splat around.
    pub(super) item: Option<&'a Value>,
    /// Inside a file that `templatefile` renders: only its variables are names.
    pub(super) template: bool,
}

/// What is different from instance to instance of a repeated block.
#[derive(Debug, Clone)]
pub(super) enum Repetition {
    /// `count.index`
    Count(Value),
    /// `each.key` and `each.value`
    Each(Value, Value),
}

/// A variable that an expression names itself.
pub(super) struct Frame<'a> {
    name: &'a str,
    value: Value,
    outer: Option<&'a Frame<'a>>,
}

impl<'a> Frame<'a> {
    /// A variable, in front of others.
    pub(super) fn new(name: &'a str, value: Value, outer: Option<&'a Frame<'a>>) -> Frame<'a> {
        Frame { name, value, outer }
    }

    fn find(&self, name: &str) -> Option<&Value> {
        let mut frame = Some(self);
        while let Some(here) = frame {
            if here.name == name {
                return Some(&here.value);
            }
            frame = here.outer;
        }
        None
    }
}

impl<'a> Scope<'a> {
    /// A scope in a module.
    pub(super) fn new(tree: &'a Tree, module: ModuleId, file: Option<FileId>) -> Scope<'a> {
        Scope { tree, module, file, repetition: None, frame: None, item: None, template: false }
    }

    fn place(&self, span: Span) -> Option<Place> {
        self.file.map(|file| Place { file, span: span.range() })
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// What Terraform refuses as well, with the place.
    pub(super) fn value(&self, expression: &Expression) -> Evaluated {
        if !self.tree.enter() {
            self.tree.leave();
            return Ok(Value::unknown(Type::Any, self.tree.why_no_further()));
        }
        let value = self.kind(expression);
        self.tree.leave();
        value.map_err(|mut failure| {
            match &expression.kind {
                // Operators keep their type, and conditionals know theirs.
                Kind::Unary(..) | Kind::Binary(..) | Kind::Group(_) | Kind::Conditional(_) | Kind::Traversal(..) => {}
                // What comes of a call that fails is open.
                Kind::Call(_)
                | Kind::Name(_)
                | Kind::Literal(_)
                | Kind::NotFollowed(_)
                | Kind::Opaque(..)
                | Kind::Item => {
                    failure = failure.of_type(Type::Any);
                }
                // A tuple and an object know theirs, too.
                Kind::Tuple(_) | Kind::Object(_) => {}
                // What holds something that fails is of a type all the same.
                Kind::Template(_) | Kind::Join(_) | Kind::Splat(..) => failure = failure.of_some_type(),
                // What can't be gone through is of no type; what is made of elements is of some.
                Kind::For(_) => {}
            }
            match self.place(expression.span) {
                Some(place) => failure.at(&place),
                None => failure,
            }
        })
    }

    fn kind(&self, expression: &Expression) -> Evaluated {
        let span = expression.span;
        match &expression.kind {
            Kind::Literal(value) => Ok(self.written(value.clone(), span)),
            Kind::NotFollowed(why) | Kind::Opaque(why, _) => Ok(Value::unknown(Type::Any, *why)),
            Kind::Group(inner) => self.value(inner),
            Kind::Item => Ok(self.item.cloned().unwrap_or_else(|| Value::unknown(Type::Any, "no splat around"))),
            Kind::Name(_) => self.traversal(expression, &[], span),
            Kind::Traversal(source, steps) => self.traversal(source, steps, span),
            Kind::Template(parts) => self.text(parts, span),
            Kind::Join(each) => self.join(each, span),
            Kind::Tuple(items) => {
                let results: Vec<Evaluated> = items.iter().map(|item| self.value(item)).collect();
                let failed = results.iter().any(Result::is_err);
                if failed {
                    let types = results.iter().map(type_of).collect::<Option<Vec<Type>>>();
                    let failure = results.into_iter().find_map(Result::err);
                    let failure = failure.unwrap_or_else(|| Failure::new("an element fails"));
                    return Err(match types {
                        Some(types) => failure.of_type(Type::Tuple(types.into())),
                        None => failure.of_some_type(),
                    });
                }
                let items = results.into_iter().filter_map(Result::ok).collect();
                Ok(self.written(self.bounded(Value::tuple(items)), span))
            }
            Kind::Object(items) => self.object(items, span),
            Kind::Splat(source, each) => self.splat(source, each, span),
            Kind::Call(call) => self.call(call, span),
            Kind::Conditional(parts) => self.conditional(parts),
            Kind::Unary(operator, operand) => {
                let value = self.value(operand).map_err(|f| f.of_type(operator::unary_type(*operator)))?;
                let from = value.origin.clone();
                let result =
                    operator::unary(*operator, value).map_err(|f| f.of_type(operator::unary_type(*operator)))?;
                Ok(self.computed(result, span, from))
            }
            Kind::Binary(operator, operands) => {
                let of_type = |failure: Box<Failure>| failure.of_type(operator::binary_type(*operator));
                let [left, right] = operands.as_ref();
                let (left, right) = (self.value(left), self.value(right));
                let left = left.map_err(of_type)?;
                // Terraform 1.12 and OpenTofu do not ask the right side where the left one decides; before, it fails.
                let decides = match operator {
                    Binary::And => left.as_bool() == Some(false),
                    Binary::Or => left.as_bool() == Some(true),
                    _ => false,
                };
                if decides && right.as_ref().is_err_and(|failure| !failure.everywhere) {
                    let why = "the right side fails, which Terraform before 1.12 refuses";
                    return Ok(Value::unknown(Type::Bool, why).not_null().with_marks(left.marks));
                }
                let right = right.map_err(of_type)?;
                let from = left.origin.clone().or_else(|| right.origin.clone());
                if !left.is_null() && !right.is_null() {
                    self.tree.gone_through(&left);
                    self.tree.gone_through(&right);
                }
                let result = operator::binary(*operator, left, right).map_err(of_type)?;
                Ok(self.computed(result, span, from))
            }
            Kind::For(each) => self.for_each(each, span),
        }
    }

    /// A value that holds others, unless it holds more than is followed: values that share parts grow fast.
    fn bounded(&self, value: Value) -> Value {
        const MOST: usize = 1 << 20;
        let weight = match &value.data {
            Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => return value,
            Data::List(..) | Data::Set(..) | Data::Map(..) | Data::Tuple(_) | Data::Object(_) => value.weight(MOST),
        };
        self.tree.weighed(weight);
        match weight >= MOST {
            true => value.unknown_because(value.ty_without_parts(), "a value with more parts than is followed"),
            false => value,
        }
    }

    /// A value that is written at a span.
    fn written(&self, value: Value, span: Span) -> Value {
        match self.place(span) {
            Some(place) => value.at(place),
            None => value,
        }
    }

    /// A value that an expression computes from one with that origin.
    fn computed(&self, mut value: Value, span: Span, from: Option<Arc<Origin>>) -> Value {
        let from = value.origin.take().or(from);
        value.origin = match self.place(span) {
            Some(place) => Some(Origin::new(place, from)),
            None => from,
        };
        value
    }

    fn text(&self, parts: &[Expression], span: Span) -> Evaluated {
        let of_type = |failure: Box<Failure>| failure.of_type(Type::String);
        let mut text = String::new();
        let (mut marks, mut unknown, mut from) = (Marks::NONE, None, None);
        for part in parts {
            let value = self.value(part).map_err(of_type)?;
            if !matches!(part.kind, Kind::Literal(_)) && from.is_none() {
                from = value.origin.clone();
            }
            if value.is_null() {
                return Err(of_type(Failure::new("null can't be put into a text")));
            }
            marks = marks.with(value.marks);
            if !value.is_known() {
                unknown.get_or_insert(value);
                continue;
            }
            let converted = convert(value.unmarked(), &Type::String).map_err(of_type)?;
            match converted.as_str() {
                Some(more) => text.push_str(more),
                None => {
                    unknown.get_or_insert(converted);
                }
            }
            if text.len() > functions::MAX_TEXT {
                return Ok(Value::unknown(Type::String, "a text longer than is followed").not_null().with_marks(marks));
            }
        }
        self.tree.made(text.len());
        let value = match unknown {
            Some(unknown) => unknown.unknown_as(Type::String).unmarked().not_null(),
            None => Value::string(text),
        };
        Ok(self.computed(value.with_marks(marks), span, from))
    }

    fn join(&self, each: &Expression, span: Span) -> Evaluated {
        let texts = self.value(each)?;
        let marks = texts.all_marks();
        if let Some(unknown) = texts.first_unknown() {
            return Ok(Value::unknown(Type::String, unknown.reason.clone()).with_marks(marks));
        }
        let mut text = String::new();
        for item in texts.as_items().into_iter().flat_map(|items| items.iter()) {
            text.push_str(item.as_str().unwrap_or_default());
            if text.len() > functions::MAX_TEXT {
                return Ok(Value::unknown(Type::String, "a text longer than is followed").with_marks(marks));
            }
        }
        self.tree.made(text.len());
        Ok(self.written(Value::string(text).with_marks(marks), span))
    }

    fn object(&self, items: &[(Key, Expression)], span: Span) -> Evaluated {
        let mut entries = Entries::new();
        let (mut marks, mut unknown) = (Marks::NONE, None);
        let key_of = |key: &Key| match key {
            Key::Word(word) => Ok(Value::string(word)),
            Key::Ambiguous(_) => Failure::err("a reference as a key needs parentheses"),
            Key::Computed(key) => self.value(key),
        };
        let pairs: Vec<(Evaluated, Evaluated)> =
            items.iter().map(|(key, value)| (key_of(key), self.value(value))).collect();
        if pairs.iter().any(|(key, value)| key.is_err() || value.is_err()) {
            // What the object is of where an attribute fails; nothing where that can't be told.
            let ty = |(key, value): &(Evaluated, Evaluated)| {
                Some((Arc::from(key.as_ref().ok().and_then(Value::as_str)?), type_of(value)?))
            };
            let types: Option<Vec<(Arc<str>, Type)>> = pairs.iter().map(ty).collect();
            let failure = pairs.into_iter().find_map(|(key, value)| key.err().or_else(|| value.err()));
            let failure = failure.unwrap_or_else(|| Failure::new("an attribute fails"));
            return Err(match types {
                Some(types) => failure.of_type(Type::object(types)),
                None => failure.of_some_type(),
            });
        }
        for (key, value) in pairs.into_iter().filter_map(|(key, value)| Some((key.ok()?, value.ok()?))) {
            if key.is_null() {
                return Failure::err("null can't be a key");
            }
            marks = marks.with(key.marks);
            let key = convert(key.unmarked(), &Type::String)?;
            match &key.data {
                Data::String(name) => {
                    entries.insert(name.clone(), value);
                }
                _ => {
                    unknown.get_or_insert(key);
                }
            }
        }
        let value = match unknown {
            Some(unknown) => unknown.unknown_as(Type::Any).not_null(),
            None => self.bounded(Data::Object(Arc::new(entries)).into()),
        };
        Ok(self.written(value.with_marks(marks), span))
    }
}

/// The type that an element has, also one that fails: there it is open. `None` where it is not known.
pub(super) fn type_of(result: &Evaluated) -> Option<Type> {
    match result {
        Ok(value) => Some(value.ty()),
        Err(failure) if failure.exact && failure.ty == Type::Any => Some(Type::Null),
        Err(failure) if failure.exact => Some(failure.ty.clone()),
        Err(_) => None,
    }
}

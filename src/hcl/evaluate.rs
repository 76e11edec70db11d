//! Expressions become values.

mod call;
mod each;

use std::sync::Arc;

use super::convert::{convert, to_common};
use super::failure::{Evaluated, Failure};
use super::functions;
use super::operator::{self, get_attribute, index};
use super::syntax::{Expression, Key, Kind, Span, Step};
use super::tree::{ModuleId, Tree};
use super::types::{ObjectType, Type};
use super::unify::{opened, unify};
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
            return Ok(Value::unknown(Type::Any, "more is to be computed than is followed"));
        }
        let value = self.kind(expression);
        self.tree.leave();
        value.map_err(|mut failure| {
            match &expression.kind {
                // Operators keep their type, and conditionals know theirs.
                Kind::Unary(..) | Kind::Binary(..) | Kind::Group(_) | Kind::Conditional(_) | Kind::Traversal(..) => {}
                // What comes of a call that fails is open.
                Kind::Call(_) | Kind::Name(_) | Kind::Literal(_) | Kind::NotFollowed(_) | Kind::Item => {
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
            Kind::NotFollowed(why) => Ok(Value::unknown(Type::Any, *why)),
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
                let (left, right) = (left.map_err(of_type)?, right.map_err(of_type)?);
                let from = left.origin.clone().or_else(|| right.origin.clone());
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
            Some(place) => Some(Arc::new(Origin { place, from })),
            None => from,
        };
        value
    }

    fn traversal(&self, source: &Expression, steps: &[Step], span: Span) -> Evaluated {
        let (value, rest) = match &source.kind {
            Kind::Name(name) => match self.frame.and_then(|frame| frame.find(name)) {
                Some(value) => (value.clone(), steps),
                None if self.template => return Failure::err(format!("there is no variable {name:?} here")),
                None => self.reference(name, steps)?,
            },
            _ => (self.value(source).map_err(|failure| part_of_failed(failure, steps))?, steps),
        };
        let value = self.steps(value, rest).map_err(|failure| failure.of_type(Type::Any))?;
        Ok(match self.place(span) {
            Some(place) => value.through(place),
            None => value,
        })
    }

    fn steps(&self, mut value: Value, steps: &[Step]) -> Evaluated {
        for step in steps {
            let part = match step {
                Step::Attribute(name) => match value.identity() {
                    Some(identity) if identity.is_instance() => {
                        self.tree.attribute(identity, name)?.with_marks(value.marks)
                    }
                    // With a dot too, an instance is taken by its key.
                    Some(identity) if identity.attribute.is_empty() => index(&value, Value::string(name))?,
                    _ => get_attribute(&value, name)?,
                },
                Step::Index(key) => {
                    let key = self.value(key)?;
                    match value.identity().cloned() {
                        // Brackets with a name take an attribute of an instance.
                        Some(identity) if identity.is_instance() => match key.as_str() {
                            Some(name) => self.tree.attribute(&identity, name)?.with_marks(value.marks),
                            None => index(&value, key)?,
                        },
                        _ => index(&value, key)?,
                    }
                }
            };
            value = part.part_of(&value);
        }
        Ok(value)
    }

    /// What a name of the language stands for, and the steps that are left.
    fn reference<'s>(&self, root: &str, steps: &'s [Step]) -> Result<(Value, &'s [Step]), Box<Failure>> {
        let name = |at: usize| match steps.get(at) {
            Some(Step::Attribute(name)) => Some(name.as_ref()),
            Some(Step::Index(_)) | None => None,
        };
        let rest = |count: usize| steps.get(count..).unwrap_or_default();
        let needs = |what: &str| Failure::err(format!("{root} must be followed by a dot and {what}"));
        match root {
            "var" => match name(0) {
                Some(variable) => Ok((self.tree.variable(self.module, variable)?, rest(1))),
                None => needs("the name of a variable"),
            },
            "local" => match name(0) {
                Some(local) => Ok((self.tree.local(self.module, local)?, rest(1))),
                None => needs("the name of a local value"),
            },
            "module" => match name(0) {
                Some(call) => self.module_reference(call, rest(1)),
                None => needs("the name of a module call"),
            },
            "data" | "resource" | "ephemeral" => match (name(0), name(1)) {
                (Some(kind), Some(resource)) => {
                    let mode = if root == "resource" { "managed" } else { root };
                    Ok((self.tree.resource(self.module, mode, kind, resource)?, rest(2)))
                }
                _ => needs("a type and a name"),
            },
            "each" => match (self.repetition, name(0)) {
                (Some(Repetition::Each(key, _)), Some("key")) => Ok((key.clone(), rest(1))),
                (Some(Repetition::Each(_, value)), Some("value")) => Ok((value.clone(), rest(1))),
                _ => Failure::err("each.key and each.value are there only in a block with for_each"),
            },
            "count" => match (self.repetition, name(0)) {
                (Some(Repetition::Count(index)), Some("index")) => Ok((index.clone(), rest(1))),
                _ => Failure::err("count.index is there only in a block with count"),
            },
            "path" => match name(0) {
                Some(which @ ("module" | "root" | "cwd")) => Ok((self.tree.path(self.module, which), rest(1))),
                _ => needs("module, root or cwd"),
            },
            "terraform" | "tofu" => match name(0) {
                Some("workspace") => Ok((self.tree.workspace(), rest(1))),
                Some("applying") => {
                    Ok((Value::unknown(Type::Bool, "known when it runs").with_marks(Marks::EPHEMERAL), rest(1)))
                }
                _ => needs("workspace"),
            },
            "self" => Ok((Value::unknown(Type::Any, "self is known after apply"), steps)),
            kind => match name(0) {
                Some(resource) => Ok((self.tree.resource(self.module, "managed", kind, resource)?, rest(1))),
                None => Err(Failure::new(format!("{kind:?} is no name that is known here")).everywhere()),
            },
        }
    }

    /// An output of a module call, so that only this one has to be computed, or all of them.
    fn module_reference<'s>(&self, call: &str, steps: &'s [Step]) -> Result<(Value, &'s [Step]), Box<Failure>> {
        let (key, taken) = match steps.first() {
            Some(Step::Index(key)) => (Some(self.value(key)?), 1),
            Some(Step::Attribute(_)) | None => (None, 0),
        };
        let output = match steps.get(taken) {
            Some(Step::Attribute(name)) => Some(name.as_ref()),
            Some(Step::Index(_)) | None => None,
        };
        match self.tree.module_output(self.module, call, key.as_ref(), output)? {
            Some(value) => Ok((value, steps.get(taken + 1..).unwrap_or_default())),
            None => Ok((self.tree.module_value(self.module, call)?, steps)),
        }
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
        let (mut marks, mut unknown, mut failed) = (Marks::NONE, None, None);
        // What the object is of where an attribute fails; nothing where that can't be told.
        let mut types: Option<Vec<(Arc<str>, Type)>> = Some(Vec::new());
        for (key, expression) in items {
            let key = match key {
                Key::Word(word) => Ok(Value::string(word)),
                Key::Ambiguous => Failure::err("a reference as a key needs parentheses"),
                Key::Computed(key) => self.value(key),
            };
            let value = self.value(expression);
            match (key.as_ref().ok().and_then(Value::as_str), type_of(&value), &mut types) {
                (Some(name), Some(ty), Some(types)) => types.push((name.into(), ty)),
                (_, _, types) => *types = None,
            }
            let (key, value) = match (key, value) {
                (Ok(key), Ok(value)) => (key, value),
                (Err(failure), _) | (_, Err(failure)) => {
                    failed.get_or_insert(failure);
                    continue;
                }
            };
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
        if let Some(failure) = failed {
            return Err(match types {
                Some(types) => failure.of_type(Type::object(types)),
                None => failure.of_some_type(),
            });
        }
        let value = match unknown {
            Some(unknown) => unknown.unknown_as(Type::Any).not_null(),
            None => self.bounded(Data::Object(Arc::new(entries)).into()),
        };
        Ok(self.written(value.with_marks(marks), span))
    }

    fn conditional(&self, parts: &[Expression; 3]) -> Evaluated {
        let [condition, yes, no] = parts;
        let (yes, no) = (self.value(yes), self.value(no));
        // What is not declared is refused, whichever branch is taken.
        for branch in [&yes, &no] {
            if let Err(failure) = branch
                && failure.everywhere
            {
                return Err(failure.clone());
            }
        }
        let ty = |branch: &Evaluated| match branch {
            Ok(value) => value.ty(),
            Err(failure) => failure.ty.clone(),
        };
        let vague = |branch: &Evaluated| branch.as_ref().is_err_and(|failure| !failure.exact);
        let vague = vague(&yes) || vague(&no);
        let in_parts = |branch: &Evaluated| branch.as_ref().is_err_and(|failure| !failure.ty.is_primitive());
        let (yes_type, no_type) = (ty(&yes), ty(&no));
        let same = yes_type == no_type;
        let has_any = |branch: &Evaluated, ty: &Type| ty.has_any() && !(branch.is_err() && *ty == Type::Any);
        let had_any = yes_type.has_any() || no_type.has_any();
        let may_be_any = has_any(&yes, &yes_type) || has_any(&no, &no_type);
        // What an error leaves open is open for Terraform too; an unknown value may have a type that it knows.
        let open = |branch: &Evaluated, ty: &Type| *ty == Type::Any && branch.is_err();
        let types = [yes_type.clone(), no_type.clone()];
        let common = if yes_type == Type::Null {
            no_type
        } else if no_type == Type::Null {
            yes_type
        } else if open(&yes, &yes_type) || open(&no, &no_type) {
            Type::Null
        } else {
            match unify(&[yes_type, no_type]) {
                Some(common) => common,
                // A branch that fails may be of another type than is known here, or hold parts of any.
                None if vague || in_parts(&yes) || in_parts(&no) => Type::Any,
                None => return Err(Failure::new("the two results have no type in common").of_type(Type::Any)),
            }
        };
        let of_one = is_of_one(&common, &types);
        let placeholder = || if common == Type::Null { Type::Any } else { common.clone() };
        let marks_of = |branch: &Evaluated| branch.as_ref().map_or(Marks::NONE, |value| value.marks);
        let marks = marks_of(&yes).with(marks_of(&no));
        let of_common = |failure: Box<Failure>| match vague || may_be_any {
            true => failure.of_some_type(),
            false => failure.of_type(placeholder()),
        };
        let condition = self.value(condition).map_err(of_common)?;
        if condition.is_null() {
            return Err(of_common(Failure::new("the condition is null")));
        }
        let marks = marks.with(condition.marks);
        let condition = convert(condition.unmarked(), &Type::Bool).map_err(of_common)?;
        let Some(holds) = condition.as_bool() else {
            let both_null = matches!((&yes, &no), (Ok(a), Ok(b)) if a.is_null() && b.is_null());
            if both_null {
                return Ok(Value::from(Data::Null(common)).with_marks(marks));
            }
            let never_null = matches!((&yes, &no), (Ok(a), Ok(b)) if is_not_null(a) && is_not_null(b));
            let unknown = condition.unknown_as(placeholder()).with_marks(marks);
            return Ok(if never_null { unknown.not_null() } else { unknown });
        };
        // Beside what is open, what is chosen keeps its own type.
        let of_chosen = |failure: Box<Failure>| if common == Type::Null { failure } else { of_common(failure) };
        let chosen = if holds { yes } else { no }.map_err(of_chosen)?;
        // An empty collection of anything stays that beside what it could have the type of, which keeps its own elements.
        let stays = |ty: &Type| ty.element() == Some(&Type::Null) && opened(ty) == common;
        if !vague && !had_any && types.iter().any(stays) && (stays(&chosen.ty()) || is_even(&chosen.ty())) {
            let chosen_marks = chosen.marks.with(marks);
            return Ok(convert(chosen, &common)?.with_marks(chosen_marks));
        }
        if vague || (common.has_any() && !had_any && !of_one) {
            let why = "its type depends on that of the branch that is not taken, which is not known";
            let unknown = match is_not_null(&chosen) {
                true => chosen.unknown_because(Type::Any, why),
                false => Value { marks: chosen.marks, origin: chosen.origin.clone(), ..Value::unknown(Type::Any, why) },
            };
            return Ok(unknown.with_marks(marks));
        }
        let chosen_marks = chosen.marks.with(marks);
        let value = match () {
            () if common == Type::Null => chosen,
            () if of_one => convert(chosen, &common)?,
            () => to_common(chosen, &common)?,
        };
        if common.has_any() && !same && !of_one && value.has_open_collection() {
            let unknown = value.unknown_because(common, "the type of its elements depends on one that is not known");
            return Ok(unknown.with_marks(chosen_marks));
        }
        Ok(value.with_marks(chosen_marks))
    }
}

/// Whether all parts of a common type that may be of anything are elements of sets that one of the two types has like that,
/// or stand for a null and something else: there, what is chosen keeps what it is.
fn is_of_one(common: &Type, types: &[Type; 2]) -> bool {
    if !common.has_any() {
        return true;
    }
    match (common, types) {
        (Type::Any, [Type::Null, other] | [other, Type::Null]) => *other != Type::Null && !other.has_any(),
        (Type::Set(_), types) => types.iter().any(|ty| !ty.has_any() && opened(ty) == *common),
        (Type::Tuple(items), [Type::Tuple(a), Type::Tuple(b)]) => {
            let pairs = a.iter().zip(b.iter()).map(|(a, b)| [a.clone(), b.clone()]);
            items.iter().zip(pairs).all(|(common, types)| is_of_one(common, &types))
        }
        (Type::Object(object), [Type::Object(a), Type::Object(b)]) => {
            let of = |ty: &ObjectType, name: &str| ty.attributes.get(name).cloned().unwrap_or(Type::Any);
            object.attributes.iter().all(|(name, common)| is_of_one(common, &[of(a, name), of(b, name)]))
        }
        _ => false,
    }
}

/// Whether all parts of a structure are of one type.
fn is_even(ty: &Type) -> bool {
    let even = |mut parts: &mut dyn Iterator<Item = &Type>| {
        let first = parts.next();
        (&mut parts).all(|part| Some(part) == first)
    };
    match ty {
        Type::Tuple(items) => even(&mut items.iter()),
        Type::Object(object) => even(&mut object.attributes.values()),
        _ => false,
    }
}

/// The failure of a part of what fails: of the type that the part has.
fn part_of_failed(failure: Box<Failure>, steps: &[Step]) -> Box<Failure> {
    let mut ty = failure.ty.clone();
    for step in steps {
        ty = match (step, &ty) {
            (_, Type::Any) => Type::Any,
            (Step::Attribute(name), Type::Object(object)) => match object.attributes.get(name) {
                Some(Type::Null) => Type::Any,
                Some(ty) => ty.clone(),
                None => return failure.of_some_type(),
            },
            (Step::Index(Expression { kind: Kind::Literal(index), .. }), Type::Tuple(items)) => {
                match index.as_number().and_then(|n| n.to_usize()).and_then(|index| items.get(index)) {
                    Some(Type::Null) => Type::Any,
                    Some(ty) => ty.clone(),
                    None => return failure.of_some_type(),
                }
            }
            _ => return failure.of_some_type(),
        };
    }
    if failure.exact { failure.of_type(ty) } else { failure }
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

fn is_not_null(value: &Value) -> bool {
    match &value.data {
        Data::Unknown(unknown) => unknown.not_null,
        Data::Null(_) => false,
        _ => true,
    }
}

//! Type constraints of variables, with the defaults of optional attributes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::convert::{convert, to_common};
use super::failure::{Evaluated, Failure};
use super::syntax::{Expression, Key, Kind};
use super::types::{ObjectType, Type};
use super::unify::unify;
use super::value::{Data, Entries, Value};

/// A type constraint.
#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub(super) ty: Type,
    defaults: Defaults,
}

/// Defaults of optional attributes, wherever in the type they are.
#[derive(Debug, Clone, Default)]
struct Defaults {
    /// Of the attributes of this object.
    values: BTreeMap<Arc<str>, Value>,
    /// By attribute, by position in a tuple, or under the empty name for the elements of a collection.
    children: BTreeMap<Arc<str>, Defaults>,
    of_object: bool,
    of_tuple: bool,
}

impl Defaults {
    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.children.is_empty()
    }

    fn child(&self, key: &str) -> Option<&Defaults> {
        self.children.get(key)
    }
}

impl Constraint {
    /// Any type.
    pub(super) fn any() -> Constraint {
        Constraint { ty: Type::Any, defaults: Defaults::default() }
    }

    /// Another type, with these defaults of optional attributes.
    pub(super) fn of_type(self, ty: Type) -> Constraint {
        Constraint { ty, ..self }
    }

    /// Reads a type expression. `literal` gives the value of a default.
    ///
    /// # Errors
    /// What is no type.
    pub(super) fn read(
        expression: &Expression,
        literal: &dyn Fn(&Expression) -> Evaluated,
    ) -> Result<Constraint, Box<Failure>> {
        // The forms of old versions, which stand alone only.
        if let Kind::Name(name) = &expression.kind
            && let Some(ty) = match name.as_ref() {
                "list" => Some(Type::list(Type::Any)),
                "map" => Some(Type::map(Type::Any)),
                _ => None,
            }
        {
            return Ok(Constraint { ty, defaults: Defaults::default() });
        }
        let (ty, defaults) = read(expression, literal)?;
        Ok(Constraint { ty, defaults })
    }

    /// The value as one of this type, defaults filled in.
    ///
    /// # Errors
    /// It can't be converted.
    pub(super) fn apply(&self, value: Value) -> Evaluated {
        convert(filled(&self.defaults, value), &self.ty)
    }
}

fn read(expression: &Expression, literal: &dyn Fn(&Expression) -> Evaluated) -> Result<(Type, Defaults), Box<Failure>> {
    let simple = |ty: Type| Ok((ty, Defaults::default()));
    let wrong = || {
        Failure::err("expected a type: string, number, bool, any, list(…), set(…), map(…), object({…}) or tuple([…])")
    };
    match &expression.kind {
        Kind::Group(inner) => read(inner, literal),
        Kind::Name(name) => match name.as_ref() {
            "string" => simple(Type::String),
            "number" => simple(Type::Number),
            "bool" => simple(Type::Bool),
            "any" => simple(Type::Any),
            _ => wrong(),
        },
        Kind::Call(call) => {
            let [argument] = call.arguments.as_slice() else { return wrong() };
            match (call.name.as_ref(), &argument.kind) {
                ("list" | "set" | "map", _) => {
                    let (element, defaults) = read(argument, literal)?;
                    let ty = match call.name.as_ref() {
                        "list" => Type::list(element),
                        "set" => Type::set(element),
                        _ => Type::map(element),
                    };
                    Ok((ty, with_child(Defaults::default(), "", defaults)))
                }
                ("tuple", Kind::Tuple(items)) => {
                    let mut types = Vec::new();
                    let mut all = Defaults { of_tuple: true, ..Defaults::default() };
                    for (index, item) in items.iter().enumerate() {
                        let (ty, defaults) = read(item, literal)?;
                        types.push(ty);
                        all = with_child(all, &index.to_string(), defaults);
                    }
                    Ok((Type::Tuple(types.into()), all))
                }
                ("object", Kind::Object(items)) => object(items, literal),
                _ => wrong(),
            }
        }
        _ => wrong(),
    }
}

fn with_child(mut defaults: Defaults, key: &str, child: Defaults) -> Defaults {
    if !child.is_empty() {
        defaults.children.insert(key.into(), child);
    }
    defaults
}

fn object(
    items: &[(Key, Expression)],
    literal: &dyn Fn(&Expression) -> Evaluated,
) -> Result<(Type, Defaults), Box<Failure>> {
    let (mut attributes, mut optional) = (BTreeMap::new(), BTreeSet::new());
    let mut all = Defaults { of_object: true, ..Defaults::default() };
    for (key, expression) in items {
        let name: Arc<str> = match key {
            Key::Word(word) => word.clone(),
            Key::Computed(key) => match key.as_text() {
                Some(text) => text.into(),
                None => return Failure::err("the name of an attribute must be written"),
            },
            Key::Ambiguous(_) => return Failure::err("the name of an attribute must be a word"),
        };
        let inner = match &expression.kind {
            Kind::Call(call) if &*call.name == "optional" => {
                optional.insert(name.clone());
                match call.arguments.as_slice() {
                    [ty] => (ty, None),
                    [ty, default] => (ty, Some(default)),
                    _ => return Failure::err("optional() takes a type and perhaps a default"),
                }
            }
            _ => (expression, None),
        };
        let (ty, defaults) = read(inner.0, literal)?;
        if let Some(default) = inner.1 {
            all.values.insert(name.clone(), convert(literal(default)?, &ty)?);
        }
        all = with_child(all, &name, defaults);
        attributes.insert(name, ty);
    }
    Ok((Type::Object(Arc::new(ObjectType { attributes, optional })), all))
}

/// The value with the defaults of missing and null attributes.
fn filled(defaults: &Defaults, value: Value) -> Value {
    if defaults.is_empty() {
        return value;
    }
    let item = |index: usize, item: &Value| {
        let key = if defaults.of_tuple { index.to_string() } else { String::new() };
        match defaults.child(&key) {
            Some(child) => filled(child, item.clone()),
            None => item.clone(),
        }
    };
    let common = |items: Vec<Value>| -> Result<(Type, Vec<Value>), Vec<Value>> {
        let types: Vec<Type> = items.iter().map(Value::ty).collect();
        let Some(common) = unify(&types) else { return Err(items) };
        let converted: Result<Vec<Value>, _> = items.iter().map(|v| to_common(v.clone(), &common)).collect();
        converted.map_or(Err(items), |converted| Ok((common, converted)))
    };
    let data = match &value.data {
        Data::Tuple(items) => Data::Tuple(Arc::new(items.iter().enumerate().map(|(i, v)| item(i, v)).collect())),
        Data::List(_, items) if !items.is_empty() => {
            match common(items.iter().enumerate().map(|(i, v)| item(i, v)).collect()) {
                Ok((element, items)) => Data::List(element, Arc::new(items)),
                Err(items) => Data::Tuple(Arc::new(items)),
            }
        }
        Data::Set(_, items) if !items.is_empty() => {
            match common(items.iter().enumerate().map(|(i, v)| item(i, v)).collect()) {
                Ok((element, items)) => Value::set(element, items).data,
                Err(items) => Data::Tuple(Arc::new(items)),
            }
        }
        Data::Map(_, entries) => {
            let entries = attributes(defaults, entries);
            let (names, values): (Vec<Arc<str>>, Vec<Value>) = entries.clone().into_iter().unzip();
            match common(values) {
                Ok((element, values)) => Data::Map(element, Arc::new(names.into_iter().zip(values).collect())),
                Err(_) => Data::Object(Arc::new(entries)),
            }
        }
        Data::Object(entries) => Data::Object(Arc::new(attributes(defaults, entries))),
        Data::List(..)
        | Data::Set(..)
        | Data::Unknown(_)
        | Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::String(_) => return value,
    };
    Value { data, ..value }
}

fn attributes(defaults: &Defaults, entries: &Entries) -> Entries {
    let child = |name: &str| defaults.child(if defaults.of_object { name } else { "" });
    let inner = |(name, value): (&Arc<str>, &Value)| {
        let value = match child(name) {
            Some(child) => filled(child, value.clone()),
            None => value.clone(),
        };
        (name.clone(), value)
    };
    let mut filled_in: Entries = entries.iter().map(inner).collect();
    for (name, default) in &defaults.values {
        let missing = match filled_in.get(name) {
            None => true,
            Some(value) => value.is_null(),
        };
        if missing {
            let value = match defaults.child(name) {
                Some(child) => filled(child, default.clone()),
                None => default.clone(),
            };
            filled_in.insert(name.clone(), value);
        }
    }
    filled_in
}

//! Functions of types and marks.

use super::super::convert::convert;
use super::super::failure::{Evaluated, Failure};
use super::super::types::Type;
use super::super::value::{Data, Marks, Value};
use super::{Body, Function, Kind, Parameter};

/// A function that takes one value of any kind, as it is.
const fn of_value(name: &'static str, returns: Kind, body: fn(&[Value]) -> Evaluated) -> Function {
    const VALUE: &[Parameter] = &[Parameter::new("value", Kind::Any).or_null().or_unknown().or_marked()];
    Function { name, parameters: VALUE, variadic: None, returns, body: Body::Pure(body) }
}

pub(super) const FUNCTIONS: &[Function] = &[
    of_value("ephemeralasnull", Kind::Any, |arguments| of_one(arguments, |value| Ok(ephemeral_as_null(value)))),
    of_value("issensitive", Kind::Bool, |arguments| of_one(arguments, |value| Ok(is_sensitive(&value)))),
    of_value("nonsensitive", Kind::Any, |arguments| of_one(arguments, |value| Ok(not_sensitive(value)))),
    of_value("sensitive", Kind::Any, |arguments| of_one(arguments, |value| Ok(value.with_marks(Marks::SENSITIVE)))),
    of_value("tobool", Kind::Bool, |arguments| to(arguments, Kind::Bool)),
    of_value("tolist", Kind::ListOfAny, |arguments| to(arguments, Kind::ListOfAny)),
    of_value("tomap", Kind::MapOfAny, |arguments| to(arguments, Kind::MapOfAny)),
    of_value("tonumber", Kind::Number, |arguments| to(arguments, Kind::Number)),
    of_value("toset", Kind::SetOfAny, |arguments| to(arguments, Kind::SetOfAny)),
    of_value("tostring", Kind::String, |arguments| to(arguments, Kind::String)),
];

fn of_one(arguments: &[Value], change: fn(Value) -> Evaluated) -> Evaluated {
    match arguments {
        [value] => change(value.clone()),
        _ => Failure::err("one argument is required"),
    }
}

/// The value converted.
fn to(arguments: &[Value], kind: Kind) -> Evaluated {
    match arguments {
        [value] => convert(value.clone(), &kind.ty()),
        _ => Failure::err("one argument is required"),
    }
}

/// The value without the mark; marks of its elements stay.
fn not_sensitive(value: Value) -> Value {
    let marks = Marks { sensitive: false, ..value.marks };
    Value { marks, ..value }
}

/// Whether the value is marked; its elements don't count. An unknown value may be marked later.
fn is_sensitive(value: &Value) -> Value {
    if value.marks.sensitive {
        return true.into();
    }
    match value.is_known() {
        true => false.into(),
        false => value.unknown_as(Type::Bool).unmarked().not_null(),
    }
}

/// The value with null in place of whatever is ephemeral.
fn ephemeral_as_null(value: Value) -> Value {
    if !value.marks.ephemeral {
        return match value.all_marks().ephemeral {
            true => value.map_parts(&ephemeral_as_null),
            false => value,
        };
    }
    let marks = Marks { ephemeral: false, ..value.marks };
    let data = match &value.data {
        // It may become null of a type that is not known yet.
        Data::Unknown(unknown) => Value::unknown(unknown.ty.clone(), unknown.reason.clone()).data,
        _ => Data::Null(value.ty()),
    };
    Value { data, marks, ..value }
}

//! Functions of lists, maps and sets.

mod choice;
mod list;
mod map;
mod search;
mod set;

use super::super::failure::{Evaluated, Failure};
use super::super::types::Type;
use super::super::value::{Data, Unknown, Value};
use super::{Body, Function, Kind, Parameter};

const fn any(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::Any)
}

/// A function that is computed from its arguments.
const fn pure(
    name: &'static str,
    parameters: &'static [Parameter],
    variadic: Option<Parameter>,
    returns: Kind,
    body: fn(&[Value]) -> Evaluated,
) -> Function {
    Function { name, parameters, variadic, returns, body: Body::Pure(body) }
}

const LIST: Parameter = any("list");
const MARKED_LIST: Parameter = LIST.or_marked();
const SET: Parameter = Parameter::new("set", Kind::SetOfAny);
const OPEN: Parameter = any("values").or_null().or_unknown();

const TRUTHS: &[Parameter] = &[Parameter::new("list", Kind::ListOfBool)];
const CHUNKLIST: &[Parameter] =
    &[Parameter::new("list", Kind::ListOfAny).or_marked(), Parameter::new("size", Kind::Number).or_marked()];
const COMPACT: &[Parameter] = &[Parameter::new("list", Kind::ListOfString)];
const SEARCH: &[Parameter] = &[LIST, any("value")];
const DISTINCT: &[Parameter] = &[Parameter::new("list", Kind::ListOfAny)];
const ELEMENT: &[Parameter] = &[MARKED_LIST.or_unknown(), Parameter::new("index", Kind::Number).or_unknown()];
const FLATTEN: &[Parameter] = &[MARKED_LIST];
const KEYS: &[Parameter] = &[any("map").or_unknown().or_marked()];
const LENGTH: &[Parameter] = &[any("value").or_unknown().or_marked()];
const LOOKUP: &[Parameter] =
    &[any("map").or_unknown().or_marked(), Parameter::new("key", Kind::String).or_unknown().or_marked()];
const MATCHKEYS: &[Parameter] = &[
    Parameter::new("values", Kind::ListOfAny),
    Parameter::new("keys", Kind::ListOfAny),
    Parameter::new("searchset", Kind::ListOfAny),
];
const ONE: &[Parameter] = &[LIST.or_unknown()];
const SLICE: &[Parameter] = &[MARKED_LIST, Parameter::new("start", Kind::Number), Parameter::new("end", Kind::Number)];
const SORT: &[Parameter] = &[Parameter::new("list", Kind::ListOfString).or_unknown()];
const TRANSPOSE: &[Parameter] = &[Parameter::new("map", Kind::MapOfListOfString)];
const VALUES: &[Parameter] = &[any("map").or_marked()];
const ZIPMAP: &[Parameter] = &[Parameter::new("keys", Kind::ListOfString).or_marked(), any("values").or_marked()];

pub(super) const FUNCTIONS: &[Function] = &[
    pure("alltrue", TRUTHS, None, Kind::Bool, choice::all_true),
    pure("anytrue", TRUTHS, None, Kind::Bool, choice::any_true),
    pure("chunklist", CHUNKLIST, None, Kind::ListOfAny, list::chunklist),
    pure("coalesce", &[], Some(OPEN), Kind::Any, choice::coalesce),
    pure("coalescelist", &[], Some(OPEN), Kind::Any, choice::coalescelist),
    pure("compact", COMPACT, None, Kind::ListOfString, list::compact),
    pure("concat", &[], Some(any("lists").or_marked()), Kind::Any, list::concat),
    pure("contains", SEARCH, None, Kind::Bool, search::contains),
    pure("distinct", DISTINCT, None, Kind::ListOfAny, search::distinct),
    pure("element", ELEMENT, None, Kind::Any, list::element),
    pure("flatten", FLATTEN, None, Kind::Any, list::flatten),
    pure("index", SEARCH, None, Kind::Number, search::index),
    pure("keys", KEYS, None, Kind::Any, map::keys),
    pure("length", LENGTH, None, Kind::Number, choice::length),
    pure("list", &[], Some(OPEN), Kind::Any, list::list),
    pure("lookup", LOOKUP, Some(any("default").or_null().or_unknown().or_marked()), Kind::Any, map::lookup),
    pure("map", &[], Some(OPEN), Kind::Any, map::map),
    pure("matchkeys", MATCHKEYS, None, Kind::ListOfAny, search::matchkeys),
    pure("merge", &[], Some(any("maps").or_null().or_marked()), Kind::Any, map::merge),
    pure("one", ONE, None, Kind::Any, choice::one),
    pure("range", &[], Some(Parameter::new("limits", Kind::Number)), Kind::ListOfNumber, list::range),
    pure("reverse", &[MARKED_LIST], None, Kind::Any, list::reverse),
    pure("setintersection", &[SET], Some(SET), Kind::SetOfAny, set::intersection),
    pure("setproduct", &[], Some(any("sets").or_unknown().or_marked()), Kind::Any, set::product),
    pure("setsubtract", &[SET, SET], None, Kind::SetOfAny, set::subtract),
    pure("setunion", &[SET], Some(SET), Kind::SetOfAny, set::union),
    pure("slice", SLICE, None, Kind::Any, list::slice),
    pure("sort", SORT, None, Kind::ListOfString, list::sort),
    pure("transpose", TRANSPOSE, None, Kind::MapOfListOfString, map::transpose),
    pure("values", VALUES, None, Kind::Any, map::values),
    pure("zipmap", ZIPMAP, None, Kind::Any, map::zipmap),
];

/// What a function gives whose arguments are not of the kinds that it declares.
fn unexpected() -> Evaluated {
    Failure::err("the arguments don't fit")
}

/// A result that is not known since something in `cause` is not known; it is not null.
fn not_known(ty: Type, cause: &Value) -> Value {
    cause.unknown_as(ty).unmarked().not_null()
}

/// A result that depends on a type that is not known.
fn type_not_known(ty: Type) -> Value {
    Value::unknown(ty, "the type of a value is not known").not_null()
}

/// The same value, if it is unknown, as one of a type; what it is the identity of stays.
fn retyped(value: &Value, ty: Type) -> Value {
    match &value.data {
        Data::Unknown(unknown) => {
            let unknown = Unknown { ty, ..unknown.as_ref().clone() };
            Value { data: Data::Unknown(unknown.into()), ..value.clone() }
        }
        _ => Value { origin: value.origin.clone(), ..type_not_known(ty).with_marks(value.marks) },
    }
}

/// The elements of a known list, set or tuple, each with where the whole came from.
fn parts(whole: &Value) -> impl Iterator<Item = Value> {
    whole.as_items().into_iter().flat_map(|items| items.iter()).map(|item| item.clone().part_of(whole))
}

/// The whole number that an argument is.
fn whole(value: &Value, name: &str) -> Result<i64, Box<Failure>> {
    match value.as_number().and_then(super::super::number::Number::to_i64) {
        Some(number) => Ok(number),
        None => Failure::err(format!("{name} must be a whole number of at most 64 bits")),
    }
}

/// A list of a part of what another has. Where it is empty and the type of the elements is not known, neither is the list:
/// an empty list of any type is a type of its own.
fn list_of(element: &Type, items: Vec<Value>, source: &Value) -> Value {
    if items.is_empty() && element.has_any() && source.length() != Some(0) {
        return type_not_known(Type::list(element.clone()));
    }
    Value::list(element.clone(), items)
}

#[cfg(test)]
mod tests;

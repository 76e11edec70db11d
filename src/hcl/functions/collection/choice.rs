//! Functions that choose among values, or say how many there are.

use super::super::super::convert::to_common;
use super::super::super::failure::{Evaluated, Failure};
use super::super::super::types::Type;
use super::super::super::unify::unify;
use super::super::super::value::{Data, Value};
use super::super::graphemes;
use super::{not_known, type_not_known, unexpected};

/// Whether all bools of a list are true; null is not.
pub(super) fn all_true(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    for item in list.as_items().into_iter().flat_map(|items| items.iter()) {
        match &item.data {
            Data::Bool(true) => {}
            // Also where a false comes behind it.
            Data::Unknown(_) => return Ok(not_known(Type::Bool, item)),
            _ => return Ok(false.into()),
        }
    }
    Ok(true.into())
}

/// Whether one of the bools of a list is true.
pub(super) fn any_true(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    let items = || list.as_items().into_iter().flat_map(|items| items.iter());
    if items().any(|item| item.as_bool() == Some(true)) {
        return Ok(true.into());
    }
    Ok(match items().find(|item| !item.is_known()) {
        Some(unknown) => not_known(Type::Bool, unknown),
        None => false.into(),
    })
}

/// The first value that is neither null nor an empty string, as the type that all have in common.
pub(super) fn coalesce(arguments: &[Value]) -> Evaluated {
    let types: Vec<Type> = arguments.iter().map(Value::ty).collect();
    let common = if types.is_empty() { None } else { common_type(&types) };
    let Some(common) = common else { return Failure::err("all arguments must have the same type") };
    for (index, argument) in arguments.iter().enumerate() {
        let converted = match &common {
            Common::Type(common) => to_common(argument.clone(), common),
            Common::Own => Ok(argument.clone()),
        };
        // What can't be converted is passed over, as null is.
        let Ok(value) = converted else { continue };
        match &value.data {
            Data::Null(_) => {}
            Data::String(text) if text.is_empty() => {}
            Data::Unknown(unknown) => {
                let rest = arguments.get(index + 1..).unwrap_or_default();
                let last = rest.iter().all(|other| other.is_null() || other.as_str() == Some(""));
                return Ok(if unknown.not_null || last { value.not_null() } else { not_known(value.ty(), &value) });
            }
            _ => return Ok(value),
        }
    }
    Failure::err("all arguments are null or empty strings")
}

/// The type of the result of `coalesce`.
enum Common {
    /// The type that all arguments are converted to.
    Type(Type),
    /// Each has its own: beside null, structures are not converted.
    Own,
}

fn common_type(types: &[Type]) -> Option<Common> {
    let others: Vec<&Type> = types.iter().filter(|ty| **ty != Type::Null).collect();
    if others.len() < types.len() && !others.is_empty() && !types.contains(&Type::Any) {
        let primitives: Vec<Type> = others.iter().filter(|ty| ty.is_primitive()).map(|ty| (*ty).clone()).collect();
        if primitives.len() == others.len() && unify(&primitives).is_none() {
            return Some(Common::Own);
        }
        let all = |test: fn(&Type) -> bool| others.iter().all(|ty| test(ty));
        if all(|ty| matches!(ty, Type::List(_)))
            || all(|ty| matches!(ty, Type::Set(_)))
            || all(|ty| matches!(ty, Type::Map(_)))
            || all(|ty| matches!(ty, Type::Tuple(_)))
            || all(|ty| matches!(ty, Type::Object(_)))
        {
            return Some(Common::Own);
        }
    }
    unify(types).map(Common::Type)
}

/// The first list or tuple that has elements, as it is.
pub(super) fn coalescelist(arguments: &[Value]) -> Evaluated {
    if arguments.is_empty() {
        return Failure::err("at least one argument is required");
    }
    for argument in arguments {
        match (&argument.data, argument.ty()) {
            // Nothing is said of arguments behind one that is not known.
            (Data::Unknown(_), _) | (_, Type::Any) => break,
            (_, Type::List(_) | Type::Tuple(_)) => {}
            _ => return Failure::err("arguments must be lists or tuples"),
        }
    }
    for argument in arguments {
        match (&argument.data, argument.ty(), argument.length()) {
            (Data::Null(_), Type::List(_) | Type::Tuple(_), _) => {}
            (_, Type::List(_) | Type::Tuple(_), Some(0)) => {}
            (Data::List(..) | Data::Tuple(_), _, _) => return Ok(argument.clone()),
            (Data::Unknown(unknown), Type::List(_) | Type::Tuple(_), Some(_)) if unknown.not_null => {
                return Ok(argument.clone());
            }
            _ => return Ok(not_known(Type::Any, argument)),
        }
    }
    Failure::err("all arguments are null or empty")
}

/// How many characters, elements or attributes a value has.
pub(super) fn length(arguments: &[Value]) -> Evaluated {
    let [value] = arguments else { return unexpected() };
    let length = match value.ty() {
        Type::Number | Type::Bool | Type::Null => {
            return Failure::err("the argument must be a string, a collection, a tuple or an object");
        }
        Type::String => match value.as_str().map(graphemes::count) {
            Some(None) => {
                let unknown = Value::unknown(Type::Number, graphemes::NOT_FOLLOWED).not_null();
                return Ok(unknown.with_marks(value.marks));
            }
            known => known.flatten(),
        },
        Type::Any | Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) => value.length(),
    };
    Ok(match length {
        Some(length) => Value::count(length),
        None => not_known(Type::Number, value),
    }
    .with_marks(value.marks))
}

/// The only element of a list, set or tuple; null where it is empty.
pub(super) fn one(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    let refused = || Failure::err("the argument must be a list, set or tuple with at most one element");
    let element = match list.ty() {
        Type::List(element) | Type::Set(element) => element.as_ref().clone(),
        Type::Tuple(items) => match items.as_ref() {
            [] => Type::Any,
            [one] => one.clone(),
            _ => return refused(),
        },
        Type::Any => return Ok(list.unknown_as(Type::Any)),
        _ => return refused(),
    };
    match list.as_items().map(|items| items.as_slice()) {
        None => Ok(list.unknown_as(element)),
        Some([]) if element == Type::Any => Ok(Value::null()),
        Some([]) if element.has_any() => Ok(type_not_known(element)),
        Some([]) => Ok(Data::Null(element).into()),
        Some([one]) => Ok(one.clone().part_of(list)),
        Some(_) => refused(),
    }
}

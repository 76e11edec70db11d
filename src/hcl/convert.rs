//! Conversion of values to types.
//!
//! A type that is only not known here stands as [`Type::Any`]; Terraform may know it. Where its answer would depend on that
//! type, the result is unknown.

use std::sync::Arc;

use super::failure::{Evaluated, Failure};
use super::number::{Number, Parsed};
use super::types::{ObjectType, Type};
use super::unify::unify;
use super::value::{Data, Entries, Unknown, Value};

/// Why the elements of a collection are unknown that has an element of unknown type.
const SIBLING: &str = "the type of a value beside it is not known";

/// Converts a value, as for an argument of that type.
///
/// # Errors
/// The value can't be converted: Terraform refuses it.
pub fn convert(value: Value, want: &Type) -> Evaluated {
    if *want == Type::Any {
        return Ok(value);
    }
    let marks = value.marks;
    let origin = value.origin.clone();
    let converted = convert_unmarked(value.unmarked(), want)?;
    let origin = converted.origin.clone().or(origin);
    Ok(Value { origin, ..converted }.with_marks(marks))
}

fn convert_unmarked(value: Value, want: &Type) -> Evaluated {
    match &value.data {
        Data::Unknown(unknown) => {
            let Some(ty) = converted_type(&unknown.ty, want) else { return Err(mismatch(&unknown.ty, want)) };
            let length = if matches!(ty, Type::Set(_)) { None } else { unknown_length(unknown) };
            let unknown = Unknown { ty, length, ..unknown.as_ref().clone() };
            Ok(Value { data: Data::Unknown(Arc::new(unknown)), ..value })
        }
        Data::Null(ty) => match converted_type(ty, want) {
            Some(ty) => Ok(Value { data: Data::Null(ty), ..value }),
            None => Err(mismatch(ty, want)),
        },
        Data::Bool(_) | Data::Number(_) | Data::String(_) => primitive(value, want),
        Data::List(..) | Data::Set(..) | Data::Map(..) | Data::Tuple(_) | Data::Object(_) => structure(value, want),
    }
}

fn unknown_length(unknown: &Unknown) -> Option<usize> {
    match &unknown.ty {
        Type::Tuple(items) => Some(items.len()),
        Type::Object(object) => Some(object.attributes.len()),
        _ => unknown.length,
    }
}

fn mismatch(got: &Type, want: &Type) -> Box<Failure> {
    let message = match (got, want) {
        (Type::Object(got), Type::Object(want)) => {
            let missing = |name: &&Arc<str>| !got.attributes.contains_key(*name) && !want.optional.contains(*name);
            let missing: Vec<&Arc<str>> = want.attributes.keys().filter(missing).collect();
            match missing.as_slice() {
                [] => format!("{} required", Type::Object(want.clone()).name()),
                [one] => format!("attribute {one:?} is required"),
                several => format!("attributes {several:?} are required"),
            }
        }
        _ => format!("{} required, but this is {}", want.name(), got.name()),
    };
    Failure::new(message)
}

fn primitive(value: Value, want: &Type) -> Evaluated {
    let data = match (&value.data, want) {
        (Data::Bool(_), Type::Bool) | (Data::Number(_), Type::Number) | (Data::String(_), Type::String) => {
            return Ok(value);
        }
        (Data::Bool(value), Type::String) => Data::String(if *value { "true" } else { "false" }.into()),
        (Data::Number(number), Type::String) => Data::String(number.to_string().into()),
        (Data::String(text), Type::Number) => match Number::parse(text) {
            Parsed::Number(number) => Data::Number(number),
            Parsed::NoNumber => return Failure::err("a number is required"),
            Parsed::NotFollowed => {
                let unknown = Value::unknown(Type::Number, "a number of that size is not followed").not_null();
                return Ok(Value { data: unknown.data, ..value });
            }
        },
        (Data::String(text), Type::Bool) => match text.as_ref() {
            "true" | "1" => Data::Bool(true),
            "false" | "0" => Data::Bool(false),
            _ => return Failure::err("a bool is required"),
        },
        _ => return Err(mismatch(&value.ty(), want)),
    };
    Ok(Value { data, ..value })
}

/// The type that a null or unknown value of type `got` has as a `want`; `None`: there is no conversion.
pub(super) fn converted_type(got: &Type, want: &Type) -> Option<Type> {
    let all = |types: &[Type], want: &Type| types.iter().try_for_each(|ty| converted_type(ty, want).map(|_| ()));
    Some(match (got, want) {
        (_, Type::Any) => got.clone(),
        (Type::Any | Type::Null, _) => want.without_optional(),
        (Type::String | Type::Number | Type::Bool, Type::String)
        | (Type::Number, Type::Number)
        | (Type::Bool, Type::Bool) => want.clone(),
        (Type::String, Type::Number | Type::Bool) => want.clone(),
        (Type::List(element) | Type::Set(element), Type::List(want)) => Type::list(converted_type(element, want)?),
        (Type::List(element) | Type::Set(element), Type::Set(want)) => Type::set(converted_type(element, want)?),
        (Type::Map(element), Type::Map(want)) => Type::map(converted_type(element, want)?),
        (Type::Tuple(items), Type::List(element) | Type::Set(element)) => {
            let common = if **element == Type::Any { unify(items)? } else { element.without_optional() };
            all(items, element)?;
            if matches!(want, Type::List(_)) { Type::list(common) } else { Type::set(common) }
        }
        (Type::Object(object), Type::Map(element)) => {
            let types: Vec<Type> = object.attributes.values().cloned().collect();
            let common = if **element == Type::Any { unify(&types)? } else { element.without_optional() };
            all(&types, element)?;
            Type::map(common)
        }
        (Type::Tuple(items), Type::Tuple(want)) if items.len() == want.len() => {
            let items: Option<Vec<Type>> = items.iter().zip(want.iter()).map(|(g, w)| converted_type(g, w)).collect();
            Type::Tuple(items?.into())
        }
        (Type::Object(object), Type::Object(want)) => {
            let mut attributes = Vec::new();
            for (name, ty) in &want.attributes {
                let ty = match object.attributes.get(name) {
                    Some(got) => converted_type(got, ty)?,
                    None if want.optional.contains(name) => ty.without_optional(),
                    None => return None,
                };
                attributes.push((name.clone(), ty));
            }
            Type::object(attributes)
        }
        (Type::Map(element), Type::Object(want)) => {
            let mut attributes = Vec::new();
            for (name, ty) in &want.attributes {
                let ty = match converted_type(element, ty) {
                    Some(ty) => ty,
                    None if want.optional.contains(name) => ty.without_optional(),
                    None => return None,
                };
                attributes.push((name.clone(), ty));
            }
            Type::object(attributes)
        }
        _ => return None,
    })
}

fn structure(value: Value, want: &Type) -> Evaluated {
    // Types have to fit also where there are no elements.
    let empty = match &value.data {
        Data::List(element, items) | Data::Set(element, items) if items.is_empty() => Some(element),
        Data::Map(element, entries) if entries.is_empty() => Some(element),
        _ => None,
    };
    if let (Some(element), Some(wanted)) = (empty, want.element())
        && converted_type(element, wanted).is_none()
    {
        return Err(mismatch(&value.ty(), want));
    }
    match (&value.data, want) {
        // Elements of one type stay as they are where any type will do.
        (Data::List(element, items) | Data::Set(element, items), Type::List(want)) if **want == Type::Any => {
            Ok(keeping(&value, Data::List(element.clone(), items.clone())))
        }
        (Data::Set(..), Type::Set(want)) | (Data::Map(..), Type::Map(want)) if **want == Type::Any => Ok(value),
        (Data::List(element, items), Type::Set(want)) if **want == Type::Any => {
            let origin = value.origin.clone();
            Ok(Value { origin, ..Value::set(element.clone(), items.as_ref().clone()) })
        }
        (Data::Tuple(items), Type::List(want) | Type::Set(want))
            if **want == Type::Any && beside_null(items.iter()).is_some() =>
        {
            Failure::err("all elements must have the same type")
        }
        (Data::Object(entries), Type::Map(want))
            if **want == Type::Any
                && !entries.values().any(|value| value.ty().is_open())
                && beside_null(entries.values()).is_some() =>
        {
            let Some(Some(element)) = beside_null(entries.values()) else {
                return Failure::err("all elements must have the same type");
            };
            let typed = |value: &Value| match value.is_null() {
                true => Value { data: Data::Null(element.clone()), ..value.clone() },
                false => value.clone(),
            };
            let entries = entries.iter().map(|(name, value)| (name.clone(), typed(value))).collect();
            Ok(keeping(&value, Data::Map(element, Arc::new(entries))))
        }
        (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items), Type::List(element)) => {
            let (element, items) = elements(items.iter(), element)?;
            Ok(keeping(&value, Data::List(element, Arc::new(items))))
        }
        (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items), Type::Set(element)) => {
            let (element, items) = elements(items.iter(), element)?;
            let origin = value.origin.clone();
            Ok(Value { origin, ..Value::set(element, items) })
        }
        (Data::Map(_, entries) | Data::Object(entries), Type::Map(element)) => {
            let (element, items) = elements(entries.values(), element)?;
            let entries: Entries = entries.keys().cloned().zip(items).collect();
            Ok(keeping(&value, Data::Map(element, Arc::new(entries))))
        }
        (Data::Tuple(items), Type::Tuple(types)) if items.len() == types.len() => {
            let items: Result<Vec<Value>, _> =
                items.iter().zip(types.iter()).map(|(item, ty)| convert(item.clone(), ty)).collect();
            Ok(keeping(&value, Data::Tuple(Arc::new(items?))))
        }
        (Data::Map(_, entries) | Data::Object(entries), Type::Object(object)) => {
            let entries = attributes(entries, object, &value.ty(), want)?;
            Ok(keeping(&value, Data::Object(Arc::new(entries))))
        }
        _ => Err(mismatch(&value.ty(), want)),
    }
}

/// Where untyped null stands beside values that are not converted for it: the type of these, if they have one.
fn beside_null<'v>(items: impl Iterator<Item = &'v Value> + Clone) -> Option<Option<Type>> {
    let untyped = |item: &Value| matches!(item.data, Data::Null(Type::Null));
    if !items.clone().any(untyped) {
        return None;
    }
    let types: Vec<Type> = items.filter(|item| !untyped(item)).map(Value::ty).collect();
    let (first, others) = types.split_first()?;
    let same_kind = |ty: &Type| std::mem::discriminant(ty) == std::mem::discriminant(first);
    let structures = !first.is_primitive() && *first != Type::Any && others.iter().all(same_kind);
    let converted = !structures && unify(&types).is_some();
    if converted {
        return None;
    }
    Some(others.iter().all(|ty| ty == first).then(|| first.clone()))
}

fn keeping(value: &Value, data: Data) -> Value {
    Value { data, marks: value.marks, origin: value.origin.clone() }
}

fn not_known(value: Value, ty: Type) -> Value {
    Value { data: Value::unknown(ty, SIBLING).not_null().data, ..value }
}

fn attributes(entries: &Entries, object: &ObjectType, got: &Type, want: &Type) -> Result<Entries, Box<Failure>> {
    let mut attributes = Entries::new();
    for (name, ty) in &object.attributes {
        let value = match entries.get(name) {
            Some(value) => convert(value.clone(), ty).map_err(|mut failure| {
                failure.message = format!("attribute {name:?}: {}", failure.message);
                failure
            })?,
            None if object.optional.contains(name) => Data::Null(ty.without_optional()).into(),
            None => return Err(mismatch(got, want)),
        };
        attributes.insert(name.clone(), value);
    }
    Ok(attributes)
}

/// Elements of a collection whose elements have the type `want`, or one in common where that is free.
fn elements<'v>(
    items: impl Iterator<Item = &'v Value> + Clone,
    want: &Type,
) -> Result<(Type, Vec<Value>), Box<Failure>> {
    if *want == Type::Any {
        let types: Vec<Type> = items.clone().map(Value::ty).collect();
        let Some(target) = unify(&types) else {
            return Failure::err("all elements must have the same type");
        };
        let converted: Result<Vec<Value>, _> = items.map(|item| to_common(item.clone(), &target)).collect();
        return Ok((target, converted?));
    }
    let converted: Result<Vec<Value>, _> = items.map(|item| convert(item.clone(), want)).collect();
    let converted = converted?;
    let mut types = converted.iter().map(Value::ty);
    let first = types.next();
    if types.all(|ty| Some(&ty) == first.as_ref()) {
        return Ok((first.unwrap_or_else(|| want.without_optional()), converted));
    }
    // Parts were free: what they have in common decides.
    let types: Vec<Type> = converted.iter().map(Value::ty).collect();
    match unify(&types) {
        Some(common) => {
            let items: Result<Vec<Value>, _> = converted.into_iter().map(|item| to_common(item, &common)).collect();
            Ok((common, items?))
        }
        None => Failure::err("all elements must have the same type"),
    }
}

/// Converts a value to a type that it has in common with others. Where that type is not known, what it would make of the
/// value is not known either.
///
/// # Errors
/// The value can't be converted.
pub(super) fn to_common(value: Value, common: &Type) -> Evaluated {
    if !common.has_any() {
        return convert(value, common);
    }
    if value.ty() == *common {
        return Ok(value);
    }
    let blurred = |value: &Value| not_known(value.clone(), common.clone());
    Ok(match (&value.data, common) {
        // What it becomes is not known, but that it is null, or what it is the identity of, stays so.
        (Data::Unknown(unknown), _) => {
            let length = if matches!(common, Type::Set(_)) { None } else { unknown_length(unknown) };
            let unknown = Unknown { ty: common.clone(), length, ..unknown.as_ref().clone() };
            Value { data: Data::Unknown(Arc::new(unknown)), ..value }
        }
        (Data::Null(_), _) => keeping(&value, Data::Null(common.clone())),
        // A string stays one beside whatever it goes with.
        (Data::String(_), Type::Any) => value,
        (Data::Object(entries), Type::Object(object)) => {
            let attribute = |(name, value): (&Arc<str>, &Value)| {
                let ty = object.attributes.get(name).unwrap_or(&Type::Any);
                Ok((name.clone(), to_common(value.clone(), ty)?))
            };
            let entries: Result<Entries, Box<Failure>> = entries.iter().map(attribute).collect();
            keeping(&value, Data::Object(Arc::new(entries?)))
        }
        (Data::Tuple(items), Type::Tuple(types)) => {
            let items = items.iter().zip(types.iter()).map(|(item, ty)| to_common(item.clone(), ty));
            keeping(&value, Data::Tuple(Arc::new(items.collect::<Result<_, _>>()?)))
        }
        (Data::List(_, items) | Data::Tuple(items), Type::List(element)) => {
            let items = items.iter().map(|item| to_common(item.clone(), element));
            keeping(&value, Data::List(element.as_ref().clone(), Arc::new(items.collect::<Result<_, _>>()?)))
        }
        (Data::Map(_, entries) | Data::Object(entries), Type::Map(element)) => {
            let each = |(name, value): (&Arc<str>, &Value)| Ok((name.clone(), to_common(value.clone(), element)?));
            let entries: Result<Entries, Box<Failure>> = entries.iter().map(each).collect();
            keeping(&value, Data::Map(element.as_ref().clone(), Arc::new(entries?)))
        }
        _ => blurred(&value),
    })
}

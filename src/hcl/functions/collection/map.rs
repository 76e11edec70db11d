//! Functions of maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::convert::convert;
use super::super::super::equality::same_type;
use super::super::super::failure::{Evaluated, Failure};
use super::super::super::types::Type;
use super::super::super::unify::opened;
use super::super::super::value::{Data, Entries, Marks, Value};
use super::super::{Kind, MAX_ITEMS, too_large};
use super::{not_known, parts, retyped, type_not_known, unexpected};

/// The keys of a map as a list, or the names of the attributes of an object as a tuple, in order.
pub(super) fn keys(arguments: &[Value]) -> Evaluated {
    let [map] = arguments else { return unexpected() };
    let text = |name: &Arc<str>| Value::from(Data::String(name.clone())).part_of(map);
    Ok(match (map.ty(), map.as_entries()) {
        (Type::Object(object), _) => Value::tuple(object.attributes.keys().map(text).collect()),
        (Type::Map(_), Some(entries)) => Value::list(Type::String, entries.keys().map(text).collect()),
        (Type::Map(_), None) => not_known(Type::list(Type::String), map),
        (Type::Any, _) => not_known(Type::Any, map),
        _ => return Failure::err("the argument must be a map or an object"),
    }
    .with_marks(map.marks))
}

/// The elements of a map as a list, or the attributes of an object as a tuple, in the order of their keys.
pub(super) fn values(arguments: &[Value]) -> Evaluated {
    let [map] = arguments else { return unexpected() };
    let Some(entries) = map.as_entries() else { return Failure::err("the argument must be a map or an object") };
    let items = entries.values().map(|value| value.clone().part_of(map)).collect();
    Ok(match &map.data {
        Data::Map(element, _) => Value::list(element.clone(), items),
        _ => Value::tuple(items),
    }
    .with_marks(map.marks))
}

/// The element of a map, or attribute of an object, that has a name; a default where there is none.
pub(super) fn lookup(arguments: &[Value]) -> Evaluated {
    let (map, key, default) = match arguments {
        [map, key] => (map, key, None),
        [map, key, default] => (map, key, Some(default)),
        _ => return Failure::err("two or three arguments are required"),
    };
    let marks = map.marks.with(key.marks);
    let missing = || Failure::err("there is no such key, and no default");
    // Without its whole type, which takes as long as it is large.
    if let (Data::Object(entries), Some(name)) = (&map.data, key.as_str()) {
        return match entries.get(name).map(|value| value.clone().part_of(map)).or_else(|| default.cloned()) {
            Some(value) => Ok(value.with_marks(marks)),
            None => missing(),
        };
    }
    let default = match map.ty() {
        Type::Any => return Ok(map.unknown_as(Type::Any).with_marks(marks)),
        Type::Map(element) => {
            let default = default.map(|default| default_of(default, &element, map)).transpose()?;
            if !map.is_known() || !key.is_known() {
                let unknown = if map.is_known() { key } else { map };
                return Ok(unknown.unknown_as(element.as_ref().clone()).with_marks(marks));
            }
            default
        }
        Type::Object(object) => {
            let Some(name) = key.as_str() else { return Ok(key.unknown_as(Type::Any).with_marks(marks)) };
            let ty = object.attributes.get(name).cloned().or_else(|| default.map(Value::ty));
            let Some(ty) = ty else { return Failure::err("the object has no such attribute") };
            return Ok(map.unknown_as(ty).with_marks(marks));
        }
        _ => return Failure::err("the first argument must be a map or an object"),
    };
    let found = map.as_entries().zip(key.as_str()).and_then(|(entries, key)| entries.get(key));
    match (found, default) {
        (Some(value), _) => Ok(value.clone().part_of(map).with_marks(marks)),
        (None, Some(default)) => Ok(default.with_marks(marks)),
        (None, None) => missing(),
    }
}

/// A default as an element of a map.
fn default_of(default: &Value, element: &Type, map: &Value) -> Evaluated {
    if !element.has_any() {
        return convert(default.clone(), &opened(element));
    }
    if *element == Type::Any && map.length() == Some(0) && map.is_known() {
        return Ok(default.clone());
    }
    if default.is_null() {
        return Ok(Value { data: Data::Null(element.clone()), ..default.clone() });
    }
    Ok(retyped(default, element.clone()))
}

/// Removed from the language.
pub(super) fn map(_: &[Value]) -> Evaluated {
    Failure::err("the function is no longer available; use tomap({…})")
}

/// The elements of all maps and objects, the later before the earlier of one name: a map where all are maps of one type, else
/// an object.
pub(super) fn merge(arguments: &[Value]) -> Evaluated {
    let mut untyped = false;
    for argument in arguments {
        match (&argument.data, argument.ty()) {
            (_, Type::Map(_) | Type::Object(_)) => {}
            (Data::Null(_), Type::Null) => untyped = true,
            (Data::Null(_), Type::Any) => return Ok(type_not_known(Type::Any)),
            // Null that has a type is left out as well, but only behind one without.
            (Data::Null(_), _) if untyped => {}
            _ if untyped => {
                return Ok(Value::unknown(Type::Any, "what is no map is not merged with null").not_null());
            }
            _ => return Failure::err("all arguments must be maps or objects"),
        }
    }
    let given = || arguments.iter().filter(|argument| !argument.is_null());
    let marks = given().fold(Marks::NONE, |marks, argument| marks.with(argument.marks));
    let total = given().filter_map(Value::length).fold(0_usize, usize::saturating_add);
    if total > MAX_ITEMS {
        return Ok(too_large(Kind::Any).with_marks(marks));
    }
    let one_type = if untyped { Some(false) } else { have_one_type(arguments) };
    let first = arguments.first().map(Value::ty);
    let all_maps = arguments.iter().all(|argument| matches!(argument.ty(), Type::Map(_)));
    let mut entries = Entries::new();
    for argument in given() {
        for (name, value) in argument.as_entries().into_iter().flat_map(|entries| entries.iter()) {
            entries.insert(name.clone(), value.clone().part_of(argument));
        }
    }
    let merged = match (first, one_type) {
        (Some(Type::Map(element)), Some(true)) => Value::map(element.as_ref().clone(), entries),
        (_, None) if all_maps => type_not_known(Type::Any),
        // Nothing has the attributes that all have.
        (Some(Type::Object(object)), same) if same != Some(false) && given().next().is_none() => {
            match (object.attributes.is_empty(), same) {
                (true, _) => Value::object([]),
                (false, Some(_)) => return Failure::err("all arguments are null"),
                (false, None) => type_not_known(Type::Any),
            }
        }
        _ => Value::from(Data::Object(Arc::new(entries))),
    };
    Ok(merged.with_marks(marks))
}

/// Whether all have the same type. `None`: that is not known.
fn have_one_type(arguments: &[Value]) -> Option<bool> {
    let Some((first, others)) = arguments.split_first() else { return Some(true) };
    let mut known = true;
    for other in others {
        match have_same_type(first, other) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = false,
        }
    }
    known.then_some(true)
}

fn have_same_type(a: &Value, b: &Value) -> Option<bool> {
    // An empty map of any type has a type of its own.
    let untyped = |value: &Value| matches!(&value.data, Data::Map(Type::Any, entries) if entries.is_empty());
    let (left, right) = (a.ty(), b.ty());
    match (untyped(a), untyped(b)) {
        (true, true) => Some(true),
        (true, false) if !right.has_any() => Some(false),
        (false, true) if !left.has_any() => Some(false),
        _ => same_type(&left, &right),
    }
}

/// A map of lists of strings turned around: each string with the keys of the lists that it is in.
pub(super) fn transpose(arguments: &[Value]) -> Evaluated {
    let [map] = arguments else { return unexpected() };
    let Some(entries) = map.as_entries() else { return unexpected() };
    let ty = Type::list(Type::String);
    if !map.is_wholly_known() {
        return Ok(not_known(Type::map(ty), map));
    }
    let mut turned: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (name, list) in entries.iter() {
        let Some(items) = list.as_items() else { return Failure::err("a list must not be null") };
        for item in items.iter() {
            let Data::String(text) = &item.data else { return Failure::err("a string must not be null") };
            let name = Value::from(Data::String(name.clone())).part_of(map);
            turned.entry(text.clone()).or_default().push(name);
        }
    }
    let entries = turned.into_iter().map(|(text, names)| (text, Value::list(Type::String, names))).collect();
    Ok(Value::map(ty, entries))
}

/// A map of keys and the elements of a list, or an object of names and the elements of a tuple.
pub(super) fn zipmap(arguments: &[Value]) -> Evaluated {
    let [keys, values] = arguments else { return unexpected() };
    let marks = keys.marks.with(values.marks);
    let (Some(names), Data::List(_, items) | Data::Tuple(items)) = (keys.as_items(), &values.data) else {
        return Failure::err("the values must be a list or a tuple");
    };
    if !keys.is_wholly_known() {
        let ty = match &values.data {
            Data::List(element, _) => Type::map(element.clone()),
            _ => Type::Any,
        };
        return Ok(not_known(ty, keys).with_marks(marks));
    }
    if names.len() != items.len() {
        return Failure::err("there must be as many keys as values");
    }
    let marks = names.iter().fold(marks, |marks, name| marks.with(name.marks));
    let mut entries = Entries::new();
    for (name, value) in names.iter().zip(parts(values)) {
        let Data::String(name) = &name.data else { return Failure::err("a key must not be null") };
        entries.insert(name.clone(), value);
    }
    Ok(match &values.data {
        Data::List(element, _) => Value::map(element.clone(), entries),
        _ => Value::from(Data::Object(Arc::new(entries))),
    }
    .with_marks(marks))
}

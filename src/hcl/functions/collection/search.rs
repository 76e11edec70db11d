//! Functions that compare elements.

use std::collections::HashSet;

use super::super::super::convert::to_common;
use super::super::super::equality::{equal, key};
use super::super::super::failure::{Evaluated, Failure};
use super::super::super::types::Type;
use super::super::super::unify::unify;
use super::super::super::value::{Data, Value};
use super::{list_of, not_known, parts, type_not_known, unexpected};

/// Whether a list, set or tuple has an element.
pub(super) fn contains(arguments: &[Value]) -> Evaluated {
    let [list, value] = arguments else { return unexpected() };
    let Some(items) = list.as_items() else {
        return Failure::err("the argument must be a list, set or tuple");
    };
    let mut not_compared = None;
    for item in items.iter() {
        match equal(value, item) {
            Some(true) => return Ok(true.into()),
            Some(false) => {}
            None => not_compared = Some(item),
        }
    }
    Ok(match not_compared {
        Some(item) => compared(item, value, Type::Bool),
        None => false.into(),
    })
}

/// The result where it is not known whether two values are equal.
fn compared(item: &Value, value: &Value, ty: Type) -> Value {
    let unknown = if item.is_wholly_known() { value } else { item };
    if unknown.is_wholly_known() { type_not_known(ty) } else { not_known(ty, unknown) }
}

/// The index of the first element of a list or tuple that is equal to a value.
pub(super) fn index(arguments: &[Value]) -> Evaluated {
    let [list, value] = arguments else { return unexpected() };
    let (Data::List(_, items) | Data::Tuple(items)) = &list.data else {
        return Failure::err("the argument must be a list or a tuple");
    };
    for (index, item) in items.iter().enumerate() {
        match equal(item, value) {
            Some(true) => return Ok(Value::count(index)),
            Some(false) => {}
            None => return Ok(compared(item, value, Type::Number)),
        }
    }
    Failure::err(if items.is_empty() { "the list is empty" } else { "there is no such element" })
}

/// The elements of a list, each once.
pub(super) fn distinct(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    let Data::List(element, items) = &list.data else { return unexpected() };
    if !list.is_wholly_known() {
        return Ok(not_known(list.ty(), list));
    }
    if element.has_any() && !items.is_empty() {
        return Ok(type_not_known(list.ty()));
    }
    let mut seen = HashSet::new();
    let items = parts(list).filter(|item| seen.insert(key(item))).collect();
    Ok(Value::list(element.clone(), items))
}

/// The elements of a list at whose place another list has an element that is in a third.
pub(super) fn matchkeys(arguments: &[Value]) -> Evaluated {
    let [values, keys, searched] = arguments else { return unexpected() };
    let (Data::List(element, items), Some(key_items), Some(searched_items)) =
        (&values.data, keys.as_items(), searched.as_items())
    else {
        return unexpected();
    };
    let Some(common) = unify(&[keys.ty(), searched.ty()]) else {
        return Failure::err("keys and searchset must have the same type");
    };
    if items.len() != key_items.len() {
        return Failure::err("keys and values must have the same length");
    }
    if searched_items.is_empty() || items.is_empty() {
        return Ok(list_of(element, Vec::new(), values));
    }
    if let Some(unknown) = [values, keys, searched].into_iter().find(|list| !list.is_wholly_known()) {
        return Ok(not_known(values.ty(), unknown));
    }
    let (keys, searched) = (to_common(keys.clone(), &common)?, to_common(searched.clone(), &common)?);
    if common.has_any() || element.has_any() || !keys.is_wholly_known() || !searched.is_wholly_known() {
        return Ok(type_not_known(values.ty()));
    }
    let wanted: HashSet<String> = parts(&searched).map(|item| key(&item)).collect();
    let items = parts(values).zip(parts(&keys)).filter(|(_, name)| wanted.contains(&key(name)));
    Ok(Value::list(element.clone(), items.map(|(value, _)| value).collect()))
}

//! Functions of sets.

use std::collections::HashSet;

use super::super::super::convert::{convert, to_common};
use super::super::super::equality::key;
use super::super::super::failure::{Evaluated, Failure};
use super::super::super::types::Type;
use super::super::super::unify::unify;
use super::super::super::value::{Data, Marks, Value};
use super::super::{Kind, MAX_ITEMS, too_large};
use super::{not_known, parts, type_not_known, unexpected};

/// The elements of all sets.
pub(super) fn union(arguments: &[Value]) -> Evaluated {
    combine(arguments, |mut sets| sets.drain(..).flatten().collect())
}

/// The elements that all sets have.
pub(super) fn intersection(arguments: &[Value]) -> Evaluated {
    combine(arguments, |mut sets| {
        let others: Vec<HashSet<String>> = sets.drain(1..).map(|set| keys(&set)).collect();
        let in_all = |item: &Value| {
            let key = key(item);
            others.iter().all(|other| other.contains(&key))
        };
        sets.drain(..).flatten().filter(in_all).collect()
    })
}

/// The elements of a set that another does not have.
pub(super) fn subtract(arguments: &[Value]) -> Evaluated {
    combine(arguments, |mut sets| {
        let others: HashSet<String> = sets.drain(1..).flat_map(|set| keys(&set)).collect();
        sets.drain(..).flatten().filter(|item| !others.contains(&key(item))).collect()
    })
}

fn keys(items: &[Value]) -> HashSet<String> {
    items.iter().map(key).collect()
}

/// A set made of the elements of one or more sets, which have the type that all have in common.
fn combine(arguments: &[Value], choose: fn(Vec<Vec<Value>>) -> Vec<Value>) -> Evaluated {
    let mut types: Vec<Type> = Vec::new();
    for argument in arguments {
        match &argument.data {
            // It goes with any other.
            Data::Set(Type::Any | Type::Null, items) if items.is_empty() => {}
            Data::Set(element, _) if !types.contains(element) => types.push(element.clone()),
            Data::Set(..) => {}
            _ => return unexpected(),
        }
    }
    if types.is_empty() {
        return Ok(Value::set(Type::Null, Vec::new()));
    }
    let Some(element) = unify(&types) else {
        return Failure::err("the elements of the sets have no type in common");
    };
    let ty = Type::set(element.clone());
    if element.has_any() || types.iter().any(Type::has_any) {
        return Ok(type_not_known(ty));
    }
    let mut sets = Vec::with_capacity(arguments.len());
    let mut total = 0_usize;
    for argument in arguments {
        let set = convert(argument.clone(), &ty)?;
        if !set.is_known() {
            return Ok(not_known(ty, &set));
        }
        total = total.saturating_add(set.length().unwrap_or_default());
        sets.push(parts(&set).collect());
    }
    if total > MAX_ITEMS {
        return Ok(too_large(Kind::SetOfAny));
    }
    Ok(Value::set(element, choose(sets)))
}

/// All combinations of one element of each list, set or tuple: a list of tuples, or a set where one of the arguments is one.
pub(super) fn product(arguments: &[Value]) -> Evaluated {
    if arguments.len() < 2 {
        return Failure::err("at least two arguments are required");
    }
    let mut types = Vec::with_capacity(arguments.len());
    let mut is_set = false;
    for argument in arguments {
        types.push(match argument.ty() {
            Type::List(element) => element.as_ref().clone(),
            Type::Set(element) => {
                is_set = true;
                element.as_ref().clone()
            }
            Type::Tuple(items) => match unify(&items) {
                Some(element) => element,
                None => return Failure::err("all elements must have the same type"),
            },
            Type::Any => break,
            _ => return Failure::err("all arguments must be lists, sets or tuples"),
        });
    }
    let marks = arguments.iter().fold(Marks::NONE, |marks, argument| marks.with(argument.marks));
    let element = Type::Tuple(types.iter().cloned().collect());
    let ty = if is_set { Type::set(element.clone()) } else { Type::list(element.clone()) };
    if let Some(unknown) = arguments.iter().find(|argument| !argument.is_known()) {
        let ty = if types.len() == arguments.len() { ty } else { Type::Any };
        return Ok(not_known(ty, unknown).with_marks(marks));
    }
    if arguments.iter().any(|argument| argument.length() == Some(0)) {
        // An empty list of any type is a type of its own.
        if arguments.iter().zip(&types).any(|(argument, ty)| ty.has_any() && argument.length() != Some(0)) {
            return Ok(type_not_known(ty).with_marks(marks));
        }
        let empty = if is_set { Value::set(element, Vec::new()) } else { Value::list(element, Vec::new()) };
        return Ok(empty.with_marks(marks));
    }
    let total = arguments.iter().try_fold(1_usize, |total, argument| total.checked_mul(argument.length()?));
    if total.and_then(|total| total.checked_mul(arguments.len())).is_none_or(|size| size > MAX_ITEMS) {
        return Ok(Value::unknown(ty, "larger than is followed").not_null().with_marks(marks));
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for (argument, element) in arguments.iter().zip(&types) {
        // Refused where elements stay of different types.
        let list = convert(argument.clone(), &Type::list(Type::Any))?;
        let items: Result<Vec<Value>, _> = parts(&list).map(|item| to_common(item, element)).collect();
        let items = items?;
        rows =
            rows.iter().flat_map(|row| items.iter().map(|item| row.iter().chain([item]).cloned().collect())).collect();
    }
    let tuples: Vec<Value> = rows.into_iter().map(Value::tuple).collect();
    Ok(if is_set { Value::set(element, tuples) } else { Value::list(element, tuples) }.with_marks(marks))
}

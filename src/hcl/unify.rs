//! The type that several types have in common.

use std::cmp::Ordering;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::convert::converted_type;
use super::types::Type;

/// The most types of different kinds that are compared with one another.
const MAX_TYPES: usize = 500;

/// The most general type that all can be converted to. [`Type::Any`] where that depends on a type that is not known; `None`
/// where there is none.
pub(super) fn unify(types: &[Type]) -> Option<Type> {
    // Of nothing: that of an empty collection that could be one of anything.
    let Some(first) = types.first() else { return Some(Type::Null) };
    if types.iter().all(|ty| ty == first) {
        return Some(first.clone());
    }
    if types.contains(&Type::Null) {
        // A null becomes what the others are; where they have nothing in common, each stays what it is. Beside structures
        // Terraform gives up: not followed.
        let others: Vec<Type> = types.iter().filter(|ty| **ty != Type::Null).cloned().collect();
        let any = |test: fn(&Type) -> bool| others.iter().any(test);
        if any(|ty| matches!(ty, Type::Object(_))) && any(|ty| matches!(ty, Type::Tuple(_))) {
            return None;
        }
        let primitive = others.iter().all(|ty| ty.is_primitive() || *ty == Type::Any);
        return if primitive { unify(&others).or(Some(Type::Any)) } else { Some(Type::Any) };
    }
    if types.contains(&Type::Any) {
        // Whatever it is: beside a string it becomes one, or is refused.
        let primitive = types.iter().all(|ty| ty.is_primitive() || *ty == Type::Any);
        return Some(if primitive && types.contains(&Type::String) { Type::String } else { Type::Any });
    }
    let count = |test: fn(&Type) -> bool| types.iter().filter(|ty| test(ty)).count();
    let (maps, objects) = (count(|t| matches!(t, Type::Map(_))), count(|t| matches!(t, Type::Object(_))));
    let (lists, tuples) = (count(|t| matches!(t, Type::List(_))), count(|t| matches!(t, Type::Tuple(_))));
    let sets = count(|t| matches!(t, Type::Set(_)));
    let elements = || types.iter().filter_map(Type::element).cloned().collect::<Vec<Type>>();
    if maps == types.len() {
        return unify(&elements()).map(Type::map);
    }
    if lists == types.len() {
        return unify(&elements()).map(Type::list);
    }
    if sets == types.len() {
        return unify(&elements()).map(Type::set);
    }
    if maps > 0 && maps + objects == types.len() {
        let objects: Vec<Type> = types.iter().flat_map(attribute_types).collect();
        if let Some(element) = unify_beside(elements(), &objects) {
            return Some(Type::map(element));
        }
    }
    if lists > 0 && lists + tuples == types.len() {
        let items: Vec<Type> = types.iter().flat_map(item_types).collect();
        if let Some(element) = unify_beside(elements(), &items) {
            return Some(Type::list(element));
        }
    }
    if objects == types.len() {
        return unify_objects(types);
    }
    if tuples == types.len() {
        return unify_tuples(types);
    }
    if objects > 0 && tuples > 0 {
        return None;
    }
    // One of the types themselves, the more general first: one that all others can be converted to.
    let mut seen = HashSet::new();
    let distinct: Vec<&Type> = types.iter().filter(|ty| seen.insert(*ty)).collect();
    if distinct.len() > MAX_TYPES {
        return Some(Type::Any);
    }
    let fits = |want: &Type| {
        let open = opened(want);
        distinct.iter().all(|ty| *ty == want || converted_type(ty, &open).is_some()).then_some(open)
    };
    by_generality(&distinct).into_iter().find_map(fits)
}

/// The same where parts that have the type of null are free.
pub(super) fn opened(ty: &Type) -> Type {
    match ty {
        Type::Any | Type::Null => Type::Any,
        Type::String | Type::Number | Type::Bool => ty.clone(),
        Type::List(element) => Type::list(opened(element)),
        Type::Set(element) => Type::set(opened(element)),
        Type::Map(element) => Type::map(opened(element)),
        Type::Tuple(items) => Type::Tuple(items.iter().map(opened).collect()),
        Type::Object(object) => Type::object(object.attributes.iter().map(|(name, ty)| (name.clone(), opened(ty)))),
    }
}

/// The type of elements that those of collections and the parts of structures beside them have in common.
fn unify_beside(mut elements: Vec<Type>, parts: &[Type]) -> Option<Type> {
    // A structure without parts adds none.
    if parts.is_empty() {
        return unify(&elements);
    }
    let part = unify(parts)?;
    let differ = parts.iter().any(|ty| *ty != part);
    let has_structure = parts.iter().any(|ty| !ty.is_primitive() && !matches!(ty, Type::Any | Type::Null));
    // Structures beside elements that may be anything stay what they are, and where they differ Terraform makes nothing of
    // them, nor of tuples with a null beside those of another length: not followed.
    let open = elements.contains(&Type::Null) && has_structure;
    let longer = |ty: &Type| matches!((ty, &part), (Type::Tuple(a), Type::Tuple(b)) if a.len() != b.len());
    let uneven = parts.iter().any(has_null) && elements.iter().any(longer);
    if part == Type::Any || open || (differ && uneven) {
        return Some(Type::Any);
    }
    elements.push(part);
    unify(&elements)
}

/// Whether some part of a tuple may be of any type.
fn has_null(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(items) if items.iter().any(|item| *item == Type::Null || has_null(item)))
}

/// The type of the elements that the items of several tuples become. A null beside lists and tuples is a list, beside maps
/// and objects a map. Beside other structures Terraform takes what the tuple that is chosen has alone, or refuses it: not
/// followed.
fn unify_items(types: &[Type]) -> Option<Type> {
    let structure = |ty: &Type| !ty.is_primitive() && !matches!(ty, Type::Any | Type::Null);
    if !types.contains(&Type::Null) || !types.iter().any(structure) {
        return unify(types);
    }
    let others: Vec<Type> = types.iter().filter(|ty| **ty != Type::Null).cloned().collect();
    let any = |test: fn(&Type) -> bool| others.iter().any(test);
    let lists = [any(|ty| matches!(ty, Type::List(_))), any(|ty| matches!(ty, Type::Tuple(_)))];
    let maps = [any(|ty| matches!(ty, Type::Map(_))), any(|ty| matches!(ty, Type::Object(_)))];
    let others_too = any(|ty| ty.is_primitive() || matches!(ty, Type::Any | Type::Set(_)));
    match (lists, maps, others_too) {
        ([true, true], [false, false], false) | ([false, false], [true, true], false) => unify(&others),
        ([_, true], [_, true], _) => None,
        _ => Some(Type::Any),
    }
}

/// The types, each behind all that are more general; else in their order.
fn by_generality<'t>(types: &[&'t Type]) -> Vec<&'t Type> {
    let mut more_general: Vec<usize> =
        types.iter().map(|ty| types.iter().filter(|other| generality(other, ty) == Ordering::Less).count()).collect();
    let mut queue: VecDeque<usize> = (0..types.len()).filter(|index| more_general.get(*index) == Some(&0)).collect();
    let mut order = Vec::with_capacity(types.len());
    while let Some(next) = queue.pop_front().and_then(|index| types.get(index).copied()) {
        order.push(next);
        for (index, (ty, count)) in types.iter().zip(&mut more_general).enumerate() {
            if generality(next, ty) == Ordering::Less {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    queue.push_back(index);
                }
            }
        }
    }
    order
}

/// Less where the first type is the more general: a string than other primitives, a list than a tuple than a set, a map than
/// an object, and what has more general parts. Equal where neither is.
fn generality(a: &Type, b: &Type) -> Ordering {
    let all = |pairs: &mut dyn Iterator<Item = (&Type, &Type)>| {
        let (mut less, mut greater) = (false, false);
        for (a, b) in pairs {
            match generality(a, b) {
                Ordering::Less => less = true,
                Ordering::Greater => greater = true,
                Ordering::Equal => {}
            }
        }
        match (less, greater) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => Ordering::Equal,
        }
    };
    match (a, b) {
        (Type::Any | Type::Null, Type::Any | Type::Null) => Ordering::Equal,
        (Type::Any | Type::Null, _) => Ordering::Greater,
        (_, Type::Any | Type::Null) => Ordering::Less,
        (Type::String, Type::Number | Type::Bool) => Ordering::Less,
        (Type::Number | Type::Bool, Type::String) => Ordering::Greater,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            generality(a, b)
        }
        (Type::List(_), Type::Tuple(_) | Type::Set(_)) | (Type::Tuple(_), Type::Set(_)) => Ordering::Less,
        (Type::Tuple(_) | Type::Set(_), Type::List(_)) | (Type::Set(_), Type::Tuple(_)) => Ordering::Greater,
        (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => all(&mut a.iter().zip(b.iter())),
        (Type::Object(a), Type::Object(b)) if a.attributes.keys().eq(b.attributes.keys()) => {
            all(&mut a.attributes.values().zip(b.attributes.values()))
        }
        _ => Ordering::Equal,
    }
}

fn attribute_types(ty: &Type) -> Vec<Type> {
    match ty {
        Type::Object(object) => object.attributes.values().cloned().collect(),
        _ => Vec::new(),
    }
}

fn item_types(ty: &Type) -> Vec<Type> {
    match ty {
        Type::Tuple(items) => items.to_vec(),
        _ => Vec::new(),
    }
}

/// Objects with the same attributes: one with the common type of each; others: a map.
fn unify_objects(types: &[Type]) -> Option<Type> {
    let objects: Vec<_> =
        types.iter().filter_map(|ty| if let Type::Object(object) = ty { Some(object) } else { None }).collect();
    let first = objects.first()?;
    let same_names = |other: &&Arc<super::types::ObjectType>| first.attributes.keys().eq(other.attributes.keys());
    if !objects.iter().all(same_names) {
        let all: Vec<Type> = types.iter().flat_map(attribute_types).collect();
        return unify(&all).map(Type::map);
    }
    let mut attributes = Vec::new();
    for name in first.attributes.keys() {
        let across: Vec<Type> = objects.iter().filter_map(|object| object.attributes.get(name).cloned()).collect();
        attributes.push((name.clone(), unify(&across)?));
    }
    Some(Type::object(attributes))
}

/// Tuples of one length: one with the common type of each item; others: a list.
fn unify_tuples(types: &[Type]) -> Option<Type> {
    let tuples: Vec<Vec<Type>> = types.iter().map(item_types).collect();
    let length = tuples.first()?.len();
    if tuples.iter().any(|items| items.len() != length) {
        let all: Vec<Type> = tuples.into_iter().flatten().collect();
        return unify_items(&all).map(Type::list);
    }
    let item = |index: usize| unify(&tuples.iter().filter_map(|items| items.get(index).cloned()).collect::<Vec<_>>());
    let items: Option<Vec<Type>> = (0..length).map(item).collect();
    Some(Type::Tuple(items?.into()))
}

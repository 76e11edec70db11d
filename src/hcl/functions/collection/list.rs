//! Functions that make lists.

use std::cmp::Ordering;

use super::super::super::convert::to_common;
use super::super::super::equality::same_number;
use super::super::super::failure::{Evaluated, Failure};
use super::super::super::number::Number;
use super::super::super::types::Type;
use super::super::super::unify::unify;
use super::super::super::value::{Data, Marks, Unknown, Value};
use super::super::{Kind, MAX_ITEMS, too_large};
use super::{list_of, not_known, parts, type_not_known, unexpected, whole};

/// The most numbers that `range` gives; more are refused.
const MAX_RANGE: usize = 1024;

/// Lists of so many elements of a list each; one list of all of them where that number is 0.
pub(super) fn chunklist(arguments: &[Value]) -> Evaluated {
    let [list, size] = arguments else { return unexpected() };
    let Data::List(element, items) = &list.data else { return unexpected() };
    let Ok(number) = usize::try_from(whole(size, "size")?) else {
        return Failure::err("size must not be negative");
    };
    let number = if number == 0 { items.len().max(1) } else { number };
    let items: Vec<Value> = parts(list).collect();
    let chunks = items.chunks(number).map(|chunk| Value::list(element.clone(), chunk.to_vec())).collect();
    Ok(Value::list(Type::list(element.clone()), chunks).with_marks(list.marks.with(size.marks)))
}

/// The strings of a list that are neither null nor empty.
pub(super) fn compact(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    if !list.is_wholly_known() {
        return Ok(not_known(Type::list(Type::String), list));
    }
    let items = parts(list).filter(|item| item.as_str().is_some_and(|text| !text.is_empty())).collect();
    Ok(Value::list(Type::String, items))
}

/// The elements of lists and tuples one after the other: a list where all are lists with a type in common, else a tuple.
pub(super) fn concat(arguments: &[Value]) -> Evaluated {
    let Some(first) = arguments.first() else { return Failure::err("at least one argument is required") };
    let mut total = 0_usize;
    for argument in arguments {
        match &argument.data {
            Data::List(_, items) | Data::Tuple(items) => total = total.saturating_add(items.len()),
            _ => return Failure::err("all arguments must be lists or tuples"),
        }
    }
    let marks = arguments.iter().fold(Marks::NONE, |marks, argument| marks.with(argument.marks));
    if total > MAX_ITEMS {
        return Ok(too_large(Kind::Any).with_marks(marks));
    }
    let lists: Vec<&Type> = arguments
        .iter()
        .filter_map(|argument| match &argument.data {
            Data::List(element, _) => Some(element),
            _ => None,
        })
        .collect();
    if arguments.len() == 1 {
        let items = parts(first).collect();
        return Ok(match lists.first() {
            Some(element) => Value::list((*element).clone(), items),
            None => Value::tuple(items),
        }
        .with_marks(marks));
    }
    if lists.len() == arguments.len() {
        match common_element(arguments) {
            Common::None => {}
            Common::Element(element) if total == 0 => return Ok(Value::list(element, Vec::new()).with_marks(marks)),
            Common::Element(element) => {
                let ty = Type::list(element.clone());
                let mut items = Vec::with_capacity(total);
                for argument in arguments {
                    let list = to_common(argument.clone(), &ty)?;
                    if !list.is_known() {
                        return Ok(not_known(ty, &list).with_marks(marks));
                    }
                    items.extend(parts(&list));
                }
                return Ok(Value::list(element, items).with_marks(marks));
            }
            Common::NotKnown => {
                let unknown = type_not_known(Type::Any);
                let Data::Unknown(it) = &unknown.data else { return unexpected() };
                let data = Data::Unknown(Unknown { length: Some(total), ..it.as_ref().clone() }.into());
                return Ok(Value { data, ..unknown }.with_marks(marks));
            }
        }
    }
    Ok(Value::tuple(arguments.iter().flat_map(parts).collect()).with_marks(marks))
}

/// What the types of the elements of several lists have in common.
enum Common {
    Element(Type),
    None,
    /// It depends on a type that is not known whether there is one.
    NotKnown,
}

fn common_element(lists: &[Value]) -> Common {
    let mut elements = Vec::new();
    let mut empty = false;
    for list in lists {
        match &list.data {
            // It goes with any other.
            Data::List(Type::Any | Type::Null, items) if items.is_empty() => empty = true,
            Data::List(element, _) if !elements.contains(element) => elements.push(element.clone()),
            _ => {}
        }
    }
    // Beside an empty list of any type, empty lists of what is not primitive lose their type.
    let nothing = lists.iter().all(|list| list.as_items().is_some_and(|items| items.is_empty()));
    if elements.is_empty() || (empty && nothing && !elements.iter().any(Type::is_primitive)) {
        return Common::Element(Type::Null);
    }
    if elements.iter().any(Type::has_any) {
        return Common::NotKnown;
    }
    if empty && elements.len() > 1 && !elements.iter().all(Type::is_primitive) {
        // Beside an empty list of any type nothing is converted.
        return Common::NotKnown;
    }
    match unify(&elements) {
        None => Common::None,
        Some(element) if element.has_any() => Common::NotKnown,
        Some(element) => Common::Element(element),
    }
}

/// The element of a list or tuple at an index, counted around.
pub(super) fn element(arguments: &[Value]) -> Evaluated {
    let [list, index] = arguments else { return unexpected() };
    let marks = list.marks;
    match list.ty() {
        Type::Any => Ok(list.unknown_as(Type::Any)),
        Type::List(element) => {
            if !index.is_known() {
                return Ok(index.unknown_as(element.as_ref().clone()).with_marks(marks));
            }
            let Some(items) = list.as_items() else { return Ok(list.unknown_as(element.as_ref().clone())) };
            let index = whole(index, "index")?;
            let Ok(length) = i64::try_from(items.len()) else { return unexpected() };
            if length == 0 {
                return Failure::err("the list is empty");
            }
            let item = usize::try_from(index.rem_euclid(length)).ok().and_then(|index| items.get(index));
            item.map_or_else(unexpected, |item| Ok(item.clone().part_of(list).with_marks(marks)))
        }
        Type::Tuple(types) => {
            if !index.is_known() {
                return Ok(index.unknown_as(Type::Any).with_marks(marks));
            }
            let index = whole(index, "index")?;
            let Ok(length) = i64::try_from(types.len()) else { return unexpected() };
            if length == 0 {
                return Failure::err("the tuple is empty");
            }
            // Unlike that of a list, a negative index is refused unless it is the first element's.
            let Ok(index) = usize::try_from(index % length) else {
                return Failure::err("index must not be negative");
            };
            match (list.as_items().and_then(|items| items.get(index)), types.get(index)) {
                (Some(item), _) => Ok(item.clone().part_of(list).with_marks(marks)),
                (None, Some(ty)) => Ok(list.unknown_as(ty.clone())),
                (None, None) => unexpected(),
            }
        }
        _ => Failure::err("the argument must be a list or a tuple"),
    }
}

/// A tuple of the elements of a list, set or tuple, those of lists, sets and tuples in it in their place.
pub(super) fn flatten(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    if !matches!(list.data, Data::List(..) | Data::Set(..) | Data::Tuple(_)) {
        if list.is_wholly_known() {
            return Failure::err("only lists, sets and tuples can be flattened");
        }
        return Ok(not_known(Type::Any, list).with_marks(list.marks));
    }
    let mut flat = Flat { items: Vec::new(), marks: Marks::NONE, unknown: None, too_large: false };
    flat.add(list);
    Ok(match flat {
        Flat { unknown: Some(unknown), marks, .. } => not_known(Type::Any, &unknown).with_marks(marks),
        Flat { too_large: true, marks, .. } => too_large(Kind::Any).with_marks(marks),
        Flat { items, marks, .. } => Value::tuple(items).with_marks(marks),
    })
}

/// Elements that are flattened.
struct Flat {
    items: Vec<Value>,
    /// The marks of all that was taken apart.
    marks: Marks,
    /// Something that may have elements, but they are not known.
    unknown: Option<Value>,
    too_large: bool,
}

impl Flat {
    fn add(&mut self, whole: &Value) {
        self.marks = self.marks.with(whole.marks);
        for item in parts(whole) {
            match &item.data {
                Data::List(..) | Data::Set(..) | Data::Tuple(_) => self.add(&item),
                Data::Unknown(unknown)
                    if matches!(unknown.ty, Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)) =>
                {
                    self.marks = self.marks.with(item.marks);
                    self.unknown.get_or_insert(item);
                }
                _ if self.items.len() >= MAX_ITEMS => self.too_large = true,
                _ => self.items.push(item),
            }
        }
    }
}

/// Removed from the language.
pub(super) fn list(_: &[Value]) -> Evaluated {
    Failure::err("the function is no longer available; use tolist([…])")
}

/// Numbers from a start (0) up or down to an end, which is left out, by a step.
pub(super) fn range(arguments: &[Value]) -> Evaluated {
    let mut numbers = Vec::new();
    for argument in arguments {
        match argument.as_number() {
            Some(number) => numbers.push(number.clone()),
            None => return unexpected(),
        }
    }
    let toward =
        |start: &Number, end: &Number| Number::counted(if end.compare(start) == Ordering::Less { -1 } else { 1 });
    let (start, end, step) = match numbers.as_slice() {
        [end] => {
            let Some(zero) = Number::from_f64(0.0) else { return unexpected() };
            let step = toward(&zero, end);
            (zero, end.clone(), step)
        }
        [start, end] => (start.clone(), end.clone(), toward(start, end)),
        [start, end, step] => (start.clone(), end.clone(), step.clone()),
        _ => return Failure::err("one, two or three arguments are required"),
    };
    // How a number lies to the end while it is in the range.
    let before = if step.is_negative() { Ordering::Greater } else { Ordering::Less };
    if end.compare(&start) == before {
        return Failure::err("the end must lie in the direction of the step");
    }
    let mut items = Vec::new();
    let mut number = start;
    while number.compare(&end) == before && !same_number(&number, &end) {
        if items.len() >= MAX_RANGE {
            return Failure::err(format!("more than {MAX_RANGE} numbers"));
        }
        let Some(next) = number.plus(&step) else {
            let reason = "a number of that size is not followed";
            return Ok(Value::unknown(Type::list(Type::Number), reason).not_null());
        };
        items.push(std::mem::replace(&mut number, next).into());
    }
    Ok(Value::list(Type::Number, items))
}

/// The elements of a list, set or tuple from the last to the first; a list of those of a set.
pub(super) fn reverse(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    let mut items: Vec<Value> = parts(list).collect();
    items.reverse();
    Ok(match &list.data {
        Data::List(element, _) | Data::Set(element, _) => Value::list(element.clone(), items),
        Data::Tuple(_) => Value::tuple(items),
        _ => return Failure::err("only lists, sets and tuples can be reversed"),
    }
    .with_marks(list.marks))
}

/// The elements of a list or tuple from one index to before another.
pub(super) fn slice(arguments: &[Value]) -> Evaluated {
    let [list, start, end] = arguments else { return unexpected() };
    let (Data::List(_, items) | Data::Tuple(items)) = &list.data else {
        return Failure::err("the argument must be a list or a tuple");
    };
    let at = |value: &Value, name: &str| match usize::try_from(whole(value, name)?) {
        Ok(index) if index <= items.len() => Ok(index),
        Ok(_) => Failure::err(format!("{name} must not be greater than the length")),
        Err(_) => Failure::err(format!("{name} must not be negative")),
    };
    let (start, end) = (at(start, "the start")?, at(end, "the end")?);
    let Some(items) = items.get(start..end) else {
        return Failure::err("the start must not be greater than the end");
    };
    let items = items.iter().map(|item| item.clone().part_of(list)).collect();
    Ok(match &list.data {
        Data::List(element, _) => list_of(element, items, list),
        _ => Value::tuple(items),
    }
    .with_marks(list.marks))
}

/// Strings in the order of their bytes.
pub(super) fn sort(arguments: &[Value]) -> Evaluated {
    let [list] = arguments else { return unexpected() };
    if !list.is_wholly_known() {
        let unknown = not_known(Type::list(Type::String), list);
        let Data::Unknown(it) = &unknown.data else { return unexpected() };
        let data = Data::Unknown(Unknown { length: list.length(), ..it.as_ref().clone() }.into());
        return Ok(Value { data, ..unknown });
    }
    let mut items: Vec<Value> = parts(list).collect();
    if items.iter().any(Value::is_null) {
        return Failure::err("null can't be sorted");
    }
    items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Ok(Value::list(Type::String, items))
}

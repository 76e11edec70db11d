//! Operators, indexes and attributes of values.

use super::address::InstanceKey;
use super::convert::convert;
use super::equality::equal;
use super::failure::{Evaluated, Failure};
use super::number::Number;
use super::syntax::{Binary, Unary};
use super::types::Type;
use super::value::{Data, Identity, Unknown, Value, Which};

/// The type of an operator's result.
pub(super) fn unary_type(operator: Unary) -> Type {
    match operator {
        Unary::Negate => Type::Number,
        Unary::Not => Type::Bool,
    }
}

/// The type of an operator's result.
pub(super) fn binary_type(operator: Binary) -> Type {
    match operator {
        Binary::Plus | Binary::Minus | Binary::Times | Binary::Divide | Binary::Modulo => Type::Number,
        Binary::Or
        | Binary::And
        | Binary::Equal
        | Binary::NotEqual
        | Binary::Greater
        | Binary::GreaterOrEqual
        | Binary::Less
        | Binary::LessOrEqual => Type::Bool,
    }
}

fn operand(value: Value, ty: &Type) -> Evaluated {
    let value = convert(value, ty)?;
    if value.is_null() { Failure::err("an operand is null") } else { Ok(value) }
}

/// `-a`, `!a`
pub(super) fn unary(operator: Unary, value: Value) -> Evaluated {
    let ty = unary_type(operator);
    let value = operand(value, &ty)?;
    let marks = value.marks;
    let result = match (&value.data, operator) {
        (Data::Number(number), Unary::Negate) => number.negated().into(),
        (Data::Bool(flag), Unary::Not) => (!flag).into(),
        _ => value.unknown_as(ty).not_null(),
    };
    Ok(result.with_marks(marks))
}

/// `a + b`, `a == b`, …
pub(super) fn binary(operator: Binary, left: Value, right: Value) -> Evaluated {
    if matches!(operator, Binary::Equal | Binary::NotEqual) {
        let marks = left.all_marks().with(right.all_marks());
        let result = match equal(&left, &right) {
            Some(same) => (same == (operator == Binary::Equal)).into(),
            None => {
                let unknown = if left.is_wholly_known() { &right } else { &left };
                unknown.unknown_as(Type::Bool).unmarked().not_null()
            }
        };
        return Ok(result.with_marks(marks));
    }
    let ty = match operator {
        Binary::Or | Binary::And => Type::Bool,
        _ => Type::Number,
    };
    let (left, right) = (operand(left, &ty)?, operand(right, &ty)?);
    let marks = left.marks.with(right.marks);
    let result = match (&left.data, &right.data) {
        (Data::Bool(a), Data::Bool(b)) => (if operator == Binary::Or { *a || *b } else { *a && *b }).into(),
        (Data::Number(a), Data::Number(b)) => numbers(operator, a, b)?,
        _ => {
            let unknown = if left.is_known() { &right } else { &left };
            unknown.unknown_as(binary_type(operator)).unmarked().not_null()
        }
    };
    Ok(result.with_marks(marks))
}

fn numbers(operator: Binary, a: &Number, b: &Number) -> Evaluated {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = || a.compare(b);
    let number = match operator {
        Binary::Greater => return Ok((order() == Greater).into()),
        Binary::GreaterOrEqual => return Ok((order() != Less).into()),
        Binary::Less => return Ok((order() == Less).into()),
        Binary::LessOrEqual => return Ok((order() != Greater).into()),
        Binary::Equal | Binary::NotEqual | Binary::Or | Binary::And => return Ok((order() == Equal).into()),
        Binary::Plus => a.plus(b),
        Binary::Minus => a.minus(b),
        Binary::Times => a.times(b),
        Binary::Divide if a.is_zero() && b.is_zero() => return Failure::err("zero can't be divided by zero"),
        Binary::Divide => a.over(b),
        Binary::Modulo => a.modulo(b),
    };
    Ok(match number {
        Some(number) => number.into(),
        None => Value::unknown(Type::Number, "an infinite number, or one of a size that is not followed").not_null(),
    })
}

/// `value.name`
pub(super) fn get_attribute(value: &Value, name: &str) -> Evaluated {
    let marks = value.marks;
    let missing = || Failure::err(format!("there is no attribute {name:?}"));
    let result = match &value.data {
        Data::Null(_) => return Failure::err(format!("null has no attribute {name:?}")),
        Data::Map(_, entries) | Data::Object(entries) => match entries.get(name) {
            Some(part) => part.clone(),
            None => return missing(),
        },
        Data::Unknown(unknown) => match &unknown.ty {
            Type::Any => value.unknown_as(Type::Any),
            Type::Map(element) => value.unknown_as(element.as_ref().clone()),
            Type::Object(object) => match object.attributes.get(name) {
                Some(ty) => value.unknown_as(ty.clone()),
                None => return missing(),
            },
            Type::Null | Type::String | Type::Number | Type::Bool | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                return Failure::err(format!("{} has no attributes", unknown.ty.name()));
            }
        },
        Data::Bool(_) | Data::Number(_) | Data::String(_) | Data::List(..) | Data::Set(..) | Data::Tuple(_) => {
            return Failure::err(format!("{} has no attributes", value.ty().name()));
        }
    };
    Ok(result.with_marks(marks))
}

/// `collection[key]`
pub(super) fn index(collection: &Value, key: Value) -> Evaluated {
    if collection.is_null() {
        return Failure::err("null has no elements");
    }
    if key.is_null() {
        return Failure::err("null can't be an index");
    }
    if collection.is_of_any_type() || key.is_of_any_type() {
        return Ok(instance_of(collection, &key).unwrap_or_else(|| one_of(collection, &key)));
    }
    let key_marks = key.marks;
    let outside = || Failure::err("the index does not lead to an element");
    match &collection.data {
        Data::List(_, items) | Data::Tuple(items) => {
            let key = convert(key.unmarked(), &Type::Number)?;
            let Some(number) = key.as_number() else { return Ok(one_of(collection, &key)) };
            match number.to_usize().and_then(|at| items.get(at)) {
                Some(item) => Ok(item.clone().with_marks(collection.marks.with(key_marks))),
                None => outside(),
            }
        }
        Data::Map(_, entries) => {
            let key = convert(key.unmarked(), &Type::String)?;
            let Some(name) = key.as_str() else { return Ok(one_of(collection, &key)) };
            match entries.get(name) {
                Some(value) => Ok(value.clone().with_marks(collection.marks.with(key_marks))),
                None => outside(),
            }
        }
        Data::Object(entries) => {
            let key = convert(key.unmarked(), &Type::String)?;
            let Some(name) = key.as_str() else { return Ok(one_of(collection, &key)) };
            match entries.get(name) {
                Some(value) => Ok(value.clone().with_marks(collection.marks)),
                None => outside(),
            }
        }
        Data::Unknown(unknown) => {
            let (want, element) = match &unknown.ty {
                Type::List(element) => (Type::Number, element.as_ref().clone()),
                Type::Map(element) => (Type::String, element.as_ref().clone()),
                Type::Tuple(_) => (Type::Number, Type::Any),
                Type::Object(_) => (Type::String, Type::Any),
                other => return Failure::err(format!("{} has no indexes", other.name())),
            };
            convert(key, &want)?;
            Ok(collection.unknown_as(element))
        }
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) | Data::Set(..) => {
            Failure::err(format!("{} has no indexes", collection.ty().name()))
        }
    }
}

/// The instance with a key, of a resource of which it is not known how many there are.
fn instance_of(collection: &Value, key: &Value) -> Option<Value> {
    let Data::Unknown(unknown) = &collection.data else { return None };
    let all = unknown.identity.as_ref().filter(|identity| identity.which == Which::All)?;
    let key = match (&key.data, key.as_number()) {
        (Data::String(text), _) => InstanceKey::Text(text.to_string()),
        (_, Some(number)) => InstanceKey::Number(u64::try_from(number.to_i64()?).ok()?),
        _ => return None,
    };
    let identity = Identity { which: Which::Key(key), ..all.as_ref().clone() };
    let unknown = Unknown { identity: Some(identity.into()), ..unknown.as_ref().clone() };
    Some(Value { data: Data::Unknown(unknown.into()), ..collection.clone() })
}

/// One of the elements of a collection, it is not known which. Where all are of one resource, it is of that.
fn one_of(collection: &Value, key: &Value) -> Value {
    let unknown = if collection.is_known() { key } else { collection };
    let element = match collection.ty() {
        Type::List(element) | Type::Map(element) => element.as_ref().clone(),
        _ => Type::Any,
    };
    let mut result = unknown.unknown_as(element).with_marks(collection.marks);
    let parts: Vec<&Value> = match &collection.data {
        Data::List(_, items) | Data::Tuple(items) => items.iter().collect(),
        Data::Map(_, entries) | Data::Object(entries) => entries.values().collect(),
        Data::Unknown(_) => vec![collection],
        _ => Vec::new(),
    };
    let mut identities = parts.iter().map(|part| part.identity());
    if let Some(Some(first)) = identities.next()
        && identities.all(|other| other.is_some_and(|other| first.is_of_one_resource(other)))
        && let Data::Unknown(unknown) = &result.data
    {
        let identity = Identity { which: Which::Some, ..first.as_ref().clone() };
        let mut unknown = unknown.as_ref().clone();
        unknown.identity = Some(identity.into());
        result.data = Data::Unknown(unknown.into());
    }
    result
}

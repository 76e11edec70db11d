//! Whether two values are equal, as the operators == and != and functions that search have it.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::number::Number;
use super::types::Type;
use super::value::{Data, Entries, Unknown, Value};

/// Whether two values have the same type and value; nulls of any type are equal. `None`: that is not known. Marks are left
/// aside.
pub fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (&a.data, &b.data) {
        (Data::Null(_), Data::Null(_)) => return Some(true),
        (Data::Null(_), Data::Unknown(unknown)) | (Data::Unknown(unknown), Data::Null(_)) => {
            return beside_null(unknown);
        }
        (Data::Null(_), _) | (_, Data::Null(_)) => return Some(false),
        (Data::Unknown(_), Data::Unknown(_)) => return None,
        (Data::Unknown(unknown), _) => return beside_unknown(unknown, b),
        (_, Data::Unknown(unknown)) => return beside_unknown(unknown, a),
        _ => {}
    }
    if head(&a.data) != head(&b.data) {
        return Some(false);
    }
    let (left, right) = (a.ty(), b.ty());
    match same_type(&left, &right) {
        Some(false) => Some(false),
        _ if has_unknown_type(a) || has_unknown_type(b) => None,
        Some(true) => parts_equal(a, b),
        // Different values are different whatever their types.
        None => match parts_equal(a, b) {
            Some(true) if !(left == right && types_are_settled(a) && types_are_settled(b)) => None,
            result => result,
        },
    }
}

/// What tells types apart without looking into a value: its kind, and how many parts a tuple or an object has.
fn head(data: &Data) -> (std::mem::Discriminant<Data>, usize) {
    let parts = match data {
        Data::Tuple(items) => items.len(),
        Data::Object(entries) => entries.len(),
        Data::Unknown(_)
        | Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::String(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..) => 0,
    };
    (std::mem::discriminant(data), parts)
}

/// Whether two types are the same. `None`: that depends on a part that is not known.
pub(super) fn same_type(a: &Type, b: &Type) -> Option<bool> {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => None,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => same_type(a, b),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            all(a.iter().zip(b.iter()).map(|(a, b)| same_type(a, b)))
        }
        (Type::Object(a), Type::Object(b)) if a.attributes.keys().eq(b.attributes.keys()) => {
            all(a.attributes.values().zip(b.attributes.values()).map(|(a, b)| same_type(a, b)))
        }
        _ => Some(a == b),
    }
}

/// All of them, in any order: false where one is.
fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for result in results {
        match result {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

fn beside_null(unknown: &Unknown) -> Option<bool> {
    unknown.not_null.then_some(false)
}

/// An unknown value and a known one that is not null.
fn beside_unknown(unknown: &Unknown, other: &Value) -> Option<bool> {
    if unknown.ty.has_any() {
        return None;
    }
    same_type(&unknown.ty, &other.ty()).filter(|same| !same)
}

/// Whether a value of unknown type is in it.
fn has_unknown_type(value: &Value) -> bool {
    match &value.data {
        Data::Unknown(unknown) => unknown.ty.has_any(),
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => false,
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items.iter().any(has_unknown_type),
        Data::Map(_, entries) | Data::Object(entries) => entries.values().any(has_unknown_type),
    }
}

/// Whether [`Type::Any`] stands only where an empty collection has it, made of nothing.
fn types_are_settled(value: &Value) -> bool {
    match &value.data {
        Data::Unknown(unknown) => !unknown.ty.has_any(),
        Data::Null(ty) => !ty.has_any(),
        Data::Bool(_) | Data::Number(_) | Data::String(_) => true,
        Data::List(ty, items) | Data::Set(ty, items) => {
            (*ty != Type::Any || items.is_empty()) && items.iter().all(types_are_settled)
        }
        Data::Tuple(items) => items.iter().all(types_are_settled),
        Data::Map(ty, entries) => (*ty != Type::Any || entries.is_empty()) && entries.values().all(types_are_settled),
        Data::Object(entries) => entries.values().all(types_are_settled),
    }
}

/// Two values inside of values whose types are the same as far as they are known.
fn parts_equal(a: &Value, b: &Value) -> Option<bool> {
    match (&a.data, &b.data) {
        (Data::Null(_), Data::Null(_)) => Some(true),
        (Data::Null(_), Data::Unknown(unknown)) | (Data::Unknown(unknown), Data::Null(_)) => beside_null(unknown),
        (Data::Unknown(_), Data::Unknown(_)) => None,
        (Data::Unknown(unknown), _) => beside_unknown(unknown, b),
        (_, Data::Unknown(unknown)) => beside_unknown(unknown, a),
        (Data::Bool(a), Data::Bool(b)) => Some(a == b),
        (Data::Number(a), Data::Number(b)) => Some(same_number(a, b)),
        (Data::String(a), Data::String(b)) => Some(a == b),
        (Data::List(_, a), Data::List(_, b)) | (Data::Tuple(a), Data::Tuple(b)) => in_order(a, b),
        (Data::Set(_, a), Data::Set(_, b)) => in_order(a, b),
        (Data::Map(_, a), Data::Map(_, b)) | (Data::Object(a), Data::Object(b)) => by_name(a, b),
        _ => Some(false),
    }
}

/// The first pair that is not equal, or not known to be, decides.
fn in_order(a: &[Value], b: &[Value]) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    for (a, b) in a.iter().zip(b) {
        match parts_equal(a, b) {
            Some(true) => {}
            other => return other,
        }
    }
    Some(true)
}

/// Which pair is compared first is not defined: one that is not known leaves all of it unknown.
fn by_name(a: &Entries, b: &Entries) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    let mut equal = true;
    for (name, value) in a {
        match b.get(name) {
            Some(other) => equal &= parts_equal(value, other)?,
            None => equal = false,
        }
    }
    Some(equal)
}

/// Whether two numbers count as equal: whole ones by value, others by the digits they are written with.
pub(super) fn same_number(a: &Number, b: &Number) -> bool {
    match (a.is_whole(), b.is_whole()) {
        (true, true) => a.compare(b) == Ordering::Equal,
        (false, false) if a.precision() == b.precision() => a.compare(b) == Ordering::Equal,
        (false, false) => a.to_string() == b.to_string(),
        (true, false) | (false, true) => false,
    }
}

/// A text that is the same for two wholly known values of one type exactly if they are equal.
pub(super) fn key(value: &Value) -> String {
    let mut text = String::new();
    write_key(value, &mut text);
    text
}

fn write_key(value: &Value, text: &mut String) {
    // Writing to a string can't fail.
    let _ = match &value.data {
        Data::Unknown(_) => write!(text, "?"),
        Data::Null(_) => write!(text, "~"),
        Data::Bool(value) => write!(text, "{value}"),
        Data::Number(number) if number.is_zero() => write!(text, "0"),
        Data::Number(number) if number.is_whole() => {
            let (negative, magnitude) = number.truncated();
            write!(text, "{}{magnitude}", if negative { "-" } else { "" })
        }
        Data::Number(number) => write!(text, "{number}"),
        Data::String(string) => write!(text, "{}:{string}", string.len()),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            text.push('[');
            for item in items.iter() {
                write_key(item, text);
                text.push(',');
            }
            write!(text, "]")
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            text.push('{');
            for (name, value) in entries.iter() {
                let _ = write!(text, "{}:{name}=", name.len());
                write_key(value, text);
                text.push(',');
            }
            write!(text, "}}")
        }
    };
}

#[cfg(test)]
mod tests {
    use super::super::number::Parsed;
    use super::*;

    fn number(text: &str) -> Value {
        match Number::parse(text) {
            Parsed::Number(number) => number.into(),
            other => panic!("{text}: {other:?}"),
        }
    }

    fn text(text: &str) -> Value {
        Value::string(text)
    }

    fn tuple<const N: usize>(items: [Value; N]) -> Value {
        Value::tuple(items.to_vec())
    }

    fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
        Value::object(entries.map(|(name, value)| (name.into(), value)))
    }

    fn unknown(ty: Type) -> Value {
        Value::unknown(ty, "test")
    }

    #[test]
    fn values_are_equal_as_terraform_has_it() {
        let any = || unknown(Type::Any);
        let string = || unknown(Type::String);
        let list = |items: Vec<Value>| Value::list(Type::String, items);
        let null = Value::null;
        let typed_null = || Value::from(Data::Null(Type::String));
        let tenth = || Value::from(Number::from_f64(0.1).unwrap());
        let cases = [
            (number("1"), number("1.0"), Some(true)),
            (number("1"), text("1"), Some(false)),
            (number("0"), number("-0"), Some(true)),
            (number("0.1"), tenth(), Some(true)),
            (number("0.1000000000000000055511151231257827021181583404541015625"), tenth(), Some(false)),
            (number("1"), Number::counted(1).into(), Some(true)),
            (null(), null(), Some(true)),
            (null(), typed_null(), Some(true)),
            (null(), text(""), Some(false)),
            (null(), any(), None),
            (null(), string().not_null(), Some(false)),
            (tuple([null()]), tuple([null()]), Some(true)),
            (tuple([null()]), tuple([typed_null()]), Some(false)),
            (tuple([null()]), tuple([text("a")]), Some(false)),
            (tuple([]), list(vec![]), Some(false)),
            (tuple([text("a")]), list(vec![text("a")]), Some(false)),
            (Value::list(Type::Any, vec![]), Value::list(Type::Any, vec![]), Some(true)),
            (any(), any(), None),
            (any(), text("a"), None),
            (string(), text("a"), None),
            (string(), number("1"), Some(false)),
            (string(), unknown(Type::Number), None),
            (unknown(Type::list(Type::Any)), text("a"), None),
            // The first pair decides; a typed unknown value hides what comes behind it.
            (tuple([text("a"), string()]), tuple([text("b"), text("c")]), Some(false)),
            (tuple([string(), text("a")]), tuple([text("c"), text("b")]), None),
            // Values of unknown type hide all, unless the types can't be the same.
            (tuple([text("a"), any()]), tuple([text("b"), text("c")]), None),
            (tuple([text("a"), any()]), tuple([number("1"), text("c")]), Some(false)),
            (tuple([text("a"), any()]), tuple([text("a")]), Some(false)),
            (object([("a", text("x")), ("b", string())]), object([("a", text("y")), ("b", text("z"))]), None),
            (object([("a", text("x"))]), object([("b", text("x"))]), Some(false)),
            (object([("a", text("x"))]), object([("a", text("x"))]), Some(true)),
            (
                Value::set(Type::String, vec![text("a"), text("b")]),
                Value::set(Type::String, vec![text("b"), text("a")]),
                Some(true),
            ),
            (Value::list(Type::Any, vec![text("a")]), list(vec![text("a")]), None),
            (Value::list(Type::Any, vec![text("a")]), list(vec![text("b")]), Some(false)),
        ];
        for (a, b, expected) in cases {
            assert_eq!(equal(&a, &b), expected, "{a:?} == {b:?}");
            assert_eq!(equal(&b, &a), expected, "{b:?} == {a:?}");
        }
    }

    #[test]
    fn keys_are_the_same_for_equal_values() {
        let values = [
            number("1"),
            number("-1"),
            number("0"),
            number("0.1"),
            text(""),
            text("1:"),
            tuple([text("a"), text("b")]),
            tuple([text("a,1:b")]),
            tuple([tuple([]), tuple([])]),
            tuple([tuple([tuple([])])]),
            null_object(),
            object([("a", text("b"))]),
        ];
        for (at, a) in values.iter().enumerate() {
            for (other, b) in values.iter().enumerate() {
                assert_eq!(key(a) == key(b), at == other, "{a:?} {b:?}");
            }
        }
        assert_eq!(key(&number("0.1")), key(&Number::from_f64(0.1).unwrap().into()));
        assert_eq!(key(&number("0")), key(&number("-0")));
    }

    fn null_object() -> Value {
        object([("a", Value::null())])
    }
}

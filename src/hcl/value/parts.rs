//! What a value is and holds.

use std::sync::Arc;

use super::{Data, Entries, Identity, Marks, Unknown, Value};
use crate::hcl::number::Number;
use crate::hcl::types::Type;

/// Asking values.
impl Value {
    /// The type.
    pub fn ty(&self) -> Type {
        match &self.data {
            Data::Unknown(unknown) => unknown.ty.clone(),
            Data::Null(ty) => ty.clone(),
            Data::Bool(_) => Type::Bool,
            Data::Number(_) => Type::Number,
            Data::String(_) => Type::String,
            Data::List(element, _) => Type::list(element.clone()),
            Data::Set(element, _) => Type::set(element.clone()),
            Data::Map(element, _) => Type::map(element.clone()),
            Data::Tuple(items) => Type::Tuple(items.iter().map(Value::ty).collect()),
            Data::Object(entries) => Type::object(entries.iter().map(|(name, value)| (name.clone(), value.ty()))),
        }
    }

    /// Whether its type is not known here.
    pub fn is_of_any_type(&self) -> bool {
        match &self.data {
            Data::Unknown(unknown) => unknown.ty == Type::Any,
            Data::Null(ty) => *ty == Type::Any,
            _ => false,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null(_))
    }

    /// Whether it is known, leaving its elements and attributes aside.
    pub fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(_))
    }

    /// Whether it is or holds an empty collection whose elements would have a type that is not known.
    pub fn has_open_collection(&self) -> bool {
        match &self.data {
            Data::List(ty, items) | Data::Set(ty, items) => {
                (items.is_empty() && ty.has_any()) || items.iter().any(Value::has_open_collection)
            }
            Data::Map(ty, entries) => {
                (entries.is_empty() && ty.has_any()) || entries.values().any(Value::has_open_collection)
            }
            Data::Tuple(items) => items.iter().any(Value::has_open_collection),
            Data::Object(entries) => entries.values().any(Value::has_open_collection),
            Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => false,
        }
    }

    /// Whether it and all in it are known.
    pub fn is_wholly_known(&self) -> bool {
        self.first_unknown().is_none()
    }

    /// Why it is not known.
    pub fn unknown_reason(&self) -> Option<&Arc<str>> {
        match &self.data {
            Data::Unknown(unknown) => Some(&unknown.reason),
            _ => None,
        }
    }

    /// Itself or the first thing in it that is not known.
    pub fn first_unknown(&self) -> Option<&Arc<Unknown>> {
        match &self.data {
            Data::Unknown(unknown) => Some(unknown),
            Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => None,
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                items.iter().find_map(Value::first_unknown)
            }
            Data::Map(_, entries) | Data::Object(entries) => entries.values().find_map(Value::first_unknown),
        }
    }

    /// How many values it holds, itself among them; counting ends at `limit`.
    pub fn weight(&self, limit: usize) -> usize {
        let mut count = 0;
        let mut left = vec![self];
        while let Some(value) = left.pop() {
            count += 1;
            if count >= limit {
                break;
            }
            match &value.data {
                Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
                Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => left.extend(items.iter()),
                Data::Map(_, entries) | Data::Object(entries) => left.extend(entries.values()),
            }
        }
        count
    }

    /// Whether there are no more bytes of text in it than `left`, each text counted as often as it stands there, and each part as
    /// one more; they are taken off. Not more parts are looked into than bytes are left.
    pub fn has_less_text(&self, left: &mut usize) -> bool {
        let mut parts = vec![self];
        while let Some(value) = parts.pop() {
            let taken = match &value.data {
                Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) => 1,
                Data::String(text) => 1 + text.len(),
                Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                    parts.extend(items.iter());
                    1
                }
                Data::Map(_, entries) | Data::Object(entries) => {
                    parts.extend(entries.values());
                    1 + entries.keys().map(|key| key.len()).sum::<usize>()
                }
            };
            match left.checked_sub(taken) {
                Some(rest) => *left = rest,
                None => return false,
            }
        }
        true
    }

    /// Whether it holds the very same parts in memory as another.
    pub fn shares(&self, other: &Value) -> bool {
        match (&self.data, &other.data) {
            (
                Data::List(_, own) | Data::Set(_, own) | Data::Tuple(own),
                Data::List(_, others) | Data::Set(_, others) | Data::Tuple(others),
            ) => Arc::ptr_eq(own, others),
            (Data::Map(_, own) | Data::Object(own), Data::Map(_, others) | Data::Object(others)) => {
                Arc::ptr_eq(own, others)
            }
            _ => false,
        }
    }

    /// Its own marks and those of all in it.
    pub fn all_marks(&self) -> Marks {
        let inner = match &self.data {
            Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => Marks::NONE,
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                items.iter().fold(Marks::NONE, |marks, item| marks.with(item.all_marks()))
            }
            Data::Map(_, entries) | Data::Object(entries) => {
                entries.values().fold(Marks::NONE, |marks, value| marks.with(value.all_marks()))
            }
        };
        self.marks.with(inner)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// A bool.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A number.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.data {
            Data::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The elements of a known list, set or tuple.
    pub fn as_items(&self) -> Option<&Arc<Vec<Value>>> {
        match &self.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The elements of a known map, or attributes of a known object.
    pub fn as_entries(&self) -> Option<&Arc<Entries>> {
        match &self.data {
            Data::Map(_, entries) | Data::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// What an unknown value is the identity of.
    pub fn identity(&self) -> Option<&Arc<Identity>> {
        match &self.data {
            Data::Unknown(unknown) => unknown.identity.as_ref(),
            _ => None,
        }
    }

    /// How many elements or attributes it has, where that is known.
    pub fn length(&self) -> Option<usize> {
        match &self.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => Some(items.len()),
            Data::Map(_, entries) | Data::Object(entries) => Some(entries.len()),
            Data::Unknown(unknown) => match &unknown.ty {
                Type::Tuple(items) => Some(items.len()),
                Type::Object(object) => Some(object.attributes.len()),
                _ => unknown.length,
            },
            Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => None,
        }
    }

    /// Elements with their keys, in the order in which Terraform goes through them: numbers for lists and tuples, names for
    /// maps and objects, the elements themselves for sets. `None`: nothing to go through, or not known.
    pub fn elements(&self) -> Option<Vec<(Value, Value)>> {
        match &self.data {
            Data::List(_, items) | Data::Tuple(items) => {
                Some(items.iter().enumerate().map(|(index, item)| (Value::count(index), item.clone())).collect())
            }
            Data::Set(_, items) => Some(items.iter().map(|item| (item.clone(), item.clone())).collect()),
            Data::Map(_, entries) | Data::Object(entries) => {
                Some(entries.iter().map(|(key, value)| (Data::String(key.clone()).into(), value.clone())).collect())
            }
            Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => None,
        }
    }
}

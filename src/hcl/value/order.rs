//! When values are the same, and the order of the elements of a set.

use std::cmp::Ordering;

use super::{Data, Entries, Value};
use crate::go::quote::quoted;

impl Value {
    /// Whether two wholly known values are the same in type and value, marks and places aside.
    pub fn is_same(&self, other: &Value) -> bool {
        match (&self.data, &other.data) {
            (Data::Null(a), Data::Null(b)) => a == b,
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Number(a), Data::Number(b)) => a == b,
            (Data::String(a), Data::String(b)) => a == b,
            (Data::List(t, a), Data::List(u, b)) | (Data::Set(t, a), Data::Set(u, b)) => {
                t == u && a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.is_same(b))
            }
            (Data::Tuple(a), Data::Tuple(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.is_same(b)),
            (Data::Map(t, a), Data::Map(u, b)) => t == u && same_entries(a, b),
            (Data::Object(a), Data::Object(b)) => same_entries(a, b),
            _ => false,
        }
    }

    /// The order of two elements of one set: strings by bytes, numbers by value, false before true, all else by a text that
    /// is made of them; null comes last.
    pub(super) fn set_order(&self, other: &Value) -> Ordering {
        match (&self.data, &other.data) {
            (Data::Null(_), Data::Null(_)) => Ordering::Equal,
            (Data::Null(_), _) => Ordering::Greater,
            (_, Data::Null(_)) => Ordering::Less,
            (Data::String(a), Data::String(b)) => a.cmp(b),
            (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
            (Data::Number(a), Data::Number(b)) => a.set_order(b),
            _ if self.is_same(other) => Ordering::Equal,
            // Two numbers may have one short text; they are two elements nevertheless.
            _ => self
                .set_text(false)
                .cmp(&other.set_text(false))
                .then_with(|| self.set_text(true).cmp(&other.set_text(true))),
        }
    }

    fn set_text(&self, exact: bool) -> String {
        let mut text = String::new();
        self.write_set_text(exact, &mut text);
        text
    }

    fn write_set_text(&self, exact: bool, text: &mut String) {
        let all = |items: &[Value], text: &mut String| {
            for item in items {
                item.write_set_text(exact, text);
                text.push(';');
            }
        };
        match &self.data {
            Data::Unknown(_) => text.push('?'),
            Data::Null(_) => text.push('~'),
            Data::Bool(value) => text.push(if *value { 'T' } else { 'F' }),
            Data::Number(number) if exact => text.push_str(&number.to_string()),
            Data::Number(number) => text.push_str(&number.short_text()),
            Data::String(string) => text.push_str(&quoted(string)),
            Data::List(_, items) | Data::Set(_, items) => {
                text.push('[');
                all(items, text);
                text.push(']');
            }
            Data::Map(_, entries) => {
                text.push('{');
                for (key, value) in entries.iter() {
                    text.push_str(&quoted(key));
                    text.push(':');
                    value.write_set_text(exact, text);
                    text.push(';');
                }
                text.push('}');
            }
            Data::Tuple(items) => {
                text.push('<');
                all(items, text);
                text.push('>');
            }
            Data::Object(entries) => {
                text.push('<');
                for value in entries.values() {
                    value.write_set_text(exact, text);
                    text.push(';');
                }
                text.push('>');
            }
        }
    }
}

fn same_entries(a: &Entries, b: &Entries) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((k, v), (l, w))| k == l && v.is_same(w))
}

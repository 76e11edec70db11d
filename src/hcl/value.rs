//! Values: known, null or unknown with the reason; each with its marks and where it came from.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::address::InstanceKey;
use super::number::Number;
use super::types::Type;
use crate::location::Place;

/// The elements of a map, or the attributes of an object.
pub type Entries = BTreeMap<Arc<str>, Value>;

/// A value.
#[derive(Debug, Clone)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// What must be known of it wherever it goes.
    pub marks: Marks,
    /// Where it came from; `None` where nobody wrote it.
    pub origin: Option<Arc<Origin>>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Data {
    /// Not known, and why.
    Unknown(Arc<Unknown>),
    /// Null of a type.
    Null(Type),
    /// A bool.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, in Unicode normalization form C.
    String(Arc<str>),
    /// A list: the type of its elements, and these.
    List(Type, Arc<Vec<Value>>),
    /// A set: the type of its elements, and these, each once, in the order in which Terraform goes through them. All of
    /// them are wholly known: a set with an unknown element is unknown as a whole.
    Set(Type, Arc<Vec<Value>>),
    /// A map: the type of its elements, and these.
    Map(Type, Arc<Entries>),
    /// A tuple.
    Tuple(Arc<Vec<Value>>),
    /// An object.
    Object(Arc<Entries>),
}

/// A value that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Its type, as far as that is known.
    pub ty: Type,
    /// Why it is not known, for a message.
    pub reason: Arc<str>,
    /// Whether it is known not to be null.
    pub not_null: bool,
    /// How many elements it has, where only that is known.
    pub length: Option<usize>,
    /// What it is the identity of.
    pub identity: Option<Arc<Identity>>,
}

/// An attribute of one instance of a resource: what an unknown value of such an attribute stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The address of the module that declares it, with instance keys; empty for the root module.
    pub module: Arc<str>,
    /// `TYPE.NAME`, with `data.` before that of a data source.
    pub resource: Arc<str>,
    /// Which instance.
    pub which: Which,
    /// The attribute; empty for the instance as a whole.
    pub attribute: Arc<str>,
}

/// Which instance of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// The only one.
    Only,
    /// The one with this key.
    Key(InstanceKey),
    /// One of them; it is not known which.
    Some,
    /// All together, where it is not known how many there are.
    All,
}

impl Identity {
    /// Whether it is an instance as a whole, not one of its attributes.
    pub fn is_instance(&self) -> bool {
        self.attribute.is_empty() && self.which != Which::All
    }

    /// Whether two are of the same attribute of one resource, in one module.
    pub fn is_of_one_resource(&self, other: &Identity) -> bool {
        self.module == other.module && self.resource == other.resource && self.attribute == other.attribute
    }

    /// The address of the instance.
    pub fn address(&self) -> String {
        let key = match &self.which {
            Which::Only => String::new(),
            Which::Key(key) => key.to_string(),
            Which::Some | Which::All => "[*]".to_owned(),
        };
        let dot = if self.module.is_empty() { "" } else { "." };
        format!("{}{dot}{}{key}", self.module, self.resource)
    }
}

/// Where a value came from: an expression, and what gave it the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The expression.
    pub place: Place,
    /// Where that took it from; `None` where it is written there.
    pub from: Option<Arc<Origin>>,
}

impl Origin {
    /// The places of a value, from the last expression to where it is written.
    pub fn places(&self) -> Vec<&Place> {
        let mut places = vec![&self.place];
        let mut next = &self.from;
        while let Some(origin) = next {
            if places.last() != Some(&&origin.place) {
                places.push(&origin.place);
            }
            next = &origin.from;
        }
        places
    }

    /// This chain with `inner` in place of where it is written, for a value that was a part of what is written there.
    fn lead_to(outer: &Origin, inner: &Arc<Origin>, depth: usize) -> Arc<Origin> {
        match &outer.from {
            Some(from) if depth < MAX_CHAIN => {
                let from = Some(Origin::lead_to(from, inner, depth + 1));
                Arc::new(Origin { place: outer.place.clone(), from })
            }
            Some(_) => inner.clone(),
            // What is written there holds the part: the part's own place says more.
            None if outer.place.file == inner.place.file => inner.clone(),
            None => Arc::new(Origin { place: outer.place.clone(), from: Some(inner.clone()) }),
        }
    }
}

/// The longest chain of places that is kept.
const MAX_CHAIN: usize = 32;

/// Marks of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// It must not be shown.
    pub sensitive: bool,
    /// It is not kept in plan or state.
    pub ephemeral: bool,
}

impl Marks {
    /// None.
    pub const NONE: Marks = Marks { sensitive: false, ephemeral: false };
    /// Sensitive.
    pub const SENSITIVE: Marks = Marks { sensitive: true, ephemeral: false };
    /// Ephemeral.
    pub const EPHEMERAL: Marks = Marks { sensitive: false, ephemeral: true };

    /// Both together.
    #[must_use]
    pub fn with(self, other: Marks) -> Marks {
        Marks { sensitive: self.sensitive || other.sensitive, ephemeral: self.ephemeral || other.ephemeral }
    }

    /// Whether there is one.
    pub fn any(self) -> bool {
        self.sensitive || self.ephemeral
    }
}

impl From<Data> for Value {
    fn from(data: Data) -> Value {
        Value { data, marks: Marks::NONE, origin: None }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Data::Bool(value).into()
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Value {
        Data::Number(value).into()
    }
}

/// Making values.
impl Value {
    /// A string; it is brought into normalization form C.
    pub fn string(text: impl AsRef<str>) -> Value {
        use unicode_normalization::{UnicodeNormalization, is_nfc};
        let text = text.as_ref();
        let normal: Arc<str> =
            if text.is_ascii() || is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
        Data::String(normal).into()
    }

    /// What a function counted.
    pub fn count(number: usize) -> Value {
        Number::counted(i64::try_from(number).unwrap_or(i64::MAX)).into()
    }

    /// Null without type, as the word `null` is.
    pub fn null() -> Value {
        Data::Null(Type::Null).into()
    }

    /// A tuple.
    pub fn tuple(items: Vec<Value>) -> Value {
        Data::Tuple(Arc::new(items)).into()
    }

    /// An object.
    pub fn object(attributes: impl IntoIterator<Item = (Arc<str>, Value)>) -> Value {
        Data::Object(Arc::new(attributes.into_iter().collect())).into()
    }

    /// A list; all items have the type `element`.
    pub fn list(element: Type, items: Vec<Value>) -> Value {
        Data::List(element, Arc::new(items)).into()
    }

    /// A map; all elements have the type `element`.
    pub fn map(element: Type, entries: Entries) -> Value {
        Data::Map(element, Arc::new(entries)).into()
    }

    /// A set; all items have the type `element`. Marks of items go to the set; with an item that is not wholly known, the
    /// set is unknown.
    pub fn set(element: Type, items: Vec<Value>) -> Value {
        if let Some(unknown) = items.iter().find_map(Value::first_unknown) {
            let reason = format!("an element of the set is not known: {}", unknown.reason);
            let not_null =
                Unknown { ty: Type::set(element), reason: reason.into(), not_null: true, length: None, identity: None };
            return Value::from(Data::Unknown(Arc::new(not_null)));
        }
        let mut marks = Marks::NONE;
        let mut items: Vec<Value> = items
            .into_iter()
            .map(|item| {
                marks = marks.with(item.all_marks());
                item.unmarked_deep()
            })
            .collect();
        items.sort_by(|a, b| a.set_order(b));
        items.dedup_by(|later, first| later.set_order(first) == Ordering::Equal);
        Value { data: Data::Set(element, Arc::new(items)), marks, origin: None }
    }

    /// An unknown value of a type.
    pub fn unknown(ty: Type, reason: impl Into<Arc<str>>) -> Value {
        Data::Unknown(Arc::new(Unknown { ty, reason: reason.into(), not_null: false, length: None, identity: None }))
            .into()
    }

    /// An unknown value of a type, for the reason that another has.
    pub fn unknown_as(&self, ty: Type) -> Value {
        let reason = self.first_unknown().map_or_else(|| "not known".into(), |u| u.reason.clone());
        Value { marks: self.marks, ..Value::unknown(ty, reason) }
    }

    /// An unknown value in its place, for another reason.
    pub fn unknown_because(&self, ty: Type, reason: &str) -> Value {
        let origin = self.origin.clone();
        Value { marks: self.marks, origin, ..Value::unknown(ty, reason).not_null() }
    }

    /// The type without looking at what it holds: that of a tuple or object is open.
    pub fn ty_without_parts(&self) -> Type {
        match &self.data {
            Data::Tuple(_) | Data::Object(_) => Type::Any,
            _ => self.ty(),
        }
    }

    /// The same with a place where it is written.
    #[must_use]
    pub fn at(mut self, place: Place) -> Value {
        self.origin = Some(Arc::new(Origin { place, from: None }));
        self
    }

    /// The same as an expression at `place` gives it.
    #[must_use]
    pub fn through(mut self, place: Place) -> Value {
        self.origin = Some(Arc::new(Origin { place, from: self.origin.take() }));
        self
    }

    /// The same as a part of `whole`: where that came from comes first.
    #[must_use]
    pub fn part_of(mut self, whole: &Value) -> Value {
        self.origin = match (&whole.origin, self.origin.take()) {
            (Some(outer), Some(inner)) => Some(Origin::lead_to(outer, &inner, 0)),
            (outer, inner) => inner.or_else(|| outer.clone()),
        };
        self
    }

    /// The same with more marks.
    #[must_use]
    pub fn with_marks(mut self, marks: Marks) -> Value {
        self.marks = self.marks.with(marks);
        self
    }

    /// The same as known not to be null.
    #[must_use]
    pub fn not_null(self) -> Value {
        match &self.data {
            Data::Unknown(unknown) if !unknown.not_null => {
                let unknown = Unknown { not_null: true, ..unknown.as_ref().clone() };
                Value { data: Data::Unknown(Arc::new(unknown)), ..self }
            }
            _ => self,
        }
    }

    /// The same without marks at the top.
    #[must_use]
    pub fn unmarked(mut self) -> Value {
        self.marks = Marks::NONE;
        self
    }

    /// The same without any marks.
    #[must_use]
    pub fn unmarked_deep(self) -> Value {
        if !self.all_marks().any() {
            return self;
        }
        self.map_parts(&|part| part.unmarked_deep()).unmarked()
    }

    /// The same with every element or attribute changed.
    #[must_use]
    pub fn map_parts(self, change: &dyn Fn(Value) -> Value) -> Value {
        let all = |items: &Arc<Vec<Value>>| Arc::new(items.iter().cloned().map(change).collect());
        let each = |entries: &Arc<Entries>| {
            Arc::new(entries.iter().map(|(key, value)| (key.clone(), change(value.clone()))).collect())
        };
        let data = match &self.data {
            Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => self.data.clone(),
            Data::List(element, items) => Data::List(element.clone(), all(items)),
            Data::Set(element, items) => Data::Set(element.clone(), all(items)),
            Data::Map(element, entries) => Data::Map(element.clone(), each(entries)),
            Data::Tuple(items) => Data::Tuple(all(items)),
            Data::Object(entries) => Data::Object(each(entries)),
        };
        Value { data, ..self }
    }
}

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
    fn set_order(&self, other: &Value) -> Ordering {
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
            Data::String(string) => text.push_str(&go_quoted(string)),
            Data::List(_, items) | Data::Set(_, items) => {
                text.push('[');
                all(items, text);
                text.push(']');
            }
            Data::Map(_, entries) => {
                text.push('{');
                for (key, value) in entries.iter() {
                    text.push_str(&go_quoted(key));
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

/// A string in double quotes with Go's escapes, as `%q` prints it.
pub(super) fn go_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            c if c.is_ascii_graphic() || c == ' ' => quoted.push(c),
            c if c.is_ascii() => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if is_printable(c) => quoted.push(c),
            c if u32::from(c) < 0x10000 => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether Go prints a character as it is: letters, marks, numbers, punctuation, symbols, and the ASCII space.
fn is_printable(c: char) -> bool {
    c.is_alphanumeric() || c.escape_debug().count() == 1
}

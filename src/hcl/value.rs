//! Values: known, null or unknown with the reason; each with its marks and where it came from.

mod order;
mod origin;
mod parts;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::number::Number;
use super::types::Type;
use crate::location::Place;
pub use origin::{Identity, Origin, Which};

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
    /// What the text encodes, as JSON or YAML, where it is not known because a part of that is not.
    pub encodes: Option<Encoded>,
}

/// The value that a text encodes.
#[derive(Debug, Clone)]
pub struct Encoded(pub Arc<Value>);

impl PartialEq for Encoded {
    fn eq(&self, other: &Encoded) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Encoded {}

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
    /// A string; it is brought into normalization form C. Unknown with more than 25 combining marks in a row: near 30 Terraform
    /// puts characters of its own between them.
    pub fn string(text: impl AsRef<str>) -> Value {
        use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class, is_nfc};
        const MARKS: usize = 25;
        let text = text.as_ref();
        if text.is_ascii() {
            return Data::String(text.into()).into();
        }
        let normal: Arc<str> = if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
        if normal.split(|c| canonical_combining_class(c) == 0).any(|marks| marks.chars().nth(MARKS).is_some()) {
            let why = "a text with more than 25 combining marks in a row is not followed";
            return Value::unknown(Type::String, why).not_null();
        }
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
        let marks = items.iter().fold(Marks::NONE, |marks, item| marks.with(item.all_marks()));
        if let Some(unknown) = items.iter().find_map(Value::first_unknown) {
            let reason = format!("an element of the set is not known: {}", unknown.reason);
            return Value::unknown(Type::set(element), reason).not_null().with_marks(marks);
        }
        let mut items: Vec<Value> = items.into_iter().map(Value::unmarked_deep).collect();
        items.sort_by(|a, b| a.set_order(b));
        items.dedup_by(|later, first| later.set_order(first) == Ordering::Equal);
        Value { data: Data::Set(element, Arc::new(items)), marks, origin: None }
    }

    /// An unknown value of a type.
    pub fn unknown(ty: Type, reason: impl Into<Arc<str>>) -> Value {
        Data::Unknown(Arc::new(Unknown {
            ty,
            reason: reason.into(),
            not_null: false,
            length: None,
            identity: None,
            encodes: None,
        }))
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
        self.origin = Some(Origin::new(place, None));
        self
    }

    /// The same as an expression at `place` gives it.
    #[must_use]
    pub fn through(mut self, place: Place) -> Value {
        self.origin = Some(Origin::new(place, self.origin.take()));
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

    /// The same unknown text, which encodes a value.
    #[must_use]
    pub fn encoding(self, value: &Value) -> Value {
        let Data::Unknown(unknown) = &self.data else { return self };
        let encodes = Some(Encoded(Arc::new(value.clone())));
        Value { data: Data::Unknown(Arc::new(Unknown { encodes, ..unknown.as_ref().clone() })), ..self }
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

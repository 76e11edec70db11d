//! Types of values, as Terraform has them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A type, or a constraint on types: there [`Type::Any`] may stand for a part that is free, and an object may have optional
/// attributes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// Any type; of an unknown value: not known either.
    Any,
    /// The type of the word `null`, and of the elements of an empty collection that could be one of anything: it goes with
    /// any other, and is known to be no more.
    Null,
    /// `string`
    String,
    /// `number`
    Number,
    /// `bool`
    Bool,
    /// `list(…)`
    List(Arc<Type>),
    /// `set(…)`
    Set(Arc<Type>),
    /// `map(…)`
    Map(Arc<Type>),
    /// `tuple([…])`
    Tuple(Arc<[Type]>),
    /// `object({…})`
    Object(Arc<ObjectType>),
}

/// The attributes of an object type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ObjectType {
    /// Name: type.
    pub attributes: BTreeMap<Arc<str>, Type>,
    /// The attributes that may be missing; only constraints have some.
    pub optional: BTreeSet<Arc<str>>,
}

impl Type {
    /// `list(element)`
    pub fn list(element: Type) -> Type {
        Type::List(Arc::new(element))
    }

    /// `set(element)`
    pub fn set(element: Type) -> Type {
        Type::Set(Arc::new(element))
    }

    /// `map(element)`
    pub fn map(element: Type) -> Type {
        Type::Map(Arc::new(element))
    }

    /// An object type without optional attributes.
    pub fn object(attributes: impl IntoIterator<Item = (Arc<str>, Type)>) -> Type {
        let attributes = attributes.into_iter().collect();
        Type::Object(Arc::new(ObjectType { attributes, optional: BTreeSet::new() }))
    }

    /// `string`, `number` or `bool`.
    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::String | Type::Number | Type::Bool)
    }

    /// The type of the elements of a collection.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Type::List(element) | Type::Set(element) | Type::Map(element) => Some(element),
            Type::Any | Type::Null | Type::String | Type::Number | Type::Bool | Type::Tuple(_) | Type::Object(_) => {
                None
            }
        }
    }

    /// Whether [`Type::Any`] stands somewhere in it.
    pub fn has_any(&self) -> bool {
        match self {
            Type::Any => true,
            Type::Null | Type::String | Type::Number | Type::Bool => false,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_any(),
            Type::Tuple(elements) => elements.iter().any(Type::has_any),
            Type::Object(object) => object.attributes.values().any(Type::has_any),
        }
    }

    /// Whether some part of it may be of any type; the word `null` alone does not count.
    pub fn is_open(&self) -> bool {
        match self {
            Type::Any => true,
            Type::Null | Type::String | Type::Number | Type::Bool => false,
            Type::List(element) | Type::Set(element) | Type::Map(element) => {
                **element == Type::Null || element.is_open()
            }
            Type::Tuple(items) => items.iter().any(Type::is_open),
            Type::Object(object) => object.attributes.values().any(Type::is_open),
        }
    }

    /// The same without optional attributes: they are attributes like others in what comes of a conversion.
    #[must_use]
    pub fn without_optional(&self) -> Type {
        match self {
            Type::Any | Type::Null | Type::String | Type::Number | Type::Bool => self.clone(),
            Type::List(element) => Type::list(element.without_optional()),
            Type::Set(element) => Type::set(element.without_optional()),
            Type::Map(element) => Type::map(element.without_optional()),
            Type::Tuple(elements) => Type::Tuple(elements.iter().map(Type::without_optional).collect()),
            Type::Object(object) => {
                Type::object(object.attributes.iter().map(|(name, ty)| (name.clone(), ty.without_optional())))
            }
        }
    }

    /// How messages name it: only the kind, as in "list of string", "object".
    pub fn name(&self) -> String {
        match self {
            Type::Any => "any type".to_owned(),
            Type::Null => "null".to_owned(),
            Type::String => "string".to_owned(),
            Type::Number => "number".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::List(element) => format!("list of {}", element.name()),
            Type::Set(element) => format!("set of {}", element.name()),
            Type::Map(element) => format!("map of {}", element.name()),
            Type::Tuple(_) => "tuple".to_owned(),
            Type::Object(_) => "object".to_owned(),
        }
    }
}

impl std::fmt::Display for Type {
    /// As a type constraint is written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Type::Any | Type::Null => f.write_str("any"),
            Type::String => f.write_str("string"),
            Type::Number => f.write_str("number"),
            Type::Bool => f.write_str("bool"),
            Type::List(element) => write!(f, "list({element})"),
            Type::Set(element) => write!(f, "set({element})"),
            Type::Map(element) => write!(f, "map({element})"),
            Type::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index == 0 { "" } else { "," })?;
                }
                f.write_str("])")
            }
            Type::Object(object) => {
                f.write_str("object({")?;
                for (index, (name, ty)) in object.attributes.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    match object.optional.contains(name) {
                        true => write!(f, "{comma}{name}=optional({ty})")?,
                        false => write!(f, "{comma}{name}={ty}")?,
                    }
                }
                f.write_str("})")
            }
        }
    }
}

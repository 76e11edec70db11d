//! Embedded YAML, read by the build script.

use serde_json::Value;

/// A value of YAML that holds texts only.
pub(crate) enum Written {
    /// A text.
    Text(&'static str),
    /// A list.
    List(&'static [Written]),
    /// A mapping, in the order of the text.
    Mapping(&'static [(&'static str, Written)]),
}

impl Written {
    /// The same as JSON.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Written::Text(text) => Value::from(*text),
            Written::List(items) => items.iter().map(Written::to_json).collect(),
            Written::Mapping(entries) => {
                Value::Object(entries.iter().map(|(key, value)| ((*key).to_owned(), value.to_json())).collect())
            }
        }
    }
}

//! Values that only name a variable: what they do with it is not understood.

use super::environment::{NO_ENVIRONMENT, Variable};
use super::{encoded, text};
use crate::document::{Node, Value};

/// Whether a text names one of the variables.
pub(in crate::input) fn is_mention(text: &str) -> bool {
    text::mentions(text) || encoded::texts(text).iter().any(|text| text::mentions(text))
}

/// Whether a value names one of the variables, whatever it does with it.
pub(in crate::input) fn mentions(values: Option<&Node>) -> bool {
    let mut left: Vec<&Node> = values.into_iter().collect();
    while let Some(node) = left.pop() {
        match &node.value {
            Value::String(text) => {
                if is_mention(text) {
                    return true;
                }
            }
            Value::Array(items) => left.extend(items),
            Value::Object(entries) => {
                let may_hold = entries.iter().filter(|e| !NO_ENVIRONMENT.contains(&e.key.as_str()));
                for entry in may_hold.filter(|e| e.node.value != Value::Null) {
                    if Variable::of(&entry.key).is_some() {
                        return true;
                    }
                    left.push(&entry.node);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    false
}

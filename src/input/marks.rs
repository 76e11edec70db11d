//! Marks: the trees beside a value in which Terraform says what of it is unknown or sensitive (`after_unknown`,
//! `after_sensitive`, `sensitive_values`). A mark that is not understood covers what it marks.

use crate::document::{Node, Value};

/// Why a value is unknown before apply.
pub(super) const AFTER_APPLY: &str = "known after apply";
/// Why a value that Terraform marks sensitive is unknown here.
pub(super) const SENSITIVE: &str = "sensitive";

/// Whether a mark covers a whole value. A mark of a shape that Terraform does not write covers it, too.
pub(super) fn covers(mark: Option<&Node>) -> bool {
    match mark.map(|m| &m.value) {
        None | Some(Value::Bool(false) | Value::Array(_) | Value::Object(_)) => false,
        Some(Value::Bool(true) | Value::Null | Value::Number(_) | Value::String(_)) => true,
    }
}

/// The first part of a mark that has a shape which Terraform does not write.
pub(super) fn strange(mark: &Node) -> Option<&Node> {
    match &mark.value {
        Value::Bool(_) => None,
        Value::Array(items) => items.iter().find_map(strange),
        Value::Object(entries) => entries.iter().find_map(|e| strange(&e.node)),
        Value::Null | Value::Number(_) | Value::String(_) => Some(mark),
    }
}

/// Whether a mark says anything but "no" about a value or a part of it.
pub(super) fn touches(mark: Option<&Node>) -> bool {
    match mark.map(|m| &m.value) {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Array(items)) => items.iter().any(|item| touches(Some(item))),
        Some(Value::Object(entries)) => entries.iter().any(|e| touches(Some(&e.node))),
        Some(Value::Bool(true) | Value::Null | Value::Number(_) | Value::String(_)) => true,
    }
}

/// The mark of an attribute of what a mark stands for.
pub(super) fn part<'n>(mark: Option<&'n Node>, name: &str) -> Option<&'n Node> {
    match &mark?.value {
        Value::Bool(false) => None,
        Value::Object(entries) => entries.iter().find(|e| e.key == name).map(|e| &e.node),
        Value::Bool(true) | Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => mark,
    }
}

/// The mark of an item of the list that a mark stands for.
pub(super) fn item(mark: Option<&Node>, index: usize) -> Option<&Node> {
    match &mark?.value {
        Value::Bool(false) => None,
        Value::Array(items) => items.get(index),
        Value::Bool(true) | Value::Null | Value::Number(_) | Value::String(_) | Value::Object(_) => mark,
    }
}

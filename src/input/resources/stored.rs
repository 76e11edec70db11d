//! How a raw state writes attributes: sensitive ones as a list of paths, dynamically typed ones with their type.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::document::{Entry, Node, Value, span_of};

/// Marks for the attributes that paths lead into: an attribute with a sensitive part is sensitive as a whole. Paths that
/// can't be read mark everything.
pub(super) fn marks(text: &str, paths: &RawValue) -> Node {
    #[derive(Deserialize)]
    struct Step {
        #[serde(rename = "type")]
        kind: String,
        value: serde_json::Value,
    }
    let span = span_of(text, paths);
    let everything = Node { span: span.clone(), value: Value::Bool(true) };
    let Ok(paths) = serde_json::from_str::<Option<Vec<Vec<Step>>>>(paths.get()) else {
        return everything;
    };
    let mut entries: Vec<Entry> = Vec::new();
    for path in paths.unwrap_or_default() {
        let name = match path.first() {
            Some(Step { kind, value: serde_json::Value::String(name) }) if kind == "get_attr" => name.clone(),
            Some(_) | None => return everything,
        };
        if !entries.iter().any(|entry| entry.key == name) {
            let node = Node { span: span.clone(), value: Value::Bool(true) };
            entries.push(Entry { key: name, key_span: span.clone(), node });
        }
    }
    Node { span, value: Value::Object(entries) }
}

/// Puts the value in place of `{"value": …, "type": …}`.
pub(super) fn unwrap(tree: &mut Option<Node>) {
    let mut left: Vec<&mut Node> = tree.iter_mut().collect();
    while let Some(node) = left.pop() {
        while let Some(value) = dynamic(node) {
            *node = value;
        }
        match &mut node.value {
            Value::Array(items) => left.extend(items),
            Value::Object(entries) => left.extend(entries.iter_mut().map(|e| &mut e.node)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn dynamic(node: &mut Node) -> Option<Node> {
    let Value::Object(entries) = &mut node.value else {
        return None;
    };
    let [one, other] = entries.as_mut_slice() else {
        return None;
    };
    let (value, kind) = if one.key == "value" { (one, other) } else { (other, one) };
    let is_type = match &kind.node.value {
        Value::String(word) => ["string", "number", "bool", "dynamic"].contains(&word.as_str()),
        Value::Array(items) => matches!(items.first(), Some(Node { value: Value::String(_), .. })),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    let nothing = Node { span: 0..0, value: Value::Null };
    (value.key == "value" && kind.key == "type" && is_type).then(|| std::mem::replace(&mut value.node, nothing))
}

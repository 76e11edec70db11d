//! How a raw state writes attributes: sensitive ones as a list of paths, dynamically typed ones with their type.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::document::{Entry, Node, Value, span_of};

/// A step of a path: into an attribute, or to an item of a map or list.
#[derive(Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    value: serde_json::Value,
}

/// Where a step leads.
enum Target<'s> {
    Key(&'s str),
    Item(usize),
}

impl Step {
    fn leads(&self) -> Option<Target<'_>> {
        match (self.kind.as_str(), &self.value, &self.value["value"]) {
            ("get_attr", serde_json::Value::String(name), _) => Some(Target::Key(name)),
            ("index", _, serde_json::Value::String(key)) => Some(Target::Key(key)),
            ("index", _, index) => Some(Target::Item(usize::try_from(index.as_u64()?).ok()?)),
            (_, _, _) => None,
        }
    }
}

/// Marks for what paths lead to. A path that can't be followed marks what it was followed to; paths that can't be read
/// mark everything.
pub(super) fn marks(text: &str, paths: &RawValue) -> Node {
    let span = span_of(text, paths);
    let Ok(paths) = serde_json::from_str::<Option<Vec<Vec<Step>>>>(paths.get()) else {
        return Node { span, value: Value::Bool(true) };
    };
    let mut marks = Marks::Keys(BTreeMap::new());
    for path in paths.unwrap_or_default() {
        mark(&mut marks, path.get(..MOST_STEPS).unwrap_or(&path));
    }
    marks.node(&span, &mut { MOST_MARKS })
}

/// What of a value is marked.
enum Marks {
    Nothing,
    All,
    Keys(BTreeMap<String, Marks>),
    Items(BTreeMap<usize, Marks>),
}

impl Marks {
    /// The marks as a tree of not more than so many nodes: past them all is marked.
    fn node(self, span: &Range<usize>, left: &mut usize) -> Node {
        let value = match self {
            Marks::Nothing => Value::Bool(false),
            Marks::All => Value::Bool(true),
            Marks::Keys(marks) => {
                let entry =
                    |(key, marks): (String, Marks)| Entry { key, key_span: span.clone(), node: marks.node(span, left) };
                Value::Object(marks.into_iter().map(entry).collect())
            }
            Marks::Items(mut marks) => {
                let count = marks.last_key_value().map_or(0, |(last, _)| last + 1);
                match left.checked_sub(count) {
                    Some(rest) => {
                        *left = rest;
                        let mut node = |index| marks.remove(&index).unwrap_or(Marks::Nothing).node(span, left);
                        Value::Array((0..count).map(&mut node).collect())
                    }
                    None => Value::Bool(true),
                }
            }
        };
        Node { span: span.clone(), value }
    }
}

/// The longest list that is marked item by item, and the longest path that is followed.
const MOST_ITEMS: usize = 10_000;
const MOST_STEPS: usize = 100;

/// The most items of lists that are marked one by one in one resource.
const MOST_MARKS: usize = 100_000;

/// Marks what a path leads to below a mark.
fn mark(at: &mut Marks, path: &[Step]) {
    let leads = path.first().and_then(Step::leads);
    match (&leads, &*at) {
        (_, Marks::All) => return,
        (Some(Target::Key(_)), Marks::Nothing) => *at = Marks::Keys(BTreeMap::new()),
        (Some(Target::Item(_)), Marks::Nothing) => *at = Marks::Items(BTreeMap::new()),
        (_, Marks::Nothing | Marks::Keys(_) | Marks::Items(_)) => {}
    }
    let next = match (leads, &mut *at) {
        (Some(Target::Key(name)), Marks::Keys(marks)) => Some(marks.entry(name.to_owned()).or_insert(Marks::Nothing)),
        (Some(Target::Item(index)), Marks::Items(marks)) if index < MOST_ITEMS => {
            Some(marks.entry(index).or_insert(Marks::Nothing))
        }
        (_, _) => None,
    };
    match next {
        Some(next) => mark(next, path.get(1..).unwrap_or_default()),
        None => *at = Marks::All,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::marks::{covers, item, part};

    fn marks_of(paths: &str) -> Node {
        let raw: &RawValue = serde_json::from_str(paths).unwrap();
        marks(paths, raw)
    }

    #[test]
    fn paths_mark_what_they_lead_to() {
        let attribute = |name: &str| format!(r#"{{"type":"get_attr","value":"{name}"}}"#);
        let key = |key: &str| format!(r#"{{"type":"index","value":{{"value":"{key}","type":"string"}}}}"#);
        let index = |index: usize| format!(r#"{{"type":"index","value":{{"value":{index},"type":"number"}}}}"#);
        let paths = [
            [attribute("env"), index(1), attribute("vars"), key("A")].join(","),
            attribute("name"),
            [attribute("name"), key("x")].join(","),
            [attribute("odd"), r#"{"type":"else","value":1}"#.to_owned()].join(","),
            [attribute("far"), index(1_000_000)].join(","),
        ];
        let tree = marks_of(&format!("[[{}]]", paths.join("],[")));
        let at = |name: &str| part(Some(&tree), name);
        for name in ["name", "odd", "far"] {
            assert!(covers(at(name)), "{name}");
        }
        assert!(!covers(at("env")) && !covers(item(at("env"), 0)) && at("other").is_none());
        let vars = part(item(at("env"), 1), "vars");
        assert!(covers(part(vars, "A")) && !covers(part(vars, "B")));
    }

    #[test]
    fn a_path_through_many_long_lists_marks_all_of_what_is_past_the_bound() {
        let index = r#"{"type":"index","value":{"value":9999,"type":"number"}}"#;
        let path = [vec![r#"{"type":"get_attr","value":"a"}"#], vec![index; 90]].concat().join(",");
        let tree = marks_of(&format!("[[{path}]]"));
        let mut nodes = 0;
        let mut left = vec![&tree];
        while let Some(node) = left.pop() {
            nodes += 1;
            match &node.value {
                Value::Array(items) => left.extend(items),
                Value::Object(entries) => left.extend(entries.iter().map(|entry| &entry.node)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        assert!(nodes <= MOST_MARKS + 2, "{nodes}");
        let mut at = part(Some(&tree), "a");
        for _ in 0..MOST_MARKS / MOST_ITEMS {
            at = item(at, 9999);
        }
        assert!(covers(at), "past the bound");
    }

    #[test]
    fn paths_that_cannot_be_read_mark_everything() {
        for paths in ["7", "[[]]", "[7]", r#"[[{"type":"get_attr"}]]"#, r#"[[{"type":"else","value":"a"}]]"#] {
            assert!(covers(Some(&marks_of(paths))), "{paths}");
        }
        for paths in ["null", "[]"] {
            assert!(!covers(Some(&marks_of(paths))), "{paths}");
        }
    }
}

//! How much a value is when it is written out: parts that are shared in memory count each time they are met.

use regorus::Value;

/// What a value amounts to.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Weight {
    /// Values in it, itself among them.
    pub(super) parts: usize,
    /// Bytes of all texts in it.
    pub(super) text: usize,
    /// How deep it goes.
    pub(super) depth: usize,
}

/// The weight of a value; `None` where it has more than `most` parts or lies deeper than 10 000.
pub(super) fn of(value: &Value, most: usize) -> Option<Weight> {
    let mut weight = Weight::default();
    let mut waiting = vec![(value, 1)];
    while let Some((value, depth)) = waiting.pop() {
        weight.parts += 1;
        weight.depth = weight.depth.max(depth);
        if weight.parts.saturating_add(waiting.len()) > most || depth > 10_000 {
            return None;
        }
        match value {
            Value::String(text) => weight.text = weight.text.saturating_add(text.len()),
            Value::Array(items) => waiting.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Set(items) => waiting.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(entries) => {
                waiting.extend(entries.iter().flat_map(|(key, value)| [(key, depth + 1), (value, depth + 1)]));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Undefined => {}
        }
    }
    Some(weight)
}

/// The entries that a union of two objects goes through; `None` where these are more than `most`.
pub(super) fn union(one: &Value, other: &Value, most: usize) -> Option<usize> {
    let (mut work, mut waiting) = (0_usize, vec![(one, other)]);
    while let Some((one, other)) = waiting.pop() {
        let (Value::Object(one), Value::Object(other)) = (one, other) else { continue };
        work = work.saturating_add(other.len());
        if work > most {
            return None;
        }
        let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
        let nested = few.iter().filter(|(_, value)| matches!(value, Value::Object(_)));
        waiting.extend(nested.filter_map(|(key, value)| Some((many.get(key)?, value))));
    }
    Some(work)
}

//! Values as OPA hands them to Go's `fmt`.

use regorus::Value;

use crate::policy::sprintf::Argument;

/// A value as OPA hands it to Go's `fmt`.
pub(super) fn argument(value: &Value) -> Argument {
    match value {
        Value::String(text) => Argument::Text(text.to_string()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(n), _) => Argument::Integer(n),
            (None, Some(f)) => Argument::Float(f),
            (None, None) => {
                let text = notation(value);
                text.parse().map_or(Argument::Text(text), Argument::Float)
            }
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Set(_) | Value::Object(_) | Value::Undefined => {
            Argument::Text(notation(value))
        }
    }
}

/// A value in Rego's notation, as OPA prints it.
pub(super) fn notation(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Set(items) if items.is_empty() => "set()".to_owned(),
        Value::Set(items) => format!("{{{}}}", list(items.iter().map(notation).collect())),
        Value::Array(items) => format!("[{}]", list(items.iter().map(notation).collect())),
        Value::Object(entries) => {
            let each = entries.iter().map(|(k, v)| format!("{}: {}", notation(k), notation(v)));
            format!("{{{}}}", list(each.collect()))
        }
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

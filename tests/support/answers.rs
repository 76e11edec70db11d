//! What Terraform says of an expression, what we say, and whether these agree.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::fmt::Write as _;

use openai_data_controls::hcl::{Data, Evaluated, Type, Value};

/// What became of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An error, with ours its message.
    Error(String),
    /// Only we have these: the reason.
    Unknown(String),
    /// A value. Infinite numbers have no text.
    Value { ty: String, json: Option<String>, sensitive: bool },
}

/// Figures of a comparison.
#[derive(Debug, Default)]
pub struct Figures {
    /// Compared.
    pub expressions: usize,
    /// Those where Terraform has a value.
    pub values: usize,
    /// Those of them that we know, and that are equal.
    pub equal: usize,
    /// Those where Terraform has an error.
    pub errors: usize,
}

impl Figures {
    /// The share of Terraform's values that we know.
    pub fn share(&self) -> f64 {
        if self.values == 0 { 1.0 } else { self.equal as f64 / self.values as f64 }
    }

    /// Counts one, and says what is wrong with ours.
    pub fn count(&mut self, expression: &str, ours: &Answer, theirs: &Answer) -> Option<String> {
        self.expressions += 1;
        match theirs {
            Answer::Value { json: Some(_), .. } => self.values += 1,
            Answer::Error(_) => self.errors += 1,
            Answer::Value { .. } | Answer::Unknown(_) => {}
        }
        let wrong = wrong(ours, theirs);
        if wrong.is_none() && matches!((ours, theirs), (Answer::Value { .. }, Answer::Value { .. })) {
            self.equal += 1;
        }
        wrong.map(|what| {
            format!("{what}\n    {expression}\n      ours:      {}\n      Terraform: {}", show(ours), show(theirs))
        })
    }
}

fn wrong(ours: &Answer, theirs: &Answer) -> Option<&'static str> {
    match (ours, theirs) {
        (Answer::Unknown(_), _) | (_, Answer::Unknown(_)) | (Answer::Error(_), Answer::Error(_)) => None,
        (Answer::Error(_), Answer::Value { .. }) => Some("an error that Terraform does not have"),
        (Answer::Value { .. }, Answer::Error(_)) => Some("a value where Terraform has an error"),
        (Answer::Value { ty: a, json: b, sensitive: c }, Answer::Value { ty: d, json: e, sensitive: f }) => {
            if a != d {
                Some("another type")
            } else if b != e {
                Some("another value")
            } else if c != f {
                Some("another sensitivity")
            } else {
                None
            }
        }
    }
}

fn show(answer: &Answer) -> String {
    match answer {
        Answer::Error(message) => format!("error {message}"),
        Answer::Unknown(why) => format!("unknown, {why}"),
        Answer::Value { ty, json, sensitive } => {
            let json = json.as_deref().unwrap_or("an infinite number");
            format!("{ty} {json}{}", if *sensitive { " (sensitive)" } else { "" })
        }
    }
}

/// Our answer, out of what the evaluator says.
pub fn answer(evaluated: Evaluated) -> Answer {
    match evaluated {
        Err(failure) => Answer::Error(failure.message.to_string()),
        Ok(value) => match value.first_unknown() {
            Some(unknown) => Answer::Unknown(unknown.reason.to_string()),
            None => {
                let mut ty = String::new();
                write_type(&value.ty(), &mut ty);
                let mut json = String::new();
                write_json(&value, &mut json);
                Answer::Value { ty, json: Some(json), sensitive: value.all_marks().sensitive }
            }
        },
    }
}

/// A type as `type()` prints it, without line breaks and indentation.
fn write_type(ty: &Type, text: &mut String) {
    let mut of = |name: &str, element: &Type| {
        text.push_str(name);
        write_type(element, text);
        text.push(')');
    };
    match ty {
        Type::Any | Type::Null => text.push_str("dynamic"),
        Type::String => text.push_str("string"),
        Type::Number => text.push_str("number"),
        Type::Bool => text.push_str("bool"),
        Type::List(element) => of("list(", element),
        Type::Set(element) => of("set(", element),
        Type::Map(element) => of("map(", element),
        Type::Tuple(items) => {
            text.push_str("tuple([");
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_type(item, text);
            }
            text.push_str("])");
        }
        Type::Object(object) => {
            text.push_str("object({");
            for (index, (name, ty)) in object.attributes.iter().enumerate() {
                // With the indentation, spaces at the beginning of a name are lost.
                let name = name.trim_start_matches(' ');
                write!(text, "{}{name}: ", if index == 0 { "" } else { "," }).unwrap();
                write_type(ty, text);
            }
            text.push_str("})");
        }
    }
}

/// A value as `jsonencode()` writes it.
fn write_json(value: &Value, text: &mut String) {
    match &value.data {
        Data::Unknown(_) => text.push('?'),
        Data::Null(_) => text.push_str("null"),
        Data::Bool(value) => write!(text, "{value}").unwrap(),
        Data::Number(number) => write!(text, "{number}").unwrap(),
        Data::String(string) => write_json_string(string, text),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_json(item, text);
            }
            text.push(']');
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            text.push('{');
            for (index, (name, item)) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_json_string(name, text);
                text.push(':');
                write_json(item, text);
            }
            text.push('}');
        }
    }
}

fn write_json_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                write!(text, "\\u{:04x}", u32::from(c)).unwrap();
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

/// Runs on a thread with as much stack as the evaluator may take.
pub fn with_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(run).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

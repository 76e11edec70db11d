//! Strict reading of one object of a document: every key is asked for, what nobody asked for is an error.

use std::ops::Range;

use super::{Entry, Node, SyntaxError, Value};
use crate::error::nearest;

/// A value with the byte range it was written at.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Byte range of the value.
    pub span: Range<usize>,
}

/// Reads one object. Each `take_…` gives the value of a key, or `None` where the key is absent or `null`; a value that
/// is not what was asked for is a problem, and `None`. [`Fields::finish`] reports the keys that nobody asked for.
#[derive(Debug)]
pub struct Fields<'a> {
    entries: &'a [Entry],
    what: String,
    asked: Vec<&'static str>,
    problems: Vec<SyntaxError>,
}

impl<'a> Fields<'a> {
    /// Reads the object `node`, which messages call `what`.
    ///
    /// # Errors
    /// A node that is no object.
    pub fn new(node: &'a Node, what: &str) -> Result<Fields<'a>, SyntaxError> {
        match &node.value {
            Value::Object(entries) => {
                Ok(Fields { entries, what: what.to_owned(), asked: Vec::new(), problems: Vec::new() })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(SyntaxError {
                span: node.span.clone(),
                message: format!("{what} must be an object, but is {}", node.kind()),
                help: None,
            }),
        }
    }

    /// The value of a key as it is; `null` is absent.
    pub fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        let entry = self.entries.iter().find(|e| e.key == key)?;
        (entry.node.value != Value::Null).then_some(&entry.node)
    }

    /// The byte range of a key, where it is there.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|e| e.key == key).map(|e| e.key_span.clone())
    }

    /// Whether a key is not there, or `null`.
    pub fn lacks(&self, key: &str) -> bool {
        !self.entries.iter().any(|e| e.key == key && e.node.value != Value::Null)
    }

    /// Adds a problem.
    pub fn problem(&mut self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.problems.push(SyntaxError { span, message: message.into(), help });
    }

    fn mismatch(&mut self, key: &str, expected: &str, node: &Node) {
        self.problem(node.span.clone(), format!("{key:?} must be {expected}, but is {}", node.kind()), None);
    }

    /// A text.
    pub fn take_string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.take(key)?;
        let Value::String(text) = &node.value else {
            self.mismatch(key, "a string", node);
            return None;
        };
        Some(Spanned { value: text.clone(), span: node.span.clone() })
    }

    /// A boolean.
    pub fn take_bool(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let node = self.take(key)?;
        let Value::Bool(value) = node.value else {
            self.mismatch(key, "a boolean", node);
            return None;
        };
        Some(Spanned { value, span: node.span.clone() })
    }

    /// A whole number that is not negative.
    pub fn take_count(&mut self, key: &'static str) -> Option<Spanned<u64>> {
        let node = self.take(key)?;
        let Value::Number(number) = &node.value else {
            self.mismatch(key, "a whole number", node);
            return None;
        };
        let Some(value) = number.as_u64() else {
            self.problem(node.span.clone(), format!("{key:?} must be a whole number from 0, but is {number}"), None);
            return None;
        };
        Some(Spanned { value, span: node.span.clone() })
    }

    /// A day, `YYYY-MM-DD`.
    pub fn take_date(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let text = self.take_string(key)?;
        if is_date(&text.value) {
            return Some(text);
        }
        let message = format!("{key:?} must be a day of the calendar as YYYY-MM-DD, but is {:?}", text.value);
        self.problem(text.span, message, None);
        None
    }

    /// A word of a closed set.
    pub fn take_word(&mut self, key: &'static str, words: &[&str]) -> Option<Spanned<String>> {
        let text = self.take_string(key)?;
        self.check_word(key, &text.value, &text.span, words).then_some(text)
    }

    /// One word of an open set that `is_one` tells; `known` are those among which the nearest is named.
    pub fn take_word_like(
        &mut self,
        key: &'static str,
        known: &[&str],
        is_one: fn(&str) -> bool,
    ) -> Option<Spanned<String>> {
        let text = self.take_string(key)?;
        (is_one(&text.value) || self.check_word(key, &text.value, &text.span, known)).then_some(text)
    }

    /// A list of texts.
    pub fn take_strings(&mut self, key: &'static str) -> Option<Spanned<Vec<Spanned<String>>>> {
        let node = self.take(key)?;
        let Value::Array(items) = &node.value else {
            self.mismatch(key, "a list of strings", node);
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            let Value::String(text) = &item.value else {
                self.mismatch(key, "a list of strings", item);
                continue;
            };
            texts.push(Spanned { value: text.clone(), span: item.span.clone() });
        }
        Some(Spanned { value: texts, span: node.span.clone() })
    }

    /// A list of words of a closed set.
    pub fn take_words(&mut self, key: &'static str, words: &[&str]) -> Option<Spanned<Vec<Spanned<String>>>> {
        let mut list = self.take_strings(key)?;
        list.value.retain(|item| self.check_word(key, &item.value, &item.span, words));
        Some(list)
    }

    /// A list as it is.
    pub fn take_list(&mut self, key: &'static str) -> Option<Spanned<&'a [Node]>> {
        let node = self.take(key)?;
        let Value::Array(items) = &node.value else {
            self.mismatch(key, "a list", node);
            return None;
        };
        Some(Spanned { value: items, span: node.span.clone() })
    }

    /// An object within this one, read by `read`; its problems become problems of this one.
    pub fn take_object<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Fields<'a>) -> T) -> Option<Spanned<T>> {
        let node = self.take(key)?;
        let value = self.within(node, key, read)?;
        Some(Spanned { value, span: node.span.clone() })
    }

    /// The entries of an object within this one whose keys are the user's.
    pub fn take_map(&mut self, key: &'static str) -> Option<Spanned<&'a [Entry]>> {
        let node = self.take(key)?;
        let Value::Object(entries) = &node.value else {
            self.mismatch(key, "an object", node);
            return None;
        };
        Some(Spanned { value: entries, span: node.span.clone() })
    }

    /// Reads `node`, a part of this object, by `read`.
    pub fn within<T>(&mut self, node: &'a Node, what: &str, read: impl FnOnce(&mut Fields<'a>) -> T) -> Option<T> {
        match Fields::new(node, &format!("{what:?}")) {
            Ok(mut fields) => {
                let value = read(&mut fields);
                self.problems.extend(fields.finish());
                Some(value)
            }
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    /// Whether a text is one of `words`; if not, that is a problem.
    pub fn check_word(&mut self, key: &str, text: &str, span: &Range<usize>, words: &[&str]) -> bool {
        if words.contains(&text) {
            return true;
        }
        let help = match nearest(text, words.iter().copied()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("known are {}", words.join(", ")),
        };
        self.problem(span.clone(), format!("{text:?} is no word for {key:?}"), Some(help));
        false
    }

    /// The problems of this object, among them every key that nobody asked for.
    pub fn finish(mut self) -> Vec<SyntaxError> {
        let mut known: Vec<&str> = std::mem::take(&mut self.asked);
        known.sort_unstable();
        known.dedup();
        for entry in self.entries.iter().filter(|e| known.binary_search(&e.key.as_str()).is_err()) {
            let help = match nearest(&entry.key, known.iter().copied()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("known are {}", known.join(", ")),
            };
            self.problems.push(SyntaxError {
                span: entry.key_span.clone(),
                message: format!("unknown key {:?} in {}", entry.key, self.what),
                help: Some(help),
            });
        }
        self.problems
    }
}

/// Whether a text is a day of the calendar as `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    shape && text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse_json;

    #[test]
    fn what_nobody_asked_for_is_an_error_with_a_hint() {
        let node = parse_json(r#"{"region": "EU", "regoin": 1, "zzz": 2}"#).unwrap();
        let mut fields = Fields::new(&node, "a project").unwrap();
        assert_eq!(fields.take_string("region").unwrap().value, "EU");
        let problems = fields.finish();
        assert_eq!(problems.len(), 2);
        assert_eq!(problems[0].help.as_deref(), Some("did you mean \"region\"?"));
        assert_eq!(problems[1].help.as_deref(), Some("known are region"));
    }

    #[test]
    fn values_are_what_was_asked_for_or_a_problem() {
        let node =
            parse_json(r#"{"a": "1", "b": -1, "c": "2026-02-30", "d": ["x", 1], "e": null, "f": "zerro"}"#).unwrap();
        let mut fields = Fields::new(&node, "it").unwrap();
        assert_eq!(fields.take_bool("a"), None);
        assert_eq!(fields.take_count("b"), None);
        assert_eq!(fields.take_date("c"), None);
        assert_eq!(fields.take_strings("d").unwrap().value.len(), 1);
        assert_eq!(fields.take_bool("e"), None);
        assert_eq!(fields.take_word("f", &["zero", "one"]), None);
        let problems = fields.finish();
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert_eq!(problems[4].help.as_deref(), Some("did you mean \"zero\"?"));
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert!(is_date("2024-02-29"));
        for text in ["2025-02-29", "2025-1-1", "20250101", "2025-13-01", "", "2025-01-01T00:00:00Z", "+002025-01"] {
            assert!(!is_date(text), "{text}");
        }
    }
}

//! Rego files with one small mistake.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use openai_data_controls::policy::{File, evaluate_texts};
use serde_json::Value;

/// A file with a mistake in one line.
pub struct Mutant {
    pub path: String,
    /// The line as it is, numbered where there are several, and as it becomes; a constant is told by what it stands for.
    pub was: String,
    pub becomes: String,
    pub file: File,
}

/// A character of a text: code, or a comment's or a string's.
fn code(text: &str) -> Vec<bool> {
    let mut marks = Vec::with_capacity(text.len());
    let mut inside: Option<u8> = None;
    let mut escaped = false;
    for byte in text.bytes() {
        let is_code = inside.is_none();
        match inside {
            Some(b'"') if escaped => escaped = false,
            Some(b'"') if byte == b'\\' => escaped = true,
            Some(end) if byte == end => inside = None,
            Some(_) => {}
            None if byte == b'#' => inside = Some(b'\n'),
            None if byte == b'"' || byte == b'`' => inside = Some(byte),
            None => {}
        }
        marks.push(is_code && inside.is_none());
    }
    marks
}

/// Where a text stands in code.
fn places(text: &str, marks: &[bool], what: &str) -> Vec<usize> {
    text.match_indices(what).map(|(at, _)| at).filter(|at| marks[*at]).collect()
}

/// Every way to make one small mistake in a file; `edition` is what the tests of rules have as `input.edition`.
pub fn mutants(file: &File, edition: &Value) -> Vec<Mutant> {
    let text = &file.text;
    let start = text.find("\nimport rego.v1").unwrap();
    let marks = code(text);
    let mut found = Vec::new();
    // From, to: what is put there, and what is shown.
    let mut change = |from: usize, to: usize, put: &str, shown: &str| {
        if from < start {
            return;
        }
        let line = text[..from].rfind('\n').map_or(0, |at| at + 1);
        let end = text[to..].find('\n').map_or(text.len(), |at| to + at);
        found.push(Mutant {
            path: file.path.clone(),
            was: numbered(text, line, text[line..end].trim()),
            becomes: format!("{}{shown}{}", &text[line..from], &text[to..end]).trim().to_owned(),
            file: file.with_text(format!("{}{put}{}", &text[..from], &text[to..])),
        });
    };
    for (one, other) in [(" == ", " != "), (" < ", " >= "), (" > ", " <= ")] {
        for (one, other) in [(one, other), (other, one)] {
            for at in places(text, &marks, one) {
                change(at, at + one.len(), other, other);
            }
        }
    }
    for at in places(text, &marks, "not ") {
        if text[..at].ends_with([' ', '\t', '{', '(', '[']) {
            change(at, at + "not ".len(), "", "");
        }
    }
    for at in places(text, &marks, " in ") {
        let from = expression(text, &marks, at);
        if !["some ", "every ", "not "].iter().any(|word| text[from..].starts_with(word)) {
            change(from, from, "not ", "not ");
        }
    }
    // Bodies that never hold.
    for at in places(text, &marks, " if ") {
        let (rest, from) = (&text[at + 4..], at + 4);
        match rest.strip_prefix('{') {
            Some(_) => change(from + 1, from + 1, " false; ", " false"),
            None => change(from, from + rest.find('\n').unwrap(), "false", "false"),
        }
    }
    for (from, to) in conditions(text, &marks) {
        change(from, to, "true", "true");
    }
    for at in places(text, &marks, "input.edition.") {
        let path: &str = text[at..].split(|c: char| !c.is_alphanumeric() && c != '.' && c != '_').next().unwrap();
        let path = path.trim_end_matches('.');
        let value = path.split('.').skip(2).try_fold(edition, |value, key| value.get(key));
        if let Some(value) = value {
            change(at, at + path.len(), &value.to_string(), &format!("<constant {path}>"));
        }
    }
    found
}

/// A line, with its number among those that are the same.
fn numbered(text: &str, at: usize, line: &str) -> String {
    let same = |text: &str| text.lines().filter(|other| other.trim() == line).count();
    match same(text) {
        1 => line.to_owned(),
        all => format!("{line} ({} of {all})", same(&text[..at]) + 1),
    }
}

/// Where the expression begins that holds a place.
fn expression(text: &str, marks: &[bool], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, byte) in text.bytes().enumerate().take(at).collect::<Vec<_>>().into_iter().rev() {
        if !marks[index] {
            continue;
        }
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
            b'(' | b'[' | b'{' | b'\n' | b';' | b'|' if depth == 0 => {
                return index + 1 + text[index + 1..].len() - text[index + 1..].trim_start().len();
            }
            b' ' if depth == 0 && text[..index].ends_with(" if") => return index + 1,
            _ => {}
        }
    }
    0
}

/// The conditions of bodies and comprehensions: what stands between `if`, `|`, `;`, line ends and closing brackets and binds
/// no variable.
fn conditions(text: &str, marks: &[bool]) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // Each open bracket: whether statements stand in it.
    let mut open: Vec<bool> = Vec::new();
    let mut from: Option<usize> = None;
    let mut close = |from: &mut Option<usize>, to: usize| {
        if let Some(start) = from.take() {
            let statement = text[start..to].trim();
            let start = start + text[start..to].len() - text[start..to].trim_start().len();
            let binds = statement.starts_with("some ") || statement.contains(" := ");
            if !binds && !statement.is_empty() && statement != "true" && marks[start] | statement.starts_with('"') {
                found.push((start, start + statement.len()));
            }
        }
    };
    // How deep the statement at hand lies.
    let mut depth = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if !marks[index] && *byte != b'\n' {
            continue;
        }
        match byte {
            b'{' | b'[' | b'(' => {
                let body = text[..index].ends_with(" if ") || text[..index].ends_with("else ");
                open.push(body);
                if body {
                    (from, depth) = (Some(index + 1), open.len());
                }
            }
            b'}' | b']' | b')' => {
                if open.len() == depth {
                    close(&mut from, index);
                    depth = 0;
                }
                open.pop();
                // A comprehension in a statement ends, and the statement goes on, unseen.
            }
            b'|' if !text[..index].ends_with(['}', ')']) || bytes.get(index + 1) == Some(&b'\n') => {
                if let Some(last) = open.last_mut() {
                    *last = true;
                    (from, depth) = (Some(index + 1), open.len());
                }
            }
            b';' | b'\n' if open.last() == Some(&true) => {
                if open.len() == depth {
                    close(&mut from, index);
                }
                (from, depth) = (Some(index + 1), open.len());
            }
            b'\n' if open.is_empty() => {
                if depth == 0 {
                    close(&mut from, index);
                }
                from = None;
            }
            b' ' if open.is_empty() && text[..index].ends_with(" if") && bytes.get(index + 1) != Some(&b'{') => {
                (from, depth) = (Some(index + 1), 0);
            }
            _ => {}
        }
    }
    found
}

/// What the tests of rules have as `input.edition`.
pub fn edition_of_tests(testing: &File) -> Value {
    let text = format!("{}\nedition_text[0] := json.marshal(edition)\n", testing.text);
    let texts = evaluate_texts(&text, "data.openai.testing_test.edition_text").unwrap();
    serde_json::from_str(&texts["0"]).unwrap()
}

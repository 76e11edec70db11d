//! Assignments of variables in text: shell, dotenv, systemd, YAML.

use std::ops::Range;

use super::environment::{Set, Setting, Variable, known};

/// Why the value is not known of a variable that the text computes.
const COMPUTED: &str = "computed in the text";

/// The setting of a variable by a text, which may compute the value.
pub(super) fn value(variable: Variable, text: &str, span: Option<Range<usize>>) -> Setting {
    let computed = text.contains(['$', '`']) || text.contains("{{") || text.contains("%(");
    if computed {
        return Setting { value: Set::Unknown(COMPUTED.to_owned()), span, digest: None };
    }
    known(variable, text, span)
}

/// All assignments in a text. `span` is where the text stands.
pub(super) fn assignments(text: &str, span: Option<&Range<usize>>) -> Vec<(Variable, Setting)> {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        let start = line.trim_start();
        if !line.contains("OPENAI_") || start.starts_with('#') || start.starts_with("//") {
            continue;
        }
        let mut at = 0;
        while let Some(position) = line.get(at..).and_then(|rest| rest.find("OPENAI_")).map(|p| at + p) {
            at = position + 1;
            let (before, from) = line.split_at(position);
            let Some(variable) = Variable::ALL.into_iter().find(|v| stands_at(from, v.name())) else { continue };
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if before.ends_with(word) || before.ends_with('$') || before.ends_with("${") || before.ends_with("#") {
                continue;
            }
            let after = clipped(from.get(variable.name().len()..).unwrap_or_default());
            if let Some(given) = assigned(before, after) {
                found.push((variable, value(variable, given, span.cloned())));
            } else if is_name(before)
                && let Some(given) = value_of_item(lines.get(number + 1..).unwrap_or_default())
            {
                let setting = match given {
                    Some(text) => value(variable, text, span.cloned()),
                    None => Setting {
                        value: Set::Unknown("set from elsewhere".to_owned()),
                        span: span.cloned(),
                        digest: None,
                    },
                };
                found.push((variable, setting));
            }
        }
    }
    found
}

/// The start of a text, as far as a value can reach.
fn clipped(text: &str) -> &str {
    const MOST: usize = 4096;
    let mut end = text.len().min(MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn stands_at(text: &str, name: &str) -> bool {
    let rest = text.strip_prefix(name);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// What is assigned behind a name, if anything is.
fn assigned<'t>(before: &str, after: &'t str) -> Option<&'t str> {
    let opened = before.chars().next_back().filter(|c| *c == '"' || *c == '\'');
    let (rest, quote) = match opened.and_then(|q| after.strip_prefix(q)) {
        Some(rest) => (rest, None),
        None => (after, opened),
    };
    let trimmed = rest.trim_start();
    let (sign, rest) = match (trimmed.strip_prefix('='), trimmed.strip_prefix(": "), trimmed.strip_prefix(":")) {
        (Some(rest), _, _) if !rest.starts_with('=') => ('=', rest),
        (None, Some(rest), _) => (':', rest),
        (None, None, Some(rest)) if quote.is_none() && opened.is_some() => (':', rest),
        _ => return None,
    };
    let rest = rest.trim_start_matches([' ', '\t']);
    for q in ['"', '\''] {
        // Inside quotes that began before the name, as in "NAME=value", the value ends with them.
        if let Some(inner) = rest.strip_prefix(q).filter(|_| quote != Some(q)) {
            return Some(inner.split(q).next().unwrap_or(inner));
        }
    }
    let ends = |c: char| c.is_whitespace() || [',', ';', '"', '\'', '}', ']'].contains(&c);
    let value = rest.split(|c| if quote.is_some() { Some(c) == quote } else { ends(c) }).next().unwrap_or(rest);
    // `NAME:` alone opens something else in YAML; `NAME=` sets nothing to nothing.
    (sign == '=' || !(value.is_empty() || value == "|" || value == ">" || value.starts_with('#'))).then_some(value)
}

/// Whether a YAML or JSON key `name` stands before.
fn is_name(before: &str) -> bool {
    let before = before.trim_end().trim_end_matches(['"', '\'']).trim_end();
    let Some(before) = before.strip_suffix(':') else {
        return false;
    };
    let key = before.trim_end().trim_end_matches(['"', '\'']);
    key.ends_with("name") && !key.trim_end_matches("name").ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

/// The value of the list item that a name began: `Some(None)` where it comes from elsewhere.
fn value_of_item<'t>(lines: &[&'t str]) -> Option<Option<&'t str>> {
    for line in lines.iter().take(4) {
        let line = line.trim();
        if line.starts_with("- ") {
            return None;
        }
        let line = line.trim_start_matches(['"', '\'']);
        if line.starts_with("valueFrom") {
            return Some(None);
        }
        let Some(rest) = line.strip_prefix("value") else { continue };
        let rest = rest.trim_start_matches(['"', '\'']).trim_start();
        let Some(rest) = rest.strip_prefix(':') else { continue };
        let rest = rest.trim().trim_end_matches(',');
        let quoted = ['"', '\''].into_iter().find_map(|q| rest.strip_prefix(q)?.split(q).next());
        return Some(Some(quoted.unwrap_or_else(|| rest.split(" #").next().unwrap_or(rest).trim())));
    }
    None
}

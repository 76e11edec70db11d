//! Terraform addresses: parts are split at dots outside quotes and brackets.

use std::sync::Arc;

/// The key of a resource or module instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstanceKey {
    /// `count`: `[0]`.
    Number(u64),
    /// `for_each`: `["eu"]`.
    Text(String),
}

impl InstanceKey {
    /// The key that a plan or state writes in JSON: a number or a string. `None` for all else.
    pub fn from_json(json: &str) -> Option<InstanceKey> {
        let text = || serde_json::from_str(json).ok().map(InstanceKey::Text);
        json.parse().ok().map(InstanceKey::Number).or_else(text)
    }
}

impl std::fmt::Display for InstanceKey {
    /// As an address writes it, in brackets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            InstanceKey::Number(number) => write!(f, "[{number}]"),
            InstanceKey::Text(text) => {
                let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                write!(f, "[\"{}\"]", escaped.replace("${", "$${").replace("%{", "%%{"))
            }
        }
    }
}

/// Splits an address at its dots: `module.a["x.y"].t.n` gives `module`, `a["x.y"]`, `t`, `n`.
pub fn split_address(address: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut brackets, mut quoted, mut escaped) = (0, 0_usize, false, false);
    for (i, c) in address.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => brackets += 1,
            ']' if !quoted => brackets = brackets.saturating_sub(1),
            '.' if !quoted && brackets == 0 => {
                parts.push(&address[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&address[start..]);
    parts
}

/// The address of something in a module, which is empty for the root module.
pub(super) fn within(module: &str, what: &str) -> String {
    if module.is_empty() { what.to_owned() } else { format!("{module}.{what}") }
}

/// The address of the module that calls lead to: `module.a.module.b`.
pub(super) fn of_calls(path: &[Arc<str>]) -> String {
    let calls: Vec<String> = path.iter().map(|name| format!("module.{name}")).collect();
    calls.join(".")
}

/// An address without the keys of instances: `a.b.c` of `a.b["x"].c[0]`.
pub fn without_keys(address: &str) -> String {
    let parts = split_address(address);
    parts.iter().map(|part| part.split('[').next().unwrap_or(part)).collect::<Vec<_>>().join(".")
}

/// The module calls that a module address (`module.a["x"].module.b`) walks through, without instance keys: `a`, `b`.
pub fn module_calls_of(address: &str) -> Vec<&str> {
    let parts = split_address(address);
    parts
        .chunks(2)
        .filter_map(|pair| match pair {
            ["module", name] => Some(name.split('[').next().unwrap_or(name)),
            _ => None,
        })
        .collect()
}

/// The module that an address lies in: `module.a["x"]` of `module.a["x"].t.n`; empty for the root module.
pub fn module_of(address: &str) -> &str {
    let mut end = 0;
    for pair in split_address(address).chunks(2) {
        match pair {
            ["module", name] => end += if end == 0 { 0 } else { 1 } + "module.".len() + name.len(),
            _ => break,
        }
    }
    address.get(..end).unwrap_or_default()
}

/// Whether an address matches a pattern, in which `*` stands for any text within one part.
pub fn matches_address(pattern: &str, address: &str) -> bool {
    let (pattern, address) = (split_address(pattern), split_address(address));
    pattern.len() == address.len() && pattern.iter().zip(&address).all(|(p, a)| matches_part(p, a))
}

/// Whether a text matches a pattern, in which `*` stands for any text: one part of an address, or a name.
pub fn matches_part(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_split_outside_quotes_and_brackets() {
        assert_eq!(split_address(r#"module.a["x.y"].t.n[0]"#), ["module", r#"a["x.y"]"#, "t", "n[0]"]);
        assert_eq!(split_address(r#"t.n["a\".b"]"#), ["t", r#"n["a\".b"]"#]);
        assert_eq!(module_calls_of(r#"module.a["x.module.y"].module.b[0]"#), ["a", "b"]);
        assert!(module_calls_of("").is_empty());
        assert_eq!(without_keys(r#"module.a["x.y"].t.n[0]"#), "module.a.t.n");
        assert_eq!(without_keys("t.n"), "t.n");
        assert_eq!(InstanceKey::from_json("1"), Some(InstanceKey::Number(1)));
        assert_eq!(InstanceKey::from_json(r#""\u0061""#), Some(InstanceKey::Text("a".to_owned())));
        assert!(["-1", "1.5", "true", "[]", "a"].iter().all(|json| InstanceKey::from_json(json).is_none()));
        assert_eq!((within("", "t.n"), within("module.a", "t.n")), ("t.n".to_owned(), "module.a.t.n".to_owned()));
        assert_eq!(of_calls(&["a".into(), "b".into()]), "module.a.module.b");
    }

    #[test]
    fn a_star_stands_within_one_part() {
        assert!(matches_address("openai_project.*", r#"openai_project.p["eu.x"]"#));
        assert!(matches_address(r#"openai_project.p["*-eu"]"#, r#"openai_project.p["a-eu"]"#));
        assert!(matches_address("module.*.openai_project.p", r#"module.a["x"].openai_project.p"#));
        assert!(matches_address("a.b*c*d", "a.bxcyd"));
        for (pattern, address) in [("*", "a.b"), ("a.*", "a.b.c"), ("a.b", "a.bc"), ("a.b*b", "a.b"), ("a.*", "b.c")] {
            assert!(!matches_address(pattern, address), "{pattern} {address}");
        }
    }
}

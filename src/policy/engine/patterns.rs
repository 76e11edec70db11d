//! Functions of regular expressions as OPA has them. The engine's own, which are not built in, take patterns as Rust's libraries
//! do, where classes such as `\w` hold more characters, or none without their tables.

use std::rc::Rc;

use anyhow::{Result, bail, ensure};
use regex_automata::util::captures::Captures;
use regorus::Value;

use super::bounds::{Function, MAX_ITEMS, MAX_TEXT};
use crate::go::pattern::{Pattern, Refusal};
use crate::go::search::{self, Matches, TooLarge};

/// All of them.
pub(super) const FUNCTIONS: &[Function] = &[
    ("regex.find_all_string_submatch_n", 3, |name, a| {
        find(name, a, |text, found| {
            let groups =
                (0..found.group_len()).map(|group| found.get_group(group).map_or("", |span| &text[span.range()]));
            Value::from(groups.map(Value::from).collect::<Vec<_>>())
        })
    }),
    ("regex.find_n", 3, |name, a| {
        find(name, a, |text, found| Value::from(found.get_group(0).map_or("", |span| &text[span.range()])))
    }),
    ("regex.is_valid", 1, |name, a| match &a[0] {
        Value::String(pattern) => match Pattern::of(pattern) {
            Ok(_) => Ok(Value::from(true)),
            Err(Refusal::Invalid(_)) => Ok(Value::from(false)),
            Err(Refusal::NotFollowed(why)) => bail!("{name}: {why}"),
        },
        _ => Ok(Value::from(false)),
    }),
    ("regex.match", 2, |name, a| {
        let [pattern, text] = texts(name, [&a[0], &a[1]])?;
        is_match(name, &*of(name, pattern)?, text).map(Value::from)
    }),
    ("regex.replace", 3, |name, a| {
        let [text, pattern, replacement] = texts(name, [&a[0], &a[1], &a[2]])?;
        match search::replace(&*of(name, pattern)?, text, replacement, MAX_TEXT, |_| ()) {
            Ok(text) => Ok(Value::from(text)),
            Err(TooLarge) => bail!("{name}: longer than {MAX_TEXT} bytes, or too much to go through"),
        }
    }),
    ("regex.split", 2, |name, a| {
        let [pattern, text] = texts(name, [&a[0], &a[1]])?;
        split(name, pattern, text)
    }),
    ("regex.template_match", 4, |name, a| {
        let [template, text, opening, closing] = texts(name, [&a[0], &a[1], &a[2], &a[3]])?;
        is_match(name, &*of(name, &template_pattern(name, template, opening, closing)?)?, text).map(Value::from)
    }),
];

fn texts<'a, const N: usize>(name: &str, values: [&'a Value; N]) -> Result<[&'a str; N]> {
    let mut all = [""; N];
    for (text, value) in all.iter_mut().zip(values) {
        let Value::String(given) = value else { bail!("{name}: an argument is no text") };
        *text = given;
    }
    Ok(all)
}

fn of(name: &str, pattern: &str) -> Result<Rc<Pattern>> {
    Pattern::of(pattern).map_err(|refusal| match refusal {
        Refusal::Invalid(why) => anyhow::anyhow!("{name}: the pattern is not valid: {why}"),
        Refusal::NotFollowed(why) => anyhow::anyhow!("{name}: {why}"),
    })
}

fn too_much(name: &str) -> anyhow::Error {
    anyhow::anyhow!("{name}: too much to go through")
}

fn is_match(name: &str, pattern: &Pattern, text: &str) -> Result<bool> {
    search::is_match(pattern, text).map_err(|TooLarge| too_much(name))
}

/// The first so many matches; all for a negative number.
fn find(name: &str, a: &[Value], shown: fn(&str, &Captures) -> Value) -> Result<Value> {
    let [pattern, text] = texts(name, [&a[0], &a[1]])?;
    let Ok(count) = a[2].as_i64() else { bail!("{name}: the number of matches is no integer") };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let pattern = of(name, pattern)?;
    let mut matches = Matches::new(&pattern, text, |_| ());
    let mut all = Vec::new();
    while all.len() < count {
        let Some(found) = matches.next().map_err(|TooLarge| too_much(name))? else { break };
        ensure!(all.len().saturating_mul(found.group_len()) < MAX_ITEMS, "{name}: more than {MAX_ITEMS} items");
        all.push(shown(text, found));
    }
    Ok(Value::from(all))
}

/// What stands between the matches. An empty match at the start splits nothing off, and an empty text is one part unless the
/// pattern is empty, too.
fn split(name: &str, pattern: &str, text: &str) -> Result<Value> {
    if text.is_empty() && !pattern.is_empty() {
        return Ok(Value::from(vec![Value::from("")]));
    }
    let pattern = of(name, pattern)?;
    let mut matches = Matches::new(&pattern, text, |_| ());
    let (mut parts, mut begin, mut end) = (Vec::new(), 0, 0);
    while let Some(found) = matches.next().map_err(|TooLarge| too_much(name))? {
        let Some(span) = found.get_group(0) else { break };
        ensure!(parts.len() < MAX_ITEMS, "{name}: more than {MAX_ITEMS} items");
        end = span.start;
        if span.end != 0 {
            parts.push(Value::from(&text[begin..end]));
        }
        begin = span.end;
    }
    if end != text.len() {
        parts.push(Value::from(&text[begin..]));
    }
    Ok(Value::from(parts))
}

/// The pattern of a template: what stands between the two signs is a pattern, all else stands for itself.
fn template_pattern(name: &str, template: &str, opening: &str, closing: &str) -> Result<String> {
    let one = |sign: &str| match sign.as_bytes() {
        [byte] => Ok(char::from(*byte)),
        _ => Err(anyhow::anyhow!("{name}: a sign around patterns has to be one ASCII character")),
    };
    let (opening, closing) = (one(opening)?, one(closing)?);
    let (mut pattern, mut level, mut begin) = (String::from("^"), 0_usize, 0);
    for (at, c) in template.char_indices() {
        if c == opening {
            level += 1;
            if level == 1 {
                pattern.push_str(&quoted(&template[begin..at]));
                begin = at + 1;
            }
        } else if c == closing {
            level =
                level.checked_sub(1).ok_or_else(|| anyhow::anyhow!("{name}: the signs around patterns don't match"))?;
            if level == 0 {
                let inner = &template[begin..at];
                // By itself, so that it can't reach out of its group.
                of(name, inner)?;
                pattern.push_str(&format!("({inner})"));
                begin = at + 1;
            }
        }
    }
    ensure!(level == 0, "{name}: the signs around patterns don't match");
    pattern.push_str(&quoted(&template[begin..]));
    pattern.push('$');
    Ok(pattern)
}

/// A text as a pattern that only matches itself.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: &[&str]) -> Result<Value, String> {
        let (name, _, function) = FUNCTIONS.iter().find(|(known, ..)| *known == name).unwrap();
        let arguments: Vec<Value> = arguments.iter().map(|text| Value::from(*text)).collect();
        function(name, &arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_no_pattern_is_an_error_with_its_reason() {
        for (name, arguments, told) in [
            ("regex.match", &["(", "a"][..], "regex.match: the pattern is not valid: a group is not closed"),
            ("regex.match", &[r"\p{Runic}", "a"], "a pattern with that class of Unicode is not followed"),
            ("regex.replace", &["a", "a**", "b"], "a repetition directly follows another"),
            ("regex.find_n", &["a", "a", "1"], "the number of matches is no integer"),
            ("regex.template_match", &["{a", "a", "{", "}"], "the signs around patterns don't match"),
            ("regex.template_match", &["a}", "a", "{", "}"], "the signs around patterns don't match"),
            ("regex.template_match", &["|a|", "a", "|", "|"], "the signs around patterns don't match"),
            ("regex.template_match", &["a{b)(c}", "abc", "{", "}"], "the pattern is not valid"),
            ("regex.template_match", &["a", "a", "<<", ">>"], "one ASCII character"),
        ] {
            let error = call(name, arguments).unwrap_err();
            assert!(error.contains(told), "{name} {arguments:?}: {error}");
        }
        assert_eq!(call("regex.is_valid", &[r"^\w+$"]), Ok(Value::from(true)));
        assert_eq!(call("regex.match", &[r"^\w+$", "é"]), Ok(Value::from(false)));
    }
}

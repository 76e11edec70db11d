//! Assignments of variables in text: shell, dotenv, systemd, YAML.

use std::collections::BTreeSet;
use std::ops::Range;

use super::changed::is_changed;
use super::comment::Comments;
use super::environment::{Variable, is_base_url};
use super::setting::{ELSEWHERE, Setting, known};

/// Why the value is not known of a variable that the text computes.
const COMPUTED: &str = "computed in the text";

/// The same of what may stand in a comment, or in a text that holds the sign of one.
const COMMENTED: &str = "set behind what may begin a comment";

/// The setting of a variable by a text, which may compute the value.
pub(super) fn value(variable: Variable, text: &str, span: Option<Range<usize>>) -> Setting {
    let computed = text.contains(['$', '`']) || text.contains("{{") || text.contains("%(");
    if computed {
        return Setting::unknown(COMPUTED, span);
    }
    known(variable, text, span)
}

/// Why a base URL is not known that a line of the text changes or takes away again. A project that is named stays the one.
pub(super) const CHANGED: &str = "set, and changed or taken away";

/// The same of a base URL in a text that names a project more often.
const PARTLY: &str = "set fewer times than the project in one text";

/// All assignments in a text. `span` is where the text stands.
pub(super) fn assignments(text: &str, span: Option<&Range<usize>>) -> Vec<(Variable, Setting)> {
    let mut found = plain_assignments(text, span);
    // Quotes within quotes are written with a backslash.
    if text.contains("\\\"") {
        let inner = plain_assignments(&text.replace("\\\"", "\""), span);
        let held: BTreeSet<Variable> = found.iter().map(|(variable, _)| *variable).collect();
        found.extend(inner.into_iter().filter(|(variable, _)| !held.contains(variable)));
    }
    found
}

fn plain_assignments(text: &str, span: Option<&Range<usize>>) -> Vec<(Variable, Setting)> {
    let (mut found, mut commented, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let comments = Comments::of(text);
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        for (variable, before, after) in named(line) {
            if is_base_url(variable) && is_changed(&lines[..number], before, after) {
                changed.push((variable, Setting::unknown(CHANGED, span.cloned())));
                continue;
            }
            if before.ends_with(['$', '#']) || before.ends_with("${") {
                continue;
            }
            let setting = if let Some(given) = assigned(before, after).or_else(|| argument(before, after)) {
                value(variable, given, span.cloned())
            } else if is_name(before)
                && let Some(given) = value_beside(before, after).or_else(|| value_of_item(&lines, number, after))
            {
                match given {
                    Some(text) => value(variable, text, span.cloned()),
                    None => Setting::unknown(ELSEWHERE, span.cloned()),
                }
            } else {
                continue;
            };
            if comments.may_hold(before) {
                commented.push((variable, Setting::unknown(COMMENTED, span.cloned())));
            } else {
                found.push((variable, setting));
            }
        }
    }
    let held: BTreeSet<Variable> = found.iter().map(|(variable, _)| *variable).collect();
    found.extend(commented.into_iter().filter(|(variable, _)| !held.contains(variable)));
    // What is only changed sets nothing.
    let held: BTreeSet<Variable> = found.iter().map(|(variable, _)| *variable).collect();
    found.extend(changed.into_iter().filter(|(variable, _)| held.contains(variable)));
    // What names a project more often than a base URL holds several workloads, of which one may have none.
    let count = |asked: Variable| found.iter().filter(|(variable, _)| *variable == asked).count();
    let workloads = count(Variable::Project).max(count(Variable::ProjectId));
    let fewer = |url: &Variable| (1..workloads).contains(&count(*url));
    let partly: Vec<Variable> = [Variable::BaseUrl, Variable::ApiBase].into_iter().filter(fewer).collect();
    for (_, setting) in found.iter_mut().filter(|(variable, _)| partly.contains(variable)) {
        *setting = Setting::unknown(PARTLY, span.cloned());
    }
    found
}

/// The variables that a line names, each with what stands before and behind it; none in a comment.
fn named(line: &str) -> Vec<(Variable, &str, &str)> {
    let start = line.trim_start();
    if !line.contains("OPENAI_") || start.starts_with('#') || start.starts_with("//") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(position) = line.get(at..).and_then(|rest| rest.find("OPENAI_")).map(|p| at + p) {
        at = position + 1;
        let (before, from) = line.split_at(position);
        let Some(variable) = Variable::ALL.into_iter().find(|v| stands_at(from, v.name())) else { continue };
        let is_own = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if is_own || before.ends_with(" -u") {
            found.push((variable, last_of(before), clipped(from.get(variable.name().len()..).unwrap_or_default())));
        }
    }
    found
}

/// Whether a text names one of the variables outside a comment, whatever it does with it.
pub(super) fn mentions(text: &str) -> bool {
    if !text.contains("OPENAI_") {
        return false;
    }
    let comments = Comments::of(text);
    text.lines().any(|line| named(line).iter().any(|(_, before, _)| !comments.may_hold(before)))
}

/// Whether a text names a variable outside a comment otherwise than to read it.
pub(super) fn leaves_open(text: &str, variable: Variable) -> bool {
    let reads = |before: &str| before.ends_with(['$', '%', '#']) || before.ends_with("${") || before.ends_with("$env:");
    let comments = Comments::of(text);
    let is_meant = |before: &str| !comments.may_hold(before) && !reads(before);
    let names = |(named, before, _): &(Variable, &str, &str)| *named == variable && is_meant(before);
    text.lines().any(|line| named(line).iter().any(names))
}

/// How far what belongs to a name can reach, in bytes.
const MOST: usize = 4096;

/// The end of a text, as far as what belongs to a name can reach.
fn last_of(text: &str) -> &str {
    let mut start = text.len().saturating_sub(MOST);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}

/// The start of a text, as far as a value can reach.
fn clipped(text: &str) -> &str {
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

/// Whether a key `name` stands before, of YAML, JSON, TOML or XML.
fn is_name(before: &str) -> bool {
    let before = before.trim_end().trim_end_matches(['"', '\'']).trim_end();
    let Some(before) = before.strip_suffix([':', '=']) else {
        return false;
    };
    let key = before.trim_end().trim_end_matches(['"', '\'']);
    let ends_with = |name: &str| {
        let before = key.strip_suffix(name);
        before.is_some_and(|b| !b.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-'))
    };
    ends_with("name") || ends_with("key")
}

/// What follows a name as the next word, where a command before it sets variables so: `setx`, `setenv`, fish's `set -x`,
/// a Dockerfile's `ENV`.
fn argument<'t>(before: &str, after: &'t str) -> Option<&'t str> {
    let mut words = before.trim_end_matches(['"', '\'']).split_whitespace().rev();
    let (last, earlier) = (words.next()?, words.next());
    let exports = last.starts_with('-') && last.contains('x') && earlier == Some("set");
    let command = last.eq_ignore_ascii_case("setx") || last == "setenv" || last == "ENV";
    let rest = after.trim_start_matches(['"', '\'']);
    if !(exports || command) || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let rest = rest.trim_start();
    let quoted = ['"', '\''].into_iter().find_map(|q| rest.strip_prefix(q)?.split(q).next());
    quoted.or_else(|| rest.split([' ', '\t', ';', '&']).next()).filter(|value| !value.is_empty())
}

/// What a key of YAML or JSON says of the value: `Some(None)` where it comes from elsewhere.
fn value_of_key(text: &str) -> Option<Option<&str>> {
    let text = text.trim_start_matches([' ', '\t', ',', '{', '"', '\'']);
    if text.starts_with("valueFrom") {
        return Some(None);
    }
    let rest =
        text.strip_prefix("value")?.trim_start_matches(['"', '\'']).trim_start().strip_prefix([':', '='])?.trim();
    let quoted = ['"', '\''].into_iter().find_map(|q| rest.strip_prefix(q)?.split(q).next());
    Some(Some(quoted.unwrap_or_else(|| rest.split(" #").next().unwrap_or(rest).trim().trim_end_matches(','))))
}

/// The value that stands in one pair of braces, or one tag of XML, with a name, behind it or before it.
fn value_beside<'t>(before: &'t str, after: &'t str) -> Option<Option<&'t str>> {
    if let Some(tag) =
        memchr::memrchr(b'<', before.as_bytes()).and_then(|at| before.get(at..)).filter(|tag| !tag.contains('>'))
    {
        let behind = after.split('>').next().unwrap_or(after);
        let value = |text: &'t str| text.find(" value").and_then(|at| value_of_key(text.get(at..)?));
        return value(behind).or_else(|| value(tag));
    }
    let opened = memchr::memrchr(b'{', before.as_bytes())?;
    let inside = before.get(opened + 1..).filter(|text| !text.contains('}'))?;
    let behind = after.split('}').next().unwrap_or(after);
    fn parts(text: &str) -> impl Iterator<Item = &str> {
        text.split(',').map(|part| part.trim_matches([' ', '\t']))
    }
    parts(behind).skip(1).chain(parts(inside)).find_map(value_of_key)
}

/// The value of the list item that has a name in this line: in one of the next lines of the item, or in one before.
fn value_of_item<'t>(lines: &[&'t str], number: usize, after: &str) -> Option<Option<&'t str>> {
    const LINES: usize = 4;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let starts_item = |line: &str| line.trim_start().starts_with("- ");
    // Where braces open or close, TOML's brackets stand, or another name does, another item begins.
    let starts_other = |line: &str| {
        let start = line.trim_start().trim_start_matches(['"', '\'']);
        start.starts_with(['{', '}', '[', ']', '<']) || start.starts_with("name")
    };
    let own = lines.get(number)?;
    let is_closed = memchr::memchr2(b'}', b'>', after.as_bytes()).is_some();
    let is_opened = own.trim_start().trim_start_matches("- ").starts_with('{');
    // What belongs to the item is at least this far in.
    let floor = indent(own) + usize::from(starts_item(own));
    for line in lines.iter().skip(number + 1).take(if is_closed { 0 } else { LINES }) {
        if starts_item(line) || starts_other(line) || indent(line) < floor {
            break;
        }
        if let Some(found) = value_of_key(clipped(line)) {
            return Some(found);
        }
    }
    if starts_item(own) || is_opened {
        return None;
    }
    for line in lines.get(..number)?.iter().rev().take(LINES) {
        let content = line.trim_start().strip_prefix("- ");
        if content.is_none() && (indent(line) < floor || line.trim_start().starts_with(['}', '[', ']'])) {
            return None;
        }
        if let Some(found) = value_of_key(clipped(content.unwrap_or(line))) {
            return Some(found);
        }
        if content.is_some() || starts_other(line) {
            return None;
        }
    }
    None
}

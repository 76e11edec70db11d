//! Text that comes from inputs, made fit for documents and logs: it neither drives a terminal nor forges a line, and no
//! pipeline takes it for a command.
//!
//! Agents read commands from whatever a step prints, in every format: Azure's anywhere in a line (`##vso[…]`, `##[…]`),
//! GitHub's at the start of a line (`::…::`), and its older form anywhere (`##[…]`). Atlantis searches what a check prints for
//! the first summary line of conftest, so that no other text may hold one.

use std::borrow::Cow;
use std::io::{Result, Write};
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

/// Whether a character could drive a terminal, turn or hide what stands beside it, or break a line or a document.
pub(super) fn is_hostile(c: char) -> bool {
    // Most text is ASCII.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'
                | '\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether an agent could find a command in a line.
pub(super) fn may_command(line: &str) -> bool {
    twice_hash(line) && line.contains('[') || line.trim_start().starts_with("::")
}

/// Whether two `#` stand side by side, or look so: agents compare as people read, without what has no width.
fn twice_hash(text: &str) -> bool {
    let mut after = false;
    text.contains('#')
        && text.chars().any(|c| {
            let found = after && c == '#';
            after = c == '#' || after && has_no_width(c);
            found
        })
}

fn has_no_width(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') || is_hostile(c)
}

/// What stands in every summary line of conftest, up to its comma; what stands behind that may be a space of ours.
const SUMMARY: (&str, &str) = (" passed", ",");

/// Whether a text holds that, or what it is behind a space.
fn holds_summary(text: &str) -> bool {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SUMMARY.0));
    let is_behind = |rest: &str| rest.starts_with(SUMMARY.1);
    let mut found = FINDER.find_iter(text.as_bytes()).filter_map(|at| text.get(at + SUMMARY.0.len()..));
    found.any(is_behind) || text.strip_prefix(SUMMARY.0.trim_start()).is_some_and(is_behind)
}

/// Text with every hostile character, the second of two `#`, and the comma of a summary line, as `escaped` writes it.
fn tamed(text: &str, escaped: impl Fn(char) -> String) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    let summary = holds_summary(text);
    let mut after = false;
    for c in text.chars() {
        let in_summary = || shown.ends_with(SUMMARY.0) || shown == SUMMARY.0.trim_start();
        if is_hostile(c) || after && c == '#' || summary && c == ',' && in_summary() {
            shown.push_str(&escaped(c));
        } else {
            shown.push(c);
        }
        after = c == '#' || after && has_no_width(c);
    }
    shown
}

/// Text of one line, without characters that could drive a terminal or forge a line, and without a pipeline's commands.
pub fn plain(text: &str) -> Cow<'_, str> {
    let starts = text.trim_start().starts_with("::");
    if !starts && !text.chars().any(is_hostile) && !twice_hash(text) && !holds_summary(text) {
        return Cow::Borrowed(text);
    }
    let shown = tamed(text, |c| c.escape_unicode().to_string());
    if starts { shown.replacen("::", "\\u{3a}:", 1).into() } else { shown.into() }
}

/// The same of text whose lines stay.
pub(super) fn lines(text: &str) -> String {
    text.lines().map(|line| plain(line).into_owned()).collect::<Vec<_>>().join("\n")
}

/// Text with single spaces for all white space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `most` characters of a text.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect::<String>().into(),
    }
}

/// Writes JSON, indented, with a final newline. It says what the value says; hostile characters are escaped.
///
/// # Errors
/// What `out` says.
pub fn write_json(value: &impl Serialize, out: &mut dyn Write) -> Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Tame(PrettyFormatter::new())))?;
    writeln!(out)
}

/// A string as JSON in one line; YAML reads it, too.
pub(super) fn json_string(text: &str) -> Result<String> {
    let mut bytes = Vec::new();
    text.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Tame(PrettyFormatter::new())))?;
    String::from_utf8(bytes).map_err(std::io::Error::other)
}

/// What [`PrettyFormatter`] writes, with hostile characters in strings escaped.
struct Tame(PrettyFormatter<'static>);

impl Formatter for Tame {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        if !fragment.contains(is_hostile) && !twice_hash(fragment) && !holds_summary(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        let unit = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        writer.write_all(tamed(fragment, unit).as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_pipelines_are_taken_apart() {
        assert_eq!(plain("a ##vso[task.setvariable]b"), "a #\\u{23}vso[task.setvariable]b");
        assert_eq!(plain("###[error]"), "#\\u{23}\\u{23}[error]");
        assert_eq!(plain("#\u{ad}#[x"), "#\\u{ad}\\u{23}[x");
        assert_eq!(plain("  ::stop-commands::x"), "  \\u{3a}:stop-commands::x");
        assert_eq!(plain("a::b # c"), "a::b # c");
        assert_eq!(plain("9 tests, 9 passed, 0 warnings"), "9 tests, 9 passed\\u{2c} 0 warnings");
        assert_eq!(plain("passed, 0 warnings"), "passed\\u{2c} 0 warnings");
        assert_eq!(plain("9 tests, 9 passed,"), "9 tests, 9 passed\\u{2c}");
        assert_eq!(plain("surpassed, 0 warnings"), "surpassed, 0 warnings");
    }

    #[test]
    fn json_says_the_same_without_hostile_characters() {
        let text = "a\u{202e}b\u{7f}##vso[x]\u{e0041}\n\"é";
        let mut written = Vec::new();
        write_json(&[text], &mut written).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(!written.contains("##") && !written.contains(['\u{202e}', '\u{7f}', '\u{e0041}']), "{written}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&written).unwrap(), [text]);
        assert_eq!(serde_json::from_str::<String>(&json_string(text).unwrap()).unwrap(), text);
    }

    #[test]
    fn a_shortened_text_says_so() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äö…");
    }
}

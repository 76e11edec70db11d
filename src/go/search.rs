//! Searches as Go's `regexp` makes them: which matches count, and what stands for them in a replacement.

use regex_automata::Input;
use regex_automata::util::captures::Captures;

use super::pattern::Pattern;

/// How many bytes all searches in one text may pass through at most; each starts behind the last match.
const MAX_STEPS: usize = 1 << 26;
/// The size of a program, in bytes, up to which a byte counts once.
const SIMPLE_PROGRAM: usize = 32 << 10;

/// A search passes through more than is followed, or makes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// How much searches may pass through yet.
struct Steps {
    left: usize,
    /// What a byte counts.
    weight: usize,
    /// Told what each search passes through, weighed.
    spend: fn(usize),
}

impl Steps {
    fn new(pattern: &Pattern, spend: fn(usize)) -> Steps {
        Steps { left: MAX_STEPS, weight: pattern.program.memory_usage() / SIMPLE_PROGRAM + 1, spend }
    }

    /// Whether a search through that many bytes is allowed yet.
    fn take(&mut self, bytes: usize) -> Result<(), TooLarge> {
        let weighed = bytes.saturating_mul(self.weight);
        self.left = self.left.checked_sub(weighed).ok_or(TooLarge)?;
        (self.spend)(weighed);
        Ok(())
    }
}

/// The matches of a pattern in a text that don't overlap, from the first to the last.
pub(crate) struct Matches<'t> {
    pattern: &'t Pattern,
    text: &'t str,
    found: Captures,
    at: usize,
    last_end: Option<usize>,
    steps: Steps,
}

impl<'t> Matches<'t> {
    /// Begins to search; `spend` is told how many bytes each search passes through, weighed with the size of the pattern.
    pub(crate) fn new(pattern: &'t Pattern, text: &'t str, spend: fn(usize)) -> Matches<'t> {
        let found = pattern.program.create_captures();
        Matches { pattern, text, found, at: 0, last_end: None, steps: Steps::new(pattern, spend) }
    }

    /// The next match, with its groups; `None` behind the last one.
    ///
    /// # Errors
    /// The searches pass through more than is followed.
    pub(crate) fn next(&mut self) -> Result<Option<&Captures>, TooLarge> {
        while self.at <= self.text.len() {
            self.steps.take(self.text.len() - self.at)?;
            self.pattern.program.search_captures(&Input::new(self.text).range(self.at..), &mut self.found);
            let Some(span) = self.found.get_group(0) else { break };
            // An empty match does not count right behind another.
            let counts = span.end != self.at || Some(span.start) != self.last_end;
            let next = self.at + width(self.text, self.at).max(1);
            self.at = if span.end == self.at { next } else { span.end };
            self.last_end = Some(span.end);
            if counts {
                return Ok(Some(&self.found));
            }
        }
        self.at = self.text.len() + 1;
        Ok(None)
    }
}

/// Whether a pattern matches somewhere in a text.
///
/// # Errors
/// The text is longer than is followed.
pub(crate) fn is_match(pattern: &Pattern, text: &str) -> Result<bool, TooLarge> {
    Steps::new(pattern, |_| ()).take(text.len())?;
    Ok(pattern.program.is_match(text))
}

/// The length in bytes of the character that starts at a place; 0 at the end.
fn width(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}

/// The text with every match replaced; in the replacement, `$1`, `$name` and `${name}` stand for what groups match. `spend` is
/// as for [`Matches::new`].
///
/// # Errors
/// What comes out is longer than `most` bytes, or the searches pass through more than is followed.
pub(crate) fn replace(
    pattern: &Pattern,
    text: &str,
    replacement: &str,
    most: usize,
    spend: fn(usize),
) -> Result<String, TooLarge> {
    let pieces = pieces(replacement);
    let mut found = pattern.program.create_captures();
    let mut out = String::new();
    let (mut at, mut last_end, mut steps) = (0, 0, Steps::new(pattern, spend));
    while at <= text.len() {
        steps.take(text.len() - at)?;
        bounded(&out, most)?;
        pattern.program.search_captures(&Input::new(text).range(at..), &mut found);
        let Some(span) = found.get_group(0) else { break };
        out.push_str(text.get(last_end..span.start).unwrap_or_default());
        // An empty match does not count right behind another.
        if span.end > last_end || span.start == 0 {
            for piece in &pieces {
                let group = match piece {
                    Piece::Text(text) => {
                        out.push_str(text);
                        continue;
                    }
                    Piece::Number(number) => Some(*number),
                    Piece::Name(name) => named(&pattern.names, name, &found),
                };
                let span = group.and_then(|group| found.get_group(group));
                out.push_str(span.and_then(|span| text.get(span.range())).unwrap_or_default());
                bounded(&out, most)?;
            }
        }
        last_end = span.end;
        at = (at + width(text, at)).max(at + 1).max(span.end);
    }
    out.push_str(text.get(last_end..).unwrap_or_default());
    bounded(&out, most)?;
    Ok(out)
}

fn bounded(out: &str, most: usize) -> Result<(), TooLarge> {
    if out.len() > most { Err(TooLarge) } else { Ok(()) }
}

/// The first group of a name that matches something.
fn named(names: &[String], wanted: &str, found: &Captures) -> Option<usize> {
    let of_name = names.iter().enumerate().filter(|(_, name)| *name == wanted).map(|(index, _)| index + 1);
    of_name.into_iter().find(|group| found.get_group(*group).is_some())
}

/// A piece of a replacement.
enum Piece<'r> {
    Text(&'r str),
    Number(usize),
    Name(&'r str),
}

fn pieces(replacement: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        pieces.push(Piece::Text(before));
        rest = after;
        if let Some(behind) = rest.strip_prefix('$') {
            pieces.push(Piece::Text("$"));
            rest = behind;
            continue;
        }
        match reference(rest) {
            Some((name, behind)) => {
                pieces.push(piece(name));
                rest = behind;
            }
            None => pieces.push(Piece::Text("$")),
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The name at the start of what follows a `$`, with or without braces, and what is behind it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('{');
    let text = inside.unwrap_or(text);
    let length = text.find(|c| !is_of_name(c)).unwrap_or(text.len());
    if length == 0 {
        return None;
    }
    let (name, rest) = text.split_at(length);
    match inside {
        None => Some((name, rest)),
        Some(_) => rest.strip_prefix('}').map(|rest| (name, rest)),
    }
}

/// Whether a name goes on with a character. Only ASCII names are groups, but others are left out as well.
fn is_of_name(c: char) -> bool {
    c == '_' || if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
}

fn piece(name: &str) -> Piece<'_> {
    let number = name.bytes().all(|c| c.is_ascii_digit()) && (name.len() == 1 || !name.starts_with('0'));
    match name.parse() {
        Ok(group) if number && name.len() <= 9 => Piece::Number(group),
        _ => Piece::Name(name),
    }
}

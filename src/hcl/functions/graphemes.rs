//! Characters as readers see them: the extended grapheme clusters of Unicode 15.0 (UAX #29).

use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, HirKind};
use unicode_segmentation::UnicodeSegmentation;

/// Why the characters of a text are not known.
pub(super) const NOT_FOLLOWED: &str =
    "a text with characters that versions of Unicode take apart differently is not followed";

/// Where each character ends, in bytes; `None` where the text has characters that Unicode 15.0 does not have.
pub(super) fn ends(text: &str) -> Option<Vec<usize>> {
    if !text.is_ascii() && !text.chars().all(|c| within(&SETTLED, c)) {
        return None;
    }
    // Before a joiner only people and hearts are followed: versions differ in what else it joins.
    let joiners = text.match_indices('\u{200d}');
    if joiners.clone().next().is_some() {
        let all = text.chars().all(|c| c.is_ascii() || joined(c));
        let behind = |at: usize| {
            text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(|c| joined(c) && c != '\u{200d}')
        };
        if !all || !joiners.into_iter().all(|(at, _)| behind(at)) {
            return None;
        }
    }
    let mut ends = Vec::new();
    let mut start = 0;
    for cluster in text.graphemes(true) {
        // Later versions join the consonants of some scripts; that is undone.
        let mut previous = None;
        for (offset, c) in cluster.char_indices() {
            if previous.is_some_and(|previous| within(&JOINING, previous)) && within(&LETTERS, c) {
                ends.push(start + offset);
            }
            previous = Some(c);
        }
        start += cluster.len();
        ends.push(start);
    }
    Some(ends)
}

/// How many characters a text has; `None` where it has some that Unicode 15.0 does not have.
pub(super) fn count(text: &str) -> Option<usize> {
    if text.is_ascii() {
        let pairs = text.as_bytes().windows(2).filter(|pair| *pair == b"\r\n").count();
        return Some(text.len() - pairs);
    }
    ends(text).map(|ends| ends.len())
}

static SETTLED: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"[\p{Age=15.0}--[\x{11a3a}\x{fffd}]]"));
/// What can stand between two consonants of a cluster.
static JOINING: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"[\p{M}\x{200d}]"));
/// Letters; the two vowels among them join whatever is before them in every version.
static LETTERS: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"[\p{Lo}--[\x{e33}\x{eb3}]]"));

/// What emoji that consist of several are made of.
fn joined(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{2640}' | '\u{2642}' | '\u{2764}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f466}'..='\u{1f469}')
}

/// The characters of a class; none where that can't be read.
fn class(pattern: &str) -> ClassUnicode {
    match regex_syntax::parse(pattern).map(regex_syntax::hir::Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        _ => ClassUnicode::empty(),
    }
}

fn within(class: &ClassUnicode, c: char) -> bool {
    let ranges = class.ranges();
    let at = ranges.partition_point(|range| range.end() < c);
    ranges.get(at).is_some_and(|range| range.start() <= c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_those_of_unicode_15() {
        for (text, expected) in [
            ("", Some(0)),
            ("a\r\nb", Some(3)),
            ("\u{e9}\r\n", Some(2)),
            ("e\u{1f469}\u{200d}\u{1f469}\r\n", Some(3)),
            ("e\u{301}\u{1f469}\u{200d}\u{1f469}", None),
            ("\u{1f1e6}\u{1f1f9}\u{1f1e9}", Some(2)),
            // Consonants that 15.1 joins.
            ("\u{915}\u{94d}\u{937}\u{93f}", Some(2)),
            ("\u{915}\u{94d}\u{200d}\u{937}", None),
            ("\u{e01}\u{e33}", Some(1)),
            ("\u{1100}\u{1161}\u{11a8}", Some(1)),
            // New in 16.0.
            ("\u{1c89}", None),
        ] {
            assert_eq!(count(text), expected, "{text:?}");
        }
        assert_eq!(ends("\u{915}\u{94d}\u{937}"), Some(vec![6, 9]));
    }
}

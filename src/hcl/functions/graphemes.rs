//! Characters as readers see them: the extended grapheme clusters of Unicode 15.0 (UAX #29).

use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, HirKind};
use unicode_segmentation::UnicodeSegmentation;

/// Why the characters of a text are not known.
pub(super) const NOT_FOLLOWED: &str =
    "a text with characters that versions of Unicode take apart differently is not followed";

/// Where each character ends, in bytes; `None` where that is not followed, see [`is_followed`].
pub(super) fn ends(text: &str) -> Option<Vec<usize>> {
    if !is_followed(text) {
        return None;
    }
    let mut ends = Vec::new();
    let mut start = 0;
    for cluster in text.graphemes(true) {
        // Later versions join the consonants of some scripts; that is undone.
        let mut previous = None;
        for (offset, c) in cluster.char_indices() {
            if previous.is_some_and(|previous| within(&MARKS, previous)) && within(&LETTERS, c) {
                ends.push(start + offset);
            }
            previous = Some(c);
        }
        start += cluster.len();
        ends.push(start);
    }
    Some(ends)
}

/// Whether all characters are in Unicode 15.0, and what joiners join are people and hearts: versions, and the library here and
/// Terraform's, differ in what else is joined.
fn is_followed(text: &str) -> bool {
    if text.is_ascii() {
        return true;
    }
    if !text.contains(JOINER) {
        return text.chars().all(|c| within(&SETTLED, c));
    }
    let mut previous = JOINER;
    text.chars().all(|c| {
        let followed = match c {
            JOINER => is_joined(previous),
            c => c.is_ascii() || is_joined(c),
        };
        previous = c;
        followed
    })
}

/// How many characters a text has; `None` where that is not followed.
pub(super) fn count(text: &str) -> Option<usize> {
    if text.is_ascii() {
        let pairs = memchr::memmem::find_iter(text.as_bytes(), b"\r\n").count();
        return Some(text.len() - pairs);
    }
    ends(text).map(|ends| ends.len())
}

/// What makes one emoji of two.
const JOINER: char = '\u{200d}';

/// The characters of Unicode 15.0, without two that the library here and Terraform's take differently.
static SETTLED: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"[\p{Age=15.0}--[\x{11a3a}\x{fffd}]]"));
/// What can stand between two consonants of a cluster.
static MARKS: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"\p{M}"));
/// Letters; the two vowels among them join whatever is before them in every version.
static LETTERS: LazyLock<ClassUnicode> = LazyLock::new(|| class(r"[\p{Lo}--[\x{e33}\x{eb3}]]"));

/// What emoji that consist of several are made of: people, hearts, signs of gender, tones of skin and the selector behind them.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{fe0f}' | '\u{2640}' | '\u{2642}' | '\u{2764}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f466}'..='\u{1f469}')
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
            // What Terraform joins otherwise.
            ("a\u{200d}\u{1f469}", None),
            ("\u{1f469}\u{200d}\u{200d}\u{1f469}", None),
            ("\u{200d}\u{1f469}", None),
            ("\u{1f469}\u{1f3fd}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f469}", Some(1)),
        ] {
            assert_eq!(count(text), expected, "{text:?}");
        }
        assert_eq!(ends("\u{915}\u{94d}\u{937}"), Some(vec![6, 9]));
    }
}

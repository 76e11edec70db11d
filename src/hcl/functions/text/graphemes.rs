//! User-perceived characters (grapheme clusters) of a text, as far as they are followed: scripts in which a character is one
//! code point with combining marks behind it. Rules for other scripts differ between versions of Unicode.

use std::ops::RangeInclusive;

/// Characters that go with the one before them.
const EXTENDING: [RangeInclusive<char>; 8] = [
    '\u{300}'..='\u{36f}',
    '\u{483}'..='\u{489}',
    '\u{1ab0}'..='\u{1ace}',
    '\u{1dc0}'..='\u{1dff}',
    '\u{20d0}'..='\u{20f0}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{fe20}'..='\u{fe2f}',
    '\u{1f3fb}'..='\u{1f3ff}',
];

/// Characters that stand for themselves.
const SINGLE: [RangeInclusive<char>; 36] = [
    ' '..='~',
    '\u{a0}'..='\u{ac}',
    '\u{ae}'..='\u{2ff}',
    '\u{370}'..='\u{377}',
    '\u{37a}'..='\u{37f}',
    '\u{384}'..='\u{38a}',
    '\u{38c}'..='\u{38c}',
    '\u{38e}'..='\u{3a1}',
    '\u{3a3}'..='\u{482}',
    '\u{48a}'..='\u{52f}',
    '\u{531}'..='\u{556}',
    '\u{559}'..='\u{58a}',
    '\u{5d0}'..='\u{5ea}',
    '\u{621}'..='\u{64a}',
    '\u{660}'..='\u{66f}',
    '\u{10d0}'..='\u{10ff}',
    '\u{1d00}'..='\u{1dbf}',
    '\u{1e00}'..='\u{1f15}',
    '\u{2000}'..='\u{200a}',
    '\u{2010}'..='\u{2027}',
    '\u{202f}'..='\u{205f}',
    '\u{2070}'..='\u{2071}',
    '\u{2074}'..='\u{208e}',
    '\u{20a0}'..='\u{20c0}',
    '\u{2100}'..='\u{218b}',
    '\u{2190}'..='\u{2426}',
    '\u{2460}'..='\u{2b73}',
    '\u{3000}'..='\u{3029}',
    '\u{3041}'..='\u{3096}',
    '\u{309b}'..='\u{30ff}',
    '\u{3220}'..='\u{a48c}',
    '\u{ac00}'..='\u{d7a3}',
    '\u{ff01}'..='\u{ff9d}',
    '\u{1f300}'..='\u{1f3fa}',
    '\u{1f400}'..='\u{1f6d7}',
    '\u{1f900}'..='\u{1fa53}',
];

/// Why the characters of a text are not known.
pub(in super::super) const NOT_FOLLOWED: &str = "a text with characters of such scripts is not followed";

/// Where each character ends, in bytes; `None` where that is not followed.
pub(in super::super) fn ends(text: &str) -> Option<Vec<usize>> {
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = '\n';
    for (index, c) in text.char_indices() {
        let joins = match c {
            '\n' => previous == '\r',
            '\0'..='\u{1f}' | '\u{7f}' => false,
            c if within(&EXTENDING, c) => !previous.is_control(),
            c if within(&SINGLE, c) => false,
            _ => return None,
        };
        let end = index + c.len_utf8();
        match ends.last_mut() {
            Some(last) if joins => *last = end,
            _ => ends.push(end),
        }
        previous = c;
    }
    Some(ends)
}

/// How many characters a text has; `None` where that is not followed.
pub(in super::super) fn count(text: &str) -> Option<usize> {
    if text.is_ascii() {
        let pairs = text.as_bytes().windows(2).filter(|pair| *pair == b"\r\n").count();
        return Some(text.len() - pairs);
    }
    ends(text).map(|ends| ends.len())
}

fn within(ranges: &[RangeInclusive<char>], c: char) -> bool {
    let at = ranges.partition_point(|range| *range.end() < c);
    ranges.get(at).is_some_and(|range| range.contains(&c))
}

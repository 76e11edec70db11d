//! Forms of YAML that readers disagree about. None of them is followed.

use crate::hcl::functions::MAX_TEXT;

/// What readers of YAML disagree about, as far as it shows in the text itself.
pub(super) fn odd(text: &str) -> Option<&'static str> {
    if text.len() > MAX_TEXT {
        return Some("larger than is followed");
    }
    let lone_return = || text.split('\r').skip(1).any(|rest| !rest.starts_with('\n'));
    if text.contains(['\u{feff}', '\u{85}', '\u{2028}', '\u{2029}', '\0']) || lone_return() {
        return Some("a character in the YAML text is not followed");
    }
    let at_line_start = |sign: &str| text.starts_with(sign) || text.contains(&format!("\n{sign}"));
    if at_line_start("%") || at_line_start("...") {
        return Some("a directive or the end of a document is not followed");
    }
    // Whether only an indicator, or nothing, stands before on the line.
    let mut separates = true;
    let tab = text.bytes().any(|byte| {
        let tab = separates && byte == b'\t';
        separates = b"\n-?:,[{".contains(&byte) || (separates && byte == b' ');
        tab
    });
    if tab {
        return Some("a tab in place of spaces is not followed");
    }
    if text.contains("\\/") && text.contains('"') {
        return Some("an escaped slash in a YAML text is not followed");
    }
    None
}

/// Whether the name of an anchor or alias has other characters than ASCII letters, digits, `_` and `-`, as far as the text
/// shows where names are.
pub(super) fn has_odd_names(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts = |index: usize| index == 0 || is_space_or(bytes[index - 1], b",[{");
    (0..bytes.len()).filter(|index| matches!(bytes[*index], b'&' | b'*') && starts(*index)).any(|index| {
        let name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let end = bytes[index + 1..].iter().find(|b| !name(b));
        end.is_some_and(|end| !is_space_or(*end, b",]}"))
    })
}

fn is_space_or(byte: u8, others: &[u8]) -> bool {
    byte.is_ascii_whitespace() || others.contains(&byte)
}

/// Whether a collection that begins here may be one in brackets: behind anchor and tag stands one, or a comment.
pub(super) fn may_be_flow(text: &str) -> bool {
    let mut rest = text;
    while rest.starts_with(['&', '!']) {
        rest =
            rest.trim_start_matches(|c: char| !c.is_ascii_whitespace() && !matches!(c, '[' | '{')).trim_ascii_start();
    }
    rest.starts_with(['[', '{', '#'])
}

/// Whether a collection in brackets is of a form that readers disagree about: a `?`, a tag, a comment, a key on another line
/// than its `:`, or a `:` or the sign of a block of text where only some take it for a part of a plain scalar.
pub(super) fn is_odd_flow(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let mut index = 0;
    // Whether the line began with spaces only; whether a scalar may start here; whether one in quotes ended before.
    let (mut line_start, mut starts, mut quoted) = (false, true, false);
    while index < bytes.len() {
        let (byte, after) = (bytes[index], at(index + 1));
        let odd = match byte {
            b'"' | b'\'' if starts => {
                let Some(length) = quoted_length(&bytes[index..]) else { return true };
                index += length;
                (line_start, starts, quoted) = (false, false, true);
                continue;
            }
            b'?' | b'!' => true,
            b':' => {
                line_start
                    || (starts && !after.is_ascii_whitespace())
                    || (!quoted && !after.is_ascii_whitespace() && b",[]{}".contains(&after))
            }
            b'>' | b'|' | b'#' => starts,
            _ => false,
        };
        if odd {
            return true;
        }
        line_start = byte == b'\n' || (line_start && matches!(byte, b' ' | b'\t'));
        starts = is_space_or(byte, b",[{") || (byte == b':' && quoted);
        quoted = false;
        index += 1;
    }
    false
}

/// The length of a scalar in quotes, with these.
fn quoted_length(bytes: &[u8]) -> Option<usize> {
    let quote = *bytes.first()?;
    let mut index = 1;
    loop {
        match *bytes.get(index)? {
            b'\\' if quote == b'"' => index += 2,
            byte if byte != quote => index += 1,
            _ if quote == b'\'' && bytes.get(index + 1) == Some(&quote) => index += 2,
            _ => return Some(index + 1),
        }
    }
}

//! Texts and characters in quotes, as Go's `%q` prints them.

/// A text in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    text.chars().for_each(|c| push(&mut quoted, c, '"'));
    quoted.push('"');
    quoted
}

/// A character in single quotes.
pub(crate) fn quoted_char(c: char) -> String {
    let mut quoted = String::from('\'');
    push(&mut quoted, c, '\'');
    quoted.push('\'');
    quoted
}

fn push(quoted: &mut String, c: char, quote: char) {
    match c {
        '\u{7}' => quoted.push_str("\\a"),
        '\u{8}' => quoted.push_str("\\b"),
        '\u{c}' => quoted.push_str("\\f"),
        '\n' => quoted.push_str("\\n"),
        '\r' => quoted.push_str("\\r"),
        '\t' => quoted.push_str("\\t"),
        '\u{b}' => quoted.push_str("\\v"),
        c if c == quote || c == '\\' => quoted.extend(['\\', c]),
        c if c.is_ascii_graphic() || c == ' ' => quoted.push(c),
        c if c.is_ascii() => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if is_printable(c) => quoted.push(c),
        c if u32::from(c) < 0x10000 => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
}

/// Whether Go prints a character as it is: letters, marks, numbers, punctuation, symbols, and the ASCII space.
fn is_printable(c: char) -> bool {
    // Behind a letter, where a mark that joins it is no escape.
    let mut text = String::from('a');
    text.push(c);
    text.escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_seen_is_escaped() {
        assert_eq!(
            quoted("a\"'\\\n\u{1}e\u{301}\u{a0}\u{ad}\u{feff}\u{e0001}"),
            "\"a\\\"'\\\\\\n\\x01e\u{301}\\u00a0\\u00ad\\ufeff\\U000e0001\""
        );
        assert_eq!(quoted_char('\''), r"'\''");
        assert_eq!(quoted_char('"'), "'\"'");
    }
}

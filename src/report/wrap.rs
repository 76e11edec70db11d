//! Lines that fit.

/// A text whose lines have at most `width` characters, broken between words; a longer word stays whole. Lines flow together into
/// paragraphs, but one that is indented is code and stays as it is.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut wrapped: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        if line.is_empty() || line.starts_with(' ') {
            wrapped.push(line.to_owned());
            goes_on = false;
            continue;
        }
        for word in line.split_whitespace() {
            match wrapped.last_mut() {
                Some(last) if goes_on && last.chars().count() + 1 + word.chars().count() <= width => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => wrapped.push(word.to_owned()),
            }
            goes_on = true;
        }
    }
    wrapped.join("\n")
}

/// A text that is filled up with spaces to `width` characters; `format!` takes no width above 65,535.
pub fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::{padded, wrapped};

    #[test]
    fn a_column_may_be_as_wide_as_it_gets() {
        assert_eq!(padded("ä", 3), "ä  ");
        assert_eq!(padded("long", 3), "long");
        assert_eq!(padded("x", 70_000).len(), 70_000);
    }

    #[test]
    fn lines_break_between_words_and_code_does_not() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("one two three", 13), "one two three");
        assert_eq!(wrapped("  one two\nthree four\n  five", 6), "  one two\nthree\nfour\n  five");
        assert_eq!(wrapped("one\ntwo\n\nthree", 9), "one two\n\nthree");
        assert_eq!(wrapped("a-word-that-is-long and", 5), "a-word-that-is-long\nand");
        assert_eq!(wrapped("ä ö ü", 3), "ä ö\nü");
        assert_eq!(wrapped("", 5), "");
    }
}

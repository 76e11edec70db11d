//! Lines that fit.

/// A text whose lines have at most `width` characters, broken between words; a longer word stays whole, and so does a line that
/// is indented, since it is code.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut wrapped: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.chars().count() <= width || line.starts_with(' ') {
            wrapped.push(line.to_owned());
            continue;
        }
        let mut current = String::new();
        let mut length = 0;
        for word in line.split_whitespace() {
            let more = word.chars().count();
            if length > 0 && length + 1 + more > width {
                wrapped.push(std::mem::take(&mut current));
                length = 0;
            }
            if length > 0 {
                current.push(' ');
                length += 1;
            }
            current.push_str(word);
            length += more;
        }
        wrapped.push(current);
    }
    wrapped.join("\n")
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_between_words_and_code_does_not() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("one two three", 13), "one two three");
        assert_eq!(wrapped("  one two\nthree four", 6), "  one two\nthree\nfour");
        assert_eq!(wrapped("a-word-that-is-long and", 5), "a-word-that-is-long\nand");
        assert_eq!(wrapped("ä ö ü", 3), "ä ö\nü");
        assert_eq!(wrapped("", 5), "");
    }
}

//! Upper and lower case: one character for one, as Unicode 15.0 maps them.

/// The character in upper case.
pub(super) fn upper(c: char) -> char {
    match c {
        // Paired by later versions of Unicode only.
        '\u{19b}' | '\u{264}' | '\u{1c8a}' | '\u{a7cd}' | '\u{a7cf}' | '\u{a7d3}' | '\u{a7d5}' | '\u{a7db}' => c,
        '\u{10d70}'..='\u{10d85}' | '\u{16ebb}'..='\u{16ed3}' => c,
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => shifted(c, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(c, 9),
        c => only(c.to_uppercase(), c),
    }
}

/// The character in lower case.
pub(super) fn lower(c: char) -> char {
    match c {
        '\u{130}' => 'i',
        // Paired by later versions of Unicode only.
        '\u{1c89}' | '\u{a7cb}' | '\u{a7cc}' | '\u{a7ce}' | '\u{a7d2}' | '\u{a7d4}' | '\u{a7da}' | '\u{a7dc}' => c,
        '\u{10d50}'..='\u{10d65}' | '\u{16ea0}'..='\u{16eb8}' => c,
        c => only(c.to_lowercase(), c),
    }
}

/// The character as the first of a word.
fn title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        c => upper(c),
    }
}

/// The text with the first character of each word changed. Words are separated by white space, and by ASCII characters other
/// than letters, digits and `_`.
pub(super) fn titled(text: &str) -> String {
    let mut previous = ' ';
    let mut changed = String::with_capacity(text.len());
    for c in text.chars() {
        changed.push(if separates(previous) { title(c) } else { c });
        previous = c;
    }
    changed
}

fn separates(c: char) -> bool {
    match c {
        c if c.is_ascii() => !c.is_ascii_alphanumeric() && c != '_',
        c => c.is_whitespace(),
    }
}

fn shifted(c: char, by: u32) -> char {
    char::from_u32(u32::from(c) + by).unwrap_or(c)
}

/// The one character of a mapping; `c` where there are several.
fn only(mut mapped: impl Iterator<Item = char>, c: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

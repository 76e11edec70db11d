//! Classes of characters and escapes.

use regex_syntax::hir::{self, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use super::Refusal;

const NO_RANGE: Refusal = Refusal::Invalid("a class of characters is not valid");
const NO_ESCAPE: Refusal = Refusal::Invalid("an escape is not valid");
const SURROGATE: Refusal = Refusal::NotFollowed("a pattern with surrogates is not followed");

/// Characters of which versions of Unicode give different ones in other cases.
const UNSTABLE_CASE: [(char, char); 15] = [
    ('\u{19b}', '\u{19b}'),
    ('\u{264}', '\u{264}'),
    ('\u{390}', '\u{390}'),
    ('\u{3b0}', '\u{3b0}'),
    ('\u{1c89}', '\u{1c8a}'),
    ('\u{1fd3}', '\u{1fd3}'),
    ('\u{1fe3}', '\u{1fe3}'),
    ('\u{a7cb}', '\u{a7cf}'),
    ('\u{a7d2}', '\u{a7d5}'),
    ('\u{a7da}', '\u{a7dc}'),
    ('\u{fb05}', '\u{fb06}'),
    ('\u{10d50}', '\u{10d65}'),
    ('\u{10d70}', '\u{10d85}'),
    ('\u{16ea0}', '\u{16eb8}'),
    ('\u{16ebb}', '\u{16ed3}'),
];

/// A class of characters.
#[derive(Clone)]
pub(super) struct Class(ClassUnicode);

impl Class {
    fn ranges(ranges: &[(char, char)]) -> Class {
        Class(ClassUnicode::new(ranges.iter().map(|(low, high)| ClassUnicodeRange::new(*low, *high))))
    }

    /// The characters of a range.
    pub(super) fn of(low: char, high: char) -> Class {
        Class::ranges(&[(low, high)])
    }

    fn negated(mut self) -> Class {
        self.0.negate();
        self
    }

    /// The same with all characters that differ in case only.
    pub(super) fn folded(mut self) -> Result<Class, Refusal> {
        let mut unstable = Class::ranges(&UNSTABLE_CASE).0;
        unstable.intersect(&self.0);
        if !unstable.ranges().is_empty() {
            return Err(Refusal::NotFollowed("a pattern that folds the case of rare characters is not followed"));
        }
        match self.0.try_case_fold_simple() {
            Ok(()) => Ok(self),
            Err(_) => Err(Refusal::NotFollowed("a pattern that folds case is not followed")),
        }
    }

    pub(super) fn tree(self) -> Hir {
        Hir::class(hir::Class::Unicode(self.0))
    }
}

/// All characters.
pub(super) fn any() -> Class {
    Class::of('\0', char::MAX)
}

/// All characters but line feeds.
pub(super) fn any_but_newline() -> Class {
    Class::of('\n', '\n').negated()
}

/// What an escape stands for.
pub(super) enum Escaped {
    Class(Class),
    Char(char),
}

/// Reads a class in brackets; gives the rest behind it.
pub(super) fn bracketed(text: &str, fold: bool) -> Result<(Class, &str), Refusal> {
    let mut rest = text.strip_prefix('[').unwrap_or(text);
    let negated = rest.starts_with('^');
    if negated {
        rest = &rest[1..];
    }
    let mut class = Class(ClassUnicode::empty());
    let mut first = true;
    loop {
        if let Some(behind) = rest.strip_prefix(']').filter(|_| !first) {
            return Ok((if negated { class.negated() } else { class }, behind));
        }
        first = false;
        if let Some((named, behind)) = rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
            let (name, outside) = named.strip_prefix('^').map_or((named, false), |name| (name, true));
            class.0.union(&group(posix(name).ok_or(NO_RANGE)?, outside, fold)?.0);
            rest = behind;
            continue;
        }
        let (low, behind) = match character(rest, fold)? {
            (Escaped::Class(part), behind) => {
                class.0.union(&part.0);
                rest = behind;
                continue;
            }
            (Escaped::Char(low), behind) => (low, behind),
        };
        rest = behind;
        let mut high = low;
        if let Some(behind) = rest.strip_prefix('-').filter(|rest| !rest.is_empty() && !rest.starts_with(']')) {
            match character(behind, fold)? {
                (Escaped::Char(c), behind) => {
                    high = c;
                    rest = behind;
                }
                // A class is no end of a range.
                (Escaped::Class(_), _) => return Err(NO_ESCAPE),
            }
            if high < low {
                return Err(NO_RANGE);
            }
        }
        let range = Class::of(low, high);
        class.0.union(&if fold { range.folded()? } else { range }.0);
    }
}

/// One character of a class, or a class in it.
fn character(text: &str, fold: bool) -> Result<(Escaped, &str), Refusal> {
    match text.chars().next() {
        None => Err(Refusal::Invalid("a class of characters is not closed")),
        Some('\\') => escaped(text, fold),
        Some(c) => Ok((Escaped::Char(c), &text[c.len_utf8()..])),
    }
}

/// Characters that are given as such, with their other cases, or all others.
fn group(class: Class, outside: bool, fold: bool) -> Result<Class, Refusal> {
    let class = if fold { class.folded()? } else { class };
    Ok(if outside { class.negated() } else { class })
}

/// What a backslash and what follows it stand for, in a class or outside; gives the rest behind it.
pub(super) fn escaped(text: &str, fold: bool) -> Result<(Escaped, &str), Refusal> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    let Some(c) = text.chars().next() else { return Err(Refusal::Invalid("a backslash stands at the end")) };
    let rest = &text[c.len_utf8()..];
    let class = |class: Option<Class>| {
        let class = group(class.ok_or(NO_RANGE)?, c.is_ascii_uppercase(), fold)?;
        Ok((Escaped::Class(class), rest))
    };
    let control = |c: char| Ok((Escaped::Char(c), rest));
    match c {
        'p' | 'P' => unicode(rest, c == 'P', fold),
        'd' | 'D' => class(posix("digit")),
        's' | 'S' => class(Some(Class::ranges(&[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')]))),
        'w' | 'W' => class(posix("word")),
        '0'..='7' => {
            let length = text.bytes().take(3).take_while(|c| (b'0'..=b'7').contains(c)).count();
            // One digit that is not zero would refer to a group.
            if c != '0' && length == 1 {
                return Err(NO_ESCAPE);
            }
            number(&text[..length], 8).map(|c| (Escaped::Char(c), &text[length..]))
        }
        'x' => match rest.strip_prefix('{') {
            Some(inside) => {
                let (digits, rest) = inside.split_once('}').ok_or(NO_ESCAPE)?;
                Ok((Escaped::Char(number(digits, 16)?), rest))
            }
            None => {
                let digits = rest.get(..2).ok_or(NO_ESCAPE)?;
                Ok((Escaped::Char(number(digits, 16)?), &rest[2..]))
            }
        },
        'a' => control('\u{7}'),
        'f' => control('\u{c}'),
        'n' => control('\n'),
        'r' => control('\r'),
        't' => control('\t'),
        'v' => control('\u{b}'),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => control(c),
        _ => Err(NO_ESCAPE),
    }
}

/// The character of a number.
fn number(digits: &str, base: u32) -> Result<char, Refusal> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Err(NO_ESCAPE);
    }
    let digits = digits.trim_start_matches('0');
    let number = if digits.is_empty() { 0 } else { u32::from_str_radix(digits, base).map_err(|_| NO_ESCAPE)? };
    match char::from_u32(number) {
        Some(c) => Ok(c),
        None if number <= u32::from(char::MAX) => Err(SURROGATE),
        None => Err(NO_ESCAPE),
    }
}

/// What `\p` or `\P` stands for: a general category or a script of Unicode 15.0.
fn unicode(text: &str, mut outside: bool, fold: bool) -> Result<(Escaped, &str), Refusal> {
    const CATEGORIES: [&str; 33] = [
        "Cc", "Cf", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe",
        "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs", "Any",
    ];
    const SCRIPTS: [&str; 24] = [
        "Arabic",
        "Armenian",
        "Bengali",
        "Cyrillic",
        "Devanagari",
        "Ethiopic",
        "Georgian",
        "Greek",
        "Gujarati",
        "Gurmukhi",
        "Han",
        "Hangul",
        "Hebrew",
        "Hiragana",
        "Katakana",
        "Khmer",
        "Lao",
        "Latin",
        "Mongolian",
        "Myanmar",
        "Tamil",
        "Telugu",
        "Thai",
        "Tibetan",
    ];
    let Some(first) = text.chars().next() else { return Err(NO_RANGE) };
    let (name, rest) = match text.strip_prefix('{') {
        Some(inside) => inside.split_once('}').ok_or(NO_RANGE)?,
        None => text.split_at(first.len_utf8()),
    };
    let name = match name.strip_prefix('^') {
        Some(name) => {
            outside = !outside;
            name
        }
        None => name,
    };
    if !(CATEGORIES.contains(&name) || SCRIPTS.contains(&name)) || (fold && name != "Any") {
        return Err(Refusal::NotFollowed("a pattern with that class of Unicode is not followed"));
    }
    let class = match name {
        "Any" => any(),
        name => {
            let pattern = format!(r"[\p{{{name}}}&&\p{{Age=15.0}}]");
            match regex_syntax::parse(&pattern).map(Hir::into_kind) {
                Ok(HirKind::Class(hir::Class::Unicode(class))) => Class(class),
                Ok(HirKind::Literal(literal)) => {
                    let only = std::str::from_utf8(&literal.0).ok().and_then(|text| text.chars().next());
                    only.map(|c| Class::of(c, c)).ok_or(NO_RANGE)?
                }
                _ => return Err(Refusal::NotFollowed("a pattern with that class of Unicode is not followed")),
            }
        }
    };
    Ok((Escaped::Class(if outside { class.negated() } else { class }), rest))
}

/// The characters of a named class.
fn posix(name: &str) -> Option<Class> {
    const UPPER: (char, char) = ('A', 'Z');
    const LOWER: (char, char) = ('a', 'z');
    const DIGIT: (char, char) = ('0', '9');
    let ranges: &[(char, char)] = match name {
        "alnum" => &[DIGIT, UPPER, LOWER],
        "alpha" => &[UPPER, LOWER],
        "ascii" => &[('\0', '\x7f')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => &[DIGIT],
        "graph" => &[('!', '~')],
        "lower" => &[LOWER],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[UPPER],
        "word" => &[DIGIT, UPPER, ('_', '_'), LOWER],
        "xdigit" => &[DIGIT, ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    Some(Class::ranges(ranges))
}

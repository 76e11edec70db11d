//! One verb of a format.

use super::super::super::super::convert::convert;
use super::super::super::super::failure::Failure;
use super::super::super::super::number::{Digits, Number};
use super::super::super::super::types::Type;
use super::super::super::super::value::{Data, Value};
use super::super::super::encoding::json;
use super::super::super::graphemes;
use super::Text;

/// The widest field and the most digits that are followed.
const MAX_WIDTH: usize = 10_000;

/// A verb, as `%-10.3[2]f` has one.
#[derive(Debug, Default)]
pub(super) struct Verb {
    letter: char,
    zero: bool,
    sharp: bool,
    minus: bool,
    plus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// Which argument it stands for, counted from one.
    pub(super) argument: Option<usize>,
}

impl Verb {
    /// Reads what follows a `%`; gives the rest behind it.
    pub(super) fn read(text: &str) -> Result<(Verb, &str), Box<Failure>> {
        let mut verb = Verb::default();
        let mut rest = text;
        loop {
            match rest.bytes().next() {
                Some(b'0') => verb.zero = true,
                Some(b'#') => verb.sharp = true,
                Some(b'-') => verb.minus = true,
                Some(b'+') => verb.plus = true,
                Some(b' ') => verb.space = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        // A zero was a flag, so that a width never starts with one.
        let (width, behind) = digits(rest);
        rest = behind;
        verb.width = width;
        if let Some(behind) = rest.strip_prefix('.') {
            let (precision, behind) = digits(behind);
            verb.precision = Some(precision.unwrap_or(0));
            rest = behind;
        }
        if let Some(behind) = rest.strip_prefix('[') {
            let (index, after) = digits(behind);
            verb.argument = index.filter(|_| !behind.starts_with('0'));
            match after.strip_prefix(']') {
                Some(after) if verb.argument.is_some() => rest = after,
                _ => return Failure::err("the format has the index of an argument that is not valid"),
            }
        }
        match rest.chars().next() {
            Some(letter) if letter.is_ascii_alphabetic() => Ok((Verb { letter, ..verb }, &rest[1..])),
            Some(_) => Failure::err("the format has a verb that is not valid"),
            None => Failure::err("the format ends within a verb"),
        }
    }

    /// The text that a verb makes of its argument.
    pub(super) fn format(&self, value: &Value) -> Result<Text, Box<Failure>> {
        if self.letter != 'v' && value.is_null() {
            return Failure::err("null can't be formatted");
        }
        if self.width.is_some_and(|width| width > MAX_WIDTH) || self.precision.is_some_and(|digits| digits > MAX_WIDTH)
        {
            return Ok(Text::NotFollowed("a format of that width is not followed"));
        }
        match self.letter {
            'v' => Ok(match &value.data {
                Data::String(text) if !self.sharp => self.padded(text.to_string()),
                Data::Number(number) if !self.sharp => self.padded(general(number, None, 'e')),
                _ => {
                    let mut text = String::new();
                    match json::write(value, &mut text) {
                        Some(()) => self.padded(text),
                        None => Text::NotFollowed("larger than is followed"),
                    }
                }
            }),
            't' => {
                let value = convert(value.clone(), &Type::Bool)?;
                Ok(match value.as_bool() {
                    Some(value) => Text::Known(value.to_string()),
                    None => Text::NotFollowed("a bool of that form is not followed"),
                })
            }
            'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
                let value = convert(value.clone(), &Type::Number)?;
                let Some(number) = value.as_number() else {
                    return Ok(Text::NotFollowed("a number of that size is not followed"));
                };
                match self.letter {
                    'b' | 'd' | 'o' | 'x' | 'X' => self.whole(number).map(Text::Known),
                    _ => Ok(Text::Known(self.fraction(number))),
                }
            }
            's' | 'q' => {
                let value = convert(value.clone(), &Type::String)?;
                match value.as_str() {
                    Some(text) => Ok(self.string(text)),
                    None => Ok(Text::NotFollowed("a string of that form is not followed")),
                }
            }
            _ => Failure::err("the format has a verb that does not exist"),
        }
    }

    /// A string, cut to the precision, and in quotes for `%q`.
    fn string(&self, text: &str) -> Text {
        let mut text = text;
        if let Some(wanted) = self.precision.filter(|wanted| *wanted > 0) {
            let Some(ends) = graphemes::ends(text) else { return Text::NotFollowed(graphemes::NOT_FOLLOWED) };
            text = ends.get(wanted - 1).and_then(|end| text.get(..*end)).unwrap_or(text);
        }
        if self.letter == 's' {
            return self.padded(text.to_owned());
        }
        let mut quoted = String::new();
        json::write_string(text, &mut quoted);
        self.padded(quoted)
    }

    /// A text, filled up to the width.
    fn padded(&self, text: String) -> Text {
        let Some(width) = self.width else { return Text::Known(text) };
        let Some(length) = graphemes::count(&text) else { return Text::NotFollowed(graphemes::NOT_FOLLOWED) };
        let pads = if self.zero { "0" } else { " " }.repeat(width.saturating_sub(length));
        Text::Known(if self.minus { text + &pads } else { pads + &text })
    }

    /// A whole number.
    fn whole(&self, number: &Number) -> Result<String, Box<Failure>> {
        if !number.is_whole() {
            return Failure::err("a whole number is required");
        }
        let (negative, magnitude) = number.truncated();
        let negative = negative && !number.is_zero();
        let (radix, prefix) = match self.letter {
            'b' => (2, "0b"),
            'o' => (8, "0"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let prefix = if self.sharp { prefix } else { "" };
        let mut digits = magnitude.in_radix(radix).to_string();
        if self.letter == 'X' {
            digits.make_ascii_uppercase();
        }
        let sign = self.sign(negative);
        let mut zeros = 0;
        if let Some(precision) = self.precision {
            if precision == 0 && digits == "0" {
                return Ok(String::new());
            }
            zeros = precision.saturating_sub(digits.len());
        }
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + zeros + digits.len());
        let (left, right) = match (self.minus, self.zero && self.precision.is_none()) {
            (true, _) => (0, missing),
            (false, true) => {
                zeros = missing;
                (0, 0)
            }
            (false, false) => (missing, 0),
        };
        Ok(format!("{}{sign}{prefix}{}{digits}{}", " ".repeat(left), "0".repeat(zeros), " ".repeat(right)))
    }

    /// A number with a fraction or an exponent.
    fn fraction(&self, number: &Number) -> String {
        let digits = match self.letter {
            'f' => fixed(number, self.precision.unwrap_or(6)),
            'e' | 'E' => {
                let precision = self.precision.unwrap_or(6);
                let (digits, point) = number.to_digits(Digits::Significant(precision + 1));
                with_exponent(&digits, point, precision, self.letter)
            }
            letter => general(&number.absolute(), self.precision, if letter == 'G' { 'E' } else { 'e' }),
        };
        let sign = self.sign(number.has_minus());
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
        match (self.zero, self.minus) {
            (true, _) => format!("{sign}{}{digits}", "0".repeat(missing)),
            (false, true) => format!("{sign}{digits}{}", " ".repeat(missing)),
            (false, false) => format!("{}{sign}{digits}", " ".repeat(missing)),
        }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        }
    }
}

/// The number at the start of a text, if there is one, and what is behind it.
fn digits(text: &str) -> (Option<usize>, &str) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    ((!digits.is_empty()).then(|| digits.parse().unwrap_or(usize::MAX)), rest)
}

/// A digit by its place behind the first; zeros on both sides.
fn at(digits: &[u8], index: i64) -> char {
    usize::try_from(index).ok().and_then(|index| digits.get(index)).map_or('0', |digit| char::from(*digit))
}

/// A number without sign and exponent, with that many digits behind the point.
fn fixed(number: &Number, precision: usize) -> String {
    let (digits, point) = number.to_digits(Digits::Fraction(precision));
    without_exponent(&digits, point, precision)
}

fn without_exponent(digits: &[u8], point: i64, precision: usize) -> String {
    let mut text: String = if point > 0 { (0..point).map(|index| at(digits, index)).collect() } else { "0".to_owned() };
    if precision > 0 {
        text.push('.');
        text.extend((point..).take(precision).map(|index| at(digits, index)));
    }
    text
}

/// Digits with an exponent; so many of them behind the point.
fn with_exponent(digits: &[u8], point: i64, precision: usize, letter: char) -> String {
    let mut text = String::from(at(digits, 0));
    if precision > 0 {
        text.push('.');
        text.extend((1..).take(precision).map(|index| at(digits, index)));
    }
    let exponent = if digits.is_empty() { 0 } else { point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{text}{letter}{sign}{:02}", exponent.abs())
}

/// A number with an exponent where that is large or small, and with that many digits; without precision, with as few digits
/// as lead back to it.
fn general(number: &Number, precision: Option<usize>, letter: char) -> String {
    let (digits, point) = match precision {
        None => number.to_digits(Digits::Shortest),
        Some(precision) => number.to_digits(Digits::Significant(precision.max(1))),
    };
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let precision = precision.map(|precision| i64::try_from(precision.max(1)).unwrap_or(i64::MAX));
    let threshold = match precision {
        None => 6,
        Some(precision) if precision > length && length >= point => length,
        Some(precision) => precision,
    };
    let precision = precision.unwrap_or(length);
    let count = |digits: i64| usize::try_from(digits).unwrap_or(0);
    let text = if point - 1 < -4 || point > threshold {
        with_exponent(&digits, point, count(precision.min(length) - 1), letter)
    } else {
        let shown = if precision > point { length } else { precision };
        without_exponent(&digits, point, count(shown - point))
    };
    if number.has_minus() { format!("-{text}") } else { text }
}

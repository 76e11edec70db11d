//! What a scalar of YAML stands for.

use dashu_int::UBig;
use jiff::civil::Date;

use super::decode_base64;
use crate::hcl::number::{Number, Parsed};
use crate::hcl::types::Type;
use crate::hcl::value::{Data, Value};

/// What the standard tags begin with.
pub(super) const STANDARD: &str = "tag:yaml.org,2002:";

/// What a scalar is.
pub(super) enum Scalar {
    Value(Value),
    /// The key that merges a mapping into another.
    Merge,
    /// It is refused, and why.
    Wrong(&'static str),
    /// It is not followed, and why.
    NotFollowed(&'static str),
}

const NOT_OF_TAG: Scalar = Scalar::Wrong("a scalar is not what its tag says");
const SIZE: &str = "a number of that size is not followed";

/// The value of a scalar with a tag, if any, as it is written; `quoted` is one in quotes of either kind.
pub(super) fn resolve(tag: Option<&str>, text: &str, quoted: bool) -> Scalar {
    let tag = match tag {
        None => "",
        Some(tag) => match tag.strip_prefix(STANDARD) {
            Some(tag @ ("str" | "bool" | "int" | "float" | "null" | "timestamp" | "binary")) => tag,
            _ => return Scalar::Wrong("a tag is not supported"),
        },
    };
    let mut kind = tag;
    let first = text.bytes().next();
    let hinted = first.is_none_or(|b| b.is_ascii_digit() || b"+-.~yYnNtTfFoO".contains(&b));
    if hinted && !matches!(tag, "str" | "binary") {
        if quoted {
            return Scalar::Value(Value::string(text));
        }
        match text {
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => {
                return Scalar::NotFollowed("infinity is not followed");
            }
            ".nan" | ".NaN" | ".NAN" if tag.is_empty() => return Scalar::Wrong("there is no value for NaN"),
            _ => {}
        }
        if let Some(value) = word(text) {
            return Scalar::Value(value);
        }
        match first {
            Some(b'.') => {
                if text.contains(['p', 'P']) {
                    return Scalar::NotFollowed(SIZE);
                }
                match Number::parse(text) {
                    Parsed::Number(number) => return Scalar::Value(Value::from(number)),
                    Parsed::NotFollowed => return Scalar::NotFollowed(SIZE),
                    Parsed::NoNumber => {}
                }
            }
            Some(b'0'..=b'9' | b'+' | b'-') => {
                if matches!(tag, "" | "timestamp")
                    && let Some(time) = timestamp(text)
                {
                    return Scalar::Value(Value::string(time));
                }
                if is_whole(text) || is_decimal(text) {
                    kind = "int";
                }
            }
            _ => {}
        }
    }
    if tag.is_empty() && text == "<<" {
        return Scalar::Merge;
    }
    match kind {
        "int" | "float" => number(text),
        "bool" => match word(text) {
            Some(value) if value.as_bool().is_some() => Scalar::Value(value),
            _ => NOT_OF_TAG,
        },
        "null" => Scalar::Value(Value::null()),
        "timestamp" => timestamp(text).map_or(NOT_OF_TAG, |time| Scalar::Value(Value::string(time))),
        "binary" if decode_base64(text).is_none() => NOT_OF_TAG,
        _ => Scalar::Value(Value::string(text)),
    }
}

/// The words for null and the bools.
fn word(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::null(),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::from(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::from(false),
        _ => return None,
    })
}

/// Decimal digits with a sign, or octal or hexadecimal ones without.
fn is_whole(text: &str) -> bool {
    let all = |digits: &str, radix: u32| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(digits), _) => all(digits, 8),
        (_, Some(digits)) => all(digits, 16),
        _ => all(text.strip_prefix(['+', '-']).unwrap_or(text), 10),
    }
}

/// Decimal digits with a sign, a point and an exponent.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// A number that may have underscores between its digits: decimal, or one with a prefix in 64 bits.
fn number(text: &str) -> Scalar {
    let plain = text.replace('_', "");
    match Number::parse(&plain) {
        Parsed::Number(number) => return Scalar::Value(Value::from(number)),
        Parsed::NotFollowed => return Scalar::NotFollowed(SIZE),
        Parsed::NoNumber => {}
    }
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let negative = plain.starts_with('-');
    let (radix, digits) = match unsigned.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &unsigned[2..]),
        Some("0o") => (8, &unsigned[2..]),
        Some("0b") => (2, &unsigned[2..]),
        _ => return NOT_OF_TAG,
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return NOT_OF_TAG;
    }
    let Ok(magnitude) = u64::from_str_radix(digits, radix) else { return NOT_OF_TAG };
    let fits = match (negative, unsigned.len() == plain.len()) {
        (true, _) => magnitude <= i64::MIN.unsigned_abs(),
        (false, true) => true,
        // With a plus sign it has to be one of 64 bits with sign.
        (false, false) => i64::try_from(magnitude).is_ok(),
    };
    if !fits {
        return NOT_OF_TAG;
    }
    Scalar::Value(Value::from(Number::whole(negative, UBig::from(magnitude))))
}

/// A date with or without a time, as RFC 3339 writes it, in whole seconds.
fn timestamp(text: &str) -> Option<String> {
    let (date, rest) = date(text)?;
    if rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let (zoned, rest) = match rest.strip_prefix(['T', 't']) {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix(' ')?.trim_start_matches(' ')),
    };
    let (hour, rest) = one_or_two(rest, 23)?;
    let (minute, rest) = one_or_two(rest.strip_prefix(':')?, 59)?;
    let (second, rest) = one_or_two(rest.strip_prefix(':')?, 59)?;
    let rest = match rest.strip_prefix(['.', ',']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let zone = match (zoned, rest) {
        (false, "") | (true, "Z") => "Z".to_owned(),
        (true, zone) => offset(zone)?,
        (false, _) => return None,
    };
    Some(format!("{date}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

/// Four digits, a month and a day of one or two digits each: the date, and what follows.
fn date(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = text.split_once('-')?;
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (month, rest) = one_or_two(rest, 12)?;
    let (day, rest) = one_or_two(rest.strip_prefix('-')?, 31)?;
    Some((Date::new(year.parse().ok()?, month, day).ok()?, rest))
}

/// One digit or two, of a number up to `most`, and what follows.
fn one_or_two(text: &str, most: i8) -> Option<(i8, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    digits.parse().ok().filter(|number| *number <= most).map(|number| (number, rest))
}

/// `±HH:MM`; without any difference it is `Z`.
fn offset(zone: &str) -> Option<String> {
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let two = |text: &str, most: u16| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten().filter(|number| *number <= most)
    };
    let minutes = two(hours, 24)? * 60 + two(minutes, 60)?;
    Some(match minutes {
        0 => "Z".to_owned(),
        _ => format!("{}{:02}:{:02}", &zone[..1], minutes / 60, minutes % 60),
    })
}

/// The value of a scalar that is a string by its style, though it was read as something else.
pub(super) fn as_string(value: &Value) -> Option<Value> {
    Some(match &value.data {
        Data::Null(_) => Data::Null(Type::String).into(),
        Data::Bool(value) => Value::string(if *value { "true" } else { "false" }),
        Data::Number(number) => Value::string(number.to_string()),
        Data::String(_) => value.clone(),
        _ => return None,
    })
}

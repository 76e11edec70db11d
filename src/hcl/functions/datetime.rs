//! Functions of dates and times.

use super::super::failure::{Evaluated, Failure};
use super::super::number::Number;
use super::super::types::Type;
use super::super::value::Value;
use super::{Body, Function, Kind, Parameter, text};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "formatdate",
        parameters: &[Parameter::new("format", Kind::String), Parameter::new("time", Kind::String)],
        variadic: None,
        returns: Kind::String,
        body: Body::Pure(formatdate),
    },
    Function {
        name: "plantimestamp",
        parameters: &[],
        variadic: None,
        returns: Kind::String,
        body: Body::Unpredictable("the time of the plan is not known"),
    },
    Function {
        name: "timeadd",
        parameters: &[Parameter::new("timestamp", Kind::String), Parameter::new("duration", Kind::String)],
        variadic: None,
        returns: Kind::String,
        body: Body::Pure(timeadd),
    },
    Function {
        name: "timecmp",
        parameters: &[Parameter::new("timestamp_a", Kind::String), Parameter::new("timestamp_b", Kind::String)],
        variadic: None,
        returns: Kind::Number,
        body: Body::Pure(timecmp),
    },
    Function {
        name: "timestamp",
        parameters: &[],
        variadic: None,
        returns: Kind::String,
        body: Body::Unpredictable("the time of the run is not known"),
    },
];

/// The longest date format that is followed, in bytes.
const MAX_FORMAT: usize = 4000;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAY: i64 = 24 * 60 * 60;

/// A point in time as it is written: the fields of the clock there, and how far that is from UTC.
#[derive(Clone, Copy)]
struct Time {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    /// Seconds east of UTC.
    offset: i64,
}

impl Time {
    /// Reads a time of RFC 3339. Leniently, the hour may have one digit, a comma may stand before the fraction of the second,
    /// and the offset may go up to 24:60.
    fn parse(text: &str, lenient: bool) -> Option<Time> {
        let mut rest = text.as_bytes();
        let year = digits(&mut rest, 4)?;
        literal(&mut rest, b'-')?;
        let month = digits(&mut rest, 2)?;
        literal(&mut rest, b'-')?;
        let day = digits(&mut rest, 2)?;
        literal(&mut rest, b'T')?;
        let short = lenient && !rest.get(1).is_some_and(u8::is_ascii_digit);
        let hour = digits(&mut rest, if short { 1 } else { 2 })?;
        literal(&mut rest, b':')?;
        let minute = digits(&mut rest, 2)?;
        literal(&mut rest, b':')?;
        let second = digits(&mut rest, 2)?;
        let mut nanosecond = 0;
        if let [separator, first, ..] = rest
            && (*separator == b'.' || (lenient && *separator == b','))
            && first.is_ascii_digit()
        {
            let length = rest.iter().skip(1).take_while(|c| c.is_ascii_digit()).count();
            let given = length.min(9);
            nanosecond = rest[1..=given].iter().fold(0, |sum, c| sum * 10 + i64::from(c - b'0'));
            nanosecond *= 10_i64.pow(u32::try_from(9 - given).unwrap_or(0));
            rest = &rest[1 + length..];
        }
        let offset = match rest {
            [b'Z'] => 0,
            [sign @ (b'+' | b'-'), zone @ ..] => {
                let mut zone = zone;
                let hours = digits(&mut zone, 2)?;
                literal(&mut zone, b':')?;
                let minutes = digits(&mut zone, 2)?;
                let (most_hours, most_minutes) = if lenient { (24, 60) } else { (23, 59) };
                if !zone.is_empty() || hours > most_hours || minutes > most_minutes {
                    return None;
                }
                (hours * 60 + minutes) * if *sign == b'-' { -60 } else { 60 }
            }
            _ => return None,
        };
        let valid = (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        valid.then_some(Time { year, month, day, hour, minute, second, nanosecond, offset })
    }

    /// Days since 1 January 1970, as the clock there shows.
    fn days(&self) -> i64 {
        // Years that begin in March, so that the leap day comes last.
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month = (self.month + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + self.day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
    }

    /// Seconds since the start of 1970, as the clock there shows.
    fn clock(&self) -> i64 {
        self.days() * DAY + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// The same offset with other seconds of the clock.
    fn at(clock: i64, nanosecond: i64, offset: i64) -> Time {
        let (days, second) = (clock.div_euclid(DAY) + 719_468, clock.rem_euclid(DAY));
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        Time {
            year,
            month,
            day,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            nanosecond,
            offset,
        }
    }

    /// The offset as `+07:00` with that between its parts.
    fn zone(&self, between: &str) -> String {
        let (sign, minutes) = (if self.offset < 0 { '-' } else { '+' }, self.offset.abs() / 60);
        format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
    }

    /// The offset as `+07:00`, that of UTC as `Z`.
    fn short_zone(&self) -> String {
        if self.offset == 0 { "Z".to_owned() } else { self.zone(":") }
    }
}

/// Takes that many digits off the front, as a number.
fn digits(rest: &mut &[u8], length: usize) -> Option<i64> {
    let (found, left) = rest.split_at_checked(length)?;
    if !found.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = left;
    Some(found.iter().fold(0, |sum, c| sum * 10 + i64::from(c - b'0')))
}

/// Takes one character off the front.
fn literal(rest: &mut &[u8], wanted: u8) -> Option<()> {
    let (first, left) = rest.split_first()?;
    *rest = left;
    (*first == wanted).then_some(())
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The time in an argument.
fn time(arguments: &[Value], index: usize, lenient: bool) -> Result<Time, Box<Failure>> {
    match Time::parse(text(arguments, index)?, lenient) {
        Some(time) => Ok(time),
        None => Failure::err("not a timestamp of RFC 3339"),
    }
}

/// -1, 0 or 1: the order of two times.
fn timecmp(arguments: &[Value]) -> Evaluated {
    let instant = |time: Time| (time.clock() - time.offset, time.nanosecond);
    let order = instant(time(arguments, 0, true)?).cmp(&instant(time(arguments, 1, true)?));
    Ok(Number::counted(order as i64).into())
}

/// A time that is later by a duration, in whole seconds.
fn timeadd(arguments: &[Value]) -> Evaluated {
    let time = time(arguments, 0, false)?;
    let duration = duration(text(arguments, 1)?)?;
    let nanoseconds = time.nanosecond + duration.rem_euclid(1_000_000_000);
    let clock = time.clock() + duration.div_euclid(1_000_000_000) + nanoseconds / 1_000_000_000;
    let later = Time::at(clock, nanoseconds % 1_000_000_000, time.offset);
    if !(0..=9999).contains(&later.year) {
        return Ok(Value::unknown(Type::String, "a year of more than four digits is not followed").not_null());
    }
    let Time { year, month, day, hour, minute, second, .. } = later;
    let zone = later.short_zone();
    Ok(Value::string(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")))
}

/// A duration like `1h30m` or `-1.5s`, in nanoseconds.
fn duration(text: &str) -> Result<i64, Box<Failure>> {
    const MOST: u64 = 1 << 63;
    let wrong = || Failure::err("not a duration");
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return wrong();
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let length = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at(length(rest));
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(length(after)),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return wrong();
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        rest = after;
        let unit: u64 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return wrong(),
        };
        let whole = whole.bytes().try_fold(0_u64, |sum, c| sum.checked_mul(10)?.checked_add(u64::from(c - b'0')));
        let Some(mut value) = whole.filter(|whole| *whole <= MOST / unit).map(|whole| whole * unit) else {
            return wrong();
        };
        value += parts_of(fraction, unit);
        if value > MOST {
            return wrong();
        }
        total = total.wrapping_add(value);
        if total > MOST {
            return wrong();
        }
    }
    if text.starts_with('-') {
        return Ok(0_i64.wrapping_sub_unsigned(total));
    }
    i64::try_from(total).or_else(|_| wrong())
}

/// The digits behind the point of a duration, in whole nanoseconds; digits that don't fit into 63 bits don't count.
fn parts_of(fraction: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1.0_f64);
    for c in fraction.bytes() {
        if value > ((1 << 63) - 1) / 10 {
            break;
        }
        let next = value * 10 + u64::from(c - b'0');
        if next > 1 << 63 {
            break;
        }
        value = next;
        scale *= 10.0;
    }
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let parts = (value as f64 * (unit as f64 / scale)) as u64;
    parts
}

/// A time in the form that a format describes: repeated letters stand for parts of the time, text in single quotes and all
/// other characters for themselves.
fn formatdate(arguments: &[Value]) -> Evaluated {
    let format = text(arguments, 0)?;
    let time = time(arguments, 1, false)?;
    if format.len() > MAX_FORMAT {
        return Ok(Value::unknown(Type::String, "a date format of that length is not followed").not_null());
    }
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let token = quoted(rest);
            let Some(inner) = token[1..].strip_suffix('\'') else { return Failure::err("a quote is not closed") };
            match inner {
                "" => out.push('\''),
                inner => out.push_str(&inner.replace("''", "'")),
            }
            rest = &rest[token.len()..];
        } else if first.is_ascii_alphabetic() {
            let length = rest.chars().take_while(|c| *c == first).count();
            out.push_str(&part_of_date(&time, first, length)?);
            rest = &rest[length..];
        } else {
            let length = rest.find(|c: char| c == '\'' || c.is_ascii_alphabetic()).unwrap_or(rest.len());
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    Ok(Value::string(out))
}

/// What is quoted at the start of a text, with its quotes; without the last of them where it is not closed.
fn quoted(text: &str) -> &str {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'\'') {
        return &text[..2];
    }
    let mut index = 1;
    while index < bytes.len() {
        match (bytes[index], bytes.get(index + 1)) {
            (b'\'', Some(b'\'')) => index += 2,
            (b'\'', _) => return &text[..=index],
            _ => index += 1,
        }
    }
    text
}

/// What a letter stands for that is repeated so often.
fn part_of_date(time: &Time, letter: char, length: usize) -> Result<String, Box<Failure>> {
    let number = |value: i64| match length {
        1 => Some(value.to_string()),
        2 => Some(format!("{value:02}")),
        _ => None,
    };
    let name = |names: &[&'static str], index: i64| {
        names.get(usize::try_from(index).unwrap_or(usize::MAX)).copied().unwrap_or_default()
    };
    let (month, weekday) = (name(&MONTHS, time.month - 1), name(&WEEKDAYS, (time.days() + 4).rem_euclid(7)));
    let part = match (letter, length) {
        ('Y', 2) => Some(format!("{:02}", time.year % 100)),
        ('Y', 4) => Some(format!("{:04}", time.year)),
        ('M', 1 | 2) => number(time.month),
        ('M', 3) => Some(month.chars().take(3).collect()),
        ('M', 4) => Some(month.to_owned()),
        ('D', _) => number(time.day),
        ('E', 3) => Some(weekday.chars().take(3).collect()),
        ('E', 4) => Some(weekday.to_owned()),
        ('h', _) => number(time.hour),
        ('H', _) => number((time.hour + 11) % 12 + 1),
        ('A', 2) => Some(if time.hour < 12 { "AM" } else { "PM" }.to_owned()),
        ('a', 2) => Some(if time.hour < 12 { "am" } else { "pm" }.to_owned()),
        ('m', _) => number(time.minute),
        ('s', _) => number(time.second),
        ('Z', 1) => Some(time.short_zone()),
        ('Z', 3) if time.offset == 0 => Some("UTC".to_owned()),
        ('Z', 3 | 4) => Some(time.zone("")),
        ('Z', 5) => Some(time.zone(":")),
        _ => None,
    };
    match part {
        Some(part) => Ok(part),
        None => Failure::err("the date format has a letter, or as many of one, that stands for nothing"),
    }
}

#[cfg(test)]
mod tests;

//! `sprintf` as OPA has it: Go's `fmt` over integers, floating point numbers and texts.

use crate::go::quote::{quoted, quoted_char};

/// An argument, as OPA hands it to Go.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Argument {
    /// A number without fraction and exponent.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// A text; everything that is no number and no text is its Rego notation.
    Text(String),
}

#[derive(Default)]
struct Spec {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// The widest field and the longest precision: Go's own limit is a million.
const MAX_FIELD: usize = 1_000_000;

/// Formats `arguments` by `format`.
///
/// # Errors
/// What is not supported: an explicit argument index (`%[1]d`), Go's hexadecimal and binary notation of fractions.
pub(super) fn sprintf(format: &str, arguments: &[Argument]) -> Result<String, String> {
    let mut out = String::new();
    let mut next = 0;
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spec = Spec::default();
        while let Some(flag) = chars.peek().copied() {
            match flag {
                '+' => spec.plus = true,
                '-' => spec.minus = true,
                '#' => spec.sharp = true,
                ' ' => spec.space = true,
                '0' => spec.zero = true,
                _ => break,
            }
            chars.next();
        }
        if spec.minus {
            spec.zero = false;
        }
        let mut number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>, bad: &str, out: &mut String| {
            if chars.peek() == Some(&'*') {
                chars.next();
                let given = arguments.get(next);
                next += 1;
                return match given {
                    Some(Argument::Integer(n)) if n.unsigned_abs() <= MAX_FIELD as u64 => Some(*n),
                    _ => {
                        out.push_str(bad);
                        None
                    }
                };
            }
            let mut value: Option<i64> = None;
            while let Some(digit) = chars.peek().and_then(|d| d.to_digit(10)) {
                value = Some((value.unwrap_or(0) * 10 + i64::from(digit)).min(MAX_FIELD as i64));
                chars.next();
            }
            value
        };
        if let Some(width) = number(&mut chars, "%!(BADWIDTH)", &mut out) {
            if width < 0 {
                spec.minus = true;
                spec.zero = false;
            }
            spec.width = usize::try_from(width.unsigned_abs()).ok();
        }
        if chars.peek() == Some(&'.') {
            chars.next();
            let star = chars.peek() == Some(&'*');
            spec.precision = match number(&mut chars, "%!(BADPREC)", &mut out) {
                Some(precision) => usize::try_from(precision).ok(),
                None if star => None,
                None => Some(0),
            };
        }
        match chars.next() {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some('[') => return Err("sprintf: explicit argument indexes are not supported".to_owned()),
            Some(verb) => match arguments.get(next) {
                None => {
                    out.push_str("%!");
                    out.push(verb);
                    out.push_str("(MISSING)");
                }
                Some(Argument::Float(_)) if matches!(verb, 'x' | 'X' | 'b') => {
                    return Err(format!("sprintf: %{verb} of a number with a fraction is not supported"));
                }
                Some(argument) => {
                    next += 1;
                    out.push_str(&one(verb, &spec, argument));
                }
            },
        }
    }
    if next < arguments.len() {
        out.push_str("%!(EXTRA ");
        let extra: Vec<String> =
            arguments[next..].iter().map(|a| format!("{}={}", type_name(a), one('v', &Spec::default(), a))).collect();
        out.push_str(&extra.join(", "));
        out.push(')');
    }
    Ok(out)
}

fn type_name(argument: &Argument) -> &'static str {
    match argument {
        // OPA hands over an int64 for a number of its own.
        Argument::Integer(_) => "int64",
        Argument::Float(_) => "float64",
        Argument::Text(_) => "string",
    }
}

fn one(verb: char, spec: &Spec, argument: &Argument) -> String {
    let formatted = match argument {
        Argument::Integer(n) => integer(verb, spec, *n),
        Argument::Float(f) => float(verb, spec, *f),
        Argument::Text(text) => textual(verb, spec, text),
    };
    formatted.unwrap_or_else(|| {
        let plain = one('v', spec, argument);
        format!("%!{verb}({}={plain})", type_name(argument))
    })
}

fn pad(spec: &Spec, text: String, zero: bool) -> String {
    let Some(missing) = spec.width.and_then(|w| w.checked_sub(text.chars().count())) else {
        return text;
    };
    if spec.minus {
        return text + &" ".repeat(missing);
    }
    if !zero {
        return " ".repeat(missing) + &text;
    }
    match text.chars().next() {
        Some(sign @ ('+' | '-' | ' ')) => format!("{sign}{}{}", "0".repeat(missing), &text[1..]),
        _ => "0".repeat(missing) + &text,
    }
}

/// The same for what is no number: zeros stand before all of it.
fn pad_text(spec: &Spec, text: String) -> String {
    match spec.width.and_then(|w| w.checked_sub(text.chars().count())) {
        Some(missing) if spec.zero && !spec.minus => "0".repeat(missing) + &text,
        _ => pad(spec, text, false),
    }
}

fn integer(verb: char, spec: &Spec, n: i64) -> Option<String> {
    let magnitude = n.unsigned_abs();
    let mut digits = match verb {
        'd' | 'v' => magnitude.to_string(),
        'b' => format!("{magnitude:b}"),
        'o' | 'O' => format!("{magnitude:o}"),
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        'c' => return Some(pad_text(spec, character(n).to_string())),
        'q' => return Some(pad_text(spec, quoted_char(character(n)))),
        'U' => return Some(pad(spec, format!("U+{n:04X}"), false)),
        _ => return None,
    };
    if let Some(precision) = spec.precision {
        if precision == 0 && n == 0 {
            return Some(pad(spec, String::new(), false));
        }
        digits = "0".repeat(precision.saturating_sub(digits.len())) + &digits;
    }
    let sign = match n {
        ..0 => "-",
        _ if spec.plus => "+",
        _ if spec.space => " ",
        _ => "",
    };
    let prefix = match verb {
        'b' if spec.sharp => "0b",
        'o' if spec.sharp && !digits.starts_with('0') => "0",
        'O' => "0o",
        'x' if spec.sharp => "0x",
        'X' if spec.sharp => "0X",
        _ => "",
    };
    let zero = spec.zero && spec.precision.is_none();
    if zero {
        let missing = spec.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
        digits = "0".repeat(missing) + &digits;
    }
    Some(pad(spec, format!("{sign}{prefix}{digits}"), false))
}

fn character(n: i64) -> char {
    u32::try_from(n).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

fn float(verb: char, spec: &Spec, f: f64) -> Option<String> {
    let magnitude = f.abs();
    let digits = match verb {
        'v' | 'g' => general(magnitude, spec.precision),
        'G' => general(magnitude, spec.precision).to_uppercase(),
        'f' | 'F' => fixed(magnitude, spec.precision.unwrap_or(6)),
        'e' => exponential(&scientific(magnitude, spec.precision.unwrap_or(6))),
        'E' => exponential(&scientific(magnitude, spec.precision.unwrap_or(6))).to_uppercase(),
        _ => return None,
    };
    let sign = match f.is_sign_negative() {
        true => "-",
        false if spec.plus => "+",
        false if spec.space => " ",
        false => "",
    };
    Some(pad(spec, format!("{sign}{digits}"), spec.zero))
}

/// Behind the point a number of 64 bits has no more digits than these; `format!` takes no precision above 65,535.
const MAX_DIGITS: usize = 1_100;

/// A number with so many digits behind the point.
fn fixed(magnitude: f64, precision: usize) -> String {
    let more = "0".repeat(precision.saturating_sub(MAX_DIGITS));
    format!("{magnitude:.*}{more}", precision.min(MAX_DIGITS))
}

/// The same with an exponent.
fn scientific(magnitude: f64, precision: usize) -> String {
    let text = format!("{magnitude:.*e}", precision.min(MAX_DIGITS));
    let more = "0".repeat(precision.saturating_sub(MAX_DIGITS));
    text.split_once('e').map_or_else(|| text.clone(), |(digits, exponent)| format!("{digits}{more}e{exponent}"))
}

/// Go writes at least two digits of exponent, and its sign.
fn exponential(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = exponent.strip_prefix('-').map_or(("+", exponent), |d| ("-", d));
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        None => text.to_owned(),
    }
}

fn general(magnitude: f64, precision: Option<usize>) -> String {
    let shortest = match precision {
        None => format!("{magnitude:e}"),
        Some(p) => format!("{magnitude:.*e}", (p.max(1) - 1).min(MAX_DIGITS)),
    };
    let exponent: i32 = shortest.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let (digits, _) = shortest.split_once('e').unwrap_or((&shortest, ""));
    let trimmed = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    let significant = trimmed.chars().filter(char::is_ascii_digit).count() as i32;
    let limit = match precision {
        None => 6,
        Some(p) => {
            let p = p.max(1) as i32;
            if p > significant && significant > exponent { significant } else { p }
        }
    };
    if exponent < -4 || exponent >= limit {
        return exponential(&format!("{trimmed}e{exponent}"));
    }
    match precision {
        None => format!("{magnitude}"),
        Some(p) => {
            let decimals = (p.max(1) as i32 - 1 - exponent).max(0) as usize;
            let fixed = fixed(magnitude, decimals.min(MAX_DIGITS));
            if fixed.contains('.') { fixed.trim_end_matches('0').trim_end_matches('.').to_owned() } else { fixed }
        }
    }
}

fn textual(verb: char, spec: &Spec, text: &str) -> Option<String> {
    let cut: String = match spec.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    };
    match verb {
        's' | 'v' => Some(pad_text(spec, cut)),
        'q' if spec.sharp && !cut.contains('`') && !cut.chars().any(|c| c.is_control() && c != '\t') => {
            Some(pad_text(spec, format!("`{cut}`")))
        }
        'q' => Some(pad_text(spec, quoted(&cut))),
        'x' | 'X' => {
            let bytes = &text.as_bytes()[..spec.precision.unwrap_or(text.len()).min(text.len())];
            let separator = if spec.space { " " } else { "" };
            let prefix = if spec.sharp { "0x" } else { "" };
            let each: Vec<String> = bytes
                .iter()
                .enumerate()
                .map(|(i, b)| if i == 0 || spec.space { format!("{prefix}{b:02x}") } else { format!("{b:02x}") })
                .collect();
            let joined = each.join(separator);
            Some(pad_text(spec, if verb == 'X' { joined.to_uppercase() } else { joined }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_what_go_prints() {
        let text = |t: &str| Argument::Text(t.to_owned());
        for (format, arguments, printed) in [
            ("%5s|%-5s|", vec![text("ab"), text("ab")], "   ab|ab   |"),
            ("%d %s", vec![Argument::Integer(3), text("x")], "3 x"),
            ("%d", vec![text("a")], "%!d(string=a)"),
            ("%05d|%+d|%x|%X|%#x|%o|%b", [42; 7].map(Argument::Integer).to_vec(), "00042|+42|2a|2A|0x2a|52|101010"),
            ("%.2f|%8.3f|%f|%e", [2.71501; 4].map(Argument::Float).to_vec(), "2.72|   2.715|2.715010|2.715010e+00"),
            ("%v %v", vec![Argument::Float(0.1), Argument::Float(1e21)], "0.1 1e+21"),
            ("%s", vec![], "%!s(MISSING)"),
            ("x", vec![text("y")], "x%!(EXTRA string=y)"),
            ("%q %%", vec![text("a\"b\n")], "\"a\\\"b\\n\" %"),
            ("%", vec![], "%!(NOVERB)"),
            ("%.2s|%x", vec![text("éàx"), text("hi")], "éà|6869"),
            ("%05s|%-05s|%05q|%05v|", ["-1", "-1", "a", "-x"].map(text).to_vec(), "000-1|-1   |00\"a\"|000-x|"),
            ("%*d", vec![Argument::Integer(5), Argument::Integer(7)], "    7"),
        ] {
            assert_eq!(sprintf(format, &arguments).as_deref(), Ok(printed), "{format}");
        }
        assert!(sprintf("%[1]d", &[]).is_err());
        // Up to the limit, which is far above that of Rust's own formatting.
        let half = [Argument::Float(0.5)];
        let zeros = |count: usize| "0".repeat(count);
        assert_eq!(sprintf("%.70000f", &half), Ok(format!("0.5{}", zeros(69_999))));
        assert_eq!(sprintf("%.70000e", &half), Ok(format!("5.{}e-01", zeros(70_000))));
        assert_eq!(sprintf("%.70000g|%70000g", &half).map(|text| text.len()), Ok("0.5|%!g(MISSING)".len()));
        assert_eq!(sprintf("%70000g", &half), Ok(format!("{}0.5", " ".repeat(69_997))));
    }
}

//! Numbers as decimal digits.

use dashu_int::UBig;

use super::{Digits, Number, as_i64, bits};

/// Decimal digits without trailing zeros, and how many of them stand before the point.
pub(super) struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// Of `magnitude` times a power of two.
    fn new(magnitude: &UBig, exponent: i64) -> Decimal {
        let shift = usize::try_from(exponent.unsigned_abs()).unwrap_or(0);
        let (text, fraction) = match exponent < 0 {
            false => ((magnitude << shift).to_string(), 0),
            true => ((magnitude * UBig::from(5_u8).pow(shift)).to_string(), as_i64(shift)),
        };
        let mut digits = text.into_bytes();
        let point = as_i64(digits.len()) - fraction;
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Decimal { point: if digits.is_empty() { 0 } else { point }, digits }
    }

    fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(b'0')
    }

    fn round(&mut self, length: usize) {
        if length >= self.digits.len() {
            return;
        }
        let half = self.digits[length] == b'5' && length + 1 == self.digits.len();
        let up = match half {
            true => length > 0 && (self.digits[length - 1] - b'0') & 1 != 0,
            false => self.digits[length] >= b'5',
        };
        if up { self.round_up(length) } else { self.round_down(length) }
    }

    fn round_up(&mut self, mut length: usize) {
        if length >= self.digits.len() {
            return;
        }
        while length > 0 && self.digits[length - 1] >= b'9' {
            length -= 1;
        }
        if length == 0 {
            self.digits = vec![b'1'];
            self.point += 1;
            return;
        }
        self.digits[length - 1] += 1;
        self.digits.truncate(length);
    }

    fn round_down(&mut self, length: usize) {
        self.digits.truncate(length);
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }
}

impl Number {
    /// The shortest digits that lead back to this number at its precision.
    pub(super) fn shortest(&self) -> Decimal {
        let mut decimal = Decimal::new(&self.magnitude, self.exponent);
        let length = bits(&self.magnitude);
        if self.is_zero() || (self.exponent >= 0 && as_i64(length) + self.exponent <= i64::from(self.precision)) {
            return decimal;
        }
        // One bit more than the precision: the last is half a unit.
        let shift = (self.precision as usize + 1).saturating_sub(length);
        let (scaled, exponent) = (&self.magnitude << shift, self.exponent - as_i64(shift));
        let lower = Decimal::new(&(&scaled - UBig::ONE), exponent);
        let upper = Decimal::new(&(&scaled + UBig::ONE), exponent);
        let inclusive = (&scaled >> 1_usize).trailing_zeros().is_none_or(|zeros| zeros > 0);
        for index in 0..decimal.digits.len() {
            let (digit, low, high) = (decimal.digits[index], lower.at(index), upper.at(index));
            let down = low != digit || (inclusive && index + 1 == lower.digits.len());
            let up = digit != high && (inclusive || digit + 1 < high || index + 1 < upper.digits.len());
            match (down, up) {
                (true, true) => decimal.round(index + 1),
                (true, false) => decimal.round_down(index + 1),
                (false, true) => decimal.round_up(index + 1),
                (false, false) => continue,
            }
            break;
        }
        decimal
    }

    /// Its decimal digits without trailing zeros, none for zero, and how many of them stand before the point.
    pub fn to_digits(&self, wanted: Digits) -> (Vec<u8>, i64) {
        let mut decimal = match wanted {
            Digits::Shortest => self.shortest(),
            Digits::Significant(_) | Digits::Fraction(_) => Decimal::new(&self.magnitude, self.exponent),
        };
        let length = match wanted {
            Digits::Shortest => None,
            Digits::Significant(length) => Some(length),
            // Where even the first digit lies behind those that are wanted, nothing is rounded.
            Digits::Fraction(length) => usize::try_from(decimal.point.saturating_add(as_i64(length))).ok(),
        };
        if let Some(length) = length {
            decimal.round(length);
        }
        (decimal.digits, decimal.point)
    }

    /// Whether it has a minus sign; zero may have one.
    pub fn has_minus(&self) -> bool {
        self.negative
    }

    /// Ten significant digits in the form that orders values of sets: an exponent from 1e21 on and below 1e-4.
    pub fn short_text(&self) -> String {
        let mut decimal = Decimal::new(&self.magnitude, self.exponent);
        decimal.round(10);
        let sign = if self.negative { "-" } else { "" };
        let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
        if !(-4..10).contains(&exponent) {
            let digits: String = decimal.digits.iter().map(|d| char::from(*d)).collect();
            let (first, rest) = digits.split_at(1.min(digits.len()));
            let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
            let direction = if exponent < 0 { '-' } else { '+' };
            return format!("{sign}{first}{rest}e{direction}{:02}", exponent.abs());
        }
        format!("{sign}{}", plain(&decimal))
    }
}

/// Digits with a point where one belongs, without exponent.
pub(super) fn plain(decimal: &Decimal) -> String {
    let digits: String = decimal.digits.iter().map(|d| char::from(*d)).collect();
    if digits.is_empty() {
        return "0".to_owned();
    }
    match usize::try_from(decimal.point) {
        Ok(0) | Err(_) => {
            let zeros = usize::try_from(-decimal.point).unwrap_or(0);
            format!("0.{}{digits}", "0".repeat(zeros))
        }
        Ok(point) if point >= digits.len() => format!("{digits}{}", "0".repeat(point - digits.len())),
        Ok(point) => format!("{}.{}", &digits[..point], &digits[point..]),
    }
}

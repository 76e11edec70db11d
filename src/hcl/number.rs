//! Numbers as Terraform computes with them: binary floating point, rounded to the precision of the operands.
//!
//! A number that was written or parsed carries 512 bits of precision, one that a function counted 64, one that went through
//! a 64-bit float 53; an operation has the larger of its operands' precisions and rounds half to even. Printing gives the
//! shortest decimal digits that lead back to the same number at its precision.

mod decimal;

use std::cmp::Ordering;

use dashu_int::UBig;

/// The precision of numbers that are written in source, or made from text.
pub(super) const WRITTEN: u32 = 512;
/// The precision of numbers that are counted.
pub(super) const COUNTED: u32 = 64;

/// Beyond this power of two a number is not followed any more: its digits would fill memory.
const MAX_EXPONENT: i64 = 1 << 15;
/// The longest number, in characters, that is parsed.
const MAX_DIGITS: usize = 10_000;

/// A finite number: sign, an odd magnitude (or zero) times a power of two, and a precision in bits.
#[derive(Debug, Clone)]
pub struct Number {
    negative: bool,
    magnitude: UBig,
    exponent: i64,
    precision: u32,
}

/// How many decimal digits of a number are wanted.
#[derive(Debug, Clone, Copy)]
pub enum Digits {
    /// As few as lead back to it.
    Shortest,
    /// So many, rounded half to even.
    Significant(usize),
    /// So many behind the point, rounded half to even.
    Fraction(usize),
}

/// What came of reading a text as a number.
#[derive(Debug, Clone)]
pub enum Parsed {
    /// The number.
    Number(Number),
    /// Terraform refuses it as well.
    NoNumber,
    /// Terraform takes it, but it is not followed here: infinite, or too long.
    NotFollowed,
}

impl Number {
    /// A number as a literal or a text would give it.
    pub fn written(value: i64) -> Number {
        Number::of(value < 0, UBig::from(value.unsigned_abs()), 0, WRITTEN)
    }

    /// A number as a function that counts gives it.
    pub fn counted(value: i64) -> Number {
        Number::of(value < 0, UBig::from(value.unsigned_abs()), 0, COUNTED)
    }

    /// A whole number with the precision that holds all of it, at least 64 bits.
    pub fn whole(negative: bool, magnitude: UBig) -> Number {
        let precision = u32::try_from(bits(&magnitude)).unwrap_or(u32::MAX).max(COUNTED);
        Number::of(negative, magnitude, 0, precision)
    }

    /// A 64-bit float; `None` where it is infinite or not a number.
    pub fn from_f64(value: f64) -> Option<Number> {
        if !value.is_finite() {
            return None;
        }
        let raw = value.to_bits();
        let (exponent, fraction) = ((raw >> 52) & 0x7ff, raw & ((1 << 52) - 1));
        let (magnitude, exponent) = match exponent {
            0 => (fraction, -1074),
            e => (fraction | (1 << 52), i64::try_from(e).unwrap_or(0) - 1075),
        };
        Some(Number::of(value.is_sign_negative(), UBig::from(magnitude), exponent, 53))
    }

    /// The nearest 64-bit float.
    pub fn to_f64(&self) -> f64 {
        let near = self.rounded(53);
        let (value, exponent) = (u64::try_from(near.magnitude.clone()).unwrap_or(0), near.exponent);
        #[allow(clippy::cast_precision_loss)]
        let mut value = value as f64;
        // In two steps, so that neither power is out of range.
        let exponent = i32::try_from(exponent.clamp(-2200, 2200)).unwrap_or(0);
        value *= 2_f64.powi(exponent / 2);
        value *= 2_f64.powi(exponent - exponent / 2);
        if self.negative { -value } else { value }
    }

    fn of(negative: bool, magnitude: UBig, exponent: i64, precision: u32) -> Number {
        let mut number = Number { negative, magnitude, exponent, precision };
        number.round();
        number
    }

    /// Drops trailing zero bits, and rounds to the precision.
    fn round(&mut self) {
        let length = bits(&self.magnitude);
        let precision = self.precision as usize;
        if length > precision {
            let drop = length - precision;
            let kept = &self.magnitude >> drop;
            let rest = &self.magnitude - (&kept << drop);
            let half = UBig::ONE << (drop - 1);
            let up = match rest.cmp(&half) {
                Ordering::Less => false,
                Ordering::Greater => true,
                Ordering::Equal => is_odd(&kept),
            };
            self.magnitude = if up { kept + UBig::ONE } else { kept };
            self.exponent += as_i64(drop);
        }
        match self.magnitude.trailing_zeros() {
            None => self.exponent = 0,
            Some(0) => {}
            Some(zeros) => {
                self.magnitude = &self.magnitude >> zeros;
                self.exponent += as_i64(zeros);
            }
        }
    }

    fn rounded(&self, precision: u32) -> Number {
        Number::of(self.negative, self.magnitude.clone(), self.exponent, precision)
    }

    /// Whether it is too large or too small to be followed.
    fn followed(self) -> Option<Number> {
        let top = self.exponent + as_i64(bits(&self.magnitude));
        (top.abs() <= MAX_EXPONENT && self.exponent.abs() <= MAX_EXPONENT).then_some(self)
    }

    /// Whether it is zero, of either sign.
    pub fn is_zero(&self) -> bool {
        self.magnitude.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    /// Whether it has no fraction.
    pub fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// The bits that operations with it keep.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// The whole part: sign and magnitude.
    pub fn truncated(&self) -> (bool, UBig) {
        let magnitude = match usize::try_from(self.exponent) {
            Ok(up) => &self.magnitude << up,
            Err(_) => &self.magnitude >> usize::try_from(-self.exponent).unwrap_or(usize::MAX),
        };
        (self.negative, magnitude)
    }

    /// As a 64-bit whole number, if it is one.
    pub fn to_i64(&self) -> Option<i64> {
        if !self.is_whole() || self.exponent > 64 {
            return None;
        }
        let (negative, magnitude) = self.truncated();
        let magnitude = u64::try_from(magnitude).ok()?;
        match negative {
            false => i64::try_from(magnitude).ok(),
            true => 0_i64.checked_sub_unsigned(magnitude),
        }
    }

    /// As an index or a count, if it is one.
    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(self.to_i64()?).ok()
    }

    /// The nearest whole number below or above, with the same precision.
    pub fn to_whole(&self, up: bool) -> Number {
        let (negative, mut magnitude) = self.truncated();
        if !self.is_whole() && negative != up {
            magnitude += UBig::ONE;
        }
        Number::of(negative, magnitude, 0, self.precision)
    }

    /// The number with its sign turned; zero has one too.
    #[must_use]
    pub fn negated(&self) -> Number {
        Number { negative: !self.negative, ..self.clone() }
    }

    /// The number without sign.
    #[must_use]
    pub fn absolute(&self) -> Number {
        Number { negative: false, ..self.clone() }
    }

    /// Sum; `None` where it is not followed.
    pub fn plus(&self, other: &Number) -> Option<Number> {
        let precision = self.precision.max(other.precision);
        let low = self.exponent.min(other.exponent);
        let at = |n: &Number| &n.magnitude << usize::try_from(n.exponent - low).unwrap_or(0);
        let (a, b) = (at(self), at(other));
        let (negative, magnitude) = match (self.negative == other.negative, a.cmp(&b)) {
            (true, _) => (self.negative, a + b),
            (false, Ordering::Greater) => (self.negative, a - b),
            (false, Ordering::Less) => (other.negative, b - a),
            (false, Ordering::Equal) => (false, UBig::ZERO),
        };
        Number::of(negative, magnitude, low, precision).followed()
    }

    /// Difference; `None` where it is not followed.
    pub fn minus(&self, other: &Number) -> Option<Number> {
        self.plus(&other.negated())
    }

    /// Product; `None` where it is not followed.
    pub fn times(&self, other: &Number) -> Option<Number> {
        self.times_at(other, self.precision.max(other.precision)).followed()
    }

    fn times_at(&self, other: &Number, precision: u32) -> Number {
        let magnitude = &self.magnitude * &other.magnitude;
        Number::of(self.negative != other.negative, magnitude, self.exponent + other.exponent, precision)
    }

    /// Quotient; `None` where it is not followed, as is division by zero.
    pub fn over(&self, other: &Number) -> Option<Number> {
        self.over_at(other, self.precision.max(other.precision))?.followed()
    }

    fn over_at(&self, other: &Number, precision: u32) -> Option<Number> {
        if other.is_zero() {
            return None;
        }
        // Two bits more than needed, the last of them set where a rest is left.
        let wanted = precision as usize + 2 + bits(&other.magnitude);
        let shift = wanted.saturating_sub(bits(&self.magnitude));
        let scaled = &self.magnitude << shift;
        let quotient = &scaled / &other.magnitude;
        let rest = scaled - &quotient * &other.magnitude;
        let sticky = if rest.is_zero() { UBig::ZERO } else { UBig::ONE };
        let exponent = self.exponent - other.exponent - as_i64(shift) - 1;
        Some(Number::of(self.negative != other.negative, (quotient << 1_usize) + sticky, exponent, precision))
    }

    /// Remainder of a division that rounds toward zero; the number itself where the divisor is zero. `None` where a number of
    /// that size is not followed.
    pub fn modulo(&self, other: &Number) -> Option<Number> {
        if other.is_zero() {
            return Some(self.clone());
        }
        let (negative, whole) = self.over(other)?.truncated();
        let whole = Number::of(negative && !whole.is_zero(), whole, 0, self.precision);
        let product = other.times_at(&whole, self.precision);
        let negated = product.negated();
        let sum = self.plus(&negated)?;
        Some(sum.rounded(self.precision))
    }

    /// The order of two numbers, whatever their precisions.
    pub fn compare(&self, other: &Number) -> Ordering {
        match (self.is_negative(), other.is_negative()) {
            (false, true) => return Ordering::Greater,
            (true, false) => return Ordering::Less,
            (false, false) | (true, true) => {}
        }
        let low = self.exponent.min(other.exponent);
        let at = |n: &Number| &n.magnitude << usize::try_from(n.exponent - low).unwrap_or(0);
        let order = at(self).cmp(&at(other));
        if self.is_negative() { order.reverse() } else { order }
    }

    /// The order of two elements of a set: the two zeros are two elements.
    pub fn set_order(&self, other: &Number) -> Ordering {
        self.compare(other).then_with(|| other.negative.cmp(&self.negative))
    }

    /// Reads a decimal number: digits with an optional fraction and exponent.
    pub fn parse(text: &str) -> Parsed {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        if ["inf", "Inf"].contains(&unsigned) || (unsigned.contains(['p', 'P']) && unsigned.starts_with(is_digit)) {
            return Parsed::NotFollowed;
        }
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
            None => (unsigned, None),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.chars().all(is_digit);
        if !all_digits(whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return Parsed::NoNumber;
        }
        let power = match exponent {
            None => 0,
            Some(exponent) => {
                let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                if digits.is_empty() || !all_digits(digits) {
                    return Parsed::NoNumber;
                }
                match exponent.parse::<i64>() {
                    Ok(power) => power,
                    Err(_) => return Parsed::NotFollowed,
                }
            }
        };
        let power = power.saturating_sub(as_i64(fraction.len()));
        if text.len() > MAX_DIGITS || power.abs() > as_i64(MAX_DIGITS) {
            return Parsed::NotFollowed;
        }
        let digits = format!("{whole}{fraction}");
        let Ok(magnitude) = UBig::from_str_radix(&digits, 10) else {
            return Parsed::NoNumber;
        };
        let number = Number::decimal(text.starts_with('-'), magnitude, power);
        number.and_then(Number::followed).map_or(Parsed::NotFollowed, Parsed::Number)
    }

    /// `magnitude` times a power of ten, by way of a power of five with 64 bits more than the result has.
    fn decimal(negative: bool, magnitude: UBig, power: i64) -> Option<Number> {
        let digits = Number::of(negative, magnitude, power, WRITTEN);
        if digits.is_zero() {
            return Some(Number { exponent: 0, ..digits });
        }
        let five = power_of_five(power.unsigned_abs(), WRITTEN + 64);
        if power < 0 { digits.over_at(&five, WRITTEN) } else { Some(digits.times_at(&five, WRITTEN)) }
    }
}

/// 5 to a power, rounded as its squares are multiplied.
fn power_of_five(power: u64, precision: u32) -> Number {
    const EXACT: u64 = 27;
    let small = |n: u64| UBig::from(5_u8).pow(usize::try_from(n).unwrap_or(0));
    if power <= EXACT {
        return Number::of(false, small(power), 0, precision);
    }
    let mut product = Number::of(false, small(EXACT), 0, precision);
    let mut square = Number::of(false, UBig::from(5_u8), 0, precision + 64);
    let mut left = power - EXACT;
    while left > 0 {
        if left & 1 != 0 {
            product = product.times_at(&square, precision);
        }
        square = square.times_at(&square, precision + 64);
        left >>= 1;
    }
    product
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_odd(number: &UBig) -> bool {
    number.trailing_zeros() == Some(0)
}

fn bits(number: &UBig) -> usize {
    use dashu_int::ops::BitTest;
    number.bit_len()
}

fn as_i64(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

impl std::fmt::Display for Number {
    /// As Terraform turns it into a string.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        f.write_str(&decimal::plain(&self.shortest()))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.compare(other) == Ordering::Equal
    }
}

impl Eq for Number {}

#[cfg(test)]
mod tests;

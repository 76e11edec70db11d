//! Functions of numbers.

use std::cmp::Ordering;

use dashu_int::UBig;

use super::super::convert::convert;
use super::super::failure::{Evaluated, Failure};
use super::super::number::Number;
use super::super::types::Type;
use super::super::value::{Data, Value};
use super::{Body, Function, Kind, Parameter};

const NUMBER: Parameter = Parameter::new("num", Kind::Number);

pub(super) const FUNCTIONS: &[Function] = &[
    number_function("abs", &[NUMBER], None, abs),
    number_function("ceil", &[NUMBER], None, ceil),
    number_function("floor", &[NUMBER], None, floor),
    number_function("log", &[NUMBER, Parameter::new("base", Kind::Number)], None, log),
    number_function("max", &[], Some(Parameter::new("numbers", Kind::Number)), max),
    number_function("min", &[], Some(Parameter::new("numbers", Kind::Number)), min),
    number_function(
        "parseint",
        &[Parameter::new("number", Kind::Any), Parameter::new("base", Kind::Number)],
        None,
        parseint,
    ),
    number_function("pow", &[NUMBER, Parameter::new("power", Kind::Number)], None, pow),
    number_function("signum", &[NUMBER], None, signum),
    number_function("sum", &[Parameter::new("list", Kind::Any)], None, sum),
];

/// The longest text that `parseint` reads, in characters.
const MAX_DIGITS: usize = 5000;

const fn number_function(
    name: &'static str,
    parameters: &'static [Parameter],
    variadic: Option<Parameter>,
    body: fn(&[Value]) -> Evaluated,
) -> Function {
    Function { name, parameters, variadic, returns: Kind::Number, body: Body::Pure(body) }
}

/// The number of an argument that is one.
fn number(arguments: &[Value], index: usize) -> Result<&Number, Box<Failure>> {
    match arguments.get(index).and_then(Value::as_number) {
        Some(number) => Ok(number),
        None => Failure::err("a number is required"),
    }
}

/// An argument as a whole number.
pub(super) fn whole(arguments: &[Value], index: usize) -> Result<i64, Box<Failure>> {
    match number(arguments, index)?.to_i64() {
        Some(whole) => Ok(whole),
        None => Failure::err("a whole number of 64 bits is required"),
    }
}

fn unknown(reason: &'static str) -> Value {
    Value::unknown(Type::Number, reason).not_null()
}

/// A number without its sign.
fn abs(arguments: &[Value]) -> Evaluated {
    Ok(number(arguments, 0)?.absolute().into())
}

/// The next whole number above.
fn ceil(arguments: &[Value]) -> Evaluated {
    to_whole(number(arguments, 0)?, true)
}

/// The next whole number below.
fn floor(arguments: &[Value]) -> Evaluated {
    to_whole(number(arguments, 0)?, false)
}

/// A zero that comes of it has no sign.
fn to_whole(number: &Number, up: bool) -> Evaluated {
    let whole = number.to_whole(up);
    Ok(if whole.is_zero() { whole.absolute() } else { whole }.into())
}

/// The largest number.
fn max(arguments: &[Value]) -> Evaluated {
    extreme(arguments, Ordering::Greater)
}

/// The smallest number.
fn min(arguments: &[Value]) -> Evaluated {
    extreme(arguments, Ordering::Less)
}

/// The first of the numbers to which no other stands in an order.
fn extreme(arguments: &[Value], order: Ordering) -> Evaluated {
    let mut found: Option<&Number> = None;
    for index in 0..arguments.len() {
        let next = number(arguments, index)?;
        if found.is_none_or(|found| next.compare(found) == order) {
            found = Some(next);
        }
    }
    match found {
        Some(number) => Ok(number.clone().into()),
        None => Failure::err("at least one number is required"),
    }
}

/// -1, 0 or 1 for a whole number.
fn signum(arguments: &[Value]) -> Evaluated {
    Ok(Number::counted(whole(arguments, 0)?.signum()).into())
}

/// The sum of the elements of a list, set or tuple.
fn sum(arguments: &[Value]) -> Evaluated {
    let wrong = || Failure::err("a list, set or tuple of numbers is required");
    let Some(list) = arguments.first() else { return wrong() };
    let (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items)) = &list.data else { return wrong() };
    if items.is_empty() {
        return Failure::err("an empty list has no sum");
    }
    if !list.is_wholly_known() {
        return Ok(list.unknown_as(Type::Number).not_null());
    }
    let mut total: Option<Number> = None;
    for item in items.iter() {
        if item.is_null() {
            return wrong();
        }
        let converted = convert(item.clone(), &Type::Number)?;
        let Some(next) = converted.as_number() else { return Ok(converted.unknown_as(Type::Number).not_null()) };
        total = match total {
            None => Some(next.clone()),
            Some(total) => match total.plus(next) {
                Some(total) => Some(total),
                None => return Ok(unknown("a sum of that size is not followed")),
            },
        };
    }
    match total {
        Some(total) => Ok(total.into()),
        None => wrong(),
    }
}

/// A text of digits in a base from 2 to 62, with an optional sign, as a number.
fn parseint(arguments: &[Value]) -> Evaluated {
    let Some(text) = arguments.first().and_then(Value::as_str) else {
        return Failure::err("the first argument must be a string");
    };
    let base = match whole(arguments, 1)? {
        base @ 2..=62 => u32::try_from(base).unwrap_or(62),
        _ => return Failure::err("the base must be a whole number from 2 to 62"),
    };
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|c| digit(c, base).is_some()) {
        return Failure::err("the text is no whole number of that base");
    }
    if digits.len() > MAX_DIGITS {
        return Ok(unknown("a number of that size is not followed"));
    }
    let mut magnitude = UBig::ZERO;
    // Ten digits of the largest base fit into 64 bits.
    for chunk in digits.as_bytes().chunks(10) {
        let (mut value, mut factor) = (0_u64, 1_u64);
        for c in chunk {
            value = value * u64::from(base) + u64::from(digit(char::from(*c), base).unwrap_or(0));
            factor *= u64::from(base);
        }
        magnitude = magnitude * UBig::from(factor) + UBig::from(value);
    }
    let negative = text.starts_with('-') && !magnitude.is_zero();
    Ok(Number::whole(negative, magnitude).into())
}

/// The value of a digit: up to base 36 letters of either case are the same, above lower case comes first.
fn digit(c: char, base: u32) -> Option<u32> {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        'a'..='z' => u32::from(c) - u32::from('a') + 10,
        'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
        'A'..='Z' => u32::from(c) - u32::from('A') + 36,
        _ => return None,
    };
    (value < base).then_some(value)
}

/// An argument as a 64-bit float; `None` where it is too close to zero to be followed.
fn float(arguments: &[Value], index: usize) -> Result<Option<f64>, Box<Failure>> {
    let number = number(arguments, index)?;
    let value = number.to_f64();
    if value.is_infinite() {
        return Failure::err("the number is too large");
    }
    Ok((number.is_zero() || value.is_normal()).then_some(value))
}

fn from_float(value: f64) -> Evaluated {
    if value.is_nan() {
        return Failure::err("the result is not a number");
    }
    Ok(match Number::from_f64(value) {
        Some(number) => number.into(),
        None => unknown("an infinite number is not followed"),
    })
}

const TOO_SMALL: &str = "a number so close to zero is not followed";

/// The logarithm of a number in a base.
fn log(arguments: &[Value]) -> Evaluated {
    let (Some(number), Some(base)) = (float(arguments, 0)?, float(arguments, 1)?) else {
        return Ok(unknown(TOO_SMALL));
    };
    let quotient = ln(number, Fused::Nothing) / ln(base, Fused::Nothing);
    // Processors that multiply and add in one step may come to another last digit.
    let same = |fused| (ln(number, fused) / ln(base, fused)).to_bits() == quotient.to_bits();
    if !quotient.is_nan() && !Fused::ALL.into_iter().all(same) {
        return Ok(unknown("the last digit of the logarithm depends on the processor"));
    }
    from_float(quotient)
}

/// Which products are added without being rounded first.
#[derive(Clone, Copy)]
enum Fused {
    Nothing,
    /// All that can be; of two products in one sum the first or the second, in the two sums where that is open.
    Products(bool, bool),
}

impl Fused {
    const ALL: [Fused; 4] = [
        Fused::Products(false, false),
        Fused::Products(false, true),
        Fused::Products(true, false),
        Fused::Products(true, true),
    ];

    /// `a * b + c`
    fn add(self, a: f64, b: f64, c: f64) -> f64 {
        match self {
            Fused::Nothing => a * b + c,
            Fused::Products(..) => a.mul_add(b, c),
        }
    }

    /// `a * b + c * d`
    fn add_two(self, first: bool, (a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
        match (self, first) {
            (Fused::Nothing, _) => a * b + c * d,
            (Fused::Products(..), true) => a.mul_add(b, c * d),
            (Fused::Products(..), false) => c.mul_add(d, a * b),
        }
    }
}

/// The natural logarithm by a polynomial in `s = f / (2 + f)`, where the number is `2^k (1 + f)` with `1 + f` between the
/// roots of one half and of two.
fn ln(x: f64, fused: Fused) -> f64 {
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const L: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let (first, second) = match fused {
        Fused::Nothing => (true, true),
        Fused::Products(first, second) => (first, second),
    };
    let (mut fraction, mut power) = parts(x);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        power -= 1;
    }
    let f = fraction - 1.0;
    let k = f64::from(power);
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = fused.add(s4, fused.add(s4, fused.add(s4, L[6], L[4]), L[2]), L[0]);
    let even = fused.add(s4, fused.add(s4, L[5], L[3]), L[1]);
    let r = fused.add_two(first, (s2, odd), (s4, even));
    let half = 0.5 * f * f;
    let small = fused.add_two(second, (s, half + r), (k, LN2_LOW));
    fused.add(k, LN2_HIGH, -((half - small) - f))
}

/// A normal number above zero as a fraction from one half up to one, and a power of two.
fn parts(x: f64) -> (f64, i32) {
    let bits = x.to_bits();
    let exponent = i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0) - 1022;
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), exponent)
}

/// A number to a power. Only whole powers and one half are followed.
fn pow(arguments: &[Value]) -> Evaluated {
    let (Some(x), Some(y)) = (float(arguments, 0)?, float(arguments, 1)?) else { return Ok(unknown(TOO_SMALL)) };
    if y == 0.0 || x == 1.0 {
        return from_float(1.0);
    }
    if y == 1.0 {
        return from_float(x);
    }
    if x == 0.0 {
        let odd = y % 2.0 != 0.0 && y.fract() == 0.0;
        return from_float(match (y < 0.0, odd) {
            (true, _) => f64::INFINITY,
            (false, true) => x,
            (false, false) => 0.0,
        });
    }
    if y == 0.5 {
        return from_float(x.sqrt());
    }
    if y == -0.5 {
        return from_float(1.0 / x.sqrt());
    }
    if y.fract() != 0.0 {
        return if x < 0.0 { from_float(f64::NAN) } else { Ok(unknown("a power that is not whole is not followed")) };
    }
    if x == -1.0 {
        return from_float(if y % 2.0 == 0.0 { 1.0 } else { -1.0 });
    }
    match whole_power(x, y) {
        Some(result) => from_float(result),
        None => Ok(unknown("a power of that size is not followed")),
    }
}

/// `x` to a whole power by squaring, rounded as the fractions are multiplied; the powers of two are counted. `None` where the
/// result is out of range or close to zero.
fn whole_power(x: f64, y: f64) -> Option<f64> {
    // Beyond that, only numbers next to one stay in range.
    if y.abs() >= 9e18 {
        return None;
    }
    let (fraction, mut square_power) = parts(x.abs());
    let mut square = fraction.copysign(x);
    let (mut result, mut power) = (1.0, 0_i32);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let mut left = y.abs() as u64;
    while left != 0 {
        if square_power.abs() > 1 << 12 {
            return None;
        }
        if left & 1 == 1 {
            result *= square;
            power += square_power;
        }
        square *= square;
        square_power *= 2;
        if square < 0.5 {
            square += square;
            square_power -= 1;
        }
        left >>= 1;
    }
    if y < 0.0 {
        result = 1.0 / result;
        power = -power;
    }
    if result == 0.0 || !result.is_normal() {
        return None;
    }
    let (fraction, more) = parts(result.abs());
    let power = power + more;
    if !(-1021..=1024).contains(&power) {
        return None;
    }
    // In two steps, so that neither power is out of range.
    Some((fraction * 2_f64.powi(power / 2) * 2_f64.powi(power - power / 2)).copysign(result))
}

#[cfg(test)]
mod tests;

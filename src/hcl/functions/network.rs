//! Functions of network addresses.

mod address;

use dashu_int::UBig;

use address::{Address, Network, mask, parse_v4, parse_v6};

use super::{Body, Function, Kind, MAX_ITEMS, Parameter, not_followed, text_of, too_large};
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::number::Number;
use crate::hcl::types::Type;
use crate::hcl::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "cidrcontains",
        parameters: &[
            Parameter::new("containing_prefix", Kind::String),
            Parameter::new("contained_ip_or_prefix", Kind::String),
        ],
        variadic: None,
        returns: Kind::Bool,
        body: Body::Pure(cidrcontains),
    },
    Function {
        name: "cidrhost",
        parameters: &[Parameter::new("prefix", Kind::String), Parameter::new("hostnum", Kind::Number)],
        variadic: None,
        returns: Kind::String,
        body: Body::Pure(cidrhost),
    },
    Function {
        name: "cidrnetmask",
        parameters: &[Parameter::new("prefix", Kind::String)],
        variadic: None,
        returns: Kind::String,
        body: Body::Pure(cidrnetmask),
    },
    Function {
        name: "cidrsubnet",
        parameters: &[
            Parameter::new("prefix", Kind::String),
            Parameter::new("newbits", Kind::Number),
            Parameter::new("netnum", Kind::Number),
        ],
        variadic: None,
        returns: Kind::String,
        body: Body::Pure(cidrsubnet),
    },
    Function {
        name: "cidrsubnets",
        parameters: &[Parameter::new("prefix", Kind::String)],
        variadic: Some(Parameter::new("newbits", Kind::Number)),
        returns: Kind::ListOfString,
        body: Body::Pure(cidrsubnets),
    },
];

/// A whole number: its sign and magnitude.
fn whole(number: Option<&Number>) -> Result<(bool, UBig), Box<Failure>> {
    match number {
        Some(number) if number.is_whole() => Ok((number.is_negative(), number.truncated().1)),
        _ => Failure::err("a whole number is required"),
    }
}

/// A whole number of 64 bits.
fn small(number: Option<&Number>) -> Result<i64, Box<Failure>> {
    number
        .and_then(Number::to_i64)
        .map_or_else(|| Failure::err("a whole number in the range of 64 bits is required"), Ok)
}

fn number_of(arguments: &[Value], index: usize) -> Option<&Number> {
    arguments.get(index).and_then(Value::as_number)
}

fn odd_address(kind: Kind) -> Value {
    not_followed(kind, "an address of this form is not followed")
}

/// The bits of an address with those of `number`, moved up by `shift`, set too; `None` where they don't fit.
fn with_number(address: Address, negative: bool, number: &UBig, shift: u32) -> Option<Address> {
    let number = u128::try_from(number << shift as usize).ok()?;
    // A negative number has all bits above it set; what counts of the result is its magnitude.
    let value = match (negative, number.checked_sub(1)) {
        (true, Some(below)) => (below & !address.value).checked_add(1)?,
        _ => address.value | number,
    };
    (value & !mask(address.bits, address.bits) == 0).then_some(Address { value, ..address })
}

/// The lowest 64 bits of a number.
fn low_bits(number: &UBig) -> u64 {
    u64::try_from(number & UBig::from(u64::MAX)).unwrap_or(0)
}

/// Prefix and number of a host: its address. A negative number counts from the end.
fn cidrhost(arguments: &[Value]) -> Evaluated {
    let (negative, number) = whole(number_of(arguments, 1))?;
    let Network { address, prefix } = Network::parse(text_of(arguments, 0))?;
    let most = (UBig::ONE << (address.bits - prefix) as usize) - UBig::ONE;
    let number = if negative {
        let back = number - UBig::ONE;
        if back > most {
            return Failure::err("the prefix has no host of that number");
        }
        most - back
    } else {
        // Only 64 bits are checked, and those with the highest one set count as negative.
        let checked = low_bits(&number);
        if i64::try_from(checked).is_ok() && UBig::from(checked) > most {
            return Failure::err("the prefix has no host of that number");
        }
        number
    };
    let shift = if address.is_v4() { address.bits - 32 } else { 0 };
    match with_number(address, false, &number, shift) {
        Some(host) => Ok(Value::string(host.text())),
        None => Failure::err("the number is too large for an address"),
    }
}

/// A prefix of IPv4: its mask.
fn cidrnetmask(arguments: &[Value]) -> Evaluated {
    let Network { address, prefix } = Network::parse(text_of(arguments, 0))?;
    if !address.is_v4() {
        return Failure::err("IPv6 addresses have no netmask");
    }
    Ok(Value::string(Address { value: mask(prefix, address.bits), ..address }.text()))
}

/// A prefix, how many bits longer the new one is, and its number among those: the new one.
fn cidrsubnet(arguments: &[Value]) -> Evaluated {
    let more = small(number_of(arguments, 1))?;
    let (negative, number) = whole(number_of(arguments, 2))?;
    let Network { address, prefix } = Network::parse(text_of(arguments, 0))?;
    let Some(length) = i64::from(prefix).checked_add(more) else { return Ok(odd_address(Kind::String)) };
    if length > i64::from(address.bits) {
        return Failure::err("the prefix can't be extended by that many bits");
    }
    let most = u32::try_from(more).ok().and_then(|more| 1_u64.checked_shl(more)).map_or(u64::MAX, |count| count - 1);
    if low_bits(&number) > most {
        return Failure::err("the extension has no network of that number");
    }
    let Ok(prefix) = u32::try_from(length) else { return Ok(odd_address(Kind::String)) };
    match with_number(address, negative, &number, address.bits - prefix) {
        Some(address) => Ok(Value::string(Network { address, prefix }.text())),
        None => Failure::err("the number is too large for an address"),
    }
}

/// A prefix, and how many bits longer each of the new ones is: these, one behind the other.
fn cidrsubnets(arguments: &[Value]) -> Evaluated {
    let network = Network::parse(text_of(arguments, 0))?;
    let wanted = arguments.get(1..).unwrap_or_default();
    if wanted.len() > MAX_ITEMS {
        return Ok(too_large(Kind::ListOfString));
    }
    let Address { value: first, bits } = network.address;
    if bits == 128 && network.address.is_v4() && !wanted.is_empty() {
        return Ok(odd_address(Kind::ListOfString));
    }
    let mut subnets = Vec::with_capacity(wanted.len());
    // The last address before the next subnet.
    let mut before = first.wrapping_sub(1) & mask(bits, bits);
    for more in wanted {
        let more = small(more.as_number())?;
        let Some(more) = u32::try_from(more).ok().filter(|more| (1..=32).contains(more)) else {
            return Failure::err("a prefix is extended by 1 to 32 bits");
        };
        let prefix = network.prefix + more;
        if prefix > bits {
            return Failure::err("the prefix can't be extended by that many bits");
        }
        // Up to the end of what has that prefix: the next one starts behind it.
        let end = before | (mask(bits, bits) & !mask(prefix, bits));
        let start = end.wrapping_add(1) & mask(bits, bits);
        let address = Address { value: start, bits };
        if bits == 128 && address.is_v4() {
            return Ok(odd_address(Kind::ListOfString));
        }
        if start == 0 || !network.contains(address) {
            return Failure::err("not enough address space is left for the next subnet");
        }
        let subnet = Network { address, prefix };
        before = subnet.last().value;
        subnets.push(Value::string(subnet.text()));
    }
    Ok(Value::list(Type::String, subnets))
}

/// A prefix, and an address or another prefix: whether the first contains all of the second.
fn cidrcontains(arguments: &[Value]) -> Evaluated {
    let network = Network::parse(text_of(arguments, 0))?;
    let text = text_of(arguments, 1);
    let address = match text.find(['.', ':']) {
        Some(at) if text[at..].starts_with('.') => {
            parse_v4(text).map(|value| Address { value: value.into(), bits: 32 })
        }
        Some(_) => parse_v6(text).map(|value| Address { value, bits: 128 }),
        None => None,
    };
    let (first, last) = match address {
        Some(address) => (address, address),
        None => match Network::read(text) {
            Some(inner) => (inner.address, inner.last()),
            None => return Failure::err("neither an address nor a prefix"),
        },
    };
    if first.is_v4() != network.address.is_v4() {
        return Failure::err("an address of IPv4 and one of IPv6 can't be compared");
    }
    Ok(Value::from(network.contains(first) && network.contains(last)))
}

#[cfg(test)]
mod tests {
    use crate::hcl::functions::encoding::shown_of;

    #[test]
    fn networks() {
        // As `terraform console` prints them; numbers are given as strings.
        let cases: &[(&str, &[&str], &str)] = &[
            ("cidrhost", &["::ffff:10.0.0.0/104", "1"], r#""0:1::ffff:a00:0""#),
            ("cidrnetmask", &["::ffff:10.0.0.0/104"], r#""ffff:ffff:ffff:ffff:ffff:ffff:ff00:0""#),
            ("cidrsubnet", &["::ffff:10.0.0.0/104", "4", "1"], r#""10.16.0.0/12""#),
            ("cidrhost", &["10.0.0.0/8", "-1"], r#""10.255.255.255""#),
            ("cidrhost", &["10.0.0.0/8", "-16777216"], r#""10.0.0.0""#),
            ("cidrhost", &["10.0.0.0/8", "-16777217"], "ERR"),
            ("cidrhost", &["fd00::/64", "18446744073709551615"], r#""fd00::ffff:ffff:ffff:ffff""#),
            ("cidrhost", &["fd00::/64", "18446744073709551616"], r#""fd00:0:0:1::""#),
            ("cidrhost", &["fd00::/64", "36893488147419103233"], r#""fd00:0:0:2::1""#),
            ("cidrhost", &["fd00::/64", "9223372036854775808"], r#""fd00::8000:0:0:0""#),
            ("cidrhost", &["fd00::/64", "-1"], r#""fd00::ffff:ffff:ffff:ffff""#),
            ("cidrhost", &["fd00::/16", "-1"], r#""fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff""#),
            ("cidrhost", &["fd00::/16", "18446744073709551617"], r#""fd00:0:0:1::1""#),
            ("cidrhost", &["10.0.0.0/8", "16777216"], "ERR"),
            ("cidrhost", &["10.0.0.0/8", "1.5"], "ERR"),
            ("cidrhost", &["010.001.0.0/8", "1"], r#""10.0.0.1""#),
            ("cidrhost", &["10.0.0/8", "1"], "ERR"),
            ("cidrhost", &["10.0.0.0/33", "1"], "ERR"),
            ("cidrhost", &["10.0.0.0/08", "1"], r#""10.0.0.1""#),
            ("cidrsubnet", &["10.0.0.0/8", "8", "-1"], r#""0.1.0.0/16""#),
            ("cidrsubnet", &["10.1.0.0/16", "-8", "0"], r#""10.1.0.0/8""#),
            ("cidrsubnet", &["10.1.0.0/16", "-8", "3"], r#""11.1.0.0/8""#),
            ("cidrsubnet", &["10.1.0.0/16", "0", "0"], r#""10.1.0.0/16""#),
            ("cidrsubnet", &["10.1.0.0/16", "8", "256"], "ERR"),
            ("cidrsubnet", &["10.1.2.3/16", "8", "255"], r#""10.1.255.0/24""#),
            ("cidrsubnet", &["fd00::/16", "64", "18446744073709551615"], r#""fd00:ffff:ffff:ffff:ffff::/80""#),
            ("cidrsubnet", &["fd00::/16", "70", "18446744073709551617"], r#""fd00:400::400:0:0/86""#),
            ("cidrsubnet", &["::/80", "16", "65535"], r#""0.0.0.0/0""#),
            ("cidrsubnets", &["0.0.0.0/0", "8"], "ERR"),
            ("cidrsubnets", &["10.0.0.0/8", "8", "4", "8"], r#"["10.0.0.0/16","10.16.0.0/12","10.32.0.0/16"]"#),
            ("cidrsubnets", &["10.0.0.0/8"], r#"[]"#),
            ("cidrsubnets", &["fd00::/48", "16", "16", "32"], r#"["fd00::/64","fd00:0:0:1::/64","fd00:0:0:2::/80"]"#),
            ("cidrsubnets", &["10.0.0.0/30", "1", "1", "1"], "ERR"),
            ("cidrsubnets", &["10.0.0.0/30", "0"], "ERR"),
            ("cidrsubnets", &["10.0.0.0/30", "3"], "ERR"),
            ("cidrsubnets", &["::/0", "8"], "ERR"),
            ("cidrsubnets", &["255.255.255.0/24", "1", "1"], r#"["255.255.255.0/25","255.255.255.128/25"]"#),
            ("cidrsubnets", &["255.255.255.0/24", "1", "1", "1"], "ERR"),
            ("cidrnetmask", &["10.0.0.0/12"], r#""255.240.0.0""#),
            ("cidrnetmask", &["0.0.0.0/0"], r#""0.0.0.0""#),
            ("cidrnetmask", &["fd00::/12"], "ERR"),
            ("cidrsubnet", &["0.0.0.0/0", "32", "4294967295"], r#""255.255.255.255/32""#),
            ("cidrhost", &["2001:db8::1:2:3:4/64", "5"], r#""2001:db8::5""#),
            ("cidrhost", &["1:2:3:4:5:6:1.2.3.4/128", "0"], r#""1:2:3:4:5:6:102:304""#),
            ("cidrhost", &["1::2::3/64", "1"], "ERR"),
            ("cidrhost", &["::/0", "1"], r#""::1""#),
            ("cidrhost", &["1:2:3:4:5:6:7:8::/64", "1"], "ERR"),
            ("cidrhost", &["10.0.0.256/8", "1"], "ERR"),
            ("cidrhost", &["10.0.0.0", "1"], "ERR"),
            ("cidrhost", &["10.0.0.0/", "1"], "ERR"),
            ("cidrhost", &["10.0.0.0/8 ", "1"], "ERR"),
            ("cidrhost", &["10.0.0.0/32", "0"], r#""10.0.0.0""#),
            ("cidrhost", &["10.0.0.0/32", "1"], "ERR"),
            ("cidrhost", &["10.0.0.0/8", "4294967296"], "ERR"),
            ("cidrhost", &["10.0.0.0/8", "18446744073709551616"], "ERR"),
            ("cidrsubnet", &["10.0.0.0/8", "1.5", "1"], "ERR"),
            ("cidrsubnet", &["10.0.0.0/8", "25", "1"], "ERR"),
            ("cidrsubnet", &["fd00::/8", "8", "-3"], r#""3::/16""#),
            ("cidrhost", &["::ffff:10.0.0.0/104", "4294967296"], "ERR"),
            ("cidrhost", &["fd00::/64", "340282366920938463463374607431768211456"], "ERR"),
            ("cidrsubnet", &["10.0.0.0/8", "-8", "0"], r#""10.0.0.0/0""#),
            ("cidrsubnet", &["10.0.0.0/8", "-8", "255"], "ERR"),
            ("cidrsubnet", &["10.0.0.0/8", "-9", "0"], "unknown"),
            ("cidrsubnet", &["10.0.0.0/8", "9223372036854775807", "0"], "unknown"),
            ("cidrsubnet", &["::fffe:0:0/95", "1", "1"], r#""0.0.0.0/0""#),
            ("cidrsubnets", &["::ffff:10.0.0.0/104"], "[]"),
            ("cidrsubnets", &["::ffff:10.0.0.0/104", "4"], "unknown"),
            ("cidrsubnets", &["::/80", "16", "16"], "ERR"),
        ];
        for (name, arguments, expected) in cases {
            assert_eq!(shown_of(name, arguments), *expected, "{name}({arguments:?})");
        }
    }

    #[test]
    fn containment() {
        let cases = [
            ("10.0.0.0/8", "10.1.2.3", "true"),
            ("10.0.0.0/8", "11.0.0.0", "false"),
            ("10.0.0.0/8", "10.0.0.0/8", "true"),
            ("10.0.0.0/8", "10.0.0.0/7", "false"),
            ("10.0.0.0/8", "10.1.0.0/16", "true"),
            ("fd00::/8", "fd12::1", "true"),
            ("fd00::/8", "fd12::/7", "false"),
            ("10.0.0.0/8", "fd12::1", "ERR"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", "true"),
            ("10.0.0.0", "10.0.0.0", "ERR"),
            ("10.0.0.0/8", "x", "ERR"),
        ];
        for (prefix, inner, expected) in cases {
            assert_eq!(shown_of("cidrcontains", &[prefix, inner]), expected, "{prefix} {inner}");
        }
    }
}

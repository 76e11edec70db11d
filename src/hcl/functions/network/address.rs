//! Addresses of IPv4 and IPv6, and networks of them.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::hcl::failure::Failure;

/// The addresses of IPv6 that stand for those of IPv4 begin like this.
const MAPPED: u128 = 0xffff_0000_0000;

/// An address of 32 or 128 bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) value: u128,
    pub(super) bits: u32,
}

impl Address {
    /// Whether it is one of IPv4, or stands for one.
    pub(super) fn is_v4(self) -> bool {
        self.bits == 32 || self.value >> 32 == MAPPED >> 32
    }

    /// The address as IPv4 writes it where it is one or stands for one, else as IPv6 does.
    pub(super) fn text(self) -> String {
        if self.is_v4() {
            return Ipv4Addr::from((self.value & 0xffff_ffff) as u32).to_string();
        }
        Ipv6Addr::from(self.value).to_string()
    }
}

/// An address with the length of its prefix. Bits behind the prefix may be set.
#[derive(Clone, Copy)]
pub(super) struct Network {
    pub(super) address: Address,
    pub(super) prefix: u32,
}

/// The bits of a number of `bits` bits that a prefix of that length covers.
pub(super) fn mask(prefix: u32, bits: u32) -> u128 {
    let all = u128::MAX.checked_shr(128 - bits).unwrap_or(0);
    all & !all.checked_shr(prefix).unwrap_or(0)
}

impl Network {
    /// `ADDRESS/PREFIX`, with the bits behind the prefix cleared.
    pub(super) fn parse(text: &str) -> Result<Network, Box<Failure>> {
        Self::read(text).ok_or_else(|| Failure::new("invalid CIDR expression"))
    }

    pub(super) fn read(text: &str) -> Option<Network> {
        let (address, prefix) = text.split_once('/')?;
        let mut address = match parse_v4(address) {
            Some(value) => Address { value: value.into(), bits: 32 },
            None => Address { value: parse_v6(address)?, bits: 128 },
        };
        let (prefix, rest) = leading_number(prefix, 10)?;
        if !rest.is_empty() || prefix > address.bits {
            return None;
        }
        address.value &= mask(prefix, address.bits);
        Some(Network { address, prefix })
    }

    pub(super) fn contains(self, other: Address) -> bool {
        // An address that stands for one of IPv4 is compared as that.
        let own = if self.address.is_v4() { self.address.value & 0xffff_ffff } else { self.address.value };
        let value = if other.is_v4() { other.value & 0xffff_ffff } else { other.value };
        if self.address.is_v4() != other.is_v4() {
            return false;
        }
        let (bits, prefix) = self.shown();
        let mask = mask(prefix, bits);
        own & mask == value & mask
    }

    /// The bits of the address, and the length of the prefix in them, as they are shown.
    fn shown(self) -> (u32, u32) {
        match self.address.bits == 128 && self.address.is_v4() {
            true => (32, self.prefix.saturating_sub(96)),
            false => (self.address.bits, self.prefix),
        }
    }

    pub(super) fn text(self) -> String {
        format!("{}/{}", self.address.text(), self.shown().1)
    }

    /// The last address.
    pub(super) fn last(self) -> Address {
        let Address { value, bits } = self.address;
        Address { value: value | (mask(bits, bits) & !mask(self.prefix, bits)), bits }
    }
}

/// A whole number at the start of a text, small enough for a part of an address, and what follows it.
fn leading_number(text: &str, radix: u32) -> Option<(u32, &str)> {
    const MOST: u32 = 0xff_ffff;
    let mut number = 0;
    let mut length = 0;
    for c in text.chars() {
        let Some(digit) = c.to_digit(radix) else { break };
        number = number * radix + digit;
        if number >= MOST {
            return None;
        }
        length += 1;
    }
    (length > 0).then(|| (number, &text[length..]))
}

/// Four decimal numbers; they may have leading zeros.
pub(super) fn parse_v4(text: &str) -> Option<u32> {
    let mut rest = text;
    let mut address = 0;
    for index in 0..4 {
        if index > 0 {
            rest = rest.strip_prefix('.')?;
        }
        let (part, after) = leading_number(rest, 10)?;
        address = address << 8 | u32::from(u8::try_from(part).ok()?);
        rest = after;
    }
    rest.is_empty().then_some(address)
}

/// Eight hexadecimal groups, of which a run of zeros may be left out; the last two may be an address of IPv4.
pub(super) fn parse_v6(text: &str) -> Option<u128> {
    let mut groups: Vec<u16> = Vec::with_capacity(8);
    let mut gap = None;
    let mut rest = text;
    if let Some(after) = rest.strip_prefix("::") {
        gap = Some(0);
        rest = after;
        if rest.is_empty() {
            return Some(0);
        }
    }
    while groups.len() < 8 {
        let (group, after) = leading_number(rest, 16)?;
        let group = u16::try_from(group).ok()?;
        if after.starts_with('.') {
            if groups.len() > 6 || (gap.is_none() && groups.len() != 6) {
                return None;
            }
            let v4 = parse_v4(rest)?;
            groups.extend([(v4 >> 16) as u16, (v4 & 0xffff) as u16]);
            rest = "";
            break;
        }
        groups.push(group);
        rest = after;
        if rest.is_empty() {
            break;
        }
        rest = rest.strip_prefix(':').filter(|rest| !rest.is_empty())?;
        if let Some(after) = rest.strip_prefix(':') {
            if gap.is_some() {
                return None;
            }
            gap = Some(groups.len());
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() || (groups.len() < 8) != gap.is_some() {
        return None;
    }
    let zeros = vec![0; 8 - groups.len()];
    let gap = gap.unwrap_or(0);
    groups.splice(gap..gap, zeros);
    Some(groups.into_iter().fold(0, |address, group| address << 16 | u128::from(group)))
}

//! Ranges of addresses (CIDR, RFC 4632 section 3.1 and RFC 4291 section 2.3).

use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A range: all addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address lies in it. An IPv4 address that IPv6 carries is the IPv4 address.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(other)) => {
                differ_after(u128::from(ours.to_bits()), u128::from(other.to_bits()), 32) >= self.bits
            }
            (IpAddr::V6(ours), IpAddr::V6(other)) => {
                differ_after(ours.to_bits(), other.to_bits(), 128) >= self.bits
            }
            _ => false,
        }
    }

    /// Whether all addresses of another range lie in it.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.bits <= other.bits && self.contains(other.address)
    }
}

/// How many bits are the same from the beginning, of addresses that have so many.
fn differ_after(one: u128, other: u128, of: u8) -> u8 {
    let zeros = (one ^ other).leading_zeros().saturating_sub(128 - u32::from(of));
    u8::try_from(zeros).unwrap_or(of)
}

impl FromStr for Network {
    type Err = NetworkFault;

    fn from_str(text: &str) -> Result<Self, NetworkFault> {
        let (address, bits) = text.split_once('/').ok_or(NetworkFault)?;
        let address: IpAddr = address.parse().map_err(|_| NetworkFault)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let plain = !bits.is_empty() && bits.len() <= 3 && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = bits.parse().ok().filter(|bits| plain && *bits <= most).ok_or(NetworkFault)?;
        // ones behind the range are a mistake, and so is an IPv4 address in the clothes of IPv6: it would match nothing
        let behind = match address {
            IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
            IpAddr::V6(address) => address.to_bits(),
        };
        let behind = behind.checked_shl(u32::from(bits)).unwrap_or(0);
        if behind != 0 || address.to_canonical() != address {
            return Err(NetworkFault);
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Not a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a range of addresses is ADDRESS/BITS, like 10.0.0.0/8 or 2001:db8::/32, with zeros behind the bits")]
pub struct NetworkFault;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_lies_in_a_range_or_not() {
        for (range, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("192.0.2.128/25", "192.0.2.128", true),
            ("192.0.2.128/25", "192.0.2.127", false),
            ("192.0.2.1/32", "192.0.2.1", true),
            ("192.0.2.1/32", "192.0.2.2", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("::/0", "2001:db8::1", true),
            ("::/0", "10.0.0.1", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::", false),
        ] {
            let range: Network = range.parse().unwrap();
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{range} {address}");
            assert_eq!(range.to_string().parse(), Ok(range));
        }
    }

    #[test]
    fn a_range_covers_the_narrower_ones_inside_it() {
        let of = |text: &str| text.parse::<Network>().unwrap();
        assert!(of("10.0.0.0/8").covers(of("10.2.0.0/16")) && of("10.0.0.0/8").covers(of("10.0.0.0/8")));
        assert!(!of("10.2.0.0/16").covers(of("10.0.0.0/8")) && !of("10.0.0.0/8").covers(of("11.0.0.0/16")));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "10.0.0/8",
            "10.0.0.1/8",
            "2001:db8::1/32",
            "::/129",
            "::ffff:10.0.0.0/104",
            "10.0.0.0/8 ",
            "example.ma/8",
            "10.0.0.0/0008",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NetworkFault), "{text}");
        }
    }
}

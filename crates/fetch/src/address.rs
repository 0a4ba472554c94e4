//! Which IP addresses belong to the public internet.
//!
//! The tables are IANA's registries of special-purpose addresses (RFC 6890). What is in doubt is not public: a certificate may
//! not make this computer speak to itself, to its own network or to its router.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a special address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Special {
    /// `0.0.0.0/8`, `::`: this host or network.
    #[error("this host or network")]
    Unspecified,
    /// `127.0.0.0/8`, `::1`.
    #[error("loopback")]
    Loopback,
    /// RFC 1918, RFC 4193.
    #[error("private network")]
    Private,
    /// RFC 6598: behind a provider's translation.
    #[error("shared with a provider")]
    Shared,
    /// RFC 3927, RFC 4291.
    #[error("link-local")]
    LinkLocal,
    /// RFC 5771, RFC 4291.
    #[error("multicast")]
    Multicast,
    /// `255.255.255.255`.
    #[error("broadcast")]
    Broadcast,
    /// RFC 5737, RFC 3849, RFC 9637.
    #[error("documentation")]
    Documentation,
    /// RFC 2544, RFC 5180.
    #[error("benchmarks")]
    Benchmark,
    /// Protocol assignments, tunnels, and what is not assigned.
    #[error("reserved")]
    Reserved,
}

/// What an address is for, if it is not one of the public internet. Addresses that carry an IPv4 address (mapped, translated by
/// RFC 6052, 6to4) are what that is.
#[must_use]
pub fn special(address: IpAddr) -> Option<Special> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<Special> {
    Some(match address.octets() {
        [0, ..] => Special::Unspecified,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Special::Private,
        [100, 64..=127, ..] => Special::Shared,
        [127, ..] => Special::Loopback,
        [169, 254, ..] => Special::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Special::Documentation,
        // protocol assignments (RFC 6890), AS112 (RFC 7534, RFC 7535), AMT (RFC 7450), relays of 6to4 (RFC 7526)
        [192, 0, 0, _] | [192, 31, 196, _] | [192, 52, 193, _] | [192, 88, 99, _] | [192, 175, 48, _] => {
            Special::Reserved
        }
        [198, 18..=19, ..] => Special::Benchmark,
        [224..=239, ..] => Special::Multicast,
        [255, 255, 255, 255] => Special::Broadcast,
        [240..=255, ..] => Special::Reserved,
        _ => return None,
    })
}

fn special_v6(address: Ipv6Addr) -> Option<Special> {
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        special_v4(Ipv4Addr::new(a, b, c, d))
    };
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Special::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Special::Loopback,
        // mapped (RFC 4291 section 2.5.5.2), translated (RFC 6052 section 2.1)
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            return embedded(high, low);
        }
        // 6to4 (RFC 3056 section 2)
        [0x2002, high, low, ..] => return embedded(high, low),
        [0x2001, 2, 0, ..] => Special::Benchmark,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Special::Documentation,
        // protocol assignments, Teredo and ORCHID among them (RFC 2928); AS112 (RFC 7534)
        [0x2001, 0..=0x1ff, ..] | [0x2620, 0x4f, 0x8000, ..] => Special::Reserved,
        [0xfc00..=0xfdff, ..] => Special::Private,
        // link-local, and the site-local addresses of old (RFC 3879)
        [0xfe80..=0xfeff, ..] => Special::LinkLocal,
        [0xff00..=0xffff, ..] => Special::Multicast,
        // global unicast, as far as it is assigned (RFC 4291 section 2.4)
        [0x2000..=0x3fff, ..] => return None,
        _ => Special::Reserved,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_addresses_is_known() {
        for (text, expected) in [
            ("0.0.0.0", Some(Special::Unspecified)),
            ("0.255.255.255", Some(Special::Unspecified)),
            ("1.0.0.0", None),
            ("9.255.255.255", None),
            ("10.0.0.0", Some(Special::Private)),
            ("10.255.255.255", Some(Special::Private)),
            ("11.0.0.0", None),
            ("100.63.255.255", None),
            ("100.64.0.0", Some(Special::Shared)),
            ("100.127.255.255", Some(Special::Shared)),
            ("100.128.0.0", None),
            ("126.255.255.255", None),
            ("127.0.0.1", Some(Special::Loopback)),
            ("127.255.255.255", Some(Special::Loopback)),
            ("128.0.0.0", None),
            ("169.253.255.255", None),
            ("169.254.169.254", Some(Special::LinkLocal)),
            ("169.255.0.0", None),
            ("172.15.255.255", None),
            ("172.16.0.0", Some(Special::Private)),
            ("172.31.255.255", Some(Special::Private)),
            ("172.32.0.0", None),
            ("191.255.255.255", None),
            ("192.0.0.8", Some(Special::Reserved)),
            ("192.0.1.0", None),
            ("192.0.2.1", Some(Special::Documentation)),
            ("192.0.3.0", None),
            ("192.31.196.1", Some(Special::Reserved)),
            ("192.52.193.1", Some(Special::Reserved)),
            ("192.88.99.1", Some(Special::Reserved)),
            ("192.167.255.255", None),
            ("192.168.0.1", Some(Special::Private)),
            ("192.169.0.0", None),
            ("192.175.48.1", Some(Special::Reserved)),
            ("198.17.255.255", None),
            ("198.18.0.0", Some(Special::Benchmark)),
            ("198.19.255.255", Some(Special::Benchmark)),
            ("198.20.0.0", None),
            ("198.51.100.7", Some(Special::Documentation)),
            ("203.0.113.7", Some(Special::Documentation)),
            ("223.255.255.255", None),
            ("224.0.0.1", Some(Special::Multicast)),
            ("239.255.255.255", Some(Special::Multicast)),
            ("240.0.0.1", Some(Special::Reserved)),
            ("255.255.255.254", Some(Special::Reserved)),
            ("255.255.255.255", Some(Special::Broadcast)),
            ("::", Some(Special::Unspecified)),
            ("::1", Some(Special::Loopback)),
            ("::2", Some(Special::Reserved)),
            ("::127.0.0.1", Some(Special::Reserved)),
            ("::ffff:127.0.0.1", Some(Special::Loopback)),
            ("::ffff:10.0.0.1", Some(Special::Private)),
            ("::ffff:8.8.8.8", None),
            ("::ffff:0:127.0.0.1", Some(Special::Reserved)),
            ("64:ff9b::192.168.1.1", Some(Special::Private)),
            ("64:ff9b::8.8.8.8", None),
            ("64:ff9b::1:8.8.8.8", Some(Special::Reserved)),
            ("64:ff9b:1::8.8.8.8", Some(Special::Reserved)),
            ("100::1", Some(Special::Reserved)),
            ("2001::1", Some(Special::Reserved)),
            ("2001:0:7f00:1::", Some(Special::Reserved)),
            ("2001:2::1", Some(Special::Benchmark)),
            ("2001:20::1", Some(Special::Reserved)),
            ("2001:1ff:ffff::1", Some(Special::Reserved)),
            ("2001:200::1", None),
            ("2001:db8::1", Some(Special::Documentation)),
            ("2001:4860:4860::8888", None),
            ("2002:7f00:1::1", Some(Special::Loopback)),
            ("2002:c0a8:101::1", Some(Special::Private)),
            ("2002:808:808::1", None),
            ("2606:4700::1111", None),
            ("2620:4f:8000::1", Some(Special::Reserved)),
            ("3fff::1", Some(Special::Documentation)),
            ("3fff:1000::1", None),
            ("4000::1", Some(Special::Reserved)),
            ("5f00::1", Some(Special::Reserved)),
            ("fc00::1", Some(Special::Private)),
            ("fdff:ffff::1", Some(Special::Private)),
            ("fe00::1", Some(Special::Reserved)),
            ("fe80::1", Some(Special::LinkLocal)),
            ("fec0::1", Some(Special::LinkLocal)),
            ("ff02::1", Some(Special::Multicast)),
        ] {
            assert_eq!(special(text.parse().unwrap()), expected, "{text}");
        }
    }
}

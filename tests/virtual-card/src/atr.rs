//! Answers to reset (ISO 7816-3, section 8; historical bytes ISO 7816-4, section 12.1.1).

use crate::rules::Protocol;

/// The public answer to reset of an Estonian identity card of 2018 (IDEMIA): T=0 and T=1.
pub const ESTEID_2018: [u8; 22] = [
    0x3B, 0xDB, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x23, 0x3F, 0x53, 0x65, 0x49,
    0x44, 0x0F, 0x90, 0x00, 0xF1,
];

/// An answer to reset that no card on the market has: one protocol, historical bytes that say what the card can.
#[must_use]
pub fn made_up(protocol: Protocol, extended_length: bool) -> Vec<u8> {
    let capabilities = if extended_length { 0xC0 } else { 0x80 };
    let historical = [
        0x80, // compact-TLV data objects follow
        0x31,
        0xC0, // card service data: applications can be selected by full and by partial name
        0x73,
        0xF4,
        0x21,
        capabilities, // card capabilities: ways to select; data coding; chaining, extended length
        0x54,
        b'B',
        b'T',
        b'Q',
        b'1', // card issuer's data
    ];
    match protocol {
        // only T=0: no TD1, and therefore no check byte
        Protocol::T0 => [&[0x3B, 0x0C], historical.as_slice()].concat(),
        Protocol::T1 => {
            let mut atr = [&[0x3B, 0x8C, 0x01], historical.as_slice()].concat();
            atr.push(check_byte(&atr));
            atr
        }
    }
}

/// TCK: all bytes after the first, and TCK itself, come to zero under exclusive or (section 8.2.5).
fn check_byte(atr: &[u8]) -> u8 {
    atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_bytes_are_right() {
        for atr in [ESTEID_2018.to_vec(), made_up(Protocol::T1, true), made_up(Protocol::T1, false)] {
            assert_eq!(check_byte(&atr), 0, "{atr:02X?}");
        }
    }
}

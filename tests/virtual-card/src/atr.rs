//! Answers to reset (ISO 7816-3, section 8; historical bytes ISO 7816-4, section 12.1.1).

use crate::rules::Protocol;

/// The public answer to reset of an Estonian identity card of 2018 (IDEMIA): T=0 and T=1.
pub const ESTEID_2018: [u8; 22] = [
    0x3B, 0xDB, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x23, 0x3F, 0x53, 0x65, 0x49,
    0x44, 0x0F, 0x90, 0x00, 0xF1,
];

/// The public answer to reset of an Estonian identity card of 2025 (Thales).
pub const ESTEID_2025: [u8; 25] = [
    0x3B, 0xFF, 0x96, 0x00, 0x00, 0x80, 0x31, 0xFE, 0x43, 0x80, 0x31, 0xB8, 0x53, 0x65, 0x49, 0x44, 0x64,
    0xB0, 0x85, 0x05, 0x10, 0x12, 0x23, 0x3F, 0x1D,
];

/// The public answer to reset of a Finnish identity card, specification 3.1: T=0 alone.
pub const FINEID_3: [u8; 20] = [
    0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0xB8, 0x65, 0xB0, 0x85, 0x04, 0x02, 0x1B, 0x12, 0x00, 0xF6,
    0x82, 0x90, 0x00,
];

/// The public answer to reset of a Finnish identity card, specification 4.0: T=0 alone.
pub const FINEID_4: [u8; 20] = [
    0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0xB8, 0x65, 0xB0, 0x85, 0x05, 0x00, 0x11, 0x12, 0x24, 0x60,
    0x82, 0x90, 0x00,
];

/// The public answer to reset of a Latvian identity card of 2019 (IDEMIA): T=0 and T=1.
pub const LATEID_2019: [u8; 22] = [
    0x3B, 0xDB, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x42, 0x8F, 0x53, 0x65, 0x49,
    0x44, 0x0F, 0x90, 0x00, 0x20,
];

/// A Bahraini card of version 1: the public readers know the first six bytes, the last four are made up.
pub const BAHRAIN_1: [u8; 11] = [0x3B, 0x67, 0x00, 0x00, 0xA8, 0x10, 0x41, b'B', b'T', b'Q', b'1'];
/// A Bahraini card of version 2: the public readers know the first eleven bytes, the last four are made up.
pub const BAHRAIN_2: [u8; 15] =
    [0x3B, 0x7A, 0x96, 0x00, 0x00, 0x80, 0x65, 0xA2, 0x01, 0x01, 0x01, b'B', b'T', b'Q', b'1'];
/// A Bahraini card of version 4: the public readers know the first two bytes, the rest is made up.
pub const BAHRAIN_4: [u8; 20] = *b"\x3B\x7F\x96\x00\x00\x80BITAQATESTCARD";

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

/// An answer to reset that no card on the market has: T=1, and the PIV application in the historical bytes
/// (application identifier, tag `F` in compact form), where clients look for it.
#[must_use]
pub fn piv() -> Vec<u8> {
    let mut atr = vec![0x3B, 0x8F, 0x01, 0x80, 0xF9, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00];
    // card capabilities: full and partial names; one-byte data units; command chaining
    atr.extend([0x73, 0xC0, 0x01, 0x80]);
    atr.push(check_byte(&atr));
    atr
}

/// What a reader makes of a contactless card (PC/SC, part 3, section 3.1.3.2.3.1): its historical bytes, of the same kind.
#[must_use]
pub fn contactless(extended_length: bool) -> Vec<u8> {
    let made_up = made_up(Protocol::T1, extended_length);
    let mut historical = made_up.get(3..made_up.len() - 1).unwrap_or_default().to_vec();
    if let Some(capabilities) = historical.get_mut(6).filter(|_| extended_length) {
        // how long commands and answers may be stands in EF.ATR/INFO (ISO/IEC 7816-4, table 119)
        *capabilities |= 0x20;
    }
    let mut atr = [&[0x3B, 0x8C, 0x80, 0x01], historical.as_slice()].concat();
    atr.push(check_byte(&atr));
    atr
}

/// An answer to reset of an IAS ECC card by Oberthur, as OpenSC recognises them: T=1, the root application in the
/// historical bytes. The bytes that OpenSC does not look at are made up.
#[must_use]
pub fn iasecc() -> Vec<u8> {
    let mut atr = vec![0x3B, 0xDD, 0x18, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x80, 0xF9];
    atr.extend([0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x08, 0x00, 0x07, 0x90, 0x00]);
    atr.push(check_byte(&atr));
    atr
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
        for atr in [
            ESTEID_2018.to_vec(),
            ESTEID_2025.to_vec(),
            LATEID_2019.to_vec(),
            piv(),
            iasecc(),
            made_up(Protocol::T1, true),
            made_up(Protocol::T1, false),
        ] {
            assert_eq!(check_byte(&atr), 0, "{atr:02X?}");
        }
    }
}

//! How PACE's nonce becomes a generator (ICAO Doc 9303-11, section 4.4.3.3).

use serde::Deserialize;

use super::Offer;
use crate::icao::{
    cipher::Cipher,
    domain::{Domain, PrivateNumber, PublicElement},
};

/// The mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mapping {
    /// Generic: another key agreement makes the generator.
    #[default]
    Generic,
    /// Integrated: a hash into the group.
    Integrated,
    /// Chip authentication: the generic one, and with it a proof of the chip's static key.
    ChipAuthentication,
}

/// Generic mapping: the standard's generator, as often as the nonce says, and the shared element.
pub(super) fn generic(
    domain: Domain,
    nonce: &[u8],
    theirs: &PublicElement,
    private: &PrivateNumber,
) -> Option<PublicElement> {
    let shared = theirs.times(private).filter(|shared| !shared.is_neutral())?;
    domain.generator().times_nonce(nonce)?.combine(&shared)
}

/// The constants of the pseudo-random function for nonces of 128 and of 256 bits (section 4.4.3.3.2).
const CONSTANTS_128: [[u8; 16]; 2] = [
    [0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59, 0x04],
    [0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88, 0xAD],
];
const CONSTANTS_256: [[u8; 32]; 2] = [
    [
        0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D, 0xCA, 0x0A, 0x17, 0x4E,
        0x28, 0xDF, 0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76,
    ],
    [
        0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF, 0x39, 0xD6, 0x9B, 0x6C,
        0xBF, 0x06, 0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17,
    ],
];

/// Integrated mapping's pseudo-random number: the cipher, keyed with the terminal's nonce, stretches the chip's.
///
/// `None` when the terminal's nonce is not as long as a key.
pub(super) fn pseudo_random(offer: &Offer, nonce: &[u8], terminal_nonce: &[u8]) -> Option<Vec<u8>> {
    let cipher = offer.cipher;
    if terminal_nonce.len() != cipher.key_length() {
        return None;
    }
    let [next_key, output] = if nonce.len() == 16 {
        CONSTANTS_128.map(|constant| constant.to_vec())
    } else {
        CONSTANTS_256.map(|constant| constant.to_vec())
    };
    let zeros = vec![0; cipher.block_length()];
    let stretch = |key: &[u8], data: &[u8]| {
        let mut key = cipher.encrypt(key, &zeros, data);
        key.truncate(cipher.key_length());
        key
    };
    // 64 bits more than the prime, so that its remainder is as good as even
    let bits = prime_bits(offer.domain) + 64;
    let mut key = stretch(terminal_nonce, nonce);
    let mut number = Vec::new();
    while number.len() * 8 < bits {
        number.extend(cipher.encrypt(&key, &zeros, &output));
        key = stretch(&key, &next_key);
    }
    Some(number)
}

fn prime_bits(domain: Domain) -> usize {
    match domain {
        Domain::Curve(curve) => curve.field_bits(),
        Domain::Group(group) => group.element_length() * 8,
    }
}

/// Chip authentication data (section 4.4.3.5.1): the mapping key divided by the static key, encrypted.
pub(crate) fn chip_authentication_data(
    cipher: Cipher,
    key: &[u8],
    static_key: &PrivateNumber,
    mapping_key: &PrivateNumber,
) -> Option<Vec<u8>> {
    let (PrivateNumber::Scalar(static_key), PrivateNumber::Scalar(mapping_key)) = (static_key, mapping_key)
    else {
        return None;
    };
    let data = static_key.invert().mul(mapping_key).to_bytes();
    // the vector is "minus one", encrypted
    let iv = cipher.encrypt_block(key, &vec![0xFF; cipher.block_length()]);
    Some(cipher.encrypt(key, &iv, &cipher.pad(&data)))
}

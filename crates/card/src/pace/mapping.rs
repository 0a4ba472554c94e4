//! From the nonce to the generator of the session (9303-11 section 4.4.3.3).

use zeroize::Zeroizing;

use crate::{
    key_agreement::{BadPublicKey, DomainParameters, PrivateKey, PublicKey},
    symmetric::{Cipher, SymmetricError},
};

/// Generic mapping: the nonce times the standard's generator, and the secret that both have agreed on.
///
/// # Errors
/// [`BadPublicKey`] if a key is none of the group or the result is its neutral element.
pub fn generic(
    parameters: DomainParameters,
    nonce: &[u8],
    own: &PrivateKey,
    theirs: &PublicKey,
) -> Result<PublicKey, BadPublicKey> {
    let shared = theirs.agree(own)?;
    let nonce = parameters.reduced_private_key(nonce).ok_or(BadPublicKey)?;
    parameters.generator().agree(&nonce)?.combine(&shared)
}

/// Integrated mapping: a pseudo-random number of both nonces, encoded into the group (appendix B).
///
/// # Errors
/// [`MappingError`] if a nonce has another length than the cipher asks for, or the group has no such mapping.
pub fn integrated(
    parameters: DomainParameters,
    cipher: Cipher,
    nonce: &[u8],
    terminal_nonce: &[u8],
) -> Result<PublicKey, MappingError> {
    let number = pseudo_random(parameters, cipher, nonce, terminal_nonce)?;
    match parameters {
        DomainParameters::Curve(curve) => curve.integrated_map(&number).map(PublicKey::Point),
        DomainParameters::Group(group) => group.integrated_map(&number).map(PublicKey::Element),
    }
    .ok_or(MappingError::Undefined)
}

/// c0 and c1 for nonces of 128 bits (section 4.4.3.3.2).
const CONSTANTS_128: [&[u8]; 2] = [
    &[0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59, 0x04],
    &[0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88, 0xAD],
];

/// c0 and c1 for nonces of 256 bits.
const CONSTANTS_256: [&[u8]; 2] = [
    &[
        0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D, 0xCA, 0x0A, 0x17, 0x4E,
        0x28, 0xDF, 0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76,
    ],
    &[
        0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF, 0x39, 0xD6, 0x9B, 0x6C,
        0xBF, 0x06, 0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17,
    ],
];

/// Bytes of the chip's nonce that the integrated mapping takes with this cipher.
pub(super) const fn nonce_length(cipher: Cipher) -> usize {
    match cipher {
        Cipher::TripleDes | Cipher::Aes128 => 16,
        Cipher::Aes192 | Cipher::Aes256 => 32,
    }
}

/// R(s, t), before it is reduced: blocks x1, x2, ... until they have 64 bits more than the modulus.
fn pseudo_random(
    parameters: DomainParameters,
    cipher: Cipher,
    nonce: &[u8],
    terminal_nonce: &[u8],
) -> Result<Zeroizing<Vec<u8>>, MappingError> {
    let length = nonce_length(cipher);
    if nonce.len() != length || terminal_nonce.len() != cipher.key_length() {
        return Err(MappingError::NonceLength);
    }
    let [c0, c1] = if length == 16 { CONSTANTS_128 } else { CONSTANTS_256 };
    let modulus_bits = match parameters {
        DomainParameters::Curve(curve) => curve.field_bits(),
        DomainParameters::Group(group) => group.element_length() * 8,
    };
    let bits = (modulus_bits + 64).next_multiple_of(8 * length);
    let mut number = Zeroizing::new(Vec::with_capacity(bits / 8));
    let mut key = encrypted(cipher, terminal_nonce, nonce)?;
    while number.len() * 8 < bits {
        number.extend_from_slice(&encrypted(cipher, &key, c1)?);
        key = encrypted(cipher, &key, c0)?;
    }
    Ok(number)
}

/// CBC without IV, under as much of the key as the cipher takes.
fn encrypted(cipher: Cipher, key: &[u8], plain: &[u8]) -> Result<Zeroizing<Vec<u8>>, MappingError> {
    let key = key.get(..cipher.key_length()).ok_or(MappingError::NonceLength)?;
    let mut block = Zeroizing::new(plain.to_vec());
    cipher.encrypt_cbc(key, cipher.zero_iv(), &mut block)?;
    Ok(block)
}

/// Why nonces are not mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// A nonce of the wrong length.
    #[error("a nonce of another length than the cipher asks for")]
    NonceLength,
    /// The group has no such mapping, or this number none.
    #[error("the mapping is not defined here")]
    Undefined,
    /// The cipher refused a length: our own mistake.
    #[error(transparent)]
    Symmetric(#[from] SymmetricError),
}

//! Encoded messages of RSA signatures (RFC 8017 section 9), with every hash that documents use, and with a mask whose hash is
//! another than the message's.
//!
//! [`public_key`](crate::public_key) verifies what people sign in with, where one hash and SHA-2 are all there is.

use bitaqa_card::{active_authentication::DigestAlgorithm, oid};

/// Whether this is EMSA-PKCS1-v1_5 (section 9.2) of the digest. It is built and compared, never parsed.
pub(super) fn is_pkcs1(encoded: &[u8], hash: DigestAlgorithm, digest: &[u8]) -> bool {
    let info = digest_info(hash, digest);
    // at least eight bytes FF, and three of structure
    let Some(filler) = encoded.len().checked_sub(info.len() + 3).filter(|filler| *filler >= 8) else {
        return false;
    };
    let Some((head, tail)) = encoded.split_at_checked(filler + 3) else { return false };
    matches!(head, [0x00, 0x01, padding @ .., 0x00] if padding.iter().all(|byte| *byte == 0xFF))
        && tail == info
}

/// `DigestInfo`.
fn digest_info(hash: DigestAlgorithm, digest: &[u8]) -> Vec<u8> {
    let name = match hash {
        DigestAlgorithm::Sha1 => oid::SHA1,
        DigestAlgorithm::Sha224 => oid::SHA224,
        DigestAlgorithm::Sha256 => oid::SHA256,
        DigestAlgorithm::Sha384 => oid::SHA384,
        DigestAlgorithm::Sha512 => oid::SHA512,
    };
    let object = |tag: u8, content: &[u8]| {
        // nothing here is longer than 127 bytes
        [&[tag, u8::try_from(content.len()).unwrap_or(0)], content].concat()
    };
    let algorithm = object(0x30, &[&object(0x06, name)[..], &[0x05, 0x00]].concat());
    object(0x30, &[algorithm, object(0x04, digest)].concat())
}

/// Parameters of EMSA-PSS (section 9.1; RFC 4055 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PssParameters {
    /// Hash of the message.
    pub hash: DigestAlgorithm,
    /// Hash of MGF1.
    pub mask_hash: DigestAlgorithm,
    /// Bytes of salt.
    pub salt_length: usize,
}

/// EMSA-PSS-VERIFY (section 9.1.2). `encoded` is as long as the modulus, which has `modulus_bits`.
pub(super) fn is_pss(encoded: &[u8], modulus_bits: usize, parameters: PssParameters, digest: &[u8]) -> bool {
    verify_pss(encoded, modulus_bits, parameters, digest).unwrap_or(false)
}

fn verify_pss(
    encoded: &[u8],
    modulus_bits: usize,
    PssParameters { hash, mask_hash, salt_length }: PssParameters,
    digest: &[u8],
) -> Option<bool> {
    let bits = modulus_bits.checked_sub(1)?;
    let length = bits.div_ceil(8);
    // where the modulus has one bit more than whole bytes, the encoded message is a byte shorter
    let (surplus, encoded) = encoded.split_at_checked(encoded.len().checked_sub(length)?)?;
    if surplus.iter().any(|byte| *byte != 0) {
        return Some(false);
    }
    let (encoded, [0xBC]) = encoded.split_at_checked(length.checked_sub(1)?)? else { return Some(false) };
    let (masked, h) = encoded.split_at_checked(encoded.len().checked_sub(hash.length())?)?;
    let padding = masked.len().checked_sub(salt_length.checked_add(1)?)?;
    let mut block = mgf1(mask_hash, h, masked.len());
    block.iter_mut().zip(masked).for_each(|(mask, byte)| *mask ^= byte);
    let clear = u32::try_from(8 * length - bits).ok()?;
    let first_masked = masked.first()?;
    if first_masked.leading_zeros() < clear {
        return Some(false);
    }
    let first = block.first_mut()?;
    *first &= 0xFF_u8.checked_shr(clear).unwrap_or(0);
    let (zeros, rest) = block.split_at_checked(padding)?;
    let (one, salt) = rest.split_first()?;
    let is_sound = zeros.iter().all(|byte| *byte == 0) && *one == 0x01;
    Some(is_sound && hash.of(&[&[0; 8], digest, salt]) == h)
}

/// MGF1 (appendix B.2.1).
fn mgf1(hash: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + hash.length());
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(hash.of(&[seed, &counter.to_be_bytes()]));
    }
    mask.truncate(length);
    mask
}

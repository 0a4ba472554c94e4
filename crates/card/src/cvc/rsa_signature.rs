//! RSA signatures with a public key (RFC 8017, sections 8.1.2 and 8.2.2). Nothing here is secret.

use crate::{
    active_authentication::{DigestAlgorithm, RsaPublicKey},
    oid,
    tlv::{Tag, encode},
};

const SEQUENCE: Tag = Tag(0x30);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
const NULL: Tag = Tag(0x05);
const OCTET_STRING: Tag = Tag(0x04);
/// Last byte of EMSA-PSS.
const TRAILER: u8 = 0xBC;

/// RSASSA-PKCS1-v1_5: there is one right encoded message, and it is made and compared.
pub(super) fn pkcs1_v1_5(key: &RsaPublicKey, digest: DigestAlgorithm, hash: &[u8], signature: &[u8]) -> bool {
    let algorithm =
        encode(SEQUENCE, &[encode(OBJECT_IDENTIFIER, identifier(digest)), encode(NULL, &[])].concat());
    let info = encode(SEQUENCE, &[algorithm, encode(OCTET_STRING, hash)].concat());
    // at least eight bytes FF, which every key of 1024 bits has room for
    let Some(filler) = key.length().checked_sub(info.len() + 3).filter(|filler| *filler >= 8) else {
        return false;
    };
    let expected = [&[0x00, 0x01], &vec![0xFF; filler][..], &[0x00], &info].concat();
    key.power(signature).is_some_and(|message| message == expected)
}

/// RSASSA-PSS with MGF1 over the same hash and a salt as long as the digest.
pub(super) fn pss(key: &RsaPublicKey, digest: DigestAlgorithm, hash: &[u8], signature: &[u8]) -> bool {
    key.power(signature).is_some_and(|message| pss_matches(digest, hash, &message).unwrap_or(false))
}

/// EMSA-PSS-VERIFY (section 9.1.2), for moduli whose first bit is set.
fn pss_matches(digest: DigestAlgorithm, hash: &[u8], encoded: &[u8]) -> Option<bool> {
    let length = digest.length();
    let (&trailer, encoded) = encoded.split_last()?;
    let (masked, h) = encoded.split_at_checked(encoded.len().checked_sub(length)?)?;
    if trailer != TRAILER || masked.first()? & 0x80 != 0 {
        return Some(false);
    }
    let mut block: Vec<u8> =
        masked.iter().zip(mgf1(digest, h, masked.len())).map(|(byte, mask)| byte ^ mask).collect();
    // emBits is one less than the modulus has
    *block.first_mut()? &= 0x7F;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(length)?)?;
    let (&one, zeros) = padding.split_last()?;
    let sound = one == 0x01 && zeros.iter().all(|byte| *byte == 0);
    Some(sound && digest.of(&[&[0; 8], hash, salt]) == h)
}

/// MGF1 (appendix B.2.1).
fn mgf1(digest: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let blocks = length.div_ceil(digest.length());
    let blocks = (0_u32..).take(blocks).flat_map(|counter| digest.of(&[seed, &counter.to_be_bytes()]));
    blocks.take(length).collect()
}

/// Content bytes of the hash's object identifier.
const fn identifier(digest: DigestAlgorithm) -> &'static [u8] {
    match digest {
        DigestAlgorithm::Sha1 => oid::SHA1,
        DigestAlgorithm::Sha224 => oid::SHA224,
        DigestAlgorithm::Sha256 => oid::SHA256,
        DigestAlgorithm::Sha384 => oid::SHA384,
        DigestAlgorithm::Sha512 => oid::SHA512,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{encoded_message, signature::Hash};

    #[test]
    fn what_pss_encodes_is_accepted_and_any_change_is_not() {
        for (hash, digest) in
            [(Hash::Sha256, DigestAlgorithm::Sha256), (Hash::Sha512, DigestAlgorithm::Sha512)]
        {
            let message = hash.digest(b"message");
            let encoded = encoded_message::pss(hash, &message, 256).unwrap();
            assert_eq!(pss_matches(digest, &message, &encoded), Some(true));
            for at in 0..encoded.len() {
                let mut changed = encoded.clone();
                changed[at] ^= 1;
                assert_ne!(pss_matches(digest, &message, &changed), Some(true), "{at}");
            }
            assert_ne!(pss_matches(digest, &hash.digest(b"other"), &encoded), Some(true));
            for end in 0..encoded.len() {
                assert_ne!(pss_matches(digest, &message, &encoded[..end]), Some(true));
            }
        }
    }
}

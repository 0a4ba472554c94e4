//! RSA padding for cards whose keys do the bare operation (PIV): RFC 8017, sections 9.1.1 and 9.2.

use crate::signature::Hash;

/// EMSA-PKCS1-v1_5 (section 9.2): `00 01 FF… 00 DigestInfo`. `None` if the modulus is too short.
pub(crate) fn pkcs1_v1_5(hash: Hash, digest: &[u8], modulus: usize) -> Option<Vec<u8>> {
    let prefix = hash.digest_info_prefix();
    // at least eight bytes FF, and three of structure
    let filler = modulus.checked_sub(prefix.len() + digest.len() + 3).filter(|filler| *filler >= 8)?;
    let mut message = vec![0x00, 0x01];
    message.resize(2 + filler, 0xFF);
    message.push(0x00);
    message.extend_from_slice(&prefix);
    message.extend_from_slice(digest);
    Some(message)
}

/// EMSA-PSS (section 9.1.1) with MGF1 over the same hash, for a modulus of exactly `8 * modulus` bits. `None` if it is too
/// short.
///
/// The salt is as long as the digest and derived from it: this crate owns no generator, and PSS asks of its salt only that
/// nobody profits from choosing it (section 8.1, last note). The same digest gives the same signature, as with PKCS#1 v1.5.
pub(crate) fn pss(hash: Hash, digest: &[u8], modulus: usize) -> Option<Vec<u8>> {
    let length = hash.length();
    let masked_length = modulus.checked_sub(length + 1)?;
    // DB = PS ‖ 01 ‖ salt
    let padding = masked_length.checked_sub(length + 1)?;
    let salt = hash.digest(&[b"bitaqa: salt of EMSA-PSS", digest].concat());
    // H = Hash(eight zeros ‖ mHash ‖ salt)
    let h = hash.digest(&[&[0; 8], digest, &salt].concat());
    let mut block = vec![0; padding];
    block.push(0x01);
    block.extend_from_slice(&salt);
    for (byte, mask) in block.iter_mut().zip(mgf1(hash, &h, masked_length)) {
        *byte ^= mask;
    }
    // emBits is one less than the modulus has
    *block.first_mut()? &= 0x7F;
    block.extend_from_slice(&h);
    block.push(0xBC);
    Some(block)
}

/// MGF1 (appendix B.2.1).
fn mgf1(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + hash.length());
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    }
    mask.truncate(length);
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pkcs1_padding_is_as_long_as_the_modulus() {
        let message = pkcs1_v1_5(Hash::Sha256, &[0xAA; 32], 256).unwrap();
        assert_eq!(message.len(), 256);
        assert_eq!(message[..3], [0x00, 0x01, 0xFF]);
        assert_eq!(message[203..206], [0xFF, 0x00, 0x30]);
        assert_eq!(message[224..], [0xAA; 32]);
        assert!(pkcs1_v1_5(Hash::Sha512, &[0; 64], 93).is_none());
        assert!(pkcs1_v1_5(Hash::Sha512, &[0; 64], 94).is_some());
    }

    /// EMSA-PSS-VERIFY (section 9.1.2), written the other way round.
    #[test]
    fn what_pss_encodes_its_verification_accepts() {
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let digest = hash.digest(b"message");
            let length = hash.length();
            let encoded = pss(hash, &digest, 256).unwrap();
            assert_eq!((encoded.len(), encoded[255], encoded[0] & 0x80), (256, 0xBC, 0));
            let (masked, rest) = encoded.split_at(256 - length - 1);
            let h = &rest[..length];
            let mut block: Vec<u8> =
                masked.iter().zip(mgf1(hash, h, masked.len())).map(|(byte, mask)| byte ^ mask).collect();
            block[0] &= 0x7F;
            let salt = &block[block.len() - length..];
            assert_eq!(block[block.len() - length - 1], 0x01);
            assert!(block[..block.len() - length - 1].iter().all(|byte| *byte == 0));
            assert_eq!(hash.digest(&[&[0; 8], &digest[..], salt].concat()), h);
        }
        assert!(pss(Hash::Sha512, &[0; 64], 129).is_none());
        assert!(pss(Hash::Sha512, &[0; 64], 130).is_some());
    }
}

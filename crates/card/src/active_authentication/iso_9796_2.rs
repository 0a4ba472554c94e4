//! Signatures that give part of their message back (ISO/IEC 9796-2, scheme 1), as ICAO Doc 9303-11 section 6.1 has
//! them: the chip chooses the recoverable part, the challenge is the rest.

use subtle::ConstantTimeEq;

use super::{ActiveAuthenticationFault as Fault, DigestAlgorithm, rsa::RsaPublicKey};

/// Last byte for SHA-1.
const TRAILER_SHA1: u8 = 0xBC;
/// Last byte where the one before names the hash.
const TRAILER_NAMED: u8 = 0xCC;
/// First byte: a signature, with more of the message than comes back, no filling.
const PARTIAL: u8 = 0x6A;
/// First byte with filling: bytes BB follow, then BA.
const PARTIAL_FILLED: u8 = 0x6B;
const FILLING: u8 = 0xBB;
const LAST_FILLING: u8 = 0xBA;

/// Which hash the signature over this challenge was made with.
pub(super) fn verify(
    key: &RsaPublicKey,
    challenge: &[u8],
    signature: &[u8],
) -> Result<DigestAlgorithm, Fault> {
    if signature.len() != key.length() {
        return Err(Fault::Length);
    }
    let opened = key.power(signature).ok_or(Fault::Format)?;
    // The smaller of a number and its complement may be the signature: a trailer tells which (annex of the standard).
    let representative = match opened.last() {
        Some(last) if last & 0x0F == 0x0C => opened,
        _ => key.complement(&opened).ok_or(Fault::Format)?,
    };
    check(&representative, challenge)
}

/// Checks a recovered message representative.
fn check(representative: &[u8], challenge: &[u8]) -> Result<DigestAlgorithm, Fault> {
    let (digest, rest) = match representative {
        [rest @ .., TRAILER_SHA1] => (DigestAlgorithm::Sha1, rest),
        [rest @ .., name, TRAILER_NAMED] => (named(*name).ok_or(Fault::Digest)?, rest),
        _ => return Err(Fault::Format),
    };
    let message = match rest {
        [PARTIAL, message @ ..] => message,
        [PARTIAL_FILLED, filled @ ..] => {
            let filling = filled.iter().take_while(|byte| **byte == FILLING).count();
            match filled.get(filling..) {
                Some([LAST_FILLING, message @ ..]) => message,
                _ => return Err(Fault::Format),
            }
        }
        // 4x: the whole message came back, and the challenge is no part of it
        _ => return Err(Fault::Format),
    };
    let start = message.len().checked_sub(digest.length()).ok_or(Fault::Format)?;
    let (recovered, hash) = message.split_at_checked(start).ok_or(Fault::Format)?;
    if bool::from(digest.of(&[recovered, challenge]).ct_eq(hash)) {
        Ok(digest)
    } else {
        Err(Fault::Signature)
    }
}

/// ISO/IEC 10118-3 numbers of hashes in a trailer.
const fn named(number: u8) -> Option<DigestAlgorithm> {
    match number {
        0x33 => Some(DigestAlgorithm::Sha1),
        0x34 => Some(DigestAlgorithm::Sha256),
        0x35 => Some(DigestAlgorithm::Sha512),
        0x36 => Some(DigestAlgorithm::Sha384),
        0x38 => Some(DigestAlgorithm::Sha224),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{active_authentication::test_key, test_hex::hex};

    /// A representative for a 1024-bit key.
    fn representative(digest: DigestAlgorithm, challenge: &[u8], header: &[u8], trailer: &[u8]) -> Vec<u8> {
        let recovered = vec![0x5C; 128 - header.len() - trailer.len() - digest.length()];
        let hash = digest.of(&[&recovered, challenge]);
        [header, &recovered, &hash, trailer].concat()
    }

    #[test]
    fn the_representative_of_9303_11_appendix_f_fits_its_challenge() {
        let f = hex(
            "6A9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991B543F1696546C5524CF23A5303CD6C98599F40\
             B79F377B5F3A1406B3B4D8F96784D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A207446DAD4E7292E2DCDA3024\
             B47DA8C063AA1E6D22FBD976AB0FE73D94D2D9C6D88127BC",
        );
        assert_eq!(check(&f, &hex("F173589974BF40C6")), Ok(DigestAlgorithm::Sha1));
        assert_eq!(check(&f, &hex("F173589974BF40C7")), Err(Fault::Signature));
    }

    #[test]
    fn every_hash_verifies_by_its_trailer_whether_the_signature_is_the_number_or_its_complement() {
        let key = test_key::public();
        for (digest, trailer) in [
            (DigestAlgorithm::Sha1, &[0xBC][..]),
            (DigestAlgorithm::Sha1, &[0x33, 0xCC]),
            (DigestAlgorithm::Sha224, &[0x38, 0xCC]),
            (DigestAlgorithm::Sha256, &[0x34, 0xCC]),
            (DigestAlgorithm::Sha384, &[0x36, 0xCC]),
            (DigestAlgorithm::Sha512, &[0x35, 0xCC]),
        ] {
            for header in [&[0x6A][..], &[0x6B, 0xBA], &[0x6B, 0xBB, 0xBB, 0xBA]] {
                let signature = test_key::sign(&representative(digest, &[7; 8], header, trailer));
                assert_eq!(verify(&key, &[7; 8], &signature), Ok(digest));
                assert_eq!(verify(&key, &[7; 8], &key.complement(&signature).unwrap()), Ok(digest));
                assert_eq!(verify(&key, &[8; 8], &signature), Err(Fault::Signature));
            }
        }
    }

    #[test]
    fn what_does_not_depend_on_the_challenge_proves_nothing() {
        // Total recovery: the hash is over the recovered part alone.
        let recovered = [0x5C; 106];
        let hash = DigestAlgorithm::Sha1.of(&[&recovered]);
        let whole = [&[0x4A][..], &recovered, &hash, &[0xBC]].concat();
        assert_eq!(verify(&test_key::public(), &[], &test_key::sign(&whole)), Err(Fault::Format));
        assert_eq!(check(&whole, &[]), Err(Fault::Format));
    }

    #[test]
    fn forms_that_are_none_are_told_from_wrong_signatures() {
        let digest = DigestAlgorithm::Sha256;
        let check =
            |header: &[u8], trailer: &[u8]| check(&representative(digest, &[7; 8], header, trailer), &[7; 8]);
        assert_eq!(check(&[0x6A], &[0x34, 0xCC]), Ok(digest));
        assert_eq!(check(&[0x6A], &[0x37, 0xCC]), Err(Fault::Digest), "Whirlpool");
        assert_eq!(check(&[0x6A], &[0x34, 0xCD]), Err(Fault::Format));
        assert_eq!(check(&[0x6B, 0xBB], &[0x34, 0xCC]), Err(Fault::Format), "filling without end");
        assert_eq!(check(&[0x7A], &[0x34, 0xCC]), Err(Fault::Format));
        let key = test_key::public();
        assert_eq!(verify(&key, &[7; 8], &[1; 127]), Err(Fault::Length));
        assert_eq!(verify(&key, &[7; 8], &[0xFF; 128]), Err(Fault::Format), "above the modulus");
        assert_eq!(verify(&key, &[7; 8], &[0; 128]), Err(Fault::Format));
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_panic_or_a_signature(
            signature in proptest::collection::vec(any::<u8>(), 128), representative in proptest::collection::vec(any::<u8>(), 0..140),
        ) {
            prop_assert!(verify(&test_key::public(), &[7; 8], &signature).is_err());
            prop_assert!(check(&representative, &[7; 8]).is_err());
        }
    }
}

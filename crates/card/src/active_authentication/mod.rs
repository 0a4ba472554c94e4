//! Active authentication (ICAO Doc 9303-11, section 6.1): the chip signs a challenge with a key that a copy does not have.
//!
//! The host asks the chip, the verifier checks: [`sign`] sends, [`ActiveAuthenticationKey::verify`] is pure. One round
//! signs eight bytes, which a verifier somewhere else cannot bind to a session safely, so a [`Challenge`] of sixteen
//! takes two.

mod iso_9796_2;
mod public_key;
mod rsa;
#[cfg(test)]
mod test_key;

use sha2::{Digest, Sha256};

pub use self::{
    public_key::{ActiveAuthenticationFault, ActiveAuthenticationKey},
    rsa::RsaPublicKey,
};
pub use crate::digest_algorithm::DigestAlgorithm;
use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
};

/// Bytes of RND.IFD, which one round signs.
pub const ROUND: usize = 8;

/// Sixteen bytes that a chip signs in two rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge([u8; 2 * ROUND]);

impl Challenge {
    /// What a proof is bound to: the first sixteen bytes of its SHA-256.
    #[must_use]
    pub fn bound_to(bytes: &[u8]) -> Self {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let mut challenge = [0; 2 * ROUND];
        challenge.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(challenge)
    }

    /// What each round signs: bytes 0 to 7, then bytes 8 to 15.
    #[must_use]
    pub fn rounds(&self) -> [[u8; ROUND]; 2] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = self.0;
        [[a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]]
    }
}

/// Has the chip sign both rounds. Nothing is checked here but the length: that is for the verifier.
///
/// # Errors
/// Transport faults, a refusal ([`CardError::Refused`]), a signature that is longer than any of this key.
pub fn sign(
    channel: &mut Channel<'_>,
    key: &ActiveAuthenticationKey,
    challenge: &Challenge,
) -> Result<[Vec<u8>; 2], CardError> {
    let [first, second] = challenge.rounds();
    Ok([internal_authenticate(channel, key, &first)?, internal_authenticate(channel, key, &second)?])
}

/// INTERNAL AUTHENTICATE (section 6.1): one signature over eight bytes.
///
/// # Errors
/// As for [`sign`].
pub fn internal_authenticate(
    channel: &mut Channel<'_>,
    key: &ActiveAuthenticationKey,
    round: &[u8; ROUND],
) -> Result<Vec<u8>, CardError> {
    let expected = key.max_signature();
    let command =
        Command::new(ins::INTERNAL_AUTHENTICATE, 0, 0).data(*round).le(expected.max(MAX_SHORT_RESPONSE));
    let signature = channel.send(&command)?.expect_ok("INTERNAL AUTHENTICATE")?;
    if signature.is_empty() || signature.len() > expected {
        return Err(Misbehaviour::SignatureLength { bytes: signature.len(), expected }.into());
    }
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        test_hex::hex,
        test_script::{CHAINING, EXTENDED, Script},
    };

    #[test]
    fn a_challenge_is_the_first_half_of_a_hash_and_each_round_half_of_that() {
        // SHA-256 of "abc" (FIPS 180-2, appendix B.1)
        let [first, second] = Challenge::bound_to(b"abc").rounds();
        assert_eq!((first.to_vec(), second.to_vec()), (hex("BA7816BF8F01CFEA"), hex("414140DE5DAE2223")));
    }

    #[test]
    fn both_rounds_are_signed_in_their_order_and_verify() {
        let key = ActiveAuthenticationKey::Rsa(test_key::public());
        let challenge = Challenge::bound_to(b"abc");
        let signatures = challenge.rounds().map(|round| {
            let recovered = [0x11; 93];
            let hash = DigestAlgorithm::Sha256.of(&[&recovered, &round]);
            test_key::sign(&[&[0x6A][..], &recovered, &hash, &[0x34, 0xCC]].concat())
        });
        let answer = |signature: &[u8]| {
            signature.iter().map(|byte| format!("{byte:02X}")).collect::<String>() + "9000"
        };
        let mut script = Script::new(&[
            ("0088000008BA7816BF8F01CFEA00", &answer(&signatures[0])),
            ("0088000008414140DE5DAE222300", &answer(&signatures[1])),
        ]);
        let signed = sign(&mut Channel::new(&mut script, CHAINING), &key, &challenge).unwrap();
        assert_eq!(signed, signatures);
        assert_eq!(key.verify_rounds(&challenge, &signed, None), Ok(DigestAlgorithm::Sha256));
        let swapped = [signed[1].clone(), signed[0].clone()];
        assert_eq!(key.verify_rounds(&challenge, &swapped, None), Err(ActiveAuthenticationFault::Signature));
    }

    #[test]
    fn a_long_key_is_asked_for_all_of_its_signature() {
        let mut modulus = vec![0xFF; 384];
        modulus[0] = 0x80;
        let key = ActiveAuthenticationKey::Rsa(RsaPublicKey::new(&modulus, &[3]).unwrap());
        let answer = "AB".repeat(384) + "9000";
        let mut script = Script::new(&[("0088000000000801020304050607080180", &answer)]);
        let mut channel = Channel::new(&mut script, EXTENDED);
        assert_eq!(internal_authenticate(&mut channel, &key, &[1, 2, 3, 4, 5, 6, 7, 8]).unwrap().len(), 384);
    }

    #[test]
    fn refusals_and_impossible_lengths_are_specific() {
        let key = ActiveAuthenticationKey::Rsa(test_key::public());
        let run = |answer: &str| {
            let mut script = Script::new(&[("0088000008000000000000000000", answer)]);
            internal_authenticate(&mut Channel::new(&mut script, CHAINING), &key, &[0; 8]).unwrap_err()
        };
        assert!(matches!(run("6982"), CardError::Refused { command: "INTERNAL AUTHENTICATE", .. }));
        assert_eq!(run("9000"), Misbehaviour::SignatureLength { bytes: 0, expected: 128 }.into());
        let long = "00".repeat(129) + "9000";
        assert_eq!(run(&long), Misbehaviour::SignatureLength { bytes: 129, expected: 128 }.into());
    }
}

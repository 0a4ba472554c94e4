//! Active authentication over a challenge of the verifier (9303-11, section 6.1).

use std::fmt;

use bitaqa_card::{
    active_authentication::{ActiveAuthenticationKey, Challenge as ChipChallenge, DigestAlgorithm},
    lds::DataGroup,
};
use bitaqa_protocol::{Challenge, Origin};

use super::{ChipProofFault, security_infos};
use crate::{identity::binding::joined, passive_authentication::GenuineDocument};

/// What the challenge is for, so that no signature made for it is one of anything else.
const PURPOSE: &[u8] = b"bitaqa-aa-1";

/// What a chip signs for a portal: the first sixteen bytes of SHA-256 over four values, each behind its length in bytes as a
/// big-endian number of four bytes: `bitaqa-aa-1`; the origin as ASCII text; the challenge as the portal gave it, as text; and
/// the thumbprint of the key that the answer is encrypted to (RFC 7638 with SHA-256, 32 bytes). Bytes 0 to 7 are signed in the
/// first round, 8 to 15 in the second: a chip signs eight bytes at a time, which alone could be searched for a collision.
#[must_use]
pub fn active_authentication_challenge(
    origin: &Origin,
    challenge: &Challenge,
    recipient_thumbprint: &[u8; 32],
) -> ChipChallenge {
    let values = [PURPOSE, origin.as_str().as_bytes(), challenge.as_str().as_bytes(), recipient_thumbprint];
    ChipChallenge::bound_to(&joined(&values))
}

/// Signatures that a host brings.
#[derive(Clone, Copy)]
pub struct ActiveAuthenticationProof<'e> {
    /// What had to be signed.
    pub challenge: ChipChallenge,
    /// The signature of each round.
    pub signatures: [&'e [u8]; 2],
}

/// A signature of a chip names the chip, and so its holder.
impl fmt::Debug for ActiveAuthenticationProof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActiveAuthenticationProof").finish_non_exhaustive()
    }
}

impl ActiveAuthenticationProof<'_> {
    pub(super) fn check(
        &self,
        document: &GenuineDocument<'_, '_>,
    ) -> Result<DigestAlgorithm, ChipProofFault> {
        let group = DataGroup::DG15;
        let content = document.group(group).ok_or(ChipProofFault::KeyNotSigned { group })?;
        let key = ActiveAuthenticationKey::parse(content).map_err(ChipProofFault::Key)?;
        // the hash of a key on a curve is named in DG14, which must be signed as well; RSA names its own
        let infos = match key {
            ActiveAuthenticationKey::Ec(_) => Some(security_infos(document)?),
            ActiveAuthenticationKey::Rsa(_) => None,
        };
        let info = infos.as_ref().and_then(|infos| infos.active_authentication());
        Ok(key.verify_rounds(&self.challenge, &self.signatures, info)?)
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_challenge_is_bound_to_each_value_and_to_its_length() {
        let origin = Origin::parse("https://portal.example.ma").unwrap();
        let text = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        let challenge = Challenge::parse(text).unwrap();
        let made = active_authentication_challenge(&origin, &challenge, &[7; 32]);
        let bytes = [
            b"\0\0\0\x0Bbitaqa-aa-1\0\0\0\x19https://portal.example.ma\0\0\0\x2C".as_slice(),
            text.as_bytes(),
            b"\0\0\0\x20",
            &[7; 32],
        ]
        .concat();
        assert_eq!(made.rounds().concat(), Sha256::digest(&bytes)[..16]);
        let other = Origin::parse("https://portal.example.bh").unwrap();
        assert_ne!(active_authentication_challenge(&other, &challenge, &[7; 32]), made);
        assert_ne!(active_authentication_challenge(&origin, &challenge, &[8; 32]), made);
    }
}

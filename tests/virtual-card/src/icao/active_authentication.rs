//! Active authentication, the card's side (ICAO Doc 9303-11, section 6.1).

use serde::Deserialize;

use super::{oid, security_infos, signing_key::SigningKey};
use crate::{
    chip::{Answer, Chip, Refusal},
    command::Command,
    der,
    digest::Digest,
    random::Random,
    status::StatusWord,
};

/// What the chip signs with, by the name that stands in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActiveAuthenticationKind {
    /// RSA with 1024 bits, ISO/IEC 9796-2 with SHA-1.
    #[serde(rename = "rsa-1024-sha1")]
    Rsa1024Sha1,
    /// RSA with 2048 bits, ISO/IEC 9796-2 with SHA-1.
    #[serde(rename = "rsa-2048-sha1")]
    Rsa2048Sha1,
    /// RSA with 2048 bits, ISO/IEC 9796-2 with SHA-256.
    #[serde(rename = "rsa-2048-sha256")]
    Rsa2048Sha256,
    /// ECDSA on brainpoolP256r1 with SHA-256, in plain format as the standard asks.
    EcdsaPlain,
    /// ECDSA on P-256 with SHA-256, in DER, as some chips do it.
    EcdsaDer,
}

/// The key and what is done with it.
#[derive(Clone)]
pub(crate) struct ActiveAuthentication {
    pub(crate) kind: ActiveAuthenticationKind,
    pub(crate) key: SigningKey,
}

impl ActiveAuthentication {
    fn digest(&self) -> Digest {
        match self.kind {
            ActiveAuthenticationKind::Rsa1024Sha1 | ActiveAuthenticationKind::Rsa2048Sha1 => Digest::Sha1,
            _ => Digest::Sha256,
        }
    }

    /// DG15: the public key.
    pub(crate) fn public_key(&self, explicit: bool) -> Vec<u8> {
        if explicit { self.key.explicit_public_key_info() } else { self.key.subject_public_key_info() }
    }

    /// ActiveAuthenticationInfo: of curves only.
    pub(crate) fn info(&self) -> Option<Vec<u8>> {
        match self.kind {
            // the last arc of ecdsa-plain-SHA256 is 3
            ActiveAuthenticationKind::EcdsaPlain | ActiveAuthenticationKind::EcdsaDer => {
                Some(security_infos::active_authentication(&oid::below(oid::ECDSA_PLAIN, &[3])))
            }
            _ => None,
        }
    }

    fn sign(&self, challenge: &[u8], random: &mut Random) -> Option<Vec<u8>> {
        match self.kind {
            ActiveAuthenticationKind::EcdsaPlain => self.key.ecdsa(&self.digest().of(challenge), random),
            ActiveAuthenticationKind::EcdsaDer => {
                let plain = self.key.ecdsa(&self.digest().of(challenge), random)?;
                let (r, s) = plain.split_at_checked(plain.len() / 2)?;
                Some(der::sequence(&[der::unsigned_integer(r), der::unsigned_integer(s)]))
            }
            _ => {
                let size = self.key.size();
                let hash = self.digest();
                let trailer = trailer(hash);
                let length = size.checked_sub(1 + hash.length() + trailer.len())?;
                let recoverable = random.bytes(length);
                self.key.rsa(&representative(hash, &recoverable, challenge))
            }
        }
    }
}

/// ISO/IEC 9796-2, section 8.1.2: `BC` stands for SHA-1, two bytes for any other hash algorithm.
fn trailer(digest: Digest) -> &'static [u8] {
    match digest {
        Digest::Sha1 => &[0xBC],
        Digest::Sha384 => &[0x36, 0xCC],
        Digest::Sha512 => &[0x35, 0xCC],
        _ => &[0x34, 0xCC],
    }
}

/// The message representative of ISO/IEC 9796-2, scheme 1: partial recovery, so it starts with `6A`.
fn representative(digest: Digest, recoverable: &[u8], challenge: &[u8]) -> Vec<u8> {
    let hash = digest.of(&[recoverable, challenge].concat());
    [&[0x6A], recoverable, &hash, trailer(digest)].concat()
}

impl Chip {
    /// INTERNAL AUTHENTICATE in the application: signs eight bytes that the terminal chose.
    pub(crate) fn prove_by_signature(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if command.parameters() != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        if !self.session.icao.is_open() {
            return Err(StatusWord::SECURITY_NOT_SATISFIED.into());
        }
        if command.data.len() != 8 {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        let active = self.document.as_ref().and_then(|document| document.active.as_ref());
        let active = active.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let signature = active.sign(&command.data, &mut self.random).ok_or(StatusWord::NO_DIAGNOSIS)?;
        Ok(Answer::of(signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icao::hexadecimal::bytes;

    #[test]
    fn the_representative_is_that_of_the_worked_example() {
        // Doc 9303-11, appendix F
        let recoverable = bytes(
            "9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991B543F1696546C5524CF23A5303CD6C98\
             599F40B79F377B5F3A1406B3B4D8F96784D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A207446DAD4E\
             7292E2DCDA3024B47DA8",
        );
        let signed = representative(Digest::Sha1, &recoverable, &bytes("F173589974BF40C6"));
        assert_eq!(signed.len(), 128);
        assert_eq!(signed[0], 0x6A);
        assert_eq!(signed[107..], bytes("C063AA1E6D22FBD976AB0FE73D94D2D9C6D88127BC"));
    }
}

//! What a card's key is asked to sign, and what comes back.

use serde::Deserialize;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::{
    encoded_message::{pkcs1_v1_5, pss},
    error::{CardError, Misbehaviour},
    last_round,
    tlv::{Tag, TlvReader, encode},
};

/// Digest algorithms that a token can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Bytes of a digest.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of a message.
    #[must_use]
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// DER of `DigestInfo` up to the digest itself (RFC 8017, section 9.2, note 1).
    pub(crate) const fn digest_info_prefix(self) -> [u8; 19] {
        let (total, algorithm, length) = match self {
            Self::Sha256 => (0x31, 0x01, 0x20),
            Self::Sha384 => (0x41, 0x02, 0x30),
            Self::Sha512 => (0x51, 0x03, 0x40),
        };
        [
            0x30, total, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, algorithm,
            0x05, 0x00, 0x04, length,
        ]
    }
}

/// A signature scheme with its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS, MGF1 with the same digest, salt as long as the digest.
    RsaPss(Hash),
    /// ECDSA, `r ‖ s`.
    Ecdsa(Hash),
}

impl SignatureAlgorithm {
    /// The digest.
    #[must_use]
    pub const fn hash(self) -> Hash {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::Ecdsa(hash) => hash,
        }
    }

    /// The scheme.
    #[must_use]
    pub const fn scheme(self) -> Scheme {
        match self {
            Self::RsaPkcs1(_) => Scheme::RsaPkcs1,
            Self::RsaPss(_) => Scheme::RsaPss,
            Self::Ecdsa(_) => Scheme::Ecdsa,
        }
    }
}

/// A signature scheme without its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS.
    RsaPss,
    /// ECDSA.
    Ecdsa,
}

/// Kind and size of a key, as its certificate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySize {
    /// RSA; bytes of the modulus.
    Rsa(usize),
    /// Elliptic curve; bytes of a field element.
    Ec(usize),
}

/// What is to be signed.
#[derive(Clone, Copy)]
pub enum ToBeSigned<'a> {
    /// The digest of the message, made by the algorithm's own hash.
    Digest(&'a [u8]),
    /// The message itself: for cards that compute the last round of the hash themselves.
    Message(&'a [u8]),
}

/// What the card expects as input of the signature command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Input {
    /// The digest.
    Digest,
    /// The digest, cut to its first bytes or filled with zeros in front, to a fixed length.
    DigestOfLength {
        /// That length.
        bytes: usize,
    },
    /// `DigestInfo` (RFC 8017, section 9.2); the card pads.
    DigestInfo,
    /// What goes into the private key operation: RSA padded to the length of the modulus (RFC 8017, sections 9.1.1 and
    /// 9.2), ECDSA the digest in the length of a field element.
    EncodedMessage,
    /// State of the hash before its last round, and what is left of the message (CEN/TS 15480-2, PSO: HASH): the card
    /// hashes the end itself, and so needs the message. SHA-256 only.
    LastRound,
}

impl Input {
    /// Whether a digest alone is not enough.
    #[must_use]
    pub const fn needs_message(self) -> bool {
        matches!(self, Self::LastRound)
    }

    /// The bytes that the card is given.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] if the digest has another length than its algorithm, the key is too small for the scheme,
    /// or the message is needed and only its digest there.
    pub fn prepare(
        self,
        algorithm: SignatureAlgorithm,
        size: KeySize,
        what: ToBeSigned<'_>,
    ) -> Result<Vec<u8>, CardError> {
        let hash = algorithm.hash();
        if let (Self::LastRound, Hash::Sha256, ToBeSigned::Message(message)) = (self, hash, what) {
            return Ok(last_round::template(message));
        }
        let digest = match what {
            ToBeSigned::Digest(digest) if digest.len() == hash.length() => digest.to_vec(),
            ToBeSigned::Digest(_) => {
                return Err(CardError::Unsupported("a digest of another length than its algorithm gives"));
            }
            ToBeSigned::Message(message) => hash.digest(message),
        };
        match self {
            Self::Digest => Ok(digest),
            Self::DigestOfLength { bytes } => Ok(of_length(&digest, bytes)),
            Self::DigestInfo => Ok([&hash.digest_info_prefix()[..], &digest].concat()),
            Self::EncodedMessage => match (algorithm.scheme(), size) {
                (Scheme::RsaPkcs1, KeySize::Rsa(modulus)) => pkcs1_v1_5(hash, &digest, modulus),
                (Scheme::RsaPss, KeySize::Rsa(modulus)) => pss(hash, &digest, modulus),
                (Scheme::Ecdsa, KeySize::Ec(field)) => Some(of_length(&digest, field)),
                _ => None,
            }
            .ok_or(CardError::Unsupported("a key of another kind, or too small for its algorithm")),
            Self::LastRound => {
                Err(CardError::Unsupported("a signature over a digest: this card hashes itself"))
            }
        }
    }
}

/// Cut to its first bytes, or filled with zeros in front.
fn of_length(digest: &[u8], bytes: usize) -> Vec<u8> {
    let kept = digest.get(..bytes.min(digest.len())).unwrap_or(digest);
    let mut input = vec![0; bytes.saturating_sub(kept.len())];
    input.extend_from_slice(kept);
    input
}

/// Data object 90 of PSO: HASH: the hash code (ISO/IEC 7816-8, section 11.8).
pub(crate) fn hash_code(digest: &[u8]) -> Vec<u8> {
    encode(Tag(0x90), digest)
}

/// The form every caller gets: RSA as long as the modulus, ECDSA as `r ‖ s`, each as long as a field element. Cards that
/// answer ECDSA as a DER `SEQUENCE` are understood.
///
/// # Errors
/// [`Misbehaviour`] if it has neither form.
pub fn normalise(answer: Vec<u8>, size: KeySize) -> Result<Vec<u8>, CardError> {
    match size {
        KeySize::Rsa(modulus) if answer.len() == modulus => Ok(answer),
        KeySize::Ec(field) if answer.len() == 2 * field => Ok(answer),
        KeySize::Rsa(modulus) => {
            Err(Misbehaviour::SignatureLength { bytes: answer.len(), expected: modulus }.into())
        }
        KeySize::Ec(field) => from_der(&answer, field)
            .ok_or_else(|| Misbehaviour::SignatureLength { bytes: answer.len(), expected: 2 * field }.into()),
    }
}

fn from_der(answer: &[u8], field: usize) -> Option<Vec<u8>> {
    let mut outer = TlvReader::new(answer);
    let mut numbers = outer.expect(Tag(0x30)).ok()?.children();
    let mut raw = Vec::with_capacity(2 * field);
    for _ in 0..2 {
        let number = numbers.expect(Tag(0x02)).ok()?.value;
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        raw.extend(std::iter::repeat_n(0, field.checked_sub(number.len())?));
        raw.extend_from_slice(number);
    }
    (outer.rest().is_empty() && numbers.rest().is_empty()).then_some(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EC: KeySize = KeySize::Ec(48);

    fn ecdsa(input: Input, hash: Hash, digest: &[u8]) -> Result<Vec<u8>, CardError> {
        input.prepare(SignatureAlgorithm::Ecdsa(hash), EC, ToBeSigned::Digest(digest))
    }

    #[test]
    fn a_digest_is_cut_or_filled_to_the_length_the_card_wants() {
        for input in [Input::DigestOfLength { bytes: 48 }, Input::EncodedMessage] {
            assert_eq!(ecdsa(input, Hash::Sha384, &[7; 48]).unwrap(), [7; 48]);
            let filled = ecdsa(input, Hash::Sha256, &[7; 32]).unwrap();
            assert_eq!((filled.len(), &filled[..16], &filled[16..]), (48, &[0; 16][..], &[7; 32][..]));
            assert_eq!(ecdsa(input, Hash::Sha512, &[7; 64]).unwrap(), [7; 48]);
            assert!(ecdsa(input, Hash::Sha512, &[7; 48]).is_err());
        }
    }

    #[test]
    fn digest_info_is_that_of_rfc_8017() {
        let info = ecdsa(Input::DigestInfo, Hash::Sha256, &[0xAA; 32]).unwrap();
        assert_eq!(info.len(), 51);
        assert_eq!(info[..2], [0x30, 0x31]);
        assert_eq!(info[17..19], [0x04, 0x20]);
    }

    #[test]
    fn a_message_is_hashed_where_the_card_wants_a_digest() {
        let algorithm = SignatureAlgorithm::Ecdsa(Hash::Sha256);
        let input = Input::Digest.prepare(algorithm, EC, ToBeSigned::Message(b"abc")).unwrap();
        assert_eq!(input[..4], [0xBA, 0x78, 0x16, 0xBF]);
        assert!(Input::LastRound.prepare(algorithm, EC, ToBeSigned::Digest(&[0; 32])).is_err());
    }

    #[test]
    fn a_key_of_another_kind_is_refused_before_the_card() {
        for (algorithm, size) in [
            (SignatureAlgorithm::Ecdsa(Hash::Sha256), KeySize::Rsa(256)),
            (SignatureAlgorithm::RsaPss(Hash::Sha256), KeySize::Ec(32)),
            (SignatureAlgorithm::RsaPkcs1(Hash::Sha512), KeySize::Rsa(64)),
            (SignatureAlgorithm::RsaPss(Hash::Sha512), KeySize::Rsa(64)),
        ] {
            let digest = vec![0; algorithm.hash().length()];
            assert!(Input::EncodedMessage.prepare(algorithm, size, ToBeSigned::Digest(&digest)).is_err());
        }
    }

    #[test]
    fn der_signatures_become_r_and_s_of_field_length() {
        let der = [0x30, 0x08, 0x02, 0x02, 0x00, 0x80, 0x02, 0x02, 0x01, 0x02];
        assert_eq!(normalise(der.to_vec(), KeySize::Ec(4)).unwrap(), [0, 0, 0, 0x80, 0, 0, 1, 2]);
        assert!(normalise(vec![1; 7], KeySize::Ec(4)).is_err());
        assert!(normalise(vec![1; 255], KeySize::Rsa(256)).is_err());
        let too_long = [0x30, 0x06, 0x02, 0x01, 1, 0x02, 0x01, 1, 0x02, 0x01, 1];
        assert!(normalise(too_long.to_vec(), KeySize::Ec(4)).is_err());
    }
}

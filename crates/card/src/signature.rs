//! What a card's key is asked to sign, and what comes back.

use serde::Deserialize;

use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader},
};

/// Digest algorithms that a token can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
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

    /// DER of `DigestInfo` up to the digest itself (RFC 8017, section 9.2, note 1).
    const fn digest_info_prefix(self) -> [u8; 19] {
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

/// What the card expects as input of the signature command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
}

impl Input {
    /// The bytes of the command's data field.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] if the digest has another length than its algorithm.
    pub fn prepare(self, hash: Hash, digest: &[u8]) -> Result<Vec<u8>, CardError> {
        if digest.len() != hash.length() {
            return Err(CardError::Unsupported("a digest of another length than its algorithm gives"));
        }
        Ok(match self {
            Self::Digest => digest.to_vec(),
            Self::DigestOfLength { bytes } => {
                let kept = digest.get(..bytes.min(digest.len())).unwrap_or(digest);
                let mut input = vec![0; bytes.saturating_sub(kept.len())];
                input.extend_from_slice(kept);
                input
            }
            Self::DigestInfo => {
                let mut input = hash.digest_info_prefix().to_vec();
                input.extend_from_slice(digest);
                input
            }
        })
    }
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

    #[test]
    fn a_digest_is_cut_or_filled_to_the_length_the_card_wants() {
        let to_48 = Input::DigestOfLength { bytes: 48 };
        assert_eq!(to_48.prepare(Hash::Sha384, &[7; 48]).unwrap(), [7; 48]);
        let filled = to_48.prepare(Hash::Sha256, &[7; 32]).unwrap();
        assert_eq!((filled.len(), &filled[..16], &filled[16..]), (48, &[0; 16][..], &[7; 32][..]));
        assert_eq!(to_48.prepare(Hash::Sha512, &[7; 64]).unwrap(), [7; 48]);
        assert!(to_48.prepare(Hash::Sha512, &[7; 48]).is_err());
    }

    #[test]
    fn digest_info_is_that_of_rfc_8017() {
        let info = Input::DigestInfo.prepare(Hash::Sha256, &[0xAA; 32]).unwrap();
        assert_eq!(info.len(), 51);
        assert_eq!(info[..2], [0x30, 0x31]);
        assert_eq!(info[17..19], [0x04, 0x20]);
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

//! Signature algorithms, each with its names in CMS, XML and JOSE.

use bitaqa_trust::{
    ObjectIdentifier,
    public_key::{Curve, Hash, KeyKind, PublicKey, SignatureError, SignatureScheme},
};
use der::{
    Decode, Encode, SliceReader,
    asn1::{Any, UintRef},
};
use spki::AlgorithmIdentifierOwned;

use bitaqa_trust::oid as trust_oid;

/// An algorithm with its hash. What a key of this kind signs is always a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA on the key's curve.
    Ecdsa(Hash),
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS, MGF1 with the same hash, salt as long as the hash.
    RsaPss(Hash),
}

pub(crate) const HASHES: [Hash; 6] =
    [Hash::Sha256, Hash::Sha384, Hash::Sha512, Hash::Sha3_256, Hash::Sha3_384, Hash::Sha3_512];

impl SignatureAlgorithm {
    /// The hash over the bytes to be signed.
    #[must_use]
    pub const fn hash(self) -> Hash {
        match self {
            Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash) => hash,
        }
    }

    /// All algorithms that a key can sign with.
    #[must_use]
    pub fn of_key(key: KeyKind) -> Vec<Self> {
        let with = |make: fn(Hash) -> Self| HASHES.into_iter().map(make);
        match key {
            KeyKind::Ec(_) => with(Self::Ecdsa).collect(),
            KeyKind::Rsa { .. } => with(Self::RsaPkcs1).chain(with(Self::RsaPss)).collect(),
            KeyKind::RsaPss { .. } => with(Self::RsaPss).collect(),
        }
    }

    /// The algorithm that fits a key best: a hash as long as the curve's order, PSS only where the key demands it, since
    /// fewer programs read it.
    #[must_use]
    pub const fn for_key(key: KeyKind) -> Self {
        match key {
            KeyKind::Ec(Curve::P256 | Curve::BrainpoolP256r1) => Self::Ecdsa(Hash::Sha256),
            KeyKind::Ec(Curve::P384 | Curve::BrainpoolP384r1) => Self::Ecdsa(Hash::Sha384),
            KeyKind::Ec(Curve::P521 | Curve::BrainpoolP512r1) => Self::Ecdsa(Hash::Sha512),
            KeyKind::Rsa { .. } => Self::RsaPkcs1(Hash::Sha256),
            KeyKind::RsaPss { .. } => Self::RsaPss(Hash::Sha256),
        }
    }

    /// The same with another hash.
    #[must_use]
    pub const fn with_hash(self, hash: Hash) -> Self {
        match self {
            Self::Ecdsa(_) => Self::Ecdsa(hash),
            Self::RsaPkcs1(_) => Self::RsaPkcs1(hash),
            Self::RsaPss(_) => Self::RsaPss(hash),
        }
    }

    /// How its signatures are verified, with ECDSA in the encoding that CMS has (`Ecdsa-Sig-Value`) or in the one that XML,
    /// JOSE and cards have (`r ‖ s`).
    #[must_use]
    pub const fn scheme(self, encoding: EcdsaEncoding) -> SignatureScheme {
        match (self, encoding) {
            (Self::Ecdsa(hash), EcdsaEncoding::Der) => SignatureScheme::EcdsaDer(hash),
            (Self::Ecdsa(hash), EcdsaEncoding::Raw) => SignatureScheme::EcdsaRaw(hash),
            (Self::RsaPkcs1(hash), _) => SignatureScheme::Pkcs1(hash),
            (Self::RsaPss(hash), _) => SignatureScheme::Pss { hash, salt_length: hash.length() },
        }
    }

    /// Verifies a signature over a digest.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(
        self,
        key: &PublicKey,
        encoding: EcdsaEncoding,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        key.verify(self.scheme(encoding), digest, signature)
    }

    /// `AlgorithmIdentifier` of the signature in CMS (RFC 5754, RFC 4056, RFC 9688).
    ///
    /// # Errors
    /// None in practice: the encoder's.
    pub fn identifier(self) -> der::Result<AlgorithmIdentifierOwned> {
        let (oid, parameters) = match self {
            Self::Ecdsa(hash) => (ecdsa_oid(hash), None),
            Self::RsaPkcs1(hash) => (rsa_oid(hash), Some(Any::null())),
            Self::RsaPss(hash) => (trust_oid::ID_RSASSA_PSS, Some(pss_parameters(hash)?)),
        };
        Ok(AlgorithmIdentifierOwned { oid, parameters })
    }

    /// The algorithm of `signatureAlgorithm` and `digestAlgorithm` of a `SignerInfo`. Old files name the key's algorithm
    /// (`rsaEncryption`, `id-ecPublicKey`) and leave the hash to the digest algorithm (RFC 5754 section 3.2). The salt of
    /// PSS may have another length.
    ///
    /// # Errors
    /// [`AlgorithmError`]: unknown, too weak, or with parameters that we do not take.
    pub fn from_identifier(
        signature: &AlgorithmIdentifierOwned,
        digest: ObjectIdentifier,
    ) -> Result<SignatureScheme, AlgorithmError> {
        let hash = Hash::from_oid(digest).ok_or(AlgorithmError::Digest { algorithm: digest })?;
        let scheme = match signature.oid {
            trust_oid::RSA_ENCRYPTION => SignatureScheme::Pkcs1(hash),
            trust_oid::ID_EC_PUBLIC_KEY => SignatureScheme::EcdsaDer(hash),
            trust_oid::ID_RSASSA_PSS => {
                let (hash, salt_length) =
                    bitaqa_trust::public_key::pss_parameters(signature).ok_or(AlgorithmError::Parameters)?;
                SignatureScheme::Pss { hash, salt_length }
            }
            other => {
                let named = HASHES.into_iter().find_map(|hash| {
                    (ecdsa_oid(hash) == other)
                        .then_some(SignatureScheme::EcdsaDer(hash))
                        .or((rsa_oid(hash) == other).then_some(SignatureScheme::Pkcs1(hash)))
                });
                named.ok_or(AlgorithmError::Signature { algorithm: other })?
            }
        };
        if scheme.hash() == hash { Ok(scheme) } else { Err(AlgorithmError::HashesDiffer) }
    }
}

/// How a pair of numbers is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EcdsaEncoding {
    /// `Ecdsa-Sig-Value` (RFC 3279 section 2.2.3).
    Der,
    /// `r ‖ s`, each as long as the curve's order.
    Raw,
}

/// `Ecdsa-Sig-Value` of `r ‖ s`. RSA signatures have one encoding only and need none of this.
#[must_use]
pub fn ecdsa_der(raw: &[u8]) -> Option<Vec<u8>> {
    if raw.is_empty() || !raw.len().is_multiple_of(2) {
        return None;
    }
    let (r, s) = raw.split_at(raw.len() / 2);
    let numbers = [UintRef::new(r).ok()?, UintRef::new(s).ok()?];
    let mut body = numbers[0].to_der().ok()?;
    body.extend(numbers[1].to_der().ok()?);
    Any::new(der::Tag::Sequence, body).ok()?.to_der().ok()
}

/// `r ‖ s` of an `Ecdsa-Sig-Value`, each number in `length` bytes; none if it is not one, or a number is longer.
#[must_use]
pub fn ecdsa_raw(signature: &[u8], length: usize) -> Option<Vec<u8>> {
    use der::Reader;
    let body = Any::from_der(signature).ok().filter(|any| der::Tagged::tag(any) == der::Tag::Sequence)?;
    let mut reader = SliceReader::new(body.value()).ok()?;
    let mut raw = Vec::with_capacity(2 * length);
    for _ in 0..2 {
        let number = UintRef::decode(&mut reader).ok()?;
        let padding = length.checked_sub(number.as_bytes().len())?;
        raw.resize(raw.len() + padding, 0);
        raw.extend_from_slice(number.as_bytes());
    }
    reader.finish().ok()?;
    Some(raw)
}

/// Bytes of each of the two numbers of an ECDSA signature.
#[must_use]
pub const fn ecdsa_number_length(curve: Curve) -> usize {
    match curve {
        Curve::P256 | Curve::BrainpoolP256r1 => 32,
        Curve::P384 | Curve::BrainpoolP384r1 => 48,
        Curve::BrainpoolP512r1 => 64,
        Curve::P521 => 66,
    }
}

const fn ecdsa_oid(hash: Hash) -> ObjectIdentifier {
    match hash {
        Hash::Sha256 => trust_oid::ECDSA_WITH_SHA_256,
        Hash::Sha384 => trust_oid::ECDSA_WITH_SHA_384,
        Hash::Sha512 => trust_oid::ECDSA_WITH_SHA_512,
        Hash::Sha3_256 => trust_oid::ID_ECDSA_WITH_SHA_3_256,
        Hash::Sha3_384 => trust_oid::ID_ECDSA_WITH_SHA_3_384,
        Hash::Sha3_512 => trust_oid::ID_ECDSA_WITH_SHA_3_512,
    }
}

const fn rsa_oid(hash: Hash) -> ObjectIdentifier {
    match hash {
        Hash::Sha256 => trust_oid::SHA_256_WITH_RSA_ENCRYPTION,
        Hash::Sha384 => trust_oid::SHA_384_WITH_RSA_ENCRYPTION,
        Hash::Sha512 => trust_oid::SHA_512_WITH_RSA_ENCRYPTION,
        Hash::Sha3_256 => trust_oid::RSA_WITH_SHA_3_256,
        Hash::Sha3_384 => trust_oid::RSA_WITH_SHA_3_384,
        Hash::Sha3_512 => trust_oid::RSA_WITH_SHA_3_512,
    }
}

/// `RSASSA-PSS-params` (RFC 4055 section 3.1): hash, MGF1 with it, salt as long as it; the trailer is the default.
fn pss_parameters(hash: Hash) -> der::Result<Any> {
    let hash_identifier = AlgorithmIdentifierOwned { oid: hash.oid(), parameters: Some(Any::null()) };
    let mask = AlgorithmIdentifierOwned {
        oid: trust_oid::ID_MGF_1,
        parameters: Some(Any::encode_from(&hash_identifier)?),
    };
    let explicit = |number: u8, inner: Vec<u8>| {
        let tag = der::Tag::ContextSpecific { constructed: true, number: der::TagNumber(u32::from(number)) };
        Any::new(tag, inner)?.to_der()
    };
    let salt = u8::try_from(hash.length()).unwrap_or(u8::MAX);
    let mut body = explicit(0, hash_identifier.to_der()?)?;
    body.extend(explicit(1, mask.to_der()?)?);
    body.extend(explicit(2, salt.to_der()?)?);
    Any::new(der::Tag::Sequence, body)
}

/// Why an algorithm is not one that we verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AlgorithmError {
    /// A digest that is unknown or too weak (MD5, SHA-1, SHA-224).
    #[error("the digest algorithm {algorithm} is not accepted")]
    Digest {
        /// Its identifier.
        algorithm: ObjectIdentifier,
    },
    /// A signature algorithm that is unknown or too weak.
    #[error("the signature algorithm {algorithm} is not accepted")]
    Signature {
        /// Its identifier.
        algorithm: ObjectIdentifier,
    },
    /// A signature algorithm that is unknown or too weak, by its name in XML or JOSE.
    #[error("the algorithm {name} is not accepted")]
    Name {
        /// Its name.
        name: String,
    },
    /// Parameters that are missing, or that we do not take.
    #[error("the algorithm's parameters are not accepted")]
    Parameters,
    /// Digest and signature algorithm name different hashes.
    #[error("digest and signature algorithm name different hashes")]
    HashesDiffer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read_as_they_are_written() {
        for hash in HASHES {
            for algorithm in [
                SignatureAlgorithm::Ecdsa(hash),
                SignatureAlgorithm::RsaPkcs1(hash),
                SignatureAlgorithm::RsaPss(hash),
            ] {
                let identifier = algorithm.identifier().unwrap();
                assert_eq!(
                    SignatureAlgorithm::from_identifier(&identifier, hash.oid()),
                    Ok(algorithm.scheme(EcdsaEncoding::Der)),
                    "{algorithm:?}"
                );
            }
        }
    }

    #[test]
    fn both_encodings_of_ecdsa_are_the_same_numbers() {
        let mut raw = vec![0; 96];
        raw[3] = 0x80;
        raw[95] = 1;
        let der = ecdsa_der(&raw).unwrap();
        assert_eq!(ecdsa_raw(&der, 48), Some(raw));
        assert_eq!(ecdsa_raw(&der, 32), None);
        assert_eq!(ecdsa_der(&[1, 2, 3]), None);
    }
}

//! Names of algorithms in JSON.

use bitaqa_trust::public_key::{Curve, KeyKind};

use crate::{Hash, SignatureAlgorithm, algorithm::AlgorithmError};

const ALGORITHMS: [(&str, SignatureAlgorithm); 9] = [
    ("ES256", SignatureAlgorithm::Ecdsa(Hash::Sha256)),
    ("ES384", SignatureAlgorithm::Ecdsa(Hash::Sha384)),
    ("ES512", SignatureAlgorithm::Ecdsa(Hash::Sha512)),
    ("PS256", SignatureAlgorithm::RsaPss(Hash::Sha256)),
    ("PS384", SignatureAlgorithm::RsaPss(Hash::Sha384)),
    ("PS512", SignatureAlgorithm::RsaPss(Hash::Sha512)),
    ("RS256", SignatureAlgorithm::RsaPkcs1(Hash::Sha256)),
    ("RS384", SignatureAlgorithm::RsaPkcs1(Hash::Sha384)),
    ("RS512", SignatureAlgorithm::RsaPkcs1(Hash::Sha512)),
];

const HASHES: [(&str, Hash); 6] = [
    ("S256", Hash::Sha256),
    ("S384", Hash::Sha384),
    ("S512", Hash::Sha512),
    ("S3-256", Hash::Sha3_256),
    ("S3-384", Hash::Sha3_384),
    ("S3-512", Hash::Sha3_512),
];

/// Value of `alg` for a key (RFC 7518 section 3.1). ECDSA algorithms are tied to one curve of NIST each; the brainpool curves
/// and SHA-3 have no registered name.
///
/// # Errors
/// [`AlgorithmError::Name`]: none is registered.
pub fn name(algorithm: SignatureAlgorithm, key: KeyKind) -> Result<&'static str, AlgorithmError> {
    let found = ALGORITHMS.iter().find(|(_, known)| *known == algorithm && fits(*known, key));
    found
        .map(|(name, _)| *name)
        .ok_or_else(|| AlgorithmError::Name { name: format!("{algorithm:?} with {key}") })
}

/// The algorithm of an `alg`.
///
/// # Errors
/// [`AlgorithmError::Name`]: unknown, symmetric, or none at all.
pub fn from_name(name: &str) -> Result<SignatureAlgorithm, AlgorithmError> {
    let found = ALGORITHMS.iter().find(|(known, _)| *known == name);
    found.map(|(_, algorithm)| *algorithm).ok_or_else(|| AlgorithmError::Name { name: shown(name) })
}

/// Whether a key can have made a signature of the algorithm.
#[must_use]
pub const fn fits(algorithm: SignatureAlgorithm, key: KeyKind) -> bool {
    matches!(
        (algorithm, key),
        (SignatureAlgorithm::Ecdsa(Hash::Sha256), KeyKind::Ec(Curve::P256))
            | (SignatureAlgorithm::Ecdsa(Hash::Sha384), KeyKind::Ec(Curve::P384))
            | (SignatureAlgorithm::Ecdsa(Hash::Sha512), KeyKind::Ec(Curve::P521))
            | (SignatureAlgorithm::RsaPkcs1(_), KeyKind::Rsa { .. })
            | (SignatureAlgorithm::RsaPss(_), KeyKind::Rsa { .. } | KeyKind::RsaPss { .. })
    )
}

/// Name of a hash in `hashM` and `digAlg`.
#[must_use]
pub fn hash_name(hash: Hash) -> &'static str {
    HASHES.iter().find(|(_, known)| *known == hash).map_or("S256", |(name, _)| *name)
}

/// The hash of a name; none for what is unknown or too weak.
#[must_use]
pub fn hash_from_name(name: &str) -> Option<Hash> {
    HASHES.iter().find(|(known, _)| *known == name).map(|(_, hash)| *hash)
}

/// A stranger's word, short enough for a message.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_algorithms_and_back() {
        for (text, algorithm) in ALGORITHMS {
            assert_eq!(from_name(text), Ok(algorithm));
        }
        for (text, hash) in HASHES {
            assert_eq!((hash_from_name(text), hash_name(hash)), (Some(hash), text));
        }
        for text in ["none", "HS256", "ES256K", "EdDSA", "es256", ""] {
            assert!(from_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_curve_belongs_to_its_algorithm() {
        let p256 = KeyKind::Ec(Curve::P256);
        assert_eq!(name(SignatureAlgorithm::Ecdsa(Hash::Sha256), p256), Ok("ES256"));
        for hash in [Hash::Sha384, Hash::Sha3_256] {
            assert!(name(SignatureAlgorithm::Ecdsa(hash), p256).is_err());
        }
        let brainpool = KeyKind::Ec(Curve::BrainpoolP256r1);
        assert!(name(SignatureAlgorithm::Ecdsa(Hash::Sha256), brainpool).is_err());
    }
}

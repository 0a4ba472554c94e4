//! Signatures on certificates: which algorithm identifiers we verify, with which parameters.

use der::{Tag, Tagged, asn1::BitString};
use spki::AlgorithmIdentifierOwned;

use crate::{
    oid,
    public_key::{Hash, PublicKey, SignatureError, SignatureScheme, pss_parameters},
};

/// Verifies a signature over `message` as the algorithm identifier says (RFC 4055, RFC 5754, RFC 5758, RFC 9688). Hashes below
/// SHA-256 are refused.
///
/// # Errors
/// [`CertificateSignatureError`].
pub fn verify(
    key: &PublicKey,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &BitString,
) -> Result<(), CertificateSignatureError> {
    let scheme = scheme(algorithm)?;
    let signature = signature.as_bytes().ok_or(CertificateSignatureError::Encoding)?;
    Ok(key.verify_message(scheme, message, signature)?)
}

fn scheme(algorithm: &AlgorithmIdentifierOwned) -> Result<SignatureScheme, CertificateSignatureError> {
    let (scheme, null_allowed) = match algorithm.oid {
        oid::ECDSA_WITH_SHA_256 => (SignatureScheme::EcdsaDer(Hash::Sha256), false),
        oid::ECDSA_WITH_SHA_384 => (SignatureScheme::EcdsaDer(Hash::Sha384), false),
        oid::ECDSA_WITH_SHA_512 => (SignatureScheme::EcdsaDer(Hash::Sha512), false),
        oid::SHA_256_WITH_RSA_ENCRYPTION => (SignatureScheme::Pkcs1(Hash::Sha256), true),
        oid::SHA_384_WITH_RSA_ENCRYPTION => (SignatureScheme::Pkcs1(Hash::Sha384), true),
        oid::SHA_512_WITH_RSA_ENCRYPTION => (SignatureScheme::Pkcs1(Hash::Sha512), true),
        #[cfg(feature = "sha3")]
        oid::ID_ECDSA_WITH_SHA_3_256 => (SignatureScheme::EcdsaDer(Hash::Sha3_256), false),
        #[cfg(feature = "sha3")]
        oid::ID_ECDSA_WITH_SHA_3_384 => (SignatureScheme::EcdsaDer(Hash::Sha3_384), false),
        #[cfg(feature = "sha3")]
        oid::ID_ECDSA_WITH_SHA_3_512 => (SignatureScheme::EcdsaDer(Hash::Sha3_512), false),
        #[cfg(feature = "sha3")]
        oid::RSA_WITH_SHA_3_256 => (SignatureScheme::Pkcs1(Hash::Sha3_256), true),
        #[cfg(feature = "sha3")]
        oid::RSA_WITH_SHA_3_384 => (SignatureScheme::Pkcs1(Hash::Sha3_384), true),
        #[cfg(feature = "sha3")]
        oid::RSA_WITH_SHA_3_512 => (SignatureScheme::Pkcs1(Hash::Sha3_512), true),
        oid::ID_RSASSA_PSS => {
            let (hash, salt_length) =
                pss_parameters(algorithm).ok_or(CertificateSignatureError::Algorithm)?;
            return Ok(SignatureScheme::Pss { hash, salt_length });
        }
        _ => return Err(CertificateSignatureError::Algorithm),
    };
    match &algorithm.parameters {
        None => Ok(scheme),
        Some(parameters) if null_allowed && parameters.tag() == Tag::Null => Ok(scheme),
        Some(_) => Err(CertificateSignatureError::Encoding),
    }
}

/// Why the signature on a certificate does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateSignatureError {
    /// An algorithm that we do not verify: unknown, too weak, or with parameters we do not take.
    #[error("the certificate is signed with an algorithm that is not supported")]
    Algorithm,
    /// Parameters or bits that the algorithm does not allow.
    #[error("the certificate's signature is malformed")]
    Encoding,
    /// The signature itself.
    #[error("{0}")]
    Signature(#[from] SignatureError),
}

//! Sign-in tokens: did the key of this certificate sign this origin and challenge?
//!
//! The card signs with the algorithm's hash H over `H(origin) ‖ H(challenge)`, both as their UTF-8 text (Web eID
//! authentication token format 1.0). Origin and challenge come from the verifier's own session, never from the token. The
//! steps stand in this order because nothing that costs the network may happen before the signature is verified.

use bitaqa_protocol::{
    AuthToken, Challenge, Origin,
    auth_token::{AuthTokenError, TokenAlgorithm},
};

use crate::{
    authentication_certificate::AuthenticationCertificate,
    certificate::CertificateError,
    public_key::{Curve, Hash, KeyKind, SignatureError, SignatureScheme},
};

/// Verifies format, algorithm and signature of a token, and nothing else: whether the certificate can be believed is for
/// [`TokenVerifier`](crate::TokenVerifier).
///
/// # Errors
/// [`TokenSignatureError`] names the first step that failed.
pub fn verify_signature(
    token: &AuthToken,
    origin: &Origin,
    challenge: &Challenge,
) -> Result<AuthenticationCertificate, TokenSignatureError> {
    let certificate = check_format(token)?;
    check_algorithm(token.algorithm, &certificate)?;
    check_signature(token, &certificate, origin, challenge)?;
    Ok(certificate)
}

/// First step: the fields of the token, and its certificate.
pub(crate) fn check_format(token: &AuthToken) -> Result<AuthenticationCertificate, TokenSignatureError> {
    token.check()?;
    Ok(AuthenticationCertificate::from_der(&token.certificate()?)?)
}

/// Second step: the algorithm is one of the certificate's key (RFC 7518 section 3.1; brainpool curves take the name of
/// the NIST curve of their size).
pub(crate) fn check_algorithm(
    algorithm: TokenAlgorithm,
    certificate: &AuthenticationCertificate,
) -> Result<(), TokenSignatureError> {
    use TokenAlgorithm::{ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512};
    let key = certificate.public_key().kind();
    let fits = match key {
        KeyKind::Ec(Curve::P256 | Curve::BrainpoolP256r1) => algorithm == ES256,
        KeyKind::Ec(Curve::P384 | Curve::BrainpoolP384r1) => algorithm == ES384,
        KeyKind::Ec(Curve::P521 | Curve::BrainpoolP512r1) => algorithm == ES512,
        KeyKind::Rsa { .. } => matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512),
        KeyKind::RsaPss { .. } => matches!(algorithm, PS256 | PS384 | PS512),
    };
    if fits { Ok(()) } else { Err(TokenSignatureError::Algorithm { algorithm, key }) }
}

/// Third step: the signature over origin and challenge.
pub(crate) fn check_signature(
    token: &AuthToken,
    certificate: &AuthenticationCertificate,
    origin: &Origin,
    challenge: &Challenge,
) -> Result<(), TokenSignatureError> {
    let scheme = scheme(token.algorithm);
    let digest = signed_digest(token.algorithm, origin, challenge);
    Ok(certificate.public_key().verify(scheme, &digest, &token.signature()?)?)
}

/// What the card signs: `H(H(origin) ‖ H(challenge))`, H being the algorithm's hash.
#[must_use]
pub fn signed_digest(algorithm: TokenAlgorithm, origin: &Origin, challenge: &Challenge) -> Vec<u8> {
    let hash = hash(algorithm);
    let origin = hash.digest(&[origin.as_str().as_bytes()]);
    let challenge = hash.digest(&[challenge.as_str().as_bytes()]);
    hash.digest(&[&origin, &challenge])
}

fn hash(algorithm: TokenAlgorithm) -> Hash {
    use TokenAlgorithm::{ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512};
    match algorithm {
        ES256 | PS256 | RS256 => Hash::Sha256,
        ES384 | PS384 | RS384 => Hash::Sha384,
        ES512 | PS512 | RS512 => Hash::Sha512,
    }
}

/// One encoding per algorithm: ECDSA as `r ‖ s`, PSS with a salt as long as the hash (RFC 7518 sections 3.4 and 3.5).
fn scheme(algorithm: TokenAlgorithm) -> SignatureScheme {
    use TokenAlgorithm::{ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512};
    let hash = hash(algorithm);
    match algorithm {
        ES256 | ES384 | ES512 => SignatureScheme::EcdsaRaw(hash),
        PS256 | PS384 | PS512 => SignatureScheme::Pss { hash, salt_length: hash.length() },
        RS256 | RS384 | RS512 => SignatureScheme::Pkcs1(hash),
    }
}

/// Why the signature of a token does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenSignatureError {
    /// Not a token.
    #[error("{0}")]
    Format(#[from] AuthTokenError),
    /// Its certificate cannot be read, or its key is not one that we verify with.
    #[error("{0}")]
    Certificate(#[from] CertificateError),
    /// The algorithm is not one of the certificate's key.
    #[error("the algorithm {algorithm:?} does not fit the certificate's key ({key})")]
    Algorithm {
        /// Algorithm of the token.
        algorithm: TokenAlgorithm,
        /// Key of the certificate.
        key: KeyKind,
    },
    /// The signature is not the key's over origin and challenge.
    #[error("{0}")]
    Signature(#[from] SignatureError),
}

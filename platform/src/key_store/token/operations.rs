//! What keys of the token do.

use bitaqa_jose::{PublicJwk, SignatureAlgorithm, jws};
use cryptoki::{
    mechanism::{
        Mechanism, MechanismType,
        eddsa::{EddsaParams, EddsaSignatureScheme},
        elliptic_curve::{EcKdf, Ecdh1DeriveParams},
        rsa::{PkcsMgfType, PkcsPssParams},
    },
    object::{Attribute, AttributeType, KeyType, ObjectClass},
    session::Session,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{TokenError, connection::Connection, objects::KeyPair};

/// Bytes of what two keys on P-256 share.
const SHARED_LENGTH: u64 = 32;
/// Bytes of the salt of PS256 (RFC 7518 section 3.5).
const SALT_LENGTH: u64 = 32;

/// A key of the token, as one that signs.
pub(super) struct TokenSigner<'a> {
    pub(super) connection: &'a Connection,
    pub(super) pair: &'a KeyPair,
}

impl jws::Signer for TokenSigner<'_> {
    type Error = TokenError;

    fn algorithm(&self) -> SignatureAlgorithm {
        self.pair.kind.algorithm()
    }

    fn key_id(&self) -> Option<String> {
        self.pair.key.key_id().map(str::to_owned)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        let digest = Sha256::digest(message);
        let (mechanism, message) = match self.algorithm() {
            // Ed25519 itself, without a parameter (PKCS #11, version 3.0, section 2.3.14)
            SignatureAlgorithm::EdDsa => {
                (Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519)), message)
            }
            SignatureAlgorithm::Rs256 => (Mechanism::Sha256RsaPkcs, message),
            SignatureAlgorithm::Ps256 => {
                let parameters = PkcsPssParams {
                    hash_alg: MechanismType::SHA256,
                    mgf: PkcsMgfType::MGF1_SHA256,
                    s_len: SALT_LENGTH.into(),
                };
                (Mechanism::Sha256RsaPkcsPss(parameters), message)
            }
            SignatureAlgorithm::Es256 | SignatureAlgorithm::Es384 => (Mechanism::Ecdsa, digest.as_slice()),
        };
        self.connection.in_session(|session| Ok(session.sign(&mechanism, self.pair.private, message)?))
    }
}

/// The x-coordinate of the point that a key of the token shares with another key, derived there as a secret that ends with the session's
/// object (PKCS #11 section 2.3.18, `CKD_NULL`).
pub(super) fn agree(
    session: &Session,
    pair: &KeyPair,
    other: &PublicJwk,
) -> Result<Zeroizing<Vec<u8>>, TokenError> {
    let point = other.point().ok_or(TokenError::Incomplete { what: "curve" })?;
    let mechanism = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), &point));
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::ValueLen(SHARED_LENGTH.into()),
        Attribute::Token(false),
        Attribute::Sensitive(false),
        Attribute::Extractable(true),
    ];
    let secret = session.derive_key(&mechanism, pair.private, &template)?;
    let attributes = session.get_attributes(secret, &[AttributeType::Value]);
    session.destroy_object(secret)?;
    match attributes?.pop() {
        Some(Attribute::Value(value)) => Ok(Zeroizing::new(value)),
        _ => Err(TokenError::Incomplete { what: "shared secret" }),
    }
}

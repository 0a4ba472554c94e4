//! JWS in compact serialisation (RFC 7515), with ES256, ES384 and EdDSA, and where it is switched on, RS256 and PS256, for which the
//! caller brings whoever signs.
//!
//! Reading has three steps, so that nothing is believed too early: [`CompactJws::parse`] takes the text apart by the caller's
//! rules, the caller finds the key by what the header says, [`CompactJws::verify`] gives the payload.

use serde_json::{Map, Value};

#[cfg(feature = "rsa")]
use crate::VerificationJwk;
pub use crate::header::{ExpectedType, HeaderError};
use crate::{
    JwkError, PublicJwk, SignatureAlgorithm, base64url,
    header::{self, Members},
};

/// The protected header.
#[derive(Debug, Clone, PartialEq)]
pub struct JwsHeader {
    /// `alg`.
    pub algorithm: SignatureAlgorithm,
    /// `typ` (RFC 7515 section 4.1.9).
    pub type_: Option<String>,
    /// `kid`: which key, in the signer's words.
    pub key_id: Option<String>,
    /// `cty`.
    pub content_type: Option<String>,
    /// `jwk`: the key itself, if it is on a curve. Whoever reads it has to know the key by its thumbprint; by itself it proves nothing.
    pub key: Option<PublicJwk>,
    /// Members of the caller's own, none of which has a registered name.
    pub own: Map<String, Value>,
}

impl JwsHeader {
    /// A header with an algorithm and a `typ`.
    #[must_use]
    pub fn new(algorithm: SignatureAlgorithm, type_: &str) -> Self {
        Self {
            algorithm,
            type_: Some(type_.to_owned()),
            key_id: None,
            content_type: None,
            key: None,
            own: Map::new(),
        }
    }

    fn encode(&self) -> Result<String, HeaderError> {
        let mut members = Map::new();
        members.insert("alg".to_owned(), self.algorithm.name().into());
        header::put(&mut members, "typ", self.type_.as_deref());
        header::put(&mut members, "cty", self.content_type.as_deref());
        header::put(&mut members, "kid", self.key_id.as_deref());
        header::put(&mut members, "jwk", self.key.as_ref().map(PublicJwk::to_members));
        header::encode(members, &self.own)
    }
}

/// What a reader takes.
#[derive(Debug, Clone, Copy)]
pub struct JwsRules<'a> {
    /// The `typ` there must be.
    pub type_: ExpectedType<'a>,
    /// The algorithms that are taken; any other is refused.
    pub algorithms: &'a [SignatureAlgorithm],
    /// Longest text, in bytes.
    pub max_length: usize,
}

/// Somebody who signs: a key in memory, a card, a hardware module.
pub trait Signer {
    /// What can go wrong.
    type Error;

    /// The algorithm of its key.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The name of its key, for `kid`.
    fn key_id(&self) -> Option<String>;

    /// Signs a message. The answer is R ‖ S for ECDSA (RFC 7518 section 3.4).
    ///
    /// # Errors
    /// The signer's own.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error>;
}

/// A JWS that lacks its signature: for a signer that takes its time.
#[derive(Debug, Clone)]
pub struct UnsignedJws {
    input: String,
    algorithm: SignatureAlgorithm,
}

impl UnsignedJws {
    /// Puts header and payload together.
    ///
    /// # Errors
    /// [`HeaderError`]: a member of the caller's own has a registered name, or one is too long.
    pub fn new(header: &JwsHeader, payload: &[u8]) -> Result<Self, HeaderError> {
        let input = format!("{}.{}", header.encode()?, base64url::encode(payload));
        Ok(Self { input, algorithm: header.algorithm })
    }

    /// The bytes to sign (RFC 7515 section 5.1).
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.input.as_bytes()
    }

    /// Adds the signature (R ‖ S for ECDSA).
    ///
    /// # Errors
    /// [`JwsError::Signature`]: it has not the length that signatures of the algorithm have. Nothing else is checked.
    pub fn finish(self, signature: &[u8]) -> Result<String, JwsError> {
        if !self.algorithm.can_have(signature.len()) {
            return Err(JwsError::Signature);
        }
        Ok(format!("{}.{}", self.input, base64url::encode(signature)))
    }
}

/// Signs a payload. `alg` and `kid` of the header are the signer's.
///
/// # Errors
/// [`SignError`]: the header, or the signer.
pub fn sign<S: Signer>(
    mut header: JwsHeader,
    payload: &[u8],
    signer: &S,
) -> Result<String, SignError<S::Error>> {
    header.algorithm = signer.algorithm();
    header.key_id = signer.key_id();
    let unsigned = UnsignedJws::new(&header, payload)?;
    let signature = signer.sign(unsigned.signing_input()).map_err(SignError::Signer)?;
    unsigned.finish(&signature).map_err(|_| SignError::Length)
}

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError<E> {
    /// The header cannot be.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The signer's own error.
    #[error("the signer failed")]
    Signer(E),
    /// The signer gave something that is no signature of its algorithm.
    #[error("the signer's answer has not the length of a signature")]
    Length,
}

/// A JWS that is taken apart and not yet believed.
#[derive(Debug, Clone)]
pub struct CompactJws<'a> {
    header: JwsHeader,
    input: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
    #[cfg(feature = "rsa")]
    embedded_key: Option<VerificationJwk>,
}

impl<'a> CompactJws<'a> {
    /// Takes the text apart.
    ///
    /// # Errors
    /// [`JwsError`] says which rule it breaks.
    pub fn parse(text: &'a str, rules: &JwsRules<'_>) -> Result<Self, JwsError> {
        if text.len() > rules.max_length {
            return Err(JwsError::TooLong { max: rules.max_length });
        }
        let (input, signature) = text.rsplit_once('.').ok_or(JwsError::Parts)?;
        let (protected, payload) = input.split_once('.').ok_or(JwsError::Parts)?;
        if payload.contains('.') {
            return Err(JwsError::Parts);
        }
        let mut members = Members::parse(protected)?;
        let name = members.word("alg")?.ok_or(HeaderError::Member("alg"))?;
        let algorithm = SignatureAlgorithm::from_name(&name)
            .filter(|algorithm| rules.algorithms.contains(algorithm))
            .ok_or(JwsError::Algorithm)?;
        members.expect_type(rules.type_)?;
        let key = members.value("jwk").map(serde_json::from_value).transpose();
        #[cfg(not(feature = "rsa"))]
        let key: Option<PublicJwk> = key.map_err(|_| HeaderError::Member("jwk"))?;
        #[cfg(feature = "rsa")]
        let embedded_key: Option<VerificationJwk> = key.map_err(|_| HeaderError::Member("jwk"))?;
        #[cfg(feature = "rsa")]
        let key = match &embedded_key {
            Some(VerificationJwk::Curve(key)) => Some(key.clone()),
            _ => None,
        };
        let header = JwsHeader {
            algorithm,
            type_: match rules.type_ {
                ExpectedType::Is(type_) => Some(type_.to_owned()),
                ExpectedType::Absent => None,
            },
            key_id: members.word("kid")?,
            content_type: members.word("cty")?,
            key,
            own: members.rest(),
        };
        let payload = base64url::decode(payload).map_err(|_| JwsError::Payload)?;
        let signature = base64url::decode(signature).map_err(|_| JwsError::Signature)?;
        Ok(Self {
            header,
            input,
            payload,
            signature,
            #[cfg(feature = "rsa")]
            embedded_key,
        })
    }

    /// The header. It says which key to look for, and nothing else before the signature is verified.
    #[must_use]
    pub const fn header(&self) -> &JwsHeader {
        &self.header
    }

    /// The payload **before** anything vouches for it: only to find out who is said to have signed.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// `jwk` of the header, whatever kind of key it is. By itself it proves nothing.
    #[cfg(feature = "rsa")]
    #[must_use]
    pub const fn embedded_key(&self) -> Option<&VerificationJwk> {
        self.embedded_key.as_ref()
    }

    /// Verifies the signature by a key of any kind and gives the payload.
    ///
    /// # Errors
    /// As [`CompactJws::verify`].
    #[cfg(feature = "rsa")]
    pub fn verify_by(self, key: &VerificationJwk) -> Result<Vec<u8>, JwsError> {
        let key = match key {
            VerificationJwk::Curve(key) => return self.verify(key),
            VerificationJwk::Rsa(key) => key,
        };
        if let (Some(said), Some(own)) = (&self.header.key_id, key.key_id())
            && said != own
        {
            return Err(JwsError::OtherKey);
        }
        let right = key.verify(self.header.algorithm, self.input.as_bytes(), &self.signature)?;
        if right { Ok(self.payload) } else { Err(JwsError::Signature) }
    }

    /// Verifies the signature and gives the payload.
    ///
    /// # Errors
    /// [`JwsError::Key`]: the key is for something else, or has another name than the header says;
    /// [`JwsError::Signature`]: it did not sign this.
    pub fn verify(self, key: &PublicJwk) -> Result<Vec<u8>, JwsError> {
        if let (Some(said), Some(own)) = (&self.header.key_id, key.key_id())
            && said != own
        {
            return Err(JwsError::OtherKey);
        }
        let right = key.verify(self.header.algorithm, self.input.as_bytes(), &self.signature)?;
        if right { Ok(self.payload) } else { Err(JwsError::Signature) }
    }
}

/// Why a JWS is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than the caller takes.
    #[error("longer than {max} bytes")]
    TooLong {
        /// The most that is taken, in bytes.
        max: usize,
    },
    /// Not three parts.
    #[error("not a JWS in compact serialisation: three parts with dots between them")]
    Parts,
    /// The header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// An algorithm that is not taken here.
    #[error("signed with an algorithm that is not taken here")]
    Algorithm,
    /// The payload is not base64url.
    #[error("the payload is not base64url without padding")]
    Payload,
    /// The header names another key.
    #[error("the header names another key")]
    OtherKey,
    /// The key is for something else.
    #[error(transparent)]
    Key(#[from] JwkError),
    /// The signature is not the key's over these bytes.
    #[error("the signature is wrong")]
    Signature,
}

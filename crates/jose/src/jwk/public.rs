use std::fmt;

use ed25519_dalek::Verifier as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Map, Value};

use super::{
    JwkError, MAX_LENGTH, Operation, Thumbprint, members::Members, permission::Permission, thumbprint,
};
use crate::{Curve, SignatureAlgorithm, base64url, header::is_word, json};

/// A public key on its curve.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    P256(p256::PublicKey),
    P384(p384::PublicKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl PublicKey {
    /// From coordinates in their full length.
    pub(crate) fn from_coordinates(curve: Curve, x: &[u8], y: Option<&[u8]>) -> Result<Self, JwkError> {
        let point = || [&[4][..], x, y.unwrap_or_default()].concat();
        match curve {
            Curve::P256 => p256::PublicKey::from_sec1_bytes(&point()).map(Self::P256).ok(),
            Curve::P384 => p384::PublicKey::from_sec1_bytes(&point()).map(Self::P384).ok(),
            Curve::Ed25519 => x
                .try_into()
                .ok()
                .and_then(|bytes| ed25519_dalek::VerifyingKey::from_bytes(bytes).ok())
                // a key of small order signs anything
                .filter(|key| !key.is_weak())
                .map(Self::Ed25519),
        }
        .ok_or(JwkError::NotOnCurve)
    }

    pub(crate) const fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => Curve::P256,
            Self::P384(_) => Curve::P384,
            Self::Ed25519(_) => Curve::Ed25519,
        }
    }

    /// Coordinates in their full length; an Ed25519 key has one.
    fn coordinates(&self) -> (Vec<u8>, Option<Vec<u8>>) {
        let point = match self {
            Self::P256(key) => key.to_sec1_bytes(),
            Self::P384(key) => key.to_sec1_bytes(),
            Self::Ed25519(key) => return (key.as_bytes().to_vec(), None),
        };
        let affine = point.get(1..).unwrap_or_default();
        let (x, y) = affine.split_at(affine.len() / 2);
        (x.to_vec(), Some(y.to_vec()))
    }

    /// The members that make the key, in the order of RFC 7638 section 3.3.
    pub(crate) fn members(&self) -> Map<String, Value> {
        let (x, y) = self.coordinates();
        let mut members = Map::new();
        members.insert("crv".to_owned(), self.curve().name().into());
        members.insert("kty".to_owned(), self.curve().key_type().into());
        members.insert("x".to_owned(), base64url::encode(&x).into());
        if let Some(y) = y {
            members.insert("y".to_owned(), base64url::encode(&y).into());
        }
        members
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p256::ecdsa::Signature::from_slice(signature).is_ok_and(|signature| {
                p256::ecdsa::VerifyingKey::from(key).verify(message, &signature).is_ok()
            }),
            Self::P384(key) => p384::ecdsa::Signature::from_slice(signature).is_ok_and(|signature| {
                p384::ecdsa::VerifyingKey::from(key).verify(message, &signature).is_ok()
            }),
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

/// A public key with what its JWK says of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicJwk {
    pub(crate) key: PublicKey,
    key_id: Option<String>,
    permission: Permission,
}

impl PublicJwk {
    /// Parses a JWK. A private key is refused, so that none is published by mistake.
    ///
    /// # Errors
    /// [`JwkError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, JwkError> {
        if bytes.len() > MAX_LENGTH {
            return Err(JwkError::TooLong);
        }
        Self::from_members(&json::from_slice(bytes).map_err(|_| JwkError::Malformed)?)
    }

    /// From coordinates (x alone for Ed25519), each in its full length.
    ///
    /// # Errors
    /// [`JwkError`]: a length, a point off the curve, or a `kid` that is no short text.
    pub fn from_coordinates(
        curve: Curve,
        x: &[u8],
        y: Option<&[u8]>,
        key_id: Option<&str>,
    ) -> Result<Self, JwkError> {
        let length = curve.coordinate_length();
        if x.len() != length {
            return Err(JwkError::Coordinate("x"));
        }
        if y.map(<[u8]>::len) != (curve != Curve::Ed25519).then_some(length) {
            return Err(JwkError::Coordinate("y"));
        }
        let key = PublicKey::from_coordinates(curve, x, y)?;
        Self::new(key, Permission::default()).with_key_id(key_id)
    }

    pub(crate) const fn new(key: PublicKey, permission: Permission) -> Self {
        Self { key, key_id: None, permission }
    }

    pub(super) fn from_members(members: &Members) -> Result<Self, JwkError> {
        if members.is_private() {
            return Err(JwkError::Private);
        }
        Self::public_part(members)
    }

    /// The public key in any JWK, private or not.
    pub(super) fn public_part(members: &Members) -> Result<Self, JwkError> {
        let curve = members.curve()?;
        let key = PublicKey::from_coordinates(curve, &members.x(curve)?, members.y(curve)?.as_deref())?;
        Ok(Self { key, key_id: members.key_id()?, permission: members.permission() })
    }

    /// The same key under another `kid`, or without.
    ///
    /// # Errors
    /// [`JwkError::KeyId`]: empty, longer than 256 bytes, or with control characters.
    pub fn with_key_id(mut self, key_id: Option<&str>) -> Result<Self, JwkError> {
        if key_id.is_some_and(|kid| !is_word(kid)) {
            return Err(JwkError::KeyId);
        }
        self.key_id = key_id.map(str::to_owned);
        Ok(self)
    }

    /// The key's name (`kid`), if it has one.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// Its curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.key.curve()
    }

    /// The point, uncompressed (SEC 1 section 2.3.3); Ed25519 has none.
    #[must_use]
    pub fn point(&self) -> Option<Vec<u8>> {
        let (x, y) = self.key.coordinates();
        Some([&[4][..], &x, &y?].concat())
    }

    /// Whether it says that it is for encryption (`"use": "enc"`). What stands beside that can still forbid to encrypt with it.
    #[must_use]
    pub fn is_for_encryption(&self) -> bool {
        self.permission.is_for_encryption()
    }

    /// Whether something can be encrypted for it: a key on P-256 or P-384 that is not for anything else.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.check(Operation::Agree).is_ok()
    }

    /// Its thumbprint with SHA-256 (RFC 7638): the same for the same key, whatever else its JWK says.
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        thumbprint::of(&self.key)
    }

    /// Verifies a signature as JWS has it (R ‖ S for ECDSA), over bytes that are not otherwise framed.
    ///
    /// # Errors
    /// [`JwkError::Use`]: the key is not for this algorithm, or not for verifying. Whether the signature is right is the value.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, JwkError> {
        self.check(Operation::Verify)?;
        if algorithm != self.curve().signature_algorithm() {
            return Err(JwkError::Use);
        }
        Ok(signature.len() == algorithm.signature_length() && self.key.verify(message, signature))
    }

    pub(crate) fn check(&self, operation: Operation) -> Result<(), JwkError> {
        self.permission.check(self.curve(), operation)
    }

    /// The members, for JSON.
    pub(crate) fn to_members(&self) -> Map<String, Value> {
        let mut members = self.key.members();
        if let Some(kid) = &self.key_id {
            members.insert("kid".to_owned(), kid.clone().into());
        }
        if let Ok(Value::Object(permission)) = serde_json::to_value(&self.permission) {
            members.extend(permission);
        }
        members
    }
}

/// The thumbprint is enough to tell keys apart.
impl fmt::Debug for PublicJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicJwk({}, {})", self.curve(), self.thumbprint())
    }
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_members().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PublicJwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_members(&Members::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

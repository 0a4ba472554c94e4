use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey, traits::PublicKeyParts as _};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{JwkError, Thumbprint, members::Members, permission::Permission, thumbprint};
use crate::{SignatureAlgorithm, base64url};

/// Bits of a modulus: less is not safe (RFC 7518 section 3.3), more costs whoever verifies.
const BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
/// Bytes of SHA-256, and of the salt of PS256 (RFC 7518 section 3.5).
const HASH_LENGTH: usize = 32;

/// A public RSA key (RFC 7518 section 6.3.1). It verifies RS256 and PS256, or the one of them that it is for; here is nothing that signs
/// with one.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicJwk {
    key: RsaPublicKey,
    key_id: Option<String>,
    permission: Permission,
}

impl RsaPublicJwk {
    pub(super) fn from_members(members: &Members) -> Result<Self, JwkError> {
        if members.is_private() {
            return Err(JwkError::Private);
        }
        let (modulus, exponent) = members.rsa_numbers()?;
        Self::from_numbers(&modulus, &exponent, members.key_id()?, members.permission())
    }

    /// A key that verifies one algorithm and nothing else, from modulus and exponent, big endian and without zeros in front. Its `kid`
    /// is its thumbprint.
    ///
    /// # Errors
    /// [`JwkError::Rsa`]: not 2048 to 4096 bits, or a bad exponent; [`JwkError::Use`]: the algorithm is none of RSA.
    pub fn for_algorithm(
        modulus: &[u8],
        exponent: &[u8],
        algorithm: SignatureAlgorithm,
    ) -> Result<Self, JwkError> {
        if !SignatureAlgorithm::RSA.contains(&algorithm) {
            return Err(JwkError::Use);
        }
        let permission = Permission::new(Some("sig".to_owned()), None, Some(algorithm.name().to_owned()));
        let key = Self::from_numbers(modulus, exponent, None, permission)?;
        Ok(Self { key_id: Some(key.thumbprint().to_string()), ..key })
    }

    fn from_numbers(
        modulus: &[u8],
        exponent: &[u8],
        key_id: Option<String>,
        permission: Permission,
    ) -> Result<Self, JwkError> {
        let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
        // judged before the key is built, so that no arithmetic is done on an absurd one; with exponent 1 everybody signs
        let sound = BITS.contains(&bits)
            && is_odd(modulus)
            && is_odd(exponent)
            && exponent != [1]
            && exponent.len() <= 5;
        if !sound {
            return Err(JwkError::Rsa);
        }
        let numbers = (BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from_be_slice_vartime(exponent));
        // refuses exponents of more than 33 bits
        let key = RsaPublicKey::new(numbers.0, numbers.1).map_err(|_| JwkError::Rsa)?;
        Ok(Self { key, key_id, permission })
    }

    /// The key's name (`kid`), if it has one.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// Whether it says that it is for encryption (`"use": "enc"`), which is not done with one here.
    #[must_use]
    pub fn is_for_encryption(&self) -> bool {
        self.permission.is_for_encryption()
    }

    /// Its thumbprint with SHA-256 (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        thumbprint::of_members(self.key_members())
    }

    /// Verifies a signature, over bytes that are not otherwise framed.
    ///
    /// # Errors
    /// [`JwkError::Use`]: the key is not for this algorithm, or not for verifying. Whether the signature is right is the value.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, JwkError> {
        self.permission.check_rsa(algorithm)?;
        let digest = Sha256::digest(message);
        let verified = match algorithm {
            SignatureAlgorithm::Rs256 => self.key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, signature),
            SignatureAlgorithm::Ps256 => {
                self.key.verify(Pss::<Sha256>::new_with_salt(HASH_LENGTH), &digest, signature)
            }
            _ => return Err(JwkError::Use),
        };
        Ok(signature.len() == self.key.size() && verified.is_ok())
    }

    /// The members that make the key, in the order of RFC 7638 section 3.3.
    fn key_members(&self) -> Map<String, Value> {
        let number = |number: &BoxedUint| base64url::encode(&number.to_be_bytes_trimmed_vartime());
        let mut members = Map::new();
        members.insert("e".to_owned(), number(self.key.e()).into());
        members.insert("kty".to_owned(), "RSA".into());
        members.insert("n".to_owned(), number(self.key.n()).into());
        members
    }

    pub(super) fn to_members(&self) -> Map<String, Value> {
        let mut members = self.key_members();
        if let Some(kid) = &self.key_id {
            members.insert("kid".to_owned(), kid.clone().into());
        }
        if let Ok(Value::Object(permission)) = serde_json::to_value(&self.permission) {
            members.extend(permission);
        }
        members
    }
}

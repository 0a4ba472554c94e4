use std::fmt;

use ed25519_dalek::Signer as _;
use elliptic_curve::{CurveArithmetic, NonZeroScalar, ProjectivePoint, point::AffineCoordinates};
use serde_json::{Map, Value};
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    JwkError, MAX_LENGTH, Operation, PublicJwk, PublicKey, members::Members, permission::Permission,
};
use crate::{Curve, Random, SignatureAlgorithm, base64url, json, jws::Signer};

/// How often a number is drawn before the generator is taken for broken: one draw in 2³² is not a key.
const MAX_DRAWS: usize = 64;

/// A private key on its curve; wiped when it is dropped.
#[derive(Clone)]
enum PrivateKey {
    P256(p256::SecretKey),
    P384(p384::SecretKey),
    Ed25519(ed25519_dalek::SigningKey),
}

impl PrivateKey {
    fn from_bytes(curve: Curve, bytes: &[u8]) -> Option<Self> {
        match curve {
            Curve::P256 if bytes.len() == 32 => p256::SecretKey::from_slice(bytes).ok().map(Self::P256),
            Curve::P384 if bytes.len() == 48 => p384::SecretKey::from_slice(bytes).ok().map(Self::P384),
            Curve::Ed25519 => {
                Some(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(bytes.try_into().ok()?)))
            }
            _ => None,
        }
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::P256(key) => {
                let mut bytes = key.to_bytes();
                let copy = Zeroizing::new(bytes.to_vec());
                bytes.zeroize();
                copy
            }
            Self::P384(key) => {
                let mut bytes = key.to_bytes();
                let copy = Zeroizing::new(bytes.to_vec());
                bytes.zeroize();
                copy
            }
            Self::Ed25519(key) => Zeroizing::new(key.as_bytes().to_vec()),
        }
    }

    fn public_key(&self) -> PublicKey {
        match self {
            Self::P256(key) => PublicKey::P256(key.public_key()),
            Self::P384(key) => PublicKey::P384(key.public_key()),
            Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
        }
    }
}

/// A private key with the public one that belongs to it. Neither is ever shown by `Debug`.
#[derive(Clone)]
pub struct PrivateJwk {
    key: PrivateKey,
    public: PublicJwk,
}

impl PrivateJwk {
    /// Parses a private JWK. The caller wipes the text.
    ///
    /// # Errors
    /// [`JwkError`]; nothing of the text is in it.
    pub fn parse(bytes: &[u8]) -> Result<Self, JwkError> {
        if bytes.len() > MAX_LENGTH {
            return Err(JwkError::TooLong);
        }
        let members: Members = json::from_slice(bytes).map_err(|_| JwkError::Malformed)?;
        let public = PublicJwk::public_part(&members)?;
        let text = members.d().ok_or(JwkError::NotPrivate)?;
        let bytes = Zeroizing::new(base64url::decode(text).map_err(|_| JwkError::Coordinate("d"))?);
        let key = PrivateKey::from_bytes(public.curve(), &bytes).ok_or(JwkError::Coordinate("d"))?;
        if key.public_key() == public.key { Ok(Self { key, public }) } else { Err(JwkError::Mismatch) }
    }

    /// Draws a new key, whose `kid` is its thumbprint.
    ///
    /// # Errors
    /// [`JwkError::Mismatch`] where the generator gives no usable number: it is broken.
    pub fn generate(curve: Curve, random: &mut impl Random) -> Result<Self, JwkError> {
        let mut key = Self::draw(curve, random)?;
        let name = key.public.thumbprint().to_string();
        key.public = key.public.with_key_id(Some(&name))?;
        Ok(key)
    }

    /// A new key without a name.
    pub(crate) fn draw(curve: Curve, random: &mut impl Random) -> Result<Self, JwkError> {
        let mut bytes = Zeroizing::new(vec![0; curve.coordinate_length()]);
        for _ in 0..MAX_DRAWS {
            random.fill(&mut bytes);
            if let Some(key) = PrivateKey::from_bytes(curve, &bytes) {
                let public = PublicJwk::new(key.public_key(), Permission::default());
                return Ok(Self { key, public });
            }
        }
        Err(JwkError::Mismatch)
    }

    /// The public key.
    #[must_use]
    pub const fn public(&self) -> &PublicJwk {
        &self.public
    }

    /// The JWK with its private member, for a file that only its owner reads.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let mut members = self.public.to_members();
        members.insert("d".to_owned(), base64url::encode(&self.key.to_bytes()).into());
        let text = Zeroizing::new(Value::Object(members.clone()).to_string());
        wipe(&mut members);
        text
    }

    /// The x-coordinate of the shared point (RFC 7518 section 4.6.2; NIST SP 800-56A section 5.7.1.2).
    ///
    /// # Errors
    /// [`JwkError::Use`]: the curves differ, or one of the keys is for something else.
    pub(crate) fn agree(&self, other: &PublicKey) -> Result<Zeroizing<Vec<u8>>, JwkError> {
        self.public.check(Operation::Agree)?;
        match (&self.key, other) {
            (PrivateKey::P256(own), PublicKey::P256(other)) => {
                Ok(shared::<p256::NistP256>(other.to_projective(), &own.to_nonzero_scalar()))
            }
            (PrivateKey::P384(own), PublicKey::P384(other)) => {
                Ok(shared::<p384::NistP384>(other.to_projective(), &own.to_nonzero_scalar()))
            }
            _ => Err(JwkError::Use),
        }
    }

    fn sign_message(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            PrivateKey::P256(key) => {
                let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from(key).sign(message);
                signature.to_bytes().to_vec()
            }
            PrivateKey::P384(key) => {
                let signature: p384::ecdsa::Signature = p384::ecdsa::SigningKey::from(key).sign(message);
                signature.to_bytes().to_vec()
            }
            PrivateKey::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
        }
    }
}

/// The group's own multiplication, in constant time; both factors are known to be good. The point is not the neutral one, for
/// the curves have cofactor 1.
fn shared<C: CurveArithmetic>(other: ProjectivePoint<C>, own: &NonZeroScalar<C>) -> Zeroizing<Vec<u8>> {
    let point: C::AffinePoint = (other * **own).into();
    let mut x = point.x();
    let copy = Zeroizing::new(x.to_vec());
    x.zeroize();
    copy
}

fn wipe(members: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = members.get_mut("d") {
        text.zeroize();
    }
}

impl Signer for PrivateJwk {
    type Error = JwkError;

    fn algorithm(&self) -> SignatureAlgorithm {
        self.public.curve().signature_algorithm()
    }

    fn key_id(&self) -> Option<String> {
        self.public.key_id().map(str::to_owned)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JwkError> {
        // a key that may verify its own signatures only is one for signing as well
        self.public.check(Operation::Sign).or_else(|_| self.public.check(Operation::Verify))?;
        Ok(self.sign_message(message))
    }
}

/// The public key only.
impl fmt::Debug for PrivateJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateJwk({}, {})", self.public.curve(), self.public.thumbprint())
    }
}

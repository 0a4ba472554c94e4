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

    /// The same key under another `kid`.
    ///
    /// # Errors
    /// [`JwkError::KeyId`]: empty, longer than 256 bytes, or with control characters.
    pub fn with_key_id(mut self, key_id: &str) -> Result<Self, JwkError> {
        self.public = self.public.with_key_id(Some(key_id))?;
        Ok(self)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concat_kdf;

    fn derived(own: &str, other: &str, algorithm: &str, parties: [&[u8]; 2], bits: u32) -> Vec<u8> {
        let own = PrivateJwk::parse(own.as_bytes()).unwrap();
        let other = PublicJwk::parse(other.as_bytes()).unwrap();
        let secret = own.agree(&other.key).unwrap();
        let [party_u, party_v] = parties;
        concat_kdf::derive(&secret, algorithm, party_u, party_v, bits)[..bits as usize / 8].to_vec()
    }

    const ALICE: &str = r#"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps","d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"}"#;
    const BOB: &str = r#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#;

    fn public_part(private: &str) -> String {
        serde_json::to_string(PrivateJwk::parse(private.as_bytes()).unwrap().public()).unwrap()
    }

    /// RFC 7518, appendix C, from either end.
    #[test]
    fn agreement_and_derivation_of_rfc_7518_appendix_c() {
        for (own, other) in [(ALICE, BOB), (BOB, ALICE)] {
            let key = derived(own, &public_part(other), "A128GCM", [b"Alice", b"Bob"], 128);
            assert_eq!(base64url::encode(&key), "VqqN6vgjbSBcIijNcacQGg");
        }
    }

    /// RFC 7520, section 5.5: no parties, and a key of 256 bits.
    #[test]
    fn agreement_and_derivation_of_rfc_7520_section_5_5() {
        let recipient = r#"{"kty":"EC","kid":"meriadoc.brandybuck@buckland.example","use":"enc","crv":"P-256",
            "x":"Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0","y":"HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw",
            "d":"r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8"}"#;
        let ephemeral = r#"{"kty":"EC","crv":"P-256","x":"mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA",
            "y":"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs"}"#;
        let key = derived(recipient, ephemeral, "A128CBC-HS256", [b"", b""], 256);
        assert_eq!(base64url::encode(&key), "hzHdlfQIAEehb8Hrd_mFRhKsKLEzPfshfXs9l6areCc");
    }

    #[test]
    fn keys_of_different_curves_agree_on_nothing() {
        let mut random = |out: &mut [u8]| out.fill(7);
        let [p256, p384, ed25519] = Curve::ALL.map(|curve| PrivateJwk::generate(curve, &mut random).unwrap());
        for (own, other) in
            [(&p256, &p384), (&p384, &p256), (&ed25519, &p256), (&p256, &ed25519), (&ed25519, &ed25519)]
        {
            assert_eq!(own.agree(&other.public.key).unwrap_err(), JwkError::Use);
        }
    }

    #[test]
    fn a_generator_that_gives_no_number_is_noticed() {
        let mut zeros = |out: &mut [u8]| out.fill(0);
        let mut ones = |out: &mut [u8]| out.fill(0xFF);
        for curve in [Curve::P256, Curve::P384] {
            assert!(PrivateJwk::generate(curve, &mut zeros).is_err());
            assert!(PrivateJwk::generate(curve, &mut ones).is_err());
        }
    }
}

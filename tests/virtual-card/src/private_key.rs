//! The private keys in the chip, and what a chip computes with them.

use std::sync::{Arc, Mutex, PoisonError};

use bitaqa_curves::{Curve, Point, Scalar, ecdsa_sign};
use getrandom::SysRng;
use rsa::{
    BoxedUint, RsaPrivateKey, hazmat::rsa_decrypt_and_check, rand_core::UnwrapErr,
    traits::PublicKeyParts as _,
};
use serde::Deserialize;

use crate::{ber_tlv::object, der, random::Random};

/// Kind and size of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// RSA with a modulus of 2048 bits.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    /// RSA with a modulus of 3072 bits.
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    /// RSA with a modulus of 2048 bits, for RSASSA-PSS alone (RFC 4055, section 1.2).
    #[serde(rename = "rsa-2048-pss")]
    Rsa2048Pss,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// brainpoolP256r1 (RFC 5639).
    BrainpoolP256r1,
    /// brainpoolP384r1.
    BrainpoolP384r1,
    /// brainpoolP512r1.
    BrainpoolP512r1,
}

impl KeyKind {
    /// Whether it is an RSA key.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa2048Pss)
    }
}

/// A private key. Cloning shares the key.
#[derive(Clone)]
pub struct PrivateKey {
    kind: KeyKind,
    secret: Arc<Secret>,
}

enum Secret {
    Rsa(RsaPrivateKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    BrainpoolP256r1(ecdsa::SigningKey<bp256::BrainpoolP256r1>),
    /// On one of the other curves.
    Curve {
        private: Scalar,
        public: Point,
    },
}

/// Why a key could not be made or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The system gave no random bytes, or no key came of them.
    #[error("no key could be made")]
    Generation,
    /// The key is of another kind than the operation.
    #[error("the key is of another kind than the operation")]
    Kind,
    /// The input is longer or shorter than key and mechanism allow.
    #[error("the input does not have the length that key and mechanism ask for")]
    Length,
    /// The input is not a number below the modulus.
    #[error("the input is no number below the modulus")]
    Range,
}

/// RSA keys take seconds to make: tests that do not care which key it is share these, made once per process.
static SHARED_RSA: Mutex<Vec<((KeyKind, usize), PrivateKey)>> = Mutex::new(Vec::new());

impl PrivateKey {
    /// Makes a fresh key.
    ///
    /// # Errors
    /// [`KeyError::Generation`] when the system has no random bytes.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        let rsa = |bits| RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits).map_err(|_| KeyError::Generation);
        let secret = match kind {
            KeyKind::Rsa2048 | KeyKind::Rsa2048Pss => Secret::Rsa(rsa(2048)?),
            KeyKind::Rsa3072 => Secret::Rsa(rsa(3072)?),
            KeyKind::P256 => Secret::P256(from_random(p256::ecdsa::SigningKey::from_slice, 32)?),
            KeyKind::P384 => Secret::P384(from_random(p384::ecdsa::SigningKey::from_slice, 48)?),
            KeyKind::BrainpoolP256r1 => {
                Secret::BrainpoolP256r1(from_random(ecdsa::SigningKey::from_slice, 32)?)
            }
            KeyKind::P521 => on_curve(Curve::P521),
            KeyKind::BrainpoolP384r1 => on_curve(Curve::BrainpoolP384r1),
            KeyKind::BrainpoolP512r1 => on_curve(Curve::BrainpoolP512r1),
        };
        Ok(Self { kind, secret: Arc::new(secret) })
    }

    /// A key for a test card: fresh, but for RSA the `index`-th of the keys that this process made before.
    ///
    /// # Errors
    /// [`KeyError::Generation`] when the system has no random bytes.
    pub fn for_test_card(kind: KeyKind, index: usize) -> Result<Self, KeyError> {
        if !kind.is_rsa() {
            return Self::generate(kind);
        }
        let mut shared = SHARED_RSA.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = shared.iter().find(|(name, _)| *name == (kind, index)) {
            return Ok(key.clone());
        }
        let key = Self::generate(kind)?;
        shared.push(((kind, index), key.clone()));
        Ok(key)
    }

    /// Kind and size.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Bytes of the modulus (RSA) or of a field element (EC).
    #[must_use]
    pub fn size(&self) -> usize {
        match &*self.secret {
            Secret::Rsa(key) => key.size(),
            Secret::P256(_) | Secret::BrainpoolP256r1(_) => 32,
            Secret::P384(_) => 48,
            Secret::Curve { public, .. } => public.curve().field_length(),
        }
    }

    /// ECDSA over a hash value: r and s side by side, each as long as a field element (plain format).
    ///
    /// A shorter value is taken as a number, as if zeros stood before it.
    ///
    /// # Errors
    /// [`KeyError::Kind`] for an RSA key; [`KeyError::Length`] when the value is longer than a field element.
    pub fn ecdsa(&self, hash: &[u8]) -> Result<Vec<u8>, KeyError> {
        use p256::ecdsa::signature::hazmat::PrehashSigner;

        let missing = self.size().checked_sub(hash.len()).ok_or(KeyError::Length)?;
        let padded = [vec![0; missing], hash.to_vec()].concat();
        let failed = |_| KeyError::Range;
        match &*self.secret {
            Secret::Rsa(_) => Err(KeyError::Kind),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&padded).map_err(failed)?;
                Ok(signature.to_bytes().to_vec())
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&padded).map_err(failed)?;
                Ok(signature.to_bytes().to_vec())
            }
            Secret::BrainpoolP256r1(key) => {
                let signature: bp256::r1::ecdsa::Signature = key.sign_prehash(&padded).map_err(failed)?;
                Ok(signature.to_bytes().to_vec())
            }
            Secret::Curve { private, .. } => {
                let mut random = Random::default();
                Ok(ecdsa_sign(private, &padded, &mut |buffer| random.fill(buffer)))
            }
        }
    }

    /// The RSA private-key operation alone (RFC 8017, section 5.2.1), without any padding.
    ///
    /// # Errors
    /// [`KeyError::Kind`] for an EC key; [`KeyError::Range`] when the number is not below the modulus.
    pub fn rsa(&self, block: &[u8]) -> Result<Vec<u8>, KeyError> {
        let Secret::Rsa(key) = &*self.secret else {
            return Err(KeyError::Kind);
        };
        let bits = u32::try_from(self.size() * 8).map_err(|_| KeyError::Range)?;
        let number = BoxedUint::from_be_slice(block, bits).map_err(|_| KeyError::Range)?;
        let result = rsa_decrypt_and_check(key, Some(&mut UnwrapErr(SysRng)), &number)
            .map_err(|_| KeyError::Range)?
            .to_be_bytes();
        let excess = result.len().saturating_sub(self.size());
        Ok(result.get(excess..).unwrap_or_default().to_vec())
    }

    /// The OID of an EC key's curve, as ECParameters (RFC 5480, section 2.1.1).
    #[must_use]
    pub fn curve(&self) -> Option<Vec<u8>> {
        match &*self.secret {
            Secret::Rsa(_) => None,
            Secret::P256(_) => Some(der::oid(&[1, 2, 840, 10_045, 3, 1, 7])),
            Secret::P384(_) => Some(der::oid(&[1, 3, 132, 0, 34])),
            Secret::BrainpoolP256r1(_) => Some(der::oid(&[1, 3, 36, 3, 3, 2, 8, 1, 1, 7])),
            Secret::Curve { public, .. } => Some(object(0x06, public.curve().oid())),
        }
    }

    /// The bytes inside the BIT STRING of SubjectPublicKeyInfo: an uncompressed point, or RSAPublicKey.
    #[must_use]
    pub fn public_key_bits(&self) -> Vec<u8> {
        match &*self.secret {
            Secret::Rsa(key) => der::sequence(&[
                der::unsigned_integer(&key.n().to_be_bytes()),
                der::unsigned_integer(&key.e().to_be_bytes()),
            ]),
            Secret::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::BrainpoolP256r1(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::Curve { public, .. } => public.encode(),
        }
    }

    /// Modulus and public exponent of an RSA key, without leading zeros.
    #[must_use]
    pub fn rsa_public(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let Secret::Rsa(key) = &*self.secret else {
            return None;
        };
        let digits = |bytes: &[u8]| bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
        Some((digits(&key.n().to_be_bytes()), digits(&key.e().to_be_bytes())))
    }

    /// SubjectPublicKeyInfo in DER (RFC 5280, section 4.1.2.7).
    #[must_use]
    pub fn subject_public_key_info(&self) -> Vec<u8> {
        let algorithm = match self.curve() {
            Some(curve) => der::sequence(&[der::oid(&[1, 2, 840, 10_045, 2, 1]), curve]),
            // id-RSASSA-PSS without parameters: with any hash
            None if self.kind == KeyKind::Rsa2048Pss => {
                der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 10])])
            }
            None => der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 1]), der::null()]),
        };
        der::sequence(&[algorithm, der::bit_string(&self.public_key_bits())])
    }
}

/// Random bytes of the system.
///
/// # Errors
/// [`KeyError::Generation`] when the system has none.
pub fn random(bytes: usize) -> Result<Vec<u8>, KeyError> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(|_| KeyError::Generation)?;
    Ok(random)
}

/// A fresh key on a curve.
fn on_curve(curve: Curve) -> Secret {
    let mut random = Random::default();
    let private = curve.random_scalar(&mut |buffer| random.fill(buffer));
    let public = curve.generator().mul(&private);
    Secret::Curve { private, public }
}

/// Draws scalars until one is in range; all but a tiny part of the numbers are, except on brainpoolP256r1 (two of three).
fn from_random<K, E>(from_slice: impl Fn(&[u8]) -> Result<K, E>, size: usize) -> Result<K, KeyError> {
    for _ in 0..64 {
        if let Ok(key) = from_slice(&random(size)?) {
            return Ok(key);
        }
    }
    Err(KeyError::Generation)
}

use bitaqa_jose::{Curve, PrivateJwk, RsaPublicJwk, SignatureAlgorithm, VerificationJwk, base64url, jws};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
        RsaKeyPair,
    },
};
use rsa::{RsaPrivateKey, pkcs8::EncodePrivateKey as _, rand_core};
use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{KeyStoreError, RSA_BITS};
use crate::secret::fill;

/// A key that signs with one algorithm. Whoever waits for the signature waits for ring's arithmetic: of RSA, too, where that of the
/// crate that draws the keys would tell by its time what they are (RUSTSEC-2023-0071).
pub(super) enum SigningKey {
    Es256(Box<(PrivateJwk, EcdsaKeyPair)>),
    EdDsa(Box<(PrivateJwk, Ed25519KeyPair)>),
    Rsa(Box<RsaKey>),
}

/// An RSA key, which signs with one of two algorithms.
pub(super) struct RsaKey {
    algorithm: SignatureAlgorithm,
    public: RsaPublicJwk,
    pair: RsaKeyPair,
    /// The key as PKCS #8 has it.
    written: Zeroizing<Vec<u8>>,
}

impl SigningKey {
    /// A fresh one.
    pub(super) fn draw(algorithm: SignatureAlgorithm) -> Result<Self, KeyStoreError> {
        let drawn = match algorithm {
            SignatureAlgorithm::Es256 => Self::of_jwk(PrivateJwk::generate(Curve::P256, &mut fill)?),
            SignatureAlgorithm::EdDsa => Self::of_jwk(PrivateJwk::generate(Curve::Ed25519, &mut fill)?),
            SignatureAlgorithm::Rs256 | SignatureAlgorithm::Ps256 => {
                let key = RsaPrivateKey::new(&mut System, RSA_BITS).ok();
                let written = key.and_then(|key| key.to_pkcs8_der().ok());
                written.and_then(|written| Self::of_pkcs8(algorithm, written.as_bytes()))
            }
            SignatureAlgorithm::Es384 => None,
        };
        drawn.ok_or(KeyStoreError::Signing)
    }

    /// A key on P-256 or Ed25519.
    pub(super) fn of_jwk(key: PrivateJwk) -> Option<Self> {
        let written: WrittenPair = serde_json::from_str(&key.to_json()).ok()?;
        let decoded = |text: &str| base64url::decode(text).ok();
        let secret = Zeroizing::new(decoded(&written.d)?);
        let x = decoded(&written.x)?;
        match key.public().curve() {
            Curve::P256 => {
                let public = [&[4][..], &x, &decoded(&written.y)?].concat();
                let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let random = SystemRandom::new();
                let pair = EcdsaKeyPair::from_private_key_and_public_key(kind, &secret, &public, &random);
                Some(Self::Es256(Box::new((key, pair.ok()?))))
            }
            Curve::Ed25519 => {
                let pair = Ed25519KeyPair::from_seed_and_public_key(&secret, &x);
                Some(Self::EdDsa(Box::new((key, pair.ok()?))))
            }
            Curve::P384 => None,
        }
    }

    /// An RSA key, for one of its algorithms.
    pub(super) fn of_pkcs8(algorithm: SignatureAlgorithm, written: &[u8]) -> Option<Self> {
        let pair = RsaKeyPair::from_pkcs8(written).ok()?;
        let PublicKeyComponents::<Vec<u8>> { n, e } = pair.public().into();
        let public = RsaPublicJwk::for_algorithm(&n, &e, algorithm).ok()?;
        Some(Self::Rsa(Box::new(RsaKey {
            algorithm,
            public,
            pair,
            written: Zeroizing::new(written.to_vec()),
        })))
    }

    pub(super) fn public(&self) -> VerificationJwk {
        match self {
            Self::Es256(key) => key.0.public().clone().into(),
            Self::EdDsa(key) => key.0.public().clone().into(),
            Self::Rsa(key) => VerificationJwk::Rsa(key.public.clone()),
        }
    }

    /// The whole key, if it is on a curve.
    pub(super) fn jwk(&self) -> Option<&PrivateJwk> {
        match self {
            Self::Es256(key) => Some(&key.0),
            Self::EdDsa(key) => Some(&key.0),
            Self::Rsa(_) => None,
        }
    }

    /// The whole key as PKCS #8 has it, if it is one of RSA.
    pub(super) fn pkcs8(&self) -> Option<&[u8]> {
        match self {
            Self::Rsa(key) => Some(&key.written),
            Self::Es256(_) | Self::EdDsa(_) => None,
        }
    }
}

impl jws::Signer for SigningKey {
    type Error = ring::error::Unspecified;

    fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::Es256(_) => SignatureAlgorithm::Es256,
            Self::EdDsa(_) => SignatureAlgorithm::EdDsa,
            Self::Rsa(key) => key.algorithm,
        }
    }

    fn key_id(&self) -> Option<String> {
        let name = match self {
            Self::Es256(key) => key.0.public().key_id(),
            Self::EdDsa(key) => key.0.public().key_id(),
            Self::Rsa(key) => key.public.key_id(),
        };
        name.map(str::to_owned)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error> {
        match self {
            Self::Es256(key) => Ok(key.1.sign(&SystemRandom::new(), message)?.as_ref().to_vec()),
            Self::EdDsa(key) => Ok(key.1.sign(message).as_ref().to_vec()),
            Self::Rsa(key) => {
                let padding: &'static dyn ring::signature::RsaEncoding =
                    if key.algorithm == SignatureAlgorithm::Ps256 {
                        &RSA_PSS_SHA256
                    } else {
                        &RSA_PKCS1_SHA256
                    };
                let mut signature = vec![0; key.pair.public().modulus_len()];
                key.pair.sign(padding, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
        }
    }
}

/// The members of a JWK that make up a pair (RFC 7518 section 6.2, RFC 8037 section 2).
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
struct WrittenPair {
    x: String,
    #[serde(default)]
    y: String,
    d: String,
}

/// The operating system's random bytes, as the crate that draws RSA keys wants them.
struct System;

impl rand_core::TryRng for System {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        fill(out);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for System {}

//! Keys that sign for a document: the chip's own, and those of its issuers.

use std::sync::{Arc, Mutex, PoisonError};

use bitaqa_curves::{Curve, Point, Scalar, ecdsa_sign};
use getrandom::SysRng;
use rsa::{
    BoxedUint, RsaPrivateKey, hazmat::rsa_decrypt_and_check, rand_core::UnwrapErr,
    traits::PublicKeyParts as _,
};
use zeroize::Zeroizing;

use super::domain::Domain;
use crate::{ber_tlv::object, der, private_key::KeyError, random::Random};

/// A key. Cloning shares it.
#[derive(Clone)]
pub(crate) enum SigningKey {
    Rsa(Arc<RsaPrivateKey>),
    Curve { private: Arc<Scalar>, public: Point },
}

/// RSA keys take long to make, and those of issuers are long: each size and index is made once per process, when it is
/// first asked for.
static SHARED_RSA: Mutex<Vec<((usize, usize), SigningKey)>> = Mutex::new(Vec::new());

impl SigningKey {
    /// The `index`-th RSA key with this many bits.
    pub(crate) fn rsa_of(bits: usize, index: usize) -> Result<Self, KeyError> {
        let mut shared = SHARED_RSA.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = shared.iter().find(|(name, _)| *name == (bits, index)) {
            return Ok(key.clone());
        }
        let made = RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits).map_err(|_| KeyError::Generation)?;
        let key = Self::Rsa(Arc::new(made));
        shared.push(((bits, index), key.clone()));
        Ok(key)
    }

    /// A fresh key on a curve.
    pub(crate) fn on_curve(curve: Curve, random: &mut Random) -> Self {
        let private = curve.random_scalar(&mut |buffer| random.fill(buffer));
        let public = curve.generator().mul(&private);
        Self::Curve { private: Arc::new(private), public }
    }

    /// Bytes of the modulus, or of a coordinate.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Rsa(key) => key.size(),
            Self::Curve { public, .. } => public.curve().field_length(),
        }
    }

    /// ECDSA over a hash value: r and s side by side; `None` for an RSA key.
    pub(crate) fn ecdsa(&self, hash: &[u8], random: &mut Random) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(_) => None,
            Self::Curve { private, .. } => Some(ecdsa_sign(private, hash, &mut |buffer| random.fill(buffer))),
        }
    }

    /// The RSA private-key operation without padding; `None` for another key, or a number that is no smaller than the modulus.
    pub(crate) fn rsa(&self, block: &[u8]) -> Option<Vec<u8>> {
        let Self::Rsa(key) = self else {
            return None;
        };
        let bits = u32::try_from(key.size() * 8).ok()?;
        let number = BoxedUint::from_be_slice(block, bits).ok()?;
        let result = rsa_decrypt_and_check(&**key, Some(&mut UnwrapErr(SysRng)), &number).ok()?.to_be_bytes();
        let excess = result.len().saturating_sub(key.size());
        result.get(excess..).map(<[u8]>::to_vec)
    }

    /// The bytes inside the BIT STRING of SubjectPublicKeyInfo.
    pub(crate) fn public_key_bits(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => der::sequence(&[
                der::unsigned_integer(&key.n().to_be_bytes()),
                der::unsigned_integer(&key.e().to_be_bytes()),
            ]),
            Self::Curve { public, .. } => public.encode(),
        }
    }

    /// ECPrivateKey (RFC 5915) with a named curve; `None` for an RSA key.
    pub(crate) fn ec_private_key(&self) -> Option<Zeroizing<Vec<u8>>> {
        let Self::Curve { private, public } = self else {
            return None;
        };
        Some(Zeroizing::new(der::sequence(&[
            der::integer(1),
            object(0x04, &private.to_bytes()),
            object(0xA0, &object(0x06, public.curve().oid())),
            object(0xA1, &der::bit_string(&public.encode())),
        ])))
    }

    /// SubjectPublicKeyInfo in DER, with the curve written out where that is possible.
    pub(crate) fn explicit_public_key_info(&self) -> Vec<u8> {
        let algorithm = match self {
            Self::Rsa(_) => None,
            Self::Curve { public, .. } => Domain::Curve(public.curve()).explicit_algorithm(),
        };
        algorithm.map_or_else(
            || self.subject_public_key_info(),
            |algorithm| der::sequence(&[algorithm, der::bit_string(&self.public_key_bits())]),
        )
    }

    /// SubjectPublicKeyInfo in DER, with a named curve.
    pub(crate) fn subject_public_key_info(&self) -> Vec<u8> {
        let algorithm = match self {
            Self::Rsa(_) => der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 1]), der::null()]),
            Self::Curve { public, .. } => {
                der::sequence(&[der::oid(&[1, 2, 840, 10_045, 2, 1]), object(0x06, public.curve().oid())])
            }
        };
        der::sequence(&[algorithm, der::bit_string(&self.public_key_bits())])
    }
}

//! Public keys of certificates, and the signatures they verify.

use std::fmt;

use bitaqa_curves::BrainpoolP512r1;
use der::{Decode, Encode, Tag, Tagged, asn1::ObjectIdentifier};
use ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{
    Pkcs1v15Sign, Pss, RsaPublicKey,
    pkcs1::{DecodeRsaPublicKey, RsaPssParamsOwned},
    traits::PublicKeyParts,
};
use sha2::{Digest, Sha256, Sha384, Sha512};
#[cfg(feature = "sha3")]
use sha3::{Sha3_256, Sha3_384, Sha3_512};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

#[cfg(feature = "ring")]
use crate::ring_verification;
pub use crate::signature_scheme::{Hash, Hasher, SignatureScheme};
use crate::{explicit_parameters, oid, signature_memory};

/// Shortest RSA modulus, in bits.
pub const MIN_RSA_BITS: u32 = 2048;

/// Longest RSA modulus, in bits: a bound on what one verification costs.
pub const MAX_RSA_BITS: u32 = 8192;

/// A named elliptic curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
    /// brainpoolP256r1 (RFC 5639).
    BrainpoolP256r1,
    /// brainpoolP384r1 (RFC 5639).
    BrainpoolP384r1,
    /// brainpoolP512r1 (RFC 5639).
    BrainpoolP512r1,
}

/// What kind of key it is, for comparison with an algorithm's name and for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// An elliptic-curve key.
    Ec(Curve),
    /// An RSA key that may sign with either padding.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
    },
    /// An RSA key restricted to RSASSA-PSS (RFC 4055 section 1.2).
    RsaPss {
        /// Bits of the modulus.
        bits: u32,
    },
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ec(Curve::P256) => f.write_str("P-256"),
            Self::Ec(Curve::P384) => f.write_str("P-384"),
            Self::Ec(Curve::P521) => f.write_str("P-521"),
            Self::Ec(Curve::BrainpoolP256r1) => f.write_str("brainpoolP256r1"),
            Self::Ec(Curve::BrainpoolP384r1) => f.write_str("brainpoolP384r1"),
            Self::Ec(Curve::BrainpoolP512r1) => f.write_str("brainpoolP512r1"),
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::RsaPss { bits } => write!(f, "RSA-PSS {bits}"),
        }
    }
}

/// A key we can verify with: a point on its curve, or an RSA key of a size we accept.
#[derive(Clone)]
pub struct PublicKey {
    inner: Inner,
    /// SHA-256 of the key as it was read.
    identity: [u8; 32],
}

#[derive(Clone)]
enum Inner {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    BrainpoolP256r1(ecdsa::VerifyingKey<bp256::BrainpoolP256r1>),
    BrainpoolP384r1(ecdsa::VerifyingKey<bp384::BrainpoolP384r1>),
    BrainpoolP512r1(ecdsa::VerifyingKey<BrainpoolP512r1>),
    Rsa { key: RsaPublicKey, restriction: Restriction },
}

/// What the key's own algorithm identifier allows.
#[derive(Debug, Clone, Copy)]
enum Restriction {
    None,
    /// `id-RSASSA-PSS` without parameters.
    Pss,
    /// `id-RSASSA-PSS` with parameters: this hash, and at least this much salt (RFC 4055 section 3.1).
    PssWith {
        hash: Hash,
        salt_length: usize,
    },
}

impl Restriction {
    fn allows(self, scheme: SignatureScheme) -> bool {
        match (scheme, self) {
            (SignatureScheme::Pkcs1(_), restriction) => matches!(restriction, Self::None),
            (
                SignatureScheme::Pss { hash, salt_length },
                Self::PssWith { hash: of_key, salt_length: least },
            ) => hash == of_key && salt_length >= least,
            (SignatureScheme::Pss { .. }, _) => true,
            _ => false,
        }
    }
}

impl PublicKey {
    /// Reads a key. Elliptic-curve keys name their curve (RFC 5480 section 2.1.1), or write out every number of one that we
    /// know, as some authorities do.
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong with the key.
    pub fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, KeyError> {
        let bytes = spki.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
        let inner = match spki.algorithm.oid {
            oid::ID_EC_PUBLIC_KEY => elliptic_curve_key(&spki.algorithm, bytes),
            oid::RSA_ENCRYPTION => rsa_key(bytes, Restriction::None),
            oid::ID_RSASSA_PSS => rsa_key(bytes, pss_restriction(&spki.algorithm)?),
            algorithm => Err(KeyError::Algorithm { algorithm }),
        }?;
        let written = spki.to_der().map_err(|_| KeyError::Malformed)?;
        Ok(Self { inner, identity: Sha256::digest(&written).into() })
    }

    /// What kind of key it is.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match &self.inner {
            Inner::P256(_) => KeyKind::Ec(Curve::P256),
            Inner::P384(_) => KeyKind::Ec(Curve::P384),
            Inner::P521(_) => KeyKind::Ec(Curve::P521),
            Inner::BrainpoolP256r1(_) => KeyKind::Ec(Curve::BrainpoolP256r1),
            Inner::BrainpoolP384r1(_) => KeyKind::Ec(Curve::BrainpoolP384r1),
            Inner::BrainpoolP512r1(_) => KeyKind::Ec(Curve::BrainpoolP512r1),
            Inner::Rsa { key, restriction: Restriction::None } => KeyKind::Rsa { bits: key.n().bits() },
            Inner::Rsa { key, .. } => KeyKind::RsaPss { bits: key.n().bits() },
        }
    }

    /// Verifies a signature over a message that was hashed with the scheme's hash.
    ///
    /// # Errors
    /// [`SignatureError`]: the scheme is not one of this key, or the signature is not this key's over this digest.
    pub fn verify(
        &self,
        scheme: SignatureScheme,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        if digest.len() != scheme.hash().length() {
            return Err(SignatureError::Invalid);
        }
        signature_memory::result(&self.identity, scheme, digest, signature, || {
            self.calculate(scheme, digest, signature)
        })
    }

    /// Verifies a signature over a message that is at hand as a whole; with the feature `ring` in a quarter of the time.
    ///
    /// # Errors
    /// [`SignatureError`]: the scheme is not one of this key, or the signature is not this key's over this message.
    pub fn verify_message(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let digest = scheme.hash().digest(&[message]);
        #[cfg(feature = "ring")]
        return signature_memory::result(&self.identity, scheme, &digest, signature, || {
            if self.ring_verifies(scheme, message, signature) {
                return Ok(());
            }
            self.calculate(scheme, &digest, signature)
        });
        #[cfg(not(feature = "ring"))]
        self.verify(scheme, &digest, signature)
    }

    /// Whether ring says yes. Its no is not an answer: it does not know every curve and hash, and gives no reason.
    #[cfg(feature = "ring")]
    fn ring_verifies(&self, scheme: SignatureScheme, message: &[u8], signature: &[u8]) -> bool {
        match &self.inner {
            Inner::P256(key) => {
                let point = key.to_sec1_point(false);
                ring_verification::p256(point.as_bytes(), scheme, message, signature)
            }
            Inner::P384(key) => {
                let point = key.to_sec1_point(false);
                ring_verification::p384(point.as_bytes(), scheme, message, signature)
            }
            Inner::Rsa { key, restriction } => {
                restriction.allows(scheme) && ring_verification::rsa(key, scheme, message, signature)
            }
            _ => false,
        }
    }

    fn calculate(
        &self,
        scheme: SignatureScheme,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        match (&self.inner, scheme) {
            (Inner::Rsa { key, restriction }, SignatureScheme::Pkcs1(_) | SignatureScheme::Pss { .. }) => {
                verify_rsa(key, *restriction, scheme, digest, signature)
            }
            (Inner::Rsa { .. }, _) | (_, SignatureScheme::Pkcs1(_) | SignatureScheme::Pss { .. }) => {
                Err(SignatureError::Scheme)
            }
            (Inner::P256(key), _) => verify_ecdsa(key, scheme, digest, signature),
            (Inner::P384(key), _) => verify_ecdsa(key, scheme, digest, signature),
            (Inner::P521(key), _) => verify_ecdsa(key, scheme, digest, signature),
            (Inner::BrainpoolP256r1(key), _) => verify_ecdsa(key, scheme, digest, signature),
            (Inner::BrainpoolP384r1(key), _) => verify_ecdsa(key, scheme, digest, signature),
            (Inner::BrainpoolP512r1(key), _) => verify_ecdsa(key, scheme, digest, signature),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kind())
    }
}

fn elliptic_curve_key(algorithm: &AlgorithmIdentifierOwned, point: &[u8]) -> Result<Inner, KeyError> {
    let parameters = algorithm.parameters.as_ref().ok_or(KeyError::CurveNotNamed)?;
    let curve: ObjectIdentifier = match parameters.tag() {
        Tag::ObjectIdentifier => parameters.decode_as().map_err(|_| KeyError::Malformed)?,
        Tag::Sequence => {
            let written = parameters.to_der().map_err(|_| KeyError::Malformed)?;
            explicit_parameters::curve(&written).ok_or(KeyError::CurveNotNamed)?
        }
        _ => return Err(KeyError::CurveNotNamed),
    };
    macro_rules! key {
        ($variant:ident) => {
            ecdsa::VerifyingKey::from_sec1_bytes(point).map(Inner::$variant)
        };
    }
    match curve {
        oid::SECP_256_R_1 => key!(P256),
        oid::SECP_384_R_1 => key!(P384),
        oid::SECP_521_R_1 => key!(P521),
        oid::BRAINPOOL_P_256_R_1 => key!(BrainpoolP256r1),
        oid::BRAINPOOL_P_384_R_1 => key!(BrainpoolP384r1),
        oid::BRAINPOOL_P_512_R_1 => key!(BrainpoolP512r1),
        _ => return Err(KeyError::CurveUnknown { curve }),
    }
    .map_err(|_| KeyError::Malformed)
}

fn rsa_key(bytes: &[u8], restriction: Restriction) -> Result<Inner, KeyError> {
    // the size is judged before the key is built, so that no arithmetic is done on an absurd one
    let numbers = rsa::pkcs1::RsaPublicKeyRef::from_der(bytes).map_err(|_| KeyError::Malformed)?;
    let modulus = numbers.modulus.as_bytes();
    let leading = modulus.first().map_or(0, |byte| byte.leading_zeros());
    let bits = u32::try_from(modulus.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(leading);
    if bits < MIN_RSA_BITS {
        return Err(KeyError::RsaTooShort { bits });
    }
    if bits > MAX_RSA_BITS {
        return Err(KeyError::RsaTooLong { bits });
    }
    // an even exponent has no inverse, and with 1 everybody signs
    if numbers.public_exponent.as_bytes().last().is_none_or(|byte| byte % 2 == 0) {
        return Err(KeyError::Malformed);
    }
    let key = RsaPublicKey::from_pkcs1_der(bytes).map_err(|_| KeyError::Malformed)?;
    Ok(Inner::Rsa { key, restriction })
}

fn pss_restriction(algorithm: &AlgorithmIdentifierOwned) -> Result<Restriction, KeyError> {
    if algorithm.parameters.is_none() {
        return Ok(Restriction::Pss);
    }
    let (hash, salt_length) = pss_parameters(algorithm).ok_or(KeyError::PssParameters)?;
    Ok(Restriction::PssWith { hash, salt_length })
}

/// Hash and salt length of `RSASSA-PSS-params` (RFC 4055 section 3.1), where they are ones we verify: SHA-2 or SHA-3, MGF1 with the
/// same hash, trailer field 1.
#[must_use]
pub fn pss_parameters(algorithm: &AlgorithmIdentifierOwned) -> Option<(Hash, usize)> {
    let encoded = algorithm.parameters.as_ref()?.to_der().ok()?;
    let parameters = RsaPssParamsOwned::from_der(&encoded).ok()?;
    let hash = Hash::from_oid(parameters.hash.oid)?;
    let same_mask = parameters.mask_gen.oid == oid::ID_MGF_1
        && parameters.mask_gen.parameters.as_ref().map(|hash| hash.oid) == Some(parameters.hash.oid);
    same_mask.then(|| (hash, usize::from(parameters.salt_len)))
}

fn verify_ecdsa<C>(
    key: &ecdsa::VerifyingKey<C>,
    scheme: SignatureScheme,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError>
where
    C: ecdsa::EcdsaCurve + ecdsa::elliptic_curve::CurveArithmetic,
    ecdsa::SignatureSize<C>: ecdsa::elliptic_curve::array::ArraySize,
    ecdsa::der::MaxSize<C>: ecdsa::elliptic_curve::array::ArraySize,
    <ecdsa::elliptic_curve::FieldBytesSize<C> as std::ops::Add>::Output:
        std::ops::Add<ecdsa::der::MaxOverhead> + ecdsa::elliptic_curve::array::ArraySize,
    ecdsa::VerifyingKey<C>: PrehashVerifier<ecdsa::Signature<C>>,
{
    // both refuse r and s outside 1..n
    let signature = match scheme {
        SignatureScheme::EcdsaDer(_) => ecdsa::Signature::<C>::from_der(signature),
        _ => ecdsa::Signature::<C>::from_slice(signature),
    }
    .map_err(|_| SignatureError::Encoding)?;
    key.verify_prehash(digest, &signature).map_err(|_| SignatureError::Invalid)
}

fn verify_rsa(
    key: &RsaPublicKey,
    restriction: Restriction,
    scheme: SignatureScheme,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    if signature.len() != key.size() {
        return Err(SignatureError::Encoding);
    }
    if !restriction.allows(scheme) {
        return Err(SignatureError::Scheme);
    }
    let verified = match scheme {
        SignatureScheme::Pkcs1(hash) => {
            let padding = match hash {
                Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                #[cfg(feature = "sha3")]
                Hash::Sha3_256 => Pkcs1v15Sign::new::<Sha3_256>(),
                #[cfg(feature = "sha3")]
                Hash::Sha3_384 => Pkcs1v15Sign::new::<Sha3_384>(),
                #[cfg(feature = "sha3")]
                Hash::Sha3_512 => Pkcs1v15Sign::new::<Sha3_512>(),
            };
            key.verify(padding, digest, signature)
        }
        SignatureScheme::Pss { hash, salt_length } => match hash {
            Hash::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt_length), digest, signature),
            Hash::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt_length), digest, signature),
            Hash::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt_length), digest, signature),
            #[cfg(feature = "sha3")]
            Hash::Sha3_256 => key.verify(Pss::<Sha3_256>::new_with_salt(salt_length), digest, signature),
            #[cfg(feature = "sha3")]
            Hash::Sha3_384 => key.verify(Pss::<Sha3_384>::new_with_salt(salt_length), digest, signature),
            #[cfg(feature = "sha3")]
            Hash::Sha3_512 => key.verify(Pss::<Sha3_512>::new_with_salt(salt_length), digest, signature),
        },
        _ => return Err(SignatureError::Scheme),
    };
    verified.map_err(|_| SignatureError::Invalid)
}

/// Why a key is not one that we verify with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither an elliptic-curve nor an RSA key.
    #[error("the key's algorithm {algorithm} is not supported")]
    Algorithm {
        /// Its object identifier.
        algorithm: ObjectIdentifier,
    },
    /// Inherited curve parameters (RFC 5480 section 2.1.1 forbids them), or explicit ones that are not of a curve we know.
    #[error("the key does not name its curve")]
    CurveNotNamed,
    /// A curve that we do not know.
    #[error("the curve {curve} is not supported")]
    CurveUnknown {
        /// Its object identifier.
        curve: ObjectIdentifier,
    },
    /// An RSA modulus below [`MIN_RSA_BITS`].
    #[error("the RSA key has {bits} bits; at least {MIN_RSA_BITS} are needed")]
    RsaTooShort {
        /// Bits of the modulus.
        bits: u32,
    },
    /// An RSA modulus above [`MAX_RSA_BITS`].
    #[error("the RSA key has {bits} bits; at most {MAX_RSA_BITS} are accepted")]
    RsaTooLong {
        /// Bits of the modulus.
        bits: u32,
    },
    /// RSASSA-PSS parameters other than SHA-2 with the same mask hash.
    #[error("the key's RSASSA-PSS parameters are not supported")]
    PssParameters,
    /// Not a point on the curve, or not the two numbers of an RSA key.
    #[error("the key is malformed")]
    Malformed,
}

/// Why a signature does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The key does not make signatures of this kind.
    #[error("the key does not make signatures of this kind")]
    Scheme,
    /// Wrong length or encoding, or a number outside its range.
    #[error("the signature is not encoded as its algorithm demands")]
    Encoding,
    /// Well formed, and not this key's signature over this message.
    #[error("the signature does not verify")]
    Invalid,
}

//! How documents, certificates and lists are signed (9303-12, section 4.4), and whether a signature is right.

use std::fmt;

use bitaqa_card::{
    active_authentication::DigestAlgorithm,
    oid,
    signed_data::AlgorithmIdentifier,
    tlv::{Tag, TlvReader, encode},
};
use bitaqa_curves::{Point, ecdsa_verify};
use crypto_bigint::BoxedUint;
use rsa::{RsaPublicKey, traits::PublicKeyParts};

pub use super::emsa::PssParameters;
use super::{
    emsa,
    fields::{Fields, FormatError, INTEGER, OBJECT_IDENTIFIER, SEQUENCE, dotted, without_leading_zeros},
    public_key::{IcaoKey, RSASSA_PSS},
};

/// `pkcs-1` (RFC 8017), content bytes: the scheme follows.
const PKCS_1: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01];
/// `id-mgf1` (RFC 8017), content bytes.
const MGF1: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08];
const NULL: &[u8] = &[0x05, 0x00];

/// The hash of an algorithm identifier: without parameters, or with NULL (RFC 5754 section 2).
pub(super) fn hash_algorithm(identifier: &AlgorithmIdentifier) -> Option<DigestAlgorithm> {
    let is_bare = identifier.parameters.as_deref().is_none_or(|parameters| parameters == NULL);
    DigestAlgorithm::from_oid(&identifier.algorithm).filter(|_| is_bare)
}

/// A signature scheme with its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IcaoScheme {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(DigestAlgorithm),
    /// RSASSA-PSS.
    Pss(PssParameters),
    /// ECDSA, encoded as `ECDSA-Sig-Value` (RFC 3279 section 2.2.3).
    Ecdsa(DigestAlgorithm),
    /// ECDSA, encoded as r || s (BSI TR-03111 section 5.2.1).
    EcdsaPlain(DigestAlgorithm),
}

impl IcaoScheme {
    /// From an algorithm identifier. Some signers name the kind of their key there instead of the scheme: then `beside` is the
    /// hash that is named beside it.
    ///
    /// # Errors
    /// [`IcaoSignatureError::Algorithm`], [`IcaoSignatureError::Parameters`].
    pub fn of(
        identifier: &AlgorithmIdentifier,
        beside: Option<DigestAlgorithm>,
    ) -> Result<Self, IcaoSignatureError> {
        let unknown = || IcaoSignatureError::Algorithm { algorithm: dotted(&identifier.algorithm) };
        let scheme = match identifier.algorithm.as_slice() {
            RSASSA_PSS => return pss_parameters(identifier).map(Self::Pss),
            oid::RSA_ENCRYPTION => Self::Pkcs1(beside.ok_or_else(unknown)?),
            // whatever parameters stand there are those of the key
            oid::EC_PUBLIC_KEY => return Ok(Self::Ecdsa(beside.ok_or_else(unknown)?)),
            other => match (other.strip_prefix(PKCS_1), DigestAlgorithm::of_ecdsa(other)) {
                (Some([5]), _) => Self::Pkcs1(DigestAlgorithm::Sha1),
                (Some([11]), _) => Self::Pkcs1(DigestAlgorithm::Sha256),
                (Some([12]), _) => Self::Pkcs1(DigestAlgorithm::Sha384),
                (Some([13]), _) => Self::Pkcs1(DigestAlgorithm::Sha512),
                (Some([14]), _) => Self::Pkcs1(DigestAlgorithm::Sha224),
                (None, Some(hash)) if other.starts_with(oid::ECDSA_PLAIN) => Self::EcdsaPlain(hash),
                (None, Some(hash)) => Self::Ecdsa(hash),
                _ => return Err(unknown()),
            },
        };
        // RFC 5758 wants none for ECDSA, RFC 4055 NULL for RSA; issuers mix them up
        match identifier.parameters.as_deref() {
            None | Some(NULL) => Ok(scheme),
            Some(_) => Err(IcaoSignatureError::Parameters),
        }
    }

    /// The hash over the message.
    #[must_use]
    pub const fn hash(self) -> DigestAlgorithm {
        match self {
            Self::Pkcs1(hash) | Self::Ecdsa(hash) | Self::EcdsaPlain(hash) => hash,
            Self::Pss(parameters) => parameters.hash,
        }
    }

    /// Verifies a signature over a message.
    ///
    /// # Errors
    /// [`IcaoSignatureError`].
    pub fn verify(self, key: &IcaoKey, message: &[u8], signature: &[u8]) -> Result<(), IcaoSignatureError> {
        let digest = self.hash().digest(message);
        let is_valid = match (self, key) {
            (Self::Pkcs1(hash), IcaoKey::Rsa { key, is_pss_only: false }) => {
                let encoded = opened(key, signature).ok_or(IcaoSignatureError::Encoding)?;
                emsa::is_pkcs1(&encoded, hash, &digest)
            }
            (Self::Pss(parameters), IcaoKey::Rsa { key, .. }) => {
                let encoded = opened(key, signature).ok_or(IcaoSignatureError::Encoding)?;
                let bits = usize::try_from(key.n().bits()).map_err(|_| IcaoSignatureError::Encoding)?;
                emsa::is_pss(&encoded, bits, parameters, &digest)
            }
            (Self::Ecdsa(_), IcaoKey::Ec(point)) => {
                let plain = plain_of_der(point, signature).ok_or(IcaoSignatureError::Encoding)?;
                ecdsa_verify(point, &digest, &plain)
            }
            (Self::EcdsaPlain(_), IcaoKey::Ec(point)) => ecdsa_verify(point, &digest, signature),
            _ => return Err(IcaoSignatureError::Key),
        };
        if is_valid { Ok(()) } else { Err(IcaoSignatureError::Invalid) }
    }
}

impl fmt::Display for IcaoScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pkcs1(hash) => write!(f, "RSA with {}", hash_name(*hash)),
            Self::Pss(PssParameters { hash, mask_hash, .. }) if hash == mask_hash => {
                write!(f, "RSA-PSS with {}", hash_name(*hash))
            }
            Self::Pss(PssParameters { hash, mask_hash, .. }) => {
                write!(f, "RSA-PSS with {}, mask with {}", hash_name(*hash), hash_name(*mask_hash))
            }
            Self::Ecdsa(hash) | Self::EcdsaPlain(hash) => write!(f, "ECDSA with {}", hash_name(*hash)),
        }
    }
}

/// The usual name of a hash.
#[must_use]
pub const fn hash_name(hash: DigestAlgorithm) -> &'static str {
    match hash {
        DigestAlgorithm::Sha1 => "SHA-1",
        DigestAlgorithm::Sha224 => "SHA-224",
        DigestAlgorithm::Sha256 => "SHA-256",
        DigestAlgorithm::Sha384 => "SHA-384",
        DigestAlgorithm::Sha512 => "SHA-512",
    }
}

/// `RSASSA-PSS-params` (RFC 4055 section 3.1), with its defaults.
fn pss_parameters(identifier: &AlgorithmIdentifier) -> Result<PssParameters, IcaoSignatureError> {
    let parameters = identifier.parameters.as_deref().ok_or(IcaoSignatureError::Parameters)?;
    read_pss_parameters(parameters).ok().flatten().ok_or(IcaoSignatureError::Parameters)
}

fn read_pss_parameters(encoded: &[u8]) -> Result<Option<PssParameters>, FormatError> {
    const WHAT: &str = "RSASSA-PSS-params";
    let mut fields = Fields::of_object(encoded, SEQUENCE, WHAT)?;
    let hash = match fields.take(Tag(0xA0), WHAT)? {
        Some(explicit) => hash_of(explicit.value)?,
        None => Some(DigestAlgorithm::Sha1),
    };
    let mask_hash = match fields.take(Tag(0xA1), WHAT)? {
        Some(explicit) => {
            let mut mask = Fields::of_object(explicit.value, SEQUENCE, WHAT)?;
            if mask.expect(OBJECT_IDENTIFIER, WHAT)?.value != MGF1 {
                return Ok(None);
            }
            match mask.next(WHAT)? {
                Some(algorithm) => hash_of(algorithm.encoded)?,
                None => Some(DigestAlgorithm::Sha1),
            }
        }
        None => Some(DigestAlgorithm::Sha1),
    };
    let mut small = |tag, default| -> Result<Option<usize>, FormatError> {
        let Some(explicit) = fields.take(tag, WHAT)? else { return Ok(Some(default)) };
        let number = Fields::new(explicit.value).expect(INTEGER, WHAT)?;
        Ok(match without_leading_zeros(number.value) {
            [] => Some(0),
            [number] => Some(usize::from(*number)),
            [high, low] => Some(usize::from(u16::from_be_bytes([*high, *low]))),
            _ => None,
        })
    };
    let salt_length = small(Tag(0xA2), 20)?;
    let trailer = small(Tag(0xA3), 1)?;
    fields.end(WHAT)?;
    Ok(match (hash, mask_hash, salt_length, trailer) {
        (Some(hash), Some(mask_hash), Some(salt_length), Some(1)) => {
            Some(PssParameters { hash, mask_hash, salt_length })
        }
        _ => None,
    })
}

fn hash_of(algorithm: &[u8]) -> Result<Option<DigestAlgorithm>, FormatError> {
    let mut fields = Fields::of_object(algorithm, SEQUENCE, "hashAlgorithm")?;
    let hash = DigestAlgorithm::from_oid(fields.expect(OBJECT_IDENTIFIER, "hashAlgorithm")?.value);
    let is_bare = fields.next("hashAlgorithm")?.is_none_or(|parameters| parameters.encoded == NULL);
    Ok(hash.filter(|_| is_bare))
}

/// The signature to the power of the public exponent, as long as the modulus.
fn opened(key: &RsaPublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    if signature.len() != key.size() {
        return None;
    }
    let number = BoxedUint::from_be_slice(signature, key.n().bits_precision()).ok()?;
    if number >= *key.n().as_ref() {
        return None;
    }
    let opened = rsa::hazmat::rsa_encrypt(key, &number).ok()?.to_be_bytes();
    let surplus = opened.len().checked_sub(key.size())?;
    opened.get(surplus..).map(<[u8]>::to_vec)
}

/// r || s of `ECDSA-Sig-Value`, which is DER: one signature has one encoding.
fn plain_of_der(point: &Point, signature: &[u8]) -> Option<Vec<u8>> {
    let length = point.curve().scalar_length();
    let mut numbers = TlvReader::new(signature).expect(SEQUENCE).ok()?.children();
    let mut plain = Vec::with_capacity(2 * length);
    let mut again = Vec::with_capacity(signature.len());
    for _ in 0..2 {
        let number = without_leading_zeros(numbers.expect(INTEGER).ok()?.value);
        plain.resize(plain.len() + length.checked_sub(number.len())?, 0);
        plain.extend_from_slice(number);
        let is_signed = number.first().is_none_or(|byte| byte & 0x80 != 0);
        again.extend(encode(INTEGER, &[if is_signed { &[0][..] } else { &[] }, number].concat()));
    }
    (encode(SEQUENCE, &again) == signature).then_some(plain)
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IcaoSignatureError {
    /// A scheme that is not among those of 9303-12.
    #[error("the signature algorithm {algorithm} is not supported")]
    Algorithm {
        /// Object identifier.
        algorithm: String,
    },
    /// Parameters that the algorithm does not have.
    #[error("the parameters of the signature algorithm are not supported")]
    Parameters,
    /// The key is of another kind.
    #[error("the key makes no signatures of this kind")]
    Key,
    /// Another length or encoding than the key's signatures have.
    #[error("the signature is not encoded as its algorithm demands")]
    Encoding,
    /// Well formed, and not this key's over this message.
    #[error("the signature does not verify")]
    Invalid,
}

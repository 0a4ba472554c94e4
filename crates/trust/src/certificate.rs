//! Certificates: bounded parsing that keeps the original bytes.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use const_oid::AssociatedOid;
use der::{DateTime, Decode, asn1::ObjectIdentifier};
use sha2::{Digest, Sha256};
use x509_cert::{
    certificate::{CertificateInner, Raw, TbsCertificateInner},
    ext::pkix::BasicConstraints,
};

use crate::{
    certificate_signature::CertificateSignatureError,
    distinguished_name::NameError,
    early_validity,
    public_key::{KeyError, PublicKey},
    signature_memory,
    signed_object::SignedObject,
};

/// Longest certificate, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;

/// A parsed certificate with the bytes it came from. Parsing believes nothing: no signature is checked. A copy shares them: a
/// file with thousands of signatures has the certificates once.
#[derive(Clone)]
pub struct Certificate(Arc<Parsed>);

struct Parsed {
    der: Vec<u8>,
    /// What it was decoded from, if not from `der`.
    readable: Option<Vec<u8>>,
    decoded: CertificateInner<Raw>,
    /// Asked for again and again.
    sha256: OnceLock<[u8; 32]>,
    public_key: OnceLock<Result<PublicKey, KeyError>>,
}

impl Certificate {
    /// Parses DER (RFC 5280 section 4.1). Serial numbers may be longer than that standard allows; extensions may not occur
    /// twice (section 4.2). Validity that begins before 1970 is read as beginning with it.
    ///
    /// # Errors
    /// [`CertificateError`]: too long, not DER of a certificate, or an extension is there twice.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_LENGTH {
            return Err(CertificateError::TooLong { bytes: der.len() });
        }
        if let Some(known) = signature_memory::certificate(der) {
            return Ok(known);
        }
        let mut readable = None;
        let decoded = CertificateInner::<Raw>::from_der(der).or_else(|error| {
            readable = early_validity::readable_copy(der);
            readable.as_ref().map_or(Err(error), |copy| CertificateInner::<Raw>::from_der(copy))
        })?;
        let extensions = decoded.tbs_certificate().extensions().map_or(&[][..], Vec::as_slice);
        for (index, extension) in extensions.iter().enumerate() {
            if extensions.iter().skip(index + 1).any(|other| other.extn_id == extension.extn_id) {
                return Err(CertificateError::DuplicateExtension { extension: extension.extn_id });
            }
        }
        let (sha256, public_key) = (OnceLock::new(), OnceLock::new());
        let der = der.to_vec();
        let certificate = Self(Arc::new(Parsed { der, readable, decoded, sha256, public_key }));
        signature_memory::remember(&certificate);
        Ok(certificate)
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// Bytes that the DER library can decode; those of [`der`](Self::der) but for a very early date.
    pub(crate) fn readable_der(&self) -> &[u8] {
        self.0.readable.as_deref().unwrap_or(&self.0.der)
    }

    /// SHA-256 of [`der`](Self::der).
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        *self.0.sha256.get_or_init(|| Sha256::digest(&self.0.der).into())
    }

    /// The decoded structure.
    #[must_use]
    pub fn decoded(&self) -> &CertificateInner<Raw> {
        &self.0.decoded
    }

    /// The part that is signed.
    #[must_use]
    pub fn tbs(&self) -> &TbsCertificateInner<Raw> {
        self.0.decoded.tbs_certificate()
    }

    /// Its public key.
    ///
    /// # Errors
    /// [`KeyError`]: not a key that we verify with.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        let read = || PublicKey::from_spki(self.tbs().subject_public_key_info());
        self.0.public_key.get_or_init(read).clone()
    }

    /// First moment of validity.
    #[must_use]
    pub fn not_before(&self) -> DateTime {
        self.tbs().validity().not_before.to_date_time()
    }

    /// Last moment of validity.
    #[must_use]
    pub fn not_after(&self) -> DateTime {
        self.tbs().validity().not_after.to_date_time()
    }

    /// Whether issuer and subject are the same name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.tbs().issuer() == self.tbs().subject()
    }

    /// Whether it is signed with its own key: a root, or a certificate that nobody else vouches for.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.public_key().is_ok_and(|key| self.verify_signature(&key).is_ok())
    }

    /// Whether it says that its subject is a certification authority (`basicConstraints`, RFC 5280 section 4.2.1.9).
    #[must_use]
    pub fn is_authority(&self) -> bool {
        matches!(self.extension::<BasicConstraints>(), Ok(Some(constraints)) if constraints.ca)
    }

    /// Decodes an extension, if it is there.
    ///
    /// # Errors
    /// [`CertificateError::Extension`]: its value is not what its type demands.
    pub fn extension<T>(&self) -> Result<Option<T>, CertificateError>
    where
        T: AssociatedOid + for<'a> Decode<'a, Error = der::Error>,
    {
        self.extension_value(T::OID)
            .map(T::from_der)
            .transpose()
            .map_err(|_| CertificateError::Extension { extension: T::OID })
    }

    /// Value of an extension, if it is there.
    #[must_use]
    pub fn extension_value(&self, extension: ObjectIdentifier) -> Option<&[u8]> {
        let extensions = self.tbs().extensions()?;
        let found = extensions.iter().find(|candidate| candidate.extn_id == extension)?;
        Some(found.extn_value.as_bytes())
    }

    /// Verifies the signature of the issuer whose key is given, over the bytes as they were received.
    ///
    /// # Errors
    /// [`CertificateSignatureError`].
    pub fn verify_signature(&self, issuer: &PublicKey) -> Result<(), CertificateSignatureError> {
        let signed = SignedObject::from_der(&self.0.der).map_err(|_| CertificateSignatureError::Encoding)?;
        signed.verify(issuer)
    }
}

/// The fingerprint only: a certificate is personal data.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(")?;
        for byte in self.sha256().iter().take(8) {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("…)")
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

/// Why bytes are not a certificate that we read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the certificate has {bytes} bytes; at most {MAX_LENGTH} are accepted")]
    TooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// Not DER of a certificate.
    #[error("not DER of a certificate: {0}")]
    Encoding(der::Error),
    /// The same extension twice (RFC 5280 section 4.2).
    #[error("the certificate has the extension {extension} twice")]
    DuplicateExtension {
        /// Its identifier.
        extension: ObjectIdentifier,
    },
    /// An extension's value is not what its type demands.
    #[error("the extension {extension} of the certificate is malformed")]
    Extension {
        /// Its identifier.
        extension: ObjectIdentifier,
    },
    /// The subject's or issuer's name cannot be read.
    #[error("{0}")]
    Name(#[from] NameError),
    /// The key is not one that we verify with.
    #[error("{0}")]
    Key(#[from] KeyError),
}

impl From<der::Error> for CertificateError {
    fn from(error: der::Error) -> Self {
        Self::Encoding(error)
    }
}

//! The question to an OCSP responder (RFC 6960 section 4.1).

use der::{
    Encode, Tag, TagNumber,
    asn1::{AnyRef, Null, ObjectIdentifier, OctetStringRef},
};
use digest::Digest;
use sha1::Sha1;
use sha2::Sha256;
use spki::AlgorithmIdentifierRef;

use crate::{certificate::Certificate, oid};

/// 32 random bytes that make the answer to a question recognisable (RFC 9654). The caller draws them anew for each
/// verification; the nonce of each question is made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NonceSeed([u8; 32]);

impl NonceSeed {
    /// From random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The nonce of the question about one certificate.
    #[must_use]
    pub fn nonce(&self, certificate: &Certificate) -> Nonce {
        Nonce(Sha256::new().chain_update(self.0).chain_update(certificate.der()).finalize().into())
    }
}

/// What the responder is to repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce([u8; 32]);

impl Nonce {
    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Names a certificate by the hashes of its issuer's name and key, and its number (RFC 6960 section 4.1.1, `CertID`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateId {
    pub(super) hash: IdHash,
    pub(super) issuer_name: Vec<u8>,
    pub(super) issuer_key: Vec<u8>,
    /// The INTEGER, tag and length included.
    pub(super) serial_number: Vec<u8>,
}

/// The hash of a [`CertificateId`]: it identifies, and protects nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdHash {
    /// SHA-1, which every responder knows (RFC 5019).
    Sha1,
    /// SHA-256.
    Sha256,
}

impl IdHash {
    pub(super) fn from_oid(identifier: ObjectIdentifier) -> Option<Self> {
        match identifier {
            oid::ID_SHA_1 => Some(Self::Sha1),
            oid::ID_SHA_256 => Some(Self::Sha256),
            _ => None,
        }
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => oid::ID_SHA_1,
            Self::Sha256 => oid::ID_SHA_256,
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
        }
    }
}

impl CertificateId {
    /// Of a certificate and its issuer's; none if the issuer's key is no whole number of bytes.
    #[must_use]
    pub fn new(hash: IdHash, certificate: &Certificate, issuer: &Certificate) -> Option<Self> {
        let name = certificate.tbs().issuer().to_der().ok()?;
        let key = issuer.tbs().subject_public_key_info().subject_public_key.as_bytes()?;
        Some(Self {
            hash,
            issuer_name: hash.digest(&name),
            issuer_key: hash.digest(key),
            serial_number: certificate.tbs().serial_number().to_der().ok()?,
        })
    }

    fn to_der(&self) -> der::Result<Vec<u8>> {
        let algorithm = AlgorithmIdentifierRef { oid: self.hash.oid(), parameters: Some(Null.into()) };
        sequence(&[
            &algorithm.to_der()?,
            &OctetStringRef::new(&self.issuer_name)?.to_der()?,
            &OctetStringRef::new(&self.issuer_key)?.to_der()?,
            &self.serial_number,
        ])
    }
}

/// DER of an unsigned `OCSPRequest` about one certificate.
pub(super) fn request(id: &CertificateId, nonce: Option<&Nonce>) -> der::Result<Vec<u8>> {
    let list = sequence(&[&sequence(&[&id.to_der()?])?])?;
    let extensions = match nonce {
        None => Vec::new(),
        Some(nonce) => {
            let value = OctetStringRef::new(nonce.as_bytes())?.to_der()?;
            let extension =
                sequence(&[&oid::ID_PKIX_OCSP_NONCE.to_der()?, &OctetStringRef::new(&value)?.to_der()?])?;
            let tag = Tag::ContextSpecific { constructed: true, number: TagNumber(2) };
            AnyRef::new(tag, &sequence(&[&extension])?)?.to_der()?
        }
    };
    sequence(&[&sequence(&[&list, &extensions])?])
}

fn sequence(parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    AnyRef::new(Tag::Sequence, &parts.concat())?.to_der()
}

//! A signature as it was found in a file, of whatever format: what the file says, and what mathematics says about it. What
//! it is worth, by whom and at what time, is for validation (EN 319 102-1) to say.

use std::sync::Arc;

use bitaqa_trust::{
    Certificate, DateTime,
    public_key::{Hash, SignatureScheme},
};
use serde::Serialize;

use crate::{algorithm::AlgorithmError, statement::SignerStatement};

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum SignatureFormat {
    /// CMS (EN 319 122-1).
    #[serde(rename = "CAdES")]
    Cades,
    /// In a PDF (EN 319 142-1).
    #[serde(rename = "PAdES")]
    Pades,
    /// XML (EN 319 132-1).
    #[serde(rename = "XAdES")]
    Xades,
    /// JSON (TS 119 182-1).
    #[serde(rename = "JAdES")]
    Jades,
}

impl SignatureFormat {
    /// Its name in the standards.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cades => "CAdES",
            Self::Pades => "PAdES",
            Self::Xades => "XAdES",
            Self::Jades => "JAdES",
        }
    }
}

/// One signature.
#[derive(Debug, Clone)]
pub struct FoundSignature {
    /// Its format.
    pub format: SignatureFormat,
    /// What tells it from others of the same file: a field's name, an `Id`, a position.
    pub name: String,
    /// The signer's certificate, where it was found and is the one that the signature is bound to.
    pub signer: SigningCertificate,
    /// Every certificate that the file brings, believed by nobody. At most [`MAX_CERTIFICATES`].
    pub certificates: Vec<Certificate>,
    /// Revocation data that the file brings.
    pub revocation: EmbeddedRevocation,
    /// How it is signed; the fault where the algorithm is not accepted, and then nothing was verified.
    pub algorithm: Result<SignatureScheme, AlgorithmError>,
    /// Whether signed content and signed attributes are what was signed, and by the signer's key.
    pub integrity: Integrity,
    /// The digests over the content that the signature covers were taken with these hashes.
    pub content_hashes: Vec<Hash>,
    /// Everything that the signer said beside the document; time included.
    pub statement: SignerStatement,
    /// What of the file it covers.
    pub coverage: Coverage,
    /// Time stamps over the content, made before the signature.
    pub content_time_stamps: Vec<FoundTimeStamp>,
    /// Time stamps over the signature.
    pub signature_time_stamps: Vec<FoundTimeStamp>,
    /// Time stamps over signature and validation data, the oldest first.
    pub archive_time_stamps: Vec<FoundTimeStamp>,
    /// Signatures over this signature.
    pub counter_signatures: Vec<FoundSignature>,
    /// Rules of the format that are broken, though what was signed is intact. With any of these it is never passed.
    pub format_faults: Vec<String>,
    /// What a person should know that breaks no rule.
    pub remarks: Vec<String>,
}

impl FoundSignature {
    /// A signature of which nothing is known but that it is there: worth nothing until a reader says more.
    #[must_use]
    pub fn unread(format: SignatureFormat, name: impl Into<String>) -> Self {
        Self {
            format,
            name: name.into(),
            signer: SigningCertificate::NotFound,
            certificates: Vec::new(),
            revocation: EmbeddedRevocation::default(),
            algorithm: Err(AlgorithmError::Parameters),
            integrity: Integrity::NotVerified,
            content_hashes: Vec::new(),
            statement: SignerStatement::default(),
            coverage: Coverage::Unknown,
            content_time_stamps: Vec::new(),
            signature_time_stamps: Vec::new(),
            archive_time_stamps: Vec::new(),
            counter_signatures: Vec::new(),
            format_faults: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// Most certificates of one signature that are looked at.
pub const MAX_CERTIFICATES: usize = 128;

/// The signer's certificate.
#[derive(Debug, Clone)]
pub enum SigningCertificate {
    /// Found, and bound by a signed attribute (`signing-certificate-v2` and its counterparts) whose digest is right.
    Bound(Box<Certificate>),
    /// Found by its key or name, but nothing that was signed says that it is the one. Baseline levels demand that.
    NotBound(Box<Certificate>),
    /// A signed attribute names another certificate than the one that is there.
    Mismatch,
    /// It is not there.
    NotFound,
}

impl SigningCertificate {
    /// The certificate, whether bound or not.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Bound(certificate) | Self::NotBound(certificate) => Some(certificate),
            Self::Mismatch | Self::NotFound => None,
        }
    }
}

/// Revocation data in a file, each in DER and shared by all signatures of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmbeddedRevocation {
    /// `CertificateList`.
    pub lists: Vec<Arc<[u8]>>,
    /// `OCSPResponse`.
    pub answers: Vec<Arc<[u8]>>,
}

impl EmbeddedRevocation {
    /// Adds what is not there yet, as long as it does not become too much to be looked at.
    pub(crate) fn add(&mut self, more: &Self) {
        let add = |to: &mut Vec<Arc<[u8]>>, more: &[Arc<[u8]>]| {
            for one in more {
                if to.len() < crate::cms::signed_data::MAX_REVOCATION && !to.contains(one) {
                    to.push(Arc::clone(one));
                }
            }
        };
        add(&mut self.lists, &more.lists);
        add(&mut self.answers, &more.answers);
    }
}

/// What mathematics says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integrity {
    /// The content is what was signed, and the signer's key signed it.
    Intact,
    /// The content, or one piece of it, is not what was signed (`HASH_FAILURE`).
    ContentChanged,
    /// The signature is not one of the signer's key over the signed attributes (`SIG_CRYPTO_FAILURE`).
    SignatureInvalid,
    /// The content is not there (`SIGNED_DATA_NOT_FOUND`).
    ContentMissing,
    /// The signer's key is not known, or its algorithm not accepted: nothing was verified.
    NotVerified,
}

/// What of a file a signature covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "parts")]
pub enum Coverage {
    /// All of it, but for the signature itself.
    Whole,
    /// Only these parts, by name: files of a container, elements, an earlier revision.
    Parts(Vec<String>),
    /// Cannot be told.
    Unknown,
}

/// A time stamp (RFC 3161), with what its format says it covers.
#[derive(Debug, Clone)]
pub struct FoundTimeStamp {
    /// The token, `ContentInfo` in DER or BER as it was found. Its own signature is not verified yet.
    pub token: Vec<u8>,
    /// Digest of what it must cover, by the rules of its place, taken with the hash that its imprint names; none where that
    /// hash is not accepted or the rules cannot be followed.
    pub covered_digest: Option<Vec<u8>>,
    /// The certificates that came with it beside its own.
    pub certificates: Vec<Certificate>,
    /// When it was made, by its own word and before anything is verified; for the order of a list.
    pub claimed_time: Option<DateTime>,
    /// SHA-256 of every certificate, list, answer and older token that it covers beside the signature, each in the bytes in
    /// which this [`FoundSignature`] has it. What is not named here is not proven to have existed at its time.
    pub covered_material: Vec<[u8; 32]>,
    /// It is an archive time stamp of RFC 5126: it proves what it covers, and no baseline level counts it.
    pub is_of_old_kind: bool,
}

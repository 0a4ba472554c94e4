//! Raising a signature to a higher level: B-T, B-LT, B-LTA.
//!
//! Nothing is fetched here. [`augment`] says what it [`Need`]s; the caller fetches that, or finds that it cannot be had, puts it
//! into [`Answers`] and asks again, from the same file, until it is [`Progress::Done`]. So the same code serves a command line,
//! a server, and a browser whose host fetches for it. A service that is missing lowers the level that is reached, and a
//! [`Notice`] says so; whatever was reached stays, and can be raised later.

mod archived_container;
mod certificates;
mod cms_file;
mod container_file;
mod engine;
mod file;
mod jws_file;
mod pdf_file;
mod xml_file;

use std::collections::HashMap;

use bitaqa_trust::{DateTime, TrustStore, public_key::Hash};

use crate::{FoundSignature, Level};

pub use crate::cades::ValidationData;
pub use certificates::certificates_in;
pub use cms_file::CmsFile;
pub use engine::augment;
pub use file::{FileProgress, augment_file};
pub use jws_file::JwsFile;
pub use pdf_file::{PdfFile, PdfProgress, augment_pdf};
pub use xml_file::XmlFile;

/// Something that the caller has to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// A time stamp (RFC 3161) with this imprint, from an authority of the caller's choice.
    TimeStamp {
        /// Hash of the imprint.
        hash: Hash,
        /// The digest.
        digest: Vec<u8>,
    },
    /// An answer of a responder (RFC 6960): POST `request` to `url`.
    Ocsp {
        /// The certificate, in DER, in which the address stands: whoever fetches can make sure of it.
        certificate: Vec<u8>,
        /// Where.
        url: String,
        /// DER of the `OCSPRequest`.
        request: Vec<u8>,
    },
    /// A revocation list: GET.
    Crl {
        /// The certificate, in DER, in which the address stands.
        certificate: Vec<u8>,
        /// Where.
        url: String,
    },
    /// A certificate of an issuer: GET; DER of one, or a message with certificates only.
    IssuerCertificate {
        /// The certificate, in DER, in which the address stands.
        certificate: Vec<u8>,
        /// Where.
        url: String,
    },
}

/// What was fetched: for a time stamp the token (checked against the request by
/// [`token_of_response`](crate::time_stamp::token_of_response)), else what came; `None` if it cannot be had.
#[derive(Debug, Clone, Default)]
pub struct Answers(HashMap<Need, Option<Vec<u8>>>);

impl Answers {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what came for a need, or that it cannot be had.
    pub fn add(&mut self, need: Need, answer: Option<Vec<u8>>) {
        self.0.insert(need, answer);
    }

    /// Forgets everything but time stamps: they are as good as their authority, and each costs a question.
    pub fn forget_fetched(&mut self) {
        self.0.retain(|need, _| matches!(need, Need::TimeStamp { .. }));
    }

    /// None if nobody asked; `Some(None)` if it cannot be had.
    fn of(&self, need: &Need) -> Option<Option<&[u8]>> {
        self.0.get(need).map(Option::as_deref)
    }
}

/// What is to be reached.
#[derive(Debug, Clone)]
pub struct Goal {
    /// The level.
    pub level: Level,
    /// Hash of the imprints of time stamps.
    pub hash: Hash,
    /// Anchors, and certificates that help to get there: for the paths whose validation data is collected. Who believes the
    /// signature later has anchors of their own.
    pub store: TrustStore,
    /// Now.
    pub at: DateTime,
}

/// How far it is.
#[derive(Debug)]
pub enum Progress {
    /// These have to be answered first.
    Needs(Vec<Need>),
    /// As high as it goes with these answers.
    Done(Augmented),
}

/// What was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Augmented {
    /// The level of the lowest of the signatures, by what was added and what was there. It is for validation to say what each
    /// is worth.
    pub level: Level,
    /// What could not be had.
    pub notices: Vec<Notice>,
}

/// Something that is missing in the file, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// No authority gave a time stamp.
    #[error("{signature}: no time stamp could be had")]
    NoTimeStamp {
        /// Name of the signature.
        signature: String,
    },
    /// There is no path to an anchor, so nobody knows whose lists and answers are needed.
    #[error("{signature}: no path from the certificate of {whose} to a trusted authority is known")]
    NoPath {
        /// Name of the signature.
        signature: String,
        /// Signer or time-stamp authority.
        whose: Whose,
    },
    /// No list and no answer says whether a certificate was revoked.
    #[error("{signature}: whether a certificate above {whose} or its own was revoked cannot be learned now")]
    NoRevocationData {
        /// Name of the signature.
        signature: String,
        /// Signer or time-stamp authority.
        whose: Whose,
    },
    /// A certificate was revoked before the signature or the time stamp was made, as far as anybody can prove when that was.
    #[error("{signature}: a certificate above {whose} or its own was revoked")]
    Revoked {
        /// Name of the signature.
        signature: String,
        /// Signer or time-stamp authority.
        whose: Whose,
    },
    /// What is signed was changed, or the signature is none: there is nothing to raise.
    #[error("{signature}: what is signed was changed, or the signature is not valid; it is left as it is")]
    NotIntact {
        /// Name of the signature.
        signature: String,
    },
    /// The signer's certificate is not in the file.
    #[error("{signature}: the signer's certificate is not there")]
    NoSigner {
        /// Name of the signature.
        signature: String,
    },
    /// A time stamp in the file cannot be read or does not verify.
    #[error("{signature}: a time stamp of the file is not valid")]
    BadTimeStamp {
        /// Name of the signature.
        signature: String,
    },
}

/// Whose certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The signer's.
    Signer,
    /// The time-stamp authority's.
    TimeStampAuthority,
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Signer => "the signer",
            Self::TimeStampAuthority => "the time-stamp authority",
        })
    }
}

/// A signed file of some format, as the engine changes it. Signatures are counted from 0, in the order in which they are read.
pub trait Augmentable {
    /// What can go wrong with the format.
    type Error;

    /// The signatures as they are now.
    ///
    /// # Errors
    /// The format's own.
    fn signatures(&mut self) -> Result<Vec<FoundSignature>, Self::Error>;

    /// Digest that a time stamp over a signature must have.
    ///
    /// # Errors
    /// The format's own.
    fn signature_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, Self::Error>;

    /// Adds a time stamp over a signature.
    ///
    /// # Errors
    /// The format's own; no room in a PDF among them.
    fn add_signature_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), Self::Error>;

    /// Adds validation data for a signature.
    ///
    /// # Errors
    /// The format's own.
    fn add_validation_data(&mut self, signature: usize, data: &ValidationData) -> Result<(), Self::Error>;

    /// Digest that an archive time stamp over a signature must have.
    ///
    /// # Errors
    /// The format's own.
    fn archive_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, Self::Error>;

    /// Adds an archive time stamp.
    ///
    /// # Errors
    /// The format's own.
    fn add_archive_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), Self::Error>;

    /// Whether one time stamp covers every signature of the file, as the document time stamp of a PDF does.
    fn covers_whole_file(&self) -> bool;
}

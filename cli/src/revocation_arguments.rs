//! Revocation lists and answers of responders, as the command line gives them.

use std::path::{Path, PathBuf};

use bitaqa_protocol::decode_base64;
use bitaqa_trust::revocation::{
    Evidence, OnMissingEvidence,
    crl::{self, CertificateList},
    evidence::TooMuchEvidence,
    fault::{CrlFault, OcspFault},
    ocsp_response::{self, OcspResponse},
};
use clap::{Args, ValueEnum};

use crate::trust_files::{self, TrustFileError};

/// File names in a folder that are taken for lists; others are passed over.
const LIST_ENDINGS: [&str; 3] = ["crl", "pem", "der"];

/// File names in a folder that are taken for answers; others are passed over.
const ANSWER_ENDINGS: [&str; 4] = ["ors", "ocsp", "resp", "der"];

/// Where the evidence is. Nothing is fetched: files only.
#[derive(Debug, Args)]
pub(crate) struct EvidenceArguments {
    /// Revocation lists: a folder, or a file in PEM or DER. May be given several times
    #[arg(long, value_name = "PATH")]
    crl: Vec<PathBuf>,

    /// Answers of OCSP responders: a folder, or a file in DER. May be given several times
    #[arg(long, value_name = "PATH")]
    ocsp: Vec<PathBuf>,
}

/// What is to be done where nobody can tell whether a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strictness {
    /// Accept, and say so.
    Soft,
    /// Refuse.
    Hard,
}

impl From<Strictness> for OnMissingEvidence {
    fn from(strictness: Strictness) -> Self {
        match strictness {
            Strictness::Soft => Self::Accept,
            Strictness::Hard => Self::Refuse,
        }
    }
}

impl EvidenceArguments {
    /// Whether any was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.crl.is_empty() && self.ocsp.is_empty()
    }

    /// Reads it all.
    pub(crate) fn read(&self) -> Result<Evidence, EvidenceFileError> {
        let mut evidence = Evidence::new();
        for Piece { name, der } in self.lists()? {
            evidence.add_crl(&name, der)?;
        }
        for Piece { name, der } in self.answers()? {
            evidence.add_ocsp(&name, der)?;
        }
        Ok(evidence)
    }

    /// The revocation lists.
    pub(crate) fn lists(&self) -> Result<Vec<Piece>, EvidenceFileError> {
        let mut lists = Vec::new();
        for path in &self.crl {
            for file in trust_files::files(path, &LIST_ENDINGS, "revocation list")? {
                lists.extend(lists_of(&file)?);
            }
        }
        Ok(lists)
    }

    /// The answers of responders.
    pub(crate) fn answers(&self) -> Result<Vec<Piece>, EvidenceFileError> {
        let mut answers = Vec::new();
        for path in &self.ocsp {
            for file in trust_files::files(path, &ANSWER_ENDINGS, "OCSP response")? {
                let der = trust_files::read(&file, ocsp_response::MAX_LENGTH)?;
                let readable = OcspResponse::from_der(&der);
                if let Err(fault @ (OcspFault::Malformed | OcspFault::TooLong)) = readable.map(|_| ()) {
                    return Err(EvidenceFileError::Answer { path: file, fault });
                }
                answers.push(Piece { name: file.display().to_string(), der });
            }
        }
        Ok(answers)
    }
}

/// A list or an answer.
pub(crate) struct Piece {
    /// Where it is from.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) der: Vec<u8>,
}

/// A list in DER, or those between the lines of a file in PEM.
fn lists_of(path: &Path) -> Result<Vec<Piece>, EvidenceFileError> {
    // base64 and line ends take a third more, and a little
    let bytes = trust_files::read(path, crl::MAX_LENGTH / 2 * 3)?;
    let unreadable = |fault| EvidenceFileError::List { path: path.to_owned(), fault };
    let lists = if bytes.first() == Some(&0x30) {
        vec![bytes]
    } else {
        pem_blocks(&bytes).ok_or_else(|| unreadable(CrlFault::Malformed))?
    };
    let mut pieces = Vec::new();
    for der in lists {
        if let Err(fault @ (CrlFault::Malformed | CrlFault::TooLong)) =
            CertificateList::from_der(&der).map(|_| ())
        {
            return Err(unreadable(fault));
        }
        pieces.push(Piece { name: path.display().to_string(), der });
    }
    Ok(pieces)
}

/// What stands between `X509 CRL` lines (RFC 7468 section 6).
fn pem_blocks(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    const BEGIN: &str = "-----BEGIN X509 CRL-----";
    const END: &str = "-----END X509 CRL-----";
    let mut blocks = Vec::new();
    let mut rest = std::str::from_utf8(bytes).ok()?;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let (base64, after) = block.split_once(END)?;
        let base64: String = base64.split_ascii_whitespace().collect();
        blocks.push(decode_base64(&base64).ok()?);
        rest = after;
    }
    (!blocks.is_empty()).then_some(blocks)
}

/// Why evidence cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EvidenceFileError {
    #[error("{0}")]
    File(#[from] TrustFileError),
    #[error("{}: {fault}", .path.display())]
    List { path: PathBuf, fault: CrlFault },
    #[error("{}: {fault}", .path.display())]
    Answer { path: PathBuf, fault: OcspFault },
    #[error("{0}")]
    TooMuch(#[from] TooMuchEvidence),
}

//! Certificates from files: one certificate in DER, or a bundle in PEM (RFC 7468).

use bitaqa_protocol::decode_base64;

use crate::certificate::{Certificate, CertificateError};

/// Longest file, in bytes.
pub const MAX_LENGTH: usize = 4 * 1024 * 1024;

/// Most certificates of a file.
pub const MAX_CERTIFICATES: usize = 1024;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
const LABEL: &str = "CERTIFICATE";

/// Reads every certificate of a file. `name` is the file's name, for errors. Text around the blocks is skipped, as RFC 7468
/// section 2 allows; a block of anything but certificates is refused.
///
/// # Errors
/// [`BundleError`] says which file and which block.
pub fn certificates(name: &str, bytes: &[u8]) -> Result<Vec<Certificate>, BundleError> {
    let refuse = |block: Option<usize>, problem: BundleProblem| BundleError {
        file: name.to_owned(),
        block: block.map(|block| block + 1),
        problem,
    };
    if bytes.len() > MAX_LENGTH {
        return Err(refuse(None, BundleProblem::TooLong));
    }
    if bytes.first() == Some(&0x30) {
        let certificate =
            Certificate::from_der(bytes).map_err(|error| refuse(None, BundleProblem::Certificate(error)))?;
        return Ok(vec![certificate]);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refuse(None, BundleProblem::NeitherPemNorDer))?;
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        let Some(label) = line.strip_prefix(BEGIN) else {
            if line.starts_with(END) {
                return Err(refuse(Some(found.len()), BundleProblem::Unbalanced));
            }
            continue;
        };
        let block = found.len();
        if label.strip_suffix(DASHES) != Some(LABEL) {
            return Err(refuse(Some(block), BundleProblem::NotACertificate));
        }
        if block >= MAX_CERTIFICATES {
            return Err(refuse(None, BundleProblem::TooMany));
        }
        let der = body(&mut lines).map_err(|problem| refuse(Some(block), problem))?;
        let certificate = Certificate::from_der(&der)
            .map_err(|error| refuse(Some(block), BundleProblem::Certificate(error)))?;
        found.push(certificate);
    }
    if found.is_empty() { Err(refuse(None, BundleProblem::NeitherPemNorDer)) } else { Ok(found) }
}

/// The base64 lines up to the block's end.
fn body<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Result<Vec<u8>, BundleProblem> {
    let mut base64 = String::new();
    for line in lines {
        let line = line.trim();
        if let Some(label) = line.strip_prefix(END) {
            return if label.strip_suffix(DASHES) == Some(LABEL) {
                decode_base64(&base64).map_err(|_| BundleProblem::Base64)
            } else {
                Err(BundleProblem::Unbalanced)
            };
        }
        if line.starts_with(DASHES) {
            return Err(BundleProblem::Unbalanced);
        }
        base64.push_str(line);
        // base64 of a certificate that is too long need not be collected
        if base64.len() > crate::certificate::MAX_LENGTH * 2 {
            return Err(BundleProblem::Certificate(CertificateError::TooLong {
                bytes: base64.len() / 4 * 3,
            }));
        }
    }
    Err(BundleProblem::Unbalanced)
}

/// A file that is not certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {problem}", .block.map_or_else(String::new, |block| format!(", certificate {block}")))]
pub struct BundleError {
    /// Name of the file, as the caller gave it.
    pub file: String,
    /// Number of the block, from 1, where one is at fault.
    pub block: Option<usize>,
    /// What is wrong.
    pub problem: BundleProblem,
}

/// What is wrong with a file or block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleProblem {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the file has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// More than [`MAX_CERTIFICATES`] certificates.
    #[error("the file has more than {MAX_CERTIFICATES} certificates")]
    TooMany,
    /// No PEM block, and not DER either.
    #[error("no certificate found, neither PEM nor DER")]
    NeitherPemNorDer,
    /// A PEM block of something else.
    #[error("the PEM block is not a CERTIFICATE")]
    NotACertificate,
    /// A block without end, or an end without beginning.
    #[error("the PEM block's beginning and end do not belong together")]
    Unbalanced,
    /// The block's text is not base64.
    #[error("the PEM block is not base64")]
    Base64,
    /// The block's content is not a certificate that we read.
    #[error("{0}")]
    Certificate(#[from] CertificateError),
}

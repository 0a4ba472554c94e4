//! What somebody trusts about countries, from files: certificates, revocation lists and master lists, in DER or PEM.
//!
//! [`pem_bundle`](crate::pem_bundle) reads the certificates of people's issuers, more strictly.

use bitaqa_card::tlv::{Tag, TlvReader};
use bitaqa_protocol::decode_base64;

use crate::{
    icao_pki::{FormatError, IcaoCertificate, RevocationList},
    master_list::{self, MasterList, MasterListError},
};

/// Longest file, in bytes.
pub const MAX_LENGTH: usize = 2 * master_list::MAX_LENGTH;
/// Most PEM blocks of a file.
pub const MAX_BLOCKS: usize = 8 * 1024;

/// Something of a file.
#[derive(Debug, Clone)]
pub enum CscaItem {
    /// A certificate.
    Certificate(Box<IcaoCertificate>),
    /// A revocation list.
    RevocationList(Box<RevocationList>),
    /// A master list.
    MasterList(Box<MasterList>),
}

/// Reads a file. Text around PEM blocks is skipped (RFC 7468 section 2).
///
/// # Errors
/// [`CscaFileError`] says which part is at fault.
pub fn read(bytes: &[u8]) -> Result<Vec<CscaItem>, CscaFileError> {
    let refuse = |block, problem| CscaFileError { block, problem };
    if bytes.len() > MAX_LENGTH {
        return Err(refuse(None, CscaFileProblem::TooLong));
    }
    if bytes.first() == Some(&0x30) {
        return item(bytes).map(|item| vec![item]).map_err(|problem| refuse(None, problem));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refuse(None, CscaFileProblem::NeitherPemNorDer))?;
    let mut items = Vec::new();
    let mut lines = text.lines();
    while let Some(label) = lines.by_ref().find_map(|line| label(line, "-----BEGIN ")) {
        let number = items.len() + 1;
        if number > MAX_BLOCKS {
            return Err(refuse(None, CscaFileProblem::TooMany));
        }
        let der = body(&mut lines, label).map_err(|problem| refuse(Some(number), problem))?;
        items.push(item(&der).map_err(|problem| refuse(Some(number), problem))?);
    }
    if items.is_empty() { Err(refuse(None, CscaFileProblem::NeitherPemNorDer)) } else { Ok(items) }
}

fn label<'a>(line: &'a str, begin: &str) -> Option<&'a str> {
    line.trim_end().strip_prefix(begin)?.strip_suffix("-----")
}

/// The base64 lines up to the block's end.
fn body<'a>(lines: &mut impl Iterator<Item = &'a str>, begun: &str) -> Result<Vec<u8>, CscaFileProblem> {
    let mut base64 = String::new();
    for line in lines {
        if let Some(ended) = label(line, "-----END ") {
            return if ended == begun {
                decode_base64(&base64).map_err(|_| CscaFileProblem::Base64)
            } else {
                Err(CscaFileProblem::Unbalanced)
            };
        }
        if line.starts_with("-----") {
            return Err(CscaFileProblem::Unbalanced);
        }
        base64.push_str(line.trim());
    }
    Err(CscaFileProblem::Unbalanced)
}

/// One structure, told by what it begins with, whatever a label says.
fn item(der: &[u8]) -> Result<CscaItem, CscaFileProblem> {
    if is_signed_data(der) {
        let list = MasterList::parse(der).map_err(CscaFileProblem::MasterList)?;
        return Ok(CscaItem::MasterList(Box::new(list)));
    }
    match (IcaoCertificate::from_der(der), RevocationList::from_der(der)) {
        (Ok(certificate), _) => Ok(CscaItem::Certificate(Box::new(certificate))),
        (_, Ok(list)) => Ok(CscaItem::RevocationList(Box::new(list))),
        (Err(error), Err(_)) => Err(CscaFileProblem::Certificate(error)),
    }
}

/// `ContentInfo` begins with an object identifier, behind a header whose length may be indefinite.
fn is_signed_data(der: &[u8]) -> bool {
    let header = TlvReader::new(der).header().ok().flatten();
    let inside = header.and_then(|header| der.get(header.bytes..));
    matches!(inside.and_then(|inside| TlvReader::new(inside).header().ok().flatten()), Some(first) if first.tag == Tag(0x06))
}

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", .block.map_or_else(String::new, |block| format!("block {block}: ")))]
pub struct CscaFileError {
    /// Number of the PEM block, from 1, where one is at fault.
    pub block: Option<usize>,
    /// What is wrong.
    pub problem: CscaFileProblem,
}

/// What is wrong with a file or block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CscaFileProblem {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the file has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// More than [`MAX_BLOCKS`] blocks.
    #[error("the file has more than {MAX_BLOCKS} PEM blocks")]
    TooMany,
    /// No PEM block, and not DER either.
    #[error("nothing found, neither PEM nor DER")]
    NeitherPemNorDer,
    /// A block without end, or an end of another block.
    #[error("the PEM block's beginning and end do not belong together")]
    Unbalanced,
    /// The block's text is not base64.
    #[error("the PEM block is not base64")]
    Base64,
    /// Neither a certificate nor a revocation list.
    #[error("neither a certificate nor a revocation list nor a master list: {0}")]
    Certificate(FormatError),
    /// Signed data that is no master list.
    #[error("{0}")]
    MasterList(MasterListError),
}

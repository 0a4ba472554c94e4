//! Whom the server believes, and what stands beside a file.

use std::time::Duration;

use bitaqa_signature::{
    document::DetachedContent,
    trusted_list::{ListPointer, TrustedListError, VerifiedTrustedList},
};
use bitaqa_trust::{Certificate, DateTime, TrustStore, pem_bundle};
use serde::{Deserialize, Serialize};

use crate::{
    refusal::{Code, Refusal},
    request::Bytes,
};

/// Most trusted lists.
const MAX_LISTS: usize = 64;

/// A trusted list.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatedList {
    /// Its XML.
    pub list: Bytes,
    /// Certificates of those who may sign it; without any a list before this one points to it.
    #[serde(default)]
    pub signers: Vec<Bytes>,
}

/// What a list says of itself and of others.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListSummary {
    /// Who operates the scheme.
    pub operator: String,
    /// Country, two letters, as a rule.
    pub territory: String,
    /// When it was issued, in seconds since 1970.
    pub issued: u64,
    /// When the next one comes at the latest.
    pub next_update: Option<u64>,
    /// How many services it has.
    pub services: usize,
    /// Where other lists are.
    pub pointers: Vec<PointerSummary>,
}

/// Where another list is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PointerSummary {
    /// Its address.
    pub location: String,
    /// Its country; empty if the pointer does not say.
    pub territory: String,
    /// Its media type; empty if the pointer does not say.
    pub media_type: String,
}

/// Verifies lists in their order, and says what the last one says.
///
/// # Errors
/// [`Code::TrustInvalid`], [`Code::RequestInvalid`].
pub fn trusted_list(lists: &[StatedList], at: u64) -> Result<ListSummary, Refusal> {
    let verified = verified_lists(lists, moment(at)?)?;
    let last = verified.last().ok_or_else(|| Refusal::new(Code::RequestInvalid, "there is no list"))?.list();
    let pointer = |pointer: &ListPointer| PointerSummary {
        location: pointer.location.clone(),
        territory: pointer.territory.clone(),
        media_type: pointer.media_type.clone(),
    };
    Ok(ListSummary {
        operator: last.operator.clone(),
        territory: last.territory.clone(),
        issued: last.issued.unix_duration().as_secs(),
        next_update: last.next_update.map(|next| next.unix_duration().as_secs()),
        services: last.services.len(),
        pointers: last.pointers.iter().map(pointer).collect(),
    })
}

/// Verifies lists, each by the signers that are named, or by a list before it.
pub(crate) fn verified_lists(
    lists: &[StatedList],
    at: DateTime,
) -> Result<Vec<VerifiedTrustedList>, Refusal> {
    if lists.len() > MAX_LISTS {
        return Err(Refusal::new(Code::TooLarge, "more trusted lists than are looked at"));
    }
    let mut verified: Vec<VerifiedTrustedList> = Vec::with_capacity(lists.len());
    for stated in lists {
        let list = if stated.signers.is_empty() {
            pointed(&verified, &stated.list.0, at)
        } else {
            VerifiedTrustedList::verify(&stated.list.0, &certificates("signers", &stated.signers)?, at)
        };
        verified.push(list.map_err(|error| Refusal::new(Code::TrustInvalid, error))?);
    }
    Ok(verified)
}

fn pointed(
    before: &[VerifiedTrustedList],
    octets: &[u8],
    at: DateTime,
) -> Result<VerifiedTrustedList, TrustedListError> {
    let territory = bitaqa_signature::trusted_list::TrustedList::parse(octets)?.territory;
    let mut refused = TrustedListError::Pointer;
    for known in before {
        for pointer in known.list().pointers.iter().filter(|pointer| pointer.territory == territory) {
            match known.verify_pointed(pointer, octets, at) {
                Ok(list) => return Ok(list),
                Err(error) => refused = error,
            }
        }
    }
    Err(refused)
}

/// Reads files of certificates, PEM or DER.
///
/// # Errors
/// [`Code::TrustInvalid`].
pub(crate) fn certificates(member: &str, files: &[Bytes]) -> Result<Vec<Certificate>, Refusal> {
    let mut all = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let read = pem_bundle::certificates(&format!("{member}[{number}]"), &file.0);
        all.extend(read.map_err(|error| Refusal::new(Code::TrustInvalid, error))?);
    }
    Ok(all)
}

/// The certificates of files: self-signed ones are anchors, others help to get there.
///
/// # Errors
/// [`Code::TrustInvalid`].
pub(crate) fn store(files: &[Bytes]) -> Result<TrustStore, Refusal> {
    let mut store = TrustStore::new();
    for certificate in certificates("trust", files)? {
        store.add(certificate);
    }
    Ok(store)
}

/// A time, from seconds since 1970.
///
/// # Errors
/// [`Code::RequestInvalid`].
pub(crate) fn moment(seconds: u64) -> Result<DateTime, Refusal> {
    DateTime::from_unix_duration(Duration::from_secs(seconds))
        .map_err(|_| Refusal::new(Code::RequestInvalid, "a time is between the years 1970 and 9999"))
}

/// Documents that stand beside a file, by their names; a single one that has none is whatever is asked for.
pub(crate) struct Beside<'a>(Vec<(Option<&'a str>, &'a [u8])>);

impl<'a> Beside<'a> {
    /// As many names as contents.
    ///
    /// # Errors
    /// [`Code::RequestInvalid`].
    pub(crate) fn new(names: &'a [Option<String>], contents: &'a [Vec<u8>]) -> Result<Self, Refusal> {
        if names.len() != contents.len() {
            return Err(Refusal::new(Code::RequestInvalid, "each document beside the file has its place"));
        }
        let names = names.iter().map(Option::as_deref);
        Ok(Self(names.zip(contents.iter().map(Vec::as_slice)).collect()))
    }
}

impl DetachedContent for Beside<'_> {
    fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        let found = match (name, self.0.as_slice()) {
            (_, [(None, content)]) | (None, [(_, content)]) => Some(content),
            (None, _) => None,
            (Some(name), all) => {
                all.iter().find(|(known, _)| *known == Some(name)).map(|(_, content)| content)
            }
        };
        found.map(|content| sink(content)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(beside: &Beside<'_>, name: Option<&str>) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        beside.read(name, &mut |piece| bytes.extend_from_slice(piece)).then_some(bytes)
    }

    #[test]
    fn documents_are_found_by_their_names_and_by_nothing_else() {
        let contents = [b"one".to_vec(), b"two".to_vec()];
        let names = [Some("a.txt".to_owned()), Some("b.txt".to_owned())];
        let two = Beside::new(&names, &contents).unwrap();
        assert_eq!(read(&two, Some("b.txt")), Some(b"two".to_vec()));
        assert_eq!(read(&two, Some("c.txt")), None);
        assert_eq!(read(&two, None), None, "which of them it is nobody knows");
        let named = Beside::new(&names[..1], &contents[..1]).unwrap();
        assert_eq!(read(&named, None), Some(b"one".to_vec()));
        assert_eq!(read(&named, Some("c.txt")), None);
        let unnamed = Beside::new(&[None], &contents[..1]).unwrap();
        assert_eq!(read(&unnamed, Some("c.txt")), Some(b"one".to_vec()));
        assert!(Beside::new(&names, &contents[..1]).is_err());
    }
}

//! Whom the server believes, and what stands beside a file.

use std::time::Duration;

use bitaqa_signature::document::DetachedContent;
use bitaqa_trust::{DateTime, TrustStore, pem_bundle};

use crate::{
    refusal::{Code, Refusal},
    request::Bytes,
};

/// Reads files of certificates, PEM or DER: self-signed ones are anchors, others help to get there.
///
/// # Errors
/// [`Code::TrustInvalid`].
pub(crate) fn store(files: &[Bytes]) -> Result<TrustStore, Refusal> {
    let mut store = TrustStore::new();
    for (number, file) in files.iter().enumerate() {
        let read = pem_bundle::certificates(&format!("trust[{number}]"), &file.0);
        for certificate in read.map_err(|error| Refusal::new(Code::TrustInvalid, error))? {
            store.add(certificate);
        }
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

//! Signed content outside the document.

use std::borrow::Cow;

use crate::Hash;

/// Whoever has the content that references name, by their URI as it stands in the file; of a reference without URI, the empty
/// one. Nothing is ever fetched for a signature.
pub trait DetachedContent {
    /// Digest of the content; none where it is not there. A large file is hashed once for each hash, by whoever implements
    /// this.
    fn digest(&self, uri: &str, hash: Hash) -> Option<Vec<u8>>;

    /// The content itself, for the few places where its digest does not do: archive time stamps, which cover the content once
    /// more, and content that is XML and canonicalized. None where it is not there or too large; then those cannot be
    /// followed.
    fn octets(&self, uri: &str) -> Option<Cow<'_, [u8]>> {
        let _ = uri;
        None
    }
}

/// Nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoContent;

impl DetachedContent for NoContent {
    fn digest(&self, _uri: &str, _hash: Hash) -> Option<Vec<u8>> {
        None
    }
}

/// Contents in memory, each with its URI.
impl DetachedContent for [(&str, &[u8])] {
    fn digest(&self, uri: &str, hash: Hash) -> Option<Vec<u8>> {
        Some(hash.digest(&[&self.octets(uri)?]))
    }

    fn octets(&self, uri: &str) -> Option<Cow<'_, [u8]>> {
        self.iter().find(|(name, _)| *name == uri).map(|(_, content)| Cow::Borrowed(*content))
    }
}

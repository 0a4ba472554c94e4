//! Digests of the signed content: taken once for each hash, however many signatures there are.

use std::{borrow::Cow, collections::HashMap};

use bitaqa_trust::public_key::Hash;

/// Gives the digest of content that is outside of the file; none if the content is not there. It is asked once for each hash.
pub type DetachedDigest<'a> = &'a mut dyn FnMut(Hash) -> Option<Vec<u8>>;

/// For files that bring their content.
#[must_use]
pub const fn no_content(_hash: Hash) -> Option<Vec<u8>> {
    None
}

/// For content that is at hand.
pub fn content_of(content: &[u8]) -> impl FnMut(Hash) -> Option<Vec<u8>> {
    move |hash| Some(hash.digest(&[content]))
}

/// The content of a file, attached or not.
pub(super) struct ContentDigests<'a> {
    attached: Option<Cow<'a, [u8]>>,
    detached: DetachedDigest<'a>,
    known: HashMap<Hash, ContentDigest>,
}

/// What is known of the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ContentDigest {
    /// Its digest.
    Is(Vec<u8>),
    /// It is not there.
    Missing,
    /// It is in the file, and another content was given for it.
    Other,
}

impl<'a> ContentDigests<'a> {
    pub(super) fn new(attached: Option<Cow<'a, [u8]>>, detached: DetachedDigest<'a>) -> Self {
        Self { attached, detached, known: HashMap::new() }
    }

    pub(super) fn take(&mut self, hash: Hash) -> ContentDigest {
        let Self { attached, detached, known } = self;
        known
            .entry(hash)
            .or_insert_with(|| {
                let inside = attached.as_ref().map(|content| hash.digest(&[content]));
                match (inside, detached(hash)) {
                    (Some(inside), Some(outside)) if inside != outside => ContentDigest::Other,
                    (Some(digest), _) | (None, Some(digest)) => ContentDigest::Is(digest),
                    (None, None) => ContentDigest::Missing,
                }
            })
            .clone()
    }
}

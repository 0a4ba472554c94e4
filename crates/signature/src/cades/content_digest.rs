//! Digests of the signed content: taken once for each hash, however many signatures there are.

use std::{borrow::Cow, collections::HashMap};

use bitaqa_trust::public_key::{Hash, Hasher};

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

/// Content that is outside of the file, and can be read: archive time stamps of the old kind are over more than its digest.
pub trait ContentBeside {
    /// Its digest; none if it is not there. It is asked once for each hash.
    fn digest(&mut self, hash: Hash) -> Option<Vec<u8>>;

    /// Puts all of it into a digest under way; false if it is not there, or cannot be read.
    fn put_into(&mut self, hasher: &mut Hasher) -> bool;
}

/// Content at hand.
impl ContentBeside for &[u8] {
    fn digest(&mut self, hash: Hash) -> Option<Vec<u8>> {
        Some(hash.digest(&[self]))
    }

    fn put_into(&mut self, hasher: &mut Hasher) -> bool {
        hasher.update(self);
        true
    }
}

/// Content of which nothing but digests are known.
pub(super) struct OnlyDigests<'a>(pub(super) DetachedDigest<'a>);

impl ContentBeside for OnlyDigests<'_> {
    fn digest(&mut self, hash: Hash) -> Option<Vec<u8>> {
        (self.0)(hash)
    }

    fn put_into(&mut self, _: &mut Hasher) -> bool {
        false
    }
}

/// The content of a file, attached or not.
pub(super) struct ContentDigests<'a> {
    attached: Option<Cow<'a, [u8]>>,
    beside: &'a mut dyn ContentBeside,
    known: HashMap<Hash, ContentDigest>,
    under_way: HashMap<Hash, Option<Hasher>>,
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
    pub(super) fn new(attached: Option<Cow<'a, [u8]>>, beside: &'a mut dyn ContentBeside) -> Self {
        Self { attached, beside, known: HashMap::new(), under_way: HashMap::new() }
    }

    pub(super) fn take(&mut self, hash: Hash) -> ContentDigest {
        let Self { attached, beside, known, .. } = self;
        known
            .entry(hash)
            .or_insert_with(|| {
                let inside = attached.as_ref().map(|content| hash.digest(&[content]));
                match (inside, beside.digest(hash)) {
                    (Some(inside), Some(outside)) if inside != outside => ContentDigest::Other,
                    (Some(digest), _) | (None, Some(digest)) => ContentDigest::Is(digest),
                    (None, None) => ContentDigest::Missing,
                }
            })
            .clone()
    }

    /// A digest under way that has taken the field of the message with the content, and the content where it is not in there; none
    /// where it cannot be read. It is read once for each hash.
    pub(super) fn after_content(&mut self, hash: Hash, field: &[u8]) -> Option<Hasher> {
        let Self { attached, beside, under_way, .. } = self;
        under_way
            .entry(hash)
            .or_insert_with(|| {
                let mut hasher = hash.hasher();
                hasher.update(field);
                (attached.is_some() || beside.put_into(&mut hasher)).then_some(hasher)
            })
            .clone()
    }
}

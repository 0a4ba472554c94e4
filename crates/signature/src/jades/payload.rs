//! The content that a signature covers, as it goes into digests.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use super::{
    JadesError,
    detached::{Encoded, Encoding, SigD},
    document::Document,
    protected_header::ProtectedHeader,
};
use crate::{Hash, found::Integrity};

/// Most bytes of content that are hashed for one document, however often each of its signatures and time stamps asks.
const MAX_HASHED: u64 = 16 * 1024 * 1024 * 1024;

/// Where content comes from that is not in the document.
pub(super) type Source<'a> = dyn Fn(Option<&str>, &mut dyn FnMut(&[u8])) -> bool + 'a;

/// Digests by name, hash and whether the bytes were taken as they are; none where the object is not there.
type Digests = BTreeMap<(String, u8, bool), Option<Vec<u8>>>;

/// What all signatures of a document share.
pub(super) struct Contents<'a> {
    source: &'a Source<'a>,
    hashed: Cell<u64>,
    /// Digests of objects, so that each is read once for each hash and form.
    known: RefCell<Digests>,
}

/// What one signature covers.
pub(super) struct Payload<'a> {
    contents: &'a Contents<'a>,
    encoding: Encoding,
    kind: Kind<'a>,
}

enum Kind<'a> {
    /// The text of the document's `payload`.
    Inline(&'a str),
    /// One content that is not named.
    Outside,
    /// Objects with their digests.
    Objects { hash: Option<Hash>, objects: &'a [(String, Vec<u8>)] },
    /// Something that is not followed here.
    Unknown,
}

impl<'a> Contents<'a> {
    pub(super) fn new(source: &'a Source<'a>) -> Self {
        Self { source, hashed: Cell::new(0), known: RefCell::default() }
    }

    /// Whether more was hashed than anything needs; then what was found is not to be believed.
    pub(super) fn check(&self) -> Result<(), JadesError> {
        let within = self.hashed.get() <= MAX_HASHED;
        within.then_some(()).ok_or(JadesError::TooLong("the content, once for each digest over it,"))
    }

    fn count(&self, length: usize) {
        self.hashed.set(self.hashed.get().saturating_add(u64::try_from(length).unwrap_or(u64::MAX)));
    }

    /// Reads content from outside in the form in which it is signed.
    fn read(&self, name: Option<&str>, encoding: Encoding, sink: &mut dyn FnMut(&[u8])) -> bool {
        if self.check().is_err() {
            return false;
        }
        let mut encoded = Encoded::new(encoding);
        let found = (self.source)(name, &mut |piece| {
            self.count(piece.len());
            encoded.update(piece, sink);
        });
        encoded.finish(sink);
        found
    }

    fn digest(&self, name: &str, hash: Hash, encoding: Encoding) -> Option<Vec<u8>> {
        let key = (name.to_owned(), hash as u8, encoding == Encoding::Plain);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let mut digester = hash.hasher();
        let found = self.read(Some(name), encoding, &mut |piece| digester.update(piece));
        let digest = found.then(|| digester.finish());
        self.known.borrow_mut().insert(key, digest.clone());
        digest
    }
}

impl<'a> Payload<'a> {
    /// What a signature of a document covers.
    pub(super) fn new(
        document: &'a Document,
        header: &'a ProtectedHeader,
        contents: &'a Contents<'a>,
    ) -> Result<Self, JadesError> {
        let kind = match (&document.payload, &header.sig_d) {
            (Some(text), None) => Kind::Inline(text),
            (None, None) => Kind::Outside,
            (None, Some(SigD::ByHash { hash, objects })) => Kind::Objects { hash: *hash, objects },
            (None, Some(SigD::Other { .. })) => Kind::Unknown,
            // what is named would be covered by nothing, since the payload is what is signed
            (Some(_), Some(_)) => return Err(JadesError::Malformed("the payload beside sigD")),
        };
        Ok(Self { contents, encoding: header.encoding, kind })
    }

    /// The digest of the signing input (RFC 7515 section 5.1), or that content for it is missing.
    pub(super) fn signing_input(&self, protected: &str, hash: Hash) -> Result<Vec<u8>, Integrity> {
        let mut digester = hash.hasher();
        digester.update(protected.as_bytes());
        digester.update(b".");
        match self.kind {
            Kind::Objects { .. } => {}
            Kind::Inline(_) | Kind::Outside => {
                // a payload of no bytes looks like one that is elsewhere: if it is nowhere, the signature tells
                let mut nothing = true;
                let found = self.write(&mut |piece| {
                    nothing &= piece.is_empty();
                    digester.update(piece);
                });
                if !found && !nothing {
                    return Err(Integrity::ContentMissing);
                }
            }
            Kind::Unknown => return Err(Integrity::ContentMissing),
        }
        Ok(digester.finish())
    }

    /// Whether objects are those whose digests were signed; for content that is itself signed there is nothing to compare.
    pub(super) fn objects(&self) -> Integrity {
        let Kind::Objects { hash, objects } = self.kind else { return Integrity::Intact };
        let Some(hash) = hash else { return Integrity::NotVerified };
        let mut integrity = Integrity::Intact;
        for (name, signed) in objects {
            match self.contents.digest(name, hash, self.encoding) {
                Some(digest) if digest == *signed => {}
                Some(_) => return Integrity::ContentChanged,
                None => integrity = Integrity::ContentMissing,
            }
        }
        integrity
    }

    /// Whether content is somewhere that is not named.
    pub(super) const fn is_outside(&self) -> bool {
        matches!(self.kind, Kind::Outside)
    }

    /// Whether that content is anywhere.
    pub(super) fn is_there(&self) -> bool {
        (self.contents.source)(None, &mut |_| {})
    }

    /// Counts what is hashed beside the content.
    pub(super) fn count(&self, length: usize) {
        self.contents.count(length);
    }

    /// Writes the content as time stamps cover it; whether all of it is there.
    pub(super) fn write(&self, sink: &mut dyn FnMut(&[u8])) -> bool {
        match self.kind {
            Kind::Inline(text) => {
                self.contents.count(text.len());
                sink(text.as_bytes());
                self.contents.check().is_ok()
            }
            Kind::Outside => self.contents.read(None, self.encoding, sink),
            Kind::Objects { objects, .. } => {
                objects.iter().all(|(name, _)| self.contents.read(Some(name), self.encoding, sink))
            }
            Kind::Unknown => false,
        }
    }
}

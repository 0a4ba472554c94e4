//! What time stamps of each place cover (TS 119 182-1 clauses 5.2.6, 5.3.4 and 5.3.6).

use super::{document::Entry, payload::Payload};
use crate::{Hash, found::FoundTimeStamp, time_stamp::TimeStampToken};

/// Over the content (`adoTst`).
pub(super) fn content_digest(payload: &Payload<'_>, hash: Hash) -> Option<Vec<u8>> {
    let mut digester = hash.hasher();
    payload.write(&mut |piece| digester.update(piece)).then(|| digester.finish())
}

/// Over the signature (`sigTst`): the base64url text of its value.
pub(super) fn signature_digest(entry: &Entry, hash: Hash) -> Vec<u8> {
    hash.digest(&[entry.signature.as_bytes()])
}

/// Over all that is there so far (`arcTst`): content, header, signature value, and the unsigned properties before it.
pub(super) fn archive_digest(
    payload: &Payload<'_>,
    entry: &Entry,
    properties: &str,
    hash: Hash,
) -> Option<Vec<u8>> {
    let mut digester = hash.hasher();
    if !payload.write(&mut |piece| digester.update(piece)) {
        return None;
    }
    for part in [".", &entry.protected, ".", &entry.signature, "."] {
        digester.update(part.as_bytes());
    }
    payload.count(properties.len());
    digester.update(properties.as_bytes());
    Some(digester.finish())
}

/// A token with what it must cover, by a function from its hash.
pub(super) fn found(
    token: Vec<u8>,
    covered_material: Vec<[u8; 32]>,
    covered: impl FnOnce(Hash) -> Option<Vec<u8>>,
) -> FoundTimeStamp {
    let parsed = TimeStampToken::parse(&token).ok();
    FoundTimeStamp {
        covered_digest: parsed.as_ref().and_then(TimeStampToken::hash).and_then(covered),
        claimed_time: parsed.as_ref().map(TimeStampToken::gen_time),
        certificates: Vec::new(),
        token,
        covered_material,
        is_of_old_kind: false,
    }
}

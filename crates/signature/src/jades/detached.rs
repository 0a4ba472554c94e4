//! Content that is not in the signature (TS 119 182-1 clause 5.2.8, `sigD`).

use bitaqa_jose::base64url;
use bitaqa_trust::public_key::Hasher;
use serde_json::{Map, Value, json};

use super::{JadesError, algorithm};
use crate::Hash;

/// `mId` of objects that are named with their digests.
pub const OBJECT_ID_BY_URI_HASH: &str = "http://uri.etsi.org/19182/ObjectIdByURIHash";

/// Most objects of one signature.
pub const MAX_OBJECTS: usize = 10_000;

/// An object to be signed, by its name and digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetachedObject {
    name: String,
    media_type: Option<String>,
    hash: Hash,
    digest: Vec<u8>,
}

impl DetachedObject {
    /// An object of bytes. Its name is a URI reference: a file's name, for example.
    #[must_use]
    pub fn new(name: &str, hash: Hash, content: &[u8]) -> Self {
        let mut digest = DetachedDigest::new(hash);
        digest.update(content);
        Self::with_digest(name, digest)
    }

    /// An object whose digest was taken piece by piece.
    #[must_use]
    pub fn with_digest(name: &str, digest: DetachedDigest) -> Self {
        let hash = digest.hash;
        Self { name: name.to_owned(), media_type: None, hash, digest: digest.finish() }
    }

    /// An object whose digest was taken elsewhere, in the form that [`DetachedDigest`] has.
    ///
    /// # Errors
    /// [`JadesError::Malformed`]: the hash makes digests of another length.
    pub fn from_digest(name: &str, hash: Hash, digest: Vec<u8>) -> Result<Self, JadesError> {
        if digest.len() != hash.length() {
            return Err(JadesError::Malformed("the digest of an object"));
        }
        Ok(Self { name: name.to_owned(), media_type: None, hash, digest })
    }

    /// The same with its media type.
    #[must_use]
    pub fn with_media_type(mut self, media_type: &str) -> Self {
        self.media_type = Some(media_type.to_owned());
        self
    }
}

/// The digest that `hashV` wants of an object: not over its bytes but over their base64url text, as long as the header has no
/// `b64` of `false` (TS 119 182-1 clause 5.2.8).
pub struct DetachedDigest {
    hash: Hash,
    encoded: Encoded,
    digester: Hasher,
}

impl DetachedDigest {
    /// Begins.
    #[must_use]
    pub fn new(hash: Hash) -> Self {
        Self { hash, encoded: Encoded::new(Encoding::Base64Url), digester: hash.hasher() }
    }

    /// Takes the next piece of the object.
    pub fn update(&mut self, piece: &[u8]) {
        let digester = &mut self.digester;
        self.encoded.update(piece, &mut |text| digester.update(text));
    }

    fn finish(mut self) -> Vec<u8> {
        let digester = &mut self.digester;
        self.encoded.finish(&mut |text| digester.update(text));
        self.digester.finish()
    }
}

/// Where a reader finds content that is not in the signature.
pub trait DetachedContent {
    /// Gives the bytes of an object to the sink, piece by piece; `None` asks for the one content of a signature that names
    /// nothing. Whether it is there at all.
    fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool;
}

/// There is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoContent;

impl DetachedContent for NoContent {
    fn read(&self, _: Option<&str>, _: &mut dyn FnMut(&[u8])) -> bool {
        false
    }
}

/// One content, whatever it is called.
impl DetachedContent for &[u8] {
    fn read(&self, _: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        sink(self);
        true
    }
}

/// Contents by their names.
impl DetachedContent for [(&str, &[u8])] {
    fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        let found = self.iter().find(|(known, _)| Some(*known) == name);
        found.map(|(_, content)| sink(content)).is_some()
    }
}

/// How content goes into what is signed (RFC 7797).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Base64Url,
    Plain,
}

/// Encodes a stream: base64url of pieces is that of the whole only where each is a multiple of three bytes.
#[derive(Debug, Clone)]
pub(super) struct Encoded {
    encoding: Encoding,
    kept: Vec<u8>,
}

impl Encoded {
    pub(super) const fn new(encoding: Encoding) -> Self {
        Self { encoding, kept: Vec::new() }
    }

    pub(super) fn update(&mut self, piece: &[u8], sink: &mut dyn FnMut(&[u8])) {
        if self.encoding == Encoding::Plain {
            sink(piece);
            return;
        }
        for part in piece.chunks(48 * 1024) {
            self.kept.extend_from_slice(part);
            let whole = self.kept.len() / 3 * 3;
            let rest = self.kept.split_off(whole);
            sink(base64url::encode(&self.kept).as_bytes());
            self.kept = rest;
        }
    }

    pub(super) fn finish(self, sink: &mut dyn FnMut(&[u8])) {
        sink(base64url::encode(&self.kept).as_bytes());
    }
}

/// `sigD` as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SigD {
    /// Objects with their digests.
    ByHash { hash: Option<Hash>, objects: Vec<(String, Vec<u8>)> },
    /// A mechanism that is not followed here, with the names it lists.
    Other { names: Vec<String> },
}

/// Writes `sigD`.
pub(super) fn write(objects: &[DetachedObject]) -> Result<Value, JadesError> {
    let first = objects.first().ok_or(JadesError::Inexpressible("a signature over nothing"))?;
    if objects.len() > MAX_OBJECTS {
        return Err(JadesError::TooLong("the list of objects"));
    }
    if objects.iter().any(|object| object.hash != first.hash) {
        return Err(JadesError::Inexpressible("objects with different hashes"));
    }
    let names: std::collections::BTreeSet<_> = objects.iter().map(|object| object.name.as_str()).collect();
    if names.len() != objects.len() || names.contains("") {
        return Err(JadesError::Inexpressible("objects without names of their own"));
    }
    let digests: Vec<_> = objects.iter().map(|object| base64url::encode(&object.digest)).collect();
    let mut members = Map::new();
    members.insert("mId".to_owned(), OBJECT_ID_BY_URI_HASH.into());
    members.insert("pars".to_owned(), objects.iter().map(|object| object.name.clone()).collect());
    members.insert("hashM".to_owned(), algorithm::hash_name(first.hash).into());
    members.insert("hashV".to_owned(), json!(digests));
    if objects.iter().any(|object| object.media_type.is_some()) {
        let types = objects.iter().map(|object| object.media_type.clone().unwrap_or_default());
        members.insert("ctys".to_owned(), types.map(|media_type| short_media_type(&media_type)).collect());
    }
    Ok(Value::Object(members))
}

/// A media type without `application/`, where nothing else has a slash (RFC 7515 section 4.1.10).
pub(super) fn short_media_type(media_type: &str) -> String {
    let short = media_type.strip_prefix("application/").filter(|rest| !rest.contains('/'));
    short.unwrap_or(media_type).to_owned()
}

/// Reads `sigD`.
pub(super) fn parse(value: &Value) -> Result<SigD, JadesError> {
    const MALFORMED: JadesError = JadesError::Malformed("sigD");
    let members = value.as_object().ok_or(MALFORMED)?;
    let texts = |name: &str| -> Result<Option<Vec<String>>, JadesError> {
        let Some(value) = members.get(name) else { return Ok(None) };
        let items = value.as_array().ok_or(MALFORMED)?;
        if items.len() > MAX_OBJECTS {
            return Err(JadesError::TooLong("the list of objects"));
        }
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
        texts.map(Some).ok_or(MALFORMED)
    };
    let mechanism = members.get("mId").and_then(Value::as_str).ok_or(MALFORMED)?;
    let names = texts("pars")?.filter(|names| !names.is_empty()).ok_or(MALFORMED)?;
    if texts("ctys")?.is_some_and(|types| types.len() != names.len()) {
        return Err(MALFORMED);
    }
    if mechanism != OBJECT_ID_BY_URI_HASH {
        return Ok(SigD::Other { names });
    }
    let hash = members.get("hashM").and_then(Value::as_str).ok_or(MALFORMED)?;
    let digests = texts("hashV")?.filter(|digests| digests.len() == names.len()).ok_or(MALFORMED)?;
    // two objects of one name would let the same bytes stand for both, or one of them for the other
    if names.iter().collect::<std::collections::BTreeSet<_>>().len() != names.len() {
        return Err(MALFORMED);
    }
    let digests = digests.iter().map(|text| base64url::decode(text)).collect::<Result<Vec<_>, _>>();
    let objects = names.into_iter().zip(digests.map_err(|_| MALFORMED)?).collect();
    Ok(SigD::ByHash { hash: algorithm::hash_from_name(hash), objects })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_encoded_as_the_whole() {
        let content: Vec<u8> = (0..=255).cycle().take(150_001).collect();
        for size in [1, 2, 3, 1000, 49_153, 150_001] {
            let mut text = Vec::new();
            let mut encoded = Encoded::new(Encoding::Base64Url);
            for piece in content.chunks(size) {
                encoded.update(piece, &mut |part| text.extend_from_slice(part));
            }
            encoded.finish(&mut |part| text.extend_from_slice(part));
            assert_eq!(text, base64url::encode(&content).into_bytes(), "{size}");
        }
    }

    #[test]
    fn a_list_that_is_ambiguous_is_refused() {
        let good =
            json!({"mId": OBJECT_ID_BY_URI_HASH, "pars": ["a", "b"], "hashM": "S256", "hashV": ["AA", "AQ"]});
        assert!(parse(&good).is_ok());
        for (name, value) in [
            ("pars", json!(["a", "a"])),
            ("pars", json!([])),
            ("pars", json!("a")),
            ("hashV", json!(["AA"])),
            ("hashV", json!(["AA", "AB"])),
            ("hashM", json!(null)),
            ("ctys", json!(["text/plain"])),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert!(parse(&bad).is_err(), "{bad}");
        }
    }
}

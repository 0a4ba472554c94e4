//! Making signatures in two steps (TS 119 182-1 clauses 5 and 6; RFC 7515 section 5.1).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::base64url;
use serde_json::{Map, Value, json};

use super::{
    DetachedObject, JadesError, algorithm,
    detached::{self, Encoding, short_media_type},
    document::{Document, Entry},
    protected_header::ProtectedHeader,
    statement, unsigned,
};
use crate::{Hash, Signer, algorithm::EcdsaEncoding, statement::SignerStatement};

/// How a JWS is written (RFC 7515 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Serialization {
    /// Three texts with points between them. It has no place for what is added later: from B-T on the document becomes
    /// [`Flattened`](Self::Flattened).
    Compact,
    /// A JSON object with one signature.
    Flattened,
    /// A JSON object with a list of signatures.
    General,
}

/// How a signature is made, beside what is said in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How it is written.
    pub serialization: Serialization,
    /// Hash of the digest that names the signer's certificate: `x5t#S256` or `x5t#o`.
    pub certificate_hash: Hash,
}

impl Default for Options {
    fn default() -> Self {
        Self { serialization: Serialization::Flattened, certificate_hash: Hash::Sha256 }
    }
}

/// What is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// Bytes, which will be in the signature.
    Attached(&'a [u8]),
    /// Objects elsewhere, of which name and digest will be in the signature.
    Detached(&'a [DetachedObject]),
}

/// A signature that lacks its value.
#[derive(Debug, Clone)]
pub struct Prepared {
    signer: Signer,
    protected: String,
    input: Vec<u8>,
    place: Place,
}

/// Where the signature will be.
#[derive(Debug, Clone)]
enum Place {
    /// Beside those that the document has.
    Document(Document),
    /// Over one of those that the document has.
    Over(Document, usize),
}

/// Prepares a new document.
///
/// # Errors
/// [`JadesError`]: the key has no registered algorithm, or the header cannot say what it should, signing time among it.
pub fn prepare(
    signer: &Signer,
    content: Content<'_>,
    options: Options,
    statement: &SignerStatement,
) -> Result<Prepared, JadesError> {
    let payload = match content {
        Content::Attached(bytes) => Some(base64url::encode(bytes)).filter(|payload| !payload.is_empty()),
        Content::Detached(_) => None,
    };
    let document = Document {
        payload,
        signatures: Vec::new(),
        others: Map::new(),
        serialization: options.serialization,
    };
    let header = Header::new(signer, options, statement)?.with_content(content, statement)?;
    Ok(Prepared::new(signer, &header, document.payload.as_deref(), Place::Document(document.clone())))
}

/// Prepares a signature beside those that a document has already. `objects` are what it covers where the document has no
/// payload of its own.
///
/// # Errors
/// [`JadesError`]: as with [`prepare`]; also if the document cannot be read, its payload is not in base64url, or it has a payload
/// and objects were given, or neither.
pub fn prepare_beside(
    document: &[u8],
    signer: &Signer,
    objects: Option<&[DetachedObject]>,
    options: Options,
    statement: &SignerStatement,
) -> Result<Prepared, JadesError> {
    let mut document = Document::parse(document)?;
    for entry in &document.signatures {
        // RFC 7797 section 3: all signatures over one payload take it in one form
        if ProtectedHeader::parse(&entry.protected, &entry.header)?.encoding == Encoding::Plain {
            return Err(JadesError::Inexpressible("a signature beside one with an unencoded payload"));
        }
    }
    document.serialization = Serialization::General;
    let header = Header::new(signer, options, statement)?;
    let header = match (&document.payload, objects) {
        (Some(_), None) => header.with_media_type(statement),
        (None, Some(objects)) => header.with_content(Content::Detached(objects), statement)?,
        _ => return Err(JadesError::Inexpressible("a signature over another content than the document's")),
    };
    Ok(Prepared::new(signer, &header, document.payload.as_deref(), Place::Document(document.clone())))
}

/// Prepares a signature over another one's value (`cSig`).
///
/// # Errors
/// [`JadesError`]: as with [`prepare`]; also if the document cannot be read or has no signature of that number.
pub fn prepare_counter_signature(
    document: &[u8],
    index: usize,
    signer: &Signer,
    options: Options,
    statement: &SignerStatement,
) -> Result<Prepared, JadesError> {
    let document = Document::parse(document)?;
    let payload = document.entry(index)?.signature.clone();
    let header = Header::new(signer, options, statement)?;
    Ok(Prepared::new(signer, &header, Some(&payload), Place::Over(document, index)))
}

impl Prepared {
    fn new(signer: &Signer, header: &Header, payload: Option<&str>, place: Place) -> Self {
        let protected = base64url::encode(Value::Object(header.0.clone()).to_string().as_bytes());
        let input = format!("{protected}.{}", payload.unwrap_or_default()).into_bytes();
        Self { signer: signer.clone(), protected, input, place }
    }

    /// The bytes to be signed (RFC 7515 section 5.1, JWS Signing Input).
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.input
    }

    /// Their digest, with the hash of the signer's algorithm.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.signer.algorithm().hash().digest(&[&self.input])
    }

    /// The document with the signature.
    ///
    /// # Errors
    /// [`JadesError::Signer`]: the signer's key did not make the signature over [`digest`](Self::digest).
    pub fn finish(self, signature: &[u8]) -> Result<Vec<u8>, JadesError> {
        let value = self.signer.accept(&self.digest(), signature, EcdsaEncoding::Raw)?;
        let entry = Entry::new(self.protected, base64url::encode(&value));
        let document = match self.place {
            Place::Document(mut document) => {
                document.signatures.push(entry);
                document
            }
            Place::Over(mut document, index) => {
                let counter = Document {
                    payload: None,
                    signatures: vec![entry],
                    others: Map::new(),
                    serialization: Serialization::Flattened,
                };
                unsigned::push(&mut document.entry_mut(index)?.header, "cSig", &counter.to_value())?;
                document
            }
        };
        Ok(document.to_bytes())
    }
}

/// A protected header in the making.
struct Header(Map<String, Value>);

impl Header {
    fn new(signer: &Signer, options: Options, statement: &SignerStatement) -> Result<Self, JadesError> {
        if statement.signing_time.is_none() {
            return Err(JadesError::Inexpressible("a signature without its time (iat)"));
        }
        let mut members = Map::new();
        let name = algorithm::name(signer.algorithm(), signer.key().kind())?;
        members.insert("alg".to_owned(), name.into());
        let certificates = std::iter::once(signer.certificate()).chain(signer.chain());
        members.insert(
            "x5c".to_owned(),
            certificates.map(|certificate| STANDARD.encode(certificate.der())).collect(),
        );
        let hash = options.certificate_hash;
        let digest = base64url::encode(&hash.digest(&[signer.certificate().der()]));
        if hash == Hash::Sha256 {
            members.insert("x5t#S256".to_owned(), digest.into());
        } else {
            let value = json!({"digAlg": algorithm::hash_name(hash), "digVal": digest});
            members.insert("x5t#o".to_owned(), value);
        }
        statement::write(statement, &mut members)?;
        Ok(Self(members))
    }

    fn with_media_type(mut self, statement: &SignerStatement) -> Self {
        if let Some(media_type) = &statement.media_type {
            self.0.insert("cty".to_owned(), short_media_type(media_type).into());
        }
        self
    }

    fn with_content(mut self, content: Content<'_>, statement: &SignerStatement) -> Result<Self, JadesError> {
        let Content::Detached(objects) = content else { return Ok(self.with_media_type(statement)) };
        self.0.insert("sigD".to_owned(), detached::write(objects)?);
        self.0.insert("crit".to_owned(), json!(["sigD"]));
        Ok(self)
    }
}

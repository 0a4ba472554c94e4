//! What bytes say that somebody is asked to sign: the reader that stands before a key.
//!
//! Whoever shows a person what will be signed reads it here, out of the very bytes that are hashed and signed, and believes
//! nobody else about them. Bytes of another kind, or with anything in them that is not understood, are refused: a bare digest, a
//! sign-in token and a statement are no signed documents. The reader depends on no other format module of this crate, so that
//! a fault in what writes such bytes does not hide in what reads them.
//!
//! | file | which bytes | source |
//! |---|---|---|
//! | `cms` | DER of `SignedAttributes` (CAdES, PAdES) | RFC 5652 section 5.4, EN 319 122-1 |
//! | `xml` | canonical `SignedInfo` (XAdES) | XML Signature 1.1, EN 319 132-1 |
//! | `canonical` | canonical XML, piece by piece | Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0 |
//! | `jws` | the JWS signing input (JAdES) | RFC 7515 section 5.1, TS 119 182-1 |

mod canonical;
mod cms;
mod jws;
mod xml;

use bitaqa_trust::{DateTime, ObjectIdentifier};

use crate::{Hash, SignatureAlgorithm};

/// Most bytes that are read of what holds digests and statements only.
pub const MAX_OF_DIGESTS: usize = 256 * 1024;
/// Most bytes that are read of a JWS signing input, in which the document may stand itself: what a message to the host can hold.
pub const MAX_OF_JWS: usize = 4 * 1024 * 1024;
/// Most digests in one input.
pub const MAX_DIGESTS: usize = 500;
/// Longest name of what a digest is of, in bytes.
const MAX_NAME: usize = 2048;
/// Most statements beside the digests.
const MAX_STATEMENTS: usize = 32;

/// What kind of bytes it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// DER of `SignedAttributes`, with the tag of a set.
    CmsSignedAttributes,
    /// A `SignedInfo` in the canonical form that it names.
    XmlSignedInfo,
    /// `BASE64URL(protected header) . payload`.
    JwsSigningInput,
}

/// What the bytes say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToBeSigned {
    /// What is signed; at least one.
    pub digests: Vec<SignedDigest>,
    /// The certificates that the bytes bind, nearest the signer first; all have to be the signer's own, see
    /// [`binds`](Self::binds). None where they stand behind a digest ([`Of::SignedProperties`]).
    pub certificate: Option<BoundCertificate>,
    /// When the signer says that they signed.
    pub signing_time: Option<DateTime>,
    /// What else the signer says.
    pub statements: Vec<Statement>,
}

/// A digest, and what it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDigest {
    /// What it is of.
    pub of: Of,
    /// Which hash made it.
    pub hash: Hash,
    /// The digest.
    pub value: Vec<u8>,
}

/// What a digest is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// The content of the message: the one document that is signed.
    Content,
    /// What has this name, which whoever made the bytes gave it; empty for the whole document around the signature.
    Named(String),
    /// The signer's own properties (XAdES): certificate, time and the like, whose content is not in these bytes.
    SignedProperties,
}

/// A certificate that the bytes name as the signer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundCertificate {
    /// By a digest of its DER.
    Digest {
        /// Which hash.
        hash: Hash,
        /// The digest.
        value: Vec<u8>,
    },
    /// By its DER, and perhaps a digest too, which agrees with it.
    Whole(Vec<u8>),
}

/// What a signer says beside the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// What the signature means: an object identifier or a URI.
    Commitment(String),
    /// The policy it is made under: an object identifier or a URI.
    Policy(String),
    /// A place of signing.
    Place,
    /// Roles or attributes of the signer.
    Role,
}

impl ToBeSigned {
    /// Reads the bytes that will be signed with this algorithm.
    ///
    /// # Errors
    /// [`Refusal`]: too long, of another kind, not in the one form that its standard allows, or with something in it that is
    /// not understood.
    pub fn read(format: Format, bytes: &[u8], algorithm: SignatureAlgorithm) -> Result<Self, Refusal> {
        let most = match format {
            Format::CmsSignedAttributes | Format::XmlSignedInfo => MAX_OF_DIGESTS,
            Format::JwsSigningInput => MAX_OF_JWS,
        };
        if bytes.len() > most {
            return Err(Refusal::TooLong);
        }
        match format {
            Format::CmsSignedAttributes => cms::read(bytes, algorithm),
            Format::XmlSignedInfo => xml::read(bytes, algorithm),
            Format::JwsSigningInput => jws::read(bytes, algorithm),
        }
    }

    /// Whether the bytes bind no other certificate than this one (DER). Where they bind one only behind a digest, it cannot be
    /// seen here.
    #[must_use]
    pub fn binds(&self, certificate: &[u8]) -> bool {
        match &self.certificate {
            Some(BoundCertificate::Digest { hash, value }) => hash.digest(&[certificate]) == *value,
            Some(BoundCertificate::Whole(der)) => der == certificate,
            None => self.digests.iter().any(|digest| digest.of == Of::SignedProperties),
        }
    }

    /// Digests of documents: all but those of the signer's own properties.
    pub fn documents(&self) -> impl Iterator<Item = &SignedDigest> {
        self.digests.iter().filter(|digest| digest.of != Of::SignedProperties)
    }
}

/// Why bytes are not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than any such bytes.
    #[error("the bytes to be signed are too long")]
    TooLong,
    /// More digests, names or statements than are read, or longer ones.
    #[error("the bytes to be signed hold too much")]
    TooMany,
    /// Not bytes of this kind, or not in the one form that its standard allows.
    #[error("the bytes to be signed are not what their format says: {0}")]
    Malformed(&'static str),
    /// Something that has to be there is not.
    #[error("the bytes to be signed lack {0}")]
    Missing(&'static str),
    /// A signed attribute that is not understood.
    #[error("the bytes to be signed hold the attribute {0}, which is not understood")]
    Attribute(ObjectIdentifier),
    /// An element, parameter or value that is not understood.
    #[error("the bytes to be signed hold something that is not understood: {0}")]
    NotUnderstood(&'static str),
    /// A hash that is weak or unknown, or not the one of the signature.
    #[error("the bytes to be signed use a hash that is not accepted")]
    Hash,
    /// They name another signature algorithm than the one that would sign.
    #[error("the bytes to be signed name another signature algorithm")]
    Algorithm,
    /// They bind two certificates that are not the same.
    #[error("the bytes to be signed name two certificates")]
    TwoCertificates,
}

/// A digest, if it has the length of its hash.
fn digest(of: Of, hash: Hash, value: &[u8]) -> Result<SignedDigest, Refusal> {
    if value.len() != hash.length() {
        return Err(Refusal::Hash);
    }
    Ok(SignedDigest { of, hash, value: value.to_vec() })
}

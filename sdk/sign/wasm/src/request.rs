//! What is asked for. Bytes are base64 in JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use bitaqa_signature::{
    Hash, SignerStatement,
    statement::{Commitment, Place, SignaturePolicy},
};
use bitaqa_trust::{DateTime, ObjectIdentifier};
use serde::{Deserialize, Serialize};
use std::time::Duration;

use crate::{
    pdf::PdfSettings,
    refusal::{Code, Refusal},
};

/// Most documents of one signature.
pub const MAX_DOCUMENTS: usize = 500;
/// Longest request, in bytes: an appearance may bring a font.
pub const MAX_REQUEST: usize = 16 << 20;

/// What is to be signed, by whom, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The kind of file that is made.
    pub format: Format,
    /// Where the document is, for formats that have a choice.
    pub packaging: Option<Packaging>,
    /// How a JSON web signature is written.
    pub serialization: Option<Serialization>,
    /// How the signature of a container is written: CAdES if it is missing.
    pub container_signature: Option<ContainerSignature>,
    /// What is signed; one document, but for JAdES that is detached, XAdES that is not enveloped, and ASiC-E.
    pub documents: Vec<Document>,
    /// The signer's certificate: DER, or PEM.
    pub certificate: Bytes,
    /// Certificates of its issuers that shall be in the file: each DER, or PEM with any number.
    #[serde(default)]
    pub chain: Vec<Bytes>,
    /// How it is signed, where the key leaves a choice.
    #[serde(default)]
    pub algorithm: AlgorithmChoice,
    /// What the signer says.
    #[serde(default)]
    pub statement: Statement,
    /// For PAdES: field, appearance, certification.
    pub pdf: Option<PdfSettings>,
}

impl Request {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`Code::RequestInvalid`], [`Code::TooLarge`].
    pub fn parse(json: &[u8]) -> Result<Self, Refusal> {
        if json.len() > MAX_REQUEST {
            return Err(Refusal::new(Code::TooLarge, "the request is too long"));
        }
        let request: Self =
            serde_json::from_slice(json).map_err(|error| Refusal::new(Code::RequestInvalid, error))?;
        if request.documents.is_empty() || request.documents.len() > MAX_DOCUMENTS {
            let message = format!("a signature is over 1 to {MAX_DOCUMENTS} documents");
            return Err(Refusal::new(Code::RequestInvalid, message));
        }
        Ok(request)
    }

    /// The document, where the format takes one.
    ///
    /// # Errors
    /// [`Code::RequestInvalid`].
    pub fn only_document(&self) -> Result<&Document, Refusal> {
        match self.documents.as_slice() {
            [document] => Ok(document),
            _ => Err(Refusal::new(Code::RequestInvalid, "this format signs one document at a time")),
        }
    }
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// CMS (EN 319 122-1).
    Cades,
    /// A signature in a PDF (EN 319 142-1).
    Pades,
    /// A JSON web signature (TS 119 182-1).
    Jades,
    /// A signature in XML (EN 319 132-1).
    Xades,
    /// A container of one file and its signature (EN 319 162-1 clause 4.3).
    AsicS,
    /// A container of files and signatures (EN 319 162-1 clause 4.4).
    AsicE,
}

impl Format {
    /// Whether it is a container.
    #[must_use]
    pub const fn is_container(self) -> bool {
        matches!(self, Self::AsicS | Self::AsicE)
    }
}

/// How the signature of a container is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ContainerSignature {
    /// In CMS.
    #[default]
    Cades,
    /// In XML.
    Xades,
}

/// Where the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Packaging {
    /// Beside the signature, which holds its digest only.
    Detached,
    /// CAdES, JAdES: in the signature's file.
    Attached,
    /// XAdES: around the signature, which is put at the end of the document's root element.
    Enveloped,
    /// XAdES: inside the signature, which is the file; in base64, whatever it is.
    Enveloping,
    /// ASiC-E: it is a container that is there, and the signature is over all its files.
    Added,
}

/// How a JSON web signature is written (RFC 7515 section 7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Serialization {
    /// Three texts with points between them.
    Compact,
    /// A JSON object with one signature.
    #[default]
    Flattened,
}

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// Its name, where the format has a place for one; in JAdES and XAdES a URI reference.
    pub name: Option<String>,
    /// Its media type, where the format has a place for one.
    pub media_type: Option<String>,
    /// Its digest, taken with the hash of the signature, where that is enough: for JAdES over its base64url text
    /// (TS 119 182-1 clause 5.2.8), of a PDF over the pieces that [`pdf::place`](crate::pdf::place) named.
    pub digest: Option<Bytes>,
}

impl Document {
    /// Its name.
    ///
    /// # Errors
    /// [`Code::RequestInvalid`].
    pub fn known_name(&self) -> Result<&str, Refusal> {
        let name = self.name.as_deref().filter(|name| !name.is_empty());
        name.ok_or_else(|| {
            Refusal::new(Code::RequestInvalid, "a detached document of this format has a name")
        })
    }

    /// Its digest.
    ///
    /// # Errors
    /// [`Code::DocumentMissing`].
    pub fn known_digest(&self) -> Result<&[u8], Refusal> {
        let digest = self.digest.as_ref().map(|digest| digest.0.as_slice());
        digest.ok_or_else(|| Refusal::new(Code::DocumentMissing, "the digest of the document is missing"))
    }
}

/// A choice that the key leaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlgorithmChoice {
    /// For RSA keys; PKCS #1 1.5 unless the key demands PSS.
    pub scheme: Option<Scheme>,
    /// The hash; one as long as the curve's order, SHA-256 for RSA.
    pub hash: Option<HashName>,
}

/// A way to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// ECDSA on the key's curve.
    Ecdsa,
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS, MGF1 with the same hash, salt as long as the hash.
    RsaPss,
}

/// A hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[allow(missing_docs, reason = "their names say it")]
pub enum HashName {
    #[serde(rename = "SHA-256")]
    Sha256,
    #[serde(rename = "SHA-384")]
    Sha384,
    #[serde(rename = "SHA-512")]
    Sha512,
    #[serde(rename = "SHA3-256")]
    Sha3_256,
    #[serde(rename = "SHA3-384")]
    Sha3_384,
    #[serde(rename = "SHA3-512")]
    Sha3_512,
}

const HASHES: [(HashName, Hash); 6] = [
    (HashName::Sha256, Hash::Sha256),
    (HashName::Sha384, Hash::Sha384),
    (HashName::Sha512, Hash::Sha512),
    (HashName::Sha3_256, Hash::Sha3_256),
    (HashName::Sha3_384, Hash::Sha3_384),
    (HashName::Sha3_512, Hash::Sha3_512),
];

impl From<HashName> for Hash {
    fn from(name: HashName) -> Self {
        HASHES.iter().find(|(known, _)| *known == name).map_or(Self::Sha256, |(_, hash)| *hash)
    }
}

impl From<Hash> for HashName {
    fn from(hash: Hash) -> Self {
        HASHES.iter().find(|(_, known)| *known == hash).map_or(Self::Sha256, |(name, _)| *name)
    }
}

/// What the signer says beside the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    /// When they sign, in seconds since 1970: claimed, by nobody's clock but the server's.
    pub signing_time: Option<u64>,
    /// What the signature means: names of [`Commitment`], or object identifiers.
    #[serde(default)]
    pub commitments: Vec<String>,
    /// Roles that the signer claims.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The place of signing.
    pub place: Option<StatedPlace>,
    /// The policy under which they sign.
    pub policy: Option<StatedPolicy>,
}

/// A place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatedPlace {
    /// Town.
    pub locality: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country: its name, or two letters of ISO 3166-1.
    pub country: Option<String>,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatedPolicy {
    /// Its object identifier.
    pub identifier: String,
    /// Digest of the policy document.
    pub digest: Bytes,
    /// Hash of the digest.
    pub hash: HashName,
    /// Where the document is.
    pub uri: Option<String>,
}

const COMMITMENTS: [(&str, Commitment); 6] = [
    ("proof-of-origin", Commitment::ProofOfOrigin),
    ("proof-of-receipt", Commitment::ProofOfReceipt),
    ("proof-of-delivery", Commitment::ProofOfDelivery),
    ("proof-of-sender", Commitment::ProofOfSender),
    ("proof-of-approval", Commitment::ProofOfApproval),
    ("proof-of-creation", Commitment::ProofOfCreation),
];

impl Statement {
    /// In the words of the formats.
    ///
    /// # Errors
    /// [`Code::StatementInvalid`].
    pub fn read(&self, media_type: Option<&str>) -> Result<SignerStatement, Refusal> {
        let refuse = |what: &str| Refusal::new(Code::StatementInvalid, what);
        let identifier = |text: &str| {
            ObjectIdentifier::new(text).map_err(|_| refuse("not an object identifier or a known name"))
        };
        let commitment = |text: &String| {
            let named = COMMITMENTS.iter().find(|(name, _)| name == text).map(|(_, commitment)| *commitment);
            named.map_or_else(|| identifier(text).map(Commitment::from_oid), Ok)
        };
        let policy = |policy: &StatedPolicy| {
            let digest = policy.digest.0.clone();
            if digest.len() != Hash::from(policy.hash).length() {
                return Err(refuse("the policy's digest has another length than its hash makes"));
            }
            let hash = policy.hash.into();
            Ok(SignaturePolicy {
                identifier: identifier(&policy.identifier)?,
                digest,
                hash,
                uri: policy.uri.clone(),
            })
        };
        let time = |seconds: u64| {
            DateTime::from_unix_duration(Duration::from_secs(seconds))
                .map_err(|_| refuse("a time is between the years 1970 and 9999"))
        };
        Ok(SignerStatement {
            signing_time: self.signing_time.map(time).transpose()?,
            commitments: self.commitments.iter().map(commitment).collect::<Result<_, _>>()?,
            claimed_roles: self.roles.clone(),
            place: self.place.as_ref().map(|place| Place {
                locality: place.locality.clone(),
                state: place.state.clone(),
                postal_code: place.postal_code.clone(),
                country: place.country.clone(),
            }),
            policy: self.policy.as_ref().map(policy).transpose()?,
            media_type: media_type.map(str::to_owned),
        })
    }
}

/// Bytes; base64 in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

//! The signing input of a JWS (RFC 7515 section 5.1), as JAdES has it: protected header and payload.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::{base64url, json};
use bitaqa_trust::DateTime;
use serde::Deserialize;

use super::{
    BoundCertificate, MAX_DIGESTS, MAX_NAME, MAX_OF_DIGESTS, MAX_STATEMENTS, Of, Refusal, SignedDigest,
    Statement, ToBeSigned, digest,
};
use crate::{Hash, SignatureAlgorithm};

/// Types of a JWS that is a signed document (RFC 7515 section 4.1.9). What another protocol signs (`JWT`, a statement, a trust
/// pack) names its own.
const TYPES: [&str; 3] = ["jose", "jose+json", "jades"];
/// The digests stand in the header, one for each document (TS 119 182-1 clause 5.2.8.3.3).
const BY_DIGEST: &str = "http://uri.etsi.org/19182/ObjectIdByURIHash";

/// The protected header, as much of RFC 7515, RFC 7797 and TS 119 182-1 as is understood.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default, rename = "cty")]
    _cty: Option<String>,
    #[serde(default, rename = "kid")]
    _kid: Option<String>,
    #[serde(default)]
    crit: Vec<String>,
    #[serde(default)]
    b64: Option<bool>,
    #[serde(default)]
    x5c: Vec<String>,
    #[serde(default, rename = "x5t#S256")]
    x5t_s256: Option<String>,
    #[serde(default, rename = "x5t#o")]
    x5t_other: Option<Thumbprint>,
    #[serde(default, rename = "sigX5ts")]
    thumbprints: Vec<Thumbprint>,
    #[serde(default, rename = "sigT")]
    signing_time: Option<String>,
    #[serde(default)]
    iat: Option<u64>,
    #[serde(default, rename = "sigD")]
    documents: Option<Documents>,
    #[serde(default, rename = "srCms")]
    commitments: Vec<CommitmentHeader>,
    #[serde(default, rename = "sigPId")]
    policy: Option<PolicyHeader>,
    #[serde(default, rename = "sigPl")]
    place: Option<serde_json::Value>,
    #[serde(default, rename = "srAts")]
    roles: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thumbprint {
    #[serde(rename = "digAlg")]
    algorithm: String,
    #[serde(rename = "digVal")]
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Documents {
    #[serde(rename = "mId")]
    mechanism: String,
    pars: Vec<String>,
    #[serde(rename = "hashM")]
    method: String,
    #[serde(rename = "hashV")]
    values: Vec<String>,
    #[serde(default, rename = "ctys")]
    _types: Vec<String>,
}

#[derive(Deserialize)]
struct CommitmentHeader {
    #[serde(rename = "commId")]
    id: Identifier,
}

#[derive(Deserialize)]
struct PolicyHeader {
    id: Identifier,
}

#[derive(Deserialize)]
struct Identifier {
    id: String,
}

/// Reads header and payload.
pub(super) fn read(bytes: &[u8], algorithm: SignatureAlgorithm) -> Result<ToBeSigned, Refusal> {
    let at = bytes.iter().position(|byte| *byte == b'.').ok_or(Refusal::Malformed("no JWS"))?;
    let (encoded, payload) = bytes.split_at(at);
    let payload = payload.get(1..).unwrap_or_default();
    if encoded.len() > MAX_OF_DIGESTS {
        return Err(Refusal::TooLong);
    }
    let encoded = std::str::from_utf8(encoded).map_err(|_| Refusal::Malformed("no JWS"))?;
    let json_text =
        base64url::decode(encoded).map_err(|_| Refusal::Malformed("a header that is not base64url"))?;
    let header: Header = json::from_slice(&json_text).map_err(|_| {
        Refusal::NotUnderstood("a header with other parameters than those of a signed document")
    })?;
    check_kind(&header, algorithm)?;
    let digests = match &header.documents {
        Some(documents) if payload.is_empty() => by_digest(documents)?,
        Some(_) => return Err(Refusal::Malformed("digests of documents beside a payload")),
        None => vec![of_payload(payload, header.b64, algorithm.hash())?],
    };
    let certificate = bound_certificate(&header)?;
    let signing_time = signing_time(&header)?;
    if certificate.is_none() {
        return Err(Refusal::Missing("the signing certificate"));
    }
    Ok(ToBeSigned { digests, certificate, signing_time: Some(signing_time), statements: statements(header)? })
}

/// Whether it is a signed document at all, and everything that a reader has to understand is understood.
fn check_kind(header: &Header, algorithm: SignatureAlgorithm) -> Result<(), Refusal> {
    let is_document = |kind: &String| TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind));
    if header.typ.as_ref().is_some_and(|kind| !is_document(kind)) {
        return Err(Refusal::NotUnderstood("a type that is no signed document's"));
    }
    if jws_algorithm(&header.alg) != Some(algorithm) {
        return Err(Refusal::Algorithm);
    }
    // each is one of the parameters above, and there
    let understood = |name: &String| match name.as_str() {
        "b64" => header.b64.is_some(),
        "sigT" => header.signing_time.is_some(),
        "sigD" => header.documents.is_some(),
        "x5t#o" => header.x5t_other.is_some(),
        "sigX5ts" => !header.thumbprints.is_empty(),
        "srCms" => !header.commitments.is_empty(),
        "sigPId" => header.policy.is_some(),
        "sigPl" => header.place.is_some(),
        "srAts" => header.roles.is_some(),
        _ => false,
    };
    if !header.crit.iter().all(understood) {
        return Err(Refusal::NotUnderstood("a critical parameter"));
    }
    // a payload that is not encoded has to be announced (RFC 7797 section 6)
    if header.b64 == Some(false) && !header.crit.iter().any(|name| name == "b64") {
        return Err(Refusal::Malformed("a payload that is not announced"));
    }
    Ok(())
}

fn by_digest(documents: &Documents) -> Result<Vec<SignedDigest>, Refusal> {
    if documents.mechanism != BY_DIGEST {
        return Err(Refusal::NotUnderstood("a way to name documents without their digests"));
    }
    if documents.pars.len() != documents.values.len() || documents.pars.is_empty() {
        return Err(Refusal::Malformed("names and digests of another number"));
    }
    if documents.pars.len() > MAX_DIGESTS || documents.pars.iter().any(|name| name.len() > MAX_NAME) {
        return Err(Refusal::TooMany);
    }
    let hash = hash(&documents.method)?;
    let pairs = documents.pars.iter().zip(&documents.values);
    pairs.map(|(name, value)| digest(Of::Named(name.clone()), hash, &decoded(value)?)).collect()
}

/// The digest of the payload, with the hash of the signature.
fn of_payload(payload: &[u8], encoding: Option<bool>, hash: Hash) -> Result<SignedDigest, Refusal> {
    if payload.is_empty() {
        return Err(Refusal::Missing("a document"));
    }
    let value = if encoding == Some(false) {
        hash.digest(&[payload])
    } else {
        let text = std::str::from_utf8(payload)
            .map_err(|_| Refusal::Malformed("a payload that is not base64url"))?;
        hash.digest(&[&decoded(text)?])
    };
    digest(Of::Content, hash, &value)
}

/// The certificate that the header binds: each way that it uses has to mean the same one.
fn bound_certificate(header: &Header) -> Result<Option<BoundCertificate>, Refusal> {
    let mut digests = Vec::new();
    if let Some(value) = &header.x5t_s256 {
        digests.push((Hash::Sha256, decoded(value)?));
    }
    // of several thumbprints the first is the signer's (TS 119 182-1 clause 5.2.2.3)
    for thumbprint in header.x5t_other.iter().chain(header.thumbprints.first()) {
        digests.push((hash(&thumbprint.algorithm)?, decoded(&thumbprint.value)?));
    }
    if digests.iter().any(|(hash, value)| value.len() != hash.length()) {
        return Err(Refusal::Hash);
    }
    if header.x5c.len() > MAX_STATEMENTS {
        return Err(Refusal::TooMany);
    }
    if let Some(first) = header.x5c.first() {
        let der =
            STANDARD.decode(first).map_err(|_| Refusal::Malformed("a certificate that is not base64"))?;
        return if digests.iter().all(|(hash, value)| hash.digest(&[&der]) == *value) {
            Ok(Some(BoundCertificate::Whole(der)))
        } else {
            Err(Refusal::TwoCertificates)
        };
    }
    let mut digests = digests.into_iter();
    let first = digests.next();
    // two digests of the same certificate cannot be compared without it, unless they are the same
    if digests.any(|other| Some(&other) != first.as_ref()) {
        return Err(Refusal::TwoCertificates);
    }
    Ok(first.map(|(hash, value)| BoundCertificate::Digest { hash, value }))
}

/// `sigT` or `iat`: one of them, as a JAdES signature must have (TS 119 182-1 clause 5.1.11 and 5.2.1).
fn signing_time(header: &Header) -> Result<DateTime, Refusal> {
    let malformed = Refusal::Malformed("a signing time");
    match (&header.signing_time, header.iat) {
        (Some(text), None) => text.parse().map_err(|_| malformed),
        (None, Some(seconds)) => {
            DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).map_err(|_| malformed)
        }
        (Some(_), Some(_)) => Err(Refusal::Malformed("two signing times")),
        (None, None) => Err(Refusal::Missing("the signing time")),
    }
}

fn statements(header: Header) -> Result<Vec<Statement>, Refusal> {
    let commitments = header.commitments.into_iter().map(|one| Statement::Commitment(one.id.id));
    let policy = header.policy.map(|policy| Statement::Policy(policy.id.id));
    let place = header.place.map(|_| Statement::Place);
    let roles = header.roles.map(|_| Statement::Role);
    let all: Vec<Statement> = commitments.chain(policy).chain(place).chain(roles).collect();
    let too_long = |statement: &Statement| match statement {
        Statement::Commitment(name) | Statement::Policy(name) => name.len() > MAX_NAME,
        Statement::Place | Statement::Role => false,
    };
    if all.len() > MAX_STATEMENTS || all.iter().any(too_long) { Err(Refusal::TooMany) } else { Ok(all) }
}

fn decoded(text: &str) -> Result<Vec<u8>, Refusal> {
    base64url::decode(text).map_err(|_| Refusal::Malformed("a value that is not base64url"))
}

/// Digest algorithms by their names in JAdES (TS 119 182-1 annex E): those of RFC 5698 and of XML.
fn hash(name: &str) -> Result<Hash, Refusal> {
    match name {
        "S256" | "SHA-256" | "sha-256" | "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Hash::Sha256),
        "S384" | "SHA-384" | "sha-384" | "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Hash::Sha384),
        "S512" | "SHA-512" | "sha-512" | "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Hash::Sha512),
        "S3-256" | "SHA3-256" | "http://www.w3.org/2007/05/xmldsig-more#sha3-256" => Ok(Hash::Sha3_256),
        "S3-384" | "SHA3-384" | "http://www.w3.org/2007/05/xmldsig-more#sha3-384" => Ok(Hash::Sha3_384),
        "S3-512" | "SHA3-512" | "http://www.w3.org/2007/05/xmldsig-more#sha3-512" => Ok(Hash::Sha3_512),
        _ => Err(Refusal::Hash),
    }
}

/// `alg` (RFC 7518 section 3.1). The curve is the key's; the reader of the certificate looks at that.
fn jws_algorithm(name: &str) -> Option<SignatureAlgorithm> {
    Some(match name {
        "ES256" => SignatureAlgorithm::Ecdsa(Hash::Sha256),
        "ES384" => SignatureAlgorithm::Ecdsa(Hash::Sha384),
        "ES512" => SignatureAlgorithm::Ecdsa(Hash::Sha512),
        "RS256" => SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
        "RS384" => SignatureAlgorithm::RsaPkcs1(Hash::Sha384),
        "RS512" => SignatureAlgorithm::RsaPkcs1(Hash::Sha512),
        "PS256" => SignatureAlgorithm::RsaPss(Hash::Sha256),
        "PS384" => SignatureAlgorithm::RsaPss(Hash::Sha384),
        "PS512" => SignatureAlgorithm::RsaPss(Hash::Sha512),
        _ => return None,
    })
}

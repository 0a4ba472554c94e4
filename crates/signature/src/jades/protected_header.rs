//! The protected header, read (RFC 7515 section 4, RFC 7797, TS 119 182-1 clauses 5.1 and 5.2).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::{base64url, json};
use bitaqa_trust::Certificate;
use serde_json::{Map, Value};

use super::{
    JadesError, algorithm,
    detached::{self, Encoding, SigD},
    statement,
};
use crate::{
    Hash, SignatureAlgorithm,
    algorithm::AlgorithmError,
    found::{MAX_CERTIFICATES, SigningCertificate},
    statement::SignerStatement,
};

/// Longest header, in characters of its base64url; `sigD` names up to 10,000 objects.
const MAX_HEADER: usize = 8 * 1024 * 1024;
/// Most digests of certificates.
const MAX_THUMBPRINTS: usize = 16;
/// Most time stamps of one container.
pub(super) const MAX_TOKENS: usize = 64;

/// Parameters of RFC 7515 section 4.1, which `crit` may not name.
const REGISTERED: [&str; 11] =
    ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];
/// Parameters that are processed here whether `crit` names them or not.
const UNDERSTOOD: [&str; 11] =
    ["b64", "iat", "sigT", "x5t#o", "sigX5ts", "srCms", "sigPl", "srAts", "adoTst", "sigPId", "sigD"];

/// What a header says.
#[derive(Debug, Clone)]
pub(super) struct ProtectedHeader {
    pub(super) algorithm: Result<SignatureAlgorithm, AlgorithmError>,
    /// `x5c`, the signer's first.
    pub(super) certificates: Vec<Certificate>,
    /// Digests of the signer's certificate.
    thumbprints: Vec<(Hash, Vec<u8>)>,
    pub(super) encoding: Encoding,
    pub(super) sig_d: Option<SigD>,
    pub(super) statement: SignerStatement,
    /// Time stamps over the content (`adoTst`).
    pub(super) content_time_stamps: Vec<Vec<u8>>,
    pub(super) faults: Vec<String>,
    pub(super) remarks: Vec<String>,
}

impl ProtectedHeader {
    /// Reads a header.
    pub(super) fn parse(text: &str, unprotected: &Map<String, Value>) -> Result<Self, JadesError> {
        if text.len() > MAX_HEADER {
            return Err(JadesError::TooLong("the protected header"));
        }
        let bytes = base64url::decode(text).map_err(|_| JadesError::Malformed("the protected header"))?;
        let header: Map<String, Value> = json::from_slice(&bytes).map_err(|error| {
            JadesError::Document(format!("the protected header is not an object: {error}"))
        })?;
        // RFC 7515 section 7.2.1: no parameter may be in both headers
        if unprotected.keys().any(|name| header.contains_key(name)) {
            return Err(JadesError::Malformed("the unprotected header"));
        }
        let mut faults = Vec::new();
        let mut remarks = Vec::new();
        critical(&header, &mut faults);
        unknown(&header, &mut faults, &mut remarks);
        let name = header.get("alg").and_then(Value::as_str).ok_or(JadesError::Malformed("alg"))?;
        let sig_d = header.get("sigD").map(detached::parse).transpose()?;
        let encoding = match header.get("b64") {
            None | Some(Value::Bool(true)) => Encoding::Base64Url,
            Some(Value::Bool(false)) => Encoding::Plain,
            Some(_) => return Err(JadesError::Malformed("b64")),
        };
        let content_time_stamps = header.get("adoTst").map(|value| tokens(value, "adoTst")).transpose()?;
        let thumbprints = thumbprints(&header, &mut faults)?;
        let certificates = certificates(&header)?;
        if thumbprints.is_empty() && certificates.is_empty() {
            faults.push("the header does not name the signer's certificate".to_owned());
        }
        Ok(Self {
            algorithm: algorithm::from_name(name),
            certificates,
            thumbprints,
            encoding,
            sig_d,
            statement: statement::read(&header, &mut faults, &mut remarks)?,
            content_time_stamps: content_time_stamps.unwrap_or_default(),
            faults,
            remarks,
        })
    }

    /// The signer's certificate: the first of `x5c`, or one of the others that the digest leads to. All digests must be its
    /// own; `x5c` binds it by itself, since the header is signed.
    pub(super) fn signing_certificate(&self, others: &[Certificate]) -> SigningCertificate {
        let is_named = |certificate: &Certificate| {
            self.thumbprints.iter().all(|(hash, digest)| hash.digest(&[certificate.der()]) == *digest)
        };
        if let Some(first) = self.certificates.first() {
            return if is_named(first) {
                SigningCertificate::Bound(Box::new(first.clone()))
            } else {
                SigningCertificate::Mismatch
            };
        }
        let found = others.iter().find(|certificate| !self.thumbprints.is_empty() && is_named(certificate));
        found.map_or(SigningCertificate::NotFound, |certificate| {
            SigningCertificate::Bound(Box::new(certificate.clone()))
        })
    }
}

/// `crit` (RFC 7515 section 4.1.11): what it names must be there, be understood, and not be a parameter of that standard.
fn critical(header: &Map<String, Value>, faults: &mut Vec<String>) {
    let mut critical = Vec::new();
    match header.get("crit") {
        None => {}
        Some(Value::Array(names)) if !names.is_empty() && names.len() <= 64 => {
            for name in names.iter().map(|name| name.as_str().unwrap_or_default()) {
                if critical.contains(&name) || REGISTERED.contains(&name) || !header.contains_key(name) {
                    faults.push("crit names a parameter twice, or one that it may not name".to_owned());
                } else if !UNDERSTOOD.contains(&name) {
                    faults.push("crit names a parameter that is not understood".to_owned());
                }
                critical.push(name);
            }
        }
        Some(_) => faults.push("crit is not a list of names".to_owned()),
    }
    for name in ["b64", "sigD"] {
        if header.contains_key(name) && !critical.contains(&name) {
            faults.push(format!("crit does not name {name}"));
        }
    }
}

/// Parameters that a JAdES header may not have, or that say something which is not looked at.
fn unknown(header: &Map<String, Value>, faults: &mut Vec<String>, remarks: &mut Vec<String>) {
    for name in header.keys().map(String::as_str) {
        match name {
            "etsiU" => faults.push("unsigned properties are in the protected header".to_owned()),
            "x5t" => faults.push("the certificate is named by SHA-1 (x5t)".to_owned()),
            "jku" | "jwk" | "x5u" => {
                remarks.push(format!("{name} names a key in another way, which was not followed"));
            }
            _ if REGISTERED.contains(&name) || UNDERSTOOD.contains(&name) => {}
            _ => remarks.push("the header has a parameter that is not understood".to_owned()),
        }
    }
}

fn certificates(header: &Map<String, Value>) -> Result<Vec<Certificate>, JadesError> {
    const MALFORMED: JadesError = JadesError::Malformed("x5c");
    let Some(list) = header.get("x5c") else { return Ok(Vec::new()) };
    let list = list.as_array().filter(|list| !list.is_empty()).ok_or(MALFORMED)?;
    if list.len() > MAX_CERTIFICATES {
        return Err(JadesError::TooLong("x5c"));
    }
    list.iter()
        .map(|item| {
            let der = STANDARD.decode(item.as_str().ok_or(MALFORMED)?).map_err(|_| MALFORMED)?;
            Certificate::from_der(&der).map_err(|_| MALFORMED)
        })
        .collect()
}

/// `x5t#S256`, `x5t#o` and the first of `sigX5ts`: all of them are of the signer's certificate.
fn thumbprints(
    header: &Map<String, Value>,
    faults: &mut Vec<String>,
) -> Result<Vec<(Hash, Vec<u8>)>, JadesError> {
    let mut found = Vec::new();
    if let Some(value) = header.get("x5t#S256") {
        const MALFORMED: JadesError = JadesError::Malformed("x5t#S256");
        let digest = base64url::decode(value.as_str().ok_or(MALFORMED)?).map_err(|_| MALFORMED)?;
        found.push((Hash::Sha256, digest));
    }
    let list = match header.get("sigX5ts") {
        None => &[][..],
        Some(value) => value
            .as_array()
            .filter(|list| (1..=MAX_THUMBPRINTS).contains(&list.len()))
            .ok_or(JadesError::Malformed("sigX5ts"))?,
    };
    for value in header.get("x5t#o").into_iter().chain(list.first()) {
        const MALFORMED: JadesError = JadesError::Malformed("the digest of the certificate");
        let member = |name: &str| value.get(name).and_then(Value::as_str).ok_or(MALFORMED);
        let digest = base64url::decode(member("digVal")?).map_err(|_| MALFORMED)?;
        match algorithm::hash_from_name(member("digAlg")?) {
            Some(hash) => found.push((hash, digest)),
            None => faults.push("the certificate is named by a hash that is not accepted".to_owned()),
        }
    }
    Ok(found)
}

/// The tokens of a container of time stamps (TS 119 182-1 clause 5.4.3.3, `tstContainer`).
pub(super) fn tokens(value: &Value, name: &'static str) -> Result<Vec<Vec<u8>>, JadesError> {
    let list = value.get("tstTokens").and_then(Value::as_array).filter(|list| !list.is_empty());
    let list = list.ok_or(JadesError::Malformed(name))?;
    if list.len() > MAX_TOKENS {
        return Err(JadesError::TooLong(name));
    }
    list.iter().map(|item| pki_object(item).ok_or(JadesError::Malformed(name))).collect()
}

/// Bytes of an object in the form that certificates, revocation data and time stamps have (`pkiOb`): DER in base64.
pub(super) fn pki_object(value: &Value) -> Option<Vec<u8>> {
    // absent encoding is DER; any other is none that we read
    let encoding = value.get("encoding");
    if encoding.is_some_and(|encoding| encoding != "http://uri.etsi.org/01903/v1.2.2#DER") {
        return None;
    }
    STANDARD.decode(value.get("val")?.as_str()?).ok()
}

//! Revocation lists and answers of responders, right or wrong in one place.

use super::{
    Issued,
    der::{bit_string, integer, octet_string, oid, sequence, tlv},
    extension::extension,
};

/// What a list will say. Times are `YYYYMMDDhhmmssZ`.
#[derive(Clone)]
pub struct ListTemplate {
    pub this_update: &'static str,
    pub next_update: Option<&'static str>,
    /// DER of each entry.
    pub entries: Vec<Vec<u8>>,
    /// DER of each `Extension`.
    pub extensions: Vec<Vec<u8>>,
}

impl ListTemplate {
    /// An empty one around the tests' time.
    pub fn new() -> Self {
        Self {
            this_update: "20260601000000Z",
            next_update: Some("20260608000000Z"),
            entries: Vec::new(),
            extensions: vec![number("2.5.29.20", 7)],
        }
    }

    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub fn listing(mut self, entry: Vec<u8>) -> Self {
        self.entries.push(entry);
        self
    }

    /// DER, signed by an authority.
    pub fn issued_by(&self, issuer: &Issued) -> Vec<u8> {
        self.signed_by(&issuer.name, issuer)
    }

    /// DER in somebody's name, signed by somebody's key.
    pub fn signed_by(&self, name: &[u8], signer: &Issued) -> Vec<u8> {
        let algorithm = signer.key.certificate_algorithm();
        let entries = if self.entries.is_empty() { Vec::new() } else { tlv(0x30, &self.entries.concat()) };
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            tlv(0xa0, &tlv(0x30, &self.extensions.concat()))
        };
        let tbs = sequence(&[
            if self.extensions.is_empty() { &[][..] } else { &[2, 1, 1] },
            &algorithm,
            name,
            &super::der::time(self.this_update),
            &self.next_update.map(super::der::time).unwrap_or_default(),
            &entries,
            &extensions,
        ]);
        let signature = signer.key.sign_certificate(&tbs);
        sequence(&[&tbs, &algorithm, &bit_string(&signature)])
    }
}

/// An entry of a list.
pub fn entry(number: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = if extensions.is_empty() { Vec::new() } else { tlv(0x30, &extensions.concat()) };
    sequence(&[&integer(number), &super::der::time("20260520000000Z"), &extensions])
}

/// `reasonCode` of an entry.
pub fn reason(code: u8) -> Vec<u8> {
    extension("2.5.29.21", false, &tlv(0x0a, &[code]))
}

/// `certificateIssuer` of an entry.
pub fn entry_issuer(name: &[u8]) -> Vec<u8> {
    extension("2.5.29.29", true, &sequence(&[&tlv(0xa4, name)]))
}

/// `cRLNumber` or, critical, `deltaCRLIndicator`.
pub fn number(identifier: &str, value: u8) -> Vec<u8> {
    extension(identifier, identifier == DELTA, &integer(&[value]))
}

/// `deltaCRLIndicator`.
pub const DELTA: &str = "2.5.29.27";

/// `issuingDistributionPoint` of these fields.
pub fn scope(fields: &[&[u8]]) -> Vec<u8> {
    extension("2.5.29.28", true, &sequence(fields))
}

/// What an answer will say. Times are `YYYYMMDDhhmmssZ`.
#[derive(Clone)]
pub struct AnswerTemplate {
    pub produced_at: &'static str,
    /// DER of each `SingleResponse`.
    pub statements: Vec<Vec<u8>>,
    /// DER of each `Extension`.
    pub extensions: Vec<Vec<u8>>,
    /// DER of each certificate that is sent along.
    pub certificates: Vec<Vec<u8>>,
}

impl AnswerTemplate {
    pub fn new(statement: Vec<u8>) -> Self {
        Self {
            produced_at: "20260601110000Z",
            statements: vec![statement],
            extensions: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// DER of `OCSPResponse`, signed by a responder.
    pub fn signed_by(&self, responder: &Issued) -> Vec<u8> {
        let algorithm = responder.key.certificate_algorithm();
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            tlv(0xa1, &tlv(0x30, &self.extensions.concat()))
        };
        let data = sequence(&[
            &tlv(0xa1, &responder.name),
            &tlv(0x18, self.produced_at.as_bytes()),
            &tlv(0x30, &self.statements.concat()),
            &extensions,
        ]);
        let signature = bit_string(&responder.key.sign_certificate(&data));
        let certificates = tlv(0xa0, &tlv(0x30, &self.certificates.concat()));
        let basic = sequence(&[&data, &algorithm, &signature, &certificates]);
        let bytes = sequence(&[&oid("1.3.6.1.5.5.7.48.1.1"), &octet_string(&basic)]);
        sequence(&[&tlv(0x0a, &[0]), &tlv(0xa0, &bytes)])
    }
}

/// `SingleResponse` about a certificate, with SHA-1 in its `CertID`.
pub fn statement(
    certificate: &Issued,
    number: &[u8],
    issuer: &Issued,
    status: &[u8],
    updates: (&str, Option<&str>),
) -> Vec<u8> {
    use sha1::{Digest, Sha1};
    assert!(!certificate.der.is_empty());
    let algorithm = sequence(&[&oid("1.3.14.3.2.26"), &super::der::null()]);
    let id = sequence(&[
        &algorithm,
        &octet_string(&Sha1::digest(&issuer.name)),
        &octet_string(&Sha1::digest(issuer.key.point())),
        &integer(number),
    ]);
    let next = updates.1.map(|time| tlv(0xa0, &tlv(0x18, time.as_bytes()))).unwrap_or_default();
    sequence(&[&id, status, &tlv(0x18, updates.0.as_bytes()), &next])
}

/// `CertStatus`.
pub const GOOD: &[u8] = &[0x80, 0];
/// `CertStatus`.
pub const UNKNOWN: &[u8] = &[0x82, 0];

/// `CertStatus`, with a reason.
pub fn revoked_status(code: u8) -> Vec<u8> {
    let reason = tlv(0xa0, &tlv(0x0a, &[code]));
    tlv(0xa1, &[tlv(0x18, b"20260520000000Z"), reason].concat())
}

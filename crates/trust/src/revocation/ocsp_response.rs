//! The answer of an OCSP responder (RFC 6960 section 4.2), read within bounds.

use std::sync::Arc;

use der::{
    DateTime, Decode, Reader, SliceReader, Tag, TagNumber,
    asn1::{BitString, GeneralizedTime, ObjectIdentifier, OctetStringRef},
};
use spki::AlgorithmIdentifierOwned;
use x509_cert::{
    ext::{Extension, pkix::CrlReason},
    name::Name,
};

use super::{
    fault::OcspFault,
    ocsp_request::{CertificateId, IdHash},
};
use crate::{
    certificate::Certificate,
    certificate_signature::{self, CertificateSignatureError},
    oid,
    public_key::PublicKey,
    signature_memory,
    signed_object::{SignedObject, element, sequence},
};

/// Longest answer, in bytes.
pub const MAX_LENGTH: usize = 128 * 1024;

/// Most certificates of an answer.
const MAX_CERTIFICATES: usize = 8;

/// Most statements of an answer.
const MAX_STATEMENTS: usize = 256;

/// Most extensions of an answer or statement.
const MAX_EXTENSIONS: usize = 16;

/// A parsed answer. Parsing believes nothing: no signature is checked. Cheap to clone.
#[derive(Clone)]
pub struct OcspResponse(Arc<Parsed>);

/// What is read of an answer.
pub(super) struct Parsed {
    #[cfg(feature = "memory")]
    der: Vec<u8>,
    /// The signed bytes, tag and length included.
    message: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
    pub(super) responder: ResponderId,
    /// When it was signed.
    pub(super) produced_at: DateTime,
    pub(super) statements: Vec<Statement>,
    pub(super) nonce: Option<Vec<u8>>,
    /// What the responder sent along: its own certificate, if the issuer appointed it.
    pub(super) certificates: Vec<Certificate>,
}

/// Who signed (section 4.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ResponderId {
    Name(Name),
    /// SHA-1 of the key.
    Key(Vec<u8>),
}

/// What the answer says about one certificate (section 4.2.1, `SingleResponse`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// None where the certificate is named with a hash that we do not make.
    pub(super) certificate: Option<CertificateId>,
    pub(super) status: OcspStatus,
    pub(super) this_update: DateTime,
    pub(super) next_update: Option<DateTime>,
}

/// The status of a certificate in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OcspStatus {
    /// Not revoked.
    Good,
    /// Revoked, for ever or for now.
    Revoked {
        /// When.
        since: DateTime,
        /// Why, if the responder says.
        reason: Option<CrlReason>,
    },
    /// The responder does not know the certificate.
    Unknown,
}

impl OcspResponse {
    /// The bytes it was parsed from.
    #[cfg(feature = "memory")]
    pub(crate) fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// What was read.
    pub(super) fn parsed(&self) -> &Parsed {
        &self.0
    }

    /// Verifies the signature with a key that may be the responder's.
    pub(super) fn verify_signature(&self, key: &PublicKey) -> Result<(), CertificateSignatureError> {
        let Parsed { message, algorithm, signature, .. } = self.parsed();
        certificate_signature::verify(key, algorithm, message, signature)
    }

    /// What the responder sent along.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    /// When the answer was signed.
    #[must_use]
    pub fn produced_at(&self) -> DateTime {
        self.0.produced_at
    }

    /// The earliest moment at which all of it was right: not before it was signed, nor before any of its statements.
    #[must_use]
    pub fn right_since(&self) -> DateTime {
        let since = self.0.statements.iter().map(|statement| statement.this_update);
        since.fold(self.0.produced_at, DateTime::max)
    }

    /// Parses DER of `OCSPResponse` with an answer of type `id-pkix-ocsp-basic`.
    ///
    /// # Errors
    /// [`OcspFault`]: too long, not an answer, one of a refusal or of another type, or with a critical extension that is not
    /// processed.
    pub fn from_der(der: &[u8]) -> Result<Self, OcspFault> {
        if der.len() > MAX_LENGTH {
            return Err(OcspFault::TooLong);
        }
        if let Some(known) = signature_memory::answer(der) {
            return Ok(known);
        }
        let signed = SignedObject::from_der(basic_response(der)?).map_err(malformed)?;
        let certificates = certificates(signed.rest)?;
        let mut reader = sequence(signed.message).and_then(SliceReader::new).map_err(malformed)?;
        // version 1 is the only one, and DER does not write it; some responders do
        if let Some(version) = context(&mut reader, 0)?
            && u8::from_der(version).map_err(malformed)? != 0
        {
            return Err(OcspFault::Malformed);
        }
        let responder = responder(&mut reader)?;
        let produced_at = time(&mut reader)?;
        let (tag, list) = element(&mut reader).map_err(malformed)?;
        tag.assert_eq(Tag::Sequence).map_err(|_| OcspFault::Malformed)?;
        let statements = statements(list)?;
        let mut nonce = None;
        if let Some(content) = context(&mut reader, 1)? {
            for extension in extensions(content)? {
                if extension.extn_id == oid::ID_PKIX_OCSP_NONCE {
                    let value = extension.extn_value.as_bytes();
                    // its value is an OCTET STRING of its own (RFC 9654); early responders wrote the bytes alone
                    let bytes = <&OctetStringRef>::from_der(value).map_or(value, OctetStringRef::as_bytes);
                    nonce = Some(bytes.to_vec());
                } else if extension.critical {
                    return Err(OcspFault::CriticalExtension { extension: extension.extn_id });
                }
            }
        }
        reader.finish().map_err(malformed)?;
        let message = signed.message.to_vec();
        let SignedObject { algorithm, signature, .. } = signed;
        let parsed = Parsed {
            #[cfg(feature = "memory")]
            der: der.to_vec(),
            message,
            algorithm,
            signature,
            responder,
            produced_at,
            statements,
            nonce,
            certificates,
        };
        let response = Self(Arc::new(parsed));
        signature_memory::remember_answer(&response);
        Ok(response)
    }

    /// Until when everything that it states is the newest: the earliest next update. None if a statement has none, or nothing is
    /// stated.
    #[must_use]
    pub fn next_update(&self) -> Option<DateTime> {
        let mut earliest = None;
        for statement in &self.0.statements {
            let next = statement.next_update?;
            earliest = Some(earliest.map_or(next, |known: DateTime| known.min(next)));
        }
        earliest
    }
}

/// `BasicOCSPResponse` out of `OCSPResponse`.
fn basic_response(der: &[u8]) -> Result<&[u8], OcspFault> {
    let mut reader = sequence(der).and_then(SliceReader::new).map_err(malformed)?;
    let (tag, status) = element(&mut reader).map_err(malformed)?;
    tag.assert_eq(Tag::Enumerated).map_err(|_| OcspFault::Malformed)?;
    let refused = |status| Err(OcspFault::Refused { status });
    match status {
        [0] => {}
        [1] => return refused("malformedRequest"),
        [2] => return refused("internalError"),
        [3] => return refused("tryLater"),
        [5] => return refused("sigRequired"),
        [6] => return refused("unauthorized"),
        _ => return Err(OcspFault::Malformed),
    }
    let bytes = context(&mut reader, 0)?.ok_or(OcspFault::Malformed)?;
    reader.finish().map_err(malformed)?;
    let mut reader = sequence(bytes).and_then(SliceReader::new).map_err(malformed)?;
    let kind = ObjectIdentifier::decode(&mut reader).map_err(malformed)?;
    let response = <&OctetStringRef>::decode(&mut reader).map_err(malformed)?;
    reader.finish().map_err(malformed)?;
    if kind != oid::ID_PKIX_OCSP_BASIC {
        return Err(OcspFault::Type);
    }
    Ok(response.as_bytes())
}

fn responder(reader: &mut SliceReader<'_>) -> Result<ResponderId, OcspFault> {
    if let Some(name) = context(reader, 1)? {
        return Ok(ResponderId::Name(Name::from_der(name).map_err(malformed)?));
    }
    let key = context(reader, 2)?.ok_or(OcspFault::Malformed)?;
    Ok(ResponderId::Key(<&OctetStringRef>::from_der(key).map_err(malformed)?.as_bytes().to_vec()))
}

fn statements(list: &[u8]) -> Result<Vec<Statement>, OcspFault> {
    let mut reader = SliceReader::new(list).map_err(malformed)?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        if found.len() >= MAX_STATEMENTS {
            return Err(OcspFault::TooLong);
        }
        let (tag, content) = element(&mut reader).map_err(malformed)?;
        tag.assert_eq(Tag::Sequence).map_err(|_| OcspFault::Malformed)?;
        found.push(statement(content)?);
    }
    Ok(found)
}

fn statement(content: &[u8]) -> Result<Statement, OcspFault> {
    let mut reader = SliceReader::new(content).map_err(malformed)?;
    let (tag, id) = element(&mut reader).map_err(malformed)?;
    tag.assert_eq(Tag::Sequence).map_err(|_| OcspFault::Malformed)?;
    let certificate = certificate_id(id).map_err(malformed)?;
    let (tag, content) = element(&mut reader).map_err(malformed)?;
    let status = match (tag, content) {
        (Tag::ContextSpecific { constructed: false, number: TagNumber(0) }, []) => OcspStatus::Good,
        (Tag::ContextSpecific { constructed: true, number: TagNumber(1) }, content) => revoked(content)?,
        (Tag::ContextSpecific { constructed: false, number: TagNumber(2) }, []) => OcspStatus::Unknown,
        _ => return Err(OcspFault::Malformed),
    };
    let this_update = time(&mut reader)?;
    let next_update = context(&mut reader, 0)?
        .map(|content| GeneralizedTime::from_der(content).map(|time| time.to_date_time()))
        .transpose()
        .map_err(malformed)?;
    if let Some(content) = context(&mut reader, 1)?
        && let Some(extension) = extensions(content)?.iter().find(|extension| extension.critical)
    {
        return Err(OcspFault::CriticalExtension { extension: extension.extn_id });
    }
    reader.finish().map_err(malformed)?;
    Ok(Statement { certificate, status, this_update, next_update })
}

fn certificate_id(content: &[u8]) -> der::Result<Option<CertificateId>> {
    let mut reader = SliceReader::new(content)?;
    let algorithm = AlgorithmIdentifierOwned::decode(&mut reader)?;
    let issuer_name = <&OctetStringRef>::decode(&mut reader)?.as_bytes().to_vec();
    let issuer_key = <&OctetStringRef>::decode(&mut reader)?.as_bytes().to_vec();
    let serial_number = reader.tlv_bytes()?.to_vec();
    reader.finish()?;
    Ok(IdHash::from_oid(algorithm.oid).map(|hash| CertificateId {
        hash,
        issuer_name,
        issuer_key,
        serial_number,
    }))
}

fn revoked(content: &[u8]) -> Result<OcspStatus, OcspFault> {
    let mut reader = SliceReader::new(content).map_err(malformed)?;
    let since = time(&mut reader)?;
    let reason = context(&mut reader, 0)?.map(CrlReason::from_der).transpose().map_err(malformed)?;
    reader.finish().map_err(malformed)?;
    Ok(OcspStatus::Revoked { since, reason })
}

fn certificates(rest: &[u8]) -> Result<Vec<Certificate>, OcspFault> {
    let mut reader = SliceReader::new(rest).map_err(malformed)?;
    let mut found = Vec::new();
    if let Some(content) = context(&mut reader, 0)? {
        let mut list = sequence(content).and_then(SliceReader::new).map_err(malformed)?;
        while !list.is_finished() {
            if found.len() >= MAX_CERTIFICATES {
                return Err(OcspFault::TooLong);
            }
            let der = list.tlv_bytes().map_err(malformed)?;
            // one that cannot be read may be one that nobody needs
            found.extend(Certificate::from_der(der));
        }
    }
    reader.finish().map_err(malformed)?;
    Ok(found)
}

fn extensions(content: &[u8]) -> Result<Vec<Extension>, OcspFault> {
    let mut reader = sequence(content).and_then(SliceReader::new).map_err(malformed)?;
    let mut found: Vec<Extension> = Vec::new();
    while !reader.is_finished() {
        let extension = Extension::decode(&mut reader).map_err(malformed)?;
        if found.len() >= MAX_EXTENSIONS || found.iter().any(|other| other.extn_id == extension.extn_id) {
            return Err(OcspFault::Malformed);
        }
        found.push(extension);
    }
    Ok(found)
}

/// Content of the next element, if it has this explicit tag.
fn context<'a>(reader: &mut SliceReader<'a>, number: u32) -> Result<Option<&'a [u8]>, OcspFault> {
    let wanted = Tag::ContextSpecific { constructed: true, number: TagNumber(number) };
    if reader.is_finished() || Tag::peek(&*reader).map_err(malformed)? != wanted {
        return Ok(None);
    }
    Ok(Some(element(reader).map_err(malformed)?.1))
}

fn time(reader: &mut SliceReader<'_>) -> Result<DateTime, OcspFault> {
    Ok(GeneralizedTime::decode(reader).map_err(malformed)?.to_date_time())
}

fn malformed(_: der::Error) -> OcspFault {
    OcspFault::Malformed
}

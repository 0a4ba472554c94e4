//! What may be sent: questions to responders and to time-stamp authorities, and nothing else.
//!
//! A page or an extension that has been taken over must not be able to send what it likes to servers in its victim's name.

use bitaqa_trust::oid;
use der::{
    Decode, Header, Reader, SliceReader, Tag, TagNumber,
    asn1::{ObjectIdentifier, OctetStringRef, UintRef},
};
use x509_cert::ext::Extension;

use crate::{error::FetchError, kind::Kind};

/// Longest question, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// DER of an `OCSPRequest` (RFC 6960 section 4.1), unsigned and without the name of who asks.
    Ocsp(Vec<u8>),
    /// A revocation list.
    Crl,
    /// The certificates of an issuer.
    IssuerCertificate,
    /// DER of a `TimeStampReq` (RFC 3161 section 2.4.1), without extensions.
    TimeStamp(Vec<u8>),
    /// A trusted list.
    TrustedList,
}

impl Request {
    /// What it asks for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ocsp(_) => Kind::Ocsp,
            Self::Crl => Kind::Crl,
            Self::IssuerCertificate => Kind::IssuerCertificate,
            Self::TimeStamp(_) => Kind::TimeStamp,
            Self::TrustedList => Kind::TrustedList,
        }
    }

    /// What is sent.
    pub(crate) fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Ocsp(body) | Self::TimeStamp(body) => Some(body),
            Self::Crl | Self::IssuerCertificate | Self::TrustedList => None,
        }
    }

    /// Whether the next to ask may get the same answer. Refuses what is no such question.
    pub(crate) fn check(&self) -> Result<Reuse, FetchError> {
        let body = self.body().unwrap_or_default();
        let checked = match self {
            Self::Crl | Self::IssuerCertificate | Self::TrustedList => return Ok(Reuse::Permitted),
            _ if body.len() > MAX_LENGTH => None,
            Self::Ocsp(_) => {
                let has_nonce = ocsp_has_nonce(body).ok();
                has_nonce.map(|has| if has { Reuse::Never } else { Reuse::Permitted })
            }
            Self::TimeStamp(_) => time_stamp(body).ok().map(|()| Reuse::Never),
        };
        checked.ok_or(FetchError::Question { kind: self.kind() })
    }
}

/// Whether an answer can be given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reuse {
    Permitted,
    /// It answers this question only.
    Never,
}

fn ocsp_has_nonce(der: &[u8]) -> der::Result<bool> {
    let mut outer = all_of(der)?;
    let mut message = sequence(&mut outer)?;
    outer.finish()?;
    if message.peek_byte() == Some(0xa0) {
        UintRef::from_der(element(&mut message)?.1)?;
    }
    let mut requests = sequence(&mut message)?;
    if requests.is_finished() {
        return Err(Tag::Sequence.length_error().into());
    }
    while !requests.is_finished() {
        let mut request = sequence(&mut requests)?;
        let mut id = sequence(&mut request)?;
        sequence(&mut id)?;
        <&OctetStringRef>::decode(&mut id)?;
        <&OctetStringRef>::decode(&mut id)?;
        element(&mut id)?.0.assert_eq(Tag::Integer)?;
        id.finish()?;
        request.finish()?;
    }
    let mut has_nonce = false;
    if !message.is_finished() {
        let (tag, content) = element(&mut message)?;
        tag.assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(2) })?;
        let extensions = Vec::<Extension>::from_der(content)?;
        has_nonce = extensions.iter().any(|extension| extension.extn_id == oid::ID_PKIX_OCSP_NONCE);
    }
    message.finish()?;
    Ok(has_nonce)
}

fn time_stamp(der: &[u8]) -> der::Result<()> {
    let mut message = all_of(der)?;
    if u8::decode(&mut message)? != 1 {
        return Err(Tag::Integer.value_error().into());
    }
    let mut imprint = sequence(&mut message)?;
    sequence(&mut imprint)?;
    let digest = <&OctetStringRef>::decode(&mut imprint)?;
    imprint.finish()?;
    if !(32..=64).contains(&digest.as_bytes().len()) {
        return Err(Tag::OctetString.length_error().into());
    }
    Option::<ObjectIdentifier>::decode(&mut message)?;
    Option::<UintRef<'_>>::decode(&mut message)?;
    Option::<bool>::decode(&mut message)?;
    message.finish()
}

/// The content of a SEQUENCE that is all there is.
pub(crate) fn all_of(der: &[u8]) -> der::Result<SliceReader<'_>> {
    let mut reader = SliceReader::new(der)?;
    let content = sequence(&mut reader)?;
    reader.finish()?;
    Ok(content)
}

/// The content of the SEQUENCE that comes next.
pub(crate) fn sequence<'a>(reader: &mut SliceReader<'a>) -> der::Result<SliceReader<'a>> {
    let (tag, content) = element(reader)?;
    tag.assert_eq(Tag::Sequence)?;
    SliceReader::new(content)
}

/// Tag and content of the next element.
pub(crate) fn element<'a>(reader: &mut SliceReader<'a>) -> der::Result<(Tag, &'a [u8])> {
    let header = Header::decode(reader)?;
    Ok((header.tag(), reader.read_slice(header.length())?))
}

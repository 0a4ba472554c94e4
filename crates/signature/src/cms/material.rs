//! Certificates and revocation data in messages and in their attributes (RFC 5652 section 10.2, RFC 5940, EN 319 122-1
//! annex A). Nothing of it is believed.

use std::sync::Arc;

use bitaqa_trust::{Certificate, ObjectIdentifier, oid::ID_PKIX_OCSP_BASIC};

use super::{
    Attributes, CmsError, Element, SignedData,
    element::tag,
    signed_data::{MAX_CERTIFICATES, MAX_REVOCATION},
    value, writer,
};
use crate::{found::EmbeddedRevocation, oid};

/// A member of `crls`.
#[derive(Debug)]
pub(crate) enum Revocation {
    List(Arc<[u8]>),
    Answer(Arc<[u8]>),
}

impl Revocation {
    pub(crate) fn into_bytes(self) -> Arc<[u8]> {
        match self {
            Self::List(bytes) | Self::Answer(bytes) => bytes,
        }
    }
}

/// A list or an answer of the message (RFC 5652 section 10.2.1, RFC 5940); none if it is of a format that we do not know.
pub(crate) fn revocation_choice(choice: &Element<'_>) -> Result<Option<Revocation>, CmsError> {
    if choice.tag() == tag::SEQUENCE {
        return Ok(Some(Revocation::List(choice.encoded().into())));
    }
    let mut other = choice.expect(tag::context(1), "revocation data of no known form")?.reader()?;
    let format = value::object_identifier(&other.element()?)?;
    let information = other.element()?;
    Ok(match format {
        oid::OCSP_RESPONSE => Some(Revocation::Answer(information.encoded().into())),
        ID_PKIX_OCSP_BASIC => Some(Revocation::Answer(ocsp_response(&information))),
        _ => None,
    })
}

/// All lists and answers of the message.
pub(crate) fn revocation_of(message: &SignedData<'_>) -> Result<EmbeddedRevocation, CmsError> {
    let mut revocation = EmbeddedRevocation::default();
    for choice in &message.revocation {
        match revocation_choice(choice)? {
            Some(Revocation::List(bytes)) => revocation.lists.push(bytes),
            Some(Revocation::Answer(bytes)) => revocation.answers.push(bytes),
            None => {}
        }
    }
    Ok(revocation)
}

/// Certificates of `certificate-values` (EN 319 122-1 annex A).
pub(crate) fn certificate_values(unsigned: &Attributes<'_>) -> Result<Vec<Certificate>, CmsError> {
    let Some(found) = unsigned.only_value(oid::CERTIFICATE_VALUES)? else { return Ok(Vec::new()) };
    let certificates = found.children(MAX_CERTIFICATES, "certificates")?;
    Ok(certificates.iter().filter_map(|element| Certificate::from_der(element.encoded()).ok()).collect())
}

/// Lists and answers of `revocation-values` (EN 319 122-1 annex A), and of the attribute that PDF signatures had before
/// (ISO 32000-2 clause 12.8.3.3.2).
pub(crate) fn revocation_values(
    signed: &Attributes<'_>,
    unsigned: &Attributes<'_>,
    into: &mut EmbeddedRevocation,
) -> Result<(), CmsError> {
    if let Some(values) = unsigned.only_value(oid::REVOCATION_VALUES)? {
        read_revocation_values(&values, true, into)?;
    }
    if let Some(values) = signed.only_value(oid::REVOCATION_INFO_ARCHIVAL)? {
        read_revocation_values(&values, false, into)?;
    }
    Ok(())
}

/// Reads lists and answers, which are a `BasicOCSPResponse` each or a whole `OCSPResponse`.
fn read_revocation_values(
    values: &Element<'_>,
    basic: bool,
    into: &mut EmbeddedRevocation,
) -> Result<(), CmsError> {
    let (lists, answers) = revocation_lists_and_answers(values)?;
    into.lists.extend(lists.iter().map(|list| Arc::from(list.encoded())));
    let whole = |answer: &Element<'_>| if basic { ocsp_response(answer) } else { answer.encoded().into() };
    into.answers.extend(answers.iter().map(whole));
    Ok(())
}

type Elements<'a> = Vec<Element<'a>>;

fn revocation_lists_and_answers<'a>(values: &Element<'a>) -> Result<(Elements<'a>, Elements<'a>), CmsError> {
    let mut reader = values.reader()?;
    let mut members = |number| -> Result<Elements<'a>, CmsError> {
        let Some(list) = reader.optional(tag::context(number))? else { return Ok(Vec::new()) };
        list.only_child()?.children(MAX_REVOCATION, "revocation lists and answers")
    };
    Ok((members(0)?, members(1)?))
}

/// As it is there, and in the bytes in which a found signature has it.
type Member<'a> = (Element<'a>, Arc<[u8]>);

/// Certificates, lists and answers inside an unsigned attribute's value.
pub(crate) fn members_inside<'a>(
    oid: ObjectIdentifier,
    value: &Element<'a>,
) -> Result<Vec<Member<'a>>, CmsError> {
    let as_they_are = |one: Element<'a>| (one, Arc::from(one.encoded()));
    match oid {
        oid::CERTIFICATE_VALUES => {
            let certificates = value.children(MAX_CERTIFICATES, "certificates")?;
            Ok(certificates.into_iter().map(as_they_are).collect())
        }
        oid::REVOCATION_VALUES => {
            let (lists, answers) = revocation_lists_and_answers(value)?;
            let answers = answers.into_iter().map(|answer| (answer, ocsp_response(&answer)));
            Ok(lists.into_iter().map(as_they_are).chain(answers).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// `OCSPResponse` around a `BasicOCSPResponse` (RFC 6960 section 4.2.1).
fn ocsp_response(basic: &Element<'_>) -> Arc<[u8]> {
    const ENUMERATED: u8 = 0x0a;
    let bytes = writer::sequence([
        writer::object_identifier(ID_PKIX_OCSP_BASIC),
        writer::octet_string(basic.encoded()),
    ]);
    writer::sequence([writer::element(ENUMERATED, &[0]), writer::explicit(0, &bytes)]).into()
}

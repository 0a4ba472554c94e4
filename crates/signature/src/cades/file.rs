//! What all signatures of a file share: certificates and revocation data, each read once.

use std::{collections::HashMap, sync::Arc};

use bitaqa_trust::{Certificate, oid::ID_PKIX_OCSP_BASIC};
use der::Encode;

use crate::{
    cms::{
        Attributes, CmsError, Element, SignedData, SignerIdentifier,
        element::tag,
        signed_data::{MAX_CERTIFICATES, MAX_REVOCATION},
        signer_info::key_identifier,
        value, writer,
    },
    found::EmbeddedRevocation,
    oid,
};

/// Certificates of a message, found by what signers name them by.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    all: Vec<Certificate>,
    by_issuer_and_serial: HashMap<(Vec<u8>, Vec<u8>), Vec<usize>>,
    by_key_identifier: HashMap<Vec<u8>, Vec<usize>>,
}

impl Certificates {
    /// Those that can be read; the others, attribute certificates among them, are left out.
    pub(super) fn of(message: &SignedData<'_>) -> Self {
        let mut certificates = Self::default();
        for element in &message.certificates {
            if let Ok(certificate) = Certificate::from_der(element.encoded()) {
                certificates.add(certificate);
            }
        }
        certificates
    }

    fn add(&mut self, certificate: Certificate) {
        let position = self.all.len();
        if let Ok(issuer) = certificate.tbs().issuer().to_der() {
            let serial = certificate.tbs().serial_number().as_bytes().to_vec();
            self.by_issuer_and_serial.entry((issuer, serial)).or_default().push(position);
        }
        if let Some(identifier) = key_identifier(&certificate) {
            self.by_key_identifier.entry(identifier.into_bytes().into_vec()).or_default().push(position);
        }
        self.all.push(certificate);
    }

    pub(super) fn all(&self) -> &[Certificate] {
        &self.all
    }

    pub(super) fn named(&self, identifier: &SignerIdentifier<'_>) -> impl Iterator<Item = &Certificate> {
        let positions = match identifier {
            SignerIdentifier::IssuerAndSerialNumber { issuer, serial_number } => {
                self.by_issuer_and_serial.get(&(issuer.clone(), serial_number.to_vec()))
            }
            SignerIdentifier::SubjectKeyIdentifier(identifier) => {
                self.by_key_identifier.get(identifier.as_ref())
            }
        };
        positions.into_iter().flatten().filter_map(|position| self.all.get(*position))
    }
}

/// Certificates of `certificate-values` (EN 319 122-1 annex A).
pub(super) fn certificate_values(unsigned: &Attributes<'_>) -> Result<Vec<Certificate>, CmsError> {
    let Some(found) = unsigned.only_value(oid::CERTIFICATE_VALUES)? else { return Ok(Vec::new()) };
    let certificates = found.children(MAX_CERTIFICATES, "certificates")?;
    Ok(certificates.iter().filter_map(|element| Certificate::from_der(element.encoded()).ok()).collect())
}

/// Lists and answers of the message (RFC 5652 section 10.2.1, RFC 5940).
pub(super) fn revocation_of(message: &SignedData<'_>) -> Result<EmbeddedRevocation, CmsError> {
    let mut revocation = EmbeddedRevocation::default();
    for choice in &message.revocation {
        if choice.tag() == tag::SEQUENCE {
            revocation.lists.push(choice.encoded().into());
        } else if choice.tag() == tag::context(1) {
            let mut other = choice.reader()?;
            let format = value::object_identifier(&other.element()?)?;
            let information = other.element()?;
            if format == oid::OCSP_RESPONSE {
                revocation.answers.push(information.encoded().into());
            } else if format == ID_PKIX_OCSP_BASIC {
                revocation.answers.push(ocsp_response(&information));
            }
        }
    }
    Ok(revocation)
}

/// Lists and answers of `revocation-values` (EN 319 122-1 annex A), and of the attribute that PDF signatures had before
/// (ISO 32000, `adbe-revocationInfoArchival`).
pub(super) fn revocation_values(
    signed: &Attributes<'_>,
    unsigned: &Attributes<'_>,
    into: &mut EmbeddedRevocation,
) -> Result<(), CmsError> {
    let values = unsigned.only_value(oid::REVOCATION_VALUES)?.map(|values| (values, true));
    let archival = signed.only_value(oid::REVOCATION_INFO_ARCHIVAL)?.map(|values| (values, false));
    for (values, basic) in values.into_iter().chain(archival) {
        let mut reader = values.reader()?;
        if let Some(lists) = reader.optional(tag::context(0))? {
            let lists = lists.only_child()?.children(MAX_REVOCATION, "revocation lists")?;
            into.lists.extend(lists.iter().map(|list| Arc::from(list.encoded())));
        }
        if let Some(answers) = reader.optional(tag::context(1))? {
            let answers = answers.only_child()?.children(MAX_REVOCATION, "answers about revocation")?;
            into.answers.extend(
                answers.iter().map(
                    |answer| {
                        if basic { ocsp_response(answer) } else { Arc::from(answer.encoded()) }
                    },
                ),
            );
        }
    }
    Ok(())
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

//! Certificates, revocation data and tokens that a signature brings, each in base64 of DER.

use std::sync::Arc;

use bitaqa_trust::Certificate;
use sha2::{Digest, Sha256};

use super::{
    names::{DS, XADES},
    structure::base64_of,
};
use crate::{
    found::{EmbeddedRevocation, MAX_CERTIFICATES},
    xml::{Document, NodeId},
};

/// Most lists, and most answers, of one signature.
const MAX_REVOCATION: usize = 256;

/// What was found so far, in the order of the document.
#[derive(Debug, Default)]
pub(super) struct Embedded {
    pub(super) certificates: Vec<Certificate>,
    pub(super) revocation: EmbeddedRevocation,
    /// SHA-256 of everything that is here, tokens included.
    pub(super) material: Vec<[u8; 32]>,
    pub(super) remarks: Vec<String>,
}

impl Embedded {
    /// Adds the certificates of `KeyInfo`.
    pub(super) fn add_key_info(&mut self, document: &Document<'_>, key_info: NodeId) {
        let data: Vec<NodeId> = document.children_named(key_info, DS, "X509Data").collect();
        for certificate in
            data.into_iter().flat_map(|data| document.children_named(data, DS, "X509Certificate"))
        {
            self.add_certificate(document, certificate);
        }
    }

    /// Adds what a `CertificateValues` holds.
    pub(super) fn add_certificates(&mut self, document: &Document<'_>, values: NodeId) {
        for value in document.children_named(values, XADES, "EncapsulatedX509Certificate") {
            self.add_certificate(document, value);
        }
    }

    /// Adds what a `RevocationValues` holds.
    pub(super) fn add_revocation(&mut self, document: &Document<'_>, values: NodeId) {
        for (group, value) in [("CRLValues", "EncapsulatedCRLValue"), ("OCSPValues", "EncapsulatedOCSPValue")]
        {
            let groups: Vec<NodeId> = document.children_named(values, XADES, group).collect();
            for element in groups.into_iter().flat_map(|group| document.children_named(group, XADES, value)) {
                let Some(der) = base64_of(document, element) else {
                    self.remarks.push(format!("an {value} is not base64"));
                    continue;
                };
                let is_list = group == "CRLValues";
                let known = if is_list { &mut self.revocation.lists } else { &mut self.revocation.answers };
                if known.len() >= MAX_REVOCATION {
                    self.remarks.push(format!("there are more than {MAX_REVOCATION} {group}"));
                    return;
                }
                self.material.push(Sha256::digest(&der).into());
                known.push(Arc::from(der));
            }
        }
    }

    /// Adds what a `TimeStampValidationData` of XAdES 1.4.1 holds.
    pub(super) fn add_validation_data(&mut self, document: &Document<'_>, data: NodeId) {
        for child in document.children(data) {
            if document.is(child, XADES, "CertificateValues") {
                self.add_certificates(document, child);
            } else if document.is(child, XADES, "RevocationValues") {
                self.add_revocation(document, child);
            }
        }
    }

    fn add_certificate(&mut self, document: &Document<'_>, element: NodeId) {
        let certificate = base64_of(document, element).and_then(|der| Certificate::from_der(&der).ok());
        let Some(certificate) = certificate else {
            self.remarks.push("a certificate of the file cannot be read".to_owned());
            return;
        };
        self.material.push(certificate.sha256());
        if self.certificates.contains(&certificate) {
            return;
        }
        if self.certificates.len() >= MAX_CERTIFICATES {
            self.remarks.push(format!("there are more than {MAX_CERTIFICATES} certificates"));
            return;
        }
        self.certificates.push(certificate);
    }
}

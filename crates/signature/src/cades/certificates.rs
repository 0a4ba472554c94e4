//! The certificates that all signatures of a file share.

use std::collections::HashMap;

use bitaqa_trust::Certificate;
use der::Encode;

use crate::cms::{SignedData, SignerIdentifier, signer_info::key_identifier};

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

//! Anchors and the intermediates that lead to them.

use std::sync::Arc;

use x509_cert::ext::pkix::{AuthorityKeyIdentifier, SubjectKeyIdentifier};

use crate::{certificate::Certificate, certificate_signature::CertificateSignatureError};

/// What the caller trusts, and what helps to get there. Whoever is in it was put there by the caller; nothing here is ever
/// fetched.
#[derive(Debug, Clone, Default)]
pub struct TrustStore {
    anchors: Vec<Arc<Certificate>>,
    intermediates: Vec<Arc<Certificate>>,
}

impl TrustStore {
    /// An empty one, which trusts nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an anchor, whatever it says about itself.
    pub fn add_anchor(&mut self, certificate: Certificate) {
        add(&mut self.anchors, certificate);
    }

    /// Adds a certificate that may stand between a leaf and an anchor; it is not trusted by itself.
    pub fn add_intermediate(&mut self, certificate: Certificate) {
        add(&mut self.intermediates, certificate);
    }

    /// Adds a certificate by what it is: a self-signed one as anchor, another as intermediate.
    pub fn add(&mut self, certificate: Certificate) {
        if is_root(&certificate) {
            self.add_anchor(certificate);
        } else {
            self.add_intermediate(certificate);
        }
    }

    /// The anchors.
    #[must_use]
    pub fn anchors(&self) -> &[Arc<Certificate>] {
        &self.anchors
    }

    /// The intermediates.
    #[must_use]
    pub fn intermediates(&self) -> &[Arc<Certificate>] {
        &self.intermediates
    }
}

fn add(list: &mut Vec<Arc<Certificate>>, certificate: Certificate) {
    if !list.iter().any(|known| **known == certificate) {
        list.push(Arc::new(certificate));
    }
}

/// Self-signed, as far as it can be told: old roots are signed with hashes that we do not verify, and nobody relies on that
/// signature.
fn is_root(certificate: &Certificate) -> bool {
    if !certificate.is_self_issued() {
        return false;
    }
    let Ok(key) = certificate.public_key() else { return names_its_own_key(certificate) };
    match certificate.verify_signature(&key) {
        Ok(()) => true,
        Err(CertificateSignatureError::Algorithm) => names_its_own_key(certificate),
        Err(_) => false,
    }
}

fn names_its_own_key(certificate: &Certificate) -> bool {
    let Ok(authority) = certificate.extension::<AuthorityKeyIdentifier>() else { return false };
    let Ok(subject) = certificate.extension::<SubjectKeyIdentifier>() else { return false };
    match authority.and_then(|authority| authority.key_identifier) {
        Some(authority) => subject.is_some_and(|subject| subject.0 == authority),
        None => true,
    }
}

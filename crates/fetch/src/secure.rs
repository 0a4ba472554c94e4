//! Whom a secure connection believes.
//!
//! What is fetched is signed, and is verified by whoever asked: TLS keeps others from seeing what is asked, and from answering in
//! the server's place; documents of portals ([`document`](crate::document())) are signed by nobody, and rest on it. So the system's own authorities are believed, to which administrators add theirs.

use std::sync::Arc;

use bitaqa_trust::Certificate;
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};

/// Whose word counts for a server's name.
#[derive(Debug, Clone, Default)]
pub enum TlsAuthorities {
    /// The authorities of the system.
    #[default]
    System,
    /// These, and no others.
    Only(Vec<Certificate>),
}

impl TlsAuthorities {
    /// The settings of a connection. Authorities that cannot be read are left out; without any, no server can prove its name.
    pub(crate) fn configuration(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        let mut roots = RootCertStore::empty();
        let certificates = match self {
            Self::System => rustls_native_certs::load_native_certs().certs,
            Self::Only(certificates) => certificates
                .iter()
                .map(|certificate| CertificateDer::from(certificate.der().to_vec()))
                .collect(),
        };
        roots.add_parsable_certificates(certificates);
        let configuration = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::new(configuration))
    }
}

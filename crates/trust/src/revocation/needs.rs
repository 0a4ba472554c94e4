//! What must be fetched to learn whether a certificate was revoked: where its own extensions point to.

use super::{
    ocsp_request::{self, CertificateId, Nonce},
    ocsp_verification::ASKED_WITH,
};
use crate::{addresses, certificate::Certificate};

/// Something to fetch. The addresses stand in certificates, so they are as trustworthy as these: whoever fetches them must
/// not be led into its own network by them, and must bound what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needed {
    /// A question to a responder (RFC 6960 appendix A): POST `request` as `application/ocsp-request`; the answer is
    /// `application/ocsp-response` of at most [`MAX_LENGTH`](super::ocsp_response::MAX_LENGTH) bytes.
    Ocsp {
        /// Where, `http://` or `https://`.
        url: String,
        /// DER of the `OCSPRequest`.
        request: Vec<u8>,
        /// The nonce in it.
        nonce: Option<Nonce>,
        /// Place of the certificate in its path; the leaf is 0.
        position: usize,
    },
    /// A revocation list: GET; `application/pkix-crl` of at most [`MAX_LENGTH`](super::crl::MAX_LENGTH) bytes (RFC 2585).
    Crl {
        /// Where, `http://` or `https://`.
        url: String,
        /// Place of the certificate in its path; the leaf is 0.
        position: usize,
    },
}

impl Needed {
    /// Where.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Ocsp { url, .. } | Self::Crl { url, .. } => url,
        }
    }

    /// Place of the certificate in its path; the leaf is 0.
    #[must_use]
    pub fn position(&self) -> usize {
        match self {
            Self::Ocsp { position, .. } | Self::Crl { position, .. } => *position,
        }
    }
}

/// What one certificate points to. Responders first: their answers are smaller.
pub(super) fn of(
    certificate: &Certificate,
    issuer: &Certificate,
    position: usize,
    nonce: Option<Nonce>,
) -> Vec<Needed> {
    let request = CertificateId::new(ASKED_WITH, certificate, issuer)
        .and_then(|id| ocsp_request::request(&id, nonce.as_ref()).ok());
    let mut needs = Vec::new();
    if let Some(request) = request {
        needs.extend(addresses::responders(certificate).into_iter().map(|url| Needed::Ocsp {
            url,
            request: request.clone(),
            nonce,
            position,
        }));
    }
    needs.extend(addresses::lists(certificate).into_iter().map(|url| Needed::Crl { url, position }));
    needs
}

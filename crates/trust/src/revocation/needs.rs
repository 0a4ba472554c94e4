//! What must be fetched to learn whether a certificate was revoked: where its own extensions point to.

use super::{
    ocsp_request::{self, CertificateId, Nonce},
    ocsp_verification::ASKED_WITH,
};
<<<<<<< HEAD
use crate::{ObjectIdentifier, certificate::Certificate, oid};

/// Most addresses of a certificate, of each kind.
const MAX_ADDRESSES: usize = 4;

/// Longest address, in bytes.
const MAX_URL_LENGTH: usize = 1024;
=======
use crate::{addresses, certificate::Certificate};
>>>>>>> h/fetch

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
<<<<<<< HEAD

fn responders(certificate: &Certificate) -> Vec<String> {
    access_locations(certificate, oid::ID_AD_OCSP)
}

fn access_locations(certificate: &Certificate, method: ObjectIdentifier) -> Vec<String> {
    let Ok(Some(access)) = certificate.extension::<AuthorityInfoAccessSyntax>() else { return Vec::new() };
    let names = access
        .0
        .iter()
        .filter(|description| description.access_method == method)
        .map(|description| &description.access_location);
    addresses(names)
}

/// Where a certificate says that its issuer's can be fetched (`caIssuers`, RFC 5280 section 4.2.2.1): GET; a certificate in
/// DER, or a message with certificates only.
#[must_use]
pub fn issuer_addresses(certificate: &Certificate) -> Vec<String> {
    access_locations(certificate, oid::ID_AD_CA_ISSUERS)
}

fn lists(certificate: &Certificate) -> Vec<String> {
    let Ok(Some(points)) = certificate.extension::<CrlDistributionPoints>() else { return Vec::new() };
    let names = points.0.iter().filter_map(|point| match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    addresses(names.flatten())
}

fn addresses<'a>(names: impl Iterator<Item = &'a GeneralName>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let GeneralName::UniformResourceIdentifier(url) = name else { continue };
        let url = url.as_str();
        let is_http = ["http://", "https://"]
            .iter()
            .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        let is_plain = url.len() <= MAX_URL_LENGTH && url.bytes().all(|byte| byte.is_ascii_graphic());
        if is_http && is_plain && found.len() < MAX_ADDRESSES && !found.iter().any(|known| known == url) {
            found.push(url.to_owned());
        }
    }
    found
}
=======
>>>>>>> h/fetch

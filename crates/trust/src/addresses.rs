//! Where certificates and revocation lists say that more is to be found.
//!
//! The addresses are as trustworthy as what they stand in: whoever fetches from them must not be led into its own network by
//! them, and must bound what it takes.

use der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, CrlDistributionPoints,
    name::{DistributionPointName, GeneralName},
};

use crate::{certificate::Certificate, oid, revocation::crl::CertificateList};

/// Most addresses of a certificate or list, of each kind.
pub const MAX_ADDRESSES: usize = 4;

/// Longest address, in bytes.
pub const MAX_URL_LENGTH: usize = 1024;

/// Responders that know whether a certificate was revoked: `id-ad-ocsp` of its authority information access (RFC 5280 section
/// 4.2.2.1). Only `http://` and `https://`, each once.
#[must_use]
pub fn responders(certificate: &Certificate) -> Vec<String> {
    access_locations(certificate, oid::ID_AD_OCSP)
}

/// Certificates of a certificate's issuer: `id-ad-caIssuers` of its authority information access (RFC 5280 section 4.2.2.1).
/// Only `http://` and `https://`, each once.
#[must_use]
pub fn issuers(certificate: &Certificate) -> Vec<String> {
    access_locations(certificate, oid::ID_AD_CA_ISSUERS)
}

/// Revocation lists that cover a certificate: its distribution points (RFC 5280 section 4.2.1.13). Only `http://` and
/// `https://`, each once.
#[must_use]
pub fn lists(certificate: &Certificate) -> Vec<String> {
    let Ok(Some(points)) = certificate.extension::<CrlDistributionPoints>() else { return Vec::new() };
    addresses(points.0.iter().filter_map(|point| point.distribution_point.as_ref()).flat_map(full_names))
}

/// Where a revocation list says that it is published: its issuing distribution point (RFC 5280 section 5.2.5). Only `http://`
/// and `https://`, each once.
#[must_use]
pub fn of_list(list: &CertificateList<'_>) -> Vec<String> {
    let point = list.scope().and_then(|scope| scope.distribution_point.as_ref());
    addresses(point.into_iter().flat_map(full_names))
}

fn access_locations(certificate: &Certificate, method: ObjectIdentifier) -> Vec<String> {
    let Ok(Some(access)) = certificate.extension::<AuthorityInfoAccessSyntax>() else { return Vec::new() };
    let described = access.0.iter().filter(|description| description.access_method == method);
    addresses(described.map(|description| &description.access_location))
}

fn full_names(name: &DistributionPointName) -> &[GeneralName] {
    match name {
        DistributionPointName::FullName(names) => names,
        DistributionPointName::NameRelativeToCRLIssuer(_) => &[],
    }
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

//! Certificates and paths, as a report shows them.

use bitaqa_trust::{Certificate, DistinguishedName, revocation::report::name_of_reason};
use x509_cert::name::Name;

use super::{
    certificate_validation::Chain,
    report::{CertificateReport, RevocationFinding, SignerReport, hexadecimal},
    revocation_status::Status,
};

pub(super) fn certificates(chain: &Chain) -> Vec<CertificateReport> {
    chain
        .certificates
        .iter()
        .map(|(certificate, status)| CertificateReport {
            subject: name(certificate.tbs().subject()),
            issuer: name(certificate.tbs().issuer()),
            sha256: hexadecimal(&certificate.sha256()),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            revocation: finding(status),
            der: certificate.der().to_vec(),
        })
        .collect()
}

fn finding(status: &Status) -> RevocationFinding {
    match status {
        Status::Anchor => RevocationFinding::Anchor,
        Status::Good { known, by } => RevocationFinding::Good { known: *known, by: by.clone() },
        Status::Revoked { since, reason } => {
            RevocationFinding::Revoked { since: *since, reason: reason.map(name_of_reason) }
        }
        Status::Unknown => RevocationFinding::Unknown,
        Status::NotDetermined { because, .. } => {
            RevocationFinding::NotDetermined { because: because.clone() }
        }
    }
}

pub(super) fn signer(certificate: &Certificate) -> SignerReport {
    let name = DistinguishedName::from_name(certificate.tbs().subject()).ok();
    let name = name.as_ref();
    SignerReport {
        name: name.and_then(DistinguishedName::display_name),
        serial_number: name.and_then(DistinguishedName::serial_number).map(str::to_owned),
        country: name.and_then(DistinguishedName::country).map(str::to_owned),
        organisation: name.and_then(DistinguishedName::organisation),
        certificate_sha256: hexadecimal(&certificate.sha256()),
    }
}

pub(super) fn display_name(certificate: &Certificate) -> Option<String> {
    DistinguishedName::from_name(certificate.tbs().subject()).ok()?.display_name()
}

fn name(name: &Name) -> String {
    DistinguishedName::from_name(name).map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

//! Which certificate is wanted to sign with, by what it says of itself (EN 319 412-5). Nothing of it is verified: whether a
//! signature is qualified only a trusted list tells.

use std::str::FromStr;

use bitaqa_trust::{Certificate, ObjectIdentifier, oid as trust_oid};
use x509_cert::ext::pkix::CertificatePolicies;

use crate::{trusted_list::qualification::Purpose, validation::statements};

/// What is asked of a certificate; what is left out is not asked. Of several laws or policies one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedCertificate {
    /// That it says it is qualified, with its key on a device for that.
    pub qualified: bool,
    /// What it says it is for (`QcType`).
    pub purpose: Option<Purpose>,
    /// Under whose law it says that it is qualified.
    pub legislations: Vec<Legislation>,
    /// A policy under which it was issued (RFC 5280 section 4.2.1.4).
    pub policies: Vec<ObjectIdentifier>,
}

impl WantedCertificate {
    /// Whether the certificate says of itself what is asked. One whose statements or policies cannot be read says nothing.
    #[must_use]
    pub fn is(&self, certificate: &Certificate) -> bool {
        let Ok(stated) = statements(certificate) else { return false };
        let Ok(policies) = certificate.extension::<CertificatePolicies>() else { return false };
        let stated = stated.unwrap_or_default();
        let is_qualified = stated.contains(trust_oid::ETSI_QC_COMPLIANCE);
        let is_on_device = stated.contains(trust_oid::ETSI_QC_SSCD);
        let of_law = |Legislation(law): &Legislation| {
            if stated.legislations().is_empty() {
                // one that names no law is under that of the Union (EN 319 412-5 section 4.2.4)
                is_qualified && law == "EU"
            } else {
                stated.legislations().contains(law)
            }
        };
        let of_policy = |wanted: &ObjectIdentifier| {
            policies.iter().flat_map(|known| &known.0).any(|policy| policy.policy_identifier == *wanted)
        };
        (!self.qualified || is_qualified && is_on_device)
            && self.purpose.is_none_or(|purpose| stated.contains(purpose.qc_type()))
            && (self.legislations.is_empty() || self.legislations.iter().any(of_law))
            && (self.policies.is_empty() || self.policies.iter().any(of_policy))
    }
}

/// A law: the country's two capital letters (ISO 3166-1), or `EU`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Legislation(String);

impl FromStr for Legislation {
    type Err = NoLegislation;

    fn from_str(text: &str) -> Result<Self, NoLegislation> {
        let is_country = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_country { Ok(Self(text.to_owned())) } else { Err(NoLegislation) }
    }
}

/// It is not written as a law is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a law is named by two capital letters: those of a country (ISO 3166-1), or EU")]
pub struct NoLegislation;

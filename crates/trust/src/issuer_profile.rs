//! Issuer profiles: what must be true of a certificate of an issuer, and what it then proves.
//!
//! They are read from a file ([`crate::issuer_profile_file`]). Several issuers may share an anchor: the first in the file whose
//! demands a certificate meets is the one that counts. A certificate that meets the demands of none of its anchor's profiles is
//! refused; what a profile does not demand, it does not look at, and without a level it proves none.

use der::asn1::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::KeyUsages;

use crate::{
    authentication_certificate::AuthenticationCertificate,
    certificate::Certificate,
    certification_path::{self, CertificationPath},
    oid,
    trust_store::TrustStore,
};

/// What a certificate proves about the identity of its holder (Regulation (EU) 910/2014 article 8), as the issuer's profile
/// says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nobody vouches for a level.
    #[default]
    None,
    /// Low.
    Low,
    /// Substantial.
    Substantial,
    /// High.
    High,
}

/// Whether real people hold the issuer's cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// Test cards: every surface that shows the result says TEST.
    Test,
    /// Cards of real people.
    Production,
}

/// A key usage by name (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequiredKeyUsage {
    /// digitalSignature.
    DigitalSignature,
    /// nonRepudiation, also called contentCommitment.
    NonRepudiation,
    /// keyEncipherment.
    KeyEncipherment,
    /// keyAgreement.
    KeyAgreement,
}

impl RequiredKeyUsage {
    fn bit(self) -> KeyUsages {
        match self {
            Self::DigitalSignature => KeyUsages::DigitalSignature,
            Self::NonRepudiation => KeyUsages::NonRepudiation,
            Self::KeyEncipherment => KeyUsages::KeyEncipherment,
            Self::KeyAgreement => KeyUsages::KeyAgreement,
        }
    }
}

/// The profiles of a file, with their certificates.
#[derive(Debug, Clone, Default)]
pub struct IssuerProfiles {
    pub(crate) profiles: Vec<IssuerProfile>,
    pub(crate) store: TrustStore,
}

/// One issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerProfile {
    pub(crate) name: String,
    pub(crate) assurance: Assurance,
    pub(crate) level: Level,
    pub(crate) anchors: Vec<Certificate>,
    pub(crate) required_policies: Vec<ObjectIdentifier>,
    pub(crate) forbidden_policies: Vec<ObjectIdentifier>,
    pub(crate) required_qc_statements: Vec<ObjectIdentifier>,
    pub(crate) required_key_usages: Vec<RequiredKeyUsage>,
}

impl IssuerProfiles {
    /// The issuers, in the order of the file.
    #[must_use]
    pub fn profiles(&self) -> &[IssuerProfile] {
        &self.profiles
    }

    /// Anchors and intermediates of all issuers.
    #[must_use]
    pub fn store(&self) -> &TrustStore {
        &self.store
    }

    /// The profile that a certificate with this path meets.
    ///
    /// # Errors
    /// [`ProfileMismatch`]: the anchor has no profile, or what the first of its profiles demands in vain.
    pub fn judge(
        &self,
        certificate: &AuthenticationCertificate,
        path: &CertificationPath,
    ) -> Result<&IssuerProfile, ProfileMismatch> {
        let mut mismatch = ProfileMismatch::NoProfile;
        for profile in self.profiles.iter().filter(|profile| profile.anchors.contains(path.anchor())) {
            match profile.check(certificate, path) {
                Ok(()) => return Ok(profile),
                Err(found) if mismatch == ProfileMismatch::NoProfile => mismatch = found,
                Err(_) => {}
            }
        }
        Err(mismatch)
    }
}

impl IssuerProfile {
    /// Name of the issuer, for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Test or production.
    #[must_use]
    pub fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// Level that a certificate of this issuer proves.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    fn check(
        &self,
        certificate: &AuthenticationCertificate,
        path: &CertificationPath,
    ) -> Result<(), ProfileMismatch> {
        for usage in &self.required_key_usages {
            if !certificate.key_usage().is_some_and(|bits| bits.0.contains(usage.bit())) {
                return Err(ProfileMismatch::KeyUsage);
            }
        }
        if let Some(policy) =
            self.forbidden_policies.iter().find(|policy| certificate.policies().contains(policy))
        {
            return Err(ProfileMismatch::PolicyForbidden { policy: *policy });
        }
        if !self.required_policies.is_empty() && !self.a_required_policy_holds(certificate, path) {
            return Err(ProfileMismatch::PolicyMissing);
        }
        let statements = certificate.qc_statements();
        if let Some(statement) =
            self.required_qc_statements.iter().find(|statement| !statements.contains(**statement))
        {
            return Err(ProfileMismatch::QcStatementMissing { statement: *statement });
        }
        Ok(())
    }

    fn a_required_policy_holds(
        &self,
        certificate: &AuthenticationCertificate,
        path: &CertificationPath,
    ) -> bool {
        if path.is_pinned_leaf() {
            // nobody is above it: its own word was pinned with it
            let named = |policy: &ObjectIdentifier| {
                *policy != oid::ANY_POLICY && self.required_policies.contains(policy)
            };
            return certificate.policies().iter().any(named);
        }
        certification_path::any_policy_holds(path, &self.required_policies)
    }
}

/// What a certificate lacks for a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileMismatch {
    /// The anchor stands in no profile.
    #[error("no issuer profile names the anchor")]
    NoProfile,
    /// A key usage is missing.
    #[error("the certificate lacks a key usage that the issuer profile requires")]
    KeyUsage,
    /// None of the required policies holds along the path.
    #[error("none of the policies that the issuer profile requires holds for the certificate")]
    PolicyMissing,
    /// A forbidden policy stands in the certificate.
    #[error("the issuer profile forbids certificates of policy {policy}")]
    PolicyForbidden {
        /// The policy.
        policy: ObjectIdentifier,
    },
    /// A required statement is missing.
    #[error("the certificate lacks the qualified statement {statement} that the issuer profile requires")]
    QcStatementMissing {
        /// The statement or type.
        statement: ObjectIdentifier,
    },
}

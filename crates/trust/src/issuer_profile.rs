//! Issuer profiles: what must be true of a certificate of an issuer, and what it then proves.
//!
//! A portal names its issuers in a file (TOML); signed trust packs carry the same profiles. Example:
//!
//! ```toml
//! schema = 1
//!
//! [[issuer]]
//! name = "Example State, national card"
//! anchors = ["root.pem"]                         # files beside this one; PEM bundles or DER
//! intermediates = ["issuing.pem"]
//! required_policies = ["1.3.6.1.4.1.32473.1.2"]              # at least one must hold along the path (RFC 5280 section 6.1)
//! forbidden_policies = ["1.3.6.1.4.1.32473.1.9"]             # none may stand in the certificate
//! required_qc_statements = ["0.4.0.1862.1.1"]    # all, as statement or QcType (ETSI EN 319 412-5)
//! required_key_usages = ["digital-signature"]    # all (RFC 5280 section 4.2.1.3)
//! level = "high"                                 # low, substantial or high; without it the level is none
//!
//! [[issuer]]
//! name = "Test cards"
//! test = true                                    # every result says TEST
//! anchors = ["test-root.pem"]
//! ```
//!
//! Several issuers may share an anchor: the first in the file whose demands a certificate meets is the one that counts. A
//! certificate that meets the demands of none of its anchor's profiles is refused; what a profile does not demand, it does
//! not look at, and without `level` it proves no level.

use std::io;

use der::asn1::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::KeyUsages;

use crate::{
    authentication_certificate::AuthenticationCertificate,
    certificate::Certificate,
    certification_path::{self, CertificationPath},
    oid,
    pem_bundle::{self, BundleError},
    trust_store::TrustStore,
};

/// Longest profile file, in bytes.
pub const MAX_LENGTH: usize = 256 * 1024;

/// Most issuers of a file.
pub const MAX_ISSUERS: usize = 256;

/// Most certificate files of one issuer.
pub const MAX_FILES: usize = 64;

/// The schema that this version reads.
pub const SCHEMA: u32 = 1;

/// What a certificate proves about the identity of its holder (Regulation (EU) 910/2014 article 8), as the issuer's profile
/// says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    #[serde(default, rename = "issuer")]
    issuers: Vec<Issuer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issuer {
    name: String,
    #[serde(default)]
    test: bool,
    anchors: Vec<String>,
    #[serde(default)]
    intermediates: Vec<String>,
    #[serde(default)]
    required_policies: Vec<String>,
    #[serde(default)]
    forbidden_policies: Vec<String>,
    #[serde(default)]
    required_qc_statements: Vec<String>,
    #[serde(default)]
    required_key_usages: Vec<RequiredKeyUsage>,
    #[serde(default)]
    level: Level,
}

/// The profiles of a file, with their certificates.
#[derive(Debug, Clone, Default)]
pub struct IssuerProfiles {
    profiles: Vec<IssuerProfile>,
    store: TrustStore,
}

/// One issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerProfile {
    name: String,
    assurance: Assurance,
    level: Level,
    anchors: Vec<Certificate>,
    required_policies: Vec<ObjectIdentifier>,
    forbidden_policies: Vec<ObjectIdentifier>,
    required_qc_statements: Vec<ObjectIdentifier>,
    required_key_usages: Vec<RequiredKeyUsage>,
}

impl IssuerProfiles {
    /// Parses a profile file. `read` gives the content of a certificate file by the name that stands in the profile.
    ///
    /// # Errors
    /// [`IssuerProfileError`] says what is wrong, and in which file.
    pub fn parse(
        text: &str,
        mut read: impl FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, IssuerProfileError> {
        if text.len() > MAX_LENGTH {
            return Err(IssuerProfileError::TooLong);
        }
        let file: File = toml::from_str(text)?;
        if file.schema != SCHEMA {
            return Err(IssuerProfileError::Schema { schema: file.schema });
        }
        if file.issuers.is_empty() || file.issuers.len() > MAX_ISSUERS {
            return Err(IssuerProfileError::NumberOfIssuers);
        }
        let mut profiles = Self::default();
        for issuer in file.issuers {
            profiles.add(issuer, &mut read)?;
        }
        profiles.check_assurance()?;
        Ok(profiles)
    }

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

    fn add(
        &mut self,
        issuer: Issuer,
        read: &mut impl FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<(), IssuerProfileError> {
        let name = issuer.name;
        if name.trim().is_empty() || name.chars().count() > 200 {
            return Err(IssuerProfileError::Name);
        }
        if issuer.anchors.is_empty() || issuer.anchors.len() + issuer.intermediates.len() > MAX_FILES {
            return Err(IssuerProfileError::NumberOfFiles { issuer: name });
        }
        let mut anchors = Vec::new();
        for file in &issuer.anchors {
            anchors.extend(load(file, read)?);
        }
        for anchor in &anchors {
            self.store.add_anchor(anchor.clone());
        }
        for file in &issuer.intermediates {
            for intermediate in load(file, read)? {
                self.store.add_intermediate(intermediate);
            }
        }
        self.profiles.push(IssuerProfile {
            assurance: if issuer.test { Assurance::Test } else { Assurance::Production },
            level: issuer.level,
            anchors,
            required_policies: identifiers(&name, issuer.required_policies)?,
            forbidden_policies: identifiers(&name, issuer.forbidden_policies)?,
            required_qc_statements: identifiers(&name, issuer.required_qc_statements)?,
            required_key_usages: issuer.required_key_usages,
            name,
        });
        Ok(())
    }

    /// One anchor cannot be for tests and for real people.
    fn check_assurance(&self) -> Result<(), IssuerProfileError> {
        for (index, one) in self.profiles.iter().enumerate() {
            for other in self.profiles.iter().skip(index + 1) {
                if one.assurance != other.assurance
                    && one.anchors.iter().any(|anchor| other.anchors.contains(anchor))
                {
                    return Err(IssuerProfileError::TestAndProduction {
                        one: one.name.clone(),
                        other: other.name.clone(),
                    });
                }
            }
        }
        Ok(())
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

fn load(
    file: &str,
    read: &mut impl FnMut(&str) -> io::Result<Vec<u8>>,
) -> Result<Vec<Certificate>, IssuerProfileError> {
    let bytes = read(file).map_err(|error| IssuerProfileError::Read { file: file.to_owned(), error })?;
    Ok(pem_bundle::certificates(file, &bytes)?)
}

fn identifiers(issuer: &str, texts: Vec<String>) -> Result<Vec<ObjectIdentifier>, IssuerProfileError> {
    texts
        .into_iter()
        .map(|text| {
            ObjectIdentifier::new(&text)
                .map_err(|_| IssuerProfileError::Identifier { issuer: issuer.to_owned(), text })
        })
        .collect()
}

/// Why a profile file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IssuerProfileError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the profile file has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not TOML, or a field is missing, unknown or of the wrong type.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// Another schema.
    #[error("the profile file says schema = {schema}; this version reads schema = {SCHEMA}")]
    Schema {
        /// The number given.
        schema: u32,
    },
    /// No issuer, or more than [`MAX_ISSUERS`].
    #[error("a profile file has at least one [[issuer]] and at most {MAX_ISSUERS}")]
    NumberOfIssuers,
    /// An empty or very long name.
    #[error("an issuer's name has 1 to 200 characters")]
    Name,
    /// No anchor, or more than [`MAX_FILES`] files.
    #[error("issuer \"{issuer}\": at least one anchor is needed and at most {MAX_FILES} files are read")]
    NumberOfFiles {
        /// Name of the issuer.
        issuer: String,
    },
    /// Not an object identifier.
    #[error("issuer \"{issuer}\": \"{text}\" is not an object identifier (like \"1.3.6.1.4.1.32473.1.2\")")]
    Identifier {
        /// Name of the issuer.
        issuer: String,
        /// What stands there.
        text: String,
    },
    /// An anchor in a test profile and in one that is not.
    #[error("issuers \"{one}\" and \"{other}\" share an anchor, but only one of them says test = true")]
    TestAndProduction {
        /// Name of the one.
        one: String,
        /// Name of the other.
        other: String,
    },
    /// A certificate file cannot be read.
    #[error("{file}: {error}")]
    Read {
        /// Name of the file as it stands in the profile.
        file: String,
        /// What the caller's reader said.
        error: io::Error,
    },
    /// A certificate file has something else in it.
    #[error("{0}")]
    Bundle(#[from] BundleError),
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

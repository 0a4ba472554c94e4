//! The file in which a portal names its issuers (TOML); signed trust packs carry the same profiles.
//!
//! ```toml
//! schema = 1
//!
//! [[issuer]]
//! name = "Example State, national card"
//! anchors = ["root.pem"]                           # files beside this one; PEM bundles or DER
//! intermediates = ["issuing.pem"]
//! required_policies = ["1.3.6.1.4.1.32473.1.2"]    # at least one must hold along the path (RFC 5280 section 6.1)
//! forbidden_policies = ["1.3.6.1.4.1.32473.1.9"]   # none may stand in the certificate
//! required_qc_statements = ["0.4.0.1862.1.1"]      # all, as statement or QcType (ETSI EN 319 412-5)
//! required_key_usages = ["digital-signature"]      # all (RFC 5280 section 4.2.1.3)
//! level = "high"                                   # low, substantial or high; without it the level is none
//!
//! [[issuer]]
//! name = "Test cards"
//! test = true                                      # every result says TEST
//! anchors = ["test-root.pem"]
//! ```

use std::io;

use der::asn1::ObjectIdentifier;
use serde::Deserialize;

use crate::{
    certificate::Certificate,
    issuer_profile::{Assurance, IssuerProfile, IssuerProfiles, Level, RequiredKeyUsage},
    pem_bundle::{self, BundleError},
};

/// Longest profile file, in bytes.
pub const MAX_LENGTH: usize = 256 * 1024;

/// Most issuers of a file.
pub const MAX_ISSUERS: usize = 256;

/// Most certificate files of one issuer.
pub const MAX_FILES: usize = 64;

/// The schema that this version reads.
pub const SCHEMA: u32 = 1;

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

    /// Marks every profile as one for tests.
    pub(crate) fn mark_test(&mut self) {
        for profile in &mut self.profiles {
            profile.assurance = Assurance::Test;
        }
    }

    /// Adds the profiles of another file after those that are here.
    ///
    /// # Errors
    /// [`IssuerProfileError::TestAndProduction`]: one has an anchor for tests that the other has for real people.
    pub fn append(&mut self, other: &Self) -> Result<(), IssuerProfileError> {
        self.profiles.extend(other.profiles.iter().cloned());
        for anchor in other.store.anchors() {
            self.store.add_anchor(Certificate::clone(anchor));
        }
        for intermediate in other.store.intermediates() {
            self.store.add_intermediate(Certificate::clone(intermediate));
        }
        self.check_assurance()
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

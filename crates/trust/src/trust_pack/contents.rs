//! The payload of a trust pack, as it stands in JSON. Unknown members are refused: a pack that a newer program made may limit
//! what an older one would then grant; such a pack has another `schema`.

use std::{collections::BTreeMap, fmt, io};

use bitaqa_jose::PublicJwk;
use bitaqa_protocol::{decode_base64, statement::IssuerId};
use serde::{Deserialize, Serialize};

use super::origin_pattern::OriginPattern;
use crate::{IssuerProfiles, issuer_profile_file::IssuerProfileError};

/// The schema that this version reads and writes.
pub const SCHEMA: u32 = 1;
/// Longest life of a pack, in seconds: three years.
pub const MAX_LIFETIME: u64 = 3 * 366 * 24 * 3600;
/// Highest version, which every JSON reader can represent (RFC 8259 section 6).
pub const MAX_VERSION: u64 = (1 << 53) - 1;
/// Most keys that may sign the successor.
pub const MAX_SIGNERS: usize = 8;
/// Most issuers of statements.
pub const MAX_ISSUERS: usize = 256;
/// Most keys of an issuer.
pub const MAX_KEYS: usize = 16;
/// Most origin patterns of an issuer.
pub const MAX_ORIGINS: usize = 4096;
/// Most certificates of one kind.
pub const MAX_CERTIFICATES: usize = 1024;
/// Most status sources.
pub const MAX_SOURCES: usize = 64;

/// Everything that stands in a pack. Times are seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackContents {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Its name, also of its file.
    pub name: PackName,
    /// Rises with each successor; 1 to [`MAX_VERSION`].
    pub version: u64,
    /// When it was made.
    pub issued: u64,
    /// From when on it counts no more; at most [`MAX_LIFETIME`] after `issued`.
    pub expires: u64,
    /// Whether everything in it is for tests.
    #[serde(default, skip_serializing_if = "is_false")]
    pub test: bool,
    /// The keys that may sign its successor: 1 to [`MAX_SIGNERS`].
    pub signers: Vec<PublicJwk>,
    /// Who issues statements about portals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statement_issuers: Vec<StatementIssuer>,
    /// Country signing certificates: DER in base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub csca_certificates: Vec<String>,
    /// Issuer profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_profiles: Option<ProfileFiles>,
    /// Who can be asked whether a card still counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status_sources: Vec<StatusSource>,
    /// Who is believed about signed documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<DocumentAuthorities>,
}

/// Who is believed about signed documents. Certificates are DER in base64.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentAuthorities {
    /// About signers: self-signed certificates are anchors, others help to get there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<String>,
    /// The same about time stamps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_stamp_authorities: Vec<String>,
    /// Who may sign trusted lists (TS 119 612) that no other list points to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list_signers: Vec<String>,
}

/// Who issues statements about portals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementIssuer {
    /// How it calls itself in `iss`.
    pub iss: IssuerId,
    /// Its keys, each with a `kid` of its own: 1 to [`MAX_KEYS`].
    pub keys: Vec<IssuerKey>,
    /// For which origins it may speak: 1 to [`MAX_ORIGINS`].
    pub origins: Vec<OriginPattern>,
}

/// A key of an issuer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerKey {
    /// The key; its `kid` is what statements name.
    pub jwk: PublicJwk,
    /// First second of its validity.
    pub not_before: u64,
    /// Last second of its validity.
    pub not_after: u64,
    /// From when on it is not believed any more, whatever its validity. It stays in the pack, so that it is known as revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
}

/// A file of issuer profiles (TOML, see [`crate::issuer_profile_file`]) with the files it names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileFiles {
    /// The text of the profile file.
    pub profiles: String,
    /// Certificate files by the name that stands in it: PEM or DER, in base64.
    pub files: BTreeMap<String, String>,
}

/// Who can be asked whether a card still counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusSource {
    /// Where: an https URL without query and fragment.
    pub url: IssuerId,
    /// Cards of which issuing states: codes of three letters (ICAO Doc 9303-3, section 5); at least one.
    pub states: Vec<String>,
}

impl PackContents {
    /// Checks the rules that JSON types do not express.
    ///
    /// # Errors
    /// [`ContentsError`].
    pub fn check(&self) -> Result<(), ContentsError> {
        if self.schema != SCHEMA {
            return Err(ContentsError::Schema { schema: self.schema });
        }
        if !(1..=MAX_VERSION).contains(&self.version) {
            return Err(ContentsError::Version);
        }
        if self.expires <= self.issued || self.expires - self.issued > MAX_LIFETIME {
            return Err(ContentsError::Times);
        }
        bounded("signers", self.signers.len(), 1, MAX_SIGNERS)?;
        bounded("statement_issuers", self.statement_issuers.len(), 0, MAX_ISSUERS)?;
        bounded("csca_certificates", self.csca_certificates.len(), 0, MAX_CERTIFICATES)?;
        bounded("status_sources", self.status_sources.len(), 0, MAX_SOURCES)?;
        if let Some(documents) = &self.documents {
            for (member, certificates) in documents.members() {
                bounded(member, certificates.len(), 0, MAX_CERTIFICATES)?;
            }
        }
        for (index, issuer) in self.statement_issuers.iter().enumerate() {
            if self.statement_issuers.iter().skip(index + 1).any(|other| other.iss == issuer.iss) {
                return Err(ContentsError::IssuerTwice { issuer: issuer.iss.clone() });
            }
            issuer.check()?;
        }
        for source in &self.status_sources {
            bounded("states", source.states.len(), 1, 256)?;
            let code = |text: &String| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
            if !source.states.iter().all(code) {
                return Err(ContentsError::State);
            }
        }
        Ok(())
    }
}

impl StatementIssuer {
    fn check(&self) -> Result<(), ContentsError> {
        bounded("keys", self.keys.len(), 1, MAX_KEYS)?;
        bounded("origins", self.origins.len(), 1, MAX_ORIGINS)?;
        for (index, key) in self.keys.iter().enumerate() {
            let name = key.jwk.key_id().ok_or(ContentsError::NoKeyId)?;
            if self.keys.iter().skip(index + 1).any(|other| other.jwk.key_id() == Some(name)) {
                return Err(ContentsError::KeyTwice);
            }
            if key.not_after <= key.not_before {
                return Err(ContentsError::Times);
            }
        }
        Ok(())
    }
}

impl DocumentAuthorities {
    /// Its members and their names.
    pub(super) fn members(&self) -> [(&'static str, &[String]); 3] {
        [
            ("documents.signers", &self.signers),
            ("documents.time_stamp_authorities", &self.time_stamp_authorities),
            ("documents.list_signers", &self.list_signers),
        ]
    }
}

impl ProfileFiles {
    pub(super) fn profiles(&self) -> Result<IssuerProfiles, IssuerProfileError> {
        IssuerProfiles::parse(&self.profiles, |name| {
            let text = self.files.get(name).ok_or(io::ErrorKind::NotFound)?;
            decode_base64(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
        })
    }
}

fn bounded(member: &'static str, count: usize, least: usize, most: usize) -> Result<(), ContentsError> {
    if (least..=most).contains(&count) { Ok(()) } else { Err(ContentsError::Count { member, least, most }) }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Why contents are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentsError {
    /// Another schema.
    #[error("the pack says schema {schema}; this version reads schema {SCHEMA}")]
    Schema {
        /// The number given.
        schema: u32,
    },
    /// Zero, or higher than any.
    #[error("a version is a number from 1 to {MAX_VERSION}")]
    Version,
    /// An end that is not after its beginning, or too far away.
    #[error("a time of the pack is not after the one before it, or more than three years away")]
    Times,
    /// Too few or too many of something.
    #[error("{member}: between {least} and {most} are allowed")]
    Count {
        /// The member of the JSON object.
        member: &'static str,
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// An issuer is there twice.
    #[error("the issuer {issuer} is there twice")]
    IssuerTwice {
        /// Which one.
        issuer: IssuerId,
    },
    /// A key without `kid`.
    #[error("a key of an issuer has no kid")]
    NoKeyId,
    /// Two keys of an issuer have the same `kid`.
    #[error("two keys of an issuer have the same kid")]
    KeyTwice,
    /// Not the code of a state.
    #[error("a state is a code of three capital letters")]
    State,
}

/// Name of a pack: 1 to 64 small letters, digits and hyphens; the first is a letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackName(String);

impl PackName {
    /// Checks the text.
    ///
    /// # Errors
    /// [`PackNameError`].
    pub fn parse(text: &str) -> Result<Self, PackNameError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let good = (1..=64).contains(&text.len())
            && text.bytes().all(plain)
            && text.starts_with(|first: char| first.is_ascii_lowercase());
        if good { Ok(Self(text.to_owned())) } else { Err(PackNameError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PackName {
    type Error = PackNameError;

    fn try_from(text: String) -> Result<Self, PackNameError> {
        Self::parse(&text)
    }
}

impl From<PackName> for String {
    fn from(name: PackName) -> Self {
        name.0
    }
}

/// The text is not a pack's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pack's name has 1 to 64 small letters, digits and hyphens, and begins with a letter")]
pub struct PackNameError;

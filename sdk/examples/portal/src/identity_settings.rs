//! What the portal needs to ask who somebody is: a file, read when it starts.
//!
//! The file names others that stand beside it: the private key to which answers are encrypted, the authorities that sign identity
//! documents, and the portal's statement. What is asked for is no setting: it is in [`IdentitySettings::request`].

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_jose::{PrivateJwk, jwk::JwkError};
use bitaqa_protocol::{
    Challenge, PurposeId,
    claim::{Claim, ClaimSet, RequestedClaims},
    identity::{Holder, IdentityRequest, ProofWanted, StatementText},
    statement,
};
use bitaqa_trust::{
    Assurance, DateTime,
    country_files::{CountryFileError, CountryFiles},
    csca_store::CscaStore,
    identity::IdentityVerifier,
};
use serde::Deserialize;
use tokio::io::AsyncReadExt as _;

/// One of the purposes of the portal's statement.
const PURPOSE: &str = "open-account";

/// What the portal cannot do without. The data group that has it tells more: the host's window says so, and the statement has to allow
/// it.
const REQUIRED: [&str; 3] = ["given_name", "family_name", "age_over_18"];

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    key: PathBuf,
    statement: PathBuf,
    countries: Vec<PathBuf>,
    #[serde(default)]
    test: bool,
}

/// What it says.
pub struct IdentitySettings {
    keys: [PrivateJwk; 1],
    countries: CscaStore,
    assurance: Assurance,
    statement: PathBuf,
    purpose: PurposeId,
    claims: RequestedClaims,
}

impl IdentitySettings {
    /// Reads it, and the files that it names, at a time at which their signatures have to hold.
    ///
    /// # Errors
    /// [`IdentitySettingsError`] names the file.
    pub fn read(path: &Path, at: DateTime) -> Result<Self, IdentitySettingsError> {
        let bytes = |path: &Path| {
            fs::read(path).map_err(|error| IdentitySettingsError::Read { path: path.to_owned(), error })
        };
        let wrong = |message: String| IdentitySettingsError::Settings { path: path.to_owned(), message };
        let text = String::from_utf8(bytes(path)?).map_err(|error| wrong(error.to_string()))?;
        let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if file.schema != 1 {
            return Err(wrong("schema is 1".to_owned()));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let key = folder.join(&file.key);
        let key = PrivateJwk::parse(&bytes(&key)?)
            .map_err(|error| IdentitySettingsError::Key { path: key.clone(), error })?;
        let mut countries = CountryFiles::new();
        for name in &file.countries {
            countries.add(&name.display().to_string(), &bytes(&folder.join(name))?)?;
        }
        let required = REQUIRED.iter().filter_map(|name| Claim::parse(name).ok());
        let claims = ClaimSet::new(required)
            .ok()
            .and_then(|required| RequestedClaims::new(required, ClaimSet::default()).ok())
            .ok_or_else(|| wrong("these claims cannot be asked for".to_owned()))?;
        Ok(Self {
            keys: [key],
            countries: countries.build(at)?.store,
            assurance: if file.test { Assurance::Test } else { Assurance::Production },
            statement: folder.join(&file.statement),
            purpose: PurposeId::parse(PURPOSE).map_err(|error| wrong(error.to_string()))?,
            claims,
        })
    }

    /// Whether documents for tests are taken.
    #[must_use]
    pub fn takes_test_documents(&self) -> bool {
        self.assurance == Assurance::Test
    }

    /// What is asked for, for the page: all of the request that is the same each time.
    #[must_use]
    pub fn asked(&self) -> String {
        let asked = serde_json::json!({ "purpose": self.purpose, "claims": self.claims });
        // no text can end the element it stands in
        asked.to_string().replace('<', "\\u003c")
    }

    /// A request with this challenge and this statement. `ChipAuthentication` takes every proof that a chip can give.
    #[must_use]
    pub fn request(&self, challenge: Challenge, statement: StatementText) -> IdentityRequest {
        IdentityRequest {
            challenge,
            statement,
            purpose: self.purpose.clone(),
            claims: self.claims.clone(),
            holder: Holder::None,
            proof: ProofWanted::ChipAuthentication,
        }
    }

    /// The portal's statement, as it is now. It lives for 15 minutes at most, so it is read for each request: something beside the
    /// portal fetches it from the platform every few minutes. A portal with a client for HTTP asks for one here.
    pub async fn statement(&self) -> Option<StatementText> {
        let file = tokio::fs::File::open(&self.statement).await.ok()?;
        let mut text = String::new();
        let longest = u64::try_from(statement::MAX_LENGTH).ok()?.saturating_add(2);
        file.take(longest).read_to_string(&mut text).await.ok()?;
        StatementText::parse(text.trim_end()).ok()
    }

    /// Who judges answers. The status of documents is not asked for here: a portal that has a source adds `and_status`.
    #[must_use]
    pub fn verifier(&self) -> IdentityVerifier<'_> {
        IdentityVerifier::new(&self.keys, &self.countries, self.assurance)
    }
}

/// Why the portal cannot ask who somebody is.
#[derive(Debug, thiserror::Error)]
pub enum IdentitySettingsError {
    /// A file cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file does not say what it must.
    #[error("{}: {message}", .path.display())]
    Settings {
        /// Which.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The key is none that answers can be encrypted to.
    #[error("{}: {error}", .path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: JwkError,
    },
    /// A file of the countries cannot be used.
    #[error(transparent)]
    Countries(#[from] CountryFileError),
}

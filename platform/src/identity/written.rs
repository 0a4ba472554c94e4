//! `[identity]` of the configuration.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_protocol::{
    ClaimSet,
    statement::{LocalizedText, MAX_NAME, MAX_PURPOSE},
};
use bitaqa_trust::{
    DateTime,
    country_files::{CountryFileError, CountryFiles},
};
use serde::Deserialize;

use super::Identity;

/// Most files of countries.
const MAX_FILES: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenIdentity {
    legal_name: LocalizedText<MAX_NAME>,
    claims: ClaimSet,
    sign_in: LocalizedText<MAX_PURPOSE>,
    countries: Vec<PathBuf>,
}

impl WrittenIdentity {
    /// Reads the files that it names, at a time at which their signatures have to hold.
    pub(crate) fn beside(self, folder: &Path, at: DateTime) -> Result<Identity, IdentityFileError> {
        if !(1..=MAX_FILES).contains(&self.countries.len()) {
            return Err(IdentityFileError::Countries);
        }
        let mut countries = CountryFiles::new();
        for name in &self.countries {
            let path = folder.join(name);
            let bytes =
                fs::read(&path).map_err(|error| IdentityFileError::Read { path: path.clone(), error })?;
            countries.add(&name.display().to_string(), &bytes)?;
        }
        Ok(Identity {
            legal_name: self.legal_name,
            claims: self.claims,
            sign_in: self.sign_in,
            countries: countries.build(at)?.store,
        })
    }
}

/// Why the platform cannot ask chips.
#[derive(Debug, thiserror::Error)]
pub enum IdentityFileError {
    /// No files, or too many.
    #[error("[identity] countries: 1 to {MAX_FILES} files with authorities that sign documents")]
    Countries,
    /// One cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// One says nothing that can be used.
    #[error(transparent)]
    File(#[from] CountryFileError),
}

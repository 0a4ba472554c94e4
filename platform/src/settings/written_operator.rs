//! `[[operator]]` of the configuration.

use std::path::{Path, PathBuf};

use bitaqa_jose::PublicJwk;
use bitaqa_trust::DateTime;
use serde::Deserialize;

use super::{SettingsError, read};
use crate::{
    administration::{Operator, Role},
    clock::Seconds,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOperator {
    name: String,
    role: Role,
    key: PathBuf,
    until: Option<String>,
}

impl WrittenOperator {
    /// Reads the key that it names.
    pub(super) fn read(self, folder: &Path) -> Result<Operator, SettingsError> {
        let path = folder.join(&self.key);
        let key = PublicJwk::parse(read(&path)?.as_bytes());
        let key = key.map_err(|error| SettingsError::OperatorKey { path, error })?;
        let until = match &self.until {
            None => None,
            Some(text) => {
                let time = seconds(text);
                Some(time.ok_or_else(|| SettingsError::OperatorUntil { name: self.name.clone() })?)
            }
        };
        Ok(Operator { name: self.name, role: self.role, key, until })
    }
}

fn seconds(text: &str) -> Option<Seconds> {
    let time: DateTime = text.parse().ok()?;
    Seconds::try_from(time.unix_duration().as_secs()).ok()
}

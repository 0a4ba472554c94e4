//! Adaptation rules: what the circumstances of a sign-in add to what it needs, as data.
//!
//! ```toml
//! schema = 1                                   # in a file of its own; not in a registration
//!
//! [[rule]]
//! id = "new-device"
//! dry_run = false                              # true: it is logged what it would have asked, and nothing is asked
//!
//! [rule.when]                                  # all of these at once
//! device = "new"                               # or "known": whether the account signed in here before
//! network = { outside = ["10.0.0.0/8"] }       # or inside, or both: in one of those, and in none of these
//! time = { from = "22:00", to = "06:00", offset = "+01:00", days = ["fri", "sat"] }
//! sensitive = true                             # whether a service is asked for that is registered so
//! services = ["tax-return"]                    # whether one of these is asked for; in a registration only
//!
//! [rule.then]                                  # one of these at least
//! minimum_level = "high"
//! max_age = 300                                # seconds since it was shown
//! factors = ["card-and-pin"]
//! refuse = false
//! ```
//!
//! Rules only ever raise what is asked. A condition that cannot be evaluated counts as if it held.

mod check;
mod circumstances;
mod network;
mod time_window;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};

use crate::{clock::Seconds, factor::Authentication, requirement::Requirement};

pub use check::{RuleFault, check};
pub use circumstances::{Adaptation, Circumstances, adapt};
pub use network::{Network, NetworkFault};
pub use time_window::{Day, TimeWindow};

/// The version of the file that this program reads.
const SCHEMA: u32 = 1;
/// Longest file, in bytes.
const MAX_LENGTH: u64 = 256 * 1024;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, for the log and for whoever tries it.
    pub id: String,
    /// When it applies.
    #[serde(default)]
    pub when: When,
    /// What it asks then.
    pub then: Then,
    /// Whether it only says what it would have asked.
    #[serde(default)]
    pub dry_run: bool,
}

/// Whether an account signed in on a device before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// It did not.
    New,
    /// It did.
    Known,
}

/// Conditions, all of which have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// Of the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Networks>,
    /// Of the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeWindow>,
    /// Whether a service is asked for that is sensitive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
    /// Which services are asked for, by their ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<String>>,
}

/// In one of the ranges inside, if there are any, and in none of those outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Networks {
    /// In one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<Network>,
    /// In none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Network>,
}

/// What a rule asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// A level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_level: Option<Level>,
    /// Something shown no longer ago than this, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// One of these factors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factors: Option<Vec<Authentication>>,
    /// Nothing would do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuse: bool,
}

impl Then {
    /// The same as a requirement.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        Requirement {
            level: self.minimum_level.unwrap_or_default(),
            factors: self.factors.clone(),
            max_age: self.max_age.map(Seconds::from),
            refused: self.refuse,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    #[serde(default)]
    rule: Vec<Rule>,
}

/// Reads a file of rules, and checks them.
///
/// # Errors
/// [`RulesError`] says what is wrong.
pub fn read(path: &Path) -> Result<Vec<Rule>, RulesError> {
    let at = |error| RulesError::Read { path: path.to_owned(), error };
    if fs::metadata(path).map_err(at)?.len() > MAX_LENGTH {
        return Err(at(io::Error::other("it is too long")));
    }
    let text = fs::read_to_string(path).map_err(at)?;
    let file: File = toml::from_str(&text)
        .map_err(|error| RulesError::Toml { path: path.to_owned(), error: Box::new(error) })?;
    if file.schema != SCHEMA {
        return Err(RulesError::Schema { path: path.to_owned(), schema: file.schema });
    }
    check(&file.rule, None).map_err(|fault| RulesError::Rule { path: path.to_owned(), fault })?;
    Ok(file.rule)
}

/// Why a file of rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Not TOML, or a field is missing, unknown or wrong.
    #[error("{}: {error}", .path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where, and what.
        error: Box<toml::de::Error>,
    },
    /// Another schema.
    #[error("{}: it says schema = {schema}; this version reads schema = {SCHEMA}", .path.display())]
    Schema {
        /// Which.
        path: PathBuf,
        /// What it says.
        schema: u32,
    },
    /// A rule.
    #[error("{}: {fault}", .path.display())]
    Rule {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        fault: RuleFault,
    },
}

//! What those who run the platform see of it: [`metrics`] in numbers, [`health`], and lines of the log that say which request they
//! belong to ([`request`]). Nothing of it is about persons.

pub mod health;
pub mod measured_keys;
pub mod metrics;
pub mod request;
pub mod scrape;

use std::net::SocketAddr;

use serde::Deserialize;

/// What those who run the platform want to know.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Where the numbers are served; nowhere if there is none.
    pub listen: Option<SocketAddr>,
    /// How much the log says.
    #[serde(default)]
    pub log: LogLevel,
}

/// How much the log says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// What happened.
    #[default]
    Info,
    /// And how long requests, round trips to the database and operations of keys took.
    Debug,
}

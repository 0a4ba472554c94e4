//! What the tests of fetching share: a server that answers as a test says, resolvers, certificates made by `openssl`.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

pub mod authority;
pub mod server;
pub mod time_stamps;

use std::{collections::HashMap, io, net::IpAddr, sync::Arc, time::Duration};

use bitaqa_fetch::{Client, Configuration, Kind, PermittedUrl, Resolve, TimeLimits};

/// Names and their addresses; every other name is not found.
pub struct Names(HashMap<String, Vec<IpAddr>>);

impl Names {
    pub fn new(names: &[(&str, &[&str])]) -> Arc<Self> {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self(names.iter().map(|(name, texts)| ((*name).to_owned(), addresses(texts))).collect()))
    }
}

impl Resolve for Names {
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.0.get(name).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// A resolver that never answers.
pub struct Silent;

impl Resolve for Silent {
    fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        loop {
            std::thread::park();
        }
    }
}

/// A client without configuration that keeps nothing.
pub fn client() -> Client {
    configured("")
}

/// A client that the administrator told this, beside the schema; it keeps nothing, and has the patience of a busy computer.
pub fn configured(text: &str) -> Client {
    let whole = Duration::from_secs(300);
    Client::new(Configuration::from_toml(&format!("schema = 1\n{text}")).unwrap())
        .with_time_limits(TimeLimits { whole, connect: whole, step: whole })
}

/// Short waits, for tests in which the time runs out.
pub fn impatient() -> TimeLimits {
    let whole = Duration::from_millis(400);
    TimeLimits { whole, connect: whole, step: whole }
}

/// As a person types it.
pub fn typed(kind: Kind, url: &str) -> PermittedUrl {
    PermittedUrl::from_command_line(kind, url).unwrap()
}

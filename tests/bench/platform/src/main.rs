//! Sign-ins at the trust platform by people who are signed in already and agreed: authorize, token with PKCE, userinfo, ES256. The
//! platform on one processor, who asks on another; then the same against another provider, and against a database that is full. And what a
//! sign-in costs PostgreSQL.
//!
//! `bitaqa-platform-bench measure PEER [--json]`: `PEER` is the other provider's script. `serve` and `ask` are what it runs on each
//! processor.

#![allow(clippy::print_stdout, reason = "the figures are its output")]

mod ask;
mod connection;
mod costs;
mod fill;
mod measure;
mod relay;
mod serve;

use std::{env, process::ExitCode};

const USAGE: &str = "usage: bitaqa-platform-bench measure PEER [--json]";

/// Why something cannot be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Database(#[from] sqlx::Error),
    #[error("{0}")]
    Task(#[from] tokio::task::JoinError),
    #[error("{0}")]
    Store(#[from] bitaqa_platform::store::StoreError),
    #[error("{0}")]
    Keys(#[from] bitaqa_platform::key_store::KeyStoreError),
    #[error("{0}")]
    Registration(#[from] bitaqa_platform::registration::RegistrationError),
    #[error("{0}")]
    Operators(#[from] bitaqa_platform::administration::operator::OperatorsError),
    #[error("{0}")]
    Desk(#[from] bitaqa_platform::administration::DeskError),
    #[error("{0}")]
    Key(#[from] bitaqa_jose::JwkError),
    #[error("{0}")]
    Unable(#[from] bitaqa_platform::Unable),
    #[error("{0}")]
    Other(String),
}

impl BenchError {
    pub(crate) fn other(text: impl Into<String>) -> Self {
        Self::Other(text.into())
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["measure", peer] => measure::measure(peer, false),
        ["measure", peer, "--json"] => measure::measure(peer, true),
        ["serve", store] => serve::serve(store),
        ["ask", target] => ask::ask(target),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bitaqa-platform-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

//! `bitaqa-platform`: runs and administers the trust platform.
#![forbid(unsafe_code)]

mod commands;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use bitaqa_platform::settings::Settings;
use clap::{Args, Parser, Subcommand};

use crate::commands::{
    CommandError,
    client::{self, State},
    keys, rules, serve,
};

/// The trust platform: an OpenID Connect provider whose people sign in with their national identity cards.
///
/// First: `keys create`, `migrate`, `client add FILE`; then `serve`, which prints "listening on http://ADDRESS:PORT" when it can be
/// reached. Its log, one JSON object per line, goes to standard error and holds nothing about persons.
#[derive(Debug, Parser)]
#[command(name = "bitaqa-platform", version)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Configured {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the service
    Serve(Configured),
    /// Brings the database's tables to this version
    Migrate(Configured),
    /// Relying parties
    #[command(subcommand)]
    Client(ClientCommand),
    /// Keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Adaptation rules
    #[command(subcommand)]
    Rules(RulesCommand),
}

#[derive(Debug, Subcommand)]
enum ClientCommand {
    /// Adds the relying party that a file describes
    Add {
        #[command(flatten)]
        configured: Configured,
        /// Registration (TOML)
        file: PathBuf,
    },
    /// Gives one that is there the registration of a file; its sector stays
    Replace {
        #[command(flatten)]
        configured: Configured,
        /// Registration (TOML)
        file: PathBuf,
    },
    /// Lists them: id, state, sector, name
    List(Configured),
    /// Suspends one: from now on it can ask nothing, and its tokens are worth nothing
    Suspend {
        #[command(flatten)]
        configured: Configured,
        /// Its client_id
        id: String,
    },
    /// Takes a suspended one up again
    Resume {
        #[command(flatten)]
        configured: Configured,
        /// Its client_id
        id: String,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Draws all keys, and what unseals them where that file is not there yet
    Create(Configured),
    /// Lists the signing keys: phase, since when it is published, thumbprint
    List(Configured),
    /// Makes the next key the current one, once it was published for an hour
    Rotate(Configured),
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Checks a file of rules: that each can apply and changes something, and that no two ask what nobody can do
    Check {
        /// Rules (TOML)
        file: PathBuf,
    },
    /// Says which rules apply to a request and what is asked then; nobody is asked anything
    Try {
        #[command(flatten)]
        configured: Configured,
        #[command(flatten)]
        asked: rules::Try,
    },
}

fn main() -> ExitCode {
    match run(Options::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "bitaqa-platform: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let settings = |configured: &Configured| Settings::read(&configured.config);
    match command {
        Command::Serve(configured) => runtime.block_on(serve::serve(settings(&configured)?)),
        Command::Migrate(configured) => runtime.block_on(commands::migrate(&settings(&configured)?)),
        Command::Client(command) => match command {
            ClientCommand::Add { configured, file } => {
                runtime.block_on(client::add(&settings(&configured)?, &file))
            }
            ClientCommand::Replace { configured, file } => {
                runtime.block_on(client::replace(&settings(&configured)?, &file))
            }
            ClientCommand::List(configured) => runtime.block_on(client::list(&settings(&configured)?)),
            ClientCommand::Suspend { configured, id } => {
                runtime.block_on(client::suspend(&settings(&configured)?, &id, State::Suspended))
            }
            ClientCommand::Resume { configured, id } => {
                runtime.block_on(client::suspend(&settings(&configured)?, &id, State::Active))
            }
        },
        Command::Keys(command) => match command {
            KeysCommand::Create(configured) => keys::create(&settings(&configured)?),
            KeysCommand::List(configured) => keys::list(&settings(&configured)?),
            KeysCommand::Rotate(configured) => keys::rotate(&settings(&configured)?),
        },
        Command::Rules(command) => match command {
            RulesCommand::Check { file } => rules::check(&file),
            RulesCommand::Try { configured, asked } => {
                runtime.block_on(rules::try_out(&settings(&configured)?, &asked))
            }
        },
    }
}

//! `bitaqa-platform`: runs and administers the trust platform.
#![forbid(unsafe_code)]

mod commands;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use bitaqa_platform::settings::Settings;
use bitaqa_protocol::Origin;
use clap::{Args, Parser, Subcommand};

use crate::commands::{
    CommandError,
    audit::{self, Format},
    check,
    client::{self, Work},
    keys, operator, rules, sandbox, serve,
};

/// The trust platform: an OpenID Connect provider whose people sign in with their national identity cards.
///
/// First: `operator new` for each operator, and the configuration; then `keys create`, `migrate`, `client propose FILE`, `client show` and
/// `client approve`; then `serve`, which prints "listening on http://ADDRESS:PORT" when it can be reached. Its log, one JSON object per line, goes to standard error and holds nothing about persons.
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
    /// Says whether database, tables and keys are there and belong together
    Check(Configured),
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
    /// Who administers the platform
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// What operators did
    #[command(subcommand)]
    Audit(AuditCommand),
    /// What only the sandbox has
    #[command(subcommand)]
    Sandbox(SandboxCommand),
}

/// The operator who signs for it.
#[derive(Debug, Args)]
struct Signed {
    #[command(flatten)]
    configured: Configured,
    /// The operator's private key (JSON Web Key), which only its owner can read
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

#[derive(Debug, Subcommand)]
enum ClientCommand {
    /// Proposes what a file describes, new or changed, and prints the proposal's digest; an onboarder's work
    Propose {
        #[command(flatten)]
        signed: Signed,
        /// Registration (TOML)
        file: PathBuf,
    },
    /// Shows what counts of one, what waits, and the digest by which it is approved
    Show {
        #[command(flatten)]
        configured: Configured,
        /// Its client_id
        id: String,
    },
    /// Approves what waits, which counts from now on; an authoriser's work
    Approve {
        #[command(flatten)]
        signed: Signed,
        /// Its client_id
        id: String,
        /// Digest of the proposal, as "client show" prints it
        proposal: String,
    },
    /// Refuses what waits; an authoriser's work
    Refuse {
        #[command(flatten)]
        signed: Signed,
        /// Its client_id
        id: String,
        /// Digest of the proposal, as "client show" prints it
        proposal: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Lists them: id, state, sector, name; then what waits
    List(Configured),
    /// Suspends one: from now on it can ask nothing, and its tokens are worth nothing; any operator's work
    Suspend {
        #[command(flatten)]
        signed: Signed,
        /// Its client_id
        id: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Proposes to take a suspended one up again; an onboarder's work
    Resume {
        #[command(flatten)]
        signed: Signed,
        /// Its client_id
        id: String,
    },
}

#[derive(Debug, Subcommand)]
enum OperatorCommand {
    /// Draws an operator's key and prints the public part, for the configuration
    New {
        /// Where the private key is written; the file must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Prints what signs the key's holder in at the administration in the browser, good for two minutes and once
    SignIn {
        /// The platform's issuer
        #[arg(long, value_name = "ORIGIN", value_parser = Origin::parse)]
        issuer: Origin,
        /// The operator's private key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Signs what a page of the administration shows, and says to standard error what that is
    Sign {
        /// The operator's private key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// What the page shows
        draft: String,
    },
}

#[derive(Debug, Subcommand)]
enum SandboxCommand {
    /// Prints test persons with their cards, for bitaqa-testbed: one JSON object for each, with what signing in is worth
    Persons(Configured),
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Lists what operators did: when, who, what, about whom, why
    List {
        #[command(flatten)]
        configured: Configured,
        /// One JSON object in each line, as it was signed
        #[arg(long)]
        json: bool,
    },
    /// Verifies that all is there, as it was signed, and that what counts rests on it; exits with 2 where it does not
    Verify {
        #[command(flatten)]
        configured: Configured,
        /// What "audit list --json" printed earlier and was kept elsewhere: whether all of that is still there
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
        /// One JSON object in each line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Draws all keys, and what unseals them where that file is not there yet
    Create(Configured),
    /// Lists the keys that sign tokens and those to encrypt for: phase, since when it is there, thumbprint, use (sig or enc)
    List(Configured),
    /// Makes the next key the current one, once it was published for an hour
    Rotate(Configured),
    /// Lists the public keys of statements, for a trust pack: phase, JSON Web Key
    Statements(Configured),
    /// Makes the next key of statements the current one, once trust packs that name it are installed
    RotateStatements(Configured),
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
        Command::Check(configured) => runtime.block_on(check::check(&settings(&configured)?)),
        Command::Migrate(configured) => runtime.block_on(commands::migrate(&settings(&configured)?)),
        Command::Client(command) => {
            let work = |signed: &Signed, work: &Work<'_>| {
                let key = operator::key(&signed.key)?;
                runtime.block_on(client::work(&settings(&signed.configured)?, &key, work))
            };
            match command {
                ClientCommand::List(configured) => runtime.block_on(client::list(&settings(&configured)?)),
                ClientCommand::Show { configured, id } => {
                    runtime.block_on(client::show(&settings(&configured)?, &id))
                }
                ClientCommand::Propose { signed, file } => work(&signed, &Work::Propose(&file)),
                ClientCommand::Resume { signed, id } => work(&signed, &Work::TakeUp(&id)),
                ClientCommand::Approve { signed, id, proposal } => {
                    work(&signed, &Work::Approve(&id, &proposal))
                }
                ClientCommand::Refuse { signed, id, proposal, reason } => {
                    work(&signed, &Work::Refuse(&id, &proposal, &reason))
                }
                ClientCommand::Suspend { signed, id, reason } => work(&signed, &Work::Suspend(&id, &reason)),
            }
        }
        Command::Sandbox(SandboxCommand::Persons(configured)) => sandbox::persons(&settings(&configured)?),
        Command::Operator(command) => match command {
            OperatorCommand::New { out } => operator::new(&out),
            OperatorCommand::SignIn { issuer, key } => operator::sign_in(&issuer, &operator::key(&key)?),
            OperatorCommand::Sign { key, draft } => operator::sign(&draft, &operator::key(&key)?),
        },
        Command::Audit(command) => {
            let format = |json: bool| if json { Format::Json } else { Format::Text };
            match command {
                AuditCommand::List { configured, json } => {
                    runtime.block_on(audit::list(&settings(&configured)?, format(json)))
                }
                AuditCommand::Verify { configured, against, json } => {
                    let settings = settings(&configured)?;
                    runtime.block_on(audit::verify(&settings, against.as_deref(), format(json)))
                }
            }
        }
        Command::Keys(command) => match command {
            KeysCommand::Create(configured) => keys::create(&settings(&configured)?),
            KeysCommand::List(configured) => keys::list(&settings(&configured)?),
            KeysCommand::Rotate(configured) => keys::rotate(&settings(&configured)?),
            KeysCommand::Statements(configured) => keys::statements(&settings(&configured)?),
            KeysCommand::RotateStatements(configured) => keys::rotate_statements(&settings(&configured)?),
        },
        Command::Rules(command) => match command {
            RulesCommand::Check { file } => rules::check(&file),
            RulesCommand::Try { configured, asked } => {
                runtime.block_on(rules::try_out(&settings(&configured)?, &asked))
            }
        },
    }
}

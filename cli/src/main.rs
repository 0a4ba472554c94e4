//! `bitaqa`: the command line.
//!
//! One file per command; this one holds the frame around them. Exit codes are the same for all: 0 for yes, 1 for no, 2 if the
//! question could not be asked (wrong usage, unreadable file), 3 if nobody can tell (`verify`).
#![forbid(unsafe_code)]

mod bounded_file;
mod card;
mod chain_answer;
mod chain_verify;
mod csca_files;
mod documents;
mod identity_chip;
mod identity_request;
mod identity_verify;
mod key;
mod masterlist;
mod moment;
mod passive_auth;
mod printable;
mod revocation_arguments;
mod revocation_text;
mod shell_words;
mod statement;
mod terminal;
mod token_answer;
mod token_verify;
mod trust;
mod trust_files;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use printable::complain;

/// Work with national identity cards and with what they sign.
///
/// Exit codes: 0 yes (valid, done), 1 no (invalid, refused), 2 the question could not be asked (wrong usage, unreadable file), 3 nobody
/// can tell (verify alone).
#[derive(Debug, Parser)]
#[command(name = "bitaqa", version, arg_required_else_help = true, subcommand_required = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sign-in tokens: what a page receives when somebody signs in with a card.
    #[command(subcommand, arg_required_else_help = true)]
    Token(TokenCommand),
    /// Certificates and who vouches for them.
    #[command(subcommand, arg_required_else_help = true)]
    Chain(ChainCommand),
    /// Readers and cards on this computer.
    #[command(subcommand, arg_required_else_help = true)]
    Card(CardCommand),
    /// Whom this computer believes: the trust packs of the administrator.
    #[command(subcommand, arg_required_else_help = true)]
    Trust(TrustCommand),
    /// Statements: what a platform says about a web site that asks for identity data.
    #[command(subcommand, arg_required_else_help = true)]
    Statement(StatementCommand),
    /// Keys that sign trust packs and statements, and keys of portals.
    #[command(subcommand, arg_required_else_help = true)]
    Key(KeyCommand),
    /// Identity answers: what a portal's server receives when somebody shows who they are with a card.
    #[command(subcommand, arg_required_else_help = true)]
    Identity(IdentityCommand),
    /// Sign documents with the card
    Sign(documents::sign::Arguments),
    /// Raise the signatures of a file to a higher level
    Extend(documents::extend::Arguments),
    /// Validate the signatures of a file
    Verify(documents::verify::Arguments),
    /// Check whether data read from a passport or identity card is what its country signed.
    PassiveAuth(passive_auth::Arguments),
    /// Master lists: the signing authorities of many countries in one file.
    #[command(subcommand, arg_required_else_help = true)]
    Masterlist(MasterlistCommand),
}

#[derive(Debug, Subcommand)]
enum TrustCommand {
    /// Install a trust pack, or the next version of one (as root).
    Add(trust::add::Arguments),
    /// List the installed trust packs, and files that cannot be used.
    List(trust::list::Arguments),
    /// Remove an installed trust pack (as root).
    Remove(trust::remove::Arguments),
    /// Show what is in a trust pack, installed or not.
    Show(trust::show::Arguments),
    /// Make a trust pack from a description.
    Sign(trust::sign::Arguments),
}

#[derive(Debug, Subcommand)]
enum StatementCommand {
    /// Make a statement from a description.
    Issue(statement::issue::Arguments),
    /// Say whether a statement is to be believed on this computer, and what it says.
    Show(statement::show::Arguments),
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Make a key.
    New(key::NewArguments),
    /// Show the public part of a key, and its fingerprint.
    Show(key::ShowArguments),
}

#[derive(Debug, Subcommand)]
enum IdentityCommand {
    /// Decrypt an answer and verify it against origin, what was asked, and the countries that you trust.
    Verify(identity_verify::Arguments),
}

#[derive(Debug, Subcommand)]
enum MasterlistCommand {
    /// Write the certificates of a list to a folder, if somebody vouches for the list.
    Import(masterlist::import::Arguments),
    /// Say who signed a list, and which certificates are in it.
    Show(masterlist::show::Arguments),
}

#[derive(Debug, Subcommand)]
enum CardCommand {
    /// List readers and what is in them.
    List(card::list::Arguments),
    /// Say what a card is, which keys it has and how many PIN tries are left.
    Info(card::info::Arguments),
    /// Read the certificates of a card.
    Certificates(card::certificates::Arguments),
    /// Read the chip of an identity card or passport: who the card says it belongs to, portrait and files.
    Read(card::read::Arguments),
    /// Have the chip of an identity card or passport prove that it is no copy.
    Authenticate(card::authenticate::Arguments),
    /// List the kinds of cards that are known, and files of the administrator's that cannot be used.
    Profiles(card::profiles::Arguments),
    /// Describe a card that nobody knows, without personal data, so that it can become known.
    Report(card::report::Arguments),
    /// See, change, unblock and activate the PINs of a card.
    #[command(subcommand, arg_required_else_help = true)]
    Pin(PinCommand),
}

#[derive(Debug, Subcommand)]
enum PinCommand {
    /// Say how many tries each PIN has left. No try is spent.
    Status(card::pin::status::Arguments),
    /// Give a PIN another value.
    Change(card::pin::Arguments),
    /// Give a blocked PIN its tries back, with the PUK.
    Unblock(card::pin::Arguments),
    /// Give the PIN of a new card its first value, in place of the one that came with it.
    Activate(card::pin::Arguments),
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Verify a sign-in token: who signed in, on whose word, and how sure that is.
    ///
    /// A token alone proves nothing: it belongs to one web site and to one nonce (challenge) that this site gave out for one
    /// attempt to sign in. Both must come from the site's own records, never from whoever brings the token.
    Verify(token_verify::Arguments),
}

#[derive(Debug, Subcommand)]
enum ChainCommand {
    /// Verify a certificate: a path to one you trust, the rules along it, validity, policies, revocation.
    ///
    /// What the certificate is for is not asked: `token verify` does that for those who sign in.
    Verify(chain_verify::Arguments),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Yes,
    No,
    /// With what is known nobody can tell.
    Indeterminate,
    /// The question could not be asked; the reason is on standard error.
    NotAsked,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        Self::from(match verdict {
            Verdict::Yes => 0,
            Verdict::No => 1,
            Verdict::Indeterminate => 3,
            Verdict::NotAsked => 2,
        })
    }
}

fn main() -> ExitCode {
    // clap itself ends with 2 on wrong usage, and with 0 for help
    let line = CommandLine::parse();
    let verdict = match line.command {
        Command::Token(TokenCommand::Verify(arguments)) => token_verify::run(&arguments),
        Command::Chain(ChainCommand::Verify(arguments)) => chain_verify::run(&arguments),
        Command::Sign(arguments) => documents::sign::run(&arguments),
        Command::Extend(arguments) => documents::extend::run(&arguments),
        Command::Verify(arguments) => documents::verify::run(&arguments),
        Command::Card(command) => card_command(&command),
        Command::Trust(command) => trust_command(&command),
        Command::Statement(command) => statement_command(&command),
        Command::Key(command) => key_command(&command),
        Command::Identity(IdentityCommand::Verify(arguments)) => identity_verify::run(&arguments),
        Command::PassiveAuth(arguments) => passive_auth::run(&arguments),
        Command::Masterlist(command) => masterlist_command(&command),
    };
    // what was to be said is said; the last card may still be in its reset
    bitaqa_host::reader::wait_for_end();
    verdict.into()
}

fn masterlist_command(command: &MasterlistCommand) -> Verdict {
    let outcome = match command {
        MasterlistCommand::Import(arguments) => masterlist::import::import(arguments),
        MasterlistCommand::Show(arguments) => masterlist::show::show(arguments),
    };
    outcome.unwrap_or_else(|failure| {
        complain(&failure);
        Verdict::NotAsked
    })
}

fn card_command(command: &CardCommand) -> Verdict {
    let outcome = match command {
        CardCommand::List(arguments) => card::list::list(arguments),
        CardCommand::Info(arguments) => card::info::info(arguments),
        CardCommand::Certificates(arguments) => card::certificates::certificates(arguments),
        CardCommand::Read(arguments) => card::read::read(arguments),
        CardCommand::Authenticate(arguments) => card::authenticate::authenticate(arguments),
        CardCommand::Profiles(arguments) => card::profiles::list(arguments),
        CardCommand::Report(arguments) => card::report::report(arguments),
        CardCommand::Pin(PinCommand::Status(arguments)) => card::pin::status::status(arguments),
        CardCommand::Pin(PinCommand::Change(arguments)) => card::pin::change(arguments),
        CardCommand::Pin(PinCommand::Unblock(arguments)) => card::pin::unblock(arguments),
        CardCommand::Pin(PinCommand::Activate(arguments)) => card::pin::activate(arguments),
    };
    outcome.unwrap_or_else(|fault| {
        complain(&fault);
        fault.verdict()
    })
}

fn trust_command(command: &TrustCommand) -> Verdict {
    let outcome = match command {
        TrustCommand::Add(arguments) => trust::add::add(arguments),
        TrustCommand::List(arguments) => trust::list::list(arguments),
        TrustCommand::Remove(arguments) => trust::remove::remove(arguments),
        TrustCommand::Show(arguments) => trust::show::show(arguments),
        TrustCommand::Sign(arguments) => trust::sign::sign(arguments),
    };
    outcome.unwrap_or_else(|fault| {
        complain(&fault);
        fault.verdict()
    })
}

fn statement_command(command: &StatementCommand) -> Verdict {
    let outcome = match command {
        StatementCommand::Issue(arguments) => statement::issue::issue(arguments),
        StatementCommand::Show(arguments) => statement::show::show(arguments),
    };
    outcome.unwrap_or_else(|fault| {
        complain(&fault);
        Verdict::NotAsked
    })
}

fn key_command(command: &KeyCommand) -> Verdict {
    let outcome = match command {
        KeyCommand::New(arguments) => key::new(arguments),
        KeyCommand::Show(arguments) => key::show(arguments),
    };
    outcome.unwrap_or_else(|fault| {
        complain(&fault);
        Verdict::NotAsked
    })
}

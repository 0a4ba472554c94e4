//! `bitaqa token verify`.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use bitaqa_protocol::{Challenge, Origin, auth_token, origin::OriginError};
use bitaqa_trust::{DateTime, TokenVerifier, revocation::EvidenceRules};
use clap::Args;

use crate::{
    Verdict,
    moment::{self, MomentError},
    printable::complain,
    revocation_arguments::{EvidenceArguments, EvidenceFileError, Strictness},
    token_answer::Answer,
    trust_files::{self, TrustFileError},
};

const EXAMPLE: &str = "\
Example:
  bitaqa token verify --origin https://portal.example.ma --nonce \"$NONCE\" --trust roots/ token.json

The steps, in order; a token is valid if none fails:
  format      the token's fields, and its certificate as such
  algorithm   the algorithm fits the certificate's key
  signature   the key signed this origin and this nonce
  purpose     the certificate is one for signing in
  path        a path of certificates leads to one that you trust
  validity    every certificate was valid at the time
  issuer      the issuer's profile is met; it says the level (needs --issuers)
  revocation  nobody's certificate was revoked (needs --revocation)

With --json one object is printed:
  valid               true or false
  code, message       what failed (a stable word, and a sentence); null if valid
  origin, at          what was asked
  checks              [{step, outcome}], outcome: passed, failed, not-checked or not-reached
  subject             {name, givenName, surname, commonName, personalNumber, country, organisation, email}
  certificate         {sha256, number, issuer, notBefore, notAfter, policies}
  issuer              {name, level, assurance}; null without --issuers
  level               none, low, substantial or high
  assurance           test or production; null without --issuers
  holderVerification  how the card was unlocked: pin
  revocation          what is known of each certificate, the holder's first: {status, evidence, notUsed}, status: good,
                      revoked, unknown or not-determined; null without --revocation
subject, certificate and holderVerification are null unless the token is valid.

Exit codes: 0 valid, 1 invalid, 2 wrong usage or an unreadable file.";

/// Which token, for whom, and on whose word.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(crate) struct Arguments {
    /// The web site that the token is for, as browsers write it, such as `https://portal.example.ma`
    #[arg(long, value_name = "ORIGIN", value_parser = parse_origin)]
    origin: Origin,

    /// The nonce that the site gave out, base64 text of at least 32 random bytes
    #[arg(long, value_name = "BASE64", value_parser = |text: &str| Challenge::parse(text))]
    nonce: Challenge,

    /// Certificates you trust: a folder, or a PEM or DER file. Self-signed ones are roots, others help to get there. May be
    /// given several times; needed unless there is --anchor or --issuers
    #[arg(long, value_name = "PATH", required_unless_present_any = ["issuers", "anchor"])]
    trust: Vec<PathBuf>,

    /// Trust only the certificates of this file, self-signed or not; --trust then only helps to get there
    #[arg(long, value_name = "FILE", conflicts_with = "issuers")]
    anchor: Option<PathBuf>,

    /// Issuer profiles (TOML): what their certificates must fulfil and which level they prove
    #[arg(long, value_name = "FILE")]
    issuers: Option<PathBuf>,

    /// Verify as if it were this time (RFC 3339, like 2026-03-01T09:30:00Z); now if absent
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<DateTime>,

    /// Look for revocation in the files of --crl and --ocsp. Where they say nothing of a certificate, `hard` refuses the token,
    /// and `soft` accepts it and says so
    #[arg(long, value_name = "HOW", value_enum)]
    revocation: Option<Strictness>,

    #[command(flatten)]
    evidence: EvidenceArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// The token as the page received it (JSON); - for standard input
    #[arg(value_name = "FILE")]
    token: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Verdict {
    let asked = || -> Result<Verdict, Unusable> {
        let token = read_token(&arguments.token)?;
        let at = arguments.at.map_or_else(moment::now, Ok)?;
        let verifier = verifier(arguments)?;
        let result = match arguments.revocation {
            None if !arguments.evidence.is_empty() => return Err(Unusable::Strictness),
            None => verifier.verify(&token, &arguments.nonce, at),
            Some(strictness) => verifier.verify_with_revocation(
                &token,
                &arguments.nonce,
                at,
                &arguments.evidence.read()?,
                &EvidenceRules::default(),
                strictness.into(),
            ),
        };
        let answer = Answer::new(&arguments.origin, at, &result);
        let mut out = io::stdout().lock();
        if arguments.json {
            serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            answer.print(&mut out)?;
        }
        Ok(if result.is_ok() { Verdict::Yes } else { Verdict::No })
    };
    asked().unwrap_or_else(|error| {
        complain(&error);
        Verdict::NotAsked
    })
}

fn verifier(arguments: &Arguments) -> Result<TokenVerifier, Unusable> {
    let store = trust_files::trust_store(&arguments.trust, arguments.anchor.as_deref())?;
    let origin = arguments.origin.clone();
    Ok(match &arguments.issuers {
        Some(path) => {
            TokenVerifier::with_profiles(origin, trust_files::issuer_profiles(path)?).and_certificates(&store)
        }
        None => TokenVerifier::with_anchors(origin, store),
    })
}

/// A little more than a token may have, so that one that is too long is called so.
fn read_token(path: &Path) -> Result<String, Unusable> {
    let unreadable = |error| Unusable::Token { path: path.to_owned(), error };
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(fs::File::open(path).map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    reader.take(auth_token::MAX_LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    // what is not text is no token either: refused as such, and never mended into one
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

pub(crate) fn parse_origin(text: &str) -> Result<Origin, Unusable> {
    Origin::parse(text).map_err(|error| {
        match text.split_once("://").and_then(|(_, rest)| rest.split_once('/')) {
            Some(_) => Unusable::OriginWithPath,
            None => Unusable::Origin(error),
        }
    })
}

/// Why the question could not be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("{}: {error}", .path.display())]
    Token { path: PathBuf, error: io::Error },
    #[error("{0}")]
    Trust(#[from] TrustFileError),
    #[error("{0}")]
    Origin(#[from] OriginError),
    #[error("an origin ends after the host, or the port if there is one: no slash, no path")]
    OriginWithPath,
    #[error("{0}")]
    Moment(#[from] MomentError),
    #[error("{0}")]
    Evidence(#[from] EvidenceFileError),
    #[error(
        "say with --revocation soft or hard what is to be done where --crl and --ocsp say nothing of a certificate"
    )]
    Strictness,
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

//! `bitaqa token verify`.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use bitaqa_protocol::{Challenge, Origin, auth_token, origin::OriginError};
use bitaqa_trust::{
    Assurance, DateTime, Level, RefusedToken, TokenVerifier, TrustStore, VerifiedToken,
    token_verification::{Check, Outcome, Step},
};
use clap::Args;
use serde::Serialize;

use crate::{
    Verdict,
    moment::{self, MomentError},
    printable::{Printable, complain},
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
  revocation  nobody's certificate was revoked (not checked by this version)

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
        let result = verifier(arguments)?.verify(&token, &arguments.nonce, at);
        let answer = Answer::new(arguments, at, &result);
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
    let mut store = TrustStore::new();
    for path in &arguments.trust {
        for certificate in trust_files::certificates(path)? {
            if arguments.anchor.is_some() {
                store.add_intermediate(certificate);
            } else {
                store.add(certificate);
            }
        }
    }
    if let Some(path) = &arguments.anchor {
        for certificate in trust_files::certificates(path)? {
            store.add_anchor(certificate);
        }
    }
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

fn parse_origin(text: &str) -> Result<Origin, Unusable> {
    Origin::parse(text).map_err(|error| {
        match text.split_once("://").and_then(|(_, rest)| rest.split_once('/')) {
            Some(_) => Unusable::OriginWithPath,
            None => Unusable::Origin(error),
        }
    })
}

/// Why the question could not be asked.
#[derive(Debug, thiserror::Error)]
enum Unusable {
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
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// The answer, as it is printed in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    valid: bool,
    code: Option<&'static str>,
    message: Option<String>,
    origin: String,
    at: String,
    checks: Vec<Check>,
    subject: Option<Subject>,
    certificate: Option<CertificateFacts>,
    issuer: Option<Issuer>,
    level: Level,
    assurance: Option<Assurance>,
    holder_verification: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    name: Option<String>,
    given_name: Option<String>,
    surname: Option<String>,
    common_name: Option<String>,
    personal_number: Option<String>,
    country: Option<String>,
    organisation: Option<String>,
    email: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateFacts {
    sha256: String,
    number: String,
    issuer: String,
    not_before: String,
    not_after: String,
    policies: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issuer {
    name: String,
    level: Level,
    assurance: Assurance,
}

impl Answer {
    fn new(arguments: &Arguments, at: DateTime, result: &Result<VerifiedToken, Box<RefusedToken>>) -> Self {
        let mut answer = Self {
            valid: result.is_ok(),
            code: None,
            message: None,
            origin: arguments.origin.to_string(),
            at: at.to_string(),
            checks: Vec::new(),
            subject: None,
            certificate: None,
            issuer: None,
            level: Level::None,
            assurance: None,
            holder_verification: None,
        };
        match result {
            Ok(verified) => answer.tell(verified),
            Err(refused) => {
                answer.code = Some(refused.failure.code());
                answer.message = Some(refused.failure.to_string());
                answer.checks.clone_from(&refused.checks);
            }
        }
        answer
    }

    fn tell(&mut self, verified: &VerifiedToken) {
        let certificate = &verified.certificate;
        let subject = certificate.subject();
        self.checks.clone_from(&verified.checks);
        self.subject = Some(Subject {
            name: subject.display_name(),
            given_name: subject.given_name(),
            surname: subject.surname(),
            common_name: subject.common_name(),
            personal_number: certificate.personal_number().map(str::to_owned),
            country: subject.country().map(str::to_owned),
            organisation: subject.organisation(),
            email: certificate.email().map(str::to_owned),
        });
        self.certificate = Some(CertificateFacts {
            sha256: verified.fingerprint(),
            number: certificate.certificate_number(),
            issuer: certificate.issuer().to_string(),
            not_before: certificate.not_before().to_string(),
            not_after: certificate.not_after().to_string(),
            policies: certificate.policies().iter().map(ToString::to_string).collect(),
        });
        self.issuer = verified.issuer.as_ref().map(|issuer| Issuer {
            name: issuer.name.clone(),
            level: issuer.level,
            assurance: issuer.assurance,
        });
        self.level = verified.level();
        self.assurance = verified.assurance();
        self.holder_verification = Some(verified.holder_verification.name());
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        if self.assurance == Some(Assurance::Test) {
            writeln!(out, "TEST: the issuer is one for tests; nobody real signed in.\n")?;
        }
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => writeln!(out, "INVALID: {} ({code})\n", Printable(message))?,
            _ => writeln!(out, "VALID for {} at {}\n", self.origin, self.at)?,
        }
        for check in &self.checks {
            writeln!(out, "  {} {:<11}{}", sign(check.outcome), check.step.name(), check.outcome.name())?;
        }
        self.print_holder(out)?;
        if self.valid {
            self.print_limits(out)?;
        }
        Ok(())
    }

    fn print_holder(&self, out: &mut impl Write) -> io::Result<()> {
        let (Some(subject), Some(certificate)) = (&self.subject, &self.certificate) else { return Ok(()) };
        writeln!(out)?;
        let mut line = |label: &str, value: Option<&str>| match value {
            Some(value) => writeln!(out, "  {label:<13}{}", Printable(value)),
            None => Ok(()),
        };
        line("Name", subject.name.as_deref())?;
        line("Number", subject.personal_number.as_deref())?;
        line("Country", subject.country.as_deref())?;
        line("E-mail", subject.email.as_deref())?;
        line("Issued by", Some(&certificate.issuer))?;
        line("Certificate", Some(&certificate.sha256))?;
        line("Valid until", Some(&certificate.not_after))?;
        line("Issuer", self.issuer.as_ref().map(|issuer| issuer.name.as_str()))
    }

    /// What the answer does not say.
    fn print_limits(&self, out: &mut impl Write) -> io::Result<()> {
        let level = match self.level {
            Level::None => "none",
            Level::Low => "low",
            Level::Substantial => "substantial",
            Level::High => "high",
        };
        writeln!(
            out,
            "  {:<13}{level}{}",
            "Level",
            match (&self.issuer, self.level) {
                (None, _) => " (no issuer profile was given with --issuers, so nobody vouches for a level)",
                (Some(_), Level::None) => " (the issuer's profile says none)",
                _ => "",
            }
        )?;
        if self.checks.contains(&Check { step: Step::Revocation, outcome: Outcome::NotChecked }) {
            writeln!(out, "  {:<13}not checked", "Revocation")?;
        }
        Ok(())
    }
}

/// A sign beside the word, so that neither stands alone.
fn sign(outcome: Outcome) -> char {
    match outcome {
        Outcome::Passed => '✓',
        Outcome::Failed => '✗',
        Outcome::NotChecked => '?',
        Outcome::NotReached => '·',
    }
}

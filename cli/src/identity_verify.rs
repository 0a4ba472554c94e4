//! `bitaqa identity verify`.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_protocol::Origin;
use bitaqa_trust::{
    Assurance, DateTime, TokenVerifier,
    identity::{
        Expected, FirstStep, IdentityVerifier, VerifiedIdentity,
        claims::{ClaimValue, Provenance, Value},
        result::{Check, Outcome},
        verification::MAX_ENCRYPTED,
    },
};
use clap::Args;
use serde::Serialize;

use crate::{
    Verdict, bounded_file,
    bounded_file::FileFault,
    csca_files::{self, CscaFilesError},
    identity_chip::{CallResult, ChipCall, ChipCallFault},
    identity_request::{AskedFor, RequestFault},
    key::{self, KeyFault},
    moment::{self, MomentError},
    printable::{Printable, complain},
    token_verify::parse_origin,
    trust_files::{self, TrustFileError},
};

/// Code of an answer whose chip has yet to prove itself.
const NEEDED: &str = "chip-authentication-needed";

/// What is said where nothing more than challenge, proof and PIN is known of the request.
const NOT_COMPARED: &str =
    "statement, purpose and claims of the answer were not compared with what was asked (--request)";

const HELP: &str = "\
Examples:
  bitaqa identity verify --csca authorities/ --key portal.jwk --origin https://portal.example.ma --request asked.json answer.jwe
  bitaqa identity verify --csca authorities/ --key portal.jwk --origin https://portal.example.ma --challenge \"$CHALLENGE\" answer.jwe

What `identify()` of @bitaqa/web gave to the page, as it is. The key is the private one of the statement with which the portal
asked; origin, and request or challenge, are those of the portal's own session, never what somebody sent.

The request is a JSON object of what was asked: challenge, statement, purpose, claims, and holder and proof where they were said (a page with
`chipAuthentication` asks with \"proof\": \"chip-authentication\"); nothing else. docs/identity.md has one. The answer is compared with
all of it. With --challenge alone nobody compares statement, purpose and claims: the result shows what was asked, and says not-compared.

A portal that asked with `chipAuthentication` verifies in two calls. The first writes what the page's function returns, and a
secret for the second; the page's `chipProof` is what the chip answered to it:
  bitaqa identity verify … --chip-challenge challenge --chip-state state answer.jwe
  bitaqa identity verify … --chip-answer proof --chip-state state answer.jwe
Where the first prints a result, the chip has proved itself already, and there is no second. The state is used once: the second
call removes it as soon as it begins to verify. Two minutes after the first call it is too late.

The steps; each is reached only if those before it passed:
  encryption  encrypted to this key, for this origin and challenge
  content     it is an answer
  request     to the challenge, the proof and the PIN that were asked for, and, with --request, to its statement, purpose and
              claims; not-compared without it
  consent     nothing goes beyond what the person agreed to
  document    an authority that you trust vouches for every group (passive authentication)
  chip        the chip is no copy: it signed for this very request, or answered to a key made for it
  holder      who holds the card knew its PIN, agreed to this, and is the document's person (needs --issuers)
  status      the document is in use; not-checked, as no source is asked here

With --json one object is printed: valid, code and message (null if valid), at, checks [{step, outcome}], notes, and, if valid,
identity with claims (each with value and provenance: issuer-signed, derived or unauthenticated), level, assurance,
holderVerification, link, token (where the PIN was asked for), chip, signer and fingerprint (not of a card that signs nothing),
status, request, consent, checks, and hostAsserted, which nobody signed.

Exit codes: 0 valid, 1 not, or not yet (chip-authentication-needed), 2 wrong usage or an unreadable file.";

/// Which answer, and on whose word.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// The countries that you trust: a file, or a folder of files (.pem, .crt, .cer, .der, .crl, .ml, .mls). May be given several
    /// times
    #[arg(long, value_name = "PATH", required = true)]
    csca: Vec<PathBuf>,

    /// The private key that the answer is encrypted to (JWK). May be given several times
    #[arg(long, value_name = "FILE", required = true)]
    key: Vec<PathBuf>,

    /// Origin of the page that asked: scheme, host and port, as the browser shows it
    #[arg(long, value_name = "ORIGIN", value_parser = parse_origin)]
    origin: Origin,

    #[command(flatten)]
    asked: AskedFor,

    /// The portal asked for the PIN: whose certificates the cards have (issuer profiles, TOML), and which level they prove
    #[arg(long, value_name = "FILE")]
    issuers: Option<PathBuf>,

    #[command(flatten)]
    chip: ChipCall,

    /// The authorities are those of test documents: the result says so
    #[arg(long)]
    test: bool,

    /// Verify as if it were this time (RFC 3339, like 2026-03-01T09:30:00Z); now if absent
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<DateTime>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// The answer: a file, or - for standard input
    #[arg(value_name = "ANSWER")]
    answer: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Verdict {
    asked(arguments).unwrap_or_else(|error| {
        complain(&error);
        Verdict::NotAsked
    })
}

fn asked(arguments: &Arguments) -> Result<Verdict, NotAsked> {
    let at = arguments.at.map_or_else(moment::now, Ok)?;
    let countries = csca_files::countries(&arguments.csca, at)?;
    let keys = arguments.key.iter().map(|path| key::private(path)).collect::<Result<Vec<_>, _>>()?;
    let answer = bounded_file::read_text(&arguments.answer, MAX_ENCRYPTED)?;
    let sent = arguments.asked.sent()?;
    let request = arguments.asked.expected(sent.as_ref(), &arguments.chip, arguments.issuers.is_some())?;
    let expected = Expected { origin: &arguments.origin, request };
    let tokens = arguments
        .issuers
        .as_deref()
        .map(|path| {
            let profiles = trust_files::issuer_profiles(path)?;
            Ok::<_, TrustFileError>(TokenVerifier::with_profiles(arguments.origin.clone(), profiles))
        })
        .transpose()?;
    let assurance = if arguments.test { Assurance::Test } else { Assurance::Production };
    let mut verifier = IdentityVerifier::new(&keys, &countries.store, assurance);
    if let Some(tokens) = &tokens {
        verifier = verifier.and_tokens(tokens);
    }
    let result = arguments.chip.verify(&verifier, answer.trim_end(), &expected, at)?;
    let found = Found::of(&result, at, countries.notes);
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &found).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        found.print(&mut out)?;
    }
    Ok(if found.valid { Verdict::Yes } else { Verdict::No })
}

#[derive(Serialize)]
struct Found<'a> {
    valid: bool,
    code: Option<&'static str>,
    message: Option<String>,
    at: String,
    checks: &'a [Check],
    notes: Vec<String>,
    identity: Option<&'a VerifiedIdentity>,
}

impl<'a> Found<'a> {
    fn of(result: &'a CallResult, at: DateTime, notes: Vec<String>) -> Self {
        let at = at.to_string();
        let mut found = match result {
            Ok(FirstStep::ChipAuthenticationNeeded(needed)) => Self {
                valid: false,
                code: Some(NEEDED),
                message: Some(
                    "the chip has yet to prove itself, by the challenge that was written".to_owned(),
                ),
                at,
                checks: &needed.checks,
                notes,
                identity: None,
            },
            Ok(FirstStep::Verified(identity)) => Self {
                valid: true,
                code: None,
                message: None,
                at,
                checks: &identity.checks,
                notes,
                identity: Some(identity),
            },
            Err(refused) => Self {
                valid: false,
                code: Some(refused.failure.code()),
                message: Some(refused.failure.to_string()),
                at,
                checks: &refused.checks,
                notes,
                identity: None,
            },
        };
        if found.checks.iter().any(|check| check.outcome == Outcome::NotCompared) {
            found.notes.push(NOT_COMPARED.to_owned());
        }
        found
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        match (&self.message, self.code) {
            (Some(message), Some(code)) => {
                let verdict = if code == NEEDED { "not yet" } else { "refused" };
                writeln!(out, "{verdict}: {} ({code})", Printable(message))?;
            }
            _ => writeln!(out, "valid")?,
        }
        if let Some(identity) = self.identity {
            if identity.assurance == Assurance::Test {
                writeln!(out, "TEST: the authorities are those of test documents")?;
            }
            let known = [
                ("level", named(&identity.level)),
                ("chip", named(&identity.chip)),
                ("holder", named(&identity.holder_verification)),
                ("purpose", identity.request.purpose.to_string()),
            ];
            for (what, known) in known {
                writeln!(out, "  {what:<24}{}", Printable(&known))?;
            }
            for (claim, known) in &identity.claims {
                writeln!(out, "  {:<24}{}", format!("{claim}:"), Printable(&shown(known)))?;
            }
        }
        for check in self.checks {
            writeln!(out, "  {:<24}{}", check.step.name(), check.outcome.name())?;
        }
        self.notes.iter().try_for_each(|note| writeln!(out, "note: {}", Printable(note)))
    }
}

/// As it is called in the JSON.
fn named(known: &impl Serialize) -> String {
    let name = serde_json::to_value(known).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_else(|| "none".to_owned())
}

fn shown(known: &ClaimValue) -> String {
    let value = match &known.value {
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::List(texts) => texts.join(", "),
        Value::Texts(texts) => texts
            .iter()
            .map(|(name, texts)| format!("{name} {}", texts.join(", ")))
            .collect::<Vec<_>>()
            .join("; "),
        Value::Image { media_type, data } => format!("{media_type}, {} bytes", data.len()),
    };
    let known_by = match known.provenance {
        Provenance::IssuerSigned { group } => format!("signed in {group}"),
        Provenance::Derived { group } => format!("follows from {group}"),
        Provenance::Unauthenticated => "signed by nobody".to_owned(),
    };
    let cut = if known.may_be_cut { ", may be cut" } else { "" };
    format!("{value} ({known_by}{cut})")
}

/// Why the question could not be asked.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error("{0}")]
    File(#[from] FileFault),
    #[error("{0}")]
    Key(#[from] KeyFault),
    #[error("{0}")]
    Csca(#[from] CscaFilesError),
    #[error("{0}")]
    Chip(#[from] ChipCallFault),
    #[error("{0}")]
    Request(#[from] RequestFault),
    #[error("{0}")]
    Issuers(#[from] TrustFileError),
    #[error("{0}")]
    Moment(#[from] MomentError),
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

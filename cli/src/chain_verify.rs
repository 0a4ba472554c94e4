//! `bitaqa chain verify`.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    Certificate, DateTime, ObjectIdentifier,
    certification_path::PathSettings,
    chain_verification::{ChainVerifier, RevocationDemand},
    pem_bundle::{self, BundleError},
    revocation::EvidenceRules,
};
use clap::Args;

use crate::{
    Verdict,
    chain_answer::Answer,
    moment::{self, MomentError},
    printable::complain,
    revocation_arguments::{EvidenceArguments, EvidenceFileError, Strictness},
    trust_files::{self, TrustFileError},
};

const EXAMPLE: &str = "\
Example:
  bitaqa chain verify --trust roots/ --crl lists/ --at 2026-03-01T09:30:00Z certificate.pem

The steps, in order; a certificate is valid if none fails:
  signatures  a path leads to one that you trust: each certificate is signed with the key of the next
  rules       authorities are authorities, within their lengths, names and constraints; nothing critical is unknown
  policies    one of the policies holds along the path (needs --policy)
  validity    every certificate was valid at the time
  revocation  nobody's certificate was revoked (needs --crl, --ocsp or --revocation)

Nothing is fetched. Revocation is known from the files that are given; of a certificate about which they say nothing, nobody can
tell, and then the answer is no, unless --revocation soft.

With --json one object is printed:
  valid          true or false
  code, message  what failed (a stable word, and a sentence); null if valid
  at             what was asked
  checks         [{step, outcome, explanation}], outcome: passed, failed, not-checked or not-reached
  path           [{role, subject, issuer, number, key, sha256, notBefore, notAfter}], role: leaf, intermediate or anchor; of the
                 path that holds, or of the one that got furthest; null if there is none
  revocation     what is known of each certificate but the anchor, in the order of the path: {status, evidence, notUsed},
                 status: good, revoked, unknown or not-determined; null if nobody looked

Exit codes: 0 valid, 1 not, 2 wrong usage or an unreadable file.";

/// Which certificate, and on whose word.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(crate) struct Arguments {
    /// Certificates you trust: a folder, or a PEM or DER file. Self-signed ones are roots, others help to get there. May be
    /// given several times; needed unless there is --anchor
    #[arg(long, value_name = "PATH", required_unless_present = "anchor")]
    trust: Vec<PathBuf>,

    /// Trust only the certificates of this file, self-signed or not; --trust then only helps to get there
    #[arg(long, value_name = "FILE")]
    anchor: Option<PathBuf>,

    #[command(flatten)]
    evidence: EvidenceArguments,

    /// What is to be done where --crl and --ocsp say nothing of a certificate: `hard` says no, as if this were not given;
    /// `soft` says yes, and that nobody can tell
    #[arg(long, value_name = "HOW", value_enum)]
    revocation: Option<Strictness>,

    /// Verify as if it were this time (RFC 3339, like 2026-03-01T09:30:00Z); now if absent
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<DateTime>,

    /// A policy that is good enough, in dotted decimals. May be given several times; one of them must hold along the path
    #[arg(long, value_name = "OID", value_parser = parse_policy)]
    policy: Vec<ObjectIdentifier>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// The certificate, in PEM or DER; those after the first in a PEM file help to get to a root. - for standard input
    #[arg(value_name = "CERT")]
    certificate: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Verdict {
    ask(arguments).unwrap_or_else(|error| {
        complain(&error);
        Verdict::NotAsked
    })
}

fn ask(arguments: &Arguments) -> Result<Verdict, Unusable> {
    let mut store = trust_files::trust_store(&arguments.trust, arguments.anchor.as_deref())?;
    let (leaf, others) = certificates(&arguments.certificate)?;
    for other in others {
        // who brings a certificate brings no trust
        store.add_intermediate(other);
    }
    let looked_for = !arguments.evidence.is_empty() || arguments.revocation.is_some();
    let revocation = looked_for
        .then(|| {
            Ok::<_, EvidenceFileError>(RevocationDemand {
                evidence: arguments.evidence.read()?,
                rules: EvidenceRules::default(),
                on_missing: arguments.revocation.unwrap_or(Strictness::Hard).into(),
            })
        })
        .transpose()?;
    let at = arguments.at.map_or_else(moment::now, Ok)?;
    let report = ChainVerifier { store, settings: settings(&arguments.policy), revocation }.verify(&leaf, at);
    let answer = Answer::new(at, &report);
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        answer.print(&mut out)?;
    }
    Ok(if report.is_valid() { Verdict::Yes } else { Verdict::No })
}

fn settings(policies: &[ObjectIdentifier]) -> PathSettings {
    PathSettings {
        initial_policies: (!policies.is_empty()).then(|| policies.to_vec()),
        explicit_policy: !policies.is_empty(),
        ..PathSettings::default()
    }
}

/// The certificate in question, and what came with it.
fn certificates(path: &Path) -> Result<(Certificate, Vec<Certificate>), Unusable> {
    let unreadable = |error| Unusable::Certificate { path: path.to_owned(), error };
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(fs::File::open(path).map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    reader.take(pem_bundle::MAX_LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let mut found = pem_bundle::certificates(&path.display().to_string(), &bytes)?.into_iter();
    let leaf = found.next().ok_or_else(|| unreadable(io::ErrorKind::UnexpectedEof.into()))?;
    Ok((leaf, found.collect()))
}

fn parse_policy(text: &str) -> Result<ObjectIdentifier, Unusable> {
    ObjectIdentifier::new(text).map_err(|_| Unusable::Policy)
}

/// Why the question could not be asked.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("{}: {error}", .path.display())]
    Certificate { path: PathBuf, error: io::Error },
    #[error("{0}")]
    Bundle(#[from] BundleError),
    #[error("{0}")]
    Trust(#[from] TrustFileError),
    #[error("{0}")]
    Evidence(#[from] EvidenceFileError),
    #[error("{0}")]
    Moment(#[from] MomentError),
    #[error("a policy is an object identifier, like 1.3.6.1.4.1.32473.1.2")]
    Policy,
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

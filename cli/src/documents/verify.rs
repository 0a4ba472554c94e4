//! `bitaqa verify`.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_signature::{
    FoundSignature, document,
    validation::{
        self, Indication, Report, ValidationSettings,
        needs::{self, Need},
        report_xml,
    },
};
use bitaqa_trust::{DateTime, revocation::OnMissingEvidence};
use clap::Args;
use serde::Serialize;

use super::{
    DocumentFault, detached::DetachedFiles, network::Network, read_signed, report_text,
    trust::TrustArguments, trusted_lists::TrustedLists,
};
use crate::{
    Verdict, moment,
    printable::complain,
    revocation_arguments::{EvidenceArguments, Strictness},
};

const HELP: &str = "\
Examples:
  bitaqa verify --trust roots/ contract.pdf
  bitaqa verify --trust roots/ --detached letter.txt letter.txt.p7s
  bitaqa verify --trust roots/ --trusted-list list.xml --list-signer scheme.pem --json contract.asice

Signatures in CMS (CAdES), PDF (PAdES), XML (XAdES), JSON (JAdES) and in containers (ASiC) are validated as ETSI EN 319 102-1 says,
at the time given with --at, or now. Those are trusted whom the installed trust packs name for documents (`bitaqa trust list`), or, in
their place, whom you name with --trust. A verdict that rests on a pack for tests says TEST.

Whether certificates were revoked is learned from the file itself, from --crl and --ocsp, and, unless --offline is given, from the
addresses that stand in the certificates; the hosts that were asked are named at the end. Nothing about the document itself is sent.

\"Qualified\" is said only on the word of a trusted list (ETSI TS 119 612) whose own signature is by a certificate of --list-signer, or of
an installed trust pack. A list is a file, or an address from which it is fetched; a list of lists leads to those of the countries of the
issuers. A fetched list that cannot be had, or does not count, is told and not used; a file that does not count ends the command (2).

With --json one object is printed: {indication, subIndication, validationTime, cryptographicConstraints, assurance (production or
test), signatures: [{name,
format, level, indication, subIndication, cryptographicallyIntact, signer, signingTime, bestSignatureTime,
bestSignatureTimeProven, algorithm, coverage,
steps, chain, timeStamps, qualification, assurance, counterSignatures, remarks}], asked, failures}. With --xml it is the report of ETSI TS 119 102-2.

Exit codes: 0 TOTAL-PASSED, 1 TOTAL-FAILED, 3 INDETERMINATE, 2 wrong usage or an unreadable file: then standard error says why, and
nothing is printed on standard output, also with --json and --xml.";

/// More rounds than any path needs: certificates of issuers first, then what is known about them.
const MAX_ROUNDS: usize = 8;

/// Which file, and on whose word.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trust: TrustArguments,

    #[command(flatten)]
    evidence: EvidenceArguments,

    /// A file that is signed and stands beside the file with the signature. May be given several times
    #[arg(long, value_name = "DATA")]
    detached: Vec<PathBuf>,

    /// What is to be done where nobody can tell whether a certificate was revoked: `hard` is INDETERMINATE, as if this were not
    /// given; `soft` goes on, and says so
    #[arg(long, value_name = "HOW", value_enum)]
    revocation: Option<Strictness>,

    /// Validate as if it were this time (RFC 3339, like 2026-03-01T09:30:00Z); now if absent
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<DateTime>,

    /// Ask nobody over the network
    #[arg(long)]
    offline: bool,

    /// Print one JSON object instead of text
    #[arg(long, conflicts_with = "xml")]
    json: bool,

    /// Print the report of ETSI TS 119 102-2 (XML) instead of text
    #[arg(long)]
    xml: bool,

    /// The file with the signature. - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Taken in order to be told what is meant
    #[arg(hide = true)]
    more: Vec<PathBuf>,
}

/// The report, and who was asked.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    report: &'a Report,
    asked: Vec<String>,
    failures: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Verdict {
    ask(arguments).unwrap_or_else(|error| {
        complain(&error);
        Verdict::NotAsked
    })
}

fn ask(arguments: &Arguments) -> Result<Verdict, DocumentFault> {
    if let Some(more) = arguments.more.first() {
        return Err(DocumentFault::SeveralFiles(more.clone()));
    }
    let at = arguments.at.map_or_else(moment::now, Ok)?;
    let network = if arguments.offline { None } else { Some(Network::new(&[])?) };
    let bytes = read_signed(&arguments.file)?;
    let detached = DetachedFiles::new(&arguments.detached);
    let unreadable = |error| DocumentFault::Document { path: arguments.file.clone(), error };
    let signatures = document::signatures(&bytes, &detached).map_err(unreadable)?;
    if let Some(fault) = detached.fault() {
        return Err(fault.into());
    }
    // who gives a document wants to know whether it is signed, not whether something else is
    if let Some(path) = detached.unread() {
        if detached.is_ambiguous() {
            return Err(DocumentFault::WhichDocument);
        }
        return Err(DocumentFault::NotSigned { path: path.clone(), wanted: detached.missing() });
    }
    // nobody is asked about a file that has no signature
    let (mut settings, mut lists) = settings(arguments, at, network.as_ref())?;
    let begun_with = settings.evidence.clone();
    let mut report = validate(&signatures, &mut settings, network.as_ref());
    if report.indication == Indication::Indeterminate && network.as_ref().is_some_and(Network::forget_kept) {
        settings.evidence = begun_with;
        report = validate(&signatures, &mut settings, network.as_ref());
    }
    for _ in 0..MAX_ROUNDS {
        let Some(network) = &network else { break };
        if !lists.follow(&report, network) {
            break;
        }
        settings.trusted_lists = lists.lists();
        report = validate(&signatures, &mut settings, Some(network));
    }
    let mut out = io::stdout().lock();
    if arguments.json {
        let (asked, failures) =
            network.as_ref().map_or_else(Default::default, |network| (network.asked(), network.failures()));
        let answer = Answer { report: &report, asked, failures };
        serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from)?;
        writeln!(out)?;
    } else if arguments.xml {
        let report = report_xml::to_xml(&report).map_err(io::Error::other)?;
        writeln!(out, "{report}")?;
    } else {
        report_text::print(&arguments.file, &report, &mut out)?;
        if let Some(network) = &network {
            report_text::print_network(&network.asked(), &network.failures(), &mut out)?;
        }
    }
    Ok(match report.indication {
        Indication::TotalPassed => Verdict::Yes,
        Indication::TotalFailed => Verdict::No,
        Indication::Indeterminate => Verdict::Indeterminate,
    })
}

fn settings(
    arguments: &Arguments,
    at: DateTime,
    network: Option<&Network>,
) -> Result<(ValidationSettings, TrustedLists), DocumentFault> {
    let mut settings = ValidationSettings::new(at);
    let lists = arguments.trust.apply(&mut settings, network)?;
    settings.evidence.lists = arguments.evidence.lists()?.into_iter().map(|piece| piece.der).collect();
    settings.evidence.answers = arguments.evidence.answers()?.into_iter().map(|piece| piece.der).collect();
    settings.constraints.on_missing_revocation = match arguments.revocation {
        Some(strictness) => strictness.into(),
        None => OnMissingEvidence::Refuse,
    };
    Ok((settings, lists))
}

/// The report by what is at hand; where that is not enough, by what can be fetched as well.
fn validate(
    signatures: &[FoundSignature],
    settings: &mut ValidationSettings,
    network: Option<&Network>,
) -> Report {
    let mut report = validation::validate(signatures, settings);
    let mut asked = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let Some(network) = network else { break };
        if report.indication != Indication::Indeterminate {
            break;
        }
        let needs: Vec<Need> =
            needs::of(signatures, settings, None).into_iter().filter(|need| !asked.contains(need)).collect();
        if needs.is_empty() {
            break;
        }
        for need in needs {
            network.add_evidence(&need, &mut settings.evidence);
            asked.push(need);
        }
        report = validation::validate(signatures, settings);
    }
    report
}

//! `bitaqa extend`.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_signature::{Level, augmentation::Notice};
use clap::Args;
use serde::Serialize;

use super::{
    DocumentFault,
    detached::DetachedFiles,
    extend_later::{ExtendLater, Means},
    level::LevelName,
    network::Network,
    raise::raise,
    read_signed, report_text,
    signing_jobs::writable,
};
use crate::{
    Verdict, bounded_file, moment,
    printable::{Printable, complain},
    trust_files,
};

const HELP: &str = "\
Example:
  bitaqa extend letter.txt.p7s --detached letter.txt --level B-LT --tsa http://tsa.example/ --trust roots/ --out letter.lt.p7s

Raises every signature of a file, also one that was signed elsewhere, to a level: B-T adds a time stamp, B-LT certificates, revocation
lists and answers, B-LTA an archive time stamp. What was signed stays as it is. What is needed is fetched from the addresses that
stand in the certificates; the hosts that were asked are named. The signatures are not validated: `bitaqa verify` does that.

Where a service does not answer the level is lower: standard error says so, why, and the command that raises the file later.

With --json: {out, level, notices, extendLater, asked, failures}; out is null if nothing was added; extendLater is null, or where the
level is lower {wanted, command}, command null where extending does not help.

Exit codes: 0 the level was reached, 1 a lower one was, 2 wrong usage or an unreadable file: then standard error says why,
and nothing is printed on standard output, also with --json.";

/// Which file, and how far.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// The level
    #[arg(long, value_enum)]
    level: LevelName,

    /// A time-stamp authority (RFC 3161), http or https. May be given several times: the next is asked where one does not answer
    #[arg(long, value_name = "URL")]
    tsa: Vec<String>,

    /// Anchors of signers and of time stamps, and certificates that help to get there: a folder, or a PEM or DER file
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,

    /// A file that is signed and stands beside the file with the signature. May be given several times
    #[arg(long, value_name = "DATA")]
    detached: Vec<PathBuf>,

    /// The file with the raised signatures
    #[arg(long, value_name = "PATH")]
    out: PathBuf,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// The signed file. - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    out: Option<String>,
    level: Level,
    notices: Vec<String>,
    extend_later: Option<ExtendLater>,
    asked: Vec<String>,
    failures: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Verdict {
    extend(arguments).unwrap_or_else(|error| {
        complain(&error);
        error.verdict()
    })
}

fn extend(arguments: &Arguments) -> Result<Verdict, DocumentFault> {
    let level = Level::from(arguments.level);
    if level == Level::BB {
        return Err(DocumentFault::Usage("every signature is B-B at least; say B-T, B-LT or B-LTA"));
    }
    if level >= Level::BLt && arguments.trust.is_empty() {
        return Err(DocumentFault::Usage(
            "B-LT and B-LTA need --trust: the roots of signer and time stamps, whose data goes into the file",
        ));
    }
    let network = Network::new(&arguments.tsa)?;
    let store = trust_files::trust_store(&arguments.trust, None)?;
    let file = read_signed(&arguments.file)?;
    writable(&arguments.out)?;
    let detached = DetachedFiles::new(&arguments.detached);
    let raised = raise(&file, &detached, level, (&store, moment::now()?), &network);
    if let Some(fault) = detached.fault() {
        return Err(fault.into());
    }
    let (raised, augmented) =
        raised.map_err(|error| DocumentFault::Raising { path: arguments.file.clone(), error })?;
    let needs_stamp = augmented.notices.iter().any(|notice| matches!(notice, Notice::NoTimeStamp { .. }));
    let nobody_stamps = needs_stamp && !network.has_time_stamp_authority();
    if nobody_stamps && raised == file {
        return Err(DocumentFault::NoTimeStampAuthority);
    }
    // what was not raised needs no copy, which would be in the way of the next try
    let written = raised != file;
    if written {
        bounded_file::create(&arguments.out, 0o644, &raised)?;
    }
    let means = Means { tsa: &arguments.tsa, trust: &arguments.trust, has_time_stamps: !nobody_stamps };
    let now_at = if written { &arguments.out } else { &arguments.file };
    let extend_later = ExtendLater::of(now_at, &arguments.detached, level, &augmented, &means);
    if let Some(later) = &extend_later {
        later.say(now_at, &augmented, &network.failures(), &mut io::stderr().lock())?;
    }
    let answer = Answer {
        out: written.then(|| arguments.out.display().to_string()),
        level: augmented.level,
        notices: augmented.notices.iter().map(ToString::to_string).collect(),
        extend_later,
        asked: network.asked(),
        failures: network.failures(),
    };
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        match &answer.out {
            Some(path) => writeln!(out, "{}: {}", Printable(path), answer.level)?,
            None => writeln!(out, "{}: nothing was added", Printable(&arguments.file.display().to_string()))?,
        }
        // what lowered the level is said on standard error, with what helps
        let failures = if answer.extend_later.is_some() { &[] } else { answer.failures.as_slice() };
        report_text::print_network(&answer.asked, failures, &mut out)?;
    }
    Ok(if answer.level >= level { Verdict::Yes } else { Verdict::No })
}

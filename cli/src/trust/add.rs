//! `bitaqa trust add`.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use bitaqa_jose::Thumbprint;
use bitaqa_trust::{
    TrustPack,
    trust_pack::{self, Admission, AdmissionError, MAX_LENGTH},
};
use clap::Args;

use super::{TrustFault, confirmation, now, pack_facts::PackFacts, store};
use crate::{Verdict, bounded_file, moment::seconds};

const HELP: &str = "\
A trust pack says whom this computer believes: which platforms may vouch for web sites, which states sign identity cards. It is
a signed file. The first pack of a name is installed only if a person confirms the fingerprint of its signer, which its issuer
must have told you another way than with the file (on paper, by telephone, on a web site that you know). Later packs of that name
are installed without a question if the installed one names their signer. A version never falls, and an expired pack is not
installed.

With --json: {installed, pack}; pack is as `bitaqa trust show --json` prints it.

Example:
  sudo bitaqa trust add national.pack

Exit codes: 0 installed, 1 refused, 2 the file cannot be read, or this is not root.";

/// Which pack to install.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// The trust pack
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The signer's fingerprint, as its issuer told you: instead of the question. Any other signer is refused, also one that the
    /// installed pack names
    #[arg(long, value_name = "FINGERPRINT", value_parser = parse_fingerprint)]
    fingerprint: Option<Thumbprint>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

fn parse_fingerprint(text: &str) -> Result<Thumbprint, &'static str> {
    Thumbprint::from_typed(text).ok_or("a fingerprint is 64 hexadecimal digits, or base64url of 32 bytes")
}

/// Installs it.
pub(crate) fn add(arguments: &Arguments) -> Result<Verdict, TrustFault> {
    let text = bounded_file::read_text(&arguments.file, MAX_LENGTH + 1)?;
    let text = text.trim_end();
    let pack = TrustPack::parse(text).map_err(|error| TrustFault::of_pack(&arguments.file, error))?;
    let (installed, versions) = store::open()?;
    let at = seconds(now()?);
    let highest = versions.highest.get(pack.name()).copied();
    let admission =
        trust_pack::admit(&pack, installed.pack(pack.name()), highest, at).map_err(|error| match error {
            AdmissionError::OtherSigner { signer } => TrustFault::OtherSigner { signer },
            error => TrustFault::Refused(error),
        })?;
    let facts = PackFacts::of(&pack, at);
    if !arguments.json {
        facts.print_head(&mut io::stdout().lock())?;
    }
    let found = pack.signer().thumbprint();
    match (arguments.fingerprint, admission) {
        (Some(expected), _) if expected != found => {
            return Err(TrustFault::OtherFingerprint { expected, found });
        }
        (Some(_), _) | (None, Admission::Successor) => {}
        (None, Admission::NeedsConfirmation { signer }) => confirm(&pack, signer)?,
    }
    store::install(pack.name(), pack.contents().version, text, versions)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::json!({ "installed": true, "pack": facts }))?;
    } else {
        writeln!(out, "Installed.")?;
    }
    Ok(Verdict::Yes)
}

fn confirm(pack: &TrustPack, signer: Thumbprint) -> Result<(), TrustFault> {
    let question = format!(
        "This computer will believe whoever holds the key with this fingerprint:\n\n  {}\n\nIs it the one that the issuer of \
         \"{}\" told you another way than with this file? Type yes to install the pack:",
        signer.grouped(),
        pack.name()
    );
    if confirmation::agreed(&question)? { Ok(()) } else { Err(TrustFault::NotConfirmed) }
}

//! `bitaqa trust show`.

use std::{
    io::{self, Write as _},
    path::Path,
};

use bitaqa_host::trust_folder::InstalledPacks;
use bitaqa_trust::{
    TrustPack,
    trust_pack::{MAX_LENGTH, PackName},
};
use clap::Args;

use super::{TrustFault, now, pack_facts::PackFacts};
use crate::{Verdict, bounded_file, moment::seconds};

const HELP: &str = "\
A pack that is not installed can be looked at by its file; a name without a dot or slash means an installed one. That a file can be
shown means that nobody altered it since its signer made it, not that the signer is to be believed.

With --json one object is printed:
  name, version, issued, expires, current   current: whether it counts now
  assurance          test or production
  signer             {kid, curve, thumbprint, fingerprint}
  successorSigners   [the same]: who may sign the next version
  statementIssuers   [{iss, keys: [{kid, curve, thumbprint, fingerprint, notBefore, notAfter, revoked}], origins}]
  cscaCertificates   [{subject, sha256, notBefore, notAfter}]
  issuerProfiles     [{name, level, assurance}]
  statusSources      [{url, states}]
  documents          {signers, timeStampAuthorities, listSigners}, each [{subject, sha256, notBefore, notAfter}]

Exit codes: 0 shown, 1 there is no such pack or the file is none, 2 the file cannot be read.";

/// Which pack to show.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// Name of an installed pack, or a file
    #[arg(value_name = "NAME")]
    pack: String,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Shows it.
pub(crate) fn show(arguments: &Arguments) -> Result<Verdict, TrustFault> {
    let pack = match PackName::parse(&arguments.pack) {
        Ok(name) => {
            InstalledPacks::of_this_computer().pack(&name).cloned().ok_or(TrustFault::NotInstalled(name))?
        }
        Err(_) => {
            let path = Path::new(&arguments.pack);
            let text = bounded_file::read_text(path, MAX_LENGTH + 1)?;
            TrustPack::parse(text.trim_end()).map_err(|error| TrustFault::of_pack(path, error))?
        }
    };
    let facts = PackFacts::of(&pack, seconds(now()?));
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &facts).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        facts.print_head(&mut out)?;
        facts.print_contents(&mut out)?;
    }
    Ok(Verdict::Yes)
}

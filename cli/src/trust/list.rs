//! `bitaqa trust list`.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use bitaqa_host::trust_folder::{FOLDER, InstalledPacks};
use clap::Args;
use serde::Serialize;

use super::{TrustFault, now, pack_facts::PackFacts};
use crate::{Verdict, moment::seconds, printable::Printable};

const HELP: &str = "\
The packs are files of the administrator's. Such a file, its folder and everything above belong to root, and nobody else may write
to them; otherwise the file is not used. Nor is one whose signature is wrong, whose name is not its file's, or whose version is lower
than one that was installed before. Expired packs are listed, and count for nothing.

With --json: {folder, packs: [...], faults: [{path, reason}]}; a pack is as `bitaqa trust show --json` prints it.

Exit codes: 0 every file is used and no pack has expired, 1 a file is not used or a pack has expired.";

/// What to print.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct List {
    folder: &'static str,
    packs: Vec<PackFacts>,
    faults: Vec<Fault>,
}

#[derive(Serialize)]
struct Fault {
    path: PathBuf,
    reason: String,
}

/// Lists them.
pub(crate) fn list(arguments: &Arguments) -> Result<Verdict, TrustFault> {
    let installed = InstalledPacks::of_this_computer();
    let at = seconds(now()?);
    let list = List {
        folder: FOLDER,
        packs: installed.packs.packs().iter().map(|pack| PackFacts::of(pack, at)).collect(),
        faults: installed
            .faults
            .iter()
            .map(|fault| Fault { path: fault.path.clone(), reason: fault.reason.to_string() })
            .collect(),
    };
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &list).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        if list.packs.is_empty() && list.faults.is_empty() {
            writeln!(out, "No trust pack is installed: no web site can ask for identity data.")?;
        }
        for pack in &list.packs {
            pack.print_head(&mut out)?;
        }
        for Fault { path, reason } in &list.faults {
            writeln!(out, "not used: {}", Printable(&path.display().to_string()))?;
            for line in reason.lines() {
                writeln!(out, "  {}", Printable(line))?;
            }
        }
    }
    let good = list.faults.is_empty() && list.packs.iter().all(|pack| pack.current);
    Ok(if good { Verdict::Yes } else { Verdict::No })
}

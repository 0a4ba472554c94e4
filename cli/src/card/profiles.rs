//! `bitaqa card profiles`: which kinds of cards are known, and from where.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_card::Profile;
use bitaqa_host::profile_folder::{CardProfiles, FOLDER};
use clap::Args;
use serde::Serialize;

use super::CardFault;
use crate::{Verdict, printable::Printable};

const HELP: &str = "\
Profiles say how cards are recognised and used. Some are compiled in; others are files (TOML) of the administrator's, and go
before them. Such a file, its folder and everything above belong to root, and nobody else may write to them; otherwise the
file is not used. Nor is a file with the name of a profile that is compiled in.

With --json: {folder, profiles: [{name, title, source}], faults: [{path, reason}]}; source is the path of a file, or null for
a profile that is compiled in. Profiles stand in the order in which they are tried.

Exit codes: 0 every file is used, 1 a file is not used.";

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
    profiles: Vec<Entry>,
    faults: Vec<Fault>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    title: String,
    source: Option<PathBuf>,
}

#[derive(Serialize)]
struct Fault {
    path: PathBuf,
    reason: String,
}

/// Lists them.
pub(crate) fn list(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let known = CardProfiles::of_this_computer()?;
    let list = List::of(&known);
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &list).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        for Entry { name, title, source } in &list.profiles {
            let source = source.as_ref().map_or("compiled in".to_owned(), |path| path.display().to_string());
            writeln!(out, "{}: {} ({})", Printable(name), Printable(title), Printable(&source))?;
        }
        for Fault { path, reason } in &list.faults {
            writeln!(out, "not used: {}", Printable(&path.display().to_string()))?;
            for line in reason.lines() {
                writeln!(out, "  {}", Printable(line))?;
            }
        }
    }
    Ok(if list.faults.is_empty() { Verdict::Yes } else { Verdict::No })
}

impl List {
    fn of(known: &CardProfiles) -> Self {
        let profiles = known.profiles.iter().map(|profile| Entry {
            name: profile.name.clone(),
            title: profile.title.clone(),
            source: known.source_of(&profile.name),
        });
        let faults = known
            .faults
            .iter()
            .map(|fault| Fault { path: fault.path.clone(), reason: fault.reason.to_string() });
        Self { folder: FOLDER, profiles: profiles.collect(), faults: faults.collect() }
    }
}

/// The profiles for a command that uses a card; what cannot be used is said, and keeps nobody from the rest.
pub(super) fn known_profiles() -> Result<Vec<Profile>, CardFault> {
    let known = CardProfiles::of_this_computer()?;
    for line in known.to_string().lines() {
        // nobody may be listening any more
        let _ = writeln!(io::stderr(), "bitaqa: {}", Printable(line));
    }
    Ok(known.profiles)
}

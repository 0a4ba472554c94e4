//! `bitaqa card list`.

use std::io::{self, Write};

use bitaqa_host::reader::{CardPresence, ReaderSeen};
use clap::Args;
use serde::Serialize;

use super::{CardFault, hexadecimal, name, readers, run};
use crate::{Verdict, printable::Printable};

const HELP: &str = "\
With --json: {readers: [{name, card, atr, exclusive}]}; card is empty, present or mute (it gives no answer to reset), atr
hexadecimal digits or null, exclusive whether another program holds the reader for itself.

Exit codes: 0 at least one card is there, 1 none is, 2 the smart card service or a reader is missing.";

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
    readers: Vec<Reader>,
}

#[derive(Serialize)]
struct Reader {
    name: String,
    card: &'static str,
    atr: Option<String>,
    exclusive: bool,
}

/// Lists readers and what is in them.
pub(crate) fn list(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let list = List { readers: run(readers())?.iter().map(Reader::of).collect() };
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &list).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        for reader in &list.readers {
            writeln!(out, "{}", Printable(&reader.name))?;
            let held = if reader.exclusive { ", held by another program" } else { "" };
            writeln!(out, "  card: {}{held}", reader.card)?;
            if let Some(atr) = &reader.atr {
                writeln!(out, "  answer to reset: {atr}")?;
            }
        }
    }
    let any = list.readers.iter().any(|reader| reader.card != "empty");
    Ok(if any { Verdict::Yes } else { Verdict::No })
}

impl Reader {
    fn of(seen: &ReaderSeen) -> Self {
        let (card, atr) = match &seen.card {
            CardPresence::Empty => ("empty", None),
            CardPresence::Mute => ("mute", None),
            CardPresence::Present { atr } => ("present", Some(hexadecimal(atr))),
        };
        Self { name: name(seen), card, atr, exclusive: seen.exclusive }
    }
}

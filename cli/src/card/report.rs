//! `bitaqa card report`.

use std::io::{self, Write};

use bitaqa_card::{UnknownCardReport, channel::Channel, profile::Link};
use clap::Args;

use super::{
    CardFault, Selection,
    chip::{atr, on_card},
    one_card, run,
};
use crate::Verdict;

const HELP: &str = "\
The report holds no personal data: the answer to reset, the files that describe the card as a whole, and which applications
answered. Of EF.ATR/INFO it leaves out what may name this one card. No PIN and no card access number is asked for, and no
try is spent.

Without --json a profile to begin with is printed, as TOML; with --json the report itself: {version, atr, efDir, efCardAccess,
efAtr: {status, content}, applications: [{identifier, meaning, status, describesItself}]}.

Exit codes: 0 done, 1 the card could not be used, 2 there is no service, reader or card.";

/// Which card.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
}

/// Says what can be said of a card that nobody knows.
pub(crate) fn report(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let reader = run(one_card(&arguments.selection))?;
    let atr = atr(&reader)?;
    let report = run(on_card(&reader, move |transport| {
        UnknownCardReport::collect(&mut Channel::new(transport, Link::CAUTIOUS), &atr)
    }))?;
    let mut out = io::stdout().lock();
    if arguments.selection.json {
        serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", report.profile_stub())?;
    }
    Ok(Verdict::Yes)
}

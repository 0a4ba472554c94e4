//! `bitaqa card info`.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::{
    CardFault, Selection,
    access_key::KeySource,
    description::{CredentialDescription, Description, describe},
    readers_with_card, run,
};
use crate::{Verdict, printable::Printable};

const HELP: &str = "\
No PIN is asked for, and no try is spent: tries left are shown only where the card's profile knows a free way to ask. A card
that shows what it holds only after PACE is opened with its card access number, or with document number and dates, which are
asked for on the terminal and not shown; where the reader runs PACE itself, the number is typed on its keys.

With --json: {cards: [{reader, atr, profile, title, label, manufacturer, opened, credentials: [{role, label, algorithms, pin:
{label, minLength, maxLength, triesLeft, triesMaximum, beforeEachUse}}]}]}; opened is pace or free; null where the card does not say.

Exit codes: 0 done, 1 a card could not be used, 2 there is no service, reader or card.";

/// Which card.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,
}

#[derive(Serialize)]
struct Cards {
    cards: Vec<Description>,
}

/// Says what a card is and what it can do.
pub(crate) fn info(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let cards = run(async {
        let mut cards = Vec::new();
        for reader in readers_with_card(&arguments.selection).await? {
            cards.push(describe(&reader, &arguments.key).await?);
        }
        Ok(Cards { cards })
    })?;
    let mut out = io::stdout().lock();
    if arguments.selection.json {
        serde_json::to_writer_pretty(&mut out, &cards).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        for card in &cards.cards {
            print(&mut out, card)?;
        }
    }
    Ok(Verdict::Yes)
}

fn print(out: &mut impl Write, card: &Description) -> io::Result<()> {
    writeln!(out, "{}", Printable(&card.reader))?;
    writeln!(out, "  card:     {} (profile {})", card.title, card.profile)?;
    for (name, value) in [("label:   ", &card.label), ("maker:   ", &card.manufacturer)] {
        if let Some(value) = value {
            writeln!(out, "  {name} {}", Printable(value))?;
        }
    }
    if card.opened == "pace" {
        writeln!(out, "  opened:   with PACE")?;
    }
    for credential in &card.credentials {
        print_credential(out, credential)?;
    }
    Ok(())
}

fn print_credential(out: &mut impl Write, credential: &CredentialDescription) -> io::Result<()> {
    let label =
        credential.label.as_deref().map_or_else(String::new, |label| format!(" ({})", Printable(label)));
    writeln!(out, "  key for {}{label}", credential.role)?;
    for algorithm in &credential.algorithms {
        writeln!(out, "    signs:  {algorithm}")?;
    }
    if let Some(pin) = &credential.pin {
        let tries = match (pin.tries_left, pin.tries_maximum) {
            (Some(0), _) => "blocked".to_owned(),
            (Some(left), Some(maximum)) => format!("{left} of {maximum} tries left"),
            (Some(left), None) => format!("{left} tries left"),
            (None, _) => "tries left unknown".to_owned(),
        };
        let label = pin.label.as_deref().unwrap_or("PIN");
        let each = if pin.before_each_use { ", before each use" } else { "" };
        writeln!(
            out,
            "    PIN:    {}, {} to {} characters, {tries}{each}",
            Printable(label),
            pin.min_length,
            pin.max_length
        )?;
    }
    Ok(())
}

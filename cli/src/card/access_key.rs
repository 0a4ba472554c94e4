//! What opens a chip: from a file, or asked on the terminal. Never from the command line, which other programs can see, and
//! never in what is complained of.

use std::{
    fs,
    io::{self, IsTerminal as _, Read as _, Write as _},
    path::{Path, PathBuf},
};

use bitaqa_card::{
    chip_session::{AccessControl, AccessKey},
    lds::{DocumentNumber, Mrz, MrzDate, MrzKey},
    pace::Can,
};
use bitaqa_host::reader::ReaderSeen;
use clap::Args;
use zeroize::Zeroizing;

use super::{CardFault, name};
use crate::{
    printable::Printable,
    terminal::{MAX_ANSWER, Terminal, TerminalFault},
};

/// Most bytes that are read of a file with a key.
const MAX_FILE: u64 = 1024;
/// How often one thing is asked for.
const MAX_QUESTIONS: usize = 3;

/// Where the key comes from.
#[derive(Debug, Args)]
pub(crate) struct KeySource {
    /// Take the card access number from this file; without it, it is asked for on the terminal
    #[arg(long, value_name = "FILE", conflicts_with = "mrz_file")]
    can_file: Option<PathBuf>,

    /// Take the machine readable zone, two or three lines, from this file
    #[arg(long, value_name = "FILE")]
    mrz_file: Option<PathBuf>,
}

/// Where the key is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskedOn {
    /// On standard input, if it is a terminal.
    StandardInput,
    /// Where PINs are asked for as well.
    ControllingTerminal,
}

impl KeySource {
    /// Whether no file holds the key.
    pub(super) const fn is_asked_for(&self) -> bool {
        self.can_file.is_none() && self.mrz_file.is_none()
    }

    /// The key for a chip that is opened so.
    pub(super) fn key(&self, control: AccessControl) -> Result<AccessKey, CardFault> {
        self.key_asked_on(control, AskedOn::StandardInput)
    }

    /// The key for a card whose application is closed. Says first which card is meant, where somebody has to be asked: there
    /// may be several.
    pub(super) fn key_of(
        &self,
        reader: &ReaderSeen,
        control: AccessControl,
        asked_on: AskedOn,
    ) -> Result<AccessKey, CardFault> {
        if self.is_asked_for() && asked_on == AskedOn::StandardInput && io::stdin().is_terminal() {
            writeln!(io::stderr(), "{}: the card has to be opened first.", Printable(&name(reader)))?;
        }
        self.key_asked_on(control, asked_on)
    }

    fn key_asked_on(&self, control: AccessControl, asked_on: AskedOn) -> Result<AccessKey, CardFault> {
        match (&self.can_file, &self.mrz_file, control) {
            (Some(path), ..) => can_of(path),
            (None, Some(path), _) => mrz_of(path),
            (None, None, AccessControl::Pace(_)) => ask_can_or_mrz(&mut Questions::begin(asked_on)?),
            (None, None, AccessControl::Bac) => ask_mrz(&mut Questions::begin(asked_on)?),
        }
    }
}

fn can_of(path: &Path) -> Result<AccessKey, CardFault> {
    let can = Can::new(content(path)?.trim());
    can.map(AccessKey::Can).ok_or(CardFault::NotUnderstood("the file holds no card access number"))
}

fn mrz_of(path: &Path) -> Result<AccessKey, CardFault> {
    let zone = Mrz::parse_lines(&content(path)?);
    zone.map(|zone| AccessKey::Mrz(zone.key()))
        .map_err(|_| CardFault::NotUnderstood("the file holds no machine readable zone, or a wrong one"))
}

fn content(path: &Path) -> Result<Zeroizing<String>, CardFault> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let file = fs::File::open(path).map_err(named)?;
    let mut content = Zeroizing::new(String::with_capacity(usize::try_from(MAX_FILE).unwrap_or(0)));
    file.take(MAX_FILE).read_to_string(&mut content).map_err(named)?;
    Ok(content)
}

fn ask_can_or_mrz(questions: &mut Questions) -> Result<AccessKey, CardFault> {
    const QUESTION: &str =
        "Card access number, as printed on the card (not shown; empty: document number and dates instead)";
    for _ in 0..MAX_QUESTIONS {
        let answer = questions.ask(QUESTION)?;
        if answer.is_empty() {
            return ask_mrz(questions);
        }
        match Can::new(&answer) {
            Some(can) => return Ok(AccessKey::Can(can)),
            None => questions.remark("That is no card access number: it has digits only.")?,
        }
    }
    Err(CardFault::NotUnderstood("no card access number was typed"))
}

fn ask_mrz(questions: &mut Questions) -> Result<AccessKey, CardFault> {
    let number = "Document number (not shown)";
    let number = until(questions, number, "no document number was typed", DocumentNumber::new)?;
    let birth = until(questions, "Date of birth, YYMMDD (not shown)", "no date of birth was typed", date)?;
    let expiry = until(questions, "Date of expiry, YYMMDD (not shown)", "no date of expiry was typed", date)?;
    Ok(AccessKey::Mrz(MrzKey::new(&number, birth, expiry)))
}

fn until<T>(
    questions: &mut Questions,
    question: &str,
    failed: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<T, CardFault> {
    for _ in 0..MAX_QUESTIONS {
        match parse(&questions.ask(question)?) {
            Some(value) => return Ok(value),
            None => questions.remark("That is not it: please type it as it is printed.")?,
        }
    }
    Err(CardFault::NotUnderstood(failed))
}

/// A row of questions. The terminal stays mute from the first to the last, also for who types faster than they come: whoever
/// stands behind the person, or records the screen, could open the card with what is typed.
struct Questions(Terminal);

impl Questions {
    /// Begins; refuses where there is no terminal.
    fn begin(asked_on: AskedOn) -> Result<Self, CardFault> {
        let terminal = match asked_on {
            AskedOn::StandardInput => Terminal::standard_input().map_err(fault)?,
            AskedOn::ControllingTerminal => Terminal::controlling()?,
        };
        Ok(Self(terminal))
    }

    /// Says something between two questions.
    fn remark(&mut self, text: &str) -> Result<(), CardFault> {
        Ok(self.0.remark(text)?)
    }

    /// Asks, and gives the line that was typed.
    fn ask(&mut self, question: &str) -> Result<Zeroizing<String>, CardFault> {
        let answer = self.0.ask(question).map_err(fault)?;
        if answer.len() > MAX_ANSWER {
            return Err(CardFault::NotUnderstood("the answer is too long"));
        }
        let text =
            std::str::from_utf8(&answer).map_err(|_| CardFault::NotUnderstood("the answer is no text"))?;
        Ok(Zeroizing::new(text.trim().to_owned()))
    }
}

fn fault(fault: TerminalFault) -> CardFault {
    match fault {
        TerminalFault::None => CardFault::NoTerminal,
        TerminalFault::Cancelled => CardFault::GivenUp,
        TerminalFault::System(error) => CardFault::System(error),
    }
}

/// YYMMDD as the zone has it; `<<` stands for what is unknown.
fn date(text: &str) -> Option<MrzDate> {
    let part = |range| match text.get(range)? {
        "<<" => Some(None),
        digits if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse().ok().map(Some),
        _ => None,
    };
    let [year, month, day] = [part(0..2)?, part(2..4)?, part(4..6)?];
    (text.len() == 6).then(|| MrzDate::new(year, month, day)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_typed_as_the_zone_has_them() {
        assert_eq!(date("740812").map(|date| date.characters()), Some(*b"740812"));
        assert_eq!(date("74<<<<").map(|date| date.characters()), Some(*b"74<<<<"));
        for wrong in ["", "7408", "19740812", "741312", "7a0812", "ü40812", "74-8-1"] {
            assert_eq!(date(wrong).map(|date| date.characters()), None, "{wrong}");
        }
    }
}

//! Asks for a yes on the terminal.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader, Read as _, Write as _},
};

use super::TrustFault;

/// Most bytes of an answer that are looked at.
const MAX_ANSWER: u64 = 16;

/// Whether the person at the terminal that this program was started from types `yes`. Standard input does not count: another
/// program could have written it.
pub(super) fn agreed(question: &str) -> Result<bool, TrustFault> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
    let mut terminal = terminal.map_err(|_| TrustFault::NoTerminal)?;
    write!(terminal, "{question} ")?;
    let mut answer = String::new();
    BufReader::new(terminal.take(MAX_ANSWER)).read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

//! Asking on the terminal for what is printed on the card, without showing it again: whoever stands behind the person, or
//! records the screen, could open the card with it.

use std::{
    io::{self, IsTerminal as _, Write as _},
    os::fd::AsFd as _,
};

use rustix::{
    io::Errno,
    termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios},
};
use zeroize::Zeroizing;

use super::CardFault;

/// Most bytes of an answer; what opens a card is shorter.
const MAX_ANSWER: usize = 64;
const INTERRUPT: u8 = 0x03;
const END_OF_INPUT: u8 = 0x04;
const BACKSPACE: [u8; 2] = [0x08, 0x7F];
const KILL_LINE: u8 = 0x15;

/// Asks, and gives the line that was typed. The question goes to standard error: standard output is for results.
pub(super) fn ask(question: &str) -> Result<Zeroizing<String>, CardFault> {
    let input = io::stdin();
    if !input.is_terminal() {
        return Err(CardFault::NoTerminal);
    }
    let quiet = Quiet::begin()?;
    write!(io::stderr(), "{question}: ")?;
    let answer = line();
    drop(quiet);
    // the person's own line end was not shown
    writeln!(io::stderr())?;
    answer
}

fn line() -> Result<Zeroizing<String>, CardFault> {
    // of full size from the start: growing would leave copies behind
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_ANSWER));
    loop {
        // not through a buffer, which nobody wipes
        let mut byte = Zeroizing::new([0]);
        let read = match rustix::io::read(io::stdin().as_fd(), &mut *byte) {
            Err(Errno::INTR) => continue,
            outcome => outcome.map_err(io::Error::from)?,
        };
        match byte[0] {
            _ if read == 0 => return Err(CardFault::GivenUp),
            INTERRUPT | END_OF_INPUT => return Err(CardFault::GivenUp),
            b'\r' | b'\n' => break,
            KILL_LINE => line.clear(),
            erase if BACKSPACE.contains(&erase) => {
                line.pop();
            }
            byte if line.len() < MAX_ANSWER => line.push(byte),
            _ => return Err(CardFault::NotUnderstood("the answer is too long")),
        }
    }
    let text = std::str::from_utf8(&line).map_err(|_| CardFault::NotUnderstood("the answer is no text"))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// The terminal does not show what is typed, and gives each key at once. The interrupt key is one of them: a program that is
/// interrupted here would leave the terminal mute.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> Result<Self, CardFault> {
        let before = termios::tcgetattr(io::stdin()).map_err(io::Error::from)?;
        let mut now = before.clone();
        now.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        now.special_codes[SpecialCodeIndex::VMIN] = 1;
        now.special_codes[SpecialCodeIndex::VTIME] = 0;
        termios::tcsetattr(io::stdin(), OptionalActions::Now, &now).map_err(io::Error::from)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

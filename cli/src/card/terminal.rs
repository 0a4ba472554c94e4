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

/// A row of questions. The terminal stays mute from the first to the last, also for who types faster than they come.
pub(super) struct Questions {
    _quiet: Quiet,
}

impl Questions {
    /// Begins; refuses where there is no terminal.
    pub(super) fn begin() -> Result<Self, CardFault> {
        if !io::stdin().is_terminal() {
            return Err(CardFault::NoTerminal);
        }
        Ok(Self { _quiet: Quiet::begin()? })
    }

    /// Asks, and gives the line that was typed. The question goes to standard error: standard output is for results.
    pub(super) fn ask(&self, question: &str) -> Result<Zeroizing<String>, CardFault> {
        write!(io::stderr(), "{question}: ")?;
        let answer = line();
        // the person's own line end was not shown
        writeln!(io::stderr())?;
        answer
    }
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
        let [key] = *byte;
        match key {
            _ if read == 0 => return Err(CardFault::GivenUp),
            INTERRUPT | END_OF_INPUT => return Err(CardFault::GivenUp),
            b'\r' | b'\n' => break,
            KILL_LINE => line.clear(),
            erase if BACKSPACE.contains(&erase) => {
                line.pop();
            }
            key if line.len() < MAX_ANSWER => line.push(key),
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

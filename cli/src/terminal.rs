//! What nobody else may see, asked for on the terminal without echo: PINs, and what is printed on a card.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _},
};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// Most bytes of an answer; what is typed beyond is not kept.
pub(crate) const MAX_ANSWER: usize = 64;

/// Why nobody answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TerminalFault {
    /// There is no terminal.
    #[error(
        "PINs are asked for on a terminal, and there is none\nThey are never taken from the command line, a file or another program."
    )]
    None,
    /// The person gave up.
    #[error("cancelled; nothing was sent to the card")]
    Cancelled,
    /// The terminal failed.
    #[error("the terminal: {0}")]
    System(#[from] io::Error),
}

/// Where questions stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// On the terminal itself, wherever standard output and standard error go.
    There,
    /// On standard error.
    OnStandardError,
}

/// A terminal, with echo switched off until this is dropped.
pub(crate) struct Terminal {
    file: File,
    asked: Asked,
    before: Termios,
}

impl Terminal {
    /// The terminal that this program was started from, whatever its standard input and output are.
    pub(crate) fn controlling() -> Result<Self, TerminalFault> {
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty");
        Self::silenced(file.map_err(|_| TerminalFault::None)?, Asked::There)
    }

    /// Standard input, if it is a terminal.
    pub(crate) fn standard_input() -> Result<Self, TerminalFault> {
        if !io::stdin().is_terminal() {
            return Err(TerminalFault::None);
        }
        let file = rustix::io::dup(io::stdin()).map_err(io::Error::from)?;
        Self::silenced(File::from(file), Asked::OnStandardError)
    }

    fn silenced(file: File, asked: Asked) -> Result<Self, TerminalFault> {
        let before = tcgetattr(&file).map_err(io::Error::from)?;
        let mut silent = before.clone();
        // key by key, so that the driver keeps no line; signals as characters, so that nobody is left without echo
        silent.local_modes.remove(
            LocalModes::ECHO
                | LocalModes::ECHONL
                | LocalModes::ICANON
                | LocalModes::ISIG
                | LocalModes::IEXTEN,
        );
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        // what was typed before the question is no answer to it
        tcsetattr(&file, OptionalActions::Flush, &silent).map_err(io::Error::from)?;
        Ok(Self { file, asked, before })
    }

    /// Asks one question and gives the line that is typed. Nothing of it is shown, not even its length.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Zeroizing<Vec<u8>>, TerminalFault> {
        self.say(&format!("{question}: "))?;
        let answer = self.line();
        // the person's own line end was not shown
        self.say("\n")?;
        answer
    }

    /// Says something between two questions.
    pub(crate) fn remark(&mut self, text: &str) -> io::Result<()> {
        self.say(&format!("{text}\n"))
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        match self.asked {
            Asked::There => self.file.write_all(text.as_bytes()),
            Asked::OnStandardError => io::stderr().write_all(text.as_bytes()),
        }
    }

    fn line(&mut self) -> Result<Zeroizing<Vec<u8>>, TerminalFault> {
        // never grows: a vector that moves would leave a copy behind
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_ANSWER + 1));
        let mut key = Zeroizing::new([0]);
        loop {
            match self.file.read(&mut *key) {
                Ok(0) => return Err(TerminalFault::Cancelled),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            }
            let [typed] = *key;
            match typed {
                b'\r' | b'\n' => return Ok(line),
                // interrupt, end of input
                0x03 | 0x04 => return Err(TerminalFault::Cancelled),
                // backspace, delete
                0x08 | 0x7F => {
                    line.pop();
                }
                // erase the line
                0x15 => line.clear(),
                // one more than an answer has, so that a longer one is seen to be too long
                other if line.len() <= MAX_ANSWER => line.push(other),
                _ => {}
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.file, OptionalActions::Flush, &self.before);
    }
}

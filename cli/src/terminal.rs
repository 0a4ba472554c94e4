//! Secrets, asked for on the terminal without echo.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// Most bytes of a secret; what is typed beyond is not kept.
const MAX_SECRET: usize = 64;

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

/// The terminal of this program, with echo switched off until this is dropped.
pub(crate) struct Terminal {
    file: File,
    before: Termios,
}

impl Terminal {
    /// Opens the terminal, whatever standard input and output are.
    pub(crate) fn open() -> Result<Self, TerminalFault> {
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty");
        let file = file.map_err(|_| TerminalFault::None)?;
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
        Ok(Self { file, before })
    }

    /// Asks one question and gives the line that is typed. Nothing of it is shown, not even its length.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Zeroizing<Vec<u8>>, TerminalFault> {
        self.file.write_all(format!("{question}: ").as_bytes())?;
        let answer = self.line();
        self.file.write_all(b"\n")?;
        answer
    }

    fn line(&mut self) -> Result<Zeroizing<Vec<u8>>, TerminalFault> {
        // never grows: a vector that moves would leave a copy behind
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_SECRET + 1));
        let mut key = Zeroizing::new([0]);
        loop {
            if self.file.read(&mut *key)? == 0 {
                return Err(TerminalFault::Cancelled);
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
                // one more than a secret has, so that a longer one is seen to be too long
                other if line.len() <= MAX_SECRET => line.push(other),
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

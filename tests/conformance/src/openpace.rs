//! A terminal of libeac (openpace), in a program of its own (`terminal/openpace.c`) that is built when a test starts.

use std::{
    fmt::Write as _,
    io::{self, BufRead, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use bitaqa_virtual_card::{Card, rules::Protocol};
use tempfile::TempDir;

/// What Debian calls the packages that the program is built with.
const PACKAGES: &str = "gcc, pkg-config, libeac-dev and libssl-dev";

/// How often a run may begin again before something else than chance is at work. Of a finite field, openpace leaves
/// leading zero bytes out of public keys and shared secrets, and of a curve out of compressed public keys; TR-03110 keeps them.
/// Any of the five numbers of a run begins so once in 256 times, on P-521 one of them every second time, and then openpace
/// cannot go on as the standard says.
const MOST_RUNS: usize = 16;

/// Which password opens the chip (TR-03110-3, table 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Password {
    /// MRZ information.
    Mrz = 1,
    /// Card access number.
    Can = 2,
    /// PIN.
    Pin = 3,
    /// PUK.
    Puk = 4,
}

/// What a terminal needs for extended access control.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// What it wants to be and to do: the content of a certificate holder authorisation template.
    pub authorization: Vec<u8>,
    /// The root that it believes, `7F21`.
    pub root: Vec<u8>,
    /// Its private key, ECPrivateKey.
    pub key: Vec<u8>,
    /// Who signs EF.CardSecurity in the end: an X.509 certificate.
    pub anchor: Vec<u8>,
    /// The chain from below the root to the terminal's own, `7F21` each.
    pub chain: Vec<Vec<u8>>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The terminal read these files.
    Read(Vec<Vec<u8>>),
    /// The card refused with this status word.
    Refused(String),
    /// The terminal found something wrong with what the card did, here.
    Broken(String),
    /// Every run had to begin again: a number that stays the same, the card's key, begins with zero.
    Unjudged,
}

/// The program, built.
pub struct Terminal {
    folder: TempDir,
}

impl Terminal {
    /// Builds the program.
    ///
    /// # Errors
    /// When a compiler or a library is missing: the message names the packages.
    pub fn build() -> io::Result<Self> {
        let flags = output(Command::new("pkg-config").args(["--cflags", "--libs", "libeac", "libcrypto"]))?;
        let folder = tempfile::tempdir()?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("terminal/openpace.c");
        output(
            Command::new("gcc")
                .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-o"])
                .arg(folder.path().join("openpace"))
                .arg(source)
                .args(flags.split_whitespace()),
        )?;
        Ok(Self { folder })
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("openpace")
    }

    /// Opens the card with a password, perhaps proves itself and has the card prove itself, and reads DG1, DG2, and with
    /// credentials DG3.
    ///
    /// # Errors
    /// When the program cannot be run, or says what it never says.
    pub fn run(
        &self,
        card: &mut Card,
        password: (Password, &str),
        credentials: Option<&Credentials>,
    ) -> io::Result<Outcome> {
        for _ in 0..MOST_RUNS {
            card.reset();
            let mut program = Command::new(self.program());
            program.arg((password.0 as u8).to_string()).arg(password.1).arg(digits(&card_access(card)?));
            if let Some(credentials) = credentials {
                let Credentials { authorization, root, key, anchor, chain } = credentials;
                program.args([authorization, root, key, anchor].map(|bytes| digits(bytes)));
                program.args(chain.iter().map(|certificate| digits(certificate)));
            }
            let pipe = Stdio::piped;
            let mut running = program.stdin(pipe()).stdout(pipe()).stderr(Stdio::null()).spawn()?;
            let outcome = converse(&mut running, card);
            running.kill()?;
            running.wait()?;
            if let Some(outcome) = outcome? {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Unjudged)
    }
}

/// Carries commands and answers; `None` when the run has to begin again.
fn converse(running: &mut Child, card: &mut Card) -> io::Result<Option<Outcome>> {
    let (Some(mut input), Some(said)) = (running.stdin.take(), running.stdout.take()) else {
        return Err(io::Error::other("no pipes"));
    };
    let mut files = Vec::new();
    for line in BufReader::new(said).lines() {
        let line = line?;
        match line.split_once(' ').unwrap_or((line.as_str(), "")) {
            (">", command) => {
                let answer = transmit(card, &bytes(command)?)?;
                writeln!(input, "{}", digits(&answer))?;
            }
            ("=", file) => files.push(bytes(file)?),
            ("done", "") => return Ok(Some(Outcome::Read(files))),
            ("again", "") => return Ok(None),
            ("refused", status) => return Ok(Some(Outcome::Refused(status.to_owned()))),
            ("broken", place) => return Ok(Some(Outcome::Broken(place.to_owned()))),
            _ => return Err(io::Error::other(line)),
        }
    }
    Err(io::Error::other("the terminal stopped in the middle"))
}

/// EF.CardAccess, which anybody may read: the terminal starts from it.
fn card_access(card: &mut Card) -> io::Result<Vec<u8>> {
    let mut answer = transmit(card, &[0x00, 0xB0, 0x9C, 0x00, 0x00, 0x00, 0x00])?;
    let status = answer.split_off(answer.len().saturating_sub(2));
    if status == [0x90, 0x00] { Ok(answer) } else { Err(io::Error::other("no EF.CardAccess")) }
}

fn transmit(card: &mut Card, command: &[u8]) -> io::Result<Vec<u8>> {
    card.transmit(Protocol::T1, command).answer.ok_or_else(|| io::Error::other("the card does not answer"))
}

/// Runs a program that has to succeed.
fn output(command: &mut Command) -> io::Result<String> {
    let failed = |why: String| io::Error::other(format!("{why}\nthe packages {PACKAGES} are needed"));
    let output = command.output().map_err(|error| failed(format!("{command:?}: {error}")))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

fn bytes(digits: &str) -> io::Result<Vec<u8>> {
    let byte = |at| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let all: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(byte).collect();
    all.ok_or_else(|| io::Error::other(format!("no hexadecimal digits: {digits}")))
}

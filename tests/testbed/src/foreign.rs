//! Another program that uses the reader: holds it exclusively, holds a transaction, resets the card and selects something else.
//!
//! It says `holding` on standard output when it has what it wanted, and `released` when it gave it back. As `watch` it
//! holds nothing and says `present` or `absent` whenever that changes, beginning with how things stand.

use std::{
    ffi::{CStr, CString},
    io::{self, Write as _},
    thread,
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};
use pcsc::{Card, Context, Disposition, Protocols, ReaderState, Scope, ShareMode, State};

/// What the other program does.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deed {
    /// Holds the card exclusively.
    Exclusive,
    /// Holds a transaction.
    Transaction,
    /// Resets the card and selects another application, then stays connected.
    ResetAndSelect,
    /// Is connected, shared, and does nothing.
    Hold,
    /// Says whether a card is there, and when that changes.
    Watch,
}

/// How it does it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What to do.
    deed: Deed,
    /// Which reader, counted from 0.
    #[arg(long, default_value_t = 0)]
    reader: usize,
    /// For how long.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// The application to select, in hexadecimal digits; the master file when absent.
    #[arg(long)]
    aid: Option<String>,
}

/// Why it could not.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForeignError {
    #[error("PC/SC: {0}")]
    Pcsc(#[from] pcsc::Error),
    #[error("there is no reader {0}")]
    Reader(usize),
    #[error("--aid is not a row of hexadecimal digits")]
    Aid,
    #[error("--seconds is not a time")]
    Time,
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Does it.
pub(crate) fn run(arguments: &Arguments) -> Result<(), ForeignError> {
    let time = Duration::try_from_secs_f64(arguments.seconds).map_err(|_| ForeignError::Time)?;
    let context = Context::establish(Scope::User)?;
    let reader = reader_name(&context, arguments.reader)?;
    if arguments.deed == Deed::Watch {
        return watch(&context, &reader, time);
    }
    let mode = if arguments.deed == Deed::Exclusive { ShareMode::Exclusive } else { ShareMode::Shared };
    let mut card = context.connect(&reader, mode, Protocols::ANY)?;
    match arguments.deed {
        Deed::Exclusive | Deed::Hold | Deed::Watch => hold(time)?,
        Deed::Transaction => {
            let transaction = card.transaction()?;
            hold(time)?;
            transaction.end(Disposition::LeaveCard).map_err(|(_, error)| error)?;
        }
        Deed::ResetAndSelect => {
            card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::ResetCard)?;
            select(&card, arguments.aid.as_deref())?;
            hold(time)?;
        }
    }
    card.disconnect(Disposition::LeaveCard).map_err(|(_, error)| error)?;
    say("released")?;
    Ok(())
}

fn hold(time: Duration) -> io::Result<()> {
    say("holding")?;
    thread::sleep(time);
    Ok(())
}

fn watch(context: &Context, reader: &CStr, time: Duration) -> Result<(), ForeignError> {
    let end = Instant::now() + time;
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    let mut known: Option<(bool, u32)> = None;
    loop {
        match context.get_status_change(end.saturating_duration_since(Instant::now()), &mut states) {
            Err(pcsc::Error::Timeout) => return Ok(()),
            outcome => outcome?,
        }
        for state in &mut states {
            let present = state.event_state().contains(State::PRESENT);
            let count = state.event_count();
            match known {
                None => say(word(present))?,
                // PC/SC tells the state and how many events led to it: each of them turned the state over
                Some((mut present, before)) => {
                    for _ in 0..count.wrapping_sub(before) & 0xFFFF {
                        present = !present;
                        say(word(present))?;
                    }
                }
            }
            known = Some((present, count));
            state.sync_current_state();
        }
    }
}

fn word(present: bool) -> &'static str {
    if present { "present" } else { "absent" }
}

fn say(word: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{word}")?;
    output.flush()
}

fn reader_name(context: &Context, number: usize) -> Result<CString, ForeignError> {
    let mut names = vec![0; context.list_readers_len()?];
    let name = context.list_readers(&mut names)?.nth(number).map(CString::from);
    name.ok_or(ForeignError::Reader(number))
}

fn select(card: &Card, aid: Option<&str>) -> Result<(), ForeignError> {
    let command = match aid {
        None => vec![0x00, 0xA4, 0x00, 0x0C],
        Some(digits) => {
            let aid = bytes(digits).ok_or(ForeignError::Aid)?;
            let length = u8::try_from(aid.len()).map_err(|_| ForeignError::Aid)?;
            [&[0x00, 0xA4, 0x04, 0x0C, length], aid.as_slice()].concat()
        }
    };
    let mut answer = [0; 258];
    card.transmit(&command, &mut answer)?;
    Ok(())
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

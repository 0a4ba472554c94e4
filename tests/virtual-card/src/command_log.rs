//! What was exchanged with a card: headers, lengths, status words and times. Never data fields: they may hold a PIN.

use std::time::Duration;

use serde::Serialize;

use crate::command::Command;

/// One command and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Microseconds since 1970 when the command came in.
    pub time: u64,
    /// CLA INS P1 P2 in hexadecimal digits, as far as the command had them.
    pub header: String,
    /// Bytes of the data field; `None` when the lengths did not fit.
    pub lc: Option<usize>,
    /// Bytes expected in the answer.
    pub le: Option<usize>,
    /// Bytes of the command.
    pub bytes_in: usize,
    /// Bytes of the answer, with the status word.
    pub bytes_out: usize,
    /// The status word in hexadecimal digits; empty when none came.
    pub status: String,
    /// Microseconds until the answer was handed on.
    pub duration: u64,
    /// Whether a PIN, PUK or finger was presented.
    pub presented: bool,
}

impl LogEntry {
    /// `presented` is what the chip says; without secure messaging the command itself shows it.
    pub(crate) fn new(time: Duration, command: &[u8], answer: &[u8], presented: bool) -> Self {
        let parsed = Command::parse(command).ok();
        let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        let header = command.get(..4).unwrap_or(command);
        let status = answer.last_chunk::<2>().map_or(String::new(), |status| hexadecimal(status));
        Self {
            time: u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            header: hexadecimal(header),
            lc: parsed.as_ref().map(|command| command.data.len()),
            le: parsed.as_ref().and_then(|command| command.expected),
            bytes_in: command.len(),
            bytes_out: answer.len(),
            status,
            duration: 0,
            // of a chain (CLA bit 5) the last command counts
            presented: parsed.is_some_and(|command| match command.class & 0x1C {
                0x00 => matches!(command.instruction, 0x20 | 0x21) && !command.data.is_empty(),
                0x0C => matches!(command.instruction, 0x20 | 0x21) && presented,
                _ => false,
            }),
        }
    }

    /// Is it a command with this instruction?
    #[must_use]
    pub fn is(&self, instruction: u8) -> bool {
        self.header.get(2..4) == Some(&format!("{instruction:02X}"))
    }
}

/// All exchanges since the card was made, or since the log was cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLog {
    entries: Vec<LogEntry>,
    resets: usize,
    /// How many exchanges came before the last reset.
    before_reset: usize,
}

impl CommandLog {
    /// The exchanges, in order.
    #[must_use]
    pub fn entries(&self) -> &[LogEntry] {
        &self.entries
    }

    /// VERIFY commands that presented a PIN, PUK or finger; status queries are not counted.
    #[must_use]
    pub fn verify_count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.presented).count()
    }

    /// Resets and cold starts.
    #[must_use]
    pub const fn resets(&self) -> usize {
        self.resets
    }

    /// Whether the card was reset after the last exchange: whatever a command opened on it is closed.
    #[must_use]
    pub const fn ends_with_reset(&self) -> bool {
        self.resets > 0 && self.before_reset == self.entries.len()
    }

    pub(crate) fn add(&mut self, entry: LogEntry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    pub(crate) fn set_duration(&mut self, index: usize, duration: Duration) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.duration = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        }
    }

    pub(crate) fn count_reset(&mut self) {
        self.resets += 1;
        self.before_reset = self.entries.len();
    }
}

//! What commands cost on a card that is as slow as a real one.

use std::time::Duration;

use serde::Deserialize;

/// Time that a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Cost {
    /// Milliseconds for each command.
    pub command_milliseconds: u64,
    /// Microseconds for each byte to the card.
    pub byte_in_microseconds: u64,
    /// Microseconds for each byte from the card.
    pub byte_out_microseconds: u64,
}

impl Cost {
    /// The time for a command and an answer of these lengths.
    #[must_use]
    pub fn of(&self, bytes_in: usize, bytes_out: usize) -> Duration {
        let bytes = |count: usize, each: u64| {
            Duration::from_micros(u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(each))
        };
        Duration::from_millis(self.command_milliseconds)
            + bytes(bytes_in, self.byte_in_microseconds)
            + bytes(bytes_out, self.byte_out_microseconds)
    }
}

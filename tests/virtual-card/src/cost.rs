//! What commands cost on a card that is as slow as a real one.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Time that a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    /// A contactless card at 106 kbit/s (ISO/IEC 14443-3, type A: eight bits and one of parity a byte at 13.56 MHz / 128, which
    /// is 85 microseconds) that thinks for 20 milliseconds about each command.
    pub const CONTACTLESS_106: Self =
        Self { command_milliseconds: 20, byte_in_microseconds: 85, byte_out_microseconds: 85 };
    /// A contactless card at 848 kbit/s (nine bits at 13.56 MHz / 16: 10.6 microseconds, here 11) that thinks for 5.
    pub const CONTACTLESS_848: Self =
        Self { command_milliseconds: 5, byte_in_microseconds: 11, byte_out_microseconds: 11 };
    /// A contact card at 115,200 bit/s with T=1 (ISO/IEC 7816-3: start bit, eight bits, parity, two bits of guard time: 104
    /// microseconds) that thinks for 5.
    pub const CONTACT_T1: Self =
        Self { command_milliseconds: 5, byte_in_microseconds: 104, byte_out_microseconds: 104 };

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

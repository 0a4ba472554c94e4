//! A reader in this process with a software card in it, which writes down how long commands and answers are.

use bitaqa_card::{Transport, TransportError, transport::Limits};
use bitaqa_virtual_card::{Card, rules::Protocol};

use crate::exchange::Exchange;

/// What a reader carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderKind {
    /// Short lengths.
    Short,
    /// Extended lengths.
    Extended,
}

impl ReaderKind {
    /// Most bytes of an answer, without its status word.
    #[must_use]
    pub fn most(self) -> usize {
        self.limits().answer - 2
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Extended => "extended",
        }
    }

    fn limits(self) -> Limits {
        match self {
            Self::Short => Limits::default(),
            Self::Extended => Limits { command: 65_544, answer: 65_538 },
        }
    }
}

/// The reader.
pub struct Recorder {
    card: Card,
    kind: ReaderKind,
}

impl Recorder {
    /// With this card in it.
    #[must_use]
    pub fn new(card: Card, kind: ReaderKind) -> Self {
        Self { card, kind }
    }

    /// The card.
    #[must_use]
    pub const fn card(&self) -> &Card {
        &self.card
    }

    /// What was exchanged since the last time.
    pub fn take(&mut self) -> Vec<Exchange> {
        let entries = self.card.log().entries().iter();
        let exchanges = entries.map(|entry| Exchange { command: entry.bytes_in, answer: entry.bytes_out });
        let exchanges = exchanges.collect();
        self.card.clear_log();
        exchanges
    }

    /// The instructions of the commands since the last time, in their order.
    #[must_use]
    pub fn instructions(&self) -> Vec<u8> {
        let entries = self.card.log().entries().iter();
        entries.filter_map(|entry| u8::from_str_radix(entry.header.get(2..4)?, 16).ok()).collect()
    }

    /// The card is reset; nothing is forgotten of what was exchanged.
    pub fn reset(&mut self) {
        self.card.reset();
    }
}

impl Transport for Recorder {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let given = self.card.transmit(Protocol::T1, command).answer.ok_or(TransportError::Removed)?;
        answer.clear();
        answer.extend_from_slice(&given);
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.kind.limits()
    }
}

//! A transport that expects exactly these commands and gives exactly these answers.

use std::collections::VecDeque;

use crate::{
    apdu::MAX_SHORT_RESPONSE,
    profile::Link,
    test_hex::hex,
    transport::{Limits, Transport, TransportError},
};

/// What a card with chaining takes.
pub(crate) const CHAINING: Link =
    Link { extended_length: false, chaining: true, max_response: MAX_SHORT_RESPONSE };
/// What a card with extended length takes.
pub(crate) const EXTENDED: Link = Link { extended_length: true, chaining: true, max_response: 65_536 };

pub(crate) struct Script {
    exchanges: VecDeque<(Vec<u8>, Vec<u8>)>,
    limits: Limits,
}

impl Script {
    /// Commands and answers in hexadecimal.
    pub(crate) fn new(exchanges: &[(&str, &str)]) -> Self {
        let exchanges = exchanges.iter().map(|(command, answer)| (hex(command), hex(answer))).collect();
        Self { exchanges, limits: Limits { command: 70_000, answer: 70_000 } }
    }

    /// Whether every expected command was sent.
    pub(crate) fn is_done(&self) -> bool {
        self.exchanges.is_empty()
    }
}

impl Transport for Script {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let (expected, given) = self.exchanges.pop_front().ok_or(TransportError::Removed)?;
        assert_eq!(command, expected, "{command:02X?}");
        answer.clear();
        answer.extend_from_slice(&given);
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

//! A reader with one software card in it, that keeps what the card answered.

use bitaqa_card::{Transport, TransportError, transport::Limits};
use bitaqa_virtual_card::{Card, card::Removal, rules::Protocol};

/// More commands than any flow comes to: who sends more would never end.
const TOO_MANY: usize = 5_000;
/// What a reader without limits of its own carries.
pub(crate) const EXTENDED: Limits = Limits { command: 65_544, answer: 65_538 };

/// The reader.
pub(crate) struct Reader {
    pub(crate) card: Card,
    /// What the card answered, in order, as it arrived here.
    pub(crate) answers: Vec<Vec<u8>>,
    /// Commands that came before what the flow is about.
    pub(crate) prelude: usize,
    protocol: Protocol,
    limits: Limits,
    removed: bool,
}

impl Reader {
    pub(crate) fn with(card: Card, protocol: Protocol, limits: Limits) -> Self {
        Self { card, answers: Vec::new(), prelude: 0, protocol, limits, removed: false }
    }

    /// What was sent so far is what other flows are about: nothing is disturbed there.
    pub(crate) fn end_prelude(&mut self) {
        self.prelude = self.commands();
    }

    /// Commands so far.
    pub(crate) fn commands(&self) -> usize {
        self.card.log().entries().len()
    }
}

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        assert!(self.commands() < TOO_MANY, "the card is asked again and again");
        assert!(command.len() <= self.limits.command, "the reader cannot carry {} bytes", command.len());
        if self.removed {
            return Err(TransportError::Removed);
        }
        let exchange = self.card.transmit(self.protocol, command);
        self.removed = exchange.removal.is_some();
        if exchange.removal == Some(Removal::BeforeCommand) {
            return Err(TransportError::Removed);
        }
        *answer = exchange.answer.ok_or_else(|| TransportError::Fault("no answer".into()))?;
        self.answers.push(answer.clone());
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

//! A reader that disturbs what a software card says.

use bitaqa_card::{Transport, TransportError, transport::Limits};
use bitaqa_virtual_card::{Card, CardSpec, Pki, rules::Protocol};

/// A card that is taken away after some commands, or whose answer to one of them is changed on the way.
pub(crate) struct Reader {
    pub(crate) card: Card,
    /// Commands until it is taken away.
    pub(crate) commands_left: usize,
    /// Commands that it answered.
    pub(crate) sent: usize,
    /// Which answer is changed, and how.
    pub(crate) change: Option<(usize, Change)>,
    last: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    Truncated,
    Oversized,
    WrongTag,
    OneBit,
    Replayed,
}

impl Reader {
    pub(crate) fn with(spec: &CardSpec) -> Self {
        Self {
            card: spec.make(&Pki::generate().unwrap()).unwrap(),
            commands_left: 1000,
            sent: 0,
            change: None,
            last: vec![],
        }
    }
}

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        self.commands_left = self.commands_left.checked_sub(1).ok_or(TransportError::Removed)?;
        *answer = self.card.transmit(Protocol::T1, command).answer.ok_or(TransportError::Removed)?;
        let true_answer = answer.clone();
        match self.change.filter(|(at, _)| *at == self.sent) {
            Some((_, Change::Truncated)) => {
                answer.pop();
            }
            Some((_, Change::Oversized)) => drop(answer.splice(0..0, [0; 300])),
            Some((_, Change::WrongTag)) => answer[0] ^= 0x01,
            Some((_, Change::OneBit)) => {
                let at = answer.len() / 2;
                answer[at] ^= 0x10;
            }
            Some((_, Change::Replayed)) => answer.clone_from(&self.last),
            None => {}
        }
        self.last = true_answer;
        self.sent += 1;
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 65_544, answer: 65_538 }
    }
}

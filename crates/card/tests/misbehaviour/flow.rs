//! A flow: what is done with a card from the first command to the last.

use std::ops::RangeInclusive;

use bitaqa_card::{CardError, transport::Limits};
use bitaqa_virtual_card::{Card, CardSpec, icao::pace::PasswordKind, rules::Protocol};

use crate::{
    reader::{EXTENDED, Reader},
    sign_in::PKI,
};

/// How a flow ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With what was wanted, as bytes that can be compared.
    With(Vec<u8>),
    /// With the card's verdict on what was presented to it, in words.
    Refused(String),
    /// What came is not believed, and this says which check failed.
    NotBelieved(&'static str),
}

/// Runs a flow once. The number is another in each session: whatever the terminal draws depends on it.
pub(crate) type Run = Box<dyn Fn(&mut Reader, u8) -> Result<Ended, CardError>>;

/// A flow.
pub(crate) struct Flow {
    /// Which.
    pub(crate) name: String,
    /// Whether everything that the card says may be part of the result, as in a report.
    pub(crate) tells_everything: bool,
    /// Whether the result holds a proof that nobody but the card can give: a signature.
    pub(crate) proves_itself: bool,
    /// Tries that the flow may cost: one, where something wrong is presented, or where a spoiled answer makes it wrong.
    pub(crate) may_cost: u8,
    card: Card,
    protocol: Protocol,
    limits: Limits,
    run: Run,
}

impl Flow {
    pub(crate) fn new(
        name: impl Into<String>,
        spec: &CardSpec,
        run: impl Fn(&mut Reader, u8) -> Result<Ended, CardError> + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            tells_everything: false,
            proves_itself: false,
            may_cost: 0,
            card: spec.make(&PKI).unwrap(),
            protocol: spec.protocol.unwrap_or_default(),
            limits: Limits::default(),
            run: Box::new(run),
        }
    }

    /// Over a reader that carries extended length.
    pub(crate) fn extended(self) -> Self {
        Self { limits: EXTENDED, ..self }
    }

    pub(crate) fn costing(self, tries: u8) -> Self {
        Self { may_cost: tries, ..self }
    }

    pub(crate) fn proving_itself(self) -> Self {
        Self { proves_itself: true, ..self }
    }

    pub(crate) fn telling_everything(self) -> Self {
        Self { tells_everything: true, ..self }
    }

    /// A reader with this flow's card as it came out of the drawer.
    pub(crate) fn reader(&self) -> Reader {
        Reader::with(self.card.twin(), self.protocol, self.limits)
    }

    /// Runs it.
    pub(crate) fn run(&self, reader: &mut Reader, session: u8) -> Result<Ended, CardError> {
        (self.run)(reader, session)
    }
}

/// The commands of a run that nobody disturbed.
pub(crate) struct Undisturbed {
    /// What it ended with.
    pub(crate) ended: Ended,
    /// The commands that the flow is about, counted from 1.
    pub(crate) commands: RangeInclusive<usize>,
    /// Each command's place.
    pub(crate) places: Vec<Place>,
    /// What the card answered in a session before.
    pub(crate) before: Vec<Vec<u8>>,
}

/// One command of a flow.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Counted from 1.
    pub(crate) at: usize,
    /// Commands of the flow.
    pub(crate) last: usize,
    /// INS.
    pub(crate) instruction: u8,
    /// Whether it goes through secure messaging.
    pub(crate) is_protected: bool,
    /// Whether it carries a PIN or a PUK.
    pub(crate) presents: bool,
    /// Whether its answer has data.
    pub(crate) has_data: bool,
}

impl Place {
    /// Whether the command reads: files and data objects (02 and B8 are READ and GET DATA of GCC cards).
    pub(crate) const fn reads(&self) -> bool {
        matches!(self.instruction, 0x02 | 0xB0 | 0xB1 | 0xB8 | 0xC0 | 0xCA | 0xCB)
    }

    /// Whether the status word is what the command asks for: VERIFY without a PIN tells the tries.
    pub(crate) const fn asks_for_tries(&self) -> bool {
        self.instruction == 0x20 && !self.presents
    }

    /// Whether what the card is, and what it has, is found out by it.
    pub(crate) const fn seeks(&self) -> bool {
        self.reads() || self.instruction == 0xA4
    }
}

impl Undisturbed {
    /// Whether the answer before this place told how much there is, and nothing else.
    pub(crate) fn announces_before(&self, place: &Place) -> bool {
        let answer = place.at.checked_sub(2).and_then(|index| self.before.get(index));
        let status = answer.and_then(|answer| answer.last_chunk::<2>());
        matches!(status, Some([0x61 | 0x6C, _]))
    }

    /// Runs it twice, with the same result.
    pub(crate) fn of(flow: &Flow) -> Self {
        let mut first = flow.reader();
        let ended = flow.run(&mut first, 1).unwrap_or_else(|error| panic!("{}: {error}", flow.name));
        let mut second = flow.reader();
        assert_eq!(flow.run(&mut second, 2), Ok(ended.clone()), "{}", flow.name);
        let entries = second.card.log().entries();
        let places = entries.iter().zip(&second.answers).enumerate().map(|(index, (entry, answer))| {
            let byte = |at: usize| u8::from_str_radix(&entry.header[at..at + 2], 16).unwrap();
            Place {
                at: index + 1,
                last: entries.len(),
                instruction: byte(2),
                is_protected: byte(0) & 0x0C == 0x0C,
                presents: entry.presented
                    || matches!(byte(2), 0x24 | 0x2C)
                    || byte(2) == 0x20 && entry.lc.is_some_and(|length| length > 0),
                has_data: answer.len() > 2,
            }
        });
        let places: Vec<Place> = places.collect();
        assert!(!places.is_empty() && first.prelude < places.len(), "{}", flow.name);
        let commands = second.prelude + 1..=places.len();
        Self { ended, commands, places, before: first.answers }
    }
}

/// Every counter of a card: tries of PINs and PUKs, and of those passwords of PACE that count theirs.
pub(crate) fn counters(card: &Card) -> Vec<u8> {
    let passwords =
        [PasswordKind::Can, PasswordKind::Pin, PasswordKind::Puk].into_iter().filter_map(|kind| {
            use bitaqa_virtual_card::icao::pace::PasswordState::{Counted, Deactivated, NonBlocking};
            match card.password_state(kind)? {
                NonBlocking { .. } => None,
                Counted { left, .. } | Deactivated { left, .. } => Some(left),
            }
        });
    card.counters().into_iter().map(|(_, left)| left).chain(passwords).collect()
}

//! What is asked on the terminal.

use bitaqa_card::{
    PinFormat,
    layout::PinObject,
    pin::{PinAlphabet, PinError},
};
use zeroize::Zeroizing;

use super::{CardFault, PinFault, called};
use crate::terminal::Terminal;

/// A secret, as ASCII.
type Secret = Zeroizing<Vec<u8>>;

/// Questions about one PIN. What does not fit the card is refused at once, before the next question.
pub(in crate::card) struct Questions<'a> {
    terminal: Terminal,
    name: String,
    format: &'a PinFormat,
}

impl<'a> Questions<'a> {
    pub(in crate::card) fn open(pin: &'a PinObject) -> Result<Self, CardFault> {
        Ok(Self {
            terminal: Terminal::controlling()?,
            name: called(pin.label.as_deref()),
            format: &pin.format,
        })
    }

    /// The PIN, for what it guards.
    pub(in crate::card) fn pin(&mut self) -> Result<Secret, CardFault> {
        let pin = self.terminal.ask(&self.name)?;
        self.fits("the PIN", self.format, self.format.check(&pin))?;
        Ok(pin)
    }

    /// Says something before a question.
    pub(in crate::card) fn remark(&mut self, text: &str) -> Result<(), CardFault> {
        Ok(self.terminal.remark(text)?)
    }

    pub(super) fn current_pin(&mut self) -> Result<Secret, CardFault> {
        let pin = self.terminal.ask(&format!("Current {}", self.name))?;
        self.fits("the current PIN", self.format, self.format.check(&pin))?;
        Ok(pin)
    }

    pub(super) fn transport_value(&mut self) -> Result<Secret, CardFault> {
        let value = self.terminal.ask(&format!("{} that came with the card", self.name))?;
        self.fits("the PIN that came with the card", self.format, self.format.check_transport(&value))?;
        Ok(value)
    }

    pub(super) fn puk(&mut self, format: &PinFormat) -> Result<Secret, CardFault> {
        let puk = self.terminal.ask("PUK")?;
        self.fits("the PUK", format, format.check(&puk))?;
        Ok(puk)
    }

    /// The new PIN, typed twice, and not the old one.
    pub(super) fn new_pin(&mut self, old: Option<&[u8]>) -> Result<Secret, CardFault> {
        let new = self.terminal.ask(&format!("New {}", self.name))?;
        self.fits("the new PIN", self.format, self.format.check(&new))?;
        if old == Some(&new) {
            return Err(PinFault::NotNew.into());
        }
        let again = self.terminal.ask(&format!("New {} again", self.name))?;
        if again == new { Ok(new) } else { Err(PinFault::NotTheSame.into()) }
    }

    fn fits(
        &self,
        what: &'static str,
        format: &PinFormat,
        check: Result<(), PinError>,
    ) -> Result<(), PinFault> {
        let characters = match format.alphabet {
            PinAlphabet::Digits => "digits",
            PinAlphabet::Ascii => "characters of ASCII",
        };
        let (least, most) = (format.min_length, format.max_length);
        check.map_err(|_| PinFault::DoesNotFit { what, least, most, characters })
    }
}

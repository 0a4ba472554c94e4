//! Command and response pairs over a transport: length, chaining and the status words that ask for another command.

use crate::{
    apdu::{CLA_CHAINING, Command, MAX_SHORT_DATA, MAX_SHORT_RESPONSE, Response, StatusWord, ins},
    error::{CardError, Misbehaviour},
    pin::PinFormat,
    profile::Link,
    transport::Transport,
};

/// Most bytes one command's answer may add up to.
const MAX_ANSWER: usize = 65_536;

/// A transport together with what card and reader can carry. The only place that knows `61xx`, `6Cxx`, chaining and
/// extended length.
pub struct Channel<'t> {
    transport: &'t mut dyn Transport,
    link: Link,
    answer: Vec<u8>,
}

impl<'t> Channel<'t> {
    /// Over this transport; what the reader cannot carry is not used, whatever the card could do.
    pub fn new(transport: &'t mut dyn Transport, link: Link) -> Self {
        Self { transport, link, answer: Vec::with_capacity(MAX_SHORT_RESPONSE + 2) }
    }

    /// Replaces what is known of the card.
    pub const fn set_link(&mut self, link: Link) {
        self.link = link;
    }

    /// Most data bytes one answer can bring: the smallest of what the card, the reader and the length form allow.
    #[must_use]
    pub fn max_response(&self) -> usize {
        let form = if self.extended() { usize::MAX } else { MAX_SHORT_RESPONSE };
        self.link.max_response.min(form).min(self.transport.limits().answer.saturating_sub(2)).max(1)
    }

    /// Sends a command and collects its whole answer.
    ///
    /// # Errors
    /// Transport faults, and misbehaviour: no status word, too much data, endless requests to ask again. A status word
    /// other than 9000 is no error here.
    pub fn send(&mut self, command: &Command) -> Result<Response, CardError> {
        let response = if self.extended() && !command.fits_short() && self.fits_reader(command) {
            let apdu = command
                .encode_extended()
                .ok_or(CardError::Unsupported("a command of more than 65,535 bytes"))?;
            self.exchange(&apdu)?
        } else if command.data.len() > MAX_SHORT_DATA {
            self.send_chain(command)?
        } else {
            self.send_short(command)?
        };
        self.collect(command, response)
    }

    /// Sends a short command and gives the first part of its answer; what more there is (`61xx`) is not fetched, and lost
    /// with the next command. To ask whether something is there.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn begin(&mut self, command: &Command) -> Result<Response, CardError> {
        self.send_short(command)
    }

    /// Sends VERIFY with a PIN that the caller wrote into memory of its own.
    ///
    /// # Errors
    /// Transport faults and an answer without status word.
    pub fn send_verify(&mut self, apdu: &[u8]) -> Result<StatusWord, CardError> {
        Ok(self.exchange(apdu)?.status)
    }

    /// VERIFY on the reader's key pad.
    ///
    /// # Errors
    /// Transport faults.
    pub fn verify_on_pin_pad(&mut self, format: &PinFormat) -> Result<StatusWord, CardError> {
        Ok(self.transport.verify_on_pin_pad(format)?)
    }

    fn extended(&self) -> bool {
        self.link.extended_length && self.transport.limits().answer > MAX_SHORT_RESPONSE + 2
    }

    fn fits_reader(&self, command: &Command) -> bool {
        // header, long Lc, long Le
        command.data.len() + 9 <= self.transport.limits().command
    }

    fn send_short(&mut self, command: &Command) -> Result<Response, CardError> {
        let apdu = command
            .encode_short()
            .ok_or(CardError::Unsupported("a command that is too long for this card"))?;
        self.exchange(&apdu)
    }

    /// Command chaining (ISO/IEC 7816-4, section 5.3.3).
    fn send_chain(&mut self, command: &Command) -> Result<Response, CardError> {
        if !self.link.chaining {
            return Err(CardError::Unsupported("a command that is too long for this card"));
        }
        let mut parts = command.data.chunks(MAX_SHORT_DATA).peekable();
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            let link = Command {
                cla: if last { command.cla } else { command.cla | CLA_CHAINING },
                data: part.to_vec(),
                le: if last { command.le } else { None },
                ..*command
            };
            let response = self.send_short(&link)?;
            if last || response.status != StatusWord::OK {
                return Ok(response);
            }
        }
        Err(CardError::Unsupported("an empty chain"))
    }

    /// `6Cxx`: once more with the right Le. `61xx`: GET RESPONSE until there is no more.
    fn collect(&mut self, command: &Command, mut response: Response) -> Result<Response, CardError> {
        if let Some(exact) = response.status.exact_length() {
            let le = if exact == 0 { MAX_SHORT_RESPONSE } else { usize::from(exact) };
            let again = Command { le: Some(le), ..command.clone() };
            response = if again.data.len() > MAX_SHORT_DATA {
                self.send_chain(&again)?
            } else {
                self.send_short(&again)?
            };
            if response.status.exact_length().is_some() {
                return Err(Misbehaviour::EndlessAnswer.into());
            }
        }
        while let Some(more) = response.status.more_available() {
            let le = if more == 0 { MAX_SHORT_RESPONSE } else { usize::from(more) };
            let get = Command { cla: command.cla, ..Command::new(ins::GET_RESPONSE, 0, 0) }.le(le);
            let next = self.send_short(&get)?;
            if next.data.is_empty() && next.status.more_available().is_some() {
                return Err(Misbehaviour::EndlessAnswer.into());
            }
            response.data.extend_from_slice(&next.data);
            response.status = next.status;
            if response.data.len() > MAX_ANSWER {
                return Err(Misbehaviour::TooMuchData { bytes: response.data.len() }.into());
            }
        }
        Ok(response)
    }

    fn exchange(&mut self, apdu: &[u8]) -> Result<Response, CardError> {
        self.transport.transmit(apdu, &mut self.answer)?;
        if self.answer.len() > MAX_ANSWER + 2 {
            return Err(Misbehaviour::TooMuchData { bytes: self.answer.len() }.into());
        }
        Response::parse(std::mem::take(&mut self.answer))
    }
}

//! Command and response pairs over a transport: length, chaining and the status words that ask for another command.

mod pin;

use zeroize::Zeroizing;

use crate::{
    apdu::{CLA_CHAINING, Command, MAX_SHORT_DATA, MAX_SHORT_RESPONSE, Response, StatusWord, ins},
    error::{CardError, Misbehaviour},
    historical_bytes,
    lds::CardCapabilities,
    profile::Link,
    secure_messaging::{self, LengthForm, SecureMessaging, SecureMessagingFault},
    transport::Transport,
};

/// Most bytes one command's answer may add up to.
const MAX_ANSWER: usize = 65_536;
/// Most times that the rest of one answer is asked for: twice what the longest answer takes.
const MAX_PARTS: usize = 512;

/// A transport together with what card and reader can carry. The only place that knows `61xx`, `6Cxx`, chaining,
/// extended length, and whether commands are protected.
pub struct Channel<'t> {
    transport: &'t mut dyn Transport,
    link: Link,
    answer: Vec<u8>,
    protection: Protection,
    /// What the answer to reset says of lengths.
    capabilities: Option<CardCapabilities>,
    found_closed: bool,
}

/// Whether commands go through secure messaging.
enum Protection {
    None,
    Session(SecureMessaging),
    /// The session failed, and its keys are gone. Unprotected commands would tell the card, or whoever stands between,
    /// what was meant for the session.
    Ended,
}

/// Whether a command may go out twice where the card asks for another Le.
#[derive(Clone, Copy)]
enum Repeat {
    Allowed,
    /// It carries a PIN, and could cost a second try.
    Never,
}

impl<'t> Channel<'t> {
    /// Over this transport; what the reader cannot carry is not used, whatever the card could do.
    pub fn new(transport: &'t mut dyn Transport, link: Link) -> Self {
        Self {
            transport,
            link,
            answer: Vec::with_capacity(MAX_SHORT_RESPONSE + 2),
            protection: Protection::None,
            capabilities: None,
            found_closed: false,
        }
    }

    /// Takes note of what the answer to reset says of lengths: it only ever saves a question.
    #[must_use]
    pub fn with_answer_to_reset(mut self, atr: &[u8]) -> Self {
        self.capabilities = historical_bytes::card_capabilities(atr);
        self
    }

    /// From now on, everything is sent under these keys; they replace those of a running session. A session that failed
    /// is not replaced: that takes a reset of the card, and a new channel.
    pub fn protect(&mut self, session: SecureMessaging) {
        if !matches!(self.protection, Protection::Ended) {
            self.protection = Protection::Session(session);
        }
    }

    /// Drops the session's keys: what follows is sent unprotected. A session that failed stays ended.
    pub fn end_protection(&mut self) {
        if !matches!(self.protection, Protection::Ended) {
            self.protection = Protection::None;
        }
    }

    /// Whether commands are protected.
    #[must_use]
    pub const fn is_protected(&self) -> bool {
        matches!(self.protection, Protection::Session(_))
    }

    /// Whether commands go in the clear.
    #[must_use]
    pub(crate) const fn is_in_the_clear(&self) -> bool {
        matches!(self.protection, Protection::None)
    }

    /// Whether the session failed: nothing more is sent, and nothing else that the card could be asked is answered.
    #[must_use]
    pub(crate) const fn has_ended(&self) -> bool {
        matches!(self.protection, Protection::Ended)
    }

    /// Whether the card refused an unprotected command because something must come first: perhaps protection.
    #[must_use]
    pub const fn found_closed(&self) -> bool {
        self.found_closed
    }

    /// Replaces what is known of the card.
    pub const fn set_link(&mut self, link: Link) {
        self.link = link;
    }

    /// Whether it is worth asking the card how much it carries: the reader carries more than short lengths, and the answer to
    /// reset does not say that the card has no others.
    #[must_use]
    pub fn may_carry_extended_length(&self) -> bool {
        self.reader_carries_extended_length()
            && self.capabilities.is_none_or(|capabilities| capabilities.extended_length)
    }

    /// Most data bytes one answer can bring: the smallest of what the card, the reader and the length form allow, less
    /// what protection takes of it.
    #[must_use]
    pub fn max_response(&self) -> usize {
        let limit = self.max_answer();
        match &self.protection {
            Protection::Session(session) => session.max_plain_response(limit),
            Protection::None | Protection::Ended => limit,
        }
        .max(1)
    }

    /// Sends a command and collects its whole answer, protected if the channel is.
    ///
    /// # Errors
    /// Transport faults, and misbehaviour: no status word, too much data, endless requests to ask again, an answer that
    /// the session does not believe. A status word other than 9000 is no error here.
    pub fn send(&mut self, command: &Command) -> Result<Response, CardError> {
        let response = self.send_any(command)?;
        self.collect(command, response)
    }

    /// Sends a short command and gives the first part of its answer; what more there is (`61xx`) is not fetched, and lost
    /// with the next command. To ask whether something is there. Inside a session it is fetched all the same.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn begin(&mut self, command: &Command) -> Result<Response, CardError> {
        match self.protection {
            Protection::None => self.send_short(command),
            Protection::Session(_) | Protection::Ended => self.send_any(command),
        }
    }

    /// Sends a command that somebody else protected under keys that this side does not have, as the last of the session:
    /// whatever comes back, nothing more is sent.
    pub(crate) fn send_last(&mut self, apdu: &[u8]) -> Result<Response, CardError> {
        if !matches!(std::mem::replace(&mut self.protection, Protection::Ended), Protection::Session(_)) {
            return Err(CardError::SessionEnded);
        }
        let answer = self.exchange(apdu)?;
        if secure_messaging::is_whole_answer(&answer.data) {
            Ok(answer)
        } else {
            self.collect_more(0x00, answer)
        }
    }

    /// Asks the reader whether the card is still there; the card hears nothing of it.
    pub(crate) fn keep_alive(&mut self) -> Result<(), CardError> {
        Ok(self.transport.keep_alive()?)
    }

    /// Most bytes of an answer without its status word, protected or not.
    fn max_answer(&self) -> usize {
        let form = if self.extended() { usize::MAX } else { MAX_SHORT_RESPONSE };
        self.link.max_response.min(form).min(self.transport.limits().answer.saturating_sub(2)).max(1)
    }

    fn send_any(&mut self, command: &Command) -> Result<Response, CardError> {
        match self.protection {
            Protection::None => self.send_plain(command),
            Protection::Session(_) => self.send_protected(command),
            Protection::Ended => Err(CardError::SessionEnded),
        }
    }

    fn send_plain(&mut self, command: &Command) -> Result<Response, CardError> {
        if self.extended() && !command.fits_short() && self.fits_reader(command.data.len()) {
            let apdu = command
                .encode_extended()
                .ok_or(CardError::Unsupported("a command of more than 65,535 bytes"))?;
            self.exchange(&apdu)
        } else if command.data.len() > MAX_SHORT_DATA {
            self.send_chain(command, MAX_SHORT_DATA)
        } else {
            self.send_short(command)
        }
    }

    /// Like [`send_plain`](Self::send_plain), by the lengths that the command and its answer have once they are protected.
    fn send_protected(&mut self, command: &Command) -> Result<Response, CardError> {
        let Protection::Session(session) = &self.protection else { return Err(CardError::SessionEnded) };
        let length = session.protected_data_length(command.ins, command.data.len(), command.le);
        let answer = session.protected_answer_length(command.le.unwrap_or(0));
        let part = session.max_plain_data(command.ins, command.le, MAX_SHORT_DATA);
        let fits_short = length <= MAX_SHORT_DATA && answer <= MAX_SHORT_RESPONSE;
        if self.extended() && !fits_short && self.fits_reader(length) {
            self.exchange_command(command, LengthForm::Extended)
        } else if length > MAX_SHORT_DATA {
            self.send_chain(command, part)
        } else {
            self.exchange_command(command, LengthForm::Short)
        }
    }

    fn exchange_command(&mut self, command: &Command, form: LengthForm) -> Result<Response, CardError> {
        let Command { cla, ins, p1, p2, .. } = *command;
        let le = match form {
            LengthForm::Short => command.le.map(|le| le.min(MAX_SHORT_RESPONSE)),
            LengthForm::Extended => command.le,
        };
        self.exchange_protected([cla, ins, p1, p2], &command.data, le, form, Repeat::Allowed)
    }

    /// One protected command and its answer. Whatever fails here ends the session: its counter, or the card, can no
    /// longer be trusted.
    fn exchange_protected(
        &mut self,
        header: [u8; 4],
        data: &[u8],
        le: Option<usize>,
        form: LengthForm,
        repeat: Repeat,
    ) -> Result<Response, CardError> {
        // The keys stay out of reach until the answer is believed, and are dropped if it is not.
        let mut session = match std::mem::replace(&mut self.protection, Protection::Ended) {
            Protection::Session(session) => session,
            Protection::None | Protection::Ended => return Err(CardError::SessionEnded),
        };
        let mut apdu = match session.wrap(header, data, le, form) {
            Ok(apdu) => Zeroizing::new(apdu),
            // too long: nothing was counted or sent
            Err(error) => {
                self.protection = Protection::Session(session);
                return Err(error);
            }
        };
        let mut answer = self.exchange(&apdu)?;
        if let (Some(exact), LengthForm::Short, Repeat::Allowed) =
            (answer.status.exact_length(), form, repeat)
            && answer.data.is_empty()
            && let Some(outer_le) = apdu.last_mut()
        {
            // From below the session: the same command again, since the outer Le is no part of what is protected.
            *outer_le = exact;
            answer = self.exchange(&apdu)?;
        }
        // A whole protected answer may say 61xx itself, which is for the caller to follow inside the session.
        if !secure_messaging::is_whole_answer(&answer.data) {
            answer = self.collect_more(header[0], answer).map_err(|error| match error {
                // nobody in the session said so
                CardError::Refused { status, .. } => {
                    Misbehaviour::from(SecureMessagingFault::Unprotected { status }).into()
                }
                error => error,
            })?;
        }
        let response = session.unwrap(&answer).map_err(Misbehaviour::from)?;
        self.protection = Protection::Session(session);
        Ok(response)
    }

    fn extended(&self) -> bool {
        self.link.extended_length && self.reader_carries_extended_length()
    }

    fn reader_carries_extended_length(&self) -> bool {
        self.transport.limits().answer > MAX_SHORT_RESPONSE + 2
    }

    fn fits_reader(&self, data_length: usize) -> bool {
        // header, long Lc, long Le
        data_length + 9 <= self.transport.limits().command
    }

    fn send_short(&mut self, command: &Command) -> Result<Response, CardError> {
        let apdu = command
            .encode_short()
            .ok_or(CardError::Unsupported("a command that is too long for this card"))?;
        self.exchange(&apdu)
    }

    /// Command chaining (ISO/IEC 7816-4, section 5.3.3) in parts of at most this much. In a session each part is
    /// protected by itself.
    fn send_chain(&mut self, command: &Command, length: usize) -> Result<Response, CardError> {
        if !self.link.chaining {
            return Err(CardError::Unsupported("a command that is too long for this card"));
        }
        let mut parts = command.data.chunks(length.max(1)).peekable();
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            let link = Command {
                cla: if last { command.cla } else { command.cla | CLA_CHAINING },
                data: part.to_vec(),
                le: if last { command.le } else { None },
                ..*command
            };
            let response = if self.is_protected() {
                self.exchange_command(&link, LengthForm::Short)?
            } else {
                self.send_short(&link)?
            };
            if last || response.status != StatusWord::OK {
                return Ok(response);
            }
        }
        Err(CardError::Unsupported("an empty chain"))
    }

    /// `6Cxx`: once more with the right Le. `61xx`: GET RESPONSE until there is no more.
    fn collect(&mut self, command: &Command, mut response: Response) -> Result<Response, CardError> {
        if let Some(exact) = response.status.exact_length()
            && may_go_out_twice(command.ins)
        {
            let again = Command { le: Some(awaited(exact)), ..command.clone() };
            response = if self.is_protected() {
                self.send_protected(&again)?
            } else if again.data.len() > MAX_SHORT_DATA {
                self.send_chain(&again, MAX_SHORT_DATA)?
            } else {
                self.send_short(&again)?
            };
            if response.status.exact_length().is_some() {
                return Err(Misbehaviour::EndlessAnswer.into());
            }
        }
        self.collect_more(command.cla, response)
    }

    /// `61xx`: GET RESPONSE until there is no more, in the class of the command, but not in its chain.
    fn collect_more(&mut self, cla: u8, mut response: Response) -> Result<Response, CardError> {
        let mut parts = 0;
        while let Some(more) = response.status.more_available() {
            parts += 1;
            if parts > MAX_PARTS {
                return Err(Misbehaviour::EndlessAnswer.into());
            }
            let get = Command { cla: cla & !CLA_CHAINING, ..Command::new(ins::GET_RESPONSE, 0, 0) }
                .le(awaited(more));
            let next = if self.is_protected() { self.send_protected(&get)? } else { self.send_short(&get)? };
            if next.data.is_empty() && next.status.more_available().is_some() {
                return Err(Misbehaviour::EndlessAnswer.into());
            }
            // without data it is GET RESPONSE that is refused: the command itself was carried out, and is not answered
            if next.data.is_empty() && !matches!(next.status.sw1(), 0x61..=0x63 | 0x90) {
                return Err(CardError::Refused { command: "GET RESPONSE", status: next.status });
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
        let response = Response::parse(std::mem::take(&mut self.answer))?;
        self.found_closed |= self.is_in_the_clear() && response.status.is_closed();
        Ok(response)
    }
}

/// Whether a command changes nothing on the card that would make its second time another command. A step of a protocol does:
/// the chip would take it for a wrong one, and a right key would seem to be wrong.
const fn may_go_out_twice(instruction: u8) -> bool {
    !matches!(instruction, ins::EXTERNAL_AUTHENTICATE | ins::GENERAL_AUTHENTICATE)
}

/// The length that `61xx` or `6Cxx` names.
fn awaited(sw2: u8) -> usize {
    if sw2 == 0 { MAX_SHORT_RESPONSE } else { usize::from(sw2) }
}

//! How commands and answers travel that are longer than one APDU: chains, GET RESPONSE, lengths that do not fit
//! (ISO 7816-3, section 12.2; ISO 7816-4, sections 5.1 and 5.3).

use crate::{
    chip::{Answer, CHAINING_BIT, Chip, Refusal},
    command::Command,
    rules::{LongAnswer, Protocol},
    status::StatusWord,
};

/// Most bytes that a chain of commands may carry together.
const MAX_CHAIN: usize = 32_768;

impl Chip {
    /// Puts the commands of a chain together (ISO 7816-4, section 5.3.3); `None` while more are to come.
    pub(crate) fn link_chain(&mut self, command: Command) -> Result<Option<Command>, Refusal> {
        let last = command.class & CHAINING_BIT == 0;
        // of GENERAL AUTHENTICATE each link has an answer of its own (ISO 7816-4, section 11.5.5)
        if command.instruction == 0x86 && self.document.is_some() {
            self.session.chain = None;
            return Ok(Some(command));
        }
        let Some(mut chain) = self.session.chain.take() else {
            if !last {
                self.session.chain = Some(command);
                return Ok(None);
            }
            return Ok(Some(command));
        };
        let same = (chain.instruction, chain.p1, chain.p2) == (command.instruction, command.p1, command.p2);
        if !same {
            return Err(StatusWord::LAST_OF_CHAIN_EXPECTED.into());
        }
        if chain.data.len() + command.data.len() > MAX_CHAIN {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        chain.data.extend_from_slice(&command.data);
        if last {
            chain.class = command.class;
            chain.expected = command.expected;
            chain.extended = command.extended;
            return Ok(Some(chain));
        }
        self.session.chain = Some(chain);
        Ok(None)
    }

    /// Lays the answer out as Le and the transmission protocol ask (ISO 7816-3, section 12.2; ISO 7816-4, section 5.1).
    pub(crate) fn shape(
        &mut self,
        command: &Command,
        answer: Answer,
    ) -> Result<(Vec<u8>, StatusWord), Refusal> {
        let Answer { data, status, optional } = answer;
        let length = data.len();
        self.session.waiting_status = status;
        if length == 0 {
            return Ok((data, status));
        }
        let t0 = self.session.protocol == Protocol::T0;
        let Some(expected) = command.expected else {
            if optional && !t0 {
                return Ok((Vec::new(), status));
            }
            return Ok(self.keep_waiting(data));
        };
        if t0 && !command.data.is_empty() {
            return Ok(self.keep_waiting(data));
        }
        // 6CXX has no room for a length that is beyond short ones
        let is_beyond_short = length > 256 && !command.extended;
        if expected < length && (self.rules.long_answer == LongAnswer::Chained || is_beyond_short) {
            let (now, later) = data.split_at_checked(expected).unwrap_or((&data, &[]));
            let now = now.to_vec();
            let (_, status) = self.keep_waiting(later.to_vec());
            return Ok((now, status));
        }
        if expected < length || (t0 && expected != length && length < 256) {
            // with the right length the end of a file comes as no surprise
            let status = if status == StatusWord::END_OF_FILE { StatusWord::SUCCESS } else { status };
            self.session.held = Some((command.clone(), Answer { data, status, optional }));
            return Err(StatusWord::right_length(length).into());
        }
        if length > self.rules.max_answer {
            let (now, later) = data.split_at_checked(self.rules.max_answer).unwrap_or((&data, &[]));
            let now = now.to_vec();
            let (_, status) = self.keep_waiting(later.to_vec());
            return Ok((now, status));
        }
        Ok((data, status))
    }

    pub(crate) fn keep_waiting(&mut self, data: Vec<u8>) -> (Vec<u8>, StatusWord) {
        let status = StatusWord::bytes_waiting(data.len());
        self.session.waiting = data;
        (Vec::new(), status)
    }

    /// GET RESPONSE (section 11.8.1).
    pub(crate) fn get_response(&mut self, command: &Command) -> Result<(Vec<u8>, StatusWord), Refusal> {
        if command.parameters() != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        let waiting = self.session.waiting.len();
        if waiting == 0 {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED.into());
        }
        let expected = command.expected.ok_or(StatusWord::WRONG_LENGTH)?;
        if self.session.protocol == Protocol::T0 && expected > waiting && expected < 256 {
            return Err(StatusWord::right_length(waiting).into());
        }
        let now = expected.min(self.rules.max_answer).min(waiting);
        let later = self.session.waiting.split_off(now);
        let data = std::mem::replace(&mut self.session.waiting, later);
        let left = self.session.waiting.len();
        Ok((data, if left == 0 { self.session.waiting_status } else { StatusWord::bytes_waiting(left) }))
    }
}

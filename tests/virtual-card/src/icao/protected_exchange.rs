//! Commands that come under secure messaging.

use crate::{
    chip::{Answer, CHAINING_BIT, Chip, Refusal},
    command::{Command, SHORT_NE},
    rules::Protocol,
    status::StatusWord,
};

/// Bits 4 and 3 of an interindustry class: secure messaging whose code covers the header (ISO 7816-4, table 2).
pub(crate) fn is_protected(command: &Command) -> bool {
    command.class & 0xEC == 0x0C
}

impl Chip {
    /// Undoes the protection, carries the command out, protects the answer. Any fault ends the session.
    pub(crate) fn exchange_protected(&mut self, outer: &Command) -> Result<(Vec<u8>, StatusWord), Refusal> {
        let opened = self.session.icao.take_secure_messaging().and_then(|mut secure| {
            let command = secure.open(outer)?;
            Ok((secure, command))
        });
        let (mut secure, command) = match opened {
            Ok(opened) => opened,
            Err(fault) => {
                self.session.end_protection();
                return Err(StatusWord::from(fault).into());
            }
        };
        let most = outer.expected.unwrap_or(SHORT_NE).min(self.rules.max_answer);
        self.session.room = secure.room_in(most);
        let instruction = command.instruction;
        let (data, status) = match self.execute_protected(command) {
            Ok(answer) => answer,
            Err(Refusal(status)) => (Vec::new(), status),
        };
        let sealed = secure.seal(instruction, &data, status);
        self.session.icao.keep_secure_messaging(secure);
        self.session.waiting_status = status;
        if outer.expected.is_none() || self.session.protocol == Protocol::T0 {
            return Ok(self.keep_waiting(sealed));
        }
        match sealed.split_at_checked(most) {
            Some((now, later)) if !later.is_empty() => {
                let (_, status) = self.keep_waiting(later.to_vec());
                Ok((now.to_vec(), status))
            }
            _ => Ok((sealed, status)),
        }
    }

    fn execute_protected(&mut self, command: Command) -> Result<(Vec<u8>, StatusWord), Refusal> {
        if command.class & CHAINING_BIT != 0 && !self.rules.chaining {
            return Err(StatusWord::CHAINING_NOT_SUPPORTED.into());
        }
        let Some(command) = self.link_chain(command)? else {
            return Ok((Vec::new(), StatusWord::SUCCESS));
        };
        let Answer { data, status, optional } = self.execute(&command)?;
        self.given.extend_from_slice(&data);
        match command.expected {
            _ if data.is_empty() => Ok((data, status)),
            None if optional => Ok((Vec::new(), status)),
            None => Err(StatusWord::WRONG_LENGTH.into()),
            Some(expected) if expected < data.len() => Err(StatusWord::right_length(data.len()).into()),
            Some(_) => Ok((data, status)),
        }
    }
}

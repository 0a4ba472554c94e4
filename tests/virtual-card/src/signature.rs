//! PSO: HASH, PSO: COMPUTE DIGITAL SIGNATURE (ISO 7816-8, sections 5.2 to 5.4) and INTERNAL AUTHENTICATE (ISO 7816-4, section 11.6.4).

use crate::{
    ber_tlv::objects,
    chip::{Answer, Chip, Refusal},
    command::Command,
    private_key::KeyError,
    security_environment::Template,
    status::StatusWord,
};

impl Chip {
    pub(crate) fn perform_security_operation(&mut self, command: &Command) -> Result<Answer, Refusal> {
        match command.parameters() {
            0x9080 | 0x90A0 => self.hash(command),
            0x9E9A => self.compute_digital_signature(command),
            _ => Err(StatusWord::WRONG_PARAMETERS.into()),
        }
    }

    /// P2 = 80: the chip hashes the data field; P2 = A0: the terminal hashed, the value stands in data object `90`, or
    /// it hashed all but the last block, which stands in `80` beside an intermediate value with the number of its bits.
    fn hash(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let digest = match self.session.environment.hash {
            Some(digest) => digest,
            None => {
                let (_, mechanism) = self.chosen(Template::DigitalSignature)?;
                mechanism.digest().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?
            }
        };
        let value = match command.p2 {
            0x80 => digest.of(&command.data),
            _ => match objects(&command.data).ok_or(StatusWord::WRONG_DATA)?.as_slice() {
                [(0x90, value)] if value.len() == digest.length() => value.to_vec(),
                [(0x90, begun), (0x80, rest)] => digest.finish(begun, rest).ok_or(StatusWord::WRONG_DATA)?,
                _ => return Err(StatusWord::WRONG_DATA.into()),
            },
        };
        self.session.hash = Some(value);
        Ok(Answer::empty())
    }

    fn compute_digital_signature(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if !command.data.is_empty() {
            return self.sign(Template::DigitalSignature, &command.data);
        }
        let hash = self.session.hash.take().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        self.sign(Template::DigitalSignature, &hash)
    }

    pub(crate) fn internal_authenticate(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if command.parameters() != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        if command.data.is_empty() {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        self.sign(Template::Authentication, &command.data)
    }

    fn sign(&mut self, template: Template, input: &[u8]) -> Result<Answer, Refusal> {
        let (key, mechanism) = self.chosen(template)?;
        if let Some(pin) = key.pin {
            self.demand_pin(pin)?;
        }
        let signature = mechanism.sign(&key.private, input).map_err(|error| match error {
            KeyError::Length => StatusWord::WRONG_LENGTH,
            KeyError::Range => StatusWord::WRONG_DATA,
            KeyError::Kind | KeyError::Generation => StatusWord::NO_DIAGNOSIS,
        })?;
        if key.user_consent
            && let Some(pin) = key.pin.and_then(|reference| self.pin_index(reference))
        {
            self.session.verified.remove(&pin);
        }
        Ok(Answer::of(signature))
    }
}

//! The commands of a PIV card application (NIST SP 800-73-5, part 2, section 3).
//!
//! PIV has data objects in place of files, names its keys in GENERAL AUTHENTICATE itself, and asks for the PIN again
//! before each use of the signature key ("PIN always", part 1, table 5).

use crate::{
    ber_tlv::{constructed, object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    der,
    file_system::Access,
    private_key::{KeyError, PrivateKey},
    status::StatusWord,
};

/// The PIN of the card, where it has one beside the application's.
pub(crate) const GLOBAL_PIN: u8 = 0x00;
/// The PIN of the application.
pub(crate) const APPLICATION_PIN: u8 = 0x80;
/// The PIN unblocking key.
pub(crate) const PUK: u8 = 0x81;

/// GET DATA: P1-P2 of the current template (section 3.1.2).
const CURRENT_TEMPLATE: u16 = 0x3FFF;

impl Chip {
    pub(crate) fn execute_piv(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let just_verified = std::mem::take(&mut self.session.just_verified);
        match command.instruction {
            0x20 => {
                self.check_piv_pins(command.p2, &command.data)?;
                let answer = self.verify(command)?;
                self.session.just_verified = !command.data.is_empty();
                Ok(answer)
            }
            0x24 if command.p1 == 0 => {
                self.check_piv_pins(command.p2, &command.data)?;
                self.change_reference_data(command)
            }
            // only the application's PIN, and only with the PUK (section 3.2.3)
            0x2C if command.parameters() == u16::from(APPLICATION_PIN) => self.reset_retry_counter(command),
            0x87 => self.piv_authenticate(command, just_verified),
            0xA4 if command.p1 == 0x04 => self.select(command),
            0xCB => self.piv_get_data(command),
            0x24 | 0x2C | 0xA4 => Err(StatusWord::WRONG_PARAMETERS.into()),
            _ => Err(StatusWord::INSTRUCTION_NOT_SUPPORTED.into()),
        }
    }

    /// What is no PIN at all costs no try (section 3.2.1): each eight bytes are digits, then `FF`.
    fn check_piv_pins(&self, reference: u8, data: &[u8]) -> Result<(), Refusal> {
        let pin = self.pin_index(reference).and_then(|index| self.pins.get(index));
        let pin = pin.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let well_formed = data
            .chunks(8)
            .all(|block| pin.format.digits(block).is_some_and(|digits| pin.digits.contains(&digits.len())));
        if well_formed { Ok(()) } else { Err(StatusWord::WRONG_DATA.into()) }
    }

    /// GET DATA (section 3.1.2): the tag stands in a tag list with one entry.
    fn piv_get_data(&self, command: &Command) -> Result<Answer, Refusal> {
        if command.parameters() != CURRENT_TEMPLATE {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        let tag = match objects(&command.data).ok_or(StatusWord::WRONG_DATA)?.as_slice() {
            [(0x5C, tag @ [_] | tag @ [_, _] | tag @ [_, _, _])] => {
                tag.iter().fold(0, |tag, byte| tag << 8 | u32::from(*byte))
            }
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        let found = self.tagged_objects.iter().find(|object| object.tag == tag);
        let found = found.ok_or(StatusWord::FILE_NOT_FOUND)?;
        match found.read {
            Access::AfterPin(_) => self.demand_piv_pin()?,
            other => self.demand_access(other)?,
        }
        Ok(Answer::of(found.content.clone()))
    }

    /// GENERAL AUTHENTICATE (section 3.2.4): P1 the algorithm, P2 the key, a dynamic authentication template with an
    /// empty response `82` and a challenge `81`.
    fn piv_authenticate(&mut self, command: &Command, just_verified: bool) -> Result<Answer, Refusal> {
        let key = self.keys.iter().find(|key| key.reference == command.p2);
        let key = key.ok_or(StatusWord::WRONG_PARAMETERS)?;
        let algorithm = key.algorithms.iter().find(|(name, _)| *name == [command.p1]);
        let (_, mechanism) = algorithm.ok_or(StatusWord::WRONG_PARAMETERS)?;
        let template = objects(&command.data).ok_or(StatusWord::WRONG_DATA)?;
        let [(0x7C, template)] = template.as_slice() else {
            return Err(StatusWord::WRONG_DATA.into());
        };
        let challenge = match objects(template).ok_or(StatusWord::WRONG_DATA)?.as_slice() {
            [(0x82, []), (0x81, challenge)] | [(0x81, challenge), (0x82, [])] => *challenge,
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        if key.pin.is_some() {
            self.demand_piv_pin()?;
        }
        if key.user_consent && !just_verified {
            return Err(StatusWord::SECURITY_NOT_SATISFIED.into());
        }
        let signed = mechanism.sign(&key.private, challenge).map_err(|error| match error {
            KeyError::Length | KeyError::Range => StatusWord::WRONG_DATA,
            KeyError::Kind | KeyError::Generation => StatusWord::NO_DIAGNOSIS,
        })?;
        let response = response(&key.private, signed).ok_or(StatusWord::NO_DIAGNOSIS)?;
        Ok(Answer::of(constructed(0x7C, &[object(0x82, &response)])))
    }

    /// Either PIN opens the application, where the card has both (part 1, section 3.3.2).
    fn demand_piv_pin(&self) -> Result<(), Refusal> {
        self.demand_pin(APPLICATION_PIN).or_else(|_| self.demand_pin(GLOBAL_PIN))
    }
}

/// ECDSA signatures stand in DER (SP 800-78-5, section 4; RFC 3279, section 2.2.3), RSA ones as they are.
fn response(key: &PrivateKey, signed: Vec<u8>) -> Option<Vec<u8>> {
    if key.curve().is_none() {
        return Some(signed);
    }
    let (r, s) = signed.split_at_checked(key.size())?;
    Some(der::sequence(&[der::unsigned_integer(r), der::unsigned_integer(s)]))
}

//! READ BINARY, GET DATA and GET CHALLENGE (ISO 7816-4, sections 11.3.3, 11.5.3 and 11.6.3).

use crate::{
    ber_tlv::{constructed, object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    file_system::{Access, FileKind, FileLife, FileRef},
    reference_data::{PinState, Scope},
    rules::{EndOfFile, PinInformation},
    status::StatusWord,
};

/// Access rules that an EstEID card tells with each PIN; what they mean is not public, so they are told as they are.
const PIN_ACCESS_RULES: [u8; 16] =
    [0x8C, 0x06, 0xF3, 0x00, 0x00, 0x73, 0x43, 0x00, 0x9C, 0x06, 0xF3, 0x00, 0x00, 0x73, 0x43, 0x00];

/// The tag of a PIN's security data object, before the PIN's number.
const PIN_OBJECT: u32 = 0xBF_8100;

/// A data object that GET DATA with a tag list (`00 CB`) gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataObject {
    /// The tag's bytes, as in the tag list.
    pub tag: u32,
    /// Who may read it.
    pub read: Access,
    /// The answer, with its outer tag.
    pub content: Vec<u8>,
}

impl Chip {
    pub(crate) fn read_binary(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if !command.data.is_empty() {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        let (file, offset) = self.place_to_read(command)?;
        let expected = command.expected.ok_or(StatusWord::WRONG_LENGTH)?;
        self.read_at(file, offset, expected)
    }

    /// READ BINARY with an odd instruction: the offset is a data object, and so is the answer; beyond 32 kB nothing else reaches.
    pub(crate) fn read_binary_object(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let offset = match objects(&command.data).ok_or(StatusWord::WRONG_DATA)?.as_slice() {
            [(0x54, digits)] if (1..=3).contains(&digits.len()) => {
                digits.iter().fold(0, |offset, digit| offset << 8 | usize::from(*digit))
            }
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        let here = self.session.directory;
        let file = match command.parameters() {
            0 => self.session.file.ok_or(StatusWord::NO_CURRENT_FILE)?,
            short @ 1..=0x1E => {
                let short = short.to_be_bytes()[1];
                self.files.by_short_id(here, short).ok_or(StatusWord::FILE_NOT_FOUND)?
            }
            id => self.files.child(here, id).ok_or(StatusWord::FILE_NOT_FOUND)?,
        };
        self.session.file = Some(file);
        let expected = command.expected.ok_or(StatusWord::WRONG_LENGTH)?.min(self.session.room);
        // the tag, and as many bytes of length as the whole answer would need
        let around = 2 + usize::from(expected > 0x81) + usize::from(expected > 0x102);
        let answer = self.read_at(file, offset, expected.saturating_sub(around))?;
        Ok(Answer { data: object(0x53, &answer.data), ..answer })
    }

    fn read_at(&self, file: FileRef, offset: usize, expected: usize) -> Result<Answer, Refusal> {
        let found = self.files.get(file).ok_or(StatusWord::FILE_NOT_FOUND)?;
        let FileKind::Elementary { content, read, .. } = &found.kind else {
            return Err(StatusWord::NO_CURRENT_FILE.into());
        };
        if found.life == FileLife::Deactivated {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED.into());
        }
        self.demand_access(*read)?;
        let rest = content.get(offset..).filter(|rest| !rest.is_empty());
        let rest = rest.ok_or(StatusWord::OFFSET_OUTSIDE_FILE)?;
        let most = expected.min(self.session.room);
        let ended = rest.len() < expected && rest.len() <= self.session.room;
        let status = match self.rules.end_of_file {
            // asking for "all there is" (Le = 00) is answered without a warning
            EndOfFile::Warning if ended && expected != 256 && expected != 65_536 => StatusWord::END_OF_FILE,
            _ => StatusWord::SUCCESS,
        };
        let data = rest.get(..most).unwrap_or(rest).to_vec();
        Ok(Answer { data, status, optional: false })
    }

    /// P1-P2 of READ BINARY: an offset of 15 bits in the current file, or a short identifier and an offset of 8 bits.
    fn place_to_read(&mut self, command: &Command) -> Result<(FileRef, usize), Refusal> {
        if command.p1 & 0x80 == 0 {
            let file = self.session.file.ok_or(StatusWord::NO_CURRENT_FILE)?;
            return Ok((file, usize::from(command.parameters())));
        }
        if command.p1 & 0x60 != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        let file = self.files.by_short_id(self.session.directory, command.p1 & 0x1F);
        let file = file.ok_or(StatusWord::FILE_NOT_FOUND)?;
        self.session.file = Some(file);
        Ok((file, usize::from(command.p2)))
    }

    /// May this be read, here and now?
    pub(crate) fn demand_access(&self, access: Access) -> Result<(), Refusal> {
        match access {
            Access::Always => Ok(()),
            Access::Never => Err(StatusWord::SECURITY_NOT_SATISFIED.into()),
            Access::AfterPin(reference) => self.demand_pin(reference),
            Access::AfterIssuerKey if self.session.issuer_proved => Ok(()),
            Access::AfterOpening if self.session.icao.is_open() => Ok(()),
            Access::AfterPace if self.session.icao.is_open_by_pace() => Ok(()),
            Access::WithRight(right) if self.session.icao.has_right(right) => Ok(()),
            Access::AfterIssuerKey | Access::AfterOpening | Access::AfterPace | Access::WithRight(_) => {
                Err(StatusWord::SECURITY_NOT_SATISFIED.into())
            }
        }
    }

    /// Is the reference data with this reference verified, here and now?
    pub(crate) fn demand_pin(&self, reference: u8) -> Result<(), Refusal> {
        let index = self.pin_index(reference).ok_or(StatusWord::SECURITY_NOT_SATISFIED)?;
        if self.session.verified.contains(&index) {
            Ok(())
        } else {
            Err(StatusWord::SECURITY_NOT_SATISFIED.into())
        }
    }

    pub(crate) fn get_data(&self, command: &Command) -> Result<Answer, Refusal> {
        let found = self.data_objects.iter().find(|(tag, _)| *tag == command.parameters());
        let (_, value) = found.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        Ok(Answer::of(value.clone()))
    }

    /// GET DATA with a header list: counters of PINs.
    pub(crate) fn get_data_by_list(&self, command: &Command) -> Result<Answer, Refusal> {
        match self.rules.pin_information {
            PinInformation::None => return Err(StatusWord::INSTRUCTION_NOT_SUPPORTED.into()),
            PinInformation::IasEcc => return self.get_security_data_object(command),
            PinInformation::ByReference => return self.pin_by_reference(command),
            PinInformation::SecurityDataObjects => {}
        }
        if command.parameters() != 0x3FFF {
            return Err(StatusWord::REFERENCE_NOT_FOUND.into());
        }
        let number = pin_in_header_list(&command.data).ok_or(StatusWord::WRONG_DATA)?;
        let pin = self.pins.iter().find(|pin| {
            let told_here = match pin.scope {
                Scope::Global => self.session.directory == self.files.master_file(),
                Scope::Local(owner) => self.session.directory == owner,
            };
            told_here && pin.reference & 0x1F == number
        });
        let pin = pin.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let tries = object(0x9A, &[pin.tries]);
        let left = object(0x9B, &[pin.tries_left]);
        let rules = object(0xA1, &PIN_ACCESS_RULES);
        let parameters = constructed(0xA0, &[tries, left, rules]);
        Ok(Answer::of(object(0x70, &object(PIN_OBJECT | u32::from(number), &parameters))))
    }

    /// `A0 {83 nn}` gives the PIN with this reference: `DF21` begins with the tries left, `DF28` is its length in
    /// commands, `DF2F` says whether it is no transport PIN. What the rest means is not public; it stands as clients see it.
    fn pin_by_reference(&self, command: &Command) -> Result<Answer, Refusal> {
        if command.parameters() != 0x00FF {
            return Err(StatusWord::REFERENCE_NOT_FOUND.into());
        }
        let reference = match command.data.as_slice() {
            [0xA0, 0x03, 0x83, 0x01, reference] => *reference,
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        let pin = self.pins.iter().find(|pin| pin.reference == reference);
        let pin = pin.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let length = pin.format.fixed_length().and_then(|length| u8::try_from(length).ok()).unwrap_or(0);
        let parts = [
            object(0x83, &[reference]),
            object(0x8C, &[0xF0, 0x00, 0x00, 0x00]),
            object(0x9C, &[0xF0, 0x00, 0x00, 0x00]),
            object(0xDF21, &[pin.tries_left, 0xFF, 0xA5, 0x03]),
            object(0xDF27, &[0xFF, 0xFF]),
            object(0xDF28, &[length]),
            object(0xDF2F, &[u8::from(pin.state == PinState::Operational)]),
        ];
        Ok(Answer { optional: false, ..Answer::of(constructed(0xA0, &parts)) })
    }

    pub(crate) fn get_challenge(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if command.parameters() != 0 || !command.data.is_empty() {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        let expected = command.expected.ok_or(StatusWord::WRONG_LENGTH)?;
        let challenge = self.random.bytes(expected.min(self.session.room));
        self.session.challenge = Some(challenge.clone());
        Ok(Answer::of(challenge))
    }
}

/// The PIN's number in `4D {70 {BF81nn {A080}}}`, where the innermost length says "the whole template A0".
fn pin_in_header_list(data: &[u8]) -> Option<u8> {
    let only = |bytes: &'_ [u8], wanted: u32| match objects(bytes)?.as_slice() {
        [(tag, value)] if *tag == wanted => Some(value.to_vec()),
        _ => None,
    };
    let wanted = only(&only(data, 0x4D)?, 0x70)?;
    match wanted.as_slice() {
        [0xBF, 0x81, number @ 0x00..=0x1F, 0x02, 0xA0, 0x80] => Some(*number),
        _ => None,
    }
}

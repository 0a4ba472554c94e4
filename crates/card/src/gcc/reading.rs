//! The commands: SELECT application, directory and file, READ BINARY; and the serial number, which each version tells in its
//! own way.

use super::{
    Generation,
    address::{self, Address},
    card_data::{self, CardData},
    images::Images,
    personal_data::PersonalData,
};
use crate::{
    apdu::{Command, MAX_SHORT_DATA, Response, StatusWord, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    file::{FileLocation, Selection},
    pkcs15::ef_dir,
    unauthenticated::Unauthenticated,
};

/// The application of version 2 and later.
const APPLICATION: [u8; 13] = [0xD4, 0x99, 0x00, 0x00, 0x01, 0x01, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01];
/// The population register's application of version 1.
const APPLICATION_1: [u8; 11] = [0xF0, 0x00, 0x00, 0x00, 0x78, 0x01, 0x00, 0x01, 0x43, 0x50, 0x52];
/// The application that knows the serial number of version 2.
const CARD_MANAGER: [u8; 16] = [0xA0, 0x00, 0x00, 0x00, 0x18, 0x30, 0x03, 0x01, 0, 0, 0, 0, 0, 0, 0, 0];
/// Directory of the population register.
const REGISTER: [u8; 2] = [0x01, 0x01];
/// Class of file commands on version 1.
const CLASS_1: u8 = 0x80;
/// Most bytes of EF.DIR.
const MAX_EF_DIR: usize = 1024;

/// A card with GCC data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GccCard {
    generation: Generation,
}

impl GccCard {
    /// Looks for the applications; the answer to reset only tells versions apart that have the same. `None` if it is no
    /// such card.
    ///
    /// # Errors
    /// Transport faults and misbehaviour.
    pub fn find(channel: &mut Channel<'_>, atr: &[u8]) -> Result<Option<Self>, CardError> {
        if !is_ok(&select_application(channel, &APPLICATION)?) {
            let first = is_ok(&select_application(channel, &APPLICATION_1)?);
            return Ok(first.then_some(Self { generation: Generation::V1 }));
        }
        let file = FileLocation { path: ef_dir::PATH.to_vec(), ..FileLocation::default() };
        let content = match Selection::default().read(channel, &file, MAX_EF_DIR) {
            Ok(content) => Some(content),
            Err(CardError::Refused { .. }) => None,
            Err(error) => return Err(error),
        };
        let generation = Generation::with_application(atr, content.as_deref());
        Ok(Some(Self { generation }))
    }

    /// Which version it is.
    #[must_use]
    pub const fn generation(self) -> Generation {
        self.generation
    }

    /// Reads who the holder is.
    ///
    /// # Errors
    /// Refusals, misbehaviour and transport faults.
    pub fn personal_data(
        self,
        channel: &mut Channel<'_>,
    ) -> Result<Unauthenticated<PersonalData>, CardError> {
        let content = self.read(channel, [0x00, 0x01], PersonalData::size(self.generation))?;
        PersonalData::parse(self.generation, &content).map(Unauthenticated::new)
    }

    /// Reads what the card says of itself.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] on version 1; refusals, misbehaviour and transport faults.
    pub fn card_data(self, channel: &mut Channel<'_>) -> Result<Unauthenticated<CardData>, CardError> {
        self.not_first()?;
        let content = self.read(channel, [0x00, 0x02], card_data::SIZE)?;
        CardData::parse(&content).map(Unauthenticated::new)
    }

    /// Reads portrait and signature.
    ///
    /// # Errors
    /// Refusals, misbehaviour and transport faults.
    pub fn images(self, channel: &mut Channel<'_>) -> Result<Unauthenticated<Images>, CardError> {
        let content = self.read(channel, [0x00, 0x03], Images::size(self.generation))?;
        Images::parse(self.generation, &content).map(Unauthenticated::new)
    }

    /// Reads where the holder lives.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] on version 1; refusals, misbehaviour and transport faults.
    pub fn address(self, channel: &mut Channel<'_>) -> Result<Unauthenticated<Address>, CardError> {
        self.not_first()?;
        let content = self.read(channel, [0x00, 0x05], address::SIZE)?;
        Address::parse(&content).map(Unauthenticated::new)
    }

    /// Reads the chip's serial number: a stable name of the card, hence personal data.
    ///
    /// # Errors
    /// Refusals, misbehaviour and transport faults.
    pub fn serial_number(self, channel: &mut Channel<'_>) -> Result<Unauthenticated<Vec<u8>>, CardError> {
        let (command, number, whole) = match self.generation {
            Generation::V1 => (Command { cla: 0xD0, ..Command::new(0x02, 0x00, 0x00) }, 0..9, 9),
            Generation::V2 | Generation::V2_1 => {
                select_application(channel, &CARD_MANAGER)?.expect_ok("SELECT")?;
                (Command { cla: 0x80, ..Command::new(0xB8, 0x00, 0x00) }, 0..8, 8)
            }
            Generation::V4 => (Command { cla: 0x80, ..Command::new(0xCA, 0x01, 0x01) }, 3..11, 19),
        };
        let answer = channel.send(&command.le(whole))?.expect_ok("the command for the serial number")?;
        match answer.get(number) {
            Some(number) => Ok(Unauthenticated::new(number.to_vec())),
            None => Err(Misbehaviour::ShortFile { read: answer.len(), promised: whole }.into()),
        }
    }

    fn not_first(self) -> Result<(), CardError> {
        match self.generation {
            Generation::V1 => Err(CardError::Unsupported("a file of which no layout is public")),
            Generation::V2 | Generation::V2_1 | Generation::V4 => Ok(()),
        }
    }

    /// The first bytes of a file of the register.
    fn read(self, channel: &mut Channel<'_>, identifier: [u8; 2], size: usize) -> Result<Vec<u8>, CardError> {
        let class = if self.generation == Generation::V1 { CLASS_1 } else { 0x00 };
        let select = |p1, identifier: [u8; 2]| {
            Command { cla: class, ..Command::new(ins::SELECT, p1, 0x0C) }.data(identifier)
        };
        if self.generation == Generation::V1 {
            // its application is the directory
            select_application(channel, &APPLICATION_1)?.expect_ok("SELECT")?;
        } else {
            select_application(channel, &APPLICATION)?.expect_ok("SELECT")?;
            channel.send(&select(0x00, REGISTER))?.expect_ok("SELECT")?;
        }
        channel.send(&select(0x02, identifier))?.expect_ok("SELECT")?;
        let step = channel.max_response().min(MAX_SHORT_DATA);
        let mut content = Vec::with_capacity(size);
        while content.len() < size {
            let [p1, p2] = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
            let wanted = step.min(size - content.len());
            let command = Command { cla: class, ..Command::new(ins::READ_BINARY, p1, p2) }.le(wanted);
            let response = channel.send(&command)?;
            if response.data.len() > wanted {
                return Err(Misbehaviour::TooMuchData { bytes: response.data.len() }.into());
            }
            let ends = matches!(response.status, StatusWord::END_OF_FILE | StatusWord::OFFSET_OUTSIDE);
            if response.status != StatusWord::OK && !ends {
                return Err(CardError::Refused { command: "READ BINARY", status: response.status });
            }
            if ends || response.data.is_empty() {
                content.extend_from_slice(&response.data);
                break;
            }
            content.extend_from_slice(&response.data);
        }
        Ok(content)
    }
}

fn is_ok(response: &Response) -> bool {
    response.status == StatusWord::OK
}

fn select_application(channel: &mut Channel<'_>, identifier: &[u8]) -> Result<Response, CardError> {
    channel.send(&Command::new(ins::SELECT, 0x04, 0x00).data(identifier))
}

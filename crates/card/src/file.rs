//! Selecting and reading files (ISO/IEC 7816-4, sections 11.2 and 11.3).

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, StatusWord, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader},
};

/// Most bytes of a file that is read.
pub const MAX_FILE: usize = 32 * 1024 - 1;
/// File identifier of the master file.
const MASTER_FILE: [u8; 2] = [0x3F, 0x00];
/// Applications whose standard has SELECT with P2 00 only (SP 800-73-5 part 2, section 3.1.1).
const WITH_INFORMATION: [&[u8]; 1] = [&crate::piv::APPLICATION];
/// READ BINARY length that every reader carries, tried where a longer one fails.
const CAUTIOUS_READ: usize = 192;

/// Where a file, or a directory, is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileLocation {
    /// Application (DF name) to be selected first.
    pub application: Option<Vec<u8>>,
    /// Path from there, or from the master file if it starts with 3F00. Empty: the application itself.
    pub path: Vec<u8>,
    /// Part of the file: offset and length. `None`: all of it.
    pub part: Option<(usize, usize)>,
}

impl FileLocation {
    /// An application.
    #[must_use]
    pub fn application(identifier: impl Into<Vec<u8>>) -> Self {
        Self { application: Some(identifier.into()), ..Self::default() }
    }

    /// Whether both lead to the same file, be it to another part of it.
    fn is_same_file(&self, other: &Self) -> bool {
        self.application == other.application && self.path == other.path
    }
}

/// Remembers what is selected, so that nothing is selected twice.
#[derive(Debug, Default)]
pub struct Selection {
    /// The directory that is current, if it is known.
    directory: Option<FileLocation>,
    /// The application that was selected last, wherever paths have led since.
    application: Option<Vec<u8>>,
    /// The file that is current, if it is known, and how long it is, where the card said it.
    file: Option<(FileLocation, Option<usize>)>,
}

impl Selection {
    /// Forgets everything: after a reset, or where another program may have used the card.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Forgets the current directory and file: a path may have led elsewhere.
    pub(crate) fn leave(&mut self) {
        self.directory = None;
        self.file = None;
    }

    /// Makes this directory the current one.
    ///
    /// # Errors
    /// [`CardError::Refused`] with the card's status word, and transport faults.
    pub fn enter(&mut self, channel: &mut Channel<'_>, directory: &FileLocation) -> Result<(), CardError> {
        if self.is_in(directory) {
            return Ok(());
        }
        self.forget();
        if let Some(application) = &directory.application {
            select_application(channel, application)?;
            self.application = Some(application.clone());
        }
        if !directory.path.is_empty() {
            select_path(channel, &directory.path)?;
        }
        self.directory = Some(directory.clone());
        Ok(())
    }

    /// Makes the master file the current directory.
    ///
    /// # Errors
    /// [`CardError::Refused`] with the card's status word, and transport faults.
    pub fn enter_master_file(&mut self, channel: &mut Channel<'_>) -> Result<(), CardError> {
        if !self.is_in_master_file() {
            self.forget();
            select_master_file(channel)?;
            self.found_master_file();
        }
        Ok(())
    }

    /// Whether it is known what is current.
    pub(crate) const fn is_known(&self) -> bool {
        self.directory.is_some()
    }

    pub(crate) fn is_in_master_file(&self) -> bool {
        self.directory
            .as_ref()
            .is_some_and(|directory| directory.application.is_none() && directory.path == MASTER_FILE)
    }

    /// Notes that the master file turned out to be current, as it is after a reset.
    pub(crate) fn found_master_file(&mut self) {
        self.file = None;
        self.directory = Some(FileLocation { path: MASTER_FILE.to_vec(), ..FileLocation::default() });
    }

    /// Whether this directory is current.
    pub(crate) fn is_in(&self, directory: &FileLocation) -> bool {
        self.directory.as_ref() == Some(directory)
    }

    /// Whether a file is there. It is selected, not read.
    ///
    /// # Errors
    /// Transport faults and misbehaviour; a refusal is an answer.
    pub fn has(&mut self, channel: &mut Channel<'_>, location: &FileLocation) -> Result<bool, CardError> {
        match self.enter_application_of(channel, location) {
            Ok(()) => {}
            Err(CardError::Refused { .. }) => return Ok(false),
            Err(error) => return Err(error),
        }
        // where a refused path leads is the card's own affair
        self.leave();
        match select_path(channel, &location.path) {
            Ok(size) => {
                self.file = Some((location.clone(), size));
                Ok(true)
            }
            // what the card says of it does not matter here
            Err(CardError::Misbehaved(Misbehaviour::Tlv { .. } | Misbehaviour::Element { .. })) => Ok(true),
            Err(CardError::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether this file is current, so that it is read without a SELECT.
    pub(crate) fn is_at(&self, location: &FileLocation) -> bool {
        self.file.as_ref().is_some_and(|(file, _)| file.is_same_file(location))
    }

    /// Reads a file, or the part of it that the location names.
    ///
    /// # Errors
    /// [`CardError`]; a file above `limit` bytes is misbehaviour.
    pub fn read(
        &mut self,
        channel: &mut Channel<'_>,
        location: &FileLocation,
        limit: usize,
    ) -> Result<Vec<u8>, CardError> {
        let size = match self.file.take_if(|(file, _)| file.is_same_file(location)) {
            Some((_, size)) => size,
            None => {
                self.file = None;
                self.enter_application_of(channel, location)?;
                // a path may lead into another directory; only a plain file identifier stays where we are
                if location.path.len() > 2 {
                    self.leave();
                }
                select_path(channel, &location.path)?
            }
        };
        let (offset, length) = match location.part {
            Some((offset, length)) => (offset, Some(length)),
            None => (0, size),
        };
        read_binary(channel, offset, length, limit.min(MAX_FILE))
    }

    /// Makes the application current from which a path leads. One from the master file leads to the same place from wherever
    /// it is followed, once the application was selected at all.
    fn enter_application_of(
        &mut self,
        channel: &mut Channel<'_>,
        location: &FileLocation,
    ) -> Result<(), CardError> {
        let is_absolute = location.path.starts_with(&MASTER_FILE);
        match &location.application {
            Some(application) if !(is_absolute && self.application.as_ref() == Some(application)) => {
                self.enter(channel, &FileLocation::application(application.clone()))
            }
            _ => Ok(()),
        }
    }
}

/// SELECT by DF name; the answer's data is not needed.
///
/// # Errors
/// [`CardError::Refused`] with the card's status word, and transport faults.
pub fn select_application(channel: &mut Channel<'_>, identifier: &[u8]) -> Result<(), CardError> {
    let quiet = Command::new(ins::SELECT, 0x04, 0x0C).data(identifier);
    let telling = Command { p2: 0x00, le: Some(MAX_SHORT_RESPONSE), ..quiet.clone() };
    if WITH_INFORMATION.contains(&identifier) {
        channel.send(&telling)?.expect_ok("SELECT")?;
        return Ok(());
    }
    let response = channel.send(&quiet)?;
    // cards that know no form without information
    match response.status {
        StatusWord(0x6A81 | 0x6A86) => channel.send(&telling)?.expect_ok("SELECT")?,
        _ => response.expect_ok("SELECT")?,
    };
    Ok(())
}

/// SELECT by path or file identifier; gives the number of bytes of an elementary file, where the card says it.
fn select_path(channel: &mut Channel<'_>, path: &[u8]) -> Result<Option<usize>, CardError> {
    let (p1, data) = match path {
        // section 11.2.2: 00 file identifier, 08 path from the master file, 09 path from the current directory
        [_, _] => (0x00, path),
        [0x3F, 0x00, rest @ ..] => (0x08, rest),
        _ => (0x09, path),
    };
    let command = Command::new(ins::SELECT, p1, 0x04).data(data).le(MAX_SHORT_RESPONSE);
    let response = channel.send(&command)?;
    // cards that know no path selection, or no FCP, still know file identifiers and FCI
    let information = match response.status {
        StatusWord::OK => response.data,
        StatusWord(0x6A81 | 0x6A86 | 0x6A87) => select_step_by_step(channel, path)?,
        status => return Err(CardError::Refused { command: "SELECT", status }),
    };
    size_of(&information)
}

fn select_step_by_step(channel: &mut Channel<'_>, path: &[u8]) -> Result<Vec<u8>, CardError> {
    let mut information = Vec::new();
    for identifier in path.chunks(2) {
        let command = Command::new(ins::SELECT, 0x00, 0x00).data(identifier).le(MAX_SHORT_RESPONSE);
        information = channel.send(&command)?.expect_ok("SELECT")?;
    }
    Ok(information)
}

/// Selects the master file. Cards differ in which forms of the command they take: without file
/// control information, without data, and with whatever the card likes to answer.
///
/// # Errors
/// [`CardError::Refused`] with the status word of the first form, and transport faults.
pub fn select_master_file(channel: &mut Channel<'_>) -> Result<(), CardError> {
    let forms = [
        Command::new(ins::SELECT, 0x00, 0x0C).data(MASTER_FILE),
        Command::new(ins::SELECT, 0x00, 0x0C),
        Command::new(ins::SELECT, 0x00, 0x00).data(MASTER_FILE).le(MAX_SHORT_RESPONSE),
    ];
    let mut refused = None;
    for form in forms {
        match channel.send(&form)?.status {
            StatusWord::OK => return Ok(()),
            status => refused = refused.or(Some(CardError::Refused { command: "SELECT", status })),
        }
    }
    refused.map_or(Ok(()), Err)
}

/// Number of data bytes from file control information (section 7.4, data objects 80 and 81).
fn size_of(information: &[u8]) -> Result<Option<usize>, CardError> {
    const WHAT: &str = "the answer to SELECT";
    let tlv = |error| Misbehaviour::Tlv { what: WHAT, error };
    let Some(template) = TlvReader::new(information).read().map_err(tlv)? else {
        return Ok(None);
    };
    if !matches!(template.tag, Tag(0x62 | 0x6F)) {
        return Ok(None);
    }
    for tag in [Tag(0x80), Tag(0x81)] {
        if let Some(size) = template.children().find(tag).map_err(tlv)? {
            let value = size.value;
            if value.is_empty() || value.len() > 4 {
                return Err(Misbehaviour::Element { what: WHAT, element: "number of data bytes" }.into());
            }
            return Ok(Some(value.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))));
        }
    }
    Ok(None)
}

/// READ BINARY of the current file, as many bytes at a time as card and reader carry.
pub(crate) fn read_binary(
    channel: &mut Channel<'_>,
    offset: usize,
    length: Option<usize>,
    limit: usize,
) -> Result<Vec<u8>, CardError> {
    if let Some(promised) = length
        && promised > limit
    {
        return Err(Misbehaviour::LargeFile { bytes: promised, limit }.into());
    }
    let mut content = Vec::with_capacity(length.unwrap_or(0));
    let mut step = channel.max_response();
    loop {
        let wanted = length.map_or(step, |length| (length - content.len()).min(step));
        if wanted == 0 {
            return Ok(content);
        }
        let position = offset + content.len();
        // bit 8 of P1 set would mean a short file identifier
        let [p1, p2] = u16::try_from(position).unwrap_or(u16::MAX).to_be_bytes();
        if p1 & 0x80 != 0 {
            return Err(Misbehaviour::LargeFile { bytes: position, limit }.into());
        }
        let response = channel.send(&Command::new(ins::READ_BINARY, p1, p2).le(wanted))?;
        if response.data.len() > wanted {
            return Err(Misbehaviour::TooMuchData { bytes: response.data.len() }.into());
        }
        content.extend_from_slice(&response.data);
        match response.status {
            StatusWord::OK if !response.data.is_empty() => {}
            StatusWord::OK | StatusWord::END_OF_FILE | StatusWord::OFFSET_OUTSIDE => {
                return match length {
                    Some(promised) if content.len() < promised => {
                        Err(Misbehaviour::ShortFile { read: content.len(), promised }.into())
                    }
                    _ => Ok(content),
                };
            }
            // a reader that cannot carry what the card could (web-eid.md, section 2.1): once more, with less
            StatusWord::WRONG_LENGTH if step > CAUTIOUS_READ => step = CAUTIOUS_READ,
            status => return Err(CardError::Refused { command: "READ BINARY", status }),
        }
        if content.len() > limit {
            return Err(Misbehaviour::LargeFile { bytes: content.len(), limit }.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_script::{CHAINING, Script};

    const NAME: [u8; 5] = [0xA0, 0, 0, 0, 1];
    const SELECT_APPLICATION: &str = "00A4040C05A000000001";

    fn file(path: &[u8]) -> FileLocation {
        FileLocation { path: path.to_vec(), ..FileLocation::application(NAME) }
    }

    #[test]
    fn a_file_that_was_looked_at_is_read_once_without_another_select() {
        let mut script = Script::new(&[
            (SELECT_APPLICATION, "9000"),
            ("00A4080404ADF1341100", "6204800200039000"),
            ("00B0000003", "AABBCC9000"),
            ("00A4080404ADF1341100", "6204800200039000"),
            ("00B0000003", "AABBCC9000"),
        ]);
        let mut channel = Channel::new(&mut script, CHAINING);
        let mut selection = Selection::default();
        let certificate = file(&[0x3F, 0x00, 0xAD, 0xF1, 0x34, 0x11]);
        assert_eq!(selection.has(&mut channel, &certificate), Ok(true));
        assert!(selection.is_at(&certificate));
        for _ in 0..2 {
            assert_eq!(selection.read(&mut channel, &certificate, 16).unwrap(), [0xAA, 0xBB, 0xCC]);
            assert!(!selection.is_at(&certificate));
        }
        assert!(script.is_done());
    }

    #[test]
    fn an_application_is_selected_again_for_its_own_paths_and_not_for_absolute_ones() {
        let mut script = Script::new(&[
            (SELECT_APPLICATION, "9000"),
            ("00A4080402433100", "6A82"),
            ("00A4080402433200", "9000"),
            (SELECT_APPLICATION, "9000"),
            ("00A4000402503100", "6A82"),
            (SELECT_APPLICATION, "6A82"),
            (SELECT_APPLICATION, "9000"),
            ("00A4080402433100", "9000"),
        ]);
        let mut channel = Channel::new(&mut script, CHAINING);
        let mut selection = Selection::default();
        assert_eq!(selection.has(&mut channel, &file(&[0x3F, 0x00, 0x43, 0x31])), Ok(false));
        assert_eq!(selection.has(&mut channel, &file(&[0x3F, 0x00, 0x43, 0x32])), Ok(true));
        assert_eq!(selection.has(&mut channel, &file(&[0x50, 0x31])), Ok(false));
        // an application that is refused is not the one that was selected last
        assert!(selection.enter(&mut channel, &FileLocation::application(NAME)).is_err());
        assert_eq!(selection.has(&mut channel, &file(&[0x3F, 0x00, 0x43, 0x31])), Ok(true));
        assert!(script.is_done());
    }
}

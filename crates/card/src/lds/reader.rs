//! Reading the files over a channel, in as few commands as there can be (ICAO Doc 9303-10, section 3; ISO/IEC 7816-4,
//! section 11.3).
//!
//! A file is read under its short identifier, which selects it as well, with the greatest length from the first command on:
//! what comes back starts with the length of the file's one data object, so exactly that much is read. A file of n bytes
//! takes n divided by the greatest length, rounded up, and the application one SELECT.

use zeroize::Zeroizing;

use super::{APPLICATION, DataGroup, ElementaryFile, Personal, Sod};
use crate::{
    apdu::{Command, StatusWord, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    file::{FileLocation, Selection},
    tlv::{Tag, TlvError, TlvFault, TlvReader, encode},
};

/// Length that every reader carries, tried where a longer one fails.
const CAUTIOUS_READ: usize = 192;
/// First offset that P1 and P2 cannot express: its first bit would mean a short file identifier (ISO/IEC 7816-4, section 11.3).
const EVEN_OFFSETS: usize = 0x8000;
/// Offset data object of READ BINARY with odd instruction.
const OFFSET: Tag = Tag(0x54);
/// Discretionary data object, in which its answer comes.
const DISCRETIONARY: Tag = Tag(0x53);

/// How far a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which file.
    pub file: ElementaryFile,
    /// Bytes read.
    pub done: usize,
    /// Bytes of the file.
    pub total: usize,
}

/// Content of a file, whole.
pub type Content = Personal<Vec<u8>>;

/// Reads files of the travel document application and the master file's files of access control.
pub struct LdsReader<'r, 't> {
    channel: &'r mut Channel<'t>,
    selection: &'r mut Selection,
    addressing: Addressing,
    /// Greatest length, once the chip refused more.
    cautious: bool,
}

/// How files are named to this chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Addressing {
    /// Nothing was read yet: short identifiers are tried, identifiers after them.
    Untried,
    /// The chip knows short identifiers: what it does not find under one does not exist.
    ShortIdentifier,
    /// The chip refused short identifiers: SELECT first.
    Identifier,
}

/// Where a chip put what was asked for.
enum FirstRead {
    Data(Vec<u8>),
    /// The status word that says it does not read this way.
    Refused(StatusWord),
}

impl<'r, 't> LdsReader<'r, 't> {
    /// Over this channel, protected or not; nothing is sent yet.
    pub const fn new(channel: &'r mut Channel<'t>, selection: &'r mut Selection) -> Self {
        Self { channel, selection, addressing: Addressing::Untried, cautious: false }
    }

    /// Selects the application, as access control that needs it selected does; reading does it by itself.
    ///
    /// # Errors
    /// [`CardError::Refused`] on a card without the application; transport faults.
    pub fn select_application(&mut self) -> Result<(), CardError> {
        self.selection.enter(self.channel, &FileLocation::application(APPLICATION))
    }

    /// Reads a file. `progress` is told after each command.
    ///
    /// # Errors
    /// [`CardError::Forbidden`] where this session has no right to the file, [`CardError::NoFile`] where there is none,
    /// other refusals, misbehaviour (also of a file above its [limit](ElementaryFile::limit)), transport faults.
    pub fn read(
        &mut self,
        file: ElementaryFile,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Content, CardError> {
        if !file.is_in_master_file() {
            self.select_application()?;
            return self.read_here(file, progress);
        }
        // After a reset the master file is current. EF.CardAccess alone has a tag by which another file in its place would
        // be noticed.
        if file == ElementaryFile::CardAccess && !self.selection.is_known() {
            match self.read_here(file, progress) {
                Err(error) if error.ends_everything() => return Err(error),
                Err(_) => {}
                read => {
                    self.selection.found_master_file();
                    return read;
                }
            }
        }
        self.selection.enter_master_file(self.channel)?;
        self.read_here(file, progress)
    }

    /// Reads those of the groups that the security object lists, in the order asked for; of the others the card is asked
    /// nothing.
    ///
    /// # Errors
    /// As [`read`](Self::read), for the first group that fails.
    pub fn read_groups(
        &mut self,
        sod: &Sod,
        groups: &[DataGroup],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<(DataGroup, Content)>, CardError> {
        let mut contents = Vec::with_capacity(groups.len());
        for group in groups.iter().filter(|group| sod.lists(**group)) {
            contents.push((*group, self.read(ElementaryFile::Group(*group), progress)?));
        }
        Ok(contents)
    }

    /// In the current directory.
    fn read_here(
        &mut self,
        file: ElementaryFile,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Content, CardError> {
        let first = Zeroizing::new(self.first_part(file)?);
        let total = total_length(file, &first)?;
        let mut content = Zeroizing::new(Vec::with_capacity(total));
        // a file may be longer than the object in it
        content.extend(first.iter().take(total));
        progress(Progress { file, done: content.len(), total });
        while content.len() < total {
            let part = self.part(file, content.len(), total)?;
            content.extend_from_slice(&part);
            progress(Progress { file, done: content.len(), total });
        }
        Ok(Personal::from_zeroizing(content))
    }

    /// Selects the file and reads as much as one command brings.
    fn first_part(&mut self, file: ElementaryFile) -> Result<Vec<u8>, CardError> {
        if self.addressing != Addressing::Identifier {
            let p1 = 0x80 | file.short_identifier();
            match self.first_read(file, p1)? {
                FirstRead::Data(data) => {
                    self.addressing = Addressing::ShortIdentifier;
                    return Ok(data);
                }
                FirstRead::Refused(status @ StatusWord::NOT_FOUND)
                    if self.addressing == Addressing::ShortIdentifier =>
                {
                    return Err(refusal(file, "READ BINARY", status));
                }
                FirstRead::Refused(_) => {}
            }
        }
        let select = Command::new(ins::SELECT, 0x02, 0x0C).data(file.identifier());
        match self.channel.send(&select)?.status {
            StatusWord::OK => {}
            status => return Err(refusal(file, "SELECT", status)),
        }
        match self.first_read(file, 0x00)? {
            FirstRead::Data(data) => {
                self.addressing = Addressing::Identifier;
                Ok(data)
            }
            FirstRead::Refused(status) => Err(refusal(file, "READ BINARY", status)),
        }
    }

    fn first_read(&mut self, file: ElementaryFile, p1: u8) -> Result<FirstRead, CardError> {
        loop {
            let wanted = self.greatest_length();
            let response = self.channel.send(&Command::new(ins::READ_BINARY, p1, 0x00).le(wanted))?;
            match response.status {
                StatusWord::OK | StatusWord::END_OF_FILE if response.data.is_empty() => {
                    return Err(Misbehaviour::ShortFile { read: 0, promised: 1 }.into());
                }
                StatusWord::OK | StatusWord::END_OF_FILE if response.data.len() > wanted => {
                    return Err(Misbehaviour::TooMuchData { bytes: response.data.len() }.into());
                }
                StatusWord::OK | StatusWord::END_OF_FILE => return Ok(FirstRead::Data(response.data)),
                StatusWord::WRONG_LENGTH if wanted > CAUTIOUS_READ => self.cautious = true,
                status @ StatusWord::SECURITY_STATUS => return Err(refusal(file, "READ BINARY", status)),
                status => return Ok(FirstRead::Refused(status)),
            }
        }
    }

    /// The part of the current file from this offset on that one command brings: at least one byte.
    fn part(
        &mut self,
        file: ElementaryFile,
        offset: usize,
        total: usize,
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        loop {
            let (command, wanted) = self.read_command(offset, total - offset);
            let response = self.channel.send(&command)?;
            let data = Zeroizing::new(response.data);
            match response.status {
                StatusWord::OK | StatusWord::END_OF_FILE => {
                    let part = if command.ins == ins::READ_BINARY { data } else { inside(file, &data)? };
                    if part.len() > wanted {
                        return Err(Misbehaviour::TooMuchData { bytes: part.len() }.into());
                    }
                    if part.is_empty() {
                        return Err(Misbehaviour::ShortFile { read: offset, promised: total }.into());
                    }
                    return Ok(part);
                }
                StatusWord::OFFSET_OUTSIDE => {
                    return Err(Misbehaviour::ShortFile { read: offset, promised: total }.into());
                }
                StatusWord::WRONG_LENGTH if command.le.is_some_and(|le| le > CAUTIOUS_READ) => {
                    self.cautious = true;
                }
                status => return Err(refusal(file, "READ BINARY", status)),
            }
        }
    }

    /// READ BINARY from this offset on, and how many bytes of the file it wants.
    fn read_command(&self, offset: usize, rest: usize) -> (Command, usize) {
        let greatest = self.greatest_length();
        if offset < EVEN_OFFSETS {
            let [p1, p2] = u16::try_from(offset).unwrap_or(u16::MAX).to_be_bytes();
            let wanted = rest.min(greatest);
            return (Command::new(ins::READ_BINARY, p1, p2).le(wanted), wanted);
        }
        let wanted = rest.min(most_inside(greatest));
        let bytes = offset.to_be_bytes();
        let offset = bytes.get(bytes.iter().take_while(|byte| **byte == 0).count()..).unwrap_or_default();
        let command = Command::new(ins::READ_BINARY_ODD, 0x00, 0x00).data(encode(OFFSET, offset));
        (command.le(wanted + frame(wanted)), wanted)
    }

    fn greatest_length(&self) -> usize {
        let greatest = self.channel.max_response();
        if self.cautious { greatest.min(CAUTIOUS_READ) } else { greatest }
    }
}

/// Bytes of tag and length around so many bytes.
const fn frame(bytes: usize) -> usize {
    match bytes {
        0..=0x7F => 2,
        0x80..=0xFF => 3,
        0x100..=0xFFFF => 4,
        _ => 5,
    }
}

/// Most bytes whose tag and length fit into an answer of this length with them.
fn most_inside(answer: usize) -> usize {
    let bytes = (2..=5).filter_map(|frame| answer.checked_sub(frame));
    bytes.filter(|bytes| bytes + frame(*bytes) <= answer).max().unwrap_or(1).max(1)
}

/// What the answer's discretionary data object holds.
fn inside(file: ElementaryFile, answer: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let fault = |error| Misbehaviour::Tlv { what: file.name(), error };
    let mut reader = TlvReader::new(answer);
    let object = reader.expect(DISCRETIONARY).map_err(fault)?;
    reader.end().map_err(fault)?;
    Ok(Zeroizing::new(object.value.to_vec()))
}

/// Bytes of the file's data object, from how it starts.
fn total_length(file: ElementaryFile, start: &[u8]) -> Result<usize, CardError> {
    let fault = |fault| Misbehaviour::Tlv { what: file.name(), error: TlvError { fault, position: 0 } };
    let header = TlvReader::new(start)
        .header()
        .map_err(|error| Misbehaviour::Tlv { what: file.name(), error })?
        .ok_or(fault(TlvFault::Missing))?;
    if header.tag != file.tag() {
        return Err(fault(TlvFault::UnexpectedTag).into());
    }
    let length = header.length.ok_or(fault(TlvFault::BadLength))?;
    let total = header.bytes + length;
    if total > file.limit() {
        return Err(Misbehaviour::LargeFile { bytes: total, limit: file.limit() }.into());
    }
    Ok(total)
}

fn refusal(file: ElementaryFile, command: &'static str, status: StatusWord) -> CardError {
    match status {
        StatusWord::SECURITY_STATUS => CardError::Forbidden { file: file.name(), status },
        StatusWord::NOT_FOUND => CardError::NoFile { file: file.name() },
        status => CardError::Refused { command, status },
    }
}

#[cfg(test)]
mod tests;

//! A chip for the reader's tests.

use std::collections::BTreeMap;

use super::super::{DISCRETIONARY, frame};
use crate::{
    lds::{APPLICATION, DataGroup, ElementaryFile},
    profile::Link,
    test_script::EXTENDED,
    tlv::encode,
    transport::{Limits, Transport, TransportError},
};

/// Changes an answer.
pub(super) type Spoil = fn(&mut Vec<u8>);

/// A chip that has files and reads them as 7816-4 says, apart from what it is told to do otherwise.
#[derive(Default)]
pub(super) struct Chip {
    /// By directory (whether in the application) and identifier.
    pub(super) files: BTreeMap<(bool, [u8; 2]), Vec<u8>>,
    pub(super) forbidden: Vec<[u8; 2]>,
    pub(super) in_application: bool,
    pub(super) current: Option<[u8; 2]>,
    /// Most data bytes that it sends.
    pub(super) most: usize,
    /// Refuses longer reads instead of giving less.
    pub(super) strict_length: bool,
    pub(super) no_short_identifiers: bool,
    pub(super) commands: Vec<Vec<u8>>,
    /// Leaves before this command, from 0.
    pub(super) leaves_at: Option<usize>,
    /// Changes the answer to this command.
    pub(super) spoils: Option<(usize, Spoil)>,
}

impl Chip {
    pub(super) fn with(files: &[(ElementaryFile, Vec<u8>)]) -> Self {
        let files = files
            .iter()
            .map(|(file, content)| ((!file.is_in_master_file(), file.identifier()), content.clone()));
        Self { files: files.collect(), most: 65_536, ..Self::default() }
    }

    pub(super) fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let [_, ins, p1, p2, rest @ ..] = command else { panic!("{command:02X?}") };
        let (data, le) = split(rest);
        match (ins, p1, p2) {
            (0xA4, 0x04, 0x0C) if data == APPLICATION => {
                self.in_application = true;
                self.current = None;
                vec![0x90, 0x00]
            }
            (0xA4, 0x00, 0x0C) if data == [0x3F, 0x00] => {
                self.in_application = false;
                vec![0x90, 0x00]
            }
            (0xA4, 0x02, 0x0C) => {
                let identifier = [data[0], data[1]];
                if !self.files.contains_key(&(self.in_application, identifier)) {
                    return vec![0x6A, 0x82];
                }
                self.current = Some(identifier);
                vec![0x90, 0x00]
            }
            (0xB0, p1, p2) if p1 & 0x80 != 0 => {
                if self.no_short_identifiers {
                    return vec![0x6A, 0x86];
                }
                self.current = Some([0x01, p1 & 0x1F]);
                self.read(usize::from(*p2), le)
            }
            (0xB0, p1, p2) => self.read(usize::from(u16::from_be_bytes([*p1, *p2])), le),
            (0xB1, 0, 0) => {
                assert_eq!(data[0], 0x54);
                assert_eq!(usize::from(data[1]), data.len() - 2);
                let offset = data[2..].iter().fold(0, |offset, byte| offset << 8 | usize::from(*byte));
                assert!(offset >= 0x8000);
                let most = le.min(self.most);
                let inner = (0..=most).rev().find(|bytes| bytes + frame(*bytes) <= most).unwrap();
                let mut data = self.read(offset, inner);
                let status = data.split_off(data.len() - 2);
                [encode(DISCRETIONARY, &data), status].concat()
            }
            _ => vec![0x6D, 0x00],
        }
    }

    fn read(&self, offset: usize, le: usize) -> Vec<u8> {
        let Some(current) = self.current else { return vec![0x69, 0x86] };
        if self.forbidden.contains(&current) {
            return vec![0x69, 0x82];
        }
        let Some(content) = self.files.get(&(self.in_application, current)) else { return vec![0x6A, 0x82] };
        if le > self.most && self.strict_length {
            return vec![0x67, 0x00];
        }
        let Some(rest) = content.get(offset..) else { return vec![0x6B, 0x00] };
        let given = rest.len().min(le).min(self.most);
        let status = if given < le.min(self.most) { [0x62, 0x82] } else { [0x90, 0x00] };
        [&rest[..given], &status].concat()
    }
}

/// Data field and Le of a command.
pub(super) fn split(rest: &[u8]) -> (Vec<u8>, usize) {
    let long = |bytes: &[u8]| match u16::from_be_bytes([bytes[0], bytes[1]]) {
        0 => 65_536,
        length => usize::from(length),
    };
    let short = |byte: u8| if byte == 0 { 256 } else { usize::from(byte) };
    match rest {
        [] => (vec![], 0),
        [le] => (vec![], short(*le)),
        [0, le @ ..] if le.len() == 2 => (vec![], long(le)),
        [0, lc1, lc2, rest @ ..] => {
            let (data, le) = rest.split_at(long(&[*lc1, *lc2]));
            (data.to_vec(), if le.is_empty() { 0 } else { long(le) })
        }
        [lc, rest @ ..] => {
            let (data, le) = rest.split_at(usize::from(*lc));
            (data.to_vec(), le.first().map_or(0, |le| short(*le)))
        }
    }
}

impl Transport for Chip {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let number = self.commands.len();
        if self.leaves_at == Some(number) {
            return Err(TransportError::Removed);
        }
        self.commands.push(command.to_vec());
        *answer = self.answer(command);
        if let Some((at, spoil)) = self.spoils
            && at == number
        {
            spoil(answer);
        }
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 70_000, answer: 70_000 }
    }
}

pub(super) const SHORT: Link = Link::CAUTIOUS;

pub(super) fn extended(max_response: usize) -> Link {
    Link { max_response, ..EXTENDED }
}

/// A file of so many bytes, all told.
pub(super) fn file_of(file: ElementaryFile, length: usize) -> Vec<u8> {
    let value = (0..length).find(|value| value + frame(*value) + file.tag().to_bytes().len() - 1 == length);
    let bytes: Vec<u8> = (0..value.unwrap()).map(|at| u8::try_from(at % 251).unwrap()).collect();
    encode(file.tag(), &bytes)
}

pub(super) fn group(group: DataGroup) -> ElementaryFile {
    ElementaryFile::Group(group)
}

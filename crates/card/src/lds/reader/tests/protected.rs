//! The reader inside a session, against a chip that protects its answers itself.

use super::{
    chip::{Chip, SHORT, extended, file_of, group, split},
    *,
};
use crate::{
    profile::Link,
    secure_messaging::SecureMessaging,
    symmetric::Cipher,
    transport::{Limits, Transport},
};

struct ProtectedChip {
    chip: Chip,
    cipher: Cipher,
    key: Vec<u8>,
    counter: u8,
    commands: usize,
}

impl ProtectedChip {
    /// A chip with these files, and the other end of its session; one key serves for both uses.
    fn with(cipher: Cipher, files: &[(ElementaryFile, Vec<u8>)]) -> (Self, SecureMessaging) {
        let key: Vec<u8> = (0..cipher.key_length()).map(|byte| u8::try_from(byte * 7 + 1).unwrap()).collect();
        let counter = vec![0; cipher.block_length()];
        let session = SecureMessaging::new(cipher, key.clone().into(), key.clone().into(), &counter).unwrap();
        (Self { chip: Chip::with(files), cipher, key, counter: 0, commands: 0 }, session)
    }

    fn count(&mut self) -> Vec<u8> {
        self.counter = self.counter.checked_add(1).unwrap();
        let mut counter = vec![0; self.cipher.block_length()];
        *counter.last_mut().unwrap() = self.counter;
        counter
    }

    fn iv(&self, counter: &[u8]) -> Vec<u8> {
        let mut iv = counter.to_vec();
        if self.cipher == Cipher::TripleDes {
            iv.fill(0);
        } else {
            self.cipher.encrypt_block(&self.key, &mut iv).unwrap();
        }
        iv
    }

    fn padded(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        self.cipher.pad(&mut bytes);
        bytes
    }

    /// The command inside, and the most bytes that may come back.
    fn open(&mut self, command: &[u8]) -> (Vec<u8>, usize) {
        let counter = self.count();
        let (field, most) = split(&command[4..]);
        let (mut data, mut le, mut covered) = (Vec::new(), None, Vec::new());
        let mut objects = TlvReader::new(&field);
        while let Some(object) = objects.read().unwrap() {
            match object.tag.0 {
                0x87 | 0x85 => {
                    data = object.value[usize::from(object.tag.0 == 0x87)..].to_vec();
                    self.cipher.decrypt_cbc(&self.key, &self.iv(&counter), &mut data).unwrap();
                    data.truncate(data.iter().rposition(|byte| *byte == 0x80).unwrap());
                }
                0x97 => le = Some(object.value.to_vec()),
                0x8E => {
                    let mut message = [counter.clone(), self.padded(&command[..4])].concat();
                    if !covered.is_empty() {
                        message.extend(self.padded(&covered));
                    }
                    assert_eq!(self.cipher.mac8_blocks(&self.key, &message).unwrap(), object.value);
                }
                other => panic!("{other:02X}"),
            }
            covered.extend_from_slice(object.encoded);
        }
        let le = le.map(|le| match le[..] {
            [0] => 256,
            [le] => usize::from(le),
            [0, 0] => 65_536,
            [high, low] => usize::from(u16::from_be_bytes([high, low])),
            _ => panic!("{le:02X?}"),
        });
        let plain = Command { data, le, ..Command::new(command[1], command[2], command[3]) };
        (plain.encode_extended().unwrap(), most)
    }

    fn protect(&mut self, odd: bool, answer: &[u8]) -> Vec<u8> {
        let counter = self.count();
        let (data, status) = answer.split_at(answer.len() - 2);
        let mut objects = Vec::new();
        if !data.is_empty() {
            let mut cryptogram = self.padded(data);
            self.cipher.encrypt_cbc(&self.key, &self.iv(&counter), &mut cryptogram).unwrap();
            if odd {
                objects.extend(encode(Tag(0x85), &cryptogram));
            } else {
                objects.extend(encode(Tag(0x87), &[&[1][..], &cryptogram].concat()));
            }
        }
        objects.extend(encode(Tag(0x99), status));
        let message = self.padded(&[counter, objects.clone()].concat());
        let mac = self.cipher.mac8_blocks(&self.key, &message).unwrap();
        [objects, encode(Tag(0x8E), &mac), status.to_vec()].concat()
    }
}

impl Transport for ProtectedChip {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        self.commands += 1;
        assert_eq!(command[0], 0x0C);
        let (plain, most) = self.open(command);
        let given = self.chip.answer(&plain);
        *answer = self.protect(command[1] & 1 == 1, &given);
        assert!(answer.len() - 2 <= most, "an answer of {} bytes where {most} fit", answer.len() - 2);
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 70_000, answer: 70_000 }
    }
}

/// Most bytes of a file in an answer of so many bytes: what is left beside 87 L 01 and padding, 99 02 and 8E 08.
fn most_of_a_file(cipher: Cipher, answer: usize) -> usize {
    let block = cipher.block_length();
    let protected = |bytes: usize| {
        let value = 1 + (bytes / block + 1) * block;
        frame(value) + value + 4 + 10
    };
    (1..answer).rev().find(|bytes| protected(*bytes) <= answer).unwrap()
}

fn ways() -> impl Iterator<Item = (Cipher, Link)> {
    let ciphers = [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes256];
    ciphers.into_iter().flat_map(|cipher| [SHORT, extended(1000), extended(4096)].map(|link| (cipher, link)))
}

#[test]
fn files_are_read_in_the_least_number_of_commands_that_protection_leaves_room_for() {
    for (cipher, link) in ways() {
        let sizes = [1934, 93, 20_000];
        let files = [
            (ElementaryFile::Sod, hex(tr_03105_5::EF_SOD)),
            (group(DataGroup::DG1), hex(tr_03105_5::DG1)),
            (group(DataGroup::DG2), file_of(group(DataGroup::DG2), 20_000)),
        ];
        let (mut chip, session) = ProtectedChip::with(cipher, &files);
        let mut channel = Channel::new(&mut chip, link);
        channel.protect(session);
        let mut selection = Selection::default();
        let mut reader = LdsReader::new(&mut channel, &mut selection);
        for (file, content) in &files {
            assert_eq!(*reader.read(*file, &mut |_| {}).unwrap(), *content);
        }
        let greatest = most_of_a_file(cipher, link.max_response);
        let least = 1 + sizes.iter().map(|size: &usize| size.div_ceil(greatest)).sum::<usize>();
        assert_eq!(chip.commands, least, "{cipher:?} {link:?}");
    }
}

#[test]
fn offsets_above_32767_and_refusals_are_protected_as_well() {
    for (cipher, link) in ways().filter(|(_, link)| link.extended_length) {
        let file = group(DataGroup::DG2);
        let content = file_of(file, 40_000);
        let (mut chip, session) = ProtectedChip::with(cipher, &[(file, content.clone())]);
        chip.chip.no_short_identifiers = true;
        chip.chip.forbidden.push(group(DataGroup::DG3).identifier());
        chip.chip.files.insert((true, group(DataGroup::DG3).identifier()), hex("6300"));
        let mut channel = Channel::new(&mut chip, link);
        channel.protect(session);
        let mut selection = Selection::default();
        let mut reader = LdsReader::new(&mut channel, &mut selection);
        assert_eq!(*reader.read(file, &mut |_| {}).unwrap(), content);
        let refused = reader.read(group(DataGroup::DG3), &mut |_| {}).unwrap_err();
        assert!(matches!(refused, CardError::Forbidden { file: "DG3", .. }));
        let absent = reader.read(group(DataGroup::DG4), &mut |_| {}).unwrap_err();
        assert_eq!(absent, CardError::NoFile { file: "DG4" });
    }
}

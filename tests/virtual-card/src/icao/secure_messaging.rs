//! Secure messaging, the card's side (ICAO Doc 9303-11, section 9.8; ISO/IEC 7816-4, section 10).

use zeroize::Zeroizing;

use super::cipher::{Cipher, MAC_LENGTH, same, unpad};
use crate::{
    ber_tlv::{object, objects},
    command::{Command, EXTENDED_NE, SHORT_NE},
    status::StatusWord,
};

/// Padded and encrypted data, after a byte that says how it is padded.
const ENCRYPTED: u32 = 0x87;
/// Encrypted data objects: of commands with an odd instruction.
const ENCRYPTED_OBJECTS: u32 = 0x85;
/// Data that is authenticated and not encrypted.
const PLAIN: u32 = 0x81;
/// Ne.
const EXPECTED: u32 = 0x97;
/// The status word.
const STATUS: u32 = 0x99;
/// The message authentication code.
const CODE: u32 = 0x8E;

/// Bits 4 and 3 of CLA: secure messaging whose code covers the header.
const PROTECTED: u8 = 0x0C;

/// The keys of a session and its send sequence counter.
pub(crate) struct SecureMessaging {
    cipher: Cipher,
    encryption_key: Zeroizing<Vec<u8>>,
    authentication_key: Zeroizing<Vec<u8>>,
    counter: Vec<u8>,
}

/// Why a command was not taken; either way the session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no code.
    Missing,
    /// The code, an object or the encryption is not right.
    Incorrect,
}

impl From<Fault> for StatusWord {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Missing => Self::SECURE_MESSAGING_OBJECTS_MISSING,
            Fault::Incorrect => Self::SECURE_MESSAGING_OBJECTS_INCORRECT,
        }
    }
}

impl SecureMessaging {
    /// A session whose counter stands at zero: after PACE and chip authentication.
    pub(crate) fn new(
        cipher: Cipher,
        encryption_key: Zeroizing<Vec<u8>>,
        authentication_key: Zeroizing<Vec<u8>>,
    ) -> Self {
        Self { cipher, encryption_key, authentication_key, counter: vec![0; cipher.block_length()] }
    }

    /// The same session with its counter at another place: after basic access control.
    pub(crate) fn starting_at(mut self, counter: Vec<u8>) -> Self {
        self.counter = counter;
        self
    }

    fn count(&mut self) {
        for digit in self.counter.iter_mut().rev() {
            *digit = digit.wrapping_add(1);
            if *digit != 0 {
                break;
            }
        }
    }

    /// Zero for 3DES; for AES the counter, encrypted (section 9.8.6.1).
    fn initialisation_vector(&self) -> Vec<u8> {
        match self.cipher {
            Cipher::TripleDes => vec![0; self.cipher.block_length()],
            _ => self.cipher.encrypt_block(&self.encryption_key, &self.counter),
        }
    }

    fn code(&self, message: &[u8]) -> Vec<u8> {
        let message = self.cipher.pad(&[&self.counter, message].concat());
        self.cipher.mac(&self.authentication_key, &message)
    }

    fn decrypt(&self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        if data.is_empty() {
            return Err(Fault::Incorrect);
        }
        let padded = self.cipher.decrypt(&self.encryption_key, &self.initialisation_vector(), data);
        let padded = padded.ok_or(Fault::Incorrect)?;
        unpad(&padded).map(|data| Zeroizing::new(data.to_vec())).ok_or(Fault::Incorrect)
    }

    /// Takes the protection off a command.
    pub(crate) fn open(&mut self, command: &Command) -> Result<Command, Fault> {
        self.count();
        let parts = objects(&command.data).ok_or(Fault::Incorrect)?;
        let Some(((CODE, code), covered)) = parts.split_last() else {
            return Err(Fault::Missing);
        };
        if code.len() != MAC_LENGTH {
            return Err(Fault::Incorrect);
        }
        // the code covers the objects as they stand, and the header as a block of its own
        let length = command.data.len() - object(CODE, code).len();
        let objects = command.data.get(..length).ok_or(Fault::Incorrect)?;
        let header = [command.class, command.instruction, command.p1, command.p2];
        let message = [self.cipher.pad(&header).as_slice(), objects].concat();
        // without objects the header is the last block: some terminals let its padding do, some pad again
        let also = (covered.is_empty()).then(|| self.code(&header));
        if !same(&self.code(&message), code) && !also.is_some_and(|also| same(&also, code)) {
            return Err(Fault::Incorrect);
        }
        let (data, covered) = self.data_of(command.instruction, covered)?;
        let (expected, long) = match covered {
            [] => (None, false),
            [(EXPECTED, [short])] => (Some(ne(&[*short], SHORT_NE)), false),
            [(EXPECTED, long @ [_, _])] => (Some(ne(long, EXTENDED_NE)), true),
            _ => return Err(Fault::Incorrect),
        };
        Ok(Command {
            class: command.class & !PROTECTED,
            data,
            expected,
            extended: command.extended || long,
            ..*command
        })
    }

    /// The data object, which comes first, and what stands behind it.
    fn data_of<'a, 'b>(&self, instruction: u8, parts: &'a [(u32, &'b [u8])]) -> Result<Data<'a, 'b>, Fault> {
        let odd = instruction & 1 == 1;
        Ok(match parts {
            [(ENCRYPTED, [0x01, data @ ..]), rest @ ..] if !odd => (self.decrypt(data)?, rest),
            [(ENCRYPTED_OBJECTS, data), rest @ ..] if odd => (self.decrypt(data)?, rest),
            [(PLAIN, data), rest @ ..] => (Zeroizing::new(data.to_vec()), rest),
            rest => (Zeroizing::default(), rest),
        })
    }

    /// Most bytes of data in an answer that has at most `length` bytes with its protection.
    pub(crate) fn room_in(&self, length: usize) -> usize {
        // the tag, the length field and the padding indicator of the data; the status word; the code
        let length_field = if length <= SHORT_NE { 2 } else { 3 };
        let around = (1 + length_field + 1) + 4 + 10;
        let block = self.cipher.block_length();
        // padding takes at least one byte
        (length.saturating_sub(around) / block * block).saturating_sub(1)
    }

    /// Puts protection around an answer.
    pub(crate) fn seal(&mut self, instruction: u8, data: &[u8], status: StatusWord) -> Vec<u8> {
        self.count();
        let mut answer = Vec::new();
        if !data.is_empty() {
            let padded = self.cipher.pad(data);
            let encrypted = self.cipher.encrypt(&self.encryption_key, &self.initialisation_vector(), &padded);
            answer = match instruction & 1 {
                1 => object(ENCRYPTED_OBJECTS, &encrypted),
                _ => object(ENCRYPTED, &[&[0x01], encrypted.as_slice()].concat()),
            };
        }
        answer.extend(object(STATUS, &status.0.to_be_bytes()));
        let code = self.code(&answer);
        answer.extend(object(CODE, &code));
        answer
    }
}

type Data<'a, 'b> = (Zeroizing<Vec<u8>>, &'a [(u32, &'b [u8])]);

fn ne(bytes: &[u8], most: usize) -> usize {
    match bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)) {
        0 => most,
        length => length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icao::hexadecimal::bytes;

    /// Doc 9303-11, appendix D.4.
    fn session() -> SecureMessaging {
        let keys = ["979EC13B1CBFE9DCD01AB0FED307EAE5", "F1CB1F1FB5ADF208806B89DC579DC1F8"];
        let [encryption, authentication] = keys.map(|key| Zeroizing::new(bytes(key)));
        SecureMessaging::new(Cipher::TripleDes, encryption, authentication)
            .starting_at(bytes("887022120C06C226"))
    }

    fn command(digits: &str) -> Command {
        Command::parse(&bytes(digits)).unwrap()
    }

    #[test]
    fn the_exchanges_of_the_worked_example_are_understood_and_answered_the_same() {
        let mut session = session();
        for (protected, plain, data, answer) in [
            (
                "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
                "00A4020C02011E",
                "",
                "990290008E08FA855A5D4C50A8ED",
            ),
            (
                "0CB000000D9701048E08ED6705417E96BA5500",
                "00B0000004",
                "60145F01",
                "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED",
            ),
            (
                "0CB000040D9701128E082EA28A70F3C7B53500",
                "00B0000412",
                "04303130365F36063034303030305C026175",
                "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D74",
            ),
        ] {
            let opened = session.open(&command(protected)).unwrap();
            assert!(opened == command(plain), "{opened:?}");
            assert_eq!(session.seal(opened.instruction, &bytes(data), StatusWord::SUCCESS), bytes(answer));
        }
        assert_eq!(session.counter, bytes("887022120C06C22C"));
    }

    #[test]
    fn whatever_was_changed_is_refused() {
        let good = bytes("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800");
        for at in (0..4).chain(5..good.len() - 1) {
            let mut changed = good.clone();
            changed[at] ^= 0x10;
            assert!(session().open(&Command::parse(&changed).unwrap()).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_command_without_a_code_is_told_from_one_with_a_wrong_one() {
        assert!(matches!(session().open(&command("0CB00000 03 970104 00")), Err(Fault::Missing)));
        assert!(matches!(session().open(&command("0CB00000 00")), Err(Fault::Missing)));
        assert!(matches!(
            session().open(&command("0CB00000 0D 970104 8E08 0000000000000000 00")),
            Err(Fault::Incorrect)
        ));
        assert!(matches!(session().open(&command("0CB00000 03 8E0100 00")), Err(Fault::Incorrect)));
    }
}

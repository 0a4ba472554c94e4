//! Secure messaging: any answers, and answers that really are under the session's keys.
//!
//! The first byte is the cipher. Each answer begins with a byte that says how it is taken: as it is; with a checksum behind
//! it; or as plain text that is encrypted and authenticated. The other side of the protocol is written here for that, and is
//! what the terminal's is judged by: what it believes has to have the right checksum.

use bitaqa_card::{
    SecureMessaging, Transport, TransportError,
    apdu::{Command, Response},
    channel::Channel,
    kdf::{self, KeyUse},
    symmetric::Cipher,
    tlv::{Tag, encode},
    transport::Limits,
};
use zeroize::Zeroizing;

use super::{choice, lengths, written};
use crate::answers_of;

/// The ciphers, in the order of their numbers.
pub const CIPHERS: [Cipher; 4] = [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256];

/// The secret that the keys are derived from.
const SECRET: &[u8] = b"shared";
/// Tag and length of a checksum.
const CHECKSUM: [u8; 2] = [0x8E, 0x08];

/// The chip's side of a session.
struct Chip {
    cipher: Cipher,
    k_enc: Zeroizing<Vec<u8>>,
    k_mac: Zeroizing<Vec<u8>>,
    counter: u64,
}

impl Chip {
    fn new(cipher: Cipher) -> Self {
        let derive = |key_use| kdf::derive(cipher, SECRET, key_use);
        Self { cipher, k_enc: derive(KeyUse::Encryption), k_mac: derive(KeyUse::Mac), counter: 0 }
    }

    fn send_sequence_counter(&self) -> Vec<u8> {
        let mut counter = vec![0; self.cipher.block_length() - 8];
        counter.extend_from_slice(&self.counter.to_be_bytes());
        counter
    }

    fn mac(&self, objects: &[u8]) -> Option<[u8; 8]> {
        let mut message = [self.send_sequence_counter(), objects.to_vec()].concat();
        self.cipher.pad(&mut message);
        self.cipher.mac8_blocks(&self.k_mac, &message).ok()
    }

    fn authenticated(&self, objects: &[u8], status: [u8; 2]) -> Option<Vec<u8>> {
        Some([objects, &CHECKSUM, &self.mac(objects)?, &status].concat())
    }

    /// Plain data, as it goes over the line.
    fn protected(&self, plain: &[u8], status: [u8; 2]) -> Option<Vec<u8>> {
        let mut objects = Vec::new();
        if !plain.is_empty() {
            let mut iv = match self.cipher {
                Cipher::TripleDes => vec![0; 8],
                _ => self.send_sequence_counter(),
            };
            if self.cipher != Cipher::TripleDes {
                self.cipher.encrypt_block(&self.k_enc, &mut iv).ok()?;
            }
            let mut data = plain.to_vec();
            self.cipher.pad(&mut data);
            self.cipher.encrypt_cbc(&self.k_enc, &iv, &mut data).ok()?;
            objects = encode(Tag(0x87), &[&[0x01], data.as_slice()].concat());
        }
        objects.extend(encode(Tag(0x99), &status));
        self.authenticated(&objects, status)
    }

    /// The answer that a part of the input stands for. Counts the command and the answer.
    fn answer(&mut self, part: &[u8]) -> Option<Vec<u8>> {
        self.counter += 2;
        let (kind, rest) = part.split_first()?;
        match kind % 4 {
            0 => Some(rest.to_vec()),
            1 => self.authenticated(rest, [0x90, 0x00]),
            2 => self.protected(rest, [0x90, 0x00]),
            _ => self.protected(rest.get(2..).unwrap_or_default(), [*rest.first()?, *rest.get(1)?]),
        }
    }

    /// Whether the checksum of an answer is right.
    fn vouches_for(&self, data: &[u8]) -> bool {
        let Some((objects, checksum)) = data.len().checked_sub(10).map(|end| data.split_at(end)) else {
            return false;
        };
        checksum.starts_with(&CHECKSUM) && self.mac(objects).is_some_and(|mac| checksum.ends_with(&mac))
    }
}

pub(crate) fn run(input: &[u8]) {
    let (number, rest) = choice(input);
    let (options, parts) = choice(rest);
    let Some(cipher) = CIPHERS.get(usize::from(number)).copied() else { return };
    if options & 2 == 0 { alone(cipher, parts) } else { in_a_channel(cipher, options, parts) }
}

/// One answer after the other, without a channel.
fn alone(cipher: Cipher, parts: &[u8]) {
    let Ok(mut session) = SecureMessaging::from_secret(cipher, SECRET) else { return };
    let mut chip = Chip::new(cipher);
    for part in answers_of(parts) {
        let header = [0x00, 0xB0, 0x00, 0x00];
        let form = bitaqa_card::secure_messaging::LengthForm::Extended;
        let wrapped = session.wrap(header, part, Some(256), form);
        assert!(wrapped.is_ok_and(|command| command.starts_with(&[0x0C, 0xB0, 0x00, 0x00])));
        let Some(Ok(answer)) = chip.answer(part).map(Response::parse) else { return };
        let opened = session.unwrap(&answer);
        written(&opened);
        match opened {
            Ok(opened) => {
                assert!(chip.vouches_for(&answer.data), "only what is authenticated is believed");
                if part.first().is_some_and(|kind| kind % 4 == 2) {
                    assert_eq!(opened.data, part.get(1..).unwrap_or_default(), "what was sent arrives");
                }
            }
            Err(_) => return,
        }
    }
}

/// A chip whose answers are the parts of an input.
struct ProtectedAnswers<'a> {
    chip: Chip,
    parts: Vec<&'a [u8]>,
    limits: Limits,
}

impl Transport for ProtectedAnswers<'_> {
    fn transmit(&mut self, _: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let part = self.parts.pop().ok_or(TransportError::Removed)?;
        *answer = self.chip.answer(part).ok_or(TransportError::Removed)?;
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// Commands in a channel: after a fault the session has ended, and stays so.
fn in_a_channel(cipher: Cipher, options: u8, parts: &[u8]) {
    let Ok(session) = SecureMessaging::from_secret(cipher, SECRET) else { return };
    let (link, limits) = lengths(options);
    let mut parts: Vec<&[u8]> = answers_of(parts).collect();
    parts.reverse();
    let mut card = ProtectedAnswers { chip: Chip::new(cipher), parts, limits };
    let mut channel = Channel::new(&mut card, link);
    channel.protect(session);
    for length in [16, 256, 300] {
        let command = Command::new(0xB0, 0x00, 0x00).le(length);
        let outcome = channel.send(&command);
        written(&outcome);
        if outcome.is_err() && !channel.is_protected() {
            let after = channel.send(&command);
            assert!(matches!(after, Err(bitaqa_card::CardError::SessionEnded)), "{after:?}");
            return;
        }
    }
}

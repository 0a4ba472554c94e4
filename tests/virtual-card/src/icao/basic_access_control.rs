//! Basic access control, the card's side (ICAO Doc 9303-11, section 4.3).

use zeroize::Zeroizing;

use super::{
    Opening,
    cipher::{Cipher, exclusive_or, same},
    key_derivation::{KeyUse, derive},
    mrz::Mrz,
    secure_messaging::SecureMessaging,
};
use crate::{
    chip::{Answer, Chip, Refusal},
    command::Command,
    status::StatusWord,
};

/// Bytes of each side's challenge.
const CHALLENGE: usize = 8;
/// Bytes of each side's key material.
const KEY: usize = 16;

/// The document basic access keys.
#[derive(Clone)]
pub(crate) struct BasicAccess {
    document_number: Vec<u8>,
    encryption_key: Zeroizing<Vec<u8>>,
    authentication_key: Zeroizing<Vec<u8>>,
}

impl BasicAccess {
    pub(crate) fn new(mrz: &Mrz) -> Self {
        let mut seed = Zeroizing::new(mrz.hash());
        seed.truncate(KEY);
        // with its check digit
        let document_number = mrz.information().as_bytes().get(..10).unwrap_or_default().to_vec();
        Self {
            document_number,
            encryption_key: derive(Cipher::TripleDes, &seed, KeyUse::Encryption),
            authentication_key: derive(Cipher::TripleDes, &seed, KeyUse::Authentication),
        }
    }

    pub(crate) fn document_number(&self) -> &[u8] {
        &self.document_number
    }

    fn code(&self, message: &[u8]) -> Vec<u8> {
        Cipher::TripleDes.mac(&self.authentication_key, &Cipher::TripleDes.pad(message))
    }
}

impl Chip {
    /// EXTERNAL AUTHENTICATE (mutual authentication) with the MRZ's keys.
    pub(crate) fn external_authenticate(&mut self, command: &Command) -> Result<Answer, Refusal> {
        // the challenge is good for one try
        let challenge = self.session.challenge.take();
        let document = self.document.as_ref().ok_or(StatusWord::INSTRUCTION_NOT_SUPPORTED)?;
        let keys = document.basic_access.as_ref().ok_or(StatusWord::INSTRUCTION_NOT_SUPPORTED)?;
        if command.parameters() != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        if self.session.directory != document.application || self.session.icao.is_open() {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED.into());
        }
        let challenge = challenge.filter(|challenge| challenge.len() == CHALLENGE);
        let challenge = challenge.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let (encrypted, code) = command
            .data
            .split_at_checked(2 * CHALLENGE + KEY)
            .filter(|(_, code)| code.len() == CHALLENGE)
            .ok_or(StatusWord::WRONG_LENGTH)?;
        let zeros = [0; CHALLENGE];
        let token = Cipher::TripleDes.decrypt(&keys.encryption_key, &zeros, encrypted);
        let token = token.ok_or(StatusWord::WRONG_LENGTH)?;
        let (terminal_challenge, rest) = token.split_at_checked(CHALLENGE).unwrap_or_default();
        let (own_challenge, terminal_key) = rest.split_at_checked(CHALLENGE).unwrap_or_default();
        if !same(&keys.code(encrypted), code) || !same(own_challenge, &challenge) {
            return Err(StatusWord::AUTHENTICATION_FAILED.into());
        }
        let own_key = Zeroizing::new(self.random.bytes(KEY));
        let token = Zeroizing::new([&challenge, terminal_challenge, own_key.as_slice()].concat());
        let mut answer = Cipher::TripleDes.encrypt(&keys.encryption_key, &zeros, &token);
        answer.extend(keys.code(&answer));

        let seed = Zeroizing::new(exclusive_or(terminal_key, &own_key));
        // the counter starts with the last four bytes of each challenge (section 9.8.6.3)
        let last_half = |challenge: &[u8]| challenge.iter().skip(CHALLENGE / 2).copied().collect::<Vec<u8>>();
        let counter = [last_half(&challenge), last_half(terminal_challenge)].concat();
        let secure = SecureMessaging::new(
            Cipher::TripleDes,
            derive(Cipher::TripleDes, &seed, KeyUse::Encryption),
            derive(Cipher::TripleDes, &seed, KeyUse::Authentication),
        );
        self.session.icao.open(Opening::BasicAccessControl, secure.starting_at(counter));
        Ok(Answer::of(answer))
    }
}

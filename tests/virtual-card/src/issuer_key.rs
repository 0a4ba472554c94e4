//! A chip that opens with a key of its issuer: GET CHALLENGE, then EXTERNAL AUTHENTICATE (ISO 7816-4, section 11.6.5).
//!
//! What a real card of this kind does is not public. This is a plain instance of the pattern: the terminal answers a
//! challenge of 16 bytes with its AES-128-CMAC (NIST SP 800-38B) under the issuer's key; a challenge is good once.

use aes::Aes128;
use cmac::{Cmac, KeyInit as _, Mac as _};
use zeroize::Zeroizing;

use crate::{
    chip::{Answer, Chip, Refusal},
    command::Command,
    status::StatusWord,
};

/// Bytes of the challenge that has to be answered.
const CHALLENGE: usize = 16;

/// The issuer's key, and the reference (P2) that names it.
#[derive(Clone)]
pub struct IssuerKey {
    /// Its reference.
    pub reference: u8,
    key: Zeroizing<[u8; 16]>,
}

impl IssuerKey {
    /// A key of 16 bytes.
    #[must_use]
    pub fn new(reference: u8, key: [u8; 16]) -> Self {
        Self { reference, key: Zeroizing::new(key) }
    }
}

impl Chip {
    pub(crate) fn prove_issuer_key(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let key = self.issuer_key.as_ref().ok_or(StatusWord::INSTRUCTION_NOT_SUPPORTED)?;
        if command.p1 != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        if command.p2 != key.reference {
            return Err(StatusWord::REFERENCE_NOT_FOUND.into());
        }
        self.session.issuer_proved = false;
        let challenge = self.session.challenge.take().filter(|challenge| challenge.len() == CHALLENGE);
        let challenge = challenge.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let mut mac = Cmac::<Aes128>::new((&*key.key).into());
        mac.update(&challenge);
        // compares in constant time
        mac.verify_slice(&command.data).map_err(|_| StatusWord::AUTHENTICATION_FAILED)?;
        self.session.issuer_proved = true;
        Ok(Answer::empty())
    }
}

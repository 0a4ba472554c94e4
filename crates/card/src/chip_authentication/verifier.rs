//! The relayed form, where the proof is judged. Pure: what it gives and takes goes through the host.

use crate::{
    apdu::{Response, StatusWord, ins},
    error::CardError,
    key_agreement::{BadPublicKey, PrivateKey, PublicKey},
    secure_messaging::{LengthForm, SecureMessaging, SecureMessagingFault},
};

use super::{ChipKey, bad_key, relayed::READ_DG14};

/// Bytes of DG14 that are read: enough to see that it is the file, few enough for one block.
const READ_LENGTH: u8 = 12;

/// A verifier that waits for a chip's answer. It is used once: a second answer under the same keys would be a replay.
#[derive(Debug)]
pub struct Verifier {
    ephemeral: Vec<u8>,
    protected_read: Vec<u8>,
    session: SecureMessaging,
}

impl Verifier {
    /// For the chip of this DG14, whose signature the caller has checked or will check, with a private key that was drawn
    /// for this one proof. The same key gives the same verifier again, for a server that keeps no state in memory.
    ///
    /// # Errors
    /// Misbehaviour if the keys do not agree: they are of different groups.
    pub fn new(chip: &ChipKey, private: &PrivateKey) -> Result<Self, CardError> {
        let ephemeral = public_key(chip, private)?;
        Self::made(chip, ephemeral.encode(), chip.public_key(), private)
    }

    /// The same, for an answer that is to be good for one request alone: whoever passes the key on gives the chip its key times
    /// the factor that `factor` makes of it.
    ///
    /// # Errors
    /// As for [`new`](Self::new), and where the factor is zero in the group.
    pub fn bound(
        chip: &ChipKey,
        private: &PrivateKey,
        factor: impl FnOnce(&[u8]) -> [u8; 64],
    ) -> Result<Self, CardError> {
        let ephemeral = public_key(chip, private)?.encode();
        let parameters = chip.public_key().domain_parameters();
        let factor =
            parameters.reduced_private_key(&factor(&ephemeral)).ok_or_else(|| bad_key(BadPublicKey))?;
        let multiplied = chip.public_key().agree(&factor).map_err(bad_key)?;
        Self::made(chip, ephemeral, &multiplied, private)
    }

    fn made(
        chip: &ChipKey,
        ephemeral: Vec<u8>,
        theirs: &PublicKey,
        private: &PrivateKey,
    ) -> Result<Self, CardError> {
        let secret = theirs.agree(private).map_err(bad_key)?;
        let mut session = SecureMessaging::from_secret(chip.cipher(), &secret.shared_secret())?;
        let header = [0x00, ins::READ_BINARY, READ_DG14, 0x00];
        let protected_read = session.wrap(header, &[], Some(READ_LENGTH.into()), LengthForm::Short)?;
        Ok(Self { ephemeral, protected_read, session })
    }

    /// The public key for the chip.
    #[must_use]
    pub fn ephemeral(&self) -> &[u8] {
        &self.ephemeral
    }

    /// The one command for the chip.
    #[must_use]
    pub fn protected_read(&self) -> &[u8] {
        &self.protected_read
    }

    /// Whether a chip with the private key of DG14 answered, now and to this verifier. `dg14` is the whole file.
    ///
    /// # Errors
    /// [`ChipAuthenticationFault`].
    pub fn check(mut self, answer: &[u8], dg14: &[u8]) -> Result<(), ChipAuthenticationFault> {
        let answer = Response::parse(answer.to_vec()).map_err(|_| SecureMessagingFault::Format)?;
        let answer = self.session.unwrap(&answer)?;
        if answer.status != StatusWord::OK {
            return Err(ChipAuthenticationFault::Refused { status: answer.status });
        }
        match dg14.get(..READ_LENGTH.into()) {
            Some(start) if answer.data == start => Ok(()),
            _ => Err(ChipAuthenticationFault::OtherFile),
        }
    }
}

fn public_key(chip: &ChipKey, private: &PrivateKey) -> Result<PublicKey, CardError> {
    chip.public_key().domain_parameters().generator().agree(private).map_err(bad_key)
}

/// Why an answer proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChipAuthenticationFault {
    /// It is not protected by the keys that only the chip can have.
    #[error(transparent)]
    Session(#[from] SecureMessagingFault),
    /// The chip has the keys, and refused the command.
    #[error("the chip refused the verifier's command with {status}")]
    Refused {
        /// What it said.
        status: StatusWord,
    },
    /// The chip has the keys, and read another file.
    #[error("the chip read another file than DG14")]
    OtherFile,
}

//! The relayed form, where the card is: what somebody else gives is checked, passed on, and nothing else.

use crate::{
    apdu::{Response, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    key_agreement::PublicKey,
    secure_messaging::{SecureMessagingFault, is_whole_answer},
    tlv::{Tag, TlvReader},
};

use super::{ChipKey, agree};

/// Class byte of a protected command whose header is authenticated.
const PROTECTED: u8 = 0x0C;
/// P1 of READ BINARY by short file identifier, with that of DG14 (ICAO Doc 9303-10, section 3.11).
pub(super) const READ_DG14: u8 = 0x80 | 0x0E;
const LE: Tag = Tag(0x97);
const CHECKSUM: Tag = Tag(0x8E);

/// A verifier's public key and one protected READ BINARY of DG14, both checked. The only commands of somebody else that
/// can reach a card.
#[derive(Clone, PartialEq, Eq)]
pub struct RelayedChipAuthentication {
    chip: ChipKey,
    ephemeral: PublicKey,
    protected_read: Vec<u8>,
}

impl RelayedChipAuthentication {
    /// Checks what the verifier gave for this chip's key: a public key of the same group, and a READ BINARY that reads
    /// nothing but DG14, which the verifier has already. Of another group it could read what the person did not agree to,
    /// under keys that only it knows.
    ///
    /// # Errors
    /// [`RelayFault`]; nothing was sent then.
    pub fn new(chip: &ChipKey, ephemeral: &[u8], protected_read: &[u8]) -> Result<Self, RelayFault> {
        let parameters = chip.public_key().domain_parameters();
        let ephemeral = parameters.decode(ephemeral).map_err(|_| RelayFault::Key)?;
        if &ephemeral == chip.public_key() {
            return Err(RelayFault::Key);
        }
        check_read(protected_read)?;
        Ok(Self { chip: chip.clone(), ephemeral, protected_read: protected_read.to_vec() })
    }

    /// The same, for a verifier whose proof is to be good for one request alone: the chip gets its key times a factor that follows
    /// from the request. Passed on in another request the key is another one, and the chip's answer opens for nobody.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn bound(
        chip: &ChipKey,
        ephemeral: &[u8],
        factor: &[u8],
        protected_read: &[u8],
    ) -> Result<Self, RelayFault> {
        let parameters = chip.public_key().domain_parameters();
        let given = Self::new(chip, ephemeral, protected_read)?;
        let factor = parameters.reduced_private_key(factor).ok_or(RelayFault::Key)?;
        let ephemeral = given.ephemeral.agree(&factor).map_err(|_| RelayFault::Key)?;
        if &ephemeral == chip.public_key() {
            return Err(RelayFault::Key);
        }
        Ok(Self { ephemeral, ..given })
    }

    /// Sends both as the last commands of the session, and returns the chip's protected answer, status word included. Only
    /// the verifier can open it. After this, the channel sends nothing more.
    ///
    /// # Errors
    /// Transport faults, a refusal, an unprotected answer.
    pub fn run(self, channel: &mut Channel<'_>) -> Result<Vec<u8>, CardError> {
        agree(channel, &self.chip, &self.ephemeral)?;
        let Response { mut data, status } = channel.send_last(&self.protected_read)?;
        if data.is_empty() {
            return Err(Misbehaviour::from(SecureMessagingFault::Unprotected { status }).into());
        }
        if !is_whole_answer(&data) {
            return Err(Misbehaviour::from(SecureMessagingFault::Format).into());
        }
        data.extend_from_slice(&status.0.to_be_bytes());
        Ok(data)
    }
}

/// A short protected READ BINARY: protected Le and checksum, nothing else.
fn check_read(apdu: &[u8]) -> Result<(), RelayFault> {
    let [PROTECTED, ins::READ_BINARY, READ_DG14, _, lc, field @ .., 0x00] = apdu else {
        return Err(RelayFault::Command);
    };
    if usize::from(*lc) != field.len() {
        return Err(RelayFault::Command);
    }
    let mut reader = TlvReader::new(field);
    let le = reader.expect(LE).map_err(|_| RelayFault::Command)?;
    let checksum = reader.expect(CHECKSUM).map_err(|_| RelayFault::Command)?;
    if le.encoded.len() == 3 && checksum.encoded.len() == 10 && reader.rest().is_empty() {
        Ok(())
    } else {
        Err(RelayFault::Command)
    }
}

/// Why what a verifier gave is not passed to the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RelayFault {
    /// The key is none of the chip's group, or the chip's own.
    #[error("the verifier's key does not fit the chip's")]
    Key,
    /// The command is no short protected READ BINARY of DG14.
    #[error("the verifier's command is none that may reach the card")]
    Command,
}

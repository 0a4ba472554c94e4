//! What a chip says of a password: before a try, and after it.

use super::{password::PasswordKind, session::PaceSession, variant::PaceVariant};
use crate::{
    apdu::{Command, StatusWord, ins},
    channel::Channel,
    chat::Chat,
    error::CardError,
    tlv::{Tag, encode},
};

/// Name of the command in errors.
pub(crate) const MSE_SET_AT: &str = "MSE:Set AT";
/// P1 and P2: set the authentication template for mutual authentication.
const SET_AT: (u8, u8) = (0xC1, 0xA4);
/// Cryptographic mechanism reference: the protocol.
const PROTOCOL: Tag = Tag(0x80);
/// Reference of a public key or secret key: the password.
const PASSWORD: Tag = Tag(0x83);
/// Reference of a private key: the domain parameters.
const PARAMETERS: Tag = Tag(0x84);
/// Warning: the password is deactivated (TR-03110-3 section B.1).
const DEACTIVATED: u16 = 0x6283;

/// The outcome of PACE. A wrong password is no error.
#[derive(Debug)]
pub enum PaceVerdict {
    /// The password is right: the channel is protected.
    Open(Box<PaceSession>),
    /// The password is wrong.
    Wrong {
        /// Tries left, where the chip says so; at least one.
        tries_left: Option<u8>,
    },
    /// Nothing was tried: one try is left, which the chip gives only after PACE with another password in the same session. Of the
    /// PIN, that is the card access number.
    Suspended,
    /// No tries are left.
    Blocked,
    /// Nothing was tried: the password is deactivated.
    Deactivated,
}

/// What a chip says of a password that nobody has tried yet in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordState {
    /// It may be tried.
    Usable {
        /// Tries left, where the chip counts them and says so.
        tries_left: Option<u8>,
    },
    /// One try is left, after PACE with the card access number only. Chips that do not suspend say the same of their last try.
    Suspended,
    /// No tries are left.
    Blocked,
    /// Deactivated.
    Deactivated,
}

impl PasswordState {
    /// The state that the status word of MSE:Set AT tells (TR-03110-3 section B.1 and 9303-11 section 4.4.4.1).
    const fn of(status: StatusWord, kind: PasswordKind) -> Result<Self, CardError> {
        Ok(match (status.0, status.tries_left()) {
            (0x9000, _) => Self::Usable { tries_left: None },
            (_, Some(0)) | (0x6983, _) => Self::Blocked,
            (_, Some(1)) if matches!(kind, PasswordKind::Pin) => Self::Suspended,
            (_, Some(left)) => Self::Usable { tries_left: Some(left) },
            (DEACTIVATED | 0x6984, _) => Self::Deactivated,
            _ => return Err(CardError::Refused { command: MSE_SET_AT, status }),
        })
    }
}

/// Asks the chip for the state of a password, which spends no try. It also readies the chip for PACE with it.
///
/// # Errors
/// Transport faults, misbehaviour, and status words that tell no state.
pub fn password_state(
    channel: &mut Channel<'_>,
    variant: &PaceVariant,
    kind: PasswordKind,
) -> Result<PasswordState, CardError> {
    set_authentication_template(channel, variant, kind, None)
}

/// MSE:Set AT (9303-11 section 4.4.4.1, TR-03110-3 section B.14.1).
pub(super) fn set_authentication_template(
    channel: &mut Channel<'_>,
    variant: &PaceVariant,
    kind: PasswordKind,
    chat: Option<&Chat>,
) -> Result<PasswordState, CardError> {
    let mut data = encode(PROTOCOL, &variant.protocol.oid());
    data.extend(encode(PASSWORD, &[kind as u8]));
    if let Some(reference) = variant.parameter_reference {
        let bytes = reference.to_be_bytes();
        let leading = bytes.iter().take_while(|byte| **byte == 0).count().min(3);
        data.extend(encode(PARAMETERS, bytes.get(leading..).unwrap_or_default()));
    }
    if let Some(chat) = chat {
        data.extend(chat.encode());
    }
    let (p1, p2) = SET_AT;
    let answer = channel.send(&Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, p1, p2).data(data))?;
    PasswordState::of(answer.status, kind)
}

/// The verdict on a card access number that the reader tried, by what the card said to it.
pub(crate) fn verdict_on_number(command: &'static str, status: StatusWord) -> Result<PaceVerdict, CardError> {
    if command != MSE_SET_AT {
        return refusal(command, status);
    }
    Ok(match PasswordState::of(status, PasswordKind::Can)? {
        PasswordState::Suspended => PaceVerdict::Suspended,
        PasswordState::Blocked => PaceVerdict::Blocked,
        PasswordState::Deactivated => PaceVerdict::Deactivated,
        PasswordState::Usable { .. } => return Err(CardError::Refused { command, status }),
    })
}

/// The verdict of the last step's failure. Status words that speak of the command, and not of what is in it, are none.
pub(super) const fn refusal(command: &'static str, status: StatusWord) -> Result<PaceVerdict, CardError> {
    match (status.sw1(), status.0, status.tries_left()) {
        (_, 0x6983, _) | (_, _, Some(0)) => Ok(PaceVerdict::Blocked),
        (_, _, Some(left)) => Ok(PaceVerdict::Wrong { tries_left: Some(left) }),
        (0x61 | 0x67 | 0x68 | 0x6B..=0x6E, ..) | (_, 0x9000 | 0x6A81 | 0x6A86, _) => {
            Err(CardError::Refused { command, status })
        }
        _ => Ok(PaceVerdict::Wrong { tries_left: None }),
    }
}

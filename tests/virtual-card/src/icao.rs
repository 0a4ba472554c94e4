//! The contactless chip of a travel document: who may open it, what is in it, how it proves that it is no copy
//! (ICAO Doc 9303, parts 10 and 11; BSI TR-03110, parts 2 and 3).
//!
//! | module | what |
//! |---|---|
//! | `basic_access_control` | opens the chip with the machine readable zone |
//! | [`pace`] | opens the chip with a password, of which a listener learns nothing |
//! | `secure_messaging` | what every command wears afterwards |
//! | [`active_authentication`], `chip_authentication` | how the chip shows that it is no copy |
//! | [`terminal_authentication`] | how a terminal shows who it is |
//! | `restricted_identification` | pseudonyms |
//! | [`logical_data_structure`], [`security_object`] | the files, and what the issuer signed |
//! | [`mrz`] | the machine readable zone |
//! | [`order`] | what can be ordered |

pub mod active_authentication;
pub mod cipher;
pub mod domain;
pub mod key_derivation;
pub mod logical_data_structure;
pub mod mrz;
pub mod order;
pub mod pace;
pub mod security_object;
pub mod terminal_authentication;

mod basic_access_control;
pub(crate) mod chip_authentication;
#[cfg(test)]
pub(crate) mod hexadecimal;
pub(crate) mod oid;
mod pin_management;
mod protected_exchange;
mod restricted_identification;
mod secure_messaging;
pub(crate) mod security_infos;
pub(crate) mod signing_key;
#[cfg(test)]
mod worked_examples;
#[cfg(test)]
mod worked_examples_of_terminals;

use crate::{
    chip::{Answer, Chip, Refusal},
    command::Command,
    file_system::{FileRef, Right},
    status::StatusWord,
};
use active_authentication::ActiveAuthentication;
pub(crate) use basic_access_control::BasicAccess;
pub(crate) use chip_authentication::ChipKey;
use pace::{Pace, PasswordKind, PasswordState, Progress};
pub(crate) use protected_exchange::is_protected;
pub(crate) use restricted_identification::PseudonymKey;
use secure_messaging::{Fault, SecureMessaging};
pub(crate) use terminal_authentication::TrustPoints;

/// What makes a chip a travel document.
#[derive(Clone)]
pub struct Document {
    /// The application that holds the logical data structure.
    pub(crate) application: FileRef,
    /// Most bytes of a command, as EF.ATR/INFO tells them.
    pub(crate) most_in: usize,
    /// Dedicated files that are used after PACE only.
    pub(crate) behind_pace: Vec<BehindPace>,
    /// Basic access control, where it is offered.
    pub(crate) basic_access: Option<BasicAccess>,
    /// PACE, where it is offered.
    pub(crate) pace: Option<Pace>,
    /// The keys of chip authentication.
    pub(crate) chip_keys: Vec<ChipKey>,
    /// The key of active authentication.
    pub(crate) active: Option<ActiveAuthentication>,
    /// Whose terminals are believed, where terminals have to prove themselves.
    pub(crate) terminals: Option<TrustPoints>,
    /// The key for pseudonyms.
    pub(crate) pseudonym_key: Option<PseudonymKey>,
}

/// A dedicated file that is used after PACE only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BehindPace {
    pub(crate) directory: FileRef,
    /// Whether it can be selected before, by anybody.
    pub(crate) selectable: bool,
    /// What the chip says to what is tried before.
    pub(crate) refusal: StatusWord,
}

/// How the chip was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// With basic access control.
    BasicAccessControl,
    /// With PACE and this password.
    Pace(PasswordKind),
}

/// What of all this lasts until the next reset, or until secure messaging ends.
#[derive(Default)]
pub(crate) struct Session {
    secure: Option<SecureMessaging>,
    /// What the answer to this command does not use yet, but the next command does.
    next: Option<SecureMessaging>,
    opening: Option<Opening>,
    pace: Progress,
    chip_key: Option<ChipKey>,
    terminal: terminal_authentication::Progress,
    /// The chip's ephemeral key of PACE, compressed.
    pace_key: Option<Vec<u8>>,
    /// The terminal's ephemeral key of chip authentication, compressed.
    agreed: Option<Vec<u8>>,
    pseudonym_chosen: bool,
}

impl Session {
    pub(crate) fn is_protected(&self) -> bool {
        self.secure.is_some()
    }

    /// MSE chose something else: what GENERAL AUTHENTICATE would have gone on with is forgotten.
    fn choose_anew(&mut self) {
        self.pace = Progress::Idle;
        self.chip_key = None;
        self.pseudonym_chosen = false;
    }

    pub(crate) fn take_secure_messaging(&mut self) -> Result<SecureMessaging, Fault> {
        self.secure.take().ok_or(Fault::Incorrect)
    }

    /// After a protected command: the session goes on, unless the command began another.
    pub(crate) fn keep_secure_messaging(&mut self, current: SecureMessaging) {
        self.secure = Some(self.next.take().unwrap_or(current));
    }

    /// After a command without protection: a session goes on only if the command began it.
    pub(crate) fn start_secure_messaging(&mut self) {
        self.secure = self.next.take();
    }

    /// What a terminal proved before, it proved to another session.
    fn open(&mut self, opening: Opening, secure: SecureMessaging) {
        *self = Self { opening: Some(opening), next: Some(secure), ..Self::default() };
    }

    /// Other keys, and nothing else changes.
    fn restart(&mut self, secure: SecureMessaging) {
        self.next = Some(secure);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.opening.is_some()
    }

    pub(crate) fn is_open_by_pace(&self) -> bool {
        self.opening.is_some_and(|opening| opening != Opening::BasicAccessControl)
    }

    pub(crate) fn has_right(&self, right: Right) -> bool {
        self.terminal.has_right(right)
    }
}

impl Chip {
    /// Carries out what belongs to the document; `None` when it is another command.
    pub(crate) fn execute_for_document(&mut self, command: &Command) -> Option<Result<Answer, Refusal>> {
        let application = self.document.as_ref()?.application;
        match (command.instruction, command.parameters()) {
            (0x22, 0xC1A4) => Some(self.set_pace(command)),
            (0x22, 0x41A6) => Some(self.set_key_agreement(command)),
            (0x22, 0x41A4) if names_a_protocol(command, oid::CHIP_AUTHENTICATION) => {
                Some(self.set_chip_authentication(command))
            }
            (0x22, 0x41A4) if names_a_protocol(command, oid::RESTRICTED_IDENTIFICATION) => {
                Some(self.set_restricted_identification(command))
            }
            (0x22, 0x81A4) => Some(self.set_terminal_authentication(command)),
            (0x22, 0x81B6) => Some(self.set_verification_key(command)),
            (0x2A, 0x00BE) => Some(self.verify_certificate(command)),
            (0x82, _) if self.session.icao.terminal.is_chosen() => Some(self.authenticate_terminal(command)),
            (0x82, _) => Some(self.external_authenticate(command)),
            (0x86, 0) if self.session.icao.chip_key.is_some() => Some(self.authenticate_chip(command)),
            (0x86, 0) if self.session.icao.pseudonym_chosen => Some(self.identify_restrictedly(command)),
            (0x86, 0) => Some(self.pace_step(command)),
            (0x2C, 0x0203 | 0x0303) | (0x44 | 0x04, 0x1003) if self.has_pace_pin() => {
                Some(self.manage_pace_pin(command))
            }
            (0x88, _) if self.session.directory == application => Some(self.prove_by_signature(command)),
            (0xB1, _) => Some(self.read_binary_object(command)),
            _ => None,
        }
    }

    /// The state of a PACE password.
    #[must_use]
    pub fn password_state(&self, kind: PasswordKind) -> Option<PasswordState> {
        let pace = self.document.as_ref()?.pace.as_ref()?;
        pace.passwords.get(kind).map(pace::Password::state)
    }

    /// Behind PACE, only what leads to PACE is open before it.
    pub(crate) fn demand_opening(&self, command: &Command) -> Result<(), Refusal> {
        let Some(document) = &self.document else {
            return Ok(());
        };
        let here = self.session.directory;
        let closed = document.behind_pace.iter().find(|outer| self.files.is_within(here, outer.directory));
        let leads_on = match command.instruction {
            0x82 | 0x84 | 0x86 | 0xA4 => true,
            0x22 => command.parameters() == 0xC1A4,
            _ => false,
        };
        match closed {
            Some(closed) if !leads_on && !self.session.icao.is_open_by_pace() => Err(closed.refusal.into()),
            _ => Ok(()),
        }
    }

    /// Some of what is behind PACE cannot even be selected before.
    pub(crate) fn demand_opening_to_select(&self, found: FileRef) -> Result<(), Refusal> {
        let behind_pace = self.document.iter().flat_map(|document| &document.behind_pace);
        let closed = behind_pace
            .filter(|outer| !outer.selectable)
            .find(|outer| self.files.is_within(found, outer.directory));
        match closed {
            Some(closed) if !self.session.icao.is_open_by_pace() => Err(closed.refusal.into()),
            _ => Ok(()),
        }
    }
}

/// MSE:Set AT of chips names a protocol by its object identifier; that for signatures has a short number.
fn names_a_protocol(command: &Command, protocol: &[u8]) -> bool {
    match command.data.as_slice() {
        [0x80, _, named @ ..] => named.starts_with(protocol),
        _ => false,
    }
}

//! What a chip keeps from one command to the next, and forgets when it is reset.

use std::collections::BTreeSet;

use super::Answer;
use crate::{
    command::Command,
    file_system::{FileRef, FileSystem},
    icao,
    rules::Protocol,
    security_environment::Environment,
    status::StatusWord,
};

/// What lasts until the next reset.
pub(crate) struct Session {
    pub(crate) directory: FileRef,
    pub(crate) file: Option<FileRef>,
    pub(crate) verified: BTreeSet<usize>,
    pub(crate) environment: Environment,
    pub(crate) hash: Option<Vec<u8>>,
    /// The challenge that was given last, until it is answered.
    pub(crate) challenge: Option<Vec<u8>>,
    /// The terminal proved to have the issuer's key.
    pub(crate) issuer_proved: bool,
    /// The command before this one presented the right PIN.
    pub(crate) just_verified: bool,
    pub(crate) protocol: Protocol,
    /// Most bytes of data that the answer to this command can have.
    pub(crate) room: usize,
    pub(crate) icao: icao::Session,
    pub(crate) waiting: Vec<u8>,
    pub(crate) waiting_status: StatusWord,
    /// What a command gave that asked for another length than there was: it is carried out once, and answered when
    /// it comes again with the right one (ISO 7816-3, section 10.3.2).
    pub(crate) held: Option<(Command, Answer)>,
    pub(crate) chain: Option<Command>,
}

impl Session {
    pub(super) fn new(files: &FileSystem) -> Self {
        Self {
            directory: files.master_file(),
            file: None,
            verified: BTreeSet::new(),
            environment: Environment::default(),
            hash: None,
            challenge: None,
            issuer_proved: false,
            just_verified: false,
            protocol: Protocol::T1,
            room: 0,
            icao: icao::Session::default(),
            waiting: Vec::new(),
            waiting_status: StatusWord::SUCCESS,
            held: None,
            chain: None,
        }
    }

    /// Forgets what secure messaging opened, and whatever was begun.
    pub(crate) fn end_protection(&mut self) {
        if self.icao.is_open() {
            self.verified.clear();
            self.environment = Environment::default();
            self.hash = None;
        }
        self.icao = icao::Session::default();
        self.challenge = None;
        self.chain = None;
    }

    /// A command in the clear ends the protected session, if there is one.
    pub(super) fn leave_protection(&mut self) {
        if self.icao.is_protected() {
            self.end_protection();
        }
    }

    pub(crate) fn set_verified(&mut self, pin: usize, verified: bool) {
        if verified {
            self.verified.insert(pin);
        } else {
            self.verified.remove(&pin);
        }
    }
}

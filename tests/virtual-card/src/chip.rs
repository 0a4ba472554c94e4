//! The chip: takes one command, gives one answer, keeps its state in between (ISO 7816-4).
//!
//! Files, PINs and keys are in the chip for good; what [`Chip::reset`] forgets is the session.

mod session;

use std::time::Duration;

use crate::{
    command::Command,
    data::DataObject,
    file_system::{FileRef, FileSystem},
    fingerprint::Finger,
    icao::{self, is_protected},
    issuer_key::IssuerKey,
    proprietary::ProprietaryCommand,
    random::Random,
    reference_data::{ReferenceData, Scope},
    rules::{CommandSet, Protocol, Rules, SelectionEffect},
    security_environment::{Environment, Key},
    status::StatusWord,
};

pub(crate) use session::Session;

/// CLA bit 5: not the last command of a chain (ISO 7816-4, section 5.4.1).
pub(crate) const CHAINING_BIT: u8 = 0x10;

/// Everything that a chip is made of.
#[derive(Clone)]
pub struct Contents {
    /// The answer to reset.
    pub atr: Vec<u8>,
    /// Its rules.
    pub rules: Rules,
    /// Its files.
    pub files: FileSystem,
    /// Its PINs.
    pub pins: Vec<ReferenceData>,
    /// The fingers that it compares.
    pub fingers: Vec<Finger>,
    /// Its private keys.
    pub keys: Vec<Key>,
    /// Data objects for GET DATA (`00 CA`), by tag.
    pub data_objects: Vec<(u16, Vec<u8>)>,
    /// Data objects for GET DATA with a tag list (`00 CB`).
    pub tagged_objects: Vec<DataObject>,
    /// What SELECT says about a dedicated file in place of file control information.
    pub templates: Vec<(FileRef, Vec<u8>)>,
    /// Commands that are no commands of the standard.
    pub proprietary: Vec<ProprietaryCommand>,
    /// The issuer's key, for a chip that opens with one.
    pub issuer_key: Option<IssuerKey>,
    /// What makes it a travel document: access control and proofs of origin.
    pub document: Option<icao::Document>,
}

impl Contents {
    /// A chip with nothing but files.
    #[must_use]
    pub const fn new(atr: Vec<u8>, rules: Rules, files: FileSystem) -> Self {
        Self {
            atr,
            rules,
            files,
            pins: Vec::new(),
            fingers: Vec::new(),
            keys: Vec::new(),
            data_objects: Vec::new(),
            tagged_objects: Vec::new(),
            templates: Vec::new(),
            proprietary: Vec::new(),
            issuer_key: None,
            document: None,
        }
    }
}

/// A chip.
pub struct Chip {
    pub(crate) rules: Rules,
    pub(crate) files: FileSystem,
    pub(crate) pins: Vec<ReferenceData>,
    pub(crate) fingers: Vec<Finger>,
    pub(crate) keys: Vec<Key>,
    pub(crate) data_objects: Vec<(u16, Vec<u8>)>,
    pub(crate) tagged_objects: Vec<DataObject>,
    pub(crate) templates: Vec<(FileRef, Vec<u8>)>,
    pub(crate) proprietary: Vec<ProprietaryCommand>,
    pub(crate) issuer_key: Option<IssuerKey>,
    pub(crate) document: Option<icao::Document>,
    pub(crate) random: Random,
    pub(crate) session: Session,
    /// How much longer the chip makes the terminal wait for this answer, on purpose.
    pub(crate) delay: Duration,
    /// Whether the last command presented a PIN, PUK or finger.
    pub(crate) presented: bool,
    /// The data of all answers, one after the other, as they are before secure messaging.
    pub(crate) given: Vec<u8>,
    atr: Vec<u8>,
}

/// What a command gives: data, and the status word for a good end.
pub(crate) struct Answer {
    pub(crate) data: Vec<u8>,
    pub(crate) status: StatusWord,
    /// Whether the data is given up without complaint when the command has no Le field.
    pub(crate) optional: bool,
}

impl Answer {
    pub(crate) const fn empty() -> Self {
        Self::of(Vec::new())
    }

    pub(crate) const fn of(data: Vec<u8>) -> Self {
        Self { data, status: StatusWord::SUCCESS, optional: false }
    }
}

/// A command that was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) StatusWord);

impl From<StatusWord> for Refusal {
    fn from(status: StatusWord) -> Self {
        Self(status)
    }
}

impl Chip {
    /// A chip, in the state after reset.
    #[must_use]
    pub fn new(contents: Contents) -> Self {
        let session = Session::new(&contents.files);
        Self {
            rules: contents.rules,
            files: contents.files,
            pins: contents.pins,
            fingers: contents.fingers,
            keys: contents.keys,
            data_objects: contents.data_objects,
            tagged_objects: contents.tagged_objects,
            templates: contents.templates,
            proprietary: contents.proprietary,
            issuer_key: contents.issuer_key,
            document: contents.document,
            random: Random::default(),
            session,
            delay: Duration::ZERO,
            presented: false,
            given: Vec::new(),
            atr: contents.atr,
        }
    }

    /// Another chip with the same files, PINs and keys as they are now, in the state after reset. Keys are shared.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self::new(Contents {
            atr: self.atr.clone(),
            rules: self.rules,
            files: self.files.clone(),
            pins: self.pins.clone(),
            fingers: self.fingers.clone(),
            keys: self.keys.clone(),
            data_objects: self.data_objects.clone(),
            tagged_objects: self.tagged_objects.clone(),
            templates: self.templates.clone(),
            proprietary: self.proprietary.clone(),
            issuer_key: self.issuer_key.clone(),
            document: self.document.clone(),
        })
    }

    /// The answer to reset.
    #[must_use]
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// Reset, warm or cold: the session is forgotten, everything else stays.
    pub fn reset(&mut self) {
        self.session = Session::new(&self.files);
    }

    /// Takes the bytes of a command, gives the bytes of the answer: data and status word.
    #[must_use]
    pub fn transmit(&mut self, protocol: Protocol, bytes: &[u8]) -> Vec<u8> {
        self.session.protocol = protocol;
        self.session.room = self.rules.max_answer;
        self.delay = Duration::ZERO;
        self.presented = false;
        let (data, status) = match self.exchange(bytes) {
            Ok((data, status)) => (data, status),
            Err(Refusal(status)) => (Vec::new(), status),
        };
        // what secure messaging protects is noted where it is in the clear
        if bytes.first().is_some_and(|class| class & 0x0C == 0) {
            self.given.extend_from_slice(&data);
        }
        [data.as_slice(), &status.0.to_be_bytes()].concat()
    }

    /// Tries left of a PIN or finger, by its reference; the first one that has it.
    #[must_use]
    pub fn tries_left(&self, reference: u8) -> Option<u8> {
        let pin = self.pins.iter().find(|pin| pin.reference == reference).map(|pin| pin.tries_left);
        let finger = || self.fingers.iter().find(|finger| finger.reference == reference);
        pin.or_else(|| finger().map(|finger| finger.tries_left))
    }

    /// Whether the public part of one of its keys stands in both of these.
    pub(crate) fn has_key_of_both(&self, one: &[u8], other: &[u8]) -> bool {
        self.keys.iter().any(|key| {
            let public = key.private.subject_public_key_info();
            [one, other].iter().all(|der| der.windows(public.len()).any(|part| part == public))
        })
    }

    /// Bytes of an elementary file, by the identifiers on the way from the master file.
    #[must_use]
    pub fn file_size(&self, path: &[u16]) -> Option<usize> {
        let file = self.files.along(self.files.master_file(), path)?;
        self.files.get(file)?.size()
    }

    /// Identifier and bytes of each elementary file in the directory of the first file with this identifier.
    #[must_use]
    pub fn files_beside(&self, id: u16) -> Vec<(u16, usize)> {
        self.files.beside(id)
    }

    /// Reference and tries left of everything that counts its tries, in the order of the chip.
    pub fn counters(&self) -> impl Iterator<Item = (u8, u8)> {
        let pins = self.pins.iter().map(|pin| (pin.reference, pin.tries_left));
        pins.chain(self.fingers.iter().map(|finger| (finger.reference, finger.tries_left)))
    }

    /// How much longer the chip makes the terminal wait for the last answer, on purpose.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// Whether the last command presented a PIN, PUK or finger.
    #[must_use]
    pub fn presented(&self) -> bool {
        self.presented
    }

    /// How often these bytes were given out, from the first to the last, since [`Chip::forget_given`].
    #[must_use]
    pub fn times_given(&self, bytes: &[u8]) -> usize {
        self.given.windows(bytes.len().max(1)).filter(|part| *part == bytes).count()
    }

    /// Forgets what was given out.
    pub fn forget_given(&mut self) {
        self.given.clear();
    }

    /// Says what the chip draws next, instead of random bytes, so that a worked example can be followed.
    pub fn draw_next(&mut self, draws: impl IntoIterator<Item = Vec<u8>>) {
        self.random.draw_next(draws);
    }

    fn exchange(&mut self, bytes: &[u8]) -> Result<(Vec<u8>, StatusWord), Refusal> {
        let mut command = match Command::parse(bytes) {
            Ok(command) => command,
            Err(status) => {
                self.session.leave_protection();
                return Err(status.into());
            }
        };
        if let Some(answer) = self.proprietary_answer(&mut command) {
            self.session.waiting.clear();
            return self.shape(&command, answer);
        }
        let too_long = self.document.as_ref().is_some_and(|document| bytes.len() > document.most_in);
        if too_long || (command.extended && !self.rules.extended_length) {
            self.session.leave_protection();
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        // fetching the rest of an answer is the transmission's matter, below secure messaging
        if command.instruction == 0xC0 && command.class == 0 {
            return self.get_response(&command);
        }
        self.session.waiting.clear();
        if self.document.is_some() && is_protected(&command) {
            return self.exchange_protected(&command);
        }
        self.session.leave_protection();
        self.check_class(&command)?;
        let Some(command) = self.link_chain(command)? else {
            return Ok((Vec::new(), StatusWord::SUCCESS));
        };
        let answer = match self.session.held.take() {
            Some((before, answer)) if before.is_repeated_by(&command, answer.data.len()) => answer,
            _ => {
                let outcome = self.execute(&command);
                self.session.icao.start_secure_messaging();
                outcome?
            }
        };
        self.shape(&command, answer)
    }

    fn check_class(&mut self, command: &Command) -> Result<(), Refusal> {
        match command.class {
            0x00 => Ok(()),
            CHAINING_BIT if self.rules.chaining => Ok(()),
            CHAINING_BIT => Err(StatusWord::CHAINING_NOT_SUPPORTED.into()),
            // bits 4 and 3: secure messaging; bits 2 and 1: logical channel (ISO 7816-4, table 2)
            class if class & 0xE0 == 0 && class & 0x0C != 0 => {
                Err(StatusWord::SECURE_MESSAGING_NOT_SUPPORTED.into())
            }
            class if class & 0xE0 == 0 => Err(StatusWord::LOGICAL_CHANNEL_NOT_SUPPORTED.into()),
            _ => Err(StatusWord::CLASS_NOT_SUPPORTED.into()),
        }
    }

    pub(crate) fn execute(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if self.rules.command_set == CommandSet::Piv {
            return self.execute_piv(command);
        }
        self.demand_opening(command)?;
        if let Some(outcome) = self.execute_for_document(command) {
            return outcome;
        }
        match command.instruction {
            0x20 => self.finger_status(command).unwrap_or_else(|| self.verify(command)),
            0x21 => self.verify_finger(command),
            0x22 => self.manage_security_environment(command),
            0x24 => self.change_reference_data(command),
            0x2A => self.perform_security_operation(command),
            0x2C => self.reset_retry_counter(command),
            0x82 => self.prove_issuer_key(command),
            0x84 => self.get_challenge(command),
            0x88 => self.internal_authenticate(command),
            0xA4 => self.select(command),
            0xB0 => self.read_binary(command),
            0xCA => self.get_data(command),
            0xCB => self.get_data_by_list(command),
            _ => Err(StatusWord::INSTRUCTION_NOT_SUPPORTED.into()),
        }
    }

    /// What a change of the current dedicated file does to the session.
    pub(crate) fn enter(&mut self, directory: FileRef, by_name: bool) {
        if directory != self.session.directory {
            self.session.environment = Environment::default();
            self.session.hash = None;
        }
        self.session.directory = directory;
        self.session.file = None;
        match self.rules.selection {
            SelectionEffect::RestartsWithApplication => {
                if by_name && directory == self.files.master_file() {
                    self.session.verified.clear();
                }
            }
            SelectionEffect::ForgetsLocalPinsOutside => {
                let outside: Vec<usize> = (0..self.pins.len())
                    .filter(|index| match self.pins.get(*index).map(|pin| pin.scope) {
                        Some(Scope::Local(owner)) => !self.files.is_within(directory, owner),
                        _ => false,
                    })
                    .collect();
                for index in outside {
                    self.session.verified.remove(&index);
                }
            }
        }
    }
}

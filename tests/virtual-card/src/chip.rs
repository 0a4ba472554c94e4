//! The chip: takes one command, gives one answer, keeps its state in between (ISO 7816-4).
//!
//! Files, PINs and keys are in the chip for good; what [`Chip::reset`] forgets is the session.

use std::collections::BTreeSet;

use crate::{
    command::Command,
    data::DataObject,
    file_system::{FileRef, FileSystem},
    issuer_key::IssuerKey,
    proprietary::ProprietaryCommand,
    reference_data::{ReferenceData, Scope},
    rules::{CommandSet, LongAnswer, Protocol, Rules, SelectionEffect},
    security_environment::{Environment, Key},
    status::StatusWord,
};

/// Most bytes that a chain of commands may carry together.
const MAX_CHAIN: usize = 32_768;
/// CLA bit 5: not the last command of a chain (ISO 7816-4, section 5.4.1).
const CHAINING_BIT: u8 = 0x10;

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
            keys: Vec::new(),
            data_objects: Vec::new(),
            tagged_objects: Vec::new(),
            templates: Vec::new(),
            proprietary: Vec::new(),
            issuer_key: None,
        }
    }
}

/// A chip.
pub struct Chip {
    pub(crate) rules: Rules,
    pub(crate) files: FileSystem,
    pub(crate) pins: Vec<ReferenceData>,
    pub(crate) keys: Vec<Key>,
    pub(crate) data_objects: Vec<(u16, Vec<u8>)>,
    pub(crate) tagged_objects: Vec<DataObject>,
    pub(crate) templates: Vec<(FileRef, Vec<u8>)>,
    pub(crate) proprietary: Vec<ProprietaryCommand>,
    pub(crate) issuer_key: Option<IssuerKey>,
    pub(crate) session: Session,
    atr: Vec<u8>,
}

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
    waiting: Vec<u8>,
    /// What a command gave that asked for another length than there was: it is carried out once, and answered when
    /// it comes again with the right one (ISO 7816-3, section 10.3.2).
    held: Option<(Command, Answer)>,
    chain: Option<Command>,
}

impl Session {
    fn new(files: &FileSystem) -> Self {
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
            waiting: Vec::new(),
            held: None,
            chain: None,
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
            keys: contents.keys,
            data_objects: contents.data_objects,
            tagged_objects: contents.tagged_objects,
            templates: contents.templates,
            proprietary: contents.proprietary,
            issuer_key: contents.issuer_key,
            session,
            atr: contents.atr,
        }
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
        let (data, status) = match self.exchange(bytes) {
            Ok((data, status)) => (data, status),
            Err(Refusal(status)) => (Vec::new(), status),
        };
        [data.as_slice(), &status.0.to_be_bytes()].concat()
    }

    /// Tries left of a PIN, by its reference; the first one that has it.
    #[must_use]
    pub fn tries_left(&self, reference: u8) -> Option<u8> {
        self.pins.iter().find(|pin| pin.reference == reference).map(|pin| pin.tries_left)
    }

    fn exchange(&mut self, bytes: &[u8]) -> Result<(Vec<u8>, StatusWord), Refusal> {
        let mut command = Command::parse(bytes)?;
        if let Some(answer) = self.proprietary_answer(&mut command) {
            self.session.waiting.clear();
            return self.shape(&command, answer);
        }
        if command.extended && !self.rules.extended_length {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        self.check_class(&command)?;
        if command.instruction == 0xC0 {
            return self.get_response(&command);
        }
        self.session.waiting.clear();
        let Some(command) = self.link_chain(command)? else {
            return Ok((Vec::new(), StatusWord::SUCCESS));
        };
        let answer = match self.session.held.take() {
            Some((before, answer)) if before.is_repeated_by(&command, answer.data.len()) => answer,
            _ => self.execute(&command)?,
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

    /// Puts the commands of a chain together (ISO 7816-4, section 5.3.3); `None` while more are to come.
    fn link_chain(&mut self, command: Command) -> Result<Option<Command>, Refusal> {
        let last = command.class & CHAINING_BIT == 0;
        let Some(mut chain) = self.session.chain.take() else {
            if !last {
                self.session.chain = Some(command);
                return Ok(None);
            }
            return Ok(Some(command));
        };
        let same = (chain.instruction, chain.p1, chain.p2) == (command.instruction, command.p1, command.p2);
        if !same {
            return Err(StatusWord::LAST_OF_CHAIN_EXPECTED.into());
        }
        if chain.data.len() + command.data.len() > MAX_CHAIN {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        chain.data.extend_from_slice(&command.data);
        if last {
            chain.class = command.class;
            chain.expected = command.expected;
            chain.extended = command.extended;
            return Ok(Some(chain));
        }
        self.session.chain = Some(chain);
        Ok(None)
    }

    fn execute(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if self.rules.command_set == CommandSet::Piv {
            return self.execute_piv(command);
        }
        match command.instruction {
            0x20 => self.verify(command),
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

    /// Lays the answer out as Le and the transmission protocol ask (ISO 7816-3, section 12.2; ISO 7816-4, section 5.1).
    fn shape(&mut self, command: &Command, answer: Answer) -> Result<(Vec<u8>, StatusWord), Refusal> {
        let Answer { data, status, optional } = answer;
        let length = data.len();
        if length == 0 {
            return Ok((data, status));
        }
        let t0 = self.session.protocol == Protocol::T0;
        let Some(expected) = command.expected else {
            if optional && !t0 {
                return Ok((Vec::new(), status));
            }
            return Ok(self.keep_waiting(data));
        };
        if t0 && !command.data.is_empty() {
            return Ok(self.keep_waiting(data));
        }
        if expected < length && self.rules.long_answer == LongAnswer::Chained {
            let (now, later) = data.split_at_checked(expected).unwrap_or((&data, &[]));
            let now = now.to_vec();
            let (_, status) = self.keep_waiting(later.to_vec());
            return Ok((now, status));
        }
        if expected < length || (t0 && expected != length && length < 256) {
            // with the right length the end of a file comes as no surprise
            let status = if status == StatusWord::END_OF_FILE { StatusWord::SUCCESS } else { status };
            self.session.held = Some((command.clone(), Answer { data, status, optional }));
            return Err(StatusWord::right_length(length).into());
        }
        if length > self.rules.max_answer {
            let (now, later) = data.split_at_checked(self.rules.max_answer).unwrap_or((&data, &[]));
            let now = now.to_vec();
            let (_, status) = self.keep_waiting(later.to_vec());
            return Ok((now, status));
        }
        Ok((data, status))
    }

    fn keep_waiting(&mut self, data: Vec<u8>) -> (Vec<u8>, StatusWord) {
        let status = StatusWord::bytes_waiting(data.len());
        self.session.waiting = data;
        (Vec::new(), status)
    }

    /// GET RESPONSE (section 11.8.1).
    fn get_response(&mut self, command: &Command) -> Result<(Vec<u8>, StatusWord), Refusal> {
        if command.parameters() != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        let waiting = self.session.waiting.len();
        if waiting == 0 {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED.into());
        }
        let expected = command.expected.ok_or(StatusWord::WRONG_LENGTH)?;
        if self.session.protocol == Protocol::T0 && expected > waiting && expected < 256 {
            return Err(StatusWord::right_length(waiting).into());
        }
        let now = expected.min(self.rules.max_answer).min(waiting);
        let later = self.session.waiting.split_off(now);
        let data = std::mem::replace(&mut self.session.waiting, later);
        let left = self.session.waiting.len();
        Ok((data, if left == 0 { StatusWord::SUCCESS } else { StatusWord::bytes_waiting(left) }))
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

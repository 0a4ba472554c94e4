//! A card as the reader meets it: a chip, its log, and whatever was ordered to go wrong or to take time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::{
    chip::Chip,
    command_log::{CommandLog, LogEntry},
    cost::Cost,
    icao::pace::{PasswordKind, PasswordState},
    misbehaviour::{Effect, Misbehaviour, Schedule},
    personality::Certificates,
    pki::Certificate,
    rules::Protocol,
};

/// A card.
pub struct Card {
    chip: Chip,
    certificates: Certificates,
    log: CommandLog,
    cost: Cost,
    schedule: Schedule,
    last_answer: Option<Vec<u8>>,
}

/// How one command went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The bytes of the answer; `None` when the card gave none.
    pub answer: Option<Vec<u8>>,
    /// How long the reader has to wait for it, counted from the command.
    pub wait: Duration,
    /// Whether the card leaves the reader before the answer or after it.
    pub removal: Option<Removal>,
    /// The entry in the log, to be completed with [`Card::finished`].
    entry: usize,
}

/// When a card that was ordered to leave leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// The command does not reach it.
    BeforeCommand,
    /// The answer was given.
    AfterCommand,
}

/// Why a certificate cannot take the place of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenewalError {
    /// It is for another key.
    #[error("the certificate is not for the card's key for documents")]
    Key,
    /// The card keeps its certificate for documents in some other way.
    #[error("this card has no certificate for documents in a file of its own")]
    Place,
}

impl Card {
    /// A card with this chip.
    #[must_use]
    pub fn new(chip: Chip, certificates: Certificates) -> Self {
        Self {
            chip,
            certificates,
            log: CommandLog::default(),
            cost: Cost::default(),
            schedule: Schedule::default(),
            last_answer: None,
        }
    }

    /// Another card that is what this one is now, fresh from the drawer: no log, nothing ordered, nothing selected. Keys are
    /// shared, so it costs no time.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self::new(self.chip.twin(), self.certificates.clone())
    }

    /// Power on or warm reset: the answer to reset, or `None` from a mute card.
    pub fn reset(&mut self) -> Option<Vec<u8>> {
        self.chip.reset();
        self.log.count_reset();
        (!self.schedule.is_mute()).then(|| self.chip.atr().to_vec())
    }

    /// Power off.
    pub fn power_off(&mut self) {
        self.chip.reset();
    }

    /// The answer to reset.
    #[must_use]
    pub fn atr(&self) -> &[u8] {
        self.chip.atr()
    }

    /// Carries a command out. The caller waits [`Exchange::wait`], hands the answer on, and calls [`Card::finished`].
    #[must_use]
    pub fn transmit(&mut self, protocol: Protocol, command: &[u8]) -> Exchange {
        let started = Instant::now();
        let effects = self.schedule.effects_on(command);
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut delay = Duration::ZERO;
        let mut removal = None;
        for effect in &effects {
            match effect {
                Effect::ResetBefore => self.chip.reset(),
                Effect::Delay { milliseconds } => delay += Duration::from_millis(*milliseconds),
                Effect::RemoveBefore => removal = Some(Removal::BeforeCommand),
                Effect::RemoveAfter => removal = removal.or(Some(Removal::AfterCommand)),
                _ => {}
            }
        }
        let mut answer = match removal {
            Some(Removal::BeforeCommand) => None,
            _ => {
                let answer = self.chip.transmit(protocol, command);
                delay += self.chip.delay();
                Some(answer)
            }
        };
        let genuine = answer.clone();
        for effect in effects {
            if effect == Effect::Replay && self.last_answer.is_some() {
                answer.clone_from(&self.last_answer);
            }
            answer = answer.and_then(|answer| effect.spoil(answer));
        }
        self.last_answer = genuine.or(self.last_answer.take());
        let answered = answer.as_deref().unwrap_or_default();
        let entry = LogEntry::new(time, command, answered, self.chip.presented());
        let entry = self.log.add(entry);
        let cost = self.cost.of(command.len(), answered.len());
        let wait = (cost + delay).saturating_sub(started.elapsed());
        Exchange { answer, wait, removal, entry }
    }

    /// Completes the log: the exchange took this long until the answer was handed on.
    pub fn finished(&mut self, exchange: &Exchange, duration: Duration) {
        self.log.set_duration(exchange.entry, duration);
    }

    /// Orders something to go wrong.
    pub fn misbehave(&mut self, misbehaviour: Misbehaviour) {
        self.schedule.add(misbehaviour);
    }

    /// Takes back whatever was ordered and did not happen yet.
    pub fn behave(&mut self) {
        self.schedule = Schedule::default();
    }

    /// Says what commands cost from now on.
    pub fn set_cost(&mut self, cost: Cost) {
        self.cost = cost;
    }

    /// What was exchanged so far.
    #[must_use]
    pub fn log(&self) -> &CommandLog {
        &self.log
    }

    /// Forgets what was exchanged so far.
    pub fn clear_log(&mut self) {
        self.log = CommandLog::default();
        self.chip.forget_given();
    }

    /// How often the card gave out these bytes as a whole since the log was cleared, in whatever parts and under whatever secure
    /// messaging.
    #[must_use]
    pub fn times_given(&self, bytes: &[u8]) -> usize {
        self.chip.times_given(bytes)
    }

    /// The certificates on the card.
    #[must_use]
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// Puts another certificate for the same key in the place of the one for documents, as an issuer does who renews it: for tests
    /// whose authority is not the test PKI.
    ///
    /// # Errors
    /// [`RenewalError`]; then the card is as it was.
    pub fn renew_signature_certificate(&mut self, certificate: Certificate) -> Result<(), RenewalError> {
        let before = self.certificates.signature.clone();
        if !self.chip.has_key_of_both(before.der(), certificate.der()) {
            return Err(RenewalError::Key);
        }
        if self.chip.files.rewrite(before.der(), certificate.der()) == 0 {
            return Err(RenewalError::Place);
        }
        self.certificates.signature = certificate;
        Ok(())
    }

    /// Bytes of an elementary file, by the identifiers on the way from the master file; whoever made the card knows them.
    #[must_use]
    pub fn file_size(&self, path: &[u16]) -> Option<usize> {
        self.chip.file_size(path)
    }

    /// Identifier and bytes of each elementary file in the directory of the first file with this identifier: for cards whose other
    /// identifiers are drawn.
    #[must_use]
    pub fn files_beside(&self, id: u16) -> Vec<(u16, usize)> {
        self.chip.files_beside(id)
    }

    /// Says what the chip draws next, instead of random bytes, so that a worked example can be followed.
    pub fn draw_next(&mut self, draws: impl IntoIterator<Item = Vec<u8>>) {
        self.chip.draw_next(draws);
    }

    /// The state of a PACE password.
    #[must_use]
    pub fn password_state(&self, kind: PasswordKind) -> Option<PasswordState> {
        self.chip.password_state(kind)
    }

    /// Tries left of a PIN or finger, by its reference.
    #[must_use]
    pub fn tries_left(&self, reference: u8) -> Option<u8> {
        self.chip.tries_left(reference)
    }

    /// Reference and tries left of everything that counts its tries, in the order of the chip; passwords of PACE are not
    /// among them ([`Card::password_state`]).
    #[must_use]
    pub fn counters(&self) -> Vec<(u8, u8)> {
        self.chip.counters().collect()
    }
}

//! The passwords of PACE and what becomes of them when they are tried (BSI TR-03110-2, sections 2.4 and 3.2; part 3, B.11.1).

use std::time::Duration;

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{chip::Refusal, icao::cipher::same, status::StatusWord};

/// Which password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordKind {
    /// From the machine readable zone.
    Mrz,
    /// The card access number, printed on the card.
    Can,
    /// The holder's PIN.
    Pin,
    /// What unblocks the PIN.
    Puk,
}

impl PasswordKind {
    /// The reference in data object `83` of MSE:Set AT.
    #[must_use]
    pub const fn reference(self) -> u8 {
        match self {
            Self::Mrz => 1,
            Self::Can => 2,
            Self::Pin => 3,
            Self::Puk => 4,
        }
    }

    /// The password that has to be shown in the same session before the last try is given: the CAN for the PIN (BSI TR-03110-2).
    /// A CAN that is counted is beyond that guideline; here the MRZ resumes it.
    #[must_use]
    pub const fn resumed_by(self) -> Option<Self> {
        match self {
            Self::Pin => Some(Self::Can),
            Self::Can => Some(Self::Mrz),
            Self::Mrz | Self::Puk => None,
        }
    }

    pub(crate) fn from_reference(reference: u8) -> Option<Self> {
        [Self::Mrz, Self::Can, Self::Pin, Self::Puk].into_iter().find(|kind| kind.reference() == reference)
    }
}

/// What state a password is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordState {
    /// Never blocked; each failure in a row makes the chip slower.
    NonBlocking {
        /// Failures since the last success.
        failures: u32,
    },
    /// Counted: blocked at no tries left, suspended at one until another password was shown ([`PasswordKind::resumed_by`]).
    Counted {
        /// Tries left.
        left: u8,
        /// Tries after a success.
        of: u8,
    },
    /// Out of use until an authorised terminal puts it in use.
    Deactivated {
        /// Tries left, once it is in use again.
        left: u8,
        /// Tries after a success.
        of: u8,
    },
}

/// A password in the chip.
#[derive(Clone)]
pub(crate) struct Password {
    kind: PasswordKind,
    secret: Zeroizing<Vec<u8>>,
    state: PasswordState,
    /// How much slower each failure makes the next try.
    step: Duration,
}

/// How a chip slows down whoever guesses at what is never blocked.
#[derive(Clone, Copy)]
pub(crate) struct Slowness {
    failures: u32,
    /// What each failure adds.
    step: Duration,
}

/// More failures than this make the chip no slower.
const SLOWEST: u32 = 10;

impl Slowness {
    pub(crate) const fn of(step: Duration) -> Self {
        Self { failures: 0, step }
    }

    /// How long the next try waits.
    pub(crate) fn delay(self) -> Duration {
        self.step * self.failures.min(SLOWEST)
    }

    pub(crate) fn count(&mut self, right: bool) {
        self.failures = if right { 0 } else { self.failures.saturating_add(1) };
    }
}

impl Password {
    pub(crate) fn new(kind: PasswordKind, secret: Vec<u8>, state: PasswordState, step: Duration) -> Self {
        Self { kind, secret: Zeroizing::new(secret), state, step }
    }

    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }

    pub(crate) const fn state(&self) -> PasswordState {
        self.state
    }

    /// What MSE:Set AT answers.
    pub(super) fn told(&self) -> StatusWord {
        match self.state {
            PasswordState::Deactivated { .. } => StatusWord::FILE_DEACTIVATED,
            PasswordState::Counted { left, of } if left < of => StatusWord::tries_left(left),
            PasswordState::Counted { .. } | PasswordState::NonBlocking { .. } => StatusWord::SUCCESS,
        }
    }

    /// May it be tried, after this password was shown in this session?
    pub(super) fn demand_usable(&self, shown: Option<PasswordKind>) -> Result<(), Refusal> {
        match self.state {
            PasswordState::Deactivated { .. } => Err(StatusWord::REFERENCE_DATA_NOT_USABLE.into()),
            PasswordState::Counted { left: 0, .. } => Err(StatusWord::METHOD_BLOCKED.into()),
            PasswordState::Counted { left: 1, of }
                if of > 1 && self.kind.resumed_by().is_some_and(|needed| shown != Some(needed)) =>
            {
                Err(StatusWord::CONDITIONS_NOT_SATISFIED.into())
            }
            PasswordState::Counted { .. } | PasswordState::NonBlocking { .. } => Ok(()),
        }
    }

    /// How long the chip makes a terminal wait after failures.
    pub(super) fn delay(&self) -> Duration {
        match self.state {
            PasswordState::NonBlocking { failures } => Slowness { failures, step: self.step }.delay(),
            PasswordState::Counted { .. } | PasswordState::Deactivated { .. } => Duration::ZERO,
        }
    }

    /// Compares the tokens and counts. The counter goes down before the outcome can show.
    pub(super) fn settle(&mut self, expected: &[u8], given: &[u8]) -> Result<(), Refusal> {
        let right = same(expected, given);
        match &mut self.state {
            PasswordState::NonBlocking { failures } => {
                *failures = if right { 0 } else { failures.saturating_add(1) };
                if right { Ok(()) } else { Err(StatusWord::AUTHENTICATION_FAILED.into()) }
            }
            PasswordState::Counted { left, of } => {
                *left = left.saturating_sub(1);
                if !right {
                    return Err(StatusWord::tries_left(*left).into());
                }
                // a PUK is used up by use
                if self.kind != PasswordKind::Puk {
                    *left = *of;
                }
                Ok(())
            }
            PasswordState::Deactivated { .. } => Err(StatusWord::REFERENCE_DATA_NOT_USABLE.into()),
        }
    }

    /// All tries are there again.
    pub(crate) fn reset_counter(&mut self) {
        if let PasswordState::Counted { left, of } | PasswordState::Deactivated { left, of } = &mut self.state
        {
            *left = *of;
        }
    }

    pub(crate) fn change(&mut self, secret: &[u8]) {
        self.secret = Zeroizing::new(secret.to_vec());
    }

    pub(crate) fn set_in_use(&mut self, in_use: bool) {
        self.state = match self.state {
            PasswordState::Counted { left, of } | PasswordState::Deactivated { left, of } if in_use => {
                PasswordState::Counted { left, of }
            }
            PasswordState::Counted { left, of } => PasswordState::Deactivated { left, of },
            state => state,
        };
    }
}

/// All passwords of a chip.
#[derive(Clone, Default)]
pub(crate) struct Passwords(pub(crate) Vec<Password>);

impl Passwords {
    pub(crate) fn get(&self, kind: PasswordKind) -> Option<&Password> {
        self.0.iter().find(|password| password.kind == kind)
    }

    pub(crate) fn get_mut(&mut self, kind: PasswordKind) -> Option<&mut Password> {
        self.0.iter_mut().find(|password| password.kind == kind)
    }
}

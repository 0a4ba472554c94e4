//! What a card can be ordered to do wrong, and at which command.

use serde::Deserialize;

/// Something that goes wrong, once, unless the fault says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Misbehaviour {
    /// What.
    pub fault: Effect,
    /// At which command, counted from now; the first is 1.
    #[serde(default = "first")]
    pub at: u32,
    /// Only commands with this INS are counted.
    #[serde(default)]
    pub instruction: Option<u8>,
}

const fn first() -> u32 {
    1
}

impl Misbehaviour {
    /// This fault at the `at`-th command from now.
    #[must_use]
    pub const fn at(at: u32, fault: Effect) -> Self {
        Self { fault, at, instruction: None }
    }

    /// This fault at the `at`-th command with this INS from now.
    #[must_use]
    pub const fn at_instruction(at: u32, instruction: u8, fault: Effect) -> Self {
        Self { fault, at, instruction: Some(instruction) }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// Only the first bytes of the data come, then the status word.
    Truncate {
        /// Bytes of data that come.
        keep: usize,
    },
    /// The answer ends before the status word is complete.
    EarlyEnd {
        /// Bytes of the answer that come; at most one.
        keep: usize,
    },
    /// The second byte of the data, where a length stands, is changed by exclusive or.
    WrongLength {
        /// What it is changed with.
        with: u8,
    },
    /// The first byte of the data, where a tag stands, is another.
    WrongTag {
        /// The other tag.
        tag: u8,
    },
    /// More bytes than were asked for.
    Oversize {
        /// How many more.
        bytes: usize,
    },
    /// Another status word, and no data.
    Status {
        /// The status word.
        status: u16,
    },
    /// Another status word, and this data before it, at this command and at every one after it.
    Insist {
        /// The status word.
        status: u16,
        /// The data.
        #[serde(default)]
        data: Vec<u8>,
    },
    /// One bit in the middle of the data is another.
    OneBit,
    /// Another answer comes whole: one that somebody recorded, or made up.
    Instead {
        /// The answer, with its status word.
        answer: Vec<u8>,
    },
    /// The answer to the command before comes again.
    Replay,
    /// The answer takes longer.
    Delay {
        /// How much longer.
        milliseconds: u64,
    },
    /// The command is carried out, but no answer comes.
    NoAnswer,
    /// The card is reset just before the command, as another program might do.
    ResetBefore,
    /// The card leaves the reader before the command.
    RemoveBefore,
    /// The card leaves the reader after the answer.
    RemoveAfter,
    /// No answer to reset from now on: a card the wrong way round. Counts no commands.
    Mute,
}

impl Effect {
    /// What becomes of an answer.
    pub(crate) fn spoil(&self, mut answer: Vec<u8>) -> Option<Vec<u8>> {
        let data = answer.len().saturating_sub(2);
        match self {
            Self::Truncate { keep } => {
                let status = answer.split_off(data);
                answer.truncate(*keep);
                answer.extend(status);
            }
            Self::EarlyEnd { keep } => answer.truncate((*keep).min(1)),
            Self::WrongLength { with } if data >= 2 => {
                if let Some(length) = answer.get_mut(1) {
                    *length ^= with;
                }
            }
            Self::WrongTag { tag } if data >= 1 => {
                if let Some(first) = answer.first_mut() {
                    *first = *tag;
                }
            }
            Self::Oversize { bytes } => {
                let status = answer.split_off(data);
                answer.resize(data.saturating_add((*bytes).min(65_536)), 0xA5);
                answer.extend(status);
            }
            Self::Status { status } => return Some(status.to_be_bytes().to_vec()),
            Self::Insist { status, data } => return Some([data, &status.to_be_bytes()[..]].concat()),
            Self::OneBit if data >= 1 => {
                if let Some(middle) = answer.get_mut(data / 2) {
                    *middle ^= 0x10;
                }
            }
            Self::Instead { answer } => return Some(answer.clone()),
            Self::NoAnswer => return None,
            Self::WrongLength { .. }
            | Self::WrongTag { .. }
            | Self::OneBit
            | Self::Replay
            | Self::Delay { .. }
            | Self::ResetBefore
            | Self::RemoveBefore
            | Self::RemoveAfter
            | Self::Mute => {}
        }
        Some(answer)
    }
}

/// What was ordered and did not happen yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    ordered: Vec<Misbehaviour>,
}

impl Schedule {
    pub(crate) fn add(&mut self, misbehaviour: Misbehaviour) {
        self.ordered.push(misbehaviour);
    }

    pub(crate) fn is_mute(&self) -> bool {
        self.ordered.iter().any(|ordered| ordered.fault == Effect::Mute)
    }

    /// Counts a command and gives what is due at it.
    pub(crate) fn effects_on(&mut self, command: &[u8]) -> Vec<Effect> {
        let instruction = command.get(1).copied();
        let mut due = Vec::new();
        self.ordered.retain_mut(|ordered| {
            let counts = ordered.fault != Effect::Mute
                && ordered.instruction.is_none_or(|wanted| Some(wanted) == instruction);
            if !counts {
                return true;
            }
            ordered.at = ordered.at.saturating_sub(1);
            if ordered.at > 0 {
                return true;
            }
            due.push(ordered.fault.clone());
            // due again at the next command, and at the one after that
            ordered.at = 1;
            matches!(ordered.fault, Effect::Insist { .. })
        });
        due
    }
}

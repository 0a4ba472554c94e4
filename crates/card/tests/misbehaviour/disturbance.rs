//! What goes wrong, at one command or from it on.

use bitaqa_virtual_card::{Effect, Misbehaviour as Fault};

use crate::flow::{Place, Undisturbed};

/// The list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disturbance {
    /// The card leaves before the command.
    RemovedBefore,
    /// It leaves after the answer.
    RemovedAfter,
    /// The command is carried out, and no answer comes.
    NoAnswer,
    /// Another program resets the card just before the command.
    Reset,
    /// The answer ends before its status word does: this many bytes come.
    EarlyEnd(usize),
    /// Of the data, this many bytes come.
    Truncated(usize),
    /// The last byte of the data is missing.
    LastByteMissing,
    /// So many bytes more than there should be.
    Oversized(usize),
    /// The outermost tag is another.
    Tag(u8),
    /// The outermost length is another, by exclusive or.
    Length(u8),
    /// One bit in the middle of the data is another.
    OneBit,
    /// The answer to the command before comes again.
    AnswerBefore,
    /// The first answer of this session that had data comes again.
    FirstAnswer,
    /// What the card answered here in a session before comes again.
    SessionBefore,
    /// Another status word, and no data.
    Status(u16),
    /// This status word, with this many bytes of data, here and at every command that follows.
    Insists(u16, usize),
}

/// What a disturbance does to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// There is no card any more.
    Gone,
    /// There is no answer.
    Silent,
    /// The card forgot what went before.
    Forgetful,
    /// There is no status word.
    NoStatus,
    /// There is too little data.
    Short,
    /// There is too much.
    Long,
    /// It is other data.
    Changed,
    /// It is a refusal.
    Status(u16),
    /// It asks for another command again and again.
    Again,
}

impl Disturbance {
    pub(crate) const ALL: [Self; 35] = [
        Self::RemovedBefore,
        Self::RemovedAfter,
        Self::NoAnswer,
        Self::Reset,
        Self::EarlyEnd(0),
        Self::EarlyEnd(1),
        Self::Truncated(0),
        Self::Truncated(1),
        Self::Truncated(3),
        Self::Truncated(20),
        Self::LastByteMissing,
        Self::Oversized(1),
        Self::Oversized(300),
        Self::Oversized(65_536),
        Self::Tag(0x00),
        Self::Tag(0x31),
        Self::Tag(0xFF),
        Self::Length(0x01),
        Self::Length(0x7F),
        Self::Length(0x80),
        Self::OneBit,
        Self::AnswerBefore,
        Self::FirstAnswer,
        Self::SessionBefore,
        Self::Status(0x6F00),
        Self::Status(0x6A82),
        Self::Status(0x6A80),
        Self::Status(0x6982),
        Self::Status(0x6985),
        Self::Status(0x63C1),
        Self::Status(0x6C08),
        Self::Status(0x6108),
        Self::Insists(0x6C10, 0),
        Self::Insists(0x6110, 0),
        Self::Insists(0x6101, 1),
    ];

    pub(crate) const fn class(self) -> Class {
        match self {
            Self::RemovedBefore | Self::RemovedAfter => Class::Gone,
            Self::NoAnswer => Class::Silent,
            Self::Reset => Class::Forgetful,
            Self::EarlyEnd(_) => Class::NoStatus,
            Self::Truncated(_) | Self::LastByteMissing => Class::Short,
            Self::Oversized(_) => Class::Long,
            Self::Tag(_)
            | Self::Length(_)
            | Self::OneBit
            | Self::AnswerBefore
            | Self::FirstAnswer
            | Self::SessionBefore => Class::Changed,
            Self::Status(0x6C00..=0x6CFF | 0x6100..=0x61FF) | Self::Insists(..) => Class::Again,
            Self::Status(status) => Class::Status(status),
        }
    }

    /// The order for the card, or nothing where this would change nothing: an answer without data has no tag.
    pub(crate) fn order(self, place: &Place, undisturbed: &Undisturbed) -> Option<Fault> {
        let recorded = |at: usize| undisturbed.before.get(at).cloned();
        let effect = match self {
            Self::RemovedBefore => Effect::RemoveBefore,
            Self::RemovedAfter => Effect::RemoveAfter,
            Self::NoAnswer => Effect::NoAnswer,
            Self::Reset => Effect::ResetBefore,
            Self::EarlyEnd(keep) => Effect::EarlyEnd { keep },
            Self::Truncated(keep) if place.has_data => Effect::Truncate { keep },
            Self::LastByteMissing if place.has_data => {
                Effect::Truncate { keep: recorded(place.at - 1)?.len().checked_sub(3)? }
            }
            Self::Tag(tag) if place.has_data => Effect::WrongTag { tag },
            Self::Length(with) if place.has_data => Effect::WrongLength { with },
            Self::OneBit if place.has_data => Effect::OneBit,
            Self::Truncated(_) | Self::LastByteMissing | Self::Tag(_) | Self::Length(_) | Self::OneBit => {
                return None;
            }
            Self::Oversized(bytes) => Effect::Oversize { bytes },
            Self::AnswerBefore if place.at > 1 => Effect::Replay,
            Self::AnswerBefore => return None,
            Self::FirstAnswer => {
                let first = undisturbed.before.iter().take(place.at - 1).find(|answer| answer.len() > 2)?;
                Effect::Instead { answer: first.clone() }
            }
            Self::SessionBefore => Effect::Instead { answer: recorded(place.at - 1)? },
            Self::Status(status) => Effect::Status { status },
            Self::Insists(status, bytes) => Effect::Insist { status, data: vec![0xA5; bytes] },
        };
        Some(Fault::at(u32::try_from(place.at).unwrap(), effect))
    }
}

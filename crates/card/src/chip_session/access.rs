//! What opens a chip, and opening it.

use super::session::ChipSession;
use crate::{
    apdu::StatusWord,
    bac::{self, BacVerdict},
    channel::Channel,
    error::CardError,
    file::Selection,
    key_agreement::KeyAgreement,
    layout::OpenedBy,
    lds::{AtrInfo, ElementaryFile, LdsReader, MrzKey},
    pace::{
        self, Can, MSE_SET_AT, PaceSession, PaceVariant, PaceVerdict, Password, PasswordKind, PasswordState,
    },
    profile::Link,
    random::Random,
    security_infos::SecurityInfos,
};

/// MSE:Set AT names a password that is not available (ICAO Doc 9303-11, section 4.4.4.1).
const NOT_AVAILABLE: StatusWord = StatusWord(0x6A88);

/// What a chip says of itself before it is opened. Nobody signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipAccess {
    /// How it is opened.
    pub control: AccessControl,
    pub(super) card_access: Option<SecurityInfos>,
    pub(super) link: Link,
}

/// How a chip is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessControl {
    /// With PACE, in the best variant that it offers.
    Pace(PaceVariant),
    /// With basic access control: the chip offers no PACE.
    Bac,
}

/// What a person has read on the card. Wiped when it is dropped, and shown nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessKey {
    /// The card access number.
    Can(Can),
    /// The machine readable zone.
    Mrz(MrzKey),
}

/// What came of opening a chip.
pub enum OpenVerdict<'t> {
    /// It is open.
    Open(Box<ChipSession<'t>>),
    /// It stays closed.
    Refused(AccessRefusal),
}

/// Why a chip stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessRefusal {
    /// The card access number is another.
    #[error("the card access number is wrong")]
    CanWrong {
        /// Tries left, where the chip counts them.
        tries_left: Option<u8>,
    },
    /// Document number, date of birth or date of expiry is another.
    #[error("the document number or one of the dates is wrong")]
    MrzWrong,
    /// The chip takes no card access number.
    #[error("the card takes no card access number: it opens with document number and dates")]
    MrzNeeded,
    /// Suspended: the last try is not given this way.
    #[error("the card has suspended this way of opening it")]
    Suspended,
    /// No tries are left.
    #[error("the card has blocked this way of opening it")]
    Blocked,
    /// Out of use.
    #[error("this way of opening the card is deactivated")]
    Deactivated,
}

impl ChipAccess {
    /// Finds out what opens the chip; `None` if it is no such chip. Nothing is tried.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] for a chip that offers PACE in no variant that we speak: basic access control, which it may
    /// have as well, is no way around. Misbehaviour and transport faults.
    pub fn find(channel: &mut Channel<'_>, selection: &mut Selection) -> Result<Option<Self>, CardError> {
        let card_access = card_access(channel, selection)?;
        let control = match &card_access {
            Some(infos) if infos.pace().next().is_some() => AccessControl::Pace(
                PaceVariant::choose(infos)
                    .ok_or(CardError::Unsupported("PACE in none of the variants that we speak"))?,
            ),
            _ => AccessControl::Bac,
        };
        let has_long_keys = matches!(control, AccessControl::Pace(variant) if variant.protocol.key_agreement == KeyAgreement::Dh);
        // One command, which any file of more than two short answers pays back, if reader and chip can carry more at all.
        let link = if has_long_keys || channel.may_carry_extended_length() {
            link(channel, selection)?
        } else {
            Link::CAUTIOUS
        };
        if control == AccessControl::Bac {
            match LdsReader::new(channel, selection).select_application() {
                Ok(()) => {}
                Err(CardError::Refused { .. }) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(Self { control, card_access, link }))
    }

    pub(crate) const fn link(&self) -> Link {
        self.link
    }

    /// EF.CardAccess, where the chip has it.
    #[must_use]
    pub const fn card_access(&self) -> Option<&SecurityInfos> {
        self.card_access.as_ref()
    }

    /// Tries that the chip says are left of the card access number, which spends none. Nothing where it does not say so, counts
    /// none or opens in another way; [`open`](Self::open) tells what is the matter with it otherwise.
    ///
    /// # Errors
    /// Misbehaviour and transport faults.
    pub fn number_tries_left(&self, channel: &mut Channel<'_>) -> Result<Option<u8>, CardError> {
        let AccessControl::Pace(variant) = &self.control else { return Ok(None) };
        match pace::password_state(channel, variant, PasswordKind::Can) {
            Ok(PasswordState::Usable { tries_left }) => Ok(tries_left),
            Ok(_) | Err(CardError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the chip, over the channel on which it was found.
    ///
    /// # Errors
    /// Misbehaviour, refusals that are no verdict on the key, transport faults.
    pub fn open<'t>(
        self,
        mut channel: Channel<'t>,
        mut selection: Selection,
        random: &mut dyn Random,
        key: &AccessKey,
    ) -> Result<OpenVerdict<'t>, CardError> {
        channel.set_link(self.link);
        let pace = match (self.control, key) {
            (AccessControl::Bac, AccessKey::Can(_)) => {
                return Ok(OpenVerdict::Refused(AccessRefusal::MrzNeeded));
            }
            (AccessControl::Bac, AccessKey::Mrz(mrz)) => {
                LdsReader::new(&mut channel, &mut selection).select_application()?;
                match bac::establish(&mut channel, random, mrz)? {
                    BacVerdict::Open => None,
                    BacVerdict::WrongMrz { .. } => {
                        return Ok(OpenVerdict::Refused(AccessRefusal::MrzWrong));
                    }
                }
            }
            (AccessControl::Pace(variant), key) => match open_by_pace(&mut channel, random, &variant, key) {
                Ok(Ok(session)) => Some(session),
                Ok(Err(refusal)) => return Ok(OpenVerdict::Refused(refusal)),
                // nothing was tried: the chip has no such password
                Err(CardError::Refused { command: MSE_SET_AT, status: NOT_AVAILABLE })
                    if matches!(key, AccessKey::Can(_)) =>
                {
                    return Ok(OpenVerdict::Refused(AccessRefusal::MrzNeeded));
                }
                Err(error) => return Err(error),
            },
        };
        Ok(OpenVerdict::Open(Box::new(ChipSession {
            channel,
            selection,
            access: self,
            pace,
            by: OpenedBy::Terminal,
        })))
    }
}

/// PACE in this variant. After it the channel is protected.
///
/// # Errors
/// As [`pace::establish`]. A key that does not open is no error.
pub(crate) fn open_by_pace(
    channel: &mut Channel<'_>,
    random: &mut dyn Random,
    variant: &PaceVariant,
    key: &AccessKey,
) -> Result<Result<Box<PaceSession>, AccessRefusal>, CardError> {
    let password = match key {
        AccessKey::Can(can) => Password::Can(can),
        AccessKey::Mrz(mrz) => Password::Mrz(mrz),
    };
    Ok(match pace::establish(channel, random, variant, &password, None)? {
        PaceVerdict::Open(session) => Ok(session),
        verdict => Err(refusal(&verdict, key)),
    })
}

/// Why a chip stays closed whose card access number the reader tried.
pub(crate) const fn refusal_of_number(verdict: &PaceVerdict) -> AccessRefusal {
    match verdict {
        PaceVerdict::Suspended => AccessRefusal::Suspended,
        PaceVerdict::Blocked => AccessRefusal::Blocked,
        PaceVerdict::Deactivated => AccessRefusal::Deactivated,
        PaceVerdict::Wrong { tries_left } => AccessRefusal::CanWrong { tries_left: *tries_left },
        PaceVerdict::Open(_) => AccessRefusal::CanWrong { tries_left: None },
    }
}

const fn refusal(verdict: &PaceVerdict, key: &AccessKey) -> AccessRefusal {
    match (verdict, key) {
        (PaceVerdict::Wrong { .. } | PaceVerdict::Open(_), AccessKey::Mrz(_)) => AccessRefusal::MrzWrong,
        (verdict, _) => refusal_of_number(verdict),
    }
}

/// EF.CardAccess; `None` where the chip refuses it, with whatever status word.
fn card_access(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
) -> Result<Option<SecurityInfos>, CardError> {
    let file = ElementaryFile::CardAccess;
    match LdsReader::new(channel, selection).read(file, &mut |_| {}) {
        Ok(content) => SecurityInfos::parse(file.name(), &content).map(Some),
        Err(CardError::Refused { .. } | CardError::Forbidden { .. } | CardError::NoFile { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What EF.ATR/INFO says of lengths. A chip that has none, or one that makes no sense, is taken for one of short lengths.
fn link(channel: &mut Channel<'_>, selection: &mut Selection) -> Result<Link, CardError> {
    match AtrInfo::read(channel, selection) {
        Ok(info) => Ok(info.map_or(Link::CAUTIOUS, |info| info.link())),
        Err(error) if error.ends_everything() => Err(error),
        Err(CardError::Misbehaved(_)) => Ok(Link::CAUTIOUS),
        Err(error) => Err(error),
    }
}

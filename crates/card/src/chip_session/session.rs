//! An opened chip.

use std::fmt;

use super::{access::ChipAccess, proof::CardAccessVerdict};
use crate::{
    channel::Channel,
    chip_authentication::RelayedChipAuthentication,
    error::CardError,
    file::Selection,
    layout::OpenedBy,
    lds::{Content, DataGroup, Dg14, ElementaryFile, GroupDigest, LdsReader, Progress, Sod},
    pace::PaceSession,
    security_infos::SecurityInfos,
};

/// An opened chip, for the length of one transaction.
pub struct ChipSession<'t> {
    pub(super) channel: Channel<'t>,
    pub(super) selection: Selection,
    pub(super) access: ChipAccess,
    pub(super) pace: Option<Box<PaceSession>>,
    pub(super) by: OpenedBy,
}

impl fmt::Debug for ChipSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChipSession").field("control", &self.access.control).finish_non_exhaustive()
    }
}

/// What was read of a chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipDocument {
    /// EF.SOD, the whole file.
    pub sod_content: Content,
    /// What it lists. Its signature is not checked here.
    pub sod: Sod,
    /// The groups that were asked for, in that order.
    pub groups: Vec<GroupReading>,
    /// Whether EF.CardAccess says what DG14 says.
    pub card_access: CardAccessVerdict,
}

/// What came of reading a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupReading {
    /// Which.
    pub group: DataGroup,
    /// How it compares with EF.SOD.
    pub state: GroupState,
    /// The whole file, where it was read.
    pub content: Option<Content>,
}

/// How a group compares with what EF.SOD lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupState {
    /// It has the digest of the list.
    Matches,
    /// It has another: it is not what the list was made for.
    Differs,
    /// The list does not have it, so it does not exist; the chip was not asked.
    NotListed,
    /// The chip does not give it in this session, as with fingerprints.
    Forbidden,
    /// The list has it, and the chip says that it does not: a copy may hide what would give it away.
    Missing,
}

impl<'t> ChipSession<'t> {
    /// What the chip said before it was opened.
    #[must_use]
    pub const fn access(&self) -> &ChipAccess {
        &self.access
    }

    /// Who opened it.
    pub(crate) const fn opened_by(&self) -> OpenedBy {
        self.by
    }

    /// What PACE gave; `None` after basic access control, and where the reader ran it.
    #[must_use]
    pub fn pace(&self) -> Option<&PaceSession> {
        self.pace.as_deref()
    }

    /// Reads its files.
    pub const fn lds(&mut self) -> LdsReader<'_, 't> {
        LdsReader::new(&mut self.channel, &mut self.selection)
    }

    /// The channel, protected by this program or by the reader, with what is selected on the card.
    pub(crate) fn into_channel(self) -> (Channel<'t>, Selection) {
        (self.channel, self.selection)
    }

    /// Asks the reader whether the chip is still there, while something else is waited for.
    ///
    /// # Errors
    /// Transport faults: it was removed or reset.
    pub fn keep_alive(&mut self) -> Result<(), CardError> {
        self.channel.keep_alive()
    }

    /// Passes a verifier's key and command to the chip, as the last of the session, and gives the chip's protected answer. The
    /// command reads DG14 where it is: in the application that a group was read from before.
    ///
    /// # Errors
    /// As [`RelayedChipAuthentication::run`]; [`CardError::Unsupported`] where a reader has the session's keys.
    pub fn relay(mut self, relayed: RelayedChipAuthentication) -> Result<Vec<u8>, CardError> {
        relayed.run(&mut self.channel)
    }

    /// Reads EF.SOD.
    ///
    /// # Errors
    /// As [`LdsReader::read`] and [`Sod::parse`].
    pub fn sod(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(Content, Sod), CardError> {
        let content = self.lds().read(ElementaryFile::Sod, progress)?;
        let sod = Sod::parse(&content)?;
        Ok((content, sod))
    }

    /// Reads EF.SOD and the groups asked for, and compares EF.CardAccess with DG14, which is read for that wherever there is
    /// one. A group that the chip does not give is part of the result.
    ///
    /// # Errors
    /// As [`LdsReader::read`]; misbehaviour if EF.SOD or DG14 is none.
    pub fn read(
        &mut self,
        groups: &[DataGroup],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ChipDocument, CardError> {
        let (sod_content, sod) = self.sod(progress)?;
        let mut lds = self.lds();
        let mut readings = Vec::with_capacity(groups.len());
        for group in groups {
            readings.push(GroupReading::read(&mut lds, &sod, *group, progress)?);
        }
        let read_already = readings.iter().find(|reading| reading.group == DataGroup::DG14).cloned();
        let dg14 = match read_already {
            Some(reading) => reading,
            None => GroupReading::read(&mut lds, &sod, DataGroup::DG14, progress)?,
        };
        let signed = dg14.content.as_ref().map(|content| security_infos(content)).transpose()?;
        // what is not the group that the list was made for is no copy of anything
        let card_access = if dg14.state == GroupState::Differs {
            CardAccessVerdict::Differs
        } else {
            self.access.compare(signed.as_ref())
        };
        Ok(ChipDocument { sod_content, sod, groups: readings, card_access })
    }
}

impl GroupReading {
    pub(super) fn read(
        lds: &mut LdsReader<'_, '_>,
        sod: &Sod,
        group: DataGroup,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, CardError> {
        let unread = |state| Self { group, state, content: None };
        if !sod.lists(group) {
            return Ok(unread(GroupState::NotListed));
        }
        let content = match lds.read(ElementaryFile::Group(group), progress) {
            Ok(content) => content,
            Err(CardError::Forbidden { .. }) => return Ok(unread(GroupState::Forbidden)),
            Err(CardError::NoFile { .. }) => return Ok(unread(GroupState::Missing)),
            Err(error) => return Err(error),
        };
        let state = match sod.group_digest(group, &content) {
            GroupDigest::Matches => GroupState::Matches,
            GroupDigest::Differs => GroupState::Differs,
            GroupDigest::NotListed => GroupState::NotListed,
        };
        Ok(Self { group, state, content: Some(content) })
    }
}

/// The SecurityInfos of DG14.
pub(super) fn security_infos(dg14: &[u8]) -> Result<SecurityInfos, CardError> {
    SecurityInfos::parse(DataGroup::DG14.name(), &Dg14::parse(dg14)?.security_infos)
}

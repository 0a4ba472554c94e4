//! A card in any reader that has anything to be read: a document, or certificates.

use bitaqa_card::{
    Card, Transport as _,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    gcc::GccCard,
    layout::OpenedBy,
    profile::Link,
};
use bitaqa_protocol::ErrorReport;

use crate::sign_in::{Flow, any_card::AnyCard, opens_with::asked_on};

/// A card that can be asked about.
pub(super) type OwnCard = AnyCard<OwnKind>;

/// What a card turned out to be.
#[derive(Clone, Copy)]
pub(super) enum OwnKind {
    /// A chip with a document of ICAO Doc 9303: what opens it, and who can.
    Chip(AccessControl, OpenedBy),
    /// A card whose data are free to read, and that signs nothing.
    DataCard(GccCard),
    /// No document: certificates alone.
    Keys,
}

impl OwnKind {
    /// What opens its document.
    pub(super) const fn control(self) -> Option<AccessControl> {
        match self {
            Self::Chip(control, _) => Some(control),
            Self::DataCard(_) | Self::Keys => None,
        }
    }

    /// The same in a reader that cannot open it.
    pub(super) const fn without_reader(self) -> Self {
        match self {
            Self::Chip(control, _) => Self::Chip(control, OpenedBy::Terminal),
            Self::DataCard(_) | Self::Keys => self,
        }
    }
}

impl Flow<'_> {
    /// Waits until there is a card. Nothing of the holder is read.
    pub(super) async fn find_own_card(&mut self) -> Result<OwnCard, ErrorReport> {
        self.find_any_card(|transport, atr, profiles| {
            let by = asked_on(transport.executes_pace());
            let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
            if let Some(access) = ChipAccess::find(&mut channel, &mut Selection::default())? {
                return Ok(Ok(OwnKind::Chip(access.control, by)));
            }
            if let Some(card) = GccCard::find(&mut channel, atr)? {
                return Ok(Ok(OwnKind::DataCard(card)));
            }
            Ok(Ok(Card::discover(transport, atr, profiles).map(|_| OwnKind::Keys)?))
        })
        .await
    }
}

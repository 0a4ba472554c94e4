//! A card in any reader that has anything to be read: a document, or certificates.

use bitaqa_card::{
    Card,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    profile::Link,
};
use bitaqa_protocol::ErrorReport;

use crate::sign_in::{Flow, any_card::AnyCard};

/// A card that can be asked about: what opens its document; a card without one has certificates.
pub(super) type OwnCard = AnyCard<Option<AccessControl>>;

impl Flow<'_> {
    /// Waits until there is a card. Nothing of the holder is read.
    pub(super) async fn find_own_card(&mut self) -> Result<OwnCard, ErrorReport> {
        self.find_any_card(|transport, atr, profiles| {
            let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
            Ok(Ok(match ChipAccess::find(&mut channel, &mut Selection::default())? {
                Some(access) => Some(access.control),
                None => Card::discover(transport, atr, profiles).map(|_| None)?,
            }))
        })
        .await
    }
}

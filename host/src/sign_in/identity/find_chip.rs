//! A card with the data of an identity document, in any reader: a chip of ICAO Doc 9303, or a card whose data are free to read.

use std::sync::Arc;

use bitaqa_card::{
    CardError, Transport,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    gcc::GccCard,
    profile::Link,
};
use bitaqa_protocol::{ErrorReport, identity::Holder};

use super::holder::HolderKey;
use crate::{
    reader::{Connection, ReaderSeen},
    sign_in::{Flow, any_card::AnyCard},
};

/// A card that can be asked about, and what it is.
pub(super) struct FoundCard<C> {
    /// Where it is, and when it came there.
    pub(super) reader: ReaderSeen,
    /// The way to it; stays connected while the questions are open.
    pub(super) connection: Arc<Connection>,
    /// What opens it, or which one it is.
    pub(super) control: C,
    /// Its key for signing in.
    pub(super) key: HolderKey,
    /// Name of the reader, where there are cards in several.
    pub(super) reader_name: Option<String>,
}

/// A chip that can be asked about.
pub(super) type FoundChip = FoundCard<AccessControl>;
/// A card whose data are free to read, and that signs nothing.
pub(super) type FoundDataCard = FoundCard<GccCard>;

/// What was found.
pub(super) enum Found {
    /// A chip.
    Chip(FoundChip),
    /// A card without protection.
    DataCard(FoundDataCard),
}

/// What a card turned out to be.
enum Kind {
    Chip(AccessControl),
    DataCard(GccCard),
}

impl Flow<'_> {
    /// Waits until there is a card; one that can say who holds it, where that is asked for.
    pub(super) async fn find_card(&mut self, holder: Holder) -> Result<Found, ErrorReport> {
        let card = self
            .find_any_card(move |transport, atr, profiles| {
                let kind = recognise(transport, atr)?.ok_or(CardError::Unknown)?;
                let key = match (holder, &kind) {
                    (Holder::Pin, Kind::Chip(_)) => HolderKey::look(transport, atr, profiles)?,
                    (Holder::None, _) | (_, Kind::DataCard(_)) => Ok(HolderKey::NotAsked),
                };
                Ok(key.map(|key| (kind, key)))
            })
            .await?;
        let AnyCard { reader, connection, kind: (kind, key), reader_name } = card;
        key.check()?;
        Ok(match kind {
            Kind::Chip(control) => Found::Chip(FoundCard { reader, connection, control, key, reader_name }),
            Kind::DataCard(control) => {
                Found::DataCard(FoundCard { reader, connection, control, key, reader_name })
            }
        })
    }
}

/// Which kind of card it is: a chip if it is both.
fn recognise(transport: &mut dyn Transport, atr: &[u8]) -> Result<Option<Kind>, CardError> {
    let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
    if let Some(access) = ChipAccess::find(&mut channel, &mut Selection::default())? {
        return Ok(Some(Kind::Chip(access.control)));
    }
    Ok(GccCard::find(&mut channel, atr)?.map(Kind::DataCard))
}

//! A card with the data of an identity document, in any reader: a chip of ICAO Doc 9303, or a card whose data are free to read.

use std::{sync::Arc, time::Instant};

use bitaqa_card::{
    CardError, Transport,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    gcc::GccCard,
    profile::Link,
};
use bitaqa_protocol::{ErrorCode, ErrorReport, identity::Holder};
use tokio::sync::oneshot;

use super::holder::HolderKey;
use crate::{
    reader::{CardPresence, Connection, ReaderSeen, connection::AfterTransaction},
    sign_in::{
        Flow, MISSING_LIMIT,
        around::{Around, Finding, Judged, WhileBusy, place},
        first_transaction::Meanwhile,
        verdict::Verdict,
    },
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
        let mut judged = Judged::new();
        let deadline = Instant::now() + MISSING_LIMIT;
        loop {
            let (readers, missing) = self.look().await;
            let mut verdict = None;
            for (index, reader) in readers.iter().enumerate() {
                let around = Around::of(&readers, index, &judged, verdict.as_ref());
                let found = match judged.get(&place(reader)) {
                    Some(Finding::Unusable(verdict)) => Err(verdict.clone()),
                    Some(Finding::Closed(_)) | None => self.probe(&around, reader, holder).await?,
                };
                match found {
                    Ok((connection, kind, key)) => {
                        key.check()?;
                        let name = || reader.name.to_string_lossy().into_owned();
                        let reader_name = (readers.len() > 1).then(name);
                        let reader = reader.clone();
                        return Ok(match kind {
                            Kind::Chip(control) => {
                                Found::Chip(FoundCard { reader, connection, control, key, reader_name })
                            }
                            Kind::DataCard(control) => {
                                Found::DataCard(FoundCard { reader, connection, control, key, reader_name })
                            }
                        });
                    }
                    Err(found) => {
                        if !matches!(found, Verdict::Busy | Verdict::Gone | Verdict::Mute) {
                            judged.insert(place(reader), Finding::Unusable(found.clone()));
                        }
                        verdict = verdict.max(Some(found));
                    }
                }
            }
            let missing = verdict.as_ref().map_or(missing, Verdict::missing);
            self.wait_for_change(missing, verdict.as_ref(), deadline).await?;
        }
    }

    /// Finds out what is in this reader. Nothing is tried.
    async fn probe(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        holder: Holder,
    ) -> Result<Result<(Arc<Connection>, Kind, HolderKey), Verdict>, ErrorReport> {
        if !matches!(reader.card, CardPresence::Present { .. }) {
            return Ok(Err(Verdict::Mute));
        }
        let connection = Connection::open(reader.name.clone())
            .map_err(|error| ErrorReport::new(ErrorCode::InternalError).with_detail(&error.to_string()))?;
        let connection = Arc::new(connection);
        let (begun, has_begun) = oneshot::channel();
        let atr = reader.atr().to_vec();
        let profiles = Arc::clone(&self.desk.profiles);
        let transaction = connection.transaction(AfterTransaction::Leave, move |transport| {
            let _ = begun.send(());
            let kind = recognise(transport, &atr)?.ok_or(CardError::Unknown)?;
            let key = match (holder, &kind) {
                (Holder::Pin, Kind::Chip(_)) => HolderKey::look(transport, &atr, &profiles)?,
                (Holder::None, _) | (_, Kind::DataCard(_)) => Ok(HolderKey::NotAsked),
            };
            Ok(key.map(|key| (kind, key)))
        });
        let outcome =
            match self.while_busy(around, reader, Meanwhile::Reading, transaction, has_begun).await? {
                WhileBusy::Ended(outcome) => outcome,
                WhileBusy::Gone => return Ok(Err(Verdict::Gone)),
                WhileBusy::AnotherCard => return Ok(Err(Verdict::Busy)),
            };
        let found = match outcome {
            Ok((found, usage)) => {
                self.add_usage(usage);
                found
            }
            Err(error) => Err(error.into()),
        };
        Ok(match found {
            Ok(found) => found.map(|(kind, key)| (connection, kind, key)),
            Err(error) => Err(Verdict::of(&error)),
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

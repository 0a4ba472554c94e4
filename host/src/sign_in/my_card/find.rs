//! A card in any reader that has anything to be read: a document, or certificates.

use std::{sync::Arc, time::Instant};

use bitaqa_card::{
    Card, CardError,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    profile::Link,
};
use bitaqa_protocol::{ErrorCode, ErrorReport};
use tokio::sync::oneshot;

use crate::{
    reader::{CardPresence, Connection, ReaderSeen, connection::AfterTransaction},
    sign_in::{
        Flow, MISSING_LIMIT,
        around::{Around, Finding, Judged, WhileBusy, place},
        first_transaction::Meanwhile,
        verdict::Verdict,
    },
};

/// A card that can be asked about.
pub(super) struct OwnCard {
    /// Where it is, and when it came there.
    pub(super) reader: ReaderSeen,
    /// The way to it; stays connected while the question is open.
    pub(super) connection: Arc<Connection>,
    /// What opens its document; a card without one has certificates.
    pub(super) document: Option<AccessControl>,
    /// Name of the reader, where there are cards in several.
    pub(super) reader_name: Option<String>,
}

/// What a card has, and the way to it.
type Probed = (Arc<Connection>, Option<AccessControl>);

impl Flow<'_> {
    /// Waits until there is a card.
    pub(super) async fn find_own_card(&mut self) -> Result<OwnCard, ErrorReport> {
        let mut judged = Judged::new();
        let deadline = Instant::now() + MISSING_LIMIT;
        loop {
            let (readers, missing) = self.look().await;
            let mut verdict = None;
            for (index, reader) in readers.iter().enumerate() {
                let around = Around::of(&readers, index, &judged, verdict.as_ref());
                let found = match judged.get(&place(reader)) {
                    Some(Finding::Unusable(verdict)) => Err(verdict.clone()),
                    Some(Finding::Closed(_)) | None => self.probe_own_card(&around, reader).await?,
                };
                match found {
                    Ok((connection, document)) => {
                        let name = || reader.name.to_string_lossy().into_owned();
                        let reader_name = (readers.len() > 1).then(name);
                        return Ok(OwnCard { reader: reader.clone(), connection, document, reader_name });
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

    /// Finds out what there is in this reader. Nothing is tried, and nothing of the holder is read.
    async fn probe_own_card(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
    ) -> Result<Result<Probed, Verdict>, ErrorReport> {
        if !matches!(reader.card, CardPresence::Present { .. }) {
            return Ok(Err(Verdict::Mute));
        }
        let connection = Connection::open(reader.name.clone())
            .map_err(|error| ErrorReport::new(ErrorCode::InternalError).with_detail(&error.to_string()))?;
        let connection = Arc::new(connection);
        let (begun, has_begun) = oneshot::channel();
        let (atr, profiles) = (reader.atr().to_vec(), Arc::clone(&self.desk.profiles));
        let transaction = connection.transaction(AfterTransaction::Leave, move |transport| {
            let _ = begun.send(());
            let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&atr);
            match ChipAccess::find(&mut channel, &mut Selection::default())? {
                Some(access) => Ok(Some(access.control)),
                None => Card::discover(transport, &atr, &profiles).map(|_| None),
            }
        });
        let outcome =
            match self.while_busy(around, reader, Meanwhile::Reading, transaction, has_begun).await? {
                WhileBusy::Ended(outcome) => outcome,
                WhileBusy::Gone => return Ok(Err(Verdict::Gone)),
                WhileBusy::AnotherCard => return Ok(Err(Verdict::Busy)),
            };
        let found: Result<Option<AccessControl>, CardError> = match outcome {
            Ok((found, usage)) => {
                self.add_usage(usage);
                found
            }
            Err(error) => Err(error.into()),
        };
        Ok(match found {
            Ok(document) => Ok((connection, document)),
            Err(error) => Err(Verdict::of(&error)),
        })
    }
}

//! A chip with the data of an identity document, in any reader.

use std::{sync::Arc, time::Instant};

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
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

/// A chip that can be asked about.
pub(super) struct FoundChip {
    /// Where it is, and when it came there.
    pub(super) reader: ReaderSeen,
    /// The way to it; stays connected while the questions are open.
    pub(super) connection: Arc<Connection>,
    /// What opens it.
    pub(super) control: AccessControl,
    /// Its key for signing in.
    pub(super) key: HolderKey,
    /// Name of the reader, where there are cards in several.
    pub(super) reader_name: Option<String>,
}

impl Flow<'_> {
    /// Waits until there is a chip; one that can say who holds it, where that is asked for.
    pub(super) async fn find_chip(&mut self, holder: Holder) -> Result<FoundChip, ErrorReport> {
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
                    Ok((connection, control, key)) => {
                        key.check()?;
                        let name = || reader.name.to_string_lossy().into_owned();
                        let reader_name = (readers.len() > 1).then(name);
                        return Ok(FoundChip {
                            reader: reader.clone(),
                            connection,
                            control,
                            key,
                            reader_name,
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

    /// Finds out what opens the chip in this reader. Nothing is tried.
    async fn probe(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        holder: Holder,
    ) -> Result<Result<(Arc<Connection>, AccessControl, HolderKey), Verdict>, ErrorReport> {
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
            let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&atr);
            let Some(access) = ChipAccess::find(&mut channel, &mut Selection::default())? else {
                return Err(CardError::Unknown);
            };
            let key = match holder {
                Holder::None => Ok(HolderKey::NotAsked),
                Holder::Pin => HolderKey::look(transport, &atr, &profiles)?,
            };
            Ok(key.map(|key| (access.control, key)))
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
            Ok(found) => found.map(|(control, key)| (connection, control, key)),
            Err(error) => Err(Verdict::of(&error)),
        })
    }
}

//! A card of some kind, in any reader.

use std::{sync::Arc, time::Instant};

use bitaqa_card::{CardError, Profile, TransportError};
use bitaqa_protocol::{ErrorCode, ErrorReport};
use tokio::sync::oneshot;

use super::{
    Flow, MISSING_LIMIT,
    around::{Around, Finding, Judged, WhileBusy, place},
    first_transaction::Meanwhile,
    sign::report,
    verdict::Verdict,
};
use crate::reader::{
    CardPresence, Connection, ReaderSeen, connection::AfterTransaction, transport::PcscTransport,
};

/// A card that can be asked about.
pub(super) struct AnyCard<K> {
    /// Where it is, and when it came there.
    pub(super) reader: ReaderSeen,
    /// The way to it; stays connected while the questions are open.
    pub(super) connection: Arc<Connection>,
    /// What it is.
    pub(super) kind: K,
    /// Name of the reader, where there are cards in several.
    pub(super) reader_name: Option<String>,
}

impl Flow<'_> {
    /// Waits until there is a card that `recognise` knows: it gets the way to the card, the answer to reset and the profiles, and tries
    /// nothing.
    ///
    /// # Errors
    /// What the person decided; a service that stopped; nothing in time.
    pub(super) async fn find_any_card<K, R>(&mut self, recognise: R) -> Result<AnyCard<K>, ErrorReport>
    where
        K: Send + 'static,
        R: Fn(&mut PcscTransport<'_>, &[u8], &[Profile]) -> Result<Result<K, Verdict>, CardError>
            + Clone
            + Send
            + 'static,
    {
        let mut judged = Judged::new();
        let deadline = Instant::now() + MISSING_LIMIT;
        loop {
            let (readers, missing) = self.look().await;
            let mut verdict = None;
            for (index, reader) in readers.iter().enumerate() {
                let around = Around::of(&readers, index, &judged, verdict.as_ref());
                let found = match judged.get(&place(reader)) {
                    Some(Finding::Unusable(verdict)) => Err(verdict.clone()),
                    Some(Finding::Closed(_)) | None => self.probe(&around, reader, recognise.clone()).await?,
                };
                match found {
                    Ok((connection, kind)) => {
                        let name = || reader.name.to_string_lossy().into_owned();
                        let reader_name = (readers.len() > 1).then(name);
                        return Ok(AnyCard { reader: reader.clone(), connection, kind, reader_name });
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

    /// Runs `work` with a card, which is reset afterwards. Nothing comes where the card left before that began, or another one came.
    ///
    /// # Errors
    /// What the person decided; faults of reader and card.
    pub(super) async fn read_and_reset<T: Send + 'static>(
        &mut self,
        reader: &ReaderSeen,
        connection: &Connection,
        work: impl FnOnce(&mut PcscTransport<'_>) -> Result<T, CardError> + Send + 'static,
    ) -> Result<Option<T>, ErrorReport> {
        self.run_and_reset(reader, connection, Meanwhile::Reading, work).await
    }

    /// The same, waiting for the card or for the person at the reader's keys.
    ///
    /// # Errors
    /// What the person decided; faults of reader and card.
    pub(super) async fn run_and_reset<T: Send + 'static>(
        &mut self,
        reader: &ReaderSeen,
        connection: &Connection,
        meanwhile: Meanwhile,
        work: impl FnOnce(&mut PcscTransport<'_>) -> Result<T, CardError> + Send + 'static,
    ) -> Result<Option<T>, ErrorReport> {
        let around = Around::all(std::slice::from_ref(reader));
        let (begun, has_begun) = oneshot::channel();
        let transaction = connection.transaction(AfterTransaction::Reset, move |transport| {
            let _ = begun.send(());
            work(transport)
        });
        let outcome = match self.while_busy(&around, reader, meanwhile, transaction, has_begun).await? {
            WhileBusy::Ended(outcome) => outcome,
            WhileBusy::Gone | WhileBusy::AnotherCard => return Ok(None),
        };
        match outcome {
            Ok((outcome, usage)) => {
                self.add_usage(usage);
                outcome.map(Some).map_err(|error| report(&error))
            }
            // it did not begin
            Err(TransportError::Removed | TransportError::Reset) => Ok(None),
            Err(error) => Err(report(&error.into())),
        }
    }

    /// Finds out what is in this reader.
    async fn probe<K, R>(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        recognise: R,
    ) -> Result<Result<(Arc<Connection>, K), Verdict>, ErrorReport>
    where
        K: Send + 'static,
        R: Fn(&mut PcscTransport<'_>, &[u8], &[Profile]) -> Result<Result<K, Verdict>, CardError>
            + Send
            + 'static,
    {
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
            recognise(transport, &atr, &profiles)
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
            Ok(found) => found.map(|kind| (connection, kind)),
            Err(error) => Err(Verdict::of(&error)),
        })
    }
}

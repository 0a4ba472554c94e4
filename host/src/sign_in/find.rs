//! A usable card in any reader, by what it can do; and the first transaction with it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bitaqa_card::{Card, CardError, Transport, TransportError};
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{
    Flow, MISSING_LIMIT, PATIENCE,
    around::{Around, Judged, WhileBusy, place},
    candidate::Candidate,
    first_look::{FirstLook, first_look},
    screen::PersonDid,
    verdict::{Verdict, code_of},
};
use crate::{
    card_cache::KnownCard,
    reader::{CardPresence, Connection, ReaderSeen, Snapshot, Usage, connection::AfterTransaction},
    window::message::{Missing, Step},
};

/// A reader that another program holds for itself does not announce its release.
const BUSY_RETRY: Duration = Duration::from_millis(500);
/// The first look at the readers takes a few milliseconds; longer than this, and the service does not answer.
const FIRST_LOOK: Duration = Duration::from_secs(3);

impl Flow<'_> {
    /// Waits until a usable card is there.
    pub(super) async fn find(&mut self) -> Result<Candidate, ErrorReport> {
        let mut judged = Judged::new();
        let deadline = Instant::now() + MISSING_LIMIT;
        loop {
            let (readers, missing) = self.look().await;
            let mut verdict = None;
            for (index, reader) in readers.iter().enumerate() {
                let around = Around::of(&readers, index, &judged, verdict.as_ref());
                match self.judge(&mut judged, reader, &around).await? {
                    Ok(candidate) => return Ok(*candidate),
                    Err(found) => verdict = verdict.max(Some(found)),
                }
            }
            let missing = verdict.as_ref().map_or(missing, Verdict::missing);
            self.wait_for_change(missing, verdict.as_ref(), deadline).await?;
        }
    }

    /// After the card of a question left its reader: waits until it is back.
    pub(super) async fn find_again(&mut self, before: &Candidate) -> Result<Candidate, ErrorReport> {
        let mut judged = Judged::new();
        let deadline = Instant::now() + MISSING_LIMIT;
        loop {
            let (readers, missing) = self.look().await;
            let mut busy = false;
            let readers: Vec<ReaderSeen> =
                readers.into_iter().filter(|reader| !before.is_still_in(reader)).collect();
            for (index, reader) in readers.iter().enumerate() {
                let verdict = busy.then_some(Verdict::Busy);
                let around = Around::of(&readers, index, &judged, verdict.as_ref());
                match self.judge(&mut judged, reader, &around).await? {
                    Ok(candidate) if candidate.der == before.der => return Ok(*candidate),
                    Ok(_) => return Err(ErrorReport::new(ErrorCode::CardChanged)),
                    // a card that cannot be used is another card, if it is where the first one was
                    Err(Verdict::Unknown | Verdict::NoCertificate(_))
                        if reader.name == before.reader.name =>
                    {
                        return Err(ErrorReport::new(ErrorCode::CardChanged));
                    }
                    Err(verdict) => busy |= verdict == Verdict::Busy,
                }
            }
            let missing = match missing {
                Missing::Service | Missing::Reader => missing,
                _ if busy => Missing::FreeReader,
                _ => Missing::SameCard,
            };
            self.wait_for_change(missing, None, deadline).await?;
        }
    }

    /// The readers that have a card in them, or what is missing.
    async fn look(&mut self) -> (Vec<ReaderSeen>, Missing) {
        if self.readers.borrow().is_none() {
            // the watching thread has only just begun
            let _ = timeout(FIRST_LOOK, self.readers.changed()).await;
        }
        match self.readers.borrow_and_update().clone() {
            None | Some(Snapshot::ServiceStopped) => (Vec::new(), Missing::Service),
            Some(Snapshot::Readers(readers)) if readers.is_empty() => (Vec::new(), Missing::Reader),
            Some(Snapshot::Readers(mut readers)) => {
                readers.retain(|reader| reader.card != CardPresence::Empty);
                (readers, Missing::Card)
            }
        }
    }

    /// Looks at one card, unless that was done before and cannot end differently.
    async fn judge(
        &mut self,
        judged: &mut Judged,
        reader: &ReaderSeen,
        around: &Around,
    ) -> Result<Result<Box<Candidate>, Verdict>, ErrorReport> {
        let key = place(reader);
        if let Some(verdict) = judged.get(&key) {
            return Ok(Err(verdict.clone()));
        }
        let outcome = match &reader.card {
            CardPresence::Present { atr } => self.first_transaction(around, reader, atr.clone()).await?,
            CardPresence::Mute | CardPresence::Empty => Err(Verdict::Mute),
        };
        match outcome {
            Ok(candidate) => Ok(Ok(Box::new(candidate))),
            Err(verdict) => {
                // a busy reader may be free the next time
                if !matches!(verdict, Verdict::Busy | Verdict::Gone) {
                    judged.insert(key, verdict.clone());
                }
                Ok(Err(verdict))
            }
        }
    }

    async fn first_transaction(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        atr: Vec<u8>,
    ) -> Result<Result<Candidate, Verdict>, ErrorReport> {
        let connection = Connection::open(reader.name.clone())
            .map_err(|error| ErrorReport::new(ErrorCode::InternalError).with_detail(&error.to_string()))?;
        let connection = Arc::new(connection);
        let known = self.cache().get(reader);
        let profiles = Arc::clone(&self.desk.profiles);
        let (begun, has_begun) = oneshot::channel();
        let from_cache = known.is_some();
        let transaction = connection.transaction(AfterTransaction::Leave, move |transport| {
            let _ = begun.send(());
            let has_pin_pad = transport.has_pin_pad();
            let card = match &known {
                Some(known) => Card::with_layout(transport, Arc::clone(&known.layout)),
                None => Card::discover(transport, &atr, &profiles)?,
            };
            first_look(card, known.as_ref(), has_pin_pad)
        });
        let outcome = match self.while_busy(around, reader, transaction, has_begun).await? {
            WhileBusy::Ended(outcome) => outcome,
            WhileBusy::Gone => return Ok(Err(Verdict::Gone)),
            WhileBusy::AnotherCard => return Ok(Err(Verdict::Busy)),
        };
        let look = match outcome {
            Ok((Ok(Ok(look)), usage)) => {
                self.add_usage(usage);
                look
            }
            Ok((Ok(Err(unusable)), usage)) => {
                self.add_usage(usage);
                return Ok(Err(unusable));
            }
            Ok((Err(error), usage)) => {
                self.add_usage(usage);
                if from_cache {
                    // not what it was: look again without what was known
                    self.cache().forget(reader);
                    return Box::pin(self.first_transaction(around, reader, reader.atr().to_vec())).await;
                }
                return Ok(Err(Verdict::of(&error)));
            }
            Err(error) => return Ok(Err(Verdict::of(&CardError::Transport(error)))),
        };
        self.cache().keep(
            reader,
            KnownCard {
                layout: Arc::clone(&look.layout),
                credential: look.credential.clone(),
                certificate: Arc::clone(&look.der),
            },
        );
        Ok(Ok(candidate(reader, connection, look)))
    }

    /// Waits for a transaction. What takes long is said on the screen (another program holds the card up, or the card is
    /// slow), and the person can give up. A reader that another program holds up does not keep a card in another reader from
    /// being looked at.
    async fn while_busy<T>(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        transaction: impl Future<Output = Result<(T, Usage), TransportError>>,
        mut has_begun: oneshot::Receiver<()>,
    ) -> Result<WhileBusy<T>, ErrorReport> {
        let mut transaction = std::pin::pin!(transaction);
        let mut patience = std::pin::pin!(sleep(PATIENCE));
        let mut turn = std::pin::pin!(sleep(PATIENCE + around.patience));
        let mut limit = std::pin::pin!(sleep(MISSING_LIMIT));
        let (mut begun, mut impatient) = (false, false);
        let mut readers_changed = false;
        let mut held_up = None;
        let outcome = loop {
            tokio::select! {
                outcome = &mut transaction => {
                    // a quick card is read before anybody looked whether it had begun
                    if has_begun.try_recv().is_ok() {
                        self.report_stage(Stage::Reading);
                    }
                    break Ok(WhileBusy::Ended(outcome));
                }
                _ = &mut has_begun, if !has_begun.is_terminated() => begun = true,
                () = &mut patience, if !impatient => impatient = true,
                () = &mut turn, if !begun && around.patience < MISSING_LIMIT => break Ok(WhileBusy::AnotherCard),
                changed = self.readers.changed(), if !begun => {
                    readers_changed = true;
                    if changed.is_err() || !is_still_there(&self.readers.borrow(), reader) {
                        break Ok(WhileBusy::Gone);
                    }
                    if around.is_joined(&self.readers.borrow()) {
                        break Ok(WhileBusy::AnotherCard);
                    }
                    continue;
                }
                did = self.screen.person() => match did? {
                    PersonDid::Cancel if begun => break Err(ErrorReport::new(ErrorCode::UserCancelled)),
                    PersonDid::Cancel => break Err(ErrorReport::new(ErrorCode::ReaderBusy)),
                    PersonDid::Pin(_) => continue,
                },
                () = &mut limit => {
                    let code = if begun { ErrorCode::ReaderFault } else { ErrorCode::ReaderBusy };
                    break Err(ErrorReport::new(code).with_detail("no answer within two minutes"));
                }
            }
            if begun {
                self.report_stage(Stage::Reading);
                // a quick card needs no window before the question
                if impatient {
                    self.screen.show(Step::Reading {})?;
                } else {
                    self.screen.show_if_open(Step::Reading {})?;
                }
            } else if impatient {
                held_up.get_or_insert_with(Instant::now);
                self.report_stage(Stage::WaitingForCard);
                self.screen.show(Step::Waiting { missing: Missing::FreeReader })?;
            }
        };
        self.person += held_up.map_or(Duration::ZERO, |since| since.elapsed());
        if readers_changed {
            // here it was only asked whether this card is still there: whoever looks for cards has not seen it yet
            self.readers.mark_changed();
        }
        outcome
    }

    /// Shows what is missing and waits until something changes.
    async fn wait_for_change(
        &mut self,
        missing: Missing,
        verdict: Option<&Verdict>,
        deadline: Instant,
    ) -> Result<(), ErrorReport> {
        let report =
            || verdict.and_then(Verdict::report).unwrap_or_else(|| ErrorReport::new(code_of(missing)));
        self.report_stage(Stage::WaitingForCard);
        self.screen.show(Step::Waiting { missing })?;
        let waited = Instant::now();
        let outcome = loop {
            tokio::select! {
                changed = self.readers.changed() => break changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError)),
                did = self.screen.person() => match did? {
                    PersonDid::Cancel => break Err(report()),
                    PersonDid::Pin(_) => {}
                },
                () = sleep(BUSY_RETRY), if missing == Missing::FreeReader => break Ok(()),
                () = sleep(deadline.saturating_duration_since(Instant::now())) => break Err(report()),
            }
            if Instant::now() >= deadline {
                break Err(report());
            }
        };
        self.person += waited.elapsed();
        if Instant::now() >= deadline { Err(report()) } else { outcome }
    }
}

impl Candidate {
    /// Whether the card has not left its reader.
    pub(super) fn is_still_in(&self, reader: &ReaderSeen) -> bool {
        self.reader.name == reader.name && self.reader.insertion == reader.insertion
    }

    /// The same, of a snapshot.
    pub(super) fn is_still_there(&self, snapshot: &Option<Snapshot>) -> bool {
        is_still_there(snapshot, &self.reader)
    }
}

fn is_still_there(snapshot: &Option<Snapshot>, reader: &ReaderSeen) -> bool {
    let Some(Snapshot::Readers(readers)) = snapshot else { return false };
    readers.iter().any(|seen| seen.name == reader.name && seen.insertion == reader.insertion)
}

fn candidate(reader: &ReaderSeen, connection: Arc<Connection>, look: FirstLook) -> Candidate {
    let FirstLook { layout, credential, der, certificate, algorithm, pin_status, has_pin_pad } = look;
    let reader = reader.clone();
    Candidate { reader, connection, layout, credential, der, certificate, algorithm, pin_status, has_pin_pad }
}

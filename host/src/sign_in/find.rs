//! A usable card in any reader, by what it can do.

use std::time::{Duration, Instant};

use bitaqa_card::{Role, layout::OpenedBy};
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use tokio::time::{sleep, timeout};

use super::{
    Flow, MISSING_LIMIT,
    access::Opening,
    around::{Around, Finding, Judged, place},
    candidate::Candidate,
    first_transaction::FirstTransaction,
    opens_with::OpensWith,
    screen::PersonDid,
    verdict::{Verdict, code_of},
};
use crate::{
    reader::{CardPresence, ReaderSeen, Snapshot},
    window::message::{Missing, Step},
};

/// A reader that another program holds for itself does not announce its release.
pub(super) const BUSY_RETRY: Duration = Duration::from_millis(500);
/// A card that has just come may not answer until it has power: what fails is tried once more after this time.
const POWER_UP: Duration = Duration::from_millis(250);
/// The first look at the readers takes a few milliseconds; longer than this, and the service does not answer.
const FIRST_LOOK: Duration = Duration::from_secs(3);

impl Flow<'_> {
    /// Waits until a usable card is there.
    pub(super) async fn find(&mut self) -> Result<Candidate, ErrorReport> {
        let mut judged = Judged::new();
        let mut deadline = Instant::now() + MISSING_LIMIT;
        loop {
            let (readers, missing) = self.look().await;
            let (mut verdict, mut closed) = (None, None);
            for (index, reader) in readers.iter().enumerate() {
                let around = Around::of(&readers, index, &judged, verdict.as_ref());
                match self.judge(&mut judged, reader, &around).await? {
                    Ok(candidate) => return Ok(*candidate),
                    Err(Finding::Closed(by)) => closed = closed.or(Some((reader, by))),
                    Err(Finding::Unusable(found)) => verdict = verdict.max(Some(found)),
                }
            }
            // only where no card can be used without a number
            if let Some((reader, by)) = closed {
                match self.open(&readers, reader, by).await? {
                    Opening::Usable(candidate) => return Ok(*candidate),
                    Opening::Unusable(verdict) => {
                        judged.insert(place(reader), Finding::Unusable(verdict));
                    }
                    Opening::LookAgain => {}
                }
                deadline = Instant::now() + MISSING_LIMIT;
                continue;
            }
            let missing = verdict.as_ref().map_or(missing, Verdict::missing);
            self.wait_for_change(missing, verdict.as_ref(), deadline).await?;
        }
    }

    /// After the card of a question left its reader: waits until it is back.
    pub(super) async fn find_again(&mut self, before: &Candidate) -> Result<Candidate, ErrorReport> {
        let mut judged = Judged::new();
        let mut deadline = Instant::now() + MISSING_LIMIT;
        loop {
            let (readers, missing) = self.look().await;
            let (mut busy, mut gone) = (false, false);
            let mut closed: Option<(&ReaderSeen, OpenedBy)> = None;
            let readers: Vec<ReaderSeen> =
                readers.into_iter().filter(|reader| !before.is_still_in(reader)).collect();
            for (index, reader) in readers.iter().enumerate() {
                let verdict = busy.then_some(Verdict::Busy);
                let around = Around::of(&readers, index, &judged, verdict.as_ref());
                match self.judge(&mut judged, reader, &around).await? {
                    Ok(candidate) => return the_same(before, *candidate),
                    Err(Finding::Closed(by)) if !before.opens_with.is_nothing() => {
                        closed = closed.or(Some((reader, by)));
                    }
                    Err(found) if is_another(before, reader, &found) => {
                        return Err(ErrorReport::new(ErrorCode::CardChanged));
                    }
                    Err(Finding::Closed(_)) => {}
                    Err(Finding::Unusable(verdict)) => {
                        busy |= verdict == Verdict::Busy;
                        gone |= verdict == Verdict::Gone;
                    }
                }
            }
            if let Some((reader, by)) = closed {
                match self.open_as_before(before, &readers, reader, by).await? {
                    Opening::Usable(candidate) => return the_same(before, *candidate),
                    Opening::Unusable(verdict) => {
                        let found = Finding::Unusable(verdict);
                        if is_another(before, reader, &found) {
                            return Err(ErrorReport::new(ErrorCode::CardChanged));
                        }
                        judged.insert(place(reader), found);
                    }
                    Opening::LookAgain => {}
                }
                deadline = Instant::now() + MISSING_LIMIT;
                continue;
            }
            let missing = match missing {
                Missing::Service | Missing::Reader => missing,
                _ if busy => Missing::FreeReader,
                _ => Missing::SameCard,
            };
            self.wait_for_change(missing, gone.then_some(&Verdict::Gone), deadline).await?;
        }
    }

    /// The readers that have a card in them, or what is missing.
    pub(super) async fn look(&mut self) -> (Vec<ReaderSeen>, Missing) {
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
    ) -> Result<Result<Box<Candidate>, Finding>, ErrorReport> {
        let key = place(reader);
        if let Some(finding) = judged.get(&key) {
            return Ok(Err(finding.clone()));
        }
        let mut outcome = match &reader.card {
            CardPresence::Present { .. } => {
                self.first_transaction(around, reader, &OpensWith::Nothing).await?
            }
            CardPresence::Mute | CardPresence::Empty => FirstTransaction::Unusable(Verdict::Mute),
        };
        if matches!(outcome, FirstTransaction::Unusable(Verdict::ReaderFault(_))) {
            sleep(POWER_UP).await;
            outcome = self.first_transaction(around, reader, &OpensWith::Nothing).await?;
        }
        let finding = match outcome {
            FirstTransaction::Usable(candidate) => return Ok(Ok(candidate)),
            FirstTransaction::Closed(by) => Finding::Closed(by),
            // nothing can be refused that was not given
            FirstTransaction::Refused(_)
            | FirstTransaction::Cancelled
            | FirstTransaction::TimedOut
            | FirstTransaction::ReaderFailed => Finding::Closed(OpenedBy::Terminal),
            FirstTransaction::Unusable(verdict) => Finding::Unusable(verdict),
        };
        // a busy reader may be free the next time, and a card that has just come is mute until it has power
        if !matches!(finding, Finding::Unusable(Verdict::Busy | Verdict::Gone | Verdict::Mute)) {
            judged.insert(key, finding.clone());
        }
        Ok(Err(finding))
    }

    /// Shows what is missing and waits until something changes.
    pub(super) async fn wait_for_change(
        &mut self,
        missing: Missing,
        verdict: Option<&Verdict>,
        deadline: Instant,
    ) -> Result<(), ErrorReport> {
        let for_documents = self.wanted.role() == Role::Signature;
        let report = || {
            let mut report =
                verdict.and_then(Verdict::report).unwrap_or_else(|| ErrorReport::new(code_of(missing)));
            if for_documents && report.code == ErrorCode::CertificateMissing {
                report.code = ErrorCode::SigningCertificateMissing;
            }
            report
        };
        let missing = match missing {
            Missing::KnownCard if for_documents => Missing::SigningCard,
            missing => missing,
        };
        self.report_stage(Stage::WaitingForCard);
        self.screen.show(Step::Waiting { missing })?;
        // a card that came and went while it was looked at may be there again without another event
        let look_again = missing == Missing::FreeReader || verdict == Some(&Verdict::Gone);
        let waited = Instant::now();
        let outcome = loop {
            tokio::select! {
                changed = self.readers.changed() => break changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError)),
                did = self.screen.person() => if let PersonDid::Cancel = did? {
                    break Err(report());
                },
                () = sleep(BUSY_RETRY), if look_again => break Ok(()),
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

/// The candidate, if it is the card that the person was asked about.
pub(super) fn the_same(before: &Candidate, candidate: Candidate) -> Result<Candidate, ErrorReport> {
    if candidate.der == before.der {
        // whether it is that chip is seen when it is opened to sign
        Ok(Candidate { chip: before.chip.clone(), ..candidate })
    } else {
        Err(ErrorReport::new(ErrorCode::CardChanged))
    }
}

/// A card that cannot be used as the one before is another card, if it is where that was.
fn is_another(before: &Candidate, reader: &ReaderSeen, found: &Finding) -> bool {
    let differs = matches!(
        found,
        Finding::Closed(_)
            | Finding::Unusable(
                Verdict::Unknown | Verdict::NoCertificate(_) | Verdict::UnsuitableForDocuments(_)
            )
    );
    differs && reader.name == before.reader.name
}

pub(super) fn is_still_there(snapshot: &Option<Snapshot>, reader: &ReaderSeen) -> bool {
    let Some(Snapshot::Readers(readers)) = snapshot else { return false };
    readers.iter().any(|seen| seen.name == reader.name && seen.insertion == reader.insertion)
}

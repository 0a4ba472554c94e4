//! The first transaction with a card, and waiting for it where another program holds the card up.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use bitaqa_card::{
    Card, CardError, CardOpening, Profile, ReaderOpening, Transport as _, TransportError,
    chip_session::{AccessControl, AccessRefusal},
    layout::OpenedBy,
};
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};
use tokio::{sync::oneshot, time::sleep};

use super::{
    ANSWER_LIMIT, Flow, MISSING_LIMIT, PATIENCE,
    around::{Around, WhileBusy},
    candidate::Candidate,
    find::is_still_there,
    first_look::{FirstLook, Wanted, first_look},
    opens_with::{OpensWith, asked_on},
    screen::PersonDid,
    typed::Typed,
    verdict::Verdict,
};
use crate::{
    card_cache::KnownCard,
    reader::{Connection, ReaderSeen, Usage, connection::AfterTransaction, transport::PcscTransport},
    system_random,
    window::message::{Missing, Step},
};

/// What came of the first transaction.
pub(super) enum FirstTransaction {
    /// A person can sign in with the card.
    Usable(Box<Candidate>),
    /// The card opens with PACE, and no number was given: it is to be typed in our window, or on the reader.
    Closed(OpenedBy),
    /// The card does not open with this number.
    Refused(AccessRefusal),
    /// The person pressed the reader's cancel key instead of a number.
    Cancelled,
    /// The person typed no number on the reader in time.
    TimedOut,
    /// The reader runs PACE, and failed at it with this card.
    ReaderFailed,
    /// Nobody can sign in with the card.
    Unusable(Verdict),
}

/// What a transaction waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meanwhile {
    /// The card.
    Reading,
    /// The person at the reader's keys; the question is on the screen.
    OnReader,
}

impl Flow<'_> {
    /// Finds out what the card is and what is on it; opens it, where a number is given. One number is one try.
    pub(super) async fn first_transaction(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        opens_with: &OpensWith<Arc<Typed>>,
    ) -> Result<FirstTransaction, ErrorReport> {
        let known = self.wanted.known(self.cache().get(reader, self.wanted.role()));
        let opened = known.as_ref().and_then(|known| known.layout.opened);
        if let Some(opened) = opened.filter(|_| opens_with.is_nothing()) {
            return Ok(FirstTransaction::Closed(opened.by));
        }
        let connection = Connection::open(reader.name.clone())
            .map_err(|error| ErrorReport::new(ErrorCode::InternalError).with_detail(&error.to_string()))?;
        let connection = Arc::new(connection);
        let from_cache = known.is_some();
        let (begun, has_begun) = oneshot::channel();
        let way = Way {
            atr: reader.atr().to_vec(),
            profiles: Arc::clone(&self.desk.profiles),
            known,
            opens_with: opens_with.downgrade(),
            wanted: self.wanted.clone(),
        };
        // no session of ours stays open on a card: the next one begins from the start
        let after = if opens_with.is_nothing() { AfterTransaction::Leave } else { AfterTransaction::Reset };
        let transaction = connection.transaction(after, move |transport| {
            let _ = begun.send(());
            look(transport, &way)
        });
        let meanwhile = match opens_with {
            OpensWith::NumberOnReader => Meanwhile::OnReader,
            OpensWith::Nothing | OpensWith::Number(_) => Meanwhile::Reading,
        };
        let outcome = match self.while_busy(around, reader, meanwhile, transaction, has_begun).await? {
            WhileBusy::Ended(outcome) => outcome,
            WhileBusy::Gone => return Ok(FirstTransaction::Unusable(Verdict::Gone)),
            WhileBusy::AnotherCard => return Ok(FirstTransaction::Unusable(Verdict::Busy)),
        };
        let outcome = match outcome {
            Ok((outcome, usage)) => {
                self.add_usage(usage);
                outcome
            }
            Err(error) => return Ok(FirstTransaction::Unusable(Verdict::of(&error.into()))),
        };
        let look = match outcome {
            Ok(Look::Found(look)) => look,
            Ok(Look::Unusable(verdict)) => return Ok(FirstTransaction::Unusable(verdict)),
            Ok(Look::Refused(refusal)) => return Ok(FirstTransaction::Refused(refusal)),
            Ok(Look::Closed(by)) => return Ok(FirstTransaction::Closed(by)),
            Ok(Look::Cancelled) => return Ok(FirstTransaction::Cancelled),
            Ok(Look::TimedOut) => return Ok(FirstTransaction::TimedOut),
            Ok(Look::ReaderFailed) => return Ok(FirstTransaction::ReaderFailed),
            Err(_) if from_cache => {
                // not what it was: look again without what was known, and without the number, which was tried
                self.cache().forget(reader);
                return Box::pin(self.first_transaction(around, reader, &OpensWith::Nothing)).await;
            }
            Err(error) => return Ok(FirstTransaction::Unusable(Verdict::of(&error))),
        };
        let candidate = Candidate::new(reader.clone(), connection, *look, opens_with.clone());
        self.cache().keep(reader, candidate.known());
        Ok(FirstTransaction::Usable(Box::new(candidate)))
    }

    /// Waits for a transaction. What takes long is said on the screen (another program holds the card up, or the card is
    /// slow), and the person can give up. A reader that another program holds up does not keep a card in another reader from
    /// being looked at.
    pub(super) async fn while_busy<T>(
        &mut self,
        around: &Around,
        reader: &ReaderSeen,
        meanwhile: Meanwhile,
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
        let mut asked = self.screen.shown().cloned();
        let outcome = loop {
            tokio::select! {
                outcome = &mut transaction => {
                    // a quick card is read before anybody looked whether it had begun
                    if has_begun.try_recv().is_ok() || meanwhile == Meanwhile::OnReader {
                        self.report_stage(Stage::Reading);
                    }
                    break Ok(WhileBusy::Ended(outcome));
                }
                _ = &mut has_begun, if !has_begun.is_terminated() => {
                    begun = true;
                    if meanwhile == Meanwhile::OnReader {
                        limit.as_mut().reset(tokio::time::Instant::now() + ANSWER_LIMIT);
                    }
                }
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
                    _ => continue,
                },
                () = &mut limit => break Err(match (begun, meanwhile) {
                    (true, Meanwhile::OnReader) => ErrorReport::new(ErrorCode::UserTimeout),
                    (true, Meanwhile::Reading) => no_answer(ErrorCode::ReaderFault),
                    (false, _) => no_answer(ErrorCode::ReaderBusy),
                }),
            }
            if begun && meanwhile == Meanwhile::OnReader {
                // the question is on the screen, unless the reader was not free at first
                if let Some(question) = asked.take_if(|_| held_up.is_some()) {
                    self.report_stage(Stage::WaitingForPerson);
                    self.screen.show(question)?;
                }
            } else if begun {
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
        if meanwhile == Meanwhile::Reading {
            self.person += held_up.map_or(Duration::ZERO, |since| since.elapsed());
        }
        if readers_changed {
            // here it was only asked whether this card is still there: whoever looks for cards has not seen it yet
            self.readers.mark_changed();
        }
        outcome
    }
}

fn no_answer(code: ErrorCode) -> ErrorReport {
    ErrorReport::new(code).with_detail("no answer within two minutes")
}

/// What a transaction needs to find its way on the card.
struct Way {
    /// Answer to reset.
    atr: Vec<u8>,
    profiles: Arc<Vec<Profile>>,
    /// What was read of the card before.
    known: Option<KnownCard>,
    /// What a key is wanted for.
    wanted: Wanted,
    /// Opens the card; the number is gone where the request was given up before the transaction began.
    opens_with: OpensWith<Weak<Typed>>,
}

/// What a look at the card brought.
enum Look {
    Found(Box<FirstLook>),
    Unusable(Verdict),
    Refused(AccessRefusal),
    Closed(OpenedBy),
    Cancelled,
    TimedOut,
    ReaderFailed,
}

fn look(transport: &mut PcscTransport<'_>, way: &Way) -> Result<Look, CardError> {
    let by = asked_on(transport.executes_pace());
    if matches!(way.opens_with, OpensWith::NumberOnReader) {
        return look_on_reader(transport, way);
    }
    match look_in_the_clear(transport, way) {
        Err(CardError::Closed(AccessControl::Pace(_))) => Ok(Look::Closed(by)),
        outcome => outcome,
    }
}

/// The reader opens the card, and keeps it open for the question that follows.
fn look_on_reader(transport: &mut PcscTransport<'_>, way: &Way) -> Result<Look, CardError> {
    let has_pin_pad = transport.has_pin_pad();
    let known = way.known.as_ref();
    let opening = match known {
        Some(known) => Card::open_on_reader_with_layout(transport, Arc::clone(&known.layout)),
        None => Card::open_on_reader(transport, &way.atr, &way.profiles),
    };
    let look = match opening {
        Ok(ReaderOpening::Open(card)) => found(*card, way, has_pin_pad)?,
        Ok(ReaderOpening::Refused(refusal)) => Look::Refused(refusal),
        Ok(ReaderOpening::Cancelled) => Look::Cancelled,
        Ok(ReaderOpening::TimedOut) => Look::TimedOut,
        Err(CardError::Transport(TransportError::Fault(_))) => Look::ReaderFailed,
        Err(error) => return Err(error),
    };
    if matches!(look, Look::Found(_)) {
        transport.keep_channel();
    }
    Ok(look)
}

fn look_in_the_clear(transport: &mut PcscTransport<'_>, way: &Way) -> Result<Look, CardError> {
    let has_pin_pad = transport.has_pin_pad();
    let known = way.known.as_ref();
    let opening = match (&way.opens_with, known) {
        (OpensWith::Nothing | OpensWith::NumberOnReader, Some(known)) => {
            CardOpening::Open(Box::new(Card::with_layout(transport, Arc::clone(&known.layout))))
        }
        (OpensWith::Nothing | OpensWith::NumberOnReader, None) => {
            CardOpening::Open(Box::new(Card::discover(transport, &way.atr, &way.profiles)?))
        }
        (OpensWith::Number(number), known) => {
            let number = number.upgrade().ok_or(TransportError::Cancelled)?;
            // six digits, as the window checked
            let Some(key) = number.key() else {
                return Ok(Look::Refused(AccessRefusal::CanWrong { tries_left: None }));
            };
            match known {
                Some(known) => {
                    Card::open_with_layout(transport, Arc::clone(&known.layout), &mut system_random, &key)?
                }
                None => Card::open(transport, &way.atr, &way.profiles, &mut system_random, &key)?,
            }
        }
    };
    match opening {
        CardOpening::Refused(refusal) => Ok(Look::Refused(refusal)),
        CardOpening::Open(card) => found(*card, way, has_pin_pad),
    }
}

fn found(card: Card<'_>, way: &Way, has_pin_pad: bool) -> Result<Look, CardError> {
    Ok(match first_look(card, way.known.as_ref(), has_pin_pad, &way.wanted)? {
        Ok(look) => Look::Found(Box::new(look)),
        Err(verdict) => Look::Unusable(verdict),
    })
}

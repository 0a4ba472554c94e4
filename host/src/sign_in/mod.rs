//! Signing in: find the card, ask the person, sign (design: the way of a request, step 5).
//!
//! | file | which part |
//! |---|---|
//! | [`find`] | a usable card in any reader |
//! | [`any_card`] | a card of some kind in any reader, for requests that read |
//! | [`agreement`] | the question before anything is read |
//! | [`around`] | several cards at once |
//! | [`access`] | a card that opens with the number printed on it |
//! | [`access_on_reader`] | a card that the reader opens, with the number from its own keys |
//! | [`opens_with`] | what opens a card |
//! | [`remembered_number`] | a number out of the keystore |
//! | [`typed`] | what was typed to open it |
//! | [`first_transaction`] | the first transaction, and waiting for it |
//! | [`first_look`] | which key of a card is the wanted one |
//! | [`ask`] | the question on the screen |
//! | [`sign`] | PIN and signature; the second transaction |
//! | [`same_card`] | the card that was asked about, or none |
//! | [`screen`] | the window, opened when it is first needed |
//! | [`identity`] | asking who somebody is, with the same desk and screen |
//! | [`my_card`] | the holder's own card, for the extension's own page |
//! | [`signing`] | documents, and the certificates for them |
//! | [`candidate`] | the card that the question is about |
//! | [`verdict`] | why a card cannot be used |
//!
//! Giving a request up is dropping its future: window, connection, PIN and number go with it.

mod access;
mod access_on_reader;
mod agreement;
mod any_card;
mod around;
mod ask;
mod candidate;
mod find;
mod first_look;
mod first_transaction;
pub(crate) mod identity;
pub(crate) mod my_card;
mod opens_with;
mod remembered_number;
mod same_card;
mod screen;
mod sign;
pub(crate) mod signing;
mod typed;
mod verdict;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use bitaqa_card::{Profile, Series};
use bitaqa_protocol::{
    AuthToken, Challenge, ErrorCode, ErrorReport, Language, Origin, RequestId,
    host::{FromHost, Timing},
    page::Stage,
};
use bitaqa_trust::DateTime;
use tokio::sync::watch;

use crate::{
    card_cache::CardCache,
    port::Sender,
    reader::{Monitor, Snapshot, Usage},
    window::message::{Asker, DocumentsShown, Step},
};
use candidate::Candidate;
pub(crate) use candidate::card_algorithm;
use first_look::Wanted;
pub(crate) use remembered_number::RefusedPlaces;
pub(crate) use screen::LastWindow;
use screen::Screen;
use sign::{SignOutcome, ToSign};

/// Longest wait for something that is missing: a reader, a card, the service.
const MISSING_LIMIT: Duration = Duration::from_secs(120);
/// How long another program's transaction is waited for in silence.
const PATIENCE: Duration = Duration::from_millis(800);
/// Longest wait for an answer to the question.
const ANSWER_LIMIT: Duration = Duration::from_secs(300);

/// What the page asked for.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    /// The request.
    pub(crate) id: RequestId,
    /// Who asks.
    pub(crate) origin: Origin,
    /// What is to be signed.
    pub(crate) challenge: Challenge,
    /// Language of the window.
    pub(crate) language: Language,
}

/// What all requests of this process share.
pub(crate) struct Desk {
    /// Watches the readers.
    pub(crate) monitor: Monitor,
    /// The cards that can be used.
    pub(crate) profiles: Arc<Vec<Profile>>,
    /// What was read of cards that are still there.
    pub(crate) cache: Mutex<CardCache>,
    /// The window that says how the request before ended.
    pub(crate) last_window: Arc<LastWindow>,
    /// Insertions of cards that the remembered number does not open.
    pub(crate) refused_places: Mutex<RefusedPlaces>,
    /// Requests whose answer is out, and whose chip has yet to prove itself.
    pub(crate) second_calls: identity::SecondCalls,
}

/// A request under way.
struct Flow<'d> {
    started: Instant,
    id: RequestId,
    /// What a card may sign in to; nothing for a request of another kind.
    origin: Option<Origin>,
    /// What a key is wanted for.
    wanted: Wanted,
    /// The documents that the question is about.
    documents: Option<DocumentsShown>,
    desk: &'d Desk,
    readers: watch::Receiver<Option<Snapshot>>,
    screen: Screen,
    outgoing: Sender,
    stage: Option<Stage>,
    /// How many times a number was asked for.
    questions: u32,
    usage: Usage,
    person: Duration,
    window: Duration,
}

/// Answers a sign-in request. The window may outlive it for a moment, to say how it ended.
///
/// # Errors
/// [`ErrorReport`], ready for the extension.
pub(crate) async fn sign_in(
    desk: &Desk,
    request: SignIn,
    outgoing: Sender,
) -> Result<(AuthToken, Timing), ErrorReport> {
    let asker = Asker::Origin(request.origin.as_str().to_owned());
    let challenge = request.challenge.clone();
    let mut flow = Flow::new(desk, request, asker, outgoing);
    let outcome = flow.run(&challenge).await;
    flow.finish(outcome, Step::Done {})
}

impl<'d> Flow<'d> {
    fn new(desk: &'d Desk, request: SignIn, asker: Asker, outgoing: Sender) -> Self {
        Self { origin: Some(request.origin), ..Self::of(desk, request.id, request.language, asker, outgoing) }
    }

    /// For a request that signs nobody in.
    fn of(desk: &'d Desk, id: RequestId, language: Language, asker: Asker, outgoing: Sender) -> Self {
        let screen = Screen::new(language, asker, Arc::clone(&desk.last_window));
        Self {
            started: Instant::now(),
            id,
            origin: None,
            wanted: Wanted::ForSignIn,
            documents: None,
            desk,
            readers: desk.monitor.snapshots(),
            screen,
            outgoing,
            stage: None,
            questions: 0,
            usage: Usage::default(),
            person: Duration::ZERO,
            window: Duration::ZERO,
        }
    }

    /// Says in the window how it ended, and where the time went.
    fn finish<T>(self, outcome: Result<T, ErrorReport>, farewell: Step) -> Result<(T, Timing), ErrorReport> {
        let timing = self.timing();
        let Self { mut screen, .. } = self;
        match outcome {
            Ok(answer) => {
                screen.farewell(farewell);
                Ok((answer, timing))
            }
            Err(report) => {
                // what the person decided needs no explanation; a window that is not there cannot give one
                if !matches!(report.code, ErrorCode::UserCancelled | ErrorCode::WindowUnavailable)
                    && !screen.person_closed()
                {
                    screen.farewell(Step::Failed { code: report.code });
                }
                Err(report)
            }
        }
    }
}

impl Flow<'_> {
    async fn run(&mut self, challenge: &Challenge) -> Result<AuthToken, ErrorReport> {
        let mut candidate = self.find().await?;
        self.sign_after_pin(&mut candidate, challenge).await
    }

    /// Asks for the PIN until the card takes it or the person gives up, and has the card sign this challenge.
    async fn sign_after_pin(
        &mut self,
        candidate: &mut Candidate,
        challenge: &Challenge,
    ) -> Result<AuthToken, ErrorReport> {
        let to_sign = self.to_sign_in(candidate, challenge)?;
        let series = self.sign_after_each_pin(candidate, &to_sign).await?;
        self.token(candidate, &series)
    }

    /// Asks for the PIN until the card takes it or the person gives up, and has the card sign.
    async fn sign_after_each_pin(
        &mut self,
        candidate: &mut Candidate,
        to_sign: &ToSign,
    ) -> Result<Series, ErrorReport> {
        let mut was_wrong = false;
        loop {
            let answer = self.ask(candidate, was_wrong).await?;
            self.report_stage(Stage::Signing);
            match self.sign(candidate, answer, to_sign).await? {
                SignOutcome::Signed(series) => return Ok(series),
                SignOutcome::WrongPin { tries_left } => {
                    candidate.pin_status.tries_left = tries_left;
                    was_wrong = true;
                }
                SignOutcome::ChannelGone => {
                    *candidate = self.open_again(candidate).await?;
                    was_wrong = false;
                }
                // the card left its reader, or was reset, before the PIN was presented: the same card may come back
                SignOutcome::CardLeft => {
                    if !candidate.is_still_there(&self.readers.borrow()) {
                        *candidate = self.find_again(candidate).await?;
                    }
                    was_wrong = false;
                }
            }
        }
    }

    fn report_stage(&mut self, stage: Stage) {
        if self.stage != Some(stage) {
            self.stage = Some(stage);
            self.outgoing.send(FromHost::Progress { id: self.id.clone(), stage });
        }
    }

    /// Where the time went so far.
    fn timing(&self) -> Timing {
        let Self { started, usage, person, window, .. } = self;
        Timing {
            card: micros(usage.time),
            person: micros(*person),
            window: micros(*window),
            total: micros(started.elapsed()),
            commands: usage.commands,
            bytes: usage.bytes,
        }
    }

    fn add_usage(&mut self, usage: Usage) {
        self.usage.time += usage.time;
        self.usage.commands = self.usage.commands.saturating_add(usage.commands);
        self.usage.bytes = self.usage.bytes.saturating_add(usage.bytes);
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, CardCache> {
        self.desk.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn micros(duration: Duration) -> u32 {
    u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)
}

/// The time of this computer.
fn now() -> Result<DateTime, ErrorReport> {
    DateTime::from_system_time(SystemTime::now()).map_err(|_| {
        ErrorReport::new(ErrorCode::InternalError).with_detail("the clock of this computer is wrong")
    })
}

//! Chip authentication by the key of the portal's server (ICAO Doc 9303-11, section 6.2), in a second call: the answer goes out,
//! the chip is opened once more while the server reads it, and the server's two commands are the last that the chip gets.
//!
//! No command of anybody else's reaches a card but through [`ChipAuthenticationBinding::relayed`], which lets a public key of the chip's
//! own group pass, made good for this request alone, and one protected READ BINARY of DG14.

use std::{
    sync::{
        Arc, Weak,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use bitaqa_card::{
    CardError, Transport, TransportError,
    chip_authentication::{ChipKey, RelayFault},
    chip_session::ChipSession,
    lds::{DataGroup, Dg14, ElementaryFile},
    security_infos::SecurityInfos,
};
use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    host::FromHost,
    identity::{ChipAnswer, ChipChallenge, Holder, ProofWanted},
    page::Stage,
};
use bitaqa_trust::chip_proof::ChipAuthenticationBinding;
use tokio::{sync::oneshot, time::sleep};

use super::{
    Identify,
    find_chip::{Found, FoundChip},
    portal::Portal,
    reading::{ChipRead, open},
};
use crate::{
    reader::{Usage, connection::AfterTransaction},
    sign_in::{
        Flow, MISSING_LIMIT, PATIENCE, find::is_still_there, screen::PersonDid, sign::report, typed::Typed,
    },
    window::message::{Missing, Step},
};

/// How long the portal's server is waited for once the answer is out.
const CHALLENGE_LIMIT: Duration = Duration::from_secs(30);
/// How often the reader is asked meanwhile whether the card is still there: there are systems that reset a card after five
/// seconds of silence.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

/// A chip that has yet to prove itself, and what its transaction needs.
pub(super) struct ChipRound {
    /// Gone where the request was given up before the transaction began.
    typed: Weak<Typed>,
    binding: ChipAuthenticationBinding,
    key: ChipKey,
    /// DG14 as it was read before: the key of another chip is none of this one.
    dg14: Vec<u8>,
}

/// What came of it.
enum Outcome {
    /// The chip's protected answer.
    Answered(Vec<u8>),
    /// The chip does not answer as one with the private key does.
    NotProven(CardError),
    /// Another card is in the reader.
    AnotherCard,
    /// The server gave what no chip of this group takes.
    Unfit(RelayFault),
    /// The server gave nothing.
    NothingCame,
}

impl ChipRound {
    /// Nothing comes where the portal does not ask for it, where the chip has proved itself already, and where it has no key for
    /// that: whether it should have one, the portal's server knows from EF.SOD.
    pub(super) fn of(asked: &Identify, portal: &Portal, typed: &Arc<Typed>, read: &ChipRead) -> Option<Self> {
        if asked.request.proof != ProofWanted::ChipAuthentication || read.active_authentication.is_some() {
            return None;
        }
        let dg14 = read.groups.get(&DataGroup::DG14.number())?;
        let infos = Dg14::parse(dg14).ok()?.security_infos;
        let infos = SecurityInfos::parse(DataGroup::DG14.name(), &infos).ok()?;
        let key = ChipKey::best(&infos).ok()??;
        let thumbprint = portal.key().thumbprint();
        let binding =
            ChipAuthenticationBinding::of(&asked.origin, &asked.request.challenge, thumbprint.as_bytes());
        Some(Self { typed: Arc::downgrade(typed), binding, key, dg14: dg14.clone() })
    }
}

impl Flow<'_> {
    /// Gives the answer out, and has the chip prove itself by what the portal's server makes of it. A card that was taken out since
    /// it was read is waited for before the answer goes.
    ///
    /// # Errors
    /// `chip-proof-missing` where nothing came in time or the chip proved nothing; `request-invalid` where what came does not fit
    /// the chip; `card-changed`, `card-removed` and faults of the reader; what the person decided.
    pub(super) async fn prove_chip(
        &mut self,
        round: ChipRound,
        mut chip: FoundChip,
        answer: String,
    ) -> Result<ChipAnswer, ErrorReport> {
        if !is_still_there(&self.readers.borrow(), &chip.reader) {
            chip = match self.find_card(Holder::None).await? {
                Found::Chip(chip) => chip,
                Found::DataCard(_) => return Err(ErrorReport::new(ErrorCode::CardChanged)),
            };
            self.report_stage(Stage::Sending);
        }
        let (_waiting, challenges) = self.desk.second_calls.wait(&self.id);
        let until = Instant::now() + CHALLENGE_LIMIT;
        self.outgoing.send(FromHost::IdentityAnswer {
            id: self.id.clone(),
            answer,
            chip_authentication: true,
            timing: self.timing(),
        });
        let (begun, has_begun) = oneshot::channel();
        let atr = chip.reader.atr().to_vec();
        let transaction = chip.connection.transaction(AfterTransaction::Reset, move |transport| {
            let _ = begun.send(());
            prove(transport, &atr, &round, &challenges, until)
        });
        let outcome = match self.while_proving(&chip, transaction, has_begun, until).await? {
            Ok((outcome, usage)) => {
                self.add_usage(usage);
                outcome
            }
            Err(error) => Err(error.into()),
        };
        let missing = |detail: &str| ErrorReport::new(ErrorCode::ChipProofMissing).with_detail(detail);
        match outcome.map_err(|error| report(&error))? {
            Outcome::Answered(bytes) => ChipAnswer::new(bytes).map_err(|error| missing(&error.to_string())),
            Outcome::NotProven(error) => Err(missing(&format!("the chip does not prove itself: {error}"))),
            Outcome::NothingCame => Err(missing("no chip challenge came within 30 seconds")),
            Outcome::AnotherCard => Err(ErrorReport::new(ErrorCode::CardChanged)),
            Outcome::Unfit(fault) => {
                Err(ErrorReport::new(ErrorCode::RequestInvalid).with_detail(&fault.to_string()))
            }
        }
    }

    /// Waits for the transaction; what keeps it from beginning is said on the screen, and the person can give up.
    async fn while_proving<T>(
        &mut self,
        chip: &FoundChip,
        transaction: impl Future<Output = Result<(T, Usage), TransportError>>,
        mut has_begun: oneshot::Receiver<()>,
        until: Instant,
    ) -> Result<Result<(T, Usage), TransportError>, ErrorReport> {
        let mut transaction = std::pin::pin!(transaction);
        let mut patience = std::pin::pin!(sleep(PATIENCE));
        let mut begin_limit = std::pin::pin!(sleep(until.saturating_duration_since(Instant::now())));
        let mut limit = std::pin::pin!(sleep(CHALLENGE_LIMIT + MISSING_LIMIT));
        let mut impatient = false;
        self.screen.show(Step::Proving {})?;
        loop {
            tokio::select! {
                outcome = &mut transaction => return Ok(outcome),
                _ = &mut has_begun, if !has_begun.is_terminated() => self.screen.show(Step::Proving {})?,
                () = &mut patience, if !impatient => {
                    impatient = true;
                    if !has_begun.is_terminated() {
                        self.screen.show(Step::Waiting { missing: Missing::FreeReader })?;
                    }
                },
                changed = self.readers.changed(), if !has_begun.is_terminated() => {
                    if changed.is_err() || !is_still_there(&self.readers.borrow_and_update(), &chip.reader) {
                        return Err(ErrorReport::new(ErrorCode::CardRemoved));
                    }
                },
                did = self.screen.person() => if let PersonDid::Cancel = did? {
                    return Err(ErrorReport::new(ErrorCode::UserCancelled));
                },
                () = &mut begin_limit, if !has_begun.is_terminated() => {
                    return Err(ErrorReport::new(ErrorCode::ReaderBusy));
                },
                () = &mut limit => {
                    let report = ErrorReport::new(ErrorCode::ReaderFault);
                    return Err(report.with_detail("no answer within two minutes"));
                },
            }
        }
    }
}

/// Opens the chip, waits for the server, and passes on what it gave.
fn prove(
    transport: &mut dyn Transport,
    atr: &[u8],
    round: &ChipRound,
    challenges: &Receiver<ChipChallenge>,
    until: Instant,
) -> Result<Outcome, CardError> {
    // it opened with this before
    let Ok(mut session) = open(transport, atr, &round.typed)? else { return Ok(Outcome::AnotherCard) };
    let dg14 = session.lds().read(ElementaryFile::Group(DataGroup::DG14), &mut |_| {})?;
    if *dg14 != *round.dg14 {
        return Ok(Outcome::AnotherCard);
    }
    let Some(challenge) = wait(&mut session, challenges, until)? else { return Ok(Outcome::NothingCame) };
    let relayed = round.binding.relayed(&round.key, challenge.public_key(), challenge.protected_read());
    match relayed.map(|relayed| session.relay(relayed)) {
        Err(fault) => Ok(Outcome::Unfit(fault)),
        Ok(Ok(answer)) => Ok(Outcome::Answered(answer)),
        Ok(Err(error @ CardError::Transport(_))) => Err(error),
        Ok(Err(error)) => Ok(Outcome::NotProven(error)),
    }
}

/// Keeps the session alive until the server has spoken. The chip hears nothing meanwhile.
fn wait(
    session: &mut ChipSession<'_>,
    challenges: &Receiver<ChipChallenge>,
    until: Instant,
) -> Result<Option<ChipChallenge>, CardError> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match challenges.recv_timeout(left.min(KEEP_ALIVE)) {
            Ok(challenge) => return Ok(Some(challenge)),
            Err(RecvTimeoutError::Disconnected) => return Err(TransportError::Cancelled.into()),
            Err(RecvTimeoutError::Timeout) if left <= KEEP_ALIVE => return Ok(None),
            Err(RecvTimeoutError::Timeout) => session.keep_alive()?,
        }
    }
}

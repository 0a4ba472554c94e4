//! What a session knows of an identity request: what was asked, which chip has yet to prove itself, and who the person is.
//!
//! All of it stays on the server. The page gets the request, and the challenge for the chip; neither comes back from it.

use std::time::SystemTime;

use bitaqa_protocol::identity::IdentityRequest;
use bitaqa_trust::{
    Assurance, Level,
    identity::{ChipState, second_call::MAX_WAIT},
};

use super::{ChallengeRefused, Session, SessionId, Sessions, age, is_fresh};

/// Most answers at a time whose chip has yet to prove itself.
const MAX_AWAITED: usize = 200;

/// Who the person is, for the page. Taken from a verified answer, forgotten with the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// Given names and family name.
    pub name: String,
    /// Whether the person is 18 or older.
    pub over_18: Option<bool>,
    /// How sure that is.
    pub level: Level,
    /// Test documents or real ones.
    pub assurance: Assurance,
    /// Whether the chip is known to be no copy.
    pub chip_proven: bool,
    /// Whether anybody looked whether the document is still in use.
    pub status_checked: bool,
}

/// What the second step needs of the first. It is taken out of the session as a whole, once.
#[derive(Debug)]
pub struct AwaitedProof {
    /// What was asked.
    pub request: IdentityRequest,
    /// The encrypted answer, which the page does not send again.
    pub answer: String,
    /// A secret: who has it can answer in the chip's place.
    pub state: ChipState,
}

/// At most one request is open in a session: the latest.
#[derive(Debug, Default)]
pub(super) struct Identification {
    asked: Option<(IdentityRequest, SystemTime)>,
    awaited: Option<(AwaitedProof, SystemTime)>,
    identified: Option<Identified>,
}

impl Identification {
    /// Whether it is known who the person is.
    pub(super) const fn is_known(&self) -> bool {
        self.identified.is_some()
    }

    /// A secret is kept no longer than it is good for.
    pub(super) fn forget_late(&mut self, now: SystemTime) {
        self.asked.take_if(|(_, since)| !is_fresh(*since, now));
        self.awaited.take_if(|(_, since)| age(*since, now).as_secs() > MAX_WAIT);
    }
}

impl Sessions {
    /// Keeps a request that goes to the page. A browser without a session gets one: the name is new then, and has to be sent
    /// back.
    ///
    /// # Errors
    /// [`ChallengeRefused`]: no randomness, or no place.
    pub fn ask(
        &self,
        id: Option<&SessionId>,
        request: IdentityRequest,
        now: SystemTime,
    ) -> Result<Option<SessionId>, ChallengeRefused> {
        self.with_session(id, now, |session| {
            session.identification.asked = Some((request, now));
            session.identification.awaited = None;
        })
    }

    /// Takes the request out of its session: it is answered once, and within five minutes.
    #[must_use]
    pub fn take_request(&self, id: &SessionId, now: SystemTime) -> Option<IdentityRequest> {
        let mut store = self.lock();
        let identification = &mut store.live(id, now)?.identification;
        identification.forget_late(now);
        identification.asked.take().map(|(request, _)| request)
    }

    /// Keeps what the second step needs, and says whether there was a place for it. Only answers that hold but for the chip get here, but
    /// a copy of one document is enough to make such answers, and they are long.
    #[must_use]
    pub fn await_proof(&self, id: &SessionId, awaited: AwaitedProof, now: SystemTime) -> bool {
        let mut store = self.lock();
        let waits = |session: &Session| {
            let awaited = session.identification.awaited.as_ref();
            awaited.is_some_and(|(_, since)| age(*since, now).as_secs() <= MAX_WAIT)
        };
        if store.sessions.values().filter(|session| waits(session)).count() >= MAX_AWAITED {
            return false;
        }
        let Some(session) = store.live(id, now) else { return false };
        session.identification.awaited = Some((awaited, now));
        true
    }

    /// Takes it out again, all together: whatever comes of it, there is no second try.
    #[must_use]
    pub fn take_awaited(&self, id: &SessionId, now: SystemTime) -> Option<AwaitedProof> {
        let mut store = self.lock();
        let identification = &mut store.live(id, now)?.identification;
        identification.forget_late(now);
        identification.awaited.take().map(|(awaited, _)| awaited)
    }

    /// Keeps who the person is, in a session with a new name: the old one may have been known to somebody before, and who signed in
    /// there may be somebody else. Nothing where the session ended meanwhile.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn identify(
        &self,
        id: &SessionId,
        person: Identified,
        now: SystemTime,
    ) -> Result<Option<SessionId>, getrandom::Error> {
        self.renamed(id, now, |session| {
            session.signed_in = None;
            session.identification.identified = Some(person);
        })
    }

    /// Who the person is, where they said so.
    #[must_use]
    pub fn identified(&self, id: &SessionId, now: SystemTime) -> Option<Identified> {
        let mut store = self.lock();
        let session = store.live(id, now)?;
        session.last_seen = now;
        session.identification.identified.clone()
    }
}

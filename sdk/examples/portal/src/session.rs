//! Sessions: who is at the other end, from one request to the next.
//!
//! The browser holds a random name in a cookie that scripts cannot read and other sites cannot send; the portal keeps only
//! its hash. Sessions live in memory, are bounded in number and end by themselves. A portal with several processes would keep
//! them in a database.

mod cookie;
mod identification;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bitaqa_protocol::{Challenge, encode_base64};
use bitaqa_trust::{Assurance, Level};

use cookie::Key;
pub use cookie::{SessionId, forget_cookie};
use identification::Identification;
pub use identification::{AwaitedProof, Identified};

/// Most sessions at a time. Where all places are taken, the one that was idle longest and is not signed in makes room.
pub const MAX_SESSIONS: usize = 10_000;

/// A session ends after this long without a request.
pub const IDLE: Duration = Duration::from_secs(15 * 60);

/// Ended sessions are cleared away this often.
pub const SWEEP: Duration = Duration::from_secs(60);

/// A challenge is good for this long.
pub const CHALLENGE_LIFE: Duration = Duration::from_secs(5 * 60);

/// Most challenges of a session that are open at a time: one for each tab in which somebody is signing in.
pub const MAX_CHALLENGES: usize = 4;

/// Who signed in, for the page. Taken from the verified certificate, forgotten with the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Name.
    pub name: String,
    /// Personal number.
    pub number: String,
    /// Name of the issuer's profile.
    pub issuer: String,
    /// Level that the issuer's certificates prove.
    pub level: Level,
    /// Test cards or real ones.
    pub assurance: Assurance,
    /// Last day of the certificate, `YYYY-MM-DD`.
    pub valid_until: String,
    /// Whether anybody looked for revocation.
    pub revocation_checked: bool,
}

#[derive(Debug)]
struct Session {
    last_seen: SystemTime,
    challenges: Vec<(Challenge, SystemTime)>,
    signed_in: Option<SignedIn>,
    identification: Identification,
}

impl Session {
    fn new(now: SystemTime) -> Self {
        let identification = Identification::default();
        Self { last_seen: now, challenges: Vec::new(), signed_in: None, identification }
    }
}

/// All sessions.
#[derive(Debug)]
pub struct Sessions(Mutex<Store>);

#[derive(Debug)]
struct Store {
    sessions: HashMap<Key, Session>,
    /// When ended sessions, and with them what they know about people, were last cleared away.
    swept: SystemTime,
}

impl Default for Sessions {
    fn default() -> Self {
        Self(Mutex::new(Store { sessions: HashMap::new(), swept: SystemTime::UNIX_EPOCH }))
    }
}

impl Sessions {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Who signed in here.
    #[must_use]
    pub fn signed_in(&self, id: &SessionId, now: SystemTime) -> Option<SignedIn> {
        let mut store = self.lock();
        let session = store.live(id, now)?;
        session.last_seen = now;
        session.signed_in.clone()
    }

    /// A fresh challenge for a session. A browser without one gets a session with it: the name is new then, and has to be
    /// sent back.
    ///
    /// # Errors
    /// [`ChallengeRefused`]: no randomness, or no place.
    pub fn give_challenge(
        &self,
        id: Option<&SessionId>,
        now: SystemTime,
    ) -> Result<(Challenge, Option<SessionId>), ChallengeRefused> {
        let challenge = fresh_challenge()?;
        let new = self.with_session(id, now, |session| {
            session.challenges.retain(|(_, given)| is_fresh(*given, now));
            if session.challenges.len() >= MAX_CHALLENGES {
                session.challenges.remove(0);
            }
            session.challenges.push((challenge.clone(), now));
        })?;
        Ok((challenge, new))
    }

    /// The challenges that this session may still answer, the latest first.
    #[must_use]
    pub fn open_challenges(&self, id: &SessionId, now: SystemTime) -> Vec<Challenge> {
        let mut store = self.lock();
        let Some(session) = store.live(id, now) else { return Vec::new() };
        session.challenges.retain(|(_, given)| is_fresh(*given, now));
        session.challenges.iter().rev().map(|(challenge, _)| challenge.clone()).collect()
    }

    /// Takes a challenge out of its session. False if it is not there any more: a challenge is used once, whatever comes
    /// of it.
    #[must_use]
    pub fn use_up(&self, id: &SessionId, challenge: &Challenge, now: SystemTime) -> bool {
        let mut store = self.lock();
        let Some(session) = store.live(id, now) else { return false };
        let before = session.challenges.len();
        session.challenges.retain(|(other, given)| other != challenge && is_fresh(*given, now));
        session.challenges.len() < before
    }

    /// Makes a session signed in, under a new name: the old one may have been known to somebody before. Nothing where the session
    /// ended meanwhile.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn sign_in(
        &self,
        id: &SessionId,
        signed_in: SignedIn,
        now: SystemTime,
    ) -> Result<Option<SessionId>, getrandom::Error> {
        self.renamed(id, now, |session| {
            session.signed_in = Some(signed_in);
            // whoever said before who they are may have been somebody else
            session.identification = Identification::default();
        })
    }

    /// Ends a session.
    pub fn end(&self, id: &SessionId) {
        self.lock().sessions.remove(&id.key());
    }

    /// Changes a session; a browser without one gets one, and has to be told its name.
    fn with_session(
        &self,
        id: Option<&SessionId>,
        now: SystemTime,
        change: impl FnOnce(&mut Session),
    ) -> Result<Option<SessionId>, ChallengeRefused> {
        let mut store = self.lock();
        store.sweep(now);
        if let Some(session) = id.and_then(|id| store.live(id, now)) {
            session.last_seen = now;
            change(session);
            return Ok(None);
        }
        store.make_room()?;
        let id = SessionId::random()?;
        let mut session = Session::new(now);
        change(&mut session);
        store.sessions.insert(id.key(), session);
        Ok(Some(id))
    }

    /// Changes a session that comes to know something about a person, and gives it a new name; nothing where it ended meanwhile.
    fn renamed(
        &self,
        id: &SessionId,
        now: SystemTime,
        change: impl FnOnce(&mut Session),
    ) -> Result<Option<SessionId>, getrandom::Error> {
        let renamed = SessionId::random()?;
        let mut store = self.lock();
        let Some(mut session) = store.sessions.remove(&id.key()) else { return Ok(None) };
        session.last_seen = now;
        change(&mut session);
        store.sessions.insert(renamed.key(), session);
        Ok(Some(renamed))
    }

    /// How many there are, ended ones that are not yet cleared away included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().sessions.len()
    }

    /// Each change is whole when it is made, so a thread that died with the lock left nothing half done.
    fn lock(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    fn live(&mut self, id: &SessionId, now: SystemTime) -> Option<&mut Session> {
        self.sessions.get_mut(&id.key()).filter(|session| age(session.last_seen, now) <= IDLE)
    }

    fn sweep(&mut self, now: SystemTime) {
        if self.sessions.len() >= MAX_SESSIONS || age(self.swept, now) >= SWEEP {
            self.sessions.retain(|_, session| age(session.last_seen, now) <= IDLE);
            self.sessions.values_mut().for_each(|session| session.identification.forget_late(now));
            self.swept = now;
        }
    }

    fn make_room(&mut self) -> Result<(), ChallengeRefused> {
        if self.sessions.len() < MAX_SESSIONS {
            return Ok(());
        }
        let idlest = self
            .sessions
            .iter()
            .filter(|(_, session)| session.signed_in.is_none() && !session.identification.is_known())
            .min_by_key(|(_, session)| session.last_seen)
            .map(|(key, _)| *key)
            .ok_or(ChallengeRefused::Full)?;
        self.sessions.remove(&idlest);
        Ok(())
    }
}

/// 256 random bits from the operating system.
///
/// # Errors
/// It gives none.
pub fn fresh_challenge() -> Result<Challenge, ChallengeRefused> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Challenge::parse(&encode_base64(&bytes)).map_err(|_| ChallengeRefused::Randomness)
}

fn is_fresh(given: SystemTime, now: SystemTime) -> bool {
    age(given, now) <= CHALLENGE_LIFE
}

/// A clock that was set back makes nothing older.
fn age(since: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(since).unwrap_or_default()
}

/// Why there is no challenge.
#[derive(Debug, thiserror::Error)]
pub enum ChallengeRefused {
    /// The operating system gives no randomness.
    #[error("no randomness")]
    Randomness,
    /// All sessions are signed in, and there are too many.
    #[error("too many sessions")]
    Full,
}

impl From<getrandom::Error> for ChallengeRefused {
    fn from(_: getrandom::Error) -> Self {
        Self::Randomness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds)
    }

    fn somebody() -> SignedIn {
        SignedIn {
            name: "Amina".into(),
            number: "1".into(),
            issuer: "Test".into(),
            level: Level::None,
            assurance: Assurance::Test,
            valid_until: "2040-01-01".into(),
            revocation_checked: false,
        }
    }

    #[test]
    fn a_challenge_is_fresh_bound_to_its_session_and_used_once() {
        let sessions = Sessions::new();
        let (challenge, id) = sessions.give_challenge(None, at(0)).unwrap();
        let id = id.unwrap();
        let (other_challenge, other) = sessions.give_challenge(None, at(0)).unwrap();
        assert_ne!(challenge, other_challenge);
        assert!(!sessions.use_up(&other.unwrap(), &challenge, at(1)));
        assert!(sessions.use_up(&id, &challenge, at(1)));
        assert!(!sessions.use_up(&id, &challenge, at(1)));
    }

    #[test]
    fn a_challenge_lives_five_minutes() {
        let sessions = Sessions::new();
        let (challenge, id) = sessions.give_challenge(None, at(0)).unwrap();
        let id = id.unwrap();
        assert_eq!(sessions.open_challenges(&id, at(300)), std::slice::from_ref(&challenge));
        assert!(sessions.open_challenges(&id, at(301)).is_empty());
        assert!(!sessions.use_up(&id, &challenge, at(299)), "looking at it late cleared it away");
    }

    #[test]
    fn each_tab_has_its_challenge_and_there_are_not_many() {
        let sessions = Sessions::new();
        let (first, id) = sessions.give_challenge(None, at(0)).unwrap();
        let id = id.unwrap();
        for second in 1..=4 {
            assert!(sessions.give_challenge(Some(&id), at(second)).unwrap().1.is_none());
        }
        let open = sessions.open_challenges(&id, at(5));
        assert_eq!(open.len(), MAX_CHALLENGES);
        assert!(!open.contains(&first));
    }

    #[test]
    fn signing_in_gives_the_session_a_new_name_and_keeps_the_other_tabs_challenges() {
        let sessions = Sessions::new();
        let (challenge, id) = sessions.give_challenge(None, at(0)).unwrap();
        let id = id.unwrap();
        let renamed = sessions.sign_in(&id, somebody(), at(1)).unwrap().unwrap();
        assert_eq!(sessions.signed_in(&id, at(2)), None);
        assert_eq!(sessions.signed_in(&renamed, at(2)), Some(somebody()));
        assert!(sessions.use_up(&renamed, &challenge, at(2)));
        sessions.end(&renamed);
        assert_eq!(sessions.signed_in(&renamed, at(2)), None);
        // what was under way when the person left comes to nothing
        assert!(sessions.sign_in(&renamed, somebody(), at(3)).unwrap().is_none());
        assert_eq!(sessions.count(), 0);
    }

    #[test]
    fn an_idle_session_ends() {
        let sessions = Sessions::new();
        let (_, id) = sessions.give_challenge(None, at(0)).unwrap();
        let id = sessions.sign_in(&id.unwrap(), somebody(), at(0)).unwrap().unwrap();
        assert!(sessions.signed_in(&id, at(900)).is_some());
        assert!(sessions.signed_in(&id, at(1800)).is_some(), "a request kept it alive");
        assert!(sessions.signed_in(&id, at(2701)).is_none());
    }

    #[test]
    fn a_flood_of_sessions_drives_out_idle_ones_but_nobody_who_is_signed_in() {
        let sessions = Sessions::new();
        let (_, id) = sessions.give_challenge(None, at(0)).unwrap();
        let signed_in = sessions.sign_in(&id.unwrap(), somebody(), at(0)).unwrap().unwrap();
        for _ in 0..MAX_SESSIONS + 5 {
            sessions.give_challenge(None, at(1)).unwrap();
        }
        assert_eq!(sessions.count(), MAX_SESSIONS);
        assert!(sessions.signed_in(&signed_in, at(2)).is_some());
        // and when their time is over they all go
        sessions.give_challenge(None, at(902)).unwrap();
        assert_eq!(sessions.count(), 2, "the new one, and the one that was seen at 2");
    }
}

use std::{
    path::Path,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Function, Pkcs11},
    error::{Error, RvError},
    mechanism::MechanismType,
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};

use super::{
    TokenError,
    kind::Kind,
    objects::{KeyPair, Secrets},
};

/// Most sessions of one process.
const SESSIONS: usize = 16;
/// How long a request waits for one.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a list of the key pairs counts: far less than a key is published before it signs.
const FRESH: Duration = Duration::from_secs(5);

/// A module that is loaded and a token that the user is logged in to.
pub(super) struct Connection {
    module: Pkcs11,
    slot: Slot,
    pool: Mutex<Pool>,
    returned: Condvar,
    secrets: Secrets,
    pairs: Mutex<(Instant, Arc<[KeyPair]>)>,
}

/// Login counts for all sessions of a process, as long as one of them is open (PKCS #11, section 5.6).
struct Pool {
    idle: Vec<Session>,
    out: usize,
}

/// A logged-in token whose keys were not looked for yet.
pub(super) struct Entered {
    module: Pkcs11,
    slot: Slot,
    pub(super) session: Session,
}

impl Entered {
    /// Loads the module, finds the token and logs in.
    pub(super) fn new(
        path: &Path,
        label: &str,
        log_in: impl FnOnce(&Session) -> Result<(), TokenError>,
    ) -> Result<Self, TokenError> {
        let failed = |error| TokenError::Module { path: path.to_owned(), error };
        let module = Pkcs11::new(path).map_err(failed)?;
        match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed(error)),
        }
        let entered = Self::enter(&module, label, log_in);
        entered.map(|(slot, session)| Self { module: module.clone(), slot, session }).inspect_err(|_| {
            // so that the next try looks for tokens afresh
            let _ = module.finalize();
        })
    }

    fn enter(
        module: &Pkcs11,
        label: &str,
        log_in: impl FnOnce(&Session) -> Result<(), TokenError>,
    ) -> Result<(Slot, Session), TokenError> {
        let mut found = Vec::new();
        for slot in module.get_slots_with_initialized_token()? {
            let info = module.get_token_info(slot)?;
            if info.label() == label {
                found.push((slot, info));
            }
        }
        let (slot, info) = match found.as_slice() {
            [] => return Err(TokenError::Missing { label: label.to_owned() }),
            [(slot, info)] => (*slot, info),
            _ => return Err(TokenError::Ambiguous { label: label.to_owned() }),
        };
        if info.user_pin_locked() {
            return Err(TokenError::Blocked { label: label.to_owned() });
        }
        // a service that is started again and again would block the PIN
        if info.user_pin_count_low() || info.user_pin_final_try() {
            return Err(TokenError::Doubtful { label: label.to_owned() });
        }
        let session = module.open_rw_session(slot)?;
        log_in(&session)?;
        Ok((slot, session))
    }

    /// What the token can do.
    pub(super) fn mechanisms(&self) -> Result<Vec<MechanismType>, TokenError> {
        Ok(self.module.get_mechanism_list(self.slot)?)
    }

    pub(super) fn connect(self) -> Result<Connection, TokenError> {
        let Self { module, slot, session } = self;
        let found = Secrets::find(&session).and_then(|secrets| Ok((secrets, key_pairs(&session)?)));
        match found {
            Ok((secrets, pairs)) => Ok(Connection {
                module,
                slot,
                pool: Mutex::new(Pool { idle: vec![session], out: 0 }),
                returned: Condvar::new(),
                secrets,
                pairs: Mutex::new((Instant::now(), pairs)),
            }),
            Err(error) => {
                drop(session);
                let _ = module.finalize();
                Err(error)
            }
        }
    }
}

/// Logs the user in. Whether the PIN is the right one is asked once.
pub(super) fn log_in(session: &Session, pin: &str) -> Result<(), LoginError> {
    match session.login(UserType::User, Some(&AuthPin::new(pin.into()))) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, Function::Login)) => Ok(()),
        Err(Error::Pkcs11(
            RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
            Function::Login,
        )) => Err(LoginError::WrongPin),
        Err(Error::Pkcs11(RvError::PinLocked, Function::Login)) => Err(LoginError::Blocked),
        Err(error) => Err(LoginError::Token(error)),
    }
}

/// What a login can end with.
pub(super) enum LoginError {
    WrongPin,
    Blocked,
    Token(Error),
}

impl Connection {
    /// Does something in a session of the pool. One in which something failed is not used again.
    pub(super) fn in_session<T>(
        &self,
        work: impl FnOnce(&Session) -> Result<T, TokenError>,
    ) -> Result<T, TokenError> {
        let idle = self.borrow()?;
        let opened = match idle {
            Some(session) => Ok(session),
            None => self.module.open_rw_session(self.slot),
        };
        let done = opened.map_err(TokenError::from).and_then(|session| Ok((work(&session)?, session)));
        let mut pool = self.pool();
        pool.out = pool.out.saturating_sub(1);
        let result = done.map(|(value, session)| {
            pool.idle.push(session);
            value
        });
        drop(pool);
        self.returned.notify_one();
        result
    }

    /// An idle session, or none where another one may be opened.
    fn borrow(&self) -> Result<Option<Session>, TokenError> {
        let full = |pool: &mut Pool| pool.idle.is_empty() && pool.out >= SESSIONS;
        let waited = self.returned.wait_timeout_while(self.pool(), PATIENCE, full);
        let (mut pool, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            return Err(TokenError::Busy);
        }
        pool.out = pool.out.saturating_add(1);
        Ok(pool.idle.pop())
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the token can do.
    pub(super) fn mechanisms(&self) -> Result<Vec<MechanismType>, TokenError> {
        Ok(self.module.get_mechanism_list(self.slot)?)
    }

    pub(super) const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// The key pairs, the oldest first; another process may have changed them a few seconds ago.
    pub(super) fn pairs(&self) -> Result<Arc<[KeyPair]>, TokenError> {
        {
            let listed = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
            if listed.0.elapsed() < FRESH {
                return Ok(Arc::clone(&listed.1));
            }
        }
        self.list_again()
    }

    /// The key pairs as they are now.
    pub(super) fn list_again(&self) -> Result<Arc<[KeyPair]>, TokenError> {
        let fresh = self.in_session(key_pairs)?;
        *self.pairs.lock().unwrap_or_else(PoisonError::into_inner) = (Instant::now(), Arc::clone(&fresh));
        Ok(fresh)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.pool().idle.clear();
        let _ = self.module.clone().finalize();
    }
}

fn key_pairs(session: &Session) -> Result<Arc<[KeyPair]>, TokenError> {
    let pairs = KeyPair::find(session)?;
    let is_whole = |kind| pairs.iter().filter(|pair| pair.kind == kind).count() >= 2;
    if Kind::ALL.into_iter().filter(|kind| !kind.is_optional()).all(is_whole) {
        Ok(pairs.into())
    } else {
        Err(TokenError::Incomplete { what: "key pairs" })
    }
}

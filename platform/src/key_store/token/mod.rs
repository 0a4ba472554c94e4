//! Keys in a token of PKCS #11 (version 2.40), which they never leave: signing keys are made there, not extractable, and the secrets
//! are keys for HMAC with SHA-256 there, under which each hash and each record's own key is calculated. So whoever takes over the
//! process can use the keys as long as that lasts, and has none of them afterwards.
//!
//! Which signing key is the previous, the current and the next one follows from their order, so that one key more moves all of
//! them at once.

mod connection;
mod objects;
mod token_error;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use bitaqa_jose::{JwsHeader, SignatureAlgorithm, jws::UnsignedJws};
use cryptoki::{mechanism::Mechanism, session::Session};
use sha2::{Digest, Sha256};
use tokio::runtime::{Handle, RuntimeFlavor};
use zeroize::Zeroizing;

pub use token_error::TokenError;

use self::{
    connection::{Connection, Entered, LoginError, log_in},
    objects::{Secrets, SigningKey},
};
use super::{
    HashUse, KeyStore, KeyStoreError, Phase, PublishedKey, check_age,
    keyed_hash::{self, KeyedHash, Secret},
    owners_file::read_owners,
};
use crate::{clock::Seconds, secret::Hash};

/// How long a token that could not be opened is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// All keys in a token. Whoever takes it away and brings it back needs to start nothing anew.
pub struct Token {
    module: PathBuf,
    label: String,
    pin: PathBuf,
    connection: RwLock<Option<Connection>>,
    opening: Mutex<Opening>,
}

/// What is known of earlier openings.
#[derive(Default)]
struct Opening {
    /// Of the PIN that the token refused.
    refused: Option<Hash>,
    /// When it was tried last.
    tried_at: Option<Instant>,
}

impl Token {
    /// Draws all keys in a token that is initialised and has none of ours.
    ///
    /// # Errors
    /// [`TokenError::Exists`]: there are keys already, and everything that they sealed would be lost.
    pub fn create(module: &Path, label: &str, pin: &Path, now: Seconds) -> Result<Self, KeyStoreError> {
        let token = Self::at(module, label, pin);
        let entered = token.enter()?;
        let session = &entered.session;
        if !objects::all(session)?.is_empty() {
            return Err(TokenError::Exists { label: label.to_owned() }.into());
        }
        let made = Secrets::create(session)
            .and_then(|()| SigningKey::create(session, 1, now))
            .and_then(|()| SigningKey::create(session, 2, now));
        if let Err(error) = made {
            // nobody used them yet
            for object in objects::all(session)? {
                session.destroy_object(object).map_err(TokenError::from)?;
            }
            return Err(error.into());
        }
        token.put(Some(entered.connect()?));
        Ok(token)
    }

    /// Opens keys that are there.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn open(module: &Path, label: &str, pin: &Path) -> Result<Self, KeyStoreError> {
        let token = Self::at(module, label, pin);
        token.put(Some(token.enter()?.connect()?));
        Ok(token)
    }

    fn at(module: &Path, label: &str, pin: &Path) -> Self {
        Self {
            module: module.to_owned(),
            label: label.to_owned(),
            pin: pin.to_owned(),
            connection: RwLock::default(),
            opening: Mutex::default(),
        }
    }

    /// Logs in, with a PIN that was not refused before.
    fn enter(&self) -> Result<Entered, KeyStoreError> {
        let pin = read_owners(&self.pin)?;
        let hash = Hash::of(pin.as_bytes());
        let mut opening = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let wrong = || TokenError::WrongPin { file: self.pin.clone() };
        if opening.refused == Some(hash) {
            return Err(wrong().into());
        }
        Ok(Entered::new(&self.module, &self.label, |session| match log_in(session, &pin) {
            Ok(()) => Ok(()),
            Err(LoginError::WrongPin) => {
                opening.refused = Some(hash);
                Err(wrong())
            }
            Err(LoginError::Blocked) => Err(TokenError::Blocked { label: self.label.clone() }),
            Err(LoginError::Token(error)) => Err(error.into()),
        })?)
    }

    fn put(&self, connection: Option<Connection>) {
        *self.connection.write().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    /// Asks the token, and once more where it was away and is there again.
    fn ask<T>(&self, work: impl Fn(&Connection) -> Result<T, TokenError>) -> Result<T, KeyStoreError> {
        off_the_async_threads(|| match self.ask_once(&work) {
            Err(error) if error.is_lost() => {
                self.reopen(error)?;
                Ok(self.ask_once(&work)?)
            }
            result => Ok(result?),
        })
    }

    fn ask_once<T>(&self, work: impl Fn(&Connection) -> Result<T, TokenError>) -> Result<T, TokenError> {
        let connection = self.connection.read().unwrap_or_else(PoisonError::into_inner);
        match &*connection {
            Some(connection) => work(connection),
            None => Err(TokenError::Missing { label: self.label.clone() }),
        }
    }

    /// Opens the token afresh, unless that was tried a moment ago: then what happened stands.
    fn reopen(&self, lost: TokenError) -> Result<(), KeyStoreError> {
        let mut connection = self.connection.write().unwrap_or_else(PoisonError::into_inner);
        {
            let mut opening = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
            if opening.tried_at.is_some_and(|tried_at| tried_at.elapsed() < PAUSE) {
                // somebody else may have succeeded meanwhile
                return if connection.is_some() { Ok(()) } else { Err(lost.into()) };
            }
            opening.tried_at = Some(Instant::now());
        }
        // its module is let go first, or it would go on with what it knows of tokens
        *connection = None;
        *connection = Some(self.enter()?.connect()?);
        Ok(())
    }
}

impl KeyStore for Token {
    fn published(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        let keys = self.ask(Connection::signing)?;
        Ok(phases(&keys)
            .map(|(phase, key)| PublishedKey { phase, published_at: key.published_at, key: key.key.clone() })
            .collect())
    }

    fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        self.ask(|connection| {
            let keys = connection.signing()?;
            let current = phases(&keys).find(|(phase, _)| *phase == Phase::Current);
            let (_, key) = current.ok_or(TokenError::Incomplete { what: "signing keys" })?;
            let mut header = header.clone();
            header.algorithm = SignatureAlgorithm::Es256;
            header.key_id = key.key.key_id().map(str::to_owned);
            let Ok(unsigned) = UnsignedJws::new(&header, payload) else { return Ok(None) };
            let digest = Sha256::digest(unsigned.signing_input());
            let signature = connection
                .in_session(|session| Ok(session.sign(&Mechanism::Ecdsa, key.private, &digest)?))?;
            Ok(unsigned.finish(&signature).ok())
        })?
        .ok_or(KeyStoreError::Signing)
    }

    fn hash(&self, usage: HashUse, parts: &[&[u8]]) -> Result<Hash, KeyStoreError> {
        keyed_hash::hash(self, usage, parts)
    }

    fn seal(&self, place: &str, content: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        keyed_hash::seal(self, place, content)
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        keyed_hash::open(self, place, sealed)
    }

    fn rotate(&self, now: Seconds) -> Result<(), KeyStoreError> {
        let before = self.ask(Connection::list_again)?;
        let Some(next) = before.last() else { return Err(KeyStoreError::Signing) };
        check_age(next.published_at, now)?;
        let serial = next.serial.checked_add(1).ok_or(KeyStoreError::Signing)?;
        // not asked again: it could have been done
        let moved = off_the_async_threads(|| {
            self.ask_once(|connection| {
                connection.in_session(|session| SigningKey::create(session, serial, now))?;
                let keys = connection.list_again()?;
                for old in keys.iter().rev().skip(3) {
                    connection.in_session(|session| old.destroy(session))?;
                }
                connection.list_again()
            })
        });
        moved?;
        Ok(())
    }
}

impl KeyedHash for Token {
    fn keyed_hash(&self, secret: Secret, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
        let hash = self.ask(|connection| {
            let key = connection.secrets().handle(secret);
            let mac = |session: &Session| Ok(session.sign(&Mechanism::Sha256Hmac, key, message)?);
            Ok(Zeroizing::new(connection.in_session(mac)?))
        })?;
        <[u8; 32]>::try_from(hash.as_slice()).map(Zeroizing::new).map_err(|_| KeyStoreError::Signing)
    }
}

/// What the order of the newest three says; one that is older was not destroyed yet.
fn phases(keys: &[SigningKey]) -> impl Iterator<Item = (Phase, &SigningKey)> {
    let mut newest: Vec<_> =
        [Phase::Next, Phase::Current, Phase::Previous].into_iter().zip(keys.iter().rev()).collect();
    newest.reverse();
    newest.into_iter()
}

/// A token may take its time. Where others wait for this thread, they get another one.
fn off_the_async_threads<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

//! Keys in a token of PKCS #11 (version 2.40), which they never leave: signing keys are made there, not extractable, and the secrets
//! are keys for HMAC with SHA-256 there, under which each hash and each record's own key is calculated. So whoever takes over the
//! process can use the keys as long as that lasts, and has none of them afterwards.
//!
//! Which key of a kind is the previous, the current and the next one follows from their order, so that one key more moves all of
//! them at once.

mod connection;
mod kind;
mod objects;
mod operations;
mod token_error;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use bitaqa_jose::{
    CompactJwe, JwsHeader, PublicJwk, VerificationJwk,
    jwe::JweError,
    jws::{self, SignError},
};
use bitaqa_protocol::{Statement, identity::StatementText};
use bitaqa_trust::{
    mediation::{self, JoinError, Joining},
    statement::{self, IssueError},
};
use cryptoki::{mechanism::Mechanism, session::Session};
use tokio::runtime::{Handle, RuntimeFlavor};
use zeroize::Zeroizing;

pub use token_error::TokenError;

use self::{
    connection::{Connection, Entered, LoginError, log_in},
    kind::Kind,
    objects::{KeyPair, Secrets},
    operations::{TokenSigner, agree},
};
use super::{
    HashUse, KeyStore, KeyStoreError, Phase, PublishedKey, SIGNED_WITH, VerifyingKey, check_age,
    keyed_hash::{self, KeyedHash, Secret},
    not_issued, not_joined,
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
        let made = Secrets::create(session).and_then(|()| {
            let mechanisms = entered.mechanisms()?;
            Kind::ALL.into_iter().filter(|kind| kind.is_for(&mechanisms)).try_for_each(|kind| {
                (1..=2).try_for_each(|serial| KeyPair::create(session, kind, serial, now))
            })
        });
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

impl Token {
    /// The keys of a kind that are on a curve.
    fn published_of(&self, kind: Kind) -> Result<Vec<PublishedKey>, KeyStoreError> {
        let pairs = self.ask(Connection::pairs)?;
        let published = |(phase, pair): (Phase, &KeyPair)| match &pair.key {
            VerificationJwk::Curve(key) => {
                Some(PublishedKey { phase, published_at: pair.published_at, key: key.clone() })
            }
            VerificationJwk::Rsa(_) => None,
        };
        Ok(phases(&pairs, kind).filter_map(published).collect())
    }

    /// Does something with the current key of a kind, or nothing where there is none. What the token says is for [`ask`](Self::ask); all
    /// else is told.
    fn with_current<T>(
        &self,
        kind: Kind,
        sign: impl Fn(&TokenSigner<'_>) -> Result<Result<T, KeyStoreError>, TokenError>,
    ) -> Result<Option<T>, KeyStoreError> {
        self.ask(|connection| {
            let pairs = connection.pairs()?;
            let current = phases(&pairs, kind).find(|(phase, _)| *phase == Phase::Current);
            current.map(|(_, pair)| sign(&TokenSigner { connection, pair })).transpose()
        })?
        .transpose()
    }
}

impl KeyStore for Token {
    fn published(&self) -> Result<Vec<VerifyingKey>, KeyStoreError> {
        let pairs = self.ask(Connection::pairs)?;
        let of = |algorithm| {
            phases(&pairs, Kind::Signing(algorithm)).map(move |(phase, pair)| VerifyingKey {
                phase,
                published_at: pair.published_at,
                algorithm,
                key: pair.key.clone(),
            })
        };
        Ok(SIGNED_WITH.into_iter().flat_map(of).collect())
    }

    fn encryption_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        self.published_of(Kind::Encryption)
    }

    fn decrypt(&self, jwe: &CompactJwe<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        self.ask(|connection| {
            let pairs = connection.pairs()?;
            for (_, pair) in phases(&pairs, Kind::Encryption) {
                let shared = |ephemeral: &PublicJwk| {
                    connection
                        .in_session(|session| agree(session, pair, ephemeral))
                        .map_err(Undecrypted::Token)
                };
                let VerificationJwk::Curve(key) = &pair.key else { continue };
                match jwe.decrypt_by(key, shared) {
                    Ok(content) => return Ok(Some(content)),
                    Err(Undecrypted::Token(error)) => return Err(error),
                    Err(Undecrypted::Foreign) => {}
                }
            }
            Ok(None)
        })
    }

    fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        let kind = Kind::Signing(header.algorithm);
        let signed = self.with_current(kind, |signer| match jws::sign(header.clone(), payload, signer) {
            Err(SignError::Signer(error)) => Err(error),
            signed => Ok(signed.map_err(|_| KeyStoreError::Signing)),
        })?;
        signed.ok_or(KeyStoreError::NoSigningKey(header.algorithm))
    }

    fn statement_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        let keys = self.published_of(Kind::Statement)?;
        Ok(keys.into_iter().filter(|key| key.phase != Phase::Previous).collect())
    }

    fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError> {
        let issued =
            self.with_current(Kind::Statement, |signer| match statement::issue(statement, signer) {
                Err(IssueError::Sign(SignError::Signer(error))) => Err(error),
                issued => Ok(issued.map_err(not_issued)),
            })?;
        issued.ok_or(KeyStoreError::NoStatementKey)
    }

    fn issue_mediation(&self, joining: &Joining<'_>) -> Result<StatementText, KeyStoreError> {
        let issued =
            self.with_current(Kind::Statement, |signer| match mediation::issue(joining, signer) {
                Err(JoinError::Sign(SignError::Signer(error))) => Err(error),
                issued => Ok(issued.map_err(not_joined)),
            })?;
        issued.ok_or(KeyStoreError::NoStatementKey)
    }

    fn rotate_statement_keys(&self, now: Seconds) -> Result<(), KeyStoreError> {
        self.rotate_kind(Kind::Statement, 2, now)
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
        let mechanisms = self.ask(Connection::mechanisms)?;
        for next in SIGNED_WITH.into_iter().filter_map(|algorithm| next(&before, Kind::Signing(algorithm))) {
            check_age(next.published_at, now)?;
        }
        let changing = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Statement);
        changing.filter(|kind| kind.is_for(&mechanisms)).try_for_each(|kind| self.rotate_kind(kind, 3, now))
    }
}

impl Token {
    /// Draws a next key, and destroys those that are older than so many. Where there were none, two are drawn.
    fn rotate_kind(&self, kind: Kind, kept: usize, now: Seconds) -> Result<(), KeyStoreError> {
        let before = self.ask(Connection::list_again)?;
        let newest = before.iter().rev().find(|pair| pair.kind == kind).map(|newest| newest.serial);
        let serials = match newest {
            Some(newest) => newest.checked_add(1).map(|serial| serial..=serial),
            None => Some(1..=2),
        }
        .ok_or(KeyStoreError::Signing)?;
        // not asked again: it could have been done
        let moved = off_the_async_threads(|| {
            self.ask_once(|connection| {
                for serial in serials.clone() {
                    connection.in_session(|session| KeyPair::create(session, kind, serial, now))?;
                }
                let pairs = connection.list_again()?;
                for old in pairs.iter().rev().filter(|pair| pair.kind == kind).skip(kept) {
                    connection.in_session(|session| old.destroy(session))?;
                }
                connection.list_again()
            })
        });
        moved?;
        Ok(())
    }
}

/// Why something does not open with one of the keys.
enum Undecrypted {
    Token(TokenError),
    /// It is for another key, or altered.
    Foreign,
}

impl From<JweError> for Undecrypted {
    fn from(_: JweError) -> Self {
        Self::Foreign
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

/// The key that a change would make the current one.
fn next(pairs: &[KeyPair], kind: Kind) -> Option<&KeyPair> {
    phases(pairs, kind).find(|(phase, _)| *phase == Phase::Next).map(|(_, pair)| pair)
}

/// What the order of the newest three of a kind says; one that is older was not destroyed yet.
fn phases(pairs: &[KeyPair], kind: Kind) -> impl Iterator<Item = (Phase, &KeyPair)> {
    let of_kind = pairs.iter().rev().filter(|pair| pair.kind == kind);
    let mut newest: Vec<_> =
        [Phase::Next, Phase::Current, Phase::Previous].into_iter().zip(of_kind).collect();
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

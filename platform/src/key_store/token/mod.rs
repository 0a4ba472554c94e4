//! Keys in a token of PKCS #11 (version 2.40), which they never leave: signing keys are made there, not extractable, and the secrets
//! are keys for HMAC with SHA-256 there, under which each hash and each record's own key is calculated. So whoever takes over the
//! process can use the keys as long as that lasts, and has none of them afterwards.
//!
//! Which key of a kind is the previous, the current and the next one follows from their order, so that one key more moves all of
//! them at once.

mod connection;
mod objects;
mod token_error;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use bitaqa_jose::{
    CompactJwe, JwsHeader, PublicJwk, SignatureAlgorithm,
    jwe::JweError,
    jws::{self, SignError},
};
use bitaqa_protocol::{Statement, identity::StatementText};
use bitaqa_trust::{
    mediation::{self, JoinError, Joining},
    statement::{self, IssueError},
};
use cryptoki::{
    mechanism::{
        Mechanism,
        elliptic_curve::{EcKdf, Ecdh1DeriveParams},
    },
    object::{Attribute, AttributeType, KeyType, ObjectClass},
    session::Session,
};
use sha2::{Digest, Sha256};
use tokio::runtime::{Handle, RuntimeFlavor};
use zeroize::Zeroizing;

pub use token_error::TokenError;

use self::{
    connection::{Connection, Entered, LoginError, log_in},
    objects::{KeyPair, Kind, Secrets},
};
use super::{
    HashUse, KeyStore, KeyStoreError, Phase, PublishedKey, check_age,
    keyed_hash::{self, KeyedHash, Secret},
    not_issued, not_joined,
    owners_file::read_owners,
};
use crate::{clock::Seconds, secret::Hash};

/// Bytes of what two keys on P-256 share.
const SHARED_LENGTH: u64 = 32;
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
            Kind::ALL.into_iter().try_for_each(|kind| {
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

/// A key of the token, as one that signs.
struct TokenSigner<'a> {
    connection: &'a Connection,
    pair: &'a KeyPair,
}

impl jws::Signer for TokenSigner<'_> {
    type Error = TokenError;

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Es256
    }

    fn key_id(&self) -> Option<String> {
        self.pair.key.key_id().map(str::to_owned)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        let digest = Sha256::digest(message);
        self.connection
            .in_session(|session| Ok(session.sign(&Mechanism::Ecdsa, self.pair.private, &digest)?))
    }
}

/// The x-coordinate of the point that a key of the token shares with another key, derived there as a secret that ends with the session's
/// object (PKCS #11 section 2.3.18, `CKD_NULL`).
fn agree(session: &Session, pair: &KeyPair, other: &PublicJwk) -> Result<Zeroizing<Vec<u8>>, TokenError> {
    let point = other.point().ok_or(TokenError::Incomplete { what: "curve" })?;
    let mechanism = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), &point));
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::ValueLen(SHARED_LENGTH.into()),
        Attribute::Token(false),
        Attribute::Sensitive(false),
        Attribute::Extractable(true),
    ];
    let secret = session.derive_key(&mechanism, pair.private, &template)?;
    let attributes = session.get_attributes(secret, &[AttributeType::Value]);
    session.destroy_object(secret)?;
    match attributes?.pop() {
        Some(Attribute::Value(value)) => Ok(Zeroizing::new(value)),
        _ => Err(TokenError::Incomplete { what: "shared secret" }),
    }
}

impl Token {
    fn published_of(&self, kind: Kind) -> Result<Vec<PublishedKey>, KeyStoreError> {
        let pairs = self.ask(Connection::pairs)?;
        Ok(phases(&pairs, kind)
            .map(|(phase, pair)| PublishedKey {
                phase,
                published_at: pair.published_at,
                key: pair.key.clone(),
            })
            .collect())
    }

    /// Does something with the current key of a kind. What the token says is for [`ask`](Self::ask); all else is told.
    fn with_current<T>(
        &self,
        kind: Kind,
        sign: impl Fn(&TokenSigner<'_>) -> Result<Result<T, KeyStoreError>, TokenError>,
    ) -> Result<T, KeyStoreError> {
        self.ask(|connection| {
            let pairs = connection.pairs()?;
            let current = phases(&pairs, kind).find(|(phase, _)| *phase == Phase::Current);
            let (_, pair) = current.ok_or(TokenError::Incomplete { what: "current key" })?;
            sign(&TokenSigner { connection, pair })
        })?
    }
}

impl KeyStore for Token {
    fn published(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        self.published_of(Kind::Signing)
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
                match jwe.decrypt_by(&pair.key, shared) {
                    Ok(content) => return Ok(Some(content)),
                    Err(Undecrypted::Token(error)) => return Err(error),
                    Err(Undecrypted::Foreign) => {}
                }
            }
            Ok(None)
        })
    }

    fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        self.with_current(Kind::Signing, |signer| match jws::sign(header.clone(), payload, signer) {
            Err(SignError::Signer(error)) => Err(error),
            signed => Ok(signed.map_err(|_| KeyStoreError::Signing)),
        })
    }

    fn statement_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        let keys = self.published_of(Kind::Statement)?;
        Ok(keys.into_iter().filter(|key| key.phase != Phase::Previous).collect())
    }

    fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError> {
        self.with_current(Kind::Statement, |signer| match statement::issue(statement, signer) {
            Err(IssueError::Sign(SignError::Signer(error))) => Err(error),
            issued => Ok(issued.map_err(not_issued)),
        })
    }

    fn issue_mediation(&self, joining: &Joining<'_>) -> Result<StatementText, KeyStoreError> {
        self.with_current(Kind::Statement, |signer| match mediation::issue(joining, signer) {
            Err(JoinError::Sign(SignError::Signer(error))) => Err(error),
            issued => Ok(issued.map_err(not_joined)),
        })
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
        if let Some((_, next)) = phases(&before, Kind::Signing).last() {
            check_age(next.published_at, now)?;
        }
        [Kind::Signing, Kind::Encryption].into_iter().try_for_each(|kind| self.rotate_kind(kind, 3, now))
    }
}

impl Token {
    /// Draws a next key, and destroys those that are older than so many.
    fn rotate_kind(&self, kind: Kind, kept: usize, now: Seconds) -> Result<(), KeyStoreError> {
        let before = self.ask(Connection::list_again)?;
        let newest = before.iter().rev().find(|pair| pair.kind == kind);
        let serial = newest.and_then(|newest| newest.serial.checked_add(1)).ok_or(KeyStoreError::Signing)?;
        // not asked again: it could have been done
        let moved = off_the_async_threads(|| {
            self.ask_once(|connection| {
                connection.in_session(|session| KeyPair::create(session, kind, serial, now))?;
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

//! The platform's keys, behind one trait: who asks for a signature never sees the key. They lie in a sealed file ([`SealedFile`]), or in a
//! token of PKCS #11 that they never leave ([`Token`]).
//!
//! Statements about relying parties have keys of their own, which trust packs name; ID tokens have those of `/jwks`.
//!
//! Signing keys change, those of all algorithms together: the previous one stays published while tokens that it signed live, the next one is published before it
//! signs anything. Keys that others encrypt for change with them: the current one is published, and what was encrypted for the previous
//! one, or already for the next one by the word of a process that has a newer file, opens as well. The secrets under subjects and persons never change with them, so nobody gets another `sub`.

mod key_place;
mod key_set;
mod keyed_hash;
mod owners_file;
mod sealed_file;
mod signing_key;
mod token;

use std::path::PathBuf;

use bitaqa_jose::{CompactJwe, JwkError, JwsHeader, PublicJwk, SignatureAlgorithm, VerificationJwk};
use bitaqa_protocol::{Statement, identity::StatementText};
use bitaqa_trust::{
    mediation::{JoinError, Joining},
    statement::IssueError,
};
use zeroize::Zeroizing;

pub use key_place::KeyPlace;
pub(crate) use key_place::WrittenKeyPlace;
pub use sealed_file::SealedFile;
pub use token::{Token, TokenError};

use crate::{
    clock::{Seconds, date_time},
    secret::Hash,
};

/// How long a key is published before it signs: as long as others may keep the list of keys.
pub const PUBLISHED_BEFORE_USE: Seconds = 60 * 60;

/// What ID tokens and all else that `/jwks` verifies can be signed with, the default first. Each has keys of its own: no RSA key signs with
/// two of them.
pub const SIGNED_WITH: [SignatureAlgorithm; 4] = [
    SignatureAlgorithm::Es256,
    SignatureAlgorithm::EdDsa,
    SignatureAlgorithm::Rs256,
    SignatureAlgorithm::Ps256,
];
/// Bits of RSA keys.
const RSA_BITS: usize = 3072;

/// Where a signing key stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It signed until the last change, and still verifies.
    Previous,
    /// It signs.
    Current,
    /// It signs after the next change.
    Next,
}

impl Phase {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Previous => "previous",
            Self::Current => "current",
            Self::Next => "next",
        }
    }
}

/// What verifies signatures of the platform.
#[derive(Debug, Clone)]
pub struct VerifyingKey {
    /// Where it stands.
    pub phase: Phase,
    /// Since when it is published.
    pub published_at: Seconds,
    /// The one algorithm that it is for.
    pub algorithm: SignatureAlgorithm,
    /// The key; its `kid` is its thumbprint.
    pub key: VerificationJwk,
}

/// A key that others encrypt for, or that statements are signed with, as they know it.
#[derive(Debug, Clone)]
pub struct PublishedKey {
    /// Where it stands.
    pub phase: Phase,
    /// Since when it is published.
    pub published_at: Seconds,
    /// The key; its `kid` is its thumbprint.
    pub key: PublicJwk,
}

/// What a keyed hash is for; the same bytes give another hash for each use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashUse {
    /// The `sub` that a sector knows somebody by.
    Subject,
    /// The key that leads from a person's number to the account.
    Person,
    /// The `sid` that a relying party knows a session by.
    SessionName,
    /// What a proof of a key has to repeat.
    ProofNonce,
    /// What a database knows the keys by.
    Installation,
}

/// Keys that stay where they are.
pub trait KeyStore: Send + Sync {
    /// The signing keys: for each algorithm of [`SIGNED_WITH`] previous, current and next. There are none for what the platform signed with
    /// after the keys were drawn, until the next change draws them, and for what a token has no mechanism for.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn published(&self) -> Result<Vec<VerifyingKey>, KeyStoreError>;

    /// What there is a key to sign with for, in the order of [`SIGNED_WITH`].
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn algorithms(&self) -> Result<Vec<SignatureAlgorithm>, KeyStoreError> {
        let published = self.published()?;
        let signs = |algorithm: &SignatureAlgorithm| {
            published.iter().any(|key| key.phase == Phase::Current && key.algorithm == *algorithm)
        };
        Ok(SIGNED_WITH.into_iter().filter(signs).collect())
    }

    /// The keys that others encrypt for: the current one is for them, previous and next decrypt as well. None where the keys were drawn
    /// before there were such; the next change draws them.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn encryption_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError>;

    /// Decrypts what others encrypted for one of these keys: the one that it names, or any; nothing where it was for none, or altered.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn decrypt(&self, jwe: &CompactJwe<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError>;

    /// Signs a payload with the current key for the header's algorithm; `kid` is the key's.
    ///
    /// # Errors
    /// [`KeyStoreError`]: [`KeyStoreError::NoSigningKey`] where there is none for it.
    fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError>;

    /// The keys of statements: current and next. They are in trust packs, and in no list of the platform's.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn statement_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError>;

    /// Signs a statement with the current key of statements, which signs nothing but these and what joins two of them.
    ///
    /// # Errors
    /// [`KeyStoreError`]; [`KeyStoreError::Statement`] where its reader would refuse it.
    fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError>;

    /// Signs with the same key what joins a relying party's statement and the platform's own.
    ///
    /// # Errors
    /// [`KeyStoreError`]; [`KeyStoreError::Statement`] where its reader would refuse it.
    fn issue_mediation(&self, joining: &Joining<'_>) -> Result<StatementText, KeyStoreError>;

    /// Makes the next key of statements the current one, and draws a next one. Whether trust packs name it already is the
    /// operator's to know.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn rotate_statement_keys(&self, now: Seconds) -> Result<(), KeyStoreError>;

    /// A hash that nobody without the keys can calculate, over parts that cannot be mistaken for others.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn hash(&self, usage: HashUse, parts: &[&[u8]]) -> Result<Hash, KeyStoreError>;

    /// Encrypts what the database keeps; `place` says where, so that it opens nowhere else.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn seal(&self, place: &str, content: &[u8]) -> Result<Vec<u8>, KeyStoreError>;

    /// Decrypts it.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyStoreError>;

    /// Makes the next key the current one, the current the previous, and draws a next one.
    ///
    /// # Errors
    /// [`KeyStoreError::TooEarly`]: the next key was not published long enough.
    fn rotate(&self, now: Seconds) -> Result<(), KeyStoreError>;
}

/// Whether the next key was published long enough to sign.
fn check_age(published_at: Seconds, now: Seconds) -> Result<(), KeyStoreError> {
    let earliest = published_at.saturating_add(PUBLISHED_BEFORE_USE);
    if now < earliest { Err(KeyStoreError::TooEarly { published_at, earliest }) } else { Ok(()) }
}

/// Why there is no statement.
fn not_issued<E>(error: IssueError<E>) -> KeyStoreError {
    match error {
        IssueError::Statement(error) => KeyStoreError::Statement(error.to_string()),
        IssueError::NoKeyId | IssueError::Sign(_) => KeyStoreError::Signing,
    }
}

/// Why nothing joins two statements.
fn not_joined<E>(error: JoinError<E>) -> KeyStoreError {
    match error {
        JoinError::Mediation(error) => KeyStoreError::Statement(error.to_string()),
        JoinError::EncryptionKey(error) => error.into(),
        JoinError::TooLong(error) => KeyStoreError::Statement(error.to_string()),
        JoinError::NoKeyId | JoinError::Sign(_) => KeyStoreError::Signing,
    }
}

/// Why a key does not do its work. Nothing of a key is in it.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// A file cannot be read or written.
    #[error("{}: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Others may read the file that unseals the keys, or the one with the PIN.
    #[error("{}: others may read it; chmod 600", .path.display())]
    Readable {
        /// Which.
        path: PathBuf,
    },
    /// The file that unseals the keys is not 32 bytes in base64url.
    #[error("{}: not a key of 32 bytes in base64url", .path.display())]
    Unsealing {
        /// Which.
        path: PathBuf,
    },
    /// The sealed file was sealed with another key, or altered.
    #[error("{}: it was sealed with another key, or altered", .path.display())]
    Sealed {
        /// Which.
        path: PathBuf,
    },
    /// There are keys already.
    #[error("{}: there are keys already", .path.display())]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// The token.
    #[error("{0}")]
    Token(#[from] TokenError),
    /// Something from the database was sealed elsewhere, or altered.
    #[error("what the database keeps was sealed elsewhere, or altered")]
    Foreign,
    /// A key cannot do it.
    #[error("{0}")]
    Key(#[from] JwkError),
    /// Keys of before the platform signed with it, or a token without a mechanism for it.
    #[error(
        "there is no key that signs with {0}; bitaqa-platform keys rotate draws one, unless the token has no mechanism for it"
    )]
    NoSigningKey(SignatureAlgorithm),
    /// A file of before there were any.
    #[error("there is no key for statements yet; run: bitaqa-platform keys rotate-statements")]
    NoStatementKey,
    /// A file of before there were any.
    #[error("there is no key to encrypt for yet; run: bitaqa-platform keys rotate")]
    NoEncryptionKey,
    /// Nobody could read the statement.
    #[error("a statement cannot be made: {0}")]
    Statement(String),
    /// Nothing could be signed or sealed.
    #[error("nothing could be signed")]
    Signing,
    /// The next key is too young.
    #[error("the next key was published at {}; it can sign from {} on", date_time(*.published_at), date_time(*.earliest))]
    TooEarly {
        /// Since when it is published.
        published_at: Seconds,
        /// From when on it can sign.
        earliest: Seconds,
    },
}

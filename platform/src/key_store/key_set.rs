use aes_gcm::{
    Aes256Gcm,
    aead::{Aead, KeyInit, Payload},
};
use bitaqa_jose::{Curve, JwsHeader, PrivateJwk, base64url, jws};
use bitaqa_protocol::Statement;
use bitaqa_trust::statement::{self, IssueError};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{HashUse, KeyStoreError, PUBLISHED_BEFORE_USE, Phase, PublishedKey};
use crate::{
    clock::Seconds,
    secret::{Hash, fill, random_bytes},
};

/// Bytes of a nonce of AES-GCM.
const NONCE: usize = 12;
/// Bytes of what a record's own key is made of.
const SALT: usize = 16;

/// Everything, opened.
pub(super) struct KeySet {
    signing: Vec<SigningKey>,
    /// Current and next.
    statement: Vec<SigningKey>,
    subject: Zeroizing<[u8; 32]>,
    person: Zeroizing<[u8; 32]>,
    storage: Zeroizing<[u8; 32]>,
}

struct SigningKey {
    phase: Phase,
    published_at: Seconds,
    key: PrivateJwk,
}

/// As it stands in the file before it is sealed.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: u32,
    signing: Vec<WrittenKey>,
    #[serde(default)]
    statement: Vec<WrittenKey>,
    subject: String,
    person: String,
    storage: String,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    #[zeroize(skip)]
    phase: Phase,
    published_at: Seconds,
    jwk: String,
}

impl KeySet {
    /// All fresh: there is nobody yet who keeps an older list, so the next key may follow at any time.
    pub(super) fn generate(now: Seconds) -> Result<Self, KeyStoreError> {
        Ok(Self {
            signing: vec![SigningKey::draw(Phase::Current, now)?, SigningKey::draw(Phase::Next, now)?],
            statement: vec![SigningKey::draw(Phase::Current, now)?, SigningKey::draw(Phase::Next, now)?],
            subject: Zeroizing::new(random_bytes()),
            person: Zeroizing::new(random_bytes()),
            storage: Zeroizing::new(random_bytes()),
        })
    }

    pub(super) fn rotate(&mut self, now: Seconds) -> Result<(), KeyStoreError> {
        if let Some(next) = self.signing.iter().find(|key| key.phase == Phase::Next) {
            let earliest = next.published_at.saturating_add(PUBLISHED_BEFORE_USE);
            if now < earliest {
                return Err(KeyStoreError::TooEarly { published_at: next.published_at, earliest });
            }
        }
        let fresh = SigningKey::draw(Phase::Next, now)?;
        self.signing.retain(|key| key.phase != Phase::Previous);
        for key in &mut self.signing {
            key.phase = match key.phase {
                Phase::Next => Phase::Current,
                Phase::Current | Phase::Previous => Phase::Previous,
            };
        }
        self.signing.push(fresh);
        Ok(())
    }

    pub(super) fn rotate_statement_keys(&mut self, now: Seconds) -> Result<(), KeyStoreError> {
        let fresh = SigningKey::draw(Phase::Next, now)?;
        self.statement.retain(|key| key.phase == Phase::Next);
        if self.statement.is_empty() {
            self.statement.push(SigningKey::draw(Phase::Next, now)?);
        }
        for key in &mut self.statement {
            key.phase = Phase::Current;
        }
        self.statement.push(fresh);
        Ok(())
    }

    pub(super) fn published(&self) -> Vec<PublishedKey> {
        self.signing.iter().map(SigningKey::published).collect()
    }

    pub(super) fn statement_keys(&self) -> Vec<PublishedKey> {
        self.statement.iter().map(SigningKey::published).collect()
    }

    pub(super) fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError> {
        let current = self.statement.iter().find(|key| key.phase == Phase::Current);
        let key = current.ok_or(KeyStoreError::NoStatementKey)?;
        statement::issue(statement, &key.key).map_err(|error| match error {
            IssueError::Statement(error) => KeyStoreError::Statement(error.to_string()),
            IssueError::NoKeyId | IssueError::Sign(_) => KeyStoreError::Signing,
        })
    }

    pub(super) fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        let current = self.signing.iter().find(|key| key.phase == Phase::Current);
        let key = current.ok_or(KeyStoreError::Signing)?;
        jws::sign(header, payload, &key.key).map_err(|_| KeyStoreError::Signing)
    }

    pub(super) fn hash(&self, usage: HashUse, parts: &[&[u8]]) -> Result<Hash, KeyStoreError> {
        let key = match usage {
            HashUse::Subject | HashUse::SessionName => &self.subject,
            HashUse::Person => &self.person,
        };
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&**key).map_err(|_| KeyStoreError::Signing)?;
        // which has two parts of its own, as a subject has: with a third they are never the same bytes
        let label: &[&[u8]] = if usage == HashUse::SessionName { &[b"session name"] } else { &[] };
        for part in label.iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(Hash::from_bytes(mac.finalize().into_bytes().into()))
    }

    pub(super) fn seal(&self, place: &str, content: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        let salt: [u8; SALT] = random_bytes();
        let sealed = seal(&*self.record_key(&salt)?, place, content).ok_or(KeyStoreError::Signing)?;
        Ok([&salt[..], &sealed].concat())
    }

    pub(super) fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        let (salt, sealed) = sealed.split_first_chunk::<SALT>().ok_or(KeyStoreError::Foreign)?;
        open(&*self.record_key(salt)?, place, sealed).ok_or(KeyStoreError::Foreign)
    }

    /// Each record has a key of its own, so that however many there are, no two share a key and a nonce.
    fn record_key(&self, salt: &[u8; SALT]) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&*self.storage).map_err(|_| KeyStoreError::Signing)?;
        mac.update(b"record");
        mac.update(salt);
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&mac.finalize().into_bytes());
        Ok(key)
    }

    pub(super) fn write(&self) -> Option<Zeroizing<Vec<u8>>> {
        let secret = |bytes: &[u8; 32]| base64url::encode(bytes);
        let written = Written {
            schema: 1,
            signing: self.signing.iter().map(SigningKey::write).collect(),
            statement: self.statement.iter().map(SigningKey::write).collect(),
            subject: secret(&self.subject),
            person: secret(&self.person),
            storage: secret(&self.storage),
        };
        serde_json::to_vec(&written).ok().map(Zeroizing::new)
    }

    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let written: Written =
            serde_json::from_slice(text).ok().filter(|written: &Written| written.schema == 1)?;
        let keys = |written: &[WrittenKey]| written.iter().map(SigningKey::read).collect::<Option<Vec<_>>>();
        let secret = |text: &str| -> Option<Zeroizing<[u8; 32]>> {
            let bytes = Zeroizing::new(base64url::decode(text).ok()?);
            <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
        };
        Some(Self {
            signing: keys(&written.signing)?,
            statement: keys(&written.statement)?,
            subject: secret(&written.subject)?,
            person: secret(&written.person)?,
            storage: secret(&written.storage)?,
        })
    }
}

impl SigningKey {
    fn draw(phase: Phase, now: Seconds) -> Result<Self, KeyStoreError> {
        Ok(Self { phase, published_at: now, key: PrivateJwk::generate(Curve::P256, &mut fill)? })
    }

    fn published(&self) -> PublishedKey {
        PublishedKey { phase: self.phase, published_at: self.published_at, key: self.key.public().clone() }
    }

    fn write(&self) -> WrittenKey {
        WrittenKey { phase: self.phase, published_at: self.published_at, jwk: self.key.to_json().to_string() }
    }

    fn read(written: &WrittenKey) -> Option<Self> {
        let key = PrivateJwk::parse(written.jwk.as_bytes()).ok()?;
        Some(Self { phase: written.phase, published_at: written.published_at, key })
    }
}

/// AES-256-GCM with a random nonce in front.
pub(super) fn seal(key: &[u8; 32], place: &str, content: &[u8]) -> Option<Vec<u8>> {
    let nonce: [u8; NONCE] = random_bytes();
    let payload = Payload { msg: content, aad: place.as_bytes() };
    let sealed = Aes256Gcm::new(key.into()).encrypt(&nonce.into(), payload).ok()?;
    Some([&nonce[..], &sealed].concat())
}

/// What [`seal`] sealed for the same place.
pub(super) fn open(key: &[u8; 32], place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    Aes256Gcm::new(key.into()).decrypt(nonce.into(), payload).ok()
}

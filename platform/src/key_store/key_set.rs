use aes_gcm::{
    Aes256Gcm,
    aead::{Aead, KeyInit, Payload},
};
use bitaqa_jose::{CompactJwe, Curve, JwsHeader, PrivateJwk, SignatureAlgorithm, base64url, jws};
use bitaqa_protocol::{Statement, identity::StatementText};
use bitaqa_trust::{
    mediation::{self, Joining},
    statement,
};
use hmac::{Hmac, Mac};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    KeyStoreError, Phase, PublishedKey, check_age,
    keyed_hash::{KeyedHash, Secret},
    not_issued, not_joined,
};
use crate::{
    clock::Seconds,
    secret::{fill, random_bytes},
};

/// Bytes of a nonce of AES-GCM.
const NONCE: usize = 12;

/// Everything, opened.
pub(super) struct KeySet {
    signing: Vec<PhasedKey>,
    encryption: Vec<PhasedKey>,
    /// Current and next.
    statement: Vec<PhasedKey>,
    subject: Zeroizing<[u8; 32]>,
    person: Zeroizing<[u8; 32]>,
    storage: Zeroizing<[u8; 32]>,
}

/// A key that others replace in time.
struct PhasedKey {
    phase: Phase,
    published_at: Seconds,
    key: PrivateJwk,
    /// The same key, for the signature that each sign-in waits for.
    pair: EcdsaKeyPair,
}

/// As it stands in the file before it is sealed.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: u32,
    signing: Vec<WrittenKey>,
    /// None in files that were written before anybody encrypted for the platform.
    #[serde(default)]
    encryption: Vec<WrittenKey>,
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
            signing: PhasedKey::current_and_next(now)?,
            encryption: PhasedKey::current_and_next(now)?,
            statement: PhasedKey::current_and_next(now)?,
            subject: Zeroizing::new(random_bytes()),
            person: Zeroizing::new(random_bytes()),
            storage: Zeroizing::new(random_bytes()),
        })
    }

    pub(super) fn rotate(&mut self, now: Seconds) -> Result<(), KeyStoreError> {
        if let Some(next) = self.signing.iter().find(|key| key.phase == Phase::Next) {
            check_age(next.published_at, now)?;
        }
        if self.encryption.is_empty() {
            self.encryption.push(PhasedKey::draw(Phase::Next, now)?);
        }
        for keys in [&mut self.signing, &mut self.encryption] {
            keys.retain(|key| key.phase != Phase::Previous);
            for key in keys.iter_mut() {
                key.phase = match key.phase {
                    Phase::Next => Phase::Current,
                    Phase::Current | Phase::Previous => Phase::Previous,
                };
            }
            keys.push(PhasedKey::draw(Phase::Next, now)?);
        }
        Ok(())
    }

    pub(super) fn rotate_statement_keys(&mut self, now: Seconds) -> Result<(), KeyStoreError> {
        let fresh = PhasedKey::draw(Phase::Next, now)?;
        self.statement.retain(|key| key.phase == Phase::Next);
        if self.statement.is_empty() {
            self.statement.push(PhasedKey::draw(Phase::Next, now)?);
        }
        for key in &mut self.statement {
            key.phase = Phase::Current;
        }
        self.statement.push(fresh);
        Ok(())
    }

    pub(super) fn published(&self) -> Vec<PublishedKey> {
        self.signing.iter().map(PhasedKey::published).collect()
    }

    pub(super) fn encryption_keys(&self) -> Vec<PublishedKey> {
        self.encryption.iter().map(PhasedKey::published).collect()
    }

    pub(super) fn decrypt(&self, jwe: &CompactJwe<'_>) -> Option<Zeroizing<Vec<u8>>> {
        // one that names another key is not even tried
        self.encryption.iter().find_map(|key| jwe.decrypt(&key.key).ok())
    }

    pub(super) fn statement_keys(&self) -> Vec<PublishedKey> {
        self.statement.iter().map(PhasedKey::published).collect()
    }

    pub(super) fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError> {
        statement::issue(statement, self.current_statement_key()?).map_err(not_issued)
    }

    pub(super) fn issue_mediation(&self, joining: &Joining<'_>) -> Result<StatementText, KeyStoreError> {
        mediation::issue(joining, self.current_statement_key()?).map_err(not_joined)
    }

    fn current_statement_key(&self) -> Result<&PhasedKey, KeyStoreError> {
        let current = self.statement.iter().find(|key| key.phase == Phase::Current);
        current.ok_or(KeyStoreError::NoStatementKey)
    }

    pub(super) fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        let current = self.signing.iter().find(|key| key.phase == Phase::Current);
        let key = current.ok_or(KeyStoreError::Signing)?;
        jws::sign(header, payload, key).map_err(|_| KeyStoreError::Signing)
    }

    pub(super) fn write(&self) -> Option<Zeroizing<Vec<u8>>> {
        let secret = |bytes: &[u8; 32]| base64url::encode(bytes);
        let written = Written {
            schema: 1,
            signing: self.signing.iter().map(PhasedKey::write).collect(),
            encryption: self.encryption.iter().map(PhasedKey::write).collect(),
            statement: self.statement.iter().map(PhasedKey::write).collect(),
            subject: secret(&self.subject),
            person: secret(&self.person),
            storage: secret(&self.storage),
        };
        serde_json::to_vec(&written).ok().map(Zeroizing::new)
    }

    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let written: Written =
            serde_json::from_slice(text).ok().filter(|written: &Written| written.schema == 1)?;
        let keys = |written: &[WrittenKey]| written.iter().map(PhasedKey::read).collect::<Option<Vec<_>>>();
        let secret = |text: &str| -> Option<Zeroizing<[u8; 32]>> {
            let bytes = Zeroizing::new(base64url::decode(text).ok()?);
            <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
        };
        Some(Self {
            signing: keys(&written.signing)?,
            encryption: keys(&written.encryption)?,
            statement: keys(&written.statement)?,
            subject: secret(&written.subject)?,
            person: secret(&written.person)?,
            storage: secret(&written.storage)?,
        })
    }
}

impl KeyedHash for KeySet {
    fn keyed_hash(&self, secret: Secret, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
        let key = match secret {
            Secret::Subject => &self.subject,
            Secret::Person => &self.person,
            Secret::Storage => &self.storage,
        };
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&**key).map_err(|_| KeyStoreError::Signing)?;
        mac.update(message);
        Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
    }
}

impl PhasedKey {
    fn draw(phase: Phase, now: Seconds) -> Result<Self, KeyStoreError> {
        let key = PrivateJwk::generate(Curve::P256, &mut fill)?;
        Ok(Self { phase, published_at: now, pair: pair(&key).ok_or(KeyStoreError::Signing)?, key })
    }

    fn current_and_next(now: Seconds) -> Result<Vec<Self>, KeyStoreError> {
        [Phase::Current, Phase::Next].into_iter().map(|phase| Self::draw(phase, now)).collect()
    }

    fn published(&self) -> PublishedKey {
        PublishedKey { phase: self.phase, published_at: self.published_at, key: self.key.public().clone() }
    }

    fn write(&self) -> WrittenKey {
        WrittenKey { phase: self.phase, published_at: self.published_at, jwk: self.key.to_json().to_string() }
    }

    fn read(written: &WrittenKey) -> Option<Self> {
        let key = PrivateJwk::parse(written.jwk.as_bytes()).ok()?;
        Some(Self { phase: written.phase, published_at: written.published_at, pair: pair(&key)?, key })
    }
}

impl jws::Signer for PhasedKey {
    type Error = ring::error::Unspecified;

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Es256
    }

    fn key_id(&self) -> Option<String> {
        jws::Signer::key_id(&self.key)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error> {
        Ok(self.pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec())
    }
}

/// A P-256 key, as ring has it.
fn pair(key: &PrivateJwk) -> Option<EcdsaKeyPair> {
    let written: WrittenPair = serde_json::from_str(&key.to_json()).ok()?;
    let decoded = |text: &str| base64url::decode(text).ok();
    let secret = Zeroizing::new(decoded(&written.d)?);
    let public = [&[4][..], &decoded(&written.x)?, &decoded(&written.y)?].concat();
    let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
    EcdsaKeyPair::from_private_key_and_public_key(kind, &secret, &public, &SystemRandom::new()).ok()
}

/// The members of a JWK that make up a pair (RFC 7518 section 6.2).
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
struct WrittenPair {
    x: String,
    y: String,
    d: String,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As it was written before anybody encrypted for the platform.
    #[test]
    fn a_file_without_keys_to_encrypt_for_gets_them_with_the_next_change() {
        let written = KeySet::generate(0).unwrap().write().unwrap();
        let mut members: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert!(members.as_object_mut().unwrap().remove("encryption").is_some());
        let mut keys = KeySet::read(members.to_string().as_bytes()).unwrap();
        assert!(keys.encryption_keys().is_empty() && keys.published().len() == 2);
        keys.rotate(10_000).unwrap();
        let phases = |keys: Vec<PublishedKey>| keys.iter().map(|key| key.phase).collect::<Vec<_>>();
        assert_eq!(phases(keys.encryption_keys()), [Phase::Current, Phase::Next]);
        assert_eq!(phases(keys.published()), [Phase::Previous, Phase::Current, Phase::Next]);
        let again = KeySet::read(&keys.write().unwrap()).unwrap();
        assert_eq!(phases(again.encryption_keys()), [Phase::Current, Phase::Next]);
    }
}

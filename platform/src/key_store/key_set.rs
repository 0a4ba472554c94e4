use aes_gcm::{
    Aes256Gcm,
    aead::{Aead, KeyInit, Payload},
};
use bitaqa_jose::{CompactJwe, Curve, JwsHeader, PrivateJwk, PublicJwk, SignatureAlgorithm, base64url, jws};
use bitaqa_protocol::{Statement, identity::StatementText};
use bitaqa_trust::{
    mediation::{self, Joining},
    statement,
};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    KeyStoreError, Phase, PublishedKey, SIGNED_WITH, VerifyingKey, check_age,
    keyed_hash::{KeyedHash, Secret},
    not_issued, not_joined,
    signing_key::SigningKey,
};
use crate::{
    clock::Seconds,
    secret::{fill, random_bytes},
};

/// Bytes of a nonce of AES-GCM.
const NONCE: usize = 12;

/// Everything, opened.
pub(super) struct KeySet {
    /// For each algorithm, in the order of [`SIGNED_WITH`].
    signing: [Line; 4],
    encryption: Vec<Phased<PrivateJwk>>,
    /// Current and next.
    statement: Vec<Phased<SigningKey>>,
    subject: Zeroizing<[u8; 32]>,
    person: Zeroizing<[u8; 32]>,
    storage: Zeroizing<[u8; 32]>,
}

/// The keys that sign with one algorithm; none in files that were written before the platform signed with it.
struct Line {
    algorithm: SignatureAlgorithm,
    keys: Vec<Phased<SigningKey>>,
}

/// A key that others replace in time.
struct Phased<K> {
    phase: Phase,
    published_at: Seconds,
    key: K,
}

/// As it stands in the file before it is sealed.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: u32,
    /// Those on curves, each of which goes with one algorithm.
    signing: Vec<WrittenKey>,
    /// None in files that were written before there were any; so with the following.
    #[serde(default)]
    signing_rsa: Vec<WrittenRsaKey>,
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

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct WrittenRsaKey {
    #[zeroize(skip)]
    phase: Phase,
    published_at: Seconds,
    /// Of its two algorithms the one that it signs with.
    algorithm: String,
    /// PKCS #8, in base64url.
    pkcs8: String,
}

impl KeySet {
    /// All fresh: there is nobody yet who keeps an older list, so the next key may follow at any time.
    pub(super) fn generate(now: Seconds) -> Result<Self, KeyStoreError> {
        let mut signing = SIGNED_WITH.map(|algorithm| Line { algorithm, keys: Vec::new() });
        for line in &mut signing {
            line.keys = current_and_next(now, || SigningKey::draw(line.algorithm))?;
        }
        Ok(Self {
            signing,
            encryption: current_and_next(now, draw_encryption)?,
            statement: current_and_next(now, draw_statement)?,
            subject: Zeroizing::new(random_bytes()),
            person: Zeroizing::new(random_bytes()),
            storage: Zeroizing::new(random_bytes()),
        })
    }

    pub(super) fn rotate(&mut self, now: Seconds) -> Result<(), KeyStoreError> {
        for next in self.signing_keys().filter(|key| key.phase == Phase::Next) {
            check_age(next.published_at, now)?;
        }
        for Line { algorithm, keys } in &mut self.signing {
            change(keys, now, || SigningKey::draw(*algorithm))?;
        }
        change(&mut self.encryption, now, draw_encryption)
    }

    pub(super) fn rotate_statement_keys(&mut self, now: Seconds) -> Result<(), KeyStoreError> {
        change(&mut self.statement, now, draw_statement)?;
        self.statement.retain(|key| key.phase != Phase::Previous);
        Ok(())
    }

    fn signing_keys(&self) -> impl Iterator<Item = &Phased<SigningKey>> {
        self.signing.iter().flat_map(|line| &line.keys)
    }

    pub(super) fn published(&self) -> Vec<VerifyingKey> {
        let published = |key: &Phased<SigningKey>| VerifyingKey {
            phase: key.phase,
            published_at: key.published_at,
            algorithm: jws::Signer::algorithm(&key.key),
            key: key.key.public(),
        };
        self.signing_keys().map(published).collect()
    }

    pub(super) fn encryption_keys(&self) -> Vec<PublishedKey> {
        self.encryption.iter().map(|key| key.published(key.key.public())).collect()
    }

    pub(super) fn decrypt(&self, jwe: &CompactJwe<'_>) -> Option<Zeroizing<Vec<u8>>> {
        // one that names another key is not even tried
        self.encryption.iter().find_map(|key| jwe.decrypt(&key.key).ok())
    }

    pub(super) fn statement_keys(&self) -> Vec<PublishedKey> {
        let published = |key: &Phased<SigningKey>| Some(key.published(key.key.jwk()?.public()));
        self.statement.iter().filter_map(published).collect()
    }

    pub(super) fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError> {
        statement::issue(statement, self.current_statement_key()?).map_err(not_issued)
    }

    pub(super) fn issue_mediation(&self, joining: &Joining<'_>) -> Result<StatementText, KeyStoreError> {
        mediation::issue(joining, self.current_statement_key()?).map_err(not_joined)
    }

    fn current_statement_key(&self) -> Result<&SigningKey, KeyStoreError> {
        current(&self.statement).ok_or(KeyStoreError::NoStatementKey)
    }

    pub(super) fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        let line = self.signing.iter().find(|line| line.algorithm == header.algorithm);
        let missing = KeyStoreError::NoSigningKey(header.algorithm);
        let key = line.and_then(|line| current(&line.keys)).ok_or(missing)?;
        jws::sign(header, payload, key).map_err(|_| KeyStoreError::Signing)
    }

    pub(super) fn write(&self) -> Option<Zeroizing<Vec<u8>>> {
        let secret = |bytes: &[u8; 32]| base64url::encode(bytes);
        let on_curve = |key: &Phased<SigningKey>| Some(key.write(key.key.jwk()?));
        let of_rsa = |key: &Phased<SigningKey>| {
            Some(WrittenRsaKey {
                phase: key.phase,
                published_at: key.published_at,
                algorithm: jws::Signer::algorithm(&key.key).name().to_owned(),
                pkcs8: base64url::encode(key.key.pkcs8()?),
            })
        };
        let written = Written {
            schema: 1,
            signing: self.signing_keys().filter_map(on_curve).collect(),
            signing_rsa: self.signing_keys().filter_map(of_rsa).collect(),
            encryption: self.encryption.iter().map(|key| key.write(&key.key)).collect(),
            statement: self.statement.iter().filter_map(on_curve).collect(),
            subject: secret(&self.subject),
            person: secret(&self.person),
            storage: secret(&self.storage),
        };
        serde_json::to_vec(&written).ok().map(Zeroizing::new)
    }

    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let written: Written =
            serde_json::from_slice(text).ok().filter(|written: &Written| written.schema == 1)?;
        let secret = |text: &str| -> Option<Zeroizing<[u8; 32]>> {
            let bytes = Zeroizing::new(base64url::decode(text).ok()?);
            <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
        };
        let mut signing = SIGNED_WITH.map(|algorithm| Line { algorithm, keys: Vec::new() });
        let on_curves = written.signing.iter().map(WrittenKey::read_signing);
        for key in on_curves.chain(written.signing_rsa.iter().map(WrittenRsaKey::read)) {
            let key = key?;
            let algorithm = jws::Signer::algorithm(&key.key);
            signing.iter_mut().find(|line| line.algorithm == algorithm)?.keys.push(key);
        }
        Some(Self {
            signing,
            encryption: written.encryption.iter().map(WrittenKey::read).collect::<Option<_>>()?,
            statement: written.statement.iter().map(WrittenKey::read_signing).collect::<Option<_>>()?,
            subject: secret(&written.subject)?,
            person: secret(&written.person)?,
            storage: secret(&written.storage)?,
        })
    }
}

fn draw_encryption() -> Result<PrivateJwk, KeyStoreError> {
    Ok(PrivateJwk::generate(Curve::P256, &mut fill)?)
}

fn draw_statement() -> Result<SigningKey, KeyStoreError> {
    SigningKey::draw(SignatureAlgorithm::Es256)
}

fn current_and_next<K>(
    now: Seconds,
    draw: impl Fn() -> Result<K, KeyStoreError>,
) -> Result<Vec<Phased<K>>, KeyStoreError> {
    [Phase::Current, Phase::Next]
        .into_iter()
        .map(|phase| Ok(Phased { phase, published_at: now, key: draw()? }))
        .collect()
}

/// Each key moves on, and another follows. Where there were none, two are drawn.
fn change<K>(
    keys: &mut Vec<Phased<K>>,
    now: Seconds,
    draw: impl Fn() -> Result<K, KeyStoreError>,
) -> Result<(), KeyStoreError> {
    if keys.is_empty() {
        *keys = current_and_next(now, draw)?;
        return Ok(());
    }
    let fresh = Phased { phase: Phase::Next, published_at: now, key: draw()? };
    keys.retain(|key| key.phase != Phase::Previous);
    for key in keys.iter_mut() {
        key.phase = match key.phase {
            Phase::Next => Phase::Current,
            Phase::Current | Phase::Previous => Phase::Previous,
        };
    }
    keys.push(fresh);
    Ok(())
}

fn current<K>(keys: &[Phased<K>]) -> Option<&K> {
    keys.iter().find(|key| key.phase == Phase::Current).map(|key| &key.key)
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

impl<K> Phased<K> {
    fn published(&self, key: &PublicJwk) -> PublishedKey {
        PublishedKey { phase: self.phase, published_at: self.published_at, key: key.clone() }
    }

    fn write(&self, key: &PrivateJwk) -> WrittenKey {
        WrittenKey { phase: self.phase, published_at: self.published_at, jwk: key.to_json().to_string() }
    }
}

impl WrittenKey {
    fn read(&self) -> Option<Phased<PrivateJwk>> {
        let key = PrivateJwk::parse(self.jwk.as_bytes()).ok()?;
        Some(Phased { phase: self.phase, published_at: self.published_at, key })
    }

    fn read_signing(&self) -> Option<Phased<SigningKey>> {
        let Phased { phase, published_at, key } = self.read()?;
        Some(Phased { phase, published_at, key: SigningKey::of_jwk(key)? })
    }
}

impl WrittenRsaKey {
    fn read(&self) -> Option<Phased<SigningKey>> {
        let pkcs8 = Zeroizing::new(base64url::decode(&self.pkcs8).ok()?);
        let key = SigningKey::of_pkcs8(SignatureAlgorithm::from_name(&self.algorithm)?, &pkcs8)?;
        Some(Phased { phase: self.phase, published_at: self.published_at, key })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn phases<K>(keys: &[K], phase: impl Fn(&K) -> Phase) -> Vec<Phase> {
        keys.iter().map(phase).collect()
    }

    /// As it was written before anybody encrypted for the platform, and before it signed with anything but ES256.
    #[test]
    fn a_file_without_keys_of_a_kind_gets_them_with_the_next_change() {
        let written = KeySet::generate(0).unwrap().write().unwrap();
        let mut members: serde_json::Value = serde_json::from_slice(&written).unwrap();
        for member in ["encryption", "signing_rsa"] {
            assert!(members.as_object_mut().unwrap().remove(member).is_some());
        }
        let on_curves = members["signing"].as_array_mut().unwrap();
        on_curves.retain(|key| key["jwk"].as_str().unwrap().contains("P-256"));
        let mut keys = KeySet::read(members.to_string().as_bytes()).unwrap();
        assert!(keys.encryption_keys().is_empty() && keys.published().len() == 2);
        for algorithm in [SignatureAlgorithm::EdDsa, SignatureAlgorithm::Rs256, SignatureAlgorithm::Ps256] {
            let refused = keys.sign(JwsHeader::new(algorithm, "test"), b"{}");
            assert!(matches!(refused, Err(KeyStoreError::NoSigningKey(missing)) if missing == algorithm));
        }
        keys.rotate(10_000).unwrap();
        let again = KeySet::read(&keys.write().unwrap()).unwrap();
        assert_eq!(phases(&again.encryption_keys(), |key| key.phase), [Phase::Current, Phase::Next]);
        for algorithm in SIGNED_WITH {
            let mut published = again.published();
            published.retain(|key| key.algorithm == algorithm);
            let found = phases(&published, |key| key.phase);
            let moved = [Phase::Previous, Phase::Current, Phase::Next];
            assert!(moved.ends_with(&found), "{algorithm}: {found:?}");
            assert_eq!(found.len(), if algorithm == SignatureAlgorithm::Es256 { 3 } else { 2 });
            assert!(again.sign(JwsHeader::new(algorithm, "test"), b"{}").is_ok());
        }
    }
}

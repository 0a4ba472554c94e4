use zeroize::Zeroizing;

use super::{HashUse, KeyStoreError, key_set};
use crate::secret::{Hash, random_bytes};

/// Bytes of what a record's own key is made of.
const SALT: usize = 16;

/// A secret that never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secret {
    /// Under subjects and the names of sessions.
    Subject,
    /// Under the keys that lead from numbers to accounts.
    Person,
    /// Under the keys that seal records, and nonces of proofs.
    Storage,
}

/// HMAC with SHA-256 under the secrets, wherever they are. All that rests on a secret is calculated with it.
pub(super) trait KeyedHash {
    fn keyed_hash(&self, secret: Secret, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyStoreError>;
}

/// Over parts that cannot be mistaken for others: each has its length in front.
pub(super) fn hash(keys: &impl KeyedHash, usage: HashUse, parts: &[&[u8]]) -> Result<Hash, KeyStoreError> {
    let secret = match usage {
        HashUse::Subject | HashUse::SessionName => Secret::Subject,
        HashUse::Person | HashUse::Installation => Secret::Person,
        // whose other uses begin with other bytes
        HashUse::ProofNonce => Secret::Storage,
    };
    let label: &[&[u8]] = match usage {
        HashUse::Subject | HashUse::Person | HashUse::ProofNonce => &[],
        // which has two parts of its own, as a subject has: with a third they are never the same bytes
        HashUse::SessionName => &[b"session name"],
        // of which there is one, and no person has one part alone
        HashUse::Installation => &[b"installation"],
    };
    let mut message = Zeroizing::new(Vec::new());
    for part in label.iter().chain(parts) {
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    Ok(Hash::from_bytes(*keys.keyed_hash(secret, &message)?))
}

/// Seals a record for its place.
pub(super) fn seal(keys: &impl KeyedHash, place: &str, content: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
    let salt: [u8; SALT] = random_bytes();
    let sealed = key_set::seal(&*record_key(keys, &salt)?, place, content).ok_or(KeyStoreError::Signing)?;
    Ok([&salt[..], &sealed].concat())
}

/// What [`seal`] sealed for the same place.
pub(super) fn open(keys: &impl KeyedHash, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
    let (salt, sealed) = sealed.split_first_chunk::<SALT>().ok_or(KeyStoreError::Foreign)?;
    key_set::open(&*record_key(keys, salt)?, place, sealed).ok_or(KeyStoreError::Foreign)
}

/// Each record has a key of its own, so that however many there are, no two share a key and a nonce.
fn record_key(keys: &impl KeyedHash, salt: &[u8; SALT]) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
    keys.keyed_hash(Secret::Storage, &[&b"record"[..], salt].concat())
}

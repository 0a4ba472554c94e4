//! Digests of what is too long to be in memory at once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bitaqa_signature::Hash;
use bitaqa_trust::public_key::Hasher;
use serde::Deserialize;

use crate::{
    refusal::{Code, Refusal},
    request::HashName,
};

/// Three bytes are four letters of base64.
const GROUP: usize = 3;

/// What is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// The bytes.
    Bytes,
    /// Their base64url text without padding (TS 119 182-1 clause 5.2.8).
    Base64url,
}

/// A digest, of which the bytes come piece by piece.
pub struct PieceHasher {
    hasher: Hasher,
    form: Form,
    /// Fewer than [`GROUP`] bytes that have no whole group of letters yet.
    rest: Vec<u8>,
}

impl PieceHasher {
    /// Begins.
    #[must_use]
    pub fn new(hash: HashName, form: Form) -> Self {
        Self { hasher: Hash::from(hash).hasher(), form, rest: Vec::new() }
    }

    /// Begins, by the names of hash and form.
    ///
    /// # Errors
    /// [`Code::RequestInvalid`].
    pub fn named(hash: &str, form: &str) -> Result<Self, Refusal> {
        Ok(Self::new(known(hash)?, known(form)?))
    }

    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        if self.form == Form::Bytes {
            return self.hasher.update(piece);
        }
        self.rest.extend_from_slice(piece);
        let whole = self.rest.len() - self.rest.len() % GROUP;
        let groups: Vec<u8> = self.rest.drain(..whole).collect();
        self.hasher.update(URL_SAFE_NO_PAD.encode(groups).as_bytes());
    }

    /// The digest.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.hasher.update(URL_SAFE_NO_PAD.encode(&self.rest).as_bytes());
        self.hasher.finish()
    }
}

fn known<T: for<'a> Deserialize<'a>>(name: &str) -> Result<T, Refusal> {
    let name = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
    T::deserialize(name).map_err(|error| Refusal::new(Code::RequestInvalid, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_make_the_digest_of_the_whole() {
        let all: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let text = URL_SAFE_NO_PAD.encode(&all);
        for (form, hashed) in [("bytes", all.as_slice()), ("base64url", text.as_bytes())] {
            for (name, hash) in [("SHA-256", Hash::Sha256), ("SHA3-512", Hash::Sha3_512)] {
                for length in [1, 2, 3, 7, 999, 1000] {
                    let mut hasher = PieceHasher::named(name, form).unwrap();
                    all.chunks(length).for_each(|piece| hasher.update(piece));
                    assert_eq!(hasher.finish(), hash.digest(&[hashed]), "{name} {form} {length}");
                }
            }
        }
    }

    #[test]
    fn other_names_are_refused() {
        assert!(PieceHasher::named("SHA-1", "bytes").is_err());
        assert!(PieceHasher::named("SHA-256", "hexadecimal").is_err());
    }
}

//! What only its holder knows, and what is kept of it.

use bitaqa_jose::base64url;
use sha2::{Digest, Sha256};

/// Random bytes of the operating system. Where it has none, no secret may be made: the program ends.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// Fills `out` with random bytes of the operating system, or ends the program.
pub fn fill(out: &mut [u8]) {
    if getrandom::fill(out).is_err() {
        std::process::abort();
    }
}

/// A name that nobody else drew: 128 random bits. It is no secret.
#[must_use]
pub fn random_identifier() -> String {
    base64url::encode(&random_bytes::<16>())
}

/// What is kept of a secret: its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Of any bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// One that was calculated elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A secret of 256 random bits, in base64url. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Characters of one.
    pub const CHARACTERS: usize = 43;

    /// A fresh one.
    #[must_use]
    pub fn random() -> Self {
        Self(base64url::encode(&random_bytes::<32>()))
    }

    /// One that somebody sent, if it can be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == Self::CHARACTERS && base64url::decode(text).is_ok()).then(|| Self(text.to_owned()))
    }

    /// The text, for its holder.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A secret that says where it belongs: a code or token, with the name of its grant in front. Whatever is looked up by it lies
/// beside the grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    grant: String,
    secret: Secret,
}

impl Ticket {
    /// A fresh one of a grant.
    #[must_use]
    pub fn random(grant: &str) -> Self {
        Self { grant: grant.to_owned(), secret: Secret::random() }
    }

    /// One that somebody sent, if it can be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (grant, secret) = text.split_once('.')?;
        let grant_fits = base64url::decode(grant).is_ok_and(|bytes| bytes.len() == 16);
        Some(Self { grant: grant_fits.then(|| grant.to_owned())?, secret: Secret::parse(secret)? })
    }

    /// The grant's name.
    #[must_use]
    pub fn grant(&self) -> &str {
        &self.grant
    }

    /// The text, for its holder.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}.{}", self.grant, self.secret.as_str())
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(self.text().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_out_is_recognised_and_nothing_else_is() {
        let ticket = Ticket::random(&random_identifier());
        assert_eq!(Ticket::parse(&ticket.text()).unwrap().hash(), ticket.hash());
        assert_ne!(Ticket::random(ticket.grant()).hash(), ticket.hash());
        for text in ["", ".", "a.b", &ticket.text()[1..], &format!("{}A", ticket.text()), &"x".repeat(10_000)]
        {
            assert!(Ticket::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let ticket = Ticket::random(&random_identifier());
        assert!(!format!("{ticket:?}").contains(ticket.secret.as_str()));
    }
}

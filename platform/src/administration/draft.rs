//! Entries that operators sign on another computer than the platform's, or in a page of the administration: the platform says what
//! would be signed, and takes it back with a signature.

use bitaqa_jose::{
    JwsHeader, PrivateJwk, PublicJwk, SignatureAlgorithm, Signer as _, UnsignedJws, base64url,
};

use super::entry::{self, Entry, EntryError};
use crate::clock::Seconds;

/// How long after it was shown an entry is taken.
pub const MAX_AGE: Seconds = 10 * 60;
/// How far clocks of the platform's processes may be apart.
pub const SKEW: Seconds = 30;

/// How an entry is signed.
#[derive(Clone, Copy)]
pub enum Signing<'a> {
    /// With an operator's key, here.
    With(&'a PrivateJwk),
    /// It was signed elsewhere.
    Elsewhere(&'a str),
}

impl<'a> From<&'a PrivateJwk> for Signing<'a> {
    fn from(key: &'a PrivateJwk) -> Self {
        Self::With(key)
    }
}

/// What an operator means to do about a relying party, by its `client_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Approves a proposal, by its digest.
    Approve {
        /// Whose.
        client: String,
        /// Which.
        proposal: String,
    },
    /// Refuses it.
    Refuse {
        /// Whose.
        client: String,
        /// Which.
        proposal: String,
        /// Why.
        reason: String,
    },
    /// Suspends.
    Suspend {
        /// Whom.
        client: String,
        /// Why.
        reason: String,
    },
    /// Proposes to end a suspension.
    TakeUp {
        /// Whose.
        client: String,
    },
}

/// An entry that lacks its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it says.
    pub entry: Entry,
    algorithm: SignatureAlgorithm,
    signing_input: String,
}

impl Draft {
    /// For the holder of a key.
    ///
    /// # Errors
    /// [`EntryError::Signing`].
    pub fn new(entry: Entry, key: &PublicJwk) -> Result<Self, EntryError> {
        let algorithm = key.curve().signature_algorithm();
        let mut header = JwsHeader::new(algorithm, entry::TYPE);
        header.key_id = key.key_id().map(str::to_owned);
        let payload = serde_json::to_vec(&entry).map_err(|_| EntryError::Signing)?;
        let unsigned = UnsignedJws::new(&header, &payload).map_err(|_| EntryError::Signing)?;
        let signing_input = String::from_utf8_lossy(unsigned.signing_input()).into_owned();
        Ok(Self { entry, algorithm, signing_input })
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`EntryError::Format`].
    pub fn parse(signing_input: &str) -> Result<Self, EntryError> {
        let whole = format!("{signing_input}.AA");
        let (jws, entry) = entry::parse(&whole)?;
        let algorithm = jws.header().algorithm;
        Ok(Self { entry, algorithm, signing_input: signing_input.to_owned() })
    }

    /// What is signed (RFC 7515 section 5.1).
    #[must_use]
    pub fn signing_input(&self) -> &str {
        &self.signing_input
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`EntryError::Signature`]: it is for a key of another kind. [`EntryError::Signing`].
    pub fn sign(&self, key: &PrivateJwk) -> Result<String, EntryError> {
        if key.algorithm() != self.algorithm {
            return Err(EntryError::Signature);
        }
        let signature = key.sign(self.signing_input.as_bytes()).map_err(|_| EntryError::Signing)?;
        Ok(format!("{}.{}", self.signing_input, base64url::encode(&signature)))
    }
}

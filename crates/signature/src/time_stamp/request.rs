//! What an authority is asked (`TimeStampReq`, RFC 3161 section 2.4.1).

use bitaqa_trust::{ObjectIdentifier, public_key::Hash};

use super::TimeStampError;
use crate::cms::{element::tag, writer};

/// A request for a time stamp, with the authority's certificate in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampRequest {
    hash: Hash,
    digest: Vec<u8>,
    nonce: Option<[u8; 8]>,
    policy: Option<ObjectIdentifier>,
}

impl TimeStampRequest {
    /// A request over a digest. The nonce is random bytes that the caller brings: without it an old answer passes for a new
    /// one.
    ///
    /// # Errors
    /// [`TimeStampError::DigestLength`]: it is not a digest of this hash.
    pub fn new(hash: Hash, digest: &[u8], nonce: Option<[u8; 8]>) -> Result<Self, TimeStampError> {
        if digest.len() != hash.length() {
            return Err(TimeStampError::DigestLength);
        }
        Ok(Self { hash, digest: digest.to_vec(), nonce, policy: None })
    }

    /// The same under a policy of the authority.
    #[must_use]
    pub const fn with_policy(mut self, policy: ObjectIdentifier) -> Self {
        self.policy = Some(policy);
        self
    }

    /// The hash.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// The digest that is stamped.
    #[must_use]
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// The policy that is asked for.
    #[must_use]
    pub const fn policy(&self) -> Option<ObjectIdentifier> {
        self.policy
    }

    /// The nonce, as INTEGER in DER.
    #[must_use]
    pub fn encoded_nonce(&self) -> Option<Vec<u8>> {
        self.nonce.map(|nonce| writer::unsigned_integer(&nonce))
    }

    /// The request in DER, media type `application/timestamp-query`.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let imprint =
            writer::sequence([writer::algorithm(self.hash.oid()), writer::octet_string(&self.digest)]);
        let mut parts = vec![writer::small_integer(1), imprint];
        parts.extend(self.policy.map(writer::object_identifier));
        parts.extend(self.encoded_nonce());
        parts.push(writer::element(tag::BOOLEAN, &[0xff]));
        writer::sequence(&parts)
    }
}

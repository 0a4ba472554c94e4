//! What is kept between the two steps: the request with digests instead of documents, from which the same bytes are prepared
//! again. Nothing in it is secret. Its hash finds what was damaged, and what another version wrote; who can write a state can
//! write a whole other one, so whoever lets it out of their hands authenticates it.

use bitaqa_signature::Hash;
use serde::{Deserialize, Serialize};

use crate::{
    refusal::{Code, Refusal},
    request::{Bytes, Request},
};

/// With the version as its last byte.
const MAGIC: &[u8] = b"bitaqa-sign\x01";
const HASH: Hash = Hash::Sha256;
/// Longest state, in bytes.
pub const MAX_STATE: usize = 24 << 20;

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) request: Request,
    /// SHA-256 of the bytes to be signed.
    pub(crate) to_be_signed: Bytes,
}

impl State {
    pub(crate) fn new(request: Request, to_be_signed: &[u8]) -> Self {
        Self { request, to_be_signed: Bytes(HASH.digest(&[to_be_signed])) }
    }

    pub(crate) fn is_of(&self, to_be_signed: &[u8]) -> bool {
        self.to_be_signed.0 == HASH.digest(&[to_be_signed])
    }

    pub(crate) fn write(&self) -> Result<Vec<u8>, Refusal> {
        let body = serde_json::to_vec(self).map_err(|error| Refusal::new(Code::Internal, error))?;
        let state = [MAGIC, &HASH.digest(&[MAGIC, &body]), &body].concat();
        if state.len() > MAX_STATE {
            return Err(Refusal::new(Code::TooLarge, "the document needs a longer state than is taken"));
        }
        Ok(state)
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let refuse = |message: &str| Refusal::new(Code::StateInvalid, message);
        if bytes.len() > MAX_STATE {
            return Err(refuse("the state is too long"));
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| refuse("not a state, or another version's"))?;
        let (hash, body) =
            rest.split_at_checked(HASH.length()).ok_or_else(|| refuse("the state is not whole"))?;
        if hash != HASH.digest(&[MAGIC, body]) {
            return Err(refuse("the state was changed"));
        }
        serde_json::from_slice(body).map_err(|_| refuse("the state cannot be read"))
    }
}

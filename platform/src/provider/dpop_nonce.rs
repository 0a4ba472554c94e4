//! Nonces of the platform in proofs (RFC 9449 sections 8 and 9), where the configuration wants them: a proof that was made in advance, or
//! elsewhere, is worth nothing. They are a hash of the time under a key, so every process knows those of every other, and nothing is kept.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use bitaqa_jose::base64url;

use super::failure::Failure;
use crate::{Platform, Unable, clock::Seconds, key_store::HashUse};

/// How long a nonce is given out; it is taken as long again.
const PERIOD: Seconds = 2 * 60;
/// The header field with the nonce for the next proof.
const FIELD: HeaderName = HeaderName::from_static("dpop-nonce");

/// The proof has no nonce, or one that has ended.
pub const WANTED: Failure =
    Failure::new("use_dpop_nonce", "a proof has the nonce that comes with this answer (DPoP-Nonce)");

/// Says with each answer which nonce the next proof has.
pub async fn offer(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if platform.proof_nonces
        && let Ok(nonce) = platform.proof_nonce(platform.clock.now() / PERIOD)
        && let Ok(value) = HeaderValue::from_str(&nonce)
    {
        response.headers_mut().insert(FIELD, value);
    }
    response
}

impl Platform {
    /// Whether a proof may have this nonce now: always where none is wanted. That of the next period counts, too: clocks of processes are not
    /// quite the same.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub(super) fn takes_nonce(&self, nonce: Option<&str>) -> Result<bool, Unable> {
        if !self.proof_nonces {
            return Ok(true);
        }
        let Some(nonce) = nonce else { return Ok(false) };
        let period = self.clock.now() / PERIOD;
        for period in [period, period - 1, period + 1] {
            if self.proof_nonce(period)? == nonce {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn proof_nonce(&self, period: Seconds) -> Result<String, Unable> {
        let hash = self.keys.hash(HashUse::ProofNonce, &[&period.to_be_bytes()])?;
        Ok(base64url::encode(hash.as_bytes()))
    }
}

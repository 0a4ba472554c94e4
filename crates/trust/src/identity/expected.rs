//! What the verifier's own session knows of a request. Nothing of it may come from the answer, or from whoever brings the answer.

use bitaqa_protocol::{
    Challenge, Origin,
    identity::{Holder, IdentityRequest, ProofWanted},
};

/// What the verifier's own session knows.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The origin of the portal's page.
    pub origin: &'a Origin,
    /// What was asked.
    pub request: ExpectedRequest<'a>,
}

/// The request that an answer has to be to: all of it, or what the caller still knows. There is no default, since who compares less
/// has to look at the rest: the result shows it.
#[derive(Debug, Clone, Copy)]
pub enum ExpectedRequest<'a> {
    /// The request that was sent, as the session kept it: the answer is compared with every member of it.
    Sent(&'a IdentityRequest),
    /// Statement, purpose and claims are not compared, and the report says so
    /// ([`Outcome::NotCompared`](super::result::Outcome::NotCompared) at [`Step::Request`](super::result::Step::Request)).
    NotCompared {
        /// The challenge of this session, which the verifier takes once.
        challenge: &'a Challenge,
        /// How sure the portal asked to be that the chip is no copy. An answer to less is refused.
        proof: ProofWanted,
        /// Whether the portal asked for the PIN. An answer without it is refused then.
        holder: Holder,
    },
}

impl<'a> Expected<'a> {
    pub(super) const fn challenge(&self) -> &'a Challenge {
        match self.request {
            ExpectedRequest::Sent(request) => &request.challenge,
            ExpectedRequest::NotCompared { challenge, .. } => challenge,
        }
    }

    pub(super) const fn proof(&self) -> ProofWanted {
        match self.request {
            ExpectedRequest::Sent(request) => request.proof,
            ExpectedRequest::NotCompared { proof, .. } => proof,
        }
    }

    pub(super) const fn holder(&self) -> Holder {
        match self.request {
            ExpectedRequest::Sent(request) => request.holder,
            ExpectedRequest::NotCompared { holder, .. } => holder,
        }
    }
}

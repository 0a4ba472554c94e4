//! `assert`: the platform reads an answer, makes sure that it is the person's who is signed in, and keeps what the portal asked for. The rest
//! ends with the request.

use bitaqa_protocol::{
    Challenge,
    identity::{IdentityRequest, StatementText},
};
use bitaqa_trust::identity::{Expected, ExpectedRequest};

use super::{IdentityDetails, given::Asserted};
use crate::{
    Platform,
    clock::date_time,
    factor::{NotShown, Refused},
    identity::OwnKeys,
    person::Person,
};

const NOT_LINKED: Refused = Refused { code: "not-linked", sentence: "refused-not-linked" };
const NOT_ASKED: Refused = Refused { code: "identity-not-asked", sentence: "refused-ended" };

impl Platform {
    /// What the platform says of a person after an answer to this request.
    ///
    /// # Errors
    /// [`NotShown`]: the answer does not hold, or is somebody else's.
    pub(crate) fn asserted(
        &self,
        details: &IdentityDetails,
        (statement, challenge): (StatementText, Challenge),
        answer: &str,
        person: &Person,
    ) -> Result<Asserted, NotShown> {
        let identity = self.identity().ok_or(NOT_ASKED)?;
        let request = IdentityRequest {
            challenge,
            statement,
            purpose: details.purpose.clone(),
            claims: details.claims.clone(),
            holder: details.holder,
            proof: details.proof,
        };
        let expected = Expected { origin: &self.issuer, request: ExpectedRequest::Sent(&request) };
        let keys = OwnKeys::new(&*self.keys);
        let now = self.clock.now();
        let judged = self.identity_verifier(identity, &keys).verify(answer, &expected, None, date_time(now));
        // where the keys were away, nothing is known of the answer
        keys.check().map_err(NotShown::Unable)?;
        let verified = judged
            .map_err(|refused| Refused { code: refused.failure.code(), sentence: "refused-identity" })?;
        if !verified.numbers.as_ref().is_some_and(|numbers| person.is_holder_of(numbers)) {
            return Err(NOT_LINKED.into());
        }
        let today = date_time(now).into();
        if verified.document.as_ref().is_none_or(|document| document.has_expired(today)) {
            return Err(Refused { code: "document-expired", sentence: "refused-document" }.into());
        }
        Ok(Asserted::of(&verified, details, now))
    }
}

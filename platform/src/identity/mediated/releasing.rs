//! `assert`: the platform reads an answer, makes sure that it is the person's who is signed in, and keeps what the portal asked for. The rest
//! ends with the request.

use bitaqa_pages::refused_identity;
use bitaqa_protocol::identity::ChipChallenge;

use super::{
    IdentityDetails,
    given::{Asserted, Given},
};
use crate::{
    Platform,
    clock::date_time,
    factor::{NotShown, Refused},
    identity::{Awaited, Judged, NotJudged},
    person::Person,
};

const NOT_LINKED: Refused = Refused { code: "not-linked", sentence: "refused-not-linked" };
const EXPIRED: Refused = Refused { code: "document-expired", sentence: "refused-document" };
const TOO_LONG: Refused = Refused { code: "answer-too-long", sentence: "refused-identity" };
const NOT_ASKED: Refused = Refused { code: "identity-not-asked", sentence: "refused-ended" };

/// Longest text that waits for what the chip proves, in bytes: two groups with names and numbers, and a large photo.
const MAX_WAITING: usize = 512 * 1024;

/// What comes of what a page's script brought.
pub(crate) enum Released {
    /// What the portal gets.
    Given(Given),
    /// The chip has yet to prove that it is no copy.
    GoesOn {
        /// For the page.
        challenge: ChipChallenge,
        /// To be kept.
        awaited: Box<Awaited>,
    },
}

impl Platform {
    /// What the platform says of a person by what was brought, or what it waits for next.
    ///
    /// # Errors
    /// [`NotShown`]: the answer does not hold, or is somebody else's.
    pub(crate) fn asserted(
        &self,
        details: &IdentityDetails,
        awaited: Awaited,
        brought: &str,
        person: &Person,
    ) -> Result<Released, NotShown> {
        let identity = self.identity().ok_or(NOT_ASKED)?;
        let now = self.clock.now();
        let verified = match self.judge(identity, awaited, brought, now) {
            Ok(Judged::Verified(verified)) => verified,
            Ok(Judged::ChipAuthenticationNeeded { challenge, awaited }) => {
                if brought.len() > MAX_WAITING {
                    return Err(TOO_LONG.into());
                }
                return Ok(Released::GoesOn { challenge, awaited });
            }
            Err(NotJudged::Refused(code)) => {
                return Err(Refused { code, sentence: refused_identity::sentence(code) }.into());
            }
            Err(NotJudged::Unable(unable)) => return Err(unable.into()),
        };
        if !verified.numbers.as_ref().is_some_and(|numbers| person.is_holder_of(numbers)) {
            return Err(NOT_LINKED.into());
        }
        let today = date_time(now).into();
        if verified.document.as_ref().is_none_or(|document| document.has_expired(today)) {
            return Err(EXPIRED.into());
        }
        let asserted = Asserted::of(&verified, details, now);
        Ok(Released::Given(Given::Asserted(Box::new(asserted))))
    }
}

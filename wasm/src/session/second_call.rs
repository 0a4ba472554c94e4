//! The second call of an identity request: the chip proves itself by the key of the portal's server. Once, in the same document, under
//! the same id, and only after the host offered it.

use bitaqa_protocol::{
    ErrorCode, ErrorReport, Origin, RequestId,
    host::{Timing, ToHost},
    identity::{ChipAnswer, ChipChallenge, ProofWanted},
};

use super::{Request, SecondCall, Session, Wish};
use crate::{
    action::{Action, Reply},
    host_link::misbehaved,
};

impl Session {
    /// Passes what the portal's server made on to the host. Anything else ends the request.
    pub(super) fn second_call(
        &mut self,
        document: &str,
        id: &RequestId,
        origin: &str,
        challenge: &str,
        actions: &mut Vec<Action>,
    ) {
        // the request may have ended while the page's server made it
        let Some(request) = self.active.get_mut(document).filter(|request| request.id == *id) else { return };
        match admit(request, origin, challenge) {
            Ok(frame) => actions.push(Action::SendHost { frame }),
            Err(report) => {
                self.tell_host_to_cancel(document, actions);
                self.fail(document, &report, actions);
            }
        }
    }

    /// Notes that the host waits for the second call.
    ///
    /// # Errors
    /// `host-misbehaved` if the page did not ask for that, or has it already.
    pub(super) fn offer_second_call(&mut self, document: &str) -> Result<(), ErrorReport> {
        match self.active.get_mut(document).map(|request| &mut request.wish) {
            Some(Wish::Identify { request, second: second @ SecondCall::None })
                if request.proof == ProofWanted::ChipAuthentication =>
            {
                *second = SecondCall::Offered;
                Ok(())
            }
            _ => Err(misbehaved("a second call that nobody asked for")),
        }
    }

    /// Gives the chip's answer to the page. What it says only the portal's server can tell.
    ///
    /// # Errors
    /// `host-misbehaved` if nothing was asked of the chip.
    pub(super) fn chip_answer(
        &mut self,
        document: &str,
        answer: ChipAnswer,
        timing: Timing,
        actions: &mut Vec<Action>,
    ) -> Result<(), ErrorReport> {
        match self.active.get(document).map(|request| &request.wish) {
            Some(Wish::Identify { second: SecondCall::Made, .. }) => {
                self.succeed(document, Reply::ChipAnswer { answer }, Some(timing), actions);
                Ok(())
            }
            _ => Err(misbehaved("an answer of a chip that was not asked")),
        }
    }
}

/// Checks everything about a second call.
fn admit(request: &mut Request, origin: &str, challenge: &str) -> Result<ToHost, ErrorReport> {
    let invalid = |detail: &str| ErrorReport::new(ErrorCode::RequestInvalid).with_detail(detail);
    if Origin::parse(origin).as_ref() != Ok(&request.origin) {
        return Err(ErrorReport::new(ErrorCode::OriginNotAllowed));
    }
    match (&mut request.wish, &request.host_id) {
        (Wish::Identify { second: second @ SecondCall::Offered, .. }, Some(id)) => {
            let challenge = ChipChallenge::parse(challenge).map_err(|error| invalid(&error.to_string()))?;
            *second = SecondCall::Made;
            Ok(ToHost::ChipChallenge { id: id.clone(), challenge })
        }
        _ => Err(invalid("the request waits for no chip challenge")),
    }
}

//! Whether a request can be answered now, or what the person has to do first.

use bitaqa_trust::Level;

use super::{
    authorization_request::{AuthorizationRequest, UNMET},
    failure::Failure,
};
use crate::{clock::Seconds, person::SignInFacts, requirement::Requirement};

/// What is known when the question is asked.
pub struct Known<'a> {
    /// Who is signed in in this browser, and when they did.
    pub signed_in: Option<(&'a SignInFacts, Seconds)>,
    /// Whether that is who the relying party takes them for; true where it does not say.
    pub as_hinted: bool,
    /// Whether the person agreed earlier to all that is asked.
    pub agreed_earlier: bool,
    /// Whether the person agreed to this very request.
    pub agreed_now: bool,
    /// When the request began.
    pub begun_at: Seconds,
    /// The time now.
    pub now: Seconds,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The person has to sign in, which is to agree as well.
    SignIn,
    /// The person has to agree.
    Agree,
    /// The relying party gets its code; this level is what it hears of.
    Grant(Level),
    /// The relying party gets an error.
    Refuse(Failure),
}

/// Decides.
#[must_use]
pub fn decide(request: &AuthorizationRequest, requirement: &Requirement, known: &Known<'_>) -> Decision {
    let decision = without_regard_to_pages(request, requirement, known);
    match (decision, request.prompt.none) {
        (Decision::SignIn, true) => {
            Decision::Refuse(Failure::new("login_required", "nobody is signed in as it is asked"))
        }
        (Decision::Agree, true) => {
            Decision::Refuse(Failure::new("consent_required", "the person has not agreed to what is asked"))
        }
        _ => decision,
    }
}

fn without_regard_to_pages(
    request: &AuthorizationRequest,
    requirement: &Requirement,
    known: &Known<'_>,
) -> Decision {
    if !requirement.can_be_met() {
        return Decision::Refuse(UNMET);
    }
    let Some((facts, authenticated_at)) = known.signed_in else { return Decision::SignIn };
    // whoever signed in for this request is not asked to do it again, however short max_age is
    let just_now = !request.prompt.none && known.agreed_now && authenticated_at >= known.begun_at;
    if !just_now {
        let age = known.now.saturating_sub(authenticated_at);
        if request.prompt.login || request.max_age.is_some_and(|max_age| age > max_age) {
            return Decision::SignIn;
        }
    }
    if !known.as_hinted {
        let other = Failure::new("login_required", "another person is signed in than id_token_hint says");
        return if just_now { Decision::Refuse(other) } else { Decision::SignIn };
    }
    let Some(level) = reached(request, requirement, facts) else {
        return if just_now || request.prompt.none { Decision::Refuse(UNMET) } else { Decision::SignIn };
    };
    if known.agreed_now || (known.agreed_earlier && !request.prompt.consent) {
        Decision::Grant(level)
    } else {
        Decision::Agree
    }
}

/// The level that the relying party hears of: of those that are essential the highest that is reached, otherwise what is
/// reached. Nothing where that is not enough.
fn reached(request: &AuthorizationRequest, requirement: &Requirement, facts: &SignInFacts) -> Option<Level> {
    let level = facts.level;
    if level < requirement.level || !requirement.allows(facts.authentication) {
        return None;
    }
    match &request.essential_levels {
        None => Some(level),
        Some(levels) => levels.iter().copied().filter(|wanted| *wanted <= level).max(),
    }
}

//! Whether a request can be answered now, or what the person has to do first.

use bitaqa_trust::Level;

use super::{
    authorization_request::{AuthorizationRequest, UNMET},
    failure::Failure,
};
use crate::{
    clock::Seconds,
    factor::Authentication,
    person::{Shown, SignInFacts},
    requirement::Requirement,
    requirement::shorter,
    signed_in::SESSION_LIFETIME,
};

/// What is known when the question is asked.
pub struct Known<'a> {
    /// Who is signed in in this browser.
    pub signed_in: Option<&'a SignInFacts>,
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
    /// The person has to show something, which is to agree as well.
    SignIn,
    /// The person has to agree.
    Agree,
    /// The person has to answer in the host's window what is asked of the chip; then the relying party gets its code.
    Identify(Grounds),
    /// The relying party gets its code.
    Grant(Grounds),
    /// The relying party gets an error.
    Refuse(Failure),
}

/// What a code rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grounds {
    /// The level that the relying party hears of.
    pub level: Level,
    /// What was shown that reaches it.
    pub shown: Shown,
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
        // each answer is to one request: nobody has given it already
        (Decision::Grant(_), true) if request.identity.is_some() => Decision::Refuse(Failure::new(
            "interaction_required",
            "the person is asked for what the chip holds",
        )),
        (Decision::Grant(grounds), false) if request.identity.is_some() => Decision::Identify(grounds),
        _ => decision,
    }
}

/// The factors that a person may show for a request, those that reach what is wished where any does.
#[must_use]
pub fn offered(request: &AuthorizationRequest, requirement: &Requirement) -> Vec<Authentication> {
    let enough = |least: Level| -> Vec<Authentication> {
        requirement.factors_reaching(least.max(requirement.level)).collect()
    };
    let essential = lowest(request.essential_levels.as_deref()).unwrap_or_default();
    let wished = lowest(request.wished_levels.as_deref()).unwrap_or_default();
    let best = enough(essential.max(wished));
    if best.is_empty() { enough(essential) } else { best }
}

fn without_regard_to_pages(
    request: &AuthorizationRequest,
    requirement: &Requirement,
    known: &Known<'_>,
) -> Decision {
    if requirement.refused {
        return Decision::Refuse(Failure::new("access_denied", "a rule refuses this in these circumstances"));
    }
    if !requirement.can_be_met() {
        return Decision::Refuse(UNMET);
    }
    let Some(facts) = known.signed_in else { return Decision::SignIn };
    // whoever showed something for this request is not asked to do it again, however short max_age is
    let just_now = |shown: &Shown| !request.prompt.none && known.agreed_now && shown.at >= known.begun_at;
    let max_age = shorter(request.max_age, requirement.max_age);
    let fresh = |shown: &Shown| {
        let age = known.now.saturating_sub(shown.at);
        // 0 is the same as prompt=login, also within the second (OpenID Connect Core, errata set 2, section 3.1.2.1)
        age < SESSION_LIFETIME
            && !request.prompt.login
            && max_age.is_none_or(|max_age| max_age > 0 && age <= max_age)
    };
    let tried = facts.shown.iter().any(just_now);
    let mut usable = facts.shown.clone();
    usable.retain(|shown| requirement.allows(shown.factor) && (just_now(shown) || fresh(shown)));
    if usable.is_empty() && !tried {
        return Decision::SignIn;
    }
    if !known.as_hinted {
        let other = Failure::new("login_required", "another person is signed in than id_token_hint says");
        return if tried { Decision::Refuse(other) } else { Decision::SignIn };
    }
    let Some(grounds) = reached(request, requirement, &usable) else {
        return if tried || request.prompt.none { Decision::Refuse(UNMET) } else { Decision::SignIn };
    };
    if let Some(wished) = lowest(request.wished_levels.as_deref())
        && grounds.shown.level < wished
        && !(tried || request.prompt.none)
        && facts.can_reach(wished, requirement)
    {
        return Decision::SignIn;
    }
    if known.agreed_now || (known.agreed_earlier && !request.prompt.consent) {
        Decision::Grant(grounds)
    } else {
        Decision::Agree
    }
}

/// What is told, of what was shown the best: of the levels that are essential the highest that it reaches, otherwise its own. Nothing
/// where that is not enough.
fn reached(request: &AuthorizationRequest, requirement: &Requirement, usable: &[Shown]) -> Option<Grounds> {
    let shown = *usable.iter().max_by_key(|shown| (shown.level, shown.at))?;
    if shown.level < requirement.level {
        return None;
    }
    let level = match &request.essential_levels {
        None => shown.level,
        Some(levels) => levels.iter().copied().filter(|wanted| *wanted <= shown.level).max()?,
    };
    Some(Grounds { level, shown })
}

fn lowest(levels: Option<&[Level]>) -> Option<Level> {
    levels?.iter().copied().min()
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::{
        identity::{Holder, ProofWanted},
        mediation::Mode,
    };

    use super::*;
    use crate::{
        assurance::Proofing,
        factor::{CardAndPin, tests::LESSER},
        identity::mediated::IdentityDetails,
        person::Person,
        provider::authorization_request::{Destination, Prompt, ResponseMode},
    };

    const NOW: Seconds = 10_000;

    fn request() -> AuthorizationRequest {
        AuthorizationRequest {
            client: "bank".to_owned(),
            destination: Destination {
                redirect_uri: "https://bank.example.ma/".to_owned(),
                response_mode: ResponseMode::Query,
                state: None,
            },
            nonce: None,
            code_challenge: String::new(),
            key: None,
            services: Vec::new(),
            offline_access: false,
            id_token_claims: Vec::new(),
            userinfo_claims: Vec::new(),
            id_token_verified: crate::provider::verified_claims::VerifiedClaims::default(),
            userinfo_verified: crate::provider::verified_claims::VerifiedClaims::default(),
            essential_levels: None,
            wished_levels: None,
            max_age: None,
            prompt: Prompt::default(),
            id_token_hint: None,
            subject: None,
            pushed_as: None,
            language: None,
            scripts: Vec::new(),
            identity: None,
        }
    }

    const LESS: Authentication = Authentication::of(&LESSER);
    const PIN: Authentication = Authentication::of(&CardAndPin);

    fn facts(shown: &[(Authentication, Level, Seconds)]) -> SignInFacts {
        SignInFacts {
            session: String::new(),
            proofing: Proofing::Centre,
            ceiling: Level::High,
            shown: shown
                .iter()
                .map(|(factor, level, at)| Shown { factor: *factor, level: *level, at: *at })
                .collect(),
            issuer: "high".to_owned(),
            person: Person::unnamed(),
            verified: None,
        }
    }

    fn decided(request: &AuthorizationRequest, needed: &Requirement, facts: &SignInFacts) -> Decision {
        let known = Known {
            signed_in: Some(facts),
            as_hinted: true,
            agreed_earlier: true,
            agreed_now: false,
            begun_at: NOW,
            now: NOW,
        };
        decide(request, needed, &known)
    }

    fn granted(level: Level, factor: Authentication, at: Seconds) -> Decision {
        Decision::Grant(Grounds { level, shown: Shown { factor, level, at } })
    }

    #[test]
    fn a_session_that_a_lesser_factor_made_is_stepped_up_and_keeps_what_it_has() {
        let needs = |level| Requirement { level, ..Requirement::default() };
        let less = facts(&[(LESS, Level::Low, NOW - 100)]);
        assert_eq!(decided(&request(), &needs(Level::Low), &less), granted(Level::Low, LESS, NOW - 100));
        assert_eq!(decided(&request(), &needs(Level::High), &less), Decision::SignIn);
        let both = facts(&[(LESS, Level::Low, NOW - 100), (PIN, Level::High, NOW - 10)]);
        assert_eq!(decided(&request(), &needs(Level::High), &both), granted(Level::High, PIN, NOW - 10));
        // the other factor is still there for who allows nothing else
        let lesser_only = Requirement { factors: Some(vec![LESS]), ..needs(Level::Low) };
        // in these tests no such factor is registered, so nobody could show it
        assert_eq!(decided(&request(), &lesser_only, &both), Decision::Refuse(UNMET));
    }

    #[test]
    fn what_was_shown_too_long_ago_does_not_count_though_something_lesser_is_fresh() {
        let mut asked = request();
        asked.max_age = Some(60);
        let old = facts(&[(PIN, Level::High, NOW - 61), (LESS, Level::Low, NOW - 1)]);
        let high = Requirement { level: Level::High, ..Requirement::default() };
        assert_eq!(decided(&asked, &high, &old), Decision::SignIn);
        // nor does anything count for longer than a session, though one goes on with something lesser
        let kept = facts(&[(PIN, Level::High, NOW - SESSION_LIFETIME), (LESS, Level::Low, NOW - 1)]);
        assert_eq!(decided(&request(), &high, &kept), Decision::SignIn);
        assert_eq!(decided(&request(), &Requirement::default(), &kept), granted(Level::Low, LESS, NOW - 1));
        // and what is told is what is fresh
        assert_eq!(decided(&asked, &Requirement::default(), &old), granted(Level::Low, LESS, NOW - 1));
        // a rule that is shorter than the request counts, and a longer one does not
        let rule = |max_age| Requirement { max_age: Some(max_age), ..high.clone() };
        let ten = facts(&[(PIN, Level::High, NOW - 10)]);
        assert_eq!(decided(&asked, &rule(600), &ten), granted(Level::High, PIN, NOW - 10));
        assert_eq!(decided(&asked, &rule(9), &ten), Decision::SignIn);
        // nothing is fresh enough for 0, but what was shown for this request
        asked.max_age = Some(0);
        let now = facts(&[(PIN, Level::High, NOW)]);
        assert_eq!(decided(&asked, &high, &now), Decision::SignIn);
        let known = Known {
            signed_in: Some(&now),
            as_hinted: true,
            agreed_earlier: true,
            agreed_now: true,
            begun_at: NOW,
            now: NOW,
        };
        assert_eq!(decide(&asked, &high, &known), granted(Level::High, PIN, NOW));
    }

    #[test]
    fn a_wish_is_asked_for_once_where_the_person_can_fulfil_it() {
        let mut asked = request();
        asked.wished_levels = Some(vec![Level::High]);
        let none = Requirement::default();
        let less = facts(&[(LESS, Level::Low, NOW - 100)]);
        assert_eq!(decided(&asked, &none, &less), Decision::SignIn);
        let known = Known {
            signed_in: Some(&facts(&[(LESS, Level::Low, NOW)])),
            as_hinted: true,
            agreed_earlier: true,
            agreed_now: true,
            begun_at: NOW,
            now: NOW,
        };
        assert_eq!(decide(&asked, &none, &known), granted(Level::Low, LESS, NOW));
        // whose card is worth no more than that is not asked
        let mut low = facts(&[(PIN, Level::Low, NOW - 100)]);
        low.ceiling = Level::Low;
        assert_eq!(decided(&asked, &none, &low), granted(Level::Low, PIN, NOW - 100));
        // nor is anybody where nobody is to see a page
        asked.prompt.none = true;
        assert_eq!(decided(&asked, &none, &less), granted(Level::Low, LESS, NOW - 100));
    }

    #[test]
    fn the_page_offers_what_reaches_what_is_asked() {
        let all: Vec<Authentication> = Authentication::all().collect();
        let high = Requirement { level: Level::High, ..Requirement::default() };
        assert_eq!(offered(&request(), &Requirement::default()), all);
        assert!(offered(&request(), &high).iter().all(|factor| factor.level() == Level::High));
        let nothing = Requirement { factors: Some(vec![LESS]), ..high };
        assert!(offered(&request(), &nothing).is_empty());
    }

    #[test]
    fn what_a_chip_holds_is_asked_each_time_and_never_in_silence() {
        let mut asked = request();
        asked.identity = Some(IdentityDetails {
            purpose: "open-account".to_owned().try_into().unwrap(),
            claims: serde_json::from_str(r#"{"required":["given_name"]}"#).unwrap(),
            mode: Mode::Assert,
            challenge: None,
            holder: Holder::None,
            proof: ProofWanted::Chip,
        });
        let (needs, signed_in) = (Requirement::default(), facts(&[(PIN, Level::High, NOW - 10)]));
        let grounds =
            Grounds { level: Level::High, shown: Shown { factor: PIN, level: Level::High, at: NOW - 10 } };
        assert_eq!(decided(&asked, &needs, &signed_in), Decision::Identify(grounds));
        asked.prompt.none = true;
        let Decision::Refuse(failure) = decided(&asked, &needs, &signed_in) else { panic!() };
        assert_eq!(failure.code, "interaction_required");
    }

    #[test]
    fn who_is_refused_is_refused_whatever_they_showed() {
        let refused = Requirement { refused: true, ..Requirement::default() };
        let high = facts(&[(PIN, Level::High, NOW)]);
        let Decision::Refuse(failure) = decided(&request(), &refused, &high) else { panic!() };
        assert_eq!(failure.code, "access_denied");
    }
}

//! `verified_claims`: what is told with how it was verified (OpenID Connect for Identity Assurance 1.0, OpenID Identity Assurance
//! Schema Definition 1.0).
//!
//! Who verifies is the issuer of the card, before it gives the card out: by the trust framework that the operator names for it. What
//! the platform itself knows is that the card is genuine and the certificate in it: that is the evidence. Nothing that is not known
//! is made up, and what cannot be told as it was asked for is left out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::failure::Failure;
use crate::{
    person::{Claim, Script, SignInFacts},
    registration::Registration,
};

/// Most verifications that one request can name.
const MAX_ASKED: usize = 8;
/// What the evidence is: an identity card, looked at by cryptography.
pub const EVIDENCE: &str = "document";
/// Type of the document.
pub const DOCUMENT: &str = "idcard";
/// How it was looked at.
pub const CHECK: &str = "vcrypt";

const WRONG: Failure =
    Failure::request("verified_claims is not as OpenID Connect for Identity Assurance section 6 has it");

/// What one place of an answer, ID token or userinfo, is to say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct VerifiedClaims {
    asked: Vec<Asked>,
    /// Whether it was asked as a list, and is answered as one.
    as_list: bool,
}

/// Claims, and how they must have been verified.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    verification: Value,
    claims: Vec<(Claim, Value)>,
}

impl VerifiedClaims {
    /// Reads what the parameter `claims` says of one place.
    ///
    /// # Errors
    /// [`Failure`]: it has another form.
    pub fn parse(place: &Map<String, Value>) -> Result<Self, Failure> {
        let (list, as_list) = match place.get("verified_claims") {
            None | Some(Value::Null) => return Ok(Self::default()),
            Some(Value::Array(list)) if (1..=MAX_ASKED).contains(&list.len()) => (list.as_slice(), true),
            Some(one @ Value::Object(_)) => (std::slice::from_ref(one), false),
            Some(_) => return Err(WRONG),
        };
        let asked = list.iter().map(Asked::parse).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { asked, as_list })
    }

    /// Without what a relying party is not registered for, or the place must not say.
    #[must_use]
    pub fn granted(mut self, registration: &Registration, says: impl Fn(Claim) -> bool) -> Self {
        for asked in &mut self.asked {
            asked.claims.retain(|(claim, _)| registration.claims.contains(claim) && says(*claim));
        }
        self.asked.retain(|asked| !asked.claims.is_empty());
        self
    }

    /// The claims that it names.
    pub fn claims(&self) -> impl Iterator<Item = Claim> {
        self.asked.iter().flat_map(|asked| asked.claims.iter().map(|(claim, _)| *claim))
    }

    /// What is told of a person; nothing where none of it can be told as it was asked for.
    #[must_use]
    pub fn told(&self, facts: &SignInFacts, scripts: &[Script]) -> Option<Value> {
        let known = verification(facts)?;
        let mut told = self.asked.iter().filter_map(|asked| asked.told(&known, facts, scripts));
        if !self.as_list {
            return told.next();
        }
        let list: Vec<Value> = told.collect();
        (!list.is_empty()).then_some(Value::Array(list))
    }
}

impl Asked {
    fn parse(asked: &Value) -> Result<Self, Failure> {
        let (Some(verification @ Value::Object(members)), Some(Value::Object(claims))) =
            (asked.get("verification"), asked.get("claims"))
        else {
            return Err(WRONG);
        };
        if !members.contains_key("trust_framework") {
            return Err(WRONG);
        }
        let is_wish = |value: &Value| matches!(value, Value::Null | Value::Object(_));
        let claims = claims
            .iter()
            .filter_map(|(name, value)| Some((Claim::from_name(name)?, value.clone())))
            .map(|(claim, value)| if is_wish(&value) { Ok((claim, value)) } else { Err(WRONG) });
        Ok(Self { verification: verification.clone(), claims: claims.collect::<Result<_, _>>()? })
    }

    fn told(&self, known: &Value, facts: &SignInFacts, scripts: &[Script]) -> Option<Value> {
        let verification = chosen(&self.verification, known)?;
        let claims: Map<String, Value> = self
            .claims
            .iter()
            .filter_map(|(claim, wish)| {
                let value = Value::from(facts.person.claim(*claim, scripts)?);
                Some((claim.name().to_owned(), chosen(wish, &value)?))
            })
            .collect();
        (!claims.is_empty()).then(|| json!({ "verification": verification, "claims": claims }))
    }
}

/// Everything that is known of how a person's data was verified; nothing where no framework is named for the card's issuer.
fn verification(facts: &SignInFacts) -> Option<Value> {
    let verified = facts.verified.as_ref()?;
    Some(json!({
        "trust_framework": verified.trust_framework,
        "evidence": [{
            "type": EVIDENCE,
            "check_details": [{ "check_method": CHECK }],
            "document_details": { "type": DOCUMENT, "issuer": { "name": verified.issuer } },
        }],
    }))
}

/// Of what is known, what a wish names; nothing where that is not as the wish has it. As deep as what is known, and no deeper.
fn chosen(wish: &Value, known: &Value) -> Option<Value> {
    match (wish, known) {
        (Value::Null, _) => Some(known.clone()),
        (Value::Object(members), _) if members.contains_key("value") => {
            (members.get("value") == Some(known)).then(|| known.clone())
        }
        (Value::Object(members), _) if members.contains_key("values") => {
            let fits = members.get("values").and_then(Value::as_array).is_some_and(|all| all.contains(known));
            fits.then(|| known.clone())
        }
        // only whether it is essential, or what it is for
        (Value::Object(members), _) if members.keys().all(|name| is_about(name)) => Some(known.clone()),
        (Value::Object(members), Value::Object(parts)) => {
            let mut told = Map::new();
            for (name, wish) in members.iter().filter(|(name, _)| !is_about(name)) {
                match parts.get(name) {
                    Some(part) => {
                        told.insert(name.clone(), chosen(wish, part)?);
                    }
                    // what is not known is left out, but not where the rest counts for nothing without it
                    None if is_condition(wish) => return None,
                    None => {}
                }
            }
            Some(Value::Object(told))
        }
        (Value::Array(wishes), Value::Array(all)) => {
            let of = |wish| all.iter().find_map(|known| chosen(wish, known));
            let told: Vec<Value> = wishes.iter().take(MAX_ASKED).filter_map(of).collect();
            (!told.is_empty()).then_some(Value::Array(told))
        }
        _ => None,
    }
}

/// Members of a wish that say something about it, and name no part of what is known.
fn is_about(name: &str) -> bool {
    matches!(name, "essential" | "purpose")
}

/// Whether a wish says what a value has to be.
fn is_condition(wish: &Value) -> bool {
    let Value::Object(members) = wish else { return false };
    ["value", "values", "max_age"].into_iter().any(|name| members.contains_key(name))
        || members.get("essential") == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_is_known_that_is_told_which_was_asked_for() {
        let evidence = json!([{ "type": "document", "document_details": { "type": "idcard", "issuer": { "name": "X" } } }]);
        let known = json!({ "trust_framework": "a", "evidence": evidence });
        for (wish, told) in [
            (json!({ "trust_framework": null }), Some(json!({ "trust_framework": "a" }))),
            (json!({ "trust_framework": {} }), Some(json!({ "trust_framework": "a" }))),
            (json!({ "trust_framework": { "essential": true } }), Some(json!({ "trust_framework": "a" }))),
            (json!({ "trust_framework": { "value": "a" } }), Some(json!({ "trust_framework": "a" }))),
            (json!({ "trust_framework": { "values": ["b", "a"] } }), Some(json!({ "trust_framework": "a" }))),
            (json!({ "trust_framework": { "value": "b" } }), None),
            (json!({ "trust_framework": { "values": ["b"] } }), None),
            (json!({ "trust_framework": { "values": "a" } }), None),
            (json!({ "trust_framework": "a" }), None),
            (json!({ "trust_framework": null, "time": null }), Some(json!({ "trust_framework": "a" }))),
            (json!({ "trust_framework": null, "time": { "max_age": 10 } }), None),
            (json!({ "trust_framework": null, "assurance_level": { "value": "high" } }), None),
            (
                json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" } }] }),
                Some(json!({ "trust_framework": "a", "evidence": [{ "type": "document" }] })),
            ),
            (
                json!({ "trust_framework": null, "evidence": [{ "type": null, "document_details": { "issuer": null, "number": null } }] }),
                Some(json!({
                    "trust_framework": "a",
                    "evidence": [{ "type": "document", "document_details": { "issuer": { "name": "X" } } }],
                })),
            ),
            (json!({ "trust_framework": null, "evidence": [{ "type": { "value": "vouch" } }] }), None),
            (json!({ "trust_framework": null, "evidence": [] }), None),
        ] {
            assert_eq!(chosen(&wish, &known), told, "{wish}");
        }
    }

    #[test]
    fn what_has_another_form_is_refused() {
        let good = json!({ "verification": { "trust_framework": null }, "claims": { "name": null } });
        let parse =
            |value: &Value| VerifiedClaims::parse(json!({ "verified_claims": value }).as_object().unwrap());
        assert!(parse(&good).is_ok() && parse(&json!([good, good])).is_ok() && parse(&Value::Null).is_ok());
        for value in [
            json!("x"),
            json!([]),
            json!(vec![good.clone(); MAX_ASKED + 1]),
            json!({ "claims": { "name": null } }),
            json!({ "verification": {}, "claims": { "name": null } }),
            json!({ "verification": { "trust_framework": null } }),
            json!({ "verification": { "trust_framework": null }, "claims": ["name"] }),
            json!({ "verification": { "trust_framework": null }, "claims": { "name": 1 } }),
        ] {
            assert_eq!(parse(&value), Err(WRONG), "{value}");
        }
    }
}

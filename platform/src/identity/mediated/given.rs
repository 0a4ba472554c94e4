//! What a portal gets of an identity request. It stays sealed in the grant, and ends with it.

use std::collections::BTreeMap;

use bitaqa_protocol::{Claim, ClaimSet, mediation::Sha256Digest};
use bitaqa_trust::{
    Level,
    identity::{VerifiedIdentity, result::Chip},
    token_verification::HolderVerification,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::IdentityDetails;
use crate::clock::Seconds;

/// What was asked, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GrantedIdentity {
    /// What was asked.
    pub details: IdentityDetails,
    /// What came of it.
    pub given: Given,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    /// The browser took the answer to the portal. By these it knows that it is the one, and to what.
    Relayed {
        /// SHA-256 of the encrypted answer.
        answer: Sha256Digest,
        /// SHA-256 of the joined statements.
        statement: Sha256Digest,
    },
    /// The platform read it.
    Asserted(Box<Asserted>),
}

/// What the platform says of a person by what their chip holds.
#[derive(Clone, Serialize, Deserialize)]
pub struct Asserted {
    claims: BTreeMap<Claim, Value>,
    /// Everything else, as userinfo has it.
    facts: Map<String, Value>,
}

impl Asserted {
    /// What was asked of an answer that holds, and nothing else of it.
    pub(super) fn of(verified: &VerifiedIdentity, details: &IdentityDetails, at: Seconds) -> Self {
        let told = |claim: Claim| {
            let value = serde_json::to_value(verified.claims.get(&claim)?).ok()?;
            Some((claim, value))
        };
        let claims = details.claims.all().filter_map(told).collect();
        let chip: &Chip = &verified.chip;
        let level: Level = verified.level;
        let holder = verified.holder_verification.map_or("none", HolderVerification::name);
        let facts = [
            ("purpose", json!(details.purpose)),
            ("level", json!(level)),
            ("assurance", json!(verified.assurance)),
            ("chip", json!(chip)),
            ("holderVerification", json!(holder)),
            ("at", json!(at)),
        ];
        Self { claims, facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }
}

/// Personal data is not shown.
impl std::fmt::Debug for Asserted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asserted(personal)")
    }
}

impl GrantedIdentity {
    /// As far as a portal is registered for it now; nothing where it is no more.
    #[must_use]
    pub fn as_far_as(mut self, allowed: Option<&ClaimSet>) -> Option<Self> {
        let allowed = allowed?;
        if let Given::Asserted(asserted) = &mut self.given {
            asserted.claims.retain(|claim, _| allowed.allows(*claim));
        }
        Some(self)
    }

    /// What ID token and token response say of an answer that went past the platform.
    #[must_use]
    pub fn hashes(&self) -> Map<String, Value> {
        let Given::Relayed { answer, statement } = &self.given else { return Map::new() };
        [("identity_answer_hash", answer), ("identity_statement_hash", statement)]
            .map(|(name, hash)| (name.to_owned(), json!(hash)))
            .into_iter()
            .collect()
    }

    /// What userinfo says (`identity`).
    #[must_use]
    pub fn told(&self) -> Option<Value> {
        let Given::Asserted(asserted) = &self.given else { return None };
        let mut members = asserted.facts.clone();
        members.insert("claims".to_owned(), json!(asserted.claims));
        Some(Value::Object(members))
    }
}

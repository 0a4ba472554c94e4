//! Sets of claims: what a statement allows, and what a request asks for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::claim::{Claim, ClaimError, Closure};

/// Most claims of a request or a statement.
pub const MAX_CLAIMS: usize = 64;

/// A set of claims, as a list in JSON in which none stands twice; at most [`MAX_CLAIMS`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema), ts(as = "Vec<Claim>"))]
#[serde(try_from = "Vec<Claim>", into = "Vec<Claim>")]
pub struct ClaimSet(BTreeSet<Claim>);

impl ClaimSet {
    /// From a list in any order.
    ///
    /// # Errors
    /// [`ClaimError::Twice`], [`ClaimError::TooMany`].
    pub fn new(claims: impl IntoIterator<Item = Claim>) -> Result<Self, ClaimError> {
        let mut set = BTreeSet::new();
        for claim in claims {
            if !set.insert(claim) {
                return Err(ClaimError::Twice);
            }
            if set.len() > MAX_CLAIMS {
                return Err(ClaimError::TooMany);
            }
        }
        Ok(Self(set))
    }

    /// The claims, in the order of the vocabulary.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Claim> + '_ {
        self.0.iter().copied()
    }

    /// Whether it has this one.
    #[must_use]
    pub fn contains(&self, claim: Claim) -> bool {
        self.0.contains(&claim)
    }

    /// Whether it allows this one: it has it, or has what it follows from (an age limit follows from the birth date).
    #[must_use]
    pub fn allows(&self, claim: Claim) -> bool {
        self.contains(claim) || (matches!(claim, Claim::AgeOver(_)) && self.contains(Claim::Birthdate))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<Claim>> for ClaimSet {
    type Error = ClaimError;

    fn try_from(claims: Vec<Claim>) -> Result<Self, ClaimError> {
        Self::new(claims)
    }
}

impl From<ClaimSet> for Vec<Claim> {
    fn from(set: ClaimSet) -> Self {
        set.0.into_iter().collect()
    }
}

/// What a portal asks for: at least one claim, each either required or optional. The person can refuse the optional ones and
/// still succeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(try_from = "Lists", into = "Lists")]
pub struct RequestedClaims {
    #[cfg_attr(feature = "codegen", ts(optional, as = "Option<ClaimSet>"))]
    required: ClaimSet,
    #[cfg_attr(feature = "codegen", ts(optional, as = "Option<ClaimSet>"))]
    optional: ClaimSet,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Lists {
    #[serde(default, skip_serializing_if = "ClaimSet::is_empty")]
    required: ClaimSet,
    #[serde(default, skip_serializing_if = "ClaimSet::is_empty")]
    optional: ClaimSet,
}

impl RequestedClaims {
    /// From both sets.
    ///
    /// # Errors
    /// [`ClaimError::None`]: both are empty; [`ClaimError::Twice`]: one claim is in both; [`ClaimError::TooMany`].
    pub fn new(required: ClaimSet, optional: ClaimSet) -> Result<Self, ClaimError> {
        if required.is_empty() && optional.is_empty() {
            return Err(ClaimError::None);
        }
        ClaimSet::new(required.iter().chain(optional.iter()))?;
        Ok(Self { required, optional })
    }

    /// Without these the portal has no use for the answer.
    #[must_use]
    pub const fn required(&self) -> &ClaimSet {
        &self.required
    }

    /// These the person can refuse.
    #[must_use]
    pub const fn optional(&self) -> &ClaimSet {
        &self.optional
    }

    /// Both.
    pub fn all(&self) -> impl Iterator<Item = Claim> + '_ {
        self.required.iter().chain(self.optional.iter())
    }

    /// What is read and told if everything is granted.
    #[must_use]
    pub fn closure(&self) -> Closure {
        Closure::of(self.all())
    }
}

impl TryFrom<Lists> for RequestedClaims {
    type Error = ClaimError;

    fn try_from(lists: Lists) -> Result<Self, ClaimError> {
        Self::new(lists.required, lists.optional)
    }
}

impl From<RequestedClaims> for Lists {
    fn from(requested: RequestedClaims) -> Self {
        Self { required: requested.required, optional: requested.optional }
    }
}

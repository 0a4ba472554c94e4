//! Who administers the platform.

use bitaqa_jose::PublicJwk;
use serde::{Deserialize, Serialize};

use crate::{clock::Seconds, registration::is_client_id};

/// Most operators.
const MAX_OPERATORS: usize = 256;

/// What an operator may do. Nobody has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Proposes registrations, and suspends.
    Onboarder,
    /// Approves or refuses what others propose, and suspends.
    Authoriser,
}

impl Role {
    /// Its name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Onboarder => "onboarder",
            Self::Authoriser => "authoriser",
        }
    }
}

/// Somebody who administers the platform.
#[derive(Debug, Clone)]
pub struct Operator {
    /// As entries name them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What their signatures are verified with.
    pub key: PublicJwk,
    /// From when on they sign nothing that counts.
    pub until: Option<Seconds>,
}

impl Operator {
    /// Whether their time is not over.
    #[must_use]
    pub fn serves(&self, now: Seconds) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// All of them: no two of one name or with one key, so that no key has both roles.
#[derive(Debug, Clone, Default)]
pub struct Operators(Vec<Operator>);

impl Operators {
    /// Puts them together.
    ///
    /// # Errors
    /// [`OperatorsError`].
    pub fn new(operators: Vec<Operator>) -> Result<Self, OperatorsError> {
        if operators.len() > MAX_OPERATORS {
            return Err(OperatorsError::Number);
        }
        for (at, operator) in operators.iter().enumerate() {
            let name = || operator.name.chars().take(80).collect();
            if !is_client_id(&operator.name) {
                return Err(OperatorsError::Name { name: name() });
            }
            let mut before = operators.iter().take(at);
            if before.clone().any(|other| other.name == operator.name) {
                return Err(OperatorsError::Twice { name: name() });
            }
            let same_key = |other: &&Operator| other.key.thumbprint() == operator.key.thumbprint();
            if let Some(other) = before.find(same_key) {
                return Err(OperatorsError::SameKey { name: name(), other: other.name.clone() });
            }
        }
        Ok(Self(operators))
    }

    /// The operator of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Operator> {
        self.0.iter().find(|operator| operator.name == name)
    }

    /// The operator whose key this is.
    #[must_use]
    pub fn with_key(&self, key: &PublicJwk) -> Option<&Operator> {
        self.0.iter().find(|operator| operator.key.thumbprint() == key.thumbprint())
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Operator> {
        self.0.iter()
    }
}

/// Why these cannot be the operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperatorsError {
    /// Too many.
    #[error("[[operator]]: at most {MAX_OPERATORS}")]
    Number,
    /// A name.
    #[error("[[operator]] \"{name}\": a name has 1 to 64 letters, digits, dots, hyphens and underscores")]
    Name {
        /// Its beginning.
        name: String,
    },
    /// A name that stands there twice.
    #[error("[[operator]] \"{name}\": it stands there twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// One key for two.
    #[error("[[operator]] \"{name}\": it has the key of \"{other}\"; whoever proposes does not approve")]
    SameKey {
        /// The later one.
        name: String,
        /// The earlier one.
        other: String,
    },
}

//! What is known of somebody who signed in. It stands in the database sealed, in no log and in no address.

use bitaqa_trust::{AuthenticationCertificate, Level};
use serde::{Deserialize, Serialize};

use crate::assurance::{Authentication, Proofing};

/// What a relying party can learn about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The name to show.
    Name,
    /// Given names.
    GivenName,
    /// Surnames.
    FamilyName,
    /// The number in the certificate, as it stands there.
    PersonalNumber,
}

impl Claim {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Name, Self::GivenName, Self::FamilyName, Self::PersonalNumber];

    /// Those of the scope `profile`.
    pub const PROFILE: [Self; 3] = [Self::Name, Self::GivenName, Self::FamilyName];

    /// Its name in tokens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::PersonalNumber => "personal_number",
        }
    }

    /// ID tokens come back as hints, in addresses: no number of a person is in one. Userinfo gives it instead.
    #[must_use]
    pub const fn stays_out_of_id_tokens(self) -> bool {
        matches!(self, Self::PersonalNumber)
    }

    /// The claim of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|claim| claim.name() == name)
    }
}

/// A person, as their certificate names them. `Debug` shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    personal_number: String,
}

impl Person {
    /// The holder of a certificate that was verified; nobody where it has no number.
    #[must_use]
    pub fn of(certificate: &AuthenticationCertificate) -> Option<Self> {
        let subject = certificate.subject();
        Some(Self {
            name: subject.display_name(),
            given_name: subject.given_name(),
            family_name: subject.surname(),
            personal_number: certificate.personal_number()?.to_owned(),
        })
    }

    /// What the person says by a claim, where the certificate has it.
    #[must_use]
    pub fn claim(&self, claim: Claim) -> Option<&str> {
        match claim {
            Claim::Name => self.name.as_deref(),
            Claim::GivenName => self.given_name.as_deref(),
            Claim::FamilyName => self.family_name.as_deref(),
            Claim::PersonalNumber => Some(&self.personal_number),
        }
    }

    /// What their number is compared by: issuers write the same one in small and large letters, with and without spaces and hyphens.
    #[must_use]
    pub fn number_key(&self) -> String {
        self.personal_number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    }

    /// A name to show to the person themselves.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.name.as_deref().or(self.family_name.as_deref()).unwrap_or_default()
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person")
    }
}

/// A sign-in: who, how, and how sure that is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInFacts {
    /// Name of the session for relying parties (`sid`); it opens nothing.
    pub session: String,
    /// How it was made sure who the person is.
    pub proofing: Proofing,
    /// What was shown.
    pub authentication: Authentication,
    /// What both are worth together.
    pub level: Level,
    /// Who it is.
    pub person: Person,
}

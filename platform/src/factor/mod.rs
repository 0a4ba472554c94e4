//! What people show to sign in. Each factor is a file of this folder and a line in [`FACTORS`]; the rest of the platform knows factors by
//! their names only.

mod card_and_pin;
pub mod card_possession;

use async_trait::async_trait;
use bitaqa_trust::{Level, token_verification::HolderVerification};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{
    Platform, Unable, clock::Seconds, identity::Identity, person::Person, requirement::Requirement,
    secret::Secret, settings::Populations,
};

pub use card_and_pin::CardAndPin;
pub use card_possession::CardPossession;

/// All of them, in the order in which the page offers them.
pub static FACTORS: [&dyn Factor; 2] = [&CardAndPin, &CardPossession];

/// A way to sign in.
#[async_trait]
pub trait Factor: Send + Sync {
    /// Its name in registrations, rules and the database; it stays.
    fn name(&self) -> &'static str;
    /// Its methods (RFC 8176 section 2).
    fn methods(&self) -> &'static [&'static str];
    /// The most that it is worth.
    fn level(&self) -> Level;
    /// How it was made sure that the card was in its holder's hands; nothing where it was not.
    fn holder_verification(&self) -> Option<HolderVerification>;
    /// Whether it can be shown at a platform of this configuration.
    fn is_configured(&self, _identity: Option<&Identity>, _populations: &Populations) -> bool {
        true
    }
    /// What the page shows of it.
    fn part(&self) -> Part;
    /// Longest text of the page's script that is taken, in bytes.
    fn max_length(&self) -> usize;
    /// Begins: what the page's script gets, and what has to be answered.
    ///
    /// # Errors
    /// [`NotShown`]: not here, or not now.
    async fn begin(&self, platform: &Platform, interaction: &Secret) -> Result<Next, NotShown>;
    /// Verifies what the page's script sent. What it answers was taken out before: whatever comes of it, it is used up.
    ///
    /// # Errors
    /// [`NotShown`]: it does not hold, or it cannot be verified now.
    async fn verify(&self, platform: &Platform, answer: Answer<'_>) -> Result<Answered, NotShown>;
}

/// What any factor satisfies that can be shown at a platform of this configuration.
#[must_use]
pub fn configured(identity: Option<&Identity>, populations: &Populations) -> Requirement {
    let here: Vec<Authentication> =
        Authentication::all().filter(|factor| factor.is_configured(identity, populations)).collect();
    Requirement { factors: (here.len() < FACTORS.len()).then_some(here), ..Requirement::default() }
}

/// A factor's part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Last part of the address that begins it, below the interaction's.
    pub begin: &'static str,
    /// Last part of the address that takes the answers.
    pub step: &'static str,
    /// Its script, among the platform's assets.
    pub script: &'static str,
    /// Its button, by the name that the script knows.
    pub button: &'static str,
    /// What its script is told with the button, as JSON.
    pub asked: &'static str,
    /// What it is called where there are several, by the name of the text.
    pub title: &'static str,
    /// What is on the button, by the name of the text.
    pub label: &'static str,
    /// What people do, by the names of the texts.
    pub instructions: &'static [&'static str],
    /// What they are told where what was asked is not open any more, by the name of the sentence.
    pub too_late: &'static str,
}

/// What the page's script sent.
pub struct Answer<'a> {
    /// As it came.
    pub body: &'a str,
    /// What it has to answer, as [`Next::kept`] said.
    pub kept: &'a str,
    /// The interaction in which it came.
    pub interaction: &'a Secret,
    /// The time now.
    pub now: Seconds,
}

/// What comes of an answer.
pub enum Answered {
    /// It shows who it is.
    Shown(Box<Proof>),
    /// The script has to answer something else.
    GoesOn(Next),
}

/// What the page's script has to answer.
pub struct Next {
    /// What it gets, as JSON.
    pub told: serde_json::Value,
    /// What is kept until the answer comes. It stands in the database as it is.
    pub kept: String,
    /// How long that counts.
    pub lifetime: Seconds,
}

/// What an answer shows.
pub struct Proof {
    /// Who it is.
    pub person: Person,
    /// Whose card it is, by the name of the issuer's profile.
    pub issuer: String,
    /// The level that this profile gives.
    pub certificate: Level,
}

/// Why an answer shows nothing.
#[derive(Debug)]
pub enum NotShown {
    /// It does not hold.
    Refused(Refused),
    /// The platform cannot say.
    Unable(Unable),
}

/// A code for programs and the log, and the sentence that the person sees, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The code.
    pub code: &'static str,
    /// The sentence.
    pub sentence: &'static str,
}

impl From<Refused> for NotShown {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl<E: Into<Unable>> From<E> for NotShown {
    fn from(error: E) -> Self {
        Self::Unable(error.into())
    }
}

/// A factor as others name it. In files and in the database it is its name; one that is not known cannot be read.
#[derive(Clone, Copy)]
pub struct Authentication(&'static dyn Factor);

impl Authentication {
    /// Of a factor.
    #[must_use]
    pub const fn of(factor: &'static dyn Factor) -> Self {
        Self(factor)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTORS.into_iter().map(Self)
    }

    /// The factor of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|factor| factor.name() == name)
    }
}

impl std::ops::Deref for Authentication {
    type Target = dyn Factor;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl PartialEq for Authentication {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Authentication {}

impl std::fmt::Debug for Authentication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Authentication {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Authentication {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| {
            let known: Vec<&str> = Self::all().map(|factor| factor.name()).collect();
            D::Error::custom(format!("unknown factor; known are: {}", known.join(", ")))
        })
    }
}

/// What `holderVerification` says.
#[must_use]
pub fn holder_verification(factor: Authentication) -> &'static str {
    factor.holder_verification().map_or("none", HolderVerification::name)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Two that exist in unit tests only: what is decided must not depend on there being one factor.
    pub(crate) struct Lesser;
    pub(crate) static LESSER: Lesser = Lesser;

    #[async_trait]
    impl Factor for Lesser {
        fn name(&self) -> &'static str {
            "lesser"
        }
        fn methods(&self) -> &'static [&'static str] {
            &["sc"]
        }
        fn level(&self) -> Level {
            Level::Low
        }
        fn holder_verification(&self) -> Option<HolderVerification> {
            None
        }
        fn part(&self) -> Part {
            Part {
                begin: "",
                step: "lesser",
                script: "",
                button: "",
                asked: "",
                title: "",
                label: "",
                instructions: &[],
                too_late: "",
            }
        }
        fn max_length(&self) -> usize {
            0
        }
        async fn begin(&self, _: &Platform, _: &Secret) -> Result<Next, NotShown> {
            Err(Refused { code: "lesser", sentence: "refused-other" }.into())
        }
        async fn verify(&self, _: &Platform, _: Answer<'_>) -> Result<Answered, NotShown> {
            Err(Refused { code: "lesser", sentence: "refused-other" }.into())
        }
    }

    #[test]
    fn factors_have_names_steps_and_buttons_of_their_own() {
        for of in [
            |factor: &dyn Factor| factor.name(),
            |factor: &dyn Factor| factor.part().begin,
            |factor: &dyn Factor| factor.part().step,
            |factor: &dyn Factor| factor.part().button,
        ] {
            assert_eq!(FACTORS.into_iter().map(of).collect::<BTreeSet<_>>().len(), FACTORS.len());
        }
    }

    #[test]
    fn a_factor_is_read_by_its_name_and_one_that_is_not_known_is_not() {
        for factor in Authentication::all() {
            let text = serde_json::to_string(&factor).unwrap();
            assert_eq!(serde_json::from_str::<Authentication>(&text).unwrap(), factor);
        }
        let error = serde_json::from_str::<Authentication>("\"fingerprint\"").unwrap_err().to_string();
        assert!(error.contains("unknown factor; known are: card-and-pin, card-possession"), "{error}");
    }

    #[test]
    fn possession_alone_says_none() {
        assert_eq!(holder_verification(Authentication::of(&LESSER)), "none");
        assert_eq!(holder_verification(Authentication::of(&CardPossession)), "none");
        assert_eq!(holder_verification(Authentication::of(&CardAndPin)), "pin");
    }
}

//! What is known of somebody who signed in. It stands in the database sealed, in no log and in no address.

use bitaqa_protocol::claim::Claim as DocumentClaim;
use bitaqa_trust::{
    AuthenticationCertificate, DistinguishedName, Level,
    identity::{
        claims::{Claims, Value},
        country,
        link::{HolderNumbers, Link},
    },
    oid,
};
use serde::{Deserialize, Serialize};

use crate::{
    assurance::{Proofing, combined},
    clock::Seconds,
    factor::Authentication,
    requirement::Requirement,
    signed_in::SESSION_LIFETIME,
};

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

/// What a name is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Script {
    /// Arabic letters.
    Arabic,
    /// Latin letters.
    Latin,
}

impl Script {
    /// The script of a language tag's language (BCP 47), where cards can have names in it.
    #[must_use]
    pub fn of_locale(tag: &str) -> Option<Self> {
        let mut parts = tag.split('-');
        let language = parts.next().unwrap_or_default();
        if parts.any(|part| part.eq_ignore_ascii_case("Latn")) {
            return Some(Self::Latin);
        }
        // the languages of the pages, and those that are most asked for beside them
        let latin = ["fr", "en", "es", "de", "it", "nl", "pt"];
        match language.to_ascii_lowercase().as_str() {
            "ar" => Some(Self::Arabic),
            other if latin.contains(&other) => Some(Self::Latin),
            _ => None,
        }
    }

    /// The script of a text that is in one of them alone.
    fn of(text: &str) -> Option<Self> {
        let arabic = |letter: char| matches!(letter, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}');
        let latin = |letter: char| letter.is_alphabetic() && letter < '\u{250}';
        let mut letters = text.chars().filter(|letter| letter.is_alphabetic()).peekable();
        let script = letters.peek().and_then(|first| match *first {
            first if arabic(first) => Some(Self::Arabic),
            first if latin(first) => Some(Self::Latin),
            _ => None,
        })?;
        letters
            .all(|letter| if script == Self::Arabic { arabic(letter) } else { latin(letter) })
            .then_some(script)
    }
}

/// A person's name in one script, as far as the certificate has it.
#[derive(Clone, Serialize, Deserialize)]
struct Written {
    script: Script,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
}

impl Written {
    fn of(subject: &DistinguishedName, script: Script) -> Self {
        let joined = |attribute| {
            let of_it = subject.attributes().iter().filter(|(other, _)| *other == attribute);
            let values =
                of_it.map(|(_, value)| value.as_str()).filter(|text| Script::of(text) == Some(script));
            let values: Vec<&str> = values.collect();
            (!values.is_empty()).then(|| values.join(" "))
        };
        let (given_name, family_name) = (joined(oid::GIVEN_NAME), joined(oid::SURNAME));
        let name = match (&given_name, &family_name) {
            (Some(given), Some(family)) => Some(format!("{given} {family}")),
            _ => joined(oid::COMMON_NAME),
        };
        Self { script, name, given_name, family_name }
    }

    fn of_document(claims: &Claims, script: Script) -> Self {
        let text = |claim| match claims.get(&claim).map(|known| &known.value) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let (given_name, family_name) = match script {
            Script::Arabic => (text(DocumentClaim::GivenNameArabic), text(DocumentClaim::FamilyNameArabic)),
            Script::Latin => (text(DocumentClaim::GivenName), text(DocumentClaim::FamilyName)),
        };
        let parts: Vec<&str> =
            [&given_name, &family_name].into_iter().flatten().map(String::as_str).collect();
        let name = (!parts.is_empty()).then(|| parts.join(" "));
        Self { script, name, given_name, family_name }
    }

    fn claim(&self, claim: Claim) -> Option<&str> {
        match claim {
            Claim::Name => self.name.as_deref(),
            Claim::GivenName => self.given_name.as_deref(),
            Claim::FamilyName => self.family_name.as_deref(),
            Claim::PersonalNumber => None,
        }
    }
}

/// A person, as their certificate or their document names them. `Debug` shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    personal_number: Option<String>,
    /// Whose number that is, where it does not say so itself: two letters.
    #[serde(default)]
    country: Option<String>,
    /// In each script that the certificate has something in; the Arabic first.
    #[serde(default)]
    written: Vec<Written>,
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
            personal_number: Some(certificate.personal_number()?.to_owned()),
            country: subject.country().map(str::to_owned),
            written: [Script::Arabic, Script::Latin].map(|script| Written::of(subject, script)).into(),
        })
    }

    /// The holder of a document that was verified, with the number that certificates have.
    #[must_use]
    pub fn of_document(claims: &Claims, number: String, state: &str) -> Self {
        Self {
            name: None,
            given_name: None,
            family_name: None,
            personal_number: Some(number),
            country: country::alpha_2(state).map(str::to_owned),
            written: [Script::Arabic, Script::Latin]
                .map(|script| Written::of_document(claims, script))
                .into(),
        }
    }

    /// What the person says by a claim, where the certificate has it. A name in several scripts is given in the first of
    /// `scripts` that it is written in, otherwise in Arabic.
    #[must_use]
    pub fn claim(&self, claim: Claim, scripts: &[Script]) -> Option<&str> {
        let wanted =
            scripts.iter().filter_map(|script| self.written.iter().find(|written| written.script == *script));
        let mut found = wanted.chain(&self.written).filter_map(|written| written.claim(claim));
        found.next().or_else(|| self.as_it_stands(claim))
    }

    fn as_it_stands(&self, claim: Claim) -> Option<&str> {
        match claim {
            Claim::Name => self.name.as_deref(),
            Claim::GivenName => self.given_name.as_deref(),
            Claim::FamilyName => self.family_name.as_deref(),
            Claim::PersonalNumber => self.personal_number.as_deref(),
        }
    }

    /// Whether what a chip says of its holder is of the same person.
    #[must_use]
    pub fn is_holder_of(&self, chip: &HolderNumbers) -> bool {
        let number = self.personal_number.as_deref().unwrap_or_default();
        chip.link(number, self.country.as_deref()) != Link::NotLinked
    }

    /// What their number is compared by: issuers write the same one in small and large letters, with and without spaces and hyphens.
    #[must_use]
    pub fn number_key(&self) -> String {
        let number = self.personal_number.as_deref().unwrap_or_default();
        number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    }

    /// The same person, with nothing that none of the claims says.
    #[must_use]
    pub fn as_far_as(&self, claims: &[Claim]) -> Self {
        let of = |claim, text: &Option<String>| text.clone().filter(|_| claims.contains(&claim));
        let written = |written: &Written| Written {
            script: written.script,
            name: of(Claim::Name, &written.name),
            given_name: of(Claim::GivenName, &written.given_name),
            family_name: of(Claim::FamilyName, &written.family_name),
        };
        Self {
            name: of(Claim::Name, &self.name),
            given_name: of(Claim::GivenName, &self.given_name),
            family_name: of(Claim::FamilyName, &self.family_name),
            personal_number: of(Claim::PersonalNumber, &self.personal_number),
            country: None,
            written: self.written.iter().map(written).collect(),
        }
    }

    /// Nobody, for tests of what does not depend on who it is.
    #[cfg(test)]
    pub(crate) const fn unnamed() -> Self {
        Self {
            name: None,
            given_name: None,
            family_name: None,
            personal_number: None,
            country: None,
            written: Vec::new(),
        }
    }

    /// A name to show to the person themselves.
    #[must_use]
    pub fn shown(&self) -> &str {
        let of = |claim| self.claim(claim, &[]);
        of(Claim::Name).or_else(|| of(Claim::FamilyName)).unwrap_or_default()
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
    /// Name of the session, from which relying parties get theirs (`sid`); it opens nothing.
    pub session: String,
    /// How it was made sure who the person is.
    pub proofing: Proofing,
    /// The most that anything this person shows is worth: their proofing and the level that the issuer's profile gives.
    pub ceiling: Level,
    /// What was shown in this session: each factor once, as it was shown last.
    pub shown: Vec<Shown>,
    /// The issuer of the card, by the name of its profile.
    pub issuer: String,
    /// Who it is.
    pub person: Person,
    /// By whom and how their data was verified, where the operator says so.
    pub verified: Option<Verified>,
}

/// A factor that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Which.
    pub factor: Authentication,
    /// What it was worth, with what is known of the person.
    pub level: Level,
    /// When.
    pub at: Seconds,
}

impl SignInFacts {
    /// Whether this person could reach a level with a factor that may be shown.
    #[must_use]
    pub fn can_reach(&self, level: Level, requirement: &Requirement) -> bool {
        self.ceiling >= level && requirement.factors_reaching(level).next().is_some()
    }

    /// The session goes on with something else shown: it keeps its name and what was shown before with a card of the same issuer, as long as
    /// that counts. What is known of the person is what the best of it says.
    #[must_use]
    pub fn going_on_from(mut self, earlier: &Self) -> Self {
        self.session.clone_from(&earlier.session);
        if self.issuer != earlier.issuer {
            return self;
        }
        let best = |all: &[Shown]| all.iter().map(|shown| shown.level).max();
        let now = self.shown.iter().map(|shown| shown.at).max().unwrap_or_default();
        let counts = |shown: &Shown| now.saturating_sub(shown.at) < SESSION_LIFETIME;
        let counted: Vec<Shown> = earlier.shown.iter().copied().filter(counts).collect();
        let was_better = best(&counted) > best(&self.shown);
        let again = |shown: &Shown| self.shown.iter().any(|now| now.factor == shown.factor);
        let kept: Vec<Shown> = counted.into_iter().filter(|shown| !again(shown)).collect();
        self.shown.extend(kept);
        if was_better {
            self.person = earlier.person.clone();
            self.verified.clone_from(&earlier.verified);
        }
        self
    }
}

/// What a factor is worth, of a person of whom so much is known.
#[must_use]
pub fn shown(factor: Authentication, proofing: Proofing, certificate: Level, at: Seconds) -> Shown {
    Shown { factor, level: combined(proofing, factor, certificate), at }
}

/// How an issuer verifies the data of those who get its cards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verified {
    /// The rules that it follows, by the name that relying parties know (OpenID Connect for Identity Assurance).
    pub trust_framework: String,
    /// The issuer, by the name of its profile.
    pub issuer: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factor::{CardAndPin, tests::LESSER};

    #[test]
    fn a_session_that_goes_on_keeps_what_was_shown_with_cards_of_the_same_issuer() {
        const PIN: Authentication = Authentication::of(&CardAndPin);
        const LESS: Authentication = Authentication::of(&LESSER);
        let facts = |session: &str, issuer: &str, name: &str, shown: &[(Authentication, Level, Seconds)]| {
            SignInFacts {
                session: session.to_owned(),
                proofing: Proofing::Centre,
                ceiling: Level::High,
                shown: shown
                    .iter()
                    .map(|(factor, level, at)| Shown { factor: *factor, level: *level, at: *at })
                    .collect(),
                issuer: issuer.to_owned(),
                person: Person { name: Some(name.to_owned()), ..Person::unnamed() },
                verified: None,
            }
        };
        let factors = |facts: &SignInFacts| {
            facts.shown.iter().map(|shown| (shown.factor, shown.at)).collect::<Vec<_>>()
        };
        let low = facts("one", "state", "printed", &[(LESS, Level::Low, 1)]);
        let up = facts("two", "state", "certified", &[(PIN, Level::High, 2)]).going_on_from(&low);
        assert_eq!((up.session.as_str(), up.person.shown()), ("one", "certified"));
        assert_eq!(factors(&up), [(PIN, 2), (LESS, 1)]);
        // what a lesser factor says of the person does not replace what a better one said
        let down = facts("three", "state", "printed", &[(LESS, Level::Low, 3)]).going_on_from(&up);
        assert_eq!((factors(&down), down.person.shown()), (vec![(LESS, 3), (PIN, 2)], "certified"));
        // until that counts no more
        let late = facts("five", "state", "printed", &[(LESS, Level::Low, 2 + SESSION_LIFETIME)])
            .going_on_from(&down);
        assert_eq!((factors(&late), late.person.shown()), (vec![(LESS, 2 + SESSION_LIFETIME)], "printed"));
        assert_eq!(late.session, "one");
        // nor do two issuers' cards stand for each other
        let other = facts("four", "elsewhere", "other", &[(LESS, Level::Low, 4)]).going_on_from(&down);
        assert_eq!((factors(&other), other.session.as_str()), (vec![(LESS, 4)], "one"));
        assert_eq!(other.person.shown(), "other");
    }

    #[test]
    fn a_text_is_in_one_script_or_in_none() {
        for (text, script) in [
            ("أمينة", Some(Script::Arabic)),
            ("Amina El-Mîthâl", Some(Script::Latin)),
            ("Amina أمينة", None),
            ("ⴰⵎⵉⵏⴰ", None),
            ("Αμίνα", None),
            ("123", None),
            ("", None),
        ] {
            assert_eq!(Script::of(text), script, "{text}");
        }
    }

    #[test]
    fn a_locale_says_which_script_is_wanted() {
        for (tag, script) in [
            ("ar-MA", Some(Script::Arabic)),
            ("AR", Some(Script::Arabic)),
            ("ar-Latn", Some(Script::Latin)),
            ("fr", Some(Script::Latin)),
            ("zgh", None),
            ("", None),
        ] {
            assert_eq!(Script::of_locale(tag), script, "{tag}");
        }
    }
}

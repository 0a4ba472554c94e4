//! People who do not exist, and cards for them: what a developer puts into `bitaqa-testbed`.

use serde::Serialize;

use crate::{
    assurance,
    factor::{Authentication, CardAndPin},
    settings::{Realm, Settings},
};

/// Somebody who does not exist. Names and numbers are like real ones and nobody's; the numbers are those of no country's register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Surname.
    pub surname: &'static str,
    /// Given names.
    pub given_name: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Serial number in the certificate (ETSI EN 319 412-1 section 5.1.3).
    pub serial_number: &'static str,
}

/// All of them: in Latin letters with and without accents, in Arabic ones, in Tifinagh.
pub const PEOPLE: [Person; 4] = [
    person("ESSAI", "SALMA", "MA", "PNOMA-TEST0001"),
    person("ÉPREUVE", "ANNE-ZOÉ", "MA", "PNOMA-TEST0002"),
    person("تجربة", "ليلى", "BH", "PNOBH-000000003"),
    person("ⴰⵔⴰⵎ", "ⵉⴷⵉⵔ", "MA", "PNOMA-TEST0004"),
];

const fn person(
    surname: &'static str,
    given_name: &'static str,
    country: &'static str,
    serial_number: &'static str,
) -> Person {
    Person { surname, given_name, country, serial_number }
}

/// What `bitaqa-testbed serve` takes as a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The make: an Estonian card, which all clients know.
    pub personality: &'static str,
    /// Whose.
    pub person: Person,
    /// What is typed to sign in.
    pub pin: &'static str,
}

/// A card that an issuer of the sandbox gave somebody, and what signing in with it is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestCard {
    /// The issuer, by the name of its profile.
    pub issuer: String,
    /// What relying parties are told.
    pub acr: &'static str,
    /// The card.
    pub card: Card,
}

/// A card of each issuer for each of them. Nothing in production.
#[must_use]
pub fn cards(settings: &Settings) -> Vec<TestCard> {
    if settings.realm != Realm::Sandbox {
        return Vec::new();
    }
    let issuers = settings.profiles.profiles().iter();
    issuers
        .flat_map(|profile| {
            let proofing = settings.populations.of(profile.name()).map(|known| known.proofing);
            let level = assurance::combined(
                proofing.unwrap_or_default(),
                Authentication::of(&CardAndPin),
                profile.level(),
            );
            PEOPLE.map(|person| TestCard {
                issuer: profile.name().to_owned(),
                acr: assurance::acr(level, settings.realm),
                card: Card { personality: "esteid", person, pin: "1234" },
            })
        })
        .collect()
}

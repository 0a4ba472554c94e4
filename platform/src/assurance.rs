//! How sure it is who somebody is: two questions, kept apart, and one answer for relying parties.
//!
//! *Proofing* is what happened once, before the person got what they show: did somebody look at them and their papers?
//! *Authentication* is what happened now ([`crate::factor`]). A sign-in is worth no more than the weaker of both, and no more than the issuer's
//! profile says its certificates prove. The answer is the claim `acr`.

use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};

use crate::{factor::Authentication, settings::Realm};

/// How it was made sure who somebody is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proofing {
    /// Nobody says.
    #[default]
    None,
    /// By themselves, over the network.
    Online,
    /// At a machine that compares face or fingers.
    Kiosk,
    /// At a counter, by an officer.
    Centre,
    /// By an officer, over video.
    Video,
}

impl Proofing {
    /// The most that it is worth.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::None => Level::None,
            Self::Online => Level::Low,
            Self::Kiosk | Self::Video => Level::Substantial,
            Self::Centre => Level::High,
        }
    }
}

/// What a sign-in is worth; `certificate` is the level that the issuer's profile gives.
#[must_use]
pub fn combined(proofing: Proofing, authentication: Authentication, certificate: Level) -> Level {
    proofing.level().min(authentication.level()).min(certificate)
}

/// A level as it stands in `acr`. In the sandbox it says so, and is the level of no relying party in production.
#[must_use]
pub fn acr(level: Level, realm: Realm) -> &'static str {
    match (realm, level) {
        (Realm::Production, Level::None) => "urn:bitaqa:acr:none",
        (Realm::Production, Level::Low) => "urn:bitaqa:acr:low",
        (Realm::Production, Level::Substantial) => "urn:bitaqa:acr:substantial",
        (Realm::Production, Level::High) => "urn:bitaqa:acr:high",
        (Realm::Sandbox, Level::None) => "urn:bitaqa:acr:test:none",
        (Realm::Sandbox, Level::Low) => "urn:bitaqa:acr:test:low",
        (Realm::Sandbox, Level::Substantial) => "urn:bitaqa:acr:test:substantial",
        (Realm::Sandbox, Level::High) => "urn:bitaqa:acr:test:high",
    }
}

/// All levels, the lowest first.
pub const LEVELS: [Level; 4] = [Level::None, Level::Low, Level::Substantial, Level::High];

/// The level that a value of `acr` stands for, in this realm.
#[must_use]
pub fn level(text: &str, realm: Realm) -> Option<Level> {
    LEVELS.into_iter().find(|level| acr(*level, realm) == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factor::{CardAndPin, tests::LESSER};

    #[test]
    fn a_sign_in_is_worth_its_weakest_part() {
        let of = |proofing, certificate| combined(proofing, Authentication::of(&CardAndPin), certificate);
        assert_eq!(of(Proofing::Centre, Level::High), Level::High);
        assert_eq!(of(Proofing::Centre, Level::Low), Level::Low);
        assert_eq!(of(Proofing::Video, Level::High), Level::Substantial);
        assert_eq!(of(Proofing::Kiosk, Level::High), Level::Substantial);
        assert_eq!(of(Proofing::Online, Level::High), Level::Low);
        assert_eq!(of(Proofing::None, Level::High), Level::None);
        assert_eq!(of(Proofing::Centre, Level::None), Level::None);
        let possession = Authentication::of(&LESSER);
        assert_eq!(combined(Proofing::Centre, possession, Level::High), Level::Low);
        assert_eq!(combined(Proofing::None, possession, Level::High), Level::None);
    }

    #[test]
    fn a_level_of_the_sandbox_is_none_in_production() {
        for one in LEVELS {
            for realm in [Realm::Production, Realm::Sandbox] {
                assert_eq!(level(acr(one, realm), realm), Some(one));
            }
            assert_eq!(level(acr(one, Realm::Sandbox), Realm::Production), None);
            assert_eq!(level(acr(one, Realm::Production), Realm::Sandbox), None);
        }
    }
}

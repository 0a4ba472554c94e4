//! What is known of the people who hold cards: `[[cards.issuer]]`.

use std::collections::{BTreeMap, BTreeSet};

use bitaqa_protocol::claim::Closure;
use bitaqa_trust::{IssuerProfiles, identity::result::DocumentKind};
use serde::Deserialize;

use super::SettingsError;
use crate::{
    assurance::Proofing,
    factor::card_possession,
    identity::{Identity, IssuedDocuments},
};

/// Most characters of a trust framework's name.
pub(super) const MAX_FRAMEWORK: usize = 128;
/// Most characters of a population's name.
pub(super) const MAX_POPULATION: usize = 64;

/// What is known of the people who hold an issuer's cards, by the name of the issuer's profile.
#[derive(Debug, Clone, Default)]
pub struct Populations(BTreeMap<String, Population>);

/// The people who hold an issuer's cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// Within one, the same number is the same person.
    pub name: String,
    /// How it was made sure who they are, before they got a card.
    pub proofing: Proofing,
    /// The rules by which that was done, by the name that relying parties know.
    pub trust_framework: Option<String>,
    /// Its cards as documents, where they can be shown as such.
    pub document: Option<IssuedDocuments>,
}

impl Populations {
    /// Of an issuer; nothing of one that has no entry.
    #[must_use]
    pub fn of(&self, issuer: &str) -> Option<&Population> {
        self.0.get(issuer)
    }

    /// The issuer whose card a document is, by the name of its profile.
    #[must_use]
    pub fn of_document(&self, document: &DocumentKind) -> Option<(&str, &IssuedDocuments)> {
        let mut all = self.documents();
        all.find(|(_, documents)| documents.include(document))
    }

    /// Whether cards of some issuer can be shown as documents.
    #[must_use]
    pub fn have_documents(&self) -> bool {
        self.documents().next().is_some()
    }

    fn documents(&self) -> impl Iterator<Item = (&str, &IssuedDocuments)> {
        self.0.iter().filter_map(|(issuer, of)| Some((issuer.as_str(), of.document.as_ref()?)))
    }

    /// The rules by which issuers verify data, each once.
    #[must_use]
    pub fn trust_frameworks(&self) -> BTreeSet<&str> {
        self.0.values().filter_map(|population| population.trust_framework.as_deref()).collect()
    }

    /// With one more.
    #[must_use]
    pub fn with(mut self, issuer: &str, population: Population) -> Self {
        self.0.insert(issuer.to_owned(), population);
        self
    }

    pub(super) fn read(issuers: Vec<CardIssuer>, profiles: &IssuerProfiles) -> Result<Self, SettingsError> {
        let mut populations = Self::default();
        for issuer in issuers {
            if !profiles.profiles().iter().any(|profile| profile.name() == issuer.name) {
                return Err(SettingsError::Issuer { issuer: issuer.name });
            }
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if !(1..=MAX_POPULATION).contains(&issuer.population.len())
                || !issuer.population.bytes().all(plain)
            {
                return Err(SettingsError::Population { issuer: issuer.name });
            }
            if populations.0.contains_key(&issuer.name) {
                return Err(SettingsError::Twice { issuer: issuer.name });
            }
            let fits = |framework: &String| {
                let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
                (1..=MAX_FRAMEWORK).contains(&framework.len()) && framework.bytes().all(plain)
            };
            // of people whom nobody looked at, nothing is verified
            let proofed = issuer.proofing != Proofing::None;
            if !issuer.trust_framework.as_ref().is_none_or(|framework| proofed && fits(framework)) {
                return Err(SettingsError::TrustFramework { issuer: issuer.name });
            }
            if let Some(documents) = &issuer.document
                && (!documents.fits()
                    || populations.documents().any(|(_, other)| other.is_of(&documents.state)))
            {
                return Err(SettingsError::Document { issuer: issuer.name });
            }
            let population = Population {
                name: issuer.population,
                proofing: issuer.proofing,
                trust_framework: issuer.trust_framework,
                document: issuer.document,
            };
            populations = populations.with(&issuer.name, population);
        }
        // whoever would be somebody else once it is said has to be said first
        match profiles.profiles().iter().find(|profile| !populations.0.contains_key(profile.name())) {
            None => Ok(populations),
            Some(profile) => Err(SettingsError::Unsaid { issuer: profile.name().to_owned() }),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CardIssuer {
    name: String,
    population: String,
    proofing: Proofing,
    trust_framework: Option<String>,
    document: Option<IssuedDocuments>,
}

/// Whoever takes cards as documents may come to know what their data groups tell.
pub(super) fn check_documents(
    identity: Option<&Identity>,
    populations: &Populations,
) -> Result<(), SettingsError> {
    if !populations.have_documents() {
        return Ok(());
    }
    let told = Closure::of(card_possession::CLAIMS);
    let allowed = identity.map(|identity| identity.claims.clone()).unwrap_or_default();
    let missing: Vec<String> = told.beyond(&allowed).into_iter().map(|claim| claim.to_string()).collect();
    if missing.is_empty() { Ok(()) } else { Err(SettingsError::DocumentClaims { missing }) }
}

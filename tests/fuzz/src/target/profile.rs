//! Files that a person wrote: profiles of cards, profiles of issuers, and reports of unknown cards.

use bitaqa_card::{Profile, issuer_supplied::IssuerProfile};

use super::written;

pub(crate) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match Profile::load("any", text) {
        Ok(profile) => written(&profile),
        Err(error) => assert!(error.to_string().len() < 4096 + input.len(), "a fault is said briefly"),
    }
    match IssuerProfile::load("any", text) {
        Ok(profile) => written(&profile),
        Err(error) => assert!(error.to_string().len() < 4096 + input.len(), "a fault is said briefly"),
    }
    // the name of a file is not the project's either
    let _ = Profile::load(text, "");
}

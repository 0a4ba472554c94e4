//! The test persons of the sandbox: software cards can be made for them, and their issuer's proofing says what they are worth.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use std::{fs, path::Path};

use bitaqa_platform::{
    sandbox::people::{PEOPLE, TestCard, cards},
    settings::Settings,
};
use bitaqa_virtual_card::{CardSpec, Pki};

/// The sandbox of a developer whose test bed has this PKI.
fn settings(folder: &Path, proofing: &str) -> Settings {
    fs::create_dir_all(folder.join("sdk")).unwrap();
    fs::write(folder.join("sdk/bitaqa-web.js"), "").unwrap();
    let text = format!(
        "schema = 1\nissuer = \"http://127.0.0.1:8080\"\nlisten = \"127.0.0.1:8080\"\nrealm = \"sandbox\"\n\
         database = \"sqlite:platform.db\"\nsdk = \"sdk\"\n[keys]\nfile = \"keys\"\nunsealing = \"unsealing\"\n\
         [cards]\nprofiles = \"issuers.toml\"\n[[cards.issuer]]\nname = \"Bitaqa test authority\"\n\
         population = \"test\"\nproofing = \"{proofing}\"\n"
    );
    fs::write(folder.join("platform.toml"), text).unwrap();
    Settings::read(&folder.join("platform.toml")).unwrap()
}

#[test]
fn each_level_is_reached_by_the_proofing_of_the_issuer_and_each_card_can_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::generate().unwrap();
    pki.write(folder.path()).unwrap();
    for (proofing, acr) in [
        ("none", "urn:bitaqa:acr:test:none"),
        ("online", "urn:bitaqa:acr:test:low"),
        ("kiosk", "urn:bitaqa:acr:test:substantial"),
        ("video", "urn:bitaqa:acr:test:substantial"),
        ("centre", "urn:bitaqa:acr:test:high"),
    ] {
        let printed = cards(&settings(folder.path(), proofing));
        assert_eq!(printed.len(), PEOPLE.len());
        assert!(printed.iter().all(|card| card.acr == acr), "{proofing}");
    }
    for TestCard { card, .. } in cards(&settings(folder.path(), "centre")) {
        let text = serde_json::to_string(&card).unwrap();
        let spec: CardSpec = serde_json::from_str(&text).unwrap();
        let holder = spec.holder().unwrap();
        assert_eq!(
            (holder.surname.as_str(), holder.serial_number.as_str()),
            (card.person.surname, card.person.serial_number)
        );
        assert!(spec.make(&pki).is_ok(), "{text}");
    }
}

//! Somebody with a software card, and the files of a portal that asks them. There is no browser and no window: everything is agreed to.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::{fs, time::Duration};

use bitaqa_answers::{Reader, answer, authority, chip_answer, sealed};
use bitaqa_example_portal::identity_settings::IdentitySettings;
use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_protocol::{
    Origin,
    identity::{ChipChallenge, IdentityRequest},
};
use bitaqa_trust::{DateTime, chip_proof::ChipAuthenticationBinding};
use bitaqa_virtual_card::CardSpec;

use crate::running::START;

/// The portal's files.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    key: PrivateJwk,
}

impl Desk {
    /// Of a portal that believes the country of this card.
    pub(crate) fn believing(spec: &CardSpec) -> Self {
        let mut random = |out: &mut [u8]| getrandom::fill(out).unwrap();
        let generated = PrivateJwk::generate(Curve::P256, &mut random).unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&generated.to_json()).unwrap();
        json["kid"] = "2026-01".into();
        let json = json.to_string();
        let key = PrivateJwk::parse(json.as_bytes()).unwrap();
        let desk = Self { folder: tempfile::tempdir().unwrap(), key };
        desk.write("portal.jwk", json.as_bytes());
        desk.write("statement.jwt", b"e30.e30.AAAA\n");
        desk.write("csca.cer", &authority(spec).unwrap());
        desk.write(
            "identity.toml",
            b"schema = 1\nkey = \"portal.jwk\"\nstatement = \"statement.jwt\"\ncountries = [\"csca.cer\"]\ntest = true\n",
        );
        desk
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.folder.path().join(name), content).unwrap();
    }

    pub(crate) fn settings(&self) -> IdentitySettings {
        let at = DateTime::from_unix_duration(Duration::from_secs(START)).unwrap();
        IdentitySettings::read(&self.folder.path().join("identity.toml"), at).unwrap()
    }
}

/// Somebody with a card in a reader.
pub(crate) struct Person {
    spec: CardSpec,
    reader: Reader,
}

impl Person {
    pub(crate) fn holding(spec: &CardSpec) -> Self {
        Self { spec: spec.clone(), reader: Reader::holding(spec).unwrap() }
    }

    /// What a host makes of a request, encrypted to the portal's key.
    pub(crate) fn answer(&mut self, desk: &Desk, origin: &Origin, request: &IdentityRequest) -> String {
        let (mut channel, dump) = self.reader.dump(&self.spec).unwrap();
        let content = answer(&mut channel, &dump, (origin, request), desk.key.public()).unwrap();
        sealed(&content, desk.key.public()).unwrap()
    }

    /// What the chip answers to the portal's challenge.
    pub(crate) fn chip_proof(
        &mut self,
        desk: &Desk,
        origin: &Origin,
        request: &IdentityRequest,
        challenge: &str,
    ) -> String {
        let (mut channel, dump) = self.reader.dump(&self.spec).unwrap();
        let thumbprint = desk.key.public().thumbprint();
        let binding = ChipAuthenticationBinding::of(origin, &request.challenge, thumbprint.as_bytes());
        let challenge = ChipChallenge::parse(challenge).unwrap();
        String::from(chip_answer(&mut channel, &dump, &binding, &challenge).unwrap())
    }
}

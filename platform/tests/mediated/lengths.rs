//! Whom the platform could not ask for, since the texts would be longer than its readers take, is not registered.

use std::sync::Arc;

use bitaqa_platform::{
    administration::{
        DeskError,
        surroundings::{self, Surroundings},
    },
    identity::Identity,
    registration::{Registration, RegistrationError},
    settings::Realm,
};
use bitaqa_protocol::Origin;
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    portal::{Portal, asked, at_the_step, identity, joined},
    running::Running,
};

/// Most characters of a purpose's text.
const LONGEST: usize = 300;

fn texts(characters: usize) -> Value {
    let [arabic, tifinagh] = ["ش", "ⵎ"].map(|letter| letter.repeat(characters));
    json!({ "ar": arabic, "fr": arabic, "en": arabic, "zgh": tifinagh })
}

/// A platform that says of itself as much as it can.
fn talkative() -> Identity {
    Identity {
        legal_name: serde_json::from_value(texts(200)).unwrap(),
        sign_in: serde_json::from_value(texts(LONGEST)).unwrap(),
        ..identity()
    }
}

/// Four purposes as long as they can be, and one of so many characters.
fn purposes(characters: usize) -> Value {
    let long = (0..4).map(|number| json!({ "id": format!("p{number}"), "text": texts(LONGEST) }));
    let last = json!({ "id": "open-account", "text": texts(characters) });
    long.chain([last]).collect()
}

#[test]
fn the_longest_registration_that_is_taken_can_be_asked_for() {
    let running = Running::asking(talkative());
    let bank = Portal::registered(&running, "bank");
    let registered = running.at_the_desk(async |desk| desk.store.client("bank").await.unwrap().unwrap());
    let with = |characters: usize| -> Registration {
        let mut registration: Value = serde_json::from_str(&registered.registration).unwrap();
        registration["identity"]["purposes"] = purposes(characters);
        serde_json::from_value(registration).unwrap()
    };
    let issuer = Origin::parse(&format!("http://{}", running.address)).unwrap();
    let own = talkative();
    let judge = |characters: usize, identity: Option<&Identity>| {
        let surroundings = Surroundings { issuer: &issuer, realm: Realm::Sandbox, identity };
        let keys = || Ok(Arc::clone(&running.keys) as Arc<_>);
        running.at_the_desk(async |_| surroundings::check(&with(characters), &surroundings, keys).await)
    };
    let refused = |characters: &usize| match judge(*characters, Some(&own)) {
        Ok(()) => false,
        Err(DeskError::Registration(RegistrationError::JoinedLength)) => true,
        Err(other) => panic!("{other}"),
    };
    let first_refused = (1..=LONGEST).find(refused).unwrap();
    assert!(first_refused > 1 && (first_refused..=LONGEST).all(|characters| refused(&characters)));
    judge(LONGEST, None).unwrap();

    running.approve("bank", &with(first_refused - 1));
    for mode in ["relay", "assert"] {
        let (mut browser, page) = at_the_step(&running, &bank, &asked(mode, &[]));
        let text = joined(&mut browser, &page)["statement"].as_str().unwrap().len();
        // a longer request, which is a part of it, would have taken the rest
        assert!((24 * 1024..=28 * 1024).contains(&text), "{text}");
    }
}

#[test]
fn who_registers_itself_is_told_that_its_texts_are_too_long() {
    let running = Running::asking(talkative());
    let key = bitaqa_jose::PrivateJwk::generate(bitaqa_jose::Curve::P256, &mut bitaqa_platform::secret::fill);
    let mut key: Value = serde_json::to_value(key.unwrap().public()).unwrap();
    key["kid"] = "2026-01".into();
    let name = json!({ "ar": "ا", "fr": "a", "en": "a" });
    let described = |characters: usize| {
        json!({
            "authentication": "none", "redirect_uris": ["http://localhost:3000/callback"], "claims": ["name"],
            "require_pushed_requests": false, "minimum_level": "none", "contact": "dev@example.ma",
            "legal_basis": "to try it", "legal_name": name, "name": name, "purpose": name,
            "identity": {
                "origins": ["http://localhost:3000"], "claims": ["given_name", "family_name"],
                "purposes": purposes(characters), "encryption_key": key,
            },
        })
    };
    let post = |characters: usize| {
        let headers = [("content-type", "application/json")];
        let body = described(characters).to_string();
        Browser::new(&running.address).raw("POST", "/register-portal", &headers, &body)
    };
    assert_eq!(post(1).status, 201);
    let told = post(LONGEST);
    assert_eq!((told.status, told.error().as_str()), (400, "invalid_client_metadata"));
    let said = told.json()["error_description"].as_str().unwrap().to_owned();
    assert!(said.contains("longer than the 28672 bytes"), "{said}");
}

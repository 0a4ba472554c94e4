//! A relying party of others signs a person in: `openid-client` for JavaScript, with PAR, JAR, PKCE, DPoP and `private_key_jwt`, by
//! what discovery says alone.
//!
//! `cargo xtask test` puts it into `node_modules`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

#[path = "../browser/mod.rs"]
mod browser;
#[path = "../judge/mod.rs"]
mod judge;
#[path = "../process/mod.rs"]
mod process;
#[path = "../python/mod.rs"]
mod python;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::secret::fill;
use browser::Browser;
use judge::{Judge, about};
use process::Program;
use relying_party::RelyingParty;
use running::{sign_in, sign_in_with};
use serde_json::{Value, json};

const SCRIPT: &str = "openid_client/relying_party.mjs";

/// One that signs its requests and binds its tokens to a key for this algorithm.
fn about_with_proofs(party: &RelyingParty, algorithm: &str) -> Value {
    let mut about = about(party);
    about["signedRequests"] = json!(party.key.is_some());
    about["proofs"] = json!(algorithm);
    about
}

#[test]
fn openid_client_signs_a_person_in_by_fapi_2_with_signed_requests_and_proofs() {
    let program = Program::start();
    let registration =
        "profile = \"fapi2\"\nrequire_pushed_requests = true\nrequire_signed_requests = true\n";
    let bank = program.register("bank", Some(RelyingParty::new_key()), registration);
    for algorithm in ["ES256", "PS256"] {
        let mut client = Judge::node(SCRIPT, &about_with_proofs(&bank, algorithm));
        let request = client.hear()["authorize"].as_str().unwrap().to_owned();
        assert!(request.contains("request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A"), "{request}");
        let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
        client.tell(&json!(callback));
        let told = client.hear();
        assert!(told["error"].is_null(), "{told}");
        assert_eq!((&told["tokenType"], &told["rotated"]), (&json!("dpop"), &json!(false)));
        assert_eq!(told["userinfo"]["sub"], told["claims"]["sub"]);
        assert_eq!(told["refreshed"], told["claims"]["sub"]);
        assert_eq!((&told["introspected"], &told["afterRevocation"]), (&json!(true), &json!(false)));
        assert!(told["asBearer"].as_str().unwrap().contains("401"), "{told}");
    }
}

#[test]
fn openid_client_binds_tokens_of_a_portal_without_a_secret() {
    let program = Program::start();
    let app = program.register("app", None, "");
    let mut client = Judge::node(SCRIPT, &about_with_proofs(&app, "ES256"));
    let request = client.hear()["authorize"].as_str().unwrap().to_owned();
    let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
    client.tell(&json!(callback));
    let told = client.hear();
    assert!(told["error"].is_null(), "{told}");
    assert_eq!((&told["tokenType"], &told["rotated"]), (&json!("dpop"), &json!(true)));
}

#[test]
fn openid_client_signs_a_person_in_with_par_pkce_and_private_key_jwt() {
    let program = Program::start();
    let bank = program.register("bank", Some(RelyingParty::new_key()), "require_pushed_requests = true\n");
    let mut client = Judge::node(SCRIPT, &about(&bank));
    let request = client.hear()["authorize"].as_str().unwrap().to_owned();
    assert!(request.contains("request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A"), "{request}");
    assert!(!request.contains("scope"), "everything was pushed");
    let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
    client.tell(&json!(callback));
    let told = client.hear();
    assert!(told["error"].is_null(), "{told}");
    assert_eq!(told["claims"]["acr"], "urn:bitaqa:acr:test:high");
    assert_eq!(told["userinfo"]["name"], "أمينة المثال");
    assert_eq!(told["userinfo"]["sub"], told["claims"]["sub"]);
    assert_eq!(told["refreshed"], told["claims"]["sub"]);
    assert_eq!((&told["introspected"], &told["afterRevocation"]), (&json!(true), &json!(false)));
}

/// It is told the algorithm, and takes no other.
#[test]
fn openid_client_takes_id_tokens_and_userinfo_by_rs256_and_eddsa_alone() {
    let program = Program::start();
    for (algorithm, other) in [("RS256", "ES256"), ("EdDSA", "RS256")] {
        let id = format!("bank-{}", algorithm.to_lowercase());
        let registration = format!(
            "id_token_signed_response_alg = \"{algorithm}\"\nuserinfo_signed_response_alg = \"{algorithm}\"\n"
        );
        let bank = program.register(&id, Some(RelyingParty::new_key()), &registration);
        let told_by = |wanted: &str| {
            let mut about = about(&bank);
            about["metadata"] =
                json!({ "id_token_signed_response_alg": wanted, "userinfo_signed_response_alg": algorithm });
            let mut client = Judge::node(SCRIPT, &about);
            let request = client.hear()["authorize"].as_str().unwrap().to_owned();
            client.tell(&json!(sign_in(&mut Browser::new(&program.address), &program.address, &request)));
            client.hear()
        };
        let told = told_by(algorithm);
        assert!(told["error"].is_null(), "{told}");
        assert_eq!(told["userinfo"]["sub"], told["claims"]["sub"]);
        assert_eq!(told["userinfo"]["aud"], id);
        assert!(told_by(other)["error"].is_string(), "it takes what it did not register for");
    }
}

/// It learns the nonce from the error, and comes again.
#[test]
fn openid_client_repeats_the_nonces_of_a_platform_that_wants_them() {
    let program = Program::start_with("dpop_nonces = true\n");
    let registration = "profile = \"fapi2\"\nrequire_pushed_requests = true\n";
    let bank = program.register("bank", Some(RelyingParty::new_key()), registration);
    let app = program.register("app", None, "");
    for party in [&bank, &app] {
        let mut client = Judge::node(SCRIPT, &about_with_proofs(party, "ES256"));
        let request = client.hear()["authorize"].as_str().unwrap().to_owned();
        let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
        client.tell(&json!(callback));
        let told = client.hear();
        assert!(told["error"].is_null(), "{told}");
        assert_eq!(told["tokenType"], "dpop");
        assert_eq!(told["refreshed"], told["claims"]["sub"]);
    }
}

#[test]
fn openid_client_opens_what_was_encrypted_for_a_portal() {
    let program = Program::start();
    let encryption = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let mut public = serde_json::to_value(encryption.public()).unwrap();
    public["use"] = json!("enc");
    let registration = "userinfo_signed_response_alg = \"ES256\"\n\
        userinfo_encrypted_response_alg = \"ECDH-ES\"\nuserinfo_encrypted_response_enc = \"A128GCM\"\n\
        id_token_encrypted_response_alg = \"ECDH-ES\"\nid_token_encrypted_response_enc = \"A256GCM\"\n";
    let bank = program.register_with("bank", RelyingParty::new_key(), &[public], registration);
    let mut about = about(&bank);
    about["encryptionKey"] = serde_json::from_str(&encryption.to_json()).unwrap();
    about["metadata"] = json!({ "userinfo_signed_response_alg": "ES256" });
    for (encryptions, opens) in [(["A256GCM", "A128GCM"].as_slice(), true), (&["A256GCM"], false)] {
        about["encryptions"] = json!(encryptions);
        let mut client = Judge::node(SCRIPT, &about);
        let request = client.hear()["authorize"].as_str().unwrap().to_owned();
        let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
        client.tell(&json!(callback));
        let told = client.hear();
        // userinfo comes with the other cipher
        assert_eq!(told["error"].is_null(), opens, "{told}");
        if opens {
            assert_eq!(told["userinfo"]["sub"], told["claims"]["sub"]);
            assert_eq!(
                (&told["userinfo"]["aud"], &told["userinfo"]["name"]),
                (&json!("bank"), &json!("أمينة المثال"))
            );
            assert_eq!(told["refreshed"], told["claims"]["sub"]);
        }
    }
}

/// Named by its resource (RFC 8707), in a pushed request and in a signed one, and again for a token that is for it alone.
#[test]
fn openid_client_asks_for_a_service_and_steps_up_to_its_level() {
    const API: &str = "https://api.bank.example.ma/loans";
    let program = Program::start();
    let loans = format!(
        "\n[[service]]\nid = \"loan\"\nscope = \"loan\"\nresource = \"{API}\"\nlink = \"https://bank.example.ma/\"\n\
         minimum_level = \"high\"\n[service.name]\nar = \"القروض\"\nfr = \"Crédits\"\nen = \"Loans\"\n"
    );
    let bank = program.register("bank", Some(RelyingParty::new_key()), &loans);
    let mut browser = Browser::new(&program.address);
    let mut ask = |asks: &Value, is_signed: bool, issuer: &str| {
        let mut about = about(&bank);
        about["asks"] = asks.clone();
        about["signedRequests"] = json!(is_signed);
        let mut client = Judge::node(SCRIPT, &about);
        let request = client.hear()["authorize"].as_str().unwrap().to_owned();
        let callback = sign_in_with(&mut browser, &program.address, &request, issuer);
        client.tell(&json!(callback));
        client.hear()
    };
    let before = ask(&json!({}), false, "low");
    assert_eq!(
        (&before["claims"]["acr"], &before["audience"]),
        (&json!("urn:bitaqa:acr:test:low"), &Value::Null)
    );
    let high = "urn:bitaqa:acr:test:high";
    for is_signed in [false, true] {
        let asks = json!({ "resource": API, "acr_values": high, "prompt": "login" });
        let told = ask(&asks, is_signed, "high");
        assert!(told["error"].is_null(), "{told}");
        assert_eq!((&told["claims"]["acr"], &told["audience"]), (&json!(high), &json!(API)));
        assert_eq!(told["scope"], "openid profile offline_access loan");
        let narrowed = json!({ "scope": "loan", "aud": API, "userinfo": 403, "says": "insufficient_scope" });
        assert_eq!(told["narrowed"], narrowed);
        assert_eq!(
            (&told["claims"]["sid"], &told["claims"]["sub"]),
            (&before["claims"]["sid"], &before["claims"]["sub"])
        );
    }
}

#[test]
fn openid_client_signs_a_person_in_without_a_secret_and_rotates() {
    let program = Program::start();
    let app = program.register("app", None, "");
    let mut client = Judge::node(SCRIPT, &about(&app));
    let request = client.hear()["authorize"].as_str().unwrap().to_owned();
    let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
    client.tell(&json!(callback));
    let told = client.hear();
    assert!(told["error"].is_null(), "{told}");
    assert_eq!((&told["refreshed"], &told["rotated"]), (&told["claims"]["sub"], &json!(true)));
}

/// A judge that would take anything is none: answers of others, without `iss` or with another, and a changed state.
#[test]
fn openid_client_refuses_answers_that_were_changed_on_the_way() {
    let program = Program::start();
    let bank = program.register("bank", Some(RelyingParty::new_key()), "");
    let issuer = format!("http%3A%2F%2F{}", program.address.replace(':', "%3A"));
    for (from, to) in [
        (format!("&iss={issuer}"), String::new()),
        (issuer.clone(), "https%3A%2F%2Fother.example".to_owned()),
        ("state=".to_owned(), "state=x".to_owned()),
    ] {
        let mut client = Judge::node(SCRIPT, &about(&bank));
        let request = client.hear()["authorize"].as_str().unwrap().to_owned();
        let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
        assert!(callback.contains(&from), "{callback}");
        client.tell(&json!(callback.replace(&from, &to)));
        assert!(client.hear()["error"].is_string(), "{from}");
    }
}

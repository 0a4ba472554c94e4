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
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

use browser::Browser;
use judge::{Judge, about};
use process::Program;
use relying_party::RelyingParty;
use running::sign_in;
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

//! Relying parties of others sign a person in and out: PyPI `Authlib`, Debian's `mod_auth_openidc` in a real Apache, and two small ones
//! on PyPI `joserfc` and npm `jose`. All they know of the platform is its name.
//!
//! `cargo xtask test` installs them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod apache;
#[path = "../browser/mod.rs"]
mod browser;
#[path = "../judge/mod.rs"]
mod judge;
mod mod_auth_openidc;
mod negatives;
#[path = "../process/mod.rs"]
mod process;
#[path = "../python/mod.rs"]
mod python;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

use browser::Browser;
use judge::Judge;
use process::Program;
use relying_party::{RelyingParty, answered, encode};
use running::sign_in;
use serde_json::{Value, json};

/// A relying party of others, with what its registration says.
struct Other {
    start: fn(&Value) -> Judge,
    registration: &'static str,
    /// What it takes ID tokens by alone.
    algorithm: &'static str,
    token_type: &'static str,
}

const AUTHLIB: Other = Other {
    start: |about| Judge::python("relying_parties/authlib_flask.py", about),
    registration: "",
    algorithm: "ES256",
    token_type: "Bearer",
};
const JOSERFC: Other = Other {
    start: |about| Judge::python("relying_parties/by_joserfc.py", about),
    registration: "profile = \"fapi2\"\nrequire_pushed_requests = true\nrequire_signed_requests = true\n",
    algorithm: "ES256",
    token_type: "DPoP",
};
const JOSE: Other = Other {
    start: |about| Judge::node("relying_parties/by_jose.mjs", about),
    registration: "require_signed_requests = true\n",
    algorithm: "ES256",
    token_type: "Bearer",
};

fn about(party: &RelyingParty, other: &Other) -> Value {
    let mut about = judge::about(party);
    about["idTokenAlgorithm"] = json!(other.algorithm);
    about["signedOut"] = json!(party.redirect_uri.replace("/callback", "/bye"));
    about
}

/// The address that it sends the browser to.
fn authorize(judge: &mut Judge) -> String {
    let told = judge.hear();
    told["authorize"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
}

/// Whether a person is signed in in a browser, by what another relying party is told.
fn is_signed_in(browser: &mut Browser, witness: &RelyingParty) -> bool {
    let location = browser.get(&witness.authorize(&[("prompt", "none")])).location().to_owned();
    match answered(&location)["error"].as_str() {
        "login_required" => false,
        "consent_required" | "interaction_required" => true,
        other => panic!("{other}"),
    }
}

fn signs_a_person_in_and_out(other: &Other) {
    let program = Program::start();
    let registration =
        format!("{}id_token_signed_response_alg = \"{}\"\n", other.registration, other.algorithm);
    let bank = program.register("bank", Some(RelyingParty::new_key()), &registration);
    let witness = program.register("witness", None, "");
    let mut judge = (other.start)(&about(&bank, other));
    let mut browser = Browser::new(&program.address);
    let request = authorize(&mut judge);
    let callback = sign_in(&mut browser, &program.address, &request);
    judge.tell(&json!(callback));
    let told = judge.hear();
    assert!(told["error"].is_null(), "{told}");
    assert_eq!(told["tokenType"], other.token_type);
    assert_eq!(told["claims"]["acr"], "urn:bitaqa:acr:test:high");
    assert_eq!(told["userinfo"]["name"], "أمينة المثال");
    assert_eq!(told["userinfo"]["sub"], told["claims"]["sub"]);
    if other.token_type == "DPoP" {
        assert_eq!(told["stolen"], 401);
    }
    assert!(is_signed_in(&mut browser, &witness));
    let left = browser.get(told["endSession"].as_str().unwrap()).location().to_owned();
    judge.tell(&json!(left));
    assert_eq!(judge.hear(), json!({ "signedOut": true }));
    assert!(!is_signed_in(&mut browser, &witness));
}

/// A judge that would take anything is none: a changed state, an answer of another issuer where it looks, and an attacker's code in the
/// place of the person's, which the platform refuses for the verifier.
fn refuses_what_was_changed_on_the_way(other: &Other, changes: &[(&str, &str)]) {
    let program = Program::start();
    let bank = program.register("bank", Some(RelyingParty::new_key()), other.registration);
    let arrive = |change: &dyn Fn(&str) -> String| {
        let mut judge = (other.start)(&about(&bank, other));
        let request = authorize(&mut judge);
        let callback = sign_in(&mut Browser::new(&program.address), &program.address, &request);
        judge.tell(&json!(change(&callback)));
        judge.hear()
    };
    for (name, value) in changes {
        let told = arrive(&|callback| with(callback, name, value));
        assert!(told["error"].is_string(), "{name}: {told}");
    }
    let mut attacker = (other.start)(&about(&bank, other));
    let theirs = authorize(&mut attacker);
    let theirs = sign_in(&mut Browser::new(&program.address), &program.address, &theirs);
    let told = arrive(&|callback| with(callback, "code", &answered(&theirs)["code"]));
    assert!(told["error"].as_str().unwrap_or_default().contains("invalid_grant"), "{told}");
}

/// An answer's address with another value.
fn with(callback: &str, name: &str, value: &str) -> String {
    let (address, _) = callback.split_once('?').unwrap();
    let mut parameters = answered(callback);
    assert!(parameters.insert(name.to_owned(), value.to_owned()).is_some());
    format!("{address}?{}", encode(&parameters.into_iter().collect::<Vec<_>>()))
}

const STATE: (&str, &str) = ("state", "another");
const ISSUER: (&str, &str) = ("iss", "https://other.example");

#[test]
fn authlib_signs_a_person_in_and_out() {
    signs_a_person_in_and_out(&AUTHLIB);
}

#[test]
fn authlib_takes_id_tokens_by_rs256() {
    signs_a_person_in_and_out(&Other { algorithm: "RS256", ..AUTHLIB });
}

#[test]
fn a_small_relying_party_on_joserfc_takes_id_tokens_by_ps256_and_eddsa() {
    for algorithm in ["PS256", "EdDSA"] {
        signs_a_person_in_and_out(&Other { algorithm, ..JOSERFC });
    }
}

#[test]
fn a_small_relying_party_on_jose_takes_id_tokens_by_rs256_and_eddsa() {
    for algorithm in ["RS256", "EdDSA"] {
        signs_a_person_in_and_out(&Other { algorithm, ..JOSE });
    }
}

#[test]
fn authlib_refuses_what_was_changed_on_the_way() {
    // it does not look at `iss`
    refuses_what_was_changed_on_the_way(&AUTHLIB, &[STATE]);
}

#[test]
fn a_small_relying_party_on_joserfc_signs_a_person_in_and_out_by_fapi_2() {
    signs_a_person_in_and_out(&JOSERFC);
}

#[test]
fn a_small_relying_party_on_joserfc_refuses_what_was_changed_on_the_way() {
    refuses_what_was_changed_on_the_way(&JOSERFC, &[STATE, ISSUER]);
}

#[test]
fn a_small_relying_party_on_jose_signs_a_person_in_and_out() {
    signs_a_person_in_and_out(&JOSE);
}

#[test]
fn a_small_relying_party_on_jose_refuses_what_was_changed_on_the_way() {
    refuses_what_was_changed_on_the_way(&JOSE, &[STATE, ISSUER]);
}

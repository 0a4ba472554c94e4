//! What relying parties of the two profiles may do, and what those of FAPI 2 may not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod relying_party;
mod rsa_key;
mod running;

use bitaqa_jose::{Curve, PrivateJwk, base64url};
use bitaqa_platform::secret::fill;
use browser::Answer;
use relying_party::{RelyingParty, asserted, assertion};
use rsa_key::RsaKey;
use running::Running;
use serde_json::{Value, json};

const FAPI2: &str = "profile = \"fapi2\"\nrequire_pushed_requests = true\n";

fn push(party: &RelyingParty, assertion: &str) -> Answer {
    let mut parameters = party.request(&[]);
    parameters.extend(asserted(assertion));
    party.send("/par", &parameters)
}

fn refused(answer: &Answer, why: &str) {
    assert_eq!((answer.status, answer.error().as_str()), (401, "invalid_client"), "{why}");
}

#[test]
fn an_assertion_of_fapi_2_is_for_the_issuer_as_a_string() {
    let platform = Running::new();
    let bank = platform.confidential("bank", FAPI2);
    let clinic = platform.confidential("clinic", "");
    let issuer = format!("http://{}", platform.address);
    let with = |party: &RelyingParty, audience: &Value| {
        let claims = party.claims(&[("aud", audience.clone())]);
        push(party, &assertion(party.key.as_ref().unwrap(), &claims))
    };
    assert_eq!(with(&bank, &json!(issuer)).status, 201);
    for audience in [json!([issuer]), json!(format!("{issuer}/token")), json!(format!("{issuer}/par"))] {
        refused(&with(&bank, &audience), &audience.to_string());
        assert_eq!(with(&clinic, &audience).status, 201, "{audience}");
    }
}

#[test]
fn each_profile_has_its_algorithms() {
    let platform = Running::new();
    let rsa = RsaKey::new();
    let ed25519 = PrivateJwk::generate(Curve::Ed25519, &mut fill).unwrap();
    let p384 = PrivateJwk::generate(Curve::P384, &mut fill).unwrap();
    let of = |key: &PrivateJwk| serde_json::to_value(key.public()).unwrap();
    let keys = [rsa.public(), of(&ed25519), of(&RelyingParty::new_key())];
    let bank = platform.with_keys("bank", &keys, FAPI2);
    let clinic = platform.with_keys("clinic", &[&keys[..], &[of(&p384)]].concat(), "");
    let header = json!({ "kid": "rsa" });
    for party in [&bank, &clinic] {
        assert_eq!(push(party, &rsa.sign("PS256", &header, &party.claims(&[]))).status, 201);
        assert_eq!(push(party, &rsa.sign("PS256", &json!({}), &party.claims(&[]))).status, 201);
        assert_eq!(push(party, &assertion(&ed25519, &party.claims(&[]))).status, 201);
        // another key of the same size, and one header for both
        refused(&push(party, &rsa.sign("PS256", &json!({ "kid": "other" }), &party.claims(&[]))), "kid");
        let claims = base64url::encode(party.claims(&[]).to_string().as_bytes());
        let none = format!("{}.{claims}.", base64url::encode(br#"{"alg":"none"}"#));
        refused(&push(party, &none), "none");
    }
    assert_eq!(push(&clinic, &rsa.sign("RS256", &header, &clinic.claims(&[]))).status, 201);
    assert_eq!(push(&clinic, &assertion(&p384, &clinic.claims(&[]))).status, 201);
    refused(&push(&bank, &rsa.sign("RS256", &header, &bank.claims(&[]))), "RS256");
}

#[test]
fn an_rsa_key_that_says_its_algorithm_is_for_no_other() {
    let platform = Running::new();
    let rsa = RsaKey::new();
    let mut key = rsa.public();
    key["alg"] = json!("PS256");
    let bank = platform.with_keys("bank", &[key], "");
    assert_eq!(push(&bank, &rsa.sign("PS256", &json!({}), &bank.claims(&[]))).status, 201);
    refused(&push(&bank, &rsa.sign("RS256", &json!({}), &bank.claims(&[]))), "RS256");
    let mut other = rsa.sign("PS256", &json!({}), &bank.claims(&[]));
    let last = if other.pop() == Some('A') { 'Q' } else { 'A' };
    other.push(last);
    refused(&push(&bank, &other), "another signature");
}

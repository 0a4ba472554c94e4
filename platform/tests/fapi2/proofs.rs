//! Tokens bound to a key (DPoP).

use bitaqa_jose::base64url;
use serde_json::{Value, json};

use crate::{
    browser::Answer,
    flow::{Flow, is_refused},
    proof::{changed, claims, header, sign, thumbprint},
    relying_party::RelyingParty,
    running::START,
};

const OFFLINE: (&str, &str) = ("scope", "openid profile offline_access");

fn access(tokens: &Value) -> String {
    tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
}

#[test]
fn fapi2_security_profile_final_access_token_type_header_case_sensitivity() {
    let flow = Flow::plain();
    let access = access(&flow.completes(&flow.bank.push(&[])));
    for scheme in ["DPoP", "dpop", "DPOP", "dPoP"] {
        let shown = claims(&flow.platform.address, "GET", "/userinfo", Some(&access), &[]);
        let proof = sign(&flow.key, &header(&flow.key), &shown);
        let authorization = format!("{scheme} {access}");
        let headers = [("authorization", authorization.as_str()), ("dpop", &proof)];
        let answer = flow.platform.browser().raw("GET", "/userinfo", &headers, "");
        assert_eq!(answer.status, 200, "{scheme}");
    }
}

/// All three endpoints take proofs with these changes.
fn is_taken_everywhere(changes: &[(&str, Value)]) {
    let flow = Flow::plain();
    let at = |path: &str| flow.proof("POST", path, changes);
    let pushed = flow.bank.call_with("/par", &flow.bank.request(&[]), &[("dpop", &at("/par"))]);
    let code = flow.code_for(&pushed);
    let tokens = flow.bank.call_with("/token", &flow.bank.redemption(&code, &[]), &[("dpop", &at("/token"))]);
    let answer = flow.bank.userinfo_with(&access(&tokens.json()), &flow.key, changes);
    assert_eq!(answer.status, 200, "{changes:?}");
}

/// None of the three endpoints does.
fn is_taken_nowhere(changes: &[(&str, Value)]) {
    let flow = Flow::plain();
    let at = |path: &str| flow.proof("POST", path, changes);
    let pushed = flow.bank.call_with("/par", &flow.bank.request(&[]), &[("dpop", &at("/par"))]);
    is_refused(&pushed, 400, "invalid_dpop_proof");
    let code = flow.code(&[]);
    let tokens = flow.bank.call_with("/token", &flow.bank.redemption(&code, &[]), &[("dpop", &at("/token"))]);
    is_refused(&tokens, 400, "invalid_dpop_proof");
    let access = access(&flow.redeem(&code, &[]).json());
    assert_eq!(flow.bank.userinfo_with(&access, &flow.key, changes).status, 401, "{changes:?}");
    assert_eq!(flow.bank.userinfo_with(&access, &flow.key, &[]).status, 200);
}

#[test]
fn fapi2_security_profile_final_check_dpop_proof_nbf_exp() {
    let now = START;
    is_taken_everywhere(&[("nbf", json!(now)), ("exp", json!(now + 300))]);
    is_taken_nowhere(&[("exp", json!(now - 300))]);
    is_taken_nowhere(&[("nbf", json!(now + 300))]);
}

#[test]
fn fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_before_succeeds() {
    let now = START;
    is_taken_everywhere(&[("iat", json!(now - 10))]);
    is_taken_nowhere(&[("iat", json!(now - 60))]);
}

#[test]
fn fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_after_succeeds() {
    let now = START;
    is_taken_everywhere(&[("iat", json!(now + 10))]);
    is_taken_nowhere(&[("iat", json!(now + 60))]);
}

#[test]
fn fapi2_security_profile_final_ensure_mismatched_dpop_jkt_fails() {
    let flow = Flow::plain();
    let push = |jkt: &str| {
        let proof = flow.proof("POST", "/par", &[]);
        flow.bank.call_with("/par", &flow.bank.request(&[("dpop_jkt", jkt)]), &[("dpop", &proof)])
    };
    is_refused(&push(&thumbprint(&RelyingParty::new_key())), 400, "invalid_dpop_proof");
    flow.completes(&push(&thumbprint(&flow.key)));
}

#[test]
fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt() {
    let flow = Flow::plain();
    let proof = flow.proof("POST", "/par", &[]);
    let code = flow.code_for(&flow.bank.call_with("/par", &flow.bank.request(&[]), &[("dpop", &proof)]));
    is_refused(&flow.bank.redeem_with(&code, &RelyingParty::new_key()), 400, "invalid_grant");
    flow.is_good(&flow.redeem(&code, &[]).json());
}

#[test]
fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_jkt() {
    let flow = Flow::plain();
    let code = flow.code(&[("dpop_jkt", &thumbprint(&flow.key))]);
    is_refused(&flow.bank.redeem_with(&code, &RelyingParty::new_key()), 400, "invalid_grant");
    flow.is_good(&flow.redeem(&code, &[]).json());
}

#[test]
fn fapi2_security_profile_final_ensure_dpopproof_at_par_endpoint_binding_success() {
    let flow = Flow::plain();
    let proof = flow.proof("POST", "/par", &[]);
    flow.completes(&flow.bank.call_with("/par", &flow.bank.request(&[]), &[("dpop", &proof)]));
}

#[test]
fn fapi2_security_profile_final_ensure_dpop_auth_code_binding_success() {
    let flow = Flow::plain();
    flow.completes(&flow.bank.push(&[("dpop_jkt", &thumbprint(&flow.key))]));
    let signed = Flow::signed();
    let object = signed.object(&[("dpop_jkt", json!(thumbprint(&signed.key)))]);
    let code = signed.code_for(&signed.push_object(&object, &[]));
    is_refused(&signed.bank.redeem_with(&code, &RelyingParty::new_key()), 400, "invalid_grant");
    signed.is_good(&signed.redeem(&code, &[]).json());
}

#[test]
fn fapi2_security_profile_final_ensure_holder_of_key_required() {
    let flow = Flow::plain();
    let code = flow.code(&[OFFLINE]);
    is_refused(&flow.bank.redeem(&code, &[]), 400, "invalid_dpop_proof");
    let tokens = flow.redeem(&code, &[]).json();
    flow.is_good(&tokens);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    is_refused(&flow.bank.refresh(refresh), 400, "invalid_dpop_proof");
    flow.is_good(&flow.bank.refresh_with(refresh, &flow.key).json());
}

#[test]
fn fapi2_security_profile_final_dpop_negative_tests() {
    let flow = Flow::plain();
    let access = access(&flow.completes(&flow.bank.push(&[])));
    let shown = |changes: &[(&str, Value)]| {
        claims(&flow.platform.address, "GET", "/userinfo", Some(&access), changes)
    };
    let with = |head: &[(&str, Value)], body: &[(&str, Value)]| {
        let header = changed(header(&flow.key), head);
        flow.bank.userinfo_proven(&access, &[&sign(&flow.key, &header, &shown(body))])
    };
    let refused = |answer: &Answer, why: &str| {
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert_eq!(answer.status, 401, "{why}");
        assert!(challenge.starts_with("DPoP error=\"invalid_"), "{why}: {challenge}");
    };
    let good = || sign(&flow.key, &header(&flow.key), &shown(&[]));
    let address = format!("{}/userinfo", flow.issuer());
    let hour = 60 * 60;

    refused(&flow.bank.userinfo_proven(&access, &[&good(), &good()]), "two proofs");
    refused(&flow.bank.userinfo_proven(&access, &[&good().replace('.', "")]), "no JWT");
    let mut private: Value = serde_json::from_str(&flow.key.to_json()).unwrap();
    private.as_object_mut().unwrap().remove("kid");
    for (name, value) in [
        ("typ", Value::Null),
        ("typ", json!("JWT")),
        ("alg", Value::Null),
        ("alg", json!("none")),
        ("alg", json!("RS256")),
        ("jwk", Value::Null),
        ("jwk", private),
        ("jwk", header(&RelyingParty::new_key())["jwk"].clone()),
    ] {
        refused(&with(&[(name, value.clone())], &[]), &format!("{name} {value}"));
    }
    for (name, value) in [
        ("jti", Value::Null),
        ("htm", Value::Null),
        ("htm", json!("PUT")),
        ("htu", Value::Null),
        ("htu", json!("https://other.example/userinfo")),
        ("iat", Value::Null),
        ("iat", json!(flow.now() + hour)),
        ("iat", json!(flow.now() - hour)),
        ("ath", Value::Null),
        ("ath", json!(base64url::encode(&[0; 32]))),
    ] {
        refused(&with(&[], &[(name, value.clone())]), &format!("{name} {value}"));
    }
    let (input, _) = good().rsplit_once('.').map(|(one, other)| (one.to_owned(), other.to_owned())).unwrap();
    let (_, signature) =
        good().rsplit_once('.').map(|(one, other)| (one.to_owned(), other.to_owned())).unwrap();
    refused(&flow.bank.userinfo_proven(&access, &[&format!("{input}.{signature}")]), "another's signature");
    refused(
        &with(&[], &[("jti", json!("fixed"))]).then_again(|| with(&[], &[("jti", json!("fixed"))])),
        "jti again",
    );
    let other = RelyingParty::new_key();
    refused(&flow.bank.userinfo_with(&access, &other, &[]), "another key");
    refused(&flow.bank.userinfo_proven(&access, &[]), "no proof");
    refused(&flow.bank.userinfo(&access), "as Bearer");

    let upper = address.replace("http://", "HTTP://");
    for (name, value) in [
        ("htu", json!(format!("{address}?a=1&b=2#c"))),
        ("htu", json!(upper)),
        ("unknown", json!({ "a": 1 })),
    ] {
        assert_eq!(with(&[], &[(name, value.clone())]).status, 200, "{name} {value}");
    }
    assert_eq!(with(&[("unknown", json!("x"))], &[]).status, 200);
    assert_eq!(flow.bank.userinfo_proven(&access, &[&good()]).status, 200, "the token still is good");
}

trait ThenAgain {
    /// What comes of it the second time, where the first was good.
    fn then_again(self, again: impl FnOnce() -> Answer) -> Answer;
}

impl ThenAgain for Answer {
    fn then_again(self, again: impl FnOnce() -> Answer) -> Answer {
        assert_eq!(self.status, 200, "the first time");
        again()
    }
}

//! Codes, assertions and refresh tokens.

use serde_json::{Value, json};

use crate::{
    flow::{FAPI2, Flow, is_refused},
    relying_party::{RelyingParty, assertion},
    rsa_key::RsaKey,
    running::START,
};

#[test]
fn fapi2_security_profile_final_ensure_client_id_in_token_endpoint() {
    let flow = Flow::plain();
    let code = flow.code(&[]);
    // the other's name and assertion, by a key that is not the other's
    let claims = flow.clinic.claims(&[]);
    let by_bank = assertion(flow.bank.key.as_ref().unwrap(), &claims);
    is_refused(&flow.redeem_asserted(&code, Some(&by_bank)), 401, "invalid_client");
    // two names
    let by_clinic = assertion(flow.clinic.key.as_ref().unwrap(), &claims);
    is_refused(&flow.redeem_asserted(&code, Some(&by_clinic)), 401, "invalid_client");
    flow.is_good(&flow.redeem_asserted(&code, Some(&flow.assertion(&[]))).json());
}

#[test]
fn fapi2_security_profile_final_ensure_authorization_code_is_bound_to_client() {
    let flow = Flow::plain();
    let code = flow.code(&[]);
    let proof = flow.proof("POST", "/token", &[]);
    let given = flow.clinic.redemption(&code, &[("redirect_uri", &flow.bank.redirect_uri)]);
    is_refused(&flow.clinic.call_with("/token", &given, &[("dpop", &proof)]), 400, "invalid_grant");
    flow.is_good(&flow.redeem(&code, &[]).json());
}

#[test]
fn fapi2_security_profile_final_attempt_reuse_authorization_code_after_one_second() {
    let flow = Flow::plain();
    let code = flow.code(&[]);
    let tokens = flow.redeem(&code, &[]).json();
    flow.is_good(&tokens);
    flow.platform.later(1);
    is_refused(&flow.redeem(&code, &[]), 400, "invalid_grant");
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(flow.bank.userinfo_with(access, &flow.key, &[]).status, 401, "it is withdrawn");
}

#[test]
fn fapi2_security_profile_final_ensure_token_endpoint_fails_with_expired_auth_code() {
    let flow = Flow::plain();
    let (in_time, late) = (flow.code(&[]), flow.code(&[]));
    flow.platform.later(59);
    flow.is_good(&flow.redeem(&in_time, &[]).json());
    flow.platform.later(1);
    is_refused(&flow.redeem(&late, &[]), 400, "invalid_grant");
}

#[test]
fn fapi2_security_profile_final_ensure_signed_client_assertion_with_RS256_fails() {
    let mut flow = Flow::plain();
    let (rsa, key) = (RsaKey::new(), RelyingParty::new_key());
    let keys = [rsa.public(), serde_json::to_value(key.public()).unwrap()];
    flow.bank = RelyingParty { key: Some(key), ..flow.platform.with_keys("shop", &keys, FAPI2) };
    let code = flow.code(&[]);
    let by = |algorithm: &str| {
        let assertion = rsa.sign(algorithm, &json!({ "kid": "rsa" }), &flow.bank.claims(&[]));
        flow.redeem_asserted(&code, Some(&assertion))
    };
    is_refused(&by("RS256"), 401, "invalid_client");
    flow.is_good(&by("PS256").json());
}

/// Redeems with an assertion that has a fault, then with one that has none.
fn assertion_is_refused(faults: &[(&str, Value)]) {
    let flow = Flow::plain();
    let code = flow.code(&[]);
    for fault in faults {
        let answer = flow.redeem_asserted(&code, Some(&flow.assertion(std::slice::from_ref(fault))));
        assert_eq!((answer.status, answer.error().as_str()), (401, "invalid_client"), "{fault:?}");
    }
    flow.is_good(&flow.redeem_asserted(&code, Some(&flow.assertion(&[]))).json());
}

#[test]
fn fapi2_security_profile_final_ensure_client_assertion_in_token_endpoint() {
    let flow = Flow::plain();
    let code = flow.code(&[]);
    is_refused(&flow.redeem_asserted(&code, None), 401, "invalid_client");
    flow.is_good(&flow.redeem_asserted(&code, Some(&flow.assertion(&[]))).json());
}

#[test]
fn fapi2_security_profile_final_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails() {
    assertion_is_refused(&[("exp", json!(START - 5 * 60))]);
}

#[test]
fn fapi2_security_profile_final_ensure_client_assertion_with_wrong_aud_fails() {
    assertion_is_refused(&[("aud", json!("https://other.example")), ("aud", Value::Null)]);
}

#[test]
fn fapi2_security_profile_final_ensure_client_assertion_with_no_sub_fails() {
    assertion_is_refused(&[("sub", Value::Null), ("sub", json!("clinic"))]);
}

#[test]
fn fapi2_security_profile_final_refresh_token() {
    let flow = Flow::plain();
    let tokens = flow.redeem(&flow.code(&[("scope", "openid profile offline_access")]), &[]).json();
    flow.is_good(&tokens);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    for _ in 0..2 {
        let again = flow.bank.refresh_with(refresh, &flow.key).json();
        assert_eq!(
            again.get("refresh_token"),
            None,
            "FAPI 2.0 Security Profile section 5.3.2.1: no rotation"
        );
        flow.is_good(&again);
        let (one, other) = (flow.id_token(&tokens), flow.id_token(&again));
        assert_eq!((&one["sub"], &one["iss"], &one["aud"]), (&other["sub"], &other["iss"], &other["aud"]));
    }
    is_refused(&flow.clinic.refresh_with(refresh, &flow.key), 400, "invalid_grant");
    flow.is_good(&flow.bank.refresh_with(refresh, &flow.key).json());
}

#[test]
fn fapi2_security_profile_final_ensure_pkce_code_verifier_required() {
    let flow = Flow::plain();
    let code = flow.code(&[]);
    is_refused(&flow.redeem(&code, &[("code_verifier", "")]), 400, "invalid_grant");
    flow.is_good(&flow.redeem(&code, &[]).json());
}

#[test]
fn fapi2_security_profile_final_incorrect_pkce_code_verifier_rejected() {
    let flow = Flow::plain();
    let code = flow.code(&[]);
    let other = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl";
    is_refused(&flow.redeem(&code, &[("code_verifier", other)]), 400, "invalid_grant");
    flow.is_good(&flow.redeem(&code, &[]).json());
}

//! Pushed requests, and who pushes them.

use serde_json::{Value, json};

use crate::{
    flow::{Flow, is_refused},
    relying_party::{FORM, VERIFIER, answered, encode},
    running::{START, open},
};

#[test]
fn fapi2_security_profile_final_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds() {
    let flow = Flow::plain();
    let request = flow.authorize(&flow.bank.push(&[]), &[]);
    let mut browser = flow.platform.browser();
    let page = open(&mut browser, &request);
    assert_eq!(browser.get(&page).status, 200);
    let location = flow.sign_in(&request);
    flow.is_good(&flow.redeem(&answered(&location)["code"], &[]).json());
}

#[test]
fn fapi2_security_profile_final_par_attempt_reuse_request_uri() {
    let flow = Flow::plain();
    let request = flow.authorize(&flow.bank.push(&[]), &[]);
    let mut browser = flow.platform.browser();
    let location = crate::running::sign_in(&mut browser, &flow.platform.address, &request);
    assert!(location.contains("code="), "{location}");
    // the one who is signed in, and anybody else
    for mut browser in [browser, flow.platform.browser()] {
        let again = browser.get(&request);
        assert_eq!((again.status, again.header("location")), (400, None), "{}", again.body);
        assert!(again.body.contains("invalid_request_uri"));
    }
}

#[test]
fn fapi2_security_profile_final_par_attempt_to_use_expired_request_uri() {
    let flow = Flow::plain();
    let pushed = flow.bank.push(&[]);
    let request = flow.authorize(&pushed, &[]);
    let lifetime = pushed.json()["expires_in"].as_i64().unwrap();
    flow.platform.later(lifetime - 1);
    let mut browser = flow.platform.browser();
    let page = open(&mut browser, &request);
    flow.platform.later(1);
    let late = flow.platform.browser().get(&request);
    assert_eq!(late.status, 400);
    assert!(late.body.contains("invalid_request_uri"));
    // who came in time has time
    flow.platform.later(10 * 60);
    let address = &flow.platform.address;
    let person = crate::test_pki::Template::person();
    assert_eq!(crate::running::show_card(&mut browser, address, &page, "high", person).status, 200);
    assert!(browser.get(&page).location().contains("code="));
}

fn assertion_is_taken(changes: &[(&str, Value)]) {
    let flow = Flow::plain();
    flow.completes(&flow.push_asserted(changes));
}

fn assertion_is_refused(changes: &[(&str, Value)]) {
    let flow = Flow::plain();
    is_refused(&flow.push_asserted(changes), 401, "invalid_client");
    flow.completes(&flow.push_asserted(&[]));
}

#[test]
fn fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_8_seconds_in_the_future_is_accepted() {
    assertion_is_taken(&[("nbf", json!(START + 8))]);
}

#[test]
fn fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_over_60_seconds_in_the_future_fails() {
    assertion_is_refused(&[("nbf", json!(START + 65))]);
}

#[test]
fn fapi2_security_profile_final_par_attempt_to_use_request_uri_for_different_client() {
    let flow = Flow::plain();
    let request = flow.authorize(&flow.bank.push(&[]), &[]);
    let stolen = flow.platform.browser().get(&request.replace("client_id=bank", "client_id=clinic"));
    assert_eq!((stolen.status, stolen.header("location")), (400, None));
    assert!(flow.sign_in(&request).contains("code="), "it is not used up by that");
}

#[test]
fn fapi2_security_profile_final_par_authorization_request_containing_request_uri_form_param() {
    let flow = Flow::plain();
    flow.push_is_refused(&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request");
    let signed = Flow::signed();
    let beside = [("request_uri", "https://bank.example.ma/request.jwt")];
    is_refused(&signed.push_object(&signed.object(&[]), &beside), 400, "invalid_request");
}

#[test]
fn fapi2_security_profile_final_par_attempt_invalid_http_method() {
    let flow = Flow::plain();
    let body = encode(&flow.bank.request(&[]));
    for method in ["PUT", "GET", "PATCH", "DELETE"] {
        let answer = flow.platform.browser().raw(method, "/par", &[("content-type", FORM)], &body);
        assert_eq!(answer.status, 405, "{method}");
    }
}

#[test]
fn fapi2_security_profile_final_par_ensure_pkce_required() {
    let flow = Flow::plain();
    flow.push_is_refused(&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request");
    Flow::signed().object_is_refused(
        &[("code_challenge", Value::Null), ("code_challenge_method", Value::Null)],
        "invalid_request",
    );
}

#[test]
fn fapi2_security_profile_final_par_plain_pkce_rejected() {
    let flow = Flow::plain();
    let plain = [("code_challenge", VERIFIER), ("code_challenge_method", "plain")];
    flow.push_is_refused(&plain, "invalid_request");
    // `plain` is what is meant where nothing is said
    flow.push_is_refused(&[("code_challenge_method", "")], "invalid_request");
}

#[test]
fn fapi2_security_profile_final_par_without_duplicate_parameters() {
    let flow = Flow::plain();
    let request = flow.authorize(&flow.bank.push(&[]), &[]);
    assert_eq!(request.matches('=').count(), 2, "client_id and request_uri alone: {request}");
    flow.is_good(&flow.redeem(&answered(&flow.sign_in(&request))["code"], &[]).json());
}

#[test]
fn fapi2_security_profile_final_par_test_array_as_audience_fails() {
    let flow = Flow::plain();
    is_refused(&flow.push_asserted(&[("aud", json!([flow.issuer()]))]), 401, "invalid_client");
    flow.completes(&flow.push_asserted(&[("aud", json!(flow.issuer()))]));
}

#[test]
fn fapi2_security_profile_final_par_test_par_endpoint_url_as_audience_fails() {
    let flow = Flow::plain();
    let address = format!("{}/par", flow.issuer());
    is_refused(&flow.push_asserted(&[("aud", json!(address))]), 401, "invalid_client");
    flow.completes(&flow.push_asserted(&[]));
}

#[test]
fn fapi2_security_profile_final_par_test_token_endpoint_url_as_audience_fails() {
    let flow = Flow::plain();
    let address = format!("{}/token", flow.issuer());
    is_refused(&flow.push_asserted(&[("aud", json!(address))]), 401, "invalid_client");
    flow.completes(&flow.push_asserted(&[]));
}

//! Signed requests. They are pushed, for FAPI 2 has no other way.

use bitaqa_jose::base64url;
use serde_json::{Value, json};

use crate::{
    flow::{FAPI2, Flow, is_refused, object},
    relying_party::{RelyingParty, answered},
    rsa_key::RsaKey,
};

#[test]
fn fapi2_security_profile_final_ensure_request_object_with_multiple_aud_succeeds() {
    let flow = Flow::signed();
    let audiences = json!(["https://other.example", flow.issuer()]);
    flow.completes(&flow.push_object(&flow.object(&[("aud", audiences)]), &[]));
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_without_exp_fails() {
    Flow::signed().object_is_refused(&[("exp", Value::Null)], "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_without_nbf_fails() {
    Flow::signed().object_is_refused(&[("nbf", Value::Null)], "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_expired_request_object_fails() {
    let flow = Flow::signed();
    let ended = json!(flow.now() - 5 * 60);
    flow.object_is_refused(&[("exp", ended)], "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_with_bad_aud_fails() {
    let flow = Flow::signed();
    for audience in [
        json!("https://other.example"),
        json!(["https://other.example"]),
        json!([]),
        json!(format!("{}/", flow.issuer())),
        json!(format!("{}/par", flow.issuer())),
        Value::Null,
    ] {
        flow.object_is_refused(&[("aud", audience)], "invalid_request_object");
    }
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_with_exp_over_60_fails() {
    let flow = Flow::signed();
    let good = flow.object(&[("exp", json!(flow.now() + 60 * 60))]);
    assert_eq!(flow.push_object(&good, &[]).status, 201, "an hour is the most");
    flow.object_is_refused(&[("exp", json!(flow.now() + 70 * 60))], "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_with_nbf_over_60_fails() {
    let flow = Flow::signed();
    let begun = |minutes: i64| [("nbf", json!(flow.now() - minutes * 60)), ("exp", json!(flow.now() + 20))];
    assert_eq!(flow.push_object(&flow.object(&begun(59)), &[]).status, 201);
    flow.object_is_refused(&begun(70), "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_with_nbf_8_seconds_in_the_future_is_accepted() {
    let flow = Flow::signed();
    flow.completes(&flow.push_object(&flow.object(&[("nbf", json!(flow.now() + 8))]), &[]));
    flow.object_is_refused(&[("nbf", json!(flow.now() + 60))], "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_signed_request_object_with_RS256_fails() {
    let mut flow = Flow::signed();
    let (rsa, key) = (RsaKey::new(), RelyingParty::new_key());
    let keys = [rsa.public(), serde_json::to_value(key.public()).unwrap()];
    let signed = format!("{FAPI2}require_signed_requests = true\n");
    flow.bank = RelyingParty { key: Some(key), ..flow.platform.with_keys("shop", &keys, &signed) };
    let header = json!({ "typ": "oauth-authz-req+jwt", "kid": "rsa" });
    let by = |algorithm: &str| flow.push_object(&rsa.sign(algorithm, &header, &flow.object_claims(&[])), &[]);
    is_refused(&by("RS256"), 400, "invalid_request_object");
    flow.completes(&by("PS256"));
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_signature_algorithm_is_not_none() {
    let flow = Flow::signed();
    let claims = base64url::encode(flow.object_claims(&[]).to_string().as_bytes());
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"none","typ":"oauth-authz-req+jwt"}"#, r#"{"alg":"None"}"#]
    {
        let object = format!("{}.{claims}.", base64url::encode(header.as_bytes()));
        is_refused(&flow.push_object(&object, &[]), 400, "invalid_request_object");
    }
    flow.completes(&flow.push_object(&flow.object(&[]), &[]));
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_with_invalid_signature_fails() {
    let flow = Flow::signed();
    let good = flow.object(&[]);
    let (input, signature) = good.rsplit_once('.').unwrap();
    let mut bytes = base64url::decode(signature).unwrap();
    bytes[0] ^= 0x5a;
    let other = format!("{input}.{}", base64url::encode(&bytes));
    is_refused(&flow.push_object(&other, &[]), 400, "invalid_request_object");
    flow.completes(&flow.push_object(&good, &[]));
}

#[test]
fn fapi2_security_profile_final_ensure_matching_key_in_authorization_request() {
    let flow = Flow::signed();
    let by_another = object(flow.clinic.key.as_ref().unwrap(), &flow.object_claims(&[]));
    is_refused(&flow.push_object(&by_another, &[]), 400, "invalid_request_object");
    // nor does the other's name help
    flow.object_is_refused(&[("iss", json!("clinic"))], "invalid_request_object");
    flow.object_is_refused(&[("client_id", json!("clinic"))], "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_unsigned_request_at_par_endpoint_fails() {
    let flow = Flow::signed();
    is_refused(&flow.bank.push(&[]), 400, "invalid_request");
    flow.completes(&flow.push_object(&flow.object(&[]), &[]));
    let plain = Flow::plain();
    assert_eq!(plain.bank.push(&[]).status, 201, "where it need not be signed");
}

#[test]
fn fapi2_security_profile_final_par_authorization_request_containing_request_uri() {
    let flow = Flow::signed();
    let pushed = flow.push_object(&flow.object(&[]), &[]).json()["request_uri"].clone();
    for uri in [json!("https://bank.example.ma/request.jwt"), pushed] {
        flow.object_is_refused(&[("request_uri", uri)], "invalid_request_object");
    }
    let inner = flow.object(&[]);
    flow.object_is_refused(&[("request", json!(inner))], "invalid_request_object");
}

#[test]
fn fapi2_security_profile_final_ensure_different_nonce_inside_and_outside_request_object() {
    let flow = Flow::signed();
    let pushed = flow.push_object(&flow.object(&[("nonce", json!("inside"))]), &[("nonce", "outside")]);
    let location = flow.sign_in(&flow.authorize(&pushed, &[("nonce", "in the address")]));
    let tokens = flow.redeem(&answered(&location)["code"], &[]).json();
    assert_eq!(flow.id_token(&tokens)["nonce"], "inside");
}

#[test]
fn fapi2_security_profile_final_ensure_different_state_inside_and_outside_request_object() {
    let flow = Flow::signed();
    let pushed = flow.push_object(&flow.object(&[("state", json!("inside"))]), &[("state", "outside")]);
    let location = flow.sign_in(&flow.authorize(&pushed, &[("state", "in the address")]));
    assert_eq!(answered(&location)["state"], "inside");
}

#[test]
fn fapi2_security_profile_final_state_only_outside_request_object_not_used() {
    let flow = Flow::signed();
    let pushed = flow.push_object(&flow.object(&[("state", Value::Null)]), &[("state", "outside")]);
    let location = flow.sign_in(&flow.authorize(&pushed, &[("state", "in the address")]));
    let answer = answered(&location);
    assert_eq!((answer.get("state"), answer.contains_key("code")), (None, true), "{location}");
}

#[test]
fn fapi2_security_profile_final_ensure_request_object_without_redirect_uri_fails() {
    let flow = Flow::signed();
    flow.object_is_refused(&[("redirect_uri", Value::Null)], "invalid_request");
    let object = flow.object(&[("redirect_uri", Value::Null)]);
    let beside = [("redirect_uri", flow.bank.redirect_uri.as_str())];
    is_refused(&flow.push_object(&object, &beside), 400, "invalid_request");
}

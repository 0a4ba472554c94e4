//! What the platform says of itself, what may be asked, and what may not.

use serde_json::{Value, json};

use crate::{
    flow::Flow,
    relying_party::{FORM, answered},
    running::open,
};

#[test]
fn fapi2_security_profile_final_discovery_end_point_verification() {
    let flow = Flow::plain();
    let about = flow.platform.browser().get("/.well-known/openid-configuration").json();
    let issuer = flow.issuer();
    assert_eq!(about["issuer"], issuer.as_str());
    for (name, path) in [
        ("authorization_endpoint", "/authorize"),
        ("pushed_authorization_request_endpoint", "/par"),
        ("token_endpoint", "/token"),
        ("userinfo_endpoint", "/userinfo"),
        ("jwks_uri", "/jwks"),
    ] {
        assert_eq!(about[name], format!("{issuer}{path}"), "{name}");
    }
    for (name, needed) in [
        ("response_types_supported", &["code"][..]),
        ("grant_types_supported", &["authorization_code", "refresh_token"]),
        ("code_challenge_methods_supported", &["S256"]),
        ("token_endpoint_auth_methods_supported", &["private_key_jwt"]),
        ("token_endpoint_auth_signing_alg_values_supported", &["PS256", "ES256", "EdDSA"]),
        ("request_object_signing_alg_values_supported", &["PS256", "ES256", "EdDSA"]),
        ("dpop_signing_alg_values_supported", &["PS256", "ES256", "EdDSA"]),
        ("id_token_signing_alg_values_supported", &["ES256"]),
    ] {
        let said = about[name].as_array().unwrap_or_else(|| panic!("{name}"));
        assert!(needed.iter().all(|value| said.contains(&json!(value))), "{name}: {said:?}");
    }
    let algorithms = about["dpop_signing_alg_values_supported"].as_array().unwrap();
    assert!(!algorithms.iter().any(|name| ["none", "RS256", "HS256"].contains(&name.as_str().unwrap())));
    for (name, value) in [
        ("authorization_response_iss_parameter_supported", true),
        ("request_parameter_supported", true),
        ("request_uri_parameter_supported", false),
        ("require_request_uri_registration", true),
        ("claims_parameter_supported", true),
    ] {
        assert_eq!(about[name], value, "{name}");
    }
    let keys = flow.platform.browser().get("/jwks").json();
    for key in keys["keys"].as_array().unwrap() {
        assert!(key.get("d").is_none() && key["kid"].is_string(), "{key}");
        assert!(matches!(key["use"].as_str(), Some("sig" | "enc")), "{key}");
    }
}

#[test]
fn fapi2_security_profile_final_happy_flow() {
    let plain = Flow::plain();
    let tokens = plain.completes(&plain.bank.push(&[]));
    let claims = plain.id_token(&tokens);
    assert_eq!((&claims["nonce"], &claims["acr"]), (&json!("a nonce"), &json!("urn:bitaqa:acr:test:high")));
    let told = plain.bank.about("/introspect", tokens["access_token"].as_str().unwrap()).json();
    assert_eq!(told["cnf"]["jkt"], crate::proof::thumbprint(&plain.key));

    let signed = Flow::signed();
    signed.completes(&signed.push_object(&signed.object(&[]), &[]));
}

#[test]
fn fapi2_security_profile_final_user_rejects_authentication() {
    let flow = Flow::plain();
    let mut browser = flow.platform.browser();
    let page = open(&mut browser, &flow.authorize(&flow.bank.push(&[]), &[]));
    let location = browser.post(&format!("{page}/cancel"), FORM, "").onward();
    let answer = answered(&location);
    assert_eq!((answer["error"].as_str(), answer["state"].as_str()), ("access_denied", "a state"));
    assert_eq!((answer.get("code"), &answer["iss"]), (None, &flow.issuer()));
}

#[test]
fn fapi2_security_profile_final_ensure_authorization_request_without_state_success() {
    let flow = Flow::plain();
    let pushed = flow.bank.push(&[("state", "")]);
    let location = flow.sign_in(&flow.authorize(&pushed, &[]));
    let answer = answered(&location);
    assert_eq!(answer.get("state"), None);
    flow.is_good(&flow.redeem(&answer["code"], &[]).json());
}

#[test]
fn fapi2_security_profile_final_ensure_authorization_request_without_nonce_success() {
    let flow = Flow::plain();
    let tokens = flow.completes(&flow.bank.push(&[("nonce", "")]));
    assert_eq!(flow.id_token(&tokens).get("nonce"), None);
}

fn with_nonce(nonce: &str) {
    let flow = Flow::plain();
    let tokens = flow.completes(&flow.bank.push(&[("nonce", nonce)]));
    assert_eq!(flow.id_token(&tokens)["nonce"], nonce);
}

#[test]
fn fapi2_security_profile_final_ensure_authorization_request_with_64_char_nonce_success() {
    with_nonce(&"0123456789abcdef".repeat(4));
}

#[test]
fn fapi2_security_profile_final_ensure_authorization_request_with_long_nonce() {
    with_nonce(&"0123456789abcdefghij".repeat(50));
}

#[test]
fn fapi2_security_profile_final_ensure_authorization_request_with_long_state() {
    let flow = Flow::plain();
    let state = "0123456789-._~abcdef".repeat(50);
    let location = flow.sign_in(&flow.authorize(&flow.bank.push(&[("state", &state)]), &[]));
    assert_eq!(answered(&location)["state"], state);
}

#[test]
fn fapi2_security_profile_final_ensure_other_scope_order_succeeds() {
    let flow = Flow::plain();
    let tokens = flow.completes(&flow.bank.push(&[("scope", "profile openid")]));
    assert_eq!(tokens["scope"], "openid profile");
}

#[test]
fn fapi2_security_profile_final_test_claims_parameter_identity_claims() {
    let flow = Flow::plain();
    let claims = json!({
        "id_token": { "given_name": { "essential": true } },
        "userinfo": { "family_name": { "essential": true }, "personal_number": null },
    });
    let asked = [("scope", "openid"), ("claims", &claims.to_string())];
    let tokens = flow.completes(&flow.bank.push(&asked));
    let id_token = flow.id_token(&tokens);
    assert!(id_token["given_name"].is_string() && id_token.get("family_name").is_none(), "{id_token}");
    let access = tokens["access_token"].as_str().unwrap();
    let told = flow.bank.userinfo_with(access, &flow.key, &[]).json();
    let mut names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    // the number is not registered
    assert_eq!(names, ["family_name", "sub"]);

    let signed = Flow::signed();
    let object = signed.object(&[("claims", claims), ("scope", json!("openid"))]);
    let tokens = signed.completes(&signed.push_object(&object, &[]));
    assert_eq!(signed.id_token(&tokens)["given_name"], id_token["given_name"], "as an object, too");
}

fn other_redirect_uri() -> Flow {
    let flow = Flow::plain();
    flow.push_is_refused(&[("redirect_uri", "https://bank.example.ma/other")], "invalid_request");
    let inside = format!("{}?more=1", flow.bank.redirect_uri);
    flow.push_is_refused(&[("redirect_uri", &inside)], "invalid_request");
    flow
}

#[test]
fn fapi2_security_profile_final_ensure_registered_redirect_uri() {
    let flow = other_redirect_uri();
    let location = flow
        .sign_in(&flow.authorize(&flow.bank.push(&[]), &[("redirect_uri", "https://evil.example/callback")]));
    assert!(location.starts_with(&format!("{}?", flow.bank.redirect_uri)), "{location}");
}

/// FAPI 2 lets a server take any address of whoever pushed; this one does not.
#[test]
fn fapi2_security_profile_final_plain_fapi_tolerate_unregistered_redirect_uri() {
    other_redirect_uri();
}

#[test]
fn fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails() {
    let flow = Flow::plain();
    let answer = flow.platform.browser().get(&flow.bank.authorize(&[]));
    let location = answer.location();
    assert_eq!(
        (answered(location)["error"].as_str(), answered(location).get("code")),
        ("invalid_request", None)
    );
    // signed ones are pushed, too
    let request = format!("/authorize?client_id=bank&request={}", flow.object(&[]));
    let location = flow.platform.browser().get(&request).location().to_owned();
    assert_eq!(answered(&location)["error"], "invalid_request");
    flow.completes(&flow.bank.push(&[]));
}

#[test]
fn fapi2_security_profile_final_ensure_redirect_uri_in_authorization_request() {
    Flow::plain().push_is_refused(&[("redirect_uri", "")], "invalid_request");
}

#[test]
fn fapi2_security_profile_final_ensure_response_type_code_idtoken_fails() {
    Flow::plain().push_is_refused(&[("response_type", "code id_token")], "unsupported_response_type");
    let signed = Flow::signed();
    signed.object_is_refused(&[("response_type", json!("code id_token"))], "unsupported_response_type");
}

#[test]
fn fapi2_security_profile_final_ensure_response_type_token_fails() {
    let flow = Flow::plain();
    flow.push_is_refused(&[("response_type", "token")], "unsupported_response_type");
    let signed = Flow::signed();
    signed.object_is_refused(&[("response_type", json!("token"))], "unsupported_response_type");
    signed.object_is_refused(&[("response_type", Value::Null)], "invalid_request");
}

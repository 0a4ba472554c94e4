//! Codes, tokens, and who may have them.

use bitaqa_jose::base64url;
use serde_json::json;

use crate::{
    conversation::{Conversation, Mode, says},
    relying_party::{FORM, VERIFIER},
};

pub(crate) fn oidcc_server(mode: Mode) {
    let mut all = Conversation::new(mode);
    let tokens = all.succeed(&[]);
    assert!(tokens.refresh.is_none(), "nobody asked for it");
}

pub(crate) fn oidcc_idtoken_signature(mode: Mode) {
    let mut all = Conversation::new(mode);
    let tokens = all.succeed(&[]);
    let header = tokens.id_token.split('.').next().unwrap();
    let header: serde_json::Value = serde_json::from_slice(&base64url::decode(header).unwrap()).unwrap();
    assert!(says(&all.discovery()["id_token_signing_alg_values_supported"], header["alg"].as_str().unwrap()));
    let keys = all.browser.get("/jwks").json();
    let named = keys["keys"].as_array().unwrap().iter().filter(|key| key["kid"] == header["kid"]);
    assert_eq!(named.count(), 1);
    // the signature was verified above; one that was altered is not taken by the provider itself
    assert!(
        all.go(&[("prompt", "none"), ("id_token_hint", &tokens.id_token)]).parameters.contains_key("code")
    );
    let altered = crate::altered(&tokens.id_token);
    assert_eq!(all.go(&[("prompt", "none"), ("id_token_hint", &altered)]).error(), "login_required");
}

pub(crate) fn oidcc_idtoken_unsigned(mode: Mode) {
    let mut all = Conversation::new(mode);
    assert!(!says(&all.discovery()["id_token_signing_alg_values_supported"], "none"));
    let tokens = all.succeed(&[]);
    let payload = tokens.id_token.split('.').nth(1).unwrap();
    let unsigned = format!("{}.{payload}.", base64url::encode(br#"{"alg":"none"}"#));
    assert!(
        all.go(&[("prompt", "none"), ("id_token_hint", &tokens.id_token)]).parameters.contains_key("code")
    );
    assert_eq!(all.go(&[("prompt", "none"), ("id_token_hint", &unsigned)]).error(), "login_required");
}

pub(crate) fn oidcc_userinfo_get(mode: Mode) {
    let mut all = Conversation::new(mode);
    let tokens = all.succeed(&[]);
    let bearer = format!("Bearer {}", tokens.access);
    let answer = all.browser.raw("GET", "/userinfo", &[("authorization", &bearer)], "");
    assert_eq!((answer.status, &answer.json()["sub"]), (200, &tokens.claims["sub"]));
    assert_eq!(all.browser.get("/userinfo").status, 401);
}

pub(crate) fn oidcc_userinfo_post_header(mode: Mode) {
    let mut all = Conversation::new(mode);
    let tokens = all.succeed(&[]);
    let bearer = format!("Bearer {}", tokens.access);
    let answer = all.browser.raw("POST", "/userinfo", &[("authorization", &bearer)], "");
    assert_eq!((answer.status, &answer.json()["sub"]), (200, &tokens.claims["sub"]));
    assert_eq!(all.browser.raw("POST", "/userinfo", &[], "").status, 401);
}

pub(crate) fn oidcc_userinfo_post_body(mode: Mode) {
    let mut all = Conversation::new(mode);
    let tokens = all.succeed(&[]);
    let mut post = |body: &str| all.browser.raw("POST", "/userinfo", &[("content-type", FORM)], body);
    let answer = post(&format!("access_token={}", tokens.access));
    assert_eq!((answer.status, &answer.json()["sub"]), (200, &tokens.claims["sub"]));
    assert_eq!(post("access_token=x").status, 401);
}

pub(crate) fn oidcc_codereuse(mode: Mode) {
    let mut all = Conversation::new(mode);
    let answered = all.go(&[]);
    all.redeem(&answered);
    let again = all.party.redeem(answered.code(), &[]);
    assert_eq!((again.status, again.error().as_str()), (400, "invalid_grant"));
}

pub(crate) fn oidcc_codereuse_30seconds(mode: Mode) {
    let mut all = Conversation::new(mode);
    // a code can wait this long: it is the reuse that is refused
    let waiting = all.go(&[]);
    all.platform.later(30);
    all.redeem(&waiting);

    let answered = all.go(&[]);
    let tokens = all.redeem(&answered);
    all.platform.later(30);
    assert_eq!(all.party.userinfo(&tokens.access).status, 200);
    let again = all.party.redeem(answered.code(), &[]);
    assert_eq!((again.status, again.error().as_str()), (400, "invalid_grant"));
    assert_eq!(all.party.userinfo(&tokens.access).status, 401, "what came of the code is withdrawn");
}

pub(crate) fn oidcc_server_client_secret_post(mode: Mode) {
    let mut all = Conversation::new(mode);
    assert!(!says(&all.discovery()["token_endpoint_auth_methods_supported"], "client_secret_post"));
    let answered = all.go(&[]);
    let mut parameters: Vec<(String, String)> = [
        ("grant_type", "authorization_code"),
        ("code", answered.code()),
        ("redirect_uri", &all.party.redirect_uri),
        ("code_verifier", VERIFIER),
        ("client_id", "bank"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    parameters.push(("client_secret".to_owned(), "secret".to_owned()));
    let answer = all.party.send("/token", &parameters);
    assert_eq!((answer.status, answer.error().as_str()), (401, "invalid_client"));
    let answer = all.party.call("/token", &parameters);
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (401, "invalid_client"),
        "not even beside an assertion"
    );
    parameters.pop();
    assert_eq!(all.party.call("/token", &parameters).status, 200, "with an assertion in its place");
}

pub(crate) fn oidcc_refresh_token(mode: Mode) {
    let mut all = Conversation::new(mode);
    let other = all.platform.confidential("clinic", "");
    let tokens = all.succeed(&[("scope", "openid profile offline_access"), ("prompt", "consent")]);
    let refresh = tokens.refresh.unwrap();
    let stolen = other.refresh(&refresh);
    assert_eq!((stolen.status, stolen.error().as_str()), (400, "invalid_grant"), "it is another's");
    all.platform.later(5);
    let answer = all.party.refresh(&refresh);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = answer.json();
    assert_ne!(told["access_token"], json!(tokens.access));
    assert_eq!(all.party.userinfo(told["access_token"].as_str().unwrap()).json(), tokens.userinfo);
    // OpenID Connect Core section 12.2
    let claims = all.party.id_token(told["id_token"].as_str().unwrap());
    for name in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(claims[name], tokens.claims[name], "{name}");
    }
    assert!(claims["iat"].as_i64() > tokens.claims["iat"].as_i64());
    assert!(claims.get("nonce").is_none());
}

pub(crate) fn oidcc_ensure_request_with_valid_pkce_succeeds(mode: Mode) {
    let mut all = Conversation::new(mode);
    assert_eq!(all.discovery()["code_challenge_methods_supported"], json!(["S256"]));
    let answered = all.go(&[]);
    let other = VERIFIER.replace("dBj", "dBk");
    assert_eq!(all.party.redeem(answered.code(), &[("code_verifier", &other)]).error(), "invalid_grant");
    all.redeem(&answered);
}

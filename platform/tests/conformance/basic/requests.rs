//! Requests, and what is refused of them.

use bitaqa_jose::base64url;
use serde_json::json;

use crate::{
    conversation::{Conversation, Mode},
    test_pki::Template,
};

pub(crate) fn oidcc_response_type_missing(mode: Mode) {
    let mut all = Conversation::new(mode);
    let answered = all.go(&[("response_type", "")]);
    assert_eq!((answered.error(), answered.parameters["state"].as_str()), ("invalid_request", "a state"));
    all.succeed(&[]);
}

pub(crate) fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(mode: Mode) {
    let mut all = Conversation::new(mode);
    let answered = all.go(&[("nonce", "")]);
    assert!(all.redeem(&answered).claims.get("nonce").is_none());
}

pub(crate) fn oidcc_ensure_request_with_unknown_parameter_succeeds(mode: Mode) {
    let mut all = Conversation::new(mode);
    all.succeed(&[("extra", "foobar")]);
}

pub(crate) fn oidcc_ensure_registered_redirect_uri(mode: Mode) {
    let mut all = Conversation::new(mode);
    for uri in
        ["https://evil.example/callback", "https://bank.example.ma/callback?x=1", "https://bank.example.ma/"]
    {
        let request = all.request(&[("redirect_uri", uri)]);
        let answer = all.browser.get(&request);
        // the person sees it, and the browser goes nowhere
        assert_eq!((answer.status, answer.header("location")), (400, None), "{uri}");
        assert!(answer.body.contains("redirect_uri is not registered"));
    }
    all.succeed(&[]);
}

pub(crate) fn oidcc_ensure_post_request_succeeds(mode: Mode) {
    let mut all = Conversation::new(mode);
    let page = all.post(&[]);
    let answered = all.sign_in(&page, Template::person());
    assert_eq!(answered.parameters["state"], "a state");
    all.redeem(&answered);
}

pub(crate) fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(mode: Mode) {
    let mut all = Conversation::new(mode);
    assert_eq!(all.discovery()["request_uri_parameter_supported"], false);
    let answered = all.go(&[("request_uri", "https://bank.example.ma/request.jwt")]);
    assert_eq!(answered.error(), "request_uri_not_supported");
    assert_eq!(answered.parameters["state"], "a state");
    all.succeed(&[]);
}

/// A request object that nobody signed.
fn unsigned(claims: &serde_json::Value) -> String {
    let part = |text: &str| base64url::encode(text.as_bytes());
    format!("{}.{}.", part(r#"{"alg":"none"}"#), part(&claims.to_string()))
}

/// Where request objects are taken at all, they have to be signed.
fn refused(all: &mut Conversation, object: &str) {
    let supported = all.discovery()["request_parameter_supported"] == true;
    let expected = if supported { "invalid_request_object" } else { "request_not_supported" };
    assert_eq!(all.go(&[("request", object)]).error(), expected);
}

pub(crate) fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(mode: Mode) {
    let mut all = Conversation::new(mode);
    refused(&mut all, &unsigned(&json!({ "state": "a state", "nonce": "a nonce" })));
    all.succeed(&[]);
}

pub(crate) fn oidcc_ensure_request_object_with_redirect_uri(mode: Mode) {
    let mut all = Conversation::new(mode);
    // what stands in an object that is not taken leads nowhere: the answer goes where the request itself says
    refused(&mut all, &unsigned(&json!({ "redirect_uri": "https://evil.example/callback" })));
    all.succeed(&[]);
}

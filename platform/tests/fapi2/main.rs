//! The modules of the OpenID Foundation's plan for FAPI 2.0 Security Profile Final, each as a test of its name: signed requests
//! (FAPI 2.0 Message Signing), proofs of a key, pushed requests, assertions. Portals sign in with `private_key_jwt`, tokens are bound
//! by DPoP. What a module checks is said by its name and its specification; where it expects a refusal, the same without the fault
//! passes.
//!
//! The list of names is compared with `../shared/oidc/modules.json` beside the project's root, where it is there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    non_snake_case,
    reason = "a test ends where it cannot go on, says what ran, and has the name of its module"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

#[path = "../browser/mod.rs"]
mod browser;
#[path = "../proof/mod.rs"]
mod proof;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../rsa_key/mod.rs"]
mod rsa_key;
#[path = "../running/mod.rs"]
mod running;

mod authorization_requests;
mod flow;
mod proofs;
mod pushed_requests;
mod request_objects;
mod token_endpoint;

use std::path::Path;

use serde_json::Value;

/// What all names begin with.
const PLAN: &str = "fapi2-security-profile-final-";

/// The modules of the plan, without what all names begin with.
const MODULES: [&str; 78] = [
    "ensure-request-object-with-multiple-aud-succeeds",
    "ensure-request-object-without-exp-fails",
    "ensure-request-object-without-nbf-fails",
    "ensure-expired-request-object-fails",
    "ensure-request-object-with-bad-aud-fails",
    "ensure-request-object-with-exp-over-60-fails",
    "australia-connectid-ensure-request-object-with-exp-over-10-fails",
    "ensure-request-object-with-nbf-over-60-fails",
    "australia-connectid-ensure-request-object-with-nbf-over-15-fails",
    "ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted",
    "ensure-signed-request-object-with-RS256-fails",
    "ensure-request-object-signature-algorithm-is-not-none",
    "ensure-request-object-with-invalid-signature-fails",
    "ensure-matching-key-in-authorization-request",
    "ensure-unsigned-request-at-par-endpoint-fails",
    "par-authorization-request-containing-request_uri",
    "discovery-end-point-verification",
    "happy-flow",
    "user-rejects-authentication",
    "ensure-authorization-request-without-state-success",
    "ensure-authorization-request-without-nonce-success",
    "ensure-authorization-request-with-64-char-nonce-success",
    "ensure-other-scope-order-succeeds",
    "test-claims-parameter-identity-claims",
    "access-token-type-header-case-sensitivity",
    "check-dpop-proof-nbf-exp",
    "ensure-dpopproof-with-iat-10seconds-before-succeeds",
    "ensure-dpopproof-with-iat-10seconds-after-succeeds",
    "ensure-mismatched-dpop-jkt-fails",
    "ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt",
    "ensure-token-endpoint-fails-with-mismatched-dpop-jkt",
    "ensure-dpopproof-at-par-endpoint-binding-success",
    "ensure-dpop-auth-code-binding-success",
    "ensure-different-nonce-inside-and-outside-request-object",
    "ensure-different-state-inside-and-outside-request-object",
    "ensure-authorization-request-with-long-nonce",
    "ensure-authorization-request-with-long-state",
    "state-only-outside-request-object-not-used",
    "ensure-request-object-without-redirect-uri-fails",
    "ensure-registered-redirect-uri",
    "plain-fapi-tolerate-unregistered-redirect-uri",
    "ensure-unsigned-authorization-request-without-using-par-fails",
    "ensure-redirect-uri-in-authorization-request",
    "ensure-response-type-code-idtoken-fails",
    "australia-connectid-ensure-invalid-purpose-fails",
    "ensure-response-type-token-fails",
    "ensure-client-id-in-token-endpoint",
    "ensure-holder-of-key-required",
    "ensure-authorization-code-is-bound-to-client",
    "attempt-reuse-authorization-code-after-one-second",
    "ensure-token-endpoint-fails-with-expired-auth-code",
    "ensure-signed-client-assertion-with-RS256-fails",
    "ensure-client-assertion-in-token-endpoint",
    "ensure-client-assertion-with-exp-is-5-minutes-in-past-fails",
    "ensure-client-assertion-with-wrong-aud-fails",
    "ensure-client-assertion-with-no-sub-fails",
    "dpop-negative-tests",
    "refresh-token",
    "ensure-server-handles-non-matching-intent-id",
    "test-essential-acr-sca-claim",
    "brazil-ensure-bad-payment-signature-fails",
    "australia-connectid-test-claims-parameter-idtoken-identity-claims",
    "par-ensure-reused-request-uri-prior-to-auth-completion-succeeds",
    "par-attempt-reuse-request_uri",
    "par-attempt-to-use-expired-request_uri",
    "par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted",
    "par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails",
    "par-attempt-to-use-request_uri-for-different-client",
    "par-authorization-request-containing-request_uri-form-param",
    "par-attempt-invalid-http-method",
    "par-ensure-pkce-required",
    "ensure-pkce-code-verifier-required",
    "incorrect-pkce-code-verifier-rejected",
    "par-plain-pkce-rejected",
    "par-without-duplicate-parameters",
    "par-test-array-as-audience-fails",
    "par-test-par-endpoint-url-as-audience-fails",
    "par-test-token-endpoint-url-as-audience-fails",
];

/// Modules that check what the platform does not offer, and why.
const NOT_APPLICABLE: [(&str, &str); 7] = [
    (
        "australia-connectid-ensure-request-object-with-exp-over-10-fails",
        "ConnectID Australia allows ten minutes where FAPI 2 allows an hour",
    ),
    (
        "australia-connectid-ensure-request-object-with-nbf-over-15-fails",
        "ConnectID Australia allows 15 minutes where FAPI 2 allows an hour",
    ),
    ("australia-connectid-ensure-invalid-purpose-fails", "`purpose` is a parameter of ConnectID Australia"),
    (
        "australia-connectid-test-claims-parameter-idtoken-identity-claims",
        "the claims are those of ConnectID Australia",
    ),
    ("brazil-ensure-bad-payment-signature-fails", "payments are Open Finance Brazil's"),
    ("ensure-server-handles-non-matching-intent-id", "intents are Open Banking UK's"),
    ("test-essential-acr-sca-claim", "the `acr` is Open Banking UK's; essential levels are tested elsewhere"),
];

const SOURCES: [&str; 5] = [
    include_str!("authorization_requests.rs"),
    include_str!("proofs.rs"),
    include_str!("pushed_requests.rs"),
    include_str!("request_objects.rs"),
    include_str!("token_endpoint.rs"),
];

#[test]
fn every_module_of_the_plan_is_a_test_or_does_not_apply() {
    let is_test = |module: &str| {
        let name = format!("{PLAN}{module}").replace('-', "_");
        SOURCES.iter().any(|source| source.contains(&format!("#[test]\nfn {name}()")))
    };
    let does_not_apply = |module: &str| NOT_APPLICABLE.iter().any(|(other, _)| *other == module);
    let mut tests = 0;
    for module in MODULES {
        assert_ne!(is_test(module), does_not_apply(module), "{module}: exactly one of both");
        tests += usize::from(is_test(module));
    }
    for (module, reason) in NOT_APPLICABLE {
        assert!(MODULES.contains(&module), "{module}");
        println!("{PLAN}{module}: not applicable, {reason}");
    }
    let all: usize = SOURCES.iter().map(|source| source.matches("#[test]\n").count()).sum();
    assert_eq!(all, tests, "each test is a module's");
    println!("{tests} modules are tests, {} do not apply, of {}", NOT_APPLICABLE.len(), MODULES.len());

    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/oidc/modules.json");
    let Ok(text) = std::fs::read(&list) else {
        println!("NOT COMPARED with the suite's list: there is no {}", list.display());
        return;
    };
    let suite: Value = serde_json::from_slice(&text).unwrap();
    let names = MODULES.map(|module| Value::from(format!("{PLAN}{module}")));
    assert_eq!(suite["plans"]["FAPI 2.0 Security Profile Final OP"], Value::from(names.to_vec()));
    println!("the same as the suite's list at {}", suite["commit"]);
}

//! What the platform encrypts.

use bitaqa_jose::Curve;
use serde_json::{Value, json};

use crate::{
    issuer,
    judges::Judge,
    jwks, portal, private,
    relying_party::{RelyingParty, text},
    running::{Running, START, code_of},
};

const BOTH: &str = "userinfo_signed_response_alg = \"ES256\"\n\
    userinfo_encrypted_response_alg = \"ECDH-ES\"\nuserinfo_encrypted_response_enc = \"A256GCM\"\n\
    id_token_encrypted_response_alg = \"ECDH-ES\"\nid_token_encrypted_response_enc = \"A128GCM\"\n";

fn open(platform: &Running, party: &RelyingParty, jwt: &str, key: &Value, encryption: &str) -> Value {
    json!({
        "task": "open", "jwt": jwt, "key": key, "encryption": encryption, "jwks": jwks(platform),
        "issuer": issuer(platform), "audience": party.id, "now": START,
    })
}

#[test]
fn others_open_id_tokens_and_userinfo_that_were_signed_and_then_encrypted() {
    let platform = Running::new();
    for (id, curve) in [("bank", Curve::P256), ("clinic", Curve::P384)] {
        let (party, key) = portal(&platform, id, curve, BOTH);
        let tokens = party.redeem(&code_of(&platform, &party, &[]), &[]).json();
        let (id_token, access) = (text(&tokens, "id_token"), text(&tokens, "access_token"));
        let answer = party.userinfo(&access);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/jwt")));
        assert!(!answer.body.contains("sub") && answer.body.split('.').count() == 5);
        for judge in Judge::ALL {
            let opened = judge.done(&open(&platform, &party, &id_token, &private(&key), "A128GCM"));
            let kid = key.public().key_id().unwrap();
            assert_eq!(
                (&opened["outer"]["cty"], &opened["outer"]["kid"], &opened["outer"]["alg"]),
                (&json!("JWT"), &json!(kid), &json!("ECDH-ES"))
            );
            let claims = &opened["claims"];
            assert_eq!((&claims["nonce"], &claims["exp"]), (&json!("a nonce"), &json!(START + 300)));
            let userinfo = judge.done(&open(&platform, &party, &answer.body, &private(&key), "A256GCM"));
            assert_eq!(userinfo["outer"]["cty"], "JWT");
            assert_eq!(
                (&userinfo["claims"]["aud"], &userinfo["claims"]["sub"]),
                (&json!(id), &claims["sub"])
            );
            assert_eq!(userinfo["claims"]["name"], "أمينة المثال");
            // what was signed inside is the hint at a later request, and so is the whole, encrypted for the platform
            let hint = text(&opened, "inner");
            let task = json!({ "task": "encrypt", "content": hint, "jwks": jwks(&platform), "encryption": "A256GCM" });
            let again = judge.done(&task);
            for hint in [hint.as_str(), again.as_str().unwrap()] {
                let answer = platform.browser().get(&format!("/end-session?id_token_hint={hint}"));
                assert_eq!(answer.status, 200, "{}", answer.body);
            }
            let answer = platform.browser().get(&format!("/end-session?id_token_hint={id_token}"));
            assert_eq!(answer.status, 400, "it is encrypted for the portal");
        }
    }
}

/// A judge that would take anything is none.
#[test]
fn nobody_else_opens_them() {
    let platform = Running::new();
    let (bank, _) = portal(&platform, "bank", Curve::P256, BOTH);
    let (_, other) = portal(&platform, "other", Curve::P256, BOTH);
    let tokens = bank.redeem(&code_of(&platform, &bank, &[]), &[]).json();
    for judge in Judge::ALL {
        let task = open(&platform, &bank, &text(&tokens, "id_token"), &private(&other), "A128GCM");
        assert!(judge.result(&task)["refused"].is_string());
    }
}

#[test]
fn userinfo_is_signed_alone_or_encrypted_alone_where_that_was_asked_for() {
    let platform = Running::new();
    let (signed, _) = portal(&platform, "signed", Curve::P256, "userinfo_signed_response_alg = \"ES256\"\n");
    let tokens = signed.redeem(&code_of(&platform, &signed, &[]), &[]).json();
    let answer = signed.userinfo(&text(&tokens, "access_token"));
    assert_eq!(answer.header("content-type"), Some("application/jwt"));
    assert_eq!(text(&tokens, "id_token").split('.').count(), 3);
    // signed by the platform, for this portal, and no ID token
    let refused = platform.browser().get(&format!("/end-session?id_token_hint={}", answer.body));
    assert_eq!(refused.status, 400);
    let sealed =
        "userinfo_encrypted_response_alg = \"ECDH-ES\"\nuserinfo_encrypted_response_enc = \"A128GCM\"\n";
    let (sealed, key) = portal(&platform, "sealed", Curve::P256, sealed);
    let tokens = sealed.redeem(&code_of(&platform, &sealed, &[]), &[]).json();
    let answer = sealed.userinfo(&text(&tokens, "access_token"));
    for judge in Judge::ALL {
        let task =
            json!({ "task": "open", "jwt": answer.body, "key": private(&key), "encryption": "A128GCM" });
        let opened = judge.done(&task);
        assert!(opened["outer"].get("cty").is_none());
        assert_eq!(opened["claims"]["name"], "أمينة المثال");
    }
}

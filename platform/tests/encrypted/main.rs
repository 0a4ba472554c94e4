//! ID tokens and userinfo that are encrypted for a portal, and requests that a portal encrypts for the platform. Others judge both:
//! `jose` for JavaScript and `jwcrypto` for Python.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

#[path = "../browser/mod.rs"]
mod browser;
#[path = "../proof/mod.rs"]
mod proof;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

mod answers;
mod judges;
#[path = "../python/mod.rs"]
mod python;
mod requests;

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::secret::fill;
use relying_party::RelyingParty;
use running::Running;
use serde_json::{Value, json};

/// A portal with a key that it signs with and one that others encrypt for, on this curve.
pub(crate) fn portal(
    platform: &Running,
    id: &str,
    curve: Curve,
    changes: &str,
) -> (RelyingParty, PrivateJwk) {
    let (signing, encryption) = (RelyingParty::new_key(), PrivateJwk::generate(curve, &mut fill).unwrap());
    let keys = [public(&signing, "sig"), public(&encryption, "enc")];
    let party = platform.with_keys(id, &keys, changes);
    (RelyingParty { key: Some(signing), ..party }, encryption)
}

pub(crate) fn public(key: &PrivateJwk, usage: &str) -> Value {
    let mut jwk = serde_json::to_value(key.public()).unwrap();
    jwk["use"] = usage.into();
    jwk
}

pub(crate) fn private(key: &PrivateJwk) -> Value {
    serde_json::from_str(&key.to_json()).unwrap()
}

pub(crate) fn issuer(platform: &Running) -> String {
    format!("http://{}", platform.address)
}

pub(crate) fn jwks(platform: &Running) -> Value {
    platform.browser().get("/jwks").json()
}

#[test]
fn discovery_says_what_is_encrypted_and_how() {
    let platform = Running::new();
    let described = platform.browser().get("/.well-known/openid-configuration").json();
    for what in ["id_token", "userinfo", "request_object"] {
        assert_eq!(described[format!("{what}_encryption_alg_values_supported")], json!(["ECDH-ES"]));
        assert_eq!(
            described[format!("{what}_encryption_enc_values_supported")],
            json!(["A256GCM", "A128GCM"])
        );
    }
    assert_eq!(
        described["userinfo_signing_alg_values_supported"],
        json!(["ES256", "EdDSA", "RS256", "PS256"])
    );
    let keys = jwks(&platform);
    let for_encryption: Vec<&Value> =
        keys["keys"].as_array().unwrap().iter().filter(|key| key["use"] == "enc").collect();
    assert_eq!(for_encryption.len(), 1);
    assert_eq!(for_encryption[0]["alg"], "ECDH-ES");
    assert!(keys["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none()));
}

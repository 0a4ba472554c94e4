//! A private RSA key that signs RS256 and PS256, which nothing in the product does.

#![allow(dead_code, reason = "each test program uses its part")]

use bitaqa_jose::base64url;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::test_pki::{Key, Kind};

pub(crate) struct RsaKey(Key);

impl RsaKey {
    /// The one of 2048 bits that this test program has.
    pub(crate) fn new() -> Self {
        Self(Key::new(Kind::Rsa2048, 1))
    }

    pub(crate) fn public(&self) -> Value {
        let Key::Rsa(key) = &self.0 else { panic!("an RSA key") };
        json!({
            "kty": "RSA", "kid": "rsa",
            "n": base64url::encode(&key.n().to_be_bytes_trimmed_vartime()),
            "e": base64url::encode(&key.e().to_be_bytes_trimmed_vartime()),
        })
    }

    /// A JWS by RS256 or PS256.
    pub(crate) fn sign(&self, algorithm: &str, header: &Value, payload: &Value) -> String {
        let mut header = header.clone();
        header["alg"] = json!(algorithm);
        let parts = [header.to_string(), payload.to_string()].map(|part| base64url::encode(part.as_bytes()));
        let input = parts.join(".");
        let signature = match algorithm {
            "RS256" => self.0.sign_certificate(input.as_bytes()),
            "PS256" => self.0.sign_pss_sha256(&Sha256::digest(&input), 32),
            other => panic!("{other}"),
        };
        format!("{input}.{}", base64url::encode(&signature))
    }
}

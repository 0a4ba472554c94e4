//! Proofs of a key (RFC 9449), right ones and others.

#![allow(dead_code, reason = "each test program uses its part")]

use bitaqa_jose::{PrivateJwk, Signer as _, base64url};
use bitaqa_platform::secret::{Hash, random_identifier};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Browser},
    relying_party::RelyingParty,
    running::now_at,
};

/// What a proof says; `changes` replace, or remove where they are null.
pub(crate) fn claims(
    address: &str,
    method: &str,
    path: &str,
    token: Option<&str>,
    changes: &[(&str, Value)],
) -> Value {
    let mut claims = json!({
        "jti": random_identifier(), "htm": method, "htu": format!("http://{address}{path}"), "iat": now_at(address),
    });
    if let Some(token) = token {
        claims["ath"] = json!(base64url::encode(Hash::of(token.as_bytes()).as_bytes()));
    }
    changed(claims, changes)
}

pub(crate) fn changed(mut members: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        members[*name] = value.clone();
    }
    members.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    members
}

/// The header of a proof by a key.
pub(crate) fn header(key: &PrivateJwk) -> Value {
    let mut jwk = serde_json::to_value(key.public()).unwrap();
    jwk.as_object_mut().unwrap().remove("kid");
    json!({ "typ": "dpop+jwt", "alg": key.algorithm().name(), "jwk": jwk })
}

/// A JWS with this header, whatever it says.
pub(crate) fn sign(key: &PrivateJwk, header: &Value, claims: &Value) -> String {
    let parts = [header, claims].map(|part| base64url::encode(part.to_string().as_bytes()));
    let input = parts.join(".");
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(&signature))
}

/// A proof for a POST.
pub(crate) fn proof(address: &str, key: &PrivateJwk, path: &str) -> String {
    sign(key, &header(key), &claims(address, "POST", path, None, &[]))
}

pub(crate) fn thumbprint(key: &PrivateJwk) -> String {
    key.public().thumbprint().to_string()
}

impl RelyingParty {
    /// Redeems a code with a proof.
    pub(crate) fn redeem_with(&self, code: &str, key: &PrivateJwk) -> Answer {
        let proof = proof(&self.address, key, "/token");
        self.call_with("/token", &self.redemption(code, &[]), &[("dpop", &proof)])
    }

    /// Refreshes with a proof.
    pub(crate) fn refresh_with(&self, token: &str, key: &PrivateJwk) -> Answer {
        let proof = proof(&self.address, key, "/token");
        let given = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.call_with("/token", &given, &[("dpop", &proof)])
    }

    /// Userinfo with a token and a proof of these claims.
    pub(crate) fn userinfo_with(&self, token: &str, key: &PrivateJwk, changes: &[(&str, Value)]) -> Answer {
        let claims = claims(&self.address, "GET", "/userinfo", Some(token), changes);
        self.userinfo_proven(token, &[&sign(key, &header(key), &claims)])
    }

    /// Userinfo with a token and whatever there is for proofs.
    pub(crate) fn userinfo_proven(&self, token: &str, proofs: &[&str]) -> Answer {
        let authorization = format!("DPoP {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("DPoP", *proof)));
        Browser::new(&self.address).raw("GET", "/userinfo", &headers, "")
    }
}

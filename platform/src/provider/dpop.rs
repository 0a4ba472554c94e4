//! DPoP (RFC 9449): a request carries a proof that whoever sends it has a key, and tokens are bound to that key.

use axum::http::HeaderMap;
use bitaqa_jose::{
    CompactJws, SignatureAlgorithm, Thumbprint, base64url,
    jws::{ExpectedType, JwsRules},
};
use serde::Deserialize;

use super::{
    dpop_nonce,
    failure::{EndpointError, Failure},
    parameters::Parameters,
};
use crate::{Platform, clock::Seconds, secret::Hash};

/// Algorithms of proofs.
pub const ALGORITHMS: [SignatureAlgorithm; 4] = [
    SignatureAlgorithm::Es256,
    SignatureAlgorithm::Es384,
    SignatureAlgorithm::EdDsa,
    SignatureAlgorithm::Ps256,
];
/// The parameter that binds a code to a key (RFC 9449 section 10).
pub const PARAMETER: &str = "dpop_jkt";
/// The header that carries a proof.
const HEADER: &str = "dpop";
const RULES: JwsRules<'_> =
    JwsRules { type_: ExpectedType::Is("dpop+jwt"), algorithms: &ALGORITHMS, max_length: 8 * 1024 };
/// How long before or after now a proof may have been made.
const WINDOW: Seconds = 30;

/// RFC 9449 section 4.2.
#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: Seconds,
    #[serde(default)]
    exp: Option<Seconds>,
    #[serde(default)]
    nbf: Option<Seconds>,
    #[serde(default)]
    ath: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
}

/// What a proof has to be for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Method.
    pub method: &'static str,
    /// Path of the endpoint.
    pub path: &'static str,
    /// The access token that comes with it, if one does.
    pub token: Option<&'a str>,
}

const fn proof(description: &'static str) -> Failure {
    Failure::new("invalid_dpop_proof", description)
}

/// A relying party whose tokens are bound came without a proof.
pub const MISSING: Failure = proof("a proof of the key is missing (RFC 9449)");

impl Platform {
    /// The key that a request proves, by its thumbprint; nothing where it has no proof.
    ///
    /// # Errors
    /// [`Failure`] `invalid_dpop_proof` or `use_dpop_nonce`. [`Unable`](crate::Unable): database or keys.
    pub async fn proven_key(
        &self,
        headers: &HeaderMap,
        request: Request<'_>,
    ) -> Result<Option<Thumbprint>, EndpointError> {
        let mut proofs = headers.get_all(HEADER).iter();
        let Some(first) = proofs.next() else { return Ok(None) };
        if proofs.next().is_some() {
            return Err(proof("there is more than one proof").into());
        }
        let text = first.to_str().map_err(|_| proof("the proof is no JWT"))?;
        let jws = CompactJws::parse(text, &RULES).map_err(|_| {
            proof("the proof is no JWT of the type dpop+jwt, by an algorithm that is taken, with a public key in jwk")
        })?;
        let key = jws.embedded_key().cloned().ok_or(proof("the proof has no public key (jwk)"))?;
        let payload = jws.verify_by(&key).map_err(|_| proof("the proof's signature is wrong"))?;
        let claims: Claims = bitaqa_jose::json::from_slice(&payload)
            .map_err(|_| proof("the proof lacks jti, htm, htu or iat, or one is not what it should be"))?;
        self.check_proof(&claims, request)?;
        if !self.takes_nonce(claims.nonce.as_deref())? {
            return Err(dpop_nonce::WANTED.into());
        }
        let thumbprint = key.thumbprint();
        // last, so that only whoever has the key can use a name up
        let name = Hash::of(format!("{thumbprint} {}", claims.jti).as_bytes());
        if self.store.remember_proof(name, claims.iat.saturating_add(WINDOW + 1)).await? {
            Ok(Some(thumbprint))
        } else {
            Err(proof("the proof was used before (jti)").into())
        }
    }

    /// RFC 9449 section 4.3.
    fn check_proof(&self, claims: &Claims, request: Request<'_>) -> Result<(), Failure> {
        let now = self.clock.now();
        if !(1..=256).contains(&claims.jti.len()) {
            return Err(proof("the proof's name (jti) is empty or too long"));
        }
        if claims.htm != request.method {
            return Err(proof("the proof is for another method (htm)"));
        }
        if target(&claims.htu) != target(&self.url(request.path)) {
            return Err(proof("the proof is for another address (htu)"));
        }
        if !(now.saturating_sub(WINDOW)..=now.saturating_add(WINDOW)).contains(&claims.iat) {
            return Err(proof("the proof was not made just now (iat)"));
        }
        if claims.exp.is_some_and(|end| end <= now.saturating_sub(WINDOW))
            || claims.nbf.is_some_and(|begin| begin > now.saturating_add(WINDOW))
        {
            return Err(proof("the proof has ended, or is not good yet (exp, nbf)"));
        }
        match request.token {
            Some(token) if claims.ath.as_deref() != Some(token_hash(token).as_str()) => {
                Err(proof("the proof is for another token (ath)"))
            }
            _ => Ok(()),
        }
    }
}

fn token_hash(token: &str) -> String {
    base64url::encode(Hash::of(token.as_bytes()).as_bytes())
}

/// An address as it is compared (RFC 3986 section 6.2): scheme and host in small letters, without the scheme's port, query and
/// fragment.
fn target(uri: &str) -> Option<(String, String, &str)> {
    let before = uri.split(['?', '#']).next()?;
    let (scheme, rest) = before.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(port).unwrap_or(&authority).to_owned();
    Some((scheme, authority, path))
}

/// The key that a code is to be bound to, by the parameter.
///
/// # Errors
/// [`Failure`]: it is no thumbprint.
pub fn asked_key(parameters: &Parameters) -> Result<Option<Thumbprint>, Failure> {
    let parsed = parameters.get(PARAMETER).map(str::parse).transpose();
    parsed.map_err(|_| Failure::request("dpop_jkt is no SHA-256 in base64url"))
}

/// A pushed request whose proof binds the code (RFC 9449 section 10.1).
///
/// # Errors
/// [`Failure`]: the parameter names another key.
pub fn bound(parameters: Parameters, key: Option<Thumbprint>) -> Result<Parameters, Failure> {
    let Some(key) = key else { return Ok(parameters) };
    match asked_key(&parameters)? {
        None => Ok(parameters.with(PARAMETER, key.to_string())),
        Some(asked) if asked == key => Ok(parameters),
        Some(_) => Err(proof("the proof is by another key than dpop_jkt names")),
    }
}

/// What is kept of a key.
#[must_use]
pub const fn kept(key: Thumbprint) -> Hash {
    Hash::from_bytes(*key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_query_and_in_small_letters() {
        let ours = target("https://id.example.ma/token");
        for same in [
            "https://id.example.ma/token",
            "HTTPS://ID.example.MA/token",
            "https://id.example.ma:443/token",
            "https://id.example.ma/token?a=/b",
            "https://id.example.ma/token#a",
        ] {
            assert_eq!(target(same), ours, "{same}");
        }
        for other in [
            "https://id.example.ma/Token",
            "https://id.example.ma/token/",
            "https://id.example.ma:80/token",
            "http://id.example.ma/token",
            "https://id.example.ma",
            "https://x@id.example.ma/token",
            "id.example.ma/token",
            "/token",
            "",
        ] {
            assert_ne!(target(other), ours, "{other}");
        }
    }
}

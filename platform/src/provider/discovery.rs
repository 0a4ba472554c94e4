//! What relying parties read before they ask anything: `/.well-known/openid-configuration` (OpenID Connect Discovery, RFC 8414) and
//! `/jwks`.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use bitaqa_jose::{ContentEncryption, PublicJwk, SignatureAlgorithm, VerificationJwk, jwe};
use serde_json::{Value, json};

use super::{dpop, verified_claims};
use crate::{
    Platform, Unable,
    assurance::{self, LEVELS},
    identity::mediated::details,
    key_store::{PUBLISHED_BEFORE_USE, Phase, VerifyingKey},
    pages::page,
    person::Claim,
    registration::Profile,
};

/// The description of the provider.
///
/// # Errors
/// [`Unable`]: the keys cannot be read.
pub async fn configuration(State(platform): State<Arc<Platform>>) -> Result<impl IntoResponse, Unable> {
    let assertion_algorithms: Vec<&str> =
        Profile::Oidc.algorithms().iter().map(|algorithm| SignatureAlgorithm::name(*algorithm)).collect();
    let own =
        ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "holderVerification"];
    let claims: Vec<&str> = own.into_iter().chain(Claim::ALL.map(Claim::name)).collect();
    let signed_with: Vec<&str> =
        platform.keys.algorithms()?.into_iter().map(SignatureAlgorithm::name).collect();
    let mut described = json!({
        "issuer": platform.issuer.as_str(),
        "authorization_endpoint": platform.url("/authorize"),
        "pushed_authorization_request_endpoint": platform.url("/par"),
        "token_endpoint": platform.url("/token"),
        "userinfo_endpoint": platform.url("/userinfo"),
        "introspection_endpoint": platform.url("/introspect"),
        "revocation_endpoint": platform.url("/revoke"),
        "end_session_endpoint": platform.url("/end-session"),
        "bitaqa_statement_endpoint": platform.url("/statement"),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "jwks_uri": platform.url("/jwks"),
        "scopes_supported": ["openid", "profile", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": signed_with,
        "userinfo_signing_alg_values_supported": signed_with,
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": assertion_algorithms,
        "introspection_endpoint_auth_methods_supported": ["private_key_jwt"],
        "introspection_endpoint_auth_signing_alg_values_supported": assertion_algorithms,
        "revocation_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        "revocation_endpoint_auth_signing_alg_values_supported": assertion_algorithms,
        "dpop_signing_alg_values_supported": dpop::ALGORITHMS.map(SignatureAlgorithm::name),
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": LEVELS.map(|level| assurance::acr(level, platform.realm)),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": claims,
        "claim_types_supported": ["normal"],
        "ui_locales_supported": page::LANGUAGES.map(|(language, _)| language.tag()),
        "claims_locales_supported": ["ar", "fr", "en"],
        "display_values_supported": ["page", "popup"],
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_object_signing_alg_values_supported": assertion_algorithms,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": true,
        "authorization_response_iss_parameter_supported": true,
    });
    let frameworks = platform.populations.trust_frameworks();
    if let (false, Value::Object(members)) = (frameworks.is_empty(), &mut described) {
        for (name, value) in [
            ("verified_claims_supported", json!(true)),
            ("trust_frameworks_supported", json!(frameworks)),
            ("evidence_supported", json!([verified_claims::EVIDENCE])),
            ("documents_supported", json!([verified_claims::DOCUMENT])),
            ("documents_check_methods_supported", json!([verified_claims::CHECK])),
            ("claims_in_verified_claims_supported", json!(Claim::ALL.map(Claim::name))),
        ] {
            members.insert(name.to_owned(), value);
        }
    }
    if let (Some(_), Value::Object(members)) = (platform.identity(), &mut described) {
        members.insert("authorization_details_types_supported".to_owned(), json!([details::TYPE]));
    }
    if let Value::Object(members) = &mut described {
        let requests = platform.current_encryption_key()?.map(|_| "request_object");
        for what in ["id_token", "userinfo"].into_iter().chain(requests) {
            let encryptions = ContentEncryption::ALL.map(ContentEncryption::name);
            members.insert(format!("{what}_encryption_alg_values_supported"), json!([jwe::ALGORITHM]));
            members.insert(format!("{what}_encryption_enc_values_supported"), json!(encryptions));
        }
    }
    Ok(kept(Json(described)))
}

impl Platform {
    /// The key that relying parties encrypt for now.
    fn current_encryption_key(&self) -> Result<Option<PublicJwk>, Unable> {
        let keys = self.keys.encryption_keys()?;
        Ok(keys.into_iter().find(|key| key.phase == Phase::Current).map(|published| published.key))
    }
}

/// The keys that ID tokens are signed with, for each algorithm previous, current and next; and the one that requests are encrypted for.
///
/// # Errors
/// [`Unable`]: the keys cannot be read.
pub async fn keys(State(platform): State<Arc<Platform>>) -> Result<impl IntoResponse, Unable> {
    let signing = platform.keys.published()?;
    let described = |key: &VerificationJwk, usage: &str, algorithm: &str| {
        let mut key = serde_json::to_value(key).map_err(|_| Unable::Unreadable("key"))?;
        if let Value::Object(members) = &mut key {
            members.insert("use".to_owned(), usage.into());
            members.insert("alg".to_owned(), algorithm.into());
        }
        Ok(key)
    };
    let mut keys = signing
        .iter()
        .map(|VerifyingKey { key, algorithm, .. }| described(key, "sig", algorithm.name()))
        .collect::<Result<Vec<Value>, Unable>>()?;
    if let Some(key) = platform.current_encryption_key()? {
        keys.push(described(&key.into(), "enc", jwe::ALGORITHM)?);
    }
    Ok(kept(Json(json!({ "keys": keys }))))
}

/// The same for everybody, and kept no longer than a key is published before it is used.
fn kept(answer: Json<Value>) -> impl IntoResponse {
    let control = format!("public, max-age={}", PUBLISHED_BEFORE_USE / 4);
    let control = HeaderValue::from_str(&control).unwrap_or(HeaderValue::from_static("no-store"));
    ([(header::CACHE_CONTROL, control)], answer)
}

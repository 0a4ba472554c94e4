//! `POST /token`: a code or refresh token for tokens (OpenID Connect Core sections 3.1.3 and 12).

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::HeaderMap, response::Response};
use bitaqa_jose::{Thumbprint, base64url};
use serde::Serialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::{
    RelyingParty, cross_origin, dpop,
    failure::{EndpointError, Failure},
    granting::{ACCESS_LIFETIME, Access, Granted, Tokens, WithRefresh},
    narrowing::Part,
    parameters::Parameters,
};
use crate::{
    Platform,
    event_log::Tokens as Event,
    identity::mediated::GrantedIdentity,
    registration::{ClientAuthentication, Profile},
    secret::{Hash, Ticket},
    store::{Grant, Redeemed, TokenKind},
};

/// What the relying party gets.
#[derive(Serialize)]
pub struct Answer {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    id_token: String,
    /// Of the access token. An API without one is known by its address alone.
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    /// As granted (RFC 9396 section 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_details: Option<Value>,
    /// What else is told of an identity request.
    #[serde(flatten)]
    identity: Map<String, Value>,
}

const CODE: Failure = Failure::grant("the code is unknown, was used, has ended or is somebody else's");
const REFRESH: Failure =
    Failure::grant("the refresh token is unknown, was used, has ended or is somebody else's");

/// Answers.
///
/// # Errors
/// RFC 6749 section 5.2.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, EndpointError> {
    let parameters = Parameters::from_body(&headers, &body)?;
    let party = platform.authenticate_client(&headers, &parameters).await?;
    let answer = platform.redeem(&headers, &party, &parameters).await;
    let code = match &answer {
        Ok(_) => None,
        Err(EndpointError::Failure(failure)) => Some(failure.code),
        Err(EndpointError::Unable(_)) => Some("server_error"),
    };
    platform.note(&Event::new(&party.id, code));
    Ok(cross_origin::readable_by(&party, answer.map(Json)))
}

impl Platform {
    async fn redeem(
        &self,
        headers: &HeaderMap,
        party: &RelyingParty,
        parameters: &Parameters,
    ) -> Result<Answer, EndpointError> {
        let asked = dpop::Request { method: "POST", path: "/token", token: None };
        let key = self.proven_key(headers, asked).await?;
        if key.is_none() && party.registration.profile == Profile::Fapi2 {
            return Err(dpop::MISSING.into());
        }
        // before anything is used up
        self.check_signing(party)?;
        let recipient = self.recipient(party, party.registration.formats.id_token_encryption).await?;
        let answer = match parameters.get("grant_type") {
            Some("authorization_code") => self.redeem_code(party, parameters, key).await,
            Some("refresh_token") => self.redeem_refresh(party, parameters, key.map(dpop::kept)).await,
            Some(_) => {
                Err(Failure::new("unsupported_grant_type", "authorization_code or refresh_token").into())
            }
            None => Err(Failure::request("grant_type is missing").into()),
        }?;
        match recipient {
            None => Ok(answer),
            Some(recipient) => Ok(Answer { id_token: recipient.encrypt_signed(&answer.id_token)?, ..answer }),
        }
    }

    async fn redeem_code(
        &self,
        party: &RelyingParty,
        parameters: &Parameters,
        key: Option<Thumbprint>,
    ) -> Result<Answer, EndpointError> {
        let text = parameters.get("code").ok_or(Failure::request("code is missing"))?;
        let code = Ticket::parse(text).ok_or(CODE)?;
        let grant =
            self.store.grant(code.grant()).await?.filter(|grant| grant.client == party.id).ok_or(CODE)?;
        if grant.code != code.hash() {
            return Err(CODE.into());
        }
        let granted = self.granted(&grant, party)?.ok_or(CODE)?;
        if parameters.get("redirect_uri") != Some(granted.redirect_uri.as_str()) {
            return Err(Failure::grant("redirect_uri is not the one that the code was sent to").into());
        }
        check_verifier(&granted, parameters)?;
        // RFC 6749 section 4.1.3 has no scope here
        let part = Part::named(&granted, &party.registration, None, parameters)?;
        if granted.key.is_some() && granted.key != key {
            return Err(match key {
                None => dpop::MISSING.into(),
                Some(_) => Failure::grant("the code is bound to another key").into(),
            });
        }
        let key = key.map(dpop::kept);
        let refresh_key = match party.registration.authentication {
            ClientAuthentication::None => key,
            // bound to the relying party's own keys already (RFC 9449 section 5)
            ClientAuthentication::PrivateKeyJwt => None,
        };
        let access = Access { bound_to: key, part };
        let tokens = self.new_tokens(&grant, &granted, access, WithRefresh::BoundTo(refresh_key))?;
        match self.store.redeem_code(&grant.id, code.hash(), self.clock.now(), &tokens.kept).await? {
            Redeemed::First => self.told(party, &granted, tokens, granted.nonce.as_deref()),
            Redeemed::Again => {
                // somebody else has it, or had it first: what came of it is withdrawn (RFC 6749 section 4.1.2)
                self.store.revoke_grant(&grant.id, self.clock.now()).await?;
                Err(CODE.into())
            }
            Redeemed::Unknown => Err(CODE.into()),
        }
    }

    async fn redeem_refresh(
        &self,
        party: &RelyingParty,
        parameters: &Parameters,
        key: Option<Hash>,
    ) -> Result<Answer, EndpointError> {
        let text = parameters.get("refresh_token").ok_or(Failure::request("refresh_token is missing"))?;
        let used = Ticket::parse(text).ok_or(REFRESH)?;
        let grant =
            self.store.grant(used.grant()).await?.filter(|grant| grant.client == party.id).ok_or(REFRESH)?;
        let granted = self.granted(&grant, party)?.filter(|granted| granted.offline_access).ok_or(REFRESH)?;
        let part = Part::named(&granted, &party.registration, parameters.get("scope"), parameters)?;
        let access = Access { bound_to: key, part };
        match party.registration.authentication {
            ClientAuthentication::None => self.rotate(party, &grant, &granted, &used, access).await,
            // only who holds the private key can use it, so it stays the same (RFC 9700 section 4.14.2)
            ClientAuthentication::PrivateKeyJwt => {
                let found = self.store.token(&grant.id, used.hash(), self.clock.now()).await?;
                if found.is_none_or(|(token, _)| token.kind != TokenKind::Refresh) {
                    return Err(REFRESH.into());
                }
                let tokens = self.new_tokens(&grant, &granted, access, WithRefresh::No)?;
                for token in &tokens.kept {
                    self.store.add_token(token).await?;
                }
                self.told(party, &granted, tokens, None)
            }
        }
    }

    /// Each refresh token of a public relying party is used once; one that comes again was stolen, from it or by it.
    async fn rotate(
        &self,
        party: &RelyingParty,
        grant: &Grant,
        granted: &Granted,
        used: &Ticket,
        access: Access,
    ) -> Result<Answer, EndpointError> {
        let (now, key) = (self.clock.now(), access.bound_to);
        let found = self.store.token(&grant.id, used.hash(), now).await?;
        let bound_to = found.and_then(|(token, _)| token.bound_to);
        // before it is used up: without the key nobody ends a grant
        if bound_to.is_some() && bound_to != key {
            return Err(match key {
                None => dpop::MISSING.into(),
                Some(_) => Failure::grant("the refresh token is bound to another key").into(),
            });
        }
        let tokens = self.new_tokens(grant, granted, access, WithRefresh::BoundTo(key))?;
        match self.store.redeem_refresh(&grant.id, used.hash(), now, &tokens.kept).await? {
            Redeemed::First => self.told(party, granted, tokens, None),
            Redeemed::Again => {
                self.store.revoke_grant(&grant.id, self.clock.now()).await?;
                Err(REFRESH.into())
            }
            Redeemed::Unknown => Err(REFRESH.into()),
        }
    }

    fn told(
        &self,
        party: &RelyingParty,
        granted: &Granted,
        tokens: Tokens,
        nonce: Option<&str>,
    ) -> Result<Answer, EndpointError> {
        let scope = match &tokens.part {
            None => granted.scope(),
            Some(part) => {
                let mut narrowed = granted.clone();
                narrowed.narrow(part, &party.registration);
                narrowed.scope()
            }
        };
        Ok(Answer {
            access_token: tokens.access.text(),
            token_type: if tokens.bound_to.is_some() { "DPoP" } else { "Bearer" },
            expires_in: ACCESS_LIFETIME,
            refresh_token: tokens.refresh.map(|ticket| ticket.text()),
            id_token: self.id_token(party, granted, nonce)?,
            scope,
            authorization_details: granted.identity.as_ref().map(|identity| identity.details.granted()),
            identity: granted.identity.as_ref().map(GrantedIdentity::hashes).unwrap_or_default(),
        })
    }
}

/// RFC 7636 section 4.6.
fn check_verifier(granted: &Granted, parameters: &Parameters) -> Result<(), Failure> {
    let verifier = parameters.get("code_verifier").ok_or(Failure::grant("code_verifier is missing"))?;
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return Err(Failure::grant("code_verifier is not 43 to 128 unreserved characters"));
    }
    let challenge = base64url::encode(Hash::of(verifier.as_bytes()).as_bytes());
    if bool::from(challenge.as_bytes().ct_eq(granted.code_challenge.as_bytes())) {
        Ok(())
    } else {
        Err(Failure::grant("code_verifier does not fit the request"))
    }
}

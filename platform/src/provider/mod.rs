//! The OpenID Connect provider: OpenID Connect Core and Discovery, PKCE (RFC 7636), pushed requests (RFC 9126), `iss` in answers
//! (RFC 9207), signed requests (RFC 9101), tokens bound to keys (RFC 9449), revocation (RFC 7009), introspection (RFC 7662), sign-out
//! begun by the relying party and sign-out that relying parties are told of, by the rules of RFC 9700.
//!
//! | module | what it does |
//! |---|---|
//! | [`parameters`] | a request's parameters, each at most once |
//! | [`request_object`] | what counts of a request that is signed |
//! | [`authorization_request`] | what a relying party asks, checked |
//! | [`decision`] | whether it can be answered now, or what the person has to do first |
//! | [`authorize`], [`pushed_request`] | where requests arrive |
//! | [`verified_claims`] | what is told with how it was verified |
//! | [`answer`] | how an answer gets to the relying party |
//! | [`granting`] | code and tokens, and what stands in them |
//! | [`narrowing`] | tokens for a part of what was granted |
//! | [`client_authentication`] | who a relying party is |
//! | [`back_channel_logout`] | who is told that a session ended |
//! | [`encryption`] | what is encrypted, for relying parties and for the platform |
//! | [`fetched_keys`] | keys that relying parties publish |
//! | [`cross_origin`] | which answers scripts of other origins may read |
//! | [`dpop`] | which key it proves that it has |
//! | [`dpop_nonce`] | which nonce its proof has to have |
//! | [`token`], [`userinfo`], [`introspection`], [`revocation`], [`end_session`], [`statement`], [`discovery`] | the other endpoints |
//! | [`failure`] | what is wrong, in the words of the protocol |

pub mod answer;
pub mod authorization_request;
pub mod authorize;
pub mod back_channel_logout;
pub mod client_authentication;
pub mod cross_origin;
pub mod decision;
pub mod discovery;
pub mod dpop;
pub mod dpop_nonce;
pub mod encryption;
pub mod end_session;
pub mod failure;
pub mod fetched_keys;
pub mod granting;
pub mod introspection;
pub mod narrowing;
pub mod parameters;
pub mod pushed_request;
pub mod request_object;
pub mod revocation;
pub mod statement;
pub mod token;
pub mod userinfo;
pub mod verified_claims;

use bitaqa_jose::base64url;

use self::failure::{EndpointError, Failure};
use crate::{
    Platform, Unable,
    administration::NotApproved,
    event_log::Registration as RegistrationEvent,
    key_store::HashUse,
    registration::{Registration, is_client_id},
    store::Client,
};

const NO_SIGNING_KEY: Failure = Failure::new(
    "server_error",
    "the platform has no key for the relying party's id_token_signed_response_alg or userinfo_signed_response_alg",
);

/// A relying party that is registered and not suspended.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    /// `client_id`.
    pub id: String,
    /// What is known of it.
    pub registration: Registration,
}

impl Platform {
    /// A relying party that may ask now.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn relying_party(&self, id: &str) -> Result<Option<RelyingParty>, Unable> {
        // no other name is registered, and not every database takes every text
        if !is_client_id(id) {
            return Ok(None);
        }
        match self.store.client(id).await? {
            Some(client) => self.active(client).transpose(),
            None => Ok(None),
        }
    }

    /// All that operators registered and that may ask now, by their names.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub async fn relying_parties(&self) -> Result<Vec<RelyingParty>, Unable> {
        let clients = self.store.clients().await?.into_iter();
        clients
            .filter(|client| client.expires_at.is_none())
            .filter_map(|client| self.active(client))
            .collect()
    }

    /// Nothing where it is suspended, or not approved.
    fn active(&self, client: Client) -> Option<Result<RelyingParty, Unable>> {
        match self.approvals.judge(&client, self.clock.now()) {
            Ok(()) => {}
            Err(NotApproved::Suspended | NotApproved::Ended) => return None,
            Err(error) => {
                self.note(&RegistrationEvent::refused(&client.id, error.code()));
                return None;
            }
        }
        let registration =
            serde_json::from_str(&client.registration).map_err(|_| Unable::Unreadable("registration"));
        Some(registration.map(|registration| RelyingParty { id: client.id, registration }))
    }

    /// Whether there are keys for what a relying party wants its answers signed with: there were when it was registered.
    ///
    /// # Errors
    /// `server_error` for the relying party; [`Unable`]: the keys.
    pub fn check_signing(&self, party: &RelyingParty) -> Result<(), EndpointError> {
        match party.registration.formats.missing_key(&*self.keys)? {
            None => Ok(()),
            Some(_) => Err(NO_SIGNING_KEY.into()),
        }
    }

    /// What a sector knows an account by: the same as long as the account exists, and another in each sector.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn subject(&self, sector: &str, account: &str) -> Result<String, Unable> {
        let hash = self.keys.hash(HashUse::Subject, &[sector.as_bytes(), account.as_bytes()])?;
        Ok(base64url::encode(hash.as_bytes()))
    }

    /// What a relying party knows a session by (`sid`): another for each, so that no two can compare.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn session_name(&self, client: &str, session: &str) -> Result<String, Unable> {
        let hash = self.keys.hash(HashUse::SessionName, &[client.as_bytes(), session.as_bytes()])?;
        Ok(base64url::encode(hash.as_bytes()))
    }
}

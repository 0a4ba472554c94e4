//! `GET` and `POST /authorize`: a person's browser brings what a relying party asks (OpenID Connect Core section 3.1.2).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use bitaqa_protocol::Language;

use super::{
    RelyingParty,
    answer::{self, Outcome},
    authorization_request::{self, AuthorizationRequest, Destination},
    decision::Decision,
    failure::{EndpointError, Failure},
    parameters::Parameters,
    pushed_request,
};
use crate::{
    Platform, Unable,
    event_log::Authorization,
    pages::{language, page},
    visit::{Visit, with_cookie},
};

/// Everything that is needed to answer.
struct Asked {
    party: RelyingParty,
    parameters: Parameters,
    request: AuthorizationRequest,
}

/// Why there is nothing to answer.
enum Refused {
    /// The relying party gets to know; where it is known well enough to be told.
    Told(String, Box<Destination>, Failure),
    /// Only the person does: nothing is sent to an address that nobody registered.
    Shown(Failure),
}

const NOT_FETCHED: Failure =
    Failure::new("request_uri_not_supported", "request_uri is the name of a pushed request (RFC 9126)");
const NOT_PUSHED: Failure = Failure::new(
    "invalid_request_uri",
    "the pushed request is unknown, was used, has ended or is somebody else's",
);

/// From a link or redirect: whoever is signed in and has agreed is sent back at once.
///
/// # Errors
/// [`Unable`].
pub async fn get(
    State(platform): State<Arc<Platform>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Unable> {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let language = language::preferred(&headers);
    match platform.asked(parameters).await? {
        Ok(asked) => platform.begin(asked, &headers, &visit, language).await,
        Err(refused) => platform.refuse(refused, language),
    }
}

/// From a form, mostly on another site: browsers send no cookies with it. The request is kept as if it had been pushed, and the browser
/// comes for it with a request of its own.
///
/// # Errors
/// [`Unable`].
pub async fn post(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Unable> {
    let parameters = Parameters::from_body_unchecked(&headers, &body);
    match platform.asked(parameters).await? {
        Ok(Asked { party, parameters, request }) => {
            let uri = match request.pushed_as {
                Some(uri) => uri,
                None => platform.push(&party, parameters).await?,
            };
            answer::redirect(&answer::with_query(
                "/authorize",
                &[("client_id", party.id.as_str()), ("request_uri", &uri)],
            ))
        }
        Err(refused) => platform.refuse(refused, language::preferred(&headers)),
    }
}

impl Platform {
    async fn asked(&self, parameters: Result<Parameters, Failure>) -> Result<Result<Asked, Refused>, Unable> {
        let parameters = match parameters {
            Ok(parameters) => parameters,
            Err(failure) => return Ok(Err(Refused::Shown(failure))),
        };
        let id = parameters.get("client_id").unwrap_or_default();
        let Some(party) = self.relying_party(id).await? else {
            let failure = Failure::client("client_id is missing, unknown or suspended");
            return Ok(Err(Refused::Shown(failure)));
        };
        let uri = parameters.get("request_uri").map(str::to_owned);
        // what stands beside the name of a pushed request does not count (RFC 9126 section 4)
        let parameters = match &uri {
            None => match self.said(&party, &parameters).await {
                Ok(said) => said,
                // where the error goes is all that counts of what stands beside an object
                Err(EndpointError::Failure(failure)) => {
                    let refused = match authorization_request::destination(&party, &parameters) {
                        Ok(destination) => Refused::Told(party.id, Box::new(destination), failure),
                        Err(_) => Refused::Shown(failure),
                    };
                    return Ok(Err(refused));
                }
                Err(EndpointError::Unable(unable)) => return Err(unable),
            },
            Some(uri) if !pushed_request::is_name(uri) => {
                return Ok(Err(match authorization_request::destination(&party, &parameters) {
                    Ok(destination) => Refused::Told(party.id, Box::new(destination), NOT_FETCHED),
                    Err(_) => Refused::Shown(NOT_FETCHED),
                }));
            }
            Some(uri) => match self.pushed(uri, &party.id).await? {
                Some(pushed) => pushed,
                None => return Ok(Err(Refused::Shown(NOT_PUSHED))),
            },
        };
        let destination = match authorization_request::destination(&party, &parameters) {
            Ok(destination) => destination,
            Err(failure) => return Ok(Err(Refused::Shown(failure))),
        };
        let told = |failure| Refused::Told(party.id.clone(), Box::new(destination.clone()), failure);
        if party.registration.require_pushed_requests && uri.is_none() {
            return Ok(Err(told(Failure::request("this relying party pushes its requests (RFC 9126)"))));
        }
        match self.check_signing(&party) {
            Ok(()) => {}
            Err(EndpointError::Failure(failure)) => return Ok(Err(told(failure))),
            Err(EndpointError::Unable(unable)) => return Err(unable),
        }
        match AuthorizationRequest::parse(&party, destination.clone(), &parameters, self) {
            Ok(request) => {
                let request = AuthorizationRequest { pushed_as: uri, ..request };
                Ok(Ok(Asked { party, parameters, request }))
            }
            Err(failure) => Ok(Err(told(failure))),
        }
    }

    fn refuse(&self, refused: Refused, language: Language) -> Result<Response, Unable> {
        match refused {
            Refused::Shown(failure) => {
                self.note(&Authorization::refused(None, failure.code));
                page::refusal(self, language, failure)
            }
            Refused::Told(client, destination, failure) => {
                self.note(&Authorization::refused(Some(&client), failure.code));
                self.answer(&destination, &Outcome::Failure(failure), language)
            }
        }
    }

    async fn begin(
        &self,
        asked: Asked,
        headers: &HeaderMap,
        visit: &Visit,
        language: Language,
    ) -> Result<Response, Unable> {
        let Asked { party, request, .. } = asked;
        let signed_in = self.signed_in(headers).await?;
        let judgement = self.decide(&request, &party, visit, signed_in.as_ref(), None).await?;
        match judgement.decision {
            Decision::SignIn | Decision::Agree | Decision::Identify(_) => {
                self.interact(&request, headers).await
            }
            Decision::Grant(_) | Decision::Refuse(_) => {
                let language = request.language.unwrap_or(language);
                if !self.is_first_answer(&request).await? {
                    return self.refuse(Refused::Shown(NOT_PUSHED), language);
                }
                let (outcome, cookie) =
                    self.outcome(&judgement, &request, &party, visit, signed_in.as_ref()).await?;
                Ok(with_cookie(cookie, self.answer(&request.destination, &outcome, language)?))
            }
        }
    }
}

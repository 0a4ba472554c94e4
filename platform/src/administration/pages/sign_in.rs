//! Signing in and out.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use bitaqa_protocol::Language;

use super::{
    Site,
    session::to_sign_in,
    shell::{Asked, Shell, address},
};
use crate::{
    Unable,
    administration::{Operator, SignIn, SignInError, draft::SKEW},
    clock::Seconds,
    event_log::OperatorSignIn,
    pages::page::html,
    provider::parameters::Parameters,
};

#[derive(Template)]
#[template(path = "administration/sign_in.html")]
struct SignInPage<'a> {
    shell: Shell<'a>,
    issuer: &'a str,
    now: Seconds,
    fault: Option<&'static str>,
}

pub(super) async fn form(State(site): State<Arc<Site>>, parts: Parts) -> Result<Response, Unable> {
    let asked = Asked::of(&parts);
    if site.signed_in(&parts.headers).await?.is_some() {
        return Ok(home(asked.language).into_response());
    }
    site.sign_in_page(&asked, None)
}

/// Takes what an operator's key signed.
pub(super) async fn answer(
    State(site): State<Arc<Site>>,
    parts: Parts,
    body: Bytes,
) -> Result<Response, Unable> {
    let asked = Asked::of(&parts);
    let parameters = Parameters::from_body(&parts.headers, &body).unwrap_or_default();
    let signed = parameters.get("signed").unwrap_or_default().trim();
    match site.believe(signed).await? {
        Ok(operator) => {
            // whoever was signed in before is not any more
            site.end(&parts.headers).await?;
            let cookie = site.begin(&operator).await?;
            site.platform.note(&OperatorSignIn::new(None));
            Ok(([(header::SET_COOKIE, cookie)], home(asked.language)).into_response())
        }
        Err(error) => {
            site.platform.note(&OperatorSignIn::new(Some(error.code())));
            Ok((StatusCode::FORBIDDEN, site.sign_in_page(&asked, Some(fault(error)))?).into_response())
        }
    }
}

/// Signs out.
pub(super) async fn out(State(site): State<Arc<Site>>, parts: Parts) -> Result<Response, Unable> {
    site.end(&parts.headers).await?;
    let forget = [(header::SET_COOKIE, site.cookies.forget_operator())];
    Ok((forget, to_sign_in(Asked::of(&parts).language)).into_response())
}

impl Site {
    async fn believe(&self, signed: &str) -> Result<Result<Operator, SignInError>, Unable> {
        let platform = &self.platform;
        let operators = platform.approvals.operators();
        let (operator, said) = match SignIn::verify(signed, operators, &platform.issuer, platform.clock.now())
        {
            Ok(believed) => believed,
            Err(error) => return Ok(Err(error)),
        };
        // last, so that only the operator can use a name up
        let is_new = platform.store.remember_assertion(said.name(), said.exp.saturating_add(SKEW)).await?;
        Ok(if is_new { Ok(operator.clone()) } else { Err(SignInError::Used) })
    }

    fn sign_in_page(&self, asked: &Asked, fault: Option<&'static str>) -> Result<Response, Unable> {
        html(&SignInPage {
            shell: Shell::new(self, None, asked),
            issuer: self.platform.issuer.as_str(),
            now: self.platform.clock.now(),
            fault,
        })
    }
}

fn home(language: Language) -> Redirect {
    Redirect::to(&address("/", [].into_iter(), language))
}

const fn fault(error: SignInError) -> &'static str {
    match error {
        SignInError::Format | SignInError::Signing => "admin-fault-format",
        SignInError::Operator => "admin-fault-operator",
        SignInError::Signature => "admin-fault-signature",
        SignInError::Platform => "admin-fault-platform",
        SignInError::Time => "admin-fault-time",
        SignInError::Used => "admin-fault-used",
    }
}

//! How an answer gets to the relying party: in the address, or in a form that the browser posts; always with `iss` (RFC 9207).

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bitaqa_pages::security_headers::POLICY;
use bitaqa_protocol::Language;
use serde_json::{Map, Value, json};

use super::{
    authorization_request::{Destination, ResponseMode},
    failure::Failure,
};
use crate::{
    Platform, Unable,
    pages::page::{self, Frame},
    registration,
};

/// What the relying party gets.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A code.
    Code(String),
    /// An error.
    Failure(Failure),
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPost<'a> {
    frame: Frame<'a>,
    action: &'a str,
    fields: &'a [(&'static str, &'a str)],
}

impl Platform {
    /// Sends the browser back with an answer.
    ///
    /// # Errors
    /// [`Unable`]: the page cannot be made.
    pub fn answer(
        &self,
        destination: &Destination,
        outcome: &Outcome,
        language: Language,
    ) -> Result<Response, Unable> {
        let fields = self.fields(destination, outcome);
        match destination.response_mode {
            ResponseMode::Query => redirect(&with_query(&destination.redirect_uri, &fields)),
            ResponseMode::FormPost => {
                let frame = Frame::new(self, language, None);
                let page = FormPost { frame, action: &destination.redirect_uri, fields: &fields };
                let html = page.render().map_err(|_| Unable::Page)?;
                let policy = policy_with_form_target(&destination.redirect_uri)?;
                Ok((
                    [
                        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                        (header::CONTENT_SECURITY_POLICY, policy),
                    ],
                    html,
                )
                    .into_response())
            }
        }
    }

    /// The same for a script of ours, which leads the browser on: to an address (`to`), or by a form (`action`, `fields`) to which it may
    /// add what the platform is not to have.
    #[must_use]
    pub fn answer_to_script(&self, destination: &Destination, outcome: &Outcome) -> Value {
        let fields = self.fields(destination, outcome);
        match destination.response_mode {
            ResponseMode::Query => json!({ "to": with_query(&destination.redirect_uri, &fields) }),
            ResponseMode::FormPost => {
                let fields: Map<String, Value> =
                    fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                json!({ "action": destination.redirect_uri, "fields": fields })
            }
        }
    }

    fn fields<'a>(
        &'a self,
        destination: &'a Destination,
        outcome: &'a Outcome,
    ) -> Vec<(&'static str, &'a str)> {
        let mut fields: Vec<(&'static str, &str)> = match outcome {
            Outcome::Code(code) => vec![("code", code)],
            Outcome::Failure(failure) => {
                vec![("error", failure.code), ("error_description", failure.description)]
            }
        };
        if let Some(state) = &destination.state {
            fields.push(("state", state));
        }
        fields.push(("iss", self.issuer.as_str()));
        fields
    }

    /// The same, after a form of ours was posted: browsers hold whatever redirects follow a form against its page's policy, and nobody
    /// knows where a relying party sends people on. A page that leads on by itself begins anew.
    ///
    /// # Errors
    /// [`Unable`]: the page cannot be made.
    pub fn answer_to_form(
        &self,
        destination: &Destination,
        outcome: &Outcome,
        language: Language,
    ) -> Result<Response, Unable> {
        let response = self.answer(destination, outcome, language)?;
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().map(str::to_owned));
        match to {
            None => Ok(response),
            Some(to) => page::onward(self, language, &to.map_err(|_| Unable::Page)?),
        }
    }
}

/// The policy of the page whose form takes an answer to a relying party, which may redirect to wherever it likes. Its other forms
/// are the platform's own, and nothing in it is somebody else's markup.
pub(crate) fn policy_with_form_target(redirect_uri: &str) -> Result<HeaderValue, Unable> {
    let schemes = if redirect_uri.starts_with("https://") { "https:" } else { "http: https:" };
    HeaderValue::from_str(&format!("{POLICY} {schemes}")).map_err(|_| Unable::Page)
}

/// A URI with more in its query.
#[must_use]
pub fn with_query(uri: &str, fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    let sign = match uri.split_once('?') {
        None => "?",
        Some((_, before)) if before.is_empty() || before.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{sign}{}", query.finish())
}

/// `303 See Other`: whatever was posted here is not posted there.
///
/// # Errors
/// [`Unable`]: the address cannot stand in a header.
pub fn redirect(to: &str) -> Result<Response, Unable> {
    let location = HeaderValue::from_str(to).map_err(|_| Unable::Page)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// The origin of a registered URI, for a content security policy.
pub(crate) fn origin_text(uri: &str) -> Result<String, Unable> {
    registration::origin_of(uri).map(|origin| origin.to_string()).ok_or(Unable::Unreadable("redirect URI"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_query_already_stays() {
        let fields = [("code", "a b"), ("iss", "https://id.example")];
        let added = "code=a+b&iss=https%3A%2F%2Fid.example";
        for (uri, sign) in
            [("https://b.example/cb", "?"), ("https://b.example/cb?a=1", "&"), ("https://b.example/cb?", "")]
        {
            assert_eq!(with_query(uri, &fields), format!("{uri}{sign}{added}"));
        }
    }
}

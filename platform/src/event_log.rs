//! What the log says: what happened, for which relying party, how it ended; nothing about the person, no code, token or address.

use serde::Serialize;

use crate::rules::Then;

/// The platform runs.
#[derive(Serialize)]
#[serde(tag = "event", rename = "started", rename_all = "camelCase")]
pub struct Started<'a> {
    /// Its origin.
    pub issuer: &'a str,
    /// Its realm.
    pub realm: &'static str,
    /// How many card issuers it knows.
    pub card_issuers: usize,
}

/// A relying party's registration is not what operators signed.
#[derive(Serialize)]
#[serde(tag = "event", rename = "registration", rename_all = "camelCase")]
pub struct Registration<'a> {
    outcome: &'static str,
    client: &'a str,
    code: &'static str,
}

impl<'a> Registration<'a> {
    /// It counts for nothing.
    #[must_use]
    pub const fn refused(client: &'a str, code: &'static str) -> Self {
        Self { outcome: "refused", client, code }
    }
}

/// A relying party registered itself in the sandbox.
#[derive(Serialize)]
#[serde(tag = "event", rename = "self-registration", rename_all = "camelCase")]
pub struct SelfRegistration<'a> {
    client: &'a str,
}

impl<'a> SelfRegistration<'a> {
    /// Under this name.
    #[must_use]
    pub const fn of(client: &'a str) -> Self {
        Self { client }
    }
}

/// An operator signed in, or somebody tried.
#[derive(Serialize)]
#[serde(tag = "event", rename = "operator-sign-in", rename_all = "camelCase")]
pub struct OperatorSignIn {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl OperatorSignIn {
    /// With or without what was wrong.
    #[must_use]
    pub const fn new(code: Option<&'static str>) -> Self {
        Self { outcome: if code.is_none() { "accepted" } else { "refused" }, code }
    }
}

/// An operator did something about a relying party in a browser.
#[derive(Serialize)]
#[serde(tag = "event", rename = "administration", rename_all = "camelCase")]
pub struct Administration<'a> {
    outcome: &'static str,
    client: &'a str,
}

impl<'a> Administration<'a> {
    /// What it was, and about whom.
    #[must_use]
    pub const fn of(act: &'static str, client: &'a str) -> Self {
        Self { outcome: act, client }
    }
}

/// A person showed a card.
#[derive(Serialize)]
#[serde(tag = "event", rename = "sign-in", rename_all = "camelCase")]
pub struct SignIn<'a> {
    outcome: &'static str,
    client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<&'static str>,
}

impl<'a> SignIn<'a> {
    /// What was shown held.
    #[must_use]
    pub const fn accepted(client: &'a str, factor: &'static str, acr: &'static str) -> Self {
        Self { outcome: "accepted", client, code: None, acr: Some(acr), factor: Some(factor) }
    }

    /// It did not, or was not even looked at.
    #[must_use]
    pub const fn refused(client: &'a str, code: &'static str) -> Self {
        Self { outcome: "refused", client, code: Some(code), acr: None, factor: None }
    }
}

/// A relying party's request was answered.
#[derive(Serialize)]
#[serde(tag = "event", rename = "authorization", rename_all = "camelCase")]
pub struct Authorization<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl<'a> Authorization<'a> {
    /// With a code.
    #[must_use]
    pub const fn granted(client: &'a str) -> Self {
        Self { outcome: "granted", client: Some(client), code: None }
    }

    /// With an error.
    #[must_use]
    pub const fn refused(client: Option<&'a str>, code: &'static str) -> Self {
        Self { outcome: "refused", client, code: Some(code) }
    }
}

/// A rule applied that only says what it would have asked.
#[derive(Serialize)]
#[serde(tag = "event", rename = "rule-tried", rename_all = "camelCase")]
pub struct RuleTried<'a> {
    /// Its name.
    pub rule: &'a str,
    /// Where.
    pub client: &'a str,
    /// What it would have asked.
    pub then: &'a Then,
    /// Whether that was there anyway, where there was an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enough: Option<bool>,
}

/// A relying party asked for tokens.
#[derive(Serialize)]
#[serde(tag = "event", rename = "tokens", rename_all = "camelCase")]
pub struct Tokens<'a> {
    outcome: &'static str,
    client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    /// With or without an error.
    #[must_use]
    pub const fn new(client: &'a str, code: Option<&'static str>) -> Self {
        Self { outcome: if code.is_none() { "given" } else { "refused" }, client, code }
    }
}

/// A relying party got a statement about itself.
#[derive(Serialize)]
#[serde(tag = "event", rename = "statement", rename_all = "camelCase")]
pub struct StatementIssued<'a> {
    outcome: &'static str,
    client: &'a str,
}

impl<'a> StatementIssued<'a> {
    /// To whom.
    #[must_use]
    pub const fn to(client: &'a str) -> Self {
        Self { outcome: "issued", client }
    }
}

/// A person answered what a relying party asks of their chip, in the host's window.
#[derive(Serialize)]
#[serde(tag = "event", rename = "identity", rename_all = "camelCase")]
pub struct Identity<'a> {
    outcome: &'static str,
    client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl<'a> Identity<'a> {
    /// The browser takes the answer to the relying party.
    #[must_use]
    pub const fn relayed(client: &'a str) -> Self {
        Self { outcome: "relayed", client, code: None }
    }

    /// The platform read it, and it held.
    #[must_use]
    pub const fn asserted(client: &'a str) -> Self {
        Self { outcome: "asserted", client, code: None }
    }

    /// It did not, or was not even looked at.
    #[must_use]
    pub const fn refused(client: &'a str, code: &'static str) -> Self {
        Self { outcome: "refused", client, code: Some(code) }
    }
}

/// A relying party was told that a session ended.
#[derive(Serialize)]
#[serde(tag = "event", rename = "back-channel-logout", rename_all = "camelCase")]
pub struct BackChannelLogout<'a> {
    outcome: &'static str,
    client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl<'a> BackChannelLogout<'a> {
    /// It took it.
    #[must_use]
    pub const fn told(client: &'a str) -> Self {
        Self { outcome: "told", client, code: None }
    }

    /// It did not; it is tried again.
    #[must_use]
    pub const fn failed(client: &'a str, code: &'static str) -> Self {
        Self { outcome: "failed", client, code: Some(code) }
    }

    /// It never did.
    #[must_use]
    pub const fn given_up(client: &'a str, code: &'static str) -> Self {
        Self { outcome: "given-up", client, code: Some(code) }
    }
}

/// Keys were fetched that a relying party publishes, or none were.
#[derive(Serialize)]
#[serde(tag = "event", rename = "keys-fetched", rename_all = "camelCase")]
pub struct KeysFetched<'a> {
    outcome: &'static str,
    client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl<'a> KeysFetched<'a> {
    /// With or without what was wrong.
    #[must_use]
    pub const fn new(client: &'a str, code: Option<&'static str>) -> Self {
        Self { outcome: if code.is_none() { "fetched" } else { "failed" }, client, code }
    }
}

/// The platform could not do what it is there for.
#[derive(Serialize)]
#[serde(tag = "event", rename = "unable", rename_all = "camelCase")]
pub struct Trouble {
    /// What the database or the keys said; nothing of a request.
    pub reason: String,
}

//! Doing something about a portal: first what is to be signed is shown, then it comes back signed.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Site,
    audit::word_of,
    session::Visit,
    shell::{Shell, Time, address, time},
};
use crate::{
    Unable,
    administration::{Act, DeskError, Draft, Entry, Task, surroundings},
    event_log::Administration,
    pages::page::html,
    provider::parameters::Parameters,
};

#[derive(Template)]
#[template(path = "administration/entry.html")]
struct EntryPage<'a> {
    shell: Shell<'a>,
    id: &'a str,
    act: &'static str,
    entry: &'a Entry,
    at: Time,
    /// What is approved, refused, or proposed anew.
    digest: Option<&'a str>,
    payload: String,
    signing_input: &'a str,
    key: String,
}

/// Shows what is to be signed.
pub(super) async fn draft(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Unable> {
    let parameters = Parameters::from_body(&headers, &body).unwrap_or_default();
    let Some(task) = task(&id, &parameters) else {
        return site.portal_page(&visit, &id, None).await;
    };
    let desk = site.platform.desk();
    match desk.draft(&visit.operator, &task).await {
        Ok(draft) => site.entry_page(&visit, &id, &draft),
        Err(DeskError::Store(error)) => Err(error.into()),
        Err(error) => site.portal_page(&visit, &id, Some(&error)).await,
    }
}

/// Takes it signed, and does it.
pub(super) async fn submit(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Unable> {
    let parameters = Parameters::from_body(&headers, &body).unwrap_or_default();
    let signed = parameters.get("signed").unwrap_or_default().trim();
    match site.submit(&visit, signed).await {
        Ok(act) => {
            site.platform.note(&Administration::of(act.name(), act.client()));
            Ok(back(&visit, act.client()).into_response())
        }
        Err(NotDone::Unable(error)) => Err(error),
        Err(NotDone::Refused(error)) => site.portal_page(&visit, &id, Some(&error)).await,
    }
}

enum NotDone {
    Refused(DeskError),
    Unable(Unable),
}

impl From<DeskError> for NotDone {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(error) => Self::Unable(error.into()),
            DeskError::Keys(error) => Self::Unable(error.into()),
            error => Self::Refused(error),
        }
    }
}

impl Site {
    async fn submit(&self, visit: &Visit, signed: &str) -> Result<Act, NotDone> {
        let desk = self.platform.desk();
        if let Some(Act::Approve { client, proposal }) = Entry::unverified(signed).map(|entry| entry.act) {
            let waiting = desk.waiting(&client).await?;
            if let Some(waiting) = waiting.filter(|waiting| waiting.digest() == proposal) {
                let keys = || Ok(Arc::clone(&self.platform.keys));
                surroundings::check(&waiting.registration, &self.platform.surroundings(), keys).await?;
            }
        }
        Ok(desk.submit(&visit.operator, signed).await?)
    }

    fn entry_page(&self, visit: &Visit, id: &str, draft: &Draft) -> Result<Response, Unable> {
        let entry = &draft.entry;
        html(&EntryPage {
            shell: Shell::new(self, Some(&visit.operator), &visit.asked),
            id,
            act: word_of(&entry.act),
            at: time(entry.iat),
            digest: match &entry.act {
                Act::Approve { proposal, .. } | Act::Refuse { proposal, .. } => Some(proposal),
                Act::Propose { registration, .. } => Some(registration),
                Act::Suspend { .. } => None,
            },
            payload: serde_json::to_string_pretty(entry).map_err(|_| Unable::Page)?,
            signing_input: draft.signing_input(),
            key: visit.operator.key.thumbprint().to_string(),
            entry,
        })
    }
}

fn task(id: &str, parameters: &Parameters) -> Option<Task> {
    let client = id.to_owned();
    let said = |name: &str| parameters.get(name).unwrap_or_default().trim().to_owned();
    Some(match parameters.get("work")? {
        "approve" => Task::Approve { client, proposal: said("proposal") },
        "refuse" => Task::Refuse { client, proposal: said("proposal"), reason: said("reason") },
        "suspend" => Task::Suspend { client, reason: said("reason") },
        "resume" => Task::TakeUp { client },
        _ => return None,
    })
}

fn back(visit: &Visit, id: &str) -> Redirect {
    Redirect::to(&address(&format!("/portals/{id}"), [].into_iter(), visit.asked.language))
}

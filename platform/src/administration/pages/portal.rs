//! One portal: what counts, what waits, and what can be done about it.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{
    Site,
    facts::{Fact, facts},
    portals::State as PortalState,
    session::Visit,
    shell::{Shell, Time, time},
};
use crate::{
    Unable,
    administration::{DeskError, Entry, Role, approval, desk::Waiting},
    pages::page::html,
    registration::{Registration, is_client_id},
    store::Client,
};

/// What an operator signed.
struct Signed {
    operator: String,
    at: Time,
    reason: Option<String>,
}

/// What is registered.
struct Registered {
    state: PortalState,
    why: Option<String>,
    suspended_since: Option<Time>,
    suspension: Option<Signed>,
    proposed: Option<Signed>,
    approved: Option<Signed>,
    revision: Option<i64>,
    registered_itself_until: Option<Time>,
    facts: Vec<Fact>,
}

/// What waits.
struct Proposed {
    by: String,
    at: Time,
    revision: i64,
    ends_suspension: bool,
    digest: String,
    changed: Vec<Fact>,
    same: Vec<Fact>,
    is_new: bool,
}

#[derive(Template)]
#[template(path = "administration/portal.html")]
struct PortalPage<'a> {
    shell: Shell<'a>,
    id: &'a str,
    name: String,
    registered: Option<Registered>,
    waiting: Option<Proposed>,
    /// Why what waits cannot be shown.
    waiting_fault: Option<String>,
    approves: bool,
    proposes: bool,
    fault: Option<String>,
}

pub(super) async fn show(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Unable> {
    site.portal_page(&visit, &id, None).await
}

impl Site {
    /// The page of a portal, with why something was not done.
    pub(super) async fn portal_page(
        &self,
        visit: &Visit,
        id: &str,
        fault: Option<&DeskError>,
    ) -> Result<Response, Unable> {
        // no other name is registered, and not every database takes every text
        if !is_client_id(id) {
            return Ok(StatusCode::NOT_FOUND.into_response());
        }
        let client = self.platform.store.client(id).await?;
        let waiting = match self.platform.desk().waiting(id).await {
            Err(DeskError::Store(error)) => return Err(error.into()),
            waiting => waiting,
        };
        if client.is_none() && matches!(waiting, Ok(None)) {
            return Ok(StatusCode::NOT_FOUND.into_response());
        }
        let shell = Shell::new(self, Some(&visit.operator), &visit.asked);
        let text = client.as_ref().map(|client| client.registration.as_str());
        let counts: Value = text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let registered = serde_json::from_value::<Registration>(counts.clone()).ok();
        let (waiting, waiting_fault) = match waiting {
            Ok(waiting) => (waiting, None),
            Err(error) => (None, Some(error.to_string())),
        };
        let language = visit.asked.language;
        let known = waiting.as_ref().map(|waiting| &waiting.registration).or(registered.as_ref());
        let name = known.map_or(id, |known| known.name.in_language(language)).to_owned();
        let page = PortalPage {
            id,
            name,
            registered: client.as_ref().map(|client| self.registered(client, &counts, &shell)),
            waiting: waiting.map(|waiting| Proposed::of(&waiting, &counts, &shell)),
            waiting_fault,
            approves: visit.operator.role == Role::Authoriser,
            proposes: visit.operator.role == Role::Onboarder,
            fault: fault.map(ToString::to_string),
            shell,
        };
        let shown = html(&page)?;
        Ok(if fault.is_some() { (StatusCode::CONFLICT, shown).into_response() } else { shown })
    }

    fn registered(&self, client: &Client, counts: &Value, shell: &Shell<'_>) -> Registered {
        let (state, why) = self.judge(client);
        let (operators, platform) = (self.platform.approvals.operators(), &self.platform.issuer);
        let signed = |text: &str| self.signed(text);
        let approval = client.approval.as_ref();
        Registered {
            state,
            why: why.map(|why| why.to_string()),
            suspended_since: client.suspended_at.map(time),
            suspension: client.suspension.as_deref().and_then(signed),
            proposed: approval.and_then(|approval| signed(&approval.proposal)),
            approved: approval.and_then(|approval| signed(&approval.approval)),
            revision: approval::revision(client, operators, platform).ok(),
            registered_itself_until: client.expires_at.map(time),
            facts: facts(&Value::Null, counts, shell),
        }
    }

    fn signed(&self, text: &str) -> Option<Signed> {
        let (operators, platform) = (self.platform.approvals.operators(), &self.platform.issuer);
        let (operator, entry) = Entry::verify(text, operators, platform).ok()?;
        Some(Signed {
            operator: operator.name.clone(),
            at: time(entry.iat),
            reason: entry.act.reason().map(str::to_owned),
        })
    }
}

impl Proposed {
    fn of(waiting: &Waiting, counts: &Value, shell: &Shell<'_>) -> Self {
        let after = serde_json::from_str(&waiting.kept.registration).unwrap_or_default();
        let (changed, same) = facts(counts, &after, shell).into_iter().partition(|fact| fact.is_changed);
        Self {
            by: waiting.proposed.operator.clone(),
            at: time(waiting.proposed.at),
            revision: waiting.proposed.revision,
            ends_suspension: waiting.proposed.takes_up.is_some(),
            digest: waiting.digest(),
            changed,
            same,
            is_new: counts.is_null(),
        }
    }
}

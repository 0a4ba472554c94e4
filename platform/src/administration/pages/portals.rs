//! All portals: those that are registered, and those that wait.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use axum::{extract::State as Shared, response::Response};
use bitaqa_protocol::Language;
use bitaqa_trust::Level;

use super::{
    Site,
    paging::{Paging, page_of},
    session::Visit,
    shell::Shell,
};
use crate::{
    Unable,
    administration::NotApproved,
    pages::page::html,
    registration::{Profile, Registration},
    store::Client,
};

/// What a registration is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Active,
    Suspended,
    /// What is in the database is not what two operators signed.
    Void,
    /// It registered itself in the sandbox, and its time is over.
    Ended,
}

impl State {
    pub(super) const ALL: [Self; 4] = [Self::Active, Self::Suspended, Self::Void, Self::Ended];

    /// In addresses.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Void => "void",
            Self::Ended => "ended",
        }
    }

    /// The name of its text.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Active => "admin-state-active",
            Self::Suspended => "admin-state-suspended",
            Self::Void => "admin-state-void",
            Self::Ended => "admin-state-ended",
        }
    }
}

/// A portal in a list.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: String,
    /// Nothing where it only waits.
    pub(super) state: Option<State>,
    pub(super) waits: bool,
    pub(super) registered_itself: bool,
    /// Nothing where it cannot be read.
    pub(super) known: Option<Known>,
}

/// What a list says of a registration.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) sector: String,
    pub(super) profile: &'static str,
    pub(super) level: &'static str,
}

impl Known {
    fn of(text: &str, language: Language) -> Option<Self> {
        let registration: Registration = serde_json::from_str(text).ok()?;
        Some(Self {
            name: registration.name.in_language(language).to_owned(),
            profile: match registration.profile {
                Profile::Oidc => "oidc",
                Profile::Fapi2 => "fapi2",
            },
            level: level_word(registration.minimum_level),
            sector: registration.sector,
        })
    }
}

pub(super) const fn level_word(level: Level) -> &'static str {
    match level {
        Level::None => "level-none",
        Level::Low => "level-low",
        Level::Substantial => "level-substantial",
        Level::High => "level-high",
    }
}

impl Site {
    /// What a registration is worth now, and why it is not more.
    pub(super) fn judge(&self, client: &Client) -> (State, Option<NotApproved>) {
        match self.platform.approvals.judge(client, self.platform.clock.now()) {
            Ok(()) => (State::Active, None),
            Err(NotApproved::Suspended) => (State::Suspended, None),
            Err(NotApproved::Ended) => (State::Ended, None),
            Err(error) => (State::Void, Some(error)),
        }
    }

    /// All portals, by their ids.
    pub(super) async fn rows(&self, language: Language) -> Result<Vec<Row>, Unable> {
        let (clients, proposals) =
            (self.platform.store.clients().await?, self.platform.store.proposals().await?);
        let waiting: BTreeSet<&str> = proposals.iter().map(|proposal| proposal.client.as_str()).collect();
        let registered: BTreeSet<&str> = clients.iter().map(|client| client.id.as_str()).collect();
        let new = proposals.iter().filter(|proposal| !registered.contains(proposal.client.as_str()));
        let mut rows: Vec<Row> = clients
            .iter()
            .map(|client| Row {
                id: client.id.clone(),
                state: Some(self.judge(client).0),
                waits: waiting.contains(client.id.as_str()),
                registered_itself: client.expires_at.is_some(),
                known: Known::of(&client.registration, language),
            })
            .chain(new.map(|proposal| Row {
                id: proposal.client.clone(),
                state: None,
                waits: true,
                registered_itself: false,
                known: Known::of(&proposal.registration, language),
            }))
            .collect();
        rows.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(rows)
    }
}

/// What is shown of all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    Waiting,
    Is(State),
}

impl Filter {
    fn all() -> impl Iterator<Item = Self> {
        [Self::All, Self::Waiting].into_iter().chain(State::ALL.map(Self::Is))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Waiting => "waiting",
            Self::Is(state) => state.name(),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::All => "admin-all",
            Self::Waiting => "admin-state-waiting",
            Self::Is(state) => state.word(),
        }
    }

    fn takes(self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Waiting => row.waits,
            Self::Is(state) => row.state == Some(state),
        }
    }
}

#[derive(Template)]
#[template(path = "administration/portals.html")]
struct Portals<'a> {
    shell: Shell<'a>,
    filter: Filter,
    filters: Vec<Filter>,
    rows: Vec<Row>,
    paging: Paging,
}

pub(super) async fn show(Shared(site): Shared<Arc<Site>>, visit: Visit) -> Result<Response, Unable> {
    let named = visit.asked.get("state").and_then(|name| Filter::all().find(|filter| filter.name() == name));
    let filter = named.unwrap_or(Filter::All);
    let rows = site.rows(visit.asked.language).await?.into_iter().filter(|row| filter.takes(row)).collect();
    let (rows, paging) = page_of(rows, &visit.asked);
    html(&Portals {
        shell: Shell::new(&site, Some(&visit.operator), &visit.asked),
        filter,
        filters: Filter::all().collect(),
        rows,
        paging,
    })
}

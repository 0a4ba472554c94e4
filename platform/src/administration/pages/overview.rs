//! The first page: what there is, and what waits.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    Site,
    portals::{Row, State as PortalState},
    session::Visit,
    shell::{Shell, Time, time},
};
use crate::{
    Unable,
    key_store::{PUBLISHED_BEFORE_USE, Phase},
    pages::page::html,
};

/// Most of a list on this page.
const MOST: usize = 10;

#[derive(Template)]
#[template(path = "administration/overview.html")]
struct Overview<'a> {
    shell: Shell<'a>,
    counts: Vec<(PortalState, usize)>,
    waiting: Vec<Row>,
    more_waiting: bool,
    suspended: Vec<Row>,
    more_suspended: bool,
    rotation: Option<Time>,
    rotation_is_possible: bool,
}

pub(super) async fn show(State(site): State<Arc<Site>>, visit: Visit) -> Result<Response, Unable> {
    let rows = site.rows(visit.asked.language).await?;
    let counts = PortalState::ALL
        .into_iter()
        .map(|state| (state, rows.iter().filter(|row| row.state == Some(state)).count()))
        .filter(|(state, count)| *count > 0 || *state == PortalState::Active)
        .collect();
    let (waiting, more_waiting) = first(rows.iter().filter(|row| row.waits));
    let suspended = rows.iter().filter(|row| row.state == Some(PortalState::Suspended));
    let (suspended, more_suspended) = first(suspended);
    let next = site.platform.keys.published()?.into_iter().find(|key| key.phase == Phase::Next);
    let rotation = next.map(|key| key.published_at.saturating_add(PUBLISHED_BEFORE_USE));
    html(&Overview {
        shell: Shell::new(&site, Some(&visit.operator), &visit.asked),
        counts,
        waiting,
        more_waiting,
        suspended,
        more_suspended,
        rotation_is_possible: rotation.is_some_and(|at| at <= site.platform.clock.now()),
        rotation: rotation.map(time),
    })
}

fn first<'a>(rows: impl Iterator<Item = &'a Row>) -> (Vec<Row>, bool) {
    let mut rows: Vec<Row> = rows.take(MOST + 1).cloned().collect();
    let more = rows.len() > MOST;
    rows.truncate(MOST);
    (rows, more)
}

//! What operators did, the latest first, and whether all of it holds.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    Site,
    paging::{Paging, page_of},
    session::Visit,
    shell::{Asked, Shell, Time, time},
};
use crate::{
    Unable,
    administration::{
        Act, Entry,
        audit::{self, Finding, Trail},
    },
    pages::page::html,
    store::KeptEntry,
};

/// Most findings that are shown; `audit verify` prints all.
const MAX_FINDINGS: usize = 50;

struct Row {
    operator: String,
    number: i64,
    at: Option<Time>,
    act: Option<&'static str>,
    portal: Option<String>,
    reason: Option<String>,
    /// Why it does not count.
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "administration/audit.html")]
struct Audit<'a> {
    shell: Shell<'a>,
    findings: Vec<Finding>,
    more_findings: usize,
    number: usize,
    operators: BTreeSet<String>,
    operator: &'a str,
    portal: &'a str,
    rows: Vec<Row>,
    paging: Paging,
}

pub(super) async fn show(State(site): State<Arc<Site>>, visit: Visit) -> Result<Response, Unable> {
    let entries = site.platform.store.entries().await?;
    let (number, named) = (entries.len(), site.names(&entries));
    let (mut findings, entries) = site.verified(entries).await?;
    let more_findings = findings.len().saturating_sub(MAX_FINDINGS);
    findings.truncate(MAX_FINDINGS);
    let asked = &visit.asked;
    let (rows, paging) = page_of(chosen(entries, asked), asked);
    html(&Audit {
        shell: Shell::new(&site, Some(&visit.operator), asked),
        findings,
        more_findings,
        number,
        operators: named,
        operator: asked.get("operator").unwrap_or_default(),
        portal: asked.get("portal").unwrap_or_default(),
        rows: rows.into_iter().map(|kept| site.row(kept)).collect(),
        paging,
    })
}

/// Those that are asked for, the latest first.
fn chosen(entries: Vec<KeptEntry>, asked: &Asked) -> Vec<KeptEntry> {
    let (operator, portal) = (asked.get("operator"), asked.get("portal"));
    let mut chosen: Vec<(i64, KeptEntry)> = entries
        .into_iter()
        .filter(|kept| operator.is_none_or(|operator| kept.operator == operator))
        .filter_map(|kept| {
            let entry = Entry::unverified(&kept.text);
            let about = entry.as_ref().map(|entry| entry.act.client());
            let fits = portal.is_none_or(|portal| about == Some(portal));
            // one that cannot be read is shown first, whatever its time would be
            fits.then(|| (entry.as_ref().map_or(i64::MAX, |entry| entry.iat), kept))
        })
        .collect();
    chosen.sort_by(|(one, kept), (other, against)| (other, against.number).cmp(&(one, kept.number)));
    chosen.into_iter().map(|(_, kept)| kept).collect()
}

impl Site {
    /// Whoever is an operator, or was one.
    fn names(&self, entries: &[KeptEntry]) -> BTreeSet<String> {
        let operators = self.platform.approvals.operators().iter();
        let now = operators.map(|operator| operator.name.clone());
        now.chain(entries.iter().map(|entry| entry.operator.clone())).collect()
    }

    /// Follows the chains, on a thread that nobody waits for.
    async fn verified(&self, entries: Vec<KeptEntry>) -> Result<(Vec<Finding>, Vec<KeptEntry>), Unable> {
        let platform = Arc::clone(&self.platform);
        let clients = platform.store.clients().await?;
        let proposals = platform.store.proposals().await?;
        let verified = tokio::task::spawn_blocking(move || {
            let trail = Trail { entries: &entries, clients: &clients, proposals: &proposals };
            let findings = audit::verify(trail, platform.approvals.operators(), &platform.issuer, &[]);
            (findings, entries)
        });
        verified.await.map_err(|_| Unable::Page)
    }

    fn row(&self, kept: KeptEntry) -> Row {
        let (operators, platform) = (self.platform.approvals.operators(), &self.platform.issuer);
        let fault = Entry::verify(&kept.text, operators, platform).err();
        let entry = Entry::unverified(&kept.text);
        let act = entry.as_ref().map(|entry| &entry.act);
        Row {
            at: entry.as_ref().map(|entry| time(entry.iat)),
            act: act.map(word_of),
            portal: act.map(|act| act.client().to_owned()),
            reason: act.and_then(Act::reason).map(str::to_owned),
            fault: fault.map(|fault| fault.to_string()),
            operator: kept.operator,
            number: kept.number,
        }
    }
}

/// The name of an act's text.
pub(super) const fn word_of(act: &Act) -> &'static str {
    match act {
        Act::Propose { takes_up: None, .. } => "admin-act-propose",
        Act::Propose { takes_up: Some(_), .. } => "admin-act-resume",
        Act::Approve { .. } => "admin-act-approve",
        Act::Refuse { .. } => "admin-act-refuse",
        Act::Suspend { .. } => "admin-act-suspend",
    }
}

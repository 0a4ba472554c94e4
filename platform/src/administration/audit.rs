//! The audit trail: what operators signed, and whether it is all there and agrees with what the database says.

use std::collections::{BTreeMap, BTreeSet};

use bitaqa_protocol::Origin;
use serde::{Deserialize, Serialize};

use super::{
    approval,
    entry::{Act, Entry},
    operator::Operators,
};
use crate::{
    clock::Seconds,
    registration::digest,
    store::{Client, KeptEntry, Proposal},
};

/// Something that is wrong with the trail, or with what rests on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whose entry, or which relying party.
    pub about: String,
    /// What is wrong.
    pub fault: String,
}

/// An entry as it is listed, and kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Whose.
    pub operator: String,
    /// The how manieth of theirs.
    pub number: i64,
    /// As it was signed.
    pub entry: String,
}

/// What the database says.
#[derive(Debug, Clone, Copy)]
pub struct Trail<'a> {
    /// All entries.
    pub entries: &'a [KeptEntry],
    /// All relying parties.
    pub clients: &'a [Client],
    /// All that waits.
    pub proposals: &'a [Proposal],
}

#[derive(Default)]
struct History {
    /// Text and revision of the latest registration that was approved.
    approved: Option<(i64, String)>,
    /// When it was suspended, by the entry's digest.
    suspensions: BTreeMap<String, Seconds>,
    /// Digests of the suspensions that were ended.
    ended: Vec<String>,
}

/// Verifies the trail; with entries that were kept elsewhere, also that none of those has gone.
#[must_use]
pub fn verify(trail: Trail<'_>, operators: &Operators, platform: &Origin, kept: &[Listed]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut entries = chains(trail.entries, operators, platform, &mut findings);
    entries.sort_by_key(|(entry, _)| entry.iat);
    let known: BTreeSet<&str> = trail.entries.iter().map(|entry| entry.text.as_str()).collect();
    for gone in kept.iter().filter(|kept| !known.contains(kept.entry.as_str())) {
        findings.push(finding(&gone.operator, format!("entry {} is gone or was altered", gone.number)));
    }
    let histories = histories(&entries);
    for client in trail.clients.iter().filter(|client| client.expires_at.is_none()) {
        judge(client, histories.get(client.id.as_str()), operators, platform, &known, &mut findings);
    }
    for (id, history) in &histories {
        if history.approved.is_some() && !trail.clients.iter().any(|client| client.id == *id) {
            findings.push(finding(id, "it was approved, and is gone".to_owned()));
        }
    }
    for proposal in trail.proposals {
        if !known.contains(proposal.proposal.as_str()) {
            findings.push(finding(&proposal.client, "what waits for it is in nobody's entries".to_owned()));
        }
    }
    findings
}

fn finding(about: &str, fault: String) -> Finding {
    Finding { about: about.to_owned(), fault }
}

/// The entries that count, after each operator's chain was followed.
fn chains<'a>(
    kept: &'a [KeptEntry],
    operators: &Operators,
    platform: &Origin,
    findings: &mut Vec<Finding>,
) -> Vec<(Entry, &'a str)> {
    let mut by_operator: BTreeMap<&str, Vec<&KeptEntry>> = BTreeMap::new();
    for entry in kept {
        by_operator.entry(&entry.operator).or_default().push(entry);
    }
    let mut good = Vec::new();
    for (operator, mut chain) in by_operator {
        chain.sort_by_key(|entry| entry.number);
        let (mut before, mut time): (Option<&KeptEntry>, Seconds) = (None, 0);
        for kept in chain {
            let expected = before.map_or(1, |before| before.number.saturating_add(1));
            if kept.number != expected {
                findings
                    .push(finding(operator, format!("entries {expected} to {} are gone", kept.number - 1)));
            }
            let at = format!("entry {}", kept.number);
            match Entry::verify(&kept.text, operators, platform) {
                Err(error) => findings.push(finding(operator, format!("{at}: {error}"))),
                Ok((_, entry)) => {
                    if entry.sub != operator || entry.number != kept.number {
                        findings.push(finding(operator, format!("{at}: it stands in another's place")));
                    }
                    if entry.previous != before.map(|before| digest(&before.text)) {
                        findings
                            .push(finding(operator, format!("{at}: it does not follow the one before it")));
                    }
                    if entry.iat < time {
                        findings.push(finding(operator, format!("{at}: it is older than the one before it")));
                    }
                    time = entry.iat;
                    good.push((entry, kept.text.as_str()));
                }
            }
            before = Some(kept);
        }
    }
    good
}

fn histories<'a>(entries: &'a [(Entry, &'a str)]) -> BTreeMap<&'a str, History> {
    let proposals: BTreeMap<String, &Act> = entries
        .iter()
        .filter(|(entry, _)| matches!(entry.act, Act::Propose { .. }))
        .map(|(entry, text)| (digest(text), &entry.act))
        .collect();
    let mut histories: BTreeMap<&str, History> = BTreeMap::new();
    for (entry, text) in entries {
        let history = histories.entry(entry.act.client()).or_default();
        match &entry.act {
            Act::Suspend { .. } => {
                history.suspensions.insert(digest(text), entry.iat);
            }
            Act::Approve { proposal, .. } => {
                let Some(Act::Propose { revision, takes_up, .. }) = proposals.get(proposal) else { continue };
                if history.approved.as_ref().is_none_or(|(before, _)| before < revision) {
                    history.approved = Some((*revision, (*text).to_owned()));
                }
                history.ended.extend(takes_up.clone());
            }
            Act::Propose { .. } | Act::Refuse { .. } => {}
        }
    }
    for history in histories.values_mut() {
        // the latest is the one that is ended, and those before it with it
        let last = history.ended.iter().filter_map(|ended| history.suspensions.get(ended)).max().copied();
        history.suspensions.retain(|_, since| last.is_none_or(|last| *since > last));
    }
    histories
}

fn judge(
    client: &Client,
    history: Option<&History>,
    operators: &Operators,
    platform: &Origin,
    known: &BTreeSet<&str>,
    findings: &mut Vec<Finding>,
) {
    let mut found = |fault: String| findings.push(finding(&client.id, fault));
    let Some(approval) = &client.approval else {
        return found("no two operators signed for it; it counts for nothing".to_owned());
    };
    if let Err(error) = approval::revision(client, operators, platform) {
        found(format!("it counts for nothing: {error}"));
    }
    if [&approval.proposal, &approval.approval].into_iter().any(|text| !known.contains(text.as_str())) {
        found("what was signed for it is in nobody's entries".to_owned());
    }
    let latest = history.and_then(|history| history.approved.as_ref());
    if latest.is_some_and(|(_, latest)| *latest != approval.approval) {
        found("it is registered as it was before the latest approval".to_owned());
    }
    if client.suspended_at.is_none() && history.is_some_and(|history| !history.suspensions.is_empty()) {
        found("it was suspended, and nobody approved to take it up again".to_owned());
    }
    if client.suspension.as_deref().is_some_and(|suspension| !known.contains(suspension)) {
        found("what it was suspended by is in nobody's entries".to_owned());
    }
}

//! Relying parties.

use std::{
    io::{self, Write},
    path::Path,
};

use bitaqa_jose::PrivateJwk;
use bitaqa_platform::{
    administration::{Approvals, Desk, NotApproved, desk::Waiting, surroundings},
    clock::{Clock, date_time},
    registration::Registration,
    settings::Settings,
    store::{Client, Store},
};
use bitaqa_protocol::Language;
use serde_json::Value;

use super::{CommandError, store};

/// What an operator does about a relying party.
pub(crate) enum Work<'a> {
    /// Proposes what a file says.
    Propose(&'a Path),
    /// Proposes to end its suspension.
    TakeUp(&'a str),
    /// Approves a proposal.
    Approve(&'a str, &'a str),
    /// Refuses a proposal, for a reason.
    Refuse(&'a str, &'a str, &'a str),
    /// Suspends one, for a reason.
    Suspend(&'a str, &'a str),
}

/// Does it, and signs for it.
pub(crate) async fn work(settings: &Settings, key: &PrivateJwk, work: &Work<'_>) -> Result<(), CommandError> {
    let (store, clock) = (store(settings).await?, Clock::system());
    let desk = desk(settings, &*store, &clock);
    let proposed = match work {
        Work::Propose(file) => {
            let (id, registration) = Registration::read(file, settings.realm)?;
            surroundings::check(&registration, &settings.surroundings(), || settings.keys.open()).await?;
            desk.propose(key, &id, &registration).await?
        }
        Work::TakeUp(id) => desk.propose_to_take_up(key, id).await?,
        Work::Approve(id, proposal) => {
            // what another digest names is not approved anyway
            if let Some(waiting) = desk.waiting(id).await?.filter(|waiting| waiting.digest() == *proposal) {
                let keys = || settings.keys.open();
                surroundings::check(&waiting.registration, &settings.surroundings(), keys).await?;
            }
            return Ok(desk.approve(key, id, proposal).await?);
        }
        Work::Refuse(id, proposal, reason) => return Ok(desk.refuse(key, id, proposal, reason).await?),
        Work::Suspend(id, reason) => return Ok(desk.suspend(key, id, reason).await?),
    };
    writeln!(io::stdout(), "{proposed}")?;
    Ok(())
}

fn desk<'a>(settings: &'a Settings, store: &'a dyn Store, clock: &'a Clock) -> Desk<'a> {
    Desk { store, operators: &settings.operators, platform: &settings.issuer, realm: settings.realm, clock }
}

/// One line for each: id, state, sector, name.
pub(crate) async fn list(settings: &Settings) -> Result<(), CommandError> {
    let (store, mut out) = (store(settings).await?, io::stdout());
    let approvals = approvals(settings);
    for client in store.clients().await? {
        let state = state(&approvals, &client);
        let registration: Registration = serde_json::from_str(&client.registration)?;
        let name = registration.name.in_language(Language::En);
        writeln!(out, "{}\t{state}\t{}\t{name}", client.id, registration.sector)?;
    }
    for proposal in store.proposals().await? {
        writeln!(out, "{}\tproposed", proposal.client)?;
    }
    Ok(())
}

fn approvals(settings: &Settings) -> Approvals {
    Approvals::new(settings.operators.clone(), settings.issuer.clone(), settings.realm)
}

fn state(approvals: &Approvals, client: &Client) -> String {
    match approvals.judge(client, Clock::system().now()) {
        Ok(()) => "active".to_owned(),
        Err(NotApproved::Suspended) => "suspended".to_owned(),
        Err(error) => format!("void ({error})"),
    }
}

/// What counts of one, and what waits.
pub(crate) async fn show(settings: &Settings, id: &str) -> Result<(), CommandError> {
    let (store, clock, mut out) = (store(settings).await?, Clock::system(), io::stdout());
    let client = store.client(id).await?;
    let waiting = desk(settings, &*store, &clock).waiting(id).await?;
    if client.is_none() && waiting.is_none() {
        return Err(CommandError::Unknown(id.to_owned()));
    }
    let before = match &client {
        None => Value::Null,
        Some(client) => {
            let registration: Value = serde_json::from_str(&client.registration)?;
            writeln!(out, "{id}: {}", state(&approvals(settings), client))?;
            writeln!(out, "{}", serde_json::to_string_pretty(&registration)?)?;
            registration
        }
    };
    if let Some(waiting) = waiting {
        show_waiting(&mut out, &before, &waiting)?;
    }
    Ok(())
}

fn show_waiting(out: &mut impl Write, before: &Value, waiting: &Waiting) -> Result<(), CommandError> {
    let proposed = &waiting.proposed;
    writeln!(out, "proposed by {} at {}", proposed.operator, date_time(proposed.at))?;
    writeln!(out, "revision {}", proposed.revision)?;
    if proposed.takes_up.is_some() {
        writeln!(out, "ends the suspension")?;
    }
    let after: Value = serde_json::from_str(&waiting.kept.registration)?;
    for (member, value) in after.as_object().into_iter().flatten() {
        let mark = if before.get(member) == Some(value) { " " } else { "+" };
        writeln!(out, "{mark} {member}: {value}")?;
    }
    for address in punycode(&after) {
        writeln!(out, "note: {address} is not written in the letters that people see (punycode)")?;
    }
    writeln!(out, "proposal {}", waiting.digest())?;
    Ok(())
}

/// Addresses whose names may look like others'.
fn punycode(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) if text.contains("://") && text.contains("xn--") => vec![text],
        Value::Array(values) => values.iter().flat_map(punycode).collect(),
        Value::Object(members) => members.values().flat_map(punycode).collect(),
        _ => Vec::new(),
    }
}

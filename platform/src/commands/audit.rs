//! The audit trail.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use bitaqa_platform::{
    administration::{
        Entry,
        audit::{self, Listed, Trail},
    },
    clock::date_time,
    settings::Settings,
    store::KeptEntry,
};
use serde_json::json;

use super::{CommandError, store};

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One object in each line.
    Json,
}

/// One line for each entry, the oldest first: when, who, what, about whom, why.
pub(crate) async fn list(settings: &Settings, format: Format) -> Result<(), CommandError> {
    let mut out = io::stdout();
    let mut entries = store(settings).await?.entries().await?;
    entries.sort_by_key(|entry| Entry::unverified(&entry.text).map_or(0, |entry| entry.iat));
    for KeptEntry { operator, number, text } in entries {
        if format == Format::Json {
            writeln!(out, "{}", json!({ "operator": operator, "number": number, "entry": text }))?;
            continue;
        }
        match Entry::verify(&text, &settings.operators, &settings.issuer) {
            Ok((_, entry)) => {
                let (at, act) = (date_time(entry.iat), &entry.act);
                let reason = act.reason().unwrap_or_default();
                writeln!(out, "{at}\t{operator}\t{}\t{}\t{reason}", act.name(), act.client())?;
            }
            Err(error) => writeln!(out, "?\t{operator}\tentry {number}: {error}")?,
        }
    }
    Ok(())
}

/// Whether all is there and as it was signed; `against` is what `list` printed earlier as JSON.
pub(crate) async fn verify(
    settings: &Settings,
    against: Option<&Path>,
    format: Format,
) -> Result<(), CommandError> {
    let kept: Vec<Listed> = match against {
        None => Vec::new(),
        Some(path) => {
            let lines = fs::read_to_string(path)
                .map_err(|error| CommandError::File { path: path.to_owned(), error })?;
            let parsed = lines.lines().enumerate().map(|(before, line)| {
                serde_json::from_str(line)
                    .map_err(|_| CommandError::NotListed { path: path.to_owned(), line: before + 1 })
            });
            parsed.collect::<Result<_, _>>()?
        }
    };
    let store = store(settings).await?;
    let (entries, clients, proposals) =
        (store.entries().await?, store.clients().await?, store.proposals().await?);
    let trail = Trail { entries: &entries, clients: &clients, proposals: &proposals };
    let findings = audit::verify(trail, &settings.operators, &settings.issuer, &kept);
    let mut out = io::stdout();
    for finding in &findings {
        match format {
            Format::Json => writeln!(out, "{}", serde_json::to_string(finding)?)?,
            Format::Text => writeln!(out, "{}: {}", finding.about, finding.fault)?,
        }
    }
    if !findings.is_empty() {
        return Err(CommandError::Audit(findings.len()));
    }
    if matches!(format, Format::Text) {
        writeln!(out, "{} entries, {} relying parties: all hold", entries.len(), clients.len())?;
    }
    Ok(())
}

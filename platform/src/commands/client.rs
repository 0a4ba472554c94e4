//! Relying parties.

use std::{
    io::{self, Write},
    path::Path,
};

use bitaqa_platform::{
    clock::Clock, registration::Registration, sector_identifier, settings::Settings, store::Client,
};
use bitaqa_protocol::Language;

use super::{CommandError, store};

/// Reads a registration, and asks who holds its sector.
async fn read(settings: &Settings, file: &Path) -> Result<(String, Registration), CommandError> {
    let (id, registration) = Registration::read(file, settings.realm)?;
    let (asked, realm) = (registration.clone(), settings.realm);
    let checked = tokio::task::spawn_blocking(move || sector_identifier::check(&asked, realm)).await;
    checked.map_err(io::Error::other)??;
    Ok((id, registration))
}

/// Adds one from its file.
pub(crate) async fn add(settings: &Settings, file: &Path) -> Result<(), CommandError> {
    let (id, registration) = read(settings, file).await?;
    let client = Client {
        id: id.clone(),
        registration: serde_json::to_string(&registration)?,
        suspended_at: None,
        created_at: Clock::system().now(),
    };
    if store(settings).await?.add_client(&client).await? { Ok(()) } else { Err(CommandError::Known(id)) }
}

/// Gives one that is there the registration of its file. Its sector stays, for everybody would be somebody else to it, and so
/// does how it shows who it is, for tokens that it has are bound to that.
pub(crate) async fn replace(settings: &Settings, file: &Path) -> Result<(), CommandError> {
    let (id, registration) = read(settings, file).await?;
    let store = store(settings).await?;
    let Some(before) = store.client(&id).await? else { return Err(CommandError::Unknown(id)) };
    let before: Registration = serde_json::from_str(&before.registration)?;
    if before.sector != registration.sector {
        return Err(CommandError::Sector { id, sector: before.sector });
    }
    if before.authentication != registration.authentication {
        return Err(CommandError::Authentication(id));
    }
    if store.replace_client(&id, &serde_json::to_string(&registration)?).await? {
        Ok(())
    } else {
        Err(CommandError::Unknown(id))
    }
}

/// One line for each: id, state, sector, name.
pub(crate) async fn list(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    for client in store(settings).await?.clients().await? {
        let registration: Registration = serde_json::from_str(&client.registration)?;
        let state = if client.suspended_at.is_some() { "suspended" } else { "active" };
        let name = registration.name.in_language(Language::En);
        writeln!(out, "{}\t{state}\t{}\t{name}", client.id, registration.sector)?;
    }
    Ok(())
}

/// Suspends one at once, or takes it up again.
pub(crate) async fn suspend(settings: &Settings, id: &str, state: State) -> Result<(), CommandError> {
    let since = match state {
        State::Suspended => Some(Clock::system().now()),
        State::Active => None,
    };
    if store(settings).await?.suspend_client(id, since).await? {
        Ok(())
    } else {
        Err(CommandError::Unknown(id.to_owned()))
    }
}

/// Whether a relying party may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It may.
    Active,
    /// It may not.
    Suspended,
}

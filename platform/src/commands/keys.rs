//! Keys.

use std::io::{self, Write};

use bitaqa_platform::{
    clock::{self, Clock},
    settings::Settings,
};

use super::CommandError;

/// Draws all keys, once.
pub(crate) fn create(settings: &Settings) -> Result<(), CommandError> {
    settings.keys.create(Clock::system().now())?;
    Ok(())
}

/// One line for each key: phase, since when it is there, thumbprint, and its use: `sig` or `enc`.
pub(crate) fn list(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    let keys = settings.keys.open()?;
    let (signing, encryption) = (keys.published()?, keys.encryption_keys()?);
    let of_use = |usage| move |key| (key, usage);
    for (key, usage) in
        signing.into_iter().map(of_use("sig")).chain(encryption.into_iter().map(of_use("enc")))
    {
        let phase = key.phase.name();
        writeln!(out, "{phase}\t{}\t{}\t{usage}", clock::date_time(key.published_at), key.key.thumbprint())?;
    }
    Ok(())
}

/// One line for each key of statements, as a trust pack has it: phase, public key.
pub(crate) fn statements(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    for key in settings.keys.open()?.statement_keys()? {
        writeln!(out, "{}\t{}", key.phase.name(), serde_json::to_string(&key.key)?)?;
    }
    Ok(())
}

/// Makes the next key of statements the current one.
pub(crate) fn rotate_statements(settings: &Settings) -> Result<(), CommandError> {
    let keys = settings.keys.open()?;
    keys.rotate_statement_keys(Clock::system().now())?;
    statements(settings)
}

/// Makes the next key the current one.
pub(crate) fn rotate(settings: &Settings) -> Result<(), CommandError> {
    settings.keys.open()?.rotate(Clock::system().now())?;
    list(settings)
}

//! Keys.

use std::io::{self, Write};

use bitaqa_platform::{
    clock::{self, Clock},
    key_store::Phase,
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
        let phase = match key.phase {
            Phase::Previous => "previous",
            Phase::Current => "current",
            Phase::Next => "next",
        };
        writeln!(out, "{phase}\t{}\t{}\t{usage}", clock::date_time(key.published_at), key.key.thumbprint())?;
    }
    Ok(())
}

/// Makes the next key the current one.
pub(crate) fn rotate(settings: &Settings) -> Result<(), CommandError> {
    settings.keys.open()?.rotate(Clock::system().now())?;
    list(settings)
}

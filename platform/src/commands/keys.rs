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

/// One line for each signing key: phase, since when it is published, thumbprint.
pub(crate) fn list(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    for key in settings.keys.open()?.published()? {
        let phase = match key.phase {
            Phase::Previous => "previous",
            Phase::Current => "current",
            Phase::Next => "next",
        };
        writeln!(out, "{phase}\t{}\t{}", clock::date_time(key.published_at), key.key.thumbprint())?;
    }
    Ok(())
}

/// Makes the next key the current one.
pub(crate) fn rotate(settings: &Settings) -> Result<(), CommandError> {
    settings.keys.open()?.rotate(Clock::system().now())?;
    list(settings)
}

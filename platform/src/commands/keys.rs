//! Keys.

use std::io::{self, Write};

use bitaqa_platform::{
    clock::{self, Clock},
    key_store::{KeyStore, Phase, SealedFile},
    settings::Settings,
};

use super::CommandError;

/// Draws all keys, once.
pub(crate) fn create(settings: &Settings) -> Result<(), CommandError> {
    SealedFile::create(&settings.key_file, &settings.unsealing_file, Clock::system().now())?;
    Ok(())
}

/// One line for each signing key: phase, since when it is published, thumbprint.
pub(crate) fn list(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    for key in SealedFile::open(&settings.key_file, &settings.unsealing_file)?.published()? {
        let phase = name(key.phase);
        writeln!(out, "{phase}\t{}\t{}", clock::date_time(key.published_at), key.key.thumbprint())?;
    }
    Ok(())
}

/// One line for each key of statements, as a trust pack has it: phase, public key.
pub(crate) fn statements(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    for key in SealedFile::open(&settings.key_file, &settings.unsealing_file)?.statement_keys()? {
        writeln!(out, "{}\t{}", name(key.phase), serde_json::to_string(&key.key)?)?;
    }
    Ok(())
}

/// Makes the next key of statements the current one.
pub(crate) fn rotate_statements(settings: &Settings) -> Result<(), CommandError> {
    let keys = SealedFile::open(&settings.key_file, &settings.unsealing_file)?;
    keys.rotate_statement_keys(Clock::system().now())?;
    statements(settings)
}

const fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Previous => "previous",
        Phase::Current => "current",
        Phase::Next => "next",
    }
}

/// Makes the next key the current one.
pub(crate) fn rotate(settings: &Settings) -> Result<(), CommandError> {
    SealedFile::open(&settings.key_file, &settings.unsealing_file)?.rotate(Clock::system().now())?;
    list(settings)
}

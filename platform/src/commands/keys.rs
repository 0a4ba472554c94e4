//! Keys.

use std::io::{self, Write};

use bitaqa_jose::jwe;
use bitaqa_platform::{
    clock::{self, Clock},
    key_store::{KeyStore, SIGNED_WITH},
    settings::Settings,
};

use super::CommandError;

/// Draws all keys, once.
pub(crate) fn create(settings: &Settings) -> Result<(), CommandError> {
    say_what_is_missing(&*settings.keys.create(Clock::system().now())?)
}

/// What the platform cannot sign with here.
fn say_what_is_missing(keys: &dyn KeyStore) -> Result<(), CommandError> {
    let there = keys.algorithms()?;
    for missing in SIGNED_WITH.into_iter().filter(|algorithm| !there.contains(algorithm)) {
        writeln!(
            io::stderr(),
            "no key signs with {missing}, and no portal can be registered for it: keys rotate draws one, unless the token has no mechanism for it"
        )?;
    }
    Ok(())
}

/// One line for each key: phase, since when it is there, thumbprint, its use, `sig` or `enc`, and its algorithm.
pub(crate) fn list(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    let keys = settings.keys.open()?;
    let signing = keys
        .published()?
        .into_iter()
        .map(|key| (key.phase, key.published_at, key.key.thumbprint(), format!("sig\t{}", key.algorithm)));
    let encryption = keys
        .encryption_keys()?
        .into_iter()
        .map(|key| (key.phase, key.published_at, key.key.thumbprint(), format!("enc\t{}", jwe::ALGORITHM)));
    for (phase, published_at, thumbprint, use_) in signing.chain(encryption) {
        writeln!(out, "{}\t{}\t{thumbprint}\t{use_}", phase.name(), clock::date_time(published_at))?;
    }
    say_what_is_missing(&*keys)
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

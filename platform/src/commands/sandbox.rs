//! What only the sandbox has.

use std::io::{self, Write};

use bitaqa_platform::{
    sandbox::people,
    settings::{Realm, Settings},
};

use super::CommandError;

/// One JSON object for each test card.
pub(crate) fn persons(settings: &Settings) -> Result<(), CommandError> {
    if settings.realm != Realm::Sandbox {
        return Err(CommandError::Production);
    }
    let mut out = io::stdout();
    for card in people::cards(settings) {
        writeln!(out, "{}", serde_json::to_string(&card)?)?;
    }
    Ok(())
}

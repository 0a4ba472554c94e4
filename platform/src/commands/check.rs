//! Whether what the configuration names fits together.

use std::io::{self, Write};

use bitaqa_jose::SignatureAlgorithm;
use bitaqa_platform::{installation::Installation, settings::Settings, store::SCHEMA_VERSION};

use super::{CommandError, store};

/// Looks at everything and changes nothing.
pub(crate) async fn check(settings: &Settings) -> Result<(), CommandError> {
    let mut out = io::stdout();
    let store = store(settings).await?;
    let version = store.schema_version().await?;
    if version < SCHEMA_VERSION {
        return Err(CommandError::Behind { version });
    }
    writeln!(out, "database: it answers, and its tables are current")?;
    let keys = settings.keys.open()?;
    let algorithms: Vec<&str> = keys.algorithms()?.into_iter().map(SignatureAlgorithm::name).collect();
    writeln!(out, "keys: {} for signing ({})", keys.published()?.len(), algorithms.join(", "))?;
    match Installation::look(&*store, &*keys).await? {
        Installation::Whole => writeln!(out, "keys and database belong together")?,
        Installation::Fresh => writeln!(out, "the database is fresh; the first serve binds it to the keys")?,
        Installation::Foreign => return Err(CommandError::Foreign),
    }
    Ok(())
}

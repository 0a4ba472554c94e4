//! The time as of which something is verified.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bitaqa_trust::DateTime;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Reads an argument.
pub(crate) fn parse(text: &str) -> Result<DateTime, TimeError> {
    let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimeError::Format)?;
    let seconds = u64::try_from(time.unix_timestamp()).map_err(|_| TimeError::Format)?;
    DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(|_| TimeError::Format)
}

/// The computer's own time.
pub(crate) fn now() -> Result<DateTime, TimeError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| TimeError::Clock)?;
    DateTime::from_unix_duration(Duration::from_secs(since.as_secs())).map_err(|_| TimeError::Clock)
}

/// Why there is no time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TimeError {
    #[error("a time looks like 2026-03-01T09:30:00Z (RFC 3339) and lies after 1970")]
    Format,
    #[error("the clock of this computer is not set; give the time with --at")]
    Clock,
}

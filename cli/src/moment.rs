//! The time of a check.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bitaqa_trust::DateTime;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A time as it is given on the command line.
pub(crate) fn parse(text: &str) -> Result<DateTime, MomentError> {
    let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| MomentError::Format)?;
    let seconds = u64::try_from(time.unix_timestamp()).map_err(|_| MomentError::Format)?;
    DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(|_| MomentError::Format)
}

/// Now, by the clock of this computer, in whole seconds.
pub(crate) fn now() -> Result<DateTime, MomentError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| MomentError::Clock)?;
    DateTime::from_unix_duration(Duration::from_secs(since.as_secs())).map_err(|_| MomentError::Clock)
}

/// Why there is no time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MomentError {
    #[error("a time looks like 2026-03-01T09:30:00Z (RFC 3339) and lies after 1970")]
    Format,
    #[error("the clock of this computer is not set; give the time with --at")]
    Clock,
}

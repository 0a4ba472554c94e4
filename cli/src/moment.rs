//! Times, as people write them (RFC 3339) and as programs count them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bitaqa_trust::DateTime;
use serde::{Deserialize, Deserializer, de::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A time as it is given on the command line.
pub(crate) fn parse(text: &str) -> Result<DateTime, MomentError> {
    let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| MomentError::Format)?;
    u64::try_from(time.unix_timestamp()).ok().and_then(from_seconds).ok_or(MomentError::Format)
}

/// Now, by the clock of this computer, in whole seconds.
pub(crate) fn now() -> Result<DateTime, MomentError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| MomentError::Clock)?;
    from_seconds(since.as_secs()).ok_or(MomentError::Clock)
}

/// From seconds since 1970.
pub(crate) fn from_seconds(seconds: u64) -> Option<DateTime> {
    DateTime::from_unix_duration(Duration::from_secs(seconds)).ok()
}

/// Seconds since 1970.
pub(crate) fn seconds(time: DateTime) -> u64 {
    time.unix_duration().as_secs()
}

/// Seconds since 1970, as people read them.
pub(crate) fn written(seconds: u64) -> String {
    from_seconds(seconds).map_or_else(|| seconds.to_string(), |time| time.to_string())
}

/// A time in a file that a person wrote: as text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WrittenTime(pub(crate) u64);

impl<'de> Deserialize<'de> for WrittenTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).map(|time| Self(seconds(time))).map_err(D::Error::custom)
    }
}

/// Why there is no time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MomentError {
    #[error("a time looks like 2026-03-01T09:30:00Z (RFC 3339) and lies after 1970")]
    Format,
    #[error("the clock of this computer is not set; give the time with --at")]
    Clock,
}

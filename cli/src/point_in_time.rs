//! Times, as people write them (RFC 3339) and as programs count them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bitaqa_trust::DateTime;
use serde::{Deserialize, Deserializer, de::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Reads `2026-03-01T09:30:00Z`; nothing before 1970 or after 9999.
pub(crate) fn parse(text: &str) -> Option<DateTime> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    from_seconds(u64::try_from(time.unix_timestamp()).ok()?)
}

/// For clap.
pub(crate) fn parse_argument(text: &str) -> Result<DateTime, &'static str> {
    parse(text).ok_or("a time is written as 2026-03-01T09:30:00Z (RFC 3339)")
}

/// The computer's clock; nothing where it is before 1970.
pub(crate) fn now() -> Option<DateTime> {
    from_seconds(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs())
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
        parse_argument(&text).map(|time| Self(seconds(time))).map_err(D::Error::custom)
    }
}

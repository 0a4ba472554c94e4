//! The time, as something that is handed in: tests bring their own.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use bitaqa_trust::DateTime;

/// Says what time it is.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The computer's clock.
#[must_use]
pub fn system() -> Clock {
    Arc::new(SystemTime::now)
}

/// A time as certificates have it; the earliest one where the clock stands before 1970, at which nothing is valid.
#[must_use]
pub fn date_time(time: SystemTime) -> DateTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_unix_duration(std::time::Duration::from_secs(since.as_secs()))
        .unwrap_or(DateTime::INFINITY)
}

//! The time, as something that is handed in: tests bring their own.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bitaqa_trust::DateTime;

/// Seconds since 1970, as JWTs and the database have them.
pub type Seconds = i64;

/// Says what time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Seconds + Send + Sync>);

impl Clock {
    /// The computer's clock; 0 where it stands before 1970, at which nothing is valid.
    #[must_use]
    pub fn system() -> Self {
        Self::of(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Seconds::try_from(since.as_secs()).unwrap_or(Seconds::MAX)
        })
    }

    /// Another one.
    #[must_use]
    pub fn of(now: impl Fn() -> Seconds + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Seconds {
        (self.0)()
    }
}

/// A time as certificates have it.
#[must_use]
pub fn date_time(time: Seconds) -> DateTime {
    DateTime::from_unix_duration(Duration::from_secs(u64::try_from(time).unwrap_or_default()))
        .unwrap_or(DateTime::INFINITY)
}

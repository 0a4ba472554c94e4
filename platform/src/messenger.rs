//! What asks relying parties, and tells them something.

use std::time::Duration;

use bitaqa_fetch::{Client, Configuration, TimeLimits};

/// How long one attempt may take.
const LIMITS: TimeLimits = TimeLimits {
    whole: Duration::from_secs(5),
    connect: Duration::from_secs(3),
    step: Duration::from_secs(5),
};

/// Keeps nothing, and asks no proxy.
pub(crate) fn messenger() -> Client {
    Client::new(Configuration::default()).with_time_limits(LIMITS)
}

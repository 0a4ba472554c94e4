//! How long the whole may take, and each step of it.

use std::{
    io,
    time::{Duration, Instant},
};

/// How long a fetch may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// From the first look at the name to the last byte, redirects included.
    pub whole: Duration,
    /// Until one address takes the connection.
    pub connect: Duration,
    /// Until the next byte comes, or goes.
    pub step: Duration,
}

impl Default for TimeLimits {
    /// Ten seconds for the whole, three to connect, five for a step.
    fn default() -> Self {
        Self { whole: Duration::from_secs(10), connect: Duration::from_secs(3), step: Duration::from_secs(5) }
    }
}

/// When a fetch that runs has to be done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    end: Instant,
    limits: TimeLimits,
}

impl Deadline {
    pub(crate) fn begin(limits: TimeLimits) -> Self {
        let now = Instant::now();
        Self { end: now.checked_add(limits.whole).unwrap_or(now), limits }
    }

    /// What is left of the whole.
    pub(crate) fn left(self) -> io::Result<Duration> {
        match self.end.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// What the attempt to connect may take now.
    pub(crate) fn to_connect(self) -> io::Result<Duration> {
        Ok(self.left()?.min(self.limits.connect))
    }

    /// What a read or write may take now.
    pub(crate) fn to_step(self) -> io::Result<Duration> {
        Ok(self.left()?.min(self.limits.step))
    }
}

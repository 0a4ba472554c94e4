//! The log: one JSON object per line. What an event says is its server's business.

use std::{
    fmt::Display,
    io::Write,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

/// Where the lines go.
pub struct EventLog(Mutex<Box<dyn Write + Send>>);

impl EventLog {
    /// To standard error.
    #[must_use]
    pub fn standard_error() -> Self {
        Self::to(Box::new(std::io::stderr()))
    }

    /// To somewhere else.
    #[must_use]
    pub fn to(writer: Box<dyn Write + Send>) -> Self {
        Self(Mutex::new(writer))
    }

    /// Writes one line. A log that cannot be written stops nobody from signing in.
    pub fn write(&self, event: &impl Serialize, time: impl Display) {
        let line = Line { time: time.to_string(), event };
        if let Ok(mut line) = serde_json::to_vec(&line) {
            line.push(b'\n');
            let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writer.write_all(&line).and_then(|()| writer.flush());
        }
    }
}

#[derive(Serialize)]
struct Line<'a, T> {
    time: String,
    #[serde(flatten)]
    event: &'a T,
}

//! The recent requests: what was asked, how it ended, how long it took. Nothing about card, person or site.

use std::collections::VecDeque;

use bitaqa_protocol::{ErrorCode, ErrorReport, host::Timing};
use serde::Serialize;

/// Most requests remembered.
const REMEMBERED: usize = 32;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The `type` of the page's request.
    pub request: &'static str,
    /// The code it failed with; absent where it succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// What the developer is told of a failure: no page hears it, it could tell cards apart by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Microseconds the host needed, without the person's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microseconds: Option<u32>,
    /// What the host measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
}

/// The last of them.
#[derive(Debug, Default)]
pub struct Diagnostics {
    entries: VecDeque<Entry>,
}

impl Diagnostics {
    /// Remembers a request; the oldest goes when there are too many.
    pub fn record(&mut self, request: &'static str, error: Option<ErrorReport>, timing: Option<Timing>) {
        if self.entries.len() == REMEMBERED {
            self.entries.pop_front();
        }
        let microseconds = timing.map(|timing| timing.total.saturating_sub(timing.person));
        let (code, detail) = error.map_or((None, None), |error| (Some(error.code), error.detail));
        self.entries.push_back(Entry { request, code, detail, microseconds, timing });
    }

    /// All of them, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }
}

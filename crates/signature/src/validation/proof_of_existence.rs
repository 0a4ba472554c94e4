//! Since when something is proven to exist (EN 319 102-1 clause 5.6.2.3, "POE extraction").

use std::collections::HashMap;

use bitaqa_trust::DateTime;

/// Digests (SHA-256) of certificates, lists, answers and tokens, each with the earliest time that is proven for it.
#[derive(Debug, Clone)]
pub(super) struct ProofsOfExistence {
    now: DateTime,
    times: HashMap<[u8; 32], DateTime>,
}

impl ProofsOfExistence {
    /// None: everything exists since the time of validation, at which the verifier sees it.
    pub(super) fn new(now: DateTime) -> Self {
        Self { now, times: HashMap::new() }
    }

    /// Takes down that something existed at a time.
    pub(super) fn add(&mut self, digest: [u8; 32], at: DateTime) {
        let known = self.times.entry(digest).or_insert(at);
        *known = at.min(*known);
    }

    /// Whether nothing is proven.
    pub(super) fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Since when something exists.
    pub(super) fn of(&self, digest: &[u8; 32]) -> DateTime {
        self.times.get(digest).map_or(self.now, |at| self.now.min(*at))
    }
}

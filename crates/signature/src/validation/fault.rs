//! A fault with its sub-indication.

use bitaqa_trust::DateTime;

use super::indication::SubIndication;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) sub_indication: SubIndication,
    /// For a person.
    pub(super) detail: String,
    /// Since when it is so, where a proof that the signature is younger would make it final.
    pub(super) since: Option<DateTime>,
}

impl Fault {
    pub(super) fn new(sub_indication: SubIndication, detail: impl Into<String>) -> Self {
        Self { sub_indication, detail: detail.into(), since: None }
    }

    pub(super) fn since(mut self, since: DateTime) -> Self {
        self.since = Some(since);
        self
    }
}

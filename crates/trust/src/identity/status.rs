//! Is a document still in use? The answer comes from a source that the caller plugs in.

use serde::{Deserialize, Serialize};

use crate::DateTime;

/// Something that knows which documents were reported lost or withdrawn. It has fetched what it needs before it is asked, or
/// says that it has not.
pub trait StatusSource: Send + Sync {
    /// What is known of the document whose EF.SOD has this SHA-256, at a time. Asked only after the document was found to be
    /// genuine and the chip no copy.
    fn status(&self, sod: &[u8; 32], at: DateTime) -> DocumentStatus;
}

/// What a source knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case", deny_unknown_fields)]
pub enum DocumentStatus {
    /// Nobody looked, or the source cannot tell. The result says so.
    NotChecked,
    /// In use.
    InUse,
    /// Not in use any more, or not now: the answer is refused.
    Withdrawn {
        /// Why.
        reason: WithdrawalReason,
    },
}

impl DocumentStatus {
    /// Whether somebody answered.
    #[must_use]
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::NotChecked)
    }
}

/// Why a document is not in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum WithdrawalReason {
    /// Reported lost.
    Lost,
    /// Reported stolen.
    Stolen,
    /// Replaced by another.
    Replaced,
    /// Suspended for a time.
    Suspended,
    /// Withdrawn by its issuer.
    Revoked,
}

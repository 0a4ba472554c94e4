//! Was a certificate withdrawn? The answer comes from a source that the caller plugs in.

use crate::{DateTime, certification_path::CertificationPath};

/// Something that knows about revocation: it has fetched, cached or been handed what is needed before it is asked, or says
/// that it has not.
pub trait RevocationSource: Send + Sync {
    /// What is known about the leaf and the intermediates of a path at a time. Asked only after the token's signature and
    /// the whole path were verified.
    fn status(&self, path: &CertificationPath, at: DateTime) -> RevocationStatus;
}

/// What a source knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Nobody looked. The result says so, visibly.
    NotChecked,
    /// Every certificate of the path was good.
    Good,
    /// A certificate of the path was revoked.
    Revoked {
        /// When, if the source says.
        since: Option<DateTime>,
    },
    /// The source looked and cannot tell; where a source must answer, this refuses the token.
    Undetermined,
}

/// The source that knows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRevocationSource;

impl RevocationSource for NoRevocationSource {
    fn status(&self, _path: &CertificationPath, _at: DateTime) -> RevocationStatus {
        RevocationStatus::NotChecked
    }
}

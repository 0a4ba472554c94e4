//! Which protocol the two ends of the native port speak.
//!
//! The extension comes from a store and the host from a package, so one is always older than the other. Each lists the
//! versions it speaks (those of the last 24 months); the highest common one is used. Where there is none, the error
//! names the end that has to be updated.

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;

/// A version of the protocol between extension and host. Counts up by one at each incompatible change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(transparent)]
pub struct ProtocolVersion(pub u16);

/// The versions this code speaks, lowest first.
pub const SPOKEN: &[ProtocolVersion] = &[ProtocolVersion(1)];

/// Most versions a peer may list.
pub const MAX_LISTED: usize = 32;

/// The highest version both ends speak.
///
/// # Errors
/// [`Disagreement`] says which end is the older one.
pub fn negotiate(
    ours: &[ProtocolVersion],
    theirs: &[ProtocolVersion],
) -> Result<ProtocolVersion, Disagreement> {
    let common = ours.iter().filter(|version| theirs.contains(version)).max();
    common.copied().ok_or_else(|| {
        if theirs.iter().max() > ours.iter().max() {
            Disagreement::WeAreOlder
        } else {
            Disagreement::TheyAreOlder
        }
    })
}

/// No common protocol version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disagreement {
    /// Only newer versions than ours were offered.
    WeAreOlder,
    /// Only older versions than ours (or none at all) were offered.
    TheyAreOlder,
}

impl Disagreement {
    /// The error, as the host sees it.
    #[must_use]
    pub const fn seen_by_host(self) -> ErrorCode {
        match self {
            Self::WeAreOlder => ErrorCode::HostTooOld,
            Self::TheyAreOlder => ErrorCode::ExtensionTooOld,
        }
    }

    /// The error, as the extension sees it.
    #[must_use]
    pub const fn seen_by_extension(self) -> ErrorCode {
        match self {
            Self::WeAreOlder => ErrorCode::ExtensionTooOld,
            Self::TheyAreOlder => ErrorCode::HostTooOld,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(numbers: &[u16]) -> Vec<ProtocolVersion> {
        numbers.iter().copied().map(ProtocolVersion).collect()
    }

    #[test]
    fn the_highest_common_version_is_taken() {
        assert_eq!(negotiate(&versions(&[1, 2, 3]), &versions(&[2, 3, 4])), Ok(ProtocolVersion(3)));
    }

    #[test]
    fn without_a_common_version_the_older_end_is_named() {
        assert_eq!(negotiate(&versions(&[3]), &versions(&[1, 2])), Err(Disagreement::TheyAreOlder));
        assert_eq!(negotiate(&versions(&[3]), &versions(&[4])), Err(Disagreement::WeAreOlder));
        assert_eq!(negotiate(&versions(&[3]), &[]), Err(Disagreement::TheyAreOlder));
        assert_eq!(negotiate(&versions(&[2]), &versions(&[1, 3])), Err(Disagreement::WeAreOlder));
    }
}

//! Which pack may be installed, given what is there.

use bitaqa_jose::Thumbprint;

use super::{CLOCK_SKEW, TrustPack};

/// On whose word a pack may be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Nothing vouches for the signer: a person has to compare the fingerprint with what they were told another way.
    NeedsConfirmation {
        /// The signer's fingerprint.
        signer: Thumbprint,
    },
    /// The pack that is there names the signer.
    Successor,
}

/// Whether a pack may be installed at a time (seconds since 1970). `installed` is the pack of the same name that is there, if there
/// is one; `highest` the highest version of that name that was ever there, also of one that is gone.
///
/// # Errors
/// [`AdmissionError`].
pub fn admit(
    offered: &TrustPack,
    installed: Option<&TrustPack>,
    highest: Option<u64>,
    at: u64,
) -> Result<Admission, AdmissionError> {
    let contents = offered.contents();
    if at >= contents.expires {
        return Err(AdmissionError::Expired);
    }
    if contents.issued > at.saturating_add(CLOCK_SKEW) {
        return Err(AdmissionError::NotYetIssued);
    }
    let there = installed.map(|pack| pack.contents().version);
    if there == Some(contents.version) {
        return Err(AdmissionError::SameVersion { version: contents.version });
    }
    if let Some(before) = there.max(highest).filter(|before| contents.version < *before) {
        return Err(AdmissionError::Rollback { before, offered: contents.version });
    }
    let signer = offered.signer().thumbprint();
    let Some(installed) = installed else {
        return Ok(Admission::NeedsConfirmation { signer });
    };
    if installed.contents().test != contents.test {
        return Err(AdmissionError::MarkChanged);
    }
    if installed.contents().signers.iter().any(|key| key.thumbprint() == signer) {
        Ok(Admission::Successor)
    } else {
        Err(AdmissionError::OtherSigner { signer })
    }
}

/// Why a pack may not be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// It counts no more.
    #[error("the pack has expired")]
    Expired,
    /// It was made in the future.
    #[error("the pack was made in the future; is this computer's clock right?")]
    NotYetIssued,
    /// It is there already.
    #[error("version {version} of this pack is installed already")]
    SameVersion {
        /// Which one.
        version: u64,
    },
    /// It is older than one that was there.
    #[error("the pack is version {offered}, and version {before} was installed here: a version never falls")]
    Rollback {
        /// The highest version so far.
        before: u64,
        /// The version that was offered.
        offered: u64,
    },
    /// A test pack for a real one, or the other way round.
    #[error("the installed pack of this name and the new one are not both marked test")]
    MarkChanged,
    /// The pack that is there does not name the signer.
    #[error("the installed pack does not name the new one's signer as one who may sign its successor")]
    OtherSigner {
        /// The signer's fingerprint.
        signer: Thumbprint,
    },
}

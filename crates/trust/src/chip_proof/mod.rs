//! Is the chip the one that a genuine document was written to, or a copy? Judged here, by the verifier, and never by the host
//! (ICAO Doc 9303-11, section 6).
//!
//! A host that was tampered with has every file of a document that it once read; what it does not have is the chip's private
//! key, whose public half is in DG15 or DG14 under the country's signature. So a proof counts only if the verifier gave what
//! the chip had to work on: for [active authentication](active_authentication_challenge) a challenge that is bound to origin,
//! challenge and recipient; for [chip authentication](ChipAuthenticationRound) a key that nobody else has, which a host makes good for that one
//! request alone ([`ChipAuthenticationBinding`]). What the host says it
//! saw itself, such as chip authentication mapping in PACE, is [`HostAssertion`] and raises no level.

mod active_authentication;
mod chip_authentication;

use bitaqa_card::{
    CardError,
    active_authentication::{ActiveAuthenticationFault, DigestAlgorithm},
    chip_authentication::{ChipAuthenticationFault, ChipKey},
    lds::{DataGroup, Dg14},
    security_infos::SecurityInfos,
    symmetric::Cipher,
};

pub use self::{
    active_authentication::{ActiveAuthenticationProof, active_authentication_challenge},
    chip_authentication::{
        ChipAuthenticationBinding, ChipAuthenticationProof, ChipAuthenticationRound, ROUND_SECRET,
    },
};
use crate::passive_authentication::GenuineDocument;

/// What came with a document.
#[derive(Debug, Default)]
pub struct ChipEvidence<'e> {
    /// Signatures over the verifier's challenge.
    pub active: Option<ActiveAuthenticationProof<'e>>,
    /// The chip's answer to the verifier's key.
    pub chip: Option<ChipAuthenticationProof<'e>>,
    /// What the host says that it saw.
    pub asserted: Option<HostAssertion>,
}

/// What a host says that it saw, and nobody else can check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostAssertion {
    /// Chip authentication mapping, of PACE.
    PaceChipAuthenticationMapping,
    /// Chip authentication with the host's own key.
    ChipAuthentication,
    /// Active authentication over the host's own challenge.
    ActiveAuthentication,
}

/// What is known of the chip.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChipProof {
    /// The chip signed the verifier's challenge with the key of DG15.
    ActiveAuthentication {
        /// The hash of its signatures.
        digest: DigestAlgorithm,
    },
    /// The chip answered under keys that only it and the verifier can have, with the key of DG14.
    ChipAuthentication {
        /// What the answer was protected with.
        cipher: Cipher,
    },
    /// The document lists no key that a chip could prove; the host says that it saw a proof.
    AssertedByHost(HostAssertion),
    /// The document lists no key that a chip could prove.
    NotOffered,
    /// The document lists a group for keys, and no proof came: it may be a copy.
    Missing {
        /// Which groups.
        offered: Vec<DataGroup>,
        /// What the host says instead, which does not count.
        asserted: Option<HostAssertion>,
    },
    /// What came is no proof.
    Invalid(ChipProofFault),
}

impl ChipProof {
    /// Whether the verifier knows that the chip is no copy.
    #[must_use]
    pub const fn is_proven(&self) -> bool {
        matches!(self, Self::ActiveAuthentication { .. } | Self::ChipAuthentication { .. })
    }

    /// Whether the document must be refused.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Invalid(_))
    }

    /// A stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ActiveAuthentication { .. } => "active-authentication",
            Self::ChipAuthentication { .. } => "chip-authentication",
            Self::AssertedByHost(_) => "asserted-by-host",
            Self::NotOffered => "not-offered",
            Self::Missing { .. } => "chip-proof-missing",
            Self::Invalid(_) => "chip-proof-invalid",
        }
    }
}

/// Why what came is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChipProofFault {
    /// The group with the chip's key was not given, or the country did not sign it.
    #[error("{} with the chip's key was not given or is not signed", .group.name())]
    KeyNotSigned {
        /// Which.
        group: DataGroup,
    },
    /// The group has no key that we can use.
    #[error("the chip's key cannot be used: {0}")]
    Key(CardError),
    /// The group has no key at all.
    #[error("DG14 has no key of chip authentication")]
    NoKey,
    /// The signatures are not those of the chip over this challenge.
    #[error(transparent)]
    Active(#[from] ActiveAuthenticationFault),
    /// The answer is not that of the chip to this key.
    #[error(transparent)]
    Chip(#[from] ChipAuthenticationFault),
}

/// Judges what came with a genuine document. One wrong proof outweighs a right one: a chip gives none.
#[must_use]
pub fn judge(document: &GenuineDocument<'_, '_>, evidence: ChipEvidence<'_>) -> ChipProof {
    let active = evidence.active.map(|proof| proof.check(document)).transpose();
    let chip = evidence.chip.map(|proof| proof.check(document)).transpose();
    match (active, chip) {
        (Err(fault), _) | (_, Err(fault)) => ChipProof::Invalid(fault),
        (_, Ok(Some(cipher))) => ChipProof::ChipAuthentication { cipher },
        (Ok(Some(digest)), _) => ChipProof::ActiveAuthentication { digest },
        (Ok(None), Ok(None)) => without_proof(document, evidence.asserted),
    }
}

/// A DG14 may have no key of chip authentication, and serve PACE alone. That makes no difference here: whoever wants the data
/// of such a document asks for it without a proof, by name.
fn without_proof(document: &GenuineDocument<'_, '_>, asserted: Option<HostAssertion>) -> ChipProof {
    let groups = [DataGroup::DG14, DataGroup::DG15].into_iter();
    let offered: Vec<DataGroup> = groups.filter(|group| document.lists(*group)).collect();
    match asserted {
        _ if !offered.is_empty() => ChipProof::Missing { offered, asserted },
        Some(assertion) => ChipProof::AssertedByHost(assertion),
        None => ChipProof::NotOffered,
    }
}

/// What DG14 says.
fn security_infos(document: &GenuineDocument<'_, '_>) -> Result<SecurityInfos, ChipProofFault> {
    let group = DataGroup::DG14;
    let content = document.group(group).ok_or(ChipProofFault::KeyNotSigned { group })?;
    Dg14::parse(content)
        .and_then(|dg14| SecurityInfos::parse(group.name(), &dg14.security_infos))
        .map_err(ChipProofFault::Key)
}

/// The chip's key of chip authentication; `None` where DG14 offers none.
fn chip_key(document: &GenuineDocument<'_, '_>) -> Result<Option<ChipKey>, ChipProofFault> {
    ChipKey::best(&security_infos(document)?).map_err(ChipProofFault::Key)
}

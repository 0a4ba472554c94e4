//! What can be wrong with what joins two statements.

use bitaqa_protocol::mediation::MediationError;

use crate::statement::StatementFailure;

/// Why a platform is not believed to ask for a portal, in the order in which it is looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediationFailure {
    /// One statement alone: nobody asks for anybody else.
    #[error("there is one statement, and nothing that joins it to another")]
    NotJoined,
    /// What joins them is not signed by a platform that a trust pack names.
    #[error("the mediation: {0}")]
    Signer(StatementFailure),
    /// Its payload breaks a rule.
    #[error("the content of the mediation: {0}")]
    Content(#[from] MediationError),
    /// Its time has not come.
    #[error("the mediation is not valid yet; is this computer's clock right?")]
    NotYetValid,
    /// Its time is over.
    #[error("the mediation has expired")]
    Expired,
    /// It names another statement of a portal.
    #[error("the mediation is for another statement of a portal")]
    OtherPortalStatement,
    /// It names another statement of the platform.
    #[error("the mediation is for another statement of the platform")]
    OtherPlatformStatement,
    /// The portal's statement is not believed.
    #[error("the portal's statement: {0}")]
    Portal(StatementFailure),
    /// The platform's statement is not believed.
    #[error("the platform's statement: {0}")]
    Platform(StatementFailure),
    /// One of the three is of another issuer.
    #[error("statements and mediation are not all of one issuer")]
    OtherIssuer,
    /// One of the three is believed through another trust pack.
    #[error("statements and mediation are not all believed through one trust pack")]
    OtherPack,
    /// It goes on after one of the statements has ended.
    #[error("the mediation ends after a statement that it joins")]
    OutlivesStatement,
    /// The platform's statement is about somebody else: it is not for the origin of the issuer.
    #[error("the platform's statement is not for the issuer's own origin")]
    NotThePlatform,
    /// It is for a page that the platform's statement does not name.
    #[error("the mediation is for an origin that is not in the platform's statement")]
    ForeignAudience,
    /// It names another key than that of whose statement says who can read.
    #[error("the mediation names another recipient than its mode says")]
    OtherRecipient,
}

impl MediationFailure {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJoined => "not-joined",
            Self::Signer(failure) | Self::Portal(failure) | Self::Platform(failure) => failure.code(),
            Self::Content(_) => "mediation-content-invalid",
            Self::NotYetValid => "mediation-not-yet-valid",
            Self::Expired => "mediation-expired",
            Self::OtherPortalStatement | Self::OtherPlatformStatement => "other-statement",
            Self::OtherIssuer => "other-issuer",
            Self::OtherPack => "other-trust-pack",
            Self::OutlivesStatement => "mediation-outlives-statement",
            Self::NotThePlatform => "not-the-platform",
            Self::ForeignAudience => "audience-not-in-statement",
            Self::OtherRecipient => "other-recipient",
        }
    }
}

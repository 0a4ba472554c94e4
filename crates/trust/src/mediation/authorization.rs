//! Whether a request is the one that a platform joined both statements for.

use bitaqa_protocol::{Origin, identity::IdentityRequest, mediation::Mode, statement::Purpose};

use super::VerifiedMediation;
use crate::statement::AuthorizationError;

impl VerifiedMediation {
    /// The portal's purpose, if this request is the one that the platform signed for, its page is the platform's, and the statements
    /// allow what is asked: the portal's always, and the platform's where the platform can read the answer.
    ///
    /// # Errors
    /// [`MediatedRequestError`].
    pub fn authorize(
        &self,
        origin: &Origin,
        request: &IdentityRequest,
    ) -> Result<&Purpose, MediatedRequestError> {
        let Self { mediation, portal, platform, .. } = self;
        if mediation.aud != *origin {
            return Err(MediatedRequestError::OtherPage);
        }
        if mediation.challenge != request.challenge {
            return Err(MediatedRequestError::OtherChallenge);
        }
        if mediation.purpose != request.purpose {
            return Err(MediatedRequestError::OtherPurpose);
        }
        if mediation.claims != request.claims {
            return Err(MediatedRequestError::OtherClaims);
        }
        if mediation.holder != request.holder {
            return Err(MediatedRequestError::OtherHolder);
        }
        if mediation.proof != request.proof {
            return Err(MediatedRequestError::OtherProof);
        }
        let disclosed = mediation.claims.closure();
        let purpose = portal
            .statement
            .purpose(&mediation.purpose)
            .ok_or(MediatedRequestError::Portal(AuthorizationError::PurposeUnknown))?;
        portal.allow(&disclosed).map_err(MediatedRequestError::Portal)?;
        if mediation.mode == Mode::Assert {
            platform.allow(&disclosed).map_err(MediatedRequestError::Platform)?;
        }
        Ok(purpose)
    }
}

/// Why a request is not covered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediatedRequestError {
    /// It comes from another page than the platform signed for.
    #[error("the mediation is for a page of another origin")]
    OtherPage,
    /// It has another challenge.
    #[error("the mediation is for another challenge")]
    OtherChallenge,
    /// It is for something else.
    #[error("the mediation is for another purpose")]
    OtherPurpose,
    /// It asks something else.
    #[error("the mediation is for other claims")]
    OtherClaims,
    /// It asks more or less of the holder.
    #[error("the mediation asks something else of the holder")]
    OtherHolder,
    /// It asks more or less of the chip.
    #[error("the mediation is for another proof of the chip")]
    OtherProof,
    /// The portal's statement does not allow it.
    #[error("the portal: {0}")]
    Portal(AuthorizationError),
    /// The platform's statement does not allow it.
    #[error("the platform: {0}")]
    Platform(AuthorizationError),
}

impl MediatedRequestError {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherPage => "other-page",
            Self::OtherChallenge => "other-challenge",
            Self::OtherPurpose => "other-purpose",
            Self::OtherClaims => "other-claims",
            Self::OtherHolder => "other-holder",
            Self::OtherProof => "other-proof",
            Self::Portal(error) | Self::Platform(error) => error.code(),
        }
    }
}

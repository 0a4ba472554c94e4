//! Who asks: a portal that a statement vouches for, by itself or through a platform.

use bitaqa_jose::PublicJwk;
use bitaqa_protocol::{ErrorCode, ErrorReport, identity::answer::Through, statement::Purpose};
use bitaqa_trust::{
    Assurance, DateTime, TrustPacks, VerifiedStatement,
    mediation::{self, MediatedRequestError},
    statement::{self, AuthorizationError},
};

use super::Identify;
use crate::window::message::Asker;

/// A portal whose statement was verified and covers the request, in the language of the window.
pub(super) struct Portal {
    name: String,
    purpose: String,
    through: Option<Through>,
    key: PublicJwk,
    is_test: bool,
}

impl Portal {
    /// Verifies the request's statement at a time, by the trust packs of this computer.
    ///
    /// # Errors
    /// `portal-unknown`, `purpose-unknown` and `claims-exceed-statement`; the detail says what is wrong.
    pub(super) fn of(asked: &Identify, packs: &TrustPacks, at: DateTime) -> Result<Self, ErrorReport> {
        let request = &asked.request;
        if request.statement.joined().is_some() {
            return Self::through_platform(asked, packs, at);
        }
        let verified = statement::verify(request.statement.as_str(), packs, at)
            .map_err(|refused| refusal(ErrorCode::PortalUnknown, &refused))?;
        let purpose = verified
            .authorize(&asked.origin, &request.purpose, &request.claims.closure())
            .map_err(|error| refusal(code_of(&error), &error))?;
        Ok(Self {
            name: name(&verified, asked),
            purpose: text(purpose, asked),
            through: None,
            is_test: verified.assurance == Assurance::Test,
            key: verified.encryption_key.clone(),
        })
    }

    /// The same where a platform asks for the portal, on a page of its own.
    fn through_platform(asked: &Identify, packs: &TrustPacks, at: DateTime) -> Result<Self, ErrorReport> {
        let verified = mediation::verify(&asked.request.statement, packs, at)
            .map_err(|failure| refusal(ErrorCode::PortalUnknown, &failure))?;
        let purpose = verified
            .authorize(&asked.origin, &asked.request)
            .map_err(|error| refusal(code_of_mediated(&error), &error))?;
        let platform = name(&verified.platform, asked);
        Ok(Self {
            name: name(&verified.portal, asked),
            purpose: text(purpose, asked),
            through: Some(Through { platform, mode: verified.mediation.mode }),
            is_test: verified.assurance == Assurance::Test,
            key: verified.recipient().clone(),
        })
    }

    /// Who asks, as the window shows it.
    pub(super) fn asker(&self, origin: &str) -> Asker {
        Asker::Portal {
            name: self.name.clone(),
            origin: origin.to_owned(),
            through: self.through.clone(),
            test: self.is_test,
        }
    }

    /// Its legal name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The platform that asks for it, where one does.
    pub(super) const fn through(&self) -> Option<&Through> {
        self.through.as_ref()
    }

    /// What it asks for, as its statement says it.
    pub(super) fn purpose(&self) -> &str {
        &self.purpose
    }

    /// What the answer is encrypted to.
    pub(super) const fn key(&self) -> &PublicJwk {
        &self.key
    }
}

/// The legal name in the window's language.
fn name(verified: &VerifiedStatement, asked: &Identify) -> String {
    verified.statement.legal_name.in_language(asked.language).0.to_owned()
}

fn text(purpose: &Purpose, asked: &Identify) -> String {
    purpose.text.in_language(asked.language).0.to_owned()
}

const fn code_of_mediated(error: &MediatedRequestError) -> ErrorCode {
    match error {
        MediatedRequestError::OtherPage
        | MediatedRequestError::OtherChallenge
        | MediatedRequestError::OtherPurpose
        | MediatedRequestError::OtherClaims
        | MediatedRequestError::OtherHolder
        | MediatedRequestError::OtherProof => ErrorCode::PortalUnknown,
        MediatedRequestError::Portal(error) | MediatedRequestError::Platform(error) => code_of(error),
    }
}

const fn code_of(error: &AuthorizationError) -> ErrorCode {
    match error {
        AuthorizationError::OtherOrigin => ErrorCode::PortalUnknown,
        AuthorizationError::PurposeUnknown => ErrorCode::PurposeUnknown,
        AuthorizationError::ClaimsExceedStatement { .. } => ErrorCode::ClaimsExceedStatement,
    }
}

fn refusal(code: ErrorCode, reason: &dyn std::fmt::Display) -> ErrorReport {
    ErrorReport::new(code).with_detail(&reason.to_string())
}

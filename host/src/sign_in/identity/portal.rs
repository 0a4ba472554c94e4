//! Who asks: a portal that a statement vouches for.

use bitaqa_jose::PublicJwk;
use bitaqa_protocol::{ErrorCode, ErrorReport};
use bitaqa_trust::{
    Assurance, DateTime, TrustPacks,
    statement::{self, AuthorizationError},
};

use super::Identify;
use crate::window::message::Asker;

/// A portal whose statement was verified and covers the request, in the language of the window.
pub(super) struct Portal {
    name: String,
    purpose: String,
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
        let verified = statement::verify(request.statement.as_str(), packs, at)
            .map_err(|refused| refusal(ErrorCode::PortalUnknown, &refused))?;
        let purpose = verified
            .authorize(&asked.origin, &request.purpose, &request.claims.closure())
            .map_err(|error| refusal(code_of(&error), &error))?;
        Ok(Self {
            name: verified.statement.legal_name.in_language(asked.language).0.to_owned(),
            purpose: purpose.text.in_language(asked.language).0.to_owned(),
            is_test: verified.assurance == Assurance::Test,
            key: verified.encryption_key.clone(),
        })
    }

    /// Who asks, as the window shows it.
    pub(super) fn asker(&self, origin: &str) -> Asker {
        Asker::Portal {
            name: self.name.clone(),
            origin: origin.to_owned(),
            through: None,
            test: self.is_test,
        }
    }

    /// Its legal name.
    pub(super) fn name(&self) -> &str {
        &self.name
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

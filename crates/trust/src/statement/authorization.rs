//! Whether a statement covers a request.

use bitaqa_protocol::{Claim, Closure, Origin, PurposeId, statement::Purpose};

use super::VerifiedStatement;

impl VerifiedStatement {
    /// The purpose of a request, if the statement covers it: the browser's origin is one of the statement's, the purpose is
    /// one of its purposes, and it allows every claim that is disclosed.
    ///
    /// # Errors
    /// [`AuthorizationError`].
    pub fn authorize(
        &self,
        origin: &Origin,
        purpose: &PurposeId,
        disclosed: &Closure,
    ) -> Result<&Purpose, AuthorizationError> {
        if !self.statement.origins.contains(origin) {
            return Err(AuthorizationError::OtherOrigin);
        }
        let purpose = self.statement.purpose(purpose).ok_or(AuthorizationError::PurposeUnknown)?;
        self.allow(disclosed)?;
        Ok(purpose)
    }

    /// The statement allows every claim that is disclosed.
    pub(crate) fn allow(&self, disclosed: &Closure) -> Result<(), AuthorizationError> {
        let beyond = disclosed.beyond(&self.statement.claims);
        if beyond.is_empty() { Ok(()) } else { Err(AuthorizationError::ClaimsExceedStatement { beyond }) }
    }
}

/// Why a statement does not cover a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationError {
    /// It is for other origins.
    #[error("the statement is not for this origin")]
    OtherOrigin,
    /// It has no such purpose.
    #[error("the statement has no purpose of this name")]
    PurposeUnknown,
    /// It does not allow everything that the data groups would disclose.
    #[error("the statement does not allow: {}", names(.beyond))]
    ClaimsExceedStatement {
        /// What it does not allow, in the order of the vocabulary.
        beyond: Vec<Claim>,
    },
}

impl AuthorizationError {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherOrigin => "origin-not-in-statement",
            Self::PurposeUnknown => "purpose-unknown",
            Self::ClaimsExceedStatement { .. } => "claims-exceed-statement",
        }
    }
}

fn names(claims: &[Claim]) -> String {
    claims.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

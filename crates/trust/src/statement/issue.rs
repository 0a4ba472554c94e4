//! Makes statements: for the command line, the platform and tests.

use bitaqa_jose::{
    JwsHeader, Signer,
    jws::{self, SignError},
};
use bitaqa_protocol::{
    Statement,
    statement::{MAX_LENGTH, StatementError, TYPE},
};

/// Signs a statement, which is checked as a reader checks it.
///
/// # Errors
/// [`IssueError`]: it breaks a rule, has no `kid` or is not signed.
pub fn issue<S: Signer>(statement: &Statement, signer: &S) -> Result<String, IssueError<S::Error>> {
    statement.check()?;
    if signer.key_id().is_none() {
        return Err(IssueError::NoKeyId);
    }
    let payload =
        serde_json::to_vec(statement).map_err(|error| StatementError::Malformed(error.to_string()))?;
    let text =
        jws::sign(JwsHeader::new(signer.algorithm(), TYPE), &payload, signer).map_err(IssueError::Sign)?;
    if text.len() > MAX_LENGTH { Err(StatementError::TooLong.into()) } else { Ok(text) }
}

/// Why a statement cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueError<E> {
    /// It breaks a rule.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The signer's key has no name.
    #[error("the issuer's key has no kid, by which a reader would find it")]
    NoKeyId,
    /// It was not signed.
    #[error(transparent)]
    Sign(SignError<E>),
}

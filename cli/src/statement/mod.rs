//! `bitaqa statement …`: what a platform says about a portal.

pub(crate) mod issue;
pub(crate) mod show;

use std::io;

use bitaqa_jose::JwkError;
use bitaqa_trust::statement::IssueError;

use crate::{bounded_file::FileFault, key::KeyFault};

/// Why a command about statements did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StatementFault {
    #[error(transparent)]
    File(#[from] FileFault),
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error("the description of the statement: {0}")]
    Description(String),
    #[error("{0}")]
    Issue(#[from] IssueError<JwkError>),
    #[error("this computer's clock cannot be used")]
    Clock,
    #[error("{0}")]
    System(#[from] io::Error),
}

use std::path::PathBuf;

use cryptoki::error::{Error, RvError};

/// Why a token does not do its work. Neither the PIN nor anything of a key is in it.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The module cannot be loaded.
    #[error("{}: no module of PKCS #11: {}", .path.display(), said(.error))]
    Module {
        /// Which.
        path: PathBuf,
        /// Why.
        error: Error,
    },
    /// No token has that label.
    #[error("no token \"{label}\" is there")]
    Missing {
        /// The label.
        label: String,
    },
    /// More than one has it.
    #[error("more than one token \"{label}\" is there")]
    Ambiguous {
        /// The label.
        label: String,
    },
    /// The PIN is wrong. It is not tried again until the file holds another one.
    #[error("the token refuses the PIN; it is not tried again before {} holds another one", .file.display())]
    WrongPin {
        /// The file that it came from.
        file: PathBuf,
    },
    /// Somebody tried a wrong PIN last, so ours may be the wrong one.
    #[error(
        "a wrong PIN was tried at the token \"{label}\" last, so none is tried now; log in once by hand with the right one (pkcs11-tool --login)"
    )]
    Doubtful {
        /// The label.
        label: String,
    },
    /// The PIN is blocked.
    #[error("the PIN of the token \"{label}\" is blocked")]
    Blocked {
        /// The label.
        label: String,
    },
    /// The token has no keys of ours, or not all.
    #[error("the token has no {what} of this platform; keys create makes all, once")]
    Incomplete {
        /// What is missing.
        what: &'static str,
    },
    /// A key of ours is not as we make it.
    #[error("the key \"{label}\" in the token {fault}")]
    Key {
        /// Its label.
        label: String,
        /// What is wrong.
        fault: &'static str,
    },
    /// The token has keys of ours.
    #[error("there are keys already in the token \"{label}\"")]
    Exists {
        /// The label.
        label: String,
    },
    /// All sessions are busy.
    #[error("all sessions of the token are busy")]
    Busy,
    /// The token's own words.
    #[error("token: {}", said(.0))]
    Token(#[from] Error),
}

impl TokenError {
    /// Whether another session may do better: the token was away, or has forgotten us.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self, Self::Token(_) | Self::Missing { .. })
    }
}

/// Which function said what, by the standard's names; whole sentences of the standard are not for a log.
fn said(error: &Error) -> String {
    match error {
        Error::Pkcs11(RvError::VendorDefined(code), function) => {
            format!("C_{function:?}: vendor defined {code:#x}")
        }
        Error::Pkcs11(error, function) => format!("C_{function:?}: {error:?}"),
        other => other.to_string(),
    }
}

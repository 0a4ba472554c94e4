use super::{approval::NotApproved, entry::EntryError};
use crate::{
    key_store::KeyStoreError, registration::RegistrationError, sector_identifier::SectorIdentifierError,
    store::StoreError,
};

/// Why an operator's work is not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database.
    #[error("{0}; if its tables are missing, run: bitaqa-platform migrate")]
    Store(#[from] StoreError),
    /// The keys.
    #[error("{0}")]
    Keys(#[from] KeyStoreError),
    /// The program ends meanwhile.
    #[error("it was interrupted; try again")]
    Interrupted,
    /// The registration.
    #[error("{0}")]
    Registration(#[from] RegistrationError),
    /// Who holds its sector does not say that it is theirs.
    #[error("{0}")]
    SectorIdentifier(#[from] SectorIdentifierError),
    /// An entry.
    #[error("{0}")]
    Entry(#[from] EntryError),
    /// What waits is not what was signed.
    #[error("{0}")]
    NotApproved(#[from] NotApproved),
    /// A registration cannot be read or written.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// A key of nobody.
    #[error("no [[operator]] of the configuration has this key")]
    Key,
    /// The other role is needed.
    #[error("\"{name}\" is {role}; this takes {needed}")]
    Role {
        /// Who tried.
        name: String,
        /// What they are.
        role: &'static str,
        /// What it takes.
        needed: &'static str,
    },
    /// Two entries at once.
    #[error("somebody signs as \"{0}\" at the same time; try again")]
    Busy(String),
    /// Nobody of that name.
    #[error("there is no relying party \"{0}\"")]
    Unknown(String),
    /// It is none of the operators'.
    #[error("\"{0}\" registered itself, for a time; choose another id")]
    RegisteredItself(String),
    /// Nothing to take up.
    #[error("\"{0}\" is not suspended")]
    NotSuspended(String),
    /// The sector.
    #[error(
        "the sector of \"{id}\" is \"{sector}\" and stays so: in another one everybody would get another sub"
    )]
    Sector {
        /// Whose.
        id: String,
        /// What it is.
        sector: String,
    },
    /// The authentication.
    #[error(
        "how \"{0}\" shows who it is (authentication) stays; propose another relying party, with another id"
    )]
    Authentication(String),
    /// Not the one that waits.
    #[error(
        "no proposal of that digest waits for \"{0}\"; look again: bitaqa-platform client show --config FILE {0}"
    )]
    OtherProposal(String),
    /// Something was approved or suspended since.
    #[error("\"{0}\" changed since that was proposed; propose it again")]
    Stale(String),
    /// A reason.
    #[error("reason: 1 to 300 characters, none that are invisible or change the direction")]
    Reason,
    /// Signed elsewhere, and not what would be signed now.
    #[error("something happened since that was shown, or it is something else; look again and sign again")]
    Changed,
    /// Signed elsewhere, and long ago.
    #[error("it was shown more than ten minutes ago; look again and sign again")]
    Expired,
    /// Another operator's.
    #[error("it is signed by another operator than \"{0}\", who is signed in")]
    OtherOperator(String),
    /// Nothing that is done with an entry alone.
    #[error("a registration is proposed with bitaqa-platform client propose")]
    Propose,
}

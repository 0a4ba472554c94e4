use crate::{clock::Seconds, secret::Hash};

/// A relying party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its name: `client_id`.
    pub id: String,
    /// Its registration, as JSON.
    pub registration: String,
    /// What two operators signed for it; nothing where it registered itself.
    pub approval: Option<Approval>,
    /// Since when it is suspended.
    pub suspended_at: Option<Seconds>,
    /// What an operator signed to suspend it.
    pub suspension: Option<String>,
    /// When it is forgotten, where it registered itself.
    pub expires_at: Option<Seconds>,
    /// When it was added.
    pub created_at: Seconds,
}

/// What two operators signed for a registration (`crate::administration`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The onboarder's entry.
    pub proposal: String,
    /// The authoriser's.
    pub approval: String,
}

/// A registration that waits for an authoriser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The relying party.
    pub client: String,
    /// Its registration, as JSON.
    pub registration: String,
    /// The onboarder's entry.
    pub proposal: String,
}

/// What an operator signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// The operator.
    pub operator: String,
    /// The how manieth of theirs.
    pub number: i64,
    /// As it was signed.
    pub text: String,
}

/// Somebody who signed in, in one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of what the browser holds.
    pub id: Hash,
    /// The account.
    pub account: String,
    /// What is known of the sign-in and the person, sealed.
    pub sealed: Vec<u8>,
    /// When the person signed in.
    pub authenticated_at: Seconds,
    /// When it ends.
    pub expires_at: Seconds,
}

/// A relying party that is told when a session ends (OpenID Connect Back-Channel Logout).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutNotice {
    /// Hash of the session's name, which stays the same when its person signs in again.
    pub session: Hash,
    /// The relying party.
    pub client: String,
    /// Of whom it is told, sealed.
    pub sealed: Vec<u8>,
    /// When it is told, or told again; nothing while the session goes on.
    pub due_at: Option<Seconds>,
    /// How often that was tried.
    pub attempts: i64,
    /// When it is forgotten, told or not.
    pub expires_at: Seconds,
}

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Its person signs in again: it goes on in another session of the same name.
    GoesOn,
    /// For good: whoever waits for it is told from `now` on, and no longer than `until`.
    Told {
        /// The time now.
        now: Seconds,
        /// When it is given up.
        until: Seconds,
    },
}

/// What a person is in the middle of: a request that is being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interaction {
    /// Hash of its name in the address.
    pub id: Hash,
    /// Hash of what the browser holds that began it.
    pub browser: Hash,
    /// The request, sealed: hints and states may say who somebody is.
    pub sealed: Vec<u8>,
    /// Challenge for the card, until a token answers it.
    pub challenge: Option<String>,
    /// When the challenge ends.
    pub challenge_expires_at: Option<Seconds>,
    /// The session of the person who agreed to what the page showed: what one person agrees to is nobody else's word.
    pub agreed_by: Option<Hash>,
    /// When it began.
    pub created_at: Seconds,
    /// When it ends.
    pub expires_at: Seconds,
}

/// A request that a relying party pushed (RFC 9126).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Hash of its name.
    pub id: Hash,
    /// Who pushed it.
    pub client: String,
    /// Its parameters, sealed.
    pub sealed: Vec<u8>,
    /// When it ends.
    pub expires_at: Seconds,
}

/// What a person gave a relying party, and the code by which it gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its random name.
    pub id: String,
    /// The relying party.
    pub client: String,
    /// The account.
    pub account: String,
    /// Hash of the code.
    pub code: Hash,
    /// When the code was used.
    pub code_used_at: Option<Seconds>,
    /// When the code ends.
    pub code_expires_at: Seconds,
    /// What was asked and what is known of the sign-in and the person, sealed.
    pub sealed: Vec<u8>,
    /// When it was withdrawn.
    pub revoked_at: Option<Seconds>,
    /// When the last of its tokens ends.
    pub expires_at: Seconds,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// For userinfo.
    Access,
    /// For more tokens.
    Refresh,
}

impl TokenKind {
    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access_token",
            Self::Refresh => "refresh_token",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Access, Self::Refresh].into_iter().find(|kind| kind.name() == name)
    }
}

/// An access or refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its grant.
    pub grant: String,
    /// Hash of its text.
    pub hash: Hash,
    /// What it is for.
    pub kind: TokenKind,
    /// Thumbprint of the key without which it is worth nothing (RFC 9449), if it is bound to one.
    pub bound_to: Option<Hash>,
    /// The part of the grant that it is for, sealed; the whole where there is none.
    pub part: Option<Vec<u8>>,
    /// When it was used, where it can be used once.
    pub used_at: Option<Seconds>,
    /// When it was given out.
    pub issued_at: Seconds,
    /// When it ends.
    pub expires_at: Seconds,
}

/// What became of a code or refresh token that can be used once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// It was used now.
    First,
    /// It had been used before.
    Again,
    /// There is none, it has ended, or its grant was withdrawn.
    Unknown,
}

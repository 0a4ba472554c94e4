//! Where everything is kept that outlives a request. The process itself keeps nothing.
//!
//! One trait, three implementations: [`MemoryStore`] for tests and measurements, [`SqliteStore`] by default, and
//! [`PostgresStore`]; one suite of tests runs on all of them. So that engines that spread a table over many machines can carry
//! it: names are random, every key is looked up by what its rows are spread by, no row is written by two people's sign-ins, and there
//! are no sequences, triggers or advisory locks.
//!
//! What must happen once happens by a conditional write, never by reading first. It is done by a named [`Attempt`]: whoever loses the
//! connection before the answer asks again under the same name, and is told that it was itself. [`Retrying`] does so.

mod attempt;
mod database;
mod memory;
mod migrations;
mod record;
mod retrying;
mod round_trip;
#[cfg(test)]
mod scale_out;
mod sql;
mod store_error;

use async_trait::async_trait;

pub use attempt::Attempt;
pub use database::{PostgresStore, SqliteStore};
pub use memory::MemoryStore;
pub use migrations::SCHEMA_VERSION;
pub use record::{
    Approval, Client, Ending, Grant, Interaction, KeptEntry, LogoutNotice, Proposal, Pushed, Redeemed,
    Session, Token, TokenKind,
};
pub use retrying::Retrying;
pub use store_error::{StoreError, Stored};

use crate::{clock::Seconds, secret::Hash};

/// What relying parties are, and what they send.
#[async_trait]
pub trait RelyingPartyStore: Send + Sync {
    /// Adds a relying party that registered itself. False: there is one of that name.
    async fn add_client(&self, client: &Client) -> Stored<bool> {
        self.add_client_by(Attempt::fresh(), client).await
    }
    /// The same, by a named attempt.
    async fn add_client_by(&self, attempt: Attempt, client: &Client) -> Stored<bool>;
    /// A relying party.
    async fn client(&self, id: &str) -> Stored<Option<Client>>;
    /// All of them, by name.
    async fn clients(&self) -> Stored<Vec<Client>>;
    /// How many stand that registered themselves.
    async fn count_standing_by_themselves(&self, now: Seconds) -> Stored<i64>;
    /// Keeps a request that a relying party pushed.
    async fn add_pushed(&self, pushed: &Pushed) -> Stored<()>;
    /// A pushed request that has not ended.
    async fn pushed(&self, id: Hash, now: Seconds) -> Stored<Option<Pushed>>;
    /// Takes a pushed request out, once.
    async fn take_pushed(&self, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
        self.take_pushed_by(Attempt::fresh(), id, now).await
    }
    /// The same, by a named attempt.
    async fn take_pushed_by(&self, attempt: Attempt, id: Hash, now: Seconds) -> Stored<Option<Pushed>>;
    /// Remembers the name of a client assertion. False: it was there.
    async fn remember_assertion(&self, name: Hash, expires_at: Seconds) -> Stored<bool> {
        self.remember_assertion_by(Attempt::fresh(), name, expires_at).await
    }
    /// The same, by a named attempt.
    async fn remember_assertion_by(&self, attempt: Attempt, name: Hash, expires_at: Seconds) -> Stored<bool>;
    /// Remembers the name of a proof of a key. False: it was there.
    async fn remember_proof(&self, name: Hash, expires_at: Seconds) -> Stored<bool> {
        self.remember_proof_by(Attempt::fresh(), name, expires_at).await
    }
    /// The same, by a named attempt.
    async fn remember_proof_by(&self, attempt: Attempt, name: Hash, expires_at: Seconds) -> Stored<bool>;
}

/// What operators do about relying parties.
#[async_trait]
pub trait AdministrationStore: Send + Sync {
    /// Adds an entry to an operator's chain. False: another one has that number.
    async fn add_entry(&self, operator: &str, number: i64, text: &str) -> Stored<bool>;
    /// The latest entry of an operator.
    async fn last_entry(&self, operator: &str) -> Stored<Option<KeptEntry>>;
    /// All entries, by operator and number.
    async fn entries(&self) -> Stored<Vec<KeptEntry>>;
    /// Keeps a proposal in place of one that waits for the same relying party.
    async fn put_proposal(&self, proposal: &Proposal) -> Stored<()>;
    /// What waits for a relying party.
    async fn proposal(&self, client: &str) -> Stored<Option<Proposal>>;
    /// All that waits, by relying party.
    async fn proposals(&self) -> Stored<Vec<Proposal>>;
    /// Ends a proposal, if it is the one that waits.
    async fn end_proposal(&self, client: &str, proposal: &str) -> Stored<()>;
    /// Registers what was approved, in place of what was approved `before`, and ends this suspension. A suspension that is another
    /// one stays. False: something else counts meanwhile, or it registered itself.
    async fn approve_client(
        &self,
        client: &Client,
        before: Option<&str>,
        takes_up: Option<&str>,
    ) -> Stored<bool>;
    /// Suspends a relying party from a time on. False: there is none of that name.
    async fn suspend_client(&self, id: &str, since: Seconds, suspension: &str) -> Stored<bool>;
}

/// Who signs in, what they are in the middle of, and who hears that they signed out.
#[async_trait]
pub trait SignInStore: Send + Sync {
    /// The account that a person's key leads to; `fresh` is the name of a new one where there is none.
    async fn account_of(&self, person: Hash, fresh: &str, now: Seconds) -> Stored<String>;
    /// Whether a key leads to an account.
    async fn knows_account(&self, person: Hash) -> Stored<bool>;
    /// Whether there is any account.
    async fn has_accounts(&self) -> Stored<bool>;
    /// Keeps a browser's session.
    async fn add_session(&self, session: &Session) -> Stored<()>;
    /// A session that has not ended.
    async fn session(&self, id: Hash, now: Seconds) -> Stored<Option<Session>>;
    /// Ends a session of this name, with what follows of it; all or nothing. Only the first to end it makes anything due.
    async fn end_session(&self, id: Hash, name: Hash, ending: Ending) -> Stored<()>;
    /// Notes that a relying party is told when a session ends, if it was not noted before. False: the session has ended.
    async fn add_logout_notice(&self, session: Hash, notice: &LogoutNotice, now: Seconds) -> Stored<bool>;
    /// Lets what is noted of a session that goes on wait longer.
    async fn keep_logout_notices(&self, name: Hash, expires_at: Seconds) -> Stored<()>;
    /// Notices that are due, the longest first.
    async fn due_logout_notices(&self, now: Seconds, most: usize) -> Stored<Vec<LogoutNotice>>;
    /// Takes a notice that is due, and makes it due again at `next` should nobody end it. False: somebody else took it.
    async fn take_logout_notice(&self, notice: &LogoutNotice, next: Seconds) -> Stored<bool> {
        self.take_logout_notice_by(Attempt::fresh(), notice, next).await
    }
    /// The same, by a named attempt.
    async fn take_logout_notice_by(
        &self,
        attempt: Attempt,
        notice: &LogoutNotice,
        next: Seconds,
    ) -> Stored<bool>;
    /// Ends a notice: it was told, or is given up.
    async fn end_logout_notice(&self, session: Hash, client: &str) -> Stored<()>;
    /// Keeps what a person is in the middle of.
    async fn add_interaction(&self, interaction: &Interaction) -> Stored<()>;
    /// What a person is in the middle of.
    async fn interaction(&self, id: Hash, now: Seconds) -> Stored<Option<Interaction>>;
    /// Gives an interaction a challenge, in place of one before it.
    async fn set_challenge(&self, id: Hash, challenge: &str, expires_at: Seconds) -> Stored<bool>;
    /// Takes the challenge out, once.
    async fn take_challenge(&self, id: Hash, now: Seconds) -> Stored<Option<String>> {
        self.take_challenge_by(Attempt::fresh(), id, now).await
    }
    /// The same, by a named attempt.
    async fn take_challenge_by(&self, attempt: Attempt, id: Hash, now: Seconds) -> Stored<Option<String>>;
    /// Notes that the person of a session agreed to what the page showed. False: the interaction has ended.
    async fn agree(&self, id: Hash, session: Hash) -> Stored<bool>;
    /// Ends an interaction. False: it had ended, so whoever asks now comes second.
    async fn end_interaction(&self, id: Hash) -> Stored<bool> {
        self.end_interaction_by(Attempt::fresh(), id).await
    }
    /// The same, by a named attempt.
    async fn end_interaction_by(&self, attempt: Attempt, id: Hash) -> Stored<bool>;
    /// Keeps that an account was used on a device, until it ends.
    async fn remember_device(&self, account: &str, device: Hash, expires_at: Seconds) -> Stored<()>;
    /// Until when an account is known to be used on a device; nothing where it is not, or no more.
    async fn device(&self, account: &str, device: Hash, now: Seconds) -> Stored<Option<Seconds>>;
    /// Keeps which claims a person lets a relying party have.
    async fn put_consent(&self, account: &str, client: &str, claims: &str, now: Seconds) -> Stored<()>;
    /// The claims that a person lets a relying party have.
    async fn consent(&self, account: &str, client: &str) -> Stored<Option<String>>;
}

/// What people gave relying parties, and the codes and tokens by which these get it.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Keeps a grant with its code.
    async fn add_grant(&self, grant: &Grant) -> Stored<()>;
    /// A grant, whatever became of it.
    async fn grant(&self, id: &str) -> Stored<Option<Grant>>;
    /// Uses a code up and keeps the tokens that come of it; both or neither.
    async fn redeem_code(&self, grant: &str, code: Hash, now: Seconds, tokens: &[Token]) -> Stored<Redeemed>;
    /// Uses a refresh token up and keeps the tokens that come of it; both or neither.
    async fn redeem_refresh(
        &self,
        grant: &str,
        used: Hash,
        now: Seconds,
        tokens: &[Token],
    ) -> Stored<Redeemed>;
    /// Keeps a token.
    async fn add_token(&self, token: &Token) -> Stored<()>;
    /// A token that has not ended, of a grant that stands.
    async fn token(&self, grant: &str, token: Hash, now: Seconds) -> Stored<Option<(Token, Grant)>>;
    /// Ends a token.
    async fn end_token(&self, grant: &str, token: Hash) -> Stored<()>;
    /// Withdraws a grant, and all its tokens with it.
    async fn revoke_grant(&self, grant: &str, now: Seconds) -> Stored<()>;
}

/// What is kept, and how it is found again.
#[async_trait]
pub trait Store: RelyingPartyStore + AdministrationStore + SignInStore + GrantStore {
    /// Which migration the tables had last; [`SCHEMA_VERSION`] is that of this version.
    async fn schema_version(&self) -> Stored<i64>;
    /// Forgets everything that has ended.
    async fn purge(&self, now: Seconds) -> Stored<()>;
}

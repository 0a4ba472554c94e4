//! A store that asks its database again where that helps, and measures each round trip.
//!
//! Databases whose transactions do not wait for each other refuse some of them (SQLSTATE 40001): nothing was done, and the same again
//! mostly succeeds. A connection can end before the answer: then nobody knows whether it was done. What happens once is asked again under
//! the same [`Attempt`]; what is added has a random name, so that a row of that name is our own; of what is redeemed, the tokens say
//! whether it was us.

use std::{future::Future, time::Duration};

use async_trait::async_trait;

use super::{
    AdministrationStore, Attempt, Client, Ending, Grant, GrantStore, Interaction, KeptEntry, LogoutNotice,
    Proposal, Pushed, Redeemed, RelyingPartyStore, Session, SignInStore, Store, StoreError, Stored, Token,
    round_trip, store_error::After,
};
use crate::{
    clock::Seconds,
    secret::{Hash, random_bytes},
};

/// How often at most.
const TRIES: u32 = 8;
/// Longest pause after the first try; twice as long after each other one.
const PAUSE: Duration = Duration::from_millis(4);

/// Another store, asked again.
#[derive(Debug, Clone)]
pub struct Retrying<S>(S);

/// How it ended, and whether an earlier try may have done it.
struct Ended<T> {
    result: Stored<T>,
    is_unsure: bool,
}

impl<S: Store> Retrying<S> {
    /// Around a store.
    pub const fn new(store: S) -> Self {
        Self(store)
    }

    async fn ask<T, F: Future<Output = Stored<T>> + Send>(
        &self,
        mut call: impl FnMut() -> F + Send,
    ) -> Ended<T> {
        let operation = round_trip::operation(&call);
        let mut is_unsure = false;
        for tried in 1..TRIES {
            let result = round_trip::measure(operation, call()).await;
            let after = match result.as_ref().err().map(StoreError::after) {
                Some(After::Undone) => "undone",
                Some(After::Unknown) => {
                    is_unsure = true;
                    "unknown"
                }
                None | Some(After::Final) => return Ended { result, is_unsure },
            };
            round_trip::count_retry(operation, after);
            pause(tried).await;
        }
        Ended { result: round_trip::measure(operation, call()).await, is_unsure }
    }

    async fn again<T, F: Future<Output = Stored<T>> + Send>(
        &self,
        call: impl FnMut() -> F + Send,
    ) -> Stored<T> {
        self.ask(call).await.result
    }

    /// Adds a row under a random name: one that is there already after a lost connection is the one that was to be added.
    async fn add<F: Future<Output = Stored<()>> + Send>(&self, call: impl FnMut() -> F + Send) -> Stored<()> {
        let ended = self.ask(call).await;
        match ended.result {
            Err(error) if ended.is_unsure && error.is_there_already() => Ok(()),
            result => result,
        }
    }

    /// After a lost connection, "used before" can be our own use: then its tokens are there.
    async fn redeemed(
        &self,
        ended: Ended<Redeemed>,
        grant: &str,
        now: Seconds,
        tokens: &[Token],
    ) -> Stored<Redeemed> {
        let redeemed = match (ended.result, tokens.first()) {
            (Ok(Redeemed::Again), Some(token)) if ended.is_unsure => {
                let found = self.token(grant, token.hash, now).await?;
                if found.is_some() { Redeemed::First } else { Redeemed::Again }
            }
            (result, _) => result?,
        };
        if redeemed == Redeemed::First {
            round_trip::count_tokens(tokens);
        }
        Ok(redeemed)
    }
}

/// Not all at the same time again.
async fn pause(tried: u32) {
    let longest = PAUSE.saturating_mul(1 << tried.min(6));
    let part = u32::from_le_bytes(random_bytes());
    tokio::time::sleep(longest.mul_f64(f64::from(part) / f64::from(u32::MAX))).await;
}

#[async_trait]
impl<S: Store> RelyingPartyStore for Retrying<S> {
    async fn add_client_by(&self, attempt: Attempt, client: &Client) -> Stored<bool> {
        self.again(|| self.0.add_client_by(attempt, client)).await
    }

    async fn client(&self, id: &str) -> Stored<Option<Client>> {
        self.again(|| self.0.client(id)).await
    }

    async fn clients(&self) -> Stored<Vec<Client>> {
        self.again(|| self.0.clients()).await
    }

    async fn count_standing_by_themselves(&self, now: Seconds) -> Stored<i64> {
        self.again(|| self.0.count_standing_by_themselves(now)).await
    }

    async fn add_pushed(&self, pushed: &Pushed) -> Stored<()> {
        self.add(|| self.0.add_pushed(pushed)).await
    }

    async fn pushed(&self, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
        self.again(|| self.0.pushed(id, now)).await
    }

    async fn take_pushed_by(&self, attempt: Attempt, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
        self.again(|| self.0.take_pushed_by(attempt, id, now)).await
    }

    async fn remember_assertion_by(&self, attempt: Attempt, name: Hash, expires_at: Seconds) -> Stored<bool> {
        self.again(|| self.0.remember_assertion_by(attempt, name, expires_at)).await
    }

    async fn remember_proof_by(&self, attempt: Attempt, name: Hash, expires_at: Seconds) -> Stored<bool> {
        self.again(|| self.0.remember_proof_by(attempt, name, expires_at)).await
    }
}

/// All of them say what there is to be in the end, so that the same again changes nothing.
#[async_trait]
impl<S: Store> AdministrationStore for Retrying<S> {
    async fn add_entry(&self, operator: &str, number: i64, text: &str) -> Stored<bool> {
        self.again(|| self.0.add_entry(operator, number, text)).await
    }

    async fn last_entry(&self, operator: &str) -> Stored<Option<KeptEntry>> {
        self.again(|| self.0.last_entry(operator)).await
    }

    async fn entries(&self) -> Stored<Vec<KeptEntry>> {
        self.again(|| self.0.entries()).await
    }

    async fn put_proposal(&self, proposal: &Proposal) -> Stored<()> {
        self.again(|| self.0.put_proposal(proposal)).await
    }

    async fn proposal(&self, client: &str) -> Stored<Option<Proposal>> {
        self.again(|| self.0.proposal(client)).await
    }

    async fn proposals(&self) -> Stored<Vec<Proposal>> {
        self.again(|| self.0.proposals()).await
    }

    async fn end_proposal(&self, client: &str, proposal: &str) -> Stored<()> {
        self.again(|| self.0.end_proposal(client, proposal)).await
    }

    async fn approve_client(
        &self,
        client: &Client,
        before: Option<&str>,
        takes_up: Option<&str>,
    ) -> Stored<bool> {
        self.again(|| self.0.approve_client(client, before, takes_up)).await
    }

    async fn suspend_client(&self, id: &str, since: Seconds, suspension: &str) -> Stored<bool> {
        self.again(|| self.0.suspend_client(id, since, suspension)).await
    }
}

#[async_trait]
impl<S: Store> SignInStore for Retrying<S> {
    async fn account_of(&self, person: Hash, fresh: &str, now: Seconds) -> Stored<String> {
        self.again(|| self.0.account_of(person, fresh, now)).await
    }

    async fn knows_account(&self, person: Hash) -> Stored<bool> {
        self.again(|| self.0.knows_account(person)).await
    }

    async fn has_accounts(&self) -> Stored<bool> {
        self.again(|| self.0.has_accounts()).await
    }

    async fn add_session(&self, session: &Session) -> Stored<()> {
        self.add(|| self.0.add_session(session)).await
    }

    async fn session(&self, id: Hash, now: Seconds) -> Stored<Option<Session>> {
        self.again(|| self.0.session(id, now)).await
    }

    async fn end_session(&self, id: Hash, name: Hash, ending: Ending) -> Stored<()> {
        self.again(|| self.0.end_session(id, name, ending)).await
    }

    async fn add_logout_notice(&self, session: Hash, notice: &LogoutNotice, now: Seconds) -> Stored<bool> {
        self.again(|| self.0.add_logout_notice(session, notice, now)).await
    }

    async fn keep_logout_notices(&self, name: Hash, expires_at: Seconds) -> Stored<()> {
        self.again(|| self.0.keep_logout_notices(name, expires_at)).await
    }

    async fn due_logout_notices(&self, now: Seconds, most: usize) -> Stored<Vec<LogoutNotice>> {
        self.again(|| self.0.due_logout_notices(now, most)).await
    }

    async fn take_logout_notice_by(
        &self,
        attempt: Attempt,
        notice: &LogoutNotice,
        next: Seconds,
    ) -> Stored<bool> {
        self.again(|| self.0.take_logout_notice_by(attempt, notice, next)).await
    }

    async fn end_logout_notice(&self, session: Hash, client: &str) -> Stored<()> {
        self.again(|| self.0.end_logout_notice(session, client)).await
    }

    async fn add_interaction(&self, interaction: &Interaction) -> Stored<()> {
        self.add(|| self.0.add_interaction(interaction)).await
    }

    async fn interaction(&self, id: Hash, now: Seconds) -> Stored<Option<Interaction>> {
        self.again(|| self.0.interaction(id, now)).await
    }

    async fn set_challenge(&self, id: Hash, challenge: &str, expires_at: Seconds) -> Stored<bool> {
        self.again(|| self.0.set_challenge(id, challenge, expires_at)).await
    }

    async fn take_challenge_by(&self, attempt: Attempt, id: Hash, now: Seconds) -> Stored<Option<String>> {
        self.again(|| self.0.take_challenge_by(attempt, id, now)).await
    }

    async fn agree(&self, id: Hash, session: Hash) -> Stored<bool> {
        self.again(|| self.0.agree(id, session)).await
    }

    async fn end_interaction_by(&self, attempt: Attempt, id: Hash) -> Stored<bool> {
        self.again(|| self.0.end_interaction_by(attempt, id)).await
    }

    async fn remember_device(&self, account: &str, device: Hash, expires_at: Seconds) -> Stored<()> {
        self.again(|| self.0.remember_device(account, device, expires_at)).await
    }

    async fn device(&self, account: &str, device: Hash, now: Seconds) -> Stored<Option<Seconds>> {
        self.again(|| self.0.device(account, device, now)).await
    }

    async fn put_consent(&self, account: &str, client: &str, claims: &str, now: Seconds) -> Stored<()> {
        self.again(|| self.0.put_consent(account, client, claims, now)).await
    }

    async fn consent(&self, account: &str, client: &str) -> Stored<Option<String>> {
        self.again(|| self.0.consent(account, client)).await
    }
}

#[async_trait]
impl<S: Store> GrantStore for Retrying<S> {
    async fn add_grant(&self, grant: &Grant) -> Stored<()> {
        self.add(|| self.0.add_grant(grant)).await
    }

    async fn grant(&self, id: &str) -> Stored<Option<Grant>> {
        self.again(|| self.0.grant(id)).await
    }

    async fn redeem_code(&self, grant: &str, code: Hash, now: Seconds, tokens: &[Token]) -> Stored<Redeemed> {
        let ended = self.ask(|| self.0.redeem_code(grant, code, now, tokens)).await;
        self.redeemed(ended, grant, now, tokens).await
    }

    async fn redeem_refresh(
        &self,
        grant: &str,
        used: Hash,
        now: Seconds,
        tokens: &[Token],
    ) -> Stored<Redeemed> {
        let ended = self.ask(|| self.0.redeem_refresh(grant, used, now, tokens)).await;
        self.redeemed(ended, grant, now, tokens).await
    }

    async fn add_token(&self, token: &Token) -> Stored<()> {
        self.add(|| self.0.add_token(token)).await?;
        round_trip::count_tokens(std::slice::from_ref(token));
        Ok(())
    }

    async fn token(&self, grant: &str, token: Hash, now: Seconds) -> Stored<Option<(Token, Grant)>> {
        self.again(|| self.0.token(grant, token, now)).await
    }

    async fn end_token(&self, grant: &str, token: Hash) -> Stored<()> {
        self.again(|| self.0.end_token(grant, token)).await
    }

    async fn revoke_grant(&self, grant: &str, now: Seconds) -> Stored<()> {
        self.again(|| self.0.revoke_grant(grant, now)).await
    }
}

#[async_trait]
impl<S: Store> Store for Retrying<S> {
    async fn schema_version(&self) -> Stored<i64> {
        self.again(|| self.0.schema_version()).await
    }

    async fn purge(&self, now: Seconds) -> Stored<()> {
        self.again(|| self.0.purge(now)).await
    }
}

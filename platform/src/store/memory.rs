//! In memory: for tests and measurements, and gone with the process.

mod administration;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::{
    Attempt, Client, Ending, Grant, GrantStore, Interaction, LogoutNotice, Proposal, Pushed, Redeemed,
    RelyingPartyStore, SCHEMA_VERSION, Session, SignInStore, Store, Stored, Token, TokenKind,
};
use crate::{clock::Seconds, secret::Hash};

/// Everything in maps behind one lock.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    clients: HashMap<String, Once<Client>>,
    proposals: BTreeMap<String, Proposal>,
    entries: BTreeMap<(String, i64), String>,
    accounts: HashMap<Hash, String>,
    sessions: HashMap<Hash, Session>,
    logout_notices: HashMap<(Hash, String), LogoutNotice>,
    /// Who took a notice last.
    logout_takers: HashMap<(Hash, String), Attempt>,
    interactions: HashMap<Hash, Once<Interaction>>,
    /// Who took the challenge of an interaction.
    challenges: HashMap<Hash, Attempt>,
    pushed: HashMap<Hash, Once<Pushed>>,
    consents: HashMap<(String, String), String>,
    devices: HashMap<(String, Hash), Seconds>,
    grants: HashMap<String, Grant>,
    tokens: HashMap<(String, Hash), Token>,
    assertions: HashMap<Hash, Once<Seconds>>,
    proofs: HashMap<Hash, Once<Seconds>>,
}

/// What happens once, and who did it.
#[derive(Debug)]
struct Once<T> {
    kept: T,
    done_by: Option<Attempt>,
}

impl<T> Once<T> {
    const fn new(kept: T) -> Self {
        Self { kept, done_by: None }
    }

    /// What is kept, until it is done.
    fn open(&mut self) -> Option<&mut T> {
        self.done_by.is_none().then_some(&mut self.kept)
    }

    fn is_done_by(&mut self, attempt: Attempt) -> bool {
        *self.done_by.get_or_insert(attempt) == attempt
    }
}

impl MemoryStore {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn add_tokens(&mut self, tokens: &[Token]) {
        for token in tokens {
            self.tokens.insert((token.grant.clone(), token.hash), token.clone());
        }
    }

    fn interaction(&mut self, id: Hash) -> Option<&mut Interaction> {
        self.interactions.get_mut(&id).and_then(Once::open)
    }

    fn stands(&self, grant: &str) -> bool {
        self.grants.get(grant).is_some_and(|grant| grant.revoked_at.is_none())
    }
}

#[async_trait]
impl RelyingPartyStore for MemoryStore {
    async fn add_client_by(&self, attempt: Attempt, client: &Client) -> Stored<bool> {
        let mut tables = self.tables();
        let kept = tables.clients.entry(client.id.clone()).or_insert_with(|| Once::new(client.clone()));
        Ok(kept.is_done_by(attempt))
    }

    async fn client(&self, id: &str) -> Stored<Option<Client>> {
        Ok(self.tables().clients.get(id).map(|client| client.kept.clone()))
    }

    async fn clients(&self) -> Stored<Vec<Client>> {
        let mut clients: Vec<Client> =
            self.tables().clients.values().map(|client| client.kept.clone()).collect();
        clients.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(clients)
    }

    async fn count_standing_by_themselves(&self, now: Seconds) -> Stored<i64> {
        let tables = self.tables();
        let stands = |client: &&Once<Client>| client.kept.expires_at.is_some_and(|end| end > now);
        Ok(i64::try_from(tables.clients.values().filter(stands).count()).unwrap_or(i64::MAX))
    }

    async fn add_pushed(&self, pushed: &Pushed) -> Stored<()> {
        self.tables().pushed.insert(pushed.id, Once::new(pushed.clone()));
        Ok(())
    }

    async fn pushed(&self, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
        let mut tables = self.tables();
        let found = tables.pushed.get_mut(&id).and_then(Once::open);
        Ok(found.filter(|pushed| pushed.expires_at > now).cloned())
    }

    async fn take_pushed_by(&self, attempt: Attempt, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
        let mut tables = self.tables();
        let found = tables.pushed.get_mut(&id).filter(|pushed| pushed.kept.expires_at > now);
        Ok(found.and_then(|pushed| pushed.is_done_by(attempt).then(|| pushed.kept.clone())))
    }

    async fn remember_assertion_by(&self, attempt: Attempt, name: Hash, expires_at: Seconds) -> Stored<bool> {
        let mut tables = self.tables();
        Ok(tables.assertions.entry(name).or_insert(Once::new(expires_at)).is_done_by(attempt))
    }

    async fn remember_proof_by(&self, attempt: Attempt, name: Hash, expires_at: Seconds) -> Stored<bool> {
        let mut tables = self.tables();
        Ok(tables.proofs.entry(name).or_insert(Once::new(expires_at)).is_done_by(attempt))
    }
}

#[async_trait]
impl SignInStore for MemoryStore {
    async fn account_of(&self, person: Hash, fresh: &str, _: Seconds) -> Stored<String> {
        Ok(self.tables().accounts.entry(person).or_insert_with(|| fresh.to_owned()).clone())
    }

    async fn knows_account(&self, person: Hash) -> Stored<bool> {
        Ok(self.tables().accounts.contains_key(&person))
    }

    async fn has_accounts(&self) -> Stored<bool> {
        Ok(!self.tables().accounts.is_empty())
    }

    async fn add_session(&self, session: &Session) -> Stored<()> {
        self.tables().sessions.insert(session.id, session.clone());
        Ok(())
    }

    async fn session(&self, id: Hash, now: Seconds) -> Stored<Option<Session>> {
        Ok(self.tables().sessions.get(&id).filter(|session| session.expires_at > now).cloned())
    }

    async fn end_session(&self, id: Hash, name: Hash, ending: Ending) -> Stored<()> {
        let mut tables = self.tables();
        if let (Some(_), Ending::Told { now, until }) = (tables.sessions.remove(&id), ending) {
            let waits = |notice: &&mut LogoutNotice| notice.session == name && notice.due_at.is_none();
            for notice in tables.logout_notices.values_mut().filter(waits) {
                notice.due_at = Some(now);
                notice.expires_at = until;
            }
        }
        Ok(())
    }

    async fn add_logout_notice(&self, session: Hash, notice: &LogoutNotice, now: Seconds) -> Stored<bool> {
        let mut tables = self.tables();
        let goes_on = tables.sessions.get(&session).is_some_and(|session| session.expires_at > now);
        if goes_on {
            let key = (notice.session, notice.client.clone());
            tables.logout_notices.entry(key).or_insert_with(|| notice.clone());
        }
        Ok(goes_on)
    }

    async fn keep_logout_notices(&self, name: Hash, expires_at: Seconds) -> Stored<()> {
        for notice in self.tables().logout_notices.values_mut().filter(|notice| notice.session == name) {
            notice.expires_at = expires_at;
        }
        Ok(())
    }

    async fn due_logout_notices(&self, now: Seconds, most: usize) -> Stored<Vec<LogoutNotice>> {
        let tables = self.tables();
        let due = tables.logout_notices.values().filter(|notice| notice.due_at.is_some_and(|due| due <= now));
        let mut due: Vec<LogoutNotice> = due.cloned().collect();
        due.sort_by_key(|notice| notice.due_at);
        due.truncate(most);
        Ok(due)
    }

    async fn take_logout_notice_by(
        &self,
        attempt: Attempt,
        notice: &LogoutNotice,
        next: Seconds,
    ) -> Stored<bool> {
        let mut tables = self.tables();
        let key = (notice.session, notice.client.clone());
        let Tables { logout_notices, logout_takers, .. } = &mut *tables;
        let Some(found) = logout_notices.get_mut(&key) else { return Ok(false) };
        if found.due_at != notice.due_at {
            return Ok(found.due_at == Some(next) && logout_takers.get(&key) == Some(&attempt));
        }
        found.due_at = Some(next);
        found.attempts = notice.attempts + 1;
        logout_takers.insert(key, attempt);
        Ok(true)
    }

    async fn end_logout_notice(&self, session: Hash, client: &str) -> Stored<()> {
        self.tables().logout_notices.remove(&(session, client.to_owned()));
        Ok(())
    }

    async fn add_interaction(&self, interaction: &Interaction) -> Stored<()> {
        self.tables().interactions.insert(interaction.id, Once::new(interaction.clone()));
        Ok(())
    }

    async fn interaction(&self, id: Hash, now: Seconds) -> Stored<Option<Interaction>> {
        Ok(self.tables().interaction(id).filter(|found| found.expires_at > now).cloned())
    }

    async fn set_challenge(&self, id: Hash, challenge: &str, expires_at: Seconds) -> Stored<bool> {
        let mut tables = self.tables();
        let Some(interaction) = tables.interaction(id) else { return Ok(false) };
        interaction.challenge = Some(challenge.to_owned());
        interaction.challenge_expires_at = Some(expires_at);
        tables.challenges.remove(&id);
        Ok(true)
    }

    async fn take_challenge_by(&self, attempt: Attempt, id: Hash, now: Seconds) -> Stored<Option<String>> {
        let mut tables = self.tables();
        let Some(interaction) = tables.interaction(id) else { return Ok(None) };
        if interaction.challenge_expires_at.is_none_or(|end| end <= now) {
            return Ok(None);
        }
        let challenge = interaction.challenge.clone();
        Ok(challenge.filter(|_| *tables.challenges.entry(id).or_insert(attempt) == attempt))
    }

    async fn agree(&self, id: Hash, session: Hash) -> Stored<bool> {
        let mut tables = self.tables();
        Ok(tables.interaction(id).map(|found| found.agreed_by = Some(session)).is_some())
    }

    async fn end_interaction_by(&self, attempt: Attempt, id: Hash) -> Stored<bool> {
        Ok(self.tables().interactions.get_mut(&id).is_some_and(|found| found.is_done_by(attempt)))
    }

    async fn remember_device(&self, account: &str, device: Hash, expires_at: Seconds) -> Stored<()> {
        self.tables().devices.insert((account.to_owned(), device), expires_at);
        Ok(())
    }

    async fn device(&self, account: &str, device: Hash, now: Seconds) -> Stored<Option<Seconds>> {
        let found = self.tables().devices.get(&(account.to_owned(), device)).copied();
        Ok(found.filter(|expires_at| *expires_at > now))
    }

    async fn put_consent(&self, account: &str, client: &str, claims: &str, _: Seconds) -> Stored<()> {
        self.tables().consents.insert((account.to_owned(), client.to_owned()), claims.to_owned());
        Ok(())
    }

    async fn consent(&self, account: &str, client: &str) -> Stored<Option<String>> {
        Ok(self.tables().consents.get(&(account.to_owned(), client.to_owned())).cloned())
    }
}

#[async_trait]
impl GrantStore for MemoryStore {
    async fn add_grant(&self, grant: &Grant) -> Stored<()> {
        self.tables().grants.insert(grant.id.clone(), grant.clone());
        Ok(())
    }

    async fn grant(&self, id: &str) -> Stored<Option<Grant>> {
        Ok(self.tables().grants.get(id).cloned())
    }

    async fn redeem_code(&self, grant: &str, code: Hash, now: Seconds, tokens: &[Token]) -> Stored<Redeemed> {
        let mut tables = self.tables();
        let Some(found) = tables.grants.get_mut(grant).filter(|found| found.code == code) else {
            return Ok(Redeemed::Unknown);
        };
        if found.code_used_at.is_some() {
            return Ok(Redeemed::Again);
        }
        if found.code_expires_at <= now || found.revoked_at.is_some() {
            return Ok(Redeemed::Unknown);
        }
        found.code_used_at = Some(now);
        tables.add_tokens(tokens);
        Ok(Redeemed::First)
    }

    async fn redeem_refresh(
        &self,
        grant: &str,
        used: Hash,
        now: Seconds,
        tokens: &[Token],
    ) -> Stored<Redeemed> {
        let mut tables = self.tables();
        let stands = tables.stands(grant);
        let key = (grant.to_owned(), used);
        let found = tables.tokens.get_mut(&key).filter(|token| token.kind == TokenKind::Refresh);
        let Some(token) = found else { return Ok(Redeemed::Unknown) };
        if token.used_at.is_some() {
            return Ok(Redeemed::Again);
        }
        if token.expires_at <= now || !stands {
            return Ok(Redeemed::Unknown);
        }
        token.used_at = Some(now);
        tables.add_tokens(tokens);
        Ok(Redeemed::First)
    }

    async fn add_token(&self, token: &Token) -> Stored<()> {
        self.tables().add_tokens(std::slice::from_ref(token));
        Ok(())
    }

    async fn token(&self, grant: &str, token: Hash, now: Seconds) -> Stored<Option<(Token, Grant)>> {
        let tables = self.tables();
        if !tables.stands(grant) {
            return Ok(None);
        }
        let found = tables.tokens.get(&(grant.to_owned(), token)).filter(|token| token.expires_at > now);
        Ok(found.cloned().zip(tables.grants.get(grant).cloned()))
    }

    async fn end_token(&self, grant: &str, token: Hash) -> Stored<()> {
        self.tables().tokens.remove(&(grant.to_owned(), token));
        Ok(())
    }

    async fn revoke_grant(&self, grant: &str, now: Seconds) -> Stored<()> {
        if let Some(found) = self.tables().grants.get_mut(grant) {
            found.revoked_at.get_or_insert(now);
        }
        Ok(())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn schema_version(&self) -> Stored<i64> {
        Ok(SCHEMA_VERSION)
    }

    async fn purge(&self, now: Seconds) -> Stored<()> {
        let mut tables = self.tables();
        tables.clients.retain(|_, client| client.kept.expires_at.is_none_or(|end| end > now));
        tables.sessions.retain(|_, session| session.expires_at > now);
        tables.logout_notices.retain(|_, notice| notice.expires_at > now);
        let Tables { logout_notices, logout_takers, .. } = &mut *tables;
        logout_takers.retain(|key, _| logout_notices.contains_key(key));
        tables.interactions.retain(|_, interaction| interaction.kept.expires_at > now);
        let Tables { interactions, challenges, .. } = &mut *tables;
        challenges.retain(|id, _| interactions.contains_key(id));
        tables.pushed.retain(|_, pushed| pushed.kept.expires_at > now);
        tables.tokens.retain(|_, token| token.expires_at > now);
        tables.grants.retain(|_, grant| grant.expires_at > now);
        tables.devices.retain(|_, expires_at| *expires_at > now);
        tables.assertions.retain(|_, end| end.kept > now);
        tables.proofs.retain(|_, end| end.kept > now);
        Ok(())
    }
}

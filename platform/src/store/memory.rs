//! In memory: for tests and measurements, and gone with the process.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::{Client, Grant, Interaction, Pushed, Redeemed, Session, Store, Stored, Token, TokenKind};
use crate::{clock::Seconds, secret::Hash};

/// Everything in maps behind one lock.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    clients: HashMap<String, Client>,
    accounts: HashMap<Hash, String>,
    sessions: HashMap<Hash, Session>,
    interactions: HashMap<Hash, Interaction>,
    pushed: HashMap<Hash, Pushed>,
    consents: HashMap<(String, String), String>,
    grants: HashMap<String, Grant>,
    tokens: HashMap<(String, Hash), Token>,
    assertions: HashMap<Hash, Seconds>,
    proofs: HashMap<Hash, Seconds>,
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

    fn stands(&self, grant: &str) -> bool {
        self.grants.get(grant).is_some_and(|grant| grant.revoked_at.is_none())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn add_client(&self, client: &Client) -> Stored<bool> {
        let mut tables = self.tables();
        let new = !tables.clients.contains_key(&client.id);
        if new {
            tables.clients.insert(client.id.clone(), client.clone());
        }
        Ok(new)
    }

    async fn client(&self, id: &str) -> Stored<Option<Client>> {
        Ok(self.tables().clients.get(id).cloned())
    }

    async fn clients(&self) -> Stored<Vec<Client>> {
        let mut clients: Vec<Client> = self.tables().clients.values().cloned().collect();
        clients.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(clients)
    }

    async fn suspend_client(&self, id: &str, since: Option<Seconds>) -> Stored<bool> {
        Ok(self.tables().clients.get_mut(id).map(|client| client.suspended_at = since).is_some())
    }

    async fn account_of(&self, person: Hash, fresh: &str, _: Seconds) -> Stored<String> {
        Ok(self.tables().accounts.entry(person).or_insert_with(|| fresh.to_owned()).clone())
    }

    async fn add_session(&self, session: &Session) -> Stored<()> {
        self.tables().sessions.insert(session.id, session.clone());
        Ok(())
    }

    async fn session(&self, id: Hash, now: Seconds) -> Stored<Option<Session>> {
        Ok(self.tables().sessions.get(&id).filter(|session| session.expires_at > now).cloned())
    }

    async fn end_session(&self, id: Hash) -> Stored<()> {
        self.tables().sessions.remove(&id);
        Ok(())
    }

    async fn add_interaction(&self, interaction: &Interaction) -> Stored<()> {
        self.tables().interactions.insert(interaction.id, interaction.clone());
        Ok(())
    }

    async fn interaction(&self, id: Hash, now: Seconds) -> Stored<Option<Interaction>> {
        Ok(self.tables().interactions.get(&id).filter(|found| found.expires_at > now).cloned())
    }

    async fn set_challenge(&self, id: Hash, challenge: &str, expires_at: Seconds) -> Stored<bool> {
        let mut tables = self.tables();
        let Some(interaction) = tables.interactions.get_mut(&id) else { return Ok(false) };
        interaction.challenge = Some(challenge.to_owned());
        interaction.challenge_expires_at = Some(expires_at);
        Ok(true)
    }

    async fn take_challenge(&self, id: Hash, now: Seconds) -> Stored<Option<String>> {
        let mut tables = self.tables();
        let Some(interaction) = tables.interactions.get_mut(&id) else { return Ok(None) };
        if interaction.challenge_expires_at.is_none_or(|end| end <= now) {
            return Ok(None);
        }
        Ok(interaction.challenge.take())
    }

    async fn agree(&self, id: Hash, session: Hash) -> Stored<bool> {
        let mut tables = self.tables();
        Ok(tables.interactions.get_mut(&id).map(|found| found.agreed_by = Some(session)).is_some())
    }

    async fn end_interaction(&self, id: Hash) -> Stored<bool> {
        Ok(self.tables().interactions.remove(&id).is_some())
    }

    async fn add_pushed(&self, pushed: &Pushed) -> Stored<()> {
        self.tables().pushed.insert(pushed.id, pushed.clone());
        Ok(())
    }

    async fn pushed(&self, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
        Ok(self.tables().pushed.get(&id).filter(|pushed| pushed.expires_at > now).cloned())
    }

    async fn take_pushed(&self, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
        Ok(self.tables().pushed.remove(&id).filter(|pushed| pushed.expires_at > now))
    }

    async fn put_consent(&self, account: &str, client: &str, claims: &str, _: Seconds) -> Stored<()> {
        self.tables().consents.insert((account.to_owned(), client.to_owned()), claims.to_owned());
        Ok(())
    }

    async fn consent(&self, account: &str, client: &str) -> Stored<Option<String>> {
        Ok(self.tables().consents.get(&(account.to_owned(), client.to_owned())).cloned())
    }

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

    async fn remember_assertion(&self, name: Hash, expires_at: Seconds) -> Stored<bool> {
        Ok(self.tables().assertions.insert(name, expires_at).is_none())
    }

    async fn remember_proof(&self, name: Hash, expires_at: Seconds) -> Stored<bool> {
        Ok(self.tables().proofs.insert(name, expires_at).is_none())
    }

    async fn purge(&self, now: Seconds) -> Stored<()> {
        let mut tables = self.tables();
        tables.sessions.retain(|_, session| session.expires_at > now);
        tables.interactions.retain(|_, interaction| interaction.expires_at > now);
        tables.pushed.retain(|_, pushed| pushed.expires_at > now);
        tables.tokens.retain(|_, token| token.expires_at > now);
        tables.grants.retain(|_, grant| grant.expires_at > now);
        tables.assertions.retain(|_, end| *end > now);
        tables.proofs.retain(|_, end| *end > now);
        Ok(())
    }
}

use async_trait::async_trait;

use super::{
    super::{AdministrationStore, Client, KeptEntry, Proposal, Stored},
    MemoryStore, Once,
};
use crate::clock::Seconds;

fn entry(((operator, number), text): (&(String, i64), &String)) -> KeptEntry {
    KeptEntry { operator: operator.clone(), number: *number, text: text.clone() }
}

#[async_trait]
impl AdministrationStore for MemoryStore {
    async fn add_entry(&self, operator: &str, number: i64, text: &str) -> Stored<bool> {
        let mut tables = self.tables();
        let kept = tables.entries.entry((operator.to_owned(), number)).or_insert_with(|| text.to_owned());
        Ok(kept == text)
    }

    async fn last_entry(&self, operator: &str) -> Stored<Option<KeptEntry>> {
        let all = (operator.to_owned(), i64::MIN)..=(operator.to_owned(), i64::MAX);
        Ok(self.tables().entries.range(all).next_back().map(entry))
    }

    async fn entries(&self) -> Stored<Vec<KeptEntry>> {
        Ok(self.tables().entries.iter().map(entry).collect())
    }

    async fn put_proposal(&self, proposal: &Proposal) -> Stored<()> {
        self.tables().proposals.insert(proposal.client.clone(), proposal.clone());
        Ok(())
    }

    async fn proposal(&self, client: &str) -> Stored<Option<Proposal>> {
        Ok(self.tables().proposals.get(client).cloned())
    }

    async fn proposals(&self) -> Stored<Vec<Proposal>> {
        Ok(self.tables().proposals.values().cloned().collect())
    }

    async fn end_proposal(&self, client: &str, proposal: &str) -> Stored<()> {
        self.tables().proposals.retain(|id, kept| id != client || kept.proposal != proposal);
        Ok(())
    }

    async fn approve_client(
        &self,
        client: &Client,
        before: Option<&str>,
        takes_up: Option<&str>,
    ) -> Stored<bool> {
        let mut tables = self.tables();
        let text = |client: &Client| client.approval.as_ref().map(|signed| signed.approval.clone());
        let Some(kept) = tables.clients.get_mut(&client.id) else {
            tables.clients.insert(client.id.clone(), Once::new(client.clone()));
            return Ok(true);
        };
        let kept = &mut kept.kept;
        let follows = text(kept).as_deref() == before || text(kept) == text(client);
        if kept.expires_at.is_some() || !follows {
            return Ok(false);
        }
        kept.registration.clone_from(&client.registration);
        kept.approval.clone_from(&client.approval);
        if takes_up == Some(kept.suspension.as_deref().unwrap_or_default()) {
            (kept.suspended_at, kept.suspension) = (None, None);
        }
        Ok(true)
    }

    async fn suspend_client(&self, id: &str, since: Seconds, suspension: &str) -> Stored<bool> {
        let mut tables = self.tables();
        let Some(client) = tables.clients.get_mut(id) else { return Ok(false) };
        client.kept.suspended_at = Some(since);
        client.kept.suspension = Some(suspension.to_owned());
        Ok(true)
    }
}

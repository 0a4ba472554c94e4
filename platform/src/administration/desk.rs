//! Where operators do their work.

use std::collections::BTreeSet;

use bitaqa_jose::PrivateJwk;
use bitaqa_protocol::Origin;

use super::{
    approval::{self, NotApproved, Proposed},
    entry::{Act, Entry, EntryError, Reason},
    operator::{Operator, Operators, Role},
};
use crate::{
    clock::Clock,
    registration::{Registration, RegistrationError, digest, is_client_id},
    settings::Realm,
    store::{Approval, Client, Proposal, Store, StoreError},
};

/// What the operators' work needs.
pub struct Desk<'a> {
    /// Where everything is kept.
    pub store: &'a dyn Store,
    /// Who may work.
    pub operators: &'a Operators,
    /// The platform.
    pub platform: &'a Origin,
    /// Its realm.
    pub realm: Realm,
    /// What says the time.
    pub clock: &'a Clock,
}

/// A proposal that waits, read and found to be what an onboarder signed.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// What is kept.
    pub kept: Proposal,
    /// Its registration.
    pub registration: Registration,
    /// Who proposed it, and when.
    pub proposed: Proposed,
}

impl Waiting {
    /// What an authoriser approves or refuses it by.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.kept.proposal)
    }
}

impl Desk<'_> {
    /// Proposes a registration, in place of what waits; gives the proposal's digest. Sector and authentication of one that counts stay:
    /// everybody would be somebody else to it, and tokens that it has are bound to how it shows who it is.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn propose(
        &self,
        key: &PrivateJwk,
        id: &str,
        registration: &Registration,
    ) -> Result<String, DeskError> {
        if !is_client_id(id) {
            return Err(RegistrationError::Id.into());
        }
        registration.check(self.realm)?;
        check_what_stays(id, self.approved(id).await?.as_ref(), registration)?;
        self.put(key, id, registration.to_text()?, None).await
    }

    /// Proposes to take a suspended relying party up again, as it is registered.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn propose_to_take_up(&self, key: &PrivateJwk, id: &str) -> Result<String, DeskError> {
        let client = self.approved(id).await?.ok_or_else(|| DeskError::Unknown(id.to_owned()))?;
        if client.suspended_at.is_none() {
            return Err(DeskError::NotSuspended(id.to_owned()));
        }
        let ends = digest(client.suspension.as_deref().unwrap_or_default());
        self.put(key, id, client.registration, Some(ends)).await
    }

    async fn put(
        &self,
        key: &PrivateJwk,
        id: &str,
        registration: String,
        takes_up: Option<String>,
    ) -> Result<String, DeskError> {
        let act = Act::Propose {
            client: id.to_owned(),
            revision: self.next_revision(id).await?,
            registration: digest(&registration),
            takes_up,
        };
        let proposal = self.sign(key, act).await?;
        let name = digest(&proposal);
        self.store.put_proposal(&Proposal { client: id.to_owned(), registration, proposal }).await?;
        Ok(name)
    }

    /// What waits for an authoriser.
    ///
    /// # Errors
    /// [`DeskError`]: also where what waits is not what an onboarder signed, or breaks a rule.
    pub async fn waiting(&self, id: &str) -> Result<Option<Waiting>, DeskError> {
        let Some(kept) = self.store.proposal(id).await? else { return Ok(None) };
        let proposed =
            approval::proposed(id, &kept.registration, &kept.proposal, self.operators, self.platform)?;
        let registration: Registration = serde_json::from_str(&kept.registration)?;
        registration.check(self.realm)?;
        Ok(Some(Waiting { kept, registration, proposed }))
    }

    /// Approves the proposal of this digest: from now on it counts.
    ///
    /// # Errors
    /// [`DeskError`]: another one waits, something counts that it does not follow, this operator may not.
    pub async fn approve(&self, key: &PrivateJwk, id: &str, proposal: &str) -> Result<(), DeskError> {
        let waiting = self.waits(id, proposal).await?;
        let before = self.approved(id).await?;
        // whoever proposed it may have done so without the command
        check_what_stays(id, before.as_ref(), &waiting.registration)?;
        let suspension = before.as_ref().filter(|client| client.suspended_at.is_some());
        let suspension = suspension.map(|client| client.suspension.clone().unwrap_or_default());
        let takes_up = match (&waiting.proposed.takes_up, suspension) {
            (None, _) => None,
            (Some(ends), Some(suspension)) if *ends == digest(&suspension) => Some(suspension),
            (Some(_), _) => return Err(DeskError::Stale(id.to_owned())),
        };
        if waiting.proposed.revision != self.next_revision(id).await? {
            return Err(DeskError::Stale(id.to_owned()));
        }
        let act = Act::Approve { client: id.to_owned(), proposal: waiting.digest() };
        let approval = self.sign(key, act).await?;
        let client = Client {
            id: id.to_owned(),
            registration: waiting.kept.registration.clone(),
            approval: Some(Approval { proposal: waiting.kept.proposal.clone(), approval }),
            suspended_at: None,
            suspension: None,
            expires_at: None,
            created_at: self.clock.now(),
        };
        let before = before.and_then(|client| client.approval).map(|approval| approval.approval);
        if !self.store.approve_client(&client, before.as_deref(), takes_up.as_deref()).await? {
            return Err(DeskError::Stale(id.to_owned()));
        }
        self.store.end_proposal(id, &waiting.kept.proposal).await?;
        Ok(())
    }

    /// Refuses the proposal of this digest.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn refuse(
        &self,
        key: &PrivateJwk,
        id: &str,
        proposal: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        let kept = self.store.proposal(id).await?;
        let kept = kept.filter(|kept| digest(&kept.proposal) == proposal);
        let kept = kept.ok_or_else(|| DeskError::OtherProposal(id.to_owned()))?;
        let reason = Reason::parse(reason).map_err(|_| DeskError::Reason)?;
        self.sign(key, Act::Refuse { client: id.to_owned(), proposal: proposal.to_owned(), reason }).await?;
        self.store.end_proposal(id, &kept.proposal).await?;
        Ok(())
    }

    /// Suspends a relying party: from now on it can ask nothing. It takes one operator, of either role.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn suspend(&self, key: &PrivateJwk, id: &str, reason: &str) -> Result<(), DeskError> {
        let reason = Reason::parse(reason).map_err(|_| DeskError::Reason)?;
        let unknown = || DeskError::Unknown(id.to_owned());
        if !is_client_id(id) || self.store.client(id).await?.is_none() {
            return Err(unknown());
        }
        let revision = self.next_revision(id).await?.saturating_sub(1);
        let suspension = self.sign(key, Act::Suspend { client: id.to_owned(), revision, reason }).await?;
        if self.store.suspend_client(id, self.clock.now(), &suspension).await? {
            Ok(())
        } else {
            Err(unknown())
        }
    }

    async fn waits(&self, id: &str, proposal: &str) -> Result<Waiting, DeskError> {
        let waiting = self.waiting(id).await?.filter(|waiting| waiting.digest() == proposal);
        waiting.ok_or_else(|| DeskError::OtherProposal(id.to_owned()))
    }

    /// One that operators registered.
    async fn approved(&self, id: &str) -> Result<Option<Client>, DeskError> {
        match self.store.client(id).await? {
            Some(client) if client.expires_at.is_some() => Err(DeskError::RegisteredItself(id.to_owned())),
            client => Ok(client),
        }
    }

    /// One more than the revision of what is there, whether its signatures still count or not. Where nothing is there, one more than
    /// what was ever approved: processes that saw that take nothing older.
    async fn next_revision(&self, id: &str) -> Result<i64, DeskError> {
        let revision = match self.store.client(id).await?.and_then(|client| client.approval) {
            Some(approval) => revision_in(&approval.proposal).unwrap_or_default(),
            None => self.highest_approved(id).await?,
        };
        Ok(revision.saturating_add(1))
    }

    async fn highest_approved(&self, id: &str) -> Result<i64, DeskError> {
        let entries = self.store.entries().await?;
        let approved: BTreeSet<String> = entries
            .iter()
            .filter_map(|kept| match Entry::unverified(&kept.text)?.act {
                Act::Approve { client, proposal } if client == id => Some(proposal),
                _ => None,
            })
            .collect();
        let approved = entries.iter().filter(|kept| approved.contains(&digest(&kept.text)));
        Ok(approved.filter_map(|kept| revision_in(&kept.text)).max().unwrap_or_default())
    }

    /// Adds an entry to the chain of the operator whose key this is.
    async fn sign(&self, key: &PrivateJwk, act: Act) -> Result<String, DeskError> {
        let now = self.clock.now();
        let operator = self.operators.with_key(key.public()).ok_or(DeskError::Key)?;
        let last = self.store.last_entry(&operator.name).await?;
        let entry = Entry {
            aud: self.platform.to_string(),
            sub: operator.name.clone(),
            number: last.as_ref().map_or(1, |last| last.number.saturating_add(1)),
            previous: last.map(|last| digest(&last.text)),
            iat: now,
            act,
        };
        let text = entry.sign(key)?;
        // whatever would not count later is not written down either
        Entry::verify(&text, self.operators, self.platform).map_err(|error| refused(operator, error))?;
        if self.store.add_entry(&operator.name, entry.number, &text).await? {
            Ok(text)
        } else {
            Err(DeskError::Busy(operator.name.clone()))
        }
    }
}

/// Whether sector and authentication are what they were.
fn check_what_stays(id: &str, before: Option<&Client>, after: &Registration) -> Result<(), DeskError> {
    let Some(before) = before else { return Ok(()) };
    let before: Registration = serde_json::from_str(&before.registration)?;
    if before.sector != after.sector {
        return Err(DeskError::Sector { id: id.to_owned(), sector: before.sector });
    }
    if before.authentication != after.authentication {
        return Err(DeskError::Authentication(id.to_owned()));
    }
    Ok(())
}

fn revision_in(proposal: &str) -> Option<i64> {
    match Entry::unverified(proposal)?.act {
        Act::Propose { revision, .. } => Some(revision),
        _ => None,
    }
}

fn refused(operator: &Operator, error: EntryError) -> DeskError {
    match (error, operator.role) {
        (EntryError::Role, Role::Onboarder) => {
            DeskError::Role { name: operator.name.clone(), role: "an onboarder", needed: "an authoriser" }
        }
        (EntryError::Role, Role::Authoriser) => {
            DeskError::Role { name: operator.name.clone(), role: "an authoriser", needed: "an onboarder" }
        }
        _ => error.into(),
    }
}

/// Why an operator's work is not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database.
    #[error("{0}; if its tables are missing, run: bitaqa-platform migrate")]
    Store(#[from] StoreError),
    /// The registration.
    #[error("{0}")]
    Registration(#[from] RegistrationError),
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
}

//! Where operators do their work.

use std::collections::BTreeSet;

use bitaqa_protocol::Origin;

use super::{
    approval::{self, Proposed},
    desk_error::DeskError,
    draft::{Draft, MAX_AGE, SKEW, Signing, Task},
    entry::{Act, Entry, EntryError, Reason},
    operator::{Operator, Operators, Role},
};
use crate::{
    clock::Clock,
    registration::{Registration, RegistrationError, digest, is_client_id},
    settings::Realm,
    store::{Approval, Client, Proposal, Store},
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

/// What an approval rests on, and what it is over.
struct Approving {
    waiting: Waiting,
    before: Option<String>,
    takes_up: Option<String>,
    act: Act,
}

impl Desk<'_> {
    /// Proposes a registration, in place of what waits; gives the proposal's digest. Sector and authentication of one that counts stay:
    /// everybody would be somebody else to it, and tokens that it has are bound to how it shows who it is.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn propose<'k>(
        &self,
        by: impl Into<Signing<'k>>,
        id: &str,
        registration: &Registration,
    ) -> Result<String, DeskError> {
        if !is_client_id(id) {
            return Err(RegistrationError::Id.into());
        }
        registration.check(self.realm)?;
        check_what_stays(id, self.approved(id).await?.as_ref(), registration)?;
        let registration = registration.to_text()?;
        let act = self.proposing(id, &registration, None).await?;
        self.put(by.into(), registration, act).await
    }

    /// Proposes to take a suspended relying party up again, as it is registered.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn propose_to_take_up<'k>(
        &self,
        by: impl Into<Signing<'k>>,
        id: &str,
    ) -> Result<String, DeskError> {
        let (registration, act) = self.taking_up(id).await?;
        self.put(by.into(), registration, act).await
    }

    async fn taking_up(&self, id: &str) -> Result<(String, Act), DeskError> {
        let client = self.approved(id).await?.ok_or_else(|| DeskError::Unknown(id.to_owned()))?;
        if client.suspended_at.is_none() {
            return Err(DeskError::NotSuspended(id.to_owned()));
        }
        let ends = digest(client.suspension.as_deref().unwrap_or_default());
        let act = self.proposing(id, &client.registration, Some(ends)).await?;
        Ok((client.registration, act))
    }

    async fn proposing(
        &self,
        id: &str,
        registration: &str,
        takes_up: Option<String>,
    ) -> Result<Act, DeskError> {
        let revision = self.next_revision(id).await?;
        Ok(Act::Propose { client: id.to_owned(), revision, registration: digest(registration), takes_up })
    }

    async fn put(&self, by: Signing<'_>, registration: String, act: Act) -> Result<String, DeskError> {
        let client = act.client().to_owned();
        let proposal = self.sign(by, act).await?;
        let name = digest(&proposal);
        self.store.put_proposal(&Proposal { client, registration, proposal }).await?;
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
    pub async fn approve<'k>(
        &self,
        by: impl Into<Signing<'k>>,
        id: &str,
        proposal: &str,
    ) -> Result<(), DeskError> {
        let Approving { waiting, before, takes_up, act } = self.approving(id, proposal).await?;
        let approval = self.sign(by.into(), act).await?;
        let client = Client {
            id: id.to_owned(),
            registration: waiting.kept.registration,
            approval: Some(Approval { proposal: waiting.kept.proposal.clone(), approval }),
            suspended_at: None,
            suspension: None,
            expires_at: None,
            created_at: self.clock.now(),
        };
        if !self.store.approve_client(&client, before.as_deref(), takes_up.as_deref()).await? {
            return Err(DeskError::Stale(id.to_owned()));
        }
        self.store.end_proposal(id, &waiting.kept.proposal).await?;
        Ok(())
    }

    async fn approving(&self, id: &str, proposal: &str) -> Result<Approving, DeskError> {
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
        let before = before.and_then(|client| client.approval).map(|approval| approval.approval);
        Ok(Approving { waiting, before, takes_up, act })
    }

    /// Refuses the proposal of this digest.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn refuse<'k>(
        &self,
        by: impl Into<Signing<'k>>,
        id: &str,
        proposal: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        let (kept, act) = self.refusing(id, proposal, reason).await?;
        self.sign(by.into(), act).await?;
        self.store.end_proposal(id, &kept.proposal).await?;
        Ok(())
    }

    async fn refusing(&self, id: &str, proposal: &str, reason: &str) -> Result<(Proposal, Act), DeskError> {
        let kept = self.store.proposal(id).await?;
        let kept = kept.filter(|kept| digest(&kept.proposal) == proposal);
        let kept = kept.ok_or_else(|| DeskError::OtherProposal(id.to_owned()))?;
        let reason = Reason::parse(reason).map_err(|_| DeskError::Reason)?;
        Ok((kept, Act::Refuse { client: id.to_owned(), proposal: proposal.to_owned(), reason }))
    }

    /// Suspends a relying party: from now on it can ask nothing. It takes one operator, of either role.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn suspend<'k>(
        &self,
        by: impl Into<Signing<'k>>,
        id: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        let act = self.suspending(id, reason).await?;
        let suspension = self.sign(by.into(), act).await?;
        if self.store.suspend_client(id, self.clock.now(), &suspension).await? {
            Ok(())
        } else {
            Err(DeskError::Unknown(id.to_owned()))
        }
    }

    async fn suspending(&self, id: &str, reason: &str) -> Result<Act, DeskError> {
        let reason = Reason::parse(reason).map_err(|_| DeskError::Reason)?;
        if !is_client_id(id) || self.store.client(id).await?.is_none() {
            return Err(DeskError::Unknown(id.to_owned()));
        }
        let revision = self.next_revision(id).await?.saturating_sub(1);
        Ok(Act::Suspend { client: id.to_owned(), revision, reason })
    }

    /// What an operator has to sign to do something, after all that can be checked before. Nothing is written.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn draft(&self, operator: &Operator, task: &Task) -> Result<Draft, DeskError> {
        let act = match task {
            Task::Approve { client, proposal } => self.approving(client, proposal).await?.act,
            Task::Refuse { client, proposal, reason } => self.refusing(client, proposal, reason).await?.1,
            Task::Suspend { client, reason } => self.suspending(client, reason).await?,
            Task::TakeUp { client } => self.taking_up(client).await?.1,
        };
        if act.needs().is_some_and(|role| role != operator.role) {
            return Err(refused(operator, EntryError::Role));
        }
        Ok(Draft::new(self.next_entry(operator, act).await?, &operator.key)?)
    }

    /// Does what an operator signed elsewhere, if it is what they would sign now.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn submit(&self, operator: &Operator, text: &str) -> Result<Act, DeskError> {
        let (signer, Entry { act, .. }) = Entry::verify(text, self.operators, self.platform)?;
        if signer.name != operator.name {
            return Err(DeskError::OtherOperator(operator.name.clone()));
        }
        let by = Signing::Elsewhere(text);
        match &act {
            Act::Approve { client, proposal } => self.approve(by, client, proposal).await?,
            Act::Refuse { client, proposal, reason } => {
                self.refuse(by, client, proposal, reason.as_str()).await?;
            }
            Act::Suspend { client, reason, .. } => self.suspend(by, client, reason.as_str()).await?,
            Act::Propose { client, takes_up: Some(_), .. } => {
                self.propose_to_take_up(by, client).await?;
            }
            Act::Propose { takes_up: None, .. } => return Err(DeskError::Propose),
        }
        Ok(act)
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

    /// The next entry of an operator's chain.
    async fn next_entry(&self, operator: &Operator, act: Act) -> Result<Entry, DeskError> {
        let last = self.store.last_entry(&operator.name).await?;
        Ok(Entry {
            aud: self.platform.to_string(),
            sub: operator.name.clone(),
            number: last.as_ref().map_or(1, |last| last.number.saturating_add(1)),
            previous: last.map(|last| digest(&last.text)),
            iat: self.clock.now(),
            act,
        })
    }

    /// Adds an entry to the chain of the operator who signs.
    async fn sign(&self, by: Signing<'_>, act: Act) -> Result<String, DeskError> {
        let (operator, number, text) = match by {
            Signing::With(key) => {
                let operator = self.operators.with_key(key.public()).ok_or(DeskError::Key)?;
                let entry = self.next_entry(operator, act).await?;
                (operator, entry.number, entry.sign(key)?)
            }
            Signing::Elsewhere(text) => {
                let (operator, signed) = Entry::verify(text, self.operators, self.platform)?;
                self.check_signed(operator, &signed, act).await?;
                (operator, signed.number, text.to_owned())
            }
        };
        // whatever would not count later is not written down either
        Entry::verify(&text, self.operators, self.platform).map_err(|error| refused(operator, error))?;
        if self.store.add_entry(&operator.name, number, &text).await? {
            Ok(text)
        } else {
            Err(DeskError::Busy(operator.name.clone()))
        }
    }

    /// Whether an entry is the one that would be signed now, and was shown a moment ago.
    async fn check_signed(&self, operator: &Operator, signed: &Entry, act: Act) -> Result<(), DeskError> {
        let (now, next) = (self.clock.now(), self.next_entry(operator, act).await?);
        if (Entry { iat: signed.iat, ..next }) != *signed {
            return Err(DeskError::Changed);
        }
        if !(now.saturating_sub(MAX_AGE)..=now.saturating_add(SKEW)).contains(&signed.iat) {
            return Err(DeskError::Expired);
        }
        // an earlier time would be a gap in the chain, or one before the end of the operator's own
        let last = self.store.last_entry(&operator.name).await?;
        let last = last.and_then(|last| Entry::unverified(&last.text));
        if last.is_some_and(|last| last.iat > signed.iat) {
            return Err(DeskError::Changed);
        }
        if !operator.serves(now) {
            return Err(EntryError::Late.into());
        }
        Ok(())
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

//! Whether a registration counts: two operators signed for it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use bitaqa_protocol::Origin;

use super::{
    entry::{Act, Entry, EntryError},
    operator::Operators,
};
use crate::{clock::Seconds, registration::digest, secret::Hash, settings::Realm, store::Client};

/// Most relying parties that are remembered; beyond, all are forgotten.
const MAX_KNOWN: usize = 16 * 1024;

/// Judges what the database says about relying parties. It remembers of each what it verified last, so that the signatures are not
/// verified again for each request, and so that a registration that counted before does not come back while the process runs.
pub struct Approvals {
    operators: Operators,
    platform: Origin,
    realm: Realm,
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Clone, Copy)]
struct Known {
    /// Hash of registration, proposal and approval.
    content: Hash,
    revision: i64,
    /// The oldest revision that still counts.
    floor: i64,
}

impl Approvals {
    /// By these operators.
    #[must_use]
    pub fn new(operators: Operators, platform: Origin, realm: Realm) -> Self {
        Self { operators, platform, realm, known: Mutex::default() }
    }

    /// Whose word counts.
    pub(crate) const fn operators(&self) -> &Operators {
        &self.operators
    }

    /// Whether a relying party may ask now.
    ///
    /// # Errors
    /// [`NotApproved`].
    pub fn judge(&self, client: &Client, now: Seconds) -> Result<(), NotApproved> {
        let Some(approval) = &client.approval else {
            // it registered itself, which only the sandbox lets it
            return match client.expires_at {
                Some(end) if self.realm == Realm::Sandbox && client.suspended_at.is_none() && end > now => {
                    Ok(())
                }
                Some(_) if client.suspended_at.is_some() => Err(NotApproved::Suspended),
                Some(_) if self.realm == Realm::Sandbox => Err(NotApproved::Ended),
                _ => Err(NotApproved::Unsigned),
            };
        };
        let parts = [client.registration.as_str(), &approval.proposal, &approval.approval];
        // a JWS has no line break
        let content = Hash::of(parts.map(digest).join("\n").as_bytes());
        let before = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&client.id).copied();
        let revision = match before {
            Some(known) if known.content == content => known.revision,
            _ => revision(client, &self.operators, &self.platform)?,
        };
        let is_suspended = client.suspended_at.is_some();
        let floor = before.map_or(0, |known| known.floor);
        // what was suspended counts again when it was approved anew
        let raised = floor.max(revision.saturating_add(i64::from(is_suspended)));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KNOWN && !known.contains_key(&client.id) {
            known.clear();
        }
        let kept = known.entry(client.id.clone()).or_insert(Known { content, revision, floor: raised });
        // others may have seen later ones meanwhile
        *kept = Known { content, revision, floor: kept.floor.max(raised) };
        if is_suspended {
            return Err(NotApproved::Suspended);
        }
        if revision < kept.floor { Err(NotApproved::Older) } else { Ok(()) }
    }
}

/// The revision that a relying party has by the word of two operators.
///
/// # Errors
/// [`NotApproved`].
pub fn revision(client: &Client, operators: &Operators, platform: &Origin) -> Result<i64, NotApproved> {
    let approval = client.approval.as_ref().ok_or(NotApproved::Unsigned)?;
    let revision =
        proposed(&client.id, &client.registration, &approval.proposal, operators, platform)?.revision;
    let (_, entry) = Entry::verify(&approval.approval, operators, platform)?;
    match entry.act {
        Act::Approve { client: id, proposal }
            if id == client.id && proposal == digest(&approval.proposal) =>
        {
            Ok(revision)
        }
        _ => Err(NotApproved::Other),
    }
}

/// What an onboarder proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Who.
    pub operator: String,
    /// When.
    pub at: Seconds,
    /// Which registration it will be.
    pub revision: i64,
    /// Digest of the suspension that it ends.
    pub takes_up: Option<String>,
}

/// Reads a proposal of exactly this registration.
///
/// # Errors
/// [`NotApproved`].
pub fn proposed(
    client: &str,
    registration: &str,
    proposal: &str,
    operators: &Operators,
    platform: &Origin,
) -> Result<Proposed, NotApproved> {
    let (operator, entry) = Entry::verify(proposal, operators, platform)?;
    match entry.act {
        Act::Propose { client: id, revision, registration: signed, takes_up }
            if id == client && signed == digest(registration) =>
        {
            Ok(Proposed { operator: operator.name.clone(), at: entry.iat, revision, takes_up })
        }
        _ => Err(NotApproved::Other),
    }
}

/// Why a relying party may not ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    /// It is suspended.
    #[error("it is suspended")]
    Suspended,
    /// It registered itself, and its time is over.
    #[error("its registration has ended")]
    Ended,
    /// Nobody signed for it.
    #[error("no two operators signed for it")]
    Unsigned,
    /// An entry does not count.
    #[error("an entry that it rests on: {0}")]
    Entry(#[from] EntryError),
    /// What was signed is not this.
    #[error("what the operators signed is another registration")]
    Other,
    /// A later one counted already.
    #[error("a later registration, or a suspension, counted already")]
    Older,
}

impl NotApproved {
    /// A stable word for the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::Ended => "ended",
            Self::Unsigned => "unsigned",
            Self::Entry(_) => "entry-invalid",
            Self::Other => "registration-altered",
            Self::Older => "registration-older",
        }
    }
}

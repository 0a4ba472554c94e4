//! Who registers themselves, and how many.

use std::sync::{Mutex, PoisonError};

use super::registering::Refused;
use crate::{
    Platform,
    clock::Seconds,
    event_log::SelfRegistration,
    registration::{Registration, RegistrationError},
    secret::random_bytes,
    settings::Realm,
    store::Client,
};

/// How long a registration stands.
pub const LIFETIME: Seconds = 30 * 24 * 60 * 60;
/// Most that stand at a time.
pub const MAX_STANDING: i64 = 1_000;
/// Most in a minute, in one process.
const MAX_PER_MINUTE: u32 = 10;
const MINUTE: Seconds = 60;
/// Longest registration, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;

/// How many register themselves at this process.
#[derive(Debug, Default)]
pub struct Admission(Mutex<(Seconds, u32)>);

impl Admission {
    /// Counts one more, or says how long to wait.
    ///
    /// # Errors
    /// Seconds until the next minute.
    pub fn admit(&self, now: Seconds) -> Result<(), Seconds> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = *counted;
        // also where the clock went back
        if !(since..since.saturating_add(MINUTE)).contains(&now) {
            *counted = (now, 1);
            return Ok(());
        }
        if count >= MAX_PER_MINUTE {
            return Err(since.saturating_add(MINUTE).saturating_sub(now));
        }
        *counted = (since, count + 1);
        Ok(())
    }
}

/// Who has just registered.
#[derive(Debug, Clone)]
pub struct Registered {
    /// `client_id`.
    pub id: String,
    /// When it is forgotten.
    pub expires_at: Seconds,
    /// As it was registered.
    pub registration: Registration,
}

impl Platform {
    /// Registers whoever describes themselves, in JSON.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn register_itself(&self, text: &[u8]) -> Result<Registered, Refused> {
        if self.realm != Realm::Sandbox {
            return Err(Refused::Production);
        }
        let id = fresh_id();
        let registration = Registration::from_json(text, self.realm, &id)?;
        if let Some(missing) = registration.formats.missing_key(&*self.keys)? {
            return Err(RegistrationError::NoSigningKey(missing).into());
        }
        registration.check_beside(&self.issuer, self.identity())?;
        let now = self.clock.now();
        // what is wrong costs nothing, what is right is counted
        self.admission.admit(now).map_err(|wait| Refused::TooMany { wait })?;
        if self.store.count_standing_by_themselves(now).await? >= MAX_STANDING {
            return Err(Refused::TooMany { wait: MINUTE * 60 });
        }
        let expires_at = now.saturating_add(LIFETIME);
        let client = Client {
            id: id.clone(),
            registration: registration.to_text().map_err(|_| Refused::Unwritten)?,
            approval: None,
            suspended_at: None,
            suspension: None,
            expires_at: Some(expires_at),
            created_at: now,
        };
        if !self.store.add_client(&client).await? {
            return Err(Refused::Unwritten);
        }
        self.note(&SelfRegistration::of(&id));
        Ok(Registered { id, expires_at, registration })
    }
}

/// A name that nobody else drew, in what a host name may have: it is the sector, too, which nobody shares.
fn fresh_id() -> String {
    let mut id = "test-".to_owned();
    for byte in random_bytes::<16>() {
        id.push_str(&format!("{byte:02x}"));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_in_a_minute_and_no_more() {
        let admission = Admission::default();
        for _ in 0..MAX_PER_MINUTE {
            assert_eq!(admission.admit(1_000), Ok(()));
        }
        assert_eq!(admission.admit(1_020), Err(40));
        assert_eq!(admission.admit(1_059), Err(1));
        assert_eq!(admission.admit(1_060), Ok(()));
        // a clock that goes back locks nobody out
        assert_eq!(admission.admit(500), Ok(()));
    }
}

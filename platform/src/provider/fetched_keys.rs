//! Keys that a relying party publishes at its `jwks_uri`, where it registered none.
//!
//! They are fetched when they are needed, under the guard of [`bitaqa_fetch::document()`], and stay in memory for a while: each process
//! has its own, and loses nothing with it. Anybody can name a key that is not there, so an address is asked once a minute at most,
//! whoever wants it.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bitaqa_fetch::{Document, document, url::Url};
use bitaqa_jose::{CompactJws, JwkError, VerificationJwk};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::task::spawn_blocking;

use super::RelyingParty;
use crate::{Platform, clock::Seconds, event_log::KeysFetched};

/// How long a set counts whose server does not say how long it does.
const USUAL: Seconds = 10 * 60;
/// How long it counts at least and at most, whatever its server says.
const BOUNDS: (Seconds, Seconds) = (60, 60 * 60);
/// How long the last set counts beyond that, while its address gives no other.
const WITHOUT_ANSWER: Seconds = 4 * 60 * 60;
/// How often an address is asked at most.
const PAUSE: Seconds = 60;
/// Most sets in memory.
const MAX_SETS: usize = 1024;
/// Most keys of a set.
const MAX_KEYS: usize = 64;

/// The sets, by relying party.
pub(crate) struct FetchedKeys {
    sets: Mutex<HashMap<String, Arc<Entry>>>,
}

/// Of one relying party.
#[derive(Default)]
struct Entry {
    known: Mutex<Known>,
    /// Held by whoever asks; the others wait for what comes of it.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct Known {
    uri: String,
    keys: Vec<VerificationJwk>,
    /// Until when they count, if there are any.
    until: Option<Seconds>,
    asked_at: Option<Seconds>,
}

impl Known {
    fn is_fresh(&self, now: Seconds) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    fn has(&self, named: Option<&str>) -> bool {
        named.is_none_or(|name| self.keys.iter().any(|key| key.key_id() == Some(name)))
    }

    /// What counts, renewed or not.
    fn counting(self, now: Seconds) -> Vec<VerificationJwk> {
        let counts = self.until.is_some_and(|until| now < until.saturating_add(WITHOUT_ANSWER));
        if counts { self.keys } else { Vec::new() }
    }
}

impl Entry {
    fn known(&self, uri: &str) -> Known {
        let mut known = lock(&self.known);
        // registered anew: what another address said does not count
        if known.uri != uri {
            *known = Known { uri: uri.to_owned(), ..Known::default() };
        }
        known.clone()
    }
}

impl FetchedKeys {
    pub(crate) fn new() -> Self {
        Self { sets: Mutex::default() }
    }

    fn entry(&self, client: &str, now: Seconds) -> Arc<Entry> {
        let mut sets = lock(&self.sets);
        if sets.len() >= MAX_SETS && !sets.contains_key(client) {
            sets.retain(|_, entry| lock(&entry.known).is_fresh(now));
            if let (true, Some(any)) = (sets.len() >= MAX_SETS, sets.keys().next().cloned()) {
                sets.remove(&any);
            }
        }
        Arc::clone(sets.entry(client.to_owned()).or_default())
    }
}

impl Platform {
    /// The keys of a relying party: those that it registered, or those that it publishes. They are fetched anew where they may have
    /// changed, or where one is named that is not among them.
    pub async fn keys_of<'a>(
        &self,
        party: &'a RelyingParty,
        named: Option<&str>,
    ) -> Cow<'a, [VerificationJwk]> {
        let registration = &party.registration;
        match &registration.jwks_uri {
            None => Cow::Borrowed(&registration.keys),
            Some(uri) => Cow::Owned(self.published_keys(&party.id, uri, named).await),
        }
    }

    async fn published_keys(&self, client: &str, uri: &str, named: Option<&str>) -> Vec<VerificationJwk> {
        let now = self.clock.now();
        let entry = self.fetched_keys.entry(client, now);
        let known = entry.known(uri);
        if known.is_fresh(now) && known.has(named) {
            return known.keys;
        }
        let _asking = entry.asking.lock().await;
        // somebody else may have asked meanwhile
        let known = entry.known(uri);
        let is_due = !(known.is_fresh(now) && known.has(named));
        if !is_due || known.asked_at.is_some_and(|asked_at| now < asked_at.saturating_add(PAUSE)) {
            return known.counting(now);
        }
        lock(&entry.known).asked_at = Some(now);
        match self.fetch_keys(uri).await {
            Ok((keys, lifetime)) => {
                self.note(&KeysFetched::new(client, None));
                let until = Some(now.saturating_add(lifetime));
                let mut known = lock(&entry.known);
                if known.uri == uri {
                    *known = Known { uri: uri.to_owned(), keys: keys.clone(), until, asked_at: Some(now) };
                }
                keys
            }
            Err(code) => {
                self.note(&KeysFetched::new(client, Some(code)));
                known.counting(now)
            }
        }
    }

    /// The keys at an address, and how long they count; or the code of what was wrong.
    async fn fetch_keys(&self, uri: &str) -> Result<(Vec<VerificationJwk>, Seconds), &'static str> {
        let url = Url::parse(uri).map_err(|_| "fetch-url-malformed")?;
        let (client, reach) = (Arc::clone(&self.messenger), self.realm.reach());
        let fetched = spawn_blocking(move || document(&client, &url, reach, Document::KeySet)).await;
        let fetched = fetched.map_err(|_| "interrupted")?.map_err(|error| error.code())?;
        let lifetime = fetched
            .max_age
            .map_or(USUAL, |age| Seconds::try_from(age.as_secs()).unwrap_or(Seconds::MAX))
            .clamp(BOUNDS.0, BOUNDS.1);
        Ok((read(&fetched.body)?, lifetime))
    }

    /// What a relying party signed, if one of its keys did, with an algorithm of its profile.
    pub async fn signed_by(&self, party: &RelyingParty, jws: &CompactJws<'_>) -> Option<Vec<u8>> {
        if !party.registration.profile.algorithms().contains(&jws.header().algorithm) {
            return None;
        }
        let named = jws.header().key_id.as_deref();
        let keys = self.keys_of(party, named).await;
        let fits = |key: &&VerificationJwk| named.is_none_or(|name| key.key_id() == Some(name));
        keys.iter().filter(fits).find_map(|key| jws.clone().verify_by(key).ok())
    }
}

/// Reads a set (RFC 7517 section 5): keys of kinds that are not known here are passed over, and a private one spoils the set.
fn read(text: &[u8]) -> Result<Vec<VerificationJwk>, &'static str> {
    #[derive(Deserialize)]
    struct KeySet {
        keys: Vec<Map<String, Value>>,
    }
    let set: KeySet = bitaqa_jose::json::from_slice(text).map_err(|_| "keys-malformed")?;
    if set.keys.len() > MAX_KEYS {
        return Err("keys-too-many");
    }
    let mut keys = Vec::new();
    for key in set.keys {
        match VerificationJwk::parse(Value::Object(key).to_string().as_bytes()) {
            Ok(key) => keys.push(key),
            Err(JwkError::Private) => return Err("keys-private"),
            Err(_) => {}
        }
    }
    Ok(keys)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = r#"{"kty":"EC","kid":"one","crv":"P-256","x":"mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA","y":"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs"}"#;

    #[test]
    fn a_set_is_read_as_far_as_it_is_known_and_a_private_key_spoils_it() {
        let keys = |inner: &str| read(format!("{{\"keys\":[{inner}]}}").as_bytes()).map(|keys| keys.len());
        assert_eq!(keys(""), Ok(0));
        assert_eq!(keys(KEY), Ok(1));
        let unknown = r#"{"kty":"OKP","crv":"X25519","x":"AAAA"},{"kty":"AKP","alg":"ML-DSA-44","pub":"AA"},{"kty":1},{}"#;
        assert_eq!(keys(&format!("{unknown},{KEY}")), Ok(1));
        let off_curve = KEY.replace("8BQA", "8BQB");
        assert_eq!(keys(&off_curve), Ok(0));
        assert_eq!(keys(&KEY.replace("\"kid\"", "\"d\":\"AAAA\",\"kid\"")), Err("keys-private"));
        assert_eq!(keys(r#"{"kty":"oct","k":"AAAA"}"#), Err("keys-private"));
        assert_eq!(keys(&vec!["{}"; MAX_KEYS + 1].join(",")), Err("keys-too-many"));
        for wrong in ["", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[1]}", "{\"keys\":[],\"keys\":[]}"] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_more_sets_are_kept_than_fit() {
        let fetched = FetchedKeys::new();
        for number in 0..MAX_SETS + 10 {
            lock(&fetched.entry(&format!("client-{number}"), 0).known).until = Some(10);
        }
        assert_eq!(lock(&fetched.sets).len(), MAX_SETS);
        fetched.entry("later", 20);
        assert_eq!(lock(&fetched.sets).len(), 1);
    }
}

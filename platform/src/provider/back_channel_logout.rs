//! Who is told that a session ended (OpenID Connect Back-Channel Logout 1.0).
//!
//! When a relying party gets its first code in a session, it is noted ([`LogoutNotice`]). Whoever ends the session makes the notice
//! due in the same transaction, so nothing is lost when a process stops; each process tells who is due, and takes a notice before it
//! does. A relying party that does not take it is told again, at longer and longer intervals.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bitaqa_fetch::{notify, url::Url};
use bitaqa_jose::{JwsHeader, base64url};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::{JoinSet, spawn_blocking};

use super::RelyingParty;
use crate::{
    Platform, Unable,
    clock::Seconds,
    event_log::{BackChannelLogout, Trouble},
    person::SignInFacts,
    secret::{Hash, random_identifier},
    signed_in::name_of,
    store::{LogoutNotice, Session},
};

/// How long a logout token is good (section 2.4: at most two minutes).
const TOKEN_LIFETIME: Seconds = 2 * 60;
/// How long after each attempt it is due again. After the last it is given up; what stands there is for a process that stops in its
/// middle.
const WAITS: [Seconds; 8] = [10, 30, 2 * 60, 10 * 60, 30 * 60, 60 * 60, 2 * 60 * 60, 60];
/// How long a notice is kept at most, once it is due.
pub const NOTICE_LIFETIME: Seconds = 12 * 60 * 60;
/// How often it is looked whether something is due: another process may have made it so.
const LOOK: Duration = Duration::from_secs(1);
/// How many notices are taken up together.
const BATCH: usize = 64;
/// How long the database rests where more are due.
const BETWEEN_BATCHES: Duration = Duration::from_millis(20);
/// How many are told at once.
const AT_ONCE: usize = 16;
/// Section 2.4.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Of whom a relying party is told. Sealed where it is kept.
#[derive(Serialize, Deserialize)]
struct Ended {
    subject: String,
    session: String,
}

impl Platform {
    /// Notes that a relying party is told when a session ends. False: it has ended by now.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn note_for_logout(
        &self,
        party: &RelyingParty,
        session: &Session,
        facts: &SignInFacts,
    ) -> Result<bool, Unable> {
        if party.registration.backchannel_logout_uri.is_none() {
            return Ok(true);
        }
        let name = name_of(&facts.session);
        let ended = Ended {
            subject: self.subject(&party.registration.sector, &session.account)?,
            session: self.session_name(&party.id, &facts.session)?,
        };
        let notice = LogoutNotice {
            session: name,
            client: party.id.clone(),
            sealed: self.seal(&place(&name, &party.id), &ended)?,
            due_at: None,
            attempts: 0,
            expires_at: session.expires_at,
        };
        Ok(self.store.add_logout_notice(session.id, &notice, self.clock.now()).await?)
    }

    /// Tells relying parties of sessions that ended, for as long as the process runs.
    pub async fn tell_of_logouts(self: Arc<Self>) {
        loop {
            match self.tell_who_is_due().await {
                // there may be more
                Ok(BATCH) => tokio::time::sleep(BETWEEN_BATCHES).await,
                Ok(_) => {
                    let _ = tokio::time::timeout(LOOK, self.logouts.notified()).await;
                }
                Err(unable) => {
                    self.note(&Trouble { reason: unable.to_string() });
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    /// Gives how many were due.
    async fn tell_who_is_due(self: &Arc<Self>) -> Result<usize, Unable> {
        let due = self.store.due_logout_notices(self.clock.now(), BATCH).await?;
        let number = due.len();
        let silent = Arc::new(Mutex::new(HashSet::new()));
        let mut telling = JoinSet::new();
        for notice in due {
            if telling.len() >= AT_ONCE {
                telling.join_next().await;
            }
            let (platform, silent) = (Arc::clone(self), Arc::clone(&silent));
            telling.spawn(async move {
                if let Err(unable) = platform.tell(&notice, &silent).await {
                    platform.note(&Trouble { reason: unable.to_string() });
                }
            });
        }
        while telling.join_next().await.is_some() {}
        Ok(number)
    }

    /// Whoever does not answer is not waited for again in the same batch: the others would wait as well.
    async fn tell(&self, notice: &LogoutNotice, silent: &Mutex<HashSet<String>>) -> Result<(), Unable> {
        let client = notice.client.as_str();
        let attempt = usize::try_from(notice.attempts).unwrap_or(WAITS.len());
        let wait = WAITS.get(attempt).copied().unwrap_or(TOKEN_LIFETIME);
        if !self.store.take_logout_notice(notice, self.clock.now() + wait).await? {
            return Ok(());
        }
        let is_silent = lock(silent).contains(client);
        let told = if is_silent { Err("silent") } else { self.attempt(notice).await? };
        if told.is_err() {
            lock(silent).insert(client.to_owned());
        }
        match told {
            Ok(()) => {
                self.store.end_logout_notice(notice.session, client).await?;
                self.note(&BackChannelLogout::told(client));
            }
            Err(code) if attempt + 1 >= WAITS.len() => {
                self.store.end_logout_notice(notice.session, client).await?;
                self.note(&BackChannelLogout::given_up(client, code));
            }
            Err(code) => self.note(&BackChannelLogout::failed(client, code)),
        }
        Ok(())
    }

    /// One attempt, and the code of what was wrong with it.
    async fn attempt(&self, notice: &LogoutNotice) -> Result<Result<(), &'static str>, Unable> {
        // suspended since, perhaps for a while only
        let Some(party) = self.relying_party(&notice.client).await? else { return Ok(Err("client-unknown")) };
        let Some(uri) = &party.registration.backchannel_logout_uri else { return Ok(Err("without-address")) };
        let Ok(url) = Url::parse(uri) else { return Ok(Err("without-address")) };
        let ended: Ended = self.open(&place(&notice.session, &notice.client), &notice.sealed)?;
        let token = self.logout_token(&party, &ended)?;
        let form =
            form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", &token).finish();
        let reach = self.realm.reach();
        let messenger = Arc::clone(&self.messenger);
        let sent = spawn_blocking(move || notify(&messenger, &url, reach, form.as_bytes())).await;
        Ok(match sent {
            Ok(sent) => sent.map_err(|error| error.code()),
            Err(_) => Err("interrupted"),
        })
    }

    /// Section 2.4: no nonce, so that it is no ID token, a type of its own, and the algorithm of ID tokens (section 2.6).
    fn logout_token(&self, party: &RelyingParty, ended: &Ended) -> Result<String, Unable> {
        let now = self.clock.now();
        let claims = json!({
            "iss": self.issuer.as_str(),
            "aud": party.id,
            "iat": now,
            "exp": now + TOKEN_LIFETIME,
            "jti": random_identifier(),
            "events": { EVENT: {} },
            "sub": ended.subject,
            "sid": ended.session,
        });
        let header = JwsHeader::new(party.registration.formats.id_token_signing.algorithm(), "logout+jwt");
        Ok(self.keys.sign(header, claims.to_string().as_bytes())?)
    }
}

fn lock(silent: &Mutex<HashSet<String>>) -> MutexGuard<'_, HashSet<String>> {
    silent.lock().unwrap_or_else(PoisonError::into_inner)
}

fn place(session: &Hash, client: &str) -> String {
    format!("logout {} {client}", base64url::encode(session.as_bytes()))
}

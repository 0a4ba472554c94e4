//! One suite for all stores: in memory, SQLite in a file, a real PostgreSQL; and the same PostgreSQL at the level SERIALIZABLE by way of a
//! proxy that refuses statements and commits, or ends connections before or after them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[macro_use]
#[path = "../every_store/mod.rs"]
mod every_store;
mod administration;
#[path = "../failing_proxy/mod.rs"]
mod failing_proxy;
#[path = "../postgres/mod.rs"]
mod postgres;

use std::sync::Arc;

use bitaqa_platform::{
    secret::{Hash, random_identifier},
    store::{
        Attempt, Client, Ending, Grant, Interaction, LogoutNotice, Pushed, Redeemed, SCHEMA_VERSION, Session,
        Store, Token, TokenKind,
    },
};

use administration::{
    entries_of_an_operator_have_one_number_each, one_proposal_waits_for_each_relying_party,
    what_is_approved_follows_what_counted_and_ends_no_other_suspension,
};

const NOW: i64 = 1_780_315_200;

on_every_store!(
    relying_parties_are_added_once_and_suspended,
    what_is_approved_follows_what_counted_and_ends_no_other_suspension,
    entries_of_an_operator_have_one_number_each,
    one_proposal_waits_for_each_relying_party,
    it_says_whether_there_are_accounts_and_which_tables_it_has,
    a_person_has_one_account_however_many_ask_at_once,
    sessions_end,
    who_waits_for_the_end_of_a_session_is_due_when_it_ends_for_good,
    a_logout_notice_is_taken_once_and_is_due_again_until_it_ends,
    a_challenge_is_taken_once,
    an_interaction_is_agreed_to_and_ends_once,
    a_pushed_request_is_taken_once,
    consent_is_the_latest,
    a_device_is_known_for_an_account_until_it_ends,
    a_code_is_redeemed_once_however_many_try,
    a_code_that_ended_or_is_another_gives_nothing,
    a_refresh_token_is_redeemed_once_and_its_grant_can_be_withdrawn,
    a_token_keeps_the_key_that_it_is_bound_to_and_what_it_is_for,
    an_assertion_is_remembered,
    an_attempt_that_asks_again_is_told_that_it_was_itself,
    a_proof_is_remembered_however_many_bring_it,
    what_has_ended_is_forgotten,
);

fn hash(text: &str) -> Hash {
    Hash::of(text.as_bytes())
}

fn client(id: &str) -> Client {
    Client {
        id: id.to_owned(),
        registration: "{\"اسم\":1}".to_owned(),
        approval: None,
        suspended_at: None,
        suspension: None,
        expires_at: Some(NOW + 100),
        created_at: NOW,
    }
}

fn grant() -> Grant {
    Grant {
        id: random_identifier(),
        client: "bank".to_owned(),
        account: "account".to_owned(),
        code: hash("code"),
        code_used_at: None,
        code_expires_at: NOW + 60,
        sealed: vec![0, 1, 255],
        revoked_at: None,
        expires_at: NOW + 600,
    }
}

fn token(grant: &Grant, text: &str, kind: TokenKind) -> Token {
    let expires_at = NOW + 300;
    Token {
        grant: grant.id.clone(),
        hash: hash(text),
        kind,
        bound_to: None,
        part: None,
        used_at: None,
        issued_at: NOW,
        expires_at,
    }
}

async fn relying_parties_are_added_once_and_suspended(store: Arc<dyn Store>) {
    assert!(store.add_client(&client("bank")).await.unwrap());
    assert!(store.add_client(&client("aid")).await.unwrap());
    assert!(!store.add_client(&Client { registration: "{}".to_owned(), ..client("bank") }).await.unwrap());
    assert_eq!(store.clients().await.unwrap(), [client("aid"), client("bank")]);
    assert_eq!(store.count_standing_by_themselves(NOW + 99).await.unwrap(), 2);
    assert_eq!(store.count_standing_by_themselves(NOW + 100).await.unwrap(), 0);
    assert!(store.suspend_client("bank", NOW, "by us").await.unwrap());
    let suspended = store.client("bank").await.unwrap().unwrap();
    assert_eq!((suspended.suspended_at, suspended.suspension.as_deref()), (Some(NOW), Some("by us")));
    assert!(!store.suspend_client("nobody", NOW, "by us").await.unwrap());
    assert_eq!(store.client("nobody").await.unwrap(), None);
    store.purge(NOW + 100).await.unwrap();
    assert_eq!(store.clients().await.unwrap(), []);
}

async fn it_says_whether_there_are_accounts_and_which_tables_it_has(store: Arc<dyn Store>) {
    assert_eq!(store.schema_version().await.unwrap(), SCHEMA_VERSION);
    assert!(!store.has_accounts().await.unwrap());
    assert_eq!(store.account_of(hash("amina"), "account", NOW).await.unwrap(), "account");
    assert!(store.has_accounts().await.unwrap());
    assert!(store.knows_account(hash("amina")).await.unwrap());
    assert!(!store.knows_account(hash("brahim")).await.unwrap());
}

async fn a_person_has_one_account_however_many_ask_at_once(store: Arc<dyn Store>) {
    let asking = (0..8).map(|number| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            store.account_of(hash("amina"), &format!("account-{number}"), NOW).await.unwrap()
        })
    });
    let mut accounts = Vec::new();
    for account in asking.collect::<Vec<_>>() {
        accounts.push(account.await.unwrap());
    }
    accounts.dedup();
    assert_eq!(accounts.len(), 1);
    assert_eq!(store.account_of(hash("brahim"), "other", NOW).await.unwrap(), "other");
}

async fn a_device_is_known_for_an_account_until_it_ends(store: Arc<dyn Store>) {
    store.remember_device("amina", hash("laptop"), NOW + 60).await.unwrap();
    assert_eq!(store.device("amina", hash("laptop"), NOW + 59).await.unwrap(), Some(NOW + 60));
    assert_eq!(store.device("amina", hash("laptop"), NOW + 60).await.unwrap(), None);
    assert_eq!(store.device("amina", hash("phone"), NOW).await.unwrap(), None);
    assert_eq!(store.device("brahim", hash("laptop"), NOW).await.unwrap(), None);
    store.remember_device("amina", hash("laptop"), NOW + 120).await.unwrap();
    assert_eq!(store.device("amina", hash("laptop"), NOW + 60).await.unwrap(), Some(NOW + 120));
    store.purge(NOW + 120).await.unwrap();
    assert_eq!(store.device("amina", hash("laptop"), NOW).await.unwrap(), None);
}

fn session(id: &str) -> Session {
    Session {
        id: hash(id),
        account: "account".to_owned(),
        sealed: vec![1, 0],
        authenticated_at: NOW,
        expires_at: NOW + 60,
    }
}

async fn sessions_end(store: Arc<dyn Store>) {
    let (session, ending) = (session("session"), Ending::Told { now: NOW, until: NOW + 600 });
    store.add_session(&session).await.unwrap();
    assert_eq!(store.session(session.id, NOW + 59).await.unwrap(), Some(session.clone()));
    assert_eq!(store.session(session.id, NOW + 60).await.unwrap(), None);
    store.end_session(session.id, hash("name"), ending).await.unwrap();
    assert_eq!(store.session(session.id, NOW).await.unwrap(), None);
    store.end_session(session.id, hash("name"), ending).await.unwrap();
}

fn notice(client: &str) -> LogoutNotice {
    LogoutNotice {
        session: hash("name"),
        client: client.to_owned(),
        sealed: vec![0, 255],
        due_at: None,
        attempts: 0,
        expires_at: NOW + 60,
    }
}

async fn who_waits_for_the_end_of_a_session_is_due_when_it_ends_for_good(store: Arc<dyn Store>) {
    let due = |now| {
        let store = Arc::clone(&store);
        async move {
            let mut due = store.due_logout_notices(now, 10).await.unwrap();
            due.sort_by(|one, other| one.client.cmp(&other.client));
            due
        }
    };
    let first = session("first");
    assert!(!store.add_logout_notice(first.id, &notice("bank"), NOW).await.unwrap(), "there is no session");
    store.add_session(&first).await.unwrap();
    assert!(store.add_logout_notice(first.id, &notice("bank"), NOW).await.unwrap());
    let again = LogoutNotice { sealed: vec![7], ..notice("bank") };
    assert!(store.add_logout_notice(first.id, &again, NOW).await.unwrap());
    assert!(!store.add_logout_notice(first.id, &notice("late"), NOW + 60).await.unwrap());
    let elsewhere = LogoutNotice { session: hash("another name"), ..notice("bank") };
    assert!(store.add_logout_notice(first.id, &elsewhere, NOW).await.unwrap());
    // it goes on in another session, and what waits for it waits as long as that
    store.add_session(&session("second")).await.unwrap();
    store.keep_logout_notices(hash("name"), NOW + 900).await.unwrap();
    store.end_session(first.id, hash("name"), Ending::GoesOn).await.unwrap();
    assert_eq!(due(NOW + 60).await, []);
    assert!(store.add_logout_notice(hash("second"), &notice("clinic"), NOW).await.unwrap());
    store.purge(NOW + 59).await.unwrap();
    let told = |now| Ending::Told { now, until: NOW + 1000 };
    store.end_session(hash("second"), hash("name"), told(NOW + 5)).await.unwrap();
    store.end_session(hash("second"), hash("name"), told(NOW + 7)).await.unwrap();
    let at_last =
        |client: &str| LogoutNotice { due_at: Some(NOW + 5), expires_at: NOW + 1000, ..notice(client) };
    assert_eq!(due(NOW + 4).await, []);
    assert_eq!(due(NOW + 5).await, [at_last("bank"), at_last("clinic")]);
    store.purge(NOW + 999).await.unwrap();
    assert_eq!(due(NOW + 999).await.len(), 2);
    store.purge(NOW + 1000).await.unwrap();
    assert_eq!(due(NOW + 1000).await, []);
}

async fn a_logout_notice_is_taken_once_and_is_due_again_until_it_ends(store: Arc<dyn Store>) {
    store.add_session(&session("session")).await.unwrap();
    for client in ["bank", "clinic"] {
        assert!(store.add_logout_notice(hash("session"), &notice(client), NOW).await.unwrap());
    }
    let ending = Ending::Told { now: NOW, until: NOW + 600 };
    store.end_session(hash("session"), hash("name"), ending).await.unwrap();
    store.end_logout_notice(hash("name"), "clinic").await.unwrap();
    assert_eq!(store.due_logout_notices(NOW, 0).await.unwrap(), []);
    let [due] = store.due_logout_notices(NOW, 10).await.unwrap().try_into().unwrap();
    let taking = (0..8).map(|_| {
        let (store, due) = (Arc::clone(&store), due.clone());
        tokio::spawn(async move { store.take_logout_notice(&due, NOW + 10).await.unwrap() })
    });
    let mut taken = 0;
    for took in taking.collect::<Vec<_>>() {
        taken += i32::from(took.await.unwrap());
    }
    assert_eq!(taken, 1);
    assert_eq!(store.due_logout_notices(NOW + 9, 10).await.unwrap(), []);
    let again = LogoutNotice { due_at: Some(NOW + 10), attempts: 1, ..due };
    assert_eq!(store.due_logout_notices(NOW + 10, 10).await.unwrap(), std::slice::from_ref(&again));
    let (us, them) = (Attempt::fresh(), Attempt::fresh());
    for (attempt, first) in [(us, true), (us, true), (them, false), (us, true)] {
        assert_eq!(store.take_logout_notice_by(attempt, &again, NOW + 40).await.unwrap(), first);
    }
    assert_eq!(store.due_logout_notices(NOW + 40, 10).await.unwrap()[0].attempts, 2);
    store.end_logout_notice(hash("name"), "bank").await.unwrap();
    assert_eq!(store.due_logout_notices(NOW + 40, 10).await.unwrap(), []);
}

fn interaction() -> Interaction {
    Interaction {
        id: hash("interaction"),
        browser: hash("browser"),
        sealed: vec![0, 255],
        challenge: None,
        challenge_expires_at: None,
        agreed_by: None,
        created_at: NOW,
        expires_at: NOW + 900,
    }
}

async fn a_challenge_is_taken_once(store: Arc<dyn Store>) {
    let id = interaction().id;
    assert!(!store.set_challenge(id, "one", NOW + 300).await.unwrap());
    store.add_interaction(&interaction()).await.unwrap();
    assert_eq!(store.take_challenge(id, NOW).await.unwrap(), None);
    assert!(store.set_challenge(id, "one", NOW + 300).await.unwrap());
    assert!(store.set_challenge(id, "two", NOW + 300).await.unwrap());
    assert_eq!(store.take_challenge(id, NOW + 300).await.unwrap(), None, "too late");
    let taking = (0..8).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.take_challenge(id, NOW + 1).await.unwrap() })
    });
    let mut taken = Vec::new();
    for challenge in taking.collect::<Vec<_>>() {
        taken.extend(challenge.await.unwrap());
    }
    assert_eq!(taken, ["two"]);
}

async fn an_interaction_is_agreed_to_and_ends_once(store: Arc<dyn Store>) {
    let id = interaction().id;
    assert!(!store.agree(id, hash("session")).await.unwrap());
    store.add_interaction(&interaction()).await.unwrap();
    assert!(store.agree(id, hash("session")).await.unwrap());
    let found = store.interaction(id, NOW + 899).await.unwrap().unwrap();
    assert_eq!(found, Interaction { agreed_by: Some(hash("session")), ..interaction() });
    assert_eq!(store.interaction(id, NOW + 900).await.unwrap(), None);
    assert!(store.end_interaction(id).await.unwrap());
    assert!(!store.end_interaction(id).await.unwrap());
}

async fn a_pushed_request_is_taken_once(store: Arc<dyn Store>) {
    let pushed =
        Pushed { id: hash("pushed"), client: "bank".to_owned(), sealed: vec![0, 255], expires_at: NOW + 60 };
    store.add_pushed(&pushed).await.unwrap();
    for _ in 0..2 {
        assert_eq!(store.pushed(pushed.id, NOW + 59).await.unwrap(), Some(pushed.clone()));
    }
    assert_eq!(store.pushed(pushed.id, NOW + 60).await.unwrap(), None);
    assert_eq!(store.take_pushed(pushed.id, NOW).await.unwrap(), Some(pushed.clone()));
    assert_eq!(store.take_pushed(pushed.id, NOW).await.unwrap(), None);
    assert_eq!(store.pushed(pushed.id, NOW).await.unwrap(), None);
    let late = Pushed { id: hash("late"), ..pushed };
    store.add_pushed(&late).await.unwrap();
    assert_eq!(store.take_pushed(late.id, NOW + 60).await.unwrap(), None);
}

async fn an_attempt_that_asks_again_is_told_that_it_was_itself(store: Arc<dyn Store>) {
    let (us, them) = (Attempt::fresh(), Attempt::fresh());
    for (attempt, first) in [(us, true), (us, true), (them, false), (us, true)] {
        assert_eq!(store.add_client_by(attempt, &client("bank")).await.unwrap(), first);
        assert_eq!(store.remember_assertion_by(attempt, hash("jti"), NOW + 60).await.unwrap(), first);
        assert_eq!(store.remember_proof_by(attempt, hash("jti"), NOW + 60).await.unwrap(), first);
    }
    let id = interaction().id;
    let pushed =
        Pushed { id: hash("pushed"), client: "bank".to_owned(), sealed: vec![0, 255], expires_at: NOW + 60 };
    store.add_interaction(&interaction()).await.unwrap();
    store.set_challenge(id, "one", NOW + 300).await.unwrap();
    store.add_pushed(&pushed).await.unwrap();
    for (attempt, first) in [(us, true), (us, true), (them, false), (us, true)] {
        let challenge = store.take_challenge_by(attempt, id, NOW).await.unwrap();
        assert_eq!(challenge.as_deref(), first.then_some("one"));
        let taken = store.take_pushed_by(attempt, pushed.id, NOW).await.unwrap();
        assert_eq!(taken, first.then(|| pushed.clone()));
    }
    // a new challenge is nobody's yet
    store.set_challenge(id, "two", NOW + 300).await.unwrap();
    assert_eq!(store.take_challenge_by(them, id, NOW).await.unwrap().as_deref(), Some("two"));
    store.set_challenge(id, "three", NOW + 300).await.unwrap();
    for (attempt, first) in [(us, true), (us, true), (them, false), (us, true)] {
        assert_eq!(store.end_interaction_by(attempt, id).await.unwrap(), first);
    }
    // what has ended is not there for anything else
    assert_eq!(store.interaction(id, NOW).await.unwrap(), None);
    assert!(!store.agree(id, hash("session")).await.unwrap());
    assert!(!store.set_challenge(id, "four", NOW + 300).await.unwrap());
    assert_eq!(store.take_challenge(id, NOW).await.unwrap(), None);
}

async fn consent_is_the_latest(store: Arc<dyn Store>) {
    assert_eq!(store.consent("account", "bank").await.unwrap(), None);
    store.put_consent("account", "bank", "name", NOW).await.unwrap();
    store.put_consent("account", "bank", "name family_name", NOW).await.unwrap();
    assert_eq!(store.consent("account", "bank").await.unwrap().as_deref(), Some("name family_name"));
    assert_eq!(store.consent("account", "other").await.unwrap(), None);
}

async fn a_code_is_redeemed_once_however_many_try(store: Arc<dyn Store>) {
    let grant = grant();
    store.add_grant(&grant).await.unwrap();
    let trying = (0..8).map(|number| {
        let (store, grant) = (Arc::clone(&store), grant.clone());
        tokio::spawn(async move {
            let tokens = [token(&grant, &format!("access-{number}"), TokenKind::Access)];
            store.redeem_code(&grant.id, grant.code, NOW + 1, &tokens).await.unwrap()
        })
    });
    let mut outcomes = Vec::new();
    for outcome in trying.collect::<Vec<_>>() {
        outcomes.push(outcome.await.unwrap());
    }
    let first: Vec<usize> = (0..8).filter(|at| outcomes.get(*at) == Some(&Redeemed::First)).collect();
    assert_eq!(first.len(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Redeemed::Again).count(), 7);
    for number in 0..8 {
        let found = store.token(&grant.id, hash(&format!("access-{number}")), NOW + 1).await.unwrap();
        assert_eq!(found.is_some(), first == [number]);
    }
}

async fn a_code_that_ended_or_is_another_gives_nothing(store: Arc<dyn Store>) {
    let grant = grant();
    store.add_grant(&grant).await.unwrap();
    let tokens = [token(&grant, "access", TokenKind::Access)];
    for (id, code, now) in [
        (grant.id.as_str(), hash("other"), NOW),
        ("other", grant.code, NOW),
        (grant.id.as_str(), grant.code, NOW + 60),
    ] {
        assert_eq!(store.redeem_code(id, code, now, &tokens).await.unwrap(), Redeemed::Unknown);
    }
    assert_eq!(store.token(&grant.id, hash("access"), NOW).await.unwrap(), None);
    assert_eq!(store.grant(&grant.id).await.unwrap(), Some(grant.clone()));
    store.revoke_grant(&grant.id, NOW).await.unwrap();
    assert_eq!(store.redeem_code(&grant.id, grant.code, NOW, &tokens).await.unwrap(), Redeemed::Unknown);
}

async fn a_refresh_token_is_redeemed_once_and_its_grant_can_be_withdrawn(store: Arc<dyn Store>) {
    let grant = grant();
    store.add_grant(&grant).await.unwrap();
    let (access, refresh) =
        (token(&grant, "access", TokenKind::Access), token(&grant, "refresh", TokenKind::Refresh));
    let given = [access.clone(), refresh.clone()];
    assert_eq!(store.redeem_code(&grant.id, grant.code, NOW, &given).await.unwrap(), Redeemed::First);
    let (found, of) = store.token(&grant.id, access.hash, NOW).await.unwrap().unwrap();
    assert_eq!((found, of.code_used_at), (access.clone(), Some(NOW)));
    assert_eq!(store.token(&grant.id, access.hash, NOW + 300).await.unwrap(), None);
    let next = token(&grant, "refresh-2", TokenKind::Refresh);
    let redeem = |hash, next: &Token| {
        let (store, id, next) = (Arc::clone(&store), grant.id.clone(), next.clone());
        async move { store.redeem_refresh(&id, hash, NOW + 1, &[next]).await.unwrap() }
    };
    assert_eq!(redeem(access.hash, &next).await, Redeemed::Unknown, "it is no refresh token");
    assert_eq!(redeem(refresh.hash, &next).await, Redeemed::First);
    let third = token(&grant, "refresh-3", TokenKind::Refresh);
    assert_eq!(redeem(refresh.hash, &third).await, Redeemed::Again);
    assert_eq!(store.token(&grant.id, third.hash, NOW).await.unwrap(), None);
    store.end_token(&grant.id, access.hash).await.unwrap();
    assert_eq!(store.token(&grant.id, access.hash, NOW).await.unwrap(), None);
    store.revoke_grant(&grant.id, NOW + 2).await.unwrap();
    store.revoke_grant(&grant.id, NOW + 3).await.unwrap();
    assert_eq!(store.token(&grant.id, next.hash, NOW).await.unwrap(), None);
    assert_eq!(redeem(next.hash, &third).await, Redeemed::Unknown);
    assert_eq!(store.grant(&grant.id).await.unwrap().unwrap().revoked_at, Some(NOW + 2));
}

async fn an_assertion_is_remembered(store: Arc<dyn Store>) {
    assert!(store.remember_assertion(hash("jti"), NOW + 60).await.unwrap());
    assert!(!store.remember_assertion(hash("jti"), NOW + 60).await.unwrap());
    assert!(store.remember_assertion(hash("other"), NOW + 60).await.unwrap());
}

async fn a_token_keeps_the_key_that_it_is_bound_to_and_what_it_is_for(store: Arc<dyn Store>) {
    let grant = grant();
    store.add_grant(&grant).await.unwrap();
    let bound = Token { bound_to: Some(hash("key")), ..token(&grant, "bound", TokenKind::Access) };
    let unbound = token(&grant, "unbound", TokenKind::Refresh);
    let given = [bound.clone(), unbound.clone()];
    assert_eq!(store.redeem_code(&grant.id, grant.code, NOW, &given).await.unwrap(), Redeemed::First);
    let narrowed = Token { part: Some(vec![0, 1, 255]), ..token(&grant, "narrowed", TokenKind::Access) };
    store.add_token(&narrowed).await.unwrap();
    for given in [bound, unbound, narrowed] {
        let (found, _) = store.token(&grant.id, given.hash, NOW).await.unwrap().unwrap();
        assert_eq!(found, given);
    }
}

async fn a_proof_is_remembered_however_many_bring_it(store: Arc<dyn Store>) {
    let bringing = (0..8).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.remember_proof(hash("jti"), NOW + 31).await.unwrap() })
    });
    let mut first = 0;
    for brought in bringing.collect::<Vec<_>>() {
        first += usize::from(brought.await.unwrap());
    }
    assert_eq!(first, 1);
    assert!(store.remember_proof(hash("other"), NOW + 31).await.unwrap());
    // an assertion of the same name is something else
    assert!(store.remember_assertion(hash("jti"), NOW + 31).await.unwrap());
    store.purge(NOW + 31).await.unwrap();
    assert!(store.remember_proof(hash("jti"), NOW + 62).await.unwrap());
}

async fn what_has_ended_is_forgotten(store: Arc<dyn Store>) {
    let grant = grant();
    store.add_grant(&grant).await.unwrap();
    store.add_token(&token(&grant, "refresh", TokenKind::Refresh)).await.unwrap();
    store.add_interaction(&interaction()).await.unwrap();
    store.remember_assertion(hash("jti"), NOW + 60).await.unwrap();
    store.purge(NOW + 60).await.unwrap();
    assert!(store.remember_assertion(hash("jti"), NOW + 60).await.unwrap());
    assert!(store.interaction(interaction().id, NOW).await.unwrap().is_some());
    store.purge(NOW + 900).await.unwrap();
    assert!(store.interaction(interaction().id, NOW).await.unwrap().is_none());
    assert!(store.grant(&grant.id).await.unwrap().is_none());
    assert_eq!(store.redeem_refresh(&grant.id, hash("refresh"), NOW, &[]).await.unwrap(), Redeemed::Unknown);
}

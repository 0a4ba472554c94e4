//! Two operators for each registration: what one alone, or whoever can write into the database, cannot do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod relying_party;
mod running;

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    administration::{
        Act, Approvals, DeskError, Entry, EntryError, NotApproved, Operator, Operators, Role,
        audit::{self, Finding, Listed, Trail},
    },
    registration::{Registration, digest},
    secret::fill,
    settings::Realm,
    store::{AdministrationStore, Approval, Client, MemoryStore, RelyingPartyStore},
};
use bitaqa_protocol::Origin;
use relying_party::RelyingParty;
use running::{Running, START, Staff};

/// Writes into the database as its administrator can.
async fn put(store: &MemoryStore, client: Client) {
    let before = store.client(&client.id).await.unwrap();
    let approval = before.and_then(|client| client.approval).map(|approval| approval.approval);
    assert!(store.approve_client(&client, approval.as_deref(), None).await.unwrap());
}

fn platform_of(running: &Running) -> Origin {
    Origin::parse(&format!("http://{}", running.address)).unwrap()
}

fn client_of(running: &Running, id: &str) -> Client {
    running.at_the_desk(async |desk| desk.store.client(id).await.unwrap().unwrap())
}

fn findings(running: &Running, kept: &[Listed]) -> Vec<Finding> {
    running.at_the_desk(async |desk| {
        let (entries, clients, proposals) = (
            desk.store.entries().await.unwrap(),
            desk.store.clients().await.unwrap(),
            desk.store.proposals().await.unwrap(),
        );
        let trail = Trail { entries: &entries, clients: &clients, proposals: &proposals };
        audit::verify(trail, &running.staff.operators, &platform_of(running), kept)
    })
}

#[test]
fn nothing_counts_before_another_operator_approved_exactly_that() {
    let running = Running::new();
    let template = running.confidential("template", "");
    let registration: Registration =
        serde_json::from_str(&client_of(&running, "template").registration).unwrap();
    let bank = RelyingParty { id: "bank".to_owned(), ..template };
    running.at_the_desk(async |desk| {
        let staff = &running.staff;
        let first = desk.propose(&staff.onboarder, "bank", &registration).await.unwrap();
        assert_eq!(desk.store.client("bank").await.unwrap(), None);
        // the onboarder approves nothing, and the authoriser proposes nothing
        let own = desk.approve(&staff.onboarder, "bank", &first).await.unwrap_err().to_string();
        assert!(own.contains("\"onboarder\" is an onboarder; this takes an authoriser"), "{own}");
        let other = desk.propose(&staff.authoriser, "bank", &registration).await.unwrap_err().to_string();
        assert!(other.contains("this takes an onboarder"), "{other}");
        let stranger = PrivateJwk::generate(Curve::Ed25519, &mut fill).unwrap();
        assert!(matches!(desk.approve(&stranger, "bank", &first).await, Err(DeskError::Key)));
        // what was shown before another one was proposed is not what waits
        let second = desk.propose(&staff.onboarder, "bank", &registration).await.unwrap();
        assert_ne!(first, second);
        assert!(matches!(
            desk.approve(&staff.authoriser, "bank", &first).await,
            Err(DeskError::OtherProposal(_))
        ));
        assert!(matches!(
            desk.refuse(&staff.authoriser, "bank", &first, "no").await,
            Err(DeskError::OtherProposal(_))
        ));
        assert!(matches!(
            desk.refuse(&staff.authoriser, "bank", &second, "a\u{202e}b").await,
            Err(DeskError::Reason)
        ));
        desk.refuse(&staff.authoriser, "bank", &second, "the address is not theirs").await.unwrap();
        assert!(desk.approve(&staff.authoriser, "bank", &second).await.is_err());
    });
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    running.at_the_desk(async |desk| running.staff.register(desk, "bank", &registration).await);
    assert_eq!(bank.push(&[]).status, 201);
    assert_eq!(findings(&running, &[]), []);
}

#[test]
fn a_registration_that_the_database_s_administrator_alters_counts_for_nothing() {
    let running = Running::new();
    let bank = running.confidential("bank", "");
    let evil = running.confidential("evil", "");
    let (good, other) = (client_of(&running, "bank"), client_of(&running, "evil"));
    let signed = good.approval.clone().unwrap();
    let changed = good.registration.replace("bank.example.ma", "evil.example.ma");
    for (client, code) in [
        // another registration under the operators' word
        (Client { registration: changed.clone(), ..good.clone() }, "registration-altered"),
        // another relying party's
        (Client { approval: other.approval.clone(), ..good.clone() }, "registration-altered"),
        (
            Client { registration: other.registration.clone(), approval: other.approval, ..good.clone() },
            "registration-altered",
        ),
        // one signature for both
        (
            Client {
                approval: Some(Approval {
                    proposal: signed.proposal.clone(),
                    approval: signed.proposal.clone(),
                }),
                ..good.clone()
            },
            "registration-altered",
        ),
        (
            Client {
                approval: Some(Approval { approval: "e30.e30.AA".to_owned(), ..signed.clone() }),
                ..good.clone()
            },
            "entry-invalid",
        ),
        (Client { approval: None, ..good.clone() }, "unsigned"),
    ] {
        running.at_the_desk(async |_| put(&running.store, client).await);
        assert_eq!(bank.push(&[]).error(), "invalid_client", "{code}");
        let event = format!(
            "\"event\":\"registration\",\"outcome\":\"refused\",\"client\":\"bank\",\"code\":\"{code}\""
        );
        assert!(running.log().contains(&event), "{event}\n{}", running.log());
        assert!(!findings(&running, &[]).is_empty());
    }
    running.at_the_desk(async |_| put(&running.store, good).await);
    assert_eq!((bank.push(&[]).status, evil.push(&[]).status), (201, 201));
    assert_eq!(findings(&running, &[]), []);
    // what no operator of the configuration signed
    let strangers = Staff::new();
    let registration: Registration = serde_json::from_str(&changed).unwrap();
    running.at_the_desk(async |desk| {
        let theirs = MemoryStore::new();
        let registering = strangers.desk(&theirs, desk.platform, desk.clock);
        strangers.register(&registering, "bank", &registration).await;
        put(&running.store, theirs.client("bank").await.unwrap().unwrap()).await;
    });
    assert_eq!(bank.push(&[]).error(), "invalid_client");
}

#[test]
fn an_older_registration_or_one_without_its_suspension_does_not_come_back() {
    let running = Running::new();
    let bank = running.confidential("bank", "");
    let first = client_of(&running, "bank");
    running.replace(&bank, "claims = [\"name\"]\n");
    assert_eq!(bank.push(&[]).status, 201);
    let second = client_of(&running, "bank");
    // a process that saw the later one takes the earlier one no more, and the trail shows it
    running.at_the_desk(async |_| put(&running.store, first).await);
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    assert!(running.log().contains("\"code\":\"registration-older\""));
    assert_eq!(findings(&running, &[])[0].fault, "it is registered as it was before the latest approval");
    running.at_the_desk(async |_| put(&running.store, second.clone()).await);
    assert_eq!(bank.push(&[]).status, 201);
    // what was taken out of the database is registered again, and counts
    let none = Client { approval: None, ..second.clone() };
    running.at_the_desk(async |_| put(&running.store, none).await);
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    running.replace(&bank, "claims = [\"name\"]\n");
    assert_eq!(bank.push(&[]).status, 201);
    let second = client_of(&running, "bank");
    // the same for a suspension that is taken out of the database
    running.suspend("bank");
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    let suspension = client_of(&running, "bank").suspension.unwrap();
    running.at_the_desk(async |desk| {
        let again = desk.store.approve_client(
            &second,
            Some(&second.approval.as_ref().unwrap().approval),
            Some(&suspension),
        );
        assert!(again.await.unwrap());
    });
    assert_eq!(client_of(&running, "bank").suspended_at, None);
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    assert_eq!(findings(&running, &[])[0].fault, "it was suspended, and nobody approved to take it up again");
}

#[test]
fn one_operator_suspends_at_once_and_two_take_up_again() {
    let running = Running::new();
    let bank = running.confidential("bank", "");
    let staff = &running.staff;
    for suspends in [&staff.onboarder, &staff.authoriser] {
        running.at_the_desk(async |desk| desk.suspend(suspends, "bank", "complaints").await.unwrap());
        assert_eq!(bank.push(&[]).error(), "invalid_client");
        // a change does not end it
        running.replace(&bank, "claims = [\"name\"]\n");
        assert_eq!(bank.push(&[]).error(), "invalid_client");
        running.at_the_desk(async |desk| {
            let ends = desk.propose_to_take_up(&staff.onboarder, "bank").await.unwrap();
            // a later suspension is not the one that was to end
            desk.suspend(suspends, "bank", "more complaints").await.unwrap();
            assert!(matches!(desk.approve(&staff.authoriser, "bank", &ends).await, Err(DeskError::Stale(_))));
            let ends = desk.propose_to_take_up(&staff.onboarder, "bank").await.unwrap();
            desk.approve(&staff.authoriser, "bank", &ends).await.unwrap();
            let none = desk.propose_to_take_up(&staff.onboarder, "bank").await;
            assert!(matches!(none, Err(DeskError::NotSuspended(_))));
        });
        assert_eq!(bank.push(&[]).status, 201);
    }
    // both suspensions were ended by name, but for the two that later ones stood in for
    let left = findings(&running, &[]);
    assert_eq!(left, [], "{left:?}");
}

#[test]
fn a_proposal_that_something_else_was_approved_after_is_stale() {
    let running = Running::new();
    running.confidential("bank", "");
    let old = running.at_the_desk(async |desk| {
        let registration: Registration =
            serde_json::from_str(&desk.store.client("bank").await.unwrap().unwrap().registration).unwrap();
        let old = desk.propose(&running.staff.onboarder, "bank", &registration).await.unwrap();
        let kept = desk.store.proposal("bank").await.unwrap().unwrap();
        running.staff.register(desk, "bank", &registration).await;
        // its administrator puts it back
        desk.store.put_proposal(&kept).await.unwrap();
        old
    });
    running.at_the_desk(async |desk| {
        let approved = desk.approve(&running.staff.authoriser, "bank", &old).await;
        assert!(matches!(approved, Err(DeskError::Stale(_))));
        // and one whose registration is another shows nothing to approve
        let mut kept = desk.store.proposal("bank").await.unwrap().unwrap();
        kept.registration = kept.registration.replace("The site", "Thy site");
        desk.store.put_proposal(&kept).await.unwrap();
        assert!(matches!(desk.waiting("bank").await, Err(DeskError::NotApproved(NotApproved::Other))));
    });
}

#[test]
fn operators_have_names_and_keys_of_their_own_and_a_time() {
    let key = || PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let (one, two) = (key(), key());
    let operator = |name: &str, role, key: &PrivateJwk, until| Operator {
        name: name.to_owned(),
        role,
        key: key.public().clone(),
        until,
    };
    for (other, said) in [
        (operator("sanae", Role::Authoriser, &two, None), "it stands there twice"),
        (operator("idir", Role::Authoriser, &one, None), "it has the key of \"sanae\""),
        (operator("i dir", Role::Authoriser, &two, None), "a name has 1 to 64"),
    ] {
        let error = Operators::new(vec![operator("sanae", Role::Onboarder, &one, None), other]).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    let platform = Origin::parse("https://id.example.ma").unwrap();
    let act =
        Act::Propose { client: "bank".to_owned(), revision: 1, registration: digest("{}"), takes_up: None };
    let entry = Entry {
        aud: platform.to_string(),
        sub: "sanae".to_owned(),
        number: 1,
        previous: None,
        iat: START,
        act,
    };
    let judge = |entry: &Entry, until| {
        let operators = Operators::new(vec![operator("sanae", Role::Onboarder, &one, until)]).unwrap();
        Entry::verify(&entry.sign(&one).unwrap(), &operators, &platform).map(|_| ())
    };
    assert_eq!(judge(&entry, None), Ok(()));
    assert_eq!(judge(&entry, Some(START + 1)), Ok(()));
    assert_eq!(judge(&entry, Some(START)), Err(EntryError::Late));
    let sandbox = Entry { aud: "https://sandbox.example.ma".to_owned(), ..entry.clone() };
    assert_eq!(judge(&sandbox, None), Err(EntryError::Platform));
    assert_eq!(judge(&Entry { sub: "idir".to_owned(), ..entry.clone() }, None), Err(EntryError::Operator));
    let refuse = Act::Refuse {
        client: "bank".to_owned(),
        proposal: digest(""),
        reason: bitaqa_protocol::statement::ShownText::parse("no").unwrap(),
    };
    assert_eq!(judge(&Entry { act: refuse, ..entry.clone() }, None), Err(EntryError::Role));
    let operators = Operators::new(vec![operator("sanae", Role::Onboarder, &two, None)]).unwrap();
    assert_eq!(
        Entry::verify(&entry.sign(&one).unwrap(), &operators, &platform).map(|_| ()),
        Err(EntryError::Signature)
    );
}

#[test]
fn an_entry_that_is_altered_moved_or_gone_is_found() {
    let running = Running::new();
    running.confidential("bank", "");
    running.confidential("aid", "");
    running.suspend("aid");
    assert_eq!(findings(&running, &[]), []);
    let entries = running.at_the_desk(async |desk| desk.store.entries().await.unwrap());
    let clients = running.at_the_desk(async |desk| desk.store.clients().await.unwrap());
    let kept: Vec<Listed> = entries
        .iter()
        .map(|entry| Listed {
            operator: entry.operator.clone(),
            number: entry.number,
            entry: entry.text.clone(),
        })
        .collect();
    let platform = platform_of(&running);
    let judge = |entries: &[_], kept: &[Listed]| {
        let trail = Trail { entries, clients: &clients, proposals: &[] };
        let findings = audit::verify(trail, &running.staff.operators, &platform, kept);
        findings
            .into_iter()
            .map(|finding| format!("{}: {}", finding.about, finding.fault))
            .collect::<Vec<_>>()
    };
    assert_eq!(judge(&entries, &kept), Vec::<String>::new());
    // by operator and number: three of the authoriser, two of the onboarder
    let owners: Vec<&str> = entries.iter().map(|entry| entry.operator.as_str()).collect();
    assert_eq!(owners, ["authoriser", "authoriser", "authoriser", "onboarder", "onboarder"]);
    let without = |at: usize| {
        let mut left = entries.clone();
        left.remove(at);
        left
    };
    assert!(judge(&without(0), &[]).contains(&"authoriser: entries 1 to 1 are gone".to_owned()));
    assert!(
        judge(&without(1), &[])
            .contains(&"authoriser: entry 3: it does not follow the one before it".to_owned())
    );
    // the last one of a chain is missed because something rests on it, or because it was kept elsewhere
    assert!(
        judge(&without(4), &[]).contains(&"aid: what was signed for it is in nobody's entries".to_owned())
    );
    assert_eq!(
        judge(&without(2), &kept),
        [
            "authoriser: entry 3 is gone or was altered",
            "aid: what it was suspended by is in nobody's entries"
        ]
    );
    let mut moved = entries.clone();
    let text = moved[0].text.clone();
    moved[0].text = std::mem::replace(&mut moved[1].text, text);
    assert!(judge(&moved, &[]).contains(&"authoriser: entry 1: it stands in another's place".to_owned()));
    let mut altered = entries.clone();
    altered[3].text = altered[3].text.replacen('.', ".e", 1);
    assert!(
        judge(&altered, &[]).iter().any(|finding| finding.starts_with("onboarder: entry 1: it is no entry"))
    );
    assert!(judge(&[], &kept).len() > 5);
}

#[test]
fn nobody_registers_themselves_in_production() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut client = client_of(&running, "bank");
    let operators = running.staff.operators.clone();
    let realms = [Realm::Production, Realm::Sandbox];
    let judge = |client: &Client| {
        realms
            .map(|realm| Approvals::new(operators.clone(), platform_of(&running), realm).judge(client, START))
    };
    assert_eq!(judge(&client), [Ok(()), Ok(())]);
    client.approval = None;
    assert_eq!(judge(&client), [Err(NotApproved::Unsigned); 2]);
    client.expires_at = Some(START + 1);
    assert_eq!(judge(&client), [Err(NotApproved::Unsigned), Ok(())]);
    client.expires_at = Some(START);
    assert_eq!(judge(&client), [Err(NotApproved::Unsigned), Err(NotApproved::Ended)]);
    client.expires_at = Some(START + 1);
    client.suspended_at = Some(START);
    assert_eq!(judge(&client), [Err(NotApproved::Suspended); 2]);
}

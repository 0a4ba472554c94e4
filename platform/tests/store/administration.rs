//! What operators leave in a store.

use std::sync::Arc;

use bitaqa_platform::store::{Approval, Client, KeptEntry, Proposal, Store};

use crate::{NOW, client};

fn approved(registration: &str, signed: &str) -> Client {
    let approval = Approval { proposal: format!("proposal of {signed}"), approval: signed.to_owned() };
    Client {
        registration: registration.to_owned(),
        approval: Some(approval),
        expires_at: None,
        ..client("bank")
    }
}

pub(crate) async fn what_is_approved_follows_what_counted_and_ends_no_other_suspension(
    store: Arc<dyn Store>,
) {
    let (one, two, three) = (approved("1", "one"), approved("2", "two"), approved("3", "three"));
    assert!(store.approve_client(&one, None, None).await.unwrap());
    // whoever asks again is told that it was itself
    assert!(store.approve_client(&one, None, None).await.unwrap());
    assert_eq!(store.client("bank").await.unwrap(), Some(one.clone()));
    assert!(!store.approve_client(&two, None, None).await.unwrap());
    assert!(!store.approve_client(&two, Some("none"), None).await.unwrap());
    assert!(store.approve_client(&two, Some("one"), None).await.unwrap());
    assert!(!store.approve_client(&one, Some("one"), None).await.unwrap());
    store.suspend_client("bank", NOW, "first").await.unwrap();
    store.suspend_client("bank", NOW + 1, "second").await.unwrap();
    assert!(store.approve_client(&three, Some("two"), Some("first")).await.unwrap());
    let kept = store.client("bank").await.unwrap().unwrap();
    assert_eq!((kept.registration.as_str(), kept.suspended_at), ("3", Some(NOW + 1)));
    assert!(store.approve_client(&two, Some("three"), None).await.unwrap());
    assert_eq!(store.client("bank").await.unwrap().unwrap().suspension.as_deref(), Some("second"));
    assert!(store.approve_client(&one, Some("two"), Some("second")).await.unwrap());
    assert_eq!(store.client("bank").await.unwrap(), Some(one));
    // one that registered itself is nobody's to approve
    assert!(store.add_client(&client("aid")).await.unwrap());
    assert!(!store.approve_client(&Client { id: "aid".to_owned(), ..two }, None, None).await.unwrap());
    store.purge(NOW + 50).await.unwrap();
    assert_eq!(store.clients().await.unwrap().len(), 2);
}

pub(crate) async fn entries_of_an_operator_have_one_number_each(store: Arc<dyn Store>) {
    let entry = |operator: &str, number: i64, text: &str| KeptEntry {
        operator: operator.to_owned(),
        number,
        text: text.to_owned(),
    };
    assert_eq!(store.last_entry("sanae").await.unwrap(), None);
    for (number, text, added) in [(1, "one", true), (1, "one", true), (1, "other", false), (2, "two", true)] {
        assert_eq!(store.add_entry("sanae", number, text).await.unwrap(), added, "{text}");
    }
    for number in 3..12 {
        assert!(store.add_entry("sanae", number, "more").await.unwrap());
    }
    assert!(store.add_entry("idir", 1, "one").await.unwrap());
    assert_eq!(store.last_entry("sanae").await.unwrap(), Some(entry("sanae", 11, "more")));
    let all = store.entries().await.unwrap();
    assert_eq!((all.len(), &all[0], &all[2]), (12, &entry("idir", 1, "one"), &entry("sanae", 2, "two")));
}

pub(crate) async fn one_proposal_waits_for_each_relying_party(store: Arc<dyn Store>) {
    let proposal = |client: &str, text: &str| Proposal {
        client: client.to_owned(),
        registration: "{}".to_owned(),
        proposal: text.to_owned(),
    };
    for (client, text) in [("bank", "one"), ("bank", "two"), ("aid", "three")] {
        store.put_proposal(&proposal(client, text)).await.unwrap();
    }
    assert_eq!(store.proposals().await.unwrap(), [proposal("aid", "three"), proposal("bank", "two")]);
    store.end_proposal("bank", "one").await.unwrap();
    assert_eq!(store.proposal("bank").await.unwrap(), Some(proposal("bank", "two")));
    store.end_proposal("bank", "two").await.unwrap();
    assert_eq!(store.proposal("bank").await.unwrap(), None);
    assert_eq!(store.proposal("nobody").await.unwrap(), None);
}

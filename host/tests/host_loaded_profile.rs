//! A card that nobody knows signs in once its profile is in the administrator's folder.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod sign_in_place;
mod window_desktop;

use bitaqa_testbed::{CardSpec, OwnRoot, Personality, profile_of};
use bitaqa_virtual_card::undescribed::Identifiers;
use host_peer::failure;
use sign_in_place::{Place, is_valid_token};

const SEED: u64 = 7;

fn card() -> CardSpec {
    CardSpec { seed: Some(SEED), ..CardSpec::new(Personality::Undescribed) }
}

#[test]
fn an_unknown_card_signs_in_once_its_profile_is_in_the_folder() {
    let root = OwnRoot::new().unwrap();
    root.add_profile("our-new-card.toml", &profile_of(&Identifiers::of(SEED))).unwrap();
    root.add_profile("malformed.toml", "schema = 1").unwrap();
    let mut place = Place::in_root(&root, &card());
    is_valid_token(&place.sign_in());
    assert_eq!(place.card.verify_count(), 1);
    place.peer.close();
    let said = {
        place.peer.ends_within(std::time::Duration::from_secs(20));
        place.peer.errors()
    };
    let complaint = "card profile not used: /etc/bitaqa/profiles/malformed.toml: ";
    assert!(said.contains(complaint), "{said}");
}

#[test]
fn without_it_the_card_is_unknown() {
    let mut place = Place::in_root(&OwnRoot::new().unwrap(), &card());
    let id = place.ask();
    place.peer.wait_for_stage(&id, "waiting-for-card");
    place.escape();
    assert_eq!(failure(&place.peer.next_answer()), (Some(id.as_str()), "card-unknown"));
}

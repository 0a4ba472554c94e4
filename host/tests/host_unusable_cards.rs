//! Cards that nobody could sign in with: they are told by name, and nobody types a PIN in vain.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod sign_in_place;
mod window_desktop;

use bitaqa_testbed::{CardSpec, KeyKind, Variant};
use host_peer::failure;
use sign_in_place::{Place, is_valid_token};

#[test]
fn a_certificate_that_is_not_valid_now_is_certificate_expired_and_no_pin_is_asked_for() {
    for variant in [Variant::Expired, Variant::NotYetValid] {
        let mut place = Place::with(&CardSpec { certificate: variant, ..CardSpec::esteid() });
        let id = place.ask();
        place.peer.wait_for_stage(&id, "reading");
        let answer = place.peer.next();
        assert_eq!(failure(&answer), (Some(id.as_str()), "certificate-expired"), "{variant:?}: {answer}");
        assert!(place.peer.windows().is_empty(), "nothing to type, nothing to read");
        next_sign_in_works(place);
    }
}

#[test]
fn a_card_without_a_certificate_for_signing_in_is_certificate_missing() {
    for make in [CardSpec::esteid(), CardSpec::pkcs15(KeyKind::P256)] {
        let mut place = Place::with(&CardSpec { certificate: Variant::WrongKeyUsage, ..make });
        let id = place.ask();
        // the person may put in another one
        place.peer.wait_for_stage(&id, "waiting-for-card");
        place.escape();
        let answer = place.peer.next_answer();
        assert_eq!(failure(&answer), (Some(id.as_str()), "certificate-missing"), "{answer}");
        next_sign_in_works(place);
    }
}

fn next_sign_in_works(mut place: Place) {
    assert_eq!(place.card.verify_count(), 0);
    let good = place.bed.insert(0, &CardSpec::esteid()).unwrap();
    is_valid_token(&place.sign_in());
    assert_eq!((place.card.verify_count(), good.verify_count()), (0, 1));
}

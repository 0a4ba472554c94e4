//! A list says nothing until its signature was verified.

use bitaqa_signature::trusted_list::{TrustedList, TrustedListError, VerifiedTrustedList};
use bitaqa_trust::{Certificate, DateTime, pem_bundle};

use crate::{
    lists::{Draft, State, operator},
    support::{
        Kind,
        dated::{DAY, earlier, later},
        judge, now, pki,
    },
};

#[test]
fn a_list_that_its_operator_signed_is_read() {
    let operator = operator();
    let list = Draft::new().signed_by("plain", &operator);
    let verified =
        VerifiedTrustedList::verify(&list, std::slice::from_ref(&operator.certificate), now()).unwrap();
    assert_eq!(*verified.signer(), operator.certificate);
    let list = verified.list();
    assert_eq!((list.version, list.sequence_number, list.territory.as_str()), (5, 7, "MA"));
    assert_eq!(list.operator, "Supervisor");
    assert!(!list.is_list_of_lists());
    let [service] = &list.services[..] else { panic!("one service") };
    assert_eq!(service.provider, "Provider");
    let state = service.present().unwrap();
    assert!(state.is_granted(now()) && state.is_for("ForeSignatures") && !state.is_for("ForeSeals"));
    assert!(service.is_of(&pki().authority()) && !service.is_of(&pki().root()));
    assert!(service.at(earlier(now(), 2000 * DAY)).is_none());
}

#[test]
fn who_is_not_named_signs_no_list() {
    let operator = operator();
    let other = pki().issue("other_operator", Kind::P256, "/C=MA/CN=Scheme Operator", "signer");
    let list = Draft::new().signed_by("by_other", &other);
    let refused =
        VerifiedTrustedList::verify(&list, std::slice::from_ref(&operator.certificate), now()).unwrap_err();
    assert_eq!(refused, TrustedListError::Signer);
    let nobody = VerifiedTrustedList::verify(&list, &[], now()).unwrap_err();
    assert_eq!(nobody, TrustedListError::Signer);
    let late = later(now(), 400 * DAY);
    let expired = VerifiedTrustedList::verify(&list, &[other.certificate], late).unwrap_err();
    assert_eq!(expired, TrustedListError::Signer);
}

#[test]
fn a_list_out_of_its_time_is_refused() {
    let operator = operator();
    let signers = [operator.certificate.clone()];
    let draft = Draft::new();
    let list = draft.signed_by("timed", &operator);
    let after = later(draft.next_update, 1);
    let refused = VerifiedTrustedList::verify(&list, &signers, after).unwrap_err();
    assert!(matches!(refused, TrustedListError::Stale(_)), "{refused}");
    let early = Draft { issued: later(now(), DAY), ..draft }.signed_by("early", &operator);
    let refused = VerifiedTrustedList::verify(&early, &signers, now()).unwrap_err();
    assert!(matches!(refused, TrustedListError::NotYetIssued(_)), "{refused}");
}

#[test]
fn unsigned_twice_signed_and_partly_signed_lists_are_refused() {
    let operator = operator();
    let signers = [operator.certificate.clone()];
    let list = String::from_utf8(Draft::new().signed_by("whole", &operator)).unwrap();
    let start = list.find("<ds:Signature ").unwrap();
    let end = list.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let refused = |list: &str| VerifiedTrustedList::verify(list.as_bytes(), &signers, now()).is_err();
    assert!(!refused(&list));
    let signature = &list[start..end];
    assert!(refused(&list.replace(signature, "")), "unsigned");
    assert!(refused(&list.replace(signature, &signature.repeat(2))), "signed twice");
    let moved = list
        .replace(signature, "")
        .replace("</SchemeInformation>", &format!("{signature}</SchemeInformation>"));
    assert!(refused(&moved), "signed from another place");
    let declared = list.replace("?>", "?><!DOCTYPE a [<!ENTITY b \"c\">]>");
    assert!(refused(&declared), "a document type");
    // the signed list inside another one, whose services nobody signed
    let body = list.split_once("?>").unwrap().1;
    let wrapped = format!(
        "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\">{}{body}</TrustServiceStatusList>",
        "<SchemeInformation/>"
    );
    assert!(refused(&wrapped), "wrapped");
}

#[test]
fn a_changed_character_is_refused_or_changes_nothing() {
    let operator = operator();
    let signers = [operator.certificate.clone()];
    let list = Draft::with_states(vec![State::granted()]).signed_by("flipped", &operator);
    let original = VerifiedTrustedList::verify(&list, &signers, now()).unwrap();
    let (mut refused, mut same) = (0, 0);
    for place in (0..list.len()).step_by(7) {
        let mut changed = list.clone();
        changed[place] ^= 0x01;
        match VerifiedTrustedList::verify(&changed, &signers, now()) {
            Err(_) => refused += 1,
            Ok(verified) => {
                assert_eq!(format!("{:?}", verified.list()), format!("{:?}", original.list()));
                same += 1;
            }
        }
    }
    println!("{refused} changed characters are refused, {same} change nothing");
    assert!(refused > 20 * same);
}

#[test]
fn histories_that_contradict_themselves_are_refused() {
    let operator = operator();
    let signers = [operator.certificate.clone()];
    let at = |days: u64| State { since: earlier(now(), days * DAY), ..State::granted() };
    for (name, states) in [("twice", vec![at(10), at(10)]), ("present_is_older", vec![at(20), at(10)])] {
        let list = Draft::with_states(states).signed_by(name, &operator);
        let refused = VerifiedTrustedList::verify(&list, &signers, now()).unwrap_err();
        assert_eq!(refused, TrustedListError::History, "{name}");
    }
    let list = Draft::with_states(vec![at(10), at(30), at(20)]).signed_by("unordered", &operator);
    let verified = VerifiedTrustedList::verify(&list, &signers, now()).unwrap();
    let since: Vec<DateTime> = verified.list().services[0].states().iter().map(|state| state.since).collect();
    assert!(since.is_sorted_by(|one, other| one > other));
}

#[test]
fn a_list_of_lists_names_the_signers_of_others() {
    let operator = operator();
    let national = pki().issue("national", Kind::P384, "/C=BH/CN=National Operator", "signer");
    let of_lists = Draft {
        kind: "EUlistofthelists",
        territory: "EU",
        pointer: Some(("https://example.org/bh.xml".to_owned(), "BH", national.certificate.clone())),
        ..Draft::new()
    }
    .verified("of_lists");
    assert!(of_lists.list().is_list_of_lists());
    let pointer = of_lists.list().pointers[0].clone();
    assert_eq!(pointer.location, "https://example.org/bh.xml");
    let bahraini = Draft { territory: "BH", ..Draft::new() };
    let list = bahraini.signed_by("pointed", &national);
    let pointed = of_lists.verify_pointed(&pointer, &list, now()).unwrap();
    assert_eq!(pointed.list().territory, "BH");
    assert_eq!((pointed.signer(), pointed.authority()), (&national.certificate, &operator.certificate));
    let by_other = bahraini.signed_by("pointed_by_other", &operator);
    assert_eq!(of_lists.verify_pointed(&pointer, &by_other, now()).unwrap_err(), TrustedListError::Signer);
    let of_other_country = Draft::new().signed_by("pointed_elsewhere", &national);
    let refused = of_lists.verify_pointed(&pointer, &of_other_country, now()).unwrap_err();
    assert_eq!(refused, TrustedListError::Pointer);
    let mut forged = pointer;
    forged.signers.push(operator.certificate);
    assert_eq!(of_lists.verify_pointed(&forged, &by_other, now()).unwrap_err(), TrustedListError::Pointer);
}

#[test]
fn a_list_of_another_project_is_read_with_its_facts() {
    let Some(folder) = judge::conformance("libdigidocpp") else {
        println!("the suite libdigidocpp is not there");
        return;
    };
    let octets = std::fs::read(folder.join("TSL.xml")).unwrap();
    let signer = std::fs::read(folder.join("TSL.crt")).unwrap();
    let signer = pem_bundle::certificates("TSL.crt", &signer).unwrap().remove(0);
    let at = DateTime::new(2026, 1, 1, 0, 0, 0).unwrap();
    let verified = VerifiedTrustedList::verify(&octets, std::slice::from_ref(&signer), at).unwrap();
    let list = verified.list();
    assert!(list.is_list_of_lists());
    assert_eq!((list.version, list.sequence_number, list.territory.as_str()), (5, 4, "EE"));
    assert_eq!(list.operator, "Information System Authority");
    assert_eq!(list.issued.to_string(), "2020-06-03T12:06:01Z");
    assert_eq!(list.next_update.unwrap().to_string(), "2027-08-21T23:00:00Z");
    let [pointer] = &list.pointers[..] else { panic!("one pointer") };
    assert_eq!(pointer.location, "https://open-eid.github.io/test-TL/EE_T.xml");
    assert_eq!(
        (pointer.territory.as_str(), pointer.media_type.as_str()),
        ("EE_T", "application/vnd.etsi.tsl+xml")
    );
    assert!(pointer.signers == std::slice::from_ref(&signer));
    assert!(list.services.is_empty());

    let other: Certificate = pki().root();
    assert_eq!(VerifiedTrustedList::verify(&octets, &[other], at).unwrap_err(), TrustedListError::Signer);
    let text = String::from_utf8(octets).unwrap();
    for (from, to) in [
        ("test-TL/EE_T.xml", "test-TL/EE_X.xml"),
        ("2027-08-21", "2028-08-21"),
        ("<TSLSequenceNumber>4", "<TSLSequenceNumber>5"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert!(TrustedList::parse(changed.as_bytes()).is_ok(), "it is a list all the same");
        let refused =
            VerifiedTrustedList::verify(changed.as_bytes(), std::slice::from_ref(&signer), at).unwrap_err();
        assert!(matches!(refused, TrustedListError::Signature(_)), "{from}: {refused}");
    }
}

#[test]
fn what_is_no_list_is_refused() {
    for (name, document) in [
        ("nothing", ""),
        ("another root", "<a/>"),
        ("another namespace", "<TrustServiceStatusList/>"),
        ("an empty list", "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\"/>"),
        ("no end", "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\">"),
    ] {
        assert!(TrustedList::parse(document.as_bytes()).is_err(), "{name}");
        assert!(VerifiedTrustedList::verify(document.as_bytes(), &[], now()).is_err(), "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn arbitrary_lists_end_in_an_error(octets in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..512)) {
        proptest::prop_assert!(TrustedList::parse(&octets).is_err());
    }

    #[test]
    fn lists_that_end_early_are_refused(end in proptest::prelude::any::<proptest::sample::Index>()) {
        let end = end.index(WHOLE.trim_ascii_end().len());
        proptest::prop_assert!(TrustedList::parse(&WHOLE[..end]).is_err());
    }
}

/// A list that is read only.
static WHOLE: std::sync::LazyLock<Vec<u8>> =
    std::sync::LazyLock::new(|| Draft::new().signed_by("cut", &operator()));

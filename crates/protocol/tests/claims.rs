//! The vocabulary of claims, and what comes along with what.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use std::collections::BTreeSet;

use bitaqa_protocol::{
    Claim, ClaimSet, Closure, DataGroup, RequestedClaims,
    claim::{AgeLimit, ClaimError, MAX_CLAIMS},
};
use proptest::prelude::*;

fn age(years: u8) -> Claim {
    Claim::AgeOver(AgeLimit::new(years).unwrap())
}

fn set(claims: &[Claim]) -> ClaimSet {
    ClaimSet::new(claims.iter().copied()).unwrap()
}

#[test]
fn every_claim_has_one_name() {
    let names: BTreeSet<String> = Claim::NAMED.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), Claim::NAMED.len());
    for claim in Claim::NAMED.into_iter().chain([age(1), age(18), age(99)]) {
        assert_eq!(Claim::parse(&claim.name()), Ok(claim));
        let json = serde_json::to_string(&claim).unwrap();
        assert_eq!(json, format!("\"{claim}\""));
        assert_eq!(serde_json::from_str::<Claim>(&json).unwrap(), claim);
    }
    // OpenID Connect Core 1.0, sections 5.1 and 5.2; OpenID Connect for Identity Assurance 1.0
    for name in [
        "given_name",
        "family_name",
        "given_name#ar",
        "birthdate",
        "gender",
        "nationalities",
        "place_of_birth",
        "address",
    ] {
        assert!(Claim::parse(name).is_ok(), "{name}");
    }
}

#[test]
fn nothing_else_is_a_claim() {
    for name in
        ["", "name", "Given_name", "given_name ", "given_name#fr", "given_name#AR", "fingerprint", "dg3"]
    {
        assert_eq!(Claim::parse(name), Err(ClaimError::Unknown), "{name}");
    }
    for name in [
        "age_over_",
        "age_over_0",
        "age_over_018",
        "age_over_100",
        "age_over_+8",
        "age_over_-1",
        "age_over_1a",
    ] {
        assert_eq!(Claim::parse(name), Err(ClaimError::Age), "{name}");
    }
}

#[test]
fn the_zone_is_told_whole() {
    let closure = Closure::of([age(18)]);
    assert_eq!(closure.groups, BTreeSet::from([DataGroup::Dg1]));
    let expected = [
        Claim::GivenName,
        Claim::FamilyName,
        Claim::Birthdate,
        age(18),
        Claim::Gender,
        Claim::Nationalities,
        Claim::PersonalNumber,
        Claim::DocumentNumber,
        Claim::DateOfExpiry,
    ];
    assert_eq!(closure.claims, BTreeSet::from(expected));
}

#[test]
fn the_name_in_arabic_brings_the_address_along_and_the_photo_nothing() {
    let closure = Closure::of([Claim::GivenNameArabic]);
    assert_eq!(closure.groups, BTreeSet::from([DataGroup::Dg11]));
    for along in [
        Claim::Address,
        Claim::AddressArabic,
        Claim::PlaceOfBirth,
        Claim::PersonalNumber,
        Claim::Birthdate,
        Claim::OtherPersonalDetails,
    ] {
        assert!(closure.claims.contains(&along), "{along}");
    }
    assert!(!closure.claims.contains(&Claim::GivenName));
    let photo = Closure::of([Claim::Photo]);
    assert_eq!((photo.groups, photo.claims), ([DataGroup::Dg2].into(), [Claim::Photo].into()));
}

#[test]
fn what_a_statement_does_not_allow_is_found_with_what_comes_along() {
    let closure = Closure::of([Claim::GivenName]);
    assert_eq!(closure.beyond(&set(&[Claim::GivenName, Claim::FamilyName])).len(), 6);
    let zone: Vec<Claim> = Closure::of_group(DataGroup::Dg1).into_iter().collect();
    assert_eq!(closure.beyond(&set(&zone)), []);
    // an age follows from the birth date, not the other way round
    assert_eq!(Closure::of([age(18)]).beyond(&set(&zone)), []);
    let mut without: Vec<Claim> = zone.into_iter().filter(|claim| *claim != Claim::Birthdate).collect();
    without.push(age(18));
    assert_eq!(Closure::of([age(18)]).beyond(&set(&without)), [Claim::Birthdate]);
    assert_eq!(Closure::of([age(21)]).beyond(&set(&without)), [Claim::Birthdate, age(21)]);
}

#[test]
fn sets_in_json_are_lists_without_repetition() {
    let read = |text: &str| serde_json::from_str::<ClaimSet>(text).map_err(|error| error.to_string());
    assert_eq!(read(r#"["photo","given_name"]"#).unwrap(), set(&[Claim::GivenName, Claim::Photo]));
    assert!(read(r#"["photo","photo"]"#).unwrap_err().contains("twice"));
    assert!(read(r#"["photo","face"]"#).unwrap_err().contains("no claim"));
    let ages: Vec<Claim> = (1..=99).map(age).collect();
    assert_eq!(ClaimSet::new(ages), Err(ClaimError::TooMany));
    assert!(ClaimSet::new((1..=64).map(age)).unwrap().iter().len() == MAX_CLAIMS);
}

#[test]
fn a_request_says_what_it_cannot_do_without() {
    let read = |text: &str| serde_json::from_str::<RequestedClaims>(text);
    let requested = read(r#"{"required":["family_name"],"optional":["photo"]}"#).unwrap();
    assert_eq!(requested.all().collect::<Vec<_>>(), [Claim::FamilyName, Claim::Photo]);
    assert_eq!(requested.closure().groups, [DataGroup::Dg1, DataGroup::Dg2].into());
    assert_eq!(read(&serde_json::to_string(&requested).unwrap()).unwrap(), requested);
    assert!(read(r#"{"optional":["photo"]}"#).is_ok());
    for text in [
        "{}",
        r#"{"required":[]}"#,
        r#"{"required":["photo"],"optional":["photo"]}"#,
        r#"{"required":["photo"],"wanted":["address"]}"#,
        r#"{"required":["photo"],"required":["address"]}"#,
        r#"["photo"]"#,
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[cfg(feature = "codegen")]
#[test]
fn typescript_has_the_whole_vocabulary() {
    let declared = <Claim as ts_rs::TS>::decl(&ts_rs::Config::new());
    for claim in Claim::NAMED {
        assert!(declared.contains(&format!("\"{claim}\"")), "{claim}: {declared}");
    }
    assert_eq!(declared.matches('|').count(), Claim::NAMED.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_closure_holds_what_was_asked_and_is_its_own_closure(
        chosen in prop::collection::btree_set(0..Claim::NAMED.len(), 1..8), years in 1_u8..100,
    ) {
        let claims: Vec<Claim> = chosen.into_iter().map(|at| Claim::NAMED[at]).chain([age(years)]).collect();
        let closure = Closure::of(claims.iter().copied());
        prop_assert!(claims.iter().all(|claim| closure.claims.contains(claim)));
        // nothing that comes along asks for another group, unless it is told twice
        let again = Closure::of(closure.claims.iter().copied().filter(|claim| closure.groups.contains(&claim.group())));
        prop_assert_eq!(&again, &closure);
        let told: BTreeSet<Claim> = closure.groups.iter().flat_map(|group| Closure::of_group(*group)).collect();
        prop_assert!(told.is_subset(&closure.claims));
    }

    #[test]
    fn any_name_is_read_as_it_is_written(name in "\\PC{0,20}") {
        if let Ok(claim) = Claim::parse(&name) {
            prop_assert_eq!(claim.name(), name);
        }
    }
}

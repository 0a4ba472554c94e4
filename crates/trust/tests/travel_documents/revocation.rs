//! Revocation lists of the authority.

use bitaqa_trust::{
    csca_store::{CscaStore, CscaStoreBuilder, Unused},
    icao_pki::RevocationList,
    passive_authentication::{self, NotChecked, Options, Outcome, RevocationDemand, Step},
};

use crate::country::{Country, Holder, Order, Signing, borrowed, faults, groups, now, time};

const NEVER: &str = "20990101000000Z";

fn store(country: &Country, lists: Vec<RevocationList>) -> (CscaStore, Vec<Unused>) {
    let mut builder = CscaStoreBuilder::new();
    builder.add(country.certificate(&country.csca)).unwrap();
    lists.into_iter().for_each(|list| builder.add_revocation_list(list).unwrap());
    builder.build()
}

fn judged(
    country: &Country,
    signer: &Holder,
    store: &CscaStore,
    at: &str,
    demand: RevocationDemand,
) -> (Vec<&'static str>, Outcome) {
    let groups = groups();
    let sod = country.document(signer, &borrowed(&groups), Signing::default());
    let options = Options { revocation: demand };
    let groups = borrowed(&groups);
    let report = passive_authentication::verify(&sod, &groups, store, time(at), &options).unwrap();
    (faults(&report), report.outcome(Step::Revocation).clone())
}

#[test]
fn a_revoked_signer_is_refused_from_then_on() {
    let country = Country::new();
    let (revoked, other) = (country.issue(&Order::default()), country.issue(&Order::default()));
    let serial = country.serial_number(&revoked);
    let list = country.revocation_list(&[(&serial, "230301000000Z")], ("20230501000000Z", "20230801000000Z"));
    assert_eq!(list.len(), 1);
    let (store, unused) = store(&country, vec![list]);
    assert_eq!(unused, []);
    let with = |signer, at| judged(&country, signer, &store, at, RevocationDemand::WhereKnown);

    assert_eq!(with(&revoked, "2023-06-01T00:00:00Z").0, ["signer-revoked"]);
    assert_eq!(with(&revoked, "2023-03-01T00:00:00Z").0, ["signer-revoked"]);
    // also when the list is out of date: nobody is forgiven
    assert_eq!(with(&revoked, "2025-06-01T00:00:00Z").0, ["signer-revoked"]);
    // before that day it was not, and the report says what came
    let (faults, outcome) = with(&revoked, "2023-02-28T23:59:59Z");
    assert_eq!(faults, [""; 0]);
    assert!(
        matches!(outcome, Outcome::NotChecked(NotChecked::RevokedLater(revoked)) if revoked.since == time("2023-03-01T00:00:00Z"))
    );

    assert_eq!(with(&other, "2023-06-01T00:00:00Z"), (vec![], Outcome::Passed));
    let (faults, outcome) = with(&other, "2023-08-01T00:00:01Z");
    assert_eq!(faults, [""; 0]);
    let stale = NotChecked::RevocationListStale { next_update: Some(time("2023-08-01T00:00:00Z")) };
    assert_eq!(outcome, Outcome::NotChecked(stale));
    let required = judged(&country, &other, &store, "2023-08-01T00:00:01Z", RevocationDemand::Required);
    assert_eq!(required.0, ["revocation-unknown"]);
}

#[test]
fn without_a_list_the_report_says_so_and_a_caller_may_insist() {
    let country = Country::new();
    let signer = country.issue(&Order::default());
    let (store, _) = store(&country, Vec::new());
    let (faults, outcome) =
        judged(&country, &signer, &store, "2023-06-01T00:00:00Z", RevocationDemand::WhereKnown);
    assert_eq!((faults, outcome), (vec![], Outcome::NotChecked(NotChecked::NoRevocationList)));
    let (faults, _) = judged(&country, &signer, &store, "2023-06-01T00:00:00Z", RevocationDemand::Required);
    assert_eq!(faults, ["revocation-unknown"]);
}

#[test]
fn a_list_of_somebody_else_changes_nothing() {
    // another authority of the same name revokes the signer of this one
    let (country, other) = (Country::new(), Country::new());
    let signer = country.issue(&Order::default());
    let serial = country.serial_number(&signer);
    let forged = other.revocation_list(&[(&serial, "230301000000Z")], ("20230501000000Z", NEVER));
    let (store, unused) = store(&country, vec![forged]);
    assert!(matches!(unused[..], [Unused::RevocationList { .. }]), "{unused:?}");
    let (faults, outcome) =
        judged(&country, &signer, &store, "2023-06-01T00:00:00Z", RevocationDemand::WhereKnown);
    assert_eq!((faults, outcome), (vec![], Outcome::NotChecked(NotChecked::NoRevocationList)));
}

#[test]
fn a_list_that_was_altered_or_leaves_something_out_is_no_list() {
    let country = Country::new();
    let list = country.revocation_list(&[("0102", "230301000000Z")], ("20230501000000Z", NEVER));
    let der = list.der().to_vec();
    let mut builder = CscaStoreBuilder::new();
    builder.add(country.certificate(&country.csca)).unwrap();
    let (mut read, mut used) = (0, 0);
    for at in 0..der.len() {
        for bit in [0x01, 0x80] {
            let mut altered = der.clone();
            altered[at] ^= bit;
            let Ok(list) = RevocationList::from_der(&altered) else { continue };
            read += 1;
            let mut builder = builder.clone();
            builder.add_revocation_list(list).unwrap();
            let (store, _) = builder.build();
            used += store.revocation_lists().len();
        }
    }
    assert!(read > 100, "{read} altered lists were read");
    assert_eq!(used, 0, "altered lists that were used");
}

#[test]
fn the_authority_itself_can_be_revoked() {
    let country = Country::new();
    let signer = country.issue(&Order::default());
    let serial = country.serial_number(&country.csca);
    let list = country.revocation_list(&[(&serial, "230301000000Z")], ("20230501000000Z", NEVER));
    let (store, _) = store(&country, vec![list]);
    let at = now().to_string();
    assert_eq!(judged(&country, &signer, &store, &at, RevocationDemand::WhereKnown).0, ["csca-revoked"]);
}

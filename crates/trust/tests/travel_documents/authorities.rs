//! Who is trusted: names, keys that change, links.

use bitaqa_trust::{
    csca_store::{CscaStore, CscaStoreBuilder, Unused},
    passive_authentication::{Fault, Options, verify as verify_at},
};

use crate::country::{
    AUTHORITY, Country, Holder, Order, Signing, authority_order, borrowed, faults, groups, time, verify,
};

fn document(country: &Country, signer: &Holder) -> Vec<u8> {
    country.document(signer, &borrowed(&groups()), Signing::default())
}

fn store(certificates: Vec<bitaqa_trust::icao_pki::IcaoCertificate>) -> (CscaStore, Vec<Unused>) {
    let mut builder = CscaStoreBuilder::new();
    certificates.into_iter().for_each(|certificate| builder.add(certificate).unwrap());
    builder.build()
}

#[test]
fn an_unknown_authority_is_told_from_one_of_the_same_name_and_from_a_forged_signer() {
    let (country, other) = (Country::new(), Country::new());
    let stranger = Country::with(&Order { subject: "/C=XX/CN=Stranger", ..authority_order() });
    let signer = country.issue(&Order::default());
    let sod = document(&country, &signer);
    let groups = groups();
    let groups = borrowed(&groups);
    for (store, others) in [(CscaStore::default(), 0), (stranger.store(), 0), (other.store(), 1)] {
        let report = verify(&sod, &groups, &store).unwrap();
        assert_eq!(faults(&report), ["csca-unknown"]);
        assert!(
            matches!(report.faults().next(), Some(Fault::CscaUnknown { others: known, .. }) if *known == others)
        );
    }
    // the same name, and the key that is named, but another signature
    let forged = other.issue(&Order {
        extensions: "keyUsage=critical,digitalSignature\nauthorityKeyIdentifier=none\n",
        ..Order::default()
    });
    let sod = document(&other, &forged);
    let store = country.store();
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), ["signer-not-issued"]);
}

#[test]
fn of_several_authorities_with_one_name_the_one_that_signed_is_found() {
    let countries = [Country::new(), Country::new(), Country::new()];
    let all: Vec<_> = countries.iter().map(|country| country.certificate(&country.csca)).collect();
    let (store, unused) = store(all);
    assert_eq!(unused, []);
    let groups = groups();
    let groups = borrowed(&groups);
    for country in &countries {
        for extensions in
            [Order::default().extensions, "keyUsage=critical,digitalSignature\nauthorityKeyIdentifier=none\n"]
        {
            let sod = document(country, &country.issue(&Order { extensions, ..Order::default() }));
            let report = verify(&sod, &groups, &store).unwrap();
            assert_eq!(faults(&report), [""; 0]);
            assert_eq!(*report.path().unwrap().csca(), country.certificate(&country.csca));
        }
    }
}

#[test]
fn an_issuer_is_the_same_whatever_order_and_string_type_its_name_has() {
    // the authority's certificate is in another spelling than what its signer's certificate says
    let country = Country::new();
    let spelled = country.certify(
        None,
        &country.csca,
        &Order { subject: "/O=UTOPIA/CN=csca  utopia/C=ut", ..authority_order() },
    );
    let sod = document(&country, &country.issue(&Order::default()));
    let (store, unused) = store(vec![country.certificate(&spelled)]);
    assert_eq!(unused, []);
    let groups = groups();
    let groups = borrowed(&groups);
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), [""; 0]);
    // another name of the same country, with the same key: the key identifier finds it
    let renamed =
        country.certify(None, &country.csca, &Order { subject: "/C=UT/CN=Renamed", ..authority_order() });
    let (store, _) = self::store(vec![country.certificate(&renamed)]);
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), [""; 0]);
    // of another country it is not looked for
    let foreign =
        country.certify(None, &country.csca, &Order { subject: "/C=XX/CN=Foreign", ..authority_order() });
    let (store, _) = self::store(vec![country.certificate(&foreign)]);
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), ["csca-unknown"]);
}

#[test]
fn a_link_certificate_leads_to_a_new_key_and_only_from_a_trusted_one() {
    let old = Country::new();
    let link_extensions = Order { extensions: AUTHORITY, ..authority_order() };
    let new = old.issue_with(None, &authority_order());
    let link = old.certify(Some(&old.csca), &new, &link_extensions);
    let newest = old.issue_with(None, &authority_order());
    let next_link = old.certify(Some(&new), &newest, &link_extensions);
    let signer = old.issue_with(Some(&newest), &Order::default());
    let sod = document(&old, &signer);
    let groups = groups();
    let groups = borrowed(&groups);
    let certificate = |holder: &Holder| old.certificate(holder);

    // in any order
    let (complete, unused) = store(vec![certificate(&next_link), certificate(&link), certificate(&old.csca)]);
    assert_eq!(unused, []);
    let report = verify(&sod, &groups, &complete).unwrap();
    assert_eq!(faults(&report), [""; 0]);
    assert_eq!(report.path().unwrap().authorities().count(), 3);
    assert_eq!(report.path().unwrap().authorities().last(), Some(&certificate(&old.csca)));

    for without in [
        vec![certificate(&next_link), certificate(&link)],
        vec![certificate(&next_link), certificate(&old.csca)],
    ] {
        let (store, unused) = store(without);
        assert!(matches!(unused[..], [Unused::Untrusted { .. }, ..]), "{unused:?}");
        let report = verify(&sod, &groups, &store).unwrap();
        assert_eq!(faults(&report), ["csca-unknown"]);
    }
}

#[test]
fn no_authority_makes_one_of_another_country() {
    let groups = groups();
    let groups = borrowed(&groups);
    for (subject, country) in [("/C=UT/O=Example/CN=Other", Some("UT")), ("/C=MA/O=Example/CN=Other", None)] {
        let old = Country::new();
        let link_order = Order { subject, extensions: AUTHORITY, ..authority_order() };
        let other = old.issue_with(Some(&old.csca), &link_order);
        let signer = old.issue_with(Some(&other), &Order::default());
        let sod = document(&old, &signer);
        let (store, unused) = store(vec![old.certificate(&old.csca), old.certificate(&other)]);
        assert_eq!(unused, []);
        let report = verify(&sod, &groups, &store).unwrap();
        assert_eq!(faults(&report), [""; 0], "it is genuine all the same");
        assert_eq!(report.genuine().unwrap().country(), country, "{subject}");
    }
}

#[test]
fn a_signer_is_no_authority() {
    // a signer signs itself another signer
    let country = Country::new();
    let signer = country.issue(&Order::default());
    let under = country.issue_with(Some(&signer), &Order { subject: "/C=UT/CN=Under", ..Order::default() });
    let sod = document(&country, &under);
    let (store, _) = store(vec![country.certificate(&country.csca), country.certificate(&signer)]);
    let groups = groups();
    let groups = borrowed(&groups);
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), ["csca-unknown"]);
    // not even where somebody trusts its certificate by mistake
    let mut builder = CscaStoreBuilder::new();
    builder.add_anchor(country.certificate(&signer)).unwrap();
    let (store, _) = builder.build();
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), ["signer-not-issued"]);
}

#[test]
fn everybody_is_valid_only_in_time() {
    let country = Country::new();
    let signer = country.issue(&Order { valid: ("20220101000000Z", "20240101000000Z"), ..Order::default() });
    let long = country.issue(&Order { valid: ("20200101000000Z", "20450101000000Z"), ..Order::default() });
    let groups = groups();
    let groups = borrowed(&groups);
    let store = country.store();
    for (holder, at, fault) in [
        (&signer, "2022-01-01T00:00:00Z", None),
        (&signer, "2024-01-01T00:00:00Z", None),
        (&signer, "2024-01-01T00:00:01Z", Some("signer-expired")),
        (&signer, "2021-12-31T23:59:59Z", Some("signer-not-yet-valid")),
        (&long, "2036-11-01T00:00:00Z", None),
        (&long, "2036-11-01T00:00:01Z", Some("csca-expired")),
        (&long, "2021-10-31T23:59:59Z", Some("csca-not-yet-valid")),
    ] {
        let sod = document(&country, holder);
        let report = verify_at(&sod, &groups, &store, time(at), &Options::default()).unwrap();
        assert_eq!(faults(&report), fault.into_iter().collect::<Vec<_>>(), "{at}");
    }
    // without an authority, an expired signer still is one
    let sod = document(&country, &signer);
    let nobody = CscaStore::default();
    let report =
        verify_at(&sod, &groups, &nobody, time("2025-01-01T00:00:00Z"), &Options::default()).unwrap();
    assert_eq!(faults(&report), ["csca-unknown", "signer-expired"]);
}

#[test]
fn an_expired_authority_is_passed_over_for_a_valid_certificate_of_the_same_key() {
    let country =
        Country::with(&Order { valid: ("20200101000000Z", "20220101000000Z"), ..authority_order() });
    let renewed = country.certify(None, &country.csca, &authority_order());
    let sod = document(&country, &country.issue(&Order::default()));
    let groups = groups();
    let groups = borrowed(&groups);
    let only_old = country.store();
    assert_eq!(faults(&verify(&sod, &groups, &only_old).unwrap()), ["csca-expired"]);
    let (store, _) = store(vec![country.certificate(&country.csca), country.certificate(&renewed)]);
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), [""; 0]);
}

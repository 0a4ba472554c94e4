//! Master lists, signed by openssl.

use bitaqa_card::tlv::{Tag, encode};
use bitaqa_trust::{
    csca_store::{CscaStore, CscaStoreBuilder},
    master_list::{MasterList, MasterListError, MasterListFault},
};

use crate::country::{
    Country, Holder, MASTER_LIST_SIGNER, Order, Signing, authority_order, borrowed, faults, groups, now,
    time, verify,
};

const CSCA_MASTER_LIST: &str = "2.23.136.1.1.2";

fn content(certificates: &[Vec<u8>]) -> Vec<u8> {
    encode(Tag(0x30), &[vec![0x02, 0x01, 0x00], encode(Tag(0x31), &certificates.concat())].concat())
}

fn signer(country: &Country) -> Holder {
    country.issue(&Order { extensions: MASTER_LIST_SIGNER, ..Order::default() })
}

fn list(country: &Country, signer: &Holder, certificates: &[Vec<u8>], arguments: &[&str]) -> Vec<u8> {
    country.sign(
        signer,
        CSCA_MASTER_LIST,
        &content(certificates),
        Signing { arguments, ..Signing::default() },
    )
}

#[test]
fn a_list_brings_authorities_that_documents_verify_with() {
    let (country, neighbour) =
        (Country::new(), Country::with(&Order { subject: "/C=NB/CN=CSCA Neighbour", ..authority_order() }));
    let certificates = [&country, &neighbour].map(|country| country.certificate_der(&country.csca));
    for arguments in [&[][..], &["-stream"]] {
        let bytes = list(&country, &signer(&country), &certificates, arguments);
        let parsed = MasterList::parse(&bytes).unwrap();
        assert_eq!((parsed.claimed_certificates().len(), parsed.unreadable().len()), (2, 0));
        let trusted = country.store();
        for verified in [parsed.verify(&trusted, now()), parsed.verify_by_itself(now())] {
            let verified = verified.unwrap();
            assert_eq!(*verified.csca(), country.certificate(&country.csca));
            let mut builder = CscaStoreBuilder::new();
            verified.add_to(&mut builder).unwrap();
            let (store, unused) = builder.build();
            assert_eq!(unused, []);
            let groups = groups();
            let sod = neighbour.document(
                &neighbour.issue(&Order::default()),
                &borrowed(&groups),
                Signing::default(),
            );
            let groups = borrowed(&groups);
            assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), [""; 0]);
        }
        // whoever trusts the neighbour alone does not trust this list
        let other = parsed.verify(&neighbour.store(), now());
        assert!(matches!(other, Err(MasterListFault::CscaUnknown { .. })));
        assert!(matches!(
            parsed.verify(&CscaStore::default(), now()),
            Err(MasterListFault::CscaUnknown { .. })
        ));
    }
}

#[test]
fn a_list_whose_signer_is_not_in_it_vouches_for_nothing_by_itself() {
    let (country, neighbour) =
        (Country::new(), Country::with(&Order { subject: "/C=NB/CN=N", ..authority_order() }));
    let bytes = list(&country, &signer(&country), &[neighbour.certificate_der(&neighbour.csca)], &[]);
    let parsed = MasterList::parse(&bytes).unwrap();
    assert!(matches!(parsed.verify_by_itself(now()), Err(MasterListFault::CscaUnknown { .. })));
    assert!(parsed.verify(&country.store(), now()).is_ok());
    // the signer's authority may stand beside the list
    let beside = country.path(&format!("{}.pem", country.csca.name));
    let bytes = list(
        &country,
        &signer(&country),
        &[neighbour.certificate_der(&neighbour.csca)],
        &["-certfile", beside.to_str().unwrap()],
    );
    assert!(MasterList::parse(&bytes).unwrap().verify_by_itself(now()).is_ok());
}

#[test]
fn only_a_signer_of_master_lists_signs_one_and_only_in_time() {
    let country = Country::new();
    let own = [country.certificate_der(&country.csca)];
    let store = country.store();
    let document_signer = country.issue(&Order::default());
    let parsed = MasterList::parse(&list(&country, &document_signer, &own, &[])).unwrap();
    assert_eq!(parsed.verify(&store, now()).unwrap_err(), MasterListFault::SignerPurpose);
    let parsed = MasterList::parse(&list(&country, &signer(&country), &own, &[])).unwrap();
    let late = parsed.verify(&store, time("2033-01-01T00:00:00Z"));
    assert!(matches!(late, Err(MasterListFault::NotValid { .. })));
    let parsed = MasterList::parse(&list(&country, &signer(&country), &own, &["-nocerts"])).unwrap();
    assert_eq!(parsed.verify(&store, now()).unwrap_err(), MasterListFault::SignerMissing);
    // a signature of something else is no list
    let signed = country.sign(&signer(&country), "2.23.136.1.1.1", &content(&own), Signing::default());
    assert_eq!(MasterList::parse(&signed).unwrap_err(), MasterListError::ContentType);
}

#[test]
fn a_revoked_signer_signs_no_list() {
    let country = Country::new();
    let signer = signer(&country);
    let parsed = list(&country, &signer, &[country.certificate_der(&country.csca)], &[]);
    let parsed = MasterList::parse(&parsed).unwrap();
    let serial = country.serial_number(&signer);
    let revoked =
        country.revocation_list(&[(&serial, "230301000000Z")], ("20230501000000Z", "20990101000000Z"));
    let mut builder = CscaStoreBuilder::new();
    builder.add(country.certificate(&country.csca)).unwrap();
    builder.add_revocation_list(revoked).unwrap();
    let fault = parsed.verify(&builder.build().0, now()).unwrap_err();
    assert_eq!(fault, MasterListFault::Revoked { since: time("2023-03-01T00:00:00Z") });
}

#[test]
fn one_bad_certificate_is_named_and_the_others_stay() {
    let country = Country::new();
    let own = country.certificate_der(&country.csca);
    let bytes = list(&country, &signer(&country), &[own.clone(), encode(Tag(0x30), &[5, 0]), own], &[]);
    let parsed = MasterList::parse(&bytes).unwrap();
    assert_eq!(parsed.claimed_certificates().len(), 2);
    assert_eq!(parsed.unreadable()[0].number, 2);
}

#[test]
fn no_altered_list_is_verified() {
    let country = Country::new();
    let bytes = list(&country, &signer(&country), &[country.certificate_der(&country.csca)], &["-noattr"]);
    let store = country.store();
    assert!(MasterList::parse(&bytes).unwrap().verify(&store, now()).is_err(), "without signed attributes");
    let bytes = list(&country, &signer(&country), &[country.certificate_der(&country.csca)], &[]);
    let parsed = MasterList::parse(&bytes).unwrap();
    let listed = parsed.claimed_certificates().to_vec();
    let mut read = 0;
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 0x01;
        let Ok(parsed) = MasterList::parse(&altered) else { continue };
        read += 1;
        if let Ok(verified) = parsed.verify(&store, now()) {
            // what is not signed may change: the list itself does not
            assert_eq!(verified.certificates(), listed, "byte {at}");
        }
    }
    assert!(read > 500, "{read} altered lists were read");
}

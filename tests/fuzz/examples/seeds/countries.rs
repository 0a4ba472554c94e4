//! Documents of countries, and what they publish. openssl makes them, with the country of the tests of crates/trust.

#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../../../crates/trust/tests/travel_documents/country.rs"]
mod country;

use bitaqa_card::tlv::{Tag, encode};
use bitaqa_fuzz::join;

use self::country::{Country, MASTER_LIST_SIGNER, Order, Signing, authority_order, borrowed, groups};
use crate::Seed;

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    let curve = |name: &str| {
        ["EC".to_owned(), format!("ec_paramgen_curve:{name}"), "ec_param_enc:explicit".to_owned()]
    };
    let [written_out, named] = [curve("brainpoolP256r1"), curve("P-256")];
    let written_out: Vec<&str> = written_out.iter().map(String::as_str).collect();
    let named: Vec<&str> = named.iter().take(2).map(String::as_str).collect();
    for (name, key, options, arguments) in [
        ("ecdsa", named.as_slice(), &[][..], &[][..]),
        ("explicit-curve", &written_out, &[], &[]),
        ("indefinite", &named, &[], &["-stream"]),
        ("key-identifier", &named, &[], &["-keyid"]),
        ("without-attributes", &named, &[], &["-noattr"]),
    ] {
        let country = Country::with(&Order { key, options, ..authority_order() });
        let signer = country.issue(&Order { key, options, ..Order::default() });
        let groups = groups();
        let sod = country.document(
            &signer,
            &borrowed(&groups),
            Signing { arguments, options, ..Signing::default() },
        );
        let csca = country.certificate_der(&country.csca);
        seeds.push(("passive_authentication", name.to_owned(), join(&[&csca, &sod, &groups[0].1])));
        if arguments.is_empty() {
            seeds.push(("icao_pki", format!("certificate-{name}"), csca));
        }
    }
    seeds.extend(published());
    seeds
}

/// Lists of one country.
fn published() -> Vec<Seed> {
    let country = Country::new();
    let csca = country.certificate_der(&country.csca);
    let signer = country.issue(&Order { extensions: MASTER_LIST_SIGNER, ..Order::default() });
    let certificates = encode(Tag(0x31), &[csca.clone(), country.certificate_der(&signer)].concat());
    let content = encode(Tag(0x30), &[vec![0x02, 0x01, 0x00], certificates].concat());
    let list = |arguments| {
        country.sign(&signer, "2.23.136.1.1.2", &content, Signing { arguments, ..Signing::default() })
    };
    let revoked = country.revocation_list(
        &[("01", "230301000000Z"), ("0203", "230401000000Z")],
        ("20230501000000Z", "20240501000000Z"),
    );
    let pem = std::fs::read(country.path(&format!("{}.pem", country.csca.name))).expect("a certificate");
    vec![
        ("icao_pki", "master-list".to_owned(), list(&[])),
        ("icao_pki", "master-list-indefinite".to_owned(), list(&["-stream"])),
        ("icao_pki", "revocation-list".to_owned(), revoked.der().to_vec()),
        ("icao_pki", "pem".to_owned(), pem),
    ]
}

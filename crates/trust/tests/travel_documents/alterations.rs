//! Single bits that change: nothing that is signed may, and what is not signed is named here.

use std::ops::Range;

use bitaqa_card::{
    lds::DataGroup,
    tlv::{Tag, TlvReader, encode},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::country::{Country, Order, PSS, RSA, Signing, authority_order, borrowed, groups, verify};

/// A document, and the store that trusts its country.
struct Document {
    country: Country,
    sod: Vec<u8>,
    groups: Vec<(DataGroup, Vec<u8>)>,
}

fn document(order: &Order<'_>, signing: Signing<'_>) -> Document {
    let country = Country::with(&Order { key: order.key, options: order.options, ..authority_order() });
    let signer = country.issue(order);
    let groups = groups();
    let sod = country.document(&signer, &borrowed(&groups), signing);
    Document { country, sod, groups }
}

/// The parts of EF.SOD that no signature covers (RFC 5652 section 5.4), by name.
///
/// Whoever changes them changes nothing that is believed: they say which algorithms follow, in which version the structure is,
/// and how the issuer of the signer's certificate is written, which the certificate itself says under its signature.
fn outside_of_what_is_signed(sod: &[u8]) -> Vec<(&'static str, Range<usize>)> {
    let start = sod.as_ptr() as usize;
    let place = |part: &[u8]| {
        let from = part.as_ptr() as usize - start;
        from..from + part.len()
    };
    let file = TlvReader::new(sod).read().unwrap().unwrap();
    let content_info = file.children().read().unwrap().unwrap();
    let mut fields = content_info.children();
    fields.read().unwrap().unwrap();
    let signed_data = fields.read().unwrap().unwrap().children().read().unwrap().unwrap();
    let mut fields = signed_data.children();
    let version = fields.expect(Tag(0x02)).unwrap();
    let digest_algorithms = fields.expect(Tag(0x31)).unwrap();
    fields.expect(Tag(0x30)).unwrap();
    fields.expect(Tag(0xA0)).unwrap();
    let signer_info = fields.expect(Tag(0x31)).unwrap().children().expect(Tag(0x30)).unwrap();
    let mut fields = signer_info.children();
    let signer_version = fields.expect(Tag(0x02)).unwrap();
    let signer = fields.expect(Tag(0x30)).unwrap();
    vec![
        ("version", place(version.value)),
        ("digestAlgorithms", place(digest_algorithms.value)),
        ("version of SignerInfo", place(signer_version.value)),
        ("sid", place(signer.value)),
    ]
}

/// Flips every bit of EF.SOD, and says in which bytes a document stayed genuine.
fn survivors(document: &Document) -> Vec<usize> {
    let (store, groups) = (document.country.store(), borrowed(&document.groups));
    let is_genuine = |sod: &[u8]| verify(sod, &groups, &store).is_ok_and(|report| report.genuine().is_some());
    assert!(is_genuine(&document.sod));
    let mut altered = document.sod.clone();
    let mut survivors = Vec::new();
    for at in 0..altered.len() {
        for bit in 0..8 {
            altered[at] ^= 1 << bit;
            if is_genuine(&altered) {
                survivors.push(at);
            }
            altered[at] ^= 1 << bit;
        }
    }
    survivors.dedup();
    survivors
}

fn only_what_is_not_signed_may_change(document: &Document) {
    let named = outside_of_what_is_signed(&document.sod);
    let survivors = survivors(document);
    for at in &survivors {
        assert!(named.iter().any(|(_, range)| range.contains(at)), "byte {at} of {}", document.sod.len());
    }
    // the list of names is no longer than it must be
    for (name, range) in named.iter().filter(|(_, range)| !range.is_empty()) {
        assert!(survivors.iter().any(|at| range.contains(at)), "{name} is covered after all");
    }
}

#[test]
fn no_signed_bit_of_a_document_with_ecdsa_may_change() {
    only_what_is_not_signed_may_change(&document(&Order::default(), Signing::default()));
}

#[test]
fn no_signed_bit_of_a_document_with_rsa_pss_may_change() {
    let order = Order { key: RSA, options: PSS, ..Order::default() };
    only_what_is_not_signed_may_change(&document(&order, Signing { options: PSS, ..Signing::default() }));
}

#[test]
fn no_bit_of_a_group_may_change_whether_in_header_or_content() {
    let document = document(&Order::default(), Signing::default());
    let store = document.country.store();
    for (index, (group, content)) in document.groups.iter().enumerate() {
        for at in 0..content.len() {
            for bit in 0..8 {
                let mut groups = document.groups.clone();
                groups[index].1[at] ^= 1 << bit;
                let groups = borrowed(&groups);
                let report = verify(&document.sod, &groups, &store).unwrap();
                let faults: Vec<String> = report.faults().map(ToString::to_string).collect();
                assert_eq!(faults, [format!("{} is not what was signed", group.name())]);
            }
        }
    }
    // a byte more or less, and one group in place of the other
    for (index, (_, content)) in document.groups.iter().enumerate() {
        let replaced = document.groups[1 - index].1.clone();
        for changed in
            [[content.as_slice(), &[0]].concat(), content[..content.len() - 1].to_vec(), Vec::new(), replaced]
        {
            let mut groups = document.groups.clone();
            groups[index].1 = changed;
            let groups = borrowed(&groups);
            assert!(verify(&document.sod, &groups, &store).unwrap().genuine().is_none());
        }
    }
}

#[test]
fn a_digest_in_the_list_cannot_be_exchanged() {
    // the attacker's group with its digest put into the list
    let document = document(&Order::default(), Signing::default());
    let forged = vec![(DataGroup::DG1, encode(Tag(0x61), b"somebody else")), document.groups[1].clone()];
    let digest = |content: &[u8]| <sha2::Sha256 as sha2::Digest>::digest(content).to_vec();
    let (old, new) = (digest(&document.groups[0].1), digest(&forged[0].1));
    let mut sod = document.sod.clone();
    let at = sod.windows(32).position(|window| window == old).unwrap();
    sod[at..at + 32].copy_from_slice(&new);
    let (store, groups) = (document.country.store(), borrowed(&forged));
    let report = verify(&sod, &groups, &store).unwrap();
    let codes: Vec<_> = report.faults().map(bitaqa_trust::passive_authentication::Fault::code).collect();
    assert_eq!(codes, ["content-altered"]);
}

#[test]
fn other_bytes_in_any_place_are_no_other_document() {
    let document = document(&Order::default(), Signing::default());
    let named = outside_of_what_is_signed(&document.sod);
    let store = document.country.store();
    let groups = borrowed(&document.groups);
    let length = document.sod.len();
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let change = (0..length, proptest::collection::vec(any::<u8>(), 0..5), 0_usize..5);
    runner
        .run(&change, |(at, bytes, removed)| {
            let end = length.min(at + removed);
            let mut altered = document.sod.clone();
            altered.splice(at..end, bytes.iter().copied());
            let is_same = altered == document.sod;
            let is_outside = named.iter().any(|(_, range)| range.contains(&at));
            let is_genuine = verify(&altered, &groups, &store).is_ok_and(|report| report.genuine().is_some());
            prop_assert!(!is_genuine || is_same || is_outside, "{at}: {bytes:?} in place of {removed} bytes");
            Ok(())
        })
        .unwrap();
}

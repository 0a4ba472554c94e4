//! The software cards' documents, signed with the keys of the test country.

use std::{fs, process::Command};

use bitaqa_card::{
    Transport, TransportError, bac,
    bac::BacVerdict,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    lds::{DataGroup, ElementaryFile, LdsReader, Mrz, Sod},
    pace::{self, PaceVerdict, Password},
    profile::Link,
    tlv::TlvReader,
    transport::Limits,
};
use bitaqa_trust::{
    csca_store::{CscaStore, CscaStoreBuilder},
    icao_pki::IcaoCertificate,
    passive_authentication::{Outcome, Step},
};
use bitaqa_virtual_card::{
    Card, CardSpec, Pki,
    icao::{
        order::{DocumentOrder, FaultOrder},
        security_object::SecurityObjectVersion,
    },
    pki::{CountryKey, DocumentAuthority},
    rules::Protocol,
    spec::{Hypothesis, Personality},
};

use crate::country::{borrowed, faults, verify};

/// A reader with a software card in it.
pub(crate) struct Reader {
    card: Card,
}

impl Reader {
    pub(crate) fn holding(spec: &CardSpec) -> Self {
        Self { card: spec.make(&Pki::generate().unwrap()).unwrap() }
    }

    /// Opens the chip with its zone, and reads everything that it gives.
    pub(crate) fn dump(&mut self, spec: &CardSpec) -> (Channel<'_>, Dump) {
        let mut channel = Channel::new(self, Link::CAUTIOUS);
        let mut selection = Selection::default();
        let access = ChipAccess::find(&mut channel, &mut selection).unwrap().unwrap();
        let zone = Mrz::parse(spec.mrz().unwrap().text().as_bytes()).unwrap().key();
        channel.set_link(Link { extended_length: true, chaining: true, max_response: 65_536 });
        match access.control {
            AccessControl::Bac => {
                LdsReader::new(&mut channel, &mut selection).select_application().unwrap();
                let verdict = bac::establish(&mut channel, &mut drawn(), &zone);
                assert_eq!(verdict, Ok(BacVerdict::Open));
            }
            AccessControl::Pace(variant) => {
                let password = Password::Mrz(&zone);
                let verdict = pace::establish(&mut channel, &mut drawn(), &variant, &password, None);
                assert!(matches!(verdict, Ok(PaceVerdict::Open(_))));
            }
        }
        let mut files = LdsReader::new(&mut channel, &mut selection);
        let sod = files.read(ElementaryFile::Sod, &mut |_| {}).unwrap().to_vec();
        let listed: Vec<DataGroup> = Sod::parse(&sod).unwrap().groups().collect();
        let mut groups = Vec::new();
        for group in listed {
            // fingerprints are not for everybody
            if let Ok(content) = files.read(ElementaryFile::Group(group), &mut |_| {}) {
                groups.push((group, content.to_vec()));
            }
        }
        (channel, Dump { sod, groups })
    }
}

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        *answer = self.card.transmit(Protocol::T1, command).answer.ok_or(TransportError::Removed)?;
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 65_544, answer: 65_538 }
    }
}

/// What a host reads of a chip.
#[derive(Clone)]
pub(crate) struct Dump {
    pub(crate) sod: Vec<u8>,
    pub(crate) groups: Vec<(DataGroup, Vec<u8>)>,
}

/// Bytes that look random, and are the same each time.
pub(crate) fn drawn() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u32;
    move |out: &mut [u8]| {
        for byte in out {
            count = count.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = count.to_be_bytes()[0];
        }
    }
}

/// Every make with a travel document.
pub(crate) fn makes() -> Vec<CardSpec> {
    vec![
        CardSpec::new(Personality::PassportBac),
        CardSpec::new(Personality::Bahrain2025),
        CardSpec::new(Personality::Eac2),
        CardSpec::cnie_2(Hypothesis::IasEccCam, 1),
        CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 2),
        CardSpec::cnie_2(Hypothesis::IcaoOnly, 3),
    ]
}

/// The country that signed a card's document.
pub(crate) fn store_of(spec: &CardSpec) -> CscaStore {
    let mut builder = CscaStoreBuilder::new();
    builder.add(IcaoCertificate::from_der(country_of(spec).certificate().der()).unwrap()).unwrap();
    let (store, unused) = builder.build();
    assert_eq!(unused, []);
    store
}

fn country_of(spec: &CardSpec) -> DocumentAuthority {
    let kind = spec.document.as_ref().map(|order| order.country_key).unwrap_or_default();
    DocumentAuthority::of(&spec.holder().unwrap().country, kind).unwrap()
}

/// The independent judge.
fn openssl_accepts(sod: &[u8], spec: &CardSpec) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let signed = TlvReader::new(sod).read().unwrap().unwrap().value;
    fs::write(folder.path().join("sod"), signed).unwrap();
    fs::write(folder.path().join("csca.pem"), country_of(spec).certificate().pem()).unwrap();
    let arguments =
        ["cms", "-verify", "-inform", "DER", "-in", "sod", "-CAfile", "csca.pem", "-purpose", "any"];
    let rest = ["-attime", "1685577600", "-binary", "-out", "content"];
    Command::new("openssl")
        .args(arguments)
        .args(rest)
        .current_dir(folder.path())
        .output()
        .unwrap()
        .status
        .success()
}

/// Every step but revocation passes: the test country has no list.
fn genuine(spec: &CardSpec) {
    let mut reader = Reader::holding(spec);
    let (_, dump) = reader.dump(spec);
    let (store, groups) = (store_of(spec), borrowed(&dump.groups));
    let report = verify(&dump.sod, &groups, &store).unwrap();
    assert_eq!(faults(&report), [""; 0], "{spec:?}");
    assert!(openssl_accepts(&dump.sod, spec), "{spec:?}");
    for step in Step::ALL.into_iter().filter(|step| *step != Step::Revocation) {
        assert_eq!(*report.outcome(step), Outcome::Passed, "{step:?} of {:?}", spec.personality);
    }
}

#[test]
fn every_make_is_genuine() {
    makes().iter().for_each(genuine);
}

#[test]
fn a_country_signs_with_any_key() {
    for (country_key, security_object) in [
        (CountryKey::BrainpoolP384r1, SecurityObjectVersion::V1),
        (CountryKey::Rsa3072, SecurityObjectVersion::V0),
        (CountryKey::Rsa3072Pss, SecurityObjectVersion::V1),
    ] {
        let order = DocumentOrder { country_key, security_object, ..DocumentOrder::default() };
        genuine(&CardSpec { document: Some(order), ..CardSpec::new(Personality::PassportBac) });
    }
}

#[test]
fn a_country_signs_with_4096_bits() {
    for country_key in [CountryKey::Rsa4096, CountryKey::Rsa4096Pss] {
        let order = DocumentOrder { country_key, ..DocumentOrder::default() };
        genuine(&CardSpec { document: Some(order), ..CardSpec::new(Personality::PassportBac) });
    }
}

#[test]
fn a_group_that_is_not_what_was_signed_is_named() {
    for group in [1, 2, 11] {
        let faulty = FaultOrder { tampered_group: Some(group), ..FaultOrder::default() };
        let groups = Some(vec![1, 2, 11]);
        let order = DocumentOrder { faults: faulty, groups, ..DocumentOrder::default() };
        let spec = CardSpec { document: Some(order), ..CardSpec::new(Personality::PassportBac) };
        let mut reader = Reader::holding(&spec);
        let (_, dump) = reader.dump(&spec);
        let (store, groups) = (store_of(&spec), borrowed(&dump.groups));
        let report = verify(&dump.sod, &groups, &store).unwrap();
        assert_eq!(faults(&report), ["group-altered"]);
        let expected = format!("DG{group} is not what was signed");
        assert_eq!(report.faults().next().unwrap().to_string(), expected);
    }
}

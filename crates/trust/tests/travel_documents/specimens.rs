//! Specimen chips of others.
//!
//! They are not part of the project: read from `../shared/conformance` beside the project's root, or from the folder that
//! `BITAQA_CONFORMANCE` names. Where there is none, the tests say so and check nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use bitaqa_card::{lds::DataGroup, tlv::TlvReader};
use bitaqa_trust::{
    csca_store::{CscaStore, CscaStoreBuilder},
    icao_pki::{IcaoCertificate, RevocationList},
    passive_authentication::{self, GroupState, Options, Outcome, Report, Step},
};

use crate::{
    country::{borrowed, faults, time},
    tr_03105_5,
};

/// A folder of the conformance suites, where there is one.
pub(crate) fn suite(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("BITAQA_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("{name}: NOT RUN, there is no folder {} (set BITAQA_CONFORMANCE)", folder.display());
    None
}

fn folder(name: &str) -> Option<PathBuf> {
    suite(&format!("emrtd/{name}"))
}

/// A specimen: EF.SOD and groups.
struct Specimen {
    sod: Vec<u8>,
    groups: Vec<(DataGroup, Vec<u8>)>,
}

fn specimen(folder: &Path, sod: &str, groups: &[(u8, &str)]) -> Specimen {
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let group = |(number, name): &(u8, &str)| (DataGroup::new(*number).unwrap(), read(name));
    Specimen { sod: read(sod), groups: groups.iter().map(group).collect() }
}

/// Who signed is known by nobody any more: what can be checked is everything but the authority.
fn judged(specimen: &Specimen, at: &str, then: impl FnOnce(&Report<'_>)) {
    let (store, groups) = (CscaStore::default(), borrowed(&specimen.groups));
    let report =
        passive_authentication::verify(&specimen.sod, &groups, &store, time(at), &Options::default())
            .unwrap();
    for step in [Step::Signer, Step::Content, Step::Signature, Step::Purpose] {
        assert_eq!(*report.outcome(step), Outcome::Passed, "{step:?}");
    }
    assert_eq!(faults(&report)[0], "csca-unknown");
    then(&report);
    // a bit of what is signed, and the signature is none
    let mut altered = specimen.sod.clone();
    let digest = report.digest_algorithm().length();
    let at_digest =
        altered.windows(2).position(|pair| pair == [0x04, u8::try_from(digest).unwrap()]).unwrap();
    altered[at_digest + 2] ^= 1;
    let altered = passive_authentication::verify(&altered, &groups, &store, time(at), &Options::default());
    assert!(faults(&altered.unwrap()).contains(&"content-altered"));
}

fn states(report: &Report<'_>) -> Vec<(u8, GroupState)> {
    report.groups().iter().map(|check| (check.group.number(), check.state)).collect()
}

/// Whether openssl finds the signature right, whoever made it.
fn openssl_accepts(sod: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let signed = TlvReader::new(sod).read().unwrap().unwrap().value;
    fs::write(folder.path().join("sod"), signed).unwrap();
    let arguments =
        ["cms", "-verify", "-noverify", "-inform", "DER", "-in", "sod", "-binary", "-out", "content"];
    Command::new("openssl").args(arguments).current_dir(folder.path()).output().unwrap().status.success()
}

#[test]
fn the_specimen_of_2008_with_sha_1_and_a_curve_that_is_written_out() {
    let Some(folder) = folder("jmrtd-bsi2008") else { return };
    let groups = [1, 2, 3, 4, 14, 15].map(|number| (number, format!("Datagroup{number}.bin")));
    let named: Vec<(u8, &str)> = groups.iter().map(|(number, name)| (*number, name.as_str())).collect();
    let specimen = specimen(&folder, "EF_SOD.bin", &named);
    judged(&specimen, "2008-06-01T00:00:00Z", |report| {
        println!("2008: {:?}, {}", states(report), report.scheme().unwrap());
        let not_listed: Vec<u8> = states(report)
            .iter()
            .filter(|(_, state)| *state == GroupState::NotListed)
            .map(|(number, _)| *number)
            .collect();
        assert_eq!(not_listed, [4, 15]);
        assert!(states(report).iter().all(|(_, state)| *state != GroupState::Altered));
        assert_eq!(report.scheme().unwrap().to_string(), "ECDSA with SHA-1");
    });
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// It is written into the project, so that it is judged wherever the tests run.
#[test]
fn the_set_of_tr_03105_5_with_rsa_pss() {
    let groups = [(1, tr_03105_5::DG1), (14, tr_03105_5::DG14), (15, tr_03105_5::DG15)];
    let groups = groups.map(|(number, content)| (DataGroup::new(number).unwrap(), hex(content)));
    let specimen = Specimen { sod: hex(tr_03105_5::EF_SOD), groups: groups.to_vec() };
    assert!(openssl_accepts(&specimen.sod));
    judged(&specimen, "2014-06-01T00:00:00Z", |report| {
        let state = |number| states(report).into_iter().find(|(group, _)| *group == number).unwrap().1;
        assert_eq!(
            [1, 14, 15].map(state),
            [GroupState::Unchanged, GroupState::Unchanged, GroupState::NotListed]
        );
        assert_eq!(report.scheme().unwrap().to_string(), "RSA-PSS with SHA-256");
        assert!(faults(report).contains(&"group-not-listed"));
    });
}

#[test]
fn the_dutch_specimen_of_2006() {
    let Some(folder) = folder("jmrtd-loes2006") else { return };
    let groups = [(1, "ef0101.bin"), (2, "ef0102.bin"), (15, "ef010F.bin")];
    let specimen = specimen(&folder, "ef011D.bin", &groups);
    assert!(openssl_accepts(&specimen.sod));
    judged(&specimen, "2008-06-01T00:00:00Z", |report| {
        println!("2006: {:?}, {:?}", states(report), report.outcome(Step::KeyUsagePeriod));
        assert!(states(report).iter().all(|(_, state)| *state == GroupState::Unchanged));
        assert_eq!(report.scheme().unwrap().to_string(), "RSA with SHA-256");
        assert_eq!(faults(report), ["csca-unknown"]);
    });
}

#[test]
fn a_revocation_list_of_a_country_is_read() {
    let Some(folder) = folder("zienit-bsi") else { return };
    let list = RevocationList::from_der(&fs::read(folder.join("COL.crl")).unwrap()).unwrap();
    assert_eq!(list.len(), 15);
    assert_eq!(list.issuer().country(), Some("CO"));
    assert_eq!(list.this_update(), time("2020-05-08T12:38:29Z"));
    assert_eq!(list.next_update(), Some(time("2020-08-06T12:38:29Z")));
    let revoked = list.revocation_of(&[0x55, 0x77, 0xEA, 0x34]).unwrap();
    assert_eq!(revoked.since, time("2019-10-25T16:37:22Z"));
    assert_eq!(list.revocation_of(&[0x55, 0x77, 0xEA, 0x35]), None);
    // nobody here trusts that country
    let mut builder = CscaStoreBuilder::new();
    builder.add_revocation_list(list).unwrap();
    let (store, unused) = builder.build();
    assert_eq!((store.revocation_lists().len(), unused.len()), (0, 1));
}

#[test]
fn the_signers_of_the_specimens_are_no_authorities() {
    let sod = bitaqa_card::lds::Sod::parse(&hex(tr_03105_5::EF_SOD)).unwrap();
    let signer = IcaoCertificate::from_der(&sod.signed_data.certificates[0]).unwrap();
    assert!(signer.may_sign_documents() && !signer.may_sign_certificates());
    assert_eq!(signer.subject().to_string(), "C=DE, O=HJP Consulting, OU=Document Signer, CN=HJP PB DS");
}

//! Signatures of containers at every level, and time stamps over containers.

use bitaqa_signature::{
    Hash,
    asic::{AsicError, ContainerKind, SignatureKind},
    cades,
    found::FoundTimeStamp,
    time_stamp::TimeStampToken,
    xades,
};
use sha2::{Digest as _, Sha256};

use crate::{
    container, container_of, is_intact, open, read,
    support::{
        Kind,
        cms::{stamp, with_signature_time_stamp, with_validation_data},
        judge, pki,
    },
};

fn covers(found: &FoundTimeStamp) -> bool {
    found.covered_digest.as_deref() == Some(TimeStampToken::parse(&found.token).unwrap().imprint())
}

#[test]
fn a_signature_in_a_container_grows_to_every_level() {
    let holder = pki().signer(Kind::P256);
    for kind in [ContainerKind::Simple, ContainerKind::Extended] {
        let mut bytes = container(&holder, kind);
        let name = open(&bytes).unwrap().signature_files().remove(0);
        for raise in [
            |message: &[u8]| with_signature_time_stamp(message, Hash::Sha256),
            |message: &[u8]| with_validation_data(message, &pki().signer(Kind::P256)),
        ] {
            let mut opened = open(&bytes).unwrap();
            let message = raise(&opened.signature(&name).unwrap());
            bytes = opened.with_signature(&name, &message).unwrap();
        }
        // an archive time stamp in the signature file
        let mut opened = open(&bytes).unwrap();
        let message = opened.signature(&name).unwrap();
        let mut digest = |hash| opened.signed_digest(&name, hash);
        let imprint = cades::archive_time_stamp_digest(&message, 0, Hash::Sha256, &mut digest).unwrap();
        let token = stamp(Hash::Sha256, &imprint);
        let message = cades::with_archive_time_stamp(&message, 0, &mut digest, &token).unwrap();
        let bytes = opened.with_signature(&name, &message).unwrap();
        let found = read(&bytes).unwrap();
        assert!(is_intact(&found), "{kind:?}");
        let signature = &found.signatures[0];
        assert!(covers(&signature.signature_time_stamps[0]) && covers(&signature.archive_time_stamps[0]));
    }
}

#[test]
fn a_signature_in_xml_in_a_container_is_raised() {
    let holder = pki().signer(Kind::P256);
    for kind in [ContainerKind::Simple, ContainerKind::Extended] {
        let bytes = container_of(&holder, kind, SignatureKind::Xades);
        let mut opened = open(&bytes).unwrap();
        let name = opened.signature_files().remove(0);
        let document = opened.signature(&name).unwrap();
        let id = read(&bytes).unwrap().signatures[0].name.rsplit_once(' ').unwrap().1.to_owned();
        let digest = xades::extension::signature_time_stamp_digest(&document, &id, Hash::Sha256).unwrap();
        let token = stamp(Hash::Sha256, &digest);
        let raised = xades::extension::with_signature_time_stamp(&document, &id, &token).unwrap();
        let bytes = opened.with_signature(&name, &raised).unwrap();
        let found = read(&bytes).unwrap();
        assert!(is_intact(&found), "{kind:?}");
        assert!(covers(&found.signatures[0].signature_time_stamps[0]));
        // and not where it is not over these files
        let other = container_of(&holder, ContainerKind::Simple, SignatureKind::Xades);
        if kind == ContainerKind::Extended {
            let refused = open(&other).unwrap().with_signature("META-INF/signatures.xml", &raised);
            assert_eq!(refused, Err(AsicError::OtherContent));
        }
    }
}

#[test]
fn archive_manifests_cover_all_and_each_other() {
    let holder = pki().signer(Kind::P384);
    for kind in [ContainerKind::Simple, ContainerKind::Extended] {
        let mut bytes = container(&holder, kind);
        for hash in [Hash::Sha256, Hash::Sha512, Hash::Sha384] {
            let mut opened = open(&bytes).unwrap();
            let prepared = opened.prepare_archive(hash).unwrap();
            let token = stamp(hash, &prepared.digest(hash));
            let other = stamp(hash, &hash.digest(&[b"something else"]));
            let refused = prepared.clone().finish(&mut opened, &other);
            assert_eq!(refused.unwrap_err(), AsicError::OtherContent);
            bytes = prepared.finish(&mut opened, &token).unwrap();
        }
        let found = read(&bytes).unwrap();
        assert!(is_intact(&found), "{kind:?} {found:?}");
        assert_eq!((found.time_stamps.len(), &found.remarks), (0, &Vec::<String>::new()));
        let stamps = &found.signatures[0].archive_time_stamps;
        assert_eq!(stamps.len(), 3);
        assert!(stamps.iter().all(covers));
        let certificate = holder.certificate.sha256();
        assert!(stamps.iter().all(|stamp| stamp.covered_material.contains(&certificate)));
        // each covers the tokens before it
        let covered = |stamp: &FoundTimeStamp| {
            let names = |other: &&FoundTimeStamp| {
                stamp.covered_material.contains(&Sha256::digest(&other.token).into())
            };
            stamps.iter().filter(names).count()
        };
        let mut counts: Vec<_> = stamps.iter().map(covered).collect();
        counts.sort_unstable();
        assert_eq!(counts, [0, 1, 2]);
        // what is covered stays as it is
        let mut opened = open(&bytes).unwrap();
        let name = opened.signature_files().remove(0);
        let message = opened.signature(&name).unwrap();
        assert_eq!(opened.with_signature(&name, &message), Err(AsicError::Covered));
    }
}

#[test]
fn an_archive_time_stamp_over_what_was_changed_proves_nothing() {
    const CHANGE: &str = "
import sys, zipfile
source = zipfile.ZipFile(sys.argv[1])
with zipfile.ZipFile(sys.argv[1] + '.changed', 'w') as target:
    for entry in source.infolist():
        content = source.read(entry)
        if entry.filename.endswith('signature001.p7s'): content = open(sys.argv[2], 'rb').read()
        target.writestr(entry.filename, content)
";
    let holder = pki().signer(Kind::P256);
    let bytes = container(&holder, ContainerKind::Extended);
    let mut opened = open(&bytes).unwrap();
    let prepared = opened.prepare_archive(Hash::Sha256).unwrap();
    let token = stamp(Hash::Sha256, &prepared.digest(Hash::Sha256));
    let archived = prepared.finish(&mut opened, &token).unwrap();
    let message = opened.signature("META-INF/signature001.p7s").unwrap();
    let file = pki().file("archived.asice", &archived);
    let raised = pki().file("raised.p7s", &with_signature_time_stamp(&message, Hash::Sha256));
    let arguments = ["-c".as_ref(), CHANGE.as_ref(), file.as_os_str(), raised.as_os_str()];
    let verdict = judge::ask(judge::python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    let changed = std::fs::read(format!("{}.changed", file.display())).unwrap();
    let found = read(&changed).unwrap();
    assert!(is_intact(&found), "the signature is still one over the manifest");
    let stamp = &found.signatures[0].archive_time_stamps[0];
    assert_eq!((&stamp.covered_digest, stamp.covered_material.len()), (&None, 0));
    assert_eq!(found.signatures[0].remarks.len(), 1);
    let refused = open(&changed).unwrap().prepare_archive(Hash::Sha256);
    assert_eq!(refused.unwrap_err(), AsicError::OtherContent);
}

//! Many signatures and many files in one container: read in time and memory that grow with the container, or refused by name.

use std::time::Instant;

use bitaqa_signature::{
    FoundSignature, Hash,
    asic::{ContainerKind, File, SignatureKind, manifest::Manifest, prepare},
    cades::{self, Content, Profile},
    cms::{SignedData, signed_data::Changes},
    document::{self, NoContent},
    found::Integrity,
};

use crate::{
    container, is_intact, open, read,
    support::{
        Holder, Kind,
        cms::{finish, stamp, statement},
        judge, pki,
    },
};

/// A message with its signer again and again.
fn repeated(message: &[u8], count: usize) -> Vec<u8> {
    let parts = SignedData::parse(message).unwrap();
    let signer = parts.signers[0].element.encoded().to_vec();
    let mut changes = Changes::default();
    changes.added_signers = vec![signer; count - 1];
    parts.rewrite(&changes)
}

/// A container with another signature file, packed anew by Python's `zipfile`.
fn with_signature(container: &[u8], name: &str, message: &[u8]) -> Vec<u8> {
    const CHANGE: &str = "
import sys, zipfile
source = zipfile.ZipFile(sys.argv[1])
with zipfile.ZipFile(sys.argv[1] + '.changed', 'w', zipfile.ZIP_DEFLATED) as target:
    for entry in source.infolist():
        content = source.read(entry)
        if entry.filename == sys.argv[3]: content = open(sys.argv[2], 'rb').read()
        target.writestr(entry.filename, content, zipfile.ZIP_STORED if entry.filename == 'mimetype' else None)
";
    let folder = tempfile::tempdir().unwrap();
    let [file, replacement] = ["container.zip", "signature"].map(|name| folder.path().join(name));
    std::fs::write(&file, container).unwrap();
    std::fs::write(&replacement, message).unwrap();
    let arguments =
        ["-c".as_ref(), CHANGE.as_ref(), file.as_os_str(), replacement.as_os_str(), name.as_ref()];
    let verdict = judge::ask(judge::python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    std::fs::read(format!("{}.changed", file.display())).unwrap()
}

/// A container of so many files, with one signature over all.
fn of_files(holder: &Holder, count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|number| format!("file {number:05}")).collect();
    let files: Vec<File<'_>> =
        names.iter().map(|name| File { name, media_type: None, content: b"x" }).collect();
    let signer = holder.best();
    let kind = (ContainerKind::Extended, SignatureKind::Cades);
    let prepared = prepare(&signer, kind.0, kind.1, &files, &statement()).unwrap();
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    prepared.finish(&signature).unwrap()
}

#[test]
fn ten_thousand_signers_of_one_file_are_read() {
    let holder = pki().signer(Kind::P256);
    for kind in [ContainerKind::Simple, ContainerKind::Extended] {
        let bytes = container(&holder, kind);
        let mut opened = open(&bytes).unwrap();
        let name = opened.signature_files().remove(0);
        let message = opened.signature(&name).unwrap();
        let many = with_signature(&bytes, &name, &repeated(&message, 10_000));
        let begun = Instant::now();
        let found = read(&many).unwrap();
        println!("{kind:?}: 10,000 signers in {} bytes, read in {:.1?}", many.len(), begun.elapsed());
        assert_eq!(found.signatures.len(), 10_000);
        assert!(is_intact(&found), "{kind:?}");
    }
}

#[test]
fn signers_times_files_are_bounded() {
    let holder = pki().signer(Kind::P256);
    let bytes = of_files(&holder, 5_000);
    let name = "META-INF/signature001.p7s";
    let message = open(&bytes).unwrap().signature(name).unwrap();
    for (signers, is_read) in [(200, true), (201, false), (10_000, false)] {
        let many = with_signature(&bytes, name, &repeated(&message, signers));
        let begun = Instant::now();
        let found = read(&many).unwrap();
        println!("{signers} signers over 5,000 files in {} bytes, {:.1?}", many.len(), begun.elapsed());
        assert_eq!(is_intact(&found), is_read, "{signers}");
        if !is_read {
            let [only] = &found.signatures[..] else { panic!("{signers}") };
            assert_eq!(only.integrity, Integrity::NotVerified);
            let fault = "the signature file cannot be read: too many signers over too many files";
            assert_eq!(only.format_faults, [fault]);
            assert_eq!(found.uncovered.len(), 5_000);
        }
    }
}

#[test]
fn unsigned_files_are_told_to_a_number() {
    // signed by many, and almost nothing of it
    let holder = pki().signer(Kind::P256);
    let bytes = of_files(&holder, 9_000);
    let mut manifest = Vec::new();
    let mut sink = |piece: &[u8]| manifest.extend_from_slice(piece);
    open(&bytes).unwrap().read("META-INF/ASiCManifest001.xml", &mut sink).unwrap();
    let mut parsed = Manifest::parse(&manifest).unwrap();
    parsed.references.truncate(1);
    let signer = holder.best();
    let manifest = parsed.to_xml();
    let hash = signer.algorithm().hash();
    let content = Content::Digest { hash, digest: hash.digest(&[manifest.as_bytes()]) };
    let message =
        finish(&holder, &signer, cades::prepare(&signer, content, Profile::Cades, &statement()).unwrap());
    let bytes = with_signature(&bytes, "META-INF/ASiCManifest001.xml", manifest.as_bytes());
    let bytes = with_signature(&bytes, "META-INF/signature001.p7s", &repeated(&message, 2_000));
    let begun = Instant::now();
    let found = document::signatures(&bytes, &NoContent).unwrap();
    println!("2,000 signers, 8,999 unsigned files: {:.1?}", begun.elapsed());
    assert_eq!(found.len(), 2_000);
    let told = |one: &FoundSignature| {
        let of_files = one.remarks.iter().filter(|remark| remark.contains("not signed by anybody")).count();
        let is_counted = "8979 more files of the container are not signed by anybody";
        of_files == 21 && one.remarks.iter().any(|remark| remark == is_counted)
    };
    assert!(found.iter().all(told), "{:?}", found[0].remarks);
    assert!(
        found
            .iter()
            .all(|one| one.integrity == Integrity::Intact && one.content_hashes.contains(&Hash::Sha256))
    );
}

#[test]
fn copies_of_archive_time_stamps_are_bounded() {
    let holder = pki().signer(Kind::P256);
    let bytes = container(&holder, ContainerKind::Simple);
    let mut opened = open(&bytes).unwrap();
    let name = opened.signature_files().remove(0);
    let message = opened.signature(&name).unwrap();
    let mut many = with_signature(&bytes, &name, &repeated(&message, 10_000));
    const STAMPS: usize = 10;
    for _ in 0..STAMPS {
        let mut opened = open(&many).unwrap();
        let prepared = opened.prepare_archive(Hash::Sha256).unwrap();
        let token = stamp(Hash::Sha256, &prepared.digest(Hash::Sha256));
        many = prepared.finish(&mut opened, &token).unwrap();
    }
    let begun = Instant::now();
    let found = read(&many).unwrap();
    let copies: usize = found.signatures.iter().map(|one| one.archive_time_stamps.len()).sum();
    println!("{copies} copies of {STAMPS} time stamps in {} bytes, {:.1?}", many.len(), begun.elapsed());
    assert!(is_intact(&found));
    assert!(copies > 20_000 && copies < STAMPS * 10_000, "{copies}");
    let told = |one: &FoundSignature| {
        one.remarks.iter().filter(|remark| remark.contains("there are too many")).count()
    };
    assert!(found.signatures.iter().all(|one| one.archive_time_stamps.len() + told(one) == STAMPS));
}

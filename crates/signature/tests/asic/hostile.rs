//! Containers that an attacker writes.

use bitaqa_signature::{
    FoundSignature, Hash,
    asic::{ContainerKind, FoundContainer, SignatureKind},
    cades::{self, Content, Profile},
    found::Integrity,
    xades::{self, NoContent, Object, ObjectContent, Packaging},
};
use proptest::prelude::*;

use crate::{
    container, container_of, is_intact, open, read,
    support::{
        Kind,
        cms::{CONTENT, finish, statement, with_signature_time_stamp},
        judge, pki,
    },
};

/// What a validator would make of a container: nothing of this may change in silence.
fn said(found: &FoundContainer) -> Option<String> {
    let of = |signature: &FoundSignature| {
        let stamps: Vec<_> = signature
            .signature_time_stamps
            .iter()
            .map(|stamp| (stamp.covered_digest.clone(), stamp.claimed_time))
            .collect();
        format!(
            "{:?} {:?} {:?} {stamps:?}",
            signature.signer.certificate(),
            signature.statement,
            signature.coverage
        )
    };
    is_intact(found).then(|| {
        let signatures: Vec<_> = found.signatures.iter().map(of).collect();
        format!("{signatures:?} {:?} {:?}", found.files, found.uncovered)
    })
}

#[test]
fn a_flipped_bit_is_noticed_or_changes_nothing() {
    let holder = pki().signer(Kind::P256);
    for (kind, signature) in [
        (ContainerKind::Simple, SignatureKind::Cades),
        (ContainerKind::Extended, SignatureKind::Cades),
        (ContainerKind::Extended, SignatureKind::Xades),
    ] {
        let bytes = container_of(&holder, kind, signature);
        let original = said(&read(&bytes).unwrap());
        assert!(original.is_some());
        let mut unchanged = 0;
        for position in 0..bytes.len() {
            for bit in [0x01, 0x40] {
                let mut changed = bytes.clone();
                changed[position] ^= bit;
                let Ok(found) = read(&changed) else { continue };
                let now = said(&found);
                assert!(now.is_none() || now == original, "byte {position} of {kind:?}");
                unchanged += usize::from(now.is_some());
            }
        }
        println!("{kind:?}: {unchanged} of {} changed bits change nothing", 2 * bytes.len());
        // times, versions and attributes of entries, which nothing reads: 6 bytes of each local header, 18 of each record, and
        // bits of flags and compression that change nothing; of containers with XML also `manifest.xml`, which nothing reads, and
        // white space and names of prefixes outside of what is signed
        let entries = if kind == ContainerKind::Simple { 3 } else { 6 };
        let slack = if signature == SignatureKind::Xades { 1_500 } else { 2 * entries * 26 };
        assert!(unchanged <= slack, "{unchanged}");
    }
}

#[test]
fn a_signature_with_content_of_its_own_covers_no_file() {
    const REPLACE: &str = "
import sys, zipfile
source = zipfile.ZipFile(sys.argv[1])
with zipfile.ZipFile(sys.argv[1] + '.changed', 'w') as target:
    for entry in source.infolist():
        content = source.read(entry)
        if entry.filename.endswith('.p7s'): content = open(sys.argv[2], 'rb').read()
        target.writestr(entry.filename, content)
";
    let holder = pki().signer(Kind::P256);
    let signer = holder.best();
    let prepared = cades::prepare(&signer, Content::Attached(CONTENT), Profile::Cades, &statement()).unwrap();
    let attached = pki().file("attached.p7s", &finish(&holder, &signer, prepared));
    for kind in [ContainerKind::Simple, ContainerKind::Extended] {
        let file = pki().file(&format!("replaced_{kind:?}.zip"), &container(&holder, kind));
        let arguments = ["-c".as_ref(), REPLACE.as_ref(), file.as_os_str(), attached.as_os_str()];
        let verdict = judge::ask(judge::python(), arguments);
        assert!(verdict.success, "{}", verdict.text);
        let found = read(&std::fs::read(format!("{}.changed", file.display())).unwrap()).unwrap();
        assert_eq!(found.signatures[0].integrity, Integrity::ContentMissing);
        assert_eq!(found.signatures[0].format_faults.len(), 1);
        assert_eq!(found.uncovered.is_empty(), kind == ContainerKind::Extended && found.files.is_empty());
    }
}

#[test]
fn a_signature_in_xml_over_itself_covers_no_file() {
    const MAKE: &str = "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + '.asice', 'w') as target:
    target.writestr('mimetype', 'application/vnd.etsi.asic-e+zip')
    target.writestr('a', 'not signed')
    target.writestr('META-INF/signatures001.xml', open(sys.argv[1], 'rb').read())
";
    let holder = pki().signer(Kind::P256);
    let objects = [Object { content: ObjectContent::Octets(b"something else"), media_type: "text/plain" }];
    let prepared =
        xades::prepare(&holder.best(), Packaging::Enveloping { objects: &objects }, &statement()).unwrap();
    let signature = holder.sign(holder.best().algorithm(), &prepared.digest());
    let document = prepared.finish(&signature).unwrap();
    assert_eq!(xades::read(&document, &NoContent).unwrap()[0].integrity, Integrity::Intact);
    // alone, and where the root is the one of containers
    let text = String::from_utf8(document.clone()).unwrap();
    let inner = text.find("<ds:Signature").map(|start| &text[start..]).unwrap();
    let wrapped = format!(
        "<asic:XAdESSignatures xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\">{inner}</asic:XAdESSignatures>"
    );
    for (number, document) in [document, wrapped.into_bytes()].iter().enumerate() {
        let file = pki().file(&format!("over_itself_{number}.xml"), document);
        let verdict = judge::ask(judge::python(), ["-c".as_ref(), MAKE.as_ref(), file.as_os_str()]);
        assert!(verdict.success, "{}", verdict.text);
        let found = read(&std::fs::read(format!("{}.asice", file.display())).unwrap()).unwrap();
        assert!(!is_intact(&found), "{number}");
        assert_eq!(found.uncovered, ["a"], "{number}");
    }
}

#[test]
fn two_manifests_of_one_signature_are_none() {
    const ADD: &str = "
import sys, zipfile
source = zipfile.ZipFile(sys.argv[1])
with zipfile.ZipFile(sys.argv[1] + '.changed', 'w') as target:
    for entry in source.infolist():
        target.writestr(entry.filename, source.read(entry))
    target.writestr('META-INF/ASiCManifest000.xml', source.read('META-INF/ASiCManifest001.xml'))
";
    let file = pki().file("two.asice", &container(&pki().signer(Kind::P256), ContainerKind::Extended));
    let verdict = judge::ask(judge::python(), ["-c".as_ref(), ADD.as_ref(), file.as_os_str()]);
    assert!(verdict.success, "{}", verdict.text);
    let found = read(&std::fs::read(format!("{}.changed", file.display())).unwrap()).unwrap();
    assert_eq!(found.signatures[0].integrity, Integrity::ContentMissing);
    assert_eq!(found.signatures[0].format_faults.len(), 1);
}

#[test]
fn a_signature_of_another_container_is_not_put_in() {
    let holder = pki().signer(Kind::P256);
    let simple = container(&holder, ContainerKind::Simple);
    let extended = container(&holder, ContainerKind::Extended);
    let message = open(&extended).unwrap().signature("META-INF/signature001.p7s").unwrap();
    let message = with_signature_time_stamp(&message, Hash::Sha256);
    assert!(open(&simple).unwrap().with_signature("META-INF/signature.p7s", &message).is_err());
    assert!(open(&simple).unwrap().with_signature("META-INF/other.p7s", &message).is_err());
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_damage_is_too_strange(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        static CONTAINER: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let bytes = CONTAINER.get_or_init(|| container(&pki().signer(Kind::P256), ContainerKind::Extended));
        let mut changed = bytes.clone();
        for (index, byte) in damage {
            let position = index.index(changed.len());
            changed[position] = byte;
        }
        let _ = read(&changed);
    }
}

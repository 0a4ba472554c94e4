//! What is made here is opened and verified by others.

use std::path::Path;

use bitaqa_signature::{
    asic::{self, AsicError, ContainerKind, File, SignatureKind, manifest::Manifest},
    document,
    found::{Coverage, Integrity, SigningCertificate},
};
use tempfile::TempDir;

use crate::{
    FILES, container, container_of, is_intact, open, read,
    support::{Kind, cms::statement, judge, pki},
};

const KINDS: [ContainerKind; 2] = [ContainerKind::Simple, ContainerKind::Extended];

/// Unpacks a container with Python's `zipfile`, after `unzip` has tested all of it.
fn unzipped(bytes: &[u8]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("container.zip");
    std::fs::write(&file, bytes).unwrap();
    let tested = judge::ask("unzip", ["-tq".as_ref(), file.as_os_str()]);
    assert!(tested.success, "{}", tested.text);
    let arguments =
        ["-m".as_ref(), "zipfile".as_ref(), "-e".as_ref(), file.as_os_str(), folder.path().as_os_str()];
    let unpacked = judge::ask(judge::python(), arguments);
    assert!(unpacked.success, "{}", unpacked.text);
    folder
}

fn openssl(signature: &Path, content: &Path) -> judge::Verdict {
    let root = pki().path("root.pem");
    let mut arguments: Vec<&std::ffi::OsStr> =
        ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"]
            .map(AsRef::as_ref)
            .to_vec();
    arguments.extend(["-CAfile".as_ref(), root.as_os_str(), "-in".as_ref(), signature.as_os_str()]);
    arguments.extend(["-content".as_ref(), content.as_os_str()]);
    judge::ask("openssl", arguments)
}

#[test]
fn containers_of_every_key_are_verified_by_openssl_and_unpacked_by_unzip() {
    for kind in Kind::ALL {
        let holder = pki().signer(kind);
        for container_kind in KINDS {
            let bytes = container(&holder, container_kind);
            let found = read(&bytes).unwrap();
            assert!(is_intact(&found), "{kind:?} {container_kind:?}");
            // and as a file of whatever kind
            let of_file = document::signatures(&bytes, &document::NoContent).unwrap();
            assert_eq!(of_file[0].name, found.signatures[0].name);
            assert_eq!((found.kind, &found.remarks, &found.uncovered), (container_kind, &vec![], &vec![]));
            assert_eq!(found.signatures[0].coverage, Coverage::Whole);
            let bound = &found.signatures[0].signer;
            assert!(matches!(bound, SigningCertificate::Bound(bound) if **bound == holder.certificate));
            let folder = unzipped(&bytes);
            let meta = folder.path().join("META-INF");
            let (signature, content) = match container_kind {
                ContainerKind::Simple => (meta.join("signature.p7s"), folder.path().join(FILES[0].name)),
                ContainerKind::Extended => (meta.join("signature001.p7s"), meta.join("ASiCManifest001.xml")),
            };
            let verdict = openssl(&signature, &content);
            assert!(verdict.success, "{kind:?} {container_kind:?}: {}", verdict.text);
            let files = if container_kind == ContainerKind::Simple { &FILES[..1] } else { &FILES[..] };
            for file in files {
                assert_eq!(std::fs::read(folder.path().join(file.name)).unwrap(), file.content);
            }
        }
    }
}

#[test]
fn digests_of_the_manifest_are_those_of_the_files_by_another_programs_word() {
    const COMPARE: &str = "
import base64, hashlib, sys, urllib.parse, zipfile
from lxml import etree
container = zipfile.ZipFile(sys.argv[1])
first = container.infolist()[0]
assert (first.filename, first.compress_type, first.extra) == ('mimetype', zipfile.ZIP_STORED, b''), first
assert open(sys.argv[1], 'rb').read()[38:69] == b'application/vnd.etsi.asic-e+zip'
assert container.testzip() is None
names = {'a': 'http://uri.etsi.org/02918/v1.2.1#', 'd': 'http://www.w3.org/2000/09/xmldsig#'}
manifest = etree.fromstring(container.read('META-INF/ASiCManifest001.xml'))
references = manifest.findall('a:DataObjectReference', names)
for reference in references:
    name = urllib.parse.unquote(reference.get('URI'))
    digest = base64.b64decode(reference.findtext('d:DigestValue', namespaces=names))
    assert reference.find('d:DigestMethod', names).get('Algorithm').endswith('#sha256')
    assert hashlib.sha256(container.read(name)).digest() == digest, name
print(len(references), manifest.find('a:SigReference', names).get('URI'))
";
    let bytes = container(&pki().signer(Kind::P256), ContainerKind::Extended);
    let file = pki().file("container.asice", &bytes);
    let verdict = judge::ask(judge::python(), ["-c".as_ref(), COMPARE.as_ref(), file.as_os_str()]);
    assert_eq!(verdict.text.trim(), "3 META-INF/signature001.p7s");
}

#[test]
fn a_second_signer_signs_all_files_beside_the_first() {
    let first = pki().signer(Kind::P256);
    let second = pki().signer(Kind::Rsa2048);
    let signer = second.best();
    let before = container(&first, ContainerKind::Extended);
    let mut opened = open(&before).unwrap();
    let prepared = asic::prepare_beside(&mut opened, &signer, SignatureKind::Cades, &statement()).unwrap();
    let signature = second.sign(signer.algorithm(), &prepared.digest());
    let after = prepared.finish(&mut opened, &signature).unwrap();
    // what was there is there, byte for byte
    let directory = before.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    let first_record = before.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    assert!(first_record <= directory);
    assert_eq!(after[..first_record], before[..first_record]);
    let found = read(&after).unwrap();
    assert!(is_intact(&found));
    assert_eq!(found.signatures.len(), 2);
    assert!(found.signatures.iter().all(|signature| signature.coverage == Coverage::Whole));
    let folder = unzipped(&after);
    let meta = folder.path().join("META-INF");
    for number in ["001", "002"] {
        let manifest = meta.join(format!("ASiCManifest{number}.xml"));
        assert!(openssl(&meta.join(format!("signature{number}.p7s")), &manifest).success);
        let manifest = Manifest::parse(&std::fs::read(manifest).unwrap()).unwrap();
        assert_eq!(manifest.references[0].media_type.as_deref(), Some("application/pdf"));
    }
    let simple = container(&first, ContainerKind::Simple);
    let refused =
        asic::prepare_beside(&mut open(&simple).unwrap(), &signer, SignatureKind::Cades, &statement());
    assert_eq!(refused.unwrap_err(), AsicError::NotOneFile);
}

/// `xmlsec1` with nothing but the root, among the files of the container.
fn xmlsec(folder: &Path, signature: &str) -> judge::Verdict {
    let (root, chain) = (pki().path("root.pem"), pki().path("ca.pem"));
    let command = format!(
        "cd '{}' && xmlsec1 --verify --trusted-pem '{}' --untrusted-pem '{}' \
         --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties '{signature}'",
        folder.display(),
        root.display(),
        chain.display()
    );
    judge::ask("sh", ["-c", &command])
}

#[test]
fn signatures_in_xml_are_verified_by_xmlsec() {
    let plain = [
        File { name: "a.txt", media_type: Some("text/plain"), content: b"first" },
        File { name: "folder/b.bin", media_type: None, content: &[0; 300] },
    ];
    for kind in [Kind::P256, Kind::P384, Kind::Rsa2048] {
        let holder = pki().signer(kind);
        let signer = holder.best();
        for (container_kind, files) in
            [(ContainerKind::Simple, &plain[..1]), (ContainerKind::Extended, &plain[..])]
        {
            let prepared =
                asic::prepare(&signer, container_kind, SignatureKind::Xades, files, &statement()).unwrap();
            let signature = holder.sign(signer.algorithm(), &prepared.digest());
            let mut bytes = prepared.finish(&signature).unwrap();
            let mut names = vec!["META-INF/signatures.xml"];
            if container_kind == ContainerKind::Extended {
                // and another one beside it, in each form
                for signature in [SignatureKind::Xades, SignatureKind::Cades] {
                    let mut opened = open(&bytes).unwrap();
                    let prepared =
                        asic::prepare_beside(&mut opened, &signer, signature, &statement()).unwrap();
                    let signature = holder.sign(signer.algorithm(), &prepared.digest());
                    bytes = prepared.finish(&mut opened, &signature).unwrap();
                }
                names = vec!["META-INF/signatures001.xml", "META-INF/signatures002.xml"];
            }
            let found = read(&bytes).unwrap();
            assert!(is_intact(&found), "{:?}", found.signatures);
            let expected = if container_kind == ContainerKind::Extended { 3 } else { 1 };
            assert_eq!((found.signatures.len(), &found.uncovered), (expected, &vec![]));
            assert!(found.signatures.iter().all(|signature| signature.coverage == Coverage::Whole));
            let folder = unzipped(&bytes);
            for name in names {
                let verdict = xmlsec(folder.path(), name);
                assert!(verdict.success, "{kind:?} {name}: {}", verdict.text);
            }
            std::fs::write(folder.path().join("a.txt"), b"other").unwrap();
            assert!(!xmlsec(folder.path(), "META-INF/signatures001.xml").success);
        }
    }
    // names that are no URIs
    for kind in KINDS {
        let found = read(&container_of(&pki().signer(Kind::P256), kind, SignatureKind::Xades)).unwrap();
        assert!(is_intact(&found), "{:?}", found.signatures);
        assert_eq!(found.signatures[0].coverage, Coverage::Whole);
    }
}

#[test]
fn files_that_cannot_be_told_apart_are_refused() {
    let signer = pki().signer(Kind::P256).best();
    let file = |name| File { name, media_type: None, content: b"x" };
    for names in [
        vec!["a", "a"],
        vec!["a", "A"],
        vec!["mimetype"],
        vec!["META-INF/a"],
        vec!["meta-inf/a"],
        vec!["META-INF"],
        vec!["../a"],
        vec!["/a"],
        vec!["a/"],
        vec![],
    ] {
        let files: Vec<_> = names.iter().map(|name| file(name)).collect();
        assert!(
            asic::prepare(&signer, ContainerKind::Extended, SignatureKind::Cades, &files, &statement())
                .is_err(),
            "{names:?}"
        );
    }
    for names in [vec!["a", "b"], vec!["a/b"], vec![]] {
        let files: Vec<_> = names.iter().map(|name| file(name)).collect();
        for signature in [SignatureKind::Cades, SignatureKind::Xades] {
            let error = asic::prepare(&signer, ContainerKind::Simple, signature, &files, &statement());
            assert_eq!(error.unwrap_err(), AsicError::NotOneFile, "{names:?}");
        }
    }
}

#[test]
fn a_file_that_was_changed_added_or_taken_away_is_noticed() {
    const CHANGE: &str = "
import sys, zipfile
source = zipfile.ZipFile(sys.argv[1])
for what in ['changed', 'taken', 'added', 'manifest']:
    with zipfile.ZipFile(sys.argv[1] + '.' + what, 'w') as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == 'empty':
                if what == 'taken': continue
                if what == 'changed': content = b'x'
            if what == 'manifest' and 'Manifest' in entry.filename:
                content = content.replace(b'%20', b' ')
            target.writestr(entry.filename, content)
        if what == 'added': target.writestr('added', b'x')
";
    let bytes = container(&pki().signer(Kind::P256), ContainerKind::Extended);
    let file = pki().file("changing.asice", &bytes);
    let verdict = judge::ask(judge::python(), ["-c".as_ref(), CHANGE.as_ref(), file.as_os_str()]);
    assert!(verdict.success, "{}", verdict.text);
    let changed = |what: &str| {
        let path = format!("{}.{what}", file.display());
        read(&std::fs::read(path).unwrap()).unwrap()
    };
    assert_eq!(changed("changed").signatures[0].integrity, Integrity::ContentChanged);
    assert_eq!(changed("taken").signatures[0].integrity, Integrity::ContentMissing);
    assert_eq!(changed("manifest").signatures[0].integrity, Integrity::ContentChanged);
    let added = changed("added");
    assert!(is_intact(&added));
    assert_eq!(added.uncovered, ["added"]);
    let Coverage::Parts(covered) = &added.signatures[0].coverage else { panic!("not all is covered") };
    assert_eq!((covered.len(), added.signatures[0].remarks.len()), (3, 1));
}

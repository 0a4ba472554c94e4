//! Containers of the corpora. Whoever signed them trusts nobody of ours, so here their own certificates are trusted.

use std::{fs, io::Cursor, path::Path};

use bitaqa_signature::{
    FoundSignature, Hash, Level, Signer, SignerStatement,
    asic::{
        self, Container, ContainerKind, File, SignatureKind,
        zip::{Limits, ZipReader},
    },
    augmentation::Goal,
    document::{self, NoContent},
    found::Integrity,
    time_stamp::TimeStampToken,
    validation::{Indication, ValidationSettings, validate},
};
use serde_json::Value;

use crate::{
    CONTENT, LEVELS, contains, element, pki,
    support::{
        Kind,
        dated::later,
        judge::{ask, conformance, python},
        now,
        services::Services,
    },
};

fn entries(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipReader::open(Cursor::new(file), Limits::default()).unwrap();
    let names: Vec<String> = zip.entries().iter().map(|entry| entry.name().as_str().to_owned()).collect();
    names.into_iter().map(|name| (name.clone(), zip.read_to_vec(&name, 1 << 26).unwrap())).collect()
}

/// What a signature file must keep: of XML what is signed and the value, of CMS the attributes that are signed and the value.
fn kept(name: &str, before: &[u8]) -> Vec<Vec<u8>> {
    if name.ends_with(".xml") {
        return ["SignedInfo", "SignatureValue"].map(|name| element(before, name)).to_vec();
    }
    let message = bitaqa_signature::cms::SignedData::parse(before).unwrap();
    let signers = message.signers.iter();
    signers
        .flat_map(|signer| {
            let children = signer.element.children(7, "fields").unwrap();
            // all but the unsigned attributes
            children
                .into_iter()
                .filter(|child| child.tag() != 0xa1)
                .map(|child| child.encoded().to_vec())
                .collect::<Vec<_>>()
        })
        .collect()
}

fn covers(found: &FoundSignature) -> bool {
    found.signature_time_stamps.iter().chain(&found.archive_time_stamps).all(|stamp| {
        let token = TimeStampToken::parse(&stamp.token).unwrap();
        stamp.covered_digest.as_deref() == Some(token.imprint())
    })
}

/// `unzip` finds nothing wrong.
fn assert_unzips(path: &Path) {
    let verdict = ask("unzip", ["-tq".as_ref(), path.as_os_str()]);
    assert!(verdict.success, "{}: {}", path.display(), verdict.text);
}

#[test]
fn containers_of_dss_are_raised_and_what_they_hold_stays() {
    let Some(folder) = conformance("dss") else {
        println!("the corpus of DSS is not there: nothing was raised");
        return;
    };
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).unwrap()).unwrap();
    let cases = manifest["cases"].as_array().unwrap().iter();
    let is_good = |case: &&Value| {
        case["module"].as_str().unwrap().starts_with("asic") && case["integrity"] == "all_intact"
    };
    let mut names: Vec<&str> = cases.filter(is_good).map(|case| case["file"].as_str().unwrap()).collect();
    names.sort_unstable();
    names.dedup();
    let services = Services::of(pki());
    let out = tempfile::tempdir().unwrap();
    let mut reached = [0; 4];
    let mut left = Vec::new();
    for name in names {
        let before = fs::read(folder.join(name)).unwrap();
        let Ok(found) = document::signatures(&before, &NoContent) else { continue };
        if found.iter().any(|one| one.integrity != Integrity::Intact || !covers(one)) {
            left.push(name);
            continue;
        }
        let mut store = services.trusted();
        for signature in &found {
            for certificate in signature.certificates.iter().chain(signature.signer.certificate()) {
                store.add_anchor(certificate.clone());
            }
            for stamp in signature.signature_time_stamps.iter().chain(&signature.archive_time_stamps) {
                stamp.certificates.iter().for_each(|certificate| store.add_anchor(certificate.clone()));
                let token = TimeStampToken::parse(&stamp.token).unwrap();
                token.certificates().iter().for_each(|certificate| store.add_anchor(certificate.clone()));
            }
        }
        let mut file = before.clone();
        let mut highest = Level::BB;
        for level in LEVELS {
            let goal = Goal { level, hash: Hash::Sha256, store: store.clone(), at: now() };
            let (after, augmented) = services.raise(&file, &NoContent, &goal);
            highest = highest.max(augmented.level);
            if augmented.level < level {
                println!("{name} to {level}: {:?}", augmented.notices);
            }
            let kept_before = entries(&file);
            let now = entries(&after);
            for (entry, content) in &kept_before {
                if entry.contains("ASiCArchiveManifest") {
                    // the newest one has a name of its own, and those before it numbers
                    assert!(now.iter().any(|(_, other)| other == content), "{name} {entry}");
                    continue;
                }
                let (_, same) = now.iter().find(|(other, _)| other == entry).unwrap();
                if same != content {
                    for part in kept(entry, content) {
                        assert!(contains(same, &part), "{name} {entry}");
                    }
                }
            }
            let again = document::signatures(&after, &NoContent).unwrap();
            assert!(
                again.iter().all(|one| one.integrity == Integrity::Intact && covers(one)),
                "{name} {level}"
            );
            file = after;
        }
        let path = out.path().join("raised.zip");
        fs::write(&path, &file).unwrap();
        assert_unzips(&path);
        reached[LEVELS.iter().position(|level| *level == highest).map_or(0, |place| place + 1)] += 1;
    }
    println!(
        "B-B {}, B-T {}, B-LT {}, B-LTA {}; not tried: {left:?}",
        reached[0], reached[1], reached[2], reached[3]
    );
    assert!(reached[3] > 0);
}

/// The newest archive manifest names every file but itself and its time stamp, with the digest that it has, and the time stamp is
/// over it; so are those before it.
const MANIFESTS: &str = "
import base64, hashlib, sys, urllib.parse, zipfile
from asn1crypto import cms, tsp
from lxml import etree
container = zipfile.ZipFile(sys.argv[1])
names = {'a': 'http://uri.etsi.org/02918/v1.2.1#', 'd': 'http://www.w3.org/2000/09/xmldsig#'}
manifests = [name for name in container.namelist() if 'ASiCArchiveManifest' in name]
for name in manifests:
    octets = container.read(name)
    manifest = etree.fromstring(octets)
    token = manifest.find('a:SigReference', names).get('URI')
    info = cms.ContentInfo.load(container.read(token))['content']['encap_content_info']['content'].parsed
    assert info['message_imprint']['hashed_message'].native == hashlib.sha256(octets).digest(), name
    named = {}
    for reference in manifest.findall('a:DataObjectReference', names):
        named[urllib.parse.unquote(reference.get('URI'))] = base64.b64decode(reference.findtext('d:DigestValue', namespaces=names))
    for file, digest in named.items():
        assert hashlib.sha256(container.read(file)).digest() == digest, (name, file)
    if name == 'META-INF/ASiCArchiveManifest.xml':
        assert set(container.namelist()) - set(named) <= {'mimetype', name, token, 'META-INF/manifest.xml'}, named
print(len(manifests))
";

#[test]
fn what_an_archive_manifest_covers_stays_and_the_container_is_archived_again() {
    let holder = pki().signer(Kind::P256);
    let signer =
        Signer::new(holder.certificate.clone(), vec![pki().authority()], holder.best().algorithm()).unwrap();
    let file = [File { name: "a.txt", media_type: Some("text/plain"), content: CONTENT }];
    let said = SignerStatement { signing_time: Some(now()), ..SignerStatement::default() };
    let services = Services::of(pki());
    for kind in [SignatureKind::Cades, SignatureKind::Xades] {
        let prepared = asic::prepare(&signer, ContainerKind::Extended, kind, &file, &said).unwrap();
        let signature = holder.sign(signer.algorithm(), &prepared.digest());
        let signed = prepared.finish(&signature).unwrap();
        let raised = services.raised(&signed, &NoContent, (Level::BLt, Hash::Sha256));
        // as the older containers are archived: over all of it, not in the signature file
        let mut opened = Container::open(Cursor::new(&raised[..])).unwrap();
        let prepared = opened.prepare_archive(Hash::Sha256).unwrap();
        let token = services.token(Hash::Sha256, &prepared.digest(Hash::Sha256));
        let mut archived = prepared.finish(&mut opened, &token).unwrap();
        for round in 2..=3 {
            let before = entries(&archived);
            archived = Services::of(pki()).raised(&archived, &NoContent, (Level::BLta, Hash::Sha256));
            let after = entries(&archived);
            for (name, content) in before.iter().filter(|(name, _)| !name.ends_with(".tst")) {
                assert!(after.iter().any(|(_, other)| other == content), "{name}");
            }
            let mut settings = ValidationSettings::new(later(now(), 60));
            settings.signers = services.trusted();
            settings.time_stamp_authorities = services.trusted();
            let found = document::signatures(&archived, &NoContent).unwrap();
            assert_eq!(found[0].archive_time_stamps.len(), round);
            // what validates the time stamps before is covered by the newest one
            let newest = found[0].archive_time_stamps.last().unwrap();
            for list in &found[0].revocation.lists {
                assert!(newest.covered_material.iter().any(|one| *one == *Hash::Sha256.digest(&[list])));
            }
            let report = validate(&found, &settings);
            assert_eq!(report.indication, Indication::TotalPassed, "{:?}", report.signatures);
            assert_eq!(report.signatures[0].level, Some(Level::BLta));
            let path = pki().file("archived_again.asice", &archived);
            assert_unzips(&path);
            let verdict = ask(python(), ["-c".as_ref(), MANIFESTS.as_ref(), path.as_os_str()]);
            assert_eq!(verdict.text.trim(), round.to_string());
        }
    }
}

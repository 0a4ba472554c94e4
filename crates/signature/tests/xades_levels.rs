//! Signatures in XML are raised to B-T, B-LT and B-LTA; what each time stamp covers is computed a second time by lxml.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod support;

use std::sync::Arc;

use bitaqa_signature::{
    FoundSignature, Hash,
    found::{EmbeddedRevocation, FoundTimeStamp, Integrity},
    time_stamp::{TimeStampRequest, TimeStampToken, token_of_response},
    xades::{
        self, DetachedContent, File, OtherSignatures, Packaging, XadesError,
        extension::{
            archive_time_stamp_digest, signature_time_stamp_digest, with_archive_time_stamp,
            with_signature_time_stamp, with_validation_data,
        },
    },
};
use support::{
    Kind, judge, pki,
    xml::{DOCUMENT, sign, statement, xmlsec},
};

const CONTENT: &[u8] = b"what is signed\r\n\0";

struct Content;

impl DetachedContent for Content {
    fn digest(&self, uri: &str, hash: Hash) -> Option<Vec<u8>> {
        (uri == "content.bin").then(|| hash.digest(&[CONTENT]))
    }

    fn octets(&self, uri: &str) -> Option<std::borrow::Cow<'_, [u8]>> {
        (uri == "content.bin").then_some(CONTENT.into())
    }
}

fn stamped(hash: Hash, digest: &[u8]) -> Vec<u8> {
    let request = TimeStampRequest::new(hash, digest, Some([7; 8])).unwrap();
    token_of_response(&pki().time_stamp(&request.to_der()), &request).unwrap()
}

fn only(document: &[u8]) -> FoundSignature {
    let mut found = xades::read(document, &Content).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn covers(stamp: &FoundTimeStamp) -> bool {
    stamp.covered_digest.as_deref() == Some(TimeStampToken::parse(&stamp.token).unwrap().imprint())
}

/// Whether one is the other with something put in at one place.
fn is_inserted(before: &[u8], after: &[u8]) -> bool {
    let kept = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    after.ends_with(&before[kept..])
}

/// All levels, with the document at each.
fn raised(signed: Vec<u8>) -> [Vec<u8>; 5] {
    let holder = pki().signer(Kind::P256);
    let name = only(&signed).name;
    let digest = signature_time_stamp_digest(&signed, &name, Hash::Sha256).unwrap();
    let b_t = with_signature_time_stamp(&signed, &name, &stamped(Hash::Sha256, &digest)).unwrap();
    let revocation = EmbeddedRevocation {
        lists: vec![Arc::from(pki().root_revocation_list())],
        answers: vec![Arc::from(pki().ocsp_response(&holder))],
    };
    let b_lt = with_validation_data(&b_t, &name, &[pki().root()], &revocation).unwrap();
    let digest = archive_time_stamp_digest(&b_lt, &name, Hash::Sha512, &Content).unwrap();
    let b_lta = with_archive_time_stamp(&b_lt, &name, &stamped(Hash::Sha512, &digest), &Content).unwrap();
    let later = EmbeddedRevocation { lists: vec![Arc::from(pki().revocation_list())], answers: vec![] };
    let further = with_validation_data(&b_lta, &name, &[pki().authority()], &later).unwrap();
    let digest = archive_time_stamp_digest(&further, &name, Hash::Sha256, &Content).unwrap();
    let again = with_archive_time_stamp(&further, &name, &stamped(Hash::Sha256, &digest), &Content).unwrap();
    for (before, after) in
        [(&signed, &b_t), (&b_t, &b_lt), (&b_lt, &b_lta), (&b_lta, &further), (&further, &again)]
    {
        assert!(is_inserted(before, after));
    }
    [signed, b_t, b_lt, b_lta, again]
}

#[test]
fn every_level_is_read_as_it_was_made() {
    pki().file("content.bin", CONTENT);
    let holder = pki().signer(Kind::P256);
    let digest = Hash::Sha256.digest(&[CONTENT]);
    let files = [File { uri: "content.bin", digest: &digest, media_type: "application/octet-stream" }];
    for (name, packaging) in [
        (
            "enveloped",
            Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::Signed },
        ),
        ("detached", Packaging::Detached { files: &files, container: None }),
        (
            "container",
            Packaging::Detached {
                files: &files,
                container: Some(b"<asic:XAdESSignatures xmlns:asic='http://uri.etsi.org/02918/v1.2.1#'/>"),
            },
        ),
    ] {
        let levels = raised(sign(&holder, packaging, &statement()));
        for (number, document) in levels.iter().enumerate() {
            let found = only(document);
            assert_eq!(found.integrity, Integrity::Intact, "{name} {number}");
            assert!(found.format_faults.is_empty() && found.remarks.is_empty(), "{found:?}");
            assert!(found.signature_time_stamps.iter().chain(&found.archive_time_stamps).all(covers));
            assert_eq!(found.signature_time_stamps.len(), usize::from(number > 0));
            assert_eq!(found.archive_time_stamps.len(), number.saturating_sub(2));
            let verdict = xmlsec(&pki().file(&format!("level_{name}_{number}.xml"), document), None);
            assert!(verdict.success, "{name} {number}: {}", verdict.text);
        }
        let last = only(&levels[4]);
        assert_eq!((last.revocation.lists.len(), last.revocation.answers.len()), (2, 1));
        assert_eq!(last.certificates.len(), 3);
        let [first, second] = &last.archive_time_stamps[..] else { panic!() };
        // two of KeyInfo, the signature's time stamp, the root, its list, an answer; then a token, a certificate and a list
        assert_eq!((first.covered_material.len(), second.covered_material.len()), (6, 9));
        assert!(second.covered_material.starts_with(&first.covered_material));
    }
}

const SCRIPT: &str = r#"
import sys, hashlib
from lxml import etree
DS = "{http://www.w3.org/2000/09/xmldsig#}"
X = "{http://uri.etsi.org/01903/v1.3.2#}"
def c14n(node):
    return etree.tostring(node, method="c14n", exclusive=True, with_comments=False)
root = etree.parse(sys.argv[1]).getroot()
signature = next(root.iter(DS + "Signature"))
properties = next(root.iter(X + "UnsignedSignatureProperties"))
value = signature.find(DS + "SignatureValue")
print(hashlib.sha256(c14n(value)).hexdigest())
parts = [open(sys.argv[2], "rb").read(), c14n(next(root.iter(X + "SignedProperties")))]
parts += [c14n(signature.find(DS + name)) for name in ("SignedInfo", "SignatureValue", "KeyInfo")]
for child in properties:
    if child.tag.endswith("ArchiveTimeStamp"):
        break
    parts.append(c14n(child))
print(hashlib.sha512(b"".join(parts)).hexdigest())
"#;

#[test]
fn what_time_stamps_cover_is_what_lxml_says() {
    let digest = Hash::Sha256.digest(&[CONTENT]);
    let files = [File { uri: "content.bin", digest: &digest, media_type: "application/octet-stream" }];
    let packaging = Packaging::Detached { files: &files, container: None };
    let levels = raised(sign(&pki().signer(Kind::P256), packaging, &statement()));
    let script = pki().file("covered.py", SCRIPT.as_bytes());
    let document = pki().file("covered.xml", &levels[3]);
    let content = pki().file("covered.bin", CONTENT);
    let verdict = judge::ask(judge::python(), [script, document, content]);
    assert!(verdict.success, "{}", verdict.text);
    let found = only(&levels[3]);
    let ours = [&found.signature_time_stamps[0], &found.archive_time_stamps[0]].map(|stamp| {
        let digest = stamp.covered_digest.as_ref().unwrap();
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    });
    assert_eq!(verdict.text.lines().collect::<Vec<_>>(), ours);
}

#[test]
fn a_time_stamp_over_something_else_is_refused() {
    let packaging = Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::Signed };
    let signed = sign(&pki().signer(Kind::P256), packaging, &statement());
    let name = only(&signed).name;
    let token = stamped(Hash::Sha256, &[1; 32]);
    assert_eq!(with_signature_time_stamp(&signed, &name, &token), Err(XadesError::OtherImprint));
    assert_eq!(with_archive_time_stamp(&signed, &name, &token, &Content), Err(XadesError::OtherImprint));
    assert_eq!(signature_time_stamp_digest(&signed, "other", Hash::Sha256), Err(XadesError::NoSignature));
}

#[test]
fn a_time_stamp_that_was_moved_covers_nothing() {
    let packaging = Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::Signed };
    let holder = pki().signer(Kind::P256);
    let [_, one, ..] = raised(sign(&holder, packaging, &statement()));
    let other = sign(&holder, packaging, &statement());
    let name = only(&other).name;
    let digest = signature_time_stamp_digest(&other, &name, Hash::Sha256).unwrap();
    let other = with_signature_time_stamp(&other, &name, &stamped(Hash::Sha256, &digest)).unwrap();
    let token = |document: &[u8]| {
        let text = String::from_utf8(document.to_vec()).unwrap();
        let (_, rest) = text.split_once("<xades:EncapsulatedTimeStamp>").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    let moved = String::from_utf8(other.clone()).unwrap().replace(&token(&other), &token(&one));
    let found = only(moved.as_bytes());
    assert_eq!(found.integrity, Integrity::Intact);
    assert!(!covers(&found.signature_time_stamps[0]));
}

#[test]
fn what_another_signature_covers_is_not_extended() {
    let holder = pki().signer(Kind::P256);
    let parallel = Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::LeftOut };
    let once = sign(&holder, parallel, &statement());
    let over = sign(
        &holder,
        Packaging::Enveloped { document: &once, others: OtherSignatures::Signed },
        &statement(),
    );
    let found = xades::read(&over, &Content).unwrap();
    let digest = signature_time_stamp_digest(&over, &found[0].name, Hash::Sha256).unwrap();
    let refused = with_signature_time_stamp(&over, &found[0].name, &stamped(Hash::Sha256, &digest));
    assert_eq!(refused, Err(XadesError::WouldBreak(found[1].name.clone())));
    let digest = signature_time_stamp_digest(&over, &found[1].name, Hash::Sha256).unwrap();
    let raised = with_signature_time_stamp(&over, &found[1].name, &stamped(Hash::Sha256, &digest)).unwrap();
    assert!(xades::read(&raised, &Content).unwrap().iter().all(|one| one.integrity == Integrity::Intact));
}

#[test]
fn files_of_others_are_extended() {
    let Some(folder) = judge::conformance("dss") else {
        println!("the files of DSS are not here: none extended");
        return;
    };
    for name in
        ["dss-signed.xml", "dss-2293.xml", "Signature-X-HU_POL-3.xml", "xades-with-equivalent-certs.xml"]
    {
        let document = std::fs::read(folder.join("xades/validation").join(name)).unwrap();
        let before = only(&document);
        let digest = signature_time_stamp_digest(&document, &before.name, Hash::Sha256).unwrap();
        let token = stamped(Hash::Sha256, &digest);
        let once = with_signature_time_stamp(&document, &before.name, &token).unwrap();
        let digest = archive_time_stamp_digest(&once, &before.name, Hash::Sha256, &Content).unwrap();
        let token = stamped(Hash::Sha256, &digest);
        let twice = with_archive_time_stamp(&once, &before.name, &token, &Content).unwrap();
        let after = only(&twice);
        assert_eq!(after.integrity, Integrity::Intact, "{name}");
        assert_eq!(after.signature_time_stamps.len(), before.signature_time_stamps.len() + 1);
        assert_eq!(after.archive_time_stamps.len(), before.archive_time_stamps.len() + 1);
        assert!(after.signature_time_stamps.iter().chain(&after.archive_time_stamps).all(covers), "{name}");
    }
}

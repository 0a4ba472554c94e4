//! Signatures made here are accepted by programs that are not ours, and read here as what they are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod support;

use bitaqa_signature::{
    Hash, SignatureAlgorithm, SignerStatement,
    found::{Coverage, Integrity, SigningCertificate},
    signer::SignerError,
    xades::{self, DetachedContent, File, Object, ObjectContent, OtherSignatures, Packaging, XadesError},
};
use support::{
    Kind, pki,
    xml::{Case, DOCUMENT, plain, sign, sign_with, signxml, statement, xmlsec},
};

const CONTENT: &[u8] = b"what is signed\0\xff";
const ENVELOPED: Packaging<'static> =
    Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::Signed };

/// A name, a packaging, and how many references there are.
fn packagings(digest: &[u8]) -> Vec<(&'static str, Packaging<'_>, usize)> {
    const OBJECTS: &[Object<'static>] = &[
        Object { content: ObjectContent::Octets(CONTENT), media_type: "application/octet-stream" },
        Object { content: ObjectContent::Xml(DOCUMENT.as_bytes()), media_type: "text/xml" },
    ];
    let files: &'static [File<'_>] = Box::leak(Box::new([File {
        uri: "content.bin",
        digest: Box::leak(digest.to_vec().into_boxed_slice()),
        media_type: "application/octet-stream",
    }]));
    let enveloped = Packaging::Enveloped { document: plain(), others: OtherSignatures::Signed };
    let left_out = Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::LeftOut };
    vec![
        ("enveloped", enveloped, 2),
        ("parallel", left_out, 2),
        ("element", Packaging::Element { document: DOCUMENT.as_bytes(), identifier: "item-1" }, 2),
        ("root", Packaging::Element { document: DOCUMENT.as_bytes(), identifier: "order" }, 2),
        ("enveloping", Packaging::Enveloping { objects: OBJECTS }, 3),
        ("detached", Packaging::Detached { files, container: None }, 2),
    ]
}

struct Content;

impl DetachedContent for Content {
    fn digest(&self, uri: &str, hash: Hash) -> Option<Vec<u8>> {
        (uri == "content.bin").then(|| hash.digest(&[CONTENT]))
    }
}

/// Every algorithm of a key that XML has a name for; PSS of RSA keys too.
fn algorithms(kind: Kind) -> Vec<SignatureAlgorithm> {
    let key = pki().signer(kind).certificate.public_key().unwrap().kind();
    let named = SignatureAlgorithm::of_key(key).into_iter();
    named.filter(|algorithm| xades::algorithm::signature_uri(*algorithm).is_some()).collect()
}

#[test]
fn every_key_signs_in_every_packaging_and_others_agree() {
    pki().file("content.bin", CONTENT);
    let mut cases = Vec::new();
    for kind in Kind::ALL {
        let holder = pki().signer(kind);
        let best = holder.best().algorithm();
        let digest = best.hash().digest(&[CONTENT]);
        for (name, packaging, references) in packagings(&digest) {
            let signed = sign(&holder, packaging, &statement());
            let found = xades::read(&signed, &Content).unwrap();
            assert_eq!(found.len(), 1);
            let one = &found[0];
            assert_eq!(one.integrity, Integrity::Intact, "{kind:?} {name}: {:?}", one.format_faults);
            assert!(one.format_faults.is_empty() && one.remarks.is_empty(), "{one:?}");
            let SigningCertificate::Bound(certificate) = &one.signer else { panic!("{:?}", one.signer) };
            assert_eq!(**certificate, holder.certificate);
            assert_eq!(one.certificates.len(), 2);
            let expected = match name {
                "element" => Coverage::Parts(vec!["#item-1".to_owned()]),
                "detached" => Coverage::Parts(vec!["content.bin".to_owned()]),
                _ => Coverage::Whole,
            };
            assert_eq!(one.coverage, expected, "{name}");
            let file = pki().file(&format!("{kind:?}_{name}.xml"), &signed);
            // xmlsec1 1.2 has no RSASSA-PSS; signxml has.
            if kind != Kind::RsaPss {
                let verdict = xmlsec(&file, None);
                assert!(verdict.success, "{kind:?} {name}: {}", verdict.text);
            }
            if name != "parallel" {
                let location = if matches!(name, "enveloping" | "detached") { "." } else { ".//" };
                let (certificate, folder) = (holder.certificate_file.clone(), pki().path(""));
                cases.push(Case { certificate, file, references, location, folder });
            }
        }
    }
    let verdict = signxml(&cases);
    assert_eq!(
        verdict.text.lines().filter(|line| line.starts_with("OK")).count(),
        cases.len(),
        "{}",
        verdict.text
    );
    println!("signxml accepts {} files", cases.len());
}

#[test]
fn every_algorithm_that_has_a_name_signs() {
    let mut cases = Vec::new();
    for kind in [Kind::P256, Kind::Brainpool512, Kind::Rsa3072, Kind::RsaPss] {
        let packaging = Packaging::Enveloped { document: plain(), others: OtherSignatures::Signed };
        let holder = pki().signer(kind);
        for (number, algorithm) in algorithms(kind).into_iter().enumerate() {
            let signed = sign_with(&holder, algorithm, packaging, &statement());
            let one = xades::read(&signed, &xades::NoContent).unwrap().remove(0);
            assert_eq!(one.integrity, Integrity::Intact, "{algorithm:?}");
            assert_eq!(one.content_hashes, [algorithm.hash()]);
            let file = pki().file(&format!("algorithm_{kind:?}_{number}.xml"), &signed);
            cases.push(Case {
                certificate: holder.certificate_file.clone(),
                file,
                references: 2,
                location: ".//",
                folder: pki().path(""),
            });
        }
    }
    let verdict = signxml(&cases);
    assert_eq!(
        verdict.text.lines().filter(|line| line.starts_with("OK")).count(),
        cases.len(),
        "{}",
        verdict.text
    );
    println!("signxml accepts {} files", cases.len());
}

#[test]
fn rsa_pkcs1_with_sha3_has_no_name() {
    let signer = pki().signer(Kind::Rsa2048).with(SignatureAlgorithm::RsaPkcs1(Hash::Sha3_256));
    let error = xades::prepare(&signer, ENVELOPED, &SignerStatement::default()).unwrap_err();
    assert_eq!(error, XadesError::Algorithm);
}

#[test]
fn what_the_signer_says_is_read_as_it_was_said() {
    let holder = pki().signer(Kind::P256);
    for said in [
        statement(),
        SignerStatement::default(),
        SignerStatement { media_type: Some("application/xml".into()), ..statement() },
    ] {
        let signed = sign(&holder, ENVELOPED, &said);
        let read = xades::read(&signed, &xades::NoContent).unwrap().remove(0).statement;
        let media_type = said.media_type.clone().or(Some("text/xml".to_owned()));
        assert_eq!(read, SignerStatement { media_type, ..said });
    }
}

#[test]
fn everything_outside_of_the_signature_stays() {
    let holder = pki().signer(Kind::P256);
    let signed = String::from_utf8(sign(&holder, ENVELOPED, &statement())).unwrap();
    let start = signed.find("<ds:Signature ").unwrap();
    let end = signed.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    assert_eq!([&signed[..start], &signed[end..]].concat(), DOCUMENT);
    let empty = b"\xEF\xBB\xBF<a:b xmlns:a='urn:a' c = '1' />\n";
    let packaging = Packaging::Enveloped { document: empty, others: OtherSignatures::Signed };
    let signed = sign(&holder, packaging, &statement());
    assert!(signed.starts_with(b"\xEF\xBB\xBF<a:b xmlns:a='urn:a' c = '1' ><ds:Signature "));
    assert!(signed.ends_with(b"</ds:Signature></a:b>\n"));
    assert_eq!(xades::read(&signed, &xades::NoContent).unwrap()[0].integrity, Integrity::Intact);
}

#[test]
fn a_wrong_signature_is_refused() {
    let holder = pki().signer(Kind::P256);
    let prepared = xades::prepare(&holder.best(), ENVELOPED, &statement()).unwrap();
    let other = pki().issue("other", Kind::P256, "/CN=OTHER", "signer");
    let signature = other.sign(other.best().algorithm(), &prepared.digest());
    assert_eq!(prepared.finish(&signature), Err(XadesError::Signer(SignerError::Signature)));
}

#[test]
fn signatures_side_by_side_do_not_break_each_other() {
    let (first, second) = (pki().signer(Kind::P256), pki().signer(Kind::Rsa2048));
    let left_out = OtherSignatures::LeftOut;
    let once =
        sign(&first, Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: left_out }, &statement());
    let twice = sign(&second, Packaging::Enveloped { document: &once, others: left_out }, &statement());
    // The same signer with the same words: identifiers must not meet.
    let thrice = sign(&second, Packaging::Enveloped { document: &twice, others: left_out }, &statement());
    let found = xades::read(&thrice, &xades::NoContent).unwrap();
    assert_eq!(found.len(), 3);
    for one in &found {
        assert_eq!((one.integrity, &one.coverage), (Integrity::Intact, &Coverage::Whole));
    }
    let file = pki().file("side_by_side.xml", &thrice);
    for number in 1..=3 {
        let verdict = xmlsec(&file, Some(&format!("(//*[local-name()='Signature'])[{number}]")));
        assert!(verdict.success, "{}", verdict.text);
    }
    // Content that is dressed up as a signature is left out, too, and then not everything is signed.
    let dressed = String::from_utf8(thrice).unwrap().replace(
        "</o:order>",
        "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><item>a million</item></ds:Signature></o:order>",
    );
    let found = xades::read(dressed.as_bytes(), &xades::NoContent).unwrap();
    assert_eq!(
        (found[0].integrity, &found[0].coverage),
        (Integrity::Intact, &Coverage::Parts(vec!["(document)".to_owned()]))
    );
    assert_eq!(found[3].integrity, Integrity::NotVerified);
    let elements = sign(
        &first,
        Packaging::Element { document: DOCUMENT.as_bytes(), identifier: "item-1" },
        &statement(),
    );
    let elements =
        sign(&second, Packaging::Element { document: &elements, identifier: "note" }, &statement());
    let found = xades::read(&elements, &xades::NoContent).unwrap();
    assert!(found.iter().all(|one| one.integrity == Integrity::Intact));
    assert_eq!(found[1].coverage, Coverage::Parts(vec!["#note".to_owned()]));
}

#[test]
fn a_signature_over_another_one_is_possible_and_the_reverse_is_refused() {
    let holder = pki().signer(Kind::P256);
    let parallel = Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::LeftOut };
    let once = sign(&holder, parallel, &statement());
    let over = sign(
        &holder,
        Packaging::Enveloped { document: &once, others: OtherSignatures::Signed },
        &statement(),
    );
    let found = xades::read(&over, &xades::NoContent).unwrap();
    assert!(found.iter().all(|one| one.integrity == Integrity::Intact));
    for others in [OtherSignatures::Signed, OtherSignatures::LeftOut] {
        let packaging = Packaging::Enveloped { document: &over, others };
        let error = xades::prepare(&holder.best(), packaging, &statement()).unwrap_err();
        assert_eq!(error, XadesError::WouldBreak(found[1].name.clone()));
    }
}

#[test]
fn a_counter_signature_is_over_the_signature_around_it() {
    let (first, second) = (pki().signer(Kind::P256), pki().signer(Kind::Rsa2048));
    let signed = sign(&first, ENVELOPED, &statement());
    let name = xades::read(&signed, &xades::NoContent).unwrap()[0].name.clone();
    let countered =
        sign(&second, Packaging::CounterSignature { document: &signed, signature: &name }, &statement());
    let found = xades::read(&countered, &xades::NoContent).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].integrity, Integrity::Intact);
    let counter = &found[0].counter_signatures[0];
    assert_eq!(counter.integrity, Integrity::Intact);
    assert!(counter.format_faults.is_empty(), "{:?}", counter.format_faults);
    assert!(
        matches!(&counter.signer, SigningCertificate::Bound(certificate) if **certificate == second.certificate)
    );
    // A counter-signature of the counter-signature, and a second one beside it.
    let packaging = Packaging::CounterSignature { document: &countered, signature: &counter.name };
    let deeper = sign(&first, packaging, &statement());
    let deeper =
        sign(&first, Packaging::CounterSignature { document: &deeper, signature: &name }, &statement());
    let found = xades::read(&deeper, &xades::NoContent).unwrap();
    assert_eq!(found[0].counter_signatures.len(), 2);
    assert_eq!(found[0].counter_signatures[0].counter_signatures[0].integrity, Integrity::Intact);
    let file = pki().file("countered.xml", &deeper);
    for number in 1..=4 {
        let verdict = xmlsec(&file, Some(&format!("(//*[local-name()='Signature'])[{number}]")));
        assert!(verdict.success, "{number} {}", verdict.text);
    }
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let signer = pki().signer(Kind::P256).best();
    let refused = |packaging: Packaging<'_>| {
        xades::prepare(&signer, packaging, &SignerStatement::default()).unwrap_err()
    };
    assert_eq!(refused(Packaging::Enveloping { objects: &[] }), XadesError::NothingToSign);
    assert_eq!(refused(Packaging::Detached { files: &[], container: None }), XadesError::NothingToSign);
    let element = |identifier| Packaging::Element { document: DOCUMENT.as_bytes(), identifier };
    assert_eq!(refused(element("missing")), XadesError::NoElement);
    for (uri, digest, error) in [
        ("", &[0; 32][..], XadesError::Uri),
        ("#a", &[0; 32], XadesError::Uri),
        ("a", &[0; 20], XadesError::DigestLength),
    ] {
        let files = [File { uri, digest, media_type: "text/plain" }];
        assert_eq!(refused(Packaging::Detached { files: &files, container: None }), error);
    }
    let document = b"<!DOCTYPE a><a/>";
    assert!(matches!(
        refused(Packaging::Enveloped { document, others: OtherSignatures::Signed }),
        XadesError::Document(_)
    ));
    let packaging = Packaging::CounterSignature { document: DOCUMENT.as_bytes(), signature: "none" };
    assert_eq!(refused(packaging), XadesError::NoSignature);
}

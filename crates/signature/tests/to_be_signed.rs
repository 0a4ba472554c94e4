//! What a card is asked to sign is read out of the bytes that others made, and everything else is refused.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod support;

use bitaqa_signature::{
    Hash, SignatureAlgorithm,
    to_be_signed::{
        BoundCertificate, Format, MAX_OF_DIGESTS, MAX_OF_JWS, Of, Refusal, Statement, ToBeSigned,
    },
};
use support::{Holder, Kind, judge, pki};

const ES256: SignatureAlgorithm = SignatureAlgorithm::Ecdsa(Hash::Sha256);

/// What the judge's script prints, as bytes.
fn made_by_others(arguments: &[&str]) -> Vec<u8> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/to_be_signed_by_others.py");
    let verdict = judge::ask(judge::python(), [&[script], arguments].concat());
    assert!(verdict.success, "{}", verdict.text);
    unhex(verdict.text.lines().last().unwrap())
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// The attributes that openssl signs for a document.
fn attributes(holder: &Holder, document: &[u8], hash: &str) -> Vec<u8> {
    let input = pki().file(&format!("{}-{hash}.txt", holder.name), document);
    let output = pki().path(&format!("{}-{hash}.cms", holder.name));
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let (signer, key) = (path(&holder.certificate_file), path(&holder.key_file));
    let (input, output) = (path(&input), path(&output));
    pki().run(&[
        "cms",
        "-sign",
        "-cades",
        "-nosmimecap",
        "-binary",
        "-md",
        hash,
        "-in",
        &input,
        "-signer",
        &signer,
        "-inkey",
        &key,
        "-outform",
        "DER",
        "-out",
        &output,
    ]);
    made_by_others(&["cms", &output])
}

fn read(format: Format, bytes: &[u8]) -> Result<ToBeSigned, Refusal> {
    ToBeSigned::read(format, bytes, ES256)
}

#[test]
fn attributes_that_openssl_signs_say_which_document_and_whose_certificate() {
    let document = b"what is agreed";
    for (kind, hash, algorithm) in [
        (Kind::P256, "sha256", ES256),
        (Kind::P384, "sha384", SignatureAlgorithm::Ecdsa(Hash::Sha384)),
        (Kind::Rsa2048, "sha512", SignatureAlgorithm::RsaPkcs1(Hash::Sha512)),
    ] {
        let holder = pki().signer(kind);
        let bytes = attributes(&holder, document, hash);
        let read = ToBeSigned::read(Format::CmsSignedAttributes, &bytes, algorithm).unwrap();
        let [digest] = read.digests.as_slice() else { panic!("{read:?}") };
        assert_eq!((&digest.of, digest.hash), (&Of::Content, algorithm.hash()));
        assert_eq!(digest.value, algorithm.hash().digest(&[document]));
        assert!(read.binds(holder.certificate.der()) && !read.binds(pki().authority().der()));
        assert!(read.signing_time.is_some() && read.statements.is_empty());
        // with another hash the digest would be of something else
        let other = SignatureAlgorithm::Ecdsa(if hash == "sha256" { Hash::Sha512 } else { Hash::Sha256 });
        assert_eq!(ToBeSigned::read(Format::CmsSignedAttributes, &bytes, other), Err(Refusal::Hash));
    }
}

#[test]
fn no_part_and_no_more_of_attributes_is_taken() {
    let bytes = attributes(&pki().signer(Kind::P256), b"what is agreed", "sha256");
    for length in 0..bytes.len() {
        assert!(read(Format::CmsSignedAttributes, &bytes[..length]).is_err(), "{length}");
    }
    assert!(read(Format::CmsSignedAttributes, &[&bytes[..], &[0]].concat()).is_err());
    // as they stand in the message, with its implicit tag
    let implicit = [&[0xA0], &bytes[1..]].concat();
    assert!(read(Format::CmsSignedAttributes, &implicit).is_err());
}

/// A set of DER values.
fn der(tag: u8, values: &[Vec<u8>]) -> Vec<u8> {
    let content = values.concat();
    let length = content.len();
    let head = match u8::try_from(length).unwrap() {
        short @ 0..=0x7F => vec![tag, short],
        long => vec![tag, 0x81, long],
    };
    [head, content].concat()
}

fn oid(text: &str) -> Vec<u8> {
    let oid = bitaqa_trust::ObjectIdentifier::new_unwrap(text);
    der(0x06, &[oid.as_bytes().to_vec()])
}

fn attribute(name: &str, value: Vec<u8>) -> Vec<u8> {
    der(0x30, &[oid(name), der(0x31, &[value])])
}

/// The three that have to be there, in the order of their encodings.
fn least() -> Vec<Vec<u8>> {
    let identifier = der(0x30, &[der(0x30, &[der(0x30, &[der(0x04, &[vec![7; 32]])])])]);
    vec![
        attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1")),
        attribute("1.2.840.113549.1.9.4", der(0x04, &[vec![9; 32]])),
        attribute("1.2.840.113549.1.9.16.2.47", identifier),
    ]
}

fn sorted(mut attributes: Vec<Vec<u8>>) -> Vec<u8> {
    attributes.sort();
    der(0x31, &attributes)
}

#[test]
fn attributes_that_are_not_understood_missing_double_or_disordered_are_refused() {
    let cms = |bytes: &[u8]| read(Format::CmsSignedAttributes, bytes);
    let good = cms(&sorted(least())).unwrap();
    assert_eq!(good.certificate, Some(BoundCertificate::Digest { hash: Hash::Sha256, value: vec![7; 32] }));
    for (missing, what) in
        [(0, "the content type"), (1, "the message digest"), (2, "the signing certificate")]
    {
        let mut attributes = least();
        attributes.remove(missing);
        assert_eq!(cms(&sorted(attributes)), Err(Refusal::Missing(what)));
    }
    let with = |more: Vec<u8>| sorted([least(), vec![more]].concat());
    let unknown = attribute("1.2.3.4", oid("1.2.3.5"));
    let name = bitaqa_trust::ObjectIdentifier::new_unwrap("1.2.3.4");
    assert_eq!(cms(&with(unknown)), Err(Refusal::Attribute(name)));
    // a certificate by its SHA-1 alone would bind nothing
    assert!(cms(&with(attribute("1.2.840.113549.1.9.16.2.12", der(0x30, &[])))).is_err());
    assert!(cms(&with(attribute("1.2.840.113549.1.9.4", der(0x04, &[vec![8; 32]])))).is_err());
    let mut disordered = least();
    disordered.sort();
    disordered.swap(0, 1);
    assert!(cms(&der(0x31, &disordered)).is_err());
    let mut other = least();
    other[0] = attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.9.16.1.4"));
    assert!(cms(&sorted(other)).is_err(), "a time stamp's content is no document");
    let commitment = attribute("1.2.840.113549.1.9.16.2.16", der(0x30, &[oid("1.2.840.113549.1.9.16.6.1")]));
    let expected = Statement::Commitment("1.2.840.113549.1.9.16.6.1".to_owned());
    assert_eq!(cms(&with(commitment)).unwrap().statements, [expected]);
}

#[test]
fn a_signed_info_of_signxml_names_document_and_properties() {
    let holder = pki().signer(Kind::P256);
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let bytes = made_by_others(&["xml", &path(&holder.certificate_file), &path(&holder.key_file)]);
    let found = read(Format::XmlSignedInfo, &bytes).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&bytes));
    });
    // the whole document, and the certificate beside it
    let names: Vec<&Of> = found.documents().map(|digest| &digest.of).collect();
    assert!(
        matches!(&names[..], [Of::Named(whole), Of::Named(key)] if whole.is_empty() && key.starts_with('#'))
    );
    assert_eq!(found.digests.iter().filter(|digest| digest.of == Of::SignedProperties).count(), 1);
    let pss = SignatureAlgorithm::RsaPss(Hash::Sha256);
    assert_eq!(ToBeSigned::read(Format::XmlSignedInfo, &bytes, pss), Err(Refusal::Algorithm));
    for length in 0..bytes.len() {
        assert!(read(Format::XmlSignedInfo, &bytes[..length]).is_err(), "{length}");
    }
}

const DIGEST: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn info(inside: &str) -> String {
    let reference = |attributes: &str| {
        format!(
            "<ds:Reference{attributes}><ds:DigestMethod \
             Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{DIGEST}</ds:DigestValue></ds:Reference>"
        )
    };
    format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:CanonicalizationMethod \
         Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>{}{}{inside}</ds:SignedInfo>",
        reference(" URI=\"annex &amp; contract.pdf\""),
        reference(" Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#p\""),
    )
}

#[test]
fn xml_in_any_other_than_its_canonical_form_is_refused() {
    let good = info("");
    let found = read(Format::XmlSignedInfo, good.as_bytes()).unwrap();
    assert_eq!(found.digests[0].of, Of::Named("annex & contract.pdf".to_owned()));
    let replaced = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    for (what, bad) in [
        ("a document type", format!("<!DOCTYPE x>{good}")),
        ("a declaration", format!("<?xml version=\"1.0\"?>{good}")),
        ("a blank before", format!(" {good}")),
        ("something behind", format!("{good}\n")),
        ("a second element", format!("{good}{good}")),
        ("a comment", replaced("<ds:SignatureMethod", "<!-- --><ds:SignatureMethod")),
        ("an entity", replaced("annex &amp;", "annex &x;")),
        ("a numbered character", replaced("annex &amp;", "annex &#38;")),
        ("other quotes", replaced("URI=\"#p\"", "URI='#p'")),
        ("an empty element", replaced("></ds:SignatureMethod>", "/>")),
        ("two blanks", replaced(" URI=\"#p\"", "  URI=\"#p\"")),
        ("a blank at the end", replaced(" URI=\"#p\"", " URI=\"#p\" ")),
        ("attributes out of order", replaced(" URI=\"annex", " URI=\"x\" Type=\"annex")),
        ("a line break in a value", replaced("annex &amp;", "annex\n")),
        ("CDATA", replaced(DIGEST, &format!("<![CDATA[{DIGEST}]]>"))),
        ("text between elements", replaced("<ds:SignatureMethod", "x<ds:SignatureMethod")),
        (
            "a namespace twice",
            replaced(
                "<ds:SignatureMethod",
                "<ds:SignatureMethod xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
            ),
        ),
        ("an unknown prefix", good.replace("xmlns:ds", "xmlns:dd")),
        ("another namespace", good.replace("2000/09/xmldsig#\"", "2000/09/xmldsig\"")),
        ("an unknown attribute", replaced(" URI=\"#p\"", " URI=\"#p\" X=\"1\"")),
        ("an unknown element", info("<ds:Object></ds:Object>")),
        ("SHA-1", replaced("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1")),
        ("an unknown canonical form", replaced("2001/10/xml-exc-c14n#", "2001/10/xml-exc-c14n#x")),
        ("a digest that is too short", replaced(DIGEST, "AAAA")),
        (
            "no document",
            replaced(
                " URI=\"annex &amp; contract.pdf\"",
                " Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#q\"",
            ),
        ),
        ("no properties", replaced("01903#SignedProperties", "01903#Other")),
        ("a reference without a name", replaced(" URI=\"annex &amp; contract.pdf\"", "")),
        (
            "a style sheet",
            replaced(
                "<ds:DigestMethod",
                "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform></ds:Transforms><ds:DigestMethod",
            ),
        ),
        (
            "a path",
            replaced(
                "<ds:DigestMethod",
                "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform></ds:Transforms><ds:DigestMethod",
            ),
        ),
    ] {
        assert!(read(Format::XmlSignedInfo, bad.as_bytes()).is_err(), "{what}: {bad}");
    }
}

/// A signing input with this header and payload.
fn input(header: &str, payload: &str) -> String {
    format!("{}.{payload}", bitaqa_jose::base64url::encode(header.as_bytes()))
}

#[test]
fn a_jws_says_which_documents_and_whose_certificate() {
    let certificate = pki().signer(Kind::P256).certificate;
    let thumbprint = bitaqa_jose::base64url::encode(&Hash::Sha256.digest(&[certificate.der()]));
    let digest = bitaqa_jose::base64url::encode(&[3; 32]);
    let bound = format!(r#""alg":"ES256","x5t#S256":"{thumbprint}","sigT":"2026-05-01T10:00:00Z""#);
    let jws = |header: &str, payload: &str| read(Format::JwsSigningInput, input(header, payload).as_bytes());

    let found = jws(&format!("{{{bound}}}"), "Y29udHJhY3Q").unwrap();
    assert_eq!(found.digests[0].value, Hash::Sha256.digest(&[b"contract"]));
    assert!(found.binds(certificate.der()) && !found.binds(pki().authority().der()));
    let bare = jws(&format!(r#"{{{bound},"b64":false,"crit":["b64"]}}"#), "con.tract").unwrap();
    assert_eq!(bare.digests[0].value, Hash::Sha256.digest(&[b"con.tract"]));
    let by_digest = format!(
        r#"{{{bound},"crit":["sigD"],"sigD":{{"mId":"http://uri.etsi.org/19182/ObjectIdByURIHash","pars":["contract.pdf"],"hashM":"S256","hashV":["{digest}"]}}}}"#
    );
    let found = jws(&by_digest, "").unwrap();
    assert_eq!(found.digests[0].of, Of::Named("contract.pdf".to_owned()));
    assert_eq!(found.digests[0].value, [3; 32]);

    let plain = "Y29udHJhY3Q";
    for (what, header, payload) in [
        ("a statement", format!(r#"{{{bound},"typ":"bitaqa-statement+jwt"}}"#), plain),
        ("a token", format!(r#"{{{bound},"typ":"JWT"}}"#), plain),
        ("no certificate", r#"{"alg":"ES256","sigT":"2026-05-01T10:00:00Z"}"#.to_owned(), plain),
        ("no time", format!(r#"{{"alg":"ES256","x5t#S256":"{thumbprint}"}}"#), plain),
        ("another algorithm", format!("{{{}}}", bound.replace("ES256", "ES384")), plain),
        ("no algorithm", format!("{{{}}}", bound.replace("ES256", "none")), plain),
        ("a member twice", format!(r#"{{{bound},"alg":"ES256"}}"#), plain),
        ("an unknown parameter", format!(r#"{{{bound},"nonce":"1"}}"#), plain),
        ("an unknown critical one", format!(r#"{{{bound},"crit":["exp"]}}"#), plain),
        ("no payload", format!("{{{bound}}}"), ""),
        ("digests beside a payload", by_digest.clone(), plain),
        ("documents by address", by_digest.replace("ObjectIdByURIHash", "ObjectIdByURI"), ""),
        ("SHA-1", by_digest.replace("\"S256\"", "\"S1\""), ""),
        ("a payload that is not announced", format!(r#"{{{bound},"b64":false}}"#), plain),
        ("padding", format!("{{{bound}}}"), "Y29udHJhY3Q="),
    ] {
        assert!(jws(&header, payload).is_err(), "{what}: {header}");
    }
}

#[test]
fn what_a_sign_in_signs_and_other_bytes_are_no_documents() {
    let hash = |bytes: &[u8]| Hash::Sha256.digest(&[bytes]);
    let parts = [hash(b"https://portal.example.ma"), hash(b"nonce")].concat();
    let token = format!(
        "{}.{}",
        bitaqa_jose::base64url::encode(br#"{"alg":"ES256","typ":"JWT"}"#),
        bitaqa_jose::base64url::encode(br#"{"nonce":"x","aud":"https://portal.example.ma"}"#)
    );
    let long = vec![b'a'; MAX_OF_DIGESTS + 1];
    for format in [Format::CmsSignedAttributes, Format::XmlSignedInfo, Format::JwsSigningInput] {
        for bytes in [&b""[..], &hash(&parts), &parts, token.as_bytes(), b"%PDF-1.7", b"<x></x>", b"0", b"."]
        {
            assert!(read(format, bytes).is_err(), "{format:?}: {bytes:02x?}");
        }
        if format != Format::JwsSigningInput {
            assert_eq!(read(format, &long), Err(Refusal::TooLong));
        }
    }
    // of a JWS the header, and all of it
    let header = [&long[..], b".YQ"].concat();
    let payload = [b"e30.", &vec![b'a'; MAX_OF_JWS - 3][..]].concat();
    for bytes in [header, payload] {
        assert_eq!(read(Format::JwsSigningInput, &bytes), Err(Refusal::TooLong), "{}", bytes.len());
    }
}

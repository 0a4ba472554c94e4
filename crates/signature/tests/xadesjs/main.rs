//! `xadesjs`, a second judge of signatures in XML beside xmlsec1 and signxml: it accepts what is made here, what it makes is
//! validated here, and what was changed neither of both accepts.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_signature::{
    Hash, SignatureAlgorithm, SignerStatement, document,
    found::{Coverage, Integrity},
    validation::{Indication, ValidationSettings, validate},
    xades::{File, Object, ObjectContent, OtherSignatures, Packaging},
};
use bitaqa_trust::TrustStore;
use serde_json::{Value, json};
use support::{
    Holder, Kind, now, pki,
    xml::{plain, sign_with, statement},
};

const CONTENT: &[u8] = b"what is signed\0\xff";
const NAME: &str = "content.bin";

/// What `xadesjs` says to each task.
fn results(tasks: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/xadesjs/judge.mjs");
    let mut command = Command::new("node");
    command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("node is needed: {error}"));
    child.stdin.take().unwrap().write_all(Value::from(tasks).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let results: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(results.len(), tasks.len());
    results
}

fn verification(document: &[u8]) -> Value {
    let document = String::from_utf8(document.to_vec()).unwrap();
    json!({"task": "verify", "document": document, "contents": {NAME: STANDARD.encode(CONTENT)}})
}

/// The algorithms that Web Cryptography has for a kind of key. It imports no key that is restricted to PSS, and pads with as many
/// bytes of salt as the name in XML says.
fn algorithms(kind: Kind) -> Vec<SignatureAlgorithm> {
    let hashes = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
    let schemes: &[fn(Hash) -> SignatureAlgorithm] = match kind {
        Kind::Rsa2048 | Kind::Rsa3072 => &[SignatureAlgorithm::RsaPkcs1, SignatureAlgorithm::RsaPss],
        _ => &[SignatureAlgorithm::Ecdsa],
    };
    schemes.iter().flat_map(|scheme| hashes.map(scheme)).collect()
}

const KINDS: [Kind; 5] = [Kind::P256, Kind::P384, Kind::P521, Kind::Rsa2048, Kind::Rsa3072];

/// A document and its signature in every packaging, with what its first reference names.
fn signed(holder: &Holder, algorithm: SignatureAlgorithm) -> Vec<(&'static str, Vec<u8>)> {
    let digest = algorithm.hash().digest(&[CONTENT]);
    let files = [File { uri: NAME, digest: &digest, media_type: "application/octet-stream" }];
    let objects = [
        Object { content: ObjectContent::Octets(CONTENT), media_type: "application/octet-stream" },
        Object { content: ObjectContent::Xml(plain()), media_type: "text/xml" },
    ];
    let document = plain();
    // `xadesjs` cannot read qualifiers of a policy: its class for them lacks a parser
    let said = SignerStatement { policy: None, ..statement() };
    let packagings = [
        ("enveloped", Packaging::Enveloped { document, others: OtherSignatures::Signed }),
        ("parallel", Packaging::Enveloped { document, others: OtherSignatures::LeftOut }),
        ("element", Packaging::Element { document, identifier: "item-1" }),
        ("enveloping", Packaging::Enveloping { objects: &objects }),
        ("detached", Packaging::Detached { files: &files, container: None }),
    ];
    packagings.map(|(name, packaging)| (name, sign_with(holder, algorithm, packaging, &said))).to_vec()
}

#[test]
fn every_packaging_and_algorithm_is_accepted() {
    let (mut tasks, mut names) = (Vec::new(), Vec::new());
    for kind in KINDS {
        let holder = pki().signer(kind);
        for algorithm in algorithms(kind) {
            for (packaging, document) in signed(&holder, algorithm) {
                tasks.push(verification(&document));
                names.push((holder.clone(), algorithm.hash(), format!("{kind:?} {algorithm:?} {packaging}")));
            }
        }
    }
    let mut refused = Vec::new();
    for ((holder, hash, name), result) in names.iter().zip(results(&tasks)) {
        let of = STANDARD.encode(hash.digest(&[holder.certificate.der()]));
        let expected = json!([{
            "valid": true,
            "references": result["done"][0]["references"],
            "certificate": STANDARD.encode(holder.certificate.der()),
            "time": "2026-11-26T12:00:00.000Z",
            "digest": of,
        }]);
        if result["done"] != expected {
            refused.push(format!("{name}: {result}"));
        }
    }
    assert_eq!(refused, Vec::<String>::new());
    println!("xadesjs accepts {} files", names.len());
}

#[test]
fn what_was_changed_is_refused_by_both() {
    let holder = pki().signer(Kind::P256);
    let (mut tasks, mut names) = (Vec::new(), Vec::new());
    for (packaging, document) in signed(&holder, holder.best().algorithm()) {
        let text = String::from_utf8(document).unwrap();
        for (from, to) in [
            ("قهوة", "قهوه"),
            ("d2hhdCBpcyBzaWduZWQA/w==", "d2hhdCBpcyBzaWduZWQA/g=="),
            ("2026-11-26T12:00:00Z", "2026-11-26T12:00:01Z"),
            ("مديرة", "مديره"),
        ] {
            let changed = text.replacen(from, to, 1);
            if changed != text {
                let contents = [(NAME, CONTENT)];
                let found = &document::signatures(changed.as_bytes(), &Named(&contents)).unwrap()[0];
                assert_ne!(found.integrity, Integrity::Intact, "{packaging} {to}");
                tasks.push(verification(changed.as_bytes()));
                names.push(format!("{packaging} {to}"));
            }
        }
        if packaging == "detached" {
            let mut task = verification(text.as_bytes());
            task["contents"][NAME] = STANDARD.encode(b"something else").into();
            tasks.push(task);
            names.push("detached, other content".to_owned());
        }
    }
    assert_eq!(names.len(), 16, "{names:?}");
    for (name, result) in names.iter().zip(results(&tasks)) {
        assert_ne!(result["done"][0]["valid"], true, "{name}: {result}");
    }
}

/// Content elsewhere, by its name.
struct Named<'a>(&'a [(&'a str, &'a [u8])]);

impl document::DetachedContent for Named<'_> {
    fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        self.0.iter().find(|(known, _)| Some(*known) == name).map(|(_, content)| sink(content)).is_some()
    }
}

/// What Web Cryptography calls an algorithm.
fn web_name(kind: Kind, algorithm: SignatureAlgorithm) -> Value {
    let hash = match algorithm.hash() {
        Hash::Sha256 => "SHA-256",
        Hash::Sha384 => "SHA-384",
        _ => "SHA-512",
    };
    let curve = match kind {
        Kind::P256 => "P-256",
        Kind::P384 => "P-384",
        _ => "P-521",
    };
    match algorithm {
        SignatureAlgorithm::Ecdsa(_) => json!({"name": "ECDSA", "namedCurve": curve, "hash": hash}),
        SignatureAlgorithm::RsaPkcs1(_) => json!({"name": "RSASSA-PKCS1-v1_5", "hash": hash}),
        SignatureAlgorithm::RsaPss(hash_of) => {
            json!({"name": "RSA-PSS", "hash": hash, "saltLength": hash_of.length()})
        }
    }
}

const ENVELOPED: &str = "enveloped";
const EXCLUSIVE: &str = "exc-c14n";

/// A document that `xadesjs` signs, with the older or the newer property for the signer's certificate.
fn signing(
    holder: &Holder,
    algorithm: SignatureAlgorithm,
    uri: &str,
    transforms: &[&str],
    versioned: bool,
) -> Value {
    let algorithm = web_name(holder.kind, algorithm);
    let file = |path: &Path| std::fs::read_to_string(path).unwrap();
    json!({
        "task": "sign",
        "document": "<o:order xmlns:o=\"urn:order\"><item Id=\"item-1\">قهوة</item><note Id=\"note\"/></o:order>",
        "key": file(&holder.key_file),
        "certificate": file(&holder.certificate_file),
        "references": [{"uri": uri, "hash": algorithm["hash"], "transforms": transforms}],
        "algorithm": algorithm,
        "roles": ["lead"],
        "versioned": versioned,
    })
}

#[test]
fn what_it_signs_passes_here() {
    let (mut tasks, mut names) = (Vec::new(), Vec::new());
    for kind in KINDS {
        let holder = pki().signer(kind);
        for algorithm in algorithms(kind) {
            // its own name for RSASSA-PSS has parameters, whose declaration it canonicalizes in another place than it writes it: no
            // other program finds such a signature right (`xades_reading.rs` has that name from others)
            if matches!(algorithm, SignatureAlgorithm::RsaPss(_)) {
                continue;
            }
            for (uri, transforms) in
                [("", &[ENVELOPED, EXCLUSIVE][..]), ("", &[ENVELOPED, "c14n"]), ("#item-1", &[EXCLUSIVE])]
            {
                for versioned in [true, false] {
                    tasks.push(signing(&holder, algorithm, uri, transforms, versioned));
                    let name = format!("{kind:?} {algorithm:?} {uri} {transforms:?} {versioned}");
                    names.push((holder.clone(), uri, name));
                }
            }
            let mut task = signing(&holder, algorithm, NAME, &[], true);
            task["content"] = STANDARD.encode(CONTENT).into();
            tasks.push(task);
            names.push((holder.clone(), NAME, format!("{kind:?} {algorithm:?} detached")));
        }
    }
    let mut settings = ValidationSettings::new(now());
    let mut trusted = TrustStore::new();
    trusted.add_anchor(pki().root());
    settings.signers = trusted;
    settings.evidence.certificates.push(pki().authority());
    settings.evidence.lists = vec![pki().revocation_list(), pki().root_revocation_list()];
    let mut differ = Vec::new();
    for ((holder, uri, name), result) in names.iter().zip(results(&tasks)) {
        let document = result["done"].as_str().unwrap_or_else(|| panic!("{name}: {result}"));
        let found = document::signatures(document.as_bytes(), &Named(&[(NAME, CONTENT)])).unwrap();
        let report = validate(&found, &settings);
        let coverage =
            if uri.is_empty() { Coverage::Whole } else { Coverage::Parts(vec![(*uri).to_owned()]) };
        let passed = report.indication == Indication::TotalPassed
            && found.len() == 1
            && found[0].coverage == coverage
            && found[0].signer.certificate() == Some(&holder.certificate)
            && found[0].statement.claimed_roles == ["lead"]
            && found[0].statement.signing_time.is_some();
        if !passed {
            let signature = &report.signatures[0];
            let (said, steps) = (signature.sub_indication, &signature.steps);
            differ.push(format!("{name}: {said:?} {steps:?} {:?} {document}", found[0].format_faults));
        }
    }
    assert_eq!(differ, Vec::<String>::new());
    let count = names.len();
    println!("{count} files of xadesjs pass");
}

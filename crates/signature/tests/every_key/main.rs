//! Every format at every level with every kind of key and every algorithm that the format has a name for, signed with a software card:
//! others accept the file, and the report says the level.
//!
//! Of the forms that a format has (attached or beside, around or inside, one file or several) each algorithm takes one, the next
//! algorithm of the key the next one, so that every key meets every form.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod card;
#[path = "../pades/documents.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod documents;
#[path = "../flipped/files.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod files;
#[path = "../jades/judges.rs"]
mod judges;
mod raised;
#[path = "../support/mod.rs"]
mod support;

use std::{collections::HashSet, fs, path::PathBuf};

use bitaqa_signature::{Hash, Level, SignatureAlgorithm, jades, xades};
use bitaqa_trust::public_key::KeyKind;
use files::{CONTENT, Form, NAME, pki};
use judges::JUDGES;
use raised::{LEVELS, Raised, all};
use serde_json::json;
use support::{
    Kind,
    judge::{ask, python},
    pdf::{assert_clean, assert_pdfsig, py_hanko_of},
    xml::{Case, signxml, xmlsec_of},
};
use tempfile::TempDir;

/// A file that no other judge gets.
fn written(folder: &TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

/// `openssl cms -verify -cades` with nothing but the root.
fn assert_openssl(name: &str, message: &std::path::Path, content: Option<&std::path::Path>) {
    let root = pki().path("root.pem");
    let fixed =
        ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"];
    let mut arguments: Vec<&std::ffi::OsStr> = fixed.map(AsRef::as_ref).to_vec();
    arguments.extend(["-CAfile".as_ref(), root.as_os_str(), "-in".as_ref(), message.as_os_str()]);
    arguments.extend(content.into_iter().flat_map(|content| ["-content".as_ref(), content.as_os_str()]));
    let verdict = ask("openssl", arguments);
    assert!(verdict.success, "{name}: {}", verdict.text);
}

/// `xmlsec1` and `pdfsig` have neither RSASSA-PSS nor SHA-3; signxml and pyHanko have both.
fn is_for_all(file: &Raised) -> bool {
    !matches!(file.algorithm, SignatureAlgorithm::RsaPss(_)) && !is_sha_3(file.algorithm.hash())
}

const fn is_sha_3(hash: Hash) -> bool {
    matches!(hash, Hash::Sha3_256 | Hash::Sha3_384 | Hash::Sha3_512)
}

fn assert_signxml(cases: &[Case]) {
    let verdict = signxml(cases);
    let accepted = verdict.text.lines().filter(|line| line.starts_with("OK")).count();
    assert_eq!(accepted, cases.len(), "{}", verdict.text);
}

#[test]
fn cades_is_accepted_by_openssl() {
    let files = all(&[Form::Cades, Form::CadesDetached]);
    let folder = TempDir::new().unwrap();
    let content = written(&folder, NAME, CONTENT);
    for file in &files {
        let message = written(&folder, "message.der", &file.bytes);
        let beside = (file.form == Form::CadesDetached).then_some(&*content);
        assert_openssl(&file.name(), &message, beside);
    }
    // six curves with six hashes, RSA of two lengths with two paddings, and RSA for PSS alone
    assert_eq!(files.len(), (6 * 6 + 2 * 12 + 6) * LEVELS.len());
    println!("openssl accepts {} files", files.len());
}

#[test]
fn pades_is_accepted_by_pyhanko_and_pdfsig() {
    let files = all(&[Form::Pades]);
    // pyHanko knows no RSASSA-PKCS1-v1_5 with SHA-3, openssl does
    let (for_openssl, files): (Vec<Raised>, Vec<Raised>) = files.into_iter().partition(|file| {
        matches!(file.algorithm, SignatureAlgorithm::RsaPkcs1(_)) && is_sha_3(file.algorithm.hash())
    });
    let folder = TempDir::new().unwrap();
    for file in &for_openssl {
        let (message, content) = first_signature(&file.bytes);
        let message = written(&folder, "message.der", &message);
        assert_openssl(&file.name(), &message, Some(&written(&folder, "content", &content)));
    }
    let bytes: Vec<&[u8]> = files.iter().map(|file| &*file.bytes).collect();
    let mut by_pdfsig = 0;
    for (file, judged) in files.iter().zip(py_hanko_of(pki(), &bytes)) {
        let name = file.name();
        assert!(judged.signatures.iter().all(|one| one.ok && one.intact), "{name}: {judged:?}");
        let verdict = &judged.long_term;
        // without revocation data, which it demands, nothing else can be said
        let is_short = matches!(file.level, Level::BB | Level::BT);
        let wanted = if is_short { "Indeterminate" } else { "OK" };
        assert!(verdict.contains(wanted), "{name}: {verdict}");
        if file.level == Level::BLta {
            assert!(verdict.contains("archived"), "{name}: {verdict}");
        }
        // the library behind pdfsig knows neither brainpool curves nor, in its messages, PSS and SHA-3
        let is_known =
            matches!(file.kind, Kind::P256 | Kind::P384 | Kind::P521 | Kind::Rsa2048 | Kind::Rsa3072);
        if is_known && is_for_all(file) {
            assert_pdfsig(&file.bytes, 1);
            assert_clean(&file.bytes);
            by_pdfsig += 1;
        }
    }
    assert_eq!(files.len(), (6 * 6 + 2 * 9 + 6) * LEVELS.len());
    assert_eq!(by_pdfsig, (3 * 3 + 2 * 3) * LEVELS.len());
    assert_eq!(for_openssl.len(), 2 * 3 * LEVELS.len());
    println!("pyHanko accepts {} files, pdfsig {by_pdfsig}, openssl {}", files.len(), for_openssl.len());
}

/// The message and the bytes that it covers, of the first signature of a PDF that has no other `ByteRange` before it.
fn first_signature(file: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = String::from_utf8_lossy(file);
    let (_, range) = text.split_once("/ByteRange").unwrap();
    let numbers = range.split_once(']').unwrap().0.trim_start_matches([' ', '[']).split_ascii_whitespace();
    let numbers: Vec<usize> = numbers.map(|number| number.parse().unwrap()).collect();
    let [start, length, second, rest] = numbers[..] else { panic!("{numbers:?}") };
    let gap = std::str::from_utf8(&file[start + length..second]).unwrap().trim_matches(['<', '>']);
    let octet = |place: usize| u8::from_str_radix(&gap[place..place + 2], 16).unwrap();
    let message = (0..gap.len()).step_by(2).map(octet).collect();
    (message, [&file[start..start + length], &file[second..second + rest]].concat())
}

#[test]
fn xades_is_accepted_by_xmlsec_and_signxml() {
    let files = all(&[Form::XadesEnveloped, Form::XadesEnveloping, Form::XadesDetached]);
    let folder = TempDir::new().unwrap();
    let content = written(&folder, NAME, CONTENT);
    let mut by_xmlsec = 0;
    let mut cases = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let document = written(&folder, &format!("{number}.xml"), &file.bytes);
        if is_for_all(file) {
            let verdict = xmlsec_of(pki(), &document, &content, None);
            assert!(verdict.success, "{}: {}", file.name(), verdict.text);
            by_xmlsec += 1;
        }
        let location = if file.form == Form::XadesEnveloped { ".//" } else { "." };
        cases.push(Case {
            file: document,
            certificate: file.certificate.clone(),
            references: 2,
            location,
            folder: folder.path().into(),
        });
    }
    assert_signxml(&cases);
    assert_eq!(files.len(), (6 * 6 + 2 * 9 + 6) * LEVELS.len());
    assert_eq!(by_xmlsec, (6 * 3 + 2 * 3) * LEVELS.len());
    println!("signxml accepts {} files, xmlsec1 {by_xmlsec}", files.len());
}

#[test]
fn jades_is_accepted_by_jose_and_jwcrypto() {
    let mut accepted = [0, 0];
    // few algorithms have a name, so each of them takes every form
    for form in [Form::JadesCompact, Form::JadesFlattened, Form::JadesGeneral, Form::JadesDetached] {
        let files = all(&[form]);
        for (judge, accepted) in JUDGES.into_iter().zip(&mut accepted) {
            // Web Cryptography does not import keys that are restricted to PSS
            let knows = |file: &&Raised| judge == judges::Judge::Python || file.kind != Kind::RsaPss;
            let task = |file: &Raised| {
                let certificate = fs::read_to_string(&file.certificate).unwrap();
                let document = String::from_utf8(file.bytes.clone()).unwrap();
                let name = jades::algorithm::name(file.algorithm, file.key).unwrap();
                json!({"task": "verify", "document": document, "certificate": certificate, "algorithm": name})
            };
            let tasks: Vec<_> = files.iter().filter(knows).map(task).collect();
            *accepted += judge.done(&tasks).len();
        }
    }
    // in four forms: three curves with one hash each, and RSA
    assert_eq!(accepted, [3 + 2 * 6, 3 + 2 * 6 + 3].map(|algorithms| algorithms * 4 * LEVELS.len()));
    println!("jose accepts {} files, jwcrypto {}", accepted[0], accepted[1]);
}

/// Unpacks each archive into a folder of its own.
const UNPACK: &str = "
import sys, zipfile
for file in sys.argv[1:]:
    archive = zipfile.ZipFile(file)
    assert archive.testzip() is None, file
    archive.extractall(file + '.d')
";

#[test]
fn what_is_in_containers_is_accepted_by_openssl_xmlsec_and_signxml() {
    let forms =
        [Form::AsicSimpleCades, Form::AsicSimpleXades, Form::AsicExtendedCades, Form::AsicExtendedXades];
    let files = all(&forms);
    let folder = TempDir::new().unwrap();
    let archives: Vec<PathBuf> = (0..files.len())
        .map(|number| written(&folder, &format!("{number}.zip"), &files[number].bytes))
        .collect();
    let script = written(&folder, "unpack.py", UNPACK.as_bytes());
    let unpacked = ask(python(), [script].iter().chain(&archives));
    assert!(unpacked.success, "{}", unpacked.text);
    let mut cases = Vec::new();
    for (file, archive) in files.iter().zip(&archives) {
        let tested = ask("unzip", ["-tq".as_ref(), archive.as_os_str()]);
        assert!(tested.success, "{}: {}", file.name(), tested.text);
        let folder = archive.with_extension("zip.d");
        let (content, meta) = (folder.join(NAME), folder.join("META-INF"));
        assert_eq!(fs::read(&content).unwrap(), CONTENT);
        let signature = match file.form {
            Form::AsicSimpleCades => {
                assert_openssl(&file.name(), &meta.join("signature.p7s"), Some(&content));
                continue;
            }
            Form::AsicExtendedCades => {
                let manifest = meta.join("ASiCManifest001.xml");
                assert_openssl(&file.name(), &meta.join("signature001.p7s"), Some(&manifest));
                continue;
            }
            Form::AsicSimpleXades => meta.join("signatures.xml"),
            _ => meta.join("signatures001.xml"),
        };
        if is_for_all(file) {
            let verdict = xmlsec_of(pki(), &signature, &content, None);
            assert!(verdict.success, "{}: {}", file.name(), verdict.text);
        }
        let certificate = file.certificate.clone();
        cases.push(Case { file: signature, certificate, references: 2, location: ".//", folder });
    }
    assert_signxml(&cases);
    let met: HashSet<(Kind, &str)> = files.iter().map(|file| (file.kind, file.form_name())).collect();
    assert_eq!(met.len(), Kind::ALL.len() * forms.len(), "every key in every form");
    println!("{} containers are accepted, {} of them with XML", files.len(), cases.len());
}

/// Whether a form has a name for an algorithm with a kind of key.
fn has_name(form: Form, algorithm: SignatureAlgorithm, key: KeyKind) -> bool {
    match form {
        Form::XadesEnveloped
        | Form::XadesEnveloping
        | Form::XadesDetached
        | Form::AsicSimpleXades
        | Form::AsicExtendedXades => xades::algorithm::signature_uri(algorithm).is_some(),
        Form::JadesCompact | Form::JadesFlattened | Form::JadesGeneral | Form::JadesDetached => {
            jades::algorithm::name(algorithm, key).is_ok()
        }
        _ => true,
    }
}

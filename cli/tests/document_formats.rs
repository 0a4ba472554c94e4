//! Every form of signature that `bitaqa sign` has: made with a card, validated by `bitaqa verify`, and accepted by programs of others.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod empty_pdf;
#[path = "../../crates/signature/tests/support/judge.rs"]
#[allow(dead_code, unreachable_pub, reason = "this test uses its own part of it")]
mod judge;
mod on_terminal;

use std::{
    ffi::OsStr,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bitaqa_testbed::{CardSpec, KeyKind, Testbed};
use empty_pdf::pdf;
use on_terminal::typing;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The PIN of the software cards' key for documents.
const PIN: &str = "12345";

/// A form: its name, the documents, the signed file, what the report calls it, and who judges it.
type Case = (&'static str, &'static [&'static str], &'static str, &'static str, fn(&Desk, &Path));

const CASES: [Case; 15] = [
    ("pades", &["contract.pdf"], "contract.signed.pdf", "PAdES", |_, out| {
        let judged = asked("pdfsig", &["-nocert".as_ref(), out.as_os_str()]);
        assert!(
            judged.contains("Signature is Valid") && judged.contains("Total document signed"),
            "{judged}"
        );
    }),
    ("cades", &["letter.txt"], "letter.txt.p7s", "CAdES", |desk, out| {
        desk.openssl(out, Some(&desk.path("letter.txt")));
    }),
    ("cades-attached", &["letter.txt"], "letter.txt.p7m", "CAdES", |desk, out| {
        assert_eq!(desk.openssl(out, None), "text of a letter");
    }),
    ("xades", &["order.xml"], "order.signed.xml", "XAdES", Desk::xmlsec),
    ("xades-enveloping", &["letter.txt"], "letter.txt.xades.xml", "XAdES", |desk, out| {
        desk.xmlsec(out);
        assert!(fs::read_to_string(out).unwrap().contains(&STANDARD.encode("text of a letter")));
    }),
    // the reference names the file beside it, which xmlsec1 reads
    ("xades-detached", &["letter.txt"], "letter.txt.xades.xml", "XAdES", Desk::xmlsec),
    ("jades", &["letter.txt"], "letter.txt.json", "JAdES", Desk::jwcrypto_with_content),
    ("jades-general", &["letter.txt"], "letter.txt.json", "JAdES", Desk::jwcrypto_with_content),
    ("jades-compact", &["letter.txt"], "letter.txt.jws", "JAdES", Desk::jwcrypto_with_content),
    ("jades-detached", &["letter.txt"], "letter.txt.json", "JAdES", |desk, out| {
        let done = desk.jwcrypto(out);
        // TS 119 182-1 clause 5.2.8.3.3: of the object's base64url text
        let digest = Sha256::digest(URL_SAFE_NO_PAD.encode("text of a letter"));
        let stated = &done["header"]["sigD"];
        assert_eq!(stated["hashV"], json!([URL_SAFE_NO_PAD.encode(digest)]), "{done}");
        assert_eq!((&stated["pars"], &done["content"]), (&json!(["letter.txt"]), &"".into()), "{done}");
    }),
    ("asic-s", &["letter.txt"], "letter.txt.asics", "CAdES", |desk, out| {
        let folder = unzipped(out, &["letter.txt"]);
        desk.openssl(&folder.path().join("META-INF/signature.p7s"), Some(&folder.path().join("letter.txt")));
    }),
    ("asic-s-xades", &["letter.txt"], "letter.txt.asics", "XAdES", |desk, out| {
        desk.xmlsec(&unzipped(out, &["letter.txt"]).path().join("META-INF/signatures.xml"));
    }),
    ("asic-e", &["letter.txt", "contract.pdf"], "letter.txt.asice", "CAdES", |desk, out| {
        let folder = unzipped(out, &["letter.txt", "contract.pdf"]);
        let manifest = folder.path().join("META-INF/ASiCManifest001.xml");
        desk.openssl(&folder.path().join("META-INF/signature001.p7s"), Some(&manifest));
        let manifest = fs::read_to_string(manifest).unwrap();
        for name in ["letter.txt", "contract.pdf"] {
            let digest = STANDARD.encode(Sha256::digest(fs::read(folder.path().join(name)).unwrap()));
            assert!(
                manifest.contains(&format!("URI=\"{name}\"")) && manifest.contains(&digest),
                "{manifest}"
            );
        }
    }),
    ("asic-e-xades", &["letter.txt", "contract.pdf"], "letter.txt.asice", "XAdES", |desk, out| {
        let folder = unzipped(out, &["letter.txt", "contract.pdf"]);
        desk.xmlsec(&folder.path().join("META-INF/signatures001.xml"));
    }),
    // without a form: by the content of the document
    ("", &["letter.txt"], "letter.txt.p7s", "CAdES", |desk, out| {
        desk.openssl(out, Some(&desk.path("letter.txt")));
    }),
];

struct Desk {
    bed: Testbed,
    folder: TempDir,
    /// The signer's certificate.
    certificate: PathBuf,
    /// Those above it.
    authorities: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let bed = Testbed::with_readers(&["Desk"]).unwrap();
        let card = bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
        let folder = TempDir::new().unwrap();
        let order = "<o:order xmlns:o=\"urn:example\"><o:item>قهوة</o:item></o:order>";
        for (name, content) in [
            ("letter.txt", b"text of a letter".to_vec()),
            ("contract.pdf", pdf()),
            ("order.xml", order.into()),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let base64 = STANDARD.encode(card.certificates().signature.der());
        let certificate = folder.path().join("signer.crt");
        let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
        fs::write(&certificate, pem).unwrap();
        let authorities = folder.path().join("authorities.crt");
        let above = ["root.pem", "issuing.pem"].map(|name| fs::read(bed.pki_dir().join(name)).unwrap());
        fs::write(&authorities, above.concat()).unwrap();
        Self { bed, folder, certificate, authorities }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// What openssl gives as the signed content.
    #[track_caller]
    fn openssl(&self, signature: &Path, content: Option<&Path>) -> String {
        let out = self.path("content");
        let mut arguments: Vec<&OsStr> =
            ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"]
                .map(OsStr::new)
                .to_vec();
        arguments.extend([
            OsStr::new("-CAfile"),
            self.authorities.as_os_str(),
            "-out".as_ref(),
            out.as_os_str(),
        ]);
        arguments.extend([OsStr::new("-in"), signature.as_os_str()]);
        arguments.extend(content.iter().flat_map(|content| [OsStr::new("-content"), content.as_os_str()]));
        asked("openssl", &arguments);
        String::from_utf8_lossy(&fs::read(out).unwrap()).into_owned()
    }

    /// xmlsec1 beside the files that are signed.
    #[track_caller]
    fn xmlsec(&self, signature: &Path) {
        let folder =
            signature.ancestors().nth(if signature.parent().unwrap().ends_with("META-INF") { 2 } else { 1 });
        let output = Command::new("xmlsec1")
            .args(["--verify", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"])
            .args(["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object", "--trusted-pem"])
            .arg(self.bed.pki_dir().join("root.pem"))
            .arg("--untrusted-pem")
            .arg(self.bed.pki_dir().join("issuing.pem"))
            .arg(signature)
            .current_dir(folder.unwrap())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// What `jwcrypto` says, with the certificate's key.
    #[track_caller]
    fn jwcrypto(&self, signature: &Path) -> Value {
        let task = json!([{
            "task": "verify",
            "document": fs::read_to_string(signature).unwrap().trim(),
            "certificate": fs::read_to_string(&self.certificate).unwrap(),
            "algorithm": "ES256",
        }]);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/signature/tests/jades/judge.py");
        let mut child = Command::new(judge::python())
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(task.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let results: Value = serde_json::from_slice(&output.stdout).unwrap();
        results[0].get("done").cloned().unwrap_or_else(|| panic!("{results}"))
    }

    #[track_caller]
    fn jwcrypto_with_content(&self, signature: &Path) {
        let done = self.jwcrypto(signature);
        assert_eq!(done["content"], URL_SAFE_NO_PAD.encode("text of a letter"), "{done}");
    }
}

#[track_caller]
fn asked(program: &str, arguments: &[&OsStr]) -> String {
    let verdict = judge::ask(program, arguments);
    assert!(verdict.success, "{program} {arguments:?}: {}", verdict.text);
    verdict.text
}

/// What unzip finds in a container; files as they were signed.
#[track_caller]
fn unzipped(container: &Path, files: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let tested = asked("unzip", &["-t".as_ref(), container.as_os_str()]);
    assert!(tested.contains("No errors detected"), "{tested}");
    asked("unzip", &["-q".as_ref(), container.as_os_str(), "-d".as_ref(), folder.path().as_os_str()]);
    for name in files {
        let before = fs::read(container.parent().unwrap().parent().unwrap().join(name)).unwrap();
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), before, "{name}");
    }
    folder
}

#[test]
fn every_form_is_made_and_accepted_here_and_elsewhere() {
    let desk = Desk::new();
    let trust = desk.bed.pki_dir().to_str().unwrap().to_owned();
    for (form, documents, name, said, judge) in CASES {
        let folder = format!("out-{form}/");
        let (out, documents) = (desk.text(&folder), documents.iter().map(|name| desk.text(name)));
        let documents: Vec<String> = documents.collect();
        let mut arguments = vec!["sign", "--out", &out];
        arguments.extend(["--format", form].iter().filter(|_| !form.is_empty()));
        arguments.extend(documents.iter().map(String::as_str));
        let run = typing(&desk.bed, &arguments, &[("PIN", PIN)]);
        assert_eq!(run.code, Some(0), "{form}: {run:?}");
        let file = desk.path(&folder).join(name);
        assert!(file.is_file(), "{form}: {run:?}");
        if form == "xades-detached" {
            fs::copy(desk.path("letter.txt"), file.with_file_name("letter.txt")).unwrap();
        }
        judge(&desk, &file);

        let mut verify = Command::new(env!("CARGO_BIN_EXE_bitaqa"));
        verify.args(["verify", "--json", "--offline", "--revocation", "soft", "--trust", &trust]);
        if ["", "cades", "xades-detached", "jades-detached"].contains(&form) {
            verify.args(["--detached", &documents[0]]);
        }
        let output = verify.arg(&file).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{form}: {output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let signature = &report["signatures"][0];
        let found = (&report["indication"], &signature["format"], &signature["level"]);
        assert_eq!(found, (&"TOTAL-PASSED".into(), &said.into(), &"B-B".into()), "{form}: {report:#}");
        println!("{}: {name}", if form.is_empty() { "(by content)" } else { form });
    }
}

#[test]
fn no_form_is_left_out_here() {
    let output = Command::new(env!("CARGO_BIN_EXE_bitaqa"))
        .args(["sign", "--format", "none", "--out", "x", "y"])
        .output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    let listed = said.split_once("[possible values: ").unwrap().1.split_once(']').unwrap().0;
    let mut listed: Vec<&str> = listed.split(", ").collect();
    let mut tried: Vec<&str> = CASES.iter().map(|(form, ..)| *form).filter(|form| !form.is_empty()).collect();
    listed.sort_unstable();
    tried.sort_unstable();
    assert_eq!(listed, tried);
}

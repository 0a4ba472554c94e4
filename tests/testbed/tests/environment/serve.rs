//! `bitaqa-testbed serve`, as tests in other languages use it.

use std::{
    io::Write as _,
    process::{ChildStdin, Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::other_program::{PROGRAM, Spoken};

struct Served {
    program: Spoken,
    input: Option<ChildStdin>,
    next: u32,
}

/// The program ends with its input.
impl Drop for Served {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.program.child.wait();
    }
}

impl Served {
    fn with(readers: &Value) -> (Self, String) {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--readers", &readers.to_string()]).stdin(Stdio::piped());
        let mut program = Spoken::start(&mut command);
        let input = program.child.stdin.take();
        let ready: Value = serde_json::from_str(&program.line()).unwrap();
        assert_eq!(ready["event"], "ready");
        (Self { program, input, next: 0 }, ready["socket"].as_str().unwrap().to_owned())
    }

    fn answer(&mut self, mut request: Value) -> Value {
        self.next += 1;
        request["id"] = json!(self.next);
        writeln!(self.input.as_mut().unwrap(), "{request}").unwrap();
        let answer: Value = serde_json::from_str(&self.program.line()).unwrap();
        assert_eq!(answer["id"], self.next);
        answer
    }

    #[track_caller]
    fn ask(&mut self, request: Value) -> Value {
        let answer = self.answer(request);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }
}

fn opensc(socket: &str, arguments: &[&str]) -> bool {
    let output = Command::new("opensc-tool").args(arguments).env("PCSCLITE_CSOCK_NAME", socket).output();
    output.expect("opensc-tool cannot be run; on Debian: apt-get install opensc").status.success()
}

#[test]
fn cards_are_inserted_watched_and_removed() {
    let (mut served, socket) = Served::with(&json!([{ "name": "One" }]));
    let card = json!({ "personality": "esteid", "person": "zoe", "pin": "4711" });
    let facts = served.ask(json!({ "command": "insert", "reader": 0, "card": card }));
    assert_eq!(facts["atr"], "3BDB960080B1FE451F830012233F536549440F9000F1");
    assert!(facts["certificate"].as_str().unwrap().len() > 1000);
    assert!(opensc(&socket, &["--send-apdu", "002000010C34373131FFFFFFFFFFFFFFFF"]));
    let count = served.ask(json!({ "command": "verify-count", "reader": 0 }));
    assert_eq!(count["count"], 1);
    let log = served.ask(json!({ "command": "log", "reader": 0, "clear": true }));
    let last = log["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["header"], &last["status"], &last["lc"]),
        (&json!("00200001"), &json!("9000"), &json!(12))
    );
    let log = served.ask(json!({ "command": "log", "reader": 0 }));
    assert_eq!(log["entries"], json!([]));
    served.ask(json!({ "command": "remove", "reader": 0 }));
    assert!(!opensc(&socket, &["--atr"]));
    assert_eq!(served.ask(json!({ "command": "card", "reader": 0 }))["present"], false);
    served.ask(json!({ "command": "insert-again", "reader": 0 }));
    assert!(opensc(&socket, &["--atr"]));
    served.ask(json!({ "command": "swap", "reader": 0, "card": { "personality": "pkcs15", "key": "p384" } }));
    assert_eq!(served.ask(json!({ "command": "tries-left", "reader": 0, "reference": 129 }))["tries"], 3);
    served.ask(json!({ "command": "quit" }));
    assert!(served.program.child.wait().unwrap().success());
}

fn openssl(folder: &std::path::Path, arguments: &str) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn an_issuer_outside_renews_the_certificate_for_documents_and_the_key_stays() {
    let (mut served, socket) = Served::with(&json!([{}]));
    let folder = tempfile::tempdir().unwrap();
    openssl(folder.path(), "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out issuer.key");
    let mut renew = |card: &Value| {
        let facts = served.ask(json!({ "command": "swap", "reader": 0, "card": card }));
        let before = STANDARD.decode(facts["signatureCertificate"].as_str().unwrap()).unwrap();
        std::fs::write(folder.path().join("before.der"), before).unwrap();
        let public = openssl(folder.path(), "x509 -inform DER -in before.der -noout -pubkey");
        std::fs::write(folder.path().join("public.pem"), &public).unwrap();
        openssl(
            folder.path(),
            "x509 -new -force_pubkey public.pem -signkey issuer.key -subj /CN=Elsewhere -outform DER -out new.der",
        );
        let renewed = STANDARD.encode(std::fs::read(folder.path().join("new.der")).unwrap());
        let renewal = json!({ "command": "renew", "reader": 0, "signatureCertificate": renewed });
        (served.answer(renewal.clone()), renewal)
    };
    for card in [
        json!({ "personality": "pkcs15", "key": "rsa-2048" }),
        json!({ "personality": "iasecc" }),
        json!({ "personality": "cnie-2", "hypothesis": "ias-ecc-cam" }),
        json!({ "personality": "cnie-2", "hypothesis": "pkcs15-gm" }),
    ] {
        let (answer, renewal) = renew(&card);
        let told = &answer["result"]["signatureCertificate"];
        assert_eq!(told, &renewal["signatureCertificate"], "{card} {answer}");
    }
    let (refused, _) = renew(&json!({ "personality": "piv" }));
    assert_eq!(refused["error"], "this card has no certificate for documents in a file of its own");

    // as another client reads it from the card
    let (_, renewal) = renew(&json!({ "personality": "esteid" }));
    let read = Command::new("pkcs15-tool")
        .args(["--read-certificate", "02"])
        .env("PCSCLITE_CSOCK_NAME", &socket)
        .output()
        .unwrap();
    std::fs::write(folder.path().join("read.pem"), read.stdout).unwrap();
    let read = STANDARD.encode(openssl(folder.path(), "x509 -in read.pem -outform DER"));
    assert_eq!(renewal["signatureCertificate"], read);

    // another card has another key, and an unfinished line is no certificate
    served.ask(json!({ "command": "swap", "reader": 0, "card": { "personality": "esteid" } }));
    let refused = served.answer(renewal);
    assert_eq!(refused["error"], "the certificate is not for the card's key for documents");
    let refused = served.answer(json!({ "command": "renew", "reader": 0, "signatureCertificate": "MII" }));
    assert!(refused["error"].as_str().unwrap().starts_with("not a request"), "{refused}");
}

#[test]
fn faults_cost_and_key_pad_are_ordered() {
    let (mut served, socket) = Served::with(&json!([{ "pinPad": "verify-modify", "lengths": "short" }]));
    served.ask(json!({ "command": "insert", "reader": 0, "card": { "personality": "esteid" } }));
    served.ask(json!({ "command": "cost", "reader": 0, "cost": { "commandMilliseconds": 1 } }));
    let faults = json!([
        { "fault": { "kind": "status", "status": 28416 }, "instruction": 176 },
        { "fault": { "kind": "reset-before" }, "at": 9 },
    ]);
    served.ask(json!({ "command": "misbehave", "reader": 0, "faults": faults }));
    served.ask(json!({ "command": "misbehave", "reader": 0, "faults": [] }));
    let pad = served.ask(json!({ "command": "pin-pad", "reader": 0, "action": "state" }));
    assert_eq!(pad, json!({ "waiting": null, "entries": 0 }));
    for action in [
        json!({ "action": "press", "keys": "1234" }),
        json!({ "action": "cancel" }),
        json!({ "action": "time-out" }),
    ] {
        let mut request = action;
        request["command"] = json!("pin-pad");
        request["reader"] = json!(0);
        served.ask(request);
    }
    let waited =
        served.ask(json!({ "command": "pin-pad", "reader": 0, "action": "wait", "milliseconds": 1 }));
    assert_eq!(waited["waiting"], Value::Null);
    assert!(opensc(&socket, &["--atr"]));
}

#[test]
fn the_service_is_stopped_and_started() {
    let (mut served, socket) = Served::with(&json!([{}]));
    served.ask(json!({ "command": "insert", "reader": 0, "card": { "personality": "esteid" } }));
    served.ask(json!({ "command": "stop-service" }));
    assert!(!opensc(&socket, &["--atr"]));
    served.ask(json!({ "command": "start-service" }));
    assert!(opensc(&socket, &["--atr"]));
    served.ask(json!({ "command": "stop-service", "crash": true }));
    served.ask(json!({ "command": "start-service", "readers": [] }));
    let refused = served.answer(json!({ "command": "remove", "reader": 0 }));
    assert_eq!(refused["error"], "there is no reader 0");
}

#[test]
fn the_infrastructure_is_told() {
    let (mut served, _socket) = Served::with(&json!([]));
    let pki = served.ask(json!({ "command": "pki" }));
    for file in ["root", "issuing", "issuers"] {
        assert!(std::fs::exists(pki[file].as_str().unwrap()).unwrap(), "{file}");
    }
    assert_eq!(pki["people"][0]["serialNumber"], "PNOMA-AB123456");
    assert_eq!(pki["pins"]["pin"], "1234");
}

#[test]
fn a_document_tells_what_opens_it_and_who_signed_it_and_not_whose_it_is() {
    let (mut served, _socket) = Served::with(&json!([]));
    let card = json!({ "personality": "passport-bac", "document": { "can": "471108" } });
    let document = served.ask(json!({ "command": "document", "card": card }));
    assert_eq!(document["accessNumber"], "471108");
    let information = document["information"].as_str().unwrap();
    assert_eq!(
        [&information[..9], &information[10..16], &information[17..23]],
        ["AB1234560", "900101", "311231"]
    );
    for file in ["authority", "signer", "revocationList"] {
        assert!(document[file].as_str().unwrap().starts_with("MII"), "{file}");
    }
    assert!(!document.to_string().contains("AMINA"));
}

#[test]
fn what_is_not_a_request_is_answered_without_a_value_of_it() {
    let (mut served, _socket) = Served::with(&json!([{}]));
    let unknown = served.answer(json!({ "command": "explode" }));
    assert!(unknown["error"].as_str().unwrap().contains("unknown variant `explode`"));
    let wrong = json!({ "personality": "esteid", "pin": "98x76" });
    let refused = served.answer(json!({ "command": "insert", "reader": 0, "card": wrong }));
    assert!(!refused["error"].as_str().unwrap().contains("98x76"), "{refused}");
    let nobody = json!({ "personality": "esteid", "person": "nobody" });
    let refused = served.answer(json!({ "command": "insert", "reader": 0, "card": nobody }));
    assert!(refused["error"].as_str().unwrap().contains("nobody is called nobody"), "{refused}");
    let refused = served.answer(json!({ "command": "log", "reader": 0 }));
    assert_eq!(refused["error"], "no card was in reader 0 so far");
}

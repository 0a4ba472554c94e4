//! A person whose card signs documents, and the judges of what comes of it.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::{env, fs, path::PathBuf, process::Command};

use bitaqa_protocol::{decode_base64, encode_base64};
use bitaqa_testbed::CardSpec;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    host_peer::{ORIGIN, failure, request},
    sign_in_place::{Place, keys},
};

/// A person with a card for documents, and files for the judges.
pub(crate) struct Visit {
    pub(crate) place: Place,
    pub(crate) files: TempDir,
    pub(crate) certificate: Vec<u8>,
    pub(crate) pin: String,
    pub(crate) asked: u32,
}

/// How the card signs: its name, that of its hash, and the hash.
pub(crate) const ES384: (&str, &str) = ("ES384", "sha384");

impl Visit {
    pub(crate) fn with(card: &CardSpec) -> Self {
        Self::at(Place::with(card), card)
    }

    pub(crate) fn at(place: Place, card: &CardSpec) -> Self {
        let certificate = place.card.certificates().signature.der().to_vec();
        let files = TempDir::new().unwrap();
        fs::write(files.path().join("certificate.der"), &certificate).unwrap();
        let pin = card.pins().signature_pin.digits().to_owned();
        Self { place, files, certificate, pin, asked: 0 }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.files.path().join(name).to_str().unwrap().to_owned()
    }

    fn python(&self, arguments: &[&str]) -> String {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/signed_attributes.py");
        output(Command::new(python()).arg(script).args(arguments))
    }

    /// Attributes over a document that has this text, in hexadecimal digits.
    pub(crate) fn attributes(&self, document: &str, hash: &str) -> String {
        fs::write(self.path(document), document).unwrap();
        self.python(&["attributes", &self.path("certificate.der"), &self.path(document), hash])
            .trim()
            .to_owned()
    }

    pub(crate) fn send(&mut self, mut message: Value) -> String {
        self.asked += 1;
        let id = request(self.asked);
        let fields = message.as_object_mut().unwrap();
        for (name, value) in [("id", id.as_str()), ("origin", ORIGIN), ("language", "en")] {
            fields.insert(name.to_owned(), json!(value));
        }
        if message["type"] != "signing-certificates" && message["certificate"].is_null() {
            message["certificate"] = json!(encode_base64(&self.certificate));
        }
        self.place.peer.send(&message);
        id
    }

    /// Asks for signatures of documents with these texts, which are also their names.
    pub(crate) fn sign(
        &mut self,
        (algorithm, hash): (&str, &str),
        documents: &[&str],
    ) -> (String, Vec<String>) {
        let attributes: Vec<String> =
            documents.iter().map(|document| self.attributes(document, hash)).collect();
        let listed: Vec<Value> = documents
            .iter()
            .zip(&attributes)
            .map(|(name, attributes)| document(name, "cms-signed-attributes", &unhex(attributes)))
            .collect();
        let id = self.send(json!({ "type": "sign", "algorithm": algorithm, "documents": listed }));
        (id, attributes)
    }

    pub(crate) fn enter(&self, id: &str) {
        self.place.enter(id, &keys(&self.pin));
    }

    /// What openssl says of a message made of these.
    pub(crate) fn openssl_verifies(&self, document: &str, attributes: &str, signature: &[u8], hash: &str) {
        let out = self.path("signed.cms");
        let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        self.python(&["message", &self.path("certificate.der"), attributes, &signature, hash, &out]);
        let mut openssl = Command::new("openssl");
        let root = self.path("root.pem");
        let pki = self.place.bed.pki();
        fs::write(&root, [pki.root().pem(), pki.issuing().pem()].concat()).unwrap();
        openssl.args(["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", &out]);
        openssl.args(["-purpose", "any", "-CAfile", &root, "-content", &self.path(document)]);
        assert_eq!(output(&mut openssl), document);
    }

    /// The answer, after so many documents were said to be signed.
    pub(crate) fn signatures(&self, signed: usize, total: usize) -> Vec<Vec<u8>> {
        for count in 1..=signed {
            self.hears_signed(count, total);
        }
        signatures(&self.place.peer.next_answer())
    }

    #[track_caller]
    pub(crate) fn hears_signed(&self, count: usize, total: usize) {
        let frame = self.place.peer.next_answer();
        assert_eq!((&frame["count"], &frame["total"]), (&json!(count), &json!(total)), "{frame}");
    }

    /// Waits until the window says that this card does not do, and gives up; the code and detail of the refusal.
    pub(crate) fn refused(&self, id: &str) -> (String, String) {
        self.place.peer.wait_for_stage(id, "waiting-for-card");
        self.place.escape();
        let answer = self.place.peer.next_answer();
        assert_eq!(failure(&answer).0, Some(id));
        assert_eq!(self.place.card.verify_count(), 0);
        (failure(&answer).1.to_owned(), answer["error"]["detail"].as_str().unwrap_or_default().to_owned())
    }
}

fn python() -> PathBuf {
    let cache = || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".cache");
    let cache = env::var_os("XDG_CACHE_HOME").map_or_else(cache, PathBuf::from);
    env::var_os("BITAQA_PYTHON").map_or_else(|| cache.join("bitaqa/python/bin/python3"), PathBuf::from)
}

#[track_caller]
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn document(name: &str, format: &str, bytes: &[u8]) -> Value {
    json!({ "name": name, "format": format, "toBeSigned": encode_base64(bytes) })
}

#[track_caller]
pub(crate) fn signatures(answer: &Value) -> Vec<Vec<u8>> {
    assert_eq!(answer["type"], "signatures", "{answer}");
    let signatures = answer["signatures"].as_array().unwrap().iter();
    signatures.map(|signature| decode_base64(signature.as_str().unwrap()).unwrap()).collect()
}

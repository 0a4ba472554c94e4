//! Implementations of others open what is made here, and what they make is opened here: `jose` for JavaScript and `jwcrypto` for
//! Python.
//!
//! `cargo xtask test` puts both where they are looked for: the JavaScript packages into `node_modules`, and a Python with the
//! packages of `tests/python.txt` where `BITAQA_PYTHON` says, or into the user's cache.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../example/mod.rs"]
mod example;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bitaqa_jose::{
    CompactJwe, CompactJws, ContentEncryption, Curve, JweHeader, JwsHeader, PrivateJwk, SignatureAlgorithm,
    base64url,
    jwe::{self, JweRules},
    jws::{self, ExpectedType, JwsRules},
};
use example::{key, random, random_bytes};
use serde_json::{Value, json};

const TYPE: &str = "example+jose";
const JWS: JwsRules<'_> =
    JwsRules { type_: ExpectedType::Is(TYPE), algorithms: &SignatureAlgorithm::ALL, max_length: 64 * 1024 };
const JWE: JweRules<'_> =
    JweRules { type_: ExpectedType::Is(TYPE), encryptions: &ContentEncryption::ALL, max_length: 64 * 1024 };

/// Lengths around those of blocks, and one of a picture.
const LENGTHS: [usize; 6] = [0, 1, 15, 16, 17, 20_000];
const AGREEING: [Curve; 2] = [Curve::P256, Curve::P384];

#[derive(Debug, Clone, Copy)]
enum Judge {
    JavaScript,
    Python,
}

const JUDGES: [Judge; 2] = [Judge::JavaScript, Judge::Python];

impl Judge {
    fn command(self) -> Command {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/other_implementations");
        let (program, script) = match self {
            Self::JavaScript => (PathBuf::from("node"), "judge.mjs"),
            Self::Python => (python(), "judge.py"),
        };
        let mut command = Command::new(program);
        command.arg(here.join(script));
        command
    }

    /// What it says to each task.
    fn results(self, tasks: &[Value]) -> Vec<Value> {
        let mut command = self.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{self:?} is not there: {error}"));
        child.stdin.take().unwrap().write_all(Value::from(tasks).to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{self:?}: {errors}");
        let results: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(results.len(), tasks.len());
        results
    }

    /// What it did for each task; all must have been done.
    fn done(self, tasks: &[Value]) -> Vec<Value> {
        let results = self.results(tasks);
        results
            .iter()
            .zip(tasks)
            .map(|(result, task)| {
                assert!(result["refused"].is_null(), "{self:?} refused {task}: {result}");
                result["done"].clone()
            })
            .collect()
    }
}

fn python() -> PathBuf {
    let cache = || {
        let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        base.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
            .unwrap_or_default()
    };
    std::env::var_os("BITAQA_PYTHON").map_or_else(|| cache().join("bitaqa/python/bin/python3"), PathBuf::from)
}

fn public(key: &PrivateJwk) -> Value {
    serde_json::to_value(key.public()).unwrap()
}

fn private(key: &PrivateJwk) -> Value {
    serde_json::from_str(&key.to_json()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    base64url::decode(value.as_str().unwrap()).unwrap()
}

/// Each of these lengths once, as bytes that are the same in each run.
fn contents() -> Vec<Vec<u8>> {
    LENGTHS.iter().map(|length| random_bytes(7, *length)).collect()
}

#[test]
fn thumbprints_are_the_same() {
    let keys = Curve::ALL.map(|curve| key(curve, 1));
    let tasks = keys.each_ref().map(|key| json!({ "task": "thumbprint", "jwk": public(key) }));
    for judge in JUDGES {
        for (key, thumbprint) in keys.iter().zip(judge.done(&tasks)) {
            assert_eq!(thumbprint, key.public().thumbprint().to_string());
        }
    }
}

#[test]
fn others_verify_what_is_signed_here() {
    let mut tasks = Vec::new();
    let mut expected = Vec::new();
    for curve in Curve::ALL {
        let key = key(curve, 1);
        for content in contents() {
            let mut header = JwsHeader::new(curve.signature_algorithm(), TYPE);
            header.own.insert("origin".to_owned(), json!("https://portal.example.ma"));
            let jws = jws::sign(header, &content, &key).unwrap();
            let algorithm = curve.signature_algorithm().name();
            tasks.push(json!({ "task": "verify", "jws": jws, "jwk": public(&key), "algorithm": algorithm }));
            expected.push((content, key.public().key_id().unwrap().to_owned()));
        }
    }
    for judge in JUDGES {
        for (done, (content, kid)) in judge.done(&tasks).iter().zip(&expected) {
            assert_eq!(bytes(&done["content"]), *content);
            assert_eq!((&done["header"]["kid"], &done["header"]["typ"]), (&json!(kid), &json!(TYPE)));
            assert_eq!(done["header"]["origin"], "https://portal.example.ma");
        }
    }
}

#[test]
fn what_others_sign_is_verified_here() {
    for judge in JUDGES {
        for curve in Curve::ALL {
            let key = key(curve, 1);
            let tasks: Vec<Value> = contents()
                .iter()
                .map(|content| {
                    json!({
                        "task": "sign", "jwk": private(&key), "algorithm": curve.signature_algorithm().name(),
                        "header": { "typ": TYPE, "kid": key.public().key_id(), "own": 1 }, "content": base64url::encode(content),
                    })
                })
                .collect();
            for (jws, content) in judge.done(&tasks).iter().zip(contents()) {
                let jws = CompactJws::parse(jws.as_str().unwrap(), &JWS).unwrap();
                assert_eq!(jws.header().own["own"], 1);
                assert_eq!(jws.verify(key.public()).unwrap(), content, "{judge:?}");
            }
        }
    }
}

#[test]
fn others_decrypt_what_is_encrypted_here() {
    let mut tasks = Vec::new();
    let mut expected = Vec::new();
    for (curve, encryption) in
        AGREEING.into_iter().flat_map(|curve| ContentEncryption::ALL.map(|encryption| (curve, encryption)))
    {
        let key = key(curve, 1);
        for content in contents() {
            for parties in [None, Some((b"host".to_vec(), b"https://portal.example.ma".to_vec()))] {
                let (party_u, party_v) = parties.unzip();
                let mut header = JweHeader {
                    encryption,
                    type_: Some(TYPE.to_owned()),
                    party_u,
                    party_v,
                    ..JweHeader::default()
                };
                header.own.insert("origin".to_owned(), json!("https://portal.example.ma"));
                let jwe = jwe::encrypt(key.public(), &header, &content, &mut random(5)).unwrap();
                tasks.push(json!({ "task": "decrypt", "jwe": jwe, "jwk": private(&key) }));
                expected.push(content.clone());
            }
        }
    }
    for (judge, results) in JUDGES.map(|judge| (judge, judge.results(&tasks))) {
        for (result, content) in results.iter().zip(&expected) {
            // jwcrypto reports an empty content as a failure after it has decrypted it
            if content.is_empty() && matches!(judge, Judge::Python) {
                assert!(result["refused"].as_str().unwrap().contains("['Success']"), "{result}");
                continue;
            }
            assert_eq!(bytes(&result["done"]["content"]), *content, "{judge:?}: {result}");
            assert_eq!(result["done"]["header"]["origin"], "https://portal.example.ma");
        }
    }
}

#[test]
fn what_others_encrypt_is_decrypted_here() {
    for judge in JUDGES {
        for (curve, encryption) in AGREEING
            .into_iter()
            .flat_map(|curve| ContentEncryption::ALL.map(|encryption| (curve, encryption)))
        {
            let key = key(curve, 1);
            let [apu, apv] = [&b"host"[..], b"https://portal.example.ma"].map(base64url::encode);
            let tasks: Vec<Value> = contents()
                .iter()
                .map(|content| {
                    let header = json!({ "typ": TYPE, "kid": key.public().key_id(), "apu": apu, "apv": apv, "own": [1] });
                    json!({ "task": "encrypt", "jwk": public(&key), "enc": encryption.name(), "header": header, "content": base64url::encode(content) })
                })
                .collect();
            for (jwe, content) in judge.done(&tasks).iter().zip(contents()) {
                let jwe = CompactJwe::parse(jwe.as_str().unwrap(), &JWE).unwrap();
                assert_eq!(jwe.header().encryption, encryption);
                assert_eq!(jwe.header().party_v.as_deref(), Some(&b"https://portal.example.ma"[..]));
                assert_eq!(*jwe.decrypt(&key).unwrap(), content, "{judge:?}");
            }
        }
    }
}

/// A judge that would say yes to anything is none.
#[test]
fn others_refuse_what_was_altered() {
    let key = key(Curve::P256, 1);
    let altered = |text: String| {
        let mut text = text.into_bytes();
        let at = text.len() - 5;
        text[at] = if text[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(text).unwrap()
    };
    let jws = jws::sign(JwsHeader::new(SignatureAlgorithm::Es256, TYPE), b"content", &key).unwrap();
    let jwe = jwe::encrypt(key.public(), &JweHeader::default(), b"content", &mut random(5)).unwrap();
    let tasks = [
        json!({ "task": "verify", "jws": altered(jws), "jwk": public(&key), "algorithm": "ES256" }),
        json!({ "task": "decrypt", "jwe": altered(jwe), "jwk": private(&key) }),
    ];
    for judge in JUDGES {
        for result in judge.results(&tasks) {
            assert!(result["refused"].is_string(), "{judge:?}: {result}");
        }
    }
}

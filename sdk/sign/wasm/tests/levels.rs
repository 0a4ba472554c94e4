//! A file of openssl is raised without anchors, with tokens that somebody else asked for.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../../crates/fetch/tests/support/authority.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "these tests use their own part of it")]
mod authority;

use std::time::SystemTime;

use authority::Authority;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bitaqa_sign::{
    fetching::Need,
    levels::{Raised, raise},
};
use bitaqa_signature::Level;
use serde_json::{Value, json};

/// Where certificates say that issuer and list are.
const POINTERS: &str = "crlDistributionPoints = URI:http://ca.example/list.crl\n\
    authorityInfoAccess = caIssuers;URI:http://ca.example/ca.cer";

/// An authority, a file that its signer signed, and what answers needs.
struct Signed {
    authority: Authority,
    file: Vec<u8>,
}

impl Signed {
    fn new() -> Self {
        let authority = Authority::new();
        authority.issue_saying("signer", &format!("keyUsage = critical, nonRepudiation\n{POINTERS}"));
        authority.issue_saying(
            "tsa",
            &format!(
                "keyUsage = critical, digitalSignature\nextendedKeyUsage = critical, timeStamping\n{POINTERS}"
            ),
        );
        authority.file("content", b"content");
        authority.run(
            "cms -sign -cades -binary -nodetach -outform DER -in content -signer signer.pem -inkey signer.key -out signed.p7m",
        );
        let file = authority.read("signed.p7m");
        Self { authority, file }
    }

    fn token(&self, digest: &[u8]) -> Vec<u8> {
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        self.authority.run(&format!("ts -query -digest {hex} -sha256 -cert -out question"));
        self.authority.run("ts -reply -config openssl.cnf -queryfile question -token_out -out token");
        self.authority.read("token")
    }

    fn answer(&self, need: &Need) -> Value {
        let (received, is_token) = match need {
            Need::TimeStamp { digest, .. } => (self.token(&digest.0), true),
            Need::Crl { .. } => (self.authority.revocation_list(), false),
            Need::IssuerCertificate { .. } => (self.authority.certificate("ca").der().to_vec(), false),
            Need::Ocsp { .. } => panic!("no certificate names a responder"),
        };
        json!({ "need": need, "received": BASE64_STANDARD.encode(received), "isToken": is_token })
    }

    /// Rounds until it is done.
    fn raised(&self, more: &Value) -> (Level, Vec<String>) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let mut asked = json!({ "at": now, "seed": BASE64_STANDARD.encode([7; 32]), "answers": [] });
        for (name, value) in more.as_object().unwrap() {
            asked[name] = value.clone();
        }
        for _ in 0..12 {
            let round = serde_json::from_value(asked.clone()).unwrap();
            match raise(&self.file, round, &[]).unwrap() {
                Raised::Done { reached, .. } => return (reached.level, reached.notices),
                Raised::Needs(needs) => {
                    asked["answers"]
                        .as_array_mut()
                        .unwrap()
                        .extend(needs.iter().map(|need| self.answer(need)));
                }
            }
        }
        panic!("it never has enough");
    }
}

#[test]
fn who_has_no_anchors_can_have_paths_end_at_self_signed_certificates() {
    let signed = Signed::new();
    for (level, reached) in [("B-T", Level::BT), ("B-LT", Level::BLt), ("B-LTA", Level::BLta)] {
        let asked = json!({ "level": level, "pathsEndAt": "self-signed" });
        assert_eq!(signed.raised(&asked), (reached, Vec::new()));
    }
    let (level, notices) = signed.raised(&json!({ "level": "B-LT" }));
    assert_eq!(level, Level::BT, "without being told so they end at anchors");
    assert!(notices.iter().any(|notice| notice.contains("no path")), "{notices:?}");
}

//! Keys that a portal publishes (`jwks_uri`): when they are fetched, how long they count, and from where they never come.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod document_server;
mod process;
mod relying_party;
mod running;

use bitaqa_jose::{CompactJwe, ContentEncryption, Curve, JweHeader, PrivateJwk, jwe};
use bitaqa_platform::secret::fill;
use document_server::DocumentServer;
use process::Program;
use relying_party::{RelyingParty, text};
use running::{Running, code_of};
use serde_json::{Value, json};

const UNAVAILABLE: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";

fn set(keys: &[&PrivateJwk]) -> Value {
    let keys: Vec<_> = keys.iter().map(|key| key.public()).collect();
    json!({ "keys": keys })
}

/// A portal that publishes its keys there.
fn portal(platform: &Running, server: &DocumentServer, key: &PrivateJwk, changes: &str) -> RelyingParty {
    let changes = format!("jwks_uri = \"{}\"\n{changes}", server.url());
    let party = platform.public("bank", &changes);
    RelyingParty { key: Some(key.clone()), ..party }
}

fn is_known(party: &RelyingParty) -> bool {
    match party.push(&[]) {
        answer if answer.status == 201 => true,
        answer => {
            assert_eq!((answer.status, answer.error().as_str()), (401, "invalid_client"));
            false
        }
    }
}

#[test]
fn a_set_is_fetched_when_it_is_needed_and_counts_as_long_as_its_server_says_within_bounds() {
    for (field, counts) in [
        ("", 600),
        ("cache-control: max-age=300\r\n", 300),
        ("cache-control: no-store\r\n", 60),
        ("cache-control: max-age=1\r\n", 60),
        ("cache-control: max-age=999999\r\n", 3600),
    ] {
        let platform = Running::new();
        let key = RelyingParty::new_key();
        let server = DocumentServer::of(&Value::Null);
        server.publishes(&set(&[&key]), field);
        let bank = portal(&platform, &server, &key, "");
        assert_eq!(server.asked(), 0, "nobody needed it");
        assert!(is_known(&bank) && is_known(&bank));
        platform.later(counts - 1);
        assert!(is_known(&bank));
        assert_eq!(server.asked(), 1, "{field}");
        platform.later(1);
        assert!(is_known(&bank));
        assert_eq!(server.asked(), 2, "{field}");
    }
}

#[test]
fn a_key_that_is_not_there_is_looked_for_once_a_minute() {
    let platform = Running::new();
    let (old, new) = (RelyingParty::new_key(), RelyingParty::new_key());
    let server = DocumentServer::of(&set(&[&old]));
    let bank = portal(&platform, &server, &old, "");
    let renewed = RelyingParty { key: Some(new.clone()), ..bank.clone() };
    assert!(is_known(&bank));
    platform.later(60);
    for _ in 0..5 {
        assert!(!is_known(&renewed));
    }
    assert_eq!(server.asked(), 2);
    server.publishes(&set(&[&new]), "");
    assert!(!is_known(&renewed), "the minute is not over");
    platform.later(59);
    assert!(!is_known(&renewed) && is_known(&bank));
    assert_eq!(server.asked(), 2);
    platform.later(1);
    assert!(is_known(&renewed) && !is_known(&bank), "what was taken out counts no longer");
    assert_eq!(server.asked(), 3);
}

#[test]
fn the_last_good_set_counts_for_four_hours_while_there_is_no_other() {
    let platform = Running::new();
    let key = RelyingParty::new_key();
    let server = DocumentServer::of(&set(&[&key]));
    let bank = portal(&platform, &server, &key, "");
    assert!(is_known(&bank));
    platform.later(600);
    let private: Value = serde_json::from_str(&key.to_json()).unwrap();
    let private = json!({ "keys": [private] }).to_string();
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\n{}";
    let long = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 65537\r\n\r\n";
    let inward =
        "HTTP/1.1 302 Go\r\nlocation: http://169.254.169.254/latest/meta-data/\r\ncontent-length: 0\r\n\r\n";
    let private = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{private}",
        private.len()
    );
    for (answer, code) in [
        (UNAVAILABLE, "fetch-status"),
        (html, "fetch-media-type"),
        (long, "fetch-too-large"),
        (inward, "fetch-address-not-public"),
        (&*private, "keys-private"),
    ] {
        server.says(answer);
        assert!(is_known(&bank), "{code}");
        assert!(platform.log().contains(&format!("\"code\":\"{code}\"")), "{code}: {}", platform.log());
        platform.later(60);
    }
    server.says(UNAVAILABLE);
    platform.later(4 * 60 * 60 - 5 * 60 - 1);
    assert!(is_known(&bank));
    platform.later(1);
    assert!(!is_known(&bank));
    platform.later(60);
    server.publishes(&set(&[&key]), "");
    assert!(is_known(&bank));
    let log = platform.log();
    assert!(log.contains("\"event\":\"keys-fetched\"") && !log.contains("127.0.0.1:"), "{log}");
}

#[test]
fn who_registers_another_address_is_known_by_that_alone() {
    let platform = Running::new();
    let (one, two) = (RelyingParty::new_key(), RelyingParty::new_key());
    let servers = [&one, &two].map(|key| DocumentServer::of(&set(&[key])));
    let bank = portal(&platform, &servers[0], &one, "");
    let other = RelyingParty { key: Some(two.clone()), ..bank.clone() };
    assert!(is_known(&bank) && !is_known(&other));
    let without_key = RelyingParty { key: None, ..bank.clone() };
    let changes = format!("jwks_uri = \"{}\"\n", servers[1].url());
    platform.replace(&without_key, &changes);
    assert!(!is_known(&bank) && is_known(&other));
}

#[test]
fn answers_are_encrypted_for_the_key_that_is_published() {
    let platform = Running::new();
    let signing = RelyingParty::new_key();
    let encryption = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let server = DocumentServer::of(&set(&[&signing]));
    let changes =
        "id_token_encrypted_response_alg = \"ECDH-ES\"\nid_token_encrypted_response_enc = \"A256GCM\"\n";
    let bank = portal(&platform, &server, &signing, changes);
    let code = code_of(&platform, &bank, &[]);
    let refused = bank.redeem(&code, &[]);
    assert_eq!((refused.status, refused.error().as_str()), (400, "invalid_request"));
    assert!(refused.body.contains("none that this answer could be encrypted for"));
    let mut keys = set(&[&signing, &encryption]);
    keys["keys"][1]["use"] = json!("enc");
    server.publishes(&keys, "");
    assert_eq!(bank.redeem(&code, &[]).error(), "invalid_request", "the set counts for ten minutes");
    platform.later(600);
    let tokens = bank.redeem(&code_of(&platform, &bank, &[]), &[]).json();
    let id_token = text(&tokens, "id_token");
    let rules = jwe::JweRules {
        type_: jwe::ExpectedType::Absent,
        encryptions: &[ContentEncryption::A256Gcm],
        max_length: 64 * 1024,
    };
    let opened = CompactJwe::parse(&id_token, &rules).unwrap().decrypt(&encryption).unwrap();
    assert_eq!(bank.id_token(std::str::from_utf8(&opened).unwrap())["nonce"], "a nonce");
    // what the portal encrypts for itself is nobody's key
    let sealed = jwe::encrypt(encryption.public(), &JweHeader::default(), b"x", &mut fill).unwrap();
    assert_eq!(bank.push(&[("request", &sealed)]).error(), "invalid_request_object");
}

#[test]
fn a_sector_is_whose_address_lists_every_redirect_uri() {
    let program = Program::set_up();
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    let uris = ["https://one.example.ma/callback", "https://two.example.ma/callback"];
    let server = DocumentServer::of(&json!(uris));
    let registration = |uri: &str| {
        let changes = format!("redirect_uris = {}\nsector_identifier_uri = \"{uri}\"\n", json!(uris));
        running::write_registration(program.folder.path(), "bank", None, &changes)
    };
    let file = registration(&server.url());
    let file = file.to_str().unwrap();
    let propose = ["client", "propose", file, "--key", "onboarder.key"];
    for (answer, said) in [
        (json!(["https://one.example.ma/callback"]), "https://two.example.ma/callback does not stand there"),
        (
            json!(["https://one.example.ma/callback", "https://two.example.ma/callback/"]),
            "does not stand there",
        ),
        (json!({ "redirect_uris": uris }), "not a JSON array"),
        (json!([uris]), "not a JSON array"),
        (json!(vec!["https://one.example.ma/callback"; 1025]), "not a JSON array"),
    ] {
        server.publishes(&answer, "");
        let error = program.refused(&propose);
        assert!(error.contains(said), "{error}");
    }
    server.says("HTTP/1.1 302 Go\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n");
    assert!(program.refused(&propose).contains("fetch-address-not-public"));
    server.publishes(&json!(uris), "");
    let proposal = program.done(&propose);
    let approve = ["client", "approve", "bank", proposal.trim_end(), "--key", "authoriser.key"];
    // whoever approves asks, too
    server.publishes(&json!([]), "");
    assert!(program.refused(&approve).contains("does not stand there"));
    server.publishes(&json!(uris), "");
    program.done(&approve);
    assert!(program.done(&["client", "list"]).starts_with("bank\tactive\t127.0.0.1\t"));
    server.publishes(&json!([]), "");
    assert!(program.refused(&propose).contains("does not stand there"));
    for inside in ["http://10.0.0.1/s.json", "http://169.254.169.254/", "http://[fd00::1]/"] {
        registration(inside);
        let error = program.refused(&propose);
        assert!(
            error.contains("plain http") || error.contains("absolute https") || error.contains("not-public"),
            "{error}"
        );
    }
    registration("https://169.254.169.254/s.json");
    assert!(program.refused(&propose).contains("fetch-address-not-public"));
}

//! Statements about portals: the platform issues what the host's verification believes, by a trust pack that names the platform.
//! The other judge of signatures is `jose` for JavaScript, which `cargo xtask test` puts into `node_modules`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

#[path = "../browser/mod.rs"]
mod browser;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

use std::{path::Path, process::Command};

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    clock::date_time,
    key_store::{KeyStore, Phase},
    secret::fill,
};
use bitaqa_protocol::{Claim, Closure, DataGroup, Origin, PurposeId};
use bitaqa_trust::{
    Assurance, TrustPacks,
    statement::{AuthorizationError, StatementFailure, verify},
    trust_pack::{self, PackContents, TrustPack},
};
use relying_party::RelyingParty;
use running::{Running, START};
use serde_json::{Value, json};

/// All that the zone of a document tells.
fn zone() -> Vec<String> {
    Closure::of_group(DataGroup::Dg1).into_iter().map(|claim| claim.to_string()).collect()
}

fn with_identity(running: &Running, id: &str) -> RelyingParty {
    let origins = format!("\"https://{id}.example.ma\", \"https://{id}.example.ma:8443\"");
    for_origins(running, id, &origins)
}

fn for_origins(running: &Running, id: &str, origins: &str) -> RelyingParty {
    let key = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let file = std::env::temp_dir().join(format!("{id}-{}.encryption.jwk", running.address));
    std::fs::write(&file, serde_json::to_string(key.public()).unwrap()).unwrap();
    let claims = serde_json::to_string(&zone()).unwrap();
    let changes = format!(
        "\n[identity]\norigins = [{origins}]\nclaims = {claims}\n\
         encryption_key = \"{}\"\n[[identity.purposes]]\nid = \"open-account\"\n\
         text = {{ ar = \"فتح حساب\", fr = \"Ouvrir un compte\", en = \"Open an account\" }}\n",
        file.display()
    );
    let party = running.confidential(id, &changes);
    std::fs::remove_file(file).unwrap();
    party
}

fn statement_of(party: &RelyingParty) -> String {
    let answer = party.call("/statement", &[]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/bitaqa-statement+jwt"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.body
}

/// What an administrator installs: a pack that names the platform's keys of these phases, and whom it may speak for.
fn packs(running: &Running, phases: &[Phase], origins: &[&str]) -> TrustPacks {
    let signer = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let published = running.keys.statement_keys().unwrap();
    let keys: Vec<Value> = published
        .iter()
        .filter(|published| phases.contains(&published.phase))
        .map(|published| json!({ "jwk": published.key, "not_before": START - 3_600, "not_after": START + 86_400 }))
        .collect();
    let contents: PackContents = serde_json::from_value(json!({
        "schema": 1, "name": "national", "version": 1, "issued": START - 3_600, "expires": START + 86_400, "test": true,
        "signers": [signer.public()],
        "statement_issuers": [{ "iss": format!("http://{}", running.address), "keys": keys, "origins": origins }],
    }))
    .unwrap();
    let text = trust_pack::sign(&contents, signer.public(), &signer).unwrap();
    TrustPacks::new(vec![TrustPack::parse(&text).unwrap()])
}

const NATIONAL: &[&str] = &["https://*.example.ma", "https://bank.example.ma:8443"];

/// What `jose` for JavaScript says of a statement.
fn judged(running: &Running, text: &str, at: i64) -> Value {
    let current = running.keys.statement_keys().unwrap();
    let key = &current.iter().find(|key| key.phase == Phase::Current).unwrap().key;
    let about =
        json!({ "text": text, "key": key, "issuer": format!("http://{}", running.address), "at": at });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statement/judge.mjs");
    let output = Command::new("node").arg(script).arg(about.to_string()).output();
    let output = output.unwrap_or_else(|error| panic!("node is not there: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_host_s_verification_believes_a_statement_by_a_pack_that_names_the_platform() {
    let running = Running::new();
    let bank = with_identity(&running, "bank");
    let text = statement_of(&bank);
    let packs = packs(&running, &[Phase::Current, Phase::Next], NATIONAL);
    let verified = verify(&text, &packs, date_time(START)).unwrap();
    let statement = &verified.statement;
    assert_eq!(
        (statement.iss.as_str(), statement.exp - statement.iat),
        (&*format!("http://{}", running.address), 900)
    );
    assert_eq!(
        (statement.legal_name.ar.as_str(), statement.legal_name.en.as_str()),
        ("bank ش.م.", "bank plc")
    );
    assert_eq!(statement.origins.len(), 2);
    assert_eq!(verified.assurance, Assurance::Test);
    // it covers what was approved, from where it was approved, and nothing else
    let (purpose, told) = (PurposeId::parse("open-account").unwrap(), Closure::of([Claim::FamilyName]));
    let authorize = |origin: &str, purpose: &PurposeId, told: &Closure| {
        verified
            .authorize(&Origin::parse(origin).unwrap(), purpose, told)
            .map(|purpose| purpose.text.en.as_str().to_owned())
    };
    assert_eq!(authorize("https://bank.example.ma", &purpose, &told).unwrap(), "Open an account");
    assert_eq!(authorize("https://bank.example.ma:8443", &purpose, &told).unwrap(), "Open an account");
    let other = authorize("https://www.bank.example.ma", &purpose, &told);
    assert_eq!(other, Err(AuthorizationError::OtherOrigin));
    let unknown = PurposeId::parse("close-account").unwrap();
    let other = authorize("https://bank.example.ma", &unknown, &told);
    assert_eq!(other, Err(AuthorizationError::PurposeUnknown));
    let face = authorize("https://bank.example.ma", &purpose, &Closure::of([Claim::Photo]));
    assert_eq!(face, Err(AuthorizationError::ClaimsExceedStatement { beyond: vec![Claim::Photo] }));
    // the other judge
    let said = judged(&running, &text, START);
    assert_eq!(said["payload"], serde_json::to_value(statement).unwrap());
    assert_eq!(said["protectedHeader"]["kid"], verified.key.to_string());
    assert!(running.log().contains("\"event\":\"statement\",\"outcome\":\"issued\",\"client\":\"bank\""));
    // each has a name of its own
    assert_ne!(verify(&statement_of(&bank), &packs, date_time(START)).unwrap().statement.jti, statement.jti);
}

#[test]
fn a_statement_that_is_altered_over_or_of_a_platform_without_the_right_is_not_believed() {
    let running = Running::new();
    let bank = with_identity(&running, "bank");
    let text = statement_of(&bank);
    let national = packs(&running, &[Phase::Current], NATIONAL);
    let refused =
        |text: &str, packs: &TrustPacks, at: i64| verify(text, packs, date_time(at)).unwrap_err().failure;
    assert!(verify(&text, &national, date_time(START + 899)).is_ok());
    assert_eq!(refused(&text, &national, START + 900), StatementFailure::Expired);
    assert_eq!(judged(&running, &text, START + 901)["error"], "ERR_JWT_EXPIRED");
    assert_eq!(refused(&text, &national, START - 61), StatementFailure::NotYetValid);
    // another origin in the same statement
    let parts: Vec<&str> = text.split('.').collect();
    let payload = String::from_utf8(bitaqa_jose::base64url::decode(parts[1]).unwrap()).unwrap();
    let payload = payload.replace("https://bank.example.ma:8443", "https://evil.example.ma");
    let altered = [parts[0], &bitaqa_jose::base64url::encode(payload.as_bytes()), parts[2]].join(".");
    assert_eq!(refused(&altered, &national, START), StatementFailure::Signature);
    assert_eq!(judged(&running, &altered, START)["error"], "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    // the pack decides for whom the platform speaks, and with which keys
    let elsewhere = packs(&running, &[Phase::Current], &["https://*.example.ma"]);
    assert!(matches!(refused(&text, &elsewhere, START), StatementFailure::ForeignOrigin { .. }));
    let next = packs(&running, &[Phase::Next], NATIONAL);
    assert_eq!(refused(&text, &next, START), StatementFailure::KeyUnknown);
    // which is the current one after the next change
    running.keys.rotate_statement_keys(START).unwrap();
    let after = statement_of(&bank);
    assert!(verify(&after, &next, date_time(START)).is_ok());
    assert_eq!(refused(&after, &national, START), StatementFailure::KeyUnknown);
    assert_eq!(running.keys.statement_keys().unwrap().len(), 2);
    // the keys of ID tokens are others: a key has one use
    let tokens: Vec<String> =
        running.keys.published().unwrap().iter().map(|key| key.key.thumbprint().to_string()).collect();
    let statements = running.keys.statement_keys().unwrap();
    assert!(statements.iter().all(|key| !tokens.contains(&key.key.thumbprint().to_string())));
}

/// Mediation rests on that: what is stated for the platform's origin is the platform.
#[test]
fn nobody_is_stated_for_the_platforms_own_origin() {
    let running = Running::new();
    let other = for_origins(&running, "other", &format!("\"http://{}\"", running.address));
    assert_eq!(other.call("/statement", &[]).error(), "unauthorized_client");
}

#[test]
fn whoever_is_suspended_unapproved_or_registered_for_something_else_gets_no_statement() {
    let running = Running::new();
    let bank = with_identity(&running, "bank");
    let ordinary = running.confidential("ordinary", "");
    let public = running.public("public", "");
    assert_eq!(ordinary.call("/statement", &[]).error(), "unauthorized_client");
    assert_eq!(public.call("/statement", &[]).error(), "invalid_client");
    // somebody else's name
    let thief = RelyingParty { id: "bank".to_owned(), ..running.confidential("thief", "") };
    assert_eq!(thief.call("/statement", &[]).error(), "invalid_client");
    let unknown = RelyingParty { id: "nobody".to_owned(), ..bank.clone() };
    assert_eq!(unknown.call("/statement", &[]).error(), "invalid_client");
    // what it has already lasts for its quarter of an hour, and there is no other
    let before = statement_of(&bank);
    running.suspend("bank");
    assert_eq!(bank.call("/statement", &[]).error(), "invalid_client");
    let packs = packs(&running, &[Phase::Current], NATIONAL);
    assert!(verify(&before, &packs, date_time(START + 899)).is_ok());
    assert!(verify(&before, &packs, date_time(START + 900)).is_err());
    let mut browser = running.browser();
    assert_eq!(browser.get("/statement").status, 405);
    let discovered = browser.get("/.well-known/openid-configuration").json();
    assert_eq!(discovered["bitaqa_statement_endpoint"], format!("http://{}/statement", running.address));
}

//! Operators at work in a real browser (Chromium, by way of `playwright-core`): the key signs in the page, and what it signed is done.

#![allow(
    clippy::unwrap_used,
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

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    administration::{Operator, Operators, Role},
    secret::fill,
};
use running::Running;
use serde_json::{Value, json};

/// What the browser does with an operator's key, step by step; gives what it saw.
fn drive(steps: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/administration_in_chromium/operator.mjs");
    let output = Command::new("node")
        .arg(script)
        .arg(steps.to_string())
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("node is not there: {error}"));
    assert!(output.status.success(), "{steps}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn keys_of_every_curve_sign_in_the_page() {
    let running = Running::new();
    let bank = running.confidential("bank", "");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let mut operators: Vec<Operator> = running.staff.operators.iter().cloned().collect();
    let files: Vec<_> = Curve::ALL
        .into_iter()
        .map(|curve| {
            let key = PrivateJwk::generate(curve, &mut fill).unwrap();
            let name = format!("of-{}", curve.name());
            let public = key.public().clone();
            operators.push(Operator { name: name.clone(), role: Role::Authoriser, key: public, until: None });
            (curve.name(), write(&name, &key.to_json()))
        })
        .collect();
    let address = running.administration_of(Operators::new(operators).unwrap());
    let stranger = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let stranger = write("stranger", &stranger.to_json());
    let public = write("public", &serde_json::to_string(running.staff.onboarder.public()).unwrap());
    for (curve, key) in &files {
        let told = drive(&json!({
            "origin": format!("http://{address}"),
            "key": key,
            "stranger": stranger,
            "public": public,
            "reason": format!("shown by {curve}"),
        }));
        assert_eq!(told["strangers"], "No operator of this platform has this key now.", "{curve}");
        assert_eq!(
            told["public"],
            "This file holds no private key (JSON Web Key on P-256, P-384 or Ed25519)."
        );
        assert_eq!(told["none"], "Choose the file with your private key first.");
        assert_eq!(
            told["other"],
            "This is the key of somebody else. Choose the key of the operator who is signed in."
        );
        assert!(told["shown"].as_str().unwrap().contains(&format!("shown by {curve}")), "{told}");
        assert_eq!(told["sentKeys"], json!(0), "no request holds a private key");
        assert_eq!(told["complaints"], json!([]), "the console says something");
        let suspension = running
            .at_the_desk(async |desk| desk.store.client("bank").await.unwrap().unwrap().suspension.unwrap());
        let entry = bitaqa_platform::administration::Entry::unverified(&suspension).unwrap();
        assert_eq!(entry.act.reason(), Some(format!("shown by {curve}").as_str()));
        assert_eq!(entry.sub, format!("of-{curve}"));
    }
    // its own operators are others: to this process nobody signed, and all the same the portal is suspended
    assert_eq!(bank.push(&[]).error(), "invalid_client");
}

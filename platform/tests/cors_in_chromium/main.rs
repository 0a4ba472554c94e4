//! What scripts read in a real browser (Chromium, by way of `playwright-core`): those of a portal's origin everything that is for it, those of
//! another one nothing but what is for everybody.

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
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use relying_party::{RelyingParty, encode};
use running::{Nonces, Running, code_of};
use serde_json::{Value, json};

/// What a program in a browser sends from sign-in to sign-out: the last one asks the browser first, for it has a proof, which is none.
fn requests(platform: &Running, app: &RelyingParty) -> Value {
    let url = |path: &str| format!("http://{}{path}", platform.address);
    let form = json!({ "content-type": "application/x-www-form-urlencoded" });
    let with_client = |mut parameters: Vec<(String, String)>| {
        parameters.retain(|(name, _)| name != "client_id");
        parameters.push(("client_id".to_owned(), app.id.clone()));
        encode(&parameters)
    };
    let code = with_client(app.redemption(&code_of(platform, app, &[]), &[]));
    let mut proven = form.clone();
    proven["dpop"] = json!("x.y.z");
    json!([
        { "url": url("/.well-known/openid-configuration"), "method": "GET", "headers": {} },
        { "url": url("/jwks"), "method": "GET", "headers": {} },
        { "url": url("/token"), "method": "POST", "headers": form, "body": code },
        { "url": url("/userinfo"), "method": "GET", "headers": { "authorization": "Bearer TOKEN" } },
        { "url": url("/revoke"), "method": "POST", "headers": form, "body": format!("client_id={}&token=TOKEN", app.id) },
        { "url": url("/token"), "method": "POST", "headers": proven, "body": code },
        { "url": url("/authorize?client_id=app"), "method": "GET", "headers": {} },
    ])
}

#[test]
fn a_browser_lets_scripts_read_what_is_for_them() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cors_in_chromium/scripts.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node is not there: {error}"));
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut hear = || -> Value {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"))
    };
    let port = hear()["port"].as_u64().unwrap();
    let platform = Running::with(Nonces::Wanted);
    let app = platform.public("app", &format!("redirect_uris = [\"http://127.0.0.1:{port}/callback\"]\n"));
    let sent = json!({ "127.0.0.1": requests(&platform, &app), "localhost": requests(&platform, &app) });
    writeln!(child.stdin.take().unwrap(), "{sent}").unwrap();
    let told = hear();
    assert!(child.wait().unwrap().success());

    let own = told["127.0.0.1"].as_array().unwrap();
    let statuses: Vec<Option<i64>> = own.iter().map(|answer| answer["status"].as_i64()).collect();
    assert_eq!(statuses, [Some(200), Some(200), Some(200), Some(200), Some(200), Some(400), None], "{told}");
    let userinfo: Value = serde_json::from_str(own[3]["text"].as_str().unwrap()).unwrap();
    assert_eq!(userinfo["name"], "أمينة المثال");
    assert!(own[5]["text"].as_str().unwrap().contains("invalid_dpop_proof"));
    assert!(own[5]["nonce"].is_string());

    let other = told["localhost"].as_array().unwrap();
    let read: Vec<bool> = other.iter().map(|answer| answer["status"].is_i64()).collect();
    assert_eq!(read, [true, true, false, false, false, false, false], "{told}");
}

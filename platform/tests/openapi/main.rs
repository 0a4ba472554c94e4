//! `/openapi.json` says what there is: it is checked against the router's routes, by a validator of others, and by `schemathesis`, which
//! sends what it makes of it to the program.

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
#[path = "../judge/mod.rs"]
mod judge;
#[path = "../process/mod.rs"]
mod process;
#[path = "../python/mod.rs"]
mod python;
#[path = "../relying_party/mod.rs"]
mod relying_party;
mod routes;
#[path = "../running/mod.rs"]
mod running;

use std::{collections::BTreeMap, fs, process::Command};

use bitaqa_jose::{Curve, PrivateJwk, base64url};
use bitaqa_platform::secret::{Hash, fill};
use browser::Browser;
use judge::path;
use process::Program;
use python::interpreter;
use relying_party::{RelyingParty, VERIFIER, code, text};
use running::{Running, open, sign_in};
use serde_json::{Value, json};

/// How many requests schemathesis makes of each operation when it fuzzes; more come from its other phases.
const EXAMPLES: usize = 40;
/// Whose answers of success it does not see: those of cards, which no program makes up, those of a platform that asks chips, which this one
/// does not, and the description itself, which it reads and leaves alone.
const LEFT_OUT: [&str; 7] = [
    "POST /interaction/{id}/sign-in",
    "POST /interaction/{id}/identity-request",
    "POST /interaction/{id}/card-possession",
    "POST /interaction/{id}/identity",
    "POST /interaction/{id}/identity-relayed",
    "POST /interaction/{id}/identity-answer",
    "GET /openapi.json",
];
/// How many interactions and codes they may use up.
const POOL: usize = 500;

fn described() -> Value {
    Running::new().browser().get("/openapi.json").json()
}

/// Methods of each path.
fn operations(described: &Value) -> BTreeMap<String, Vec<String>> {
    let methods = |item: &Value| {
        let names = ["get", "post", "put", "delete", "patch"].into_iter();
        names.filter(|name| item.get(*name).is_some()).map(str::to_uppercase).collect()
    };
    let paths = described["paths"].as_object().unwrap();
    paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect()
}

#[test]
fn every_route_is_described_and_everything_described_is_a_route() {
    let described: Vec<String> = operations(&described()).into_keys().collect();
    assert_eq!(described, routes::of_the_sources().into_iter().collect::<Vec<_>>());
}

#[test]
fn every_path_takes_the_methods_that_are_described_and_no_others() {
    let platform = Running::new();
    for (path, methods) in operations(&described()) {
        let address = path.replace("{id}", "x").replace("{file}", "x");
        let origin = format!("http://{}", platform.address);
        let answer = platform.browser().raw("TRACE", &address, &[("origin", &origin)], "");
        assert_eq!(answer.status, 405, "{path}");
        let allowed = answer.header("allow").unwrap().split(',').map(str::trim);
        let allowed: Vec<&str> = allowed.filter(|method| *method != "HEAD").collect();
        assert_eq!(allowed, methods, "{path}");
    }
}

#[test]
fn it_names_the_platform_that_tells_it() {
    let platform = Running::new();
    let described = platform.browser().get("/openapi.json").json();
    assert_eq!(described["openapi"], "3.1.0");
    assert_eq!(described["servers"][0]["url"], format!("http://{}", platform.address));
    assert_eq!(described["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn openapi_spec_validator_takes_it_and_would_not_take_anything() {
    let folder = tempfile::tempdir().unwrap();
    let validate = |name: &str, document: &Value| {
        let file = folder.path().join(name);
        fs::write(&file, document.to_string()).unwrap();
        Command::new(interpreter()).args(["-m", "openapi_spec_validator"]).arg(file).output().unwrap()
    };
    let document = described();
    let output = validate("right.json", &document);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let mut wrong = document;
    wrong["paths"]["/interaction/{id}"]["get"]["responses"] = json!([]);
    assert!(!validate("wrong.json", &wrong).status.success());
}

/// A service, and what statements need.
fn with_identity(program: &Program) -> String {
    let key = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let file = program.folder.path().join("bank.encryption.jwk");
    fs::write(file, serde_json::to_string(key.public()).unwrap()).unwrap();
    "\n[[service]]\nid = \"loan\"\nscope = \"loan\"\nlink = \"https://bank.example.ma/\"\nminimum_level = \"high\"\n\
     name = { ar = \"القروض\", fr = \"Crédits\", en = \"Loans\" }\n\
     [identity]\norigins = [\"https://bank.example.ma\"]\nclaims = [\"age_over_18\"]\n\
     encryption_key = \"bank.encryption.jwk\"\n[[identity.purposes]]\nid = \"open-account\"\n\
     text = { ar = \"فتح حساب\", fr = \"Ouvrir un compte\", en = \"Open an account\" }\n"
        .to_owned()
}

/// A program with what requests need to get anywhere: relying parties, tokens, codes, a browser in the middle of something.
fn to_work_with(program: &Program) -> Value {
    let app = program.register("app", None, "");
    let bank = program.register("bank", Some(RelyingParty::new_key()), &with_identity(program));
    let mut browser = Browser::new(&program.address);
    let interactions: Vec<String> =
        (0..POOL).map(|_| open(&mut browser, &app.authorize(&[])).replace("/interaction/", "")).collect();
    let browser_cookie = format!("browser={}", browser.cookies["browser"]);
    let token = |browser: &mut Browser, party: &RelyingParty| {
        let location = sign_in(browser, &program.address, &party.authorize(&[]));
        text(&party.redeem(&code(&location), &[]).json(), "access_token")
    };
    let bank_token = token(&mut Browser::new(&program.address), &bank);
    let app_token = token(&mut browser, &app);
    let codes: Vec<String> = (0..POOL).map(|_| code(browser.get(&app.authorize(&[])).location())).collect();
    let session = &browser.cookies["session"];
    json!({
        "issuer": format!("http://{}", program.address), "redirectUri": app.redirect_uri,
        "signedOut": "https://app.example.ma/bye", "verifier": VERIFIER,
        "challenge": base64url::encode(Hash::of(VERIFIER.as_bytes()).as_bytes()),
        "key": serde_json::from_str::<Value>(&bank.key.unwrap().to_json()).unwrap(),
        "appToken": app_token, "bankToken": bank_token, "codes": codes, "interactions": interactions,
        "cookies": format!("{browser_cookie}; session={session}"), "browserCookie": browser_cookie,
        "examples": EXAMPLES,
    })
}

#[test]
fn schemathesis_finds_no_answer_that_is_not_described() {
    let program = Program::start();
    let about = to_work_with(&program);
    let file = program.folder.path().join("about.json");
    fs::write(&file, about.to_string()).unwrap();
    let output = Command::new(interpreter())
        .arg(path("openapi/fuzz.py"))
        .arg(&file)
        .current_dir(program.folder.path())
        .output();
    let output = output.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let verdict: Value =
        said.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
    assert_eq!(verdict["verdict"], 0, "{said}{}", String::from_utf8_lossy(&output.stderr));
    // it got through to every operation
    for (path, item) in described()["paths"].as_object().unwrap() {
        for method in ["get", "post"].into_iter().filter(|method| item.get(*method).is_some()) {
            let name = format!("{} {path}", method.to_uppercase());
            let statuses = item[method]["responses"].as_object().unwrap().keys();
            for status in statuses.filter(|status| status.starts_with(['2', '3'])) {
                let is_left_out = LEFT_OUT.contains(&name.as_str());
                assert_eq!(
                    verdict["seen"][&name].get(status).is_none(),
                    is_left_out,
                    "{name} {status} {verdict}"
                );
            }
        }
    }
}

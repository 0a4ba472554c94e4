//! The negatives of `platform/tests/stand_in`, which share no code with ours and are judged by a provider of others (`docs/calibration.md`).

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    judge::Judge,
    running::{Running, now_at, show_card},
    test_pki::Template,
};

const FAPI2: &str = "profile = \"fapi2\"\nrequire_pushed_requests = true\nrequire_signed_requests = true\n";
/// How long a code of the platform is good, in seconds.
const CODE_LIFETIME: i64 = 60;
/// What begins the names of those that are what they should be.
const RIGHT: &str = "without a fault";

/// Where somebody ends who signs in where they are asked to.
fn browse(browser: &mut Browser, platform: &Running, url: &str) -> Value {
    let path = url.strip_prefix(&format!("http://{}", platform.address)).unwrap();
    let answer = browser.get(path);
    match answer.header("location") {
        None => json!({ "status": answer.status, "signedIn": false }),
        Some(page) if page.starts_with("/interaction/") => {
            let page = page.to_owned();
            let shown = show_card(browser, &platform.address, &page, "high", Template::person());
            assert_eq!(shown.status, 200, "{}", shown.body);
            json!({ "location": browser.get(&page).location(), "signedIn": true })
        }
        Some(location) => json!({ "location": location, "signedIn": false }),
    }
}

fn verdicts() -> Vec<Value> {
    let platform = Running::new();
    let mut judge = Judge::node("stand_in/platform.mjs", &Value::Null);
    for (id, keys) in judge.hear()["register"].as_object().unwrap() {
        let registration = if id == "shop" { "" } else { FAPI2 };
        platform.with_keys(id, keys.as_array().unwrap(), registration);
    }
    let now = || now_at(&platform.address);
    let issuer = format!("http://{}", platform.address);
    judge.tell(&json!({ "issuer": issuer, "codeLifetime": CODE_LIFETIME, "now": now() }));
    let mut kept = platform.browser();
    loop {
        let asked = judge.hear();
        if let Some(verdicts) = asked["verdicts"].as_array() {
            return verdicts.clone();
        }
        let answer = if let Some(seconds) = asked["wait"].as_i64() {
            platform.later(seconds);
            json!(now())
        } else {
            let url = asked["browse"].as_str().unwrap();
            match asked["kept"].as_bool().unwrap() {
                true => browse(&mut kept, &platform, url),
                false => browse(&mut platform.browser(), &platform, url),
            }
        };
        judge.tell(&answer);
    }
}

#[test]
fn what_another_provider_refuses_the_platform_refuses() {
    let verdicts = verdicts();
    let is_right = |verdict: &Value| verdict["module"].as_str().unwrap().starts_with(RIGHT);
    let (right, negatives): (Vec<_>, Vec<_>) = verdicts.iter().partition(|verdict| is_right(verdict));
    assert_eq!((right.len(), negatives.len()), (6, 88));
    for verdict in right {
        assert_eq!(verdict["taken"], true, "{verdict}");
    }
    for verdict in negatives {
        assert_eq!(verdict["taken"], false, "{verdict}");
        let status = verdict["status"].as_u64();
        assert!(status.is_none_or(|status| status < 500), "{verdict}");
        println!("{verdict}");
    }
}

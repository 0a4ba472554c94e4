//! The sandbox: who registers themselves, what they cannot do, and the people for whom there are cards.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod relying_party;
mod running;

use bitaqa_platform::{
    administration::DeskError,
    registration::Registration,
    sandbox::self_registration::{LIFETIME, MAX_LENGTH, MAX_STANDING},
    settings::Realm,
    store::{Client, RelyingPartyStore, Store},
};
use browser::{Answer, Browser};
use relying_party::{FORM, RelyingParty, encode};
use running::{Running, START, code_of};
use serde_json::{Value, json};

fn description(name: &str) -> Value {
    let name = json!({ "ar": name, "fr": name, "en": name });
    json!({
        "authentication": "none", "redirect_uris": ["http://localhost:3000/callback"],
        "claims": ["name", "given_name", "family_name"], "require_pushed_requests": false, "minimum_level": "none",
        "contact": "dev@example.ma", "legal_basis": "to try it", "legal_name": name, "name": name, "purpose": name,
    })
}

fn post(platform: &Running, body: &str) -> Answer {
    let headers = [("content-type", "application/json")];
    Browser::new(&platform.address).raw("POST", "/register-portal", &headers, body)
}

fn registered(platform: &Running, body: &Value) -> RelyingParty {
    let answer = post(platform, &body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let id = answer.json()["client_id"].as_str().unwrap().to_owned();
    RelyingParty {
        address: platform.address.clone(),
        id,
        key: None,
        redirect_uri: "http://localhost:3000/callback".to_owned(),
    }
}

fn written(changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("name", "My site"),
        ("contact", "dev@example.ma"),
        ("redirect_uris", "http://localhost:3000/callback\r\n https://dev.example.ma/cb"),
        ("keys", ""),
    ];
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    let owned: Vec<_> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    encode(&owned)
}

#[test]
fn whoever_registers_themselves_signs_people_in_at_once_and_shares_their_subjects_with_nobody() {
    let platform = Running::new();
    let subjects: Vec<Value> = ["One", "Two"]
        .map(|name| {
            let party = registered(&platform, &description(name));
            let tokens = party.redeem(&code_of(&platform, &party, &[]), &[]).json();
            party.id_token(tokens["id_token"].as_str().unwrap())["sub"].clone()
        })
        .to_vec();
    assert_ne!(subjects[0], subjects[1], "both are on localhost");
    assert!(platform.log().contains("\"event\":\"self-registration\",\"client\":\"test-"));
    assert!(!platform.log().contains("dev@example.ma"));
}

#[test]
fn the_page_registers_without_a_script_and_lets_nothing_run_that_somebody_wrote() {
    let platform = Running::new();
    let mut browser = platform.browser();
    let page = browser.get("/register-portal?lang=en");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Register a test portal") && page.body.contains("TEST"));
    assert!(!page.body.contains("<script") && !page.body.contains("style="), "{}", page.body);
    let done = browser.post("/register-portal/form?lang=en", FORM, &written(&[]));
    assert_eq!(done.status, 200, "{}", done.body);
    let (_, id) = done.body.split_once("<code>test-").unwrap();
    let id = format!("test-{}", &id[..32]);
    let party = RelyingParty {
        address: platform.address.clone(),
        id,
        key: None,
        redirect_uri: "https://dev.example.ma/cb".to_owned(),
    };
    code_of(&platform, &party, &[]);
    // what is wrong is said, and what was written stays there as text
    let evil = "\"><script>alert(1)</script>";
    for (field, said) in
        [("contact", "contact: an e-mail address"), ("redirect_uris", "an absolute https URI")]
    {
        let refused = browser.post("/register-portal/form?lang=en", FORM, &written(&[(field, evil)]));
        assert_eq!(refused.status, 400);
        assert!(refused.body.contains(said), "{}", refused.body);
        assert!(refused.body.contains("My site") && !refused.body.contains("<script"), "{}", refused.body);
    }
    for keys in ["{", "[]", "{\"keys\":[]}", evil] {
        let refused = browser.post("/register-portal/form?lang=en", FORM, &written(&[("keys", keys)]));
        assert_eq!(refused.status, 400, "{keys}");
        assert!(!refused.body.contains("<script"));
    }
    // nor on the page where people sign in
    let party = registered(&platform, &description(evil));
    let asked = browser.get(&party.authorize(&[])).location().to_owned();
    let shown = browser.get(&asked).body;
    assert!(shown.contains("alert(1)") && !shown.contains("<script>alert"), "{shown}");
    // another site's form registers nobody
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let headers = [("content-type", FORM), (name, value)];
        let answer = browser.raw("POST", "/register-portal/form", &headers, &written(&[]));
        assert_eq!(answer.status, 403, "{name}");
    }
}

#[test]
fn a_description_that_is_wrong_says_which_member_and_registers_nobody() {
    let platform = Running::new();
    for (pointer, value, said) in [
        (
            "/redirect_uris/0",
            json!("http://dev.example.ma/cb"),
            "http://dev.example.ma/cb: an absolute https URI",
        ),
        ("/redirect_uris/0", json!("javascript:alert(1)"), "an absolute https URI"),
        ("/redirect_uris/0", json!("https://d\u{e9}v.example.ma/cb"), "an absolute https URI"),
        ("/name/ar", json!("a\u{202e}b"), "name and purpose"),
        ("/legal_name/ar", json!(""), "legal_name.ar"),
        ("/minimum_level", json!("top"), "minimum_level"),
    ] {
        let mut body = description("One");
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = post(&platform, &body.to_string());
        assert_eq!((answer.status, answer.error().as_str()), (400, "invalid_client_metadata"), "{pointer}");
        let described = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(described.contains(said), "{described}");
    }
    for (member, value) in [
        ("id", json!("bank")),
        ("sector", json!("bank.example.ma")),
        // the sandbox would send it requests, also on its own computer
        ("backchannel_logout_uri", json!("http://127.0.0.1:5432/")),
    ] {
        let mut body = description("One");
        body[member] = value;
        let answer = post(&platform, &body.to_string());
        let described = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(described.starts_with(member), "{described}");
    }
    assert_eq!(post(&platform, &" ".repeat(MAX_LENGTH + 1)).status, 400);
    let plain = [("content-type", "text/plain")];
    let answer = platform.browser().raw("POST", "/register-portal", &plain, &description("One").to_string());
    assert_eq!(answer.status, 400, "a form of another site could send it");
    platform.at_the_desk(async |desk| assert_eq!(desk.store.clients().await.unwrap(), []));
}

#[test]
fn there_are_so_many_in_a_minute_and_so_many_at_all() {
    let platform = Running::new();
    let body = description("One").to_string();
    for _ in 0..10 {
        assert_eq!(post(&platform, &body).status, 201);
    }
    let refused = post(&platform, &body);
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
    // what is wrong is answered all the same, and uses nothing up
    assert_eq!(post(&platform, "{}").status, 400);
    let shown = platform.browser().post("/register-portal/form?lang=en", FORM, &written(&[]));
    assert_eq!(shown.status, 429);
    assert!(shown.body.contains("My site"), "nothing has to be written again");
    platform.later(60);
    assert_eq!(post(&platform, &body).status, 201);
    platform.at_the_desk(async |desk| {
        let one = desk.store.clients().await.unwrap().remove(0);
        for number in 0..MAX_STANDING - 11 {
            let client = Client { id: format!("test-{number}"), ..one.clone() };
            assert!(desk.store.add_client(&client).await.unwrap());
        }
    });
    let refused = post(&platform, &body);
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("3600")));
    platform.later(LIFETIME);
    assert_eq!(post(&platform, &body).status, 201);
}

#[test]
fn it_ends_after_its_time_and_at_once_where_an_operator_suspends_it() {
    let platform = Running::new();
    let [one, two] = ["One", "Two"].map(|name| registered(&platform, &description(name)));
    let asks = |party: &RelyingParty| platform.browser().get(&party.authorize(&[])).status;
    assert_eq!((asks(&one), asks(&two)), (303, 303));
    platform.suspend(&two.id);
    assert_eq!((asks(&one), asks(&two)), (303, 400));
    platform.at_the_desk(async |desk| {
        let registration: Registration =
            serde_json::from_str(&desk.store.client(&one.id).await.unwrap().unwrap().registration).unwrap();
        let taken = desk.propose(&platform.staff.onboarder, &one.id, &registration).await;
        assert!(matches!(taken, Err(DeskError::RegisteredItself(_))));
        let up = desk.propose_to_take_up(&platform.staff.onboarder, &two.id).await;
        assert!(matches!(up, Err(DeskError::RegisteredItself(_))));
    });
    platform.later(LIFETIME - 1);
    assert_eq!(asks(&one), 303);
    platform.later(1);
    assert_eq!(asks(&one), 400);
    platform.at_the_desk(async |_| {
        platform.store.purge(START + LIFETIME).await.unwrap();
        assert_eq!(platform.store.clients().await.unwrap(), []);
    });
}

#[test]
fn what_registered_itself_is_in_no_catalogue() {
    let platform = Running::new();
    let mut body = description("Your bank");
    body["service"] = json!([{
        "id": "loan", "scope": "loan", "link": "https://elsewhere.example/", "minimum_level": "none",
        "name": { "ar": "قرض", "fr": "Crédit", "en": "Loan" },
    }]);
    registered(&platform, &body);
    assert_eq!(platform.browser().get("/services.json").json(), json!({ "services": [] }));
    assert!(!platform.browser().get("/services").body.contains("elsewhere.example"));
}

#[test]
fn in_production_nobody_registers_themselves() {
    let platform = Running::in_realm(Realm::Production);
    let mut browser = platform.browser();
    assert_eq!(browser.get("/register-portal").status, 404);
    assert_eq!(browser.post("/register-portal/form", FORM, &written(&[])).status, 404);
    assert_eq!(post(&platform, &description("One").to_string()).status, 404);
    platform.at_the_desk(async |desk| assert_eq!(desk.store.clients().await.unwrap(), []));
}

//! Services: a request that names one needs its level, and gets nothing else under its name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod relying_party;
mod running;

use relying_party::{RelyingParty, code, encode, error, text};
use running::{Running, open, sign_in, sign_in_with};
use serde_json::{Value, json};

const HIGH: &str = "urn:bitaqa:acr:test:high";
const LOW: &str = "urn:bitaqa:acr:test:low";
const API: &str = "https://api.office.example.ma/tax";

/// Two services: anybody may book, taxes are for who was seen at a counter.
const SERVICES: &str = r#"
[[service]]
id = "booking"
scope = "booking"
link = "https://office.example.ma/book"
minimum_level = "low"
[service.name]
ar = "حجز موعد"
fr = "Prendre rendez-vous"
en = "Book an appointment"
[[service]]
id = "tax-return"
scope = "tax"
resource = "https://api.office.example.ma/tax"
link = "https://office.example.ma/tax"
minimum_level = "high"
factors = ["card-and-pin"]
sensitive = true
[service.name]
ar = "التصريح الضريبي"
fr = "Déclaration fiscale"
en = "Tax return"
zgh = "ⵜⵉⵡⵉⵣⵉ"
"#;

fn office(platform: &Running) -> RelyingParty {
    platform.confidential("office", SERVICES)
}

fn introspected(office: &RelyingParty, tokens: &Value) -> Value {
    office.about("/introspect", &text(tokens, "access_token")).json()
}

#[test]
fn a_request_that_names_a_service_needs_its_level_and_says_what_was_granted() {
    let platform = Running::new();
    let office = office(&platform);
    // whoever ordered a card online may book
    let mut browser = platform.browser();
    let request = office.pushed(&[("scope", "openid booking")]);
    let location = sign_in_with(&mut browser, &platform.address, &request, "low");
    let tokens = office.redeem(&code(&location), &[]).json();
    let id_token = office.id_token(&text(&tokens, "id_token"));
    assert_eq!((&id_token["acr"], &id_token["scope"]), (&json!(LOW), &json!("openid booking")));
    assert_eq!(tokens["scope"], "openid booking");
    let told = introspected(&office, &tokens);
    assert_eq!((&told["scope"], &told["acr"]), (&json!("openid booking"), &json!(LOW)));
    assert_eq!(told["aud"], Value::Null);
    // but not see to taxes, named by scope or by resource
    for changes in [[("scope", "openid tax"), ("resource", "")], [("scope", "openid"), ("resource", API)]] {
        let mut other = platform.browser();
        let location = sign_in_with(&mut other, &platform.address, &office.pushed(&changes), "low");
        assert_eq!(error(&location), "unmet_authentication_requirements", "{changes:?}");
        let silent = office.authorize(&[&changes[..], &[("prompt", "none")]].concat());
        let location = browser.get(&silent).location().to_owned();
        assert_eq!(error(&location), "unmet_authentication_requirements", "{changes:?}");

        let location = sign_in(&mut platform.browser(), &platform.address, &office.pushed(&changes));
        let tokens = office.redeem(&code(&location), &[]).json();
        assert_eq!(tokens["scope"], "openid tax");
        let told = introspected(&office, &tokens);
        assert_eq!((&told["aud"], &told["acr"]), (&json!(API), &json!(HIGH)));
        assert_eq!(
            (&told["amr"], &told["holderVerification"]),
            (&json!(["sc", "pin", "mfa"]), &json!("pin"))
        );
    }
    // both at once need the higher level
    let both = office.pushed(&[("scope", "openid booking tax")]);
    let location = sign_in_with(&mut platform.browser(), &platform.address, &both, "low");
    assert_eq!(error(&location), "unmet_authentication_requirements");
}

#[test]
fn what_is_asked_to_be_told_lower_is_told_lower_and_was_reached_all_the_same() {
    let platform = Running::new();
    let office = office(&platform);
    let claims = json!({ "id_token": { "acr": { "essential": true, "values": [LOW] } } }).to_string();
    let request = office.authorize(&[("scope", "openid tax"), ("claims", &claims)]);
    let location = sign_in_with(&mut platform.browser(), &platform.address, &request, "low");
    assert_eq!(error(&location), "unmet_authentication_requirements");
    let location = sign_in(&mut platform.browser(), &platform.address, &request);
    let tokens = office.redeem(&code(&location), &[]).json();
    assert_eq!(office.id_token(&text(&tokens, "id_token"))["acr"], LOW);
}

#[test]
fn what_was_not_granted_cannot_be_had_at_the_token_endpoint() {
    let platform = Running::new();
    let office = office(&platform);
    let request = office.pushed(&[("scope", "openid booking offline_access")]);
    let mut browser = platform.browser();
    let location = sign_in_with(&mut browser, &platform.address, &request, "low");
    let answer = office.redeem(&code(&location), &[("resource", API)]);
    assert_eq!(answer.error(), "invalid_target");
    // the refusal used nothing up, and a scope beside a code changes nothing
    let tokens = office.redeem(&code(&location), &[("scope", "openid tax")]).json();
    assert_eq!(tokens["scope"], "openid offline_access booking");
    let refresh = |changes: &[(&str, &str)]| {
        let refresh_token = text(&tokens, "refresh_token");
        let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", &refresh_token)];
        parameters.extend(changes);
        let owned = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        office.call("/token", &owned.collect::<Vec<_>>())
    };
    assert_eq!(refresh(&[("scope", "openid tax")]).error(), "invalid_scope");
    assert_eq!(refresh(&[("scope", "openid booking tax")]).error(), "invalid_scope");
    assert_eq!(refresh(&[("resource", API)]).error(), "invalid_target");
    let fresh = refresh(&[("scope", "openid booking")]).json();
    assert_eq!(introspected(&office, &fresh)["scope"], "openid booking");
    assert_eq!(introspected(&office, &fresh)["acr"], LOW);
}

#[test]
fn what_a_service_needs_now_counts_for_what_was_granted_before() {
    let platform = Running::new();
    let office = office(&platform);
    let request = office.pushed(&[("scope", "openid booking")]);
    let location = sign_in_with(&mut platform.browser(), &platform.address, &request, "low");
    let tokens = office.redeem(&code(&location), &[]).json();
    assert_eq!(introspected(&office, &tokens)["active"], true);
    platform.replace(&office, &SERVICES.replace("\"low\"", "\"high\""));
    assert_eq!(introspected(&office, &tokens), json!({ "active": false }));
    assert_eq!(office.userinfo(&text(&tokens, "access_token")).status, 401);
    // a service that is gone is granted no more
    platform.replace(&office, "");
    assert_eq!(introspected(&office, &tokens)["scope"], "openid");
}

#[test]
fn each_service_is_agreed_to_by_its_name() {
    let platform = Running::new();
    let office = office(&platform);
    let mut browser = platform.browser();
    sign_in(&mut browser, &platform.address, &office.pushed(&[]));
    let silent = |scope: &str| office.authorize(&[("scope", scope), ("prompt", "none")]);
    assert!(browser.get(&silent("openid")).location().contains("code="));
    assert_eq!(error(browser.get(&silent("openid tax")).location()), "consent_required");
    let page = open(&mut browser, &office.pushed(&[("scope", "openid tax")]));
    for (language, name) in [("ar", "التصريح الضريبي"), ("fr", "Déclaration fiscale"), ("en", "Tax return")]
    {
        let shown = browser.get(&format!("{page}?lang={language}")).body;
        assert!(shown.contains(name) && !shown.contains("appointment"), "{shown}");
    }
}

#[test]
fn a_resource_that_nobody_knows_is_an_error_and_several_are_not() {
    let platform = Running::new();
    let other = "\n[[service]]\nid = \"fines\"\nresource = \"https://api.office.example.ma/fines\"\n\
         link = \"https://office.example.ma/fines\"\nminimum_level = \"low\"\n[service.name]\n\
         ar = \"مخالفات\"\nfr = \"Amendes\"\nen = \"Fines\"\n";
    let office = platform.confidential("office", &format!("{SERVICES}{other}"));
    for resource in ["https://api.other.example.ma/", &format!("{API}/"), "tax"] {
        let location =
            platform.browser().get(&office.authorize(&[("resource", resource)])).location().to_owned();
        assert_eq!(error(&location), "invalid_target", "{resource}");
        assert_eq!(office.push(&[("resource", resource)]).error(), "invalid_target");
    }
    let mut parameters = office.request(&[("scope", "openid"), ("resource", API)]);
    parameters.push(("resource".to_owned(), "https://api.office.example.ma/fines".to_owned()));
    let request = format!("/authorize?{}", encode(&parameters));
    let location = sign_in(&mut platform.browser(), &platform.address, &request);
    let tokens = office.redeem(&code(&location), &[]).json();
    let told = introspected(&office, &tokens);
    assert_eq!(told["aud"], json!([API, "https://api.office.example.ma/fines"]));
}

#[test]
fn the_catalogue_has_the_services_of_all_portals_that_are_not_suspended() {
    let platform = Running::new();
    assert!(platform.browser().get("/services").body.contains("لا توجد خدمات بعد"));
    office(&platform);
    platform.public("bank", "minimum_level = \"substantial\"\n");
    let shown = platform.browser().get("/services");
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("<html lang=\"ar\" dir=\"rtl\">"));
    for part in ["موقع office", "حجز موعد", "href=\"https://office.example.ma/book\"", "مرتفع"]
    {
        assert!(shown.body.contains(part), "{part}: {}", shown.body);
    }
    assert!(!shown.body.contains("موقع bank"), "it has none");
    assert!(platform.browser().get("/services?lang=en").body.contains("Book an appointment"));
    let told = platform.browser().get("/services.json").json();
    let services = told["services"].as_array().unwrap();
    assert_eq!(services.len(), 2);
    assert_eq!(
        services[1],
        json!({
            "client_id": "office",
            "client_name": { "ar": "موقع office", "fr": "Le site office", "en": "The site office" },
            "id": "tax-return",
            "name": {
                "ar": "التصريح الضريبي", "fr": "Déclaration fiscale", "en": "Tax return", "zgh": "ⵜⵉⵡⵉⵣⵉ"
            },
            "link": "https://office.example.ma/tax",
            "scope": "tax",
            "resource": API,
            "minimum_level": "high",
            "acr": HIGH,
            "factors": ["card-and-pin"],
        })
    );
    platform.suspend("office");
    assert_eq!(platform.browser().get("/services.json").json(), json!({ "services": [] }));
    assert!(!platform.browser().get("/services").body.contains("office"));
}

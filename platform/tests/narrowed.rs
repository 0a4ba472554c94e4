//! Tokens for a part of what was granted (RFC 6749 section 6, RFC 8707 section 2.2): what they are good for, and that the grant stays whole.

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

use browser::Answer;
use relying_party::{RelyingParty, code, text};
use running::{Running, sign_in};
use serde_json::{Value, json};

const TAX: &str = "https://api.office.example.ma/tax";
const FILES: &str = "https://api.office.example.ma/files";
const ALL: &str = "openid profile offline_access booking tax";
/// The name with how it was verified.
const VERIFIED: &str =
    r#"{"userinfo":{"verified_claims":{"verification":{"trust_framework":null},"claims":{"name":null}}}}"#;

/// One with a scope, one with both, one with an API alone.
const SERVICES: [(&str, &str); 3] = [
    ("booking", "scope = \"booking\"\n"),
    ("tax-return", "scope = \"tax\"\nresource = \"https://api.office.example.ma/tax\"\n"),
    ("files", "resource = \"https://api.office.example.ma/files\"\n"),
];

fn services() -> String {
    SERVICES
        .map(|(id, named)| {
            format!(
                "\n[[service]]\nid = \"{id}\"\n{named}link = \"https://office.example.ma/{id}\"\n\
                 minimum_level = \"low\"\n[service.name]\nar = \"{id}\"\nfr = \"{id}\"\nen = \"{id}\"\n"
            )
        })
        .concat()
}

/// A portal, and a grant of everything that it has.
struct Visit {
    platform: Running,
    office: RelyingParty,
    code: String,
}

impl Visit {
    fn begin(register: impl Fn(&Running) -> RelyingParty) -> Self {
        let platform = Running::new();
        let office = register(&platform);
        let scope = "openid profile booking tax offline_access";
        let mut request = office.authorize(&[("scope", scope), ("claims", VERIFIED)]);
        for resource in [TAX, FILES] {
            request.push_str(&format!("&resource={}", resource.replace(':', "%3A").replace('/', "%2F")));
        }
        let location = sign_in(&mut platform.browser(), &platform.address, &request);
        Self { code: code(&location), platform, office }
    }

    fn confidential() -> Self {
        Self::begin(|platform| platform.confidential("office", &services()))
    }

    fn redeemed(&self, resources: &[&str]) -> Answer {
        let named = resources.iter().map(|resource| ("resource".to_owned(), (*resource).to_owned()));
        let parameters: Vec<_> = self.office.redemption(&self.code, &[]).into_iter().chain(named).collect();
        self.office.call("/token", &parameters)
    }

    fn refreshed(&self, token: &str, named: &[(&str, &str)]) -> Answer {
        let given = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let parameters =
            given.iter().chain(named).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.office.call("/token", &parameters.collect::<Vec<_>>())
    }

    fn introspected(&self, token: &str) -> Value {
        let told = self.office.about("/introspect", token).json();
        assert_eq!(told["active"], true, "{told}");
        told
    }
}

/// What the access token is for, by the answer and by introspection, which have to agree.
fn scope_and_audience(visit: &Visit, tokens: &Value) -> (Value, Value) {
    let told = visit.introspected(&text(tokens, "access_token"));
    assert_eq!(told.get("scope"), tokens.get("scope"));
    (tokens["scope"].clone(), told["aud"].clone())
}

#[test]
fn an_access_token_is_for_what_is_named_and_the_grant_stays_whole() {
    let visit = Visit::confidential();
    let tokens = visit.redeemed(&[]).json();
    assert_eq!(scope_and_audience(&visit, &tokens), (json!(ALL), json!([TAX, FILES])));
    let refresh = text(&tokens, "refresh_token");
    let subject = visit.office.userinfo(&text(&tokens, "access_token")).json()["sub"].clone();
    for (named, scope, audience) in [
        (&[("scope", "openid")][..], json!("openid"), Value::Null),
        (&[("scope", "openid profile booking")], json!("openid profile booking"), Value::Null),
        (&[("scope", "tax")], json!("tax"), json!(TAX)),
        (&[("scope", " openid  tax ")], json!("openid tax"), json!(TAX)),
        (&[("resource", TAX)], json!("tax"), json!(TAX)),
        (&[("resource", FILES)], Value::Null, json!(FILES)),
        (&[("resource", TAX), ("resource", FILES)], json!("tax"), json!([TAX, FILES])),
        (&[("scope", "openid tax"), ("resource", TAX)], json!("tax"), json!(TAX)),
        (&[("scope", "booking tax"), ("resource", TAX)], json!("tax"), json!(TAX)),
        // the whole, named
        (&[("scope", ALL)], json!(ALL), json!([TAX, FILES])),
        (&[], json!(ALL), json!([TAX, FILES])),
    ] {
        let answer = visit.refreshed(&refresh, named);
        assert_eq!(answer.status, 200, "{named:?}: {}", answer.body);
        let narrowed = answer.json();
        assert_eq!(scope_and_audience(&visit, &narrowed), (scope, audience), "{named:?}");
        // it is still about the whole, and about the same person
        let id_token = visit.office.id_token(&text(&narrowed, "id_token"));
        assert_eq!((&id_token["sub"], &id_token["scope"]), (&subject, &json!(ALL)), "{named:?}");
    }
    assert_eq!(visit.introspected(&refresh)["scope"], ALL);
}

#[test]
fn a_token_without_openid_is_none_for_userinfo_and_one_without_profile_tells_no_names() {
    let visit = Visit::confidential();
    let tokens = visit.redeemed(&[]).json();
    let refresh = text(&tokens, "refresh_token");
    let asked = |named: &[(&str, &str)]| {
        let narrowed = visit.refreshed(&refresh, named).json();
        visit.office.userinfo(&text(&narrowed, "access_token"))
    };
    for named in
        [&[("resource", TAX)][..], &[("scope", "tax")], &[("scope", "openid profile tax"), ("resource", TAX)]]
    {
        let answer = asked(named);
        assert_eq!(answer.status, 403, "{named:?}");
        let said = answer.header("www-authenticate").unwrap();
        assert!(said.starts_with("Bearer error=\"insufficient_scope\""), "{said}");
        assert!(said.ends_with("scope=\"openid\"") && said.contains("narrowed"), "{said}");
    }
    for named in [&[("scope", "openid profile")][..], &[]] {
        let told = asked(named).json();
        let verified = &told["verified_claims"]["claims"]["name"];
        assert_eq!([&told["name"], verified], ["أمينة المثال"; 2], "{named:?}: {told}");
    }
    let told = asked(&[("scope", "openid")]).json();
    assert_eq!(told.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
}

#[test]
fn a_code_gives_a_token_for_the_api_that_is_named_and_a_refresh_token_for_all() {
    let visit = Visit::confidential();
    // the refusals use nothing up
    assert_eq!(visit.redeemed(&["https://api.office.example.ma/other"]).error(), "invalid_target");
    assert_eq!(visit.redeemed(&[TAX, "https://api.office.example.ma/other"]).error(), "invalid_target");
    let tokens = visit.redeemed(&[TAX]).json();
    assert_eq!(scope_and_audience(&visit, &tokens), (json!("tax"), json!(TAX)));
    assert_eq!(visit.office.userinfo(&text(&tokens, "access_token")).status, 403);
    let whole = visit.refreshed(&text(&tokens, "refresh_token"), &[]).json();
    assert_eq!(scope_and_audience(&visit, &whole), (json!(ALL), json!([TAX, FILES])));
}

#[test]
fn what_is_named_twice_over_and_fits_nowhere_is_refused() {
    let visit = Visit::confidential();
    let refresh = text(&visit.redeemed(&[]).json(), "refresh_token");
    for (named, error) in [
        (&[("scope", "openid other")][..], "invalid_scope"),
        (&[("scope", "booking"), ("resource", TAX)], "invalid_scope"),
        (&[("scope", "openid profile"), ("resource", FILES)], "invalid_scope"),
        (&[("scope", "tax"), ("resource", "https://elsewhere.example/")], "invalid_target"),
    ] {
        let answer = visit.refreshed(&refresh, named);
        assert_eq!((answer.status, answer.error().as_str()), (400, error), "{named:?}");
    }
}

#[test]
fn a_portal_without_keys_gets_a_refresh_token_for_all_each_time() {
    let visit = Visit::begin(|platform| platform.public("office", &services()));
    let first = visit.redeemed(&[FILES]).json();
    assert_eq!(first.get("scope"), None, "an API that has none");
    let second = visit.refreshed(&text(&first, "refresh_token"), &[("scope", "openid")]).json();
    assert_eq!(second["scope"], "openid");
    let third = visit.refreshed(&text(&second, "refresh_token"), &[]).json();
    assert_eq!(third["scope"], ALL);
}

#[test]
fn a_service_that_is_gone_is_in_no_token() {
    let visit = Visit::confidential();
    let refresh = text(&visit.redeemed(&[]).json(), "refresh_token");
    let narrowed = visit.refreshed(&refresh, &[("resource", TAX)]).json();
    visit.platform.replace(&visit.office, "");
    let told = visit.introspected(&text(&narrowed, "access_token"));
    assert_eq!((told.get("scope"), told.get("aud")), (None, None));
    assert_eq!(visit.refreshed(&refresh, &[("resource", TAX)]).error(), "invalid_target");
}

//! What the relying party learns, and in which language.

use serde_json::{Value, json};

use crate::{
    conversation::{Conversation, Mode, Tokens, says},
    test_pki::{Template, der},
};

const NAMES: [&str; 3] = ["name", "given_name", "family_name"];

/// A request with a scope succeeds; userinfo alone says what it stands for.
fn with_scope(mode: Mode, scope: &str) -> (Conversation, Tokens) {
    let mut all = Conversation::new(mode);
    let tokens = all.succeed(&[("scope", scope)]);
    let named = scope.split(' ').any(|word| word == "profile");
    for name in NAMES {
        assert_eq!(tokens.userinfo.get(name).is_some(), named, "{name}");
        assert!(
            tokens.claims.get(name).is_none(),
            "{name}: userinfo says it (OpenID Connect Core section 5.4)"
        );
    }
    (all, tokens)
}

/// The same for claims that there are none of.
fn without_claims(mode: Mode, scope: &str, claims: &[&str]) {
    let (mut all, tokens) = with_scope(mode, scope);
    let described = all.discovery();
    for claim in claims {
        assert!(!says(&described["claims_supported"], claim), "{claim}");
        assert!(tokens.userinfo.get(*claim).is_none(), "{claim}");
    }
}

pub(crate) fn oidcc_scope_profile(mode: Mode) {
    let (mut all, tokens) = with_scope(mode, "openid profile");
    assert_eq!(tokens.userinfo["name"], "أمينة المثال");
    let described = all.discovery();
    assert!(says(&described["scopes_supported"], "profile"));
    for name in NAMES {
        assert!(says(&described["claims_supported"], name), "{name}");
    }
}

pub(crate) fn oidcc_scope_email(mode: Mode) {
    without_claims(mode, "openid email", &["email", "email_verified"]);
}

pub(crate) fn oidcc_scope_address(mode: Mode) {
    without_claims(mode, "openid address", &["address"]);
}

pub(crate) fn oidcc_scope_phone(mode: Mode) {
    without_claims(mode, "openid phone", &["phone_number", "phone_number_verified"]);
}

pub(crate) fn oidcc_scope_all(mode: Mode) {
    with_scope(mode, "openid profile email address phone");
}

/// Parameters and scopes in another order.
pub(crate) fn oidcc_alternate_happy_flow(mode: Mode) {
    let mut all = Conversation::new(mode);
    let request = all.request(&[("scope", "profile openid")]);
    let (path, query) = request.split_once('?').unwrap();
    let reversed: Vec<&str> = query.rsplit('&').collect();
    let answered = all.follow(&format!("{path}?{}", reversed.join("&")));
    let tokens = all.redeem(&answered);
    assert_eq!(tokens.userinfo["name"], "أمينة المثال");
}

pub(crate) fn oidcc_claims_essential(mode: Mode) {
    let mut all = Conversation::new(mode);
    let claims = json!({ "userinfo": { "name": { "essential": true } } }).to_string();
    let tokens = all.succeed(&[("scope", "openid"), ("claims", &claims)]);
    assert_eq!(tokens.userinfo["name"], "أمينة المثال");
    assert!(tokens.claims.get("name").is_none());
    let without = all.succeed(&[("scope", "openid")]);
    assert!(without.userinfo.get("name").is_none());
}

pub(crate) fn oidcc_claims_locales(mode: Mode) {
    let mut all = Conversation::new(mode);
    all.succeed(&[("claims_locales", "se")]);
    // a card with the name in two scripts
    let person = || {
        let name = der::name(&[
            ("2.5.4.4", "المثال"),
            ("2.5.4.4", "El Mithal"),
            ("2.5.4.42", "أمينة"),
            ("2.5.4.42", "Amina"),
            ("2.5.4.5", "IDCMA-BE123457"),
        ]);
        Template { name, ..Template::person() }
    };
    for (locales, expected) in [
        ("", ["أمينة المثال", "أمينة", "المثال"]),
        ("se", ["أمينة المثال", "أمينة", "المثال"]),
        ("ar-MA", ["أمينة المثال", "أمينة", "المثال"]),
        ("fr", ["Amina El Mithal", "Amina", "El Mithal"]),
        ("se en ar", ["Amina El Mithal", "Amina", "El Mithal"]),
    ] {
        all.browser = all.platform.browser();
        let request = all.request(&[("claims_locales", locales)]);
        let answered = all.follow_with(&request, person());
        let userinfo = all.redeem(&answered).userinfo;
        let told: [&Value; 3] = NAMES.map(|name| &userinfo[name]);
        assert_eq!(told, expected, "{locales}");
    }
    // where there is only one, it is given
    all.browser = all.platform.browser();
    assert_eq!(all.succeed(&[("claims_locales", "fr")]).userinfo["given_name"], "أمينة");
}

pub(crate) fn oidcc_ensure_request_with_acr_values_succeeds(mode: Mode) {
    let mut all = Conversation::new(mode);
    let offered = all.discovery()["acr_values_supported"].clone();
    let wanted: Vec<&str> = offered.as_array().unwrap().iter().map(|acr| acr.as_str().unwrap()).collect();
    let tokens = all.succeed(&[("acr_values", &wanted.join(" "))]);
    assert!(says(&offered, tokens.claims["acr"].as_str().unwrap()));
}

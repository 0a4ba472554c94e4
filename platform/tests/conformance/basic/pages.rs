//! Whether the person sees a page, and which.

use crate::{
    conversation::{Conversation, Mode, says},
    running::START,
    test_pki::Template,
};

pub(crate) fn oidcc_display_page(mode: Mode) {
    displayed(mode, "page");
}

pub(crate) fn oidcc_display_popup(mode: Mode) {
    displayed(mode, "popup");
}

fn displayed(mode: Mode, display: &str) {
    let mut all = Conversation::new(mode);
    assert!(says(&all.discovery()["display_values_supported"], display));
    all.succeed(&[("display", display)]);
}

pub(crate) fn oidcc_prompt_login(mode: Mode) {
    let mut all = Conversation::new(mode);
    let first = all.succeed(&[]);
    all.platform.later(1);
    assert!(!all.go(&[]).signed_in);
    let answered = all.go(&[("prompt", "login")]);
    assert!(answered.signed_in);
    let second = all.redeem(&answered);
    assert_eq!(second.claims["sub"], first.claims["sub"]);
    assert_eq!(
        (first.claims["auth_time"].as_i64(), second.claims["auth_time"].as_i64()),
        (Some(START), Some(START + 1))
    );
}

pub(crate) fn oidcc_prompt_none_not_logged_in(mode: Mode) {
    let mut all = Conversation::new(mode);
    let answered = all.go(&[("prompt", "none")]);
    assert_eq!((answered.error(), answered.parameters["state"].as_str()), ("login_required", "a state"));
    assert!(!answered.parameters.contains_key("code"));
    all.succeed(&[]);
    assert!(all.go(&[("prompt", "none")]).parameters.contains_key("code"));
}

pub(crate) fn oidcc_prompt_none_logged_in(mode: Mode) {
    let mut all = Conversation::new(mode);
    let first = all.succeed(&[]);
    all.platform.later(1);
    let answered = all.go(&[("prompt", "none")]);
    assert!(!answered.signed_in);
    let second = all.redeem(&answered);
    for name in ["sub", "auth_time", "sid"] {
        assert_eq!(second.claims[name], first.claims[name], "{name}");
    }
}

pub(crate) fn oidcc_max_age_1(mode: Mode) {
    let mut all = Conversation::new(mode);
    let first = all.succeed(&[]);
    all.platform.later(2);
    let answered = all.go(&[("max_age", "1")]);
    assert!(answered.signed_in, "it is longer ago");
    let second = all.redeem(&answered);
    assert_eq!(second.claims["sub"], first.claims["sub"]);
    assert_eq!(second.claims["auth_time"].as_i64(), Some(START + 2));
}

pub(crate) fn oidcc_max_age_10000(mode: Mode) {
    let mut all = Conversation::new(mode);
    let first = all.succeed(&[]);
    all.platform.later(2);
    let answered = all.go(&[("max_age", "10000")]);
    assert!(!answered.signed_in);
    let second = all.redeem(&answered);
    assert_eq!(second.claims["auth_time"], first.claims["auth_time"]);
    all.platform.later(10_000);
    assert!(all.go(&[("max_age", "10000")]).signed_in);
}

pub(crate) fn oidcc_id_token_hint(mode: Mode) {
    let mut all = Conversation::new(mode);
    let first = all.succeed(&[]);
    let answered = all.go(&[("prompt", "none"), ("id_token_hint", &first.id_token)]);
    assert_eq!(all.redeem(&answered).claims["sub"], first.claims["sub"]);
    // another person is signed in
    all.browser = all.platform.browser();
    let name = crate::test_pki::der::name(&[("2.5.4.5", "IDCMA-X1")]);
    let request = all.request(&[]);
    all.follow_with(&request, Template { name, ..Template::person() });
    assert!(all.go(&[("prompt", "none")]).parameters.contains_key("code"));
    let answered = all.go(&[("prompt", "none"), ("id_token_hint", &first.id_token)]);
    assert_eq!(answered.error(), "login_required");
}

pub(crate) fn oidcc_login_hint(mode: Mode) {
    let mut all = Conversation::new(mode);
    let hint = "buffy@sunnydale.example";
    all.succeed(&[("login_hint", hint)]);
    all.succeed(&[("login_hint", &"x".repeat(2000)), ("prompt", "none")]);
    let pushed = all.party.pushed(&all.changes(&[("login_hint", hint)]));
    let answered = all.follow(&pushed);
    all.redeem(&answered);
    // it may say who somebody is
    assert!(all.platform.log().contains("\"event\":\"sign-in\""));
    assert!(!all.platform.log().contains("buffy") && !format!("{:?}", all.platform.store).contains("buffy"));
}

pub(crate) fn oidcc_ui_locales(mode: Mode) {
    let mut all = Conversation::new(mode);
    for (locales, language) in [("se", "ar"), ("se fr en", "fr"), ("en", "en")] {
        let page = all.page(&[("ui_locales", locales)]);
        let shown = all.browser.get(&page).body;
        assert!(shown.contains(&format!("<html lang=\"{language}\"")), "{locales}");
    }
    all.succeed(&[("ui_locales", "se")]);
}

//! What the pages show, and what they do not.

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    administration::{Draft, Task},
    secret::fill,
};

use crate::{
    PAGES,
    browser::{Answer, Browser},
    form,
    relying_party::FORM,
    running::Running,
    signed_in,
};

#[test]
fn a_window_never_stays_empty_and_leads_nowhere_else() {
    let running = Running::new();
    let mut browser = Browser::new(&running.administration);
    let seen = [("sec-fetch-mode", "navigate"), ("accept-language", "fr")];
    for path in ["/nothing", "//evil.example/x", "///evil.example", "/%5Cevil.example"] {
        let shown = browser.raw("GET", path, &seen, "");
        assert_eq!(shown.status, 404, "{path}");
        assert!(
            shown.body.contains("<html lang=\"fr\"") && shown.body.contains("Cette page"),
            "{}",
            shown.body
        );
        for address in shown.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let is_ours = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
            assert!(is_ours || address == "#main", "{path}: {address}");
        }
    }
    assert_eq!(browser.raw("GET", "/nothing", &[], "").body, "");
}

#[test]
fn what_others_wrote_is_shown_as_text() {
    const MARKUP: &str = "<script>alert(2)</script>";
    let running = Running::new();
    let addresses = "redirect_uris = [\"https://xn--bnk-sna.example.ma/in\", \"https://bank.example.ma/in\"]\n\
                     sector = \"bank.example.ma\"\n";
    running.confidential("bank", addresses);
    running.at_the_desk(async |desk| {
        let client = desk.store.client("bank").await.unwrap().unwrap();
        let registration = client.registration.replace("The site bank", MARKUP);
        let registration = registration.replace("Example Act, article 4", &format!("{MARKUP} {MARKUP}"));
        let registration = serde_json::from_str(&registration).unwrap();
        desk.propose(&running.staff.onboarder, "bank", &registration).await.unwrap();
    });
    let mut browser = signed_in(&running, &running.staff.authoriser);
    let waiting = browser.get("/portals/bank?lang=en").body;
    assert_eq!(waiting.matches("punycode").count(), 2, "in what stays and in what counts: {waiting}");
    assert!(!waiting.contains("<script>") && waiting.contains("&#60;script&#62;alert(2)"), "{waiting}");
    let digest = waiting.split("name=\"proposal\" value=\"").nth(1).unwrap()[..64].to_owned();
    running.at_the_desk(async |desk| {
        desk.approve(&running.staff.authoriser, "bank", &digest).await.unwrap();
        desk.suspend(&running.staff.onboarder, "bank", MARKUP).await.unwrap();
    });
    let query = form(&[("lang", "en"), ("operator", MARKUP), ("portal", MARKUP), ("page", MARKUP)]);
    for page in PAGES {
        let shown = browser.get(&format!("{page}?{query}")).body;
        assert!(!shown.is_empty(), "{page}");
        assert!(!shown.contains("<script>"), "{page}: {shown}");
    }
    let shown = browser.get("/portals/bank?lang=en").body;
    assert!(shown.contains("&#60;script&#62;alert(2)"), "{shown}");
    let draft = browser.post(
        "/portals/bank/draft?lang=en",
        FORM,
        &form(&[("work", "suspend"), ("reason", "\"><script>alert(3)</script>")]),
    );
    assert!(!draft.body.contains("<script>") && draft.body.contains("alert(3)"), "{}", draft.body);
}

#[test]
fn long_lists_are_shown_a_page_at_a_time() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut browser = signed_in(&running, &running.staff.authoriser);
    running.at_the_desk(async |desk| {
        for _ in 0..60 {
            desk.suspend(&running.staff.authoriser, "bank", "again").await.unwrap();
        }
    });
    let rows = |answer: &Answer| answer.body.matches("<tr").count() - 1;
    for (query, expected) in [
        ("", 25),
        ("page=3", 12),
        ("page=99", 12),
        ("page=0", 25),
        ("page=-1", 25),
        ("page=99999999999999999999999", 25),
        ("operator=onboarder", 1),
        ("portal=bank&operator=authoriser&page=3", 11),
    ] {
        let answer = browser.get(&format!("/audit?lang=en&{query}"));
        assert_eq!(rows(&answer), expected, "{query}");
    }
    assert!(browser.get("/audit?lang=en&operator=nobody").body.contains("nothing to show"));
    let answer = browser.get("/audit?lang=en&portal=bank&page=2");
    assert!(answer.body.contains("/audit?portal=bank&#38;page=3&#38;lang=en"), "{}", answer.body);
}

#[test]
fn the_trail_says_when_it_does_not_hold() {
    let running = Running::new();
    running.confidential("bank", "");
    let mut browser = signed_in(&running, &running.staff.authoriser);
    assert!(browser.get("/audit?lang=en").body.contains("All chains hold"));
    let stranger = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    running.at_the_desk(async |desk| {
        let mut forged = Draft::parse(
            desk.draft(
                desk.operators.named("authoriser").unwrap(),
                &Task::Suspend { client: "bank".to_owned(), reason: "<script>alert(1)</script>".to_owned() },
            )
            .await
            .unwrap()
            .signing_input(),
        )
        .unwrap()
        .entry;
        forged.number += 1;
        let text = forged.sign(&stranger).unwrap();
        assert!(desk.store.add_entry("authoriser", forged.number, &text).await.unwrap());
    });
    let shown = browser.get("/audit?lang=en").body;
    assert!(shown.contains("The audit trail does not hold"), "{shown}");
    for fault in ["entries 2 to 2 are gone", "did not sign it"] {
        assert!(shown.contains(fault), "{fault}: {shown}");
    }
    assert!(shown.contains("&#60;script&#62;alert(1)") && !shown.contains("<script>alert"), "{shown}");
}

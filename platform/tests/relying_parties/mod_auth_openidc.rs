//! `mod_auth_openidc` lets people into a page of an Apache: private_key_jwt, ID tokens and logout tokens with RS256, PKCE, userinfo,
//! sign-out from both sides.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    apache::Apache,
    browser::{Answer, Browser},
    is_signed_in,
    process::Program,
    relying_party::RelyingParty,
    running::{sign_in, write_registration_with},
};

/// What an attacker makes of an answer's address.
type Change<'a> = &'a dyn Fn(&str) -> String;

/// A platform, an Apache that it knows, and somebody's browser at each of the two.
struct Visit {
    program: Program,
    apache: Apache,
    witness: RelyingParty,
    at_platform: Browser,
    at_apache: Browser,
}

/// As browsers ask for a page; the module sends nobody else away to sign in.
fn page_of(browser: &mut Browser, path: &str) -> Answer {
    browser.raw("GET", path, &[("accept", "text/html")], "")
}

impl Visit {
    fn begin() -> Self {
        let program = Program::start();
        let mut apache = Apache::set_up();
        let registration = format!(
            "redirect_uris = [\"{0}\"]\npost_logout_redirect_uris = [\"{1}\"]\nsector = \"apache.example\"\n\
             id_token_signed_response_alg = \"RS256\"\n\
             backchannel_logout_uri = \"{0}?logout=backchannel\"\nbackchannel_logout_session_required = true\n",
            apache.url("/callback"),
            apache.url("/bye")
        );
        let file =
            write_registration_with(program.folder.path(), "apache", Some(&apache.keys()), &registration);
        program.approve("apache", &["propose", file.to_str().unwrap()]);
        let witness = program.register("witness", None, "");
        apache.start(&format!("http://{}", program.address), "apache");
        let (at_platform, at_apache) = (Browser::new(&program.address), Browser::new(&apache.address));
        Self { program, apache, witness, at_platform, at_apache }
    }

    fn asks_for_the_page(&mut self) -> Answer {
        page_of(&mut self.at_apache, "/private")
    }

    /// Where the Apache sends the browser.
    fn to(&self, answer: &Answer) -> String {
        assert_eq!(answer.status, 302, "{} {}", answer.body, self.apache.log());
        answer.header("location").unwrap().to_owned()
    }

    fn signs_in(&mut self) {
        let answer = self.asks_for_the_page();
        let request = self.to(&answer);
        for part in ["code_challenge_method=S256", "code_challenge=", "nonce=", "state="] {
            assert!(request.contains(part), "{request}");
        }
        let callback = sign_in(&mut self.at_platform, &self.program.address, &request);
        assert!(callback.starts_with(&self.apache.url("/callback?")), "{callback}");
        let answer = page_of(&mut self.at_apache, callback.strip_prefix(&self.apache.url("")).unwrap());
        assert_eq!(self.to(&answer), self.apache.url("/private"));
    }

    /// What the Apache knows of who is there.
    fn known(&mut self) -> Value {
        let answer = self.at_apache.get("/callback?info=json");
        assert_eq!(answer.status, 200, "{}", self.apache.log());
        answer.json()
    }
}

#[test]
fn mod_auth_openidc_lets_whoever_signed_in_see_the_page() {
    let mut visit = Visit::begin();
    visit.signs_in();
    let page = visit.asks_for_the_page();
    assert_eq!((page.status, page.body.as_str()), (200, "the page private\n"));
    let known = visit.known();
    let subject = known["id_token"]["sub"].as_str().unwrap();
    assert_eq!(page.header("x-remote-user"), Some(subject));
    assert_eq!(known["userinfo"]["sub"], subject);
    assert_eq!(known["userinfo"]["name"], "أمينة المثال");
    assert_eq!(known["id_token"]["acr"], "urn:bitaqa:acr:test:high");
}

#[test]
fn mod_auth_openidc_ends_its_session_when_the_platform_tells_it_to() {
    let mut visit = Visit::begin();
    visit.signs_in();
    // somebody else's session, which goes on
    let mut other = Visit { at_platform: Browser::new(&visit.program.address), ..visit };
    let mut first = std::mem::replace(&mut other.at_apache, Browser::new(&other.apache.address));
    other.signs_in();
    assert_eq!(page_of(&mut first, "/private").status, 200);
    assert_eq!(other.at_platform.post("/signed-out", "", "").status, 200);
    let limit = Instant::now() + Duration::from_secs(60);
    while other.asks_for_the_page().status == 200 {
        assert!(Instant::now() < limit, "{}", other.apache.log());
        thread::sleep(Duration::from_millis(50));
    }
    let answer = other.asks_for_the_page();
    assert!(other.to(&answer).starts_with(&format!("http://{}/authorize?", other.program.address)));
    assert_eq!(page_of(&mut first, "/private").status, 200, "{}", other.apache.log());
    let log = other.program.stop();
    assert!(
        log.contains("\"event\":\"back-channel-logout\",\"outcome\":\"told\",\"client\":\"apache\""),
        "{log}"
    );
}

#[test]
fn mod_auth_openidc_signs_the_person_out_at_the_platform() {
    let mut visit = Visit::begin();
    visit.signs_in();
    assert!(is_signed_in(&mut visit.at_platform, &visit.witness));
    let wanted = visit.apache.url("/bye").replace(':', "%3A").replace('/', "%2F");
    let answer = page_of(&mut visit.at_apache, &format!("/callback?logout={wanted}"));
    let end = visit.to(&answer);
    assert!(end.contains("id_token_hint=") && end.contains("post_logout_redirect_uri="), "{end}");
    assert_eq!(visit.at_platform.get(&end).location(), visit.apache.url("/bye"));
    assert!(!is_signed_in(&mut visit.at_platform, &visit.witness));
    assert_eq!(visit.at_apache.get("/bye").body, "the page bye\n");
    let answer = visit.asks_for_the_page();
    assert!(visit.to(&answer).contains("/authorize?"));
}

#[test]
fn mod_auth_openidc_lets_nobody_in_with_an_answer_that_was_changed_on_the_way() {
    let mut visit = Visit::begin();
    let issuer = format!("iss=http%3A%2F%2F{}", visit.program.address.replace(':', "%3A"));
    let mut attacker = Browser::new(&visit.program.address);
    let theirs = page_of(&mut Browser::new(&visit.apache.address), "/private");
    let theirs = sign_in(&mut attacker, &visit.program.address, &visit.to(&theirs));
    let code_of = |callback: &str| crate::relying_party::answered(callback)["code"].clone();
    let changes: [(&str, Change<'_>); 3] = [
        ("state", &|callback| callback.replace("state=", "state=x")),
        ("iss", &|callback| callback.replace(&issuer, "iss=https%3A%2F%2Fother.example")),
        ("code", &|callback| callback.replace(&code_of(callback), &code_of(&theirs))),
    ];
    for (name, change) in changes {
        visit.at_apache.cookies.clear();
        let answer = visit.asks_for_the_page();
        let request = visit.to(&answer);
        let callback = sign_in(&mut Browser::new(&visit.program.address), &visit.program.address, &request);
        let changed = change(&callback);
        assert_ne!(changed, callback, "{name}");
        let answer = page_of(&mut visit.at_apache, changed.strip_prefix(&visit.apache.url("")).unwrap());
        assert_ne!(answer.header("location"), Some(visit.apache.url("/private").as_str()), "{name}");
        assert_eq!(visit.asks_for_the_page().status, 302, "{name}");
    }
    assert_ne!(visit.at_apache.get("/callback?info=json").status, 200);
}

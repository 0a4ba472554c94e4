//! A relying party, a person's browser and the platform.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    browser::{Answer, Browser},
    relying_party::{FORM, RelyingParty},
    running::{Running, open, show_card},
    test_pki::Template,
};

/// How answers get to the relying party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In the address, which is the ordinary way.
    Query,
    /// In a form (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

pub(crate) struct Conversation {
    pub(crate) platform: Running,
    pub(crate) party: RelyingParty,
    pub(crate) browser: Browser,
    mode: Mode,
}

/// What the relying party got.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) parameters: BTreeMap<String, String>,
    /// Whether the person had to sign in for it.
    pub(crate) signed_in: bool,
}

impl Answered {
    pub(crate) fn code(&self) -> &str {
        self.parameters.get("code").unwrap_or_else(|| panic!("{self:?}"))
    }

    pub(crate) fn error(&self) -> &str {
        self.parameters.get("error").unwrap_or_else(|| panic!("{self:?}"))
    }
}

/// What came of a code.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) id_token: String,
    /// What the ID token says.
    pub(crate) claims: Value,
    pub(crate) userinfo: Value,
}

impl Conversation {
    pub(crate) fn new(mode: Mode) -> Self {
        Self::with(Running::new(), mode, "")
    }

    /// With what a relying party's registration says otherwise.
    pub(crate) fn with(platform: Running, mode: Mode, changes: &str) -> Self {
        let (party, browser) = (platform.confidential("bank", changes), platform.browser());
        Self { platform, party, browser, mode }
    }

    /// The address of a request, with the plan's mode.
    pub(crate) fn request(&self, changes: &[(&str, &str)]) -> String {
        self.party.authorize(&self.changes(changes))
    }

    pub(crate) fn changes<'a>(&self, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mode = (self.mode == Mode::FormPost).then_some(("response_mode", "form_post"));
        mode.into_iter().chain(changes.iter().copied()).collect()
    }

    /// Sends the browser with a request; the person signs in where they are asked to.
    pub(crate) fn go(&mut self, changes: &[(&str, &str)]) -> Answered {
        let request = self.request(changes);
        self.follow(&request)
    }

    pub(crate) fn follow(&mut self, request: &str) -> Answered {
        self.follow_with(request, Template::person())
    }

    pub(crate) fn follow_with(&mut self, request: &str, person: Template) -> Answered {
        let answer = self.browser.get(request);
        let page = answer.header("location").filter(|to| to.starts_with("/interaction/")).map(str::to_owned);
        match page {
            None => self.read(&answer, false),
            Some(page) => self.sign_in(&page, person),
        }
    }

    pub(crate) fn sign_in(&mut self, page: &str, person: Template) -> Answered {
        assert_eq!(self.browser.get(page).status, 200);
        let answer = show_card(&mut self.browser, &self.platform.address, page, "high", person);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = self.browser.get(page);
        self.read(&answer, true)
    }

    /// Sends the browser with a request at which a page has to be shown.
    pub(crate) fn page(&mut self, changes: &[(&str, &str)]) -> String {
        let request = self.request(changes);
        open(&mut self.browser, &request)
    }

    /// Reads an answer as the relying party does.
    fn read(&self, answer: &Answer, signed_in: bool) -> Answered {
        let parameters = match self.mode {
            Mode::Query => {
                let location = answer.location();
                let (to, query) = location.split_once('?').unwrap();
                assert_eq!(to, self.party.redirect_uri);
                form_urlencoded::parse(query.as_bytes()).into_owned().collect()
            }
            Mode::FormPost => form(answer, &self.party.redirect_uri),
        };
        Answered { parameters, signed_in }
    }

    /// Redeems an answer's code, and looks at everything that each module looks at.
    pub(crate) fn redeem(&self, answered: &Answered) -> Tokens {
        let issuer = format!("http://{}", self.platform.address);
        assert_eq!(answered.parameters["iss"], issuer);
        let answer = self.party.redeem(answered.code(), &[]);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("content-type").unwrap().starts_with("application/json"));
        let told = answer.json();
        assert_eq!(told["token_type"], "Bearer");
        assert!(told["expires_in"].as_i64().unwrap() > 0);
        let access = told["access_token"].as_str().unwrap().to_owned();
        let id_token = told["id_token"].as_str().unwrap().to_owned();
        let claims = self.party.id_token(&id_token);
        assert!((1..=255).contains(&claims["sub"].as_str().unwrap().len()));
        let time = |name: &str| claims[name].as_i64().unwrap();
        assert!(time("auth_time") <= time("iat") && time("iat") < time("exp"));
        let answer = self.party.userinfo(&access);
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").unwrap().starts_with("application/json"));
        let userinfo = answer.json();
        assert_eq!(userinfo["sub"], claims["sub"]);
        let refresh = told["refresh_token"].as_str().map(str::to_owned);
        Tokens { access, refresh, id_token, claims, userinfo }
    }

    /// A request that has to succeed, and what came of it.
    pub(crate) fn succeed(&mut self, changes: &[(&str, &str)]) -> Tokens {
        let answered = self.go(changes);
        assert_eq!(answered.parameters["state"], "a state");
        let tokens = self.redeem(&answered);
        assert_eq!(tokens.claims["nonce"], "a nonce");
        tokens
    }

    /// Whether somebody is signed in in this browser.
    pub(crate) fn is_signed_in(&mut self) -> bool {
        let answered = self.go(&[("prompt", "none")]);
        match answered.parameters.get("error").map(String::as_str) {
            None => true,
            Some("login_required") => false,
            Some(error) => panic!("{error}"),
        }
    }

    pub(crate) fn discovery(&mut self) -> Value {
        self.browser.get("/.well-known/openid-configuration").json()
    }

    /// Sends the request in a form of the relying party's page: browsers bring no cookies along, but with the redirect that follows.
    pub(crate) fn post(&mut self, changes: &[(&str, &str)]) -> String {
        let body = crate::relying_party::encode(&self.party.request(&self.changes(changes)));
        let headers =
            [("content-type", FORM), ("origin", "https://bank.example.ma"), ("sec-fetch-site", "cross-site")];
        let on = self.browser.raw("POST", "/authorize", &headers, &body).location().to_owned();
        self.browser.get(&on).location().to_owned()
    }
}

/// The fields of the form that the browser posts.
fn form(answer: &Answer, redirect_uri: &str) -> BTreeMap<String, String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(
        answer.body.contains(&format!("<form method=\"post\" action=\"{redirect_uri}\"")),
        "{}",
        answer.body
    );
    let fields = answer.body.split("<input type=\"hidden\" name=\"").skip(1);
    fields
        .map(|field| {
            let (name, rest) = field.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        })
        .collect()
}

/// Among what a list says.
pub(crate) fn says(list: &Value, value: &str) -> bool {
    list.as_array().is_some_and(|list| list.contains(&json!(value)))
}

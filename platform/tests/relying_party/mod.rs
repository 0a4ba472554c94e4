//! A relying party, as far as the tests need one: what it sends, and what it makes of answers.

#![allow(dead_code, reason = "each test program uses its part")]

use std::collections::BTreeMap;

use bitaqa_jose::{
    CompactJws, Curve, JwsHeader, PrivateJwk, SignatureAlgorithm, VerificationJwk, base64url,
    jws::{self, ExpectedType, JwsRules},
};
use bitaqa_platform::{
    key_store::SIGNED_WITH,
    secret::{Hash, fill, random_identifier},
};
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// Long enough, and the same in each test: it is a test.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

#[derive(Debug, Clone)]
pub(crate) struct RelyingParty {
    pub(crate) address: String,
    pub(crate) id: String,
    pub(crate) key: Option<PrivateJwk>,
    pub(crate) redirect_uri: String,
}

impl RelyingParty {
    pub(crate) fn new_key() -> PrivateJwk {
        PrivateJwk::generate(Curve::P256, &mut fill).unwrap()
    }

    fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An ordinary request; `changes` replace or, where empty, remove.
    pub(crate) fn request(&self, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let challenge = base64url::encode(Hash::of(VERIFIER.as_bytes()).as_bytes());
        let mut parameters: BTreeMap<&str, &str> = BTreeMap::from([
            ("client_id", self.id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", &self.redirect_uri),
            ("scope", "openid profile"),
            ("state", "a state"),
            ("nonce", "a nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        parameters.extend(changes.iter().copied());
        parameters
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The address for the browser, without pushing.
    pub(crate) fn authorize(&self, changes: &[(&str, &str)]) -> String {
        format!("/authorize?{}", encode(&self.request(changes)))
    }

    /// Pushes the request first.
    pub(crate) fn pushed(&self, changes: &[(&str, &str)]) -> String {
        let answer = self.push(changes);
        assert_eq!(answer.status, 201, "{}", answer.body);
        let uri = answer.json()["request_uri"].as_str().unwrap().to_owned();
        format!(
            "/authorize?{}",
            encode(&[("client_id".to_owned(), self.id.clone()), ("request_uri".to_owned(), uri)])
        )
    }

    pub(crate) fn push(&self, changes: &[(&str, &str)]) -> Answer {
        self.call("/par", &self.request(changes))
    }

    pub(crate) fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        self.call("/token", &self.redemption(code, changes))
    }

    /// What it sends for a code; `changes` replace or, where empty, remove.
    pub(crate) fn redemption(&self, code: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut parameters = BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ]);
        parameters.extend(changes.iter().copied());
        parameters
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    pub(crate) fn refresh(&self, token: &str) -> Answer {
        let given = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.call("/token", &given.map(|(name, value)| (name.to_owned(), value.to_owned())))
    }

    pub(crate) fn about(&self, endpoint: &str, token: &str) -> Answer {
        self.call(endpoint, &[("token".to_owned(), token.to_owned())])
    }

    pub(crate) fn userinfo(&self, token: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        Browser::new(&self.address).raw("GET", "/userinfo", &[("authorization", &authorization)], "")
    }

    /// An endpoint for programs, saying who asks.
    pub(crate) fn call(&self, endpoint: &str, parameters: &[(String, String)]) -> Answer {
        self.call_with(endpoint, parameters, &[])
    }

    /// The same with headers.
    pub(crate) fn call_with(
        &self,
        endpoint: &str,
        parameters: &[(String, String)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut all: Vec<(String, String)> =
            parameters.iter().filter(|(name, _)| name != "client_id").cloned().collect();
        all.push(("client_id".to_owned(), self.id.clone()));
        if let Some(key) = &self.key {
            all.extend(asserted(&assertion(key, &self.claims(&[]))));
        }
        self.send_with(endpoint, &all, headers)
    }

    pub(crate) fn send(&self, endpoint: &str, parameters: &[(String, String)]) -> Answer {
        self.send_with(endpoint, parameters, &[])
    }

    fn send_with(&self, endpoint: &str, parameters: &[(String, String)], headers: &[(&str, &str)]) -> Answer {
        let headers = [&[("content-type", FORM)], headers].concat();
        Browser::new(&self.address).raw("POST", endpoint, &headers, &encode(parameters))
    }

    /// What an assertion says; `changes` replace, or remove where they are null.
    pub(crate) fn claims(&self, changes: &[(&str, Value)]) -> Value {
        let mut claims = json!({
            "iss": self.id, "sub": self.id, "aud": self.issuer(), "jti": random_identifier(),
            "iat": self.now(), "exp": self.now() + 60,
        });
        for (name, value) in changes {
            claims[*name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    /// The platform's clock: that of the test, or the real one where it is another process.
    fn now(&self) -> i64 {
        crate::running::now_at(&self.address)
    }

    /// What an ID token says, after its signature was verified with the published keys.
    pub(crate) fn id_token(&self, text: &str) -> Value {
        let rules = JwsRules { type_: ExpectedType::Absent, algorithms: &SIGNED_WITH, max_length: 65_536 };
        let jws = CompactJws::parse(text, &rules).unwrap();
        let published = Browser::new(&self.address).get("/jwks").json();
        let named = jws.header().key_id.clone().unwrap();
        let key = published["keys"].as_array().unwrap().iter().find(|key| key["kid"] == named).unwrap();
        let key: VerificationJwk = serde_json::from_value(key.clone()).unwrap();
        let claims: Value = serde_json::from_slice(&jws.verify_by(&key).unwrap()).unwrap();
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(self.issuer()), &json!(self.id)));
        claims
    }
}

pub(crate) fn assertion(key: &PrivateJwk, claims: &Value) -> String {
    let mut header = JwsHeader::new(SignatureAlgorithm::Es256, "JWT");
    header.type_ = None;
    jws::sign(header, claims.to_string().as_bytes(), key).unwrap()
}

pub(crate) fn asserted(assertion: &str) -> [(String, String); 2] {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    [("client_assertion_type", kind), ("client_assertion", assertion)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

pub(crate) fn encode(parameters: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// The parameters of an answer in an address.
pub(crate) fn answered(location: &str) -> BTreeMap<String, String> {
    let (_, query) = location.split_once('?').unwrap_or_else(|| panic!("{location}"));
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The code in an answer's address.
pub(crate) fn code(location: &str) -> String {
    answered(location).get("code").unwrap_or_else(|| panic!("{location}")).clone()
}

/// The error in an answer's address.
pub(crate) fn error(location: &str) -> String {
    answered(location).get("error").unwrap_or_else(|| panic!("{location}")).clone()
}

/// A text in an answer of the token endpoint.
pub(crate) fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
}

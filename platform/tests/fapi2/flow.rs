//! A relying party of FAPI 2, from its pushed request to userinfo, and what it changes on the way.

use bitaqa_jose::{PrivateJwk, Signer as _};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Browser},
    proof::{self, changed},
    relying_party::{RelyingParty, answered, asserted, encode},
    running::{Running, now_at, sign_in},
};

pub(crate) const FAPI2: &str = "profile = \"fapi2\"\nrequire_pushed_requests = true\n";

/// A platform with two relying parties, each with keys of its own.
pub(crate) struct Flow {
    pub(crate) platform: Running,
    pub(crate) bank: RelyingParty,
    pub(crate) clinic: RelyingParty,
    /// The key that the bank proves.
    pub(crate) key: PrivateJwk,
}

impl Flow {
    /// Requests are not signed.
    pub(crate) fn plain() -> Self {
        Self::with(FAPI2)
    }

    /// Requests have to be signed (FAPI 2.0 Message Signing).
    pub(crate) fn signed() -> Self {
        Self::with(&format!("{FAPI2}require_signed_requests = true\n"))
    }

    fn with(registration: &str) -> Self {
        let platform = Running::new();
        let bank = platform.confidential("bank", registration);
        let clinic = platform.confidential("clinic", registration);
        Self { platform, bank, clinic, key: RelyingParty::new_key() }
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.platform.address)
    }

    pub(crate) fn now(&self) -> i64 {
        now_at(&self.platform.address)
    }

    /// A proof by the bank's key.
    pub(crate) fn proof(&self, method: &str, path: &str, changes: &[(&str, Value)]) -> String {
        let claims = proof::claims(&self.platform.address, method, path, None, changes);
        proof::sign(&self.key, &proof::header(&self.key), &claims)
    }

    /// What the bank's request object says; `changes` replace, or remove where they are null.
    pub(crate) fn object_claims(&self, changes: &[(&str, Value)]) -> Value {
        let mut claims = json!({
            "iss": self.bank.id, "aud": self.issuer(),
            "iat": self.now(), "nbf": self.now(), "exp": self.now() + 300,
        });
        for (name, value) in self.bank.request(&[]) {
            claims[name] = value.into();
        }
        changed(claims, changes)
    }

    /// The bank's request object.
    pub(crate) fn object(&self, changes: &[(&str, Value)]) -> String {
        object(self.bank.key.as_ref().unwrap(), &self.object_claims(changes))
    }

    /// Pushes an object, with parameters beside it.
    pub(crate) fn push_object(&self, object: &str, beside: &[(&str, &str)]) -> Answer {
        let parameters: Vec<(String, String)> = beside
            .iter()
            .chain(&[("request", object)])
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.bank.call("/par", &parameters)
    }

    /// Pushes an object that must not be taken, and then the same without its fault.
    pub(crate) fn object_is_refused(&self, fault: &[(&str, Value)], error: &str) {
        let answer = self.push_object(&self.object(fault), &[]);
        assert_eq!((answer.status, answer.error().as_str()), (400, error), "{fault:?}");
        let answer = self.push_object(&self.object(&[]), &[]);
        assert_eq!(answer.status, 201, "without the fault: {}", answer.body);
    }

    /// Pushes parameters that must not be taken, and then the same without their fault.
    pub(crate) fn push_is_refused(&self, fault: &[(&str, &str)], error: &str) {
        let answer = self.bank.push(fault);
        assert_eq!((answer.status, answer.error().as_str()), (400, error), "{fault:?}");
        let answer = self.bank.push(&[]);
        assert_eq!(answer.status, 201, "without the fault: {}", answer.body);
    }

    /// The address with which the browser is sent here.
    pub(crate) fn authorize(&self, pushed: &Answer, beside: &[(&str, &str)]) -> String {
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        assert!((1..600).contains(&pushed.json()["expires_in"].as_i64().unwrap()));
        let uri = pushed.json()["request_uri"].as_str().unwrap().to_owned();
        let mut parameters = vec![("client_id", self.bank.id.as_str()), ("request_uri", &uri)];
        parameters.extend(beside);
        let owned = parameters.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        format!("/authorize?{}", encode(&owned.collect::<Vec<_>>()))
    }

    /// A person signs in; gives where the browser ends.
    pub(crate) fn sign_in(&self, request: &str) -> String {
        sign_in(&mut self.platform.browser(), &self.platform.address, request)
    }

    /// The code for a request that was pushed.
    pub(crate) fn code_for(&self, pushed: &Answer) -> String {
        let location = self.sign_in(&self.authorize(pushed, &[]));
        let answer = answered(&location);
        assert_eq!(answer.get("iss"), Some(&self.issuer()), "{location}");
        answer.get("code").unwrap_or_else(|| panic!("{location}")).clone()
    }

    /// A code for an ordinary request.
    pub(crate) fn code(&self, changes: &[(&str, &str)]) -> String {
        self.code_for(&self.bank.push(changes))
    }

    /// Redeems a code with the bank's key and an assertion of these claims; `changes` are of what is sent.
    pub(crate) fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let proof = self.proof("POST", "/token", &[]);
        self.bank.call_with("/token", &self.bank.redemption(code, changes), &[("dpop", &proof)])
    }

    /// Redeems a code with an assertion of the caller's.
    pub(crate) fn redeem_asserted(&self, code: &str, assertion: Option<&str>) -> Answer {
        let mut parameters = self.bank.redemption(code, &[]);
        parameters.push(("client_id".to_owned(), self.bank.id.clone()));
        parameters.extend(assertion.into_iter().flat_map(asserted));
        let proof = self.proof("POST", "/token", &[]);
        let headers = [("content-type", crate::relying_party::FORM), ("dpop", &proof)];
        Browser::new(&self.platform.address).raw("POST", "/token", &headers, &encode(&parameters))
    }

    /// An assertion of the bank's.
    pub(crate) fn assertion(&self, changes: &[(&str, Value)]) -> String {
        crate::relying_party::assertion(self.bank.key.as_ref().unwrap(), &self.bank.claims(changes))
    }

    /// Pushes with an assertion of these claims.
    pub(crate) fn push_asserted(&self, changes: &[(&str, Value)]) -> Answer {
        let mut parameters = self.bank.request(&[]);
        parameters.extend(asserted(&self.assertion(changes)));
        self.bank.send("/par", &parameters)
    }

    /// The whole way from what was pushed: tokens are bound, and userinfo answers.
    pub(crate) fn completes(&self, pushed: &Answer) -> Value {
        let tokens = self.redeem(&self.code_for(pushed), &[]).json();
        self.is_good(&tokens);
        tokens
    }

    /// Tokens are what they should be.
    pub(crate) fn is_good(&self, tokens: &Value) {
        assert_eq!(tokens["token_type"], "DPoP", "{tokens}");
        let access = tokens["access_token"].as_str().unwrap();
        let told = self.bank.userinfo_with(access, &self.key, &[]);
        assert_eq!(told.status, 200, "{}", told.body);
        let claims = self.id_token(tokens);
        assert_eq!(told.json()["sub"], claims["sub"]);
    }

    pub(crate) fn id_token(&self, tokens: &Value) -> Value {
        self.bank.id_token(tokens["id_token"].as_str().unwrap())
    }
}

/// A request object by a key.
pub(crate) fn object(key: &PrivateJwk, claims: &Value) -> String {
    let header =
        json!({ "typ": "oauth-authz-req+jwt", "alg": key.algorithm().name(), "kid": key.public().key_id() });
    proof::sign(key, &header, claims)
}

/// An error for whoever asks.
pub(crate) fn is_refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.error().as_str()), (status, error), "{}", answer.body);
}

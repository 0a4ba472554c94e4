//! A portal, a person with a card, and their computer.

use bitaqa_answers::{Reader, answer, authority, chip_answer, sealed};
use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    clock::date_time,
    identity::Identity,
    key_store::KeyStore,
    secret::{Hash, fill},
};
use bitaqa_protocol::{
    Challenge, Claim, ClaimSet, Closure, DataGroup, Origin,
    identity::{ChipChallenge, IdentityRequest, StatementText},
};
use bitaqa_trust::{
    Assurance, TrustPacks,
    chip_proof::ChipAuthenticationBinding,
    csca_store::{CscaStore, CscaStoreBuilder},
    icao_pki::IcaoCertificate,
    identity::{Expected, ExpectedRequest, IdentityVerifier, RefusedIdentity, VerifiedIdentity},
    mediation,
    trust_pack::{self, PackContents, TrustPack},
};
use bitaqa_virtual_card::{CardSpec, spec::Personality};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Browser},
    relying_party::{RelyingParty, text},
    running::{Running, START, now_at, open, show_card},
    test_pki::Template,
};

/// 32 bytes, as a portal would draw them.
pub(crate) const CHALLENGE: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// A card with a chip that signs.
pub(crate) fn card() -> CardSpec {
    CardSpec::new(Personality::Bahrain2025)
}

/// The certificate of that card's holder.
pub(crate) fn amina() -> Template {
    Template { ..numbered("PNOMA-AB123456") }
}

pub(crate) fn numbered(number: &str) -> Template {
    let person = Template::person();
    let named = Template::named(&[
        ("2.5.4.6", "MA"),
        ("2.5.4.4", "المثال"),
        ("2.5.4.42", "أمينة"),
        ("2.5.4.5", number),
        ("2.5.4.3", "أمينة المثال"),
    ]);
    Template { name: named.name, ..person }
}

/// All that the zone and the photo's group tell.
fn allowed() -> ClaimSet {
    let groups = [DataGroup::Dg1, DataGroup::Dg2];
    ClaimSet::new(groups.into_iter().flat_map(Closure::of_group)).unwrap()
}

pub(crate) fn countries() -> CscaStore {
    let mut builder = CscaStoreBuilder::new();
    builder.add(IcaoCertificate::from_der(&authority(&card()).unwrap()).unwrap()).unwrap();
    builder.build().0
}

fn texts(text: &str) -> Value {
    json!({ "ar": text, "fr": text, "en": text })
}

/// What a platform's configuration says of it as one that asks.
pub(crate) fn identity() -> Identity {
    Identity {
        legal_name: serde_json::from_value(texts("Example Platform")).unwrap(),
        claims: allowed(),
        sign_in: serde_json::from_value(texts("Sign in")).unwrap(),
        countries: countries(),
    }
}

/// A portal with what it decrypts with.
pub(crate) struct Portal {
    pub(crate) party: RelyingParty,
    pub(crate) key: PrivateJwk,
}

fn named_key(kid: &str) -> PrivateJwk {
    let key = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let mut members: Value = serde_json::from_str(&key.to_json()).unwrap();
    members["kid"] = kid.into();
    PrivateJwk::parse(members.to_string().as_bytes()).unwrap()
}

impl Portal {
    pub(crate) fn registered(running: &Running, id: &str) -> Self {
        Self::for_claims(running, id, &allowed())
    }

    pub(crate) fn for_claims(running: &Running, id: &str, claims: &ClaimSet) -> Self {
        let key = named_key("2026-01");
        let party = running.confidential(id, &registration(running, id, &key, claims));
        Self { party, key }
    }

    /// Registers it anew, for these claims.
    pub(crate) fn narrowed(&self, running: &Running, claims: &ClaimSet) {
        running.replace(&self.party, &registration(running, &self.party.id, &self.key, claims));
    }

    /// What it makes of an answer to what it asked with `relay`.
    pub(crate) fn verify(
        &self,
        running: &Running,
        (statement, answer): (&str, &str),
        asked: &Value,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        let origin = origin(running);
        let request = request(asked, statement, asked["challenge"].as_str().unwrap());
        let expected = Expected { origin: &origin, request: ExpectedRequest::Sent(&request) };
        let (keys, store) = ([self.key.clone()], countries());
        IdentityVerifier::new(&keys, &store, Assurance::Test).verify(
            answer,
            &expected,
            None,
            date_time(START),
        )
    }
}

fn registration(running: &Running, id: &str, key: &PrivateJwk, claims: &ClaimSet) -> String {
    let file = running.folder().join(format!("{id}.encryption.jwk"));
    std::fs::write(&file, serde_json::to_string(key.public()).unwrap()).unwrap();
    format!(
        "\n[identity]\norigins = [\"https://{id}.example.ma\"]\nclaims = {}\nencryption_key = \"{}\"\n\
         [[identity.purposes]]\nid = \"open-account\"\n\
         text = {{ ar = \"فتح حساب\", fr = \"Ouvrir un compte\", en = \"Open an account\" }}\n",
        serde_json::to_string(claims).unwrap(),
        file.display()
    )
}

fn request(asked: &Value, statement: &str, challenge: &str) -> IdentityRequest {
    let mut members = json!({ "statement": statement, "challenge": challenge });
    for name in ["purpose", "claims", "holder", "proof"] {
        if !asked[name].is_null() {
            members[name] = asked[name].clone();
        }
    }
    serde_json::from_value(members).unwrap()
}

/// What a portal asks; `changes` replace, or remove where they are null.
pub(crate) fn asked(mode: &str, changes: &[(&str, Value)]) -> Value {
    let mut members = json!({
        "type": "bitaqa_identity", "mode": mode, "purpose": "open-account",
        "claims": { "required": ["given_name", "family_name"], "optional": ["photo"] },
    });
    if mode == "relay" {
        members["challenge"] = json!(CHALLENGE);
    }
    for (name, value) in changes {
        members[*name] = value.clone();
    }
    members.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    members
}

/// The address with which a portal sends the browser.
pub(crate) fn authorize(portal: &Portal, asked: &Value, changes: &[(&str, &str)]) -> String {
    let details = json!([asked]).to_string();
    let mut all = vec![("authorization_details", details.as_str()), ("response_mode", "form_post")];
    all.extend(changes);
    portal.party.authorize(&all)
}

/// A person who signed in, in front of the page of the identity request.
pub(crate) fn at_the_step(running: &Running, portal: &Portal, asked: &Value) -> (Browser, String) {
    let mut browser = running.browser();
    let page = signed_in_for(&mut browser, running, &authorize(portal, asked, &[]));
    (browser, page)
}

pub(crate) fn signed_in_for(browser: &mut Browser, running: &Running, request: &str) -> String {
    let page = open(browser, request);
    let shown = browser.get(&page);
    assert!(!shown.body.contains("identity.js"), "first they sign in");
    let answer = show_card(browser, &running.address, &page, "high", amina());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let shown = browser.get(&page);
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(shown.body.contains("/assets/identity.js"), "{}", shown.body);
    page
}

/// What the script gets to ask with.
pub(crate) fn joined(browser: &mut Browser, page: &str) -> Value {
    let answer = browser.post(&format!("{page}/identity"), "", "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// What a computer makes of it whose administrator trusts the platform: judges what was joined, reads the chip, and encrypts.
pub(crate) fn answered(running: &Running, joined: &Value, asked: &Value, card: &CardSpec) -> String {
    Computer::with(card).answer(running, joined, asked)
}

/// Such a computer, with a card in its reader.
pub(crate) struct Computer {
    spec: CardSpec,
    reader: Reader,
}

impl Computer {
    pub(crate) fn with(spec: &CardSpec) -> Self {
        Self { spec: spec.clone(), reader: Reader::holding(spec).unwrap() }
    }

    pub(crate) fn answer(&mut self, running: &Running, joined: &Value, asked: &Value) -> String {
        let origin = origin(running);
        let request =
            request(asked, joined["statement"].as_str().unwrap(), joined["challenge"].as_str().unwrap());
        let verified =
            mediation::verify(&request.statement, &packs(running), date_time(now_at(&running.address)))
                .unwrap();
        verified.authorize(&origin, &request).unwrap();
        let (mut channel, dump) = self.reader.dump(&self.spec).unwrap();
        let content = answer(&mut channel, &dump, (&origin, &request), verified.recipient()).unwrap();
        sealed(&content, verified.recipient()).unwrap()
    }

    /// What the chip answers to the platform's key.
    pub(crate) fn proof(&mut self, running: &Running, joined: &Value, challenge: &Value) -> String {
        let verified =
            mediation::verify(&statement_of(joined), &packs(running), date_time(now_at(&running.address)))
                .unwrap();
        let recipient = verified.recipient().thumbprint();
        let asked = Challenge::parse(joined["challenge"].as_str().unwrap()).unwrap();
        let binding = ChipAuthenticationBinding::of(&origin(running), &asked, recipient.as_bytes());
        let challenge = ChipChallenge::parse(challenge.as_str().unwrap()).unwrap();
        let (mut channel, dump) = self.reader.dump(&self.spec).unwrap();
        chip_answer(&mut channel, &dump, &binding, &challenge).unwrap().into()
    }
}

fn origin(running: &Running) -> Origin {
    Origin::parse(&format!("http://{}", running.address)).unwrap()
}

pub(crate) fn packs(running: &Running) -> TrustPacks {
    let signer = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let published = running.keys.statement_keys().unwrap();
    let now = now_at(&running.address);
    let keys: Vec<Value> = published
        .iter()
        .map(
            |published| json!({ "jwk": published.key, "not_before": now - 3_600, "not_after": now + 86_400 }),
        )
        .collect();
    let own = format!("http://{}", running.address);
    let contents: PackContents = serde_json::from_value(json!({
        "schema": 1, "name": "national", "version": 1, "issued": now - 3_600, "expires": now + 86_400, "test": true,
        "signers": [signer.public()],
        "statement_issuers": [{ "iss": own, "keys": keys, "origins": [own, "https://*.example.ma"] }],
    }))
    .unwrap();
    let text = trust_pack::sign(&contents, signer.public(), &signer).unwrap();
    TrustPacks::new(vec![TrustPack::parse(&text).unwrap()])
}

pub(crate) fn hash_of(text: &str) -> String {
    bitaqa_jose::base64url::encode(Hash::of(text.as_bytes()).as_bytes())
}

/// The script tells the platform the hash of an answer.
pub(crate) fn relay(browser: &mut Browser, page: &str, hash: &str) -> Answer {
    let body = json!({ "answer_hash": hash }).to_string();
    browser.post(&format!("{page}/identity-relayed"), "application/json", &body)
}

/// The script gives the platform an answer.
pub(crate) fn hand(browser: &mut Browser, page: &str, answer: &str) -> Answer {
    bring(browser, page, &json!({ "answer": answer }))
}

/// The script gives the platform one of two things.
pub(crate) fn bring(browser: &mut Browser, page: &str, what: &Value) -> Answer {
    let body = what.to_string();
    browser.post(&format!("{page}/identity-answer"), "application/json", &body)
}

/// What the portal gets for the code of a form that the script builds.
pub(crate) fn tokens(portal: &Portal, leads: &Answer) -> Value {
    assert_eq!(leads.status, 200, "{}", leads.body);
    let leads = leads.json();
    assert_eq!(leads["action"], portal.party.redirect_uri.as_str());
    assert_eq!(leads["fields"]["state"], "a state");
    let tokens = portal.party.redeem(leads["fields"]["code"].as_str().unwrap(), &[]);
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    tokens.json()
}

pub(crate) fn id_token(portal: &Portal, tokens: &Value) -> Value {
    portal.party.id_token(&text(tokens, "id_token"))
}

/// A statement's text, for tests that alter it.
pub(crate) fn statement_of(joined: &Value) -> StatementText {
    StatementText::parse(joined["statement"].as_str().unwrap()).unwrap()
}

pub(crate) fn only(claims: &[Claim]) -> ClaimSet {
    ClaimSet::new(claims.iter().copied()).unwrap()
}

//! Somebody with a software card at the platform's page. There is no browser and no window: everything is agreed to.

use bitaqa_answers::{AnswerError, Reader, answer, authority, chip_answer, sealed};
use bitaqa_jose::PublicJwk;
use bitaqa_platform::identity::{Identity, SIGN_IN};
use bitaqa_protocol::{
    Challenge, Origin, PurposeId,
    claim::{ClaimSet, Closure},
    identity::{
        ChipChallenge, Holder as HolderWanted, IdentityAnswer, IdentityRequest, ProofWanted, StatementText,
    },
    statement::LocalizedText,
};
use bitaqa_trust::{
    chip_proof::ChipAuthenticationBinding, csca_store::CscaStoreBuilder, icao_pki::IcaoCertificate,
};
use bitaqa_virtual_card::CardSpec;
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};

/// A platform that may know what a sign-in asks, and believes the countries of these cards.
pub(crate) fn believing(specs: &[&CardSpec]) -> Identity {
    let mut countries = CscaStoreBuilder::new();
    for spec in specs {
        countries.add(IcaoCertificate::from_der(&authority(spec).unwrap()).unwrap()).unwrap();
    }
    let claims = Closure::of(bitaqa_platform::factor::card_possession::CLAIMS).claims;
    Identity {
        legal_name: text("المنصة الوطنية", "Plateforme nationale", "National platform"),
        claims: ClaimSet::new(claims).unwrap(),
        sign_in: text("تسجيل الدخول", "Connexion", "Sign in"),
        countries: countries.build().0,
    }
}

fn text<const MAX: usize>(ar: &str, fr: &str, en: &str) -> LocalizedText<MAX> {
    serde_json::from_value(json!({ "ar": ar, "fr": fr, "en": en })).unwrap()
}

/// The page of an interaction, as far as the script goes there.
pub(crate) struct Page<'a> {
    pub(crate) browser: &'a mut Browser,
    pub(crate) path: String,
    pub(crate) origin: Origin,
}

impl<'a> Page<'a> {
    /// Where a request leads.
    pub(crate) fn of(browser: &'a mut Browser, address: &str, request: &str) -> Self {
        let path = crate::running::open(browser, request);
        Self { browser, path, origin: Origin::parse(&format!("http://{address}")).unwrap() }
    }

    pub(crate) fn shown(&mut self) -> String {
        self.browser.get(&format!("{}?lang=en", self.path)).body
    }

    pub(crate) fn begin(&mut self) -> Answer {
        self.browser.post(&format!("{}/identity-request?lang=en", self.path), "", "")
    }

    /// What the host is asked, put together as the script does.
    pub(crate) fn request(&mut self) -> IdentityRequest {
        let shown = self.shown();
        let asked = shown.split("id=\"show-card\"").nth(1).unwrap_or_else(|| panic!("{shown}"));
        let asked = asked.split("data-asked=\"").nth(1).unwrap().split('"').next().unwrap();
        let asked: Value = serde_json::from_str(&asked.replace("&#34;", "\"")).unwrap();
        assert_eq!(asked["purpose"], SIGN_IN);
        let told = self.begin();
        assert_eq!(told.status, 200, "{}", told.body);
        let told = told.json();
        IdentityRequest {
            challenge: Challenge::parse(told["challenge"].as_str().unwrap()).unwrap(),
            statement: StatementText::parse(told["statement"].as_str().unwrap()).unwrap(),
            purpose: PurposeId::parse(asked["purpose"].as_str().unwrap()).unwrap(),
            claims: serde_json::from_value(asked["claims"].clone()).unwrap(),
            holder: HolderWanted::None,
            proof: ProofWanted::ChipAuthentication,
        }
    }

    pub(crate) fn bring(&mut self, what: &Value) -> Answer {
        self.send("application/json", &what.to_string())
    }

    pub(crate) fn send(&mut self, kind: &str, body: &str) -> Answer {
        self.browser.post(&format!("{}/card-possession?lang=en", self.path), kind, body)
    }

    /// Shows a card from the button to where the browser goes on.
    pub(crate) fn show(&mut self, holder: &mut Holder) -> Answer {
        let request = self.request();
        let first = self.bring(&json!({ "answer": holder.answer(&self.origin, &request) }));
        match first.status {
            200 => {}
            _ => return first,
        }
        match first.json()["chipChallenge"].as_str() {
            None => first,
            Some(challenge) => {
                let proof = holder.chip_proof(&self.origin, &request, challenge);
                self.bring(&json!({ "chipProof": proof }))
            }
        }
    }
}

/// To whom the answer to a request is encrypted: the statement says it.
pub(crate) fn recipient(request: &IdentityRequest) -> PublicJwk {
    let payload = request.statement.as_str().split('.').nth(1).unwrap();
    let statement: Value = serde_json::from_slice(&bitaqa_jose::base64url::decode(payload).unwrap()).unwrap();
    serde_json::from_value(statement["jwk"].clone()).unwrap()
}

/// Somebody with a card in a reader.
pub(crate) struct Holder {
    spec: CardSpec,
    reader: Reader,
}

impl Holder {
    pub(crate) fn of(spec: &CardSpec) -> Self {
        Self { spec: spec.clone(), reader: Reader::holding(spec).unwrap() }
    }

    /// What a host makes of a request.
    pub(crate) fn answer(&mut self, origin: &Origin, request: &IdentityRequest) -> String {
        self.changed(origin, request, |_| {})
    }

    /// The same of a host that was changed.
    pub(crate) fn changed(
        &mut self,
        origin: &Origin,
        request: &IdentityRequest,
        change: impl FnOnce(&mut IdentityAnswer),
    ) -> String {
        let recipient = recipient(request);
        let (mut channel, dump) = self.reader.dump(&self.spec).unwrap();
        let mut content = answer(&mut channel, &dump, (origin, request), &recipient).unwrap();
        change(&mut content);
        sealed(&content, &recipient).unwrap()
    }

    /// What the chip answers to the platform's challenge.
    pub(crate) fn chip_proof(
        &mut self,
        origin: &Origin,
        request: &IdentityRequest,
        challenge: &str,
    ) -> String {
        self.try_chip_proof(origin, request, challenge).unwrap()
    }

    pub(crate) fn try_chip_proof(
        &mut self,
        origin: &Origin,
        request: &IdentityRequest,
        challenge: &str,
    ) -> Result<String, AnswerError> {
        let (mut channel, dump) = self.reader.dump(&self.spec).unwrap();
        let thumbprint = recipient(request).thumbprint();
        let binding = ChipAuthenticationBinding::of(origin, &request.challenge, thumbprint.as_bytes());
        let challenge = ChipChallenge::parse(challenge).unwrap();
        chip_answer(&mut channel, &dump, &binding, &challenge).map(String::from)
    }
}

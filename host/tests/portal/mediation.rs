//! The platform asks for the portal, on a page of its own.

use std::time::Duration;

use bitaqa_jose::{JwsHeader, PrivateJwk, base64url, jws};
use bitaqa_protocol::{
    Challenge, Origin, PurposeId, Statement,
    claim::RequestedClaims,
    identity::{Holder, IdentityRequest, ProofWanted, StatementText},
    mediation::{self, Mode},
    statement::StatementId,
};
use bitaqa_testbed::CardSpec;
use bitaqa_trust::{
    Assurance, DateTime, TrustPack, TrustPacks,
    identity::{Expected, ExpectedRequest, IdentityVerifier, RefusedIdentity, VerifiedIdentity},
    mediation::{Joining, issue},
    statement,
};
use serde_json::{Value, json};

use super::{PLATFORM, Portal, identify, named, now, store_of};
use crate::host_peer::CHALLENGE;

/// What the platform joins.
pub(crate) struct Mediated<'a> {
    pub(crate) portal: &'a Portal,
    pub(crate) mode: Mode,
    pub(crate) required: &'a [&'a str],
    pub(crate) optional: &'a [&'a str],
    /// The statements that are joined; those of portal and platform where nothing is said.
    pub(crate) statements: [Option<String>; 2],
}

impl Portal {
    /// What the platform decrypts with.
    fn platform_encryption() -> PrivateJwk {
        named("platform-2026", 9)
    }

    /// The platform's statement about itself.
    pub(crate) fn platform_statement(&self) -> String {
        let own = Statement::parse(own_statement(now() - 10).to_string().as_bytes()).unwrap();
        statement::issue(&own, &self.platform).unwrap()
    }

    /// What the reader of this mode, or of the other, makes of the answer to a request on the platform's page.
    pub(crate) fn verify_mediated(
        &self,
        answer: &str,
        spec: &CardSpec,
        message: &Value,
        reader: Mode,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        let request: IdentityRequest = serde_json::from_value(message["request"].clone()).unwrap();
        let origin = Origin::parse(PLATFORM).unwrap();
        let expected = Expected { origin: &origin, request: ExpectedRequest::Sent(&request) };
        let key = match reader {
            Mode::Relay => self.key.clone(),
            Mode::Assert => Self::platform_encryption(),
        };
        let (keys, store) = ([key], store_of(spec));
        let at = DateTime::from_unix_duration(Duration::from_secs(now())).unwrap();
        IdentityVerifier::new(&keys, &store, Assurance::Test).verify(answer, &expected, None, at)
    }
}

impl Mediated<'_> {
    /// A request of the extension on the platform's page, yet without a name.
    pub(crate) fn message(&self) -> Value {
        self.message_with(self.joined().as_str())
    }

    /// The same with this in the place of a statement.
    pub(crate) fn message_with(&self, statement: &str) -> Value {
        let mut message = identify(statement, self.required, self.optional, "chip");
        message["origin"] = json!(PLATFORM);
        message
    }

    /// Both statements, joined for this request.
    pub(crate) fn joined(&self) -> StatementText {
        let portal = self.statements[0].clone().unwrap_or_else(|| self.portal.statement());
        let platform = self.statements[1].clone().unwrap_or_else(|| self.portal.platform_statement());
        let packs = TrustPacks::new(vec![TrustPack::parse(&self.portal.pack()).unwrap()]);
        let at = DateTime::from_unix_duration(Duration::from_secs(now())).unwrap();
        let read = |text: &str| statement::verify(text, &packs, at).unwrap();
        let claims = json!({ "required": self.required, "optional": self.optional });
        let claims: RequestedClaims = serde_json::from_value(claims).unwrap();
        let joining = Joining {
            portal: (&portal, &read(&portal).statement),
            platform: (&platform, &read(&platform).statement),
            mode: self.mode,
            page: &Origin::parse(PLATFORM).unwrap(),
            purpose: &PurposeId::parse("open-account").unwrap(),
            claims: &claims,
            challenge: &Challenge::parse(CHALLENGE).unwrap(),
            holder: Holder::None,
            proof: ProofWanted::Chip,
            id: &StatementId::parse("joins").unwrap(),
            at: now() - 5,
        };
        issue(&joining, &self.portal.platform).unwrap()
    }

    /// The same with a change to what joins them, signed by this key under the platform's name.
    fn altered_by(&self, by: &PrivateJwk, change: impl FnOnce(&mut Value)) -> String {
        let good = self.joined();
        let [first, joining, last] = good.joined().unwrap();
        let payload = base64url::decode(joining.split('.').nth(1).unwrap()).unwrap();
        let mut value: Value = serde_json::from_slice(&payload).unwrap();
        change(&mut value);
        let header = JwsHeader::new(by.public().curve().signature_algorithm(), mediation::TYPE);
        let joining = jws::sign(header, value.to_string().as_bytes(), by).unwrap();
        format!("{first}~{joining}~{last}")
    }

    pub(crate) fn altered(&self, change: impl FnOnce(&mut Value)) -> String {
        self.altered_by(&self.portal.platform, change)
    }

    /// Joined by somebody whom nobody trusts, under the platform's name.
    pub(crate) fn joined_by_stranger(&self) -> String {
        self.altered_by(&named("platform-1", 77), |_| ())
    }
}

fn own_statement(from: u64) -> Value {
    let public = serde_json::to_value(Portal::platform_encryption().public()).unwrap();
    json!({
        "iss": PLATFORM, "iat": from, "exp": from + 600, "jti": format!("own-{from}"),
        "legal_name": { "ar": "منصة المثال", "fr": "Plateforme Exemple", "en": "Example Platform" },
        "origins": [PLATFORM],
        "purposes": [{ "id": "sign-in", "text": { "ar": "دخول", "fr": "Se connecter", "en": "Sign in" } }],
        "claims": super::CLAIMS,
        "jwk": { "kty": "EC", "crv": "P-256", "x": public["x"], "y": public["y"], "kid": "platform-2026" },
    })
}

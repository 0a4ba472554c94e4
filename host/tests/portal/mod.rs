//! A portal, the platform that vouches for it, and the administrator who trusts the platform.
#![allow(dead_code, reason = "each test uses a part of it")]

mod holder;
pub(crate) mod mediation;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_protocol::{
    Challenge, Origin, Statement, encode_base64,
    identity::{ChipAnswer, Holder, ProofWanted},
};
use bitaqa_testbed::{CardSpec, OwnRoot};
use bitaqa_trust::{
    Assurance, DateTime,
    csca_store::{CscaStore, CscaStoreBuilder},
    icao_pki::IcaoCertificate,
    identity::{
        ChipState, Expected, ExpectedRequest, FirstStep, IdentityVerifier, RefusedIdentity, VerifiedIdentity,
    },
    statement,
    trust_pack::{
        self, DocumentAuthorities, IssuerKey, OriginPattern, PackContents, PackName, StatementIssuer,
        contents::SCHEMA,
    },
};
use bitaqa_virtual_card::pki::DocumentAuthority;
use serde_json::{Value, json};

use crate::host_peer::{CHALLENGE, ORIGIN};

/// What its statements allow: everything that DG1 and DG2 tell.
const CLAIMS: [&str; 9] = [
    "given_name",
    "family_name",
    "birthdate",
    "gender",
    "nationalities",
    "personal_number",
    "document_number",
    "date_of_expiry",
    "photo",
];
/// Everything that DG11 tells.
const DETAILS: [&str; 7] = [
    "given_name#ar",
    "family_name#ar",
    "place_of_birth",
    "place_of_birth#ar",
    "address",
    "address#ar",
    "other_personal_details",
];
pub(crate) const PLATFORM: &str = "https://platform.example.ma";
const DAY: u64 = 24 * 3600;

/// A portal with its keys.
pub(crate) struct Portal {
    key: PrivateJwk,
    platform: PrivateJwk,
    administrator: PrivateJwk,
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn named(name: &str, number: u8) -> PrivateJwk {
    let mut count = number;
    let mut random = |out: &mut [u8]| {
        for byte in out {
            count = count.wrapping_mul(167).wrapping_add(13);
            *byte = count;
        }
    };
    let key = PrivateJwk::generate(Curve::P256, &mut random).unwrap();
    let mut json: Value = serde_json::from_str(&key.to_json()).unwrap();
    json["kid"] = name.into();
    PrivateJwk::parse(json.to_string().as_bytes()).unwrap()
}

impl Portal {
    pub(crate) fn new() -> Self {
        Self { key: named("2026-01", 3), platform: named("platform-1", 2), administrator: named("pack-1", 1) }
    }

    /// A computer whose administrator trusts the platform, for tests.
    pub(crate) fn root(&self) -> OwnRoot {
        self.root_with(Vec::new(), None)
    }

    /// A computer whose administrator believes these about signed documents, for tests.
    pub(crate) fn root_believing_about_documents(&self, documents: DocumentAuthorities) -> OwnRoot {
        self.root_with(Vec::new(), Some(documents))
    }

    /// A computer whose administrator believes, for tests, the country that signed this card.
    pub(crate) fn root_believing(&self, spec: &CardSpec) -> OwnRoot {
        self.root_with(vec![encode_base64(authority_of(spec).certificate().der())], None)
    }

    /// The pack of the administrator who trusts the platform, for tests.
    fn pack(&self) -> String {
        self.pack_with(Vec::new(), None)
    }

    fn pack_with(&self, csca_certificates: Vec<String>, documents: Option<DocumentAuthorities>) -> String {
        let contents = PackContents {
            schema: SCHEMA,
            name: PackName::parse("example").unwrap(),
            version: 1,
            issued: now() - DAY,
            expires: now() + 30 * DAY,
            test: true,
            signers: vec![self.administrator.public().clone()],
            statement_issuers: vec![StatementIssuer {
                iss: PLATFORM.to_owned().try_into().unwrap(),
                keys: vec![IssuerKey {
                    jwk: self.platform.public().clone(),
                    not_before: now() - DAY,
                    not_after: now() + DAY,
                    revoked: None,
                }],
                origins: vec![OriginPattern::parse("https://*.example.ma").unwrap()],
            }],
            csca_certificates,
            issuer_profiles: None,
            status_sources: vec![],
            documents,
        };
        trust_pack::sign(&contents, self.administrator.public(), &self.administrator).unwrap()
    }

    fn root_with(&self, csca_certificates: Vec<String>, documents: Option<DocumentAuthorities>) -> OwnRoot {
        let pack = self.pack_with(csca_certificates, documents);
        let root = OwnRoot::new().unwrap();
        let folder = root.etc_bitaqa().join("trust");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let file = folder.join("example.pack");
        fs::write(&file, pack).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        root
    }

    fn issued(&self, origin: &str, from: u64, by: &PrivateJwk) -> String {
        self.issued_with(origin, from, by, &[])
    }

    fn issued_with(&self, origin: &str, from: u64, by: &PrivateJwk, more: &[&str]) -> String {
        let claims = [&CLAIMS[..], more].concat();
        let public = serde_json::to_value(self.key.public()).unwrap();
        let value = json!({
            "iss": PLATFORM, "iat": from, "exp": from + 600, "jti": format!("{from}"),
            "legal_name": { "ar": "بوابة المثال", "fr": "Portail Exemple", "en": "Example Portal" },
            "origins": [origin],
            "purposes": [{ "id": "open-account", "text": {
                "ar": "فتح حساب", "fr": "Ouvrir un compte", "en": "Open an account" } }],
            "claims": claims,
            "jwk": { "kty": "EC", "crv": "P-256", "x": public["x"], "y": public["y"], "kid": "2026-01" },
        });
        let statement = Statement::parse(value.to_string().as_bytes()).unwrap();
        statement::issue(&statement, by).unwrap()
    }

    pub(crate) fn statement(&self) -> String {
        self.issued(ORIGIN, now() - 10, &self.platform)
    }

    /// Allows everything that DG11 tells, too.
    pub(crate) fn statement_with_details(&self) -> String {
        self.issued_with(ORIGIN, now() - 10, &self.platform, &DETAILS)
    }

    pub(crate) fn statement_for(&self, origin: &str) -> String {
        self.issued(origin, now() - 10, &self.platform)
    }

    pub(crate) fn expired_statement(&self) -> String {
        self.issued(ORIGIN, now() - 3600, &self.platform)
    }

    /// Signed by somebody whom nobody trusts, under the platform's name.
    pub(crate) fn stranger_statement(&self) -> String {
        self.issued(ORIGIN, now() - 10, &named("platform-1", 77))
    }

    /// What its server makes of an answer.
    pub(crate) fn verify(
        &self,
        answer: &str,
        spec: &CardSpec,
        proof: ProofWanted,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        self.judge(spec, proof, |verifier, expected, at| verifier.verify(answer, expected, None, at))
    }

    /// The first of two steps.
    pub(crate) fn begin(&self, answer: &str, spec: &CardSpec) -> Result<FirstStep, Box<RefusedIdentity>> {
        self.judge(spec, ProofWanted::ChipAuthentication, |verifier, expected, at| {
            let mut random = |out: &mut [u8]| getrandom::fill(out).unwrap();
            verifier.begin(answer, expected, &mut random, at)
        })
    }

    /// The second.
    pub(crate) fn complete(
        &self,
        answer: &str,
        spec: &CardSpec,
        state: ChipState,
        chip: &ChipAnswer,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        self.judge(spec, ProofWanted::ChipAuthentication, |verifier, expected, at| {
            verifier.complete(answer, expected, state, chip, at)
        })
    }

    fn judge<T>(
        &self,
        spec: &CardSpec,
        proof: ProofWanted,
        judge: impl FnOnce(&IdentityVerifier<'_>, &Expected<'_>, DateTime) -> T,
    ) -> T {
        let (origin, challenge) = (Origin::parse(ORIGIN).unwrap(), Challenge::parse(CHALLENGE).unwrap());
        let request = ExpectedRequest::NotCompared { challenge: &challenge, proof, holder: Holder::None };
        let expected = Expected { origin: &origin, request };
        let (keys, store) = ([self.key.clone()], store_of(spec));
        let at = DateTime::from_unix_duration(Duration::from_secs(now())).unwrap();
        judge(&IdentityVerifier::new(&keys, &store, Assurance::Test), &expected, at)
    }
}

pub(crate) fn authority_of(spec: &CardSpec) -> DocumentAuthority {
    let kind = spec.document.as_ref().map(|order| order.country_key).unwrap_or_default();
    DocumentAuthority::of(&spec.holder().unwrap().country, kind).unwrap()
}

/// The authority of the card's country.
fn store_of(spec: &CardSpec) -> CscaStore {
    let authority = authority_of(spec);
    let mut builder = CscaStoreBuilder::new();
    builder.add(IcaoCertificate::from_der(authority.certificate().der()).unwrap()).unwrap();
    builder.build().0
}

/// A request of an extension, yet without a name.
pub(crate) fn identify(statement: &str, required: &[&str], optional: &[&str], proof: &str) -> Value {
    json!({
        "type": "identify",
        "origin": ORIGIN,
        "language": "en",
        "request": {
            "challenge": CHALLENGE,
            "statement": statement,
            "purpose": "open-account",
            "claims": { "required": required, "optional": optional },
            "holder": "none",
            "proof": proof,
        },
    })
}

/// Document number, birth and expiry of a TD3 zone, as a person types them: dates as day, month and year.
pub(crate) fn typed_zone(zone: &str) -> [String; 3] {
    let characters: String = zone.chars().filter(|c| !c.is_whitespace()).collect();
    let second = &characters[44..];
    let date = |from: usize, century: &str| {
        let date = &second[from..from + 6];
        format!("{}{}{century}{}", &date[4..], &date[2..4], &date[..2])
    };
    let number = second[..9].trim_end_matches('<').to_owned();
    let born = if second[13..15] > *"26" { "19" } else { "20" };
    [number, date(13, born), date(21, "20")]
}

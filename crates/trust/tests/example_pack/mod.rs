//! Keys, trust packs and statements that are the same in each run.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses some of it")]

use bitaqa_jose::{Curve, PrivateJwk, PublicJwk};
use bitaqa_protocol::{
    Statement,
    statement::{EncryptionCurve, EncryptionKey},
};
use bitaqa_trust::{
    DateTime, TrustPack,
    trust_pack::{self, IssuerKey, OriginPattern, PackContents, PackName, StatementIssuer, contents::SCHEMA},
};
use serde_json::json;

/// 2026-06-01T12:00:00Z.
pub(crate) const NOW: u64 = 1_780_315_200;
pub(crate) const DAY: u64 = 24 * 3600;
pub(crate) const ISSUER: &str = "https://platform.example.ma";

pub(crate) fn time(seconds: u64) -> DateTime {
    DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).unwrap()
}

/// A key by curve and number.
pub(crate) fn key(curve: Curve, number: u8) -> PrivateJwk {
    let mut count = number;
    let mut random = |out: &mut [u8]| {
        for byte in out {
            count = count.wrapping_mul(167).wrapping_add(13);
            *byte = count;
        }
    };
    PrivateJwk::generate(curve, &mut random).unwrap()
}

/// Signs packs.
pub(crate) fn signer() -> PrivateJwk {
    key(Curve::P256, 1)
}

/// Signs statements.
pub(crate) fn issuer_key() -> PrivateJwk {
    key(Curve::P256, 2)
}

/// The portal's.
pub(crate) fn portal_key() -> PrivateJwk {
    key(Curve::P256, 3)
}

pub(crate) fn known(key: &PublicJwk) -> IssuerKey {
    IssuerKey { jwk: key.clone(), not_before: NOW - 100 * DAY, not_after: NOW + 100 * DAY, revoked: None }
}

pub(crate) fn issuer() -> StatementIssuer {
    StatementIssuer {
        iss: ISSUER.to_owned().try_into().unwrap(),
        keys: vec![known(issuer_key().public())],
        origins: ["https://*.example.ma", "https://portal.example.bh"]
            .map(|text| OriginPattern::parse(text).unwrap())
            .to_vec(),
    }
}

pub(crate) fn contents() -> PackContents {
    PackContents {
        schema: SCHEMA,
        name: PackName::parse("example").unwrap(),
        version: 7,
        issued: NOW - 10 * DAY,
        expires: NOW + 300 * DAY,
        test: false,
        signers: vec![signer().public().clone()],
        statement_issuers: vec![issuer()],
        csca_certificates: vec![],
        documents: None,
        issuer_profiles: None,
        status_sources: vec![],
    }
}

pub(crate) fn signed(contents: &PackContents, by: &PrivateJwk) -> String {
    trust_pack::sign(contents, by.public(), by).unwrap()
}

pub(crate) fn pack(contents: &PackContents) -> TrustPack {
    TrustPack::parse(&signed(contents, &signer())).unwrap()
}

pub(crate) fn encryption_key(key: &PrivateJwk) -> EncryptionKey {
    let members = serde_json::to_value(key.public()).unwrap();
    let text = |name: &str| members.get(name).unwrap().as_str().unwrap().to_owned();
    let curve =
        if key.public().curve() == Curve::P256 { EncryptionCurve::P256 } else { EncryptionCurve::P384 };
    EncryptionKey::new(curve, &text("x"), &text("y"), "2026-01").unwrap()
}

pub(crate) fn statement() -> Statement {
    let value = json!({
        "iss": ISSUER, "iat": NOW - 60, "exp": NOW + 540, "jti": "one",
        "legal_name": { "ar": "بوابة المثال", "fr": "Portail Exemple", "en": "Example Portal" },
        "origins": ["https://portal.example.ma"],
        "purposes": [{ "id": "open-account", "text": { "ar": "فتح حساب", "fr": "Ouvrir un compte", "en": "Open an account" } }],
        "claims": ["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number", "document_number",
            "date_of_expiry"],
        "jwk": encryption_key(&portal_key()),
    });
    Statement::parse(value.to_string().as_bytes()).unwrap()
}

//! Statements and trust packs.

use std::sync::OnceLock;

use bitaqa_jose::{
    JwsHeader, PrivateJwk, SignatureAlgorithm,
    jws::{self, SignError},
};
use bitaqa_protocol::{Statement, claim::Closure, statement};
use bitaqa_trust::{
    DateTime, TrustPack, TrustPacks,
    statement::verify,
    trust_pack::{self, admit},
};

use super::{choice, jose::keys, written};

/// The time at which the seeds count: 2026-06-01T12:00:00Z, in seconds since 1970.
pub(super) const NOW: u64 = 1_780_315_200;

/// The pack that vouches for the issuer of the seeds.
pub const PACK: &str = r#"{"schema":1,"name":"fuzz","version":1,"issued":1780300000,"expires":1790000000,"signers":[JWK],
"statement_issuers":[{"iss":"https://platform.example.ma","keys":[{"jwk":JWK,"not_before":1,"not_after":1800000000}],
"origins":["https://*.example.ma"]}]}"#;

/// A portal's statement.
pub const STATEMENT: &str = r#"{"iss":"https://platform.example.ma","iat":1780315140,"exp":1780315740,"jti":"one","legal_name":{"ar":"بوابة","fr":"Portail","en":"Portal"},"origins":["https://portal.example.ma"],"purposes":[{"id":"open","text":{"ar":"فتح","fr":"Ouvrir","en":"Open"}}],"claims":["given_name","family_name","birthdate","gender","nationalities","personal_number","document_number","date_of_expiry","age_over_18"],"jwk":JWK}"#;

/// The platform's own.
pub(super) const OWN_STATEMENT: &str = r#"{"iss":"https://platform.example.ma","iat":1780315140,"exp":1780315740,"jti":"own","legal_name":{"ar":"بوابة","fr":"Portail","en":"Portal"},"origins":["https://platform.example.ma"],"purposes":[{"id":"open","text":{"ar":"فتح","fr":"Ouvrir","en":"Open"}}],"claims":["given_name","family_name","birthdate","gender","nationalities","personal_number","document_number","date_of_expiry","age_over_18"],"jwk":JWK}"#;

/// A text with the public key of the seeds in place of `JWK`.
#[must_use]
pub fn with_key(text: &str) -> String {
    let key = keys().first().and_then(|key| serde_json::to_string(key.public()).ok()).unwrap_or_default();
    text.replace("JWK", &key)
}

/// A payload under a `typ`, signed by the key of the seeds, which is in the header.
///
/// # Errors
/// What [`jws::sign`] says.
pub fn signed(type_: &str, payload: &[u8]) -> Result<String, SignError<bitaqa_jose::JwkError>> {
    let key: &PrivateJwk = keys().first().ok_or(SignError::Length)?;
    let mut header = JwsHeader::new(SignatureAlgorithm::Es256, type_);
    header.key = Some(key.public().clone());
    jws::sign(header, payload, key)
}

pub(super) fn packs() -> &'static TrustPacks {
    static PACKS: OnceLock<TrustPacks> = OnceLock::new();
    PACKS.get_or_init(|| {
        let text = signed(trust_pack::TYPE, with_key(PACK).as_bytes()).unwrap_or_default();
        TrustPacks::new(TrustPack::parse(&text).into_iter().collect())
    })
}

pub(crate) fn statement(input: &[u8]) {
    let (which, content) = choice(input);
    let at = DateTime::from_unix_duration(std::time::Duration::from_secs(NOW));
    let (Some(text), Ok(at)) = (text(which, content, statement::TYPE), at) else { return };
    match verify(&text, packs(), at) {
        Ok(verified) => {
            written(&verified);
            assert!(verified.statement.check().is_ok(), "what is believed keeps to the rules");
            let closure = Closure::of(verified.statement.claims.iter());
            for (origin, purpose) in verified.statement.origins.iter().zip(&verified.statement.purposes) {
                let _ = verified.authorize(origin, &purpose.id, &closure);
            }
            let again = serde_json::to_vec(&verified.statement).ok().map(|text| Statement::parse(&text));
            assert_eq!(again, Some(Ok(verified.statement)), "a statement survives being written");
        }
        Err(refused) => assert_eq!(refused.checks().len(), 7, "each step is in the report"),
    }
}

pub(crate) fn trust_pack(input: &[u8]) {
    let (which, content) = choice(input);
    let Some(text) = text(which, content, trust_pack::TYPE) else { return };
    if let Ok(pack) = TrustPack::parse(&text) {
        written(&pack);
        assert!(pack.contents().check().is_ok(), "a pack keeps to the rules");
        assert!(admit(&pack, Some(&pack), None, NOW).is_err(), "no pack follows itself");
        let _ = TrustPacks::new(vec![pack]).issuer_profiles(NOW);
    }
}

/// The input as the whole text, or as the payload of a good signature.
fn text(which: u8, content: &[u8], type_: &str) -> Option<String> {
    if which & 1 == 0 { String::from_utf8(content.to_vec()).ok() } else { signed(type_, content).ok() }
}

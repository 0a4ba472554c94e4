//! A platform that asks for a portal.

use std::{sync::OnceLock, time::Duration};

use bitaqa_protocol::{
    identity::{IdentityRequest, StatementText},
    mediation::{Mediation, SEPARATOR, TYPE},
    statement,
};
use bitaqa_trust::{DateTime, mediation::verify};

use super::{
    choice,
    trust::{NOW, OWN_STATEMENT, STATEMENT, packs, signed, with_key},
    written,
};

/// The portal's statement and the platform's own.
fn statements() -> &'static [String; 2] {
    static STATEMENTS: OnceLock<[String; 2]> = OnceLock::new();
    STATEMENTS.get_or_init(|| {
        [STATEMENT, OWN_STATEMENT]
            .map(|text| signed(statement::TYPE, with_key(text).as_bytes()).unwrap_or_default())
    })
}

/// A payload, signed, between both statements.
#[must_use]
pub fn joined(payload: &[u8]) -> Option<String> {
    let [portal, platform] = statements();
    let joining = signed(TYPE, payload).ok()?;
    Some(format!("{portal}{SEPARATOR}{joining}{SEPARATOR}{platform}"))
}

pub(crate) fn run(input: &[u8]) {
    let (which, content) = choice(input);
    let text = if which & 1 == 0 { String::from_utf8(content.to_vec()).ok() } else { joined(content) };
    let Some(text) = text.and_then(|text| StatementText::parse(&text).ok()) else { return };
    let Ok(at) = DateTime::from_unix_duration(Duration::from_secs(NOW)) else { return };
    match verify(&text, packs(), at) {
        Ok(verified) => {
            let Mediation { aud, challenge, purpose, claims, holder, proof, .. } = verified.mediation.clone();
            let again = serde_json::to_vec(&verified.mediation).ok().map(|text| Mediation::parse(&text));
            assert_eq!(again, Some(Ok(verified.mediation.clone())), "it survives being written");
            assert!(verified.mediation.exp <= verified.portal.statement.exp, "it outlives no statement");
            let request = IdentityRequest { challenge, statement: text, purpose, claims, holder, proof };
            written(&verified.authorize(&aud, &request));
        }
        Err(failure) => assert!(!failure.code().is_empty(), "each failure has its word"),
    }
}

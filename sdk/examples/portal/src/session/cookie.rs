//! The name of a session, and the cookie in which a browser holds it.

use axum::http::{HeaderMap, HeaderValue, header};
use bitaqa_protocol::Origin;
use sha2::{Digest, Sha256};

/// Name of a session, known to its browser only.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// 256 random bits from the operating system.
    ///
    /// # Errors
    /// The operating system gives none.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The name that a browser sent, if it sent one.
    #[must_use]
    pub fn from_cookie(headers: &HeaderMap, origin: &Origin) -> Option<Self> {
        let wanted = cookie_name(origin);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, value)| *name == wanted && value.len() == 64)
            .map(|(_, value)| Self(value.to_owned()))
    }

    /// The header that gives the name to the browser. On https the prefix `__Host-` ties the cookie to this very host.
    ///
    /// # Errors
    /// Never for a name from [`random`](Self::random); one from a cookie may hold bytes that no header takes.
    pub fn set_cookie(&self, origin: &Origin) -> Result<HeaderValue, header::InvalidHeaderValue> {
        let secure = if is_https(origin) { "; Secure" } else { "" };
        let name = cookie_name(origin);
        HeaderValue::from_str(&format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}", self.0))
    }

    pub(super) fn key(&self) -> Key {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// The header that makes the browser forget its session.
#[must_use]
pub fn forget_cookie(origin: &Origin) -> HeaderValue {
    if is_https(origin) {
        HeaderValue::from_static("__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure")
    } else {
        HeaderValue::from_static("session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
    }
}

fn is_https(origin: &Origin) -> bool {
    origin.as_str().starts_with("https://")
}

fn cookie_name(origin: &Origin) -> &'static str {
    if is_https(origin) { "__Host-session" } else { "session" }
}

/// What the portal keeps of a name: its hash.
pub(super) type Key = [u8; 32];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let id = SessionId::random().unwrap();
        let https = Origin::parse("https://portal.example.ma").unwrap();
        let cookie = id.set_cookie(&https).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-session="), "{cookie}");
        for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        let here = Origin::parse("http://127.0.0.1:8080").unwrap();
        let cookie = id.set_cookie(&here).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("session=") && !cookie.contains("Secure"), "{cookie}");
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&format!("a=b; session={}", id.0)).unwrap());
        assert!(SessionId::from_cookie(&headers, &here).is_some_and(|found| found == id));
        assert!(SessionId::from_cookie(&headers, &https).is_none());
    }
}

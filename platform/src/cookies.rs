//! The cookies: the session, what ties an interaction to the browser that began it, and what tells those who used this browser before.

use axum::http::{HeaderMap, HeaderValue, header};
use bitaqa_protocol::Origin;

use crate::{
    Unable,
    secret::Secret,
    visit::{DEVICE_LIFETIME, MAX_DEVICES},
};

/// How cookies are called and kept. On https the prefix `__Host-` ties them to this very host; on this computer without https,
/// browsers would not keep such a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    secure: bool,
}

/// A cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// Who is signed in.
    Session,
    /// Which browser it is, while somebody is in the middle of something.
    Browser,
    /// Which operator is signed in, at the address of the administration.
    Operator,
}

impl Cookie {
    /// `Lax`: a browser that comes from a relying party brings it along; a form of another site does not. Operators come from nowhere.
    const fn same_site(self) -> &'static str {
        match self {
            Self::Session | Self::Browser => "Lax",
            Self::Operator => "Strict",
        }
    }
}

impl Cookies {
    /// For an origin.
    #[must_use]
    pub fn of(origin: &Origin) -> Self {
        Self { secure: origin.as_str().starts_with("https://") }
    }

    const fn name(self, cookie: Cookie) -> &'static str {
        match (cookie, self.secure) {
            (Cookie::Session, true) => "__Host-session",
            (Cookie::Session, false) => "session",
            (Cookie::Browser, true) => "__Host-browser",
            (Cookie::Browser, false) => "browser",
            (Cookie::Operator, true) => "__Host-operator",
            (Cookie::Operator, false) => "operator",
        }
    }

    /// What a browser sent, if it can be one of ours.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, cookie: Cookie) -> Option<Secret> {
        find(headers, self.name(cookie)).and_then(Secret::parse)
    }

    /// The header that gives it.
    ///
    /// # Errors
    /// Never for a secret, which has plain letters only.
    pub fn set(self, cookie: Cookie, secret: &Secret) -> Result<HeaderValue, Unable> {
        let secure = if self.secure { "; Secure" } else { "" };
        let (name, same_site) = (self.name(cookie), cookie.same_site());
        let text = format!("{name}={}; Path=/; HttpOnly; SameSite={same_site}{secure}", secret.as_str());
        HeaderValue::from_str(&text).map_err(|_| Unable::Page)
    }

    /// The header that makes a browser forget the operator.
    #[must_use]
    pub fn forget_operator(self) -> HeaderValue {
        if self.secure {
            HeaderValue::from_static("__Host-operator=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure")
        } else {
            HeaderValue::from_static("operator=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
        }
    }

    /// What a browser holds for those who used it, the latest first.
    #[must_use]
    pub fn devices(self, headers: &HeaderMap) -> Vec<Secret> {
        let value = find(headers, self.device_name()).unwrap_or_default();
        value.split('.').take(MAX_DEVICES).filter_map(Secret::parse).collect()
    }

    /// The header that gives it. It stays longer than the session: it opens nothing.
    ///
    /// # Errors
    /// Never for secrets, which have plain letters only.
    pub fn set_devices(self, devices: &[Secret]) -> Result<HeaderValue, Unable> {
        let secure = if self.secure { "; Secure" } else { "" };
        let held: Vec<&str> = devices.iter().map(Secret::as_str).collect();
        let text = format!(
            "{}={}; Path=/; Max-Age={DEVICE_LIFETIME}; HttpOnly; SameSite=Lax{secure}",
            self.device_name(),
            held.join(".")
        );
        HeaderValue::from_str(&text).map_err(|_| Unable::Page)
    }

    const fn device_name(self) -> &'static str {
        if self.secure { "__Host-device" } else { "device" }
    }

    /// The header that makes a browser forget its session.
    #[must_use]
    pub fn forget_session(self) -> HeaderValue {
        if self.secure {
            HeaderValue::from_static("__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")
        } else {
            HeaderValue::from_static("session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        }
    }
}

fn find<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_of_other_hosts() {
        let https = Cookies::of(&Origin::parse("https://id.example.ma").unwrap());
        let here = Cookies::of(&Origin::parse("http://127.0.0.1:8080").unwrap());
        let secret = Secret::random();
        let set = https.set(Cookie::Session, &secret).unwrap();
        for part in ["__Host-session=", "Path=/", "HttpOnly", "SameSite=Lax", "; Secure"] {
            assert!(set.to_str().unwrap().contains(part), "{part}");
        }
        assert!(!here.set(Cookie::Session, &secret).unwrap().to_str().unwrap().contains("Secure"));
        let mut headers = HeaderMap::new();
        let sent = format!("a=b; session={}; browser=x", secret.as_str());
        headers.insert(header::COOKIE, HeaderValue::from_str(&sent).unwrap());
        assert!(here.read(&headers, Cookie::Session) == Some(secret));
        assert!(here.read(&headers, Cookie::Browser).is_none());
        assert!(https.read(&headers, Cookie::Session).is_none());
    }
}

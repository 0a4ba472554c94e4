//! For which origins an issuer may speak.

use std::fmt;

use bitaqa_protocol::Origin;
use serde::{Deserialize, Serialize};

/// One origin, or every subdomain of a domain.
///
/// * `https://portal.example.ma`: this origin, letter by letter.
/// * `https://*.example.ma`: every https origin without a port whose host ends in `.example.ma` with at least one label before it;
///   not `https://example.ma` itself. The domain has at least two labels, so that nobody speaks for a whole country by mistake.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum OriginPattern {
    /// This one.
    Exact(Origin),
    /// Every subdomain of this domain, which begins with a dot.
    Subdomains(String),
}

const SUBDOMAINS: &str = "https://*";

impl OriginPattern {
    /// Parses the text.
    ///
    /// # Errors
    /// [`OriginPatternError`].
    pub fn parse(text: &str) -> Result<Self, OriginPatternError> {
        let Some(suffix) = text.strip_prefix(SUBDOMAINS) else {
            return Origin::parse(text).map(Self::Exact).map_err(|_| OriginPatternError);
        };
        // the longest host that it can stand for is that of an origin, and what is no host makes none
        let example = Origin::parse(&format!("https://a{suffix}")).map_err(|_| OriginPatternError)?;
        let host = example.authority();
        let labels = suffix.split('.').skip(1).count();
        let is_address = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        if suffix.starts_with('.') && labels >= 2 && !host.contains(':') && !is_address {
            Ok(Self::Subdomains(suffix.to_owned()))
        } else {
            Err(OriginPatternError)
        }
    }

    /// Whether the origin is one of those.
    #[must_use]
    pub fn matches(&self, origin: &Origin) -> bool {
        match self {
            Self::Exact(exact) => exact == origin,
            // a port stands at the end of the authority, so one that has a port does not end in the suffix
            Self::Subdomains(suffix) => {
                origin.as_str().starts_with("https://")
                    && origin.authority().strip_suffix(suffix.as_str()).is_some_and(|rest| !rest.is_empty())
            }
        }
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(origin) => origin.fmt(f),
            Self::Subdomains(suffix) => write!(f, "{SUBDOMAINS}{suffix}"),
        }
    }
}

impl TryFrom<String> for OriginPattern {
    type Error = OriginPatternError;

    fn try_from(text: String) -> Result<Self, OriginPatternError> {
        Self::parse(&text)
    }
}

impl From<OriginPattern> for String {
    fn from(pattern: OriginPattern) -> Self {
        pattern.to_string()
    }
}

/// The text is not such a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pattern is an origin (https://portal.example.ma) or all subdomains of a domain (https://*.example.ma)"
)]
pub struct OriginPatternError;

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, origin: &str) -> bool {
        OriginPattern::parse(pattern).unwrap().matches(&Origin::parse(origin).unwrap())
    }

    #[test]
    fn an_exact_pattern_is_one_origin() {
        assert!(matches("https://portal.example.ma", "https://portal.example.ma"));
        assert!(matches("http://localhost:8080", "http://localhost:8080"));
        for other in ["https://portal.example.ma:8443", "https://a.portal.example.ma", "https://example.ma"] {
            assert!(!matches("https://portal.example.ma", other), "{other}");
        }
    }

    #[test]
    fn subdomains_are_those_below_a_domain() {
        for origin in ["https://portal.gov.ma", "https://a.b.gov.ma", "https://xn--mgba3a4f16a.gov.ma"] {
            assert!(matches("https://*.gov.ma", origin), "{origin}");
        }
        for origin in [
            "https://gov.ma",
            "https://portalgov.ma",
            "https://portal.gov.ma.example",
            "https://portal.gov.ma:8443",
            "https://portal.gov.bh",
            "http://portal.localhost",
        ] {
            assert!(!matches("https://*.gov.ma", origin), "{origin}");
        }
    }

    #[test]
    fn other_patterns_are_refused() {
        for text in [
            "",
            "*",
            "https://*",
            "https://*.",
            "https://*.ma",
            "https://*gov.ma",
            "https://*.*.gov.ma",
            "https://portal.*.ma",
            "https://*.gov.ma:8443",
            "https://*.gov.ma/",
            "https://*..ma",
            "https://*.Gov.ma",
            "http://*.gov.ma",
            "http://*.example.localhost",
            "https://*.0.0.1",
            "https://portal.example.ma/",
        ] {
            assert_eq!(OriginPattern::parse(text), Err(OriginPatternError), "{text}");
        }
    }
}

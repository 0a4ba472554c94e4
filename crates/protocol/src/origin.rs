//! Web origins.

use std::{fmt, net::Ipv4Addr};

use serde::{Deserialize, Serialize};

/// A web origin in its ASCII serialisation (WHATWG HTML, section 7.1.1; host in punycode), exactly as the browser gave it.
///
/// It is never passed through a URL formatter: what the browser said is what is shown, signed and compared. Secure
/// origins only: `https`, or `http` on this computer (`localhost`, `*.localhost`, `127.0.0.0/8`, `[::1]`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// Most characters of an origin: scheme, a host name of at most 253 characters (RFC 1035) and a port.
    pub const MAX_CHARACTERS: usize = 267;

    /// Parses the ASCII serialisation.
    ///
    /// # Errors
    /// [`OriginError`] names the part that is wrong.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        if text.len() > Self::MAX_CHARACTERS {
            return Err(OriginError::TooLong { characters: text.len() });
        }
        let (scheme, rest) = text.split_once("://").ok_or(OriginError::Scheme)?;
        let (host, port) = split_port(rest)?;
        let default_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(OriginError::Scheme),
        };
        check_host(host)?;
        if scheme == "http" && !is_this_computer(host) {
            return Err(OriginError::NotSecure);
        }
        if let Some(port) = port {
            check_port(port, default_port)?;
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, as the browser gave it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host (with port, if there is one), for a place where the scheme is said otherwise.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;
    fn try_from(text: String) -> Result<Self, OriginError> {
        Self::parse(&text)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

fn split_port(rest: &str) -> Result<(&str, Option<&str>), OriginError> {
    if rest.starts_with('[') {
        let end = rest.find(']').ok_or(OriginError::Host)?;
        let (host, after) = rest.split_at(end + 1);
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(OriginError::Host),
        };
    }
    Ok(match rest.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    })
}

fn check_host(host: &str) -> Result<(), OriginError> {
    if let Some(inner) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        let address: std::net::Ipv6Addr = inner.parse().map_err(|_| OriginError::Host)?;
        // the browser's own spelling (RFC 5952) is the only one
        return if address.to_string() == inner { Ok(()) } else { Err(OriginError::Host) };
    }
    let labels_good = host.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    });
    if host.len() > 253 || !labels_good {
        return Err(OriginError::Host);
    }
    // a host whose last label is a number is an IPv4 address or nothing (WHATWG URL, "ends in a number")
    let last = host.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x") {
        let address: Ipv4Addr = host.parse().map_err(|_| OriginError::Host)?;
        if address.to_string() != host {
            return Err(OriginError::Host);
        }
    }
    Ok(())
}

fn check_port(port: &str, default_port: u16) -> Result<(), OriginError> {
    let number: u16 = port.parse().map_err(|_| OriginError::Port)?;
    // the default port and leading zeros do not occur in a serialised origin
    if number == default_port || number.to_string() != port { Err(OriginError::Port) } else { Ok(()) }
}

fn is_this_computer(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// Why a text is not an [`Origin`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Longer than any origin.
    #[error("the origin has {characters} characters")]
    TooLong {
        /// Characters given.
        characters: usize,
    },
    /// Neither `https://` nor `http://`.
    #[error("an origin starts with https:// (or http:// on this computer)")]
    Scheme,
    /// Not a host name in its ASCII form, or an address in other than its normal spelling; or something follows host and port.
    #[error("an origin ends after host and port, without a slash, and its host is in its ASCII form")]
    Host,
    /// Not a port, or the scheme's own.
    #[error("the port of the origin is not as a browser writes it")]
    Port,
    /// Plain http to another computer.
    #[error("plain http is allowed on this computer only")]
    NotSecure,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_as_browsers_write_them_are_kept_as_they_are() {
        for text in [
            "https://portal.example.ma",
            "https://portal.example.ma:8443",
            "https://xn--mgba3a4f16a.example",
            "https://203.0.113.7",
            "https://[2001:db8::1]:444",
            "http://localhost:8080",
            "http://127.0.0.1:5000",
            "http://portal.localhost",
            "http://[::1]:3000",
        ] {
            assert_eq!(Origin::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use OriginError::{Host, NotSecure, Port, Scheme};
        for (text, error) in [
            ("portal.example.ma", Scheme),
            ("wss://portal.example.ma", Scheme),
            ("HTTPS://portal.example.ma", Scheme),
            ("null", Scheme),
            ("http://portal.example.ma", NotSecure),
            ("http://localhost.example.ma", NotSecure),
            ("https://", Host),
            ("https://portal.example.ma/", Host),
            ("https://user@portal.example.ma", Host),
            ("https://portal.example.ma?x", Host),
            ("https://portal..ma", Host),
            ("https://-portal.ma", Host),
            ("https://Portal.example.ma", Host),
            ("https://بوابة.example", Host),
            ("https://portal.example.ma ", Host),
            ("https://127.1", Host),
            ("https://0x7f.1", Host),
            ("https://[0:0:0:0:0:0:0:1]", Host),
            ("https://[::1", Host),
            ("https://portal.example.ma:443", Port),
            ("http://localhost:80", Port),
            ("https://portal.example.ma:0443", Port),
            ("https://portal.example.ma:", Port),
            ("https://portal.example.ma:65536", Port),
        ] {
            assert_eq!(Origin::parse(text), Err(error), "{text}");
        }
        assert!(matches!(
            Origin::parse(&format!("https://{}", "a".repeat(300))),
            Err(OriginError::TooLong { .. })
        ));
    }
}

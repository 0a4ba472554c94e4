//! Addresses on the web, read strictly: what cannot be read in one way only is refused.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// Longest address, in bytes.
pub const MAX_LENGTH: usize = 2048;

/// An `http` or `https` address without credentials and without fragment (RFC 3986, RFC 9110 section 4.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Url {
    scheme: Scheme,
    host: Host,
    port: u16,
    target: String,
}

/// How a host is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that stands for no port.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// A host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name, in small letters.
    Name(String),
    /// An address.
    Address(IpAddr),
}

impl Host {
    /// Reads a host as it stands in an address: a name of letters, digits, hyphens and underscores, an IPv4 address of four
    /// decimal numbers, or an IPv6 address in brackets.
    ///
    /// # Errors
    /// [`UrlFault::Host`].
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let address: Ipv6Addr = inner.parse().map_err(|_| UrlFault::Host)?;
            return Ok(Self::Address(address.into()));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Ok(Self::Address(address.into()));
        }
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        // a last label that resolvers read as a number would be an address in disguise: 127.1, 0x7f000001
        let last = text.rsplit('.').next().unwrap_or_default();
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
            || last.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
        if text.len() > 253 || is_number || !text.split('.').all(is_label) {
            return Err(UrlFault::Host);
        }
        Ok(Self::Name(text.to_ascii_lowercase()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

impl Url {
    /// Reads an address. A fragment is left out: it is never sent.
    ///
    /// # Errors
    /// [`UrlFault`].
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        if text.len() > MAX_LENGTH {
            return Err(UrlFault::TooLong);
        }
        // a backslash is a slash to some readers
        if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return Err(UrlFault::Characters);
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlFault::Scheme)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(UrlFault::Scheme),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end).ok_or(UrlFault::Host)?;
        if authority.contains('@') {
            return Err(UrlFault::Credentials);
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let port = match port {
            None | Some("") => scheme.default_port(),
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|port| *port != 0).ok_or(UrlFault::Port)?
            }
            Some(_) => return Err(UrlFault::Port),
        };
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Ok(Self { scheme, host: Host::parse(host)?, port, target })
    }

    /// Reads what a redirect from here leads to: an address, or a part of one (RFC 9110 section 10.2.2).
    ///
    /// # Errors
    /// [`UrlFault`].
    pub fn redirect(&self, location: &str) -> Result<Self, UrlFault> {
        let has_scheme = location
            .find(':')
            .is_some_and(|colon| !location.get(..colon).unwrap_or_default().contains(['/', '?', '#']));
        if has_scheme {
            return Self::parse(location);
        }
        let scheme = self.scheme.name();
        if location.starts_with("//") {
            return Self::parse(&format!("{scheme}:{location}"));
        }
        let authority = self.authority();
        if location.starts_with('/') {
            return Self::parse(&format!("{scheme}://{authority}{location}"));
        }
        let path = self.target.split('?').next().unwrap_or_default();
        let base = if location.starts_with('?') {
            path
        } else {
            path.rsplit_once('/').map_or("", |(folder, _)| folder)
        };
        let slash = if location.starts_with('?') { "" } else { "/" };
        Self::parse(&format!("{scheme}://{authority}{base}{slash}{location}"))
    }

    /// How the host is spoken to.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Its host.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Path and query, as they are sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Host and, if it is not the usual one, port: what the `Host` field says (RFC 9110 section 7.2).
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == self.scheme.default_port() {
            self.host.to_string()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.name(), self.authority(), self.target)
    }
}

/// Why a text is no address that is fetched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the address has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// A space, a control character, a backslash, or a character that is not ASCII.
    #[error("the address has characters that no address has")]
    Characters,
    /// Another scheme than `http` and `https`.
    #[error("the address begins neither with http:// nor with https://")]
    Scheme,
    /// A user's name or password.
    #[error("the address has a user's name or a password in it")]
    Credentials,
    /// Not a host.
    #[error("the host of the address is neither a name nor an IP address")]
    Host,
    /// Not a port.
    #[error("the port of the address is not a number from 1 to 65535")]
    Port,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_one_way_only() {
        let url = Url::parse("HTTP://OCSP.Example.ma:8080/a/b?c=d#e").unwrap();
        assert_eq!(url.to_string(), "http://ocsp.example.ma:8080/a/b?c=d");
        assert_eq!((url.port(), url.target()), (8080, "/a/b?c=d"));
        assert_eq!(Url::parse("https://example.ma?x").unwrap().to_string(), "https://example.ma/?x");
        assert_eq!(Url::parse("http://[2001:db8::1]:81/x").unwrap().authority(), "[2001:db8::1]:81");
        assert_eq!(Url::parse("http://[2001:db8::1]").unwrap().port(), 80);
        for (text, fault) in [
            ("file:///etc/passwd", UrlFault::Scheme),
            ("ldap://directory.example/cn=x", UrlFault::Scheme),
            ("example.ma", UrlFault::Scheme),
            ("http://user@example.ma/", UrlFault::Credentials),
            ("http://user:secret@example.ma/", UrlFault::Credentials),
            ("http://example.ma\\@127.0.0.1/", UrlFault::Characters),
            ("http://example.ma/a b", UrlFault::Characters),
            ("http://example.ma/\r\nHost: other", UrlFault::Characters),
            ("http://مثال.ma/", UrlFault::Characters),
            ("http:///path", UrlFault::Host),
            ("http://127.1/", UrlFault::Host),
            ("http://2130706433/", UrlFault::Host),
            ("http://0x7f000001/", UrlFault::Host),
            ("http://0x7f.0x1/", UrlFault::Host),
            ("http://127.0.0.01/", UrlFault::Host),
            ("http://1.2.3.4.5/", UrlFault::Host),
            ("http://a..b/", UrlFault::Host),
            ("http://example.ma./", UrlFault::Host),
            ("http://[::1%25lo]/", UrlFault::Host),
            ("http://[::1/", UrlFault::Host),
            ("http://exa%6dple.ma/", UrlFault::Host),
            ("http://example.ma:0/", UrlFault::Port),
            ("http://example.ma:65536/", UrlFault::Port),
            ("http://example.ma:+80/", UrlFault::Port),
        ] {
            assert_eq!(Url::parse(text), Err(fault), "{text}");
        }
        let long = format!("http://example.ma/{}", "a".repeat(MAX_LENGTH));
        assert_eq!(Url::parse(&long), Err(UrlFault::TooLong));
    }

    #[test]
    fn redirects_lead_where_the_standard_says() {
        let from = Url::parse("http://a.example:81/x/y?z").unwrap();
        for (location, to) in [
            ("https://b.example/q", "https://b.example/q"),
            ("//b.example/q", "http://b.example/q"),
            ("/q?r", "http://a.example:81/q?r"),
            ("q", "http://a.example:81/x/q"),
            ("?r=http://c", "http://a.example:81/x/y?r=http://c"),
            ("/q#f", "http://a.example:81/q"),
        ] {
            assert_eq!(from.redirect(location).unwrap().to_string(), to, "{location}");
        }
        for location in ["file:///etc/passwd", "javascript:alert(1)", "data:,x", "ftp://a/"] {
            assert_eq!(from.redirect(location), Err(UrlFault::Scheme), "{location}");
        }
    }
}

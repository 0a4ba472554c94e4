//! A JSON document at an address that an operator registered for a portal: its keys (RFC 7517), or who shares its sector (OpenID Connect
//! Core section 8.1).
//!
//! The address is the operator's word, with its port. The guard about what it leads to is that of all fetches, at each redirect anew; and
//! it is spoken to over TLS, for what comes is believed.

use std::{io::BufReader, net::IpAddr, time::Duration};

use crate::{
    address::{self, Special},
    client::{Client, MAX_REDIRECTS, dial, led_to, of_fault, of_io},
    deadline::Deadline,
    error::FetchError,
    http,
    notice::{Reach, reached},
    url::{Scheme, Url},
};

/// Most bytes of a document.
pub const MAX_LENGTH: usize = 64 * 1024;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// A JWK Set (RFC 7517 section 8.5.2).
    KeySet,
    /// A list of redirect URIs (OpenID Connect Core section 8.1).
    SectorIdentifier,
}

impl Document {
    const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::KeySet => &["application/jwk-set+json", "application/json"],
            Self::SectorIdentifier => &["application/json"],
        }
    }
}

/// What was fetched. Nothing of it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The bytes.
    pub body: Vec<u8>,
    /// How long the server says that it counts (RFC 9111 section 5.2.2), if it does.
    pub max_age: Option<Duration>,
}

/// Fetches a document. Blocks, at most as long as the client's time limits say.
///
/// # Errors
/// [`FetchError`].
pub fn document(client: &Client, url: &Url, reach: Reach, which: Document) -> Result<Fetched, FetchError> {
    let deadline = Deadline::begin(client.limits());
    let mut at = url.clone();
    for _ in 0..=MAX_REDIRECTS {
        match exchange(client, (url, &at), reach, which, deadline)? {
            Outcome::Fetched(fetched) => return Ok(fetched),
            Outcome::Redirect(next) => at = next,
        }
    }
    Err(FetchError::TooManyRedirects)
}

enum Outcome {
    Fetched(Fetched),
    Redirect(Url),
}

/// One question, at an address to which the registered one led.
fn exchange(
    client: &Client,
    (registered, url): (&Url, &Url),
    reach: Reach,
    which: Document,
    deadline: Deadline,
) -> Result<Outcome, FetchError> {
    let host = url.host().to_string();
    let is_registered = registered.host() == url.host() && registered.port() == url.port();
    if ![80, 443].contains(&url.port()) && !is_registered {
        return Err(FetchError::Port { host, port: url.port() });
    }
    let addresses = reached(url.host(), client.addresses(url.host(), deadline)?, reach)?;
    if url.scheme() == Scheme::Http && !addresses.iter().all(is_loopback) {
        return Err(FetchError::NotSecure { host });
    }
    let mut connection = client.speak(dial(url.host(), url.port(), &addresses, deadline)?, url)?;
    http::send(&mut connection, url, &which.media_types().join(", "), None)
        .map_err(|error| of_io(&error, &host))?;
    let mut stream = BufReader::new(connection);
    let read = |fault| of_fault(fault, &host);
    let head = http::read_head(&mut stream).map_err(read)?;
    match head.status {
        200 => {}
        301 | 302 | 303 | 307 | 308 => return led_to(url, &head).map(Outcome::Redirect),
        status => return Err(FetchError::Status { status }),
    }
    if head.is_encoded {
        return Err(FetchError::Encoded);
    }
    if !head.media_type.as_deref().is_some_and(|received| which.media_types().contains(&received)) {
        return Err(FetchError::DocumentType { received: head.media_type });
    }
    let body = http::read_body(&mut stream, &head, MAX_LENGTH).map_err(read)?;
    Ok(Outcome::Fetched(Fetched { body, max_age: head.max_age }))
}

fn is_loopback(address: &IpAddr) -> bool {
    address::special(*address) == Some(Special::Loopback)
}

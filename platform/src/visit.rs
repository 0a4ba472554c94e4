//! Where a request of a person's browser comes from, and on which device. Neither is logged, and the address is kept nowhere.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::Response,
};
use serde::Deserialize;

use crate::{
    Platform, Unable,
    clock::Seconds,
    rules::Network,
    secret::{Hash, Secret},
};

/// Most addresses in the header of a proxy.
const MAX_HOPS: usize = 32;
/// How long a device is known after it was used last.
pub const DEVICE_LIFETIME: Seconds = 180 * 24 * 60 * 60;
/// How often that is written.
const WRITTEN_AFTER: Seconds = 24 * 60 * 60;
/// For how many people a browser remembers that they used it.
pub const MAX_DEVICES: usize = 4;

/// What is known of it.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// The address, if it is certain.
    pub address: Option<IpAddr>,
    /// What this browser holds for those who used it.
    pub devices: Vec<Secret>,
}

impl FromRequestParts<Arc<Platform>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        Ok(Self {
            address: peer.and_then(|peer| platform.proxies.address(peer, &parts.headers)),
            devices: platform.cookies.devices(&parts.headers),
        })
    }
}

/// Whose word counts about where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    header: Option<HeaderName>,
    networks: Vec<Network>,
}

/// As the configuration has it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProxiesFile {
    header: String,
    proxies: Vec<Network>,
}

impl Proxies {
    /// A header in which each of these writes the address that it was asked from behind those that are there (`X-Forwarded-For`).
    #[must_use]
    pub fn new(file: ProxiesFile) -> Option<Self> {
        let header = HeaderName::from_bytes(file.header.as_bytes()).ok()?;
        (!file.proxies.is_empty()).then_some(Self { header: Some(header), networks: file.proxies })
    }

    /// The address of the last who is none of the proxies; nothing where a proxy does not say.
    #[must_use]
    pub fn address(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let is_ours = |address: IpAddr| self.networks.iter().any(|network| network.contains(address));
        let Some(header) = self.header.as_ref().filter(|_| is_ours(peer)) else {
            return Some(peer.to_canonical());
        };
        let values: Vec<&str> =
            headers.get_all(header).iter().map(HeaderValue::to_str).collect::<Result<_, _>>().ok()?;
        let hops = values.iter().rev().flat_map(|value| value.rsplit(','));
        for hop in hops.take(MAX_HOPS) {
            let address = read(hop.trim())?;
            if !is_ours(address) {
                return Some(address);
            }
        }
        None
    }
}

/// An address, with or without brackets and port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// An answer with one more cookie, if there is one.
pub(crate) fn with_cookie(cookie: Option<HeaderValue>, mut answer: Response) -> Response {
    if let Some(cookie) = cookie {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

impl Platform {
    /// Whether an account was used in this browser before. What the browser holds says nothing by itself: it is looked up with the account.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub(crate) async fn knows_device(&self, visit: &Visit, account: &str) -> Result<bool, Unable> {
        Ok(self.device_until(visit, account).await?.is_some())
    }

    async fn device_until(&self, visit: &Visit, account: &str) -> Result<Option<(Hash, Seconds)>, Unable> {
        for secret in &visit.devices {
            let device = name_of(account, secret);
            if let Some(until) = self.store.device(account, device, self.clock.now()).await? {
                return Ok(Some((device, until)));
            }
        }
        Ok(None)
    }

    /// Remembers that an account was used in this browser. Gives the cookie for it, where there has to be another: one that the browser
    /// brought and that was not known is never taken, for somebody else may have put it there.
    ///
    /// # Errors
    /// [`Unable`]: the database.
    pub(crate) async fn remember_device(
        &self,
        visit: &Visit,
        account: &str,
    ) -> Result<Option<HeaderValue>, Unable> {
        let until = self.clock.now() + DEVICE_LIFETIME;
        if let Some((device, known_until)) = self.device_until(visit, account).await? {
            if until - known_until >= WRITTEN_AFTER {
                self.store.remember_device(account, device, until).await?;
            }
            return Ok(None);
        }
        let fresh = Secret::random();
        self.store.remember_device(account, name_of(account, &fresh), until).await?;
        let others = visit.devices.iter().take(MAX_DEVICES - 1).cloned();
        let held: Vec<Secret> = std::iter::once(fresh).chain(others).collect();
        Ok(Some(self.cookies.set_devices(&held)?))
    }
}

/// What is kept of a device: another name for each account, so that nobody sees who shares one.
fn name_of(account: &str, secret: &Secret) -> Hash {
    Hash::of(format!("{account} {}", secret.as_str()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(networks: &[&str]) -> Proxies {
        let networks = networks.iter().map(|text| text.parse().unwrap()).collect();
        Proxies::new(ProxiesFile { header: "x-forwarded-for".to_owned(), proxies: networks }).unwrap()
    }

    fn address(proxies: &Proxies, peer: &str, headers: &[&str]) -> Option<String> {
        let mut sent = HeaderMap::new();
        for value in headers {
            sent.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        proxies.address(peer.parse().unwrap(), &sent).map(|address| address.to_string())
    }

    #[test]
    fn the_word_of_proxies_counts_and_nobody_elses() {
        let ours = proxies(&["10.0.0.0/8"]);
        for (peer, headers, expected) in [
            ("192.0.2.1", &[][..], Some("192.0.2.1")),
            // whoever is no proxy may write what they like
            ("192.0.2.1", &["203.0.113.9"], Some("192.0.2.1")),
            ("10.0.0.1", &["203.0.113.9"], Some("203.0.113.9")),
            ("::ffff:10.0.0.1", &["203.0.113.9"], Some("203.0.113.9")),
            // what was there when the proxy got it is not its word
            ("10.0.0.1", &["10.9.9.9, 198.51.100.7, 203.0.113.9"], Some("203.0.113.9")),
            ("10.0.0.1", &["198.51.100.7", "203.0.113.9, 10.0.0.2"], Some("203.0.113.9")),
            ("10.0.0.1", &["[2001:db8::1]:4711"], Some("2001:db8::1")),
            ("10.0.0.1", &["[2001:db8::1]"], Some("2001:db8::1")),
            ("10.0.0.1", &["203.0.113.9:80"], Some("203.0.113.9")),
            // a proxy that does not say, or nothing that can be read
            ("10.0.0.1", &[], None),
            ("10.0.0.1", &["10.0.0.2"], None),
            ("10.0.0.1", &["unknown"], None),
            ("10.0.0.1", &["203.0.113.9, "], None),
        ] {
            assert_eq!(address(&ours, peer, headers).as_deref(), expected, "{peer} {headers:?}");
        }
        let long = vec!["10.0.0.1"; 33].join(",");
        assert_eq!(address(&ours, "10.0.0.1", &[&format!("203.0.113.9,{long}")]), None);
        assert_eq!(address(&Proxies::default(), "10.0.0.1", &["203.0.113.9"]).as_deref(), Some("10.0.0.1"));
    }

    #[test]
    fn a_device_has_another_name_for_each_account() {
        let secret = Secret::random();
        assert_ne!(name_of("one", &secret), name_of("other", &secret));
        assert_eq!(name_of("one", &secret), name_of("one", &secret.clone()));
    }
}

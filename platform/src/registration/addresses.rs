//! Addresses in a registration.

use bitaqa_protocol::Origin;

use super::RegistrationError;
use crate::settings::Realm;

const MAX_URI: usize = 1024;
/// Most characters of an e-mail address (RFC 5321 section 4.5.3.1.3, without the brackets).
const MAX_CONTACT: usize = 254;

/// The origin of a URI that was checked when it was registered.
#[must_use]
pub fn origin_of(uri: &str) -> Option<Origin> {
    let (scheme, rest) = uri.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Origin::parse(&format!("{scheme}://{}", rest.get(..end)?)).ok()
}

/// Gives the host back.
pub(crate) fn check_uri(uri: &str, realm: Realm) -> Result<String, RegistrationError> {
    let wrong = || RegistrationError::Uri { uri: uri.chars().take(200).collect() };
    // a URI is printable ASCII, and one with a fragment is no redirect URI (RFC 6749 section 3.1.2)
    let forbidden =
        |byte: u8| !byte.is_ascii_graphic() || matches!(byte, b'#' | b'"' | b'<' | b'>' | b'\\' | b'\'');
    if uri.len() > MAX_URI || uri.bytes().any(forbidden) {
        return Err(wrong());
    }
    let origin = origin_of(uri).ok_or_else(wrong)?;
    // plain http stays on one computer, and is for those who try things out
    if !uri.starts_with("https://") && realm == Realm::Production {
        return Err(wrong());
    }
    let rest = uri.strip_prefix(origin.as_str()).ok_or_else(wrong)?;
    if !(rest.starts_with('/') || rest.is_empty() || rest.starts_with('?')) {
        return Err(wrong());
    }
    let authority = origin.authority();
    // an IPv6 address has colons of its own, between brackets
    let host = match authority.split_once(']') {
        Some((address, _)) => format!("{address}]"),
        None => authority.split(':').next().unwrap_or(authority).to_owned(),
    };
    Ok(host)
}

/// A host name in small letters.
pub(super) fn is_sector(sector: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    (1..=253).contains(&sector.len()) && sector.bytes().all(plain)
}

/// Letters, digits and a few signs around one `@`, before a host name.
pub(super) fn is_mail_address(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&*+/=?^_{|}~-".contains(&byte);
    text.len() <= MAX_CONTACT
        && !local.is_empty()
        && local.bytes().all(plain)
        && host.contains('.')
        && is_sector(host)
}

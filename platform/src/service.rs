//! The services of a relying party: what people do there, each with the level that it needs.
//!
//! ```toml
//! [[service]]
//! id = "tax-return"
//! scope = "tax"                                # by which a request names it, or
//! resource = "https://api.example.ma/tax"      # by which its API is named (RFC 8707); or both
//! link = "https://tax.example.ma/"             # where people begin
//! minimum_level = "high"                       # none, low, substantial or high
//! factors = ["card-and-pin"]                   # what people may show; anything that reaches the level if left out
//! sensitive = true                             # for adaptation rules; false if left out
//!
//! [service.name]
//! ar = "التصريح الضريبي"
//! fr = "Déclaration d'impôts"
//! en = "Tax return"
//! ```
//!
//! A request that names services needs the highest of their levels and of the relying party's own, shown with what all of them allow.

use std::collections::BTreeSet;

use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};

use crate::{
    factor::Authentication,
    registration::{Registration, RegistrationError, Text, check_uri, is_client_id},
    requirement::Requirement,
    settings::Realm,
};

/// Most services of a relying party.
const MAX_SERVICES: usize = 256;
/// Longest scope, in bytes.
const MAX_SCOPE: usize = 64;
/// Scopes that mean something already (OpenID Connect Core sections 5.4 and 11).
const RESERVED: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];

/// What people do at a relying party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name among the relying party's.
    pub id: String,
    /// What people know it by.
    pub name: Text,
    /// The scope by which a request names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The address by which a request names its API (RFC 8707 section 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Where people begin.
    pub link: String,
    /// Whom it takes at least.
    pub minimum_level: Level,
    /// What people may show; anything if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factors: Option<Vec<Authentication>>,
    /// Whether rules about what is sensitive mean it.
    #[serde(default)]
    pub sensitive: bool,
}

impl Service {
    /// What it asks of people by itself.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        Requirement { level: self.minimum_level, factors: self.factors.clone(), ..Requirement::default() }
    }
}

impl Registration {
    /// The services of these names that are still registered.
    pub fn services_of<'a>(&'a self, ids: &'a [String]) -> impl Iterator<Item = &'a Service> {
        self.services.iter().filter(|service| ids.contains(&service.id))
    }

    /// The services that a request names by their scopes or resources. Scopes that nobody knows change nothing (OpenID Connect Core
    /// section 3.1.2.1); a resource that nobody knows is an error (RFC 8707 section 2): nothing then.
    #[must_use]
    pub fn services_named(&self, scopes: &[&str], resources: &[&str]) -> Option<Vec<String>> {
        let known =
            |wanted: &&str| self.services.iter().any(|service| service.resource.as_deref() == Some(*wanted));
        let named = |service: &&Service| {
            service.scope.as_deref().is_some_and(|scope| scopes.contains(&scope))
                || service.resource.as_deref().is_some_and(|resource| resources.contains(&resource))
        };
        let ids = self.services.iter().filter(named).map(|service| service.id.clone());
        resources.iter().all(known).then(|| ids.collect())
    }

    /// What a request that names these services asks of people, circumstances left aside.
    #[must_use]
    pub fn requirement(&self, services: &[String]) -> Requirement {
        let own = Requirement {
            level: self.minimum_level,
            factors: self.factors.clone(),
            ..Requirement::default()
        };
        self.services_of(services).fold(own, |all, service| all.and(service.requirement()))
    }
}

/// Checks the services of a registration file.
///
/// # Errors
/// [`RegistrationError`] names the first that is wrong.
pub(crate) fn check(services: &[Service], own: &Requirement, realm: Realm) -> Result<(), RegistrationError> {
    if services.len() > MAX_SERVICES {
        return Err(RegistrationError::NumberOfServices);
    }
    let mut seen = BTreeSet::new();
    for service in services {
        let wrong = |fault| RegistrationError::Service { id: service.id.chars().take(64).collect(), fault };
        if !is_client_id(&service.id) {
            return Err(wrong(ServiceFault::Id));
        }
        if !service.name.fits() {
            return Err(wrong(ServiceFault::Name));
        }
        if service.scope.is_none() && service.resource.is_none() {
            return Err(wrong(ServiceFault::Unnamed));
        }
        if service.scope.as_deref().is_some_and(|scope| !is_scope(scope)) {
            return Err(wrong(ServiceFault::Scope));
        }
        for uri in service.resource.iter().chain([&service.link]) {
            check_uri(uri, realm)?;
        }
        let names =
            [Some(("id", service.id.as_str())), service.scope.as_deref().map(|scope| ("scope", scope))];
        let resource = service.resource.as_deref().map(|resource| ("resource", resource));
        for name in names.into_iter().chain([resource]).flatten() {
            if !seen.insert(name) {
                return Err(wrong(ServiceFault::Twice));
            }
        }
        if !own.clone().and(service.requirement()).can_be_met() {
            return Err(wrong(ServiceFault::Unreachable));
        }
    }
    Ok(())
}

/// RFC 6749 section 3.3, without those that mean something else.
fn is_scope(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    (1..=MAX_SCOPE).contains(&text.len()) && text.bytes().all(plain) && !RESERVED.contains(&text)
}

/// What is wrong with a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServiceFault {
    /// Its id.
    #[error("id: 1 to 64 letters, digits, dots, hyphens and underscores")]
    Id,
    /// Its name.
    #[error("name: 1 to 200 characters in each of ar, fr and en, and in zgh if it is there")]
    Name,
    /// Nothing names it in a request.
    #[error("a request names it by its scope or its resource: one of them is needed")]
    Unnamed,
    /// Its scope.
    #[error(
        "scope: 1 to {MAX_SCOPE} printable characters without space, quotation mark and backslash, and none of OpenID Connect's own"
    )]
    Scope,
    /// Its id, scope or resource is another's.
    #[error("another service of this relying party has the same id, scope or resource")]
    Twice,
    /// Nobody can get there.
    #[error(
        "no factor that it and the relying party allow (factors) reaches the level that they need (minimum_level)"
    )]
    Unreachable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_words_of_the_protocol_that_mean_nothing_yet() {
        for (text, fits) in [
            ("tax", true),
            ("https://api.example.ma/tax", true),
            ("", false),
            ("a b", false),
            ("a\"b", false),
            ("a\\b", false),
            ("ضريبة", false),
            ("openid", false),
            ("offline_access", false),
            (&"x".repeat(65), false),
        ] {
            assert_eq!(is_scope(text), fits, "{text}");
        }
    }
}

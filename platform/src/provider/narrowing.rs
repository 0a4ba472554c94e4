//! Access tokens for a part of what was granted (RFC 6749 section 6, RFC 8707 section 2.2). The grant stays whole: whoever refreshes may ask
//! for another part of it the next time.

use serde::{Deserialize, Serialize};

use super::{failure::Failure, granting::Granted, parameters::Parameters};
use crate::registration::Registration;

/// The scopes that are no service's and can be granted.
pub const OWN_SCOPES: [&str; 3] = ["openid", "profile", "offline_access"];

/// What an access token is for. Sealed where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Those of [`OWN_SCOPES`].
    scopes: Vec<String>,
    /// The services, by their ids.
    services: Vec<String>,
}

impl Part {
    /// The part that a request for tokens names: by `scope`, where it may, and by `resource`. Where it names both, it is for the services
    /// that both name. A token for APIs alone is none for userinfo, so it has none of [`OWN_SCOPES`]. Nothing where the whole is meant.
    ///
    /// # Errors
    /// `invalid_scope` and `invalid_target`: more than was granted, or nothing.
    pub fn named(
        granted: &Granted,
        registration: &Registration,
        scope: Option<&str>,
        parameters: &Parameters,
    ) -> Result<Option<Self>, Failure> {
        let resources: Vec<&str> = parameters.resources().collect();
        let all = granted.scope();
        let scopes: Vec<&str> =
            scope.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).collect();
        if !scopes.iter().all(|wanted| all.split(' ').any(|word| word == *wanted)) {
            return Err(Failure::new("invalid_scope", "scope has more than was granted"));
        }
        if !resources.iter().all(|wanted| granted.resources.iter().any(|resource| resource == wanted)) {
            return Err(Failure::new("invalid_target", "resource is none of those that were granted"));
        }
        if scopes.is_empty() && resources.is_empty() {
            return Ok(None);
        }
        let is_named = |names: &[&str], own: Option<&str>| {
            names.is_empty() || own.is_some_and(|own| names.contains(&own))
        };
        let services: Vec<String> = registration
            .services_of(&granted.services)
            .filter(|service| is_named(&scopes, service.scope.as_deref()))
            .filter(|service| is_named(&resources, service.resource.as_deref()))
            .map(|service| service.id.clone())
            .collect();
        if !resources.is_empty() && services.is_empty() {
            return Err(Failure::new("invalid_scope", "no scope is for a resource that is named"));
        }
        let scopes = OWN_SCOPES.into_iter().filter(|own| resources.is_empty() && scopes.contains(own));
        let part = Self { scopes: scopes.map(str::to_owned).collect(), services };
        Ok((part.scope_of(granted, registration) != all || !resources.is_empty()).then_some(part))
    }

    fn scope_of(&self, granted: &Granted, registration: &Registration) -> String {
        let mut narrowed = granted.clone();
        narrowed.narrow(self, registration);
        narrowed.scope()
    }

    /// Whether it has one of [`OWN_SCOPES`].
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }

    /// Whether it has a service.
    #[must_use]
    pub fn serves(&self, id: &str) -> bool {
        self.services.iter().any(|service| service == id)
    }
}

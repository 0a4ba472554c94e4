//! A request's parameters. Each stands there at most once (RFC 6749 section 3.1), `resource` as often as there are any (RFC 8707 section
//! 2); empty ones count as absent.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::failure::Failure;
use crate::identity::mediated::details;

/// Most parameters of a request.
const MAX_PARAMETERS: usize = 64;
/// The parameter that may be there several times.
const RESOURCE: &str = "resource";
/// Longest request, in bytes.
pub const MAX_LENGTH: usize = 32 * 1024;

/// Names and values, in their order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Parameters(Vec<(String, String)>);

/// What stands there more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated(pub String);

impl Parameters {
    /// Parses `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// The request is longer than any.
    pub fn parse(text: &[u8]) -> Result<Self, Failure> {
        if text.len() > MAX_LENGTH {
            return Err(Failure::request("the request is too long"));
        }
        let parameters: Vec<(String, String)> = form_urlencoded::parse(text)
            .filter(|(_, value)| !value.is_empty())
            .take(MAX_PARAMETERS + 1)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if parameters.len() > MAX_PARAMETERS {
            return Err(Failure::request("the request has too many parameters"));
        }
        Ok(Self(parameters))
    }

    /// Members of a JSON object (RFC 9101 section 4): numbers and objects as their text, so are authorization details, and a list where a
    /// parameter may be there several times. Nothing where one is something else, or there are too many.
    pub fn of(members: impl Iterator<Item = (String, Value)>) -> Option<Self> {
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Object(_) => Some(value.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) => None,
        };
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in members {
            match value {
                Value::Array(values) if name == RESOURCE => {
                    for value in values {
                        parameters.push((name.clone(), value.as_str()?.to_owned()));
                    }
                }
                // RFC 9396 section 2
                Value::Array(_) if name == details::PARAMETER => parameters.push((name, value.to_string())),
                value => parameters.push((name, text(value)?)),
            }
        }
        let fits = parameters.len() <= MAX_PARAMETERS;
        fits.then(|| Self(parameters.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// Those of a request's body.
    ///
    /// # Errors
    /// [`Failure`]: another kind of body, a parameter that is there twice.
    pub fn from_body(headers: &HeaderMap, body: &[u8]) -> Result<Self, Failure> {
        let parameters = Self::from_body_unchecked(headers, body)?;
        match parameters.repeated() {
            None => Ok(parameters),
            Some(_) => Err(Failure::request("a parameter stands there twice")),
        }
    }

    /// Those of a request's body, whether each stands there once or not.
    ///
    /// # Errors
    /// [`Failure`]: another kind of body.
    pub fn from_body_unchecked(headers: &HeaderMap, body: &[u8]) -> Result<Self, Failure> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|value| value.split(';').next()).map(str::trim);
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
            return Err(Failure::request("the body is not application/x-www-form-urlencoded"));
        }
        Self::parse(body)
    }

    /// The first name that stands there twice.
    #[must_use]
    pub fn repeated(&self) -> Option<Repeated> {
        let twice = |(at, (name, _)): &(usize, &(String, String))| {
            name != RESOURCE && self.0.iter().take(*at).any(|(before, _)| before == name)
        };
        self.0.iter().enumerate().find(twice).map(|(_, (name, _))| Repeated(name.clone()))
    }

    /// The value of a parameter; nothing where it stands there twice.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    }

    /// The addresses of the APIs that are meant (RFC 8707 section 2).
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(name, _)| name == RESOURCE).map(|(_, value)| value.as_str())
    }

    /// With one more.
    #[must_use]
    pub fn with(mut self, name: &str, value: String) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    /// Without some.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_twice_is_found_and_has_no_value() {
        let parameters = Parameters::parse(b"a=1&b=&c=%2B+x&a=2").unwrap();
        assert_eq!(parameters.repeated(), Some(Repeated("a".to_owned())));
        assert_eq!(
            (parameters.get("a"), parameters.get("b"), parameters.get("c")),
            (None, None, Some("+ x"))
        );
        assert!(Parameters::parse("a=1&".repeat(65).as_bytes()).is_err());
        // empty ones hide none behind them
        let hidden = format!("{}b=2", "a=&".repeat(100));
        assert_eq!(Parameters::parse(hidden.as_bytes()).unwrap().get("b"), Some("2"));
        assert!(Parameters::parse(&vec![b'a'; MAX_LENGTH + 1]).is_err());
    }
}

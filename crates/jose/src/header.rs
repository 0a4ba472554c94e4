//! What protected headers of JWS and JWE have in common.

use serde_json::{Map, Value};

use crate::{base64url, json};

/// Longest protected header, in bytes of its JSON.
pub(crate) const MAX_HEADER: usize = 16 * 1024;
/// Longest `kid`, `typ` or `cty`, in bytes.
pub(crate) const MAX_WORD: usize = 256;

/// Header parameters with a meaning of their own (RFC 7515 section 4.1, RFC 7516 section 4.1, RFC 7518 section 4.6.1, RFC 7797):
/// no caller's own member may have such a name.
const REGISTERED: [&str; 18] = [
    "alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "b64",
    "epk", "apu", "apv", "url",
];

/// Why a protected header is refused; the same for JWS and JWE.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Longer than any header.
    #[error("the protected header has more than {MAX_HEADER} bytes")]
    TooLong,
    /// Not base64url of a JSON object, or a member stands there twice.
    #[error("the protected header is not base64url of a JSON object: {0}")]
    Malformed(String),
    /// A member of the wrong type, or too long.
    #[error("the header parameter {0} is not what it should be")]
    Member(&'static str),
    /// `crit`: nothing that it could name is understood here (RFC 7515 section 4.1.11).
    #[error("the header has critical extensions (crit), and none is understood")]
    Critical,
    /// `typ` is absent or another, or is there where none belongs.
    #[error("the header's typ is not the one expected here")]
    Type,
    /// A member of the caller's with a name that has a meaning of its own.
    #[error("a header parameter of one's own cannot be called {0}")]
    Registered(String),
}

/// Which `typ` a header must have (RFC 8725 section 3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedType<'a> {
    /// This one, letter by letter.
    Is(&'a str),
    /// None at all.
    Absent,
}

/// Members of a header that is being taken apart.
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// Reads a protected header.
    pub(crate) fn parse(text: &str) -> Result<Self, HeaderError> {
        if text.len() > MAX_HEADER / 3 * 4 {
            return Err(HeaderError::TooLong);
        }
        let bytes = base64url::decode(text).map_err(|error| HeaderError::Malformed(error.to_string()))?;
        let members = json::from_slice::<Map<String, Value>>(&bytes)
            .map_err(|error| HeaderError::Malformed(error.to_string()))?;
        // RFC 7797: `b64` changes what is signed, and says so only through `crit`
        if members.contains_key("crit") || members.contains_key("b64") {
            return Err(HeaderError::Critical);
        }
        Ok(Self(members))
    }

    /// Takes a short text out, if it is there.
    pub(crate) fn word(&mut self, name: &'static str) -> Result<Option<String>, HeaderError> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) if is_word(&text) => Ok(Some(text)),
            Some(_) => Err(HeaderError::Member(name)),
        }
    }

    /// Takes bytes out, if they are there.
    pub(crate) fn bytes(&mut self, name: &'static str) -> Result<Option<Vec<u8>>, HeaderError> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => {
                base64url::decode(&text).map(Some).map_err(|_| HeaderError::Member(name))
            }
            Some(_) => Err(HeaderError::Member(name)),
        }
    }

    /// Takes any value out, if it is there.
    pub(crate) fn value(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Takes `typ` out and compares it.
    pub(crate) fn expect_type(&mut self, expected: ExpectedType<'_>) -> Result<(), HeaderError> {
        match (self.word("typ")?, expected) {
            (None, ExpectedType::Absent) => Ok(()),
            (Some(found), ExpectedType::Is(wanted)) if found == wanted => Ok(()),
            _ => Err(HeaderError::Type),
        }
    }

    /// What is left.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.0
    }
}

/// Writes a protected header: the members that are given, then the caller's own.
pub(crate) fn encode(
    mut members: Map<String, Value>,
    own: &Map<String, Value>,
) -> Result<String, HeaderError> {
    for (name, value) in own {
        if REGISTERED.contains(&name.as_str()) {
            return Err(HeaderError::Registered(name.clone()));
        }
        members.insert(name.clone(), value.clone());
    }
    for name in ["kid", "typ", "cty"] {
        if members.get(name).is_some_and(|value| !value.as_str().is_some_and(is_word)) {
            return Err(HeaderError::Member(name));
        }
    }
    let json = Value::Object(members).to_string();
    if json.len() > MAX_HEADER { Err(HeaderError::TooLong) } else { Ok(base64url::encode(json.as_bytes())) }
}

/// Puts a member in if there is one.
pub(crate) fn put(members: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), value.into());
    }
}

pub(crate) fn is_word(text: &str) -> bool {
    (1..=MAX_WORD).contains(&text.len()) && !text.chars().any(char::is_control)
}

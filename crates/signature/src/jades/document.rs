//! The three serialisations of a JWS (RFC 7515 section 7), taken apart and put together again. What is signed is kept as the
//! text that it was.

use bitaqa_jose::json;
use serde_json::{Map, Value};

use super::{JadesError, Serialization};

/// Longest document, in bytes.
pub(super) const MAX_DOCUMENT: usize = 512 * 1024 * 1024;
/// Most signatures of one document, counter-signatures not counted.
pub(super) const MAX_SIGNATURES: usize = 10_000;
/// Each signature hashes the payload again: most bytes of that.
const MAX_HASHED: usize = 0xFFFF_FFFE; // one less than a `usize` has in WebAssembly, where more saturates

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document {
    /// `payload` as the text it is; none where it is absent or empty.
    pub(super) payload: Option<String>,
    /// The signatures.
    pub(super) signatures: Vec<Entry>,
    /// Members that no standard names.
    pub(super) others: Map<String, Value>,
    /// How it is written.
    pub(super) serialization: Serialization,
}

/// One signature of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// The protected header, base64url.
    pub(super) protected: String,
    /// The unprotected header.
    pub(super) header: Map<String, Value>,
    /// The signature value, base64url.
    pub(super) signature: String,
    /// Members that no standard names.
    pub(super) others: Map<String, Value>,
}

impl Document {
    /// Reads a document in any serialisation.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, JadesError> {
        if bytes.len() > MAX_DOCUMENT {
            return Err(JadesError::TooLong("the document"));
        }
        let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let document = if begins == Some(&b'{') {
            let members: Map<String, Value> =
                json::from_slice(bytes).map_err(|error| JadesError::Document(error.to_string()))?;
            Self::from_members(members)?
        } else {
            let text = std::str::from_utf8(bytes).map_err(|_| JadesError::Malformed("the document"))?;
            Self::from_compact(text)?
        };
        let payload = document.payload.as_ref().map_or(0, String::len);
        if document.signatures.len().saturating_mul(payload) > MAX_HASHED {
            return Err(JadesError::TooLong("the payload, once for each signature,"));
        }
        Ok(document)
    }

    /// Reads a counter-signature: a text in compact serialisation, or an object.
    pub(super) fn from_value(value: &Value) -> Result<Self, JadesError> {
        match value {
            Value::String(text) => Self::from_compact(text),
            Value::Object(members) => Self::from_members(members.clone()),
            _ => Err(JadesError::Malformed("the counter-signature")),
        }
    }

    fn from_compact(text: &str) -> Result<Self, JadesError> {
        let mut parts = text.split('.');
        let (Some(protected), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JadesError::Document("not three parts with points between them".to_owned()));
        };
        Ok(Self {
            payload: Some(payload.to_owned()).filter(|payload| !payload.is_empty()),
            signatures: vec![Entry::new(protected.to_owned(), signature.to_owned())],
            others: Map::new(),
            serialization: Serialization::Compact,
        })
    }

    fn from_members(mut members: Map<String, Value>) -> Result<Self, JadesError> {
        let payload = text_of(&mut members, "payload")?.filter(|payload| !payload.is_empty());
        let Some(list) = members.remove("signatures") else {
            let entry = Entry::from_members(&mut members)?;
            let serialization = Serialization::Flattened;
            return Ok(Self { payload, signatures: vec![entry], others: members, serialization });
        };
        // both forms in one document: two readers would see two different signatures
        if ["protected", "header", "signature"].iter().any(|name| members.contains_key(*name)) {
            return Err(JadesError::Malformed("the document"));
        }
        let Value::Array(list) = list else { return Err(JadesError::Malformed("signatures")) };
        if list.is_empty() {
            return Err(JadesError::Malformed("signatures"));
        }
        if list.len() > MAX_SIGNATURES {
            return Err(JadesError::TooLong("the list of signatures"));
        }
        let entry = |item| {
            let Value::Object(mut members) = item else { return Err(JadesError::Malformed("signatures")) };
            let entry = Entry::from_members(&mut members)?;
            Ok(Entry { others: members, ..entry })
        };
        let signatures = list.into_iter().map(entry).collect::<Result<_, _>>()?;
        Ok(Self { payload, signatures, others: members, serialization: Serialization::General })
    }

    /// A signature by its number.
    pub(super) fn entry(&self, index: usize) -> Result<&Entry, JadesError> {
        self.signatures.get(index).ok_or(JadesError::NoSuchSignature { index })
    }

    /// A signature by its number, to be changed.
    pub(super) fn entry_mut(&mut self, index: usize) -> Result<&mut Entry, JadesError> {
        self.signatures.get_mut(index).ok_or(JadesError::NoSuchSignature { index })
    }

    /// Writes it; as an object if there is more than a compact text can hold.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        if let (Serialization::Compact, [entry]) = (self.serialization, self.signatures.as_slice())
            && entry.header.is_empty()
        {
            let payload = self.payload.as_deref().unwrap_or_default();
            return format!("{}.{payload}.{}", entry.protected, entry.signature).into_bytes();
        }
        self.to_value().to_string().into_bytes()
    }

    /// It as an object.
    pub(super) fn to_value(&self) -> Value {
        let mut members = self.others.clone();
        if let Some(payload) = &self.payload {
            members.insert("payload".to_owned(), payload.clone().into());
        }
        match (self.serialization, self.signatures.as_slice()) {
            (Serialization::Compact | Serialization::Flattened, [entry]) => {
                members.extend(entry.to_members());
            }
            (_, entries) => {
                let list = entries.iter().map(|entry| Value::Object(entry.to_members())).collect();
                members.insert("signatures".to_owned(), list);
            }
        }
        Value::Object(members)
    }
}

impl Entry {
    pub(super) fn new(protected: String, signature: String) -> Self {
        Self { protected, header: Map::new(), signature, others: Map::new() }
    }

    fn from_members(members: &mut Map<String, Value>) -> Result<Self, JadesError> {
        let protected = text_of(members, "protected")?.ok_or(JadesError::Malformed("protected"))?;
        let signature = text_of(members, "signature")?.ok_or(JadesError::Malformed("signature"))?;
        let header = match members.remove("header") {
            None => Map::new(),
            Some(Value::Object(header)) => header,
            Some(_) => return Err(JadesError::Malformed("header")),
        };
        Ok(Self { protected, header, signature, others: Map::new() })
    }

    fn to_members(&self) -> Map<String, Value> {
        let mut members = self.others.clone();
        members.insert("protected".to_owned(), self.protected.clone().into());
        if !self.header.is_empty() {
            members.insert("header".to_owned(), Value::Object(self.header.clone()));
        }
        members.insert("signature".to_owned(), self.signature.clone().into());
        members
    }
}

fn text_of(members: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, JadesError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JadesError::Malformed(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_serialisation_is_written_as_it_was_read() {
        for text in [
            "a.b.c",
            "a..c",
            r#"{"payload":"b","protected":"a","signature":"c"}"#,
            r#"{"header":{"etsiU":[]},"protected":"a","signature":"c"}"#,
            r#"{"payload":"b","signatures":[{"protected":"a","signature":"c"}]}"#,
            r#"{"own":1,"payload":"b","signatures":[{"own":2,"protected":"a","signature":"c"}]}"#,
        ] {
            assert_eq!(Document::parse(text.as_bytes()).unwrap().to_bytes(), text.as_bytes(), "{text}");
        }
    }

    #[test]
    fn what_two_readers_would_read_differently_is_refused() {
        for text in [
            "",
            "a.b",
            "a.b.c.d",
            "{}",
            r#"{"payload":"b","payload":"x","protected":"a","signature":"c"}"#,
            r#"{"protected":"a","signature":"c","signatures":[{"protected":"a","signature":"c"}]}"#,
            r#"{"signatures":[]}"#,
            r#"{"signatures":{}}"#,
            r#"{"protected":"a","signature":1}"#,
            r#"{"protected":"a","signature":"c","header":[]}"#,
        ] {
            assert!(Document::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}

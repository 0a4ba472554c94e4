//! Objects (ISO 32000-1 section 7.3).

use std::collections::BTreeMap;

/// Number and generation of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// `null`, and whatever is not there.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, as it is written.
    Real(String),
    /// The bytes of a string, whether literal or hexadecimal.
    String(Vec<u8>),
    /// The bytes of a name, without the solidus and escapes.
    Name(Vec<u8>),
    /// An array.
    Array(Vec<Self>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A stream; always an indirect object.
    Stream(Stream),
    /// Another object.
    Reference(Reference),
}

/// A dictionary. A key with the value `null` is a key that is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary(BTreeMap<Vec<u8>, Object>);

/// A stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// What it says about its data.
    pub dictionary: Dictionary,
    /// Its data, filters not undone.
    pub data: StreamData,
}

/// Where the data of a stream are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamData {
    /// In the file.
    InFile {
        /// First byte.
        offset: u64,
        /// Bytes.
        length: u64,
    },
    /// Here: not yet in a file.
    Bytes(Vec<u8>),
}

impl Object {
    /// A name.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// The dictionary of a dictionary or stream.
    #[must_use]
    pub const fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) | Self::Stream(Stream { dictionary, .. }) => Some(dictionary),
            _ => None,
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// A whole number.
    #[must_use]
    pub const fn integer(&self) -> Option<i64> {
        if let Self::Integer(value) = self { Some(*value) } else { None }
    }

    /// Any number.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "coordinates, which are small")]
            Self::Integer(value) => Some(*value as f64),
            Self::Real(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A reference.
    #[must_use]
    pub const fn reference(&self) -> Option<Reference> {
        if let Self::Reference(reference) = self { Some(*reference) } else { None }
    }

    /// The bytes of a string.
    #[must_use]
    pub fn string(&self) -> Option<&[u8]> {
        if let Self::String(bytes) = self { Some(bytes) } else { None }
    }

    /// Whether it is this name.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(bytes) if bytes == name.as_bytes())
    }
}

impl From<Reference> for Object {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}

impl From<Dictionary> for Object {
    fn from(dictionary: Dictionary) -> Self {
        Self::Dictionary(dictionary)
    }
}

impl From<i64> for Object {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl Dictionary {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The value of a key; `null` if it is not there.
    #[must_use]
    pub fn get(&self, key: &str) -> &Object {
        self.at(key.as_bytes())
    }

    /// The same for a key in bytes.
    #[must_use]
    pub fn at(&self, key: &[u8]) -> &Object {
        self.0.get(key).unwrap_or(&Object::Null)
    }

    /// Whether a key is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key.as_bytes())
    }

    /// Sets a value; `null` takes the key away.
    pub fn set(&mut self, key: &str, value: impl Into<Object>) {
        self.insert(key.as_bytes().to_vec(), value.into());
    }

    /// The same, for building.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.set(key, value);
        self
    }

    /// Sets a value and says whether the key was there before.
    pub(crate) fn insert(&mut self, key: Vec<u8>, value: Object) -> bool {
        if value == Object::Null {
            self.0.remove(&key).is_some()
        } else {
            self.0.insert(key, value).is_some()
        }
    }

    /// Keys and values, by the order of the keys' bytes.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// How many keys it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

//! Values about a person.

use std::{fmt, ops::Deref};

use zeroize::{Zeroize, Zeroizing};

/// A value about a person, or one that opens their card: it shows itself in no debug output and is wiped when dropped.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Personal<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Personal<T> {
    /// Takes the value in.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }
}

impl<T: Zeroize> Deref for Personal<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(personal)")
    }
}

impl From<&str> for Personal<String> {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl From<&[u8]> for Personal<Vec<u8>> {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_value_is_read_but_not_shown() {
        let name = Personal::from("STEVENSON");
        assert_eq!(name.as_str(), "STEVENSON");
        assert!(!format!("{name:?}").contains("STEV"));
        assert!(!format!("{:?}", Personal::from(&[7_u8, 8][..])).contains('7'));
    }
}

//! Data that a card gave without proof of where it comes from.

use std::fmt;

/// Something that a card says, and that anybody could have written on a card. It may fill a form; it proves nothing and
/// raises no level. There is no way to the value that does not name this.
#[derive(Clone, PartialEq, Eq)]
pub struct Unauthenticated<T>(T);

impl<T> Unauthenticated<T> {
    /// Read from a card without proof.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// What the card claims.
    pub const fn claimed(&self) -> &T {
        &self.0
    }

    /// Takes out what the card claims.
    pub fn into_claimed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Unauthenticated<T> {
    /// Without the value: it is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unauthenticated(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_not_printed() {
        assert_eq!(format!("{:?}", Unauthenticated::new("amina")), "Unauthenticated(…)");
    }
}

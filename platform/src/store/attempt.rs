use crate::secret::random_bytes;

/// The name of one try at something that happens once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt([u8; 16]);

impl Attempt {
    /// One that nobody else drew.
    #[must_use]
    pub fn fresh() -> Self {
        Self(random_bytes())
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

//! How long a signature can be validated (EN 319 122-1 clause 6, and the same clause of the other formats' standards).

use serde::{Deserialize, Serialize};

/// The baseline levels, each with all that the one before has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// A signature with the signer's certificate bound to it.
    #[serde(rename = "B-B")]
    BB,
    /// And a time stamp: proof that it existed at a time.
    #[serde(rename = "B-T")]
    BT,
    /// And all certificates and revocation data that its validation needs.
    #[serde(rename = "B-LT")]
    BLt,
    /// And an archive time stamp over all of it.
    #[serde(rename = "B-LTA")]
    BLta,
}

impl Level {
    /// All of them, the lowest first.
    pub const ALL: [Self; 4] = [Self::BB, Self::BT, Self::BLt, Self::BLta];

    /// Its name in the standards.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BB => "B-B",
            Self::BT => "B-T",
            Self::BLt => "B-LT",
            Self::BLta => "B-LTA",
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

//! Levels on the command line.

use bitaqa_signature::Level;
use clap::ValueEnum;

/// A level, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelName {
    /// The signature alone.
    #[value(name = "B-B")]
    BB,
    /// And a time stamp.
    #[value(name = "B-T")]
    BT,
    /// And everything that its validation needs.
    #[value(name = "B-LT")]
    BLt,
    /// And an archive time stamp.
    #[value(name = "B-LTA")]
    BLta,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::BB => Self::BB,
            LevelName::BT => Self::BT,
            LevelName::BLt => Self::BLt,
            LevelName::BLta => Self::BLta,
        }
    }
}

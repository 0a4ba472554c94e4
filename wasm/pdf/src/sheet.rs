//! What is written.

use std::fmt;

use serde::Deserialize;

/// Most sections, and most rows of one.
pub const MAX_ROWS: usize = 200;
/// Most characters of a text; what is longer is cut there, visibly.
pub const MAX_TEXT: usize = 2000;
/// Most pixels of a photo in one direction.
const MAX_SIDE: u32 = 4096;

/// What is written.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sheet {
    /// The title.
    pub title: String,
    /// A line below it.
    pub subtitle: String,
    /// Language of everything but the values (BCP 47).
    pub language: String,
    /// Lines run from right to left.
    pub right_to_left: bool,
    /// Something that must not be overlooked; empty for nothing.
    pub notice: String,
    /// At the foot of every page.
    pub foot: String,
    /// The rest.
    pub sections: Vec<Section>,
}

/// Rows under a heading.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A value with its label.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// The value: in any script, from right to left where its letters are.
    pub value: String,
}

/// Personal data is not shown.
impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sheet({} sections)", self.sections.len())
    }
}

/// A photo: red, green and blue of each pixel, row by row.
#[derive(Clone)]
pub struct Photo {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({} × {})", self.width, self.height)
    }
}

impl Photo {
    /// Of red, green, blue and opacity of each pixel; opacity is not looked at. `None` for another number of bytes.
    #[must_use]
    pub fn from_rgba(width: u32, height: u32, rgba: &[u8]) -> Option<Self> {
        let sound = (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height);
        let pixels = usize::try_from(width.checked_mul(height).filter(|_| sound)?).ok()?;
        if rgba.len() != pixels * 4 {
            return None;
        }
        let rgb = rgba.chunks_exact(4).flat_map(|pixel| pixel.iter().copied().take(3)).collect();
        Some(Self { width, height, rgb })
    }
}

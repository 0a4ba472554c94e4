//! A card's pictures, JPEG and JPEG 2000: an answer for every input, within the bounds.

use bitaqa_portrait::{Bounds, decode};

use super::{choice, written};

/// As the host's window and the extension have it.
const LARGE: Bounds = Bounds { width: 480, height: 640 };
/// So that most pictures are made smaller.
const SMALL: Bounds = Bounds { width: 8, height: 8 };

pub(crate) fn run(input: &[u8]) {
    let (small, encoded) = choice(input);
    let bounds = if small & 1 == 0 { LARGE } else { SMALL };
    let decoded = decode(encoded, bounds);
    written(&decoded);
    if let Ok(pixels) = decoded {
        assert!((1..=usize::from(bounds.width)).contains(&pixels.width()));
        assert!((1..=usize::from(bounds.height)).contains(&pixels.height()));
        assert_eq!(pixels.rgb().len(), pixels.width() * pixels.height() * 3);
    }
}

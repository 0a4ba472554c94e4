//! The extension's images module, in WebAssembly: a card's pictures into pixels. It is loaded when a picture is shown, and thrown
//! away with its memory when the page is cleared.
#![forbid(unsafe_code)]

use bitaqa_portrait::{Bounds, Undecodable};

/// Most pixels of what is shown: as in the host's window.
pub const BOUNDS: Bounds = Bounds { width: 480, height: 640 };

/// Size and pixels of a picture.
#[derive(Debug)]
pub struct Rgba {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Red, green, blue and opacity of every pixel, row by row: what a canvas takes.
    pub bytes: Vec<u8>,
}

/// Decodes a JPEG or JPEG 2000.
///
/// # Errors
/// [`Undecodable`].
pub fn decode(encoded: &[u8]) -> Result<Rgba, Undecodable> {
    let pixels = bitaqa_portrait::decode(encoded, BOUNDS)?;
    let (width, height) = (pixels.width(), pixels.height());
    let bytes = pixels.rgb().chunks_exact(3).flat_map(|rgb| rgb.iter().copied().chain([u8::MAX])).collect();
    Ok(Rgba { width, height, bytes })
}

#[cfg(target_arch = "wasm32")]
mod bindings {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// A decoded picture, as JavaScript sees it.
    #[wasm_bindgen]
    pub struct Picture(super::Rgba);

    #[wasm_bindgen]
    impl Picture {
        /// Decodes a JPEG or JPEG 2000.
        ///
        /// # Errors
        /// It is none that can be shown.
        #[wasm_bindgen(constructor)]
        pub fn new(encoded: &[u8]) -> Result<Picture, String> {
            super::decode(encoded).map(Self).map_err(|error| error.to_string())
        }

        /// Pixels across.
        #[wasm_bindgen(getter)]
        #[must_use]
        pub fn width(&self) -> usize {
            self.0.width
        }

        /// Pixels down.
        #[wasm_bindgen(getter)]
        #[must_use]
        pub fn height(&self) -> usize {
            self.0.height
        }

        /// Red, green, blue and opacity of every pixel, row by row.
        #[must_use]
        pub fn rgba(&self) -> Vec<u8> {
            self.0.bytes.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_none() {
        assert_eq!(decode(b"GIF89a").unwrap_err(), Undecodable::Broken);
    }
}

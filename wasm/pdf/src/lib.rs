//! The extension's export module, in WebAssembly: what a page shows as a PDF. It is loaded on export, and thrown away with its
//! memory afterwards. Nothing is fetched: the fonts are those of the host's window, built in.
//!
//! | module | what it does |
//! |---|---|
//! | [`sheet`] | what is written: sections of labels and values, a photo |
//! | [`typeface`] | the fonts; letters into glyphs, Arabic joined, in the order in which they are seen |
//! | [`layout`] | lines and pages |
//! | [`mod@file`] | the PDF's objects (ISO 32000-1) |
#![forbid(unsafe_code)]

pub mod file;
pub mod layout;
pub mod sheet;
pub mod typeface;

pub use file::{PdfError, pdf};
pub use sheet::{Photo, Sheet};

/// What JavaScript sees.
#[cfg(target_arch = "wasm32")]
pub mod bindings {
    use wasm_bindgen::prelude::wasm_bindgen;

    use crate::{Photo, Sheet};

    /// The PDF of a sheet (JSON of [`Sheet`]), with a photo of so many pixels across and down, red, green, blue and opacity of
    /// each; of none where `rgba` is empty.
    ///
    /// # Errors
    /// The sheet is none, or is longer than any.
    #[wasm_bindgen]
    pub fn pdf(sheet: &str, width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, String> {
        let sheet: Sheet = serde_json::from_str(sheet).map_err(|error| error.to_string())?;
        let photo = if rgba.is_empty() {
            None
        } else {
            Some(Photo::from_rgba(width, height, rgba).ok_or("no photo of that size")?)
        };
        crate::pdf(&sheet, photo.as_ref()).map_err(|error| error.to_string())
    }
}

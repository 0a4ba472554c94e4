//! Sets lines of text in a font (Unicode UAX #9, OpenType shaping), for what a viewer shows of a signature. It is a module of its
//! own because the tables of the world's scripts are large, and few signatures show text in a font of their own.
#![deny(unsafe_code)]

use bitaqa_signature::pades;

/// JSON of the lines (see [`pades::ShapedLine`]) that the request's appearance has as `shaped`, from a JSON array of texts.
///
/// # Errors
/// JSON with the members of the core's refusals, `code` and `message`: `appearance-invalid`, where a letter is missing in the font or it is none of TrueType.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn shape(font: &[u8], lines: &str) -> Result<String, String> {
    let refuse = |error: serde_json::Error| refusal("request-invalid", &error);
    let lines: Vec<String> = serde_json::from_str(lines).map_err(refuse)?;
    let shaped = pades::shape(font, &lines).map_err(|error| refusal("appearance-invalid", &error))?;
    serde_json::to_string(&shaped).map_err(refuse)
}

/// Fits lines into the place of a signature: JSON of [`fitting::Fitted`](pades::fitting::Fitted), from that of
/// [`fitting::Wanted`](pades::fitting::Wanted). A letter that is missing in the font does not refuse the line.
///
/// # Errors
/// As [`shape`].
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn fit(font: &[u8], wanted: &str) -> Result<String, String> {
    let refuse = |error: serde_json::Error| refusal("request-invalid", &error);
    let wanted: pades::fitting::Wanted = serde_json::from_str(wanted).map_err(refuse)?;
    let fitted = pades::fit(font, &wanted).map_err(|error| refusal("appearance-invalid", &error))?;
    serde_json::to_string(&fitted).map_err(refuse)
}

fn refusal(code: &str, error: &dyn std::error::Error) -> String {
    serde_json::json!({ "code": code, "message": error.to_string() }).to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn arabic_letters_are_set_from_the_right_and_joined() {
        let font = include_bytes!("../../../../host/fonts/BitaqaSans-Regular.ttf");
        let shaped = super::shape(font, "[\"\u{628}\u{628}\",\"A\"]").unwrap();
        let lines: Vec<bitaqa_signature::pades::ShapedLine> = serde_json::from_str(&shaped).unwrap();
        assert!(lines[0].begins_right && !lines[1].begins_right);
        let [left, right] = lines[0].glyphs.as_slice() else { panic!("two letters") };
        assert_ne!(left.glyph, right.glyph, "the last form and the first one");
        assert_eq!((left.letters.as_str(), right.letters.as_str()), ("\u{628}", "\u{628}"));
        assert!(left.advance > 0.0);
    }

    #[test]
    fn rows_are_those_that_an_appearance_takes() {
        let font = include_bytes!("../../../../host/fonts/BitaqaSans-Regular.ttf");
        let wanted = r#"{"width":180,"height":50,"lines":[{"label":"By:","values":["\u4e00","Amina"]}]}"#;
        let fitted: serde_json::Value = serde_json::from_str(&super::fit(font, wanted).unwrap()).unwrap();
        assert_eq!(fitted["rows"][0]["text"], "By: \u{2066}Amina\u{2069}");
        let shaped = serde_json::from_value(fitted["rows"][0]["shaped"].clone());
        let line: bitaqa_signature::pades::ShapedLine = shaped.unwrap();
        assert_eq!(line.glyphs.len(), "By: Amina".len());
        assert!(super::fit(font, "{}").unwrap_err().contains("request-invalid"));
        assert!(super::fit(b"", wanted).unwrap_err().contains("appearance-invalid"));
    }

    #[test]
    fn what_a_font_has_not_is_said() {
        let font = include_bytes!("../../../../host/fonts/BitaqaSans-Regular.ttf");
        assert!(super::shape(font, "[\"\u{4e00}\"]").unwrap_err().contains("appearance-invalid"));
        assert!(super::shape(b"none", "[\"A\"]").unwrap_err().contains("appearance-invalid"));
        assert!(super::shape(font, "{}").unwrap_err().contains("request-invalid"));
    }
}

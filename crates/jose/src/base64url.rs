//! Base64url without padding (RFC 4648 section 5; RFC 7515 section 2): one text per value.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const CANONICAL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The text is not base64url as this crate reads it: another character, padding, or bits set that no byte has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not base64url without padding")]
pub struct Base64UrlError;

/// Encodes without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    CANONICAL.encode(bytes)
}

/// Decodes. Any other spelling of the same bytes is refused.
///
/// # Errors
/// [`Base64UrlError`].
pub fn decode(text: &str) -> Result<Vec<u8>, Base64UrlError> {
    CANONICAL.decode(text).map_err(|_| Base64UrlError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7515_appendix_c() {
        let bytes = [3, 236, 255, 224, 193];
        assert_eq!(encode(&bytes), "A-z_4ME");
        assert_eq!(decode("A-z_4ME").unwrap(), bytes);
    }

    #[test]
    fn every_other_spelling_is_refused() {
        // padding, the other alphabet, a stray bit, white space, a length that no value has
        for text in ["A-z_4ME=", "A+z/4ME", "A-z_4MF", "A-z_ 4ME", "A-z_4ME\n", "A", "A-z_4"] {
            assert_eq!(decode(text), Err(Base64UrlError), "{text}");
        }
        assert_eq!(decode("").unwrap(), b"");
    }
}

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// RFC 4648 section 4, padding required, trailing bits zero: one text per value.
const CANONICAL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The text is not canonical base64 (RFC 4648 section 4 with padding, no white space, unused bits zero).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not canonical base64: {0}")]
pub struct Base64Error(String);

/// Decodes canonical base64. Any other spelling of the same bytes is refused, so a value has one text.
///
/// # Errors
/// [`Base64Error`] for a character outside the alphabet, wrong padding or set trailing bits.
pub fn decode_base64(text: &str) -> Result<Vec<u8>, Base64Error> {
    CANONICAL.decode(text).map_err(|error| Base64Error(error.to_string()))
}

/// Encodes as RFC 4648 section 4 base64 with padding.
#[must_use]
pub fn encode_base64(bytes: &[u8]) -> String {
    CANONICAL.encode(bytes)
}

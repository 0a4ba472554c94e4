//! A check that every parser's tests make.

use crate::error::CardError;

/// A valid file that is cut anywhere must be refused, and one with something behind it as well.
pub(super) fn refused_wherever_cut<T>(content: &[u8], parse: impl Fn(&[u8]) -> Result<T, CardError>) {
    assert!(parse(content).is_ok());
    for end in 0..content.len() {
        assert!(parse(&content[..end]).is_err(), "cut at {end} of {}", content.len());
    }
    assert!(parse(&[content, &[0x00]].concat()).is_err());
}

//! Biometric information templates (ISO/IEC 7816-11).

use bitaqa_card::biometric;

use super::written;

pub(crate) fn run(input: &[u8]) {
    written(&biometric::parse(input));
}

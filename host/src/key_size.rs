//! A certificate's key in the words of the card layer.

use bitaqa_card::signature::KeySize;
use bitaqa_trust::public_key::{Curve, KeyKind};

/// Kind and size of the key for the card layer.
#[must_use]
pub fn key_size(key: KeyKind) -> KeySize {
    match key {
        KeyKind::Ec(Curve::P256 | Curve::BrainpoolP256r1) => KeySize::Ec(32),
        KeyKind::Ec(Curve::P384 | Curve::BrainpoolP384r1) => KeySize::Ec(48),
        KeyKind::Ec(Curve::BrainpoolP512r1) => KeySize::Ec(64),
        KeyKind::Ec(Curve::P521) => KeySize::Ec(66),
        KeyKind::Rsa { bits } | KeyKind::RsaPss { bits } => {
            KeySize::Rsa(usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX))
        }
    }
}

//! What opens a chip, and the key that decrypts its nonce.

use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::{
    kdf::{self, KeyUse},
    lds::MrzKey,
    symmetric::Cipher,
};

/// Fewest and most digits of a card access number. Printed ones have six (9303-11 section 4.4.1); others are only typed.
const CAN_LENGTH: std::ops::RangeInclusive<usize> = 4..=16;
/// Most characters of a PIN or PUK.
const MAX_PIN: usize = 64;

/// A card access number: digits printed on the card. It is no secret from whoever holds the card, and is wiped all the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Can(Zeroizing<String>);

impl Can {
    /// From what was typed or read: digits, perhaps with spaces between. `None` if there is anything else, or too few or many.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut digits = Zeroizing::new(String::with_capacity(text.len()));
        digits.extend(text.chars().filter(|character| *character != ' '));
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && CAN_LENGTH.contains(&digits.len())).then_some(Self(digits))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Can {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Can")
    }
}

/// A password of PACE.
#[derive(Clone, Copy)]
pub enum Password<'a> {
    /// The machine readable zone.
    Mrz(&'a MrzKey),
    /// The card access number.
    Can(&'a Can),
    /// The person's PIN, in characters of ISO/IEC 8859-1.
    Pin(&'a [u8]),
    /// The code that unblocks it.
    Puk(&'a [u8]),
}

/// Which password, by its number in DO 83 (9303-11 section 4.4.4.1, TR-03110-3 section B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordKind {
    /// The machine readable zone.
    Mrz = 1,
    /// The card access number.
    Can = 2,
    /// The PIN.
    Pin = 3,
    /// The PUK.
    Puk = 4,
}

impl Password<'_> {
    /// Which it is.
    #[must_use]
    pub const fn kind(&self) -> PasswordKind {
        match self {
            Self::Mrz(_) => PasswordKind::Mrz,
            Self::Can(_) => PasswordKind::Can,
            Self::Pin(_) => PasswordKind::Pin,
            Self::Puk(_) => PasswordKind::Puk,
        }
    }

    /// K_π, the key that the nonce is encrypted with (9303-11 section 9.7.3). `None` for a PIN or PUK that is empty or too long.
    #[must_use]
    pub fn key(&self, cipher: Cipher) -> Option<Zeroizing<Vec<u8>>> {
        let characters = match self {
            Self::Mrz(mrz) => {
                let hash: Zeroizing<[u8; 20]> = Zeroizing::new(Sha1::digest(mrz.information()).into());
                return Some(kdf::derive(cipher, &*hash, KeyUse::Password));
            }
            Self::Can(can) => can.as_str().as_bytes(),
            Self::Pin(characters) | Self::Puk(characters) => characters,
        };
        let fits = (1..=MAX_PIN).contains(&characters.len());
        fits.then(|| kdf::derive(cipher, characters, KeyUse::Password))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_card_access_number() {
        assert_eq!(Can::new("123456").unwrap().as_str(), "123456");
        assert_eq!(Can::new(" 123 456").unwrap().as_str(), "123456");
        for none in ["", "123", "12345a", "١٢٣٤٥٦", "12345678901234567", "123\u{a0}456"] {
            assert_eq!(Can::new(none), None, "{none}");
        }
        assert_eq!(format!("{:?}", Can::new("123456")), "Some(Can)");
    }

    #[test]
    fn a_pin_that_is_empty_or_endless_makes_no_key() {
        for pin in [&[][..], &[b'1'; 65]] {
            assert_eq!(Password::Pin(pin).key(Cipher::Aes128), None);
            assert_eq!(Password::Puk(pin).key(Cipher::Aes128), None);
        }
    }
}

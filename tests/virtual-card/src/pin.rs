//! PINs as a person types them, and as a card stores and receives them.

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroizing;

/// The digits of a PIN or PUK of a test card: 4 to 12 ASCII digits. Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes 4 to 12 ASCII digits.
    ///
    /// # Errors
    /// [`PinError`] when there are fewer, more or others.
    pub fn new(digits: &str) -> Result<Self, PinError> {
        if (4..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(Zeroizing::new(digits.to_owned())))
        } else {
            Err(PinError)
        }
    }

    /// Digits that stand in this program.
    pub(crate) fn of_digits(digits: &'static str) -> Self {
        Self(Zeroizing::new(digits.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pin {
    type Error = PinError;
    fn try_from(digits: String) -> Result<Self, PinError> {
        Self::new(&Zeroizing::new(digits))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A text that is not a PIN; it does not say which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN of a test card has 4 to 12 digits")]
pub struct PinError;

/// How a PIN stands in a command (ISO/IEC 7816-15, PinAttributes: pinType, padChar, storedLength).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinFormat {
    /// ASCII digits, filled to `length` bytes.
    Padded {
        /// Bytes in the command.
        length: usize,
        /// What they are filled with.
        pad: u8,
    },
    /// ASCII digits as they are.
    Unpadded,
    /// Two digits per byte, filled to `length` bytes with halves of `F`.
    Bcd {
        /// Bytes in the command.
        length: usize,
    },
    /// ISO 9564-1, format 2: a control half, the number of digits, the digits, filled to 8 bytes with `F`.
    Iso9564Format2,
}

impl PinFormat {
    /// The bytes that stand in the command for these digits; `None` when they do not fit.
    #[must_use]
    pub fn block(self, digits: &str) -> Option<Zeroizing<Vec<u8>>> {
        let block = match self {
            Self::Unpadded => digits.as_bytes().to_vec(),
            Self::Padded { length, pad } => {
                let missing = length.checked_sub(digits.len())?;
                [digits.as_bytes().to_vec(), vec![pad; missing]].concat()
            }
            Self::Bcd { length } => packed(Vec::new(), digits, length)?,
            Self::Iso9564Format2 => {
                let count = u8::try_from(digits.len()).ok().filter(|count| *count <= 12)?;
                packed(vec![2, count], digits, 8)?
            }
        };
        Some(Zeroizing::new(block))
    }

    /// Bytes that a PIN has in a command, where every PIN has the same.
    #[must_use]
    pub const fn fixed_length(self) -> Option<usize> {
        match self {
            Self::Padded { length, .. } | Self::Bcd { length } => Some(length),
            Self::Iso9564Format2 => Some(8),
            Self::Unpadded => None,
        }
    }

    /// The digits in a block; `None` when it is not made as this format asks.
    #[must_use]
    pub fn digits(self, block: &[u8]) -> Option<Zeroizing<String>> {
        let halves = || block.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
        let digits: String = match self {
            Self::Unpadded => block.iter().map(|byte| char::from(*byte)).collect(),
            Self::Padded { pad, .. } => {
                block.iter().take_while(|byte| **byte != pad).map(|byte| char::from(*byte)).collect()
            }
            Self::Bcd { .. } => halves().take_while(|half| *half != 0x0F).map(digit).collect(),
            Self::Iso9564Format2 => {
                let count = block.first().map(|control| usize::from(control & 0x0F))?;
                halves().skip(2).take(count).map(digit).collect()
            }
        };
        let digits = Zeroizing::new(digits);
        // whatever was left out above has to be filling, and nothing else
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && *self.block(&digits)? == block;
        whole.then_some(digits)
    }
}

fn digit(half: u8) -> char {
    char::from_digit(u32::from(half), 16).unwrap_or('x')
}

fn packed(control: Vec<u8>, digits: &str, length: usize) -> Option<Vec<u8>> {
    let mut halves = control;
    halves.extend(digits.bytes().map(|byte| byte & 0x0F));
    let missing = (2 * length).checked_sub(halves.len())?;
    halves.extend(vec![0x0F; missing]);
    Some(halves.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, half| byte << 4 | half)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(format: PinFormat, digits: &str) -> Vec<u8> {
        format.block(digits).unwrap().to_vec()
    }

    #[test]
    fn each_format_writes_a_pin_its_own_way() {
        assert_eq!(block(PinFormat::Padded { length: 8, pad: 0xFF }, "1234"), *b"1234\xFF\xFF\xFF\xFF");
        assert_eq!(block(PinFormat::Padded { length: 6, pad: 0 }, "12345"), *b"12345\0");
        assert_eq!(block(PinFormat::Unpadded, "123456"), *b"123456");
        assert_eq!(block(PinFormat::Bcd { length: 4 }, "12345"), [0x12, 0x34, 0x5F, 0xFF]);
        assert_eq!(
            block(PinFormat::Iso9564Format2, "12345"),
            [0x25, 0x12, 0x34, 0x5F, 0xFF, 0xFF, 0xFF, 0xFF]
        );
    }

    #[test]
    fn digits_are_read_back_and_a_block_made_otherwise_is_refused() {
        for format in [
            PinFormat::Padded { length: 12, pad: 0xFF },
            PinFormat::Padded { length: 12, pad: 0 },
            PinFormat::Unpadded,
            PinFormat::Bcd { length: 8 },
            PinFormat::Iso9564Format2,
        ] {
            assert_eq!(format.digits(&block(format, "123456")).unwrap().as_str(), "123456", "{format:?}");
        }
        assert!(PinFormat::Padded { length: 6, pad: 0xFF }.digits(b"1234\xFF5").is_none());
        assert!(PinFormat::Bcd { length: 3 }.digits(&[0x12, 0xA4, 0xFF]).is_none());
        assert!(
            PinFormat::Iso9564Format2.digits(&[0x34, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).is_none()
        );
    }

    #[test]
    fn a_pin_is_not_shown() {
        assert_eq!(format!("{:?}", Pin::new("1234").unwrap()), "Pin(…)");
        assert!(Pin::new("123").is_err());
        assert!(Pin::new("12a4").is_err());
    }
}

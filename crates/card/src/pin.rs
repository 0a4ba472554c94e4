//! PINs: how a card wants them, and what it says of them.
//!
//! A PIN is only ever borrowed here. The command that carries it is written into memory that the caller gives (the host
//! gives locked memory), sent from there, and overwritten.

mod reference_data;

use serde::Deserialize;
use zeroize::Zeroize;

use crate::{
    apdu::{StatusWord, ins},
    channel::Channel,
    error::CardError,
};

/// Bytes that a caller must give for one VERIFY command.
pub const SCRATCH_LENGTH: usize = 5 + MAX_STORED;
/// Bytes that a caller must give for a command with two PINs, or a PUK and a PIN.
pub const CHANGE_SCRATCH_LENGTH: usize = 5 + 2 * MAX_STORED;
/// Longest PIN field of a command.
const MAX_STORED: usize = 64;

/// How a card wants its PIN (ISO/IEC 7816-15, `PasswordAttributes`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PinFormat {
    /// P2 of VERIFY.
    pub reference: u8,
    /// How characters become bytes.
    pub encoding: PinEncoding,
    /// Characters the card takes.
    #[serde(default)]
    pub alphabet: PinAlphabet,
    /// Fewest characters.
    pub min_length: u8,
    /// Most characters.
    pub max_length: u8,
    /// Bytes the encoded PIN is padded to; 0 if it is not padded.
    #[serde(default)]
    pub stored_length: u8,
    /// What it is padded with.
    #[serde(default)]
    pub pad: u8,
}

/// How characters become bytes (ISO/IEC 7816-15, `PasswordType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PinEncoding {
    /// One byte each.
    Ascii,
    /// Two digits per byte, first in the high nibble; a missing last nibble is the pad's.
    Bcd,
    /// One digit per byte, in the low nibble, F above (`half-nibble-bcd`).
    HalfNibbleBcd,
    /// ISO 9564-1 format 2: control nibble 2, length, digits, filled with F to 8 bytes.
    Iso9564Format2,
}

/// Characters of a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PinAlphabet {
    /// `0` to `9`.
    #[default]
    Digits,
    /// Printable ASCII.
    Ascii,
}

impl PinAlphabet {
    /// Whether the card takes this character.
    #[must_use]
    pub const fn contains(self, character: u8) -> bool {
        match self {
            Self::Digits => character.is_ascii_digit(),
            Self::Ascii => character.is_ascii_graphic() || character == b' ',
        }
    }
}

impl PinFormat {
    /// Whether a description makes sense, so that [`write_verify`](Self::write_verify) can rely on it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let encoded = match self.encoding {
            PinEncoding::Ascii | PinEncoding::HalfNibbleBcd => usize::from(self.max_length),
            PinEncoding::Bcd => usize::from(self.max_length).div_ceil(2),
            PinEncoding::Iso9564Format2 => 8,
        };
        let digits_only = !matches!(self.encoding, PinEncoding::Ascii);
        self.min_length <= self.max_length
            && self.max_length > 0
            && encoded <= MAX_STORED
            && usize::from(self.stored_length) <= MAX_STORED
            && (self.stored_length == 0 || encoded <= usize::from(self.stored_length))
            && (!matches!(self.encoding, PinEncoding::Iso9564Format2) || self.max_length <= 12)
            && (!digits_only || self.alphabet == PinAlphabet::Digits)
    }

    /// Checks length and alphabet, so that no try is spent on what the card cannot hold.
    ///
    /// # Errors
    /// [`PinError`]; says nothing of the PIN itself.
    pub fn check(&self, pin: &[u8]) -> Result<(), PinError> {
        if pin.len() < usize::from(self.min_length) {
            Err(PinError::TooShort)
        } else if pin.len() > usize::from(self.max_length) {
            Err(PinError::TooLong)
        } else if pin.iter().any(|character| !self.alphabet.contains(*character)) {
            Err(PinError::Alphabet)
        } else {
            Ok(())
        }
    }

    /// Writes the VERIFY command (ISO/IEC 7816-4, section 11.6.6) and returns its length.
    ///
    /// # Errors
    /// [`PinError`], also where `out` is too short or the format unsound.
    pub fn write_verify(&self, pin: &[u8], out: &mut [u8]) -> Result<usize, PinError> {
        self.check(pin)?;
        reference_data::write(out, [ins::VERIFY, 0x00, self.reference], &[(self, pin)])
    }

    fn write_field(&self, pin: &[u8], field: &mut [u8]) -> Option<usize> {
        let digit = |character: u8| character.wrapping_sub(b'0');
        let mut used = 0;
        let mut put = |byte: u8| -> Option<()> {
            *field.get_mut(used)? = byte;
            used += 1;
            Some(())
        };
        match self.encoding {
            PinEncoding::Ascii => {
                for character in pin {
                    put(*character)?;
                }
            }
            PinEncoding::HalfNibbleBcd => {
                for character in pin {
                    put(0xF0 | digit(*character))?;
                }
            }
            PinEncoding::Bcd => {
                for pair in pin.chunks(2) {
                    let low = pair.get(1).map_or(self.pad & 0x0F, |character| digit(*character));
                    put(digit(*pair.first()?) << 4 | low)?;
                }
            }
            PinEncoding::Iso9564Format2 => {
                put(0x20 | u8::try_from(pin.len()).ok()?)?;
                for pair in pin.chunks(2) {
                    let low = pair.get(1).map_or(0x0F, |character| digit(*character));
                    put(digit(*pair.first()?) << 4 | low)?;
                }
                for _ in pin.len().div_ceil(2)..7 {
                    put(0xFF)?;
                }
            }
        }
        while used < usize::from(self.stored_length) {
            *field.get_mut(used)? = self.pad;
            used += 1;
        }
        Some(used)
    }
}

/// Where the PIN comes from.
pub enum PinEntry<'a> {
    /// Typed into our own window.
    Typed {
        /// The characters, as ASCII.
        pin: &'a [u8],
        /// Memory for the VERIFY command, at least [`SCRATCH_LENGTH`] bytes; overwritten with zeros afterwards.
        scratch: &'a mut [u8],
    },
    /// Typed on the reader's own keys.
    PinPad,
}

impl PinEntry<'_> {
    /// Presents the PIN to the card, once.
    ///
    /// # Errors
    /// Transport faults, and status words that are no verdict ([`CardError::Refused`]). A wrong PIN is no error.
    pub fn present(self, channel: &mut Channel<'_>, format: &PinFormat) -> Result<PinVerdict, CardError> {
        let status = match self {
            PinEntry::Typed { pin, scratch } => {
                let status = match format.write_verify(pin, scratch) {
                    Ok(length) => channel.send_verify(scratch.get(..length).unwrap_or_default()),
                    Err(_) => return Ok(PinVerdict::NotPresented),
                };
                scratch.zeroize();
                status?
            }
            PinEntry::PinPad => channel.verify_on_pin_pad(format)?,
        };
        PinVerdict::of(status)
    }
}

/// What a card says to a presented PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinVerdict {
    /// Right.
    Correct,
    /// Wrong; tries left, where the card says so.
    Wrong {
        /// Tries left; at least one.
        tries_left: Option<u8>,
    },
    /// Wrong or not, no tries are left.
    Blocked,
    /// The reader's key pad: the person cancelled (status word 6401, PC/SC part 10).
    CancelledOnPad,
    /// The reader's key pad: nobody typed in time (6400).
    TimeoutOnPad,
    /// The reader's key pad: too few or too many digits (6403).
    LengthOnPad,
    /// The reader's key pad: the new PIN was typed differently the second time (6402).
    ConfirmationOnPad,
    /// The card cannot hold such a PIN: nothing was sent to it.
    NotPresented,
}

impl PinVerdict {
    /// The verdict of a status word of VERIFY: only 9000, 63Cx, 6300, 6983 and 6984 are one (and 6400, 6401, 6403 from a
    /// key pad).
    ///
    /// # Errors
    /// [`CardError::Refused`] for every other status word.
    pub const fn of(status: StatusWord) -> Result<Self, CardError> {
        Self::of_command("VERIFY", status)
    }

    /// The same of another command that carries a PIN or PUK; 6402 is one as well, from a key pad that takes a new PIN.
    ///
    /// # Errors
    /// [`CardError::Refused`] for every other status word.
    pub const fn of_change(command: &'static str, status: StatusWord) -> Result<Self, CardError> {
        match status.0 {
            0x6402 => Ok(Self::ConfirmationOnPad),
            _ => Self::of_command(command, status),
        }
    }

    const fn of_command(command: &'static str, status: StatusWord) -> Result<Self, CardError> {
        Ok(match (status.0, status.tries_left()) {
            (0x9000, _) => Self::Correct,
            (_, Some(0)) | (0x6983 | 0x6984, _) => Self::Blocked,
            (_, Some(left)) => Self::Wrong { tries_left: Some(left) },
            (0x6300, _) => Self::Wrong { tries_left: None },
            (0x6400, _) => Self::TimeoutOnPad,
            (0x6401, _) => Self::CancelledOnPad,
            (0x6403, _) => Self::LengthOnPad,
            _ => return Err(CardError::Refused { command, status }),
        })
    }
}

/// What is known of a PIN before it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinStatus {
    /// Tries left, where the card says so.
    pub tries_left: Option<u8>,
    /// Tries after a correct PIN, where the card says so.
    pub tries_maximum: Option<u8>,
    /// Whether the holder has set it, on cards that do nothing with the PIN they were issued with; `None` where that does
    /// not matter or is not told.
    pub activated: Option<bool>,
}

impl PinStatus {
    /// Whether no tries are left.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        matches!(self.tries_left, Some(0))
    }
}

/// Why a PIN is not presented to the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Fewer characters than the card takes.
    #[error("the PIN is too short for this card")]
    TooShort,
    /// More characters than the card takes.
    #[error("the PIN is too long for this card")]
    TooLong,
    /// A character that the card does not take.
    #[error("the PIN has a character that this card does not take")]
    Alphabet,
    /// The format cannot be.
    #[error("the card describes its PIN in a way that cannot be")]
    Format,
    /// A new PIN where the card takes none when it unblocks, or none where it wants one.
    #[error("this card takes no new PIN when it unblocks one, or none was given where it wants one")]
    NewPin,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(encoding: PinEncoding, stored_length: u8, pad: u8) -> PinFormat {
        PinFormat {
            reference: 1,
            encoding,
            alphabet: PinAlphabet::Digits,
            min_length: 4,
            max_length: 12,
            stored_length,
            pad,
        }
    }

    fn verify(format: &PinFormat, pin: &[u8]) -> Vec<u8> {
        let mut out = [0xEE; SCRATCH_LENGTH];
        let length = format.write_verify(pin, &mut out).unwrap();
        out[..length].to_vec()
    }

    #[test]
    fn each_encoding_gives_the_bytes_of_its_standard() {
        assert_eq!(
            verify(&format(PinEncoding::Ascii, 12, 0xFF), b"1234"),
            *b"\x00\x20\x00\x01\x0C1234\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
        );
        assert_eq!(verify(&format(PinEncoding::Ascii, 0, 0), b"12345"), *b"\x00\x20\x00\x01\x0512345");
        assert_eq!(
            verify(&format(PinEncoding::Bcd, 8, 0xFF), b"12345"),
            [0, 0x20, 0, 1, 8, 0x12, 0x34, 0x5F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        );
        assert_eq!(
            verify(&format(PinEncoding::HalfNibbleBcd, 0, 0), b"1234"),
            [0, 0x20, 0, 1, 4, 0xF1, 0xF2, 0xF3, 0xF4]
        );
        assert_eq!(
            verify(&format(PinEncoding::Iso9564Format2, 8, 0), b"12345"),
            [0, 0x20, 0, 1, 8, 0x25, 0x12, 0x34, 0x5F, 0xFF, 0xFF, 0xFF, 0xFF]
        );
    }

    #[test]
    fn what_the_card_cannot_hold_is_refused_before_the_card() {
        let format = format(PinEncoding::Ascii, 12, 0xFF);
        let mut out = [0; SCRATCH_LENGTH];
        assert_eq!(format.write_verify(b"123", &mut out), Err(PinError::TooShort));
        assert_eq!(format.write_verify(b"1234567890123", &mut out), Err(PinError::TooLong));
        assert_eq!(format.write_verify(b"12a4", &mut out), Err(PinError::Alphabet));
        assert_eq!(format.write_verify("١٢٣٤".as_bytes(), &mut out), Err(PinError::Alphabet));
        assert_eq!(format.write_verify(b"1234", &mut out[..8]), Err(PinError::Format));
    }

    #[test]
    fn an_unsound_format_is_seen() {
        assert!(!PinFormat { max_length: 3, ..format(PinEncoding::Ascii, 12, 0) }.is_sound());
        assert!(!PinFormat { stored_length: 6, ..format(PinEncoding::Ascii, 12, 0) }.is_sound());
        assert!(!PinFormat { max_length: 100, ..format(PinEncoding::Ascii, 0, 0) }.is_sound());
        assert!(!PinFormat { alphabet: PinAlphabet::Ascii, ..format(PinEncoding::Bcd, 8, 0) }.is_sound());
    }

    #[test]
    fn only_status_words_of_verify_are_verdicts() {
        for (status, verdict) in [
            (0x9000, PinVerdict::Correct),
            (0x63C2, PinVerdict::Wrong { tries_left: Some(2) }),
            (0x63C0, PinVerdict::Blocked),
            (0x6300, PinVerdict::Wrong { tries_left: None }),
            (0x6983, PinVerdict::Blocked),
            (0x6984, PinVerdict::Blocked),
        ] {
            assert_eq!(PinVerdict::of(StatusWord(status)), Ok(verdict), "{status:04X}");
        }
        for status in [0x6982, 0x6985, 0x6A80, 0x6700, 0x6F00, 0x6282] {
            assert!(PinVerdict::of(StatusWord(status)).is_err(), "{status:04X}");
        }
    }
}

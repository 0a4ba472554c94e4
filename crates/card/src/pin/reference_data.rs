//! Commands that give a PIN another value or its tries back (ISO/IEC 7816-4, sections 11.6.7 and 11.6.10), written where the
//! caller wants them.

use super::{PinError, PinFormat};
use crate::{
    apdu::ins,
    layout::{Unblocking, UnblockingWay},
};

/// Writes a short command of INS, P1 and P2 whose data field is these PINs side by side, and returns its length. Without
/// PINs it has no length field.
pub(super) fn write(
    out: &mut [u8],
    [instruction, p1, p2]: [u8; 3],
    pins: &[(&PinFormat, &[u8])],
) -> Result<usize, PinError> {
    if !pins.iter().all(|(format, _)| format.is_sound()) {
        return Err(PinError::Format);
    }
    let (header, rest) = out.split_at_mut_checked(4).ok_or(PinError::Format)?;
    header.copy_from_slice(&[0x00, instruction, p1, p2]);
    if pins.is_empty() {
        return Ok(4);
    }
    let (length_field, mut field) = rest.split_first_mut().ok_or(PinError::Format)?;
    let mut length = 0;
    for (format, pin) in pins {
        let written = format.write_field(pin, field).ok_or(PinError::Format)?;
        field = field.get_mut(written..).ok_or(PinError::Format)?;
        length += written;
    }
    *length_field = u8::try_from(length).map_err(|_| PinError::Format)?;
    Ok(5 + length)
}

impl PinFormat {
    /// Checks a transport value: its issuer may have chosen one that is shorter than any PIN of the holder.
    ///
    /// # Errors
    /// [`PinError`]; says nothing of the value itself.
    pub fn check_transport(&self, value: &[u8]) -> Result<(), PinError> {
        match self.check(value) {
            Err(PinError::TooShort) if value.is_empty() => Err(PinError::TooShort),
            Err(PinError::TooShort) if value.iter().any(|character| !self.alphabet.contains(*character)) => {
                Err(PinError::Alphabet)
            }
            Err(PinError::TooShort) => Ok(()),
            outcome => outcome,
        }
    }

    /// Writes CHANGE REFERENCE DATA (section 11.6.7) with the current PIN and the new one.
    ///
    /// # Errors
    /// [`PinError`] of either, also where `out` is too short or the format unsound.
    pub fn write_change(&self, current: &[u8], new: &[u8], out: &mut [u8]) -> Result<usize, PinError> {
        self.check(current)?;
        self.check(new)?;
        let header = [ins::CHANGE_REFERENCE_DATA, 0x00, self.reference];
        write(out, header, &[(self, current), (self, new)])
    }

    /// Writes CHANGE REFERENCE DATA with the transport value and the first PIN of the holder.
    ///
    /// # Errors
    /// As [`write_change`](Self::write_change).
    pub fn write_activation(&self, transport: &[u8], new: &[u8], out: &mut [u8]) -> Result<usize, PinError> {
        self.check_transport(transport)?;
        self.check(new)?;
        let header = [ins::CHANGE_REFERENCE_DATA, 0x00, self.reference];
        write(out, header, &[(self, transport), (self, new)])
    }

    /// Writes CHANGE REFERENCE DATA with a new PIN alone, for a PIN that has no value yet.
    ///
    /// # Errors
    /// As [`write_change`](Self::write_change).
    pub fn write_first_value(&self, new: &[u8], out: &mut [u8]) -> Result<usize, PinError> {
        self.check(new)?;
        write(out, [ins::CHANGE_REFERENCE_DATA, 0x01, self.reference], &[(self, new)])
    }
}

impl Unblocking {
    /// Writes RESET RETRY COUNTER (section 11.6.10) for this PIN, in the way of the card. Where the PUK is verified first, it
    /// is not in here.
    ///
    /// # Errors
    /// [`PinError`] of either, also where `out` is too short or a format unsound, and [`PinError::NewPin`] where a new PIN is
    /// given and not taken, or the other way round.
    pub fn write_reset(
        &self,
        pin: &PinFormat,
        puk: &[u8],
        new: Option<&[u8]>,
        out: &mut [u8],
    ) -> Result<usize, PinError> {
        self.puk.check(puk)?;
        if let Some(new) = new {
            pin.check(new)?;
        }
        let header = |p1| [ins::RESET_RETRY_COUNTER, p1, pin.reference];
        match (self.way, new) {
            (UnblockingWay::PukAndNewPin, Some(new)) => {
                write(out, header(0x00), &[(&self.puk, puk), (pin, new)])
            }
            (UnblockingWay::Puk, None) => write(out, header(0x01), &[(&self.puk, puk)]),
            (UnblockingWay::VerifyThenNewPin, Some(new)) => write(out, header(0x02), &[(pin, new)]),
            (UnblockingWay::Verify, None) => write(out, header(0x03), &[]),
            _ => Err(PinError::NewPin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        layout::StatusQuery,
        pin::{CHANGE_SCRATCH_LENGTH, PinAlphabet, PinEncoding},
    };

    fn format(encoding: PinEncoding, stored_length: u8) -> PinFormat {
        PinFormat {
            reference: 0x81,
            encoding,
            alphabet: PinAlphabet::Digits,
            min_length: 4,
            max_length: 8,
            stored_length,
            pad: 0xFF,
        }
    }

    fn puk() -> PinFormat {
        PinFormat { reference: 0x83, min_length: 8, ..format(PinEncoding::Ascii, 8) }
    }

    fn unblocking(way: UnblockingWay) -> Unblocking {
        Unblocking { puk: puk(), way, directory: None, status: StatusQuery::None }
    }

    fn written(write: impl FnOnce(&mut [u8]) -> Result<usize, PinError>) -> Result<Vec<u8>, PinError> {
        let mut out = [0xEE; CHANGE_SCRATCH_LENGTH];
        let length = write(&mut out)?;
        assert!(out[length..].iter().all(|byte| *byte == 0xEE), "nothing is written behind the command");
        Ok(out[..length].to_vec())
    }

    #[test]
    fn both_pins_of_a_change_are_written_in_each_encoding() {
        for (encoding, stored_length, command) in [
            (PinEncoding::Ascii, 8, &b"\x00\x24\x00\x81\x101234\xFF\xFF\xFF\xFF98765\xFF\xFF\xFF"[..]),
            (PinEncoding::Ascii, 0, b"\x00\x24\x00\x81\x09123498765"),
            (PinEncoding::Bcd, 4, b"\x00\x24\x00\x81\x08\x12\x34\xFF\xFF\x98\x76\x5F\xFF"),
            (PinEncoding::HalfNibbleBcd, 0, b"\x00\x24\x00\x81\x09\xF1\xF2\xF3\xF4\xF9\xF8\xF7\xF6\xF5"),
            (
                PinEncoding::Iso9564Format2,
                8,
                b"\x00\x24\x00\x81\x10\x24\x12\x34\xFF\xFF\xFF\xFF\xFF\x25\x98\x76\x5F\xFF\xFF\xFF\xFF",
            ),
        ] {
            let format = format(encoding, stored_length);
            assert_eq!(written(|out| format.write_change(b"1234", b"98765", out)).unwrap(), command);
        }
    }

    #[test]
    fn neither_pin_of_a_change_leaves_if_one_of_them_cannot_be() {
        let format = format(PinEncoding::Ascii, 8);
        for (current, new, error) in [
            (&b"123"[..], &b"98765"[..], PinError::TooShort),
            (b"1234", b"987", PinError::TooShort),
            (b"1234", b"987654321", PinError::TooLong),
            (b"1234", b"98a65", PinError::Alphabet),
        ] {
            assert_eq!(written(|out| format.write_change(current, new, out)), Err(error));
        }
        let mut short = [0; 20];
        assert_eq!(format.write_change(b"1234", b"98765", &mut short), Err(PinError::Format));
    }

    #[test]
    fn a_transport_value_may_be_shorter_than_a_pin_but_not_longer_or_of_other_characters() {
        let format = format(PinEncoding::Ascii, 0);
        let activated = |transport: &[u8]| written(|out| format.write_activation(transport, b"98765", out));
        assert_eq!(activated(b"00").unwrap(), b"\x00\x24\x00\x81\x070098765");
        for (transport, error) in
            [(&b""[..], PinError::TooShort), (b"0a", PinError::Alphabet), (b"000000000", PinError::TooLong)]
        {
            assert_eq!(activated(transport), Err(error));
        }
        let first = written(|out| format.write_first_value(b"98765", out)).unwrap();
        assert_eq!(first, b"\x00\x24\x01\x81\x0598765");
    }

    #[test]
    fn each_way_of_unblocking_has_the_data_field_of_its_p1() {
        let pin = format(PinEncoding::Bcd, 4);
        let reset =
            |way, new: Option<&[u8]>| written(|out| unblocking(way).write_reset(&pin, b"12345678", new, out));
        assert_eq!(
            reset(UnblockingWay::PukAndNewPin, Some(b"9876")).unwrap(),
            b"\x00\x2C\x00\x81\x0C12345678\x98\x76\xFF\xFF"
        );
        assert_eq!(reset(UnblockingWay::Puk, None).unwrap(), b"\x00\x2C\x01\x81\x0812345678");
        assert_eq!(
            reset(UnblockingWay::VerifyThenNewPin, Some(b"9876")).unwrap(),
            b"\x00\x2C\x02\x81\x04\x98\x76\xFF\xFF"
        );
        assert_eq!(reset(UnblockingWay::Verify, None).unwrap(), b"\x00\x2C\x03\x81");
        for (way, new) in [
            (UnblockingWay::PukAndNewPin, None),
            (UnblockingWay::VerifyThenNewPin, None),
            (UnblockingWay::Puk, Some(&b"9876"[..])),
            (UnblockingWay::Verify, Some(b"9876")),
        ] {
            assert_eq!(reset(way, new), Err(PinError::NewPin));
        }
        let way = unblocking(UnblockingWay::PukAndNewPin);
        let short = written(|out| way.write_reset(&pin, b"1234567", Some(b"9876"), out));
        assert_eq!(short, Err(PinError::TooShort), "of the PUK");
    }
}

//! PIN_VERIFY and PIN_MODIFY (PC/SC part 10, sections 2.5.2 and 2.5.3), and the command that a reader makes of one and the digits.

use zeroize::Zeroizing;

/// What is wrong with a structure; a reader answers `6B80`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StructureError {
    /// It ends too early, or ulDataLength is not the length of abData.
    #[error("the structure does not have the length that it says")]
    Length,
    /// A field has a value that the standard reserves.
    #[error("a field of the structure has a reserved value")]
    Field,
    /// abData is no short command.
    #[error("the structure holds no short command")]
    Command,
}

/// What is wrong with the digits; a reader answers `6403`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the PIN is shorter or longer than allowed")]
pub struct DigitsError;

/// Where and how a PIN stands in the data field (bmFormatString, bmPINBlockString, bmPINLengthFormat).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    encoding: Encoding,
    justification: Justification,
    /// Bits from the start of the data field to the PIN block.
    position: usize,
    /// Bytes of the PIN block; none when the field's own length decides.
    block: usize,
    /// Bits in which the number of digits is written; none when it is not written.
    length_bits: usize,
    /// Bits from the start of the data field to the number of digits.
    length_position: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Binary,
    Bcd,
    Ascii,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Justification {
    Left,
    Right,
}

/// A command, cut where digits are to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Template {
    header: [u8; 4],
    data: Vec<u8>,
}

/// What PIN_VERIFY and PIN_MODIFY have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Common {
    seconds: u8,
    placement: Placement,
    min_digits: u8,
    max_digits: u8,
    template: Template,
}

/// PIN_VERIFY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinVerify(Common);

/// PIN_MODIFY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinModify {
    common: Common,
    old_offset: usize,
    new_offset: usize,
    /// Whether the old PIN is asked for (bConfirmPIN, bit 1).
    pub asks_old: bool,
    /// Whether the new PIN is asked for twice (bConfirmPIN, bit 0).
    pub asks_confirmation: bool,
}

/// Waiting time when the structure says 0.
const DEFAULT_SECONDS: u8 = 30;

impl PinVerify {
    /// Reads the structure.
    ///
    /// # Errors
    /// [`StructureError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StructureError> {
        let mut fields = Fields(bytes);
        let seconds = fields.byte()?;
        let _seconds_after_first_key = fields.byte()?;
        let placement = fields.placement()?;
        let (max_digits, min_digits) = (fields.byte()?, fields.byte()?);
        fields.validation_condition()?;
        fields.number_of_messages()?;
        let _language = fields.array::<2>()?;
        let _message = fields.byte()?;
        let _prologue = fields.array::<3>()?;
        let template = fields.template()?;
        Ok(Self(Common::new(seconds, placement, min_digits, max_digits, template)?))
    }

    /// Seconds to wait for the person.
    #[must_use]
    pub const fn seconds(&self) -> u8 {
        self.0.seconds
    }

    /// The command with these digits in it.
    ///
    /// # Errors
    /// [`DigitsError`] when there are too few or too many, for the structure or for the reader's own limits.
    pub fn command(&self, digits: &[u8], limits: (u8, u8)) -> Result<Zeroizing<Vec<u8>>, DigitsError> {
        self.0.check(digits, limits)?;
        let mut data = Zeroizing::new(self.0.template.data.clone());
        self.0.placement.fill(&mut data, 0, digits)?;
        self.0.template.command(&data)
    }
}

impl PinModify {
    /// Reads the structure.
    ///
    /// # Errors
    /// [`StructureError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StructureError> {
        let mut fields = Fields(bytes);
        let seconds = fields.byte()?;
        let _seconds_after_first_key = fields.byte()?;
        let placement = fields.placement()?;
        let (old_offset, new_offset) = (usize::from(fields.byte()?), usize::from(fields.byte()?));
        let (max_digits, min_digits) = (fields.byte()?, fields.byte()?);
        let confirm = fields.byte()?;
        if confirm > 3 {
            return Err(StructureError::Field);
        }
        fields.validation_condition()?;
        fields.number_of_messages()?;
        let _language = fields.array::<2>()?;
        let _messages = fields.array::<3>()?;
        let _prologue = fields.array::<3>()?;
        let template = fields.template()?;
        Ok(Self {
            common: Common::new(seconds, placement, min_digits, max_digits, template)?,
            old_offset,
            new_offset,
            asks_old: confirm & 2 != 0,
            asks_confirmation: confirm & 1 != 0,
        })
    }

    /// Seconds to wait for each entry.
    #[must_use]
    pub const fn seconds(&self) -> u8 {
        self.common.seconds
    }

    /// The command with the new digits in it, and the old ones if they were asked for.
    ///
    /// # Errors
    /// [`DigitsError`].
    pub fn command(
        &self,
        old: Option<&[u8]>,
        new: &[u8],
        limits: (u8, u8),
    ) -> Result<Zeroizing<Vec<u8>>, DigitsError> {
        let mut data = Zeroizing::new(self.common.template.data.clone());
        if let Some(old) = old {
            self.common.check(old, limits)?;
            self.common.placement.fill(&mut data, self.old_offset, old)?;
        }
        self.common.check(new, limits)?;
        // where the command has no place yet, the new PIN follows the old one
        let adaptive = self.common.placement.block == 0 && self.common.template.data.is_empty();
        let new_offset = if adaptive { data.len() } else { self.new_offset };
        self.common.placement.fill(&mut data, new_offset, new)?;
        self.common.template.command(&data)
    }
}

impl Common {
    fn new(
        seconds: u8,
        placement: Placement,
        min_digits: u8,
        max_digits: u8,
        template: Template,
    ) -> Result<Self, StructureError> {
        if min_digits > max_digits || max_digits == 0 {
            return Err(StructureError::Field);
        }
        let seconds = if seconds == 0 { DEFAULT_SECONDS } else { seconds };
        Ok(Self { seconds, placement, min_digits, max_digits, template })
    }

    fn check(&self, digits: &[u8], (min, max): (u8, u8)) -> Result<(), DigitsError> {
        let allowed = usize::from(self.min_digits.max(min))..=usize::from(self.max_digits.min(max));
        let good = allowed.contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        good.then_some(()).ok_or(DigitsError)
    }
}

impl Template {
    /// Header, Lc and the filled data field.
    fn command(&self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, DigitsError> {
        let lc = u8::try_from(data.len()).map_err(|_| DigitsError)?;
        Ok(Zeroizing::new([self.header.as_slice(), &[lc], data].concat()))
    }
}

impl Placement {
    /// Writes digits into a data field, `offset` bytes further on.
    fn fill(&self, data: &mut Vec<u8>, offset: usize, digits: &[u8]) -> Result<(), DigitsError> {
        let encoded = Zeroizing::new(self.encoded(digits));
        let start = offset * 8 + self.position;
        let room = match self.block {
            0 => (data.len() * 8).checked_sub(start).filter(|room| *room > 0).unwrap_or(encoded.len()),
            bytes => bytes * 8,
        };
        let spare = room.checked_sub(encoded.len()).ok_or(DigitsError)?;
        let needed = (start + room).div_ceil(8);
        if data.len() < needed {
            data.resize(needed, 0xFF);
        }
        let at = match self.justification {
            Justification::Left => start,
            Justification::Right => start + spare,
        };
        write_bits(data, at, &encoded);
        if self.length_bits > 0 {
            let count = Zeroizing::new(bits(digits.len(), self.length_bits));
            write_bits(data, offset * 8 + self.length_position, &count);
        }
        Ok(())
    }

    fn encoded(&self, digits: &[u8]) -> Vec<bool> {
        let width = if self.encoding == Encoding::Bcd { 4 } else { 8 };
        let value = |digit: u8| match self.encoding {
            Encoding::Ascii => digit,
            Encoding::Bcd | Encoding::Binary => digit & 0x0F,
        };
        digits.iter().flat_map(|digit| bits(usize::from(value(*digit)), width)).collect()
    }
}

fn bits(value: usize, width: usize) -> Vec<bool> {
    (0..width).rev().map(|place| value >> place & 1 == 1).collect()
}

fn write_bits(data: &mut [u8], at: usize, bits: &[bool]) {
    for (place, bit) in (at..).zip(bits) {
        if let Some(byte) = data.get_mut(place / 8) {
            let mask = 0x80 >> (place % 8);
            if *bit {
                *byte |= mask;
            } else {
                *byte &= !mask;
            }
        }
    }
}

/// The bytes of a structure, from front to back. Numbers stand in the computer's own order, which is little-endian here.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn byte(&mut self) -> Result<u8, StructureError> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StructureError> {
        let (bytes, rest) = self.0.split_first_chunk::<N>().ok_or(StructureError::Length)?;
        self.0 = rest;
        Ok(*bytes)
    }

    fn placement(&mut self) -> Result<Placement, StructureError> {
        let [format, block, length] = self.array()?;
        let unit = |bytes: bool| if bytes { 8 } else { 1 };
        if length & 0xE0 != 0 {
            return Err(StructureError::Field);
        }
        Ok(Placement {
            encoding: match format & 0x03 {
                0 => Encoding::Binary,
                1 => Encoding::Bcd,
                2 => Encoding::Ascii,
                _ => return Err(StructureError::Field),
            },
            justification: if format & 0x04 == 0 { Justification::Left } else { Justification::Right },
            position: usize::from(format >> 3 & 0x0F) * unit(format & 0x80 != 0),
            block: usize::from(block & 0x0F),
            length_bits: usize::from(block >> 4),
            length_position: usize::from(length & 0x0F) * unit(length & 0x10 != 0),
        })
    }

    /// bEntryValidationCondition: largest size reached, key pressed, time over; any of the three.
    fn validation_condition(&mut self) -> Result<(), StructureError> {
        if (1..=7).contains(&self.byte()?) { Ok(()) } else { Err(StructureError::Field) }
    }

    fn number_of_messages(&mut self) -> Result<(), StructureError> {
        if matches!(self.byte()?, 0..=3 | 0xFF) { Ok(()) } else { Err(StructureError::Field) }
    }

    fn template(&mut self) -> Result<Template, StructureError> {
        let length =
            usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| StructureError::Length)?;
        if length != self.0.len() {
            return Err(StructureError::Length);
        }
        let header = self.array().map_err(|_| StructureError::Command)?;
        let data = match self.0 {
            [] | [0] => &[],
            // a reader sends commands with PINs without Le
            [lc, data @ ..] if data.len() == usize::from(*lc) => data,
            _ => return Err(StructureError::Command),
        };
        Ok(Template { header, data: data.to_vec() })
    }
}

#[cfg(test)]
mod tests;

//! Command APDUs as the card receives them (ISO 7816-3, section 12.1; ISO 7816-4, section 5.1).

use std::fmt;

use zeroize::Zeroizing;

use crate::status::StatusWord;

/// Most bytes an answer can be asked to have with a short Le.
pub const SHORT_NE: usize = 256;
/// Most bytes an answer can be asked to have with an extended Le.
pub const EXTENDED_NE: usize = 65_536;

/// A command, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// CLA.
    pub class: u8,
    /// INS.
    pub instruction: u8,
    /// P1.
    pub p1: u8,
    /// P2.
    pub p2: u8,
    /// The data field; it may hold a PIN.
    pub data: Zeroizing<Vec<u8>>,
    /// Ne, the most bytes expected in the answer; `None` without an Le field.
    pub expected: Option<usize>,
    /// Lc or Le stood in their extended form.
    pub extended: bool,
}

impl Command {
    /// Takes the bytes of one command apart: cases 1 to 4, short and extended.
    ///
    /// # Errors
    /// `6700` when the length fields do not fit the length of the command.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatusWord> {
        let [class, instruction, p1, p2, body @ ..] = bytes else {
            return Err(StatusWord::WRONG_LENGTH);
        };
        let (data, expected, extended) = body_of(body)?;
        Ok(Self {
            class: *class,
            instruction: *instruction,
            p1: *p1,
            p2: *p2,
            data: Zeroizing::new(data.to_vec()),
            expected,
            extended,
        })
    }

    /// Is that the same command, now with this Ne?
    #[must_use]
    pub fn is_repeated_by(&self, that: &Self, expected: usize) -> bool {
        let header = |command: &Self| [command.class, command.instruction, command.p1, command.p2];
        header(self) == header(that) && self.data == that.data && that.expected == Some(expected)
    }

    /// P1-P2 as one number.
    #[must_use]
    pub fn parameters(&self) -> u16 {
        u16::from_be_bytes([self.p1, self.p2])
    }
}

/// Header and lengths only: the data field may hold a PIN.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:02X} {:02X} {:02X} {:02X} Nc={} Ne={:?}",
            self.class,
            self.instruction,
            self.p1,
            self.p2,
            self.data.len(),
            self.expected
        )
    }
}

type Body<'a> = (&'a [u8], Option<usize>, bool);

fn body_of(body: &[u8]) -> Result<Body<'_>, StatusWord> {
    match body {
        [] => Ok((&[], None, false)),
        [le] => Ok((&[], Some(short_ne(*le)), false)),
        [0, high, low] => Ok((&[], Some(extended_ne(*high, *low)), true)),
        [0, high, low, rest @ ..] => extended_body(usize::from(u16::from_be_bytes([*high, *low])), rest),
        [0, _] => Err(StatusWord::WRONG_LENGTH),
        [lc, rest @ ..] => short_body(usize::from(*lc), rest),
    }
}

fn short_body(lc: usize, rest: &[u8]) -> Result<Body<'_>, StatusWord> {
    match rest.split_at_checked(lc) {
        Some((data, [])) => Ok((data, None, false)),
        Some((data, [le])) => Ok((data, Some(short_ne(*le)), false)),
        _ => Err(StatusWord::WRONG_LENGTH),
    }
}

fn extended_body(lc: usize, rest: &[u8]) -> Result<Body<'_>, StatusWord> {
    if lc == 0 {
        return Err(StatusWord::WRONG_LENGTH);
    }
    match rest.split_at_checked(lc) {
        Some((data, [])) => Ok((data, None, true)),
        Some((data, [high, low])) => Ok((data, Some(extended_ne(*high, *low)), true)),
        _ => Err(StatusWord::WRONG_LENGTH),
    }
}

fn short_ne(le: u8) -> usize {
    if le == 0 { SHORT_NE } else { usize::from(le) }
}

fn extended_ne(high: u8, low: u8) -> usize {
    match u16::from_be_bytes([high, low]) {
        0 => EXTENDED_NE,
        le => usize::from(le),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(bytes: &[u8]) -> (usize, Option<usize>, bool) {
        let command = Command::parse(bytes).unwrap();
        (command.data.len(), command.expected, command.extended)
    }

    #[test]
    fn the_four_short_cases_are_told_apart() {
        assert_eq!(parts(&[0, 0xA4, 0, 0x0C]), (0, None, false));
        assert_eq!(parts(&[0, 0xB0, 0, 0, 0]), (0, Some(256), false));
        assert_eq!(parts(&[0, 0xB0, 0, 0, 5]), (0, Some(5), false));
        assert_eq!(parts(&[0, 0xA4, 2, 0x0C, 2, 0x50, 0x31]), (2, None, false));
        assert_eq!(parts(&[0, 0xA4, 2, 4, 2, 0x50, 0x31, 0]), (2, Some(256), false));
    }

    #[test]
    fn the_extended_cases_are_told_apart() {
        assert_eq!(parts(&[0, 0xB0, 0, 0, 0, 0, 0]), (0, Some(65_536), true));
        assert_eq!(parts(&[0, 0xB0, 0, 0, 0, 1, 2]), (0, Some(258), true));
        assert_eq!(parts(&[0, 0xA4, 2, 0x0C, 0, 0, 2, 0x50, 0x31]), (2, None, true));
        assert_eq!(parts(&[0, 0xA4, 2, 4, 0, 0, 2, 0x50, 0x31, 0, 0]), (2, Some(65_536), true));
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused_with_6700() {
        for bytes in [
            &[0, 0xA4, 0][..],
            &[0, 0xA4, 2, 4, 3, 0x50, 0x31],
            &[0, 0xA4, 2, 4, 1, 0x50, 0x31, 0],
            &[0, 0xA4, 2, 4, 0, 0],
            &[0, 0xA4, 2, 4, 0, 0, 0, 1],
            &[0, 0xA4, 2, 4, 0, 0, 2, 1, 2, 0],
        ] {
            assert_eq!(Command::parse(bytes), Err(StatusWord::WRONG_LENGTH), "{bytes:02X?}");
        }
    }

    #[test]
    fn the_debug_form_shows_no_data() {
        let text = format!("{:?}", Command::parse(&[0, 0x20, 0, 1, 4, 0x31, 0x32, 0x33, 0x34]).unwrap());
        assert_eq!(text, "00 20 00 01 Nc=4 Ne=None");
    }
}

//! The least that can be asked of a card, computed from sizes alone: how long files are, how much card and reader carry, and
//! what secure messaging adds. Written apart from the reader, of which it knows nothing; it sends nothing either.
//!
//! Reading files takes one SELECT of the application, and for each file, by its short identifier,
//! ceil(size / (smaller maximum of card and reader − what secure messaging takes)) commands. PACE takes five. Sources: ICAO
//! Doc 9303-11, sections 4.4 and 9.8 (PACE, secure messaging); ISO/IEC 7816-4, sections 5.1, 10 and 11.3 (lengths, protected
//! objects, READ BINARY).

use crate::exchange::Exchange;

/// Bytes of an answer of short length, without its status word.
pub const SHORT_ANSWER: usize = 256;
/// Bytes of a data field of short length.
const SHORT_DATA: usize = 255;
const HEADER: usize = 4;
const STATUS_WORD: usize = 2;
/// The checksum with tag and length.
const CHECKSUM: usize = 2 + 8;
/// The protected status word with tag and length.
const PROTECTED_STATUS: usize = 2 + 2;

/// Most bytes of an answer, without its status word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maxima {
    /// That the card gives.
    pub card: usize,
    /// That the reader carries.
    pub reader: usize,
}

impl Maxima {
    /// Short lengths, which every card and every reader has.
    pub const SHORT: Self = Self { card: SHORT_ANSWER, reader: SHORT_ANSWER };

    fn smaller(self) -> usize {
        self.card.min(self.reader)
    }
}

/// What is put around commands and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Nothing.
    None,
    /// Secure messaging with a cipher of this many bytes a block.
    Blocks(usize),
}

impl Protection {
    /// Data field of a protected answer with this much in it.
    fn answer(self, content: usize) -> usize {
        match self {
            Self::None => content,
            Self::Blocks(_) if content == 0 => PROTECTED_STATUS + CHECKSUM,
            Self::Blocks(block) => object(1 + padded(content, block)) + PROTECTED_STATUS + CHECKSUM,
        }
    }

    /// Most content of an answer of this length.
    fn room(self, answer: usize) -> usize {
        (1..=answer).rev().find(|content| self.answer(*content) <= answer).unwrap_or(1)
    }

    /// A command with this much data that expects this much.
    fn exchange(self, data: usize, expected: usize) -> Exchange {
        let field = match self {
            Self::None => data,
            Self::Blocks(block) => {
                let data = if data == 0 { 0 } else { object(1 + padded(data, block)) };
                let length = match expected {
                    0 => 0,
                    1..=256 => 3,
                    _ => 4,
                };
                data + length + CHECKSUM
            }
        };
        let answer = self.answer(expected);
        let is_short = field <= SHORT_DATA && answer <= SHORT_ANSWER;
        let lc = match (field, is_short) {
            (0, true) => 0,
            // the zero that says "extended" stands before whichever length comes first
            (_, true) | (0, false) => 1,
            (_, false) => 3,
        };
        let le = match (self, expected, is_short) {
            (Self::None, 0, _) => 0,
            (.., true) => 1,
            (.., false) => 2,
        };
        Exchange { command: HEADER + lc + field + le, answer: answer + STATUS_WORD }
    }
}

/// A data object with a tag of one byte around this much.
const fn object(value: usize) -> usize {
    let length = match value {
        0..=0x7F => 1,
        0x80..=0xFF => 2,
        0x100..=0xFFFF => 3,
        _ => 4,
    };
    1 + length + value
}

/// Padding takes at least one byte.
const fn padded(data: usize, block: usize) -> usize {
    (data / block + 1) * block
}

/// SELECT that asks for nothing, with a name or a path of this many bytes.
#[must_use]
pub fn select(name: usize, protection: Protection) -> Exchange {
    protection.exchange(name, 0)
}

/// READ BINARY of a file of this size, by its short identifier from the first command on.
#[must_use]
pub fn read(size: usize, maxima: Maxima, protection: Protection) -> Vec<Exchange> {
    let most = protection.room(maxima.smaller());
    (0..size.div_ceil(most)).map(|part| protection.exchange(0, most.min(size - part * most))).collect()
}

/// PACE with the generic mapping on a curve: MANAGE SECURITY ENVIRONMENT and four times GENERAL AUTHENTICATE, with a nonce and a
/// field element of so many bytes.
#[must_use]
pub fn pace(nonce: usize, field: usize) -> Vec<Exchange> {
    const PROTOCOL: usize = 10;
    const TOKEN: usize = 8;
    let plain = Protection::None;
    let point = object(object(1 + 2 * field));
    vec![
        // protocol and password; the domain parameters go without saying where there are no others
        Exchange { command: HEADER + 1 + object(PROTOCOL) + object(1), answer: STATUS_WORD },
        plain.exchange(object(0), object(object(nonce))),
        plain.exchange(point, point),
        plain.exchange(point, point),
        plain.exchange(object(object(TOKEN)), object(object(TOKEN))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const AES: Protection = Protection::Blocks(16);

    #[test]
    fn a_short_protected_answer_carries_fourteen_blocks_less_one_byte() {
        assert_eq!(AES.room(256), 223);
        assert_eq!(Protection::Blocks(8).room(256), 231);
        assert_eq!(Protection::None.room(256), 256);
        assert_eq!(read(446, Maxima::SHORT, AES).len(), 2);
        assert_eq!(read(447, Maxima::SHORT, AES).len(), 3);
    }

    /// The exchanges of ICAO Doc 9303-11, appendix D.4.
    #[test]
    fn lengths_are_those_of_the_worked_example() {
        let triple_des = Protection::Blocks(8);
        assert_eq!(triple_des.exchange(2, 0), Exchange { command: 27, answer: 16 });
        assert_eq!(triple_des.exchange(0, 4), Exchange { command: 19, answer: 27 });
        assert_eq!(triple_des.exchange(0, 18), Exchange { command: 19, answer: 43 });
    }

    #[test]
    fn a_long_answer_takes_the_extended_form() {
        assert_eq!(Protection::None.exchange(0, 1000), Exchange { command: 7, answer: 1002 });
        // 87 82 xxxx 01 and 63 blocks, 99 02, 8E 08
        assert_eq!(AES.exchange(0, 1000), Exchange { command: 23, answer: 4 + 1 + 1008 + 14 + 2 });
        let long = Maxima { card: 4000, reader: 2000 };
        assert_eq!(read(5000, long, Protection::None).len(), 3);
    }
}

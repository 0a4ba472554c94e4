//! EF.ATR/INFO: what a chip can carry (ICAO Doc 9303-10, section on EF.ATR/INFO; ISO/IEC 7816-4, section 12).

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, Response, StatusWord, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    file::{FileLocation, Selection},
    pkcs15::ef_dir::trim_filler,
    profile::Link,
    tlv::{Tag, Tlv, TlvReader},
};

const WHAT: &str = "EF.ATR/INFO";
/// Master file, EF.ATR/INFO.
const PATH: [u8; 4] = [0x3F, 0x00, 0x2F, 0x01];
/// Its short identifier, in the master file (ICAO Doc 9303-10, table of files).
const SHORT_IDENTIFIER: u8 = 0x01;
/// Most bytes of the file.
const MAX_FILE: usize = 1024;
/// Card capabilities.
const CAPABILITIES: Tag = Tag(0x47);
/// Extended length information.
const EXTENDED_LENGTH: Tag = Tag(0x7F66);
const INTEGER: Tag = Tag(0x02);

/// EF.ATR/INFO, as far as it says what the chip can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AtrInfo {
    /// Card capabilities (47).
    pub capabilities: Option<CardCapabilities>,
    /// Extended length information (7F66).
    pub extended_length: Option<ExtendedLength>,
}

/// Card capabilities: the third software function table (ISO/IEC 7816-4, section 12.1.1), which historical bytes may
/// have as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardCapabilities {
    /// Command chaining.
    pub chaining: bool,
    /// Extended Lc and Le.
    pub extended_length: bool,
}

/// Longest commands and answers, in bytes, headers and status words included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtendedLength {
    /// Longest command APDU.
    pub command: usize,
    /// Longest response APDU.
    pub response: usize,
}

impl AtrInfo {
    /// Reads the file, which is optional: `None` where the chip refuses it. One command where the master file is current.
    ///
    /// # Errors
    /// Misbehaviour and transport faults.
    pub fn read(channel: &mut Channel<'_>, selection: &mut Selection) -> Result<Option<Self>, CardError> {
        if selection.is_in_master_file() {
            let read = Command::new(ins::READ_BINARY, 0x80 | SHORT_IDENTIFIER, 0x00).le(MAX_SHORT_RESPONSE);
            let Response { data, status } = channel.send(&read)?;
            match status {
                // as much as was asked for may not be all
                StatusWord::OK | StatusWord::END_OF_FILE if data.len() < MAX_SHORT_RESPONSE => {
                    return Self::parse(&data).map(Some);
                }
                StatusWord::NOT_FOUND => return Ok(None),
                _ => {}
            }
        }
        let file = FileLocation { path: PATH.to_vec(), ..FileLocation::default() };
        match selection.read(channel, &file, MAX_FILE) {
            Ok(content) => Self::parse(&content).map(Some),
            Err(CardError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Parses the file; objects that say something else are passed over, filler bytes behind them ignored.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let tlv = |error| Misbehaviour::Tlv { what: WHAT, error };
        let mut info = Self::default();
        let mut reader = TlvReader::new(trim_filler(content));
        while let Some(object) = reader.read().map_err(tlv)? {
            match object.tag {
                CAPABILITIES => info.capabilities = CardCapabilities::parse(object.value),
                EXTENDED_LENGTH => {
                    let mut lengths = object.children();
                    let command = lengths.expect(INTEGER).map_err(tlv)?;
                    let response = lengths.expect(INTEGER).map_err(tlv)?;
                    info.extended_length =
                        Some(ExtendedLength { command: length(&command)?, response: length(&response)? });
                }
                _ => {}
            }
        }
        Ok(info)
    }

    /// What to use with this chip. Extended length without its limits is used for no answer: chips that do not say how much
    /// they take often take little.
    #[must_use]
    pub fn link(&self) -> Link {
        const STATUS_WORD: usize = 2;
        let CardCapabilities { chaining, extended_length } =
            self.capabilities.unwrap_or(CardCapabilities { chaining: false, extended_length: false });
        let max_response = match self.extended_length {
            Some(lengths) if extended_length => {
                lengths.response.saturating_sub(STATUS_WORD).max(MAX_SHORT_RESPONSE)
            }
            _ => MAX_SHORT_RESPONSE,
        };
        Link { extended_length, chaining, max_response }
    }
}

impl CardCapabilities {
    /// From the value of the object; `None` if it has no third table.
    #[must_use]
    pub const fn parse(value: &[u8]) -> Option<Self> {
        match *value {
            [_, _, third] => Some(Self { chaining: third & 0x80 != 0, extended_length: third & 0x40 != 0 }),
            _ => None,
        }
    }
}

/// A length of one to three bytes, 32 at least: less carries no command.
fn length(integer: &Tlv<'_>) -> Result<usize, CardError> {
    let value = integer.value;
    let number = value.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
    if (1..=3).contains(&value.len()) && number >= 32 {
        Ok(number)
    } else {
        Err(Misbehaviour::Element { what: WHAT, element: "extended length information" }.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{test_hex::hex, test_script::Script};

    #[test]
    fn capabilities_and_lengths_make_a_link() {
        let info = AtrInfo::parse(&hex("4301B847039401E07F6608020204000202080046020000FFFF")).unwrap();
        assert_eq!(info.capabilities, Some(CardCapabilities { chaining: true, extended_length: true }));
        assert_eq!(info.extended_length, Some(ExtendedLength { command: 1024, response: 2048 }));
        assert_eq!(info.link(), Link { extended_length: true, chaining: true, max_response: 2046 });
        let third = AtrInfo::parse(&hex("7F660A0203010000020301000047039401C0")).unwrap();
        assert_eq!(third.link().max_response, 65_534);
    }

    #[test]
    fn the_file_is_one_command_where_the_master_file_is_current_and_a_path_elsewhere() {
        let content = "47039401807F660802020400020208009000";
        let mut script = Script::new(&[
            ("00A4000C023F00", "9000"),
            ("00B0810000", content),
            ("00B0810000", "6A82"),
            ("00B0810000", "6D00"),
            ("00A40804022F0100", "6A82"),
        ]);
        let mut channel = Channel::new(&mut script, Link::CAUTIOUS);
        let mut selection = Selection::default();
        selection.enter_master_file(&mut channel).unwrap();
        assert!(AtrInfo::read(&mut channel, &mut selection).unwrap().is_some());
        assert_eq!(AtrInfo::read(&mut channel, &mut selection).unwrap(), None);
        assert_eq!(AtrInfo::read(&mut channel, &mut selection).unwrap(), None);
        assert!(script.is_done());
        let mut script = Script::new(&[("00A40804022F0100", "6204800200109000"), ("00B0000010", content)]);
        let mut channel = Channel::new(&mut script, Link::CAUTIOUS);
        let info = AtrInfo::read(&mut channel, &mut Selection::default()).unwrap().unwrap();
        assert_eq!(info.extended_length.map(|lengths| lengths.response), Some(2048));
    }

    #[test]
    fn a_chip_that_says_little_is_asked_for_little() {
        for content in ["", "47029401", "4703940100", "7F660802020400020208004703940180"] {
            let link = AtrInfo::parse(&hex(content)).unwrap().link();
            assert!(!link.extended_length && link.max_response == MAX_SHORT_RESPONSE, "{content}");
        }
        let no_limits = AtrInfo::parse(&hex("47039401C0")).unwrap().link();
        assert_eq!(no_limits, Link { extended_length: true, chaining: true, max_response: 256 });
    }

    #[test]
    fn lengths_that_make_no_sense_are_refused() {
        for content in ["7F660402020400", "7F660702010402020800", "7F660702000203010000", "7F66"] {
            assert!(AtrInfo::parse(&hex(content)).is_err(), "{content}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_link_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Ok(info) = AtrInfo::parse(&bytes) {
                prop_assert!(info.link().max_response >= MAX_SHORT_RESPONSE);
            }
        }
    }
}

//! EF.DIR (ISO/IEC 7816-4, section 12.2.3; ISO/IEC 7816-15, section 7.4).

use super::object::tlv_fault;
use crate::{
    apdu::{Command, Response, StatusWord, ins},
    channel::Channel,
    error::CardError,
    file::{FileLocation, Selection},
    tlv::{Tag, TlvReader},
};

/// File identifier under the master file.
pub const PATH: [u8; 4] = [0x3F, 0x00, 0x2F, 0x00];
const WHAT: &str = "EF.DIR";
/// Its short identifier (ISO/IEC 7816-4, section 8.2.1.1).
const SHORT_IDENTIFIER: u8 = 0x1E;
/// Tag of an application template.
const TEMPLATE: u8 = 0x61;
/// Most bytes of the file.
const MAX_FILE: usize = 8 * 1024;
/// Most application templates that are looked at.
const MAX_APPLICATIONS: usize = 32;

/// An application template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Application identifier (4F).
    pub identifier: Vec<u8>,
    /// Path of its directory (51).
    pub path: Option<Vec<u8>>,
    /// Its label (50).
    pub label: Option<String>,
}

/// Reads the file, whatever is current on the card.
///
/// # Errors
/// [`CardError::Refused`] where there is none; misbehaviour and transport faults.
pub fn read(channel: &mut Channel<'_>, selection: &mut Selection) -> Result<Vec<Application>, CardError> {
    selection.enter_master_file(channel)?;
    let file = FileLocation { path: PATH.to_vec(), ..FileLocation::default() };
    parse(&selection.read(channel, &file, MAX_FILE)?)
}

/// Reads the file in one command where the master file is current; `None` if the card does not give all of it so.
///
/// # Errors
/// Misbehaviour and transport faults.
pub(crate) fn read_by_short_identifier(channel: &mut Channel<'_>) -> Result<Option<Vec<u8>>, CardError> {
    let most = channel.max_response();
    let read = Command::new(ins::READ_BINARY, 0x80 | SHORT_IDENTIFIER, 0x00).le(most);
    let Response { data, status } = channel.send(&read)?;
    let is_given = matches!(status, StatusWord::OK | StatusWord::END_OF_FILE);
    // as much as was asked for may not be all, and another file may be there
    let is_all = data.len() < most && data.first() == Some(&TEMPLATE);
    Ok((is_given && is_all).then_some(data))
}

/// Parses the file; filler bytes after the last template are ignored.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<Vec<Application>, CardError> {
    let mut applications = Vec::new();
    let mut reader = TlvReader::new(trim_filler(content));
    while let Some(template) = reader.read().map_err(tlv_fault(WHAT))? {
        if template.tag != Tag(u32::from(TEMPLATE)) || applications.len() == MAX_APPLICATIONS {
            continue;
        }
        let field = |tag| template.children().find(Tag(tag)).map_err(tlv_fault(WHAT));
        if let Some(identifier) = field(0x4F)? {
            applications.push(Application {
                identifier: identifier.value.to_vec(),
                path: field(0x51)?.map(|path| path.value.to_vec()),
                label: field(0x50)?.map(|label| String::from_utf8_lossy(label.value).into_owned()),
            });
        }
    }
    Ok(applications)
}

/// Cuts the 00 or FF bytes that fill a file up behind its last data object.
pub(crate) fn trim_filler(content: &[u8]) -> &[u8] {
    let mut reader = TlvReader::new(content);
    loop {
        let rest = reader.rest();
        if matches!(rest.first(), None | Some(0x00 | 0xFF)) {
            return content.get(..content.len() - rest.len()).unwrap_or(content);
        }
        if reader.read().is_err() {
            return content;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lds, test_hex::hex};

    #[test]
    fn templates_are_read_and_filler_is_not() {
        let mut content = vec![0x61, 0x0B, 0x4F, 0x03, 0xA0, 0x00, 0x01, 0x51, 0x04, 0x3F, 0x00, 0x50, 0x15];
        content.extend([0x61, 0x02, 0x50, 0x00]);
        content.extend([0x00; 20]);
        let applications = parse(&content).unwrap();
        assert_eq!(applications.len(), 1);
        assert_eq!(applications[0].path.as_deref(), Some(&[0x3F, 0x00, 0x50, 0x15][..]));
        assert!(parse(&[0x61, 0x05, 0x4F]).is_err());
        assert_eq!(parse(&[0xFF; 8]).unwrap(), []);
    }

    #[test]
    fn the_sample_of_9303_10_lists_the_travel_document_and_its_three_companions() {
        let sample =
            "61094F07A000000247100161094F07A000000247200161094F07A000000247200261094F07A0000002472003";
        let applications = parse(&hex(sample)).unwrap();
        let found: Vec<&[u8]> = applications.iter().map(|found| found.identifier.as_slice()).collect();
        assert_eq!(found[0], lds::APPLICATION);
        assert_eq!(found[1..], ["A0000002472001", "A0000002472002", "A0000002472003"].map(hex));
    }
}

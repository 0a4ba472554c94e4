//! GET DATA with a header list (ISO/IEC 7816-4, sections 8.4.4 and 11.4.3): one data object out of nested ones.

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    tlv::{self, Tag, TlvReader},
};

/// The command that asks for everything inside the last tag of the path, which leads from the outermost inwards. `None` for
/// an empty path.
pub(crate) fn get(path: &[Tag]) -> Option<Command> {
    let (innermost, outer) = path.split_last()?;
    // tag and 80: all of this data object
    let mut list = innermost.to_bytes();
    list.push(0x80);
    for tag in outer.iter().rev() {
        list = tlv::encode(*tag, &list);
    }
    // 3FFF: current directory
    let command = Command::new(ins::GET_DATA, 0x3F, 0xFF).data(tlv::encode(Tag(0x4D), &list));
    Some(command.le(MAX_SHORT_RESPONSE))
}

/// What is inside the last tag of the path.
///
/// # Errors
/// Misbehaviour of the named answer if a tag is not there.
pub(crate) fn find<'a>(
    what: &'static str,
    content: &'a [u8],
    path: &[Tag],
) -> Result<TlvReader<'a>, CardError> {
    let mut reader = TlvReader::new(content);
    for tag in path {
        let found = reader.find(*tag).map_err(|error| Misbehaviour::Tlv { what, error })?;
        reader = found.ok_or(Misbehaviour::Element { what, element: "data object" })?.children();
    }
    Ok(reader)
}

/// A data object of exactly one byte, if it is there.
///
/// # Errors
/// Misbehaviour of the named answer for another length.
pub(crate) fn byte(
    what: &'static str,
    element: &'static str,
    reader: TlvReader<'_>,
    tag: Tag,
) -> Result<Option<u8>, CardError> {
    match reader.find(tag).map_err(|error| Misbehaviour::Tlv { what, error })?.map(|object| object.value) {
        None => Ok(None),
        Some([byte]) => Ok(Some(*byte)),
        Some(_) => Err(Misbehaviour::Element { what, element }.into()),
    }
}

/// Sends the command and gives the whole answer.
///
/// # Errors
/// [`CardError::Refused`] with the card's status word, and transport faults.
pub(crate) fn read(channel: &mut Channel<'_>, command: &Command) -> Result<Vec<u8>, CardError> {
    channel.send(command)?.expect_ok("GET DATA")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_list_is_that_of_public_scripts() {
        let command = get(&[Tag(0x70), Tag(0x00BF_8101), Tag(0xA0)]).unwrap();
        assert_eq!(
            command.encode_short().unwrap(),
            [0x00, 0xCB, 0x3F, 0xFF, 0x0A, 0x4D, 0x08, 0x70, 0x06, 0xBF, 0x81, 0x01, 0x02, 0xA0, 0x80, 0x00]
        );
        assert!(get(&[]).is_none());
    }
}

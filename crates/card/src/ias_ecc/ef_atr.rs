//! EF.ATR/INFO (ISO/IEC 7816-4, section 12.2.2; IAS ECC adds the sizes of the buffers in E0).

use crate::{
    error::{CardError, Misbehaviour},
    pkcs15::ef_dir::trim_filler,
    tlv::{Tag, TlvReader},
};

/// File identifier under the master file.
pub const PATH: [u8; 4] = [0x3F, 0x00, 0x2F, 0x01];
const WHAT: &str = "EF.ATR/INFO";
/// Category indicator that some cards write before the data objects.
const CATEGORY: u8 = 0x80;

/// What the file says, as far as it is needed here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EfAtr {
    /// The application that is there without being selected (4F).
    pub application: Option<Vec<u8>>,
    /// Sizes of the buffers (E0).
    pub buffers: Option<Buffers>,
}

/// Most bytes of commands and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buffers {
    /// Command.
    pub command: u16,
    /// Command inside secure messaging.
    pub protected_command: u16,
    /// Answer.
    pub answer: u16,
    /// Answer inside secure messaging.
    pub protected_answer: u16,
}

/// Parses the file; filler after the last data object is ignored.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<EfAtr, CardError> {
    let tlv = |error| CardError::from(Misbehaviour::Tlv { what: WHAT, error });
    let wrong = |element| CardError::from(Misbehaviour::Element { what: WHAT, element });
    let content = content.strip_prefix(&[CATEGORY]).unwrap_or(content);
    let objects = TlvReader::new(trim_filler(content));
    let application = objects.find(Tag(0x4F)).map_err(tlv)?.map(|object| object.value.to_vec());
    if application.as_ref().is_some_and(|aid| !(5..=16).contains(&aid.len())) {
        return Err(wrong("application identifier"));
    }
    let buffers = match objects.find(Tag(0xE0)).map_err(tlv)? {
        None => None,
        Some(template) => {
            let mut sizes = template.children();
            let mut size = || match sizes.expect(Tag(0x02)).map_err(tlv)?.value {
                [byte] => Ok(u16::from(*byte)),
                // three bytes: a size with its top bit set, as DER has it
                [high, low] | [0, high, low] => Ok(u16::from_be_bytes([*high, *low])),
                _ => Err(wrong("size of a buffer")),
            };
            Some(Buffers {
                command: size()?,
                protected_command: size()?,
                answer: size()?,
                protected_answer: size()?,
            })
        }
    };
    Ok(EfAtr { application, buffers })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn application_and_buffers_are_read_with_and_without_category() {
        let mut content = vec![0x43, 0x01, 0xB8, 0x46, 0x04, 1, 2, 3, 4, 0x4F, 0x06];
        content.extend(b"MIOMCT");
        content.extend([0xE0, 0x10, 0x02, 0x02, 0x01, 0x04, 0x02, 0x02, 0x01, 0x02]);
        content.extend([0x02, 0x02, 0x01, 0x00, 0x02, 0x02, 0x00, 0xE7, 0x00, 0x00]);
        let parsed = parse(&content).unwrap();
        assert_eq!(parsed.application.as_deref(), Some(&b"MIOMCT"[..]));
        let buffers = parsed.buffers.unwrap();
        assert_eq!((buffers.command, buffers.protected_answer), (260, 231));
        content.insert(0, CATEGORY);
        assert_eq!(parse(&content).unwrap(), parsed);
        assert_eq!(parse(&[]).unwrap(), EfAtr::default());
        assert!(parse(&[0x4F, 0x02, 1, 2]).is_err());
        assert!(parse(&[0xE0, 0x03, 0x02, 0x01, 0x05]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = parse(&bytes);
        }
    }
}

//! GENERAL AUTHENTICATE (SP 800-73-5 part 2, section 3.2.4): here always "sign these bytes" (appendix A.4).

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    error::{CardError, Misbehaviour},
    signature::KeySize,
    tlv::{Tag, TlvReader, encode},
};

const WHAT: &str = "the dynamic authentication template";
const TEMPLATE: Tag = Tag(0x7C);
const CHALLENGE: Tag = Tag(0x81);
const RESPONSE: Tag = Tag(0x82);

/// Algorithm identifier of a key (SP 800-78-5, table 10).
///
/// # Errors
/// [`CardError::Unsupported`] for keys that no standard gives an identifier.
pub const fn algorithm(size: KeySize) -> Result<u8, CardError> {
    match size {
        KeySize::Rsa(256) => Ok(0x07),
        KeySize::Rsa(384) => Ok(0x05),
        KeySize::Ec(32) => Ok(0x11),
        KeySize::Ec(48) => Ok(0x14),
        KeySize::Rsa(_) | KeySize::Ec(_) => {
            Err(CardError::Unsupported("a PIV key of a size without algorithm identifier"))
        }
    }
}

/// The command: an empty response (82), then the challenge (81).
///
/// # Errors
/// [`CardError::Unsupported`] for keys that no standard gives an identifier.
pub fn command(size: KeySize, key: u8, input: &[u8]) -> Result<Command, CardError> {
    let template = encode(TEMPLATE, &[encode(RESPONSE, &[]), encode(CHALLENGE, input)].concat());
    Ok(Command::new(ins::GENERAL_AUTHENTICATE_TEMPLATE, algorithm(size)?, key)
        .data(template)
        .le(MAX_SHORT_RESPONSE))
}

/// The signature in the answer.
///
/// # Errors
/// Misbehaviour if there is none.
pub fn response(answer: &[u8]) -> Result<Vec<u8>, CardError> {
    let tlv = |error| CardError::from(Misbehaviour::Tlv { what: WHAT, error });
    let mut reader = TlvReader::new(answer);
    let mut template = reader.expect(TEMPLATE).map_err(tlv)?.children();
    let Some(response) = template.take_if(RESPONSE).map_err(tlv)? else {
        return Err(Misbehaviour::Element { what: WHAT, element: "response" }.into());
    };
    if !template.rest().is_empty() || !reader.rest().is_empty() {
        return Err(Misbehaviour::Element { what: WHAT, element: "end" }.into());
    }
    Ok(response.value.to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_template_has_an_empty_response_and_the_challenge() {
        let command = command(KeySize::Ec(32), 0x9A, &[0xAA; 32]).unwrap();
        let apdu = command.encode_short().unwrap();
        assert_eq!(apdu[..11], [0x00, 0x87, 0x11, 0x9A, 0x26, 0x7C, 0x24, 0x82, 0x00, 0x81, 0x20]);
        let rsa = super::command(KeySize::Rsa(256), 0x9C, &[1; 256]).unwrap();
        assert_eq!((rsa.p1, rsa.p2), (0x07, 0x9C));
        assert_eq!(rsa.data[..10], [0x7C, 0x82, 0x01, 0x06, 0x82, 0x00, 0x81, 0x82, 0x01, 0x00]);
        assert!(super::command(KeySize::Rsa(128), 0x9A, &[]).is_err());
        assert!(super::command(KeySize::Ec(66), 0x9A, &[]).is_err());
    }

    #[test]
    fn the_signature_is_what_is_inside_the_response() {
        assert_eq!(response(&[0x7C, 0x04, 0x82, 0x02, 1, 2]).unwrap(), [1, 2]);
        assert!(response(&[0x7C, 0x00]).is_err());
        assert!(response(&[0x7C, 0x04, 0x82, 0x02, 1, 2, 3]).is_err());
        assert!(response(&[0x7C, 0x06, 0x82, 0x02, 1, 2, 0x81, 0x00]).is_err());
        assert!(response(&[0x7C, 0x04, 0x81, 0x02, 1, 2]).is_err());
        assert!(response(&[0x82, 0x02, 1, 2]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_signature_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = response(&bytes);
            let _ = response(&encode(TEMPLATE, &bytes));
        }
    }
}

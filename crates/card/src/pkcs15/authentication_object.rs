//! AODF: PINs, and biometric templates of the holder (ISO/IEC 7816-15, section 8.9).

use super::{
    biometric_template::{self, BiometricTemplate},
    object::{
        BIT_STRING, CONTEXT_0, CommonObjectAttributes, ENUMERATED, GENERALIZED_TIME, INTEGER, OCTET_STRING,
        Object, Path, SEQUENCE, bit, objects, reference, small_integer, tlv_fault,
    },
};
use crate::{
    error::CardError,
    pin::{PinAlphabet, PinEncoding, PinFormat},
    tlv::{Tag, Tlv},
};

pub(super) const WHAT: &str = "AODF";

/// What guards the objects of a card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthenticationObjects {
    /// PINs and PUKs.
    pub pins: Vec<Pin>,
    /// Biometric templates of the holder, which the card compares.
    pub biometrics: Vec<BiometricTemplate>,
}

/// A PIN, as the card describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Its label.
    pub common: CommonObjectAttributes,
    /// Named by the `authId` of what it guards.
    pub auth_id: Vec<u8>,
    /// How it is presented.
    pub format: PinFormat,
    /// `unblock-disabled` (3) is not set: a PUK gives its tries back.
    pub can_be_unblocked: bool,
    /// `change-disabled` (2) is not set.
    pub can_be_changed: bool,
    /// `initialized` (4): it has a value.
    pub initialized: bool,
    /// `unblockingPin` (6): a PUK, not a PIN.
    pub unblocking: bool,
    /// Where it is presented.
    pub path: Option<Path>,
}

/// Parses the file; keys that guard objects, and PINs of unknown type, are left out.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<AuthenticationObjects, CardError> {
    let mut found = AuthenticationObjects::default();
    for object in objects(WHAT, content)? {
        match object.tag {
            SEQUENCE => found.pins.extend(pin(&object)?),
            // `biometricTemplate [0]`
            CONTEXT_0 => found.biometrics.push(biometric_template::parse(&object)?),
            _ => {}
        }
    }
    Ok(found)
}

fn pin(object: &Tlv<'_>) -> Result<Option<Pin>, CardError> {
    let fault = tlv_fault(WHAT);
    let Object { common, mut class, type_attributes: mut fields } = Object::parse(WHAT, object)?;
    let auth_id =
        class.take_if(OCTET_STRING).map_err(&fault)?.map(|id| id.value.to_vec()).unwrap_or_default();
    let flags = fields.expect(BIT_STRING).map_err(&fault)?.value;
    let kind = small_integer(WHAT, "pwdType", fields.expect(ENUMERATED).map_err(&fault)?.value)?;
    let (encoding, alphabet) = match kind {
        0 => (PinEncoding::Bcd, PinAlphabet::Digits),
        1 => (PinEncoding::Ascii, PinAlphabet::Digits),
        2 => (PinEncoding::Ascii, PinAlphabet::Ascii),
        3 => (PinEncoding::HalfNibbleBcd, PinAlphabet::Digits),
        4 => (PinEncoding::Iso9564Format2, PinAlphabet::Digits),
        _ => return Ok(None),
    };
    let min_length = small_integer(WHAT, "minLength", fields.expect(INTEGER).map_err(&fault)?.value)?;
    let stored_length = small_integer(WHAT, "storedLength", fields.expect(INTEGER).map_err(&fault)?.value)?;
    let max_length = match fields.take_if(INTEGER).map_err(&fault)? {
        Some(number) => small_integer(WHAT, "maxLength", number.value)?,
        None => longest(encoding, stored_length),
    };
    let pin_reference = match fields.take_if(Tag(0x80)).map_err(&fault)? {
        Some(number) => reference(WHAT, "pwdReference", number.value)?,
        None => 0,
    };
    let pad = fields.take_if(OCTET_STRING).map_err(&fault)?.and_then(|pad| pad.value.first().copied());
    fields.take_if(GENERALIZED_TIME).map_err(&fault)?;
    let path = match fields.take_if(SEQUENCE).map_err(&fault)? {
        Some(path) => Path::parse_if_any(WHAT, &path)?,
        None => None,
    };
    // `needs-padding` (5): without it the PIN goes as long as it is
    let needs_padding = bit(flags, 5) || encoding == PinEncoding::Iso9564Format2;
    let format = PinFormat {
        reference: pin_reference,
        encoding,
        alphabet,
        min_length,
        max_length,
        stored_length: if needs_padding { stored_length } else { 0 },
        pad: pad.unwrap_or(0xFF),
    };
    let (initialized, unblocking) = (bit(flags, 4), bit(flags, 6));
    let (can_be_changed, can_be_unblocked) = (!bit(flags, 2), !bit(flags, 3));
    Ok(format.is_sound().then_some(Pin {
        common,
        auth_id,
        format,
        can_be_unblocked,
        can_be_changed,
        initialized,
        unblocking,
        path,
    }))
}

/// Characters that fit the stored length, where the card gives no maximum.
const fn longest(encoding: PinEncoding, stored_length: u8) -> u8 {
    match encoding {
        PinEncoding::Ascii | PinEncoding::HalfNibbleBcd => stored_length,
        PinEncoding::Bcd => stored_length.saturating_mul(2),
        PinEncoding::Iso9564Format2 => 12,
    }
}

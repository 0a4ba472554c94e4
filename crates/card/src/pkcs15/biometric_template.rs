//! Biometric templates of the holder in the AODF (ISO/IEC 7816-15, section 8.9; `BiometricAttributes` of PKCS #15 v1.1).

use super::{
    authentication_object::WHAT,
    object::{
        BIT_STRING, CommonObjectAttributes, ENUMERATED, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER,
        OCTET_STRING, Object, Path, SEQUENCE, bit, reference, small_integer, tlv_fault,
    },
};
use crate::{
    biometric::FINGER,
    error::{CardError, Misbehaviour},
    tlv::Tlv,
};

/// A template, as the card describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BiometricTemplate {
    /// Its label.
    pub common: CommonObjectAttributes,
    /// Named by the `authId` of what it guards.
    pub auth_id: Vec<u8>,
    /// `initialized` (4): the holder has enrolled.
    pub initialized: bool,
    /// Biometric type as ISO/IEC 19785-1 numbers it; `None` for others than fingerprints.
    pub biometric_type: Option<u32>,
    /// Which finger, as ISO/IEC 19785-3 numbers them.
    pub subtype: Option<u32>,
    /// P2 of VERIFY.
    pub reference: u8,
    /// Where it is.
    pub path: Option<Path>,
}

/// Parses one object of the AODF, `biometricTemplate [0]`.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(object: &Tlv<'_>) -> Result<BiometricTemplate, CardError> {
    let fault = tlv_fault(WHAT);
    let Object { common, mut class, type_attributes: mut fields } = Object::parse(WHAT, object)?;
    let auth_id =
        class.take_if(OCTET_STRING).map_err(&fault)?.map(|id| id.value.to_vec()).unwrap_or_default();
    let flags = fields.expect(BIT_STRING).map_err(&fault)?.value;
    // which format a template has, the biometric information template says in the way of its standard
    fields.expect(OBJECT_IDENTIFIER).map_err(&fault)?;
    let kind =
        fields.read().map_err(&fault)?.ok_or(Misbehaviour::Element { what: WHAT, element: "bioType" })?;
    let subtype = if kind.tag == SEQUENCE { Some(finger(&kind)?) } else { None };
    let reference = match fields.take_if(INTEGER).map_err(&fault)? {
        Some(number) => reference(WHAT, "bioReference", number.value)?,
        None => 0,
    };
    fields.take_if(GENERALIZED_TIME).map_err(&fault)?;
    let path = match fields.take_if(SEQUENCE).map_err(&fault)? {
        Some(path) => Path::parse_if_any(WHAT, &path)?,
        None => None,
    };
    let biometric_type = subtype.map(|_| FINGER);
    Ok(BiometricTemplate {
        common,
        auth_id,
        initialized: bit(flags, 4),
        biometric_type,
        subtype,
        reference,
        path,
    })
}

/// `FingerPrint`: hand (0 left, 1 right) and finger (0 thumb to 4 little finger). ISO/IEC 19785-3 counts the fingers from 1 above two
/// bits for the hand, 1 right and 2 left.
fn finger(kind: &Tlv<'_>) -> Result<u32, CardError> {
    let fault = tlv_fault(WHAT);
    let mut fields = kind.children();
    let hand = small_integer(WHAT, "hand", fields.expect(ENUMERATED).map_err(&fault)?.value)?;
    let finger = small_integer(WHAT, "finger", fields.expect(ENUMERATED).map_err(&fault)?.value)?;
    match (hand, finger) {
        (0 | 1, 0..=4) => Ok((u32::from(finger) + 1) << 2 | (2 - u32::from(hand))),
        _ => Err(Misbehaviour::Element { what: WHAT, element: "finger" }.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{pkcs15::authentication_object, test_hex::hex};

    /// Label "f", `authId` 04, flags, an object identifier, then these fields.
    fn file(attributes: &str) -> Vec<u8> {
        use crate::tlv::{Tag, encode};
        let fields = [hex("0302 0308".replace(' ', "").as_str()), hex("06022A03"), hex(attributes)].concat();
        let attributes = encode(Tag(0xA1), &encode(SEQUENCE, &fields));
        encode(Tag(0xA0), &[hex("30030C0166"), hex("3003040104"), attributes].concat())
    }

    #[test]
    fn fingers_are_told_by_the_numbers_of_biometric_information_templates() {
        for (hand, finger, subtype) in [(1, 0, 0x05), (1, 1, 0x09), (0, 1, 0x0A), (0, 4, 0x16), (1, 4, 0x15)]
        {
            let kind = format!("30060A010{hand}0A010{finger}");
            let found = authentication_object::parse(&file(&format!("{kind}02020091"))).unwrap();
            assert!(found.pins.is_empty());
            let [template] = &found.biometrics[..] else { panic!("{found:?}") };
            assert_eq!((template.biometric_type, template.subtype), (Some(FINGER), Some(subtype)));
            assert_eq!((template.reference, &template.auth_id[..]), (0x91, &[0x04][..]));
            assert_eq!(template.common.label.as_deref(), Some("f"));
            assert!(template.initialized && template.path.is_none());
        }
    }

    #[test]
    fn other_kinds_are_told_without_a_finger_and_what_is_optional_may_be_missing() {
        let found = authentication_object::parse(&file("A0030A0100")).unwrap();
        let template = &found.biometrics[0];
        assert_eq!((template.biometric_type, template.subtype, template.reference), (None, None, 0));
        let found = authentication_object::parse(&file(
            "30060A01010A0101180030060404 3F005015".replace(' ', "").as_str(),
        ));
        assert_eq!(found.unwrap().biometrics[0].path.as_ref().unwrap().identifiers, hex("3F005015"));
    }

    #[test]
    fn fingers_that_nobody_has_and_cut_objects_are_misbehaviour() {
        for attributes in
            ["", "30060A01020A0101", "30060A01010A0105", "30030A0101", "30060A01010A010102020191"]
        {
            let outcome = authentication_object::parse(&file(attributes));
            assert!(matches!(outcome, Err(CardError::Misbehaved(_))), "{attributes}: {outcome:?}");
        }
    }

    proptest! {
        #[test]
        fn any_attributes_end_in_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            let _ = authentication_object::parse(&file(&digits));
        }
    }
}

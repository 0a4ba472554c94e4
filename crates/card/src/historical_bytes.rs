//! Historical bytes of the answer to reset (ISO/IEC 7816-3, section 8; ISO/IEC 7816-4, section 12.1.1): what the card says that
//! it can carry, and which application it has. Readers of contactless cards make such an answer of the card's own (PC/SC, part 3).

use crate::lds::CardCapabilities;

/// Category indicators: compact data objects follow, to the end or with three bytes of status behind them.
const OBJECTS: u8 = 0x80;
const OBJECTS_AND_STATUS: u8 = 0x00;
const STATUS: usize = 3;
/// Tag of card capabilities, in compact form.
const CAPABILITIES: u8 = 0x7;
/// Tag of an application identifier, in compact form.
const APPLICATION: u8 = 0xF;

/// What the answer to reset says of chaining and lengths; `None` where it says nothing, or is none.
pub(crate) fn card_capabilities(atr: &[u8]) -> Option<CardCapabilities> {
    CardCapabilities::parse(object(atr, CAPABILITIES)?)
}

/// The application that the answer to reset names, or the beginning of its name.
pub(crate) fn application(atr: &[u8]) -> Option<&[u8]> {
    // shorter ones name nobody (ISO/IEC 7816-4, section 12.2.3)
    object(atr, APPLICATION).filter(|name| name.len() >= 5)
}

fn object(atr: &[u8], tag: u8) -> Option<&[u8]> {
    let (category, objects) = historical_bytes(atr)?.split_first()?;
    let mut objects = match *category {
        OBJECTS => objects,
        OBJECTS_AND_STATUS => objects.get(..objects.len().checked_sub(STATUS)?)?,
        _ => return None,
    };
    while let Some((head, rest)) = objects.split_first() {
        let (value, next) = rest.split_at_checked(usize::from(head & 0x0F))?;
        if head >> 4 == tag {
            return Some(value);
        }
        objects = next;
    }
    None
}

/// Behind TS and T0 stand as many interface bytes as each TD, and T0 first, announces.
fn historical_bytes(atr: &[u8]) -> Option<&[u8]> {
    let (_, rest) = atr.split_first()?;
    let (t0, mut rest) = rest.split_first()?;
    let mut announced = t0 >> 4;
    while announced != 0 {
        let bytes = usize::try_from(announced.count_ones()).ok()?;
        let (interface, next) = rest.split_at_checked(bytes)?;
        rest = next;
        // the highest bit announces a TD, which stands last
        announced = if announced & 0x8 == 0 { 0 } else { interface.last()? >> 4 };
    }
    rest.get(..usize::from(t0 & 0x0F))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_hex::hex;

    #[test]
    fn capabilities_are_found_behind_any_number_of_interface_bytes() {
        let extended = Some(CardCapabilities { chaining: true, extended_length: true });
        for (atr, expected) in [
            ("3B8C80018031C073F421E054425451 31F4", extended),
            ("3B0C8031C073F421C05442545131", extended),
            (
                "3B8C018031C073F4218054425451 31",
                extended.map(|all| CardCapabilities { extended_length: false, ..all }),
            ),
            ("3B0800 73F421C0 079000", extended),
            // no capabilities, a cut object, an unknown category, fewer bytes than announced
            ("3B048031C000", None),
            ("3B0480 73F421", None),
            ("3B05 10 73F421C0", None),
            ("3B0C8031C073F421", None),
            ("3BF0", None),
            ("", None),
        ] {
            assert_eq!(card_capabilities(&hex(&atr.replace(' ', ""))), expected, "{atr}");
        }
        // an Estonian card
        let idemia = "3BDB960080B1FE451F830012233F536549440F9000F1";
        assert_eq!((card_capabilities(&hex(idemia)), application(&hex(idemia))), (None, None));
    }

    #[test]
    fn an_application_is_named_by_its_beginning() {
        let piv = "3B8F0180F9A000000308000010 0073C0018000";
        let piv = hex(&piv.replace(' ', ""));
        assert_eq!(application(&piv), Some(&hex("A00000030800001000")[..]));
        assert_eq!(card_capabilities(&piv).map(|capabilities| capabilities.chaining), Some(true));
        assert_eq!(application(&hex("3B0680F4A0000003")), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            // TS, T0, a category, and an object of four bytes
            prop_assert!(card_capabilities(&bytes).is_none() || bytes.len() >= 7);
        }
    }
}

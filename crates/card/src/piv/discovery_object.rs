//! The discovery object (SP 800-73-5 part 1, section 3.3.2): which PINs open the card, and which of them it prefers.

use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader},
};

/// Its name in GET DATA.
pub const NAME: Tag = Tag(0x7E);
const WHAT: &str = "the PIV discovery object";

/// Reference of the PIN of the PIV application.
pub const APPLICATION_PIN: u8 = 0x80;
/// Reference of the PIN of the whole card.
pub const GLOBAL_PIN: u8 = 0x00;

/// PIN usage policy (5F2F).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinUsagePolicy {
    /// The global PIN opens the PIV application as well.
    pub global_pin: bool,
    /// Where both do, the global PIN is the one that the holder knows.
    pub global_pin_preferred: bool,
}

impl PinUsagePolicy {
    /// A card without discovery object: only its own PIN.
    pub const APPLICATION_ONLY: Self = Self { global_pin: false, global_pin_preferred: false };

    /// Reference of the PIN to ask for.
    #[must_use]
    pub const fn reference(self) -> u8 {
        if self.global_pin && self.global_pin_preferred { GLOBAL_PIN } else { APPLICATION_PIN }
    }
}

/// Parses an answer to GET DATA.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(answer: &[u8]) -> Result<PinUsagePolicy, CardError> {
    let tlv = |error| CardError::from(Misbehaviour::Tlv { what: WHAT, error });
    let object = TlvReader::new(answer).expect(NAME).map_err(tlv)?;
    match object.children().find(Tag(0x5F2F)).map_err(tlv)?.map(|policy| policy.value) {
        // first byte: bit 6 global PIN; second byte: 10 the application's, 20 the global PIN is preferred
        Some([means, preference]) => {
            Ok(PinUsagePolicy { global_pin: means & 0x20 != 0, global_pin_preferred: *preference == 0x20 })
        }
        _ => Err(Misbehaviour::Element { what: WHAT, element: "PIN usage policy" }.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn object(policy: [u8; 2]) -> Vec<u8> {
        let mut object = vec![0x7E, 0x12, 0x4F, 0x0B];
        object.extend(crate::piv::APPLICATION);
        object.extend([0x5F, 0x2F, 0x02]);
        object.extend(policy);
        object
    }

    #[test]
    fn the_preferred_pin_is_asked_for_and_no_other() {
        for (policy, reference) in [
            ([0x40, 0x00], APPLICATION_PIN),
            ([0x60, 0x10], APPLICATION_PIN),
            ([0x60, 0x20], GLOBAL_PIN),
            // a preference for what does not open the application
            ([0x40, 0x20], APPLICATION_PIN),
        ] {
            assert_eq!(parse(&object(policy)).unwrap().reference(), reference, "{policy:02X?}");
        }
        assert!(parse(&[0x7E, 0x00]).is_err());
        assert!(parse(&[0x7E, 0x04, 0x5F, 0x2F, 0x01, 0x40]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_policy_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = parse(&bytes);
            let _ = parse(&crate::tlv::encode(NAME, &bytes));
        }
    }
}

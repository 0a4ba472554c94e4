//! Fingerprints that the card itself compares (on-card comparison): what it says of them, and VERIFY with a probe.
//!
//! A card describes its biometric references in biometric information templates (ISO/IEC 7816-11: `7F60`, several of them in a
//! group `7F61`): which kind, which finger, in which format it wants the probe, and under which reference. The probe comes from
//! a [`Biometric`] source (a sensor); it is a secret like a PIN and is overwritten after use.

use zeroize::Zeroizing;

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    data_object,
    error::{CardError, Misbehaviour},
    pin::PinVerdict,
    tlv::{self, Tag, Tlv, TlvReader},
};

const WHAT: &str = "the biometric information template";
const GROUP: Tag = Tag(0x7F61);
const TEMPLATE: Tag = Tag(0x7F60);
/// Biometric header template.
const HEADER: Tag = Tag(0xA1);
/// Biometric data template, which holds the data block.
const DATA_TEMPLATE: Tag = Tag(0x7F2E);
/// Biometric data block, in standardised format.
const DATA_BLOCK: Tag = Tag(0x5F2E);
/// Most templates of a group.
const MAX_TEMPLATES: usize = 16;
/// Most bytes of a probe, so that it goes in one short command with the data objects around it.
pub const MAX_PROBE: usize = 240;

/// Function not supported, file not found, incorrect P1-P2, referenced data not found, instruction not supported (ISO/IEC 7816-4,
/// tables 6 and 7).
const THERE_IS_NONE: [u16; 5] = [0x6A81, 0x6A82, 0x6A86, 0x6A88, 0x6D00];

/// Biometric type of fingerprints (ISO/IEC 19785-1).
pub const FINGER: u32 = 0x08;

/// One biometric reference of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BiometricInformation {
    /// P2 of VERIFY (`83`); 0 where the card names none.
    pub reference: u8,
    /// Biometric type (`81`): 8 finger.
    pub biometric_type: Option<u32>,
    /// Biometric subtype (`82`): which finger.
    pub subtype: Option<u32>,
    /// Format owner (`87`): 257 is ISO/IEC JTC 1/SC 37.
    pub format_owner: Option<u32>,
    /// Format type (`88`).
    pub format_type: Option<u32>,
}

/// What gives probes: a sensor with what makes a template of an image.
pub trait Biometric {
    /// A probe for this reference, in the format that it names, or `None` if the person gave up. At most [`MAX_PROBE`] bytes.
    fn probe(&mut self, wanted: &BiometricInformation) -> Option<Zeroizing<Vec<u8>>>;
}

/// Parses what the card says: one template, or a group of them.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<Vec<BiometricInformation>, CardError> {
    let mut reader = TlvReader::new(content);
    if let Some(group) = reader.take_if(GROUP).map_err(fault)? {
        reader = group.children();
    }
    let mut found = Vec::new();
    while let Some(object) = reader.read().map_err(fault)? {
        // the group also counts its templates (02), which is of no use
        if object.tag == TEMPLATE {
            if found.len() == MAX_TEMPLATES {
                return Err(element("number of templates"));
            }
            found.push(information(&object)?);
        }
    }
    Ok(found)
}

fn information(template: &Tlv<'_>) -> Result<BiometricInformation, CardError> {
    let mut found = BiometricInformation::default();
    let mut fields = template.children();
    while let Some(field) = fields.read().map_err(fault)? {
        match (field.tag, field.value) {
            (Tag(0x83), [reference]) => found.reference = *reference,
            (Tag(0x83), _) => return Err(element("reference")),
            (HEADER, _) => header(&mut found, field.children())?,
            _ => {}
        }
    }
    Ok(found)
}

fn header(found: &mut BiometricInformation, mut fields: TlvReader<'_>) -> Result<(), CardError> {
    while let Some(field) = fields.read().map_err(fault)? {
        let slot = match field.tag.0 {
            0x81 => &mut found.biometric_type,
            0x82 => &mut found.subtype,
            0x87 => &mut found.format_owner,
            0x88 => &mut found.format_type,
            _ => continue,
        };
        if !(1..=3).contains(&field.value.len()) || slot.is_some() {
            return Err(element("biometric header"));
        }
        *slot = Some(field.value.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)));
    }
    Ok(())
}

/// Asks the card which references it has (GET DATA `7F61`). A card that does not know the question has none.
///
/// # Errors
/// Misbehaviour, refusals that are no "there is none", and transport faults.
pub fn read(channel: &mut Channel<'_>) -> Result<Vec<BiometricInformation>, CardError> {
    let command = Command::new(ins::GET_DATA_BY_TAG, 0x7F, 0x61).le(MAX_SHORT_RESPONSE);
    match data_object::read(channel, &command) {
        Ok(content) => parse(&content),
        Err(CardError::Refused { status, .. }) if THERE_IS_NONE.contains(&status.0) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Takes a probe and has the card compare it, once: VERIFY with a data object (ISO/IEC 7816-4, section 11.6.6), the
/// biometric data template of ISO/IEC 7816-11.
///
/// # Errors
/// Transport faults, and status words that are no verdict. A finger that does not fit is no error; one that was not given, or
/// gave too much, is [`PinVerdict::NotPresented`].
pub fn verify(
    channel: &mut Channel<'_>,
    wanted: &BiometricInformation,
    source: &mut dyn Biometric,
) -> Result<PinVerdict, CardError> {
    let Some(probe) = source.probe(wanted).filter(|probe| (1..=MAX_PROBE).contains(&probe.len())) else {
        return Ok(PinVerdict::NotPresented);
    };
    let block = Zeroizing::new(tlv::encode(DATA_BLOCK, &probe));
    let template = Zeroizing::new(tlv::encode(DATA_TEMPLATE, &block));
    let Ok(length) = u8::try_from(template.len()) else { return Ok(PinVerdict::NotPresented) };
    let mut command = Zeroizing::new(Vec::with_capacity(5 + template.len()));
    // P1 = 00: the format is that of the data object (INS 21: in BER-TLV)
    command.extend_from_slice(&[0x00, ins::VERIFY_DATA_OBJECT, 0x00, wanted.reference, length]);
    command.extend_from_slice(&template);
    PinVerdict::of(channel.send_verify(&command)?)
}

fn fault(error: tlv::TlvError) -> CardError {
    Misbehaviour::Tlv { what: WHAT, error }.into()
}

fn element(element: &'static str) -> CardError {
    Misbehaviour::Element { what: WHAT, element }.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        apdu::StatusWord,
        test_hex::hex,
        test_script::{CHAINING, Script},
    };

    struct Finger(Option<Vec<u8>>);

    impl Biometric for Finger {
        fn probe(&mut self, wanted: &BiometricInformation) -> Option<Zeroizing<Vec<u8>>> {
            assert_eq!(wanted.biometric_type, Some(FINGER));
            self.0.take().map(Zeroizing::new)
        }
    }

    fn right_index() -> BiometricInformation {
        BiometricInformation {
            reference: 0x91,
            biometric_type: Some(FINGER),
            subtype: Some(0x05),
            format_owner: Some(0x0101),
            format_type: Some(0x0005),
        }
    }

    fn template(body: &str) -> Vec<u8> {
        tlv::encode(TEMPLATE, &hex(body))
    }

    #[test]
    fn templates_are_read_alone_and_in_a_group() {
        let one = template("830191A10E8101088201058702010188020005");
        assert_eq!(parse(&one).unwrap(), [right_index()]);
        let other = template("830192A103810108");
        let group = tlv::encode(GROUP, &[&hex("020102"), &one[..], &other].concat());
        let found = parse(&group).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], right_index());
        assert_eq!((found[1].reference, found[1].subtype), (0x92, None));
        assert_eq!(parse(&[]).unwrap(), []);
    }

    #[test]
    fn malformed_templates_are_misbehaviour() {
        let whole = template("830191A10E8101088201058702010188020005");
        for length in 1..whole.len() {
            assert!(parse(&whole[..length]).is_err(), "{length} bytes of it");
        }
        for body in ["83029191", "8300", "A1028100", "A10681010881010A", "A106810400000000", "8301"] {
            assert!(matches!(parse(&template(body)), Err(CardError::Misbehaved(_))), "{body}");
        }
        let many = template("830191").repeat(MAX_TEMPLATES + 1);
        assert!(parse(&tlv::encode(GROUP, &many)).is_err());
    }

    #[test]
    fn each_answer_of_the_card_is_the_verdict_that_it_is_of_a_pin() {
        for (answer, verdict) in [
            ("9000", PinVerdict::Correct),
            ("63C2", PinVerdict::Wrong { tries_left: Some(2) }),
            ("6300", PinVerdict::Wrong { tries_left: None }),
            ("6983", PinVerdict::Blocked),
        ] {
            let mut card = Script::new(&[("00210091097F2E065F2E03A1B2C3", answer)]);
            let mut channel = Channel::new(&mut card, CHAINING);
            let mut finger = Finger(Some(hex("A1B2C3")));
            assert_eq!(verify(&mut channel, &right_index(), &mut finger), Ok(verdict));
            assert!(card.is_done());
        }
        let mut card = Script::new(&[("00210091097F2E065F2E03A1B2C3", "6A80")]);
        let refused = CardError::Refused { command: "VERIFY", status: StatusWord(0x6A80) };
        let mut channel = Channel::new(&mut card, CHAINING);
        assert_eq!(verify(&mut channel, &right_index(), &mut Finger(Some(hex("A1B2C3")))), Err(refused));
    }

    #[test]
    fn no_finger_or_too_much_of_it_is_no_try() {
        for probe in [None, Some(Vec::new()), Some(vec![1; MAX_PROBE + 1])] {
            let mut card = Script::new(&[]);
            let mut channel = Channel::new(&mut card, CHAINING);
            let verdict = verify(&mut channel, &right_index(), &mut Finger(probe));
            assert_eq!(verdict, Ok(PinVerdict::NotPresented));
        }
        let longest = vec![1; MAX_PROBE];
        let field = tlv::encode(DATA_TEMPLATE, &tlv::encode(DATA_BLOCK, &longest));
        assert!(field.len() <= 255);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
            let _ = parse(&tlv::encode(TEMPLATE, &bytes));
        }
    }
}

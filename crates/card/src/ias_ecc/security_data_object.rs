//! Security data objects (CEN/TS 15480-2): what the card keeps of a PIN or a key beside its value.

use crate::{
    access_rule::AccessRule,
    channel::Channel,
    data_object,
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader},
};

const WHAT: &str = "the security data object";
/// Template around an object in header lists and answers.
pub const TEMPLATE: Tag = Tag(0x70);
/// Parameters (DOCP).
pub const PARAMETERS: Tag = Tag(0xA0);
/// Tries left.
pub const TRIES_LEFT: Tag = Tag(0x9B);
/// Most tries.
pub const TRIES_MAXIMUM: Tag = Tag(0x9A);
/// What a PIN has beside its parameters.
const PIN_DATA: Tag = Tag(0x7F41);

/// Classes of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A PIN.
    Pin,
    /// An RSA private key.
    RsaPrivateKey,
}

/// Which object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// Its class.
    pub class: Class,
    /// Its reference; bit 8, "in the current directory", is no part of its name.
    pub reference: u8,
}

impl Name {
    /// The object's tag: BF, class, reference.
    #[must_use]
    pub fn tag(self) -> Tag {
        let class: u32 = match self.class {
            Class::Pin => 0x01,
            Class::RsaPrivateKey => 0x10,
        };
        Tag(0xBF_8000 | class << 8 | u32::from(self.reference & 0x1F))
    }

    /// Tags from the template to the parameters.
    #[must_use]
    pub fn parameters(self) -> [Tag; 3] {
        [TEMPLATE, self.tag(), PARAMETERS]
    }
}

/// What the card keeps of a PIN or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SecurityDataObject {
    /// Tries left.
    pub tries_left: Option<u8>,
    /// Tries after a correct PIN.
    pub tries_maximum: Option<u8>,
    /// Uses left, of keys that wear out.
    pub uses_left: Option<u16>,
    /// Bytes of the modulus of a key.
    pub size: Option<u16>,
    /// Under which conditions it can be used.
    pub access: AccessRule,
    /// Fewest characters of a PIN.
    pub min_length: Option<u16>,
    /// Most characters of a PIN.
    pub max_length: Option<u16>,
}

impl SecurityDataObject {
    /// Reads the parameters of an object in the current directory. `None` if the card does not give them.
    ///
    /// # Errors
    /// Transport faults, and misbehaviour if the answer is malformed.
    pub fn read(channel: &mut Channel<'_>, name: Name) -> Result<Option<Self>, CardError> {
        let command = data_object::get(&name.parameters())
            .ok_or(CardError::Unsupported("a data object without name"))?;
        match data_object::read(channel, &command) {
            Ok(answer) => Self::parse(&answer, name).map(Some),
            Err(CardError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Parses an answer to GET DATA, with or without the template around it.
    ///
    /// # Errors
    /// Misbehaviour if it is another object, or malformed.
    pub fn parse(answer: &[u8], name: Name) -> Result<Self, CardError> {
        let tlv = |error| CardError::from(Misbehaviour::Tlv { what: WHAT, error });
        let mut reader = TlvReader::new(answer);
        if let Some(template) = reader.take_if(TEMPLATE).map_err(tlv)? {
            reader = template.children();
        }
        let object = reader.expect(name.tag()).map_err(tlv)?;
        let mut parsed = Self::default();
        if let Some(parameters) = object.children().find(PARAMETERS).map_err(tlv)? {
            let parameters = parameters.children();
            parsed.tries_left = data_object::byte(WHAT, "tries left", parameters, TRIES_LEFT)?;
            parsed.tries_maximum = data_object::byte(WHAT, "most tries", parameters, TRIES_MAXIMUM)?;
            parsed.uses_left = number(parameters, Tag(0x9D), "uses left")?;
            parsed.size = number(parameters, Tag(0x80), "size")?;
            parsed.access = AccessRule::parse(parameters)?;
        }
        if let Some(data) = object.children().find(PIN_DATA).map_err(tlv)? {
            parsed.max_length = number(data.children(), Tag(0x80), "longest PIN")?;
            parsed.min_length = number(data.children(), Tag(0x81), "shortest PIN")?;
        }
        Ok(parsed)
    }
}

/// A number of one or two bytes, if it is there.
fn number(reader: TlvReader<'_>, tag: Tag, element: &'static str) -> Result<Option<u16>, CardError> {
    let found = reader.find(tag).map_err(|error| Misbehaviour::Tlv { what: WHAT, error })?;
    match found.map(|object| object.value) {
        None => Ok(None),
        Some([byte]) => Ok(Some(u16::from(*byte))),
        Some([high, low]) => Ok(Some(u16::from_be_bytes([*high, *low]))),
        Some(_) => Err(Misbehaviour::Element { what: WHAT, element }.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        access_rule::{AccessMode, Decision, Interface},
        tlv::encode,
    };

    const PIN: Name = Name { class: Class::Pin, reference: 0x81 };
    const KEY: Name = Name { class: Class::RsaPrivateKey, reference: 0x02 };

    fn object(name: Name, parameters: &[u8], data: &[u8]) -> Vec<u8> {
        encode(name.tag(), &[encode(PARAMETERS, parameters), data.to_vec()].concat())
    }

    #[test]
    fn names_are_tags() {
        assert_eq!(PIN.tag(), Tag(0xBF_8101));
        assert_eq!(KEY.tag(), Tag(0xBF_9002));
    }

    /// PIN1 of a card of this family, as public scripts have it.
    #[test]
    fn counters_and_rules_of_a_pin_are_read() {
        let answer = [
            0x70, 0x1E, 0xBF, 0x81, 0x01, 0x1A, 0xA0, 0x18, 0x9A, 0x01, 0x03, 0x9B, 0x01, 0x02, 0xA1, 0x10,
            0x8C, 0x06, 0xF3, 0x00, 0x00, 0x73, 0x43, 0x00, 0x9C, 0x06, 0xF3, 0x00, 0x00, 0x73, 0x43, 0x00,
        ];
        let pin = SecurityDataObject::parse(&answer, PIN).unwrap();
        assert_eq!((pin.tries_left, pin.tries_maximum), (Some(2), Some(3)));
        assert_eq!(pin.access.decision(Interface::Contact, AccessMode::PinVerify), Decision::Always);
        assert!(SecurityDataObject::parse(&answer, KEY).is_err(), "another object");
    }

    #[test]
    fn sizes_of_keys_and_pins_are_read_without_template_as_well() {
        let key = object(KEY, &[0x80, 0x02, 0x01, 0x00, 0x9D, 0x02, 0xFF, 0xFF, 0x9C, 0x01, 0x05], &[]);
        let key = SecurityDataObject::parse(&key, KEY).unwrap();
        assert_eq!((key.size, key.uses_left), (Some(256), Some(65_535)));
        // 9C beside the parameters is no access rule
        assert_eq!(key.access, AccessRule::default());
        let data = [0x7F, 0x41, 0x06, 0x80, 0x01, 0x08, 0x81, 0x01, 0x04];
        let pin = SecurityDataObject::parse(&object(PIN, &[], &data), PIN).unwrap();
        assert_eq!((pin.min_length, pin.max_length), (Some(4), Some(8)));
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_an_object_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = SecurityDataObject::parse(&bytes, PIN);
            let _ = SecurityDataObject::parse(&object(PIN, &bytes, &[]), PIN);
            let _ = SecurityDataObject::parse(&object(PIN, &encode(Tag(0xA1), &bytes), &bytes), PIN);
        }
    }
}

//! Access rules in compact format (ISO/IEC 7816-4, section 9.3.2), as files and security data objects of IAS ECC cards have
//! them: one rule for the contacts (8C) and another for the contactless interface (9C).
//!
//! A rule is what the card says it will do; the card enforces it. Here it tells beforehand what has to come first, so that no
//! PIN is asked for in vain.

use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, TlvReader},
};

const WHAT: &str = "the access rule";
/// Template around both rules.
const TEMPLATE: Tag = Tag(0xA1);
const CONTACT: Tag = Tag(0x8C);
const CONTACTLESS: Tag = Tag(0x9C);

/// How the card is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interface {
    /// ISO/IEC 7816-3.
    Contact,
    /// ISO/IEC 14443.
    Contactless,
}

impl Interface {
    /// By the answer to reset: that of a contactless card is the reader's own, `3B 8N 80 01` and so on (PC/SC part 3, section
    /// 3.1.3.2.3.1). Some cards with contacts begin alike, so it only says which access rules are looked at.
    #[must_use]
    pub const fn of_atr(atr: &[u8]) -> Self {
        match atr {
            [0x3B, 0x80..=0x8F, 0x80, 0x01, _, ..] => Self::Contactless,
            _ => Self::Contact,
        }
    }
}

/// What is to be done. The bit of the access mode byte depends on the kind of object (CEN/TS 15480-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessMode {
    /// A key: PSO: COMPUTE DIGITAL SIGNATURE.
    KeySign,
    /// A key: INTERNAL AUTHENTICATE.
    KeyAuthenticate,
    /// A key: PSO: DECIPHER.
    KeyDecipher,
    /// A key: GENERATE ASYMMETRIC KEY PAIR.
    KeyGenerate,
    /// A PIN: CHANGE REFERENCE DATA.
    PinChange,
    /// A PIN: VERIFY.
    PinVerify,
    /// A PIN: RESET RETRY COUNTER.
    PinReset,
    /// A file: UPDATE BINARY; an object: PUT DATA.
    Update,
    /// A file: READ BINARY; an object: GET DATA.
    Read,
}

impl AccessMode {
    const fn bit(self) -> u8 {
        match self {
            Self::KeySign | Self::PinChange => 0x40,
            Self::KeyAuthenticate | Self::PinVerify => 0x20,
            Self::KeyDecipher | Self::PinReset => 0x10,
            Self::KeyGenerate => 0x08,
            Self::Update => 0x02,
            Self::Read => 0x01,
        }
    }
}

/// The rules of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccessRule {
    /// Over the contacts, where it is stated.
    pub contact: Option<Conditions>,
    /// Over the contactless interface, where it is stated.
    pub contactless: Option<Conditions>,
}

/// Security conditions of one interface, by access mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// Access mode byte; bit 8 says that bits 7 to 4 are not those of files, and counts no condition.
    modes: u8,
    /// Security condition bytes of bits 7 to 1, in this order; FF where there is none.
    bytes: [u8; 7],
}

/// What an access rule says to one access mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The card does not say.
    Unstated,
    /// Without any condition.
    Always,
    /// Under no condition.
    Never,
    /// These must come first.
    Needs(Requirements),
}

/// What must come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirements {
    /// The holder: a PIN or a finger.
    pub user_authentication: bool,
    /// The terminal proves itself.
    pub external_authentication: bool,
    /// The command goes inside secure messaging.
    pub secure_messaging: bool,
    /// All of them; otherwise one is enough.
    pub all: bool,
    /// Security environment whose keys and PINs are meant, where one is named.
    pub environment: Option<u8>,
}

impl AccessRule {
    /// The rule in file control information or in the parameters of a security data object (DOCP): inside template A1, or
    /// for files of some makers beside the other data objects. Unstated where there is none.
    ///
    /// # Errors
    /// Misbehaviour if the bytes are no data objects, or a rule has another length than its access mode byte says.
    pub fn parse(parameters: TlvReader<'_>) -> Result<Self, CardError> {
        let tlv = |error| Misbehaviour::Tlv { what: WHAT, error };
        let (place, in_template) = match parameters.find(TEMPLATE).map_err(tlv)? {
            Some(template) => (template.children(), true),
            None => (parameters, false),
        };
        let rule = |tag| -> Result<Option<Conditions>, CardError> {
            place.find(tag).map_err(tlv)?.map(|object| Conditions::parse(object.value)).transpose()
        };
        let contact = rule(CONTACT)?;
        // outside of the template, 9C is something else
        let contactless = if in_template { rule(CONTACTLESS)? } else { None };
        Ok(Self { contact, contactless })
    }

    /// What the card says to this access mode.
    #[must_use]
    pub fn decision(&self, interface: Interface, mode: AccessMode) -> Decision {
        let conditions = match interface {
            Interface::Contact => self.contact,
            Interface::Contactless => self.contactless,
        };
        conditions.map_or(Decision::Unstated, |conditions| conditions.decision(mode))
    }

    /// Whether PACE comes first: over the contactless interface always, unless the card says that this needs nothing (or is
    /// never possible, and so not with PACE either). A card that says nothing is not tried without.
    #[must_use]
    pub fn pace_first(&self, interface: Interface, mode: AccessMode) -> bool {
        interface == Interface::Contactless
            && matches!(self.decision(interface, mode), Decision::Needs(_) | Decision::Unstated)
    }
}

impl Conditions {
    fn parse(value: &[u8]) -> Result<Self, CardError> {
        let wrong = || CardError::from(Misbehaviour::Element { what: WHAT, element: "security condition" });
        let (modes, given) = value.split_first().ok_or_else(wrong)?;
        let mut given = given.iter();
        let mut bytes = [0xFF; 7];
        for (byte, bit) in bytes.iter_mut().zip([0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01]) {
            if modes & bit != 0 {
                *byte = *given.next().ok_or_else(wrong)?;
            }
        }
        if given.next().is_some() {
            return Err(wrong());
        }
        Ok(Self { modes: *modes, bytes })
    }

    fn decision(&self, mode: AccessMode) -> Decision {
        let bit = mode.bit();
        // an access mode without condition is not possible (section 9.3.2)
        if self.modes & bit == 0 {
            return Decision::Never;
        }
        // bit 7 comes first
        let place = usize::try_from(bit.leading_zeros()).unwrap_or_default().saturating_sub(1);
        match self.bytes.get(place).copied() {
            Some(0x00) => Decision::Always,
            None | Some(0xFF) => Decision::Never,
            Some(condition) => Decision::Needs(Requirements {
                user_authentication: condition & 0x10 != 0,
                external_authentication: condition & 0x20 != 0,
                secure_messaging: condition & 0x40 != 0,
                all: condition & 0x80 != 0,
                environment: Some(condition & 0x0F).filter(|number| *number != 0),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(parameters: &[u8]) -> AccessRule {
        AccessRule::parse(TlvReader::new(parameters)).unwrap()
    }

    /// DOCP of PIN1 of a card of this family, as public scripts have it.
    const PIN: [u8; 24] = [
        0x9A, 0x01, 0x03, 0x9B, 0x01, 0x03, 0xA1, 0x10, 0x8C, 0x06, 0xF3, 0x00, 0x00, 0x73, 0x43, 0x00, 0x9C,
        0x06, 0xF3, 0x00, 0x00, 0x73, 0x43, 0x00,
    ];

    #[test]
    fn the_rule_of_a_pin_is_read_by_access_mode() {
        let rule = rule(&PIN);
        for interface in [Interface::Contact, Interface::Contactless] {
            assert_eq!(rule.decision(interface, AccessMode::PinVerify), Decision::Always);
            assert_eq!(rule.decision(interface, AccessMode::Read), Decision::Always);
            assert_eq!(rule.decision(interface, AccessMode::KeyGenerate), Decision::Never);
            let Decision::Needs(reset) = rule.decision(interface, AccessMode::PinReset) else {
                panic!("it has a condition")
            };
            assert!(reset.user_authentication && reset.external_authentication && reset.secure_messaging);
            assert_eq!((reset.all, reset.environment), (false, Some(3)));
        }
        assert!(!rule.pace_first(Interface::Contactless, AccessMode::PinVerify));
        assert!(rule.pace_first(Interface::Contactless, AccessMode::PinReset));
        assert!(!rule.pace_first(Interface::Contact, AccessMode::PinReset));
    }

    #[test]
    fn contact_and_contactless_are_kept_apart() {
        // sign: user authentication by contact; user authentication and secure messaging, both, without
        let rule = rule(&[0xA1, 0x08, 0x8C, 0x02, 0x40, 0x11, 0x9C, 0x02, 0x40, 0xD1]);
        let contact = rule.decision(Interface::Contact, AccessMode::KeySign);
        let contactless = rule.decision(Interface::Contactless, AccessMode::KeySign);
        assert!(matches!(contact, Decision::Needs(needs) if !needs.secure_messaging));
        assert!(matches!(contactless, Decision::Needs(needs) if needs.secure_messaging && needs.all));
        assert_eq!(rule.decision(Interface::Contact, AccessMode::KeyAuthenticate), Decision::Never);
    }

    #[test]
    fn a_contactless_card_is_told_by_the_answer_to_reset_that_its_reader_makes_up() {
        assert_eq!(Interface::of_atr(&[0x3B, 0x81, 0x80, 0x01, 0x80, 0x80]), Interface::Contactless);
        assert_eq!(Interface::of_atr(&[0x3B, 0x80, 0x80, 0x01, 0x01]), Interface::Contactless);
        for contact in
            [&[][..], &[0x3B, 0x80, 0x01], &[0x3B, 0xDB, 0x96, 0x00, 0x80], &[0x3B, 0x8C, 0x01, 0x80]]
        {
            assert_eq!(Interface::of_atr(contact), Interface::Contact, "{contact:02X?}");
        }
    }

    #[test]
    fn what_is_not_said_is_not_tried_without_pace() {
        let silent = AccessRule::default();
        assert_eq!(silent.decision(Interface::Contactless, AccessMode::KeySign), Decision::Unstated);
        assert!(silent.pace_first(Interface::Contactless, AccessMode::KeySign));
        // FCP of a maker without template A1: the rule of the contacts alone
        let bare = rule(&[0x8C, 0x02, 0x01, 0x00]);
        assert_eq!(bare.decision(Interface::Contact, AccessMode::Read), Decision::Always);
        assert_eq!(bare.decision(Interface::Contactless, AccessMode::Read), Decision::Unstated);
    }

    #[test]
    fn a_rule_with_too_few_or_too_many_conditions_is_misbehaviour() {
        for wrong in [
            &[0x8C, 0x00][..],
            &[0x8C, 0x02, 0x03, 0x00],
            &[0x8C, 0x03, 0x01, 0x00, 0x00],
            &[0xA1, 0x03, 0x8C, 0x01, 0x7F],
        ] {
            assert!(AccessRule::parse(TlvReader::new(wrong)).is_err(), "{wrong:02X?}");
        }
    }
}

//! Security data objects of an IAS ECC card (CEN TS 15480-2, section 7.8; IAS ECC 1.0.1, section 8.2), read with GET
//! DATA: PINs, keys and the security environments that access rules name.
//!
//! An access rule is a byte that says which operations have one, and then a byte for each: `00` always, `FF` never, else
//! bit 7 secure messaging, bit 5 user authentication, bit 8 all of these, and the number of a security environment.
//! There is one list for contacts (`8C`) and one for radio (`9C`).

use crate::{
    ber_tlv::{constructed, object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    file_system::File,
    reference_data::{ReferenceData, Scope},
    security_environment::{Key, Template},
    status::StatusWord,
};

const CLASS_PIN: u8 = 0x01;
const CLASS_PRIVATE_KEY: u8 = 0x10;
const CLASS_PUBLIC_KEY: u8 = 0x20;
const CLASS_ENVIRONMENT: u8 = 0x7B;

/// The object's own parameters.
const PARAMETERS: u32 = 0xA0;

const ALWAYS: u8 = 0x00;
const NEVER: u8 = 0xFF;
const USER_AUTHENTICATION: u8 = 0x10;
const SECURE_MESSAGING: u8 = 0x40;
const ALL: u8 = 0x80;
/// The environment of the channel that radio asks for: both directions protected. With the number of a PIN's
/// environment added it is the environment of both.
const CHANNEL_ENVIRONMENT: u8 = 0x08;

impl Chip {
    /// GET DATA `00 CB 3F FF` with `4D {70 {BF cc nn {tag 80}}}`: what stands under the tag in the object of class `cc`
    /// (bit 8 says "local") with number `nn`.
    pub(crate) fn get_security_data_object(&self, command: &Command) -> Result<Answer, Refusal> {
        if command.parameters() != 0x3FFF {
            return Err(StatusWord::REFERENCE_NOT_FOUND.into());
        }
        let (class, number, wanted) = header_list(&command.data).ok_or(StatusWord::WRONG_DATA)?;
        let content = match class & 0x7F {
            CLASS_PIN => self.pin_object(number, wanted),
            CLASS_PRIVATE_KEY => {
                self.key_numbered(number).and_then(|key| self.private_key_object(key, wanted))
            }
            CLASS_PUBLIC_KEY => self.key_numbered(number).and_then(|key| public_key_object(key, wanted)),
            CLASS_ENVIRONMENT if wanted == u32::from(CLASS_ENVIRONMENT) => self.environment_object(number),
            _ => None,
        };
        let content = content.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let tag = u32::from_be_bytes([0, 0xBF, class, number]);
        Ok(Answer::of(object(0x70, &object(tag, &content))))
    }

    /// The reference data of the current dedicated file, in the order of their environments.
    fn pins_here(&self) -> impl Iterator<Item = &ReferenceData> {
        let here = self.session.directory;
        self.pins.iter().filter(move |pin| match pin.scope {
            Scope::Global => here == self.files.master_file(),
            Scope::Local(owner) => owner == here,
        })
    }

    fn pin_object(&self, number: u8, wanted: u32) -> Option<Vec<u8>> {
        let pin = self.pins_here().find(|pin| pin.reference & 0x1F == number)?;
        let length = |length: usize| [u8::try_from(length).unwrap_or(u8::MAX)];
        match wanted {
            PARAMETERS => {
                let unblocking = pin.unblocked_by.and_then(|puk| self.environment_of(puk));
                let reset = unblocking.map_or(NEVER, |environment| USER_AUTHENTICATION | environment);
                // change, verify, reset, put data, get data
                let contact = [0x73, ALWAYS, ALWAYS, reset, NEVER, ALWAYS];
                let protected = SECURE_MESSAGING | CHANNEL_ENVIRONMENT;
                let reset = if reset == NEVER { NEVER } else { reset | protected | ALL };
                let radio = [0x73, protected, protected, reset, NEVER, protected];
                Some(object(
                    PARAMETERS,
                    &[
                        object(0x9A, &[pin.tries]),
                        object(0x9B, &[pin.tries_left]),
                        object(0x80, &length(pin.format.fixed_length().unwrap_or(*pin.digits.end()))),
                        access_rules(&contact, &radio),
                    ]
                    .concat(),
                ))
            }
            0x7F41 => {
                let sizes =
                    [object(0x80, &length(*pin.digits.end())), object(0x81, &length(*pin.digits.start()))];
                Some(constructed(0x7F41, &sizes))
            }
            _ => None,
        }
    }

    fn key_numbered(&self, number: u8) -> Option<&Key> {
        let here = self.session.directory;
        self.keys.iter().find(|key| key.directory == here && key.reference & 0x1F == number)
    }

    fn private_key_object(&self, key: &Key, wanted: u32) -> Option<Vec<u8>> {
        match wanted {
            PARAMETERS => {
                let pin = key.pin.and_then(|pin| self.environment_of(pin));
                let rule = pin.map_or(ALWAYS, |environment| USER_AUTHENTICATION | environment);
                let protected = SECURE_MESSAGING | CHANNEL_ENVIRONMENT;
                // bit 7 PSO: COMPUTE DIGITAL SIGNATURE, bit 6 INTERNAL AUTHENTICATE, bit 1 get data
                let operation = if key.templates.contains(&Template::DigitalSignature) { 0x41 } else { 0x21 };
                let contact = [operation, rule, ALWAYS];
                let radio = [operation, rule | protected | ALL, protected];
                Some(object(PARAMETERS, &[size(key), access_rules(&contact, &radio)].concat()))
            }
            // what the key is for, and nothing of the key
            0x7F48 => Some(constructed(0x7F48, &[object(0x80, &[key.reference])])),
            _ => None,
        }
    }

    /// The number of the environment in which this reference data is verified.
    fn environment_of(&self, reference: u8) -> Option<u8> {
        (1..).zip(self.pins_here()).find(|(_, pin)| pin.reference == reference).map(|(number, _)| number)
    }

    /// An authentication template with a user's password (usage `08`), the templates of the channel, or both.
    fn environment_object(&self, number: u8) -> Option<Vec<u8>> {
        let pin = number & !CHANNEL_ENVIRONMENT;
        let mut templates = Vec::new();
        if pin != 0 {
            let (_, pin) = (1..).zip(self.pins_here()).find(|(own, _)| *own == pin)?;
            templates.extend(constructed(0xA4, &[object(0x95, &[0x08]), object(0x83, &[pin.reference])]));
        }
        if number & CHANNEL_ENVIRONMENT != 0 {
            let both_ways = object(0x95, &[0x30]);
            templates.extend([object(0xB4, &both_ways), object(0xB8, &both_ways)].concat());
        }
        if templates.is_empty() {
            return None;
        }
        Some(object(u32::from(CLASS_ENVIRONMENT), &templates))
    }

    /// Access rules of a file: what lies outside the application can be read over radio without a channel.
    pub(crate) fn file_access_rules(&self, file: &File) -> Vec<u8> {
        if file.is_directory() {
            return access_rules(&[0x00], &[0x00]);
        }
        let outside = file.parent == Some(self.files.master_file());
        let radio = if outside { ALWAYS } else { SECURE_MESSAGING | CHANNEL_ENVIRONMENT };
        access_rules(&[0x01, ALWAYS], &[0x01, radio])
    }
}

fn access_rules(contact: &[u8], radio: &[u8]) -> Vec<u8> {
    constructed(0xA1, &[object(0x8C, contact), object(0x9C, radio)])
}

/// Bytes of the modulus or of a field element, in two bytes.
fn size(key: &Key) -> Vec<u8> {
    object(0x80, &u16::try_from(key.private.size()).unwrap_or(u16::MAX).to_be_bytes())
}

fn public_key_object(key: &Key, wanted: u32) -> Option<Vec<u8>> {
    match wanted {
        PARAMETERS => {
            let rules = access_rules(&[0x01, ALWAYS], &[0x01, SECURE_MESSAGING | CHANNEL_ENVIRONMENT]);
            Some(object(PARAMETERS, &[size(key), rules].concat()))
        }
        0x7F49 => {
            let parts = match key.private.rsa_public() {
                Some((modulus, exponent)) => vec![object(0x81, &modulus), object(0x82, &exponent)],
                None => vec![object(0x86, &key.private.public_key_bits())],
            };
            Some(constructed(0x7F49, &parts))
        }
        _ => None,
    }
}

/// Class, number and wanted tag in `4D {70 {BF cc nn {tag 80}}}`; the last length says "all of it".
fn header_list(data: &[u8]) -> Option<(u8, u8, u32)> {
    let only = |bytes: &[u8], wanted: u32| match objects(bytes)?.as_slice() {
        [(tag, value)] if *tag == wanted => Some(value.to_vec()),
        _ => None,
    };
    let list = only(&only(data, 0x4D)?, 0x70)?;
    let [0xBF, class, number @ 0x00..=0x1F, length, tag @ .., 0x80] = list.as_slice() else {
        return None;
    };
    let whole = usize::from(*length) == tag.len() + 1 && (1..=2).contains(&tag.len());
    whole.then(|| (*class, *number, tag.iter().fold(0, |tag, byte| tag << 8 | u32::from(*byte))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_list_names_one_object_and_one_tag() {
        assert_eq!(header_list(&[0x4D, 8, 0x70, 6, 0xBF, 0x81, 1, 2, 0xA0, 0x80]), Some((0x81, 1, 0xA0)));
        assert_eq!(
            header_list(&[0x4D, 9, 0x70, 7, 0xBF, 0x90, 2, 3, 0x7F, 0x48, 0x80]),
            Some((0x90, 2, 0x7F48))
        );
        for wrong in [
            &[0x4D, 3, 0x70, 1, 0xBF][..],
            &[0x4D, 8, 0x70, 6, 0xBF, 0x81, 1, 3, 0xA0, 0x80],
            &[0x4D, 8, 0x70, 6, 0xBF, 0x81, 0x20, 2, 0xA0, 0x80],
            &[0x4D, 7, 0x70, 5, 0xBF, 0x81, 1, 1, 0x80],
            &[0x70, 6, 0xBF, 0x81, 1, 2, 0xA0, 0x80],
        ] {
            assert_eq!(header_list(wrong), None, "{wrong:02X?}");
        }
    }
}

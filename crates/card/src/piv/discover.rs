//! From the application's name to a layout.

use super::{APPLICATION, Slot, certificate, discovery_object};
use crate::{
    access_rule::AccessRule,
    apdu::{Command, MAX_SHORT_RESPONSE, StatusWord, ins},
    channel::Channel,
    data_object,
    error::CardError,
    file::{FileLocation, Selection},
    layout::{
        Activation, CertificateLocation, Credential, KeyUse, Layout, Method, Operation, Order, PinObject,
        Role, StatusQuery, Unblocking, UnblockingWay,
    },
    pin::{PinAlphabet, PinEncoding, PinFormat},
    profile::Link,
    signature::{Input, Scheme},
    tlv::{self, Tag},
};

/// Key reference of the PIN unblocking key (part 1, table 4a).
const PUK: u8 = 0x81;

/// Finds the application and which of the two keys of a person it has. The other two keys never become credentials: one is
/// no signature key, and the other signs for whoever holds the card.
///
/// # Errors
/// [`CardError::Unknown`] if the card has no such application; misbehaviour if its discovery object is malformed.
pub fn discover(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    profile: &str,
    link: Link,
) -> Result<Layout, CardError> {
    let application = FileLocation::application(APPLICATION);
    match selection.enter(channel, &application) {
        Ok(()) => {}
        Err(CardError::Refused { .. }) => return Err(CardError::Unknown),
        Err(error) => return Err(error),
    }
    let policy = match data_object::read(channel, &get(discovery_object::NAME)) {
        Ok(answer) => discovery_object::parse(&answer)?,
        // optional (part 1, table 1)
        Err(CardError::Refused { .. }) => discovery_object::PinUsagePolicy::APPLICATION_ONLY,
        Err(error) => return Err(error),
    };
    // The certificate for signing in is mandatory (part 1, table 1): nobody asks for it before it is read. That for signatures
    // is not on every card.
    let mut credentials = vec![credential(&application, Slot::Authentication, policy.reference())];
    if has(channel, Slot::Signature)? {
        credentials.push(credential(&application, Slot::Signature, policy.reference()));
    }
    Ok(Layout {
        profile: profile.to_owned(),
        label: None,
        manufacturer: None,
        link,
        credentials,
        opened: None,
    })
}

/// Reads a certificate of the application that is selected.
///
/// # Errors
/// [`CardError::NoCredential`] if the card has none there; misbehaviour, refusals and transport faults.
pub fn read_certificate(channel: &mut Channel<'_>, slot: Slot) -> Result<Vec<u8>, CardError> {
    let response = channel.send(&get(slot.certificate_object()))?;
    if response.status == StatusWord::NOT_FOUND {
        return Err(CardError::NoCredential);
    }
    certificate::parse(&response.expect_ok("GET DATA")?)
}

/// Whether there is a certificate: its first bytes say so, and the rest is not fetched.
fn has(channel: &mut Channel<'_>, slot: Slot) -> Result<bool, CardError> {
    let begin = channel.begin(&get(slot.certificate_object()))?;
    // an empty object may be there as well
    let empty = begin.status == StatusWord::OK && begin.data.len() <= 2;
    Ok((begin.status == StatusWord::OK || begin.status.more_available().is_some()) && !empty)
}

/// GET DATA (part 2, section 3.1.2).
fn get(object: Tag) -> Command {
    let list = tlv::encode(Tag(0x5C), &object.to_bytes());
    Command::new(ins::GET_DATA, 0x3F, 0xFF).data(list).le(MAX_SHORT_RESPONSE)
}

fn credential(application: &FileLocation, slot: Slot, pin_reference: u8) -> Credential {
    let method = |scheme| Method {
        scheme,
        hash: None,
        reference: None,
        hash_reference: None,
        operation: Operation::GeneralAuthenticate,
        input: Input::EncodedMessage,
    };
    Credential {
        role: if slot == Slot::Signature { Role::Signature } else { Role::Authentication },
        label: None,
        certificate: CertificateLocation::PivObject { application: application.clone(), slot },
        key: KeyUse {
            directory: application.clone(),
            reference: Some(slot.key_reference()),
            order: Order::PinFirst,
            // which of them the key can do, its certificate says
            methods: [Scheme::RsaPss, Scheme::RsaPkcs1, Scheme::Ecdsa].map(method).to_vec(),
            // "PIN Always" (part 1, table 4b)
            user_consent: slot == Slot::Signature,
            access: AccessRule::default(),
        },
        pin: Some(PinObject {
            label: None,
            // part 2, section 2.4.3: six to eight digits, filled with FF to eight bytes
            format: PinFormat {
                reference: pin_reference,
                encoding: PinEncoding::Ascii,
                alphabet: PinAlphabet::Digits,
                min_length: 6,
                max_length: 8,
                stored_length: 8,
                pad: 0xFF,
            },
            directory: None,
            // part 2, section 3.2.1: VERIFY without data gives the counter and changes nothing
            status: StatusQuery::EmptyVerify { directory: Some(application.clone()) },
            unblocking: unblocking(pin_reference),
            can_be_changed: true,
            activation: Activation::Change,
        }),
        // on-card comparison is optional, and is not looked for
        biometrics: Vec::new(),
    }
}

/// PUK and new PIN (part 2, section 3.2.3), for the PIN of the application alone. The PUK has eight bytes (section 2.4.3); VERIFY
/// knows no PUK, so that its tries cannot be asked for.
fn unblocking(pin_reference: u8) -> Option<Unblocking> {
    (pin_reference == discovery_object::APPLICATION_PIN).then_some(Unblocking {
        puk: PinFormat {
            reference: PUK,
            encoding: PinEncoding::Ascii,
            alphabet: PinAlphabet::Ascii,
            min_length: 8,
            max_length: 8,
            stored_length: 8,
            pad: 0xFF,
        },
        way: UnblockingWay::PukAndNewPin,
        directory: None,
        status: StatusQuery::None,
    })
}

//! From the application's name to a layout.

use super::{
    methods::methods,
    security_data_object::{Class, Name, SecurityDataObject, TRIES_LEFT, TRIES_MAXIMUM},
};
use crate::{
    access_rule::Interface,
    apdu::StatusWord,
    channel::Channel,
    data_object,
    error::CardError,
    file::{FileLocation, Selection},
    layout::{Credential, Layout, StatusQuery, UnblockingWay},
    pkcs15::{self, private_key::KeyKind},
    profile::{Link, Pkcs15Quirks},
};

/// Bit 8 of a reference: in the current directory.
const LOCAL: u8 = 0x80;

/// Tries the applications, in this order; the access rules of this interface say how their keys are used.
///
/// # Errors
/// [`CardError::Unknown`] if none is there, describes itself and keeps its PINs in security data objects; misbehaviour of one
/// that describes itself wrongly.
pub fn discover<'a>(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    profile: &str,
    link: Link,
    interface: Interface,
    applications: impl IntoIterator<Item = &'a Vec<u8>>,
) -> Result<Layout, CardError> {
    for identifier in applications {
        let application = FileLocation::application(identifier.clone());
        match selection.enter(channel, &application) {
            Ok(()) => {}
            Err(CardError::Refused { .. }) => continue,
            Err(error) => return Err(error),
        }
        match read(channel, selection, &application, (profile, link, interface)) {
            // an application of that name, but not of this family
            Err(CardError::Unknown) => {}
            outcome => return outcome,
        }
    }
    Err(CardError::Unknown)
}

fn read(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    application: &FileLocation,
    (profile, link, interface): (&str, Link, Interface),
) -> Result<Layout, CardError> {
    let directory = match pkcs15::read_directory(channel, selection, application) {
        Ok(directory) => directory,
        // a card that gives the file up in the middle of it is another matter
        Err(CardError::Refused { command: "SELECT", .. }) => return Err(CardError::Unknown),
        Err(error) => return Err(error),
    };
    let quirks = Pkcs15Quirks::default();
    let description = pkcs15::describe_by(channel, selection, application.clone(), &directory, quirks)?;
    selection.enter(channel, application)?;
    let mut is_of_the_family = false;
    for reference in description.pin_references() {
        is_of_the_family |= has_object(channel, Name { class: Class::Pin, reference })?;
    }
    if !is_of_the_family {
        return Err(CardError::Unknown);
    }
    description.into_layout(profile, link, |token, key, credential| {
        if let Some(reference) = key.reference {
            credential.key.reference = Some(reference | LOCAL);
            // which class EC keys have, the public specification of v1.0.1 does not say
            if key.kind == KeyKind::Rsa {
                selection.enter(channel, application)?;
                let name = Name { class: Class::RsaPrivateKey, reference };
                if let Some(object) = SecurityDataObject::read(channel, name)? {
                    credential.key.access = object.access;
                }
            }
        }
        credential.key.methods = methods(token, key, credential.role, &credential.key.access, interface);
        count_in_object(credential, application);
        Ok(())
    })
}

/// Whether there is such an object, be it readable or not: it tells a card of the family from others that describe themselves.
fn has_object(channel: &mut Channel<'_>, name: Name) -> Result<bool, CardError> {
    let command =
        data_object::get(&name.parameters()).ok_or(CardError::Unsupported("a data object without name"))?;
    let status = channel.send(&command)?.status;
    Ok(matches!(status, StatusWord::OK | StatusWord::SECURITY_STATUS))
}

/// The counter of the PIN is in its security data object.
fn count_in_object(credential: &mut Credential, application: &FileLocation) {
    let counter = |reference, directory: Option<&FileLocation>| StatusQuery::DataObject {
        directory: directory.unwrap_or(application).clone(),
        path: Name { class: Class::Pin, reference }.parameters().to_vec(),
        left: TRIES_LEFT,
        maximum: Some(TRIES_MAXIMUM),
    };
    if let Some(pin) = &mut credential.pin {
        pin.status = counter(pin.format.reference, pin.directory.as_ref());
        if let Some(unblocking) = &mut pin.unblocking {
            // the access rule of the PIN's object asks for the PUK to have been verified
            unblocking.way = UnblockingWay::VerifyThenNewPin;
            unblocking.status = counter(unblocking.puk.reference, unblocking.directory.as_ref());
        }
    }
}

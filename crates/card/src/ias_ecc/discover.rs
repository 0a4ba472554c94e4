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
    pkcs15::{self, Description, private_key::KeyKind},
    profile::{Link, Pkcs15Quirks},
};

/// Bit 8 of a reference: in the current directory.
const LOCAL: u8 = 0x80;

/// Tries the applications, in this order; the access rules of this interface say how their keys are used. What applications of
/// other families say of themselves is kept in `described`, by their names, so that it need not be read again.
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
    described: &mut Vec<(Vec<u8>, Description)>,
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
            Ok(Found::Other(description)) => described.push((identifier.clone(), description)),
            Err(CardError::Unknown) => {}
            Ok(Found::Family(layout)) => return Ok(layout),
            Err(error) => return Err(error),
        }
    }
    Err(CardError::Unknown)
}

/// What an application turned out to be.
enum Found {
    Family(Layout),
    /// It describes itself, and is of another family.
    Other(Description),
}

fn read(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    application: &FileLocation,
    (profile, link, interface): (&str, Link, Interface),
) -> Result<Found, CardError> {
    let directory = match pkcs15::read_directory(channel, selection, application) {
        Ok(directory) => directory,
        // a card that gives the file up in the middle of it is another matter
        Err(CardError::Refused { command: "SELECT", .. }) => return Err(CardError::Unknown),
        Err(error) => return Err(error),
    };
    let quirks = Pkcs15Quirks::default();
    let description = pkcs15::describe_by(channel, selection, application.clone(), &directory, quirks)?;
    selection.enter(channel, application)?;
    if !keeps_pins_in_objects(channel, &description)? {
        return Ok(Found::Other(description));
    }
    let layout = description.into_layout(profile, link, |token, key, credential| {
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
    })?;
    Ok(Found::Family(layout))
}

/// Whether one of the PINs is in a security data object, be it readable or not: it tells a card of the family from others that
/// describe themselves.
fn keeps_pins_in_objects(channel: &mut Channel<'_>, description: &Description) -> Result<bool, CardError> {
    for reference in description.pin_references() {
        let parameters = Name { class: Class::Pin, reference }.parameters();
        let command =
            data_object::get(&parameters).ok_or(CardError::Unsupported("a data object without name"))?;
        match channel.send(&command)?.status {
            StatusWord::OK | StatusWord::SECURITY_STATUS => return Ok(true),
            // the card does not even know the command
            StatusWord::UNKNOWN_INSTRUCTION => return Ok(false),
            _ => {}
        }
    }
    Ok(false)
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

//! How many tries a PIN has left, asked in the way that its card answers without spending one.

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, StatusWord, ins},
    channel::Channel,
    data_object,
    error::{CardError, Misbehaviour},
    file::Selection,
    layout::{ActivationFlag, PinObject, StatusQuery},
    pin::PinStatus,
    tlv::{self, Tag},
};

const WHAT: &str = "the PIN counters";
/// Element of which a fault is named.
const TRIES: &str = "number of tries";

/// Asks the card.
///
/// # Errors
/// Misbehaviour, refusals and transport faults.
pub(crate) fn ask(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    pin: &PinObject,
) -> Result<PinStatus, CardError> {
    ask_by(channel, selection, &pin.status, pin.format.reference)
}

/// Asks for what the card keeps under this reference.
///
/// # Errors
/// As [`ask`].
pub(crate) fn ask_by(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    query: &StatusQuery,
    reference: u8,
) -> Result<PinStatus, CardError> {
    match query {
        StatusQuery::None => Ok(PinStatus::default()),
        StatusQuery::EmptyVerify { directory } => {
            if let Some(directory) = directory {
                selection.enter(channel, directory)?;
            }
            empty_verify(channel, reference)
        }
        StatusQuery::PasswordObject { directory, maximum, activation } => {
            selection.enter(channel, directory)?;
            password_object(channel, reference, *maximum, *activation)
        }
        StatusQuery::DataObject { directory, path, left, maximum } => {
            selection.enter(channel, directory)?;
            counters(channel, path, *left, *maximum)
        }
    }
}

fn empty_verify(channel: &mut Channel<'_>, reference: u8) -> Result<PinStatus, CardError> {
    let status = channel.send(&Command::new(ins::VERIFY, 0x00, reference))?.status;
    let blocked = matches!(status, StatusWord::METHOD_BLOCKED | StatusWord::REFERENCE_NOT_USABLE);
    let tries_left = if blocked { Some(0) } else { status.tries_left() };
    Ok(PinStatus { tries_left, ..PinStatus::default() })
}

fn counters(
    channel: &mut Channel<'_>,
    path: &[Tag],
    left: Tag,
    maximum: Option<Tag>,
) -> Result<PinStatus, CardError> {
    let command =
        data_object::get(path).ok_or(CardError::Unsupported("a profile whose PIN counter has no path"))?;
    let content = data_object::read(channel, &command)?;
    let inside = data_object::find(WHAT, &content, path)?;
    let tries_maximum = match maximum {
        Some(tag) => data_object::byte(WHAT, TRIES, inside, tag)?,
        None => None,
    };
    let tries_left = data_object::byte(WHAT, TRIES, inside, left)?;
    Ok(PinStatus { tries_left, tries_maximum, ..PinStatus::default() })
}

/// GET DATA `00FF` with `A0 { 83 reference }`: everything the card keeps of this password.
fn password_object(
    channel: &mut Channel<'_>,
    reference: u8,
    tries_maximum: Option<u8>,
    activation: ActivationFlag,
) -> Result<PinStatus, CardError> {
    const TEMPLATE: Tag = Tag(0xA0);
    let data = tlv::encode(TEMPLATE, &tlv::encode(Tag(0x83), &[reference]));
    let command = Command::new(ins::GET_DATA, 0x00, 0xFF).data(data).le(MAX_SHORT_RESPONSE);
    let content = data_object::read(channel, &command)?;
    let inside = data_object::find(WHAT, &content, &[TEMPLATE])?;
    // tries left come first; what the other bytes count is not public
    let counter = inside.find(Tag(0xDF21)).map_err(|error| Misbehaviour::Tlv { what: WHAT, error })?;
    let tries_left = match counter.map(|counter| counter.value.first()) {
        None => None,
        Some(Some(left)) => Some(*left),
        Some(None) => return Err(Misbehaviour::Element { what: WHAT, element: TRIES }.into()),
    };
    let changed = data_object::byte(WHAT, "changed flag", inside, Tag(0xDF2F))?;
    let activated = match activation {
        ActivationFlag::Ignored => None,
        ActivationFlag::Needed => changed.map(|flag| flag != 0),
    };
    Ok(PinStatus { tries_left, tries_maximum, activated })
}

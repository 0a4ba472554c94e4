//! The commands: select, open with the issuer's key, read, take apart.

use super::{
    CardChallenge, IssuerKey, IssuerKeyError,
    profile::{Authentication, Claim, ClaimField, ClaimForm, IssuerProfile},
};
use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    file::{FileLocation, Selection},
    tlv::TlvReader,
    unauthenticated::Unauthenticated,
};

const WHAT: &str = "a file of the issuer's profile";

/// A claim, as the card has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadClaim {
    /// Name of the claim.
    pub name: String,
    /// Its value; `None` where the card has no such field, or one that is not written as the profile says.
    pub value: Option<Unauthenticated<ClaimValue>>,
}

/// The value of a claim.
#[derive(Clone, PartialEq, Eq)]
pub enum ClaimValue {
    /// Text.
    Text(String),
    /// Year, month, day.
    Date(u16, u8, u8),
    /// Bytes: a picture, a template.
    Bytes(Vec<u8>),
}

/// Why a card was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssuerSuppliedError {
    /// The card, or the way to it.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The issuer's module.
    #[error(transparent)]
    Key(#[from] IssuerKeyError),
}

/// Reads a card as its issuer says.
///
/// # Errors
/// [`CardError::Unknown`] if it is no such card; what card or issuer's module say otherwise.
pub fn read(
    channel: &mut Channel<'_>,
    profile: &IssuerProfile,
    key: &mut dyn IssuerKey,
) -> Result<Vec<ReadClaim>, IssuerSuppliedError> {
    channel.set_link(profile.link);
    let mut selection = Selection::default();
    let application = profile.recognise.application.clone();
    match selection.enter(channel, &FileLocation::application(application.clone())) {
        Ok(()) => {}
        Err(CardError::Refused { .. }) => return Err(CardError::Unknown.into()),
        Err(error) => return Err(error.into()),
    }
    open(channel, profile.authentication, key)?;
    let mut contents = Vec::new();
    for file in &profile.files {
        let location =
            FileLocation { application: Some(application.clone()), path: file.path.clone(), part: None };
        contents.push(selection.read(channel, &location, file.max_size)?);
    }
    let claims = profile.claims.iter().map(|claim| {
        let content = contents.get(claim.file).map(Vec::as_slice).unwrap_or_default();
        let value = value(content, claim)?;
        Ok(ReadClaim { name: claim.name.clone(), value: value.map(Unauthenticated::new) })
    });
    claims.collect()
}

fn open(
    channel: &mut Channel<'_>,
    authentication: Authentication,
    key: &mut dyn IssuerKey,
) -> Result<(), IssuerSuppliedError> {
    let (length, algorithm_reference, key_reference, le, name) = match authentication {
        Authentication::None => return Ok(()),
        Authentication::External { challenge_length, algorithm_reference, key_reference } => {
            (challenge_length, algorithm_reference, key_reference, None, "EXTERNAL AUTHENTICATE")
        }
        Authentication::Mutual { challenge_length, algorithm_reference, key_reference } => {
            let le = Some(MAX_SHORT_RESPONSE);
            (challenge_length, algorithm_reference, key_reference, le, "MUTUAL AUTHENTICATE")
        }
    };
    let length = usize::from(length);
    let command = Command::new(ins::GET_CHALLENGE, 0x00, 0x00).le(length);
    let challenge = channel.send(&command)?.expect_ok("GET CHALLENGE")?;
    if challenge.len() != length {
        let element = "challenge";
        return Err(CardError::from(Misbehaviour::Element { what: "GET CHALLENGE", element }).into());
    }
    let answer = key.answer(&CardChallenge { challenge: &challenge, algorithm_reference, key_reference })?;
    let command = Command::new(ins::EXTERNAL_AUTHENTICATE, algorithm_reference, key_reference);
    let command = Command { le, ..command.data(answer.as_slice()) };
    let answer = channel.send(&command)?.expect_ok(name)?;
    if let Some(session) = key.accept(&answer)? {
        channel.protect(session);
    }
    Ok(())
}

/// The field, in its form; a file that is not made of data objects where the profile says so is misbehaviour.
fn value(content: &[u8], claim: &Claim) -> Result<Option<ClaimValue>, CardError> {
    let field = match &claim.field {
        ClaimField::Whole => Some(content),
        ClaimField::Bytes { offset, length } => content.get(*offset..offset.saturating_add(*length)),
        ClaimField::DataObject(path) => {
            let mut place = Some(content);
            for tag in path {
                let inside = TlvReader::new(place.unwrap_or_default());
                let found = inside.find(*tag).map_err(|error| Misbehaviour::Tlv { what: WHAT, error })?;
                place = found.map(|object| object.value);
                if place.is_none() {
                    break;
                }
            }
            place
        }
    };
    Ok(field.and_then(|field| match claim.form {
        ClaimForm::Bytes => Some(ClaimValue::Bytes(field.to_vec())),
        ClaimForm::Text => {
            let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
            (!text.is_empty() && !text.chars().any(char::is_control))
                .then(|| ClaimValue::Text(text.to_owned()))
        }
        ClaimForm::Date => {
            let digits = std::str::from_utf8(field).ok()?;
            if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let (month, day) = (digits.get(4..6)?.parse().ok()?, digits.get(6..8)?.parse().ok()?);
            let date = ClaimValue::Date(digits.get(..4)?.parse().ok()?, month, day);
            ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(date)
        }
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlv::Tag;

    fn claim(field: ClaimField, form: ClaimForm) -> Claim {
        Claim { name: "x".into(), file: 0, field, form }
    }

    #[test]
    fn fields_are_taken_in_their_form_or_left_out() {
        let bytes = |offset, length| ClaimField::Bytes { offset, length };
        let content = b"AMINA\0\0\x0019900102";
        let text = value(content, &claim(bytes(0, 8), ClaimForm::Text)).unwrap();
        assert!(text == Some(ClaimValue::Text("AMINA".into())));
        let date = value(content, &claim(bytes(8, 8), ClaimForm::Date)).unwrap();
        assert!(date == Some(ClaimValue::Date(1990, 1, 2)));
        for nothing in [
            claim(bytes(8, 99), ClaimForm::Bytes),
            claim(bytes(usize::MAX, 2), ClaimForm::Bytes),
            claim(bytes(0, 8), ClaimForm::Date),
            claim(bytes(5, 3), ClaimForm::Text),
        ] {
            assert!(value(content, &nothing).unwrap().is_none());
        }
        let object = claim(ClaimField::DataObject(vec![Tag(0x70), Tag(0x81)]), ClaimForm::Text);
        assert!(
            value(&[0x70, 0x03, 0x81, 0x01, b'A'], &object).unwrap() == Some(ClaimValue::Text("A".into()))
        );
        assert!(value(&[0x71, 0x00], &object).unwrap().is_none());
        assert!(value(&[0x70, 0x09], &object).is_err());
    }

    proptest! {
        #[test]
        fn any_file_ends_in_a_value_or_an_error(
            content in proptest::collection::vec(any::<u8>(), 0..60), offset in 0_usize..70, length in 0_usize..70
        ) {
            for form in [ClaimForm::Text, ClaimForm::Date, ClaimForm::Bytes] {
                let _ = value(&content, &claim(ClaimField::Bytes { offset, length }, form));
                let _ = value(&content, &claim(ClaimField::DataObject(vec![Tag(0x30), Tag(0x81)]), form));
            }
        }
    }
}

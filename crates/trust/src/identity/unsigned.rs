//! Cards that sign nothing: what they say, in the vocabulary of [`Claim`], typed as what it is worth.
//!
//! [`asserted`] is the host's side: it takes the values that were agreed to out of the files of a GCC card. [`claims_of`] is
//! everybody's who shows or judges them: each is [`Provenance::Unauthenticated`], and nothing here can be more.

use std::collections::BTreeSet;

use bitaqa_card::{
    gcc::{
        Generation,
        address::{Address, Place},
        card_data::CardData,
        images::Images,
        personal_data::{Names, PersonalData},
    },
    lds::Image,
};
use bitaqa_protocol::{
    claim::Claim,
    identity::{
        AssertedClaims, AssertedValue,
        answer::Bytes,
        asserted::{AssertedImage, AssertedText},
    },
};

use super::{
    claims::{ClaimValue, Claims, Provenance, Value},
    date::{Day, PartialDate},
};

/// A file of a GCC card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GccFile {
    /// Who the holder is.
    PersonalData,
    /// The card itself.
    CardData,
    /// Portrait and signature.
    Images,
    /// Where the holder lives.
    Address,
}

impl GccFile {
    /// Which file tells a claim; nothing where no file does whose layout is public.
    #[must_use]
    pub const fn of(claim: Claim, generation: Generation) -> Option<Self> {
        let is_first = matches!(generation, Generation::V1);
        match claim {
            Claim::GivenName
            | Claim::FamilyName
            | Claim::GivenNameArabic
            | Claim::FamilyNameArabic
            | Claim::Birthdate
            | Claim::AgeOver(_)
            | Claim::Gender
            | Claim::PersonalNumber => Some(Self::PersonalData),
            Claim::DateOfExpiry => Some(if is_first { Self::PersonalData } else { Self::CardData }),
            Claim::Photo | Claim::SignatureImage => Some(Self::Images),
            Claim::Address | Claim::AddressArabic => {
                if is_first {
                    None
                } else {
                    Some(Self::Address)
                }
            }
            Claim::Nationalities
            | Claim::DocumentNumber
            | Claim::PlaceOfBirth
            | Claim::PlaceOfBirthArabic
            | Claim::OtherPersonalDetails
            | Claim::FatherName
            | Claim::FatherNameArabic
            | Claim::MotherName
            | Claim::MotherNameArabic => None,
        }
    }
}

/// Files of a GCC card that were read.
#[derive(Clone, Default)]
pub struct GccData {
    /// Who the holder is.
    pub personal_data: Option<PersonalData>,
    /// The card itself.
    pub card_data: Option<CardData>,
    /// Portrait and signature.
    pub images: Option<Images>,
    /// Where the holder lives.
    pub address: Option<Address>,
}

/// Personal data is not shown.
impl std::fmt::Debug for GccData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GccData(personal)")
    }
}

/// What is given of a card that signs nothing: what was asked for, and the birth date with an age. No group comes along whole.
#[must_use]
pub fn disclosed(asked: impl IntoIterator<Item = Claim>) -> BTreeSet<Claim> {
    let mut claims: BTreeSet<Claim> = asked.into_iter().collect();
    if claims.iter().any(|claim| matches!(claim, Claim::AgeOver(_))) {
        claims.insert(Claim::Birthdate);
    }
    claims
}

/// What the files say of these claims, and of nothing else. An age has no place here: who asks for it gets the birth date.
#[must_use]
pub fn asserted(data: &GccData, claims: impl IntoIterator<Item = Claim>) -> AssertedClaims {
    claims.into_iter().filter_map(|claim| Some((claim, value(data, claim)?))).collect()
}

fn value(data: &GccData, claim: Claim) -> Option<AssertedValue> {
    let person = data.personal_data.as_ref();
    let address = data.address.as_ref();
    match claim {
        Claim::GivenName => text(given(&person?.names)),
        Claim::FamilyName => text(person?.names.last.clone()),
        Claim::GivenNameArabic => text(given(&person?.arabic_names)),
        Claim::FamilyNameArabic => text(person?.arabic_names.last.clone()),
        Claim::Birthdate => date(person?.birth?),
        Claim::Gender => match person?.sex? {
            'F' => text("female".to_owned()),
            'M' => text("male".to_owned()),
            _ => None,
        },
        Claim::PersonalNumber => text(person?.number.clone()?),
        Claim::DateOfExpiry => date(
            data.card_data
                .as_ref()
                .and_then(|card| card.expiry)
                .or_else(|| person.and_then(|person| person.expiry))?,
        ),
        Claim::Photo => image(&data.images.as_ref()?.portrait),
        Claim::SignatureImage => image(&data.images.as_ref()?.signature),
        Claim::Address => {
            text(address_text(address?, |place| &place.name, |address| &address.building_letter))
        }
        Claim::AddressArabic => text(address_text(
            address?,
            |place| &place.arabic_name,
            |address| &address.building_letter_arabic,
        )),
        Claim::AgeOver(_)
        | Claim::Nationalities
        | Claim::DocumentNumber
        | Claim::PlaceOfBirth
        | Claim::PlaceOfBirthArabic
        | Claim::OtherPersonalDetails
        | Claim::FatherName
        | Claim::FatherNameArabic
        | Claim::MotherName
        | Claim::MotherNameArabic => None,
    }
}

/// Everything before the family name: the card has the names of father and forefathers in fields of their own, as the machine
/// readable zone of other cards has them among the given names.
fn given(names: &Names) -> String {
    let parts = std::iter::once(&names.first).chain(&names.middle).filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Flat, building with its letter, road and block, as far as the card has them.
fn address_text(
    address: &Address,
    name: impl Fn(&Place) -> &String,
    letter: impl Fn(&Address) -> &String,
) -> String {
    let place = |place: &Place| format!("{} {}", place.number, name(place)).trim().to_owned();
    let building = format!("{}{}", address.building, letter(address));
    let parts = [address.flat.clone(), building, place(&address.road), place(&address.block)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn text(text: String) -> Option<AssertedValue> {
    AssertedText::new(text).ok().map(AssertedValue::Text)
}

fn date(date: bitaqa_card::gcc::Date) -> Option<AssertedValue> {
    text(format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
}

fn image(picture: &[u8]) -> Option<AssertedValue> {
    Image::recognise(picture)?;
    Some(AssertedValue::Image(AssertedImage { data: Bytes(picture.to_vec()) }))
}

/// What the values are worth: claims without authenticity, of those asked for, with the ages that follow from the birth date on
/// that day.
///
/// # Errors
/// [`AssertedFault`]: a value that the claim cannot have.
pub fn claims_of(
    values: &AssertedClaims,
    asked: impl IntoIterator<Item = Claim>,
    on: Day,
) -> Result<Claims, AssertedFault> {
    let mut claims = Claims::new();
    for claim in asked {
        let value = match claim {
            Claim::AgeOver(limit) => match values.get(&Claim::Birthdate) {
                Some(birth) => {
                    let birth = judged(Claim::Birthdate, birth)?;
                    let Value::Date(birth) = birth else { continue };
                    birth.is_at_least(limit.years().into(), on).map(Value::Flag)
                }
                None => None,
            },
            claim => values.get(&claim).map(|value| judged(claim, value)).transpose()?,
        };
        if let Some(value) = value {
            let provenance = Provenance::Unauthenticated;
            claims.insert(claim, ClaimValue { value, provenance, may_be_cut: false });
        }
    }
    Ok(claims)
}

fn judged(claim: Claim, value: &AssertedValue) -> Result<Value, AssertedFault> {
    let fault = AssertedFault { claim };
    match (claim, value) {
        (Claim::Photo | Claim::SignatureImage, AssertedValue::Image(image)) => {
            Image::recognise(&image.data.0).map(|image| Value::of_image(&image)).ok_or(fault)
        }
        (Claim::Photo | Claim::SignatureImage, AssertedValue::Text(_)) | (_, AssertedValue::Image(_)) => {
            Err(fault)
        }
        (Claim::Birthdate | Claim::DateOfExpiry, AssertedValue::Text(text)) => {
            PartialDate::parse(text.as_str()).map(Value::Date).ok_or(fault)
        }
        (Claim::Gender, AssertedValue::Text(text)) if !matches!(text.as_str(), "female" | "male") => {
            Err(fault)
        }
        (Claim::Nationalities, AssertedValue::Text(text)) => Ok(Value::List(vec![text.as_str().to_owned()])),
        (_, AssertedValue::Text(text)) => Ok(Value::Text(text.as_str().to_owned())),
    }
}

/// A value that its claim cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{claim} cannot have the value that the card is said to give")]
pub struct AssertedFault {
    /// Which claim.
    pub claim: Claim,
}

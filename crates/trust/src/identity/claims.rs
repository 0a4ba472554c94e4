//! What a document says of its holder, in the vocabulary of [`Claim`], whatever kind of document it is.

use std::collections::BTreeMap;

use bitaqa_card::{
    CardError,
    lds::{self, Dg1, Dg2, Dg7, Dg11, Image, ImageFormat, mrz::Sex},
};
use bitaqa_protocol::{
    claim::{Claim, DataGroup},
    encode_base64,
};
use serde::{Serialize, Serializer};

use super::date::{Day, PartialDate};

/// A claim's value, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ClaimValue {
    /// The value.
    pub value: Value,
    /// How it is known.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// The document had no room for all of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "codegen", ts(optional, as = "Option<bool>"))]
    pub may_be_cut: bool,
}

/// What a claim says.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Value {
    /// A text.
    Text(String),
    /// A date; parts that the document leaves open are left out from the end: `1974-08`.
    #[cfg_attr(feature = "codegen", ts(type = "string"))]
    Date(PartialDate),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    List(Vec<String>),
    /// Named texts.
    #[cfg_attr(feature = "codegen", ts(type = "{ [name in string]?: string[] }"))]
    Texts(BTreeMap<&'static str, Vec<String>>),
    /// An image.
    Image {
        /// `image/jpeg`, `image/jp2`, or `image/j2c` for a bare codestream.
        #[serde(rename = "mediaType")]
        media_type: &'static str,
        /// Its bytes; base64 in JSON.
        #[serde(serialize_with = "base64")]
        #[cfg_attr(feature = "codegen", ts(type = "Uint8Array"))]
        data: Vec<u8>,
    },
}

impl Value {
    pub(super) fn of_image(image: &Image) -> Self {
        let media_type = match image.format {
            ImageFormat::Jpeg => "image/jpeg",
            ImageFormat::Jpeg2000 => "image/jp2",
            ImageFormat::Jpeg2000Codestream => "image/j2c",
        };
        Self::Image { media_type, data: image.data.to_vec() }
    }
}

/// Personal data is not shown.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(personal)")
    }
}

fn base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&encode_base64(bytes))
}

/// How a claim is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(tag = "provenance", rename_all = "kebab-case")]
pub enum Provenance {
    /// It stands in a data group whose digest the issuer signed.
    IssuerSigned {
        /// Which group.
        group: DataGroup,
    },
    /// It follows from what stands in such a group: an age from a birth date, a century from two digits of a year.
    Derived {
        /// Which group.
        group: DataGroup,
    },
    /// The document says it, and nobody signed it.
    Unauthenticated,
}

/// Claims by name.
pub type Claims = BTreeMap<Claim, ClaimValue>;

/// Which claims the groups hold, on a day: the day decides the centuries of the machine readable zone, and ages.
///
/// Only what was asked for is looked at, so that a group that tells more than was agreed to tells no more here.
///
/// # Errors
/// [`GroupFault`]: a group is not what the standard says. Its digest may have matched: then the issuer signed it so.
pub fn claims_of(
    groups: &BTreeMap<DataGroup, &[u8]>,
    asked: impl IntoIterator<Item = Claim>,
    on: Day,
) -> Result<Claims, GroupFault> {
    let holder = Holder::read(groups)?;
    let mut claims = Claims::new();
    for claim in asked {
        if let Some(value) = holder.claim(claim, on) {
            claims.insert(claim, value);
        }
    }
    Ok(claims)
}

/// A group whose content makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{group} cannot be read: {error}")]
pub struct GroupFault {
    /// Which group.
    pub group: DataGroup,
    /// What is wrong with it.
    pub error: CardError,
}

struct Holder {
    dg1: Option<Dg1>,
    dg2: Option<Dg2>,
    dg7: Option<Dg7>,
    dg11: Option<Dg11>,
}

impl Holder {
    fn read(groups: &BTreeMap<DataGroup, &[u8]>) -> Result<Self, GroupFault> {
        fn parse<T>(
            groups: &BTreeMap<DataGroup, &[u8]>,
            group: DataGroup,
            parser: fn(&[u8]) -> Result<T, CardError>,
        ) -> Result<Option<T>, GroupFault> {
            let content = groups.get(&group);
            content.map(|content| parser(content)).transpose().map_err(|error| GroupFault { group, error })
        }
        Ok(Self {
            dg1: parse(groups, DataGroup::Dg1, Dg1::parse)?,
            dg2: parse(groups, DataGroup::Dg2, Dg2::parse)?,
            dg7: parse(groups, DataGroup::Dg7, Dg7::parse)?,
            dg11: parse(groups, DataGroup::Dg11, Dg11::parse)?,
        })
    }

    fn claim(&self, claim: Claim, on: Day) -> Option<ClaimValue> {
        Some(match claim {
            Claim::GivenName | Claim::FamilyName => return self.latin_name(claim),
            Claim::GivenNameArabic | Claim::FamilyNameArabic => return self.arabic_name(claim),
            Claim::Birthdate => {
                let (date, provenance) = self.birth(on)?;
                known(Value::Date(date), provenance)
            }
            Claim::AgeOver(limit) => {
                let (date, provenance) = self.birth(on)?;
                let is_over = date.is_at_least(limit.years().into(), on)?;
                known(Value::Flag(is_over), Provenance::Derived { group: provenance.group()? })
            }
            Claim::Gender => {
                let sex = match self.dg1.as_ref()?.mrz.sex {
                    Sex::Female => "female",
                    Sex::Male => "male",
                    Sex::Unspecified => return None,
                };
                signed(Value::Text(sex.to_owned()), DataGroup::Dg1)
            }
            Claim::Nationalities => {
                let code = self.dg1.as_ref()?.mrz.nationality.to_string();
                signed(Value::List(vec![code]), DataGroup::Dg1)
            }
            Claim::DocumentNumber => {
                let number = self.dg1.as_ref()?.mrz.number.as_str().to_owned();
                signed(Value::Text(number), DataGroup::Dg1)
            }
            Claim::DateOfExpiry => {
                let date = PartialDate::of_expiry(self.dg1.as_ref()?.mrz.expiry, on)?;
                known(Value::Date(date), Provenance::Derived { group: DataGroup::Dg1 })
            }
            Claim::PersonalNumber => {
                let number = self.dg11.as_ref()?.personal_number.as_ref()?.to_string();
                signed(Value::Text(number), DataGroup::Dg11)
            }
            Claim::Photo => image(&self.dg2.as_ref()?.faces.first()?.image, DataGroup::Dg2),
            Claim::SignatureImage => image(self.dg7.as_ref()?.signatures.first()?, DataGroup::Dg7),
            Claim::PlaceOfBirth | Claim::PlaceOfBirthArabic => {
                let place = self.dg11.as_ref()?.place_of_birth.as_ref()?;
                return in_script(place, claim == Claim::PlaceOfBirthArabic);
            }
            Claim::Address | Claim::AddressArabic => {
                let address = self.dg11.as_ref()?.address.as_ref()?;
                return in_script(address, claim == Claim::AddressArabic);
            }
            Claim::OtherPersonalDetails => return other_details(self.dg11.as_ref()?),
            // how a state writes DG13 is not public for any card that we know
            Claim::FatherName | Claim::FatherNameArabic | Claim::MotherName | Claim::MotherNameArabic => {
                return None;
            }
        })
    }

    fn latin_name(&self, claim: Claim) -> Option<ClaimValue> {
        let name = &self.dg1.as_ref()?.mrz.name;
        let part = if claim == Claim::GivenName { &name.secondary } else { &name.primary };
        let value = signed(Value::Text(part.to_string()), DataGroup::Dg1);
        (!part.is_empty()).then_some(ClaimValue { may_be_cut: name.may_be_cut, ..value })
    }

    fn arabic_name(&self, claim: Claim) -> Option<ClaimValue> {
        let name = self.dg11.as_ref()?.full_name.as_ref()?;
        let part = if claim == Claim::GivenNameArabic { name.secondary() } else { name.primary() };
        (has_arabic(name.as_str()) && !part.is_empty())
            .then(|| signed(Value::Text(part.to_string()), DataGroup::Dg11))
    }

    /// The full date of DG11 where there is one, else that of the machine readable zone, whose century is inferred.
    fn birth(&self, on: Day) -> Option<(PartialDate, Provenance)> {
        if let Some(date) = self.dg11.as_ref().and_then(|dg11| dg11.birth).and_then(PartialDate::full) {
            return Some((date, Provenance::IssuerSigned { group: DataGroup::Dg11 }));
        }
        let date = PartialDate::of_birth(self.dg1.as_ref()?.mrz.birth, on)?;
        Some((date, Provenance::Derived { group: DataGroup::Dg1 }))
    }
}

impl Provenance {
    const fn group(self) -> Option<DataGroup> {
        match self {
            Self::IssuerSigned { group } | Self::Derived { group } => Some(group),
            Self::Unauthenticated => None,
        }
    }
}

const fn known(value: Value, provenance: Provenance) -> ClaimValue {
    ClaimValue { value, provenance, may_be_cut: false }
}

const fn signed(value: Value, group: DataGroup) -> ClaimValue {
    known(value, Provenance::IssuerSigned { group })
}

fn image(image: &Image, group: DataGroup) -> ClaimValue {
    signed(Value::of_image(image), group)
}

/// A text of DG11 whose parts the card divides by `<`, if it is in Arabic letters, or if it is not.
fn in_script(text: &str, arabic: bool) -> Option<ClaimValue> {
    let joined = joined(text);
    (has_arabic(&joined) == arabic && !joined.is_empty())
        .then(|| signed(Value::Text(joined), DataGroup::Dg11))
}

fn joined(text: &str) -> String {
    lds::parts(text).collect::<Vec<_>>().join(", ")
}

fn other_details(dg11: &Dg11) -> Option<ClaimValue> {
    let mut details = BTreeMap::new();
    let names: Vec<String> = dg11
        .other_names
        .iter()
        .map(|name| format!("{} {}", *name.primary(), *name.secondary()).trim().to_owned())
        .collect();
    if !names.is_empty() {
        details.insert("otherNames", names);
    }
    for (name, text) in [
        ("telephone", &dg11.telephone),
        ("profession", &dg11.profession),
        ("title", &dg11.title),
        ("personalSummary", &dg11.summary),
        ("otherDocuments", &dg11.other_documents),
        ("custody", &dg11.custody),
    ] {
        if let Some(text) = text {
            details.insert(name, vec![joined(text)]);
        }
    }
    (!details.is_empty()).then(|| signed(Value::Texts(details), DataGroup::Dg11))
}

/// Whether there is an Arabic letter in it (the Arabic blocks of Unicode and its presentation forms).
#[must_use]
pub fn has_arabic(text: &str) -> bool {
    text.chars().any(|character| {
        matches!(character, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
    })
}

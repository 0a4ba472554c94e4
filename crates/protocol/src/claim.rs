//! What a portal can ask about a person: a closed vocabulary, the same whatever the card.
//!
//! Names are those of OpenID Connect Core 1.0 (section 5.1) and OpenID Connect for Identity Assurance 1.0 where these have one;
//! what stands in Arabic letters has the language tag `ar` (OpenID Connect Core 1.0, section 5.2): `given_name#ar`. An age limit
//! is named as ISO/IEC 18013-5 names it: `age_over_18`.
//!
//! A chip gives out whole data groups, which are signed whole. So a claim brings others along, and [`Closure`] says which: it is
//! these that a statement must allow and that the person is told of. Kind of document and issuing state are no claims: every
//! answer shows them, by the signature of the issuer.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

pub use crate::{
    claim_set::{ClaimSet, MAX_CLAIMS, RequestedClaims},
    data_group::DataGroup,
};

/// Something that a portal can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS),
    ts(
        type = r##""given_name" | "family_name" | "given_name#ar" | "family_name#ar" | "birthdate" | "gender" | "nationalities" | "personal_number" | "document_number" | "date_of_expiry" | "photo" | "signature_image" | "place_of_birth" | "place_of_birth#ar" | "address" | "address#ar" | "other_personal_details" | "father_name" | "father_name#ar" | "mother_name" | "mother_name#ar" | `age_over_${number}`"##
    )
)]
#[serde(try_from = "String", into = "String")]
pub enum Claim {
    /// `given_name`: in Latin letters, as the zone has it.
    GivenName,
    /// `family_name`: in Latin letters, as the zone has it.
    FamilyName,
    /// `given_name#ar`.
    GivenNameArabic,
    /// `family_name#ar`.
    FamilyNameArabic,
    /// `birthdate`: YYYY-MM-DD; parts that the document leaves open are left open.
    Birthdate,
    /// `age_over_N`: whether the person has reached an age. A card has no such thing: it follows from the birth date, which
    /// comes along, unless the platform derives it.
    AgeOver(AgeLimit),
    /// `gender`: as the document states the sex.
    Gender,
    /// `nationalities`: list of codes of three letters (ICAO Doc 9303-3, section 5).
    Nationalities,
    /// `personal_number`: the number that stays with the person.
    PersonalNumber,
    /// `document_number`.
    DocumentNumber,
    /// `date_of_expiry`: last day of the document, YYYY-MM-DD.
    DateOfExpiry,
    /// `photo`: the face, as JPEG or JPEG 2000.
    Photo,
    /// `signature_image`: the handwritten signature as an image.
    SignatureImage,
    /// `place_of_birth`: in Latin letters.
    PlaceOfBirth,
    /// `place_of_birth#ar`.
    PlaceOfBirthArabic,
    /// `address`: in Latin letters.
    Address,
    /// `address#ar`.
    AddressArabic,
    /// `other_personal_details`: whatever else the same data groups tell of the person (other names, telephone, profession,
    /// title, personal summary, proof of citizenship, other documents, custody; ICAO Doc 9303-10, section 4.7.11).
    OtherPersonalDetails,
    /// `father_name`: in Latin letters.
    FatherName,
    /// `father_name#ar`.
    FatherNameArabic,
    /// `mother_name`: in Latin letters.
    MotherName,
    /// `mother_name#ar`.
    MotherNameArabic,
}

impl Claim {
    /// All claims but the age limits.
    pub const NAMED: [Self; 21] = [
        Self::GivenName,
        Self::FamilyName,
        Self::GivenNameArabic,
        Self::FamilyNameArabic,
        Self::Birthdate,
        Self::Gender,
        Self::Nationalities,
        Self::PersonalNumber,
        Self::DocumentNumber,
        Self::DateOfExpiry,
        Self::Photo,
        Self::SignatureImage,
        Self::PlaceOfBirth,
        Self::PlaceOfBirthArabic,
        Self::Address,
        Self::AddressArabic,
        Self::OtherPersonalDetails,
        Self::FatherName,
        Self::FatherNameArabic,
        Self::MotherName,
        Self::MotherNameArabic,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::AgeOver(limit) => return Cow::Owned(format!("{AGE_OVER}{}", limit.years())),
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::GivenNameArabic => "given_name#ar",
            Self::FamilyNameArabic => "family_name#ar",
            Self::Birthdate => "birthdate",
            Self::Gender => "gender",
            Self::Nationalities => "nationalities",
            Self::PersonalNumber => "personal_number",
            Self::DocumentNumber => "document_number",
            Self::DateOfExpiry => "date_of_expiry",
            Self::Photo => "photo",
            Self::SignatureImage => "signature_image",
            Self::PlaceOfBirth => "place_of_birth",
            Self::PlaceOfBirthArabic => "place_of_birth#ar",
            Self::Address => "address",
            Self::AddressArabic => "address#ar",
            Self::OtherPersonalDetails => "other_personal_details",
            Self::FatherName => "father_name",
            Self::FatherNameArabic => "father_name#ar",
            Self::MotherName => "mother_name",
            Self::MotherNameArabic => "mother_name#ar",
        })
    }

    /// The claim with this name.
    ///
    /// # Errors
    /// [`ClaimError`]: there is none.
    pub fn parse(name: &str) -> Result<Self, ClaimError> {
        if let Some(years) = name.strip_prefix(AGE_OVER) {
            let limit = years.parse().ok().and_then(AgeLimit::new).ok_or(ClaimError::Age)?;
            // 018 and +18 are other texts for the same
            return if limit.years().to_string() == years {
                Ok(Self::AgeOver(limit))
            } else {
                Err(ClaimError::Age)
            };
        }
        Self::NAMED.into_iter().find(|claim| claim.name() == name).ok_or(ClaimError::Unknown)
    }

    /// The data group that has to be read for it.
    ///
    /// ICAO has no field for parents; the one group whose content a state decides on is DG13. A card whose DG13 nobody knows how
    /// to read gives no such claim.
    #[must_use]
    pub const fn group(self) -> DataGroup {
        match self {
            Self::GivenName
            | Self::FamilyName
            | Self::Birthdate
            | Self::AgeOver(_)
            | Self::Gender
            | Self::Nationalities
            | Self::PersonalNumber
            | Self::DocumentNumber
            | Self::DateOfExpiry => DataGroup::Dg1,
            Self::Photo => DataGroup::Dg2,
            Self::SignatureImage => DataGroup::Dg7,
            Self::GivenNameArabic
            | Self::FamilyNameArabic
            | Self::PlaceOfBirth
            | Self::PlaceOfBirthArabic
            | Self::Address
            | Self::AddressArabic
            | Self::OtherPersonalDetails => DataGroup::Dg11,
            Self::FatherName | Self::FatherNameArabic | Self::MotherName | Self::MotherNameArabic => {
                DataGroup::Dg13
            }
        }
    }

    /// Whether a document that tells such things may say that there is none: a person with one name only, a sex left open.
    #[must_use]
    pub const fn may_be_none(self) -> bool {
        matches!(
            self,
            Self::GivenName
                | Self::FamilyName
                | Self::GivenNameArabic
                | Self::FamilyNameArabic
                | Self::Gender
        )
    }

    /// Whether a group tells it, be it the group that is read for it or another.
    #[must_use]
    pub fn is_in(self, group: DataGroup) -> bool {
        // ICAO Doc 9303-10, section 4.7.11: DG11 repeats number and full date of birth; a state puts into DG13 what it likes
        let repeated = matches!(
            (self, group),
            (Self::PersonalNumber | Self::Birthdate, DataGroup::Dg11)
                | (Self::OtherPersonalDetails, DataGroup::Dg13)
        );
        self.group() == group || repeated
    }
}

const AGE_OVER: &str = "age_over_";

/// A number of years, 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgeLimit(u8);

impl AgeLimit {
    /// Checks the range.
    #[must_use]
    pub const fn new(years: u8) -> Option<Self> {
        if 1 <= years && years <= 99 { Some(Self(years)) } else { None }
    }

    /// The years.
    #[must_use]
    pub const fn years(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl TryFrom<String> for Claim {
    type Error = ClaimError;

    fn try_from(name: String) -> Result<Self, ClaimError> {
        Self::parse(&name)
    }
}

impl From<Claim> for String {
    fn from(claim: Claim) -> Self {
        claim.name().into_owned()
    }
}

/// Why a claim, or a set of them, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Not in the vocabulary.
    #[error("no claim of this vocabulary has this name")]
    Unknown,
    /// Not an age.
    #[error("an age limit is age_over_1 to age_over_99, without leading zeros")]
    Age,
    /// One claim twice in a list, or required and optional at once.
    #[error("a claim stands there twice")]
    Twice,
    /// More than [`MAX_CLAIMS`].
    #[error("there are more than {MAX_CLAIMS} claims")]
    TooMany,
    /// None at all.
    #[error("there is no claim")]
    None,
}

/// What some claims entail: the data groups that are read for them, and everything that these groups tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// The groups that are read.
    pub groups: BTreeSet<DataGroup>,
    /// The claims asked for, and every other that the groups disclose.
    pub claims: BTreeSet<Claim>,
}

impl Closure {
    /// Of these claims.
    #[must_use]
    pub fn of(claims: impl IntoIterator<Item = Claim>) -> Self {
        let mut claims: BTreeSet<Claim> = claims.into_iter().collect();
        let groups: BTreeSet<DataGroup> = claims.iter().map(|claim| claim.group()).collect();
        let told = |claim: &Claim| groups.iter().any(|group| claim.is_in(*group));
        claims.extend(Claim::NAMED.into_iter().filter(told));
        Self { groups, claims }
    }

    /// The claims that one of the groups discloses.
    #[must_use]
    pub fn of_group(group: DataGroup) -> BTreeSet<Claim> {
        Claim::NAMED.into_iter().filter(|claim| claim.is_in(group)).collect()
    }

    /// What of it a statement with these claims does not allow.
    #[must_use]
    pub fn beyond(&self, allowed: &ClaimSet) -> Vec<Claim> {
        self.claims.iter().copied().filter(|claim| !allowed.allows(*claim)).collect()
    }
}

#[cfg(feature = "codegen")]
mod codegen {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::Claim;

    impl JsonSchema for Claim {
        fn schema_name() -> Cow<'static, str> {
            "Claim".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let names: Vec<_> = Claim::NAMED.into_iter().map(Claim::name).collect();
            json_schema!({
                "description": "Something that a portal can ask for.",
                "type": "string",
                "anyOf": [{ "enum": names }, { "pattern": "^age_over_[1-9][0-9]?$" }],
            })
        }
    }
}

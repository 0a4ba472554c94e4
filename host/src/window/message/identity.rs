//! The two questions of an identity request: before reading, and before sending.

use bitaqa_protocol::claim::Claim;
use serde::{Deserialize, Serialize};

/// The question before anything is read.
///
/// While asker, purpose and groups stay the same from one question to the next (a wrong number, a card taken out), the window
/// keeps the switches as the person left them, whatever [`GroupChoice::chosen`] says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentQuestion {
    /// Which question of this window it is; the answer says it.
    pub serial: u32,
    /// What the data are for: the statement's text, in the window's language.
    pub purpose: String,
    /// What may be read, in the order of the groups.
    pub groups: Vec<GroupChoice>,
    /// The answer proves which card it is, so portals that compare notes recognise it.
    pub recognisable: bool,
    /// The PIN is asked for before anything is sent, and the card's certificate goes along, with name and number.
    pub certificate: bool,
    /// What has to be typed to open the card.
    pub entry: CardEntry,
    /// What may be typed in its place; the person changes between the two.
    pub alternative: Option<CardEntry>,
    /// Name of the reader, where there are cards in several.
    pub reader: Option<String>,
}

/// A data group that may be read. It is signed as a whole, so it is sent as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupChoice {
    /// Its number (ICAO Doc 9303-10).
    pub group: u8,
    /// What the portal asks for.
    pub asked: Vec<Claim>,
    /// What it does not ask for and receives nevertheless.
    pub comes_along: Vec<Claim>,
    /// Without it there is no answer: the switch is locked.
    pub required: bool,
    /// Whether the switch is on at first. Required groups always are.
    pub chosen: bool,
}

/// What has to be typed to open the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum CardEntry {
    /// Nothing: the card opens by itself, or with a number that is remembered.
    Nothing {},
    /// The number printed on the card, on the keys of the reader, which asks for it afterwards.
    OnReader {},
    /// The number printed on the card.
    AccessNumber {
        /// Tries left, where the card says so.
        tries_left: Option<u8>,
        /// The last number was wrong.
        was_wrong: bool,
        /// Whether it can be remembered.
        can_remember: bool,
    },
    /// The number printed on the card: the one that is remembered cannot be used for it. This one can be remembered.
    AnotherAccessNumber {
        /// Tries left, where the card says so.
        tries_left: Option<u8>,
    },
    /// Document number, date of birth and date of expiry.
    Mrz {
        /// The last ones were wrong.
        was_wrong: bool,
    },
}

/// What was typed with the consent, and follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entered {
    /// Nothing here.
    Nothing,
    /// The number printed on the card.
    AccessNumber,
    /// Document number and dates.
    Mrz,
}

/// The question before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseQuestion {
    /// Which question of this window it is; the answer says it.
    pub serial: u32,
    /// What was read, in the order in which it is shown.
    pub values: Vec<ShownValue>,
    /// The photo.
    pub photo: PictureShown,
    /// The image of the holder's signature.
    pub signature_image: PictureShown,
    /// Who can vouch for the values.
    pub authenticity: Authenticity,
}

/// A value that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShownValue {
    /// What it is.
    pub claim: Claim,
    /// The value, as in the card.
    pub value: String,
    /// In which script.
    pub script: Script,
}

/// The script of a value, which decides its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Script {
    /// From left to right.
    Latin,
    /// From right to left.
    Arabic,
}

/// Whether a picture is part of what is sent, and can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureShown {
    /// There is none.
    None,
    /// It came before this scene.
    Came,
    /// It is sent, but cannot be shown.
    Unreadable,
}

/// Which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// The photo of the holder.
    Photo,
    /// The image of the holder's signature.
    SignatureImage,
}

/// Who can vouch for the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authenticity {
    /// The card's issuer signed them; the portal verifies that.
    IssuerSigned,
    /// Nobody: the card gives them without any proof of where they come from.
    Unauthenticated,
}

//! What host and window child say to each other, over the child's standard input and output.
//!
//! Host → child: one [`Scene`] per line, as JSON; each replaces what is shown. Pictures of a scene come before it, each as
//! [`PICTURE_MARK`], which no line begins with, and what [`picture`](super::picture) says. Child → host: frames of one kind byte,
//! a length (two bytes, big endian) and that many bytes: kind [`FRAME_EVENT`] carries a [`WindowEvent`] as JSON, kind
//! [`FRAME_PIN`] the PIN as ASCII, kind [`FRAME_ACCESS_NUMBER`] the serial number of the question (four bytes, big endian)
//! and the number printed on the card as ASCII, and kind [`FRAME_MRZ`] the serial number and what of the machine readable zone
//! opens a card ([`MrzEntry`](super::MrzEntry)); the last three are read by the host straight into locked memory. The end of
//! either stream ends both.

mod documents;
mod identity;

use bitaqa_protocol::{ErrorCode, Language, identity::answer::Through};
use serde::{Deserialize, Serialize};

use crate::remembered::Label;

pub use documents::{CertificatesQuestion, DigestShown, DocumentShown, DocumentsShown, HowSeen};
pub use identity::{
    Authenticity, CardEntry, ConsentQuestion, Entered, GroupChoice, PictureKind, PictureShown,
    ReleaseQuestion, Script, ShownValue,
};

/// Frame kind: a [`WindowEvent`].
pub const FRAME_EVENT: u8 = b'E';
/// Frame kind: the PIN.
pub const FRAME_PIN: u8 = b'P';
/// Frame kind: the number printed on the card.
pub const FRAME_ACCESS_NUMBER: u8 = b'N';
/// Frame kind: document number and dates of the machine readable zone.
pub const FRAME_MRZ: u8 = b'M';
/// First byte of a picture on its way to the child.
pub const PICTURE_MARK: u8 = b'I';
/// Digits of a printed card access number (ICAO Doc 9303-11, section 4.4.1).
pub const ACCESS_NUMBER_DIGITS: u8 = 6;
/// Longest event frame, in bytes.
pub const MAX_MESSAGE: usize = 16 * 1024;
/// Longest scene line, in bytes: five hundred documents with long names.
pub const MAX_SCENE: usize = 2 * 1024 * 1024;
/// Longest PIN, in bytes.
pub const MAX_PIN: usize = 64;

/// Everything the window shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scene {
    /// Language of every text; may change from scene to scene, with the person's next request.
    pub language: Language,
    /// Who asks.
    pub asker: Asker,
    /// What the window asks or says.
    pub step: Step,
}

/// Who asks. Origins are in ASCII, as the browser gave them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Asker {
    /// Whoever has this origin: nothing about it is verified.
    Origin(String),
    /// The same, for signatures.
    Signing(String),
    /// A portal with a statement that was verified.
    Portal {
        /// Its legal name, in the window's language.
        name: String,
        /// The origin that its statement, or the platform's, names and the browser confirms.
        origin: String,
        /// The platform that asks on its behalf, where one does, and which of the two can read the answer.
        through: Option<Through>,
        /// The statement is believed through a trust pack marked `test`.
        test: bool,
    },
    /// The holder of the card, on the page "My card" of the browser's own extension.
    OwnPage {},
    /// The holder of the card, who signs a file of their own on a page of the browser's own extension.
    OwnSigning {},
}

impl Asker {
    /// The origin; the extension's own pages have none that says anything to a person.
    #[must_use]
    pub fn origin(&self) -> &str {
        match self {
            Self::Origin(origin) | Self::Signing(origin) | Self::Portal { origin, .. } => origin,
            Self::OwnPage {} | Self::OwnSigning {} => "",
        }
    }
}

/// What the window asks or says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Step {
    /// Something is missing; the person puts it right or cancels.
    Waiting {
        /// What is waited for.
        missing: Missing,
    },
    /// The card is being read.
    Reading {},
    /// The question: the number printed on the card, which opens it.
    AccessNumber {
        /// What is asked.
        question: AccessNumberQuestion,
    },
    /// The question: the number printed on the card, on the keys of the reader, which already waits and opens the card.
    AccessNumberOnReader {
        /// What is asked.
        question: AccessNumberQuestion,
    },
    /// The question: PIN in this window.
    Pin {
        /// What is asked.
        question: Question,
    },
    /// The question: PIN on the reader's key pad, which already waits.
    PinPad {
        /// What is asked.
        question: Question,
    },
    /// The question before anything is read: who gets what, for what purpose.
    Consent {
        /// What is asked.
        question: ConsentQuestion,
    },
    /// The question before certificates for documents are sent.
    Certificates {
        /// What is asked.
        question: CertificatesQuestion,
    },
    /// The question before anything is sent: the values that were read.
    Release {
        /// What is asked.
        question: ReleaseQuestion,
    },
    /// PIN and signature are with the card.
    Signing {},
    /// The answer is on its way to the portal.
    Sending {},
    /// The answer is with the portal, whose server makes sure that the chip is no copy.
    Proving {},
    /// Sent; the window says so and closes by itself.
    Sent {},
    /// Done; the window says so and closes by itself.
    Done {},
    /// Ended without success; stays until closed by the person or the host.
    Failed {
        /// Why.
        code: ErrorCode,
    },
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// The smart card service.
    Service,
    /// Any reader.
    Reader,
    /// Any card.
    Card,
    /// A card that we know how to use: the one there is not.
    KnownCard,
    /// A card that we know how to sign documents with: the one there is not.
    SigningCard,
    /// A card that opens with a printed number: the one there opens with its machine readable zone alone.
    NumberedCard,
    /// A card that answers: the one there is mute.
    AnsweringCard,
    /// The reader, which another program holds.
    FreeReader,
    /// The card of the question, which was taken out.
    SameCard,
}

/// A question for the number printed on the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessNumberQuestion {
    /// Which question of this window it is. The answer says it: one that was under way when another question took its place is no
    /// answer to that.
    pub serial: u32,
    /// Name of the reader, where there are cards in several.
    pub reader: Option<String>,
    /// Tries left, where the card says so.
    pub tries_left: Option<u8>,
    /// The last number was wrong.
    pub was_wrong: bool,
}

/// A question for a PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// Name of the holder, from the certificate, for the person to recognise the card.
    pub holder: String,
    /// Which PIN.
    pub pin: PinKind,
    /// The card's own name for it ("PIN1"), where it has one.
    pub pin_label: Option<String>,
    /// Fewest characters.
    pub min_length: u8,
    /// Most characters.
    pub max_length: u8,
    /// What the card takes.
    pub alphabet: Alphabet,
    /// What the site will receive.
    pub discloses: Vec<Disclosed>,
    /// Tries left, where the card says so.
    pub tries_left: Option<u8>,
    /// The last PIN was wrong.
    pub was_wrong: bool,
    /// What is signed, where it is documents.
    pub documents: Option<DocumentsShown>,
}

/// Which PIN is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinKind {
    /// For signing in.
    Authentication,
    /// For signing documents.
    Signature,
}

/// Characters of a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alphabet {
    /// ASCII digits.
    Digits,
    /// Printable ASCII.
    Ascii,
    /// Letters and digits of a document number, and what stands between them; no PIN has these.
    Document,
}

/// A part of the certificate that the site will receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Disclosed {
    /// Which.
    pub field: DisclosedField,
    /// Its value, as in the certificate.
    pub value: String,
}

/// Fields of a certificate that a person cares about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisclosedField {
    /// Name, as one line.
    Name,
    /// Serial number of the subject: the personal number on most cards.
    PersonalNumber,
    /// Country.
    Country,
    /// Organisation.
    Organisation,
    /// Electronic mail address.
    Email,
    /// Who issued the certificate.
    Issuer,
}

/// Window child → host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum WindowEvent {
    /// The window is on the screen.
    Shown {},
    /// The person cancelled or closed the window, or does not send what was read.
    Cancelled {},
    /// The person agreed to reading. What was typed to open the card follows in a frame of its own, as `entered` says.
    Consented {
        /// Which question is answered.
        serial: u32,
        /// The data groups to be read, in ascending order: the required ones and those chosen.
        groups: Vec<u8>,
        /// What follows.
        entered: Entered,
        /// The number that follows is to be remembered under this label, or under the day's where it is blank.
        remember: Option<Label>,
    },
    /// The person agreed to sending.
    Released {
        /// Which question is answered.
        serial: u32,
    },
    /// No window can be shown.
    Unavailable {},
}

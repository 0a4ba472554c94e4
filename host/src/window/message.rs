//! What host and window child say to each other, over the child's standard input and output.
//!
//! Host → child: one [`Scene`] per line, as JSON; each replaces what is shown. Child → host: frames of one kind byte, a
//! length (two bytes, big endian) and that many bytes: kind [`FRAME_EVENT`] carries a [`WindowEvent`] as JSON, kind
//! [`FRAME_PIN`] the PIN as ASCII, and kind [`FRAME_ACCESS_NUMBER`] the serial number of the question (four bytes, big endian)
//! and the number printed on the card as ASCII; both are read by the host straight into locked memory. The end of either stream
//! ends both.

use bitaqa_protocol::{ErrorCode, Language};
use serde::{Deserialize, Serialize};

/// Frame kind: a [`WindowEvent`].
pub const FRAME_EVENT: u8 = b'E';
/// Frame kind: the PIN.
pub const FRAME_PIN: u8 = b'P';
/// Frame kind: the number printed on the card.
pub const FRAME_ACCESS_NUMBER: u8 = b'N';
/// Digits of a printed card access number (ICAO Doc 9303-11, section 4.4.1).
pub const ACCESS_NUMBER_DIGITS: u8 = 6;
/// Longest scene line and longest event frame, in bytes.
pub const MAX_MESSAGE: usize = 16 * 1024;
/// Longest PIN, in bytes.
pub const MAX_PIN: usize = 64;

/// Everything the window shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scene {
    /// Language of every text; may change from scene to scene, with the person's next request.
    pub language: Language,
    /// Who asks, in ASCII, as the browser gave it. Nothing about it is verified (statements come later).
    pub origin: String,
    /// What the window asks or says.
    pub step: Step,
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
    /// PIN and signature are with the card.
    Signing {},
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
}

/// Which PIN is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinKind {
    /// For signing in.
    Authentication,
}

/// Characters of a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alphabet {
    /// ASCII digits.
    Digits,
    /// Printable ASCII.
    Ascii,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum WindowEvent {
    /// The window is on the screen.
    Shown {},
    /// The person cancelled or closed the window.
    Cancelled {},
    /// No window can be shown.
    Unavailable {},
}

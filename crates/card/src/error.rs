//! What can go wrong with a card, by who is to blame.

use crate::{
    apdu::StatusWord, chip_session::AccessControl, lds::mrz::MrzError,
    secure_messaging::SecureMessagingFault, symmetric::SymmetricError, tlv::TlvError,
    transport::TransportError,
};

/// An operation on a card failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// The reader or the connection to it.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The card answered against its standard.
    #[error("the card misbehaved: {0}")]
    Misbehaved(#[from] Misbehaviour),
    /// The card refused a command that its profile or its own description promised.
    #[error("the card refused {command} with {status}")]
    Refused {
        /// Name of the command in ISO/IEC 7816-4.
        command: &'static str,
        /// What it said.
        status: StatusWord,
    },
    /// The card is sound, but needs something that we do not do.
    #[error("the card needs what is not supported: {0}")]
    Unsupported(&'static str),
    /// No profile fits and the card describes itself in no way we know.
    #[error("the card is of no known kind")]
    Unknown,
    /// What the card is used for is behind PACE on this interface: [`Card::open`](crate::Card::open) opens it, with what is
    /// printed on the card. No try was spent.
    #[error("the card has to be opened with its card access number, or with document number and dates")]
    Closed(AccessControl),
    /// A travel document, and nothing in it that signs.
    #[error("the card is a travel document, without keys to sign in or to sign with")]
    DocumentOnly,
    /// A PIN on the reader's keys where the PIN goes through secure messaging: nothing was sent, since the reader does not have
    /// the keys.
    #[error(
        "the PIN cannot be typed on the reader's keys: the connection to this card is encrypted from here on"
    )]
    PinPadInSession,
    /// The card guards a file with rights that this session does not have, as it does with fingerprints.
    #[error("reading {file} needs rights that this session does not have ({status})")]
    Forbidden {
        /// Name of the file in its standard.
        file: &'static str,
        /// What the card said.
        status: StatusWord,
    },
    /// The card has no such file.
    #[error("the card has no {file}")]
    NoFile {
        /// Name of the file in its standard.
        file: &'static str,
    },
    /// The card has no such credential.
    #[error("the card has no such key or certificate")]
    NoCredential,
    /// The protected session failed earlier: nothing more is sent on this channel.
    #[error("the protected session with the card has ended")]
    SessionEnded,
    /// A key or data of the wrong length was given to a cipher: our own mistake.
    #[error(transparent)]
    Symmetric(#[from] SymmetricError),
}

/// How a card misbehaved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misbehaviour {
    /// An answer of fewer than two bytes.
    #[error("an answer without status word")]
    NoStatusWord,
    /// More data than was asked for, or than any answer may have.
    #[error("an answer of {bytes} bytes")]
    TooMuchData {
        /// Bytes received.
        bytes: usize,
    },
    /// 61xx or 6Cxx without end.
    #[error("it asks again and again for the same command")]
    EndlessAnswer,
    /// A file is shorter than it says, or empty.
    #[error("a file ended after {read} of {promised} bytes")]
    ShortFile {
        /// Bytes read.
        read: usize,
        /// Bytes promised.
        promised: usize,
    },
    /// A file is larger than any file of its kind.
    #[error("a file of {bytes} bytes where at most {limit} are accepted")]
    LargeFile {
        /// Bytes promised.
        bytes: usize,
        /// Most bytes accepted.
        limit: usize,
    },
    /// BER-TLV that is none.
    #[error("{what}: {error}")]
    Tlv {
        /// Which file or answer.
        what: &'static str,
        /// The parser's finding.
        error: TlvError,
    },
    /// A required element is missing or has a value it cannot have.
    #[error("{what} lacks {element}, or its value makes no sense")]
    Element {
        /// Which file or answer.
        what: &'static str,
        /// Name in the standard.
        element: &'static str,
    },
    /// Text that is not UTF-8.
    #[error("{what}: {element} is not UTF-8")]
    NotUtf8 {
        /// Which file.
        what: &'static str,
        /// Name in the standard.
        element: &'static str,
    },
    /// A machine readable zone that is none.
    #[error("DG1: {0}")]
    Mrz(#[from] MrzError),
    /// An answer that secure messaging does not believe: the session has ended.
    #[error(transparent)]
    SecureMessaging(#[from] SecureMessagingFault),
    /// An answer that does not prove that the card knows the key it should.
    #[error("its answer to {command} does not prove what it should")]
    Proof {
        /// Name of the command in ISO/IEC 7816-4.
        command: &'static str,
    },
    /// A public key that is not in its group, or our own sent back.
    #[error("its answer to {command} is no public key of its own")]
    PublicKey {
        /// Name of the command in ISO/IEC 7816-4.
        command: &'static str,
    },
    /// EF.CardAccess, which nobody signed, offers what the signed file does not: somebody may have weakened the connection.
    #[error("EF.CardAccess says what {signed} does not")]
    CardAccess {
        /// Name of the signed file.
        signed: &'static str,
    },
    /// A signature of the wrong length.
    #[error("a signature of {bytes} bytes where {expected} were expected")]
    SignatureLength {
        /// Bytes received.
        bytes: usize,
        /// Bytes expected.
        expected: usize,
    },
}

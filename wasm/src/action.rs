//! What to do, for the background script to carry out in order.

use bitaqa_protocol::{
    AuthToken, ErrorReport, Language, RequestId,
    host::ToHost,
    identity::ChipAnswer,
    my_card::MyCard,
    page::{Stage, Status},
};
use serde::Serialize;

use crate::diagnostics::Entry;

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Action {
    /// Tell a document.
    Reply {
        /// Which one.
        document: String,
        /// Its request.
        id: RequestId,
        /// What.
        reply: Reply,
    },
    /// Show the holder what is on the own card. No reply to a document: what web pages hear has no such thing.
    MyCard {
        /// Which page asked.
        document: String,
        /// Its request.
        id: RequestId,
        /// What.
        card: Box<MyCard>,
    },
    /// Open the native port.
    OpenHost,
    /// Send a frame over it.
    SendHost {
        /// What.
        frame: ToHost,
    },
    /// Close it.
    CloseHost,
    /// Start a timer, in place of one of the same name.
    SetTimer {
        /// Its name.
        name: String,
        /// How long.
        milliseconds: u32,
    },
    /// Stop a timer.
    ClearTimer {
        /// Its name.
        name: String,
    },
    /// The recent requests, oldest first.
    Diagnostics {
        /// Them.
        entries: Vec<Entry>,
    },
}

/// A [`PageReply`](bitaqa_protocol::page::PageReply) whose failures the script still has to put into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Reply {
    /// The request goes on.
    Progress {
        /// How far it is.
        stage: Stage,
    },
    /// Everything is there.
    Status {
        /// Versions.
        status: Status,
    },
    /// A token that verified.
    AuthToken {
        /// It.
        token: AuthToken,
    },
    /// An answer that only the portal's server can read.
    IdentityAnswer {
        /// It: a JWE in compact form.
        answer: String,
        /// The chip has yet to prove itself: the request goes on.
        #[serde(rename = "chipAuthentication", skip_serializing_if = "std::ops::Not::not")]
        chip_authentication: bool,
    },
    /// What the chip answered to the portal's server.
    ChipAnswer {
        /// It.
        answer: ChipAnswer,
    },
    /// It did not work.
    Failure {
        /// What went wrong.
        error: ErrorReport,
        /// In which language to say it.
        language: Language,
    },
}

//! What happened, as the background script tells it.

use bitaqa_protocol::{ErrorCode, RequestId};
use serde::{Deserialize, Serialize};

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// A content script sent a message.
    Content {
        /// The script's name for the document.
        document: String,
        /// Origin of the document, by the browser's word.
        origin: String,
        /// JSON of a [`ContentMessage`](bitaqa_protocol::page::ContentMessage).
        message: String,
    },
    /// The holder wants to see the own card, on the extension's page "My card". Only that page raises it, in a core of its own: the
    /// background, which hears what web pages say, never does, and nothing in a [`Content`](Self::Content) message can.
    ReadMyCard {
        /// The page's name for itself.
        document: String,
        /// The page's name for the request.
        id: RequestId,
    },
    /// The document is gone, or its request has ended.
    DocumentGone {
        /// Which one.
        document: String,
    },
    /// The host sent a frame.
    HostFrame {
        /// JSON of a [`FromHost`](bitaqa_protocol::host::FromHost).
        frame: String,
    },
    /// The native port closed, or could not be opened.
    HostGone {
        /// Why.
        cause: HostGoneCause,
        /// The browser's text, for the developer.
        reason: String,
    },
    /// A timer ran out.
    Timer {
        /// Which one.
        name: String,
    },
    /// Somebody wants to see the recent requests.
    Diagnostics {},
}

/// Why the native port closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostGoneCause {
    /// There is no such host.
    Missing,
    /// The host does not accept this extension.
    Forbidden,
    /// The host ended.
    Ended,
    /// The extension may not open native ports.
    Permission,
}

impl HostGoneCause {
    /// What a page hears.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Missing => ErrorCode::HostMissing,
            Self::Forbidden => ErrorCode::HostForbidden,
            Self::Ended => ErrorCode::HostCrashed,
            Self::Permission => ErrorCode::PermissionMissing,
        }
    }
}

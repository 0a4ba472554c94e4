//! The closed catalogue of what can go wrong.
//!
//! A code is stable: portals and scripts may compare it. What a person reads (what happened, then what to do) stands
//! under `error-CODE` and `error-CODE.remedy` in `locales/LANGUAGE/errors.ftl`, in every language. No code is ever found by
//! comparing text.
//!
//! Codes about documents are there with the feature `documents`, as the messages that can fail with them are.

use serde::{Deserialize, Serialize};

/// Longest developer's detail, in bytes.
pub const MAX_DETAIL: usize = 300;

/// Whose fault it is; says who has to do something next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The person decided so, or has to do something with card or PIN.
    Person,
    /// The page's code asked wrongly.
    Page,
    /// Something has to be installed, allowed, started or updated on this computer.
    SetUp,
    /// The card or the reader.
    Card,
    /// A service on the network.
    Network,
    /// Our own fault.
    Us,
}

macro_rules! catalogue {
    ($( $(#[doc = $doc:literal])+ $(#[cfg($spoken:meta)])? $variant:ident = $code:literal, $blame:ident; )+) => {
        /// What went wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum ErrorCode {
            $( $(#[doc = $doc])+ $(#[cfg($spoken)])? #[serde(rename = $code)] $variant, )+
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$( $(#[cfg($spoken)])? Self::$variant, )+];

            /// The stable text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( $(#[cfg($spoken)])? Self::$variant => $code, )+ }
            }

            /// Whose fault it is.
            #[must_use]
            pub const fn blame(self) -> Blame {
                match self { $( $(#[cfg($spoken)])? Self::$variant => Blame::$blame, )+ }
            }
        }
    };
}

catalogue! {
    /// The person closed the window, pressed Cancel or cancelled on the reader's key pad.
    UserCancelled = "user-cancelled", Person;
    /// Nobody answered the window or the reader's key pad in time.
    UserTimeout = "user-timeout", Person;
    /// The PIN was wrong; `triesLeft` says how many are left. Seen by a page only where the window ended on it.
    PinWrong = "pin-wrong", Person;
    /// The PIN is blocked: no tries left.
    PinBlocked = "pin-blocked", Person;
    /// The PIN still is the transport PIN, or was never set.
    PinNotActivated = "pin-not-activated", Person;
    /// One try is left for the PIN, which the card gives only after the number printed on it was shown in the same session.
    PinSuspended = "pin-suspended", Person;
    /// The card access number was wrong. Seen by a page only where the person gave up after it.
    CanWrong = "can-wrong", Person;
    /// The card takes no card access number any more: no tries left, or out of use.
    CanBlocked = "can-blocked", Person;
    /// What was typed of the machine readable zone was wrong: document number, date of birth or date of expiry.
    MrzWrong = "mrz-wrong", Person;

    /// The call was not made from a click or key press.
    GestureMissing = "gesture-missing", Page;
    /// The request is not one of ours, or a field is missing, unknown or malformed.
    RequestInvalid = "request-invalid", Page;
    /// The request is longer than any request.
    RequestTooLarge = "request-too-large", Page;
    /// The challenge is not base64 of 32 to 96 bytes.
    ChallengeInvalid = "challenge-invalid", Page;
    /// The request id was used before in this document.
    RequestIdReused = "request-id-reused", Page;
    /// The document already has a request under way.
    RequestPending = "request-pending", Page;
    /// The page's origin may not ask: not https and not this computer, or not the top document.
    OriginNotAllowed = "origin-not-allowed", Page;
    /// Nobody vouches for the portal: no statement, or none that is valid for this origin now.
    PortalUnknown = "portal-unknown", Page;
    /// The portal's statement has no such purpose.
    PurposeUnknown = "purpose-unknown", Page;
    /// What is asked for, or what comes along with it, is more than the portal's statement allows.
    ClaimsExceedStatement = "claims-exceed-statement", Page;
    /// Bytes to be signed that are not what their format says, or bind another certificate, so nobody can say what would be signed.
    #[cfg(feature = "documents")]
    DocumentNotReadable = "document-not-readable", Page;
    /// The page cancelled the request (its `AbortSignal`).
    RequestAborted = "request-aborted", Page;

    /// No answer from the extension: not installed, not allowed on this site, or the page is in a frame.
    ExtensionNotReachable = "extension-not-reachable", SetUp;
    /// The extension speaks only protocol versions that host or page left behind.
    ExtensionTooOld = "extension-too-old", SetUp;
    /// The extension lost a permission it needs.
    PermissionMissing = "permission-missing", SetUp;
    /// The native host is not installed for this browser.
    HostMissing = "host-missing", SetUp;
    /// The native host is installed but does not accept this extension.
    HostForbidden = "host-forbidden", SetUp;
    /// The native host speaks only protocol versions that the extension left behind.
    HostTooOld = "host-too-old", SetUp;
    /// The smart card service (PC/SC) does not run.
    ServiceStopped = "service-stopped", SetUp;
    /// No window can be shown: no display, or the display refused.
    WindowUnavailable = "window-unavailable", SetUp;
    /// The address of validation data is not used: it stands neither in what was sent along nor in the administrator's
    /// configuration, or it leads into a network that the configuration does not name.
    #[cfg(feature = "documents")]
    AddressNotAllowed = "address-not-allowed", SetUp;
    /// The administrator's configuration for validation data cannot be used: somebody else could have written it, or it cannot be
    /// read.
    #[cfg(feature = "documents")]
    ValidationConfigurationUnusable = "validation-configuration-unusable", SetUp;

    /// No card reader is connected.
    NoReader = "no-reader", Card;
    /// No reader has a card in it.
    NoCard = "no-card", Card;
    /// Another program holds the reader or the card.
    ReaderBusy = "reader-busy", Card;
    /// The reader reported a fault of its own.
    ReaderFault = "reader-fault", Card;
    /// The card gives no answer to reset: in the wrong way round, or dirty.
    CardMute = "card-mute", Card;
    /// There is a card, but not one that we know how to use.
    CardUnknown = "card-unknown", Card;
    /// The card takes no card access number: it opens with its machine readable zone, which is not asked for here.
    MrzNeeded = "mrz-needed", Card;
    /// The card was taken out during the operation.
    CardRemoved = "card-removed", Card;
    /// The card, or its certificate, is not the one that the person was asked about.
    CardChanged = "card-changed", Card;
    /// The card answered against its own standard.
    CardMisbehaved = "card-misbehaved", Card;
    /// The card does not have what the portal has to know.
    ClaimsUnavailable = "claims-unavailable", Card;
    /// The portal's server could not make sure that the chip is no copy: it gave nothing to prove, or the chip did not prove it.
    ChipProofMissing = "chip-proof-missing", Card;
    /// The card has no certificate for signing in.
    CertificateMissing = "certificate-missing", Card;
    /// The card has no key for signing documents, or not the one of the certificate that was named.
    #[cfg(feature = "documents")]
    SigningCertificateMissing = "signing-certificate-missing", Card;
    /// The card's key for signing documents is not used, for a reason that the detail names.
    #[cfg(feature = "documents")]
    SigningCertificateUnsuitable = "signing-certificate-unsuitable", Card;
    /// The card's certificate for signing in has expired, or is not valid yet.
    CertificateExpired = "certificate-expired", Card;

    /// Validation data could not be had: no service is configured, or none gave what it was asked for. The detail says which fault.
    #[cfg(feature = "documents")]
    ValidationDataUnavailable = "validation-data-unavailable", Network;

    /// The native host ended in the middle of a request.
    HostCrashed = "host-crashed", Us;
    /// The native host sent something that no version of it should send.
    HostMisbehaved = "host-misbehaved", Us;
    /// The token that came from the card does not verify; it was not given out.
    TokenInvalid = "token-invalid", Us;
    /// The answer that came from the host is not one to the request; it was not given out.
    AnswerInvalid = "answer-invalid", Us;
    /// A fault in our code.
    InternalError = "internal-error", Us;
}

/// One thing that went wrong, as it travels between the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorReport {
    /// What.
    pub code: ErrorCode,
    /// PIN tries left, where the code is about a PIN and the card said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub tries_left: Option<u8>,
    /// For the developer, in English; never personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub detail: Option<String>,
}

impl ErrorReport {
    /// A report of a code alone.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, tries_left: None, detail: None }
    }

    /// Adds what helps a developer; cut at [`MAX_DETAIL`] bytes, control characters become spaces.
    #[must_use]
    pub fn with_detail(mut self, detail: &str) -> Self {
        let mut end = detail.len().min(MAX_DETAIL);
        while !detail.is_char_boundary(end) {
            end -= 1;
        }
        let kept = detail.get(..end).unwrap_or_default();
        self.detail = Some(kept.chars().map(|c| if c.is_control() { ' ' } else { c }).collect());
        self
    }

    /// Adds the tries left.
    #[must_use]
    pub const fn with_tries_left(mut self, tries: u8) -> Self {
        self.tries_left = Some(tries);
        self
    }
}

impl From<ErrorCode> for ErrorReport {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_written_as_its_text_and_is_there_once() {
        let mut seen = HashSet::new();
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
            assert!(seen.insert(code.as_str()));
        }
    }

    #[test]
    fn a_detail_is_bounded_and_keeps_whole_characters() {
        let report = ErrorReport::new(ErrorCode::RequestInvalid).with_detail(&"é\n".repeat(200));
        let detail = report.detail.unwrap();
        assert!(detail.len() <= MAX_DETAIL);
        assert!(!detail.contains('\n'));
    }
}

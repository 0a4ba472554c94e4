//! Page ↔ content script ↔ extension core.
//!
//! The page posts one envelope to its own window with a `MessagePort`; everything after it goes over that port, so no
//! other script can answer in the extension's place. The request travels as JSON **text**: its size is known before
//! anything is parsed, and the core's strict parser is the only one that reads it.

use serde::{Deserialize, Serialize};

use crate::{
    AuthToken, Challenge, ErrorCode, ErrorReport, Language, RequestId,
    identity::{ChipAnswer, IdentityRequest},
};

/// Longest request text from a page, in UTF-16 code units (as a content script can measure it) and in bytes.
pub const MAX_REQUEST_LENGTH: usize = 32 * 1024;

/// The property of the posted envelope that makes it ours, and its value.
pub const ENVELOPE_MARK: (&str, u32) = ("bitaqa", 1);

/// What a page can ask. Unknown fields are refused, so that a newer page learns that it is too new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum PageRequest {
    /// Is everything there? Answered with [`PageReply::Status`].
    Status {},
    /// Sign in: a token over this page's origin and the portal's challenge.
    Authenticate {
        /// The challenge from the portal's server.
        challenge: Challenge,
        /// Language of window and messages; the browser's own if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        language: Option<Language>,
    },
    /// Ask who the person is: answered with [`PageReply::IdentityAnswer`].
    Identify {
        /// What is asked.
        request: IdentityRequest,
        /// Language of window and messages; the browser's own if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        language: Option<Language>,
    },
}

impl PageRequest {
    /// Parses the text that a page sent.
    ///
    /// # Errors
    /// [`ErrorReport`] ready for the page: `request-too-large`, `challenge-invalid` or `request-invalid`.
    pub fn parse(text: &str) -> Result<Self, ErrorReport> {
        if text.len() > MAX_REQUEST_LENGTH {
            let detail =
                format!("a request has at most {MAX_REQUEST_LENGTH} bytes; this one has {}", text.len());
            return Err(ErrorReport::new(ErrorCode::RequestTooLarge).with_detail(&detail));
        }
        serde_json::from_str(text).map_err(|error| {
            // the challenge is the one field a portal makes itself: its faults have a code of their own
            let code = match serde_json::from_str::<OnlyChallenge>(text) {
                Ok(OnlyChallenge { challenge: Some(challenge) }) if Challenge::parse(&challenge).is_err() => {
                    ErrorCode::ChallengeInvalid
                }
                _ => ErrorCode::RequestInvalid,
            };
            ErrorReport::new(code).with_detail(&error.to_string())
        })
    }
}

#[derive(Deserialize)]
struct OnlyChallenge {
    challenge: Option<String>,
}

/// What comes back to the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PageReply {
    /// A visit is open (or was open): the content script is there and will take a request.
    Ready {},
    /// The request goes on.
    Progress {
        /// How far it is.
        stage: Stage,
    },
    /// Answer to [`PageRequest::Status`].
    Status {
        /// Versions of the two installed parts.
        status: Status,
    },
    /// Answer to [`PageRequest::Authenticate`]: a token that the extension has already verified against origin and
    /// challenge. The portal's server verifies it again, with trust anchors of its own.
    AuthToken {
        /// The token, to be sent to the portal's server as it is.
        token: AuthToken,
    },
    /// Answer to [`PageRequest::Identify`]: encrypted to the key of the portal's statement, so that page and extension see
    /// nothing of it.
    IdentityAnswer {
        /// The answer, to be sent to the portal's server as it is: a JWE in compact form.
        answer: String,
        /// The chip has yet to prove itself by the key of the portal's server: the exchange goes on, and for thirty seconds the
        /// page may send what its server made of the answer (a [`ChipChallenge`](crate::identity::ChipChallenge)).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "codegen", ts(optional, as = "Option<bool>"))]
        chip_authentication: bool,
    },
    /// Answer to the second call.
    ChipAnswer {
        /// What the chip answered, to be sent to the portal's server as it is.
        answer: ChipAnswer,
    },
    /// It did not work.
    Failure {
        /// What went wrong, whose fault it is and what to do.
        error: FailureReport,
    },
}

/// [`ErrorReport`] with the sentences for the person, as a page gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FailureReport {
    /// The report.
    #[serde(flatten)]
    pub report: ErrorReport,
    /// What happened, for the person, in the language of the request.
    pub message: String,
    /// What to do next, for the person, in the language of the request.
    pub remedy: String,
}

/// How far a request is. Says nothing about card or person that the gesture does not entitle the page to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Another request of this computer is before this one.
    Queued,
    /// Waiting for reader or card.
    WaitingForCard,
    /// The card is being read.
    Reading,
    /// The native window asks the person.
    WaitingForPerson,
    /// The card is at work.
    Signing,
    /// The person agreed to the values; the answer is encrypted and sent.
    Sending,
}

/// Answer to `status()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Version of the extension.
    pub extension: String,
    /// Version of the native host.
    pub host: String,
}

/// What the content script hands to the background for a document that has an open visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ContentMessage {
    /// The page's request text, not yet looked at.
    Request {
        /// The page's name for it.
        id: RequestId,
        /// JSON of a [`PageRequest`].
        request: String,
    },
    /// The second call of an identity request.
    ChipChallenge {
        /// Which one.
        id: RequestId,
        /// The text of the portal's server, not yet looked at.
        challenge: String,
    },
    /// The page gave the request up.
    Cancel {
        /// Which one.
        id: RequestId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode_base64;

    fn code(text: &str) -> ErrorCode {
        PageRequest::parse(text).unwrap_err().code
    }

    #[test]
    fn a_sign_in_request_is_read() {
        let challenge = encode_base64(&[3; 32]);
        let text = format!(r#"{{"type":"authenticate","challenge":"{challenge}","language":"ar"}}"#);
        let request = PageRequest::parse(&text).unwrap();
        assert_eq!(
            request,
            PageRequest::Authenticate {
                challenge: Challenge::parse(&challenge).unwrap(),
                language: Some(Language::Ar)
            }
        );
        assert_eq!(serde_json::to_string(&request).unwrap(), text);
        assert_eq!(PageRequest::parse(r#"{"type":"status"}"#).unwrap(), PageRequest::Status {});
    }

    #[test]
    fn a_wrong_request_gets_the_code_of_its_fault() {
        let challenge = encode_base64(&[3; 32]);
        for (text, expected) in [
            (String::new(), ErrorCode::RequestInvalid),
            ("null".into(), ErrorCode::RequestInvalid),
            (r#"{"type":"authenticate"}"#.into(), ErrorCode::RequestInvalid),
            (r#"{"type":"sign","challenge":"x"}"#.into(), ErrorCode::ChallengeInvalid),
            (r#"{"type":"authenticate","challenge":"c2hvcnQ="}"#.into(), ErrorCode::ChallengeInvalid),
            (r#"{"type":"authenticate","challenge":7}"#.into(), ErrorCode::RequestInvalid),
            (
                format!(r#"{{"type":"authenticate","challenge":"{challenge}","origin":"https://x"}}"#),
                ErrorCode::RequestInvalid,
            ),
            (
                format!(r#"{{"type":"authenticate","challenge":"{challenge}","challenge":"{challenge}"}}"#),
                ErrorCode::RequestInvalid,
            ),
            (
                format!(r#"{{"type":"authenticate","challenge":"{challenge}","language":"xx"}}"#),
                ErrorCode::RequestInvalid,
            ),
            (format!(r#"{{"type":"status","x":"{}"}}"#, "x".repeat(33_000)), ErrorCode::RequestTooLarge),
        ] {
            assert_eq!(code(&text), expected, "{text}");
        }
    }
}

//! Extension core ↔ native messaging host.
//!
//! Every frame is one JSON object (Chrome and Firefox native messaging: 4-byte length in native byte order, UTF-8). The
//! extension speaks first with [`ToHost::Hello`]; the host answers with [`FromHost::Hello`] and the version both use.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    AuthToken, Challenge, ErrorCode, ErrorReport, Language, Origin, RequestId,
    identity::{ChipAnswer, ChipChallenge, IdentityRequest},
    my_card::MyCard,
    page::Stage,
    version::ProtocolVersion,
};
#[cfg(feature = "documents")]
use crate::{
    auth_token::TokenAlgorithm,
    identity::answer::Bytes,
    signing::{DigestToSign, DocumentToSign, SigningCertificate, batch},
    validation_data::{
        AuthorityName, DataOrigin, DocumentTrust, FailedAuthority, Freshness, LongBytes, SourceName,
        WantedData,
    },
};

/// Name of the host in its native messaging manifest.
pub const HOST_NAME: &str = "org.bitaqa.host";

/// Ids of our extension in browsers of the Chromium family, fixed by the key in its manifest.
pub const CHROMIUM_EXTENSION_IDS: &[&str] = &["ggiclgpohgadgcmalifpiamifgmpgdog"];

/// Id of our add-on in Firefox.
pub const FIREFOX_ADD_ON_ID: &str = "bitaqa@bitaqa.org";

/// Longest frame from the extension, in bytes: five hundred documents with their names and bytes to be signed, or a list that an
/// address stands in. Browsers allow more (Chromium 64 MiB, Firefox 4 GiB).
pub const MAX_TO_HOST: usize = 4 * 1024 * 1024;

/// Longest frame from the extension that is no request to sign documents and brings no list, in bytes.
pub const MAX_PLAIN_TO_HOST: usize = 64 * 1024;

/// Longest frame from the host, in bytes. Browsers close the port above 1 MiB.
pub const MAX_FROM_HOST: usize = 512 * 1024;

/// Most frames one answer is cut into.
pub const MAX_CHUNKS: u16 = 256;

/// Extension → host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ToHost {
    /// First frame on the port.
    Hello {
        /// Protocol versions the extension speaks.
        versions: Vec<ProtocolVersion>,
        /// Version of the extension, for the log.
        extension: String,
    },
    /// Sign in.
    Authenticate {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
        /// Origin of the page, from the browser.
        origin: Origin,
        /// The portal's challenge.
        challenge: Challenge,
        /// Language of the window.
        language: Language,
    },
    /// Ask who somebody is.
    Identify {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
        /// Origin of the page, from the browser.
        origin: Origin,
        /// What is asked.
        request: IdentityRequest,
        /// Language of the window.
        language: Language,
    },
    /// The second call of an [`Identify`](Self::Identify) that was answered with `chipAuthentication`: once, and on the same port.
    ChipChallenge {
        /// The request.
        id: RequestId,
        /// What the portal's server gives the chip to work on.
        challenge: ChipChallenge,
    },
    /// Read the holder's own card, for the extension's page "My card". No portal can ask for it: there is no such
    /// [`PageRequest`](crate::page::PageRequest).
    ReadMyCard {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
        /// Language of the window.
        language: Language,
    },
    /// Which certificates the card has for documents. The person agrees; no PIN is asked for.
    #[cfg(feature = "documents")]
    SigningCertificates {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
        /// Origin of the page, from the browser; absent where the holder signs a file of their own on the extension's own page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        origin: Option<Origin>,
        /// Language of the window.
        language: Language,
    },
    /// Sign documents, of each of which the host gets the exact bytes to be signed.
    #[cfg(feature = "documents")]
    Sign {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
        /// Origin of the page, from the browser; absent where the holder signs a file of their own on the extension's own page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        origin: Option<Origin>,
        /// Language of the window.
        language: Language,
        /// The certificate whose key is to sign, DER in base64; the card in the reader must have it.
        certificate: Bytes,
        /// How.
        algorithm: TokenAlgorithm,
        /// What.
        #[serde(deserialize_with = "batch")]
        documents: Vec<DocumentToSign>,
    },
    /// Sign digests whose content this computer cannot see.
    #[cfg(feature = "documents")]
    SignDigests {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
        /// Origin of the page, from the browser.
        origin: Origin,
        /// Language of the window.
        language: Language,
        /// The certificate whose key is to sign, DER in base64; the card in the reader must have it.
        certificate: Bytes,
        /// What.
        #[serde(deserialize_with = "batch")]
        digests: Vec<DigestToSign>,
    },
    /// Fetch validation data. No window is shown: whoever asks has the person's word for the hosts that are asked.
    #[cfg(feature = "documents")]
    FetchValidationData {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
        /// What, and from where.
        wanted: WantedData,
        /// Whether something that was kept is good enough.
        #[serde(default, skip_serializing_if = "Freshness::is_kept")]
        #[cfg_attr(feature = "codegen", ts(optional, as = "Option<Freshness>"))]
        freshness: Freshness,
    },
    /// Whom the administrator's configuration names, so that the person can be told before anybody is asked.
    #[cfg(feature = "documents")]
    ValidationServices {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
    },
    /// Whom the installed trust packs believe about documents. Nobody is asked.
    #[cfg(feature = "documents")]
    DocumentTrust {
        /// The extension's own name for the request, unique on this port.
        id: RequestId,
    },
    /// Give a request up and close its window.
    Cancel {
        /// Which one.
        id: RequestId,
    },
}

impl ToHost {
    /// Parses one frame.
    ///
    /// # Errors
    /// `request-too-large` or `request-invalid`, with the parser's finding as detail.
    pub fn parse(text: &str) -> Result<Self, ErrorReport> {
        let message: Self = parse(text, MAX_TO_HOST, ErrorCode::RequestTooLarge, ErrorCode::RequestInvalid)?;
        let longest = message.longest();
        if text.len() > longest {
            return Err(too_large_by(text, longest, ErrorCode::RequestTooLarge));
        }
        Ok(message)
    }

    /// Most bytes of the frame it came in.
    const fn longest(&self) -> usize {
        match self {
            #[cfg(feature = "documents")]
            Self::Sign { .. } | Self::SignDigests { .. } => MAX_TO_HOST,
            #[cfg(feature = "documents")]
            Self::FetchValidationData { wanted, .. } if wanted.has_list() => MAX_TO_HOST,
            _ => MAX_PLAIN_TO_HOST,
        }
    }
}

/// Host → extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FromHost {
    /// Answer to [`ToHost::Hello`].
    Hello {
        /// The version both speak; absent where there is none, and the host ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        version: Option<ProtocolVersion>,
        /// Protocol versions the host speaks.
        versions: Vec<ProtocolVersion>,
        /// Version of the host.
        host: String,
    },
    /// The request goes on.
    Progress {
        /// Which one.
        id: RequestId,
        /// How far it is.
        stage: Stage,
    },
    /// Answer to [`ToHost::Authenticate`].
    AuthToken {
        /// Which one.
        id: RequestId,
        /// The token.
        token: AuthToken,
        /// Where the time went.
        timing: Timing,
    },
    /// Answer to [`ToHost::Identify`].
    IdentityAnswer {
        /// Which one.
        id: RequestId,
        /// The answer, encrypted to the portal: a JWE in compact form.
        answer: String,
        /// The chip has yet to prove itself by the key of the portal's server: the request goes on, and the host waits for a
        /// [`ToHost::ChipChallenge`]. Only where the request asked for that.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "codegen", ts(optional, as = "Option<bool>"))]
        chip_authentication: bool,
        /// Where the time went.
        timing: Timing,
    },
    /// Answer to [`ToHost::ChipChallenge`].
    ChipAnswer {
        /// Which one.
        id: RequestId,
        /// What the chip answered, for the portal's server alone.
        answer: ChipAnswer,
        /// Where the time went, of the whole request.
        timing: Timing,
    },
    /// Answer to [`ToHost::SigningCertificates`].
    #[cfg(feature = "documents")]
    SigningCertificates {
        /// Which one.
        id: RequestId,
        /// Certificates of keys for documents, in the card's order.
        certificates: Vec<SigningCertificate>,
        /// Where the time went.
        timing: Timing,
    },
    /// A [`ToHost::Sign`] or [`ToHost::SignDigests`] goes on: another document is signed.
    #[cfg(feature = "documents")]
    Signed {
        /// Which one.
        id: RequestId,
        /// How many documents are signed.
        count: u16,
        /// Of how many.
        total: u16,
    },
    /// Answer to [`ToHost::Sign`] and [`ToHost::SignDigests`].
    #[cfg(feature = "documents")]
    Signatures {
        /// Which one.
        id: RequestId,
        /// The signatures, in the order of the documents: PKCS#1 for RSA, `r ‖ s` for ECDSA. At least one; fewer than documents only
        /// where the card or the person stopped.
        signatures: Vec<Bytes>,
        /// Why there are not as many as documents.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        stopped: Option<ErrorReport>,
        /// Where the time went.
        timing: Timing,
    },
    /// Answer to [`ToHost::FetchValidationData`]. It has the form of its kind; nothing of it is verified, but that a time stamp is
    /// one of the digest.
    #[cfg(feature = "documents")]
    ValidationData {
        /// Which one.
        id: RequestId,
        /// The answer of the responder, the list, the certificates, or the token, in base64.
        data: LongBytes,
        /// Where it comes from.
        origin: DataOrigin,
        /// Who gave the time stamp.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        authority: Option<AuthorityName>,
        /// Authorities that were asked before it, in vain.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "codegen", ts(optional, as = "Option<Vec<FailedAuthority>>"))]
        failed: Vec<FailedAuthority>,
    },
    /// Answer to [`ToHost::ValidationServices`].
    #[cfg(feature = "documents")]
    ValidationServices {
        /// Which one.
        id: RequestId,
        /// Who gives time stamps, in the order in which they are asked.
        time_stamp_authorities: Vec<AuthorityName>,
        /// What else the configuration names.
        sources: Vec<SourceName>,
    },
    /// Answer to [`ToHost::DocumentTrust`].
    #[cfg(feature = "documents")]
    DocumentTrust {
        /// Which one.
        id: RequestId,
        /// By pack; only packs that count now, and believe somebody about documents.
        packs: Vec<DocumentTrust>,
    },
    /// Answer to [`ToHost::ReadMyCard`], in the clear.
    MyCard {
        /// Which one.
        id: RequestId,
        /// What is on the card.
        card: Box<MyCard>,
        /// Where the time went.
        timing: Timing,
    },
    /// A request (or, without `id`, a frame) that did not work.
    Failure {
        /// Which one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        id: Option<RequestId>,
        /// What went wrong.
        error: ErrorReport,
    },
    /// Part of a frame that is longer than [`MAX_FROM_HOST`]: the texts of all parts, joined, are its JSON.
    Chunk {
        /// The request it answers.
        id: RequestId,
        /// Number of this part, from 0, in order.
        index: u16,
        /// Number of parts.
        count: u16,
        /// The part's text.
        data: String,
    },
}

impl FromHost {
    /// The request it belongs to.
    #[must_use]
    pub const fn id(&self) -> Option<&RequestId> {
        match self {
            Self::Hello { .. } => None,
            Self::Progress { id, .. }
            | Self::AuthToken { id, .. }
            | Self::IdentityAnswer { id, .. }
            | Self::ChipAnswer { id, .. }
            | Self::MyCard { id, .. }
            | Self::Chunk { id, .. } => Some(id),
            #[cfg(feature = "documents")]
            Self::SigningCertificates { id, .. }
            | Self::Signed { id, .. }
            | Self::Signatures { id, .. }
            | Self::ValidationData { id, .. }
            | Self::ValidationServices { id, .. }
            | Self::DocumentTrust { id, .. } => Some(id),
            Self::Failure { id, .. } => id.as_ref(),
        }
    }

    /// Parses one frame.
    ///
    /// # Errors
    /// `host-misbehaved`, with the parser's finding as detail.
    pub fn parse(text: &str) -> Result<Self, ErrorReport> {
        parse(text, MAX_FROM_HOST, ErrorCode::HostMisbehaved, ErrorCode::HostMisbehaved)
    }
}

/// Where the time of a request went, as the host measured it, in microseconds. For diagnostics; never given to a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Timing {
    /// Inside PC/SC calls to the card.
    pub card: u32,
    /// From the question on the screen to the person's answer, and waiting for reader or card.
    pub person: u32,
    /// From the question to its window being on the screen.
    pub window: u32,
    /// From the frame that asked to the frame that answers.
    pub total: u32,
    /// Commands sent to the card.
    pub commands: u16,
    /// Bytes sent to and received from the card.
    pub bytes: u32,
}

fn parse<T: DeserializeOwned>(
    text: &str,
    limit: usize,
    too_large: ErrorCode,
    invalid: ErrorCode,
) -> Result<T, ErrorReport> {
    if text.len() > limit {
        return Err(too_large_by(text, limit, too_large));
    }
    serde_json::from_str(text).map_err(|error| ErrorReport::new(invalid).with_detail(&error.to_string()))
}

fn too_large_by(text: &str, limit: usize, code: ErrorCode) -> ErrorReport {
    let detail = format!("a frame has at most {limit} bytes; this one has {}", text.len());
    ErrorReport::new(code).with_detail(&detail)
}

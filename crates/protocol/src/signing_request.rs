//! Page ↔ content script ↔ the extension's signing window: documents, digests and certificates.
//!
//! Documents travel beside the request, as they are; the request says which they are. It is JSON **text**, as in
//! [`page`](crate::page), and read here alone.

use serde::{Deserialize, Serialize};

use crate::{
    ErrorCode, ErrorReport, Language,
    certificate_wanted::CertificateWanted,
    host::MAX_TO_HOST,
    identity::answer::Bytes,
    page::FailureReport,
    signing::{DigestToSign, DocumentName, SigningCertificate, batch},
};

/// Longest request text, in UTF-16 code units and in bytes: the names or digests of five hundred documents.
pub const MAX_SIGNING_REQUEST_LENGTH: usize = 512 * 1024;
/// Largest document, in bytes.
pub const MAX_DOCUMENT: u64 = 1 << 30;
/// All documents of one request together, in bytes.
pub const MAX_DOCUMENTS_TOGETHER: u64 = 2 << 30;
/// Documents attached to JWS together, in bytes, each of them with [`EACH_IN_JWS`] more: what is signed there is header and document
/// themselves, in base64url (RFC 7515 section 5.1), which go to the host, in base64, in one message.
pub const MAX_ATTACHED_TO_JWS: u64 = (MAX_TO_HOST as u64 - 16 * 1024) / 16 * 9;
/// What the header of a JWS, with the certificate in it, counts among attached documents, in bytes.
pub const EACH_IN_JWS: u64 = 4096;
/// How a PNG begins (ISO/IEC 15948 section 5.2), and a JPEG (ITU-T T.81 annex B.2.1, with the marker that follows).
const IMAGES: [&[u8]; 2] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"];
/// Most characters of a media type (RFC 6838 section 4.2).
const MAX_MEDIA_TYPE: usize = 255;
/// Largest image of a visible signature, in bytes: in base64 it leaves room for the rest of a request.
pub const MAX_IMAGE: usize = 256 * 1024;
/// Longest piece of a document in one message, where the browser copies no Blobs, in bytes.
pub const MAX_PIECE: usize = 4 << 20;

/// What a page can ask about documents. Unknown fields are refused, so that a newer page learns that it is too new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SigningRequest {
    /// Sign documents, which the person sees in a window of the extension.
    Sign {
        /// Which documents, in the order in which they come.
        #[serde(deserialize_with = "batch")]
        documents: Vec<DocumentOffered>,
        /// The kind of file that is made.
        format: SignatureFormat,
        /// How long it is to be possible to validate it.
        #[serde(default)]
        level: SignatureLevel,
        /// Where the document is, for formats that have a choice: what is usual for the format if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        packaging: Option<Packaging>,
        /// PAdES: a signature that can be seen, and where it is put at first. Without it nothing is seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        appearance: Option<Appearance>,
        /// Which certificate.
        #[serde(default)]
        certificate: CertificateWanted,
        /// Language of windows and messages; the browser's own if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        language: Option<Language>,
    },
    /// Sign digests, whose content this computer cannot see.
    SignDigests {
        /// The certificate whose key signs, DER in base64.
        certificate: Bytes,
        /// What.
        #[serde(deserialize_with = "batch")]
        digests: Vec<DigestToSign>,
        /// Language of window and messages; the browser's own if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        language: Option<Language>,
    },
    /// Which certificates the card has for documents.
    SigningCertificates {
        /// Language of window and messages; the browser's own if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        language: Option<Language>,
    },
}

impl SigningRequest {
    /// Parses the text that a page sent.
    ///
    /// # Errors
    /// [`ErrorReport`] ready for the page: `request-too-large` or `request-invalid`.
    pub fn parse(text: &str) -> Result<Self, ErrorReport> {
        if text.len() > MAX_SIGNING_REQUEST_LENGTH {
            let detail = format!(
                "a request about documents has at most {MAX_SIGNING_REQUEST_LENGTH} bytes; this one has {}",
                text.len()
            );
            return Err(ErrorReport::new(ErrorCode::RequestTooLarge).with_detail(&detail));
        }
        let invalid = |detail: &str| ErrorReport::new(ErrorCode::RequestInvalid).with_detail(detail);
        let request: Self = serde_json::from_str(text).map_err(|error| invalid(&error.to_string()))?;
        if let Self::Sign { documents, format, packaging, appearance, certificate, .. } = &request {
            check_sizes(documents, *format, *packaging)?;
            let is_media_type = |text: &str| {
                text.len() <= MAX_MEDIA_TYPE && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
            };
            if !documents.iter().all(|document| is_media_type(&document.media_type)) {
                return Err(invalid("a media type has at most 255 characters, all of them of ASCII"));
            }
            if appearance.is_some() && *format != SignatureFormat::Pades {
                return Err(invalid("only a signature in a PDF can be seen (format pades)"));
            }
            if let Some(image) = appearance.as_ref().and_then(|appearance| appearance.image.as_ref()) {
                if image.0.len() > MAX_IMAGE {
                    let detail =
                        format!("an image has at most {MAX_IMAGE} bytes; this one has {}", image.0.len());
                    return Err(ErrorReport::new(ErrorCode::RequestTooLarge).with_detail(&detail));
                }
                if !IMAGES.iter().any(|first| image.0.starts_with(first)) {
                    return Err(invalid("an image is PNG or JPEG"));
                }
            }
            if !certificate.is_well_formed() {
                return Err(invalid(
                    "a legislation is two capital letters, and a policy an object identifier in digits and dots",
                ));
            }
            if packaging.is_some_and(|packaging| !format.allows(packaging)) {
                return Err(invalid("this format has no such packaging"));
            }
        }
        Ok(request)
    }

    /// The language that it names.
    #[must_use]
    pub const fn language(&self) -> Option<Language> {
        match self {
            Self::Sign { language, .. }
            | Self::SignDigests { language, .. }
            | Self::SigningCertificates { language } => *language,
        }
    }
}

/// Whether so much can be signed in this way.
fn check_sizes(
    documents: &[DocumentOffered],
    format: SignatureFormat,
    packaging: Option<Packaging>,
) -> Result<(), ErrorReport> {
    let too_large = |detail: String| Err(ErrorReport::new(ErrorCode::RequestTooLarge).with_detail(&detail));
    let each_fits = documents.iter().all(|document| document.size <= MAX_DOCUMENT);
    // five hundred that fit are far from the end of the numbers
    let together = || documents.iter().map(|document| document.size).sum::<u64>();
    if !each_fits || together() > MAX_DOCUMENTS_TOGETHER {
        return too_large(format!(
            "a document has at most {MAX_DOCUMENT} bytes, and all together have at most {MAX_DOCUMENTS_TOGETHER}"
        ));
    }
    let is_in_jws = format == SignatureFormat::Jades && packaging != Some(Packaging::Detached);
    if is_in_jws && together() + EACH_IN_JWS * documents.len() as u64 > MAX_ATTACHED_TO_JWS {
        return too_large(format!(
            "documents attached to JWS have at most {MAX_ATTACHED_TO_JWS} bytes together, where each counts {EACH_IN_JWS} more; \
             detached ones may have more"
        ));
    }
    Ok(())
}

/// A document that comes beside the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentOffered {
    /// What the site calls it.
    pub name: DocumentName,
    /// Its media type, as the site says; empty where it does not.
    #[serde(rename = "type", default)]
    pub media_type: String,
    /// How many bytes it has.
    #[cfg_attr(feature = "codegen", ts(type = "number"))]
    pub size: u64,
}

/// A kind of signed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignatureFormat {
    /// CMS (EN 319 122-1).
    Cades,
    /// A signature in each PDF (EN 319 142-1).
    Pades,
    /// XML (EN 319 132-1).
    Xades,
    /// A JSON web signature (TS 119 182-1).
    Jades,
    /// A container of one file and its signature (EN 319 162-1).
    AsicS,
    /// One container of all files and one signature.
    AsicE,
}

impl SignatureFormat {
    /// Whether the document can be there.
    const fn allows(self, packaging: Packaging) -> bool {
        match self {
            Self::Cades | Self::Jades => matches!(packaging, Packaging::Attached | Packaging::Detached),
            Self::Xades => {
                matches!(packaging, Packaging::Enveloped | Packaging::Enveloping | Packaging::Detached)
            }
            Self::Pades | Self::AsicS | Self::AsicE => false,
        }
    }
}

/// Where the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Packaging {
    /// In the signature's file.
    Attached,
    /// Beside it.
    Detached,
    /// XAdES: around the signature.
    Enveloped,
    /// XAdES: inside the signature.
    Enveloping,
}

/// A level of EN 319 102-1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
pub enum SignatureLevel {
    /// With the signer's certificate.
    #[default]
    #[serde(rename = "B-B")]
    BB,
    /// And a time stamp.
    #[serde(rename = "B-T")]
    BT,
    /// And what it takes to validate it.
    #[serde(rename = "B-LT")]
    BLt,
    /// And an archive time stamp.
    #[serde(rename = "B-LTA")]
    BLta,
}

/// A signature that can be seen, and where it stands at first: on this page, in points from its lower left corner. The person can
/// move it. It shows the signer's name, which is the certificate's and never the site's, and the date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Appearance {
    /// The page, from 1.
    pub page: u32,
    /// Distance from the left.
    pub x: u32,
    /// Distance from below.
    pub y: u32,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Why it is signed, as it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub reason: Option<DocumentName>,
    /// An image beside the lines: PNG or JPEG in base64, at most 256 KiB before that, with at most 4096 pixels on a side. The window
    /// draws it anew, with at most 1024.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub image: Option<Bytes>,
}

/// What comes back to the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SigningReply {
    /// The request goes on.
    SigningProgress {
        /// How far it is.
        stage: SigningStage,
        /// How many documents are signed.
        signed: u16,
        /// Of how many.
        total: u16,
    },
    /// Answer to [`SigningRequest::Sign`]; the files come beside it, in this order.
    SignedDocuments {
        /// What each is called.
        documents: Vec<SignedDocument>,
        /// Why there are not as many as there were documents.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        stopped: Option<FailureReport>,
    },
    /// Answer to [`SigningRequest::SignDigests`]: in the order of the digests, PKCS#1 for RSA, `r ‖ s` for ECDSA.
    Signatures {
        /// The signatures.
        signatures: Vec<Bytes>,
        /// Why there are not as many as digests.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        stopped: Option<FailureReport>,
    },
    /// Answer to [`SigningRequest::SigningCertificates`].
    SigningCertificates {
        /// In the card's order.
        certificates: Vec<SigningCertificate>,
    },
    /// It did not work.
    Failure {
        /// What went wrong, whose fault it is and what to do.
        error: FailureReport,
    },
}

/// A signed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignedDocument {
    /// A name for it.
    pub name: DocumentName,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// The level that it has.
    pub level: SignatureLevel,
}

/// How far a request about documents is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SigningStage {
    /// The documents come to the window.
    Receiving,
    /// The person looks at them.
    Showing,
    /// The native window asks the person.
    WaitingForPerson,
    /// The card is at work.
    Signing,
    /// The signed files are made and validated.
    Finishing,
}

#[cfg(test)]
mod tests;

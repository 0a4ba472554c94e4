//! What is signed, and what of it the person sees: read out of the bytes themselves, before anybody is asked.

use std::fmt::Write as _;

use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    auth_token::TokenAlgorithm,
    signing::{DigestToSign, DocumentToSign, ToBeSignedFormat},
};
use bitaqa_signature::{
    Hash, SignatureAlgorithm,
    to_be_signed::{Format, Of, SignedDigest, ToBeSigned},
};
use bitaqa_trust::Certificate;

use super::{Batch, SignDocuments, key::fits_curve};
use crate::{
    shortened::shortened,
    sign_in::sign::{Bytes, What},
    window::message::{DigestShown, DocumentShown, HowSeen},
};

/// Most digests that one question shows.
const MAX_SHOWN: usize = 1000;
/// Most characters of the name that the bytes give to something.
const MAX_NAME: usize = 255;

/// What is signed.
pub(super) struct Plan {
    /// How the host knows the digests.
    pub(super) seen: HowSeen,
    /// One for each document, in their order.
    pub(super) items: Vec<Item>,
}

/// A document.
pub(super) struct Item {
    /// What the person sees.
    pub(super) shown: DocumentShown,
    /// What is signed.
    pub(super) what: What,
}

impl Plan {
    /// Reads everything that was asked for.
    ///
    /// # Errors
    /// `document-not-readable`, with the number of the document and the reader's finding; `request-invalid` for a digest of another
    /// length than its hash has.
    pub(super) fn of(asked: &SignDocuments) -> Result<Self, ErrorReport> {
        let (seen, items) = match &asked.batch {
            Batch::Documents(algorithm, documents) => {
                let items = documents.iter().enumerate().map(|(index, document)| {
                    read(document, &asked.certificate, *algorithm).map_err(|finding| {
                        let detail = format!("document {}: {finding}", index + 1);
                        ErrorReport::new(ErrorCode::DocumentNotReadable).with_detail(&detail)
                    })
                });
                (HowSeen::Found, items.collect::<Result<Vec<Item>, _>>()?)
            }
            Batch::Digests(digests) => (HowSeen::Given, digests.iter().map(given).collect::<Result<_, _>>()?),
        };
        if items.iter().map(|item| item.shown.digests.len()).sum::<usize>() > MAX_SHOWN {
            let detail = format!("more than {MAX_SHOWN} digests in one request");
            return Err(ErrorReport::new(ErrorCode::RequestTooLarge).with_detail(&detail));
        }
        Ok(Self { seen, items })
    }

    /// Every algorithm that something is signed with.
    pub(super) fn algorithms(&self) -> Vec<TokenAlgorithm> {
        let mut algorithms = Vec::new();
        for Item { what, .. } in &self.items {
            if !algorithms.contains(&what.algorithm) {
                algorithms.push(what.algorithm);
            }
        }
        algorithms
    }
}

/// Reads the bytes of a document; they bind the certificate that was named, as far as they bind any.
fn read(document: &DocumentToSign, certificate: &[u8], algorithm: TokenAlgorithm) -> Result<Item, String> {
    let format = match document.format {
        ToBeSignedFormat::CmsSignedAttributes => Format::CmsSignedAttributes,
        ToBeSignedFormat::XmlSignedInfo => Format::XmlSignedInfo,
        ToBeSignedFormat::JwsSigningInput => Format::JwsSigningInput,
    };
    let bytes = &document.to_be_signed.0;
    let read = ToBeSigned::read(format, bytes, signature_algorithm(algorithm))
        .map_err(|refusal| refusal.to_string())?;
    if !read.binds(certificate) {
        return Err("the bytes to be signed bind another certificate".to_owned());
    }
    let key = Certificate::from_der(certificate).ok().and_then(|certificate| certificate.public_key().ok());
    // in JOSE the algorithm names the curve (RFC 7518 section 3.4)
    if format == Format::JwsSigningInput && !key.is_some_and(|key| fits_curve(algorithm, key.kind())) {
        return Err("the bytes to be signed name an algorithm of another curve".to_owned());
    }
    let digests = read.documents().map(shown).collect();
    let shown = DocumentShown { name: document.name.as_str().to_owned(), digests };
    Ok(Item { shown, what: What { algorithm, bytes: Bytes::Message(bytes.clone()) } })
}

fn given(digest: &DigestToSign) -> Result<Item, ErrorReport> {
    let algorithm = digest.algorithm;
    let hash = signature_algorithm(algorithm).hash();
    let value = &digest.digest.0;
    if value.len() != hash.length() {
        let detail = format!("a digest of {} bytes for a hash of {}", value.len(), hash.length());
        return Err(ErrorReport::new(ErrorCode::RequestInvalid).with_detail(&detail));
    }
    let shown = DigestShown { of: None, hash: hash_name(hash).to_owned(), value: hexadecimal(value) };
    let shown = DocumentShown { name: digest.name.as_str().to_owned(), digests: vec![shown] };
    Ok(Item { shown, what: What { algorithm, bytes: Bytes::Digest(value.clone()) } })
}

fn shown(digest: &SignedDigest) -> DigestShown {
    let of = match &digest.of {
        Of::Named(name) if !name.is_empty() => Some(shortened(name.clone(), MAX_NAME)),
        Of::Named(_) | Of::Content | Of::SignedProperties => None,
    };
    DigestShown { of, hash: hash_name(digest.hash).to_owned(), value: hexadecimal(&digest.value) }
}

const fn hash_name(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha256 => "SHA-256",
        Hash::Sha384 => "SHA-384",
        Hash::Sha512 => "SHA-512",
        Hash::Sha3_256 => "SHA3-256",
        Hash::Sha3_384 => "SHA3-384",
        Hash::Sha3_512 => "SHA3-512",
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // writing to a text does not fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// An algorithm in the words of signed documents.
const fn signature_algorithm(algorithm: TokenAlgorithm) -> SignatureAlgorithm {
    match algorithm {
        TokenAlgorithm::ES256 => SignatureAlgorithm::Ecdsa(Hash::Sha256),
        TokenAlgorithm::ES384 => SignatureAlgorithm::Ecdsa(Hash::Sha384),
        TokenAlgorithm::ES512 => SignatureAlgorithm::Ecdsa(Hash::Sha512),
        TokenAlgorithm::PS256 => SignatureAlgorithm::RsaPss(Hash::Sha256),
        TokenAlgorithm::PS384 => SignatureAlgorithm::RsaPss(Hash::Sha384),
        TokenAlgorithm::PS512 => SignatureAlgorithm::RsaPss(Hash::Sha512),
        TokenAlgorithm::RS256 => SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
        TokenAlgorithm::RS384 => SignatureAlgorithm::RsaPkcs1(Hash::Sha384),
        TokenAlgorithm::RS512 => SignatureAlgorithm::RsaPkcs1(Hash::Sha512),
    }
}

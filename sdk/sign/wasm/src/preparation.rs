//! The two steps.

use bitaqa_signature::{
    Signer, cades,
    jades::{self, DetachedObject},
    pades, xades,
};
use serde::Serialize;

use crate::{
    pdf,
    refusal::{Code, Refusal},
    request::{Document, Format, Packaging, Request, Serialization},
    signer::{Algorithm, signer},
    state::State,
};

/// How a request will be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// What of the documents is needed.
    pub needs: Needs,
}

/// What of the documents is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// Their digests, with the algorithm's hash.
    Digests,
    /// The digests of their base64url texts without padding, with the algorithm's hash (TS 119 182-1 clause 5.2.8).
    Base64urlDigests,
    /// They themselves, in both steps.
    Contents,
    /// Of the PDF a few ranges, and one digest.
    Ranges,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The bytes to be signed.
    pub to_be_signed: Vec<u8>,
    /// Their digest.
    pub digest: Vec<u8>,
    /// For [`finish`].
    pub state: Vec<u8>,
}

/// What the second step gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// The signed file.
    File(Vec<u8>),
    /// What is to be appended to the document, which then is the signed file.
    Appended(Vec<u8>),
}

/// Says how a request will be signed, and refuses certificates that are not for documents before anything is hashed.
///
/// # Errors
/// [`Refusal`].
pub fn plan(request: &Request) -> Result<Plan, Refusal> {
    let algorithm = signer(request)?.algorithm().into();
    Ok(Plan { algorithm, needs: needs(request)? })
}

fn needs(request: &Request) -> Result<Needs, Refusal> {
    if request.format != Format::Pades && request.pdf.is_some() {
        return Err(Refusal::new(Code::RequestInvalid, "the settings for PDF are for PAdES"));
    }
    if request.format != Format::Jades && request.serialization.is_some() {
        return Err(Refusal::new(Code::RequestInvalid, "a serialization is for JAdES"));
    }
    match (request.format, request.packaging) {
        (Format::Cades | Format::Xades, Some(Packaging::Detached)) => Ok(Needs::Digests),
        (Format::Jades, Some(Packaging::Detached)) => Ok(Needs::Base64urlDigests),
        (Format::Cades | Format::Jades, Some(Packaging::Attached))
        | (Format::Xades, Some(Packaging::Enveloped | Packaging::Enveloping)) => Ok(Needs::Contents),
        (Format::Pades, None) => Ok(Needs::Ranges),
        _ => Err(Refusal::new(Code::PackagingInvalid, "this format has no such packaging")),
    }
}

/// A signature of which only the signature value is missing.
enum Pending {
    Cades(cades::Prepared),
    Pades(pades::Prepared),
    Jades(jades::Prepared),
    Xades(xades::Prepared),
}

impl Pending {
    fn of(request: &Request, signer: &Signer, contents: &[Vec<u8>]) -> Result<Self, Refusal> {
        let expected = if needs(request)? == Needs::Contents { request.documents.len() } else { 0 };
        if contents.len() < expected {
            return Err(Refusal::new(Code::DocumentMissing, "a document was not given"));
        }
        if contents.len() > expected {
            return Err(Refusal::new(Code::RequestInvalid, "more documents were given than are signed so"));
        }
        match request.format {
            Format::Cades => cades_of(request, signer, contents.first()).map(Self::Cades),
            Format::Pades => {
                let digest = request.only_document()?.known_digest()?;
                Ok(Self::Pades(pdf::place_again(request, signer)?.prepare(digest)?))
            }
            Format::Jades => jades_of(request, signer, contents.first()).map(Self::Jades),
            Format::Xades => xades_of(request, signer, contents).map(Self::Xades),
        }
    }

    fn to_be_signed(&self) -> &[u8] {
        match self {
            Self::Cades(prepared) => prepared.to_be_signed(),
            Self::Pades(prepared) => prepared.to_be_signed(),
            Self::Jades(prepared) => prepared.to_be_signed(),
            Self::Xades(prepared) => prepared.to_be_signed(),
        }
    }

    fn digest(&self) -> Vec<u8> {
        match self {
            Self::Cades(prepared) => prepared.digest(),
            Self::Pades(prepared) => prepared.digest(),
            Self::Jades(prepared) => prepared.digest(),
            Self::Xades(prepared) => prepared.digest(),
        }
    }

    fn finish(self, signature: &[u8]) -> Result<Finished, Refusal> {
        Ok(match self {
            Self::Cades(prepared) => Finished::File(prepared.finish(signature)?),
            Self::Pades(prepared) => Finished::Appended(prepared.finish(signature)?.appended()?),
            Self::Jades(prepared) => Finished::File(prepared.finish(signature)?),
            Self::Xades(prepared) => Finished::File(prepared.finish(signature)?),
        })
    }
}

fn cades_of(
    request: &Request,
    signer: &Signer,
    content: Option<&Vec<u8>>,
) -> Result<cades::Prepared, Refusal> {
    let document = request.only_document()?;
    let statement = request.statement.read(document.media_type.as_deref())?;
    let content = match content {
        Some(content) => cades::Content::Attached(content),
        None => cades::Content::Digest {
            hash: signer.algorithm().hash(),
            digest: document.known_digest()?.to_vec(),
        },
    };
    Ok(cades::prepare(signer, content, cades::Profile::Cades, &statement)?)
}

fn jades_of(
    request: &Request,
    signer: &Signer,
    content: Option<&Vec<u8>>,
) -> Result<jades::Prepared, Refusal> {
    let serialization = match request.serialization.unwrap_or_default() {
        Serialization::Compact => jades::Serialization::Compact,
        Serialization::Flattened => jades::Serialization::Flattened,
    };
    let options = jades::Options { serialization, ..jades::Options::default() };
    let Some(content) = content else {
        let statement = request.statement.read(None)?;
        let object = |document: &Document| {
            let digest = document.known_digest()?.to_vec();
            let object =
                DetachedObject::from_digest(document.known_name()?, signer.algorithm().hash(), digest)
                    .map_err(|error| Refusal::new(Code::DigestInvalid, error))?;
            Ok(match &document.media_type {
                Some(media_type) => object.with_media_type(media_type),
                None => object,
            })
        };
        let objects = request.documents.iter().map(object).collect::<Result<Vec<_>, Refusal>>()?;
        return Ok(jades::prepare(signer, jades::Content::Detached(&objects), options, &statement)?);
    };
    let statement = request.statement.read(request.only_document()?.media_type.as_deref())?;
    Ok(jades::prepare(signer, jades::Content::Attached(content), options, &statement)?)
}

fn xades_of(request: &Request, signer: &Signer, contents: &[Vec<u8>]) -> Result<xades::Prepared, Refusal> {
    const ANY: &str = "application/octet-stream";
    let media_type = |document: &'_ Document| document.media_type.clone().unwrap_or_else(|| ANY.to_owned());
    let media_types: Vec<String> = request.documents.iter().map(media_type).collect();
    match request.packaging {
        Some(Packaging::Enveloped) => {
            let statement = request.statement.read(request.only_document()?.media_type.as_deref())?;
            let document = contents.first().map(Vec::as_slice).unwrap_or_default();
            let packaging = xades::Packaging::Enveloped { document, others: xades::OtherSignatures::LeftOut };
            Ok(xades::prepare(signer, packaging, &statement)?)
        }
        Some(Packaging::Enveloping) => {
            let objects: Vec<xades::Object<'_>> = contents
                .iter()
                .zip(&media_types)
                .map(|(content, media_type)| xades::Object {
                    content: xades::ObjectContent::Octets(content),
                    media_type,
                })
                .collect();
            let packaging = xades::Packaging::Enveloping { objects: &objects };
            Ok(xades::prepare(signer, packaging, &request.statement.read(None)?)?)
        }
        _ => {
            let file = |(document, media_type): (&'_ Document, &'_ String)| -> Result<_, Refusal> {
                let (uri, digest) = (document.known_name()?.to_owned(), document.known_digest()?.to_vec());
                Ok((uri, digest, media_type.clone()))
            };
            let known = request.documents.iter().zip(&media_types).map(file);
            let known: Vec<(String, Vec<u8>, String)> = known.collect::<Result<_, _>>()?;
            let files: Vec<xades::File<'_>> = known
                .iter()
                .map(|(uri, digest, media_type)| xades::File { uri, digest, media_type })
                .collect();
            let packaging = xades::Packaging::Detached { files: &files, container: None };
            Ok(xades::prepare(signer, packaging, &request.statement.read(None)?)?)
        }
    }
}

/// The first step: what is signed. `contents` holds the documents where the [`plan`] needs them, in the order of the request.
///
/// # Errors
/// [`Refusal`].
pub fn prepare(request: Request, contents: &[Vec<u8>]) -> Result<Prepared, Refusal> {
    let pending = Pending::of(&request, &signer(&request)?, contents)?;
    let state = State::new(request, pending.to_be_signed()).write()?;
    Ok(Prepared { to_be_signed: pending.to_be_signed().to_vec(), digest: pending.digest(), state })
}

/// The second step: takes the signature over what was prepared, ECDSA as `r ‖ s` or in DER.
///
/// # Errors
/// [`Refusal`]: another state, another document, or a signature that the certificate's key did not make.
pub fn finish(state: &[u8], signature: &[u8], contents: &[Vec<u8>]) -> Result<Finished, Refusal> {
    let state = State::read(state)?;
    let pending = Pending::of(&state.request, &signer(&state.request)?, contents)?;
    if !state.is_of(pending.to_be_signed()) {
        return Err(Refusal::new(Code::DocumentChanged, "the document is not the one that was prepared"));
    }
    pending.finish(signature)
}

/// Whether the second step needs the documents again, and how many.
///
/// # Errors
/// [`Code::StateInvalid`].
pub fn contents_needed(state: &[u8]) -> Result<usize, Refusal> {
    let request = State::read(state)?.request;
    Ok(if needs(&request)? == Needs::Contents { request.documents.len() } else { 0 })
}

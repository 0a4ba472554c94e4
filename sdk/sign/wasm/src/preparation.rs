//! The two steps.

use std::io::Cursor;

use bitaqa_signature::{
    Signer,
    asic::{self, Container, ContainerKind, SignatureKind},
    cades,
    jades::{self, DetachedObject},
    pades, xades,
};
use serde::Serialize;

use crate::{
    pdf,
    refusal::{Code, Refusal},
    request::{ContainerSignature, Document, Format, Packaging, Request, Serialization},
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
    if !request.format.is_container() && request.container_signature.is_some() {
        return Err(Refusal::new(Code::RequestInvalid, "the signature of a container is for ASiC"));
    }
    match (request.format, request.packaging) {
        (Format::Cades | Format::Xades, Some(Packaging::Detached)) => Ok(Needs::Digests),
        (Format::Jades, Some(Packaging::Detached)) => Ok(Needs::Base64urlDigests),
        (Format::Cades | Format::Jades, Some(Packaging::Attached))
        | (Format::Xades, Some(Packaging::Enveloped | Packaging::Enveloping))
        | (Format::AsicS, None)
        | (Format::AsicE, None | Some(Packaging::Added)) => Ok(Needs::Contents),
        (Format::Pades, None) => Ok(Needs::Ranges),
        _ => Err(Refusal::new(Code::PackagingInvalid, "this format has no such packaging")),
    }
}

/// A signature of which only the signature value is missing.
enum Pending<'a> {
    Cades(cades::Prepared),
    Pades(pades::Prepared),
    Jades(jades::Prepared),
    Xades(xades::Prepared),
    Asic(asic::Prepared<'a>),
    AsicBeside(asic::PreparedBeside, Box<Container<Cursor<&'a [u8]>>>),
}

impl<'a> Pending<'a> {
    fn of(request: &'a Request, signer: &Signer, contents: &'a [Vec<u8>]) -> Result<Self, Refusal> {
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
            Format::AsicS => asic_of(request, signer, ContainerKind::Simple, contents).map(Self::Asic),
            Format::AsicE if request.packaging == Some(Packaging::Added) => {
                asic_beside(request, signer, contents)
            }
            Format::AsicE => asic_of(request, signer, ContainerKind::Extended, contents).map(Self::Asic),
        }
    }

    fn to_be_signed(&self) -> &[u8] {
        match self {
            Self::Cades(prepared) => prepared.to_be_signed(),
            Self::Pades(prepared) => prepared.to_be_signed(),
            Self::Jades(prepared) => prepared.to_be_signed(),
            Self::Xades(prepared) => prepared.to_be_signed(),
            Self::Asic(prepared) => prepared.to_be_signed(),
            Self::AsicBeside(prepared, _) => prepared.to_be_signed(),
        }
    }

    fn digest(&self) -> Vec<u8> {
        match self {
            Self::Cades(prepared) => prepared.digest(),
            Self::Pades(prepared) => prepared.digest(),
            Self::Jades(prepared) => prepared.digest(),
            Self::Xades(prepared) => prepared.digest(),
            Self::Asic(prepared) => prepared.digest(),
            Self::AsicBeside(prepared, _) => prepared.digest(),
        }
    }

    fn finish(self, signature: &[u8]) -> Result<Finished, Refusal> {
        Ok(match self {
            Self::Cades(prepared) => Finished::File(prepared.finish(signature)?),
            Self::Pades(prepared) => Finished::Appended(prepared.finish(signature)?.appended()?),
            Self::Jades(prepared) => Finished::File(prepared.finish(signature)?),
            Self::Xades(prepared) => Finished::File(prepared.finish(signature)?),
            Self::Asic(prepared) => Finished::File(prepared.finish(signature)?),
            Self::AsicBeside(prepared, mut container) => {
                Finished::File(prepared.finish(&mut container, signature)?)
            }
        })
    }
}

fn asic_of<'a>(
    request: &'a Request,
    signer: &Signer,
    kind: ContainerKind,
    contents: &'a [Vec<u8>],
) -> Result<asic::Prepared<'a>, Refusal> {
    let file = |(document, content): (&'a Document, &'a Vec<u8>)| -> Result<_, Refusal> {
        let (name, media_type) = (document.known_name()?, document.media_type.as_deref());
        Ok(asic::File { name, media_type, content })
    };
    let files = request.documents.iter().zip(contents).map(file).collect::<Result<Vec<_>, _>>()?;
    Ok(asic::prepare(signer, kind, container_signature(request), &files, &request.statement.read(None)?)?)
}

fn asic_beside<'a>(
    request: &Request,
    signer: &Signer,
    contents: &'a [Vec<u8>],
) -> Result<Pending<'a>, Refusal> {
    request.only_document()?;
    let bytes = contents.first().map(Vec::as_slice).unwrap_or_default();
    let mut container = Box::new(Container::open(Cursor::new(bytes))?);
    let statement = request.statement.read(None)?;
    let prepared = asic::prepare_beside(&mut container, signer, container_signature(request), &statement)?;
    Ok(Pending::AsicBeside(prepared, container))
}

fn container_signature(request: &Request) -> SignatureKind {
    match request.container_signature.unwrap_or_default() {
        ContainerSignature::Cades => SignatureKind::Cades,
        ContainerSignature::Xades => SignatureKind::Xades,
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
    let (to_be_signed, digest) = (pending.to_be_signed().to_vec(), pending.digest());
    let state = State::new(request, &to_be_signed).write()?;
    Ok(Prepared { to_be_signed, digest, state })
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

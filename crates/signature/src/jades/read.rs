//! Finding and verifying the signatures of a document (TS 119 182-1; RFC 7515 section 5.2).

use std::cell::Cell;

use bitaqa_jose::base64url;
use bitaqa_trust::Certificate;

use super::{
    DetachedContent, JadesError, algorithm,
    detached::SigD,
    document::{Document, Entry},
    payload::{Contents, Payload},
    protected_header::ProtectedHeader,
    time_stamps,
    unsigned::Unsigned,
};
use crate::{
    algorithm::EcdsaEncoding,
    found::{Coverage, FoundSignature, Integrity, MAX_CERTIFICATES, SignatureFormat, SigningCertificate},
};

/// Most counter-signatures of a file.
const MAX_COUNTER_SIGNATURES: usize = 10_000;
/// Counter-signatures over counter-signatures, and so on, at most.
const MAX_DEPTH: usize = 4;

/// All signatures of a document, in any serialisation, each with what it says and whether it is intact. Content that is not in
/// the document is asked for.
///
/// # Errors
/// [`JadesError`]: the document, or one of its signatures, cannot be read.
pub fn read(
    document: &[u8],
    content: &(impl DetachedContent + ?Sized),
) -> Result<Vec<FoundSignature>, JadesError> {
    let document = Document::parse(document)?;
    let source = |name: Option<&str>, sink: &mut dyn FnMut(&[u8])| content.read(name, sink);
    let contents = Contents::new(&source);
    let left = Cell::new(MAX_COUNTER_SIGNATURES);
    let mut found = signatures(&document, &contents, "", (0, &left))?;
    contents.check()?;
    if !document.others.is_empty() {
        for signature in &mut found {
            signature.remarks.push("the document has members that no standard names".to_owned());
        }
    }
    Ok(found)
}

/// How deep a counter-signature stands, and how many more of them the file may have.
type Nesting<'a> = (usize, &'a Cell<usize>);

fn signatures(
    document: &Document,
    contents: &Contents<'_>,
    prefix: &str,
    nesting: Nesting<'_>,
) -> Result<Vec<FoundSignature>, JadesError> {
    let found = document.signatures.iter().enumerate().map(|(index, entry)| {
        let name = format!("{prefix}{}", index + 1);
        signature(document, entry, contents, name, nesting)
    });
    found.collect()
}

fn signature(
    document: &Document,
    entry: &Entry,
    contents: &Contents<'_>,
    name: String,
    nesting: Nesting<'_>,
) -> Result<FoundSignature, JadesError> {
    let mut header = ProtectedHeader::parse(&entry.protected, &entry.header)?;
    let (mut faults, mut remarks) = (std::mem::take(&mut header.faults), std::mem::take(&mut header.remarks));
    if !entry.others.is_empty() {
        remarks.push("the signature has members that no standard names".to_owned());
    }
    let unsigned = Unsigned::parse(&entry.header, &mut faults, &mut remarks)?;
    let certificates = all_certificates(&header, &unsigned);
    let signer = header.signing_certificate(&certificates);
    let payload = Payload::new(document, &header, contents)?;
    let integrity = integrity(entry, &header, &signer, &payload, &mut faults)?;
    if payload.is_outside() && integrity == Integrity::Intact && !payload.is_there() {
        remarks.push("the content is empty".to_owned());
    }
    let counter_signatures = counter_signatures(entry, &unsigned, &name, nesting)?;
    let content_time_stamps = header.content_time_stamps.iter().map(|token| {
        time_stamps::found(token.clone(), Vec::new(), |hash| time_stamps::content_digest(&payload, hash))
    });
    let signature_time_stamps = unsigned.signature_time_stamps.into_iter().map(|token| {
        time_stamps::found(token, Vec::new(), |hash| Some(time_stamps::signature_digest(entry, hash)))
    });
    let signed_material: Vec<[u8; 32]> = header.certificates.iter().map(Certificate::sha256).collect();
    let archive_time_stamps = unsigned.archive_time_stamps.into_iter().map(|found| {
        let texts = found.texts.and_then(|length| unsigned.texts.get(..length));
        let unsigned_material = unsigned.material.iter().take(found.material);
        let material = signed_material.iter().chain(unsigned_material).copied().collect();
        time_stamps::found(found.token, material, |hash| {
            time_stamps::archive_digest(&payload, entry, texts?, hash)
        })
    });
    Ok(FoundSignature {
        format: SignatureFormat::Jades,
        name,
        signer,
        certificates,
        revocation: unsigned.revocation,
        algorithm: header.algorithm.clone().map(|algorithm| algorithm.scheme(EcdsaEncoding::Raw)),
        integrity,
        content_hashes: content_hashes(&header),
        statement: header.statement.clone(),
        coverage: coverage(&header),
        content_time_stamps: content_time_stamps.collect(),
        signature_time_stamps: signature_time_stamps.collect(),
        archive_time_stamps: archive_time_stamps.collect(),
        counter_signatures,
        format_faults: faults,
        remarks,
    })
}

/// Verifies the signature first, and content that it only names after that.
fn integrity(
    entry: &Entry,
    header: &ProtectedHeader,
    signer: &SigningCertificate,
    payload: &Payload<'_>,
    faults: &mut Vec<String>,
) -> Result<Integrity, JadesError> {
    let value = base64url::decode(&entry.signature).map_err(|_| JadesError::Malformed("signature"))?;
    let (Ok(algorithm), Some(certificate)) = (&header.algorithm, signer.certificate()) else {
        return Ok(Integrity::NotVerified);
    };
    let Ok(key) = certificate.public_key() else {
        faults.push("the signer's key is not one that is accepted".to_owned());
        return Ok(Integrity::NotVerified);
    };
    if !algorithm::fits(*algorithm, key.kind()) {
        return Ok(Integrity::SignatureInvalid);
    }
    let digest = match payload.signing_input(&entry.protected, algorithm.hash()) {
        Ok(digest) => digest,
        Err(missing) => return Ok(missing),
    };
    if algorithm.verify(&key, EcdsaEncoding::Raw, &digest, &value).is_err() {
        let missing = payload.is_outside() && !payload.is_there();
        return Ok(if missing { Integrity::ContentMissing } else { Integrity::SignatureInvalid });
    }
    Ok(payload.objects())
}

fn counter_signatures(
    entry: &Entry,
    unsigned: &Unsigned,
    name: &str,
    (depth, left): Nesting<'_>,
) -> Result<Vec<FoundSignature>, JadesError> {
    if unsigned.counter_signatures.is_empty() {
        return Ok(Vec::new());
    }
    if depth >= MAX_DEPTH {
        return Err(JadesError::TooLong("the list of counter-signatures over each other"));
    }
    // what they cover is the value of the signature, and nothing that a caller could bring
    let signed = base64url::decode(&entry.signature).map_err(|_| JadesError::Malformed("signature"))?;
    let source = |name: Option<&str>, sink: &mut dyn FnMut(&[u8])| {
        if name.is_none() {
            sink(&signed);
        }
        name.is_none()
    };
    let contents = Contents::new(&source);
    let mut found = Vec::new();
    for (index, value) in unsigned.counter_signatures.iter().enumerate() {
        let fewer = left.get().checked_sub(1).ok_or(JadesError::TooLong("the list of counter-signatures"))?;
        left.set(fewer);
        let document = Document::from_value(value)?;
        // a payload of its own would be signed in place of the value
        if document.payload.is_some() {
            return Err(JadesError::Malformed("the payload of a counter-signature"));
        }
        let prefix = format!("{name}.{}.", index + 1);
        found.extend(signatures(&document, &contents, &prefix, (depth + 1, left))?);
    }
    contents.check()?;
    for signature in &mut found {
        if signature.coverage != Coverage::Whole {
            signature.format_faults.push("a counter-signature names other content".to_owned());
        }
    }
    Ok(found)
}

fn all_certificates(header: &ProtectedHeader, unsigned: &Unsigned) -> Vec<Certificate> {
    let mut all: Vec<Certificate> = Vec::new();
    for certificate in header.certificates.iter().chain(&unsigned.certificates) {
        if all.len() < MAX_CERTIFICATES && !all.contains(certificate) {
            all.push(certificate.clone());
        }
    }
    all
}

fn content_hashes(header: &ProtectedHeader) -> Vec<crate::Hash> {
    match &header.sig_d {
        None => header.algorithm.iter().map(|algorithm| algorithm.hash()).collect(),
        Some(SigD::ByHash { hash, .. }) => hash.iter().copied().collect(),
        Some(SigD::Other { .. }) => Vec::new(),
    }
}

fn coverage(header: &ProtectedHeader) -> Coverage {
    match &header.sig_d {
        None => Coverage::Whole,
        Some(SigD::ByHash { objects, .. }) => {
            Coverage::Parts(objects.iter().map(|(name, _)| name.clone()).collect())
        }
        Some(SigD::Other { names }) => Coverage::Parts(names.clone()),
    }
}

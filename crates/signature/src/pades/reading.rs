//! The signatures and document time stamps of a file, and what was changed after each.

use std::{collections::BTreeSet, sync::Arc};

use bitaqa_trust::Certificate;

use super::{
    PadesError,
    byte_range::{Located, locate},
    difference::compare,
    digest::GapDigests,
    field::{Field, fields, names_in_doubt},
    security_store::Stored,
};
use crate::{
    FoundSignature, Hash, cades,
    cms::SignedData,
    found::{Coverage, EmbeddedRevocation, FoundTimeStamp, MAX_CERTIFICATES, SignatureFormat},
    pdf::{
        Document, Object, PdfError, Source,
        text::{date, text},
    },
    statement::Place,
    time_stamp::TimeStampToken,
};

/// Most signatures and time stamps of one file.
pub const MAX_SIGNATURES: usize = 200;
/// Most characters of a text that is told.
const MAX_TEXT: usize = 500;

/// What is signed in a file.
#[derive(Debug, Clone, Default)]
pub struct PdfSignatures {
    /// Signatures, in the order of the form. Each has as archive time stamps the document time stamps after it.
    pub signatures: Vec<FoundSignature>,
    /// Document time stamps by themselves.
    pub document_time_stamps: Vec<DocumentTimeStamp>,
}

/// A document time stamp.
#[derive(Debug, Clone)]
pub struct DocumentTimeStamp {
    /// Name of its field.
    pub name: String,
    /// The time stamp.
    pub time_stamp: FoundTimeStamp,
    /// What it covers.
    pub coverage: Coverage,
    /// Broken rules; with any it is no proof.
    pub format_faults: Vec<String>,
    end: u64,
}

/// Reads all signatures of a file.
///
/// # Errors
/// [`PadesError::Pdf`]: the file itself is not one that is read; [`PadesError::TooManySignatures`]. What is wrong with one signature stands in it.
pub fn read(source: &dyn Source) -> Result<PdfSignatures, PadesError> {
    let document = Document::open(source)?;
    let fields = fields(&document)?;
    let signed: Vec<&Field> =
        fields.iter().filter(|field| field.is_signature() && field.dictionary.has("V")).collect();
    if signed.len() > MAX_SIGNATURES {
        return Err(PadesError::TooManySignatures { max: MAX_SIGNATURES });
    }
    let mut reading = Reading {
        document: &document,
        fields: &fields,
        in_doubt: names_in_doubt(&fields),
        digests: GapDigests::new(source),
        store: Store::of(&document)?,
    };
    let mut found = PdfSignatures::default();
    let mut ends = Vec::new();
    let mut values = BTreeSet::new();
    for field in signed {
        let value = field.dictionary.get("V").reference();
        if value.is_some_and(|value| !values.insert((value.number, value.generation))) {
            ends.push(u64::MAX);
            found.signatures.push(unread(&field.name, "its signature is that of another field".to_owned()));
            continue;
        }
        match locate(&document, field) {
            Err(fault) => {
                ends.push(u64::MAX);
                found.signatures.push(unread(&field.name, fault));
            }
            Ok(located) if located.dictionary.get("SubFilter").is_name("ETSI.RFC3161") => {
                found.document_time_stamps.push(reading.document_time_stamp(field, &located));
            }
            Ok(located) => {
                let signatures = reading.signature(field, &located);
                ends.extend(signatures.iter().map(|_| located.end));
                found.signatures.extend(signatures);
            }
        }
    }
    found.document_time_stamps.sort_by_key(|stamp| stamp.end);
    for (signature, end) in found.signatures.iter_mut().zip(ends) {
        let is_broken = |stamp: &&DocumentTimeStamp| stamp.end > end && !stamp.format_faults.is_empty();
        if let Some(stamp) = found.document_time_stamps.iter().find(is_broken) {
            let fault = format!("the document time stamp {:?} after the signature is not one", stamp.name);
            signature.format_faults.push(fault);
        }
        reading.add_store(signature, end, &found.document_time_stamps);
    }
    Ok(found)
}

/// A signature of which nothing is known but that it is there.
fn unread(name: &str, fault: String) -> FoundSignature {
    let mut found = FoundSignature::unread(SignatureFormat::Pades, name);
    found.format_faults.push(fault);
    found
}

/// Validation data of the file.
#[derive(Default)]
struct Store {
    certificates: Vec<Certificate>,
    revocation: EmbeddedRevocation,
}

impl Store {
    fn of(document: &Document<'_>) -> Result<Self, PdfError> {
        let data = Stored::of(document)?;
        let shared = |all: Vec<Vec<u8>>| all.into_iter().map(Arc::from).collect();
        Ok(Self {
            certificates: data
                .certificates
                .iter()
                .filter_map(|der| Certificate::from_der(der).ok())
                .collect(),
            revocation: EmbeddedRevocation { lists: shared(data.lists), answers: shared(data.answers) },
        })
    }

    /// SHA-256 of each piece.
    fn material(&self) -> impl Iterator<Item = [u8; 32]> {
        let certificates = self.certificates.iter().map(Certificate::sha256);
        certificates.chain(revocation_material(&self.revocation))
    }
}

fn revocation_material(revocation: &EmbeddedRevocation) -> impl Iterator<Item = [u8; 32]> {
    revocation.lists.iter().chain(&revocation.answers).map(|bytes| sha256(bytes))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

struct Reading<'a, 's> {
    document: &'a Document<'s>,
    fields: &'a [Field],
    in_doubt: BTreeSet<&'a str>,
    digests: GapDigests<'s>,
    store: Store,
}

impl Reading<'_, '_> {
    fn digest(&mut self, located: &Located, hash: Hash) -> Result<Vec<u8>, PdfError> {
        let tail = located.end.saturating_sub(located.gap.end);
        self.document.charge(tail)?;
        Ok(self.digests.digest(hash, &located.gap, located.end)?)
    }

    fn signature(&mut self, field: &Field, located: &Located) -> Vec<FoundSignature> {
        let sub_filter = located.dictionary.get("SubFilter");
        if !sub_filter.is_name("ETSI.CAdES.detached") && !sub_filter.is_name("adbe.pkcs7.detached") {
            let kind = if let Object::Name(name) = sub_filter { text(name) } else { String::new() };
            return vec![unread(&field.name, format!("signatures of the kind {kind:?} are not accepted"))];
        }
        // looked at first: each signer of a message costs a verification
        match SignedData::parse(&located.contents) {
            Ok(message) if message.signers.len() == 1 => {}
            Ok(_) => {
                let fault = "a signature in a PDF has exactly one signer";
                return vec![unread(&field.name, fault.to_owned())];
            }
            Err(error) => return vec![unread(&field.name, error.to_string())],
        }
        let mut trouble = None;
        let mut content = |hash| self.digest(located, hash).map_err(|error| trouble = Some(error)).ok();
        let read = cades::read(&located.contents, &mut content);
        let mut signatures = match read {
            Ok(signatures) => signatures,
            Err(error) => return vec![unread(&field.name, error.to_string())],
        };
        if signatures.is_empty() {
            return vec![unread(&field.name, "the signature has no signer".to_owned())];
        }
        let mut faults: Vec<String> = trouble.iter().map(ToString::to_string).collect();
        let (coverage, remarks) = self.coverage(field, located, &mut faults);
        for signature in &mut signatures {
            signature.format = SignatureFormat::Pades;
            signature.name.clone_from(&field.name);
            signature.coverage = coverage.clone();
            signature.format_faults.extend(faults.iter().cloned());
            signature.remarks.extend(remarks.iter().cloned());
            self.add_statement(located, signature);
        }
        signatures
    }

    fn add_statement(&self, located: &Located, signature: &mut FoundSignature) {
        let said = |key| match self.document.resolve(located.dictionary.get(key)) {
            Ok(Object::String(bytes)) => Some(bytes),
            _ => None,
        };
        let told = |key| said(key).map(|bytes| text(&bytes).chars().take(MAX_TEXT).collect::<String>());
        let time = said("M").and_then(|bytes| date(&bytes));
        match (time, signature.statement.signing_time) {
            (Some(time), None) => signature.statement.signing_time = Some(time),
            (Some(time), Some(other)) if time != other => {
                signature.remarks.push("the file and the signature in it state different times".to_owned());
            }
            _ => (),
        }
        if signature.statement.place.is_none() {
            signature.statement.place =
                told("Location").map(|location| Place { locality: Some(location), ..Place::default() });
        }
        if let Some(reason) = told("Reason") {
            signature.remarks.push(format!("the signer states as the reason: {reason}"));
        }
    }

    /// What of the file is covered; what was changed after it.
    fn coverage(
        &self,
        field: &Field,
        located: &Located,
        faults: &mut Vec<String>,
    ) -> (Coverage, Vec<String>) {
        if self.in_doubt.contains(field.name.as_str()) {
            faults.push("several fields have the name of this one".to_owned());
        }
        let left = self.document.end() - located.end;
        if left == 0 || self.is_white(located.end, left) {
            if self.document.cross_reference().trailing_bytes {
                faults.push("the file does not end as a PDF does".to_owned());
            }
            return (Coverage::Whole, Vec::new());
        }
        let coverage = Coverage::Parts(vec![format!("the revision of the first {} bytes", located.end)]);
        match self.changes(field, located) {
            Ok((changes, remarks)) => {
                faults.extend(changes);
                (coverage, remarks)
            }
            Err(error) => {
                faults.push(format!("what was changed after the signature cannot be told: {error}"));
                (coverage, Vec::new())
            }
        }
    }

    fn is_white(&self, start: u64, length: u64) -> bool {
        let few = usize::try_from(length).ok().filter(|length| *length <= 16);
        let bytes = few.and_then(|length| self.document.source().read(start, length).ok());
        bytes.is_some_and(|bytes| bytes.iter().all(|byte| matches!(byte, b' ' | b'\r' | b'\n' | b'\t' | 0)))
    }

    fn changes(&self, field: &Field, located: &Located) -> Result<(Vec<String>, Vec<String>), PdfError> {
        let revision = self.document.revision(located.end)?;
        let then = fields(&revision)?;
        let same = then.iter().find(|then| then.name == field.name && then.reference == field.reference);
        let same = same.and_then(|then| then.dictionary.get("V").reference());
        let number = located.reference.number;
        if same != Some(located.reference) || revision.entry(number) != self.document.entry(number) {
            let fault = "the signature is not in the revision that it covers".to_owned();
            return Ok((vec![fault], Vec::new()));
        }
        let judged = compare(&revision, &then, self.document, self.fields)?;
        Ok((judged.faults, judged.remarks))
    }

    fn document_time_stamp(&mut self, field: &Field, located: &Located) -> DocumentTimeStamp {
        let mut faults = Vec::new();
        let token = TimeStampToken::parse(&located.contents);
        let hash = token.as_ref().ok().and_then(TimeStampToken::hash);
        let covered_digest = hash.and_then(|hash| match self.digest(located, hash) {
            Ok(digest) => Some(digest),
            Err(error) => {
                faults.push(error.to_string());
                None
            }
        });
        let (coverage, _) = self.coverage(field, located, &mut faults);
        let then = self.document.revision(located.end).and_then(|revision| Store::of(&revision));
        let covered_material = then.map(|store| store.material().collect()).unwrap_or_default();
        DocumentTimeStamp {
            name: field.name.clone(),
            time_stamp: FoundTimeStamp {
                token: located.contents.clone(),
                covered_digest,
                certificates: self.store.certificates.iter().take(MAX_CERTIFICATES).cloned().collect(),
                claimed_time: token.ok().map(|token| token.gen_time()),
                covered_material,
                is_of_old_kind: false,
            },
            coverage,
            format_faults: faults,
            end: located.end,
        }
    }

    /// Adds what the file has beside the signature: validation data, and time stamps after it.
    fn add_store(&self, signature: &mut FoundSignature, end: u64, stamps: &[DocumentTimeStamp]) {
        let certificates = signature.certificates.iter().map(Certificate::sha256);
        let tokens = signature.signature_time_stamps.iter().chain(&signature.content_time_stamps);
        let tokens = tokens.map(|stamp| sha256(&stamp.token));
        let mut within: Vec<[u8; 32]> =
            certificates.chain(revocation_material(&signature.revocation)).chain(tokens).collect();
        for stamp in stamps.iter().filter(|stamp| stamp.end > end) {
            if stamp.format_faults.is_empty() {
                let mut found = stamp.time_stamp.clone();
                found.covered_material.extend(&within);
                signature.archive_time_stamps.push(found);
                within.push(sha256(&stamp.time_stamp.token));
            } else {
                let remark =
                    format!("the document time stamp {:?} breaks rules and proves nothing", stamp.name);
                signature.remarks.push(remark);
            }
        }
        let known: BTreeSet<[u8; 32]> = signature.certificates.iter().map(Certificate::sha256).collect();
        let others = self.store.certificates.iter().filter(|one| !known.contains(&one.sha256())).cloned();
        signature.certificates.extend(others);
        signature.certificates.truncate(MAX_CERTIFICATES);
        signature.revocation.lists.extend(self.store.revocation.lists.iter().cloned());
        signature.revocation.answers.extend(self.store.revocation.answers.iter().cloned());
    }
}

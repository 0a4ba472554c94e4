//! What JavaScript sees: `sdk/sign/src/ambient.d.ts`. Errors are the JSON of [`Refusal`].

#![allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    reason = "JavaScript calls, and gives away what it passes"
)]

use bitaqa_protocol::signing_request::SigningRequest;
use bitaqa_signature::{
    document::whole,
    pades::overview,
    pdf::{Source, SourceError},
};
use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{
    JsCast,
    prelude::{JsValue, wasm_bindgen},
};

use crate::{Code, Refusal, Request, hashing, levels, pdf, preparation, signer, trust, verification};

fn told(refusal: Refusal) -> String {
    refusal.to_json()
}

fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| told(Refusal::new(Code::Internal, error)))
}

fn request(json: &str) -> Result<Request, String> {
    Request::parse(json.as_bytes()).map_err(told)
}

/// Trusted lists and evidence may be long; JavaScript bounds what it fetches.
fn input<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| told(Refusal::new(Code::RequestInvalid, error)))
}

#[wasm_bindgen]
extern "C" {
    /// A file that JavaScript reads.
    pub type FileReader;

    #[wasm_bindgen(method, structural, getter, catch)]
    fn size(this: &FileReader) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn read(this: &FileReader, offset: f64, length: f64) -> Result<Vec<u8>, JsValue>;
}

/// A document: its bytes, or who reads them.
enum Document {
    Bytes(Uint8Array),
    Ranges { reader: FileReader, length: u64 },
}

impl Document {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is no length is a short file"
    )]
    fn of(value: JsValue) -> Result<Self, String> {
        let reader = match value.dyn_into::<Uint8Array>() {
            Ok(bytes) => return Ok(Self::Bytes(bytes)),
            Err(value) => value.unchecked_into::<FileReader>(),
        };
        let refuse =
            || Refusal::new(Code::RequestInvalid, "a document is a Uint8Array, or has size and read");
        let size = reader.size().ok().filter(|size| size.is_finite());
        let length = size.ok_or_else(|| told(refuse()))? as u64;
        Ok(Self::Ranges { reader, length })
    }
}

impl Source for Document {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => u64::from(bytes.length()),
            Self::Ranges { length, .. } => *length,
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "no file is as long")]
    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        let end = offset.checked_add(length as u64).filter(|end| *end <= self.length());
        let end = end.ok_or(SourceError::End)?;
        let unreadable = |what: &str| SourceError::Unreadable(what.to_owned());
        match self {
            Self::Bytes(bytes) => {
                let place = |at: u64| u32::try_from(at).map_err(|_| SourceError::End);
                Ok(bytes.subarray(place(offset)?, place(end)?).to_vec())
            }
            Self::Ranges { reader, .. } => match reader.read(offset as f64, length as f64) {
                Ok(bytes) if bytes.len() == length => Ok(bytes),
                Ok(_) => Err(unreadable("another number of bytes came than was asked for")),
                Err(_) => Err(unreadable("the function `read` threw")),
            },
        }
    }
}

/// Documents.
#[wasm_bindgen]
#[derive(Default)]
pub struct Contents(Vec<Vec<u8>>);

#[wasm_bindgen]
impl Contents {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, document: JsValue) -> Result<(), String> {
        let bytes = whole(&Document::of(document)?).map_err(|error| told(error.into()))?;
        self.0.push(bytes);
        Ok(())
    }
}

/// JSON of [`preparation::Plan`].
#[wasm_bindgen]
pub fn plan(input: &str) -> Result<String, String> {
    json(&preparation::plan(&request(input)?).map_err(told)?)
}

/// See [`pdf::Place`].
#[wasm_bindgen]
pub struct Place(pdf::Place);

#[wasm_bindgen]
impl Place {
    /// JSON: the request for [`prepare`].
    pub fn request(&self) -> Result<String, String> {
        json(&self.0.request)
    }

    /// Bytes that follow the whole file where the digest is taken.
    pub fn then(&self) -> Vec<u8> {
        self.0.then.clone()
    }
}

/// See [`pdf::place`].
#[wasm_bindgen]
pub fn place(input: &str, document: JsValue) -> Result<Place, String> {
    pdf::place(request(input)?, &Document::of(document)?).map(Place).map_err(told)
}

/// JSON of [`bitaqa_signature::pades::Overview`].
#[wasm_bindgen]
pub fn inspect(document: JsValue) -> Result<String, String> {
    json(&overview(&Document::of(document)?).map_err(|error| told(error.into()))?)
}

/// See [`preparation::Prepared`].
#[wasm_bindgen]
pub struct Prepared(preparation::Prepared);

#[wasm_bindgen]
impl Prepared {
    /// The bytes to be signed.
    #[wasm_bindgen(js_name = toBeSigned)]
    pub fn to_be_signed(&self) -> Vec<u8> {
        self.0.to_be_signed.clone()
    }

    /// Their digest.
    pub fn digest(&self) -> Vec<u8> {
        self.0.digest.clone()
    }

    /// For [`finish`].
    pub fn state(&self) -> Vec<u8> {
        self.0.state.clone()
    }
}

/// See [`preparation::prepare`].
#[wasm_bindgen]
pub fn prepare(input: &str, contents: Contents) -> Result<Prepared, String> {
    preparation::prepare(request(input)?, &contents.0).map(Prepared).map_err(told)
}

/// See [`preparation::Finished`].
#[wasm_bindgen]
pub struct Finished(preparation::Finished);

#[wasm_bindgen]
impl Finished {
    /// Whether the bytes belong at the end of the document.
    #[wasm_bindgen(js_name = isAppended)]
    pub fn is_appended(&self) -> bool {
        matches!(self.0, preparation::Finished::Appended(_))
    }

    /// The bytes.
    pub fn bytes(self) -> Vec<u8> {
        match self.0 {
            preparation::Finished::File(bytes) | preparation::Finished::Appended(bytes) => bytes,
        }
    }
}

/// See [`preparation::finish`].
#[wasm_bindgen]
pub fn finish(state: &[u8], signature: &[u8], contents: Contents) -> Result<Finished, String> {
    preparation::finish(state, signature, &contents.0).map(Finished).map_err(told)
}

/// See [`preparation::contents_needed`].
#[wasm_bindgen(js_name = contentsNeeded)]
pub fn contents_needed(state: &[u8]) -> Result<usize, String> {
    preparation::contents_needed(state).map_err(told)
}

/// See [`verification::verify`]; JSON of [`verification::Verified`].
#[wasm_bindgen]
pub fn verify(document: JsValue, asked: &str, contents: Contents) -> Result<String, String> {
    json(&verification::verify(&Document::of(document)?, input(asked)?, &contents.0).map_err(told)?)
}

/// See [`levels::Raised`].
#[wasm_bindgen]
pub struct Raised(levels::Raised);

#[wasm_bindgen]
impl Raised {
    /// JSON of what has to be answered first; nothing if the file is there.
    pub fn needs(&self) -> Result<Option<String>, String> {
        match &self.0 {
            levels::Raised::Needs(needs) => json(needs).map(Some),
            levels::Raised::Done { .. } => Ok(None),
        }
    }

    /// JSON of [`levels::Reached`]; nothing if it is not there.
    pub fn reached(&self) -> Result<Option<String>, String> {
        match &self.0 {
            levels::Raised::Needs(_) => Ok(None),
            levels::Raised::Done { reached, .. } => json(reached).map(Some),
        }
    }

    /// The file; nothing if it is not there.
    pub fn file(self) -> Option<Finished> {
        match self.0 {
            levels::Raised::Needs(_) => None,
            levels::Raised::Done { file, .. } => Some(Finished(file)),
        }
    }
}

/// See [`levels::raise`].
#[wasm_bindgen]
pub fn raise(document: JsValue, asked: &str, contents: Contents) -> Result<Raised, String> {
    levels::raise(&Document::of(document)?, input(asked)?, &contents.0).map(Raised).map_err(told)
}

/// See [`trust::trusted_list`]; JSON of [`trust::ListSummary`].
#[wasm_bindgen(js_name = trustedList)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is no time is long ago")]
pub fn trusted_list(lists: &str, at: f64) -> Result<String, String> {
    json(&trust::trusted_list(&input::<Vec<trust::StatedList>>(lists)?, at as u64).map_err(told)?)
}

/// Reads what a page asked the extension about documents: the same JSON back where it is a request, with its defaults. What is thrown
/// is the JSON of an `ErrorReport`.
#[wasm_bindgen(js_name = signingRequest)]
pub fn signing_request(text: &str) -> Result<String, String> {
    let written = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
    SigningRequest::parse(text)
        .map(|request| written(serde_json::to_string(&request)))
        .map_err(|report| written(serde_json::to_string(&report)))
}

/// See [`signer::names`]; JSON of the list.
#[wasm_bindgen(js_name = signerNames)]
pub fn signer_names(certificate: &[u8]) -> Result<String, String> {
    json(&signer::names(certificate).map_err(told)?)
}

/// See [`signer::is_wanted`]; `wanted`: JSON of `CertificateWanted`.
#[wasm_bindgen(js_name = isWanted)]
pub fn is_wanted(certificate: &[u8], wanted: &str) -> Result<bool, String> {
    signer::is_wanted(certificate, &input(wanted)?).map_err(told)
}

/// See [`hashing::PieceHasher`].
#[wasm_bindgen]
pub struct Hasher(hashing::PieceHasher);

#[wasm_bindgen]
impl Hasher {
    /// By name: a hash, and `bytes` or `base64url`.
    #[wasm_bindgen(constructor)]
    pub fn new(hash: &str, form: &str) -> Result<Self, String> {
        hashing::PieceHasher::named(hash, form).map(Self).map_err(told)
    }

    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest; uses it up.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish()
    }
}

//! What JavaScript sees: `sdk/sign/src/core.ts`. Errors are the JSON of [`Refusal`].

#![allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    reason = "JavaScript calls, and gives away what it passes"
)]

use bitaqa_signature::pdf::{Source, source::SourceError};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{Code, Refusal, Request, levels, pdf, preparation, verification};

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

    #[wasm_bindgen(method, structural, catch)]
    fn read(this: &FileReader, offset: f64, length: f64) -> Result<Vec<u8>, JsValue>;
}

struct Read<'a> {
    reader: &'a FileReader,
    length: u64,
}

impl Source for Read<'_> {
    fn length(&self) -> u64 {
        self.length
    }

    #[allow(clippy::cast_precision_loss, reason = "no file is as long")]
    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        if offset.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(SourceError::End);
        }
        match self.reader.read(offset as f64, length as f64) {
            Ok(bytes) if bytes.len() == length => Ok(bytes),
            Ok(_) => {
                Err(SourceError::Unreadable("another number of bytes came than was asked for".to_owned()))
            }
            Err(_) => Err(SourceError::Unreadable("the function `read` threw".to_owned())),
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
    pub fn add(&mut self, content: Vec<u8>) {
        self.0.push(content);
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
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is no length is a short file"
)]
pub fn place(input: &str, reader: &FileReader, length: f64) -> Result<Place, String> {
    let source = Read { reader, length: length as u64 };
    pdf::place(request(input)?, &source).map(Place).map_err(told)
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
pub fn verify(file: &[u8], asked: &str, contents: Contents) -> Result<String, String> {
    json(&verification::verify(file, input(asked)?, &contents.0).map_err(told)?)
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
    pub fn file(self) -> Option<Vec<u8>> {
        match self.0 {
            levels::Raised::Needs(_) => None,
            levels::Raised::Done { file, .. } => Some(file),
        }
    }
}

/// See [`levels::raise`].
#[wasm_bindgen]
pub fn raise(file: &[u8], asked: &str, contents: Contents) -> Result<Raised, String> {
    levels::raise(file, input(asked)?, &contents.0).map(Raised).map_err(told)
}

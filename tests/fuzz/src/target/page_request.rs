//! Requests of web pages: for sign-ins and identity, and about documents.

use bitaqa_protocol::{page::PageRequest, signing_request::SigningRequest};

use super::written;

pub(crate) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(request) = PageRequest::parse(text) {
        written(&request);
        let again = serde_json::to_string(&request).unwrap_or_default();
        assert_eq!(PageRequest::parse(&again), Ok(request), "what is written again says the same");
    }
    if let Ok(request) = SigningRequest::parse(text) {
        written(&request);
        let again = serde_json::to_string(&request).unwrap_or_default();
        assert_eq!(SigningRequest::parse(&again), Ok(request), "what is written again says the same");
    }
}

//! Signatures in JSON: JAdES (TS 119 182-1 V1.2.1), which are JWS (RFC 7515) with more said in their headers.
//!
//! The protected header carries all that the signer says; nothing else of a signature is signed. The unprotected header has
//! one member, `etsiU`, where time stamps and validation data are added later. Content is in the JWS (*attached*), or
//! elsewhere and named with its digest in `sigD` (mechanism `ObjectIdByURIHash`), or known to whoever verifies.
//!
//! | module | what it does |
//! |---|---|
//! | [`algorithm`] | names of algorithms and hashes (RFC 7518, TS 119 182-1) |
//! | [`detached`] | content outside of the signature, and `sigD` |
//! | [`mod@prepare`] | makes signatures, in two steps |
//! | [`extension`] | adds time stamps, validation data and counter-signatures to what is there |
//! | [`mod@read`] | finds the signatures of a document and verifies them mathematically |
//!
//! HTTP headers (`HttpHeaders`) and content by name without digest (`ObjectIdByURI`) are not made, and are reported as not
//! found when read: neither can be looked up without asking others.

pub mod algorithm;
pub mod detached;
pub mod extension;
pub mod prepare;
pub mod read;

mod document;
mod error;
mod payload;
mod protected_header;
mod statement;
mod time_stamps;
mod unsigned;

pub use detached::{DetachedContent, DetachedObject, NoContent};
pub use error::JadesError;
pub use prepare::{Content, Options, Prepared, Serialization, prepare, prepare_beside};
pub use read::read;

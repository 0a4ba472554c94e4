//! What the pages of our own servers share, the example portal's and the platform's.
//!
//! - [`assets`]: the look, and the module `@bitaqa/web` from its folder;
//! - [`language`] and [`words`]: which language a page has, and its texts;
//! - [`refused_token`], [`refused_identity`]: the sentence for a refused answer of a card;
//! - [`same_origin`] and [`security_headers`]: what protects a page and what it sends;
//! - [`event_log`]: one line for what happened.

pub mod assets;
pub mod event_log;
pub mod language;
pub mod refused_identity;
pub mod refused_token;
pub mod same_origin;
pub mod security_headers;
pub mod words;

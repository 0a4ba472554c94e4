//! The native messaging host: what stands between the browser's extension and the card in the reader.
//!
//! | module | what it does |
//! |---|---|
//! | `native_messaging` | start and end of the process |
//! | `caller` | who started it |
//! | `port` | frames in and out |
//! | `session` | version, requests side by side, cancel |
//! | `sign_in` | find the card, ask the person, sign |
//! | `validation_data` | what is fetched for the extension |
//! | `document_trust` | who is believed about signed documents, for the extension |
//! | [`profile_folder`] | card profiles of the administrator |
//! | [`trust_folder`] | trust packs of the administrator |
//! | [`root_folder`] | what only the administrator writes |
//! | [`reader`] | PC/SC |
//! | [`document_key`] | which of a card's certificates can be used for documents |
//! | [`key_size()`] | a certificate's key in the words of the card layer |
//! | [`system_random()`] | random bytes |
//! | [`photo`] | a card's pictures, decoded in a child |
//! | [`remembered`] | card access numbers in the keystore, asked by a child |
//! | [`window`] | the window, in a child process |

mod caller;
mod card_cache;
mod document_trust;
mod idle_memory;
mod key_size;
mod native_messaging;
mod port;
mod session;
mod shortened;
mod sign_in;
mod system_random;
mod validation_data;

pub mod document_key;
pub mod photo;
pub mod profile_folder;
pub mod reader;
pub mod remembered;
pub mod trust_folder;
pub mod window;

pub use bitaqa_root_folder as root_folder;
pub use key_size::key_size;
pub use native_messaging::run_host;
pub use system_random::system_random;

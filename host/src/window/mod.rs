//! The window: what a person reads, agrees to and types a PIN into.
//!
//! It runs in a short-lived child process of the same program, so that the host stays small and the toolkit's memory goes
//! away with it. [`parent`] starts the child and shows scenes; [`run_window_child`] is the child.
//!
//! | module | what it is |
//! |---|---|
//! | [`message`] | what both ends say to each other |
//! | [`frame`] | how the child's answers are cut into frames |
//! | [`locked_pin`] | a PIN in memory that is locked, zeroised and never copied |
//! | [`access_number`] | the same of the number printed on a card |
//! | [`mrz_entry`] | the same of what the machine readable zone says |
//! | [`picture`] | a decoded picture on its way to the child |
//! | [`parent`] | the host's end |
//! | `child` and the rest | the window itself, with the feature `window` |
//!
//! Neither PIN nor number ever enters the toolkit: keys are taken before it sees them and go into locked memory, and the toolkit
//! is told how many there are. The number is no secret from whoever holds the card, but screens are looked at and recorded, and
//! whoever knows it can read the chip by radio.

pub mod access_number;
pub mod frame;
mod locked_page;
pub mod locked_pin;
pub mod message;
pub mod mrz_entry;
pub mod parent;
pub mod picture;
mod process_hardening;

#[cfg(feature = "window")]
mod announcement;
#[cfg(feature = "window")]
mod asked;
#[cfg(feature = "window")]
mod child;
#[cfg(feature = "window")]
mod claim_texts;
#[cfg(feature = "window")]
mod consent_choice;
#[cfg(feature = "window")]
mod consent_view;
#[cfg(feature = "window")]
mod date;
#[cfg(feature = "window")]
mod desktop_settings;
#[cfg(feature = "window")]
mod display_server;
#[cfg(feature = "window")]
mod documents_view;
#[cfg(feature = "window")]
mod font_folder;
#[cfg(feature = "window")]
mod fonts;
#[cfg(feature = "window")]
mod key_input;
#[cfg(feature = "window")]
mod label_entry;
#[cfg(feature = "window")]
mod logo;
#[cfg(feature = "window")]
mod open_window;
#[cfg(feature = "window")]
mod origin_lines;
#[cfg(feature = "window")]
mod pin_view;
#[cfg(feature = "window")]
mod release_view;
#[cfg(feature = "window")]
mod scene_view;
#[cfg(feature = "window")]
mod secret_entry;
#[cfg(feature = "window")]
mod texts;
#[cfg(feature = "window")]
mod typed_fields;
#[cfg(feature = "window")]
mod ui;

pub use access_number::AccessNumber;
#[cfg(feature = "window")]
pub use child::run_window_child;
pub use locked_pin::LockedPin;
pub use mrz_entry::MrzEntry;
pub use picture::Picture;
pub use process_hardening::harden_process;

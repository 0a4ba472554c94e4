//! A smart card reader that is not there: a driver ("IFD handler", version 3.0) that the real pcscd loads.
//!
//! The card, and the person at the reader's key pad, are in another process behind a Unix socket; the driver only
//! carries messages there ([`wire`]) and does what the electronics of a reader do: it knows whether a card is present
//! and says so at once, keeps the limits of its make, and fills a PIN from its key pad into a command (PC/SC part 10).
//! A reader whose other process is not there is a reader without a card.
//!
//! A reader is described in a file of pcscd's configuration directory; its options stand in [`device_name`].
//!
//! | module | what |
//! |---|---|
//! | [`wire`] | messages between driver and card process |
//! | [`device_name`] | a reader's socket and options |
//! | [`reader`] | a reader: presence, power, transmission, events |
//! | [`part10`] | the key pad: features, properties, VERIFY and MODIFY |
//! | [`pin_structure`] | the structures PIN_VERIFY and PIN_MODIFY, and the commands made of them |
//! | `execute_pace`, `pace`, `secure_channel` | PACE by the reader: its control code, running it, protecting what clients send |
//! | `ifd_handler` | the functions that pcscd calls |

pub mod device_name;
mod execute_pace;
mod pace;
pub mod part10;
pub mod pin_structure;
pub mod reader;
mod secure_channel;
pub mod wire;

#[allow(unsafe_code)]
mod ifd_handler;

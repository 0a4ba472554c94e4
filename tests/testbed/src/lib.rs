//! The one way to start a card environment in a test.
//!
//! A [`Testbed`] starts a pcscd of its own, in a mount namespace of its own, with readers of our own driver
//! (`bitaqa-virtual-reader`), and holds the software cards (`bitaqa-virtual-card`) that can be put into them. It never
//! touches the machine's own pcscd or card readers, opens no network port, and everything that it started ends with
//! it. Clients find its pcscd through the environment variable `PCSCLITE_CSOCK_NAME` ([`Testbed::socket`]), which
//! libpcsclite reads once per process: start the client with [`Testbed::command`].
//!
//! ```no_run
//! use bitaqa_testbed::{CardSpec, ReaderOptions, Testbed};
//!
//! # fn main() -> Result<(), bitaqa_testbed::TestbedError> {
//! let bed = Testbed::builder().reader(ReaderOptions::default()).start()?;
//! let card = bed.insert(0, &CardSpec::esteid())?;
//! let listed = bed.command("opensc-tool").arg("--name").output();
//! assert_eq!(card.verify_count(), 0);
//! # Ok(())
//! # }
//! ```
//!
//! Tests in other languages use the same thing as a program: `bitaqa-testbed serve`, described in [`protocol`].

pub mod protocol;

mod card_handle;
mod driver_library;
mod own_folder;
mod own_root;
mod pin_pad;
mod reader_options;
mod serve;
mod service;
mod slot;
mod testbed;

pub use bitaqa_virtual_card::{
    CardSpec, Certificates, Cost, Effect, Misbehaviour, Person, Pki,
    card::RenewalError,
    command_log::LogEntry,
    pin::Pin,
    pki::{Certificate, Variant},
    private_key::KeyKind,
    rules::{Protocol, StatusQuery},
    spec::{
        Activation, Dialect, Generation, Holder, Hypothesis, Interface, Lifecycle, Personality, PinFormatName,
    },
};
pub use bitaqa_virtual_reader::wire::Prompt;
pub use card_handle::CardHandle;
pub use own_root::{OwnRoot, profile_of};
pub use pin_pad::PinPad;
pub use reader_options::{Lengths, PaceKind, PinPadKind, ReaderOptions};
pub use serve::serve;
pub use testbed::{Builder, Testbed, TestbedError};

//! Containers of files and signatures: ASiC (EN 319 162-1), ZIP archives whose folder `META-INF` has signatures over the files
//! beside it.
//!
//! | kind | content | signatures |
//! |---|---|---|
//! | ASiC-S | one file | `signature.p7s` or `signatures.xml` over it, or `timestamp.tst` |
//! | ASiC-E | any number | `signature*.p7s` or `timestamp*.tst`, each over an `ASiCManifest*.xml` with the files' digests; `signatures*.xml` |
//!
//! | module | what it does |
//! |---|---|
//! | [`zip`] | archives with one reading only |
//! | [`container`] | a container, its kind and its parts |
//! | [`manifest`] | which files a signature covers |
//! | [`mod@prepare`] | makes containers, and adds signatures |
//! | [`extension`] | raises signatures to higher levels; archive manifests |
//! | [`mod@read`] | finds signatures and time stamps and verifies them mathematically |
//!
//! Evidence records are not looked at, and said to be there.

pub mod container;
pub mod extension;
pub mod manifest;
pub mod prepare;
pub mod read;
pub mod zip;

mod archive;
mod covered;
mod error;

pub use container::{Container, ContainerKind};
pub use error::{AsicError, ManifestFault};
pub use prepare::{File, Prepared, PreparedBeside, SignatureKind, prepare, prepare_beside};
pub use read::{ContainerTimeStamp, FoundContainer, read};

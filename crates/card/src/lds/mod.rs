//! The logical data structure of travel documents and identity cards with an ICAO chip (ICAO Doc 9303-10).

pub mod mrz;

mod com;
mod digest;
mod elementary_file;
mod image;
mod personal;
mod sod;
mod template;
#[cfg(test)]
pub(crate) mod tr_03105_5;
#[cfg(test)]
mod truncation;

pub use com::Com;
pub use digest::DigestAlgorithm;
pub use elementary_file::{APPLICATION, DataGroup, ElementaryFile};
pub use image::{Dimensions, Image, ImageFormat};
pub use mrz::{DocumentNumber, Mrz, MrzDate, MrzKey};
pub use personal::Personal;
pub use sod::{GroupDigest, LdsSecurityObject, LdsVersionInfo, Sod};
pub use template::{FullDate, Text};

//! The logical data structure of travel documents and identity cards with an ICAO chip (ICAO Doc 9303-10).
//!
//! Parsers take the bytes of a whole file, are bounded, and refuse with the place or the name of what is wrong; no value about
//! a person shows in debug output. Nothing here is proof of origin: what exists and whether it is unchanged is what
//! [`Sod`] says, and who says so is for passive authentication.
//!
//! | file | what it reads |
//! |---|---|
//! | [`LdsReader`] | files over a channel, in the least number of commands |
//! | [`ElementaryFile`], [`DataGroup`] | their identifiers, tags and bounds |
//! | [`mrz`], [`Dg1`] | the machine readable zone, and the key that opens a chip |
//! | [`Sod`] | which groups exist, and their digests, with all that a verifier needs |
//! | [`Com`] | EF.COM, informative only |
//! | [`AtrInfo`] | what a chip can carry; EF.DIR is [`ef_dir`](crate::pkcs15::ef_dir)'s |
//! | [`Dg2`], [`Dg3`] | faces and fingers in their biometric templates |
//! | [`Dg5`], [`Dg7`] | portrait and signature as printed |
//! | [`Dg11`], [`Dg12`], [`Dg16`] | details of person and document, persons to notify |
//! | [`Dg13`], [`Dg14`], [`Dg15`] | content that others understand |

pub mod mrz;

mod atr_info;
mod biometric;
mod com;
mod dg1;
mod dg11;
mod dg12;
mod dg16;
mod dg2;
mod dg3;
mod displayed_image;
mod elementary_file;
mod face_image_data_block;
mod facial_record;
mod image;
mod national_name;
mod opaque;
mod personal;
mod reader;
mod record_reader;
mod sod;
mod template;
#[cfg(test)]
pub(crate) mod tr_03105_5;
#[cfg(test)]
mod truncation;

pub use crate::digest_algorithm::DigestAlgorithm;
pub use atr_info::{AtrInfo, CardCapabilities, ExtendedLength};
pub use biometric::BiometricHeader;
pub use com::Com;
pub use dg1::Dg1;
pub use dg2::{Dg2, Face, FaceEncoding};
pub use dg3::{Dg3, Finger, FingerCompression};
pub use dg11::Dg11;
pub use dg12::{Dg12, Personalisation};
pub use dg16::{Dg16, PersonToNotify};
pub use displayed_image::{Dg5, Dg7};
pub use elementary_file::{APPLICATION, DataGroup, ElementaryFile};
pub use image::{Dimensions, Image, ImageFormat};
pub use mrz::{DocumentNumber, Mrz, MrzDate, MrzKey};
pub use national_name::{NationalName, parts};
pub use opaque::{Dg13, Dg14, Dg15};
pub use personal::Personal;
pub use reader::{Content, LdsReader, Progress};
pub use sod::{GroupDigest, LdsSecurityObject, LdsVersionInfo, Sod};
pub use template::{FullDate, Text};

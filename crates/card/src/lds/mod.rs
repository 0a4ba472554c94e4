//! The logical data structure of travel documents and identity cards with an ICAO chip (ICAO Doc 9303-10).

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
mod digest;
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

pub use atr_info::{AtrInfo, CardCapabilities, ExtendedLength};
pub use biometric::BiometricHeader;
pub use com::Com;
pub use dg1::Dg1;
pub use dg2::{Dg2, Face, FaceEncoding};
pub use dg3::{Dg3, Finger, FingerCompression};
pub use dg11::Dg11;
pub use dg12::{Dg12, Personalisation};
pub use dg16::{Dg16, PersonToNotify};
pub use digest::DigestAlgorithm;
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

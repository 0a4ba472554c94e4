//! The logical data structure of travel documents and identity cards with an ICAO chip (ICAO Doc 9303-10).

pub mod mrz;

mod personal;

pub use mrz::{DocumentNumber, Mrz, MrzDate, MrzKey};
pub use personal::Personal;

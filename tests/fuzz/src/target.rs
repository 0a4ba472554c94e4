//! The targets, one file for each kind of input.

mod active_authentication;
mod biometric;
mod chip;
mod cvc;
mod discovery;
mod frame;
mod gcc;
mod ias_ecc;
mod icao_pki;
mod issuer_supplied;
mod jose;
mod lds;
mod mediation;
mod pace;
mod page_request;
mod passive_authentication;
mod picture;
mod piv;
mod pkcs15;
mod profile;
mod revocation;
mod secure_messaging;
mod signature_formats;
mod signatures;
mod sod;
mod tlv;
mod to_be_signed;
mod trust;

use std::fmt::Debug;

use bitaqa_card::{
    lds::{DocumentNumber, MrzDate, MrzKey},
    pace::Can,
    profile::Link,
    transport::Limits,
};

pub use gcc::files as gcc_files;
pub use jose::{TYPE as JOSE_TYPE, keys as jose_keys};
pub use lds::FILES as LDS_FILES;
pub use mediation::joined as joined_statements;
pub use pace::VARIANTS as PACE_VARIANTS;
pub use pkcs15::FILES as PKCS15_FILES;
pub use revocation::{AUTHORITY, HOLDER};
pub use secure_messaging::CIPHERS as SECURE_MESSAGING_CIPHERS;
pub use trust::{PACK as TRUST_PACK, STATEMENT, signed, with_key};

pub(crate) use active_authentication::run as active_authentication;
pub(crate) use biometric::run as biometric;
pub(crate) use chip::run as chip;
pub(crate) use cvc::run as cvc;
pub(crate) use discovery::run as discovery;
pub(crate) use frame::run as frame;
pub(crate) use gcc::run as gcc;
pub(crate) use ias_ecc::run as ias_ecc;
pub(crate) use icao_pki::run as icao_pki;
pub(crate) use issuer_supplied::run as issuer_supplied;
pub(crate) use jose::{jwe, jws};
pub(crate) use lds::run as lds;
pub(crate) use mediation::run as mediation;
pub(crate) use pace::run as pace;
pub(crate) use page_request::run as page_request;
pub(crate) use passive_authentication::run as passive_authentication;
pub(crate) use picture::run as picture;
pub(crate) use piv::run as piv;
pub(crate) use pkcs15::run as pkcs15;
pub(crate) use profile::run as profile;
pub(crate) use revocation::{crl, ocsp};
pub(crate) use secure_messaging::run as secure_messaging;
pub(crate) use signature_formats::{cms, xml, zip};
pub(crate) use signatures::{signed_file, signed_pdf, time_stamp, trusted_list};
pub(crate) use sod::run as sod;
pub(crate) use tlv::run as tlv;
pub(crate) use to_be_signed::run as to_be_signed;
pub(crate) use trust::{statement, trust_pack};

/// Lengths that every card can take, and chaining.
const SHORT: Link = Link { extended_length: false, chaining: true, max_response: 256 };
/// Lengths of a card and a reader that can take any.
const LONG: Link = Link { extended_length: true, chaining: true, max_response: 65_536 };
const LONG_READER: Limits = Limits { command: 65_544, answer: 65_538 };

/// Card and reader, by one bit of an input.
const fn lengths(choice: u8) -> (Link, Limits) {
    if choice & 1 == 0 { (SHORT, Limits { command: 261, answer: 258 }) } else { (LONG, LONG_READER) }
}

/// Random bytes that are none: the same in each run, so that recorded answers of a card stay right.
pub fn draws() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u8;
    move |buffer: &mut [u8]| {
        for byte in buffer {
            count = count.wrapping_add(1);
            *byte = count;
        }
    }
}

/// The card access number of the software cards.
#[must_use]
pub fn can() -> Option<Can> {
    Can::new("123456")
}

/// A machine readable zone's key: that of the holder `amina` of the software cards.
#[must_use]
pub fn zone() -> Option<MrzKey> {
    let number = DocumentNumber::new("AB1234560")?;
    let birth = MrzDate::new(Some(90), Some(1), Some(1))?;
    let expiry = MrzDate::new(Some(31), Some(12), Some(31))?;
    Some(MrzKey::new(&number, birth, expiry))
}

/// The first byte of an input, which chooses, and the rest.
fn choice(input: &[u8]) -> (u8, &[u8]) {
    input.split_first().map_or((0, input), |(first, rest)| (*first, rest))
}

/// Has a result written as a log would: that ends as well.
fn written(value: &impl Debug) {
    let _ = format!("{value:?}");
}

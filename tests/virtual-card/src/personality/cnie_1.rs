//! A card that opens with its issuer's key: a construct of the tests.
//!
//! How the first generation of the Moroccan card is read is not public. This card says nothing about it; it exists so
//! that an issuer's profile (a module that answers the card's challenge, then says which files hold what) can be
//! tried: select the application, GET CHALLENGE of 16 bytes, EXTERNAL AUTHENTICATE `00 82 00 01` with the AES-CMAC of
//! the challenge under [`TEST_ISSUER_KEY`], then read.
//!
//! | file | holds |
//! |---|---|
//! | `0001` | data objects: `81` surname, `82` given names, `83` country, `84` personal number |
//! | `0002` | a portrait (JPEG) |

use super::{Certificates, Made, bahrain_2016::PORTRAIT};
use crate::{
    atr,
    ber_tlv::object,
    chip::Contents,
    file_system::{Access, FileSystem},
    issuer_key::IssuerKey,
    pki::Pki,
    rules::{Protocol, Rules},
    spec::{CardSpec, SpecError},
};

/// The application: a proprietary name (ISO 7816-4, section 12.2.3, category F) that spells this project's.
pub const APPLICATION: &[u8; 9] = b"\xF0BTQTEST1";
/// The key of no issuer: a test key, known to everybody.
pub const TEST_ISSUER_KEY: [u8; 16] = *b"Bitaqa test key1";
/// The reference of the key.
pub const ISSUER_KEY_REFERENCE: u8 = 0x01;
/// What an issuer would supply for it: a profile in the card layer's format (TOML).
pub const ISSUER_PROFILE: &str = r#"
    schema = 1
    title = "A card that opens with its issuer's key"
    [recognise]
    application = "F04254515445535431"
    [link]
    extended-length = false
    chaining = false
    max-response = 256
    [authenticate]
    kind = "external"
    challenge-length = 16
    key-reference = 0x01
    [[file]]
    name = "person"
    path = "0001"
    max-size = 512
    [[file]]
    name = "portrait"
    path = "0002"
    max-size = 4096
    [[claim]]
    name = "family-name"
    file = "person"
    field = { kind = "data-object", path = ["81"] }
    form = "text"
    [[claim]]
    name = "personal-number"
    file = "person"
    field = { kind = "data-object", path = ["84"] }
    form = "text"
    [[claim]]
    name = "birth"
    file = "person"
    field = { kind = "data-object", path = ["99"] }
    form = "date"
    [[claim]]
    name = "portrait"
    file = "portrait"
    field = { kind = "whole" }
    form = "bytes"
"#;

pub(crate) fn make(spec: &CardSpec, _: &Pki) -> Result<Made, SpecError> {
    let person = spec.holder()?;
    let mut files = FileSystem::new(None);
    let master = files.master_file();
    let application = files.add_directory(master, 0x5001, Some(APPLICATION));
    let fields = [
        (0x81, &person.surname),
        (0x82, &person.given_name),
        (0x83, &person.country),
        (0x84, &person.serial_number),
    ];
    let data = fields.iter().flat_map(|(tag, text)| object(*tag, text.as_bytes())).collect();
    for (id, content) in [(0x0001, data), (0x0002, PORTRAIT.to_vec())] {
        let file = files.add_file(application, id, content);
        files.set_read(file, Access::AfterIssuerKey);
    }
    let issuer_key = Some(IssuerKey::new(ISSUER_KEY_REFERENCE, TEST_ISSUER_KEY));
    let atr = atr::made_up(Protocol::T1, false);
    let contents = Contents { issuer_key, ..Contents::new(atr, Rules::ISO, files) };
    Ok(Made { contents, certificates: Certificates::default() })
}

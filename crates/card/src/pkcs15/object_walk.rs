//! One key and its certificate, from directories that say little more (Latvian cards): EF.ODF → PrKDF and CDF → the first
//! object of each.
//!
//! These directories leave out what ISO/IEC 7816-15 makes mandatory, so they are read for three things only: the kind of the
//! key, its reference where it is there, and the file of the certificate.

use super::{
    object::{BIT_STRING, CONTEXT_1, INTEGER, OCTET_STRING, Path, SEQUENCE, objects, reference, tlv_fault},
    object_directory,
    private_key::KeyKind,
};
use crate::{
    channel::Channel,
    error::{CardError, Misbehaviour},
    file::{FileLocation, Selection},
    tlv::Tag,
};

const KEYS: &str = "PrKDF";
const CERTIFICATES: &str = "CDF";
/// Most bytes of a directory file.
const MAX_DIRECTORY: usize = 4 * 1024;

/// What the directories say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Kind of the key.
    pub kind: KeyKind,
    /// Its reference, where they have it.
    pub key_reference: Option<u8>,
    /// Where the certificate is, from the application.
    pub certificate: Path,
}

/// Reads the directories of an application.
///
/// # Errors
/// Refusals, transport faults, and misbehaviour if there is no key or no certificate.
pub fn read(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    application: &FileLocation,
) -> Result<Found, CardError> {
    let mut content = |identifiers: &[u8], part| {
        let path = [&application.path, identifiers].concat();
        let location = FileLocation { application: application.application.clone(), path, part };
        selection.read(channel, &location, MAX_DIRECTORY)
    };
    let directory = object_directory::parse(&content(&object_directory::PATH, None)?)?;
    let missing = |element| CardError::from(Misbehaviour::Element { what: "EF.ODF", element });
    let path = directory.private_keys.first().ok_or(missing("privateKeys"))?;
    let (kind, key_reference) = first_key(&content(&path.identifiers, path.part)?)?;
    let path = directory.certificates.first().ok_or(missing("certificates"))?;
    let certificate = first_certificate(&content(&path.identifiers, path.part)?)?;
    Ok(Found { kind, key_reference, certificate })
}

/// Kind and reference of the first key.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn first_key(content: &[u8]) -> Result<(KeyKind, Option<u8>), CardError> {
    let listed = objects(KEYS, content)?;
    let object = listed.first().ok_or(Misbehaviour::Element { what: KEYS, element: "key" })?;
    let kind = match object.tag {
        SEQUENCE => KeyKind::Rsa,
        Tag(0xA0) => KeyKind::Ec,
        _ => return Err(Misbehaviour::Element { what: KEYS, element: "kind of key" }.into()),
    };
    let fault = tlv_fault(KEYS);
    let mut fields = object.children();
    fields.expect(SEQUENCE).map_err(&fault)?;
    // CommonKeyAttributes: iD and usage are left out as well, the others are optional anyway
    let mut class = fields.expect(SEQUENCE).map_err(&fault)?.children();
    class.take_if(OCTET_STRING).map_err(&fault)?;
    class.take_if(BIT_STRING).map_err(&fault)?;
    let number = class.find(INTEGER).map_err(&fault)?;
    let key_reference = number.map(|number| reference(KEYS, "keyReference", number.value)).transpose()?;
    Ok((kind, key_reference))
}

/// File of the first certificate.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn first_certificate(content: &[u8]) -> Result<Path, CardError> {
    let missing = || CardError::from(Misbehaviour::Element { what: CERTIFICATES, element: "path" });
    let listed = objects(CERTIFICATES, content)?;
    let object = listed.iter().find(|object| object.tag == SEQUENCE).ok_or_else(missing)?;
    // [1] → X509CertificateAttributes → value → Path
    let mut place = *object;
    for tag in [CONTEXT_1, SEQUENCE, SEQUENCE] {
        place = place.children().find(tag).map_err(tlv_fault(CERTIFICATES))?.ok_or_else(missing)?;
    }
    Path::parse(CERTIFICATES, &place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_sparse_directories_of_public_scripts_are_read() {
        let rsa = [0x30, 0x08, 0x30, 0x00, 0x30, 0x04, 0x02, 0x02, 0x00, 0x81];
        assert_eq!(first_key(&rsa).unwrap(), (KeyKind::Rsa, Some(0x81)));
        let ec = [0xA0, 0x08, 0x30, 0x00, 0x30, 0x04, 0x02, 0x02, 0x00, 0x82];
        assert_eq!(first_key(&ec).unwrap(), (KeyKind::Ec, Some(0x82)));
        let silent = [0xA0, 0x04, 0x30, 0x00, 0x30, 0x00];
        assert_eq!(first_key(&silent).unwrap(), (KeyKind::Ec, None));
        let certificate = [0x30, 0x0A, 0xA1, 0x08, 0x30, 0x06, 0x30, 0x04, 0x04, 0x02, 0x34, 0x01];
        assert_eq!(first_certificate(&certificate).unwrap().identifiers, [0x34, 0x01]);
    }

    #[test]
    fn complete_directories_are_read_as_well() {
        let key = [
            0x30, 0x15, 0x30, 0x03, 0x0C, 0x01, b'k', 0x30, 0x0E, 0x04, 0x01, 0x45, 0x03, 0x02, 0x06, 0x20,
            0x03, 0x02, 0x03, 0xB8, 0x02, 0x01, 0x07,
        ];
        assert_eq!(first_key(&key).unwrap(), (KeyKind::Rsa, Some(0x07)));
    }

    #[test]
    fn an_empty_directory_is_misbehaviour() {
        assert!(first_key(&[0x00; 4]).is_err());
        assert!(first_key(&[0xA1, 0x00]).is_err());
        assert!(first_certificate(&[]).is_err());
        assert!(first_certificate(&[0x30, 0x02, 0xA1, 0x00]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = first_key(&bytes);
            let _ = first_certificate(&bytes);
        }
    }
}

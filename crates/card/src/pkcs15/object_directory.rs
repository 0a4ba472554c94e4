//! EF.ODF: where the other directories are (ISO/IEC 7816-15, section 8.3).

use super::object::{Path, SEQUENCE, objects, tlv_fault};
use crate::error::CardError;

/// File identifier, relative to the application.
pub const PATH: [u8; 2] = [0x50, 0x31];
const WHAT: &str = "EF.ODF";

/// Paths of the directories that are used here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectDirectory {
    /// `privateKeys [0]`.
    pub private_keys: Vec<Path>,
    /// `certificates [4]`.
    pub certificates: Vec<Path>,
    /// `authObjects [8]`.
    pub authentication_objects: Vec<Path>,
}

/// Parses the file.
///
/// # Errors
/// Misbehaviour, with the place of the fault.
pub fn parse(content: &[u8]) -> Result<ObjectDirectory, CardError> {
    let mut directory = ObjectDirectory::default();
    for entry in objects(WHAT, content)? {
        let paths = match entry.tag.0 {
            0xA0 => &mut directory.private_keys,
            0xA4 => &mut directory.certificates,
            0xA8 => &mut directory.authentication_objects,
            // public keys, secret keys, trusted certificates, data objects
            _ => continue,
        };
        // `PathOrObjects`: objects directly in the ODF ([0]) occur on no card known here
        if let Some(path) = entry.children().take_if(SEQUENCE).map_err(tlv_fault(WHAT))? {
            paths.push(Path::parse(WHAT, &path)?);
        }
    }
    Ok(directory)
}

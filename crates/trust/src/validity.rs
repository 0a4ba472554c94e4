//! Whether the certificates of a path are valid at a time.

use crate::{
    DateTime,
    certification_path::CertificationPath,
    token_failure::{ValidityFault, Whose},
};

/// Every certificate of the path, the anchor's too, from its first to its last second (RFC 5280 section 4.1.2.5).
pub(crate) fn check_validity(path: &CertificationPath, at: DateTime) -> Result<(), ValidityFault> {
    let last = path.certificates().count() - 1;
    for (index, certificate) in path.certificates().enumerate() {
        let whose = match index {
            0 => Whose::Leaf,
            index if index == last => Whose::Anchor,
            _ => Whose::Intermediate,
        };
        if at < certificate.not_before() {
            return Err(ValidityFault { whose, expired: false, limit: certificate.not_before() });
        }
        if at > certificate.not_after() {
            return Err(ValidityFault { whose, expired: true, limit: certificate.not_after() });
        }
    }
    Ok(())
}

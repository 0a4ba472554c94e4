//! Nothing is remembered: the memory where the feature of that name is off.

use crate::{
    certificate::Certificate,
    certification_path::{CertificationPath, PathError, PathSettings},
    public_key::{SignatureError, SignatureScheme},
    revocation::ocsp_response::OcspResponse,
};

/// That of the calculation.
pub(crate) fn result(
    _: &[u8; 32],
    _: SignatureScheme,
    _: &[u8],
    _: &[u8],
    calculate: impl FnOnce() -> Result<(), SignatureError>,
) -> Result<(), SignatureError> {
    calculate()
}

/// None.
pub(crate) const fn certificate(_: &[u8]) -> Option<Certificate> {
    None
}

/// Forgets it.
pub(crate) const fn remember(_: &Certificate) {}

/// None.
pub(crate) const fn answer(_: &[u8]) -> Option<OcspResponse> {
    None
}

/// Forgets it.
pub(crate) const fn remember_answer(_: &OcspResponse) {}

/// What comes of the validation.
pub(crate) fn path(
    _: &CertificationPath,
    _: &PathSettings,
    validate: impl FnOnce() -> Result<(), PathError>,
) -> Result<(), PathError> {
    validate()
}

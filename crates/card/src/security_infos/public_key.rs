//! SubjectPublicKeyInfo of a chip's key-agreement key (RFC 5480, RFC 3279 section 2.3.3).

use std::fmt;

use super::{
    algorithm_identifier::domain_parameters,
    value::{BIT_STRING, Fields, INTEGER},
};
use crate::{
    error::CardError,
    key_agreement::{BadPublicKey, DomainParameters, PublicKey},
    tlv::TlvReader,
};

/// A public key as the file has it. Whether it is one of its group is checked when it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct SubjectPublicKey {
    /// In which group; `None` where it is none that we know: such a key must not be used.
    pub domain_parameters: Option<DomainParameters>,
    /// `subjectPublicKey` without the count of unused bits.
    bits: Vec<u8>,
}

/// A chip's own key names the chip, and so its holder: only its group is shown.
impl fmt::Debug for SubjectPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters = &self.domain_parameters;
        f.debug_struct("SubjectPublicKey").field("domain_parameters", parameters).finish_non_exhaustive()
    }
}

impl SubjectPublicKey {
    pub(super) fn parse(fields: &mut Fields<'_>, element: &'static str) -> Result<Self, CardError> {
        let mut info = fields.sequence(element)?;
        let domain_parameters = domain_parameters(&mut info, element)?;
        match info.expect(BIT_STRING, element)?.split_first() {
            Some((0, bits)) => Ok(Self { domain_parameters, bits: bits.to_vec() }),
            _ => Err(info.fault(element)),
        }
    }

    /// From its DER. `what` names the file in errors.
    ///
    /// # Errors
    /// Misbehaviour: what is no SubjectPublicKeyInfo.
    pub fn from_der(what: &'static str, der: &[u8]) -> Result<Self, CardError> {
        Self::parse(&mut Fields::new(what, TlvReader::new(der)), "SubjectPublicKeyInfo")
    }

    /// The key, checked.
    ///
    /// # Errors
    /// [`BadPublicKey`] if its group is not known or it is not in it.
    pub fn key(&self) -> Result<PublicKey, BadPublicKey> {
        match self.domain_parameters.ok_or(BadPublicKey)? {
            parameters @ DomainParameters::Curve(_) => parameters.decode(&self.bits),
            parameters @ DomainParameters::Group(_) => {
                let number = TlvReader::new(&self.bits).expect(INTEGER).map_err(|_| BadPublicKey)?;
                parameters.decode(number.value)
            }
        }
    }
}

//! A Bahraini identity card from 2025 on, as far as it is public: a travel document with active authentication, that keeps
//! the personal number apart from the document number. How it is opened is not public: it offers PACE and basic access control.
//!
//! Keys for signatures are promised, and nothing else is public about them: here they are in a PKCS#15 application at
//! identifiers that are drawn from a seed. The certificates in it name the holder by the personal number, which the machine readable zone
//! holds in one of its two fields of optional data, drawn from the seed too: both are hypotheses.

use bitaqa_curves::Curve;

use super::{
    Made,
    drawn::{Family, beside},
    travel_document::{Plan, build},
};
use crate::{
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher::Cipher,
        domain::Domain,
        pace::{Mapping, Offer},
    },
    pki::Pki,
    spec::{CardSpec, SpecError},
};

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let plan = Plan {
        basic_access_control: true,
        pace: vec![Offer {
            mapping: Mapping::Generic,
            cipher: Cipher::Aes128,
            domain: Domain::Curve(Curve::P256),
        }],
        active_authentication: Some(ActiveAuthenticationKind::Rsa2048Sha256),
        chip_authentication: Vec::new(),
        groups: &[1, 2, 3, 7, 11, 12, 13],
        extension: None,
    };
    beside(build(plan, spec)?, Family::Pkcs15, spec, pki)
}

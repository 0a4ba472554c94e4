//! A Bahraini identity card from 2025 on, as far as it is public: a travel document with active authentication, that keeps
//! the personal number apart from the document number. How it is opened is not public: it offers PACE and basic access control.

use bitaqa_curves::Curve;

use super::{
    Certificates, Made,
    travel_document::{Plan, build, contents},
};
use crate::{
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher::Cipher,
        domain::Domain,
        mrz::Form,
        pace::{Mapping, Offer},
    },
    spec::{CardSpec, SpecError},
};

pub(crate) fn make(spec: &CardSpec) -> Result<Made, SpecError> {
    let plan = Plan {
        form: Form::Td1,
        basic_access_control: true,
        pace: vec![Offer {
            mapping: Mapping::Generic,
            cipher: Cipher::Aes128,
            domain: Domain::Curve(Curve::P256),
        }],
        active_authentication: Some(ActiveAuthenticationKind::Rsa2048Sha256),
        chip_authentication: Vec::new(),
        groups: &[1, 2, 3, 7, 11, 12, 13],
    };
    let built = build(plan, spec, &[])?;
    Ok(Made { contents: contents(spec, built), certificates: Certificates::default() })
}

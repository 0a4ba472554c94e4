//! A Moroccan identity card of the second generation: three hypotheses, none of them a fact. What is public is that it can
//! be read by radio once its card access number or its zone is known, that the zone holds the number of the person, and that there
//! are certificates in it. In which field of the zone the number stands is drawn from the seed, and that the certificates name the
//! holder by it is a hypothesis.

use bitaqa_curves::Curve;

use super::{
    Certificates, Made,
    drawn::{Family, beside},
    travel_document::{Plan, build, contents},
};
use crate::{
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher::Cipher,
        domain::Domain,
        order::ChipAuthenticationOrder,
        pace::{Mapping, Offer},
    },
    pki::Pki,
    spec::{CardSpec, Hypothesis, SpecError},
};

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let hypothesis = spec.hypothesis.unwrap_or_default();
    let built = build(plan(hypothesis), spec)?;
    match hypothesis {
        Hypothesis::IasEccCam => beside(built, Family::IasEcc, spec, pki),
        Hypothesis::Pkcs15Gm => beside(built, Family::Pkcs15, spec, pki),
        Hypothesis::IcaoOnly => {
            Ok(Made { contents: contents(spec, built), certificates: Certificates::default() })
        }
    }
}

/// How each hypothesis is opened, and how it proves that it is no copy.
fn plan(hypothesis: Hypothesis) -> Plan {
    let brainpool = Domain::Curve(Curve::BrainpoolP256r1);
    let offer = |mapping, domain| vec![Offer { mapping, cipher: Cipher::Aes128, domain }];
    let by_chip = vec![ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: brainpool }];
    let (pace, active_authentication, chip_authentication) = match hypothesis {
        Hypothesis::IasEccCam => (offer(Mapping::ChipAuthentication, brainpool), None, by_chip),
        Hypothesis::Pkcs15Gm => (offer(Mapping::Generic, brainpool), None, by_chip),
        Hypothesis::IcaoOnly => (
            offer(Mapping::Generic, Domain::Curve(Curve::P256)),
            Some(ActiveAuthenticationKind::EcdsaPlain),
            Vec::new(),
        ),
    };
    Plan {
        basic_access_control: false,
        pace,
        active_authentication,
        chip_authentication,
        groups: &[1, 2, 3, 7, 11, 12, 13, 16],
        extension: None,
    }
}

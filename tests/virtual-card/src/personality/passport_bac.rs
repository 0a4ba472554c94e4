//! A passport of the first kind: basic access control, active authentication with RSA, no PACE.

use super::{
    Certificates, Made,
    travel_document::{Plan, build, contents},
};
use crate::{
    icao::active_authentication::ActiveAuthenticationKind,
    spec::{CardSpec, SpecError},
};

pub(crate) fn make(spec: &CardSpec) -> Result<Made, SpecError> {
    let plan = Plan {
        basic_access_control: true,
        pace: Vec::new(),
        active_authentication: Some(ActiveAuthenticationKind::Rsa1024Sha1),
        chip_authentication: Vec::new(),
        groups: &[1, 2],
        extension: None,
    };
    let built = build(plan, spec)?;
    Ok(Made { contents: contents(spec, built), certificates: Certificates::default() })
}

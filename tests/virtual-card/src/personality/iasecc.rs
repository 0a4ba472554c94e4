use super::Made;
use crate::{
    pki::Pki,
    spec::{CardSpec, SpecError},
};
pub(crate) fn make(_: &CardSpec, _: &Pki) -> Result<Made, SpecError> {
    Err(SpecError::NotForThisMake("personality"))
}

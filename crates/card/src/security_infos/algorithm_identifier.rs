//! Domain parameters inside an AlgorithmIdentifier (TR-03110-3 section A.2): a number, a named curve, or every value written
//! out. Written-out values are only compared with those of groups we know, never computed with.

use bitaqa_curves::{Curve, ExplicitParameters, modp};

use super::value::{BIT_STRING, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::{error::CardError, key_agreement::DomainParameters, oid};

/// The domain parameters that the next field names; `None` where they are none that we know.
pub(super) fn domain_parameters(
    fields: &mut Fields<'_>,
    element: &'static str,
) -> Result<Option<DomainParameters>, CardError> {
    let mut identifier = fields.sequence(element)?;
    let algorithm = identifier.expect(OBJECT_IDENTIFIER, element)?;
    Ok(match algorithm {
        oid::STANDARDIZED_DOMAIN_PARAMETERS => {
            DomainParameters::from_parameter_id(identifier.number(element)?)
        }
        oid::DH_PUBLIC_NUMBER | oid::DH_KEY_AGREEMENT => {
            group(identifier, element, algorithm)?.map(DomainParameters::Group)
        }
        _ if algorithm == oid::EC_PUBLIC_KEY || algorithm.starts_with(oid::EC_KEY_AGREEMENT) => {
            curve(identifier, element)?.map(DomainParameters::Curve)
        }
        _ => None,
    })
}

/// `ECParameters`: `namedCurve`, or `SpecifiedECDomain` (RFC 3279 section 2.3.5).
fn curve(mut parameters: Fields<'_>, element: &'static str) -> Result<Option<Curve>, CardError> {
    if let Some(name) = parameters.take(OBJECT_IDENTIFIER)? {
        return Ok(Curve::from_oid(name));
    }
    let mut domain = parameters.sequence(element)?;
    domain.number(element)?;
    let mut field = domain.sequence(element)?;
    if field.expect(OBJECT_IDENTIFIER, element)? != oid::PRIME_FIELD {
        return Ok(None);
    }
    let prime = field.expect(INTEGER, element)?;
    let mut equation = domain.sequence(element)?;
    let a = equation.expect(OCTET_STRING, element)?;
    let b = equation.expect(OCTET_STRING, element)?;
    // a seed that the coefficients were made from says nothing that they do not
    equation.take(BIT_STRING)?;
    let generator = domain.expect(OCTET_STRING, element)?;
    let order = domain.expect(INTEGER, element)?;
    let cofactor = domain.take(INTEGER)?;
    Ok(Curve::from_explicit(&ExplicitParameters { prime, a, b, generator, order, cofactor }))
}

/// `DomainParameters` of X9.42 (p, g, q), or `DHParameter` of PKCS#3 (p, g).
fn group(
    mut parameters: Fields<'_>,
    element: &'static str,
    algorithm: &[u8],
) -> Result<Option<modp::Group>, CardError> {
    let Some(mut domain) = parameters.take_sequence(SEQUENCE)? else { return Ok(None) };
    let prime = domain.expect(INTEGER, element)?;
    let generator = domain.expect(INTEGER, element)?;
    // in PKCS#3, a number here is the length of private keys
    let order = if algorithm == oid::DH_PUBLIC_NUMBER { domain.take(INTEGER)? } else { None };
    Ok(modp::Group::from_explicit(prime, generator, order))
}

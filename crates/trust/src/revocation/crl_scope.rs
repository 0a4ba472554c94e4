//! Whether a list covers a certificate: distribution points, kinds of certificates, reasons (RFC 5280 section 6.3.3 step b).

use der::flagset::FlagSet;
use x509_cert::{
    ext::pkix::{
        CrlDistributionPoints,
        crl::dp::{DistributionPoint, IssuingDistributionPoint, Reasons},
        name::{DistributionPointName, GeneralName, GeneralNames},
    },
    name::{Name, RdnSequence},
};

use super::{crl::CertificateList, fault::CrlFault};
use crate::certificate::Certificate;

/// Most distribution points of a certificate.
const MAX_POINTS: usize = 32;

/// Reasons of revocation, as a set.
pub(super) type ReasonSet = FlagSet<Reasons>;

/// Every reason that a list can cover.
pub(super) fn all_reasons() -> ReasonSet {
    Reasons::KeyCompromise
        | Reasons::CaCompromise
        | Reasons::AffiliationChanged
        | Reasons::Superseded
        | Reasons::CessationOfOperation
        | Reasons::CertificateHold
        | Reasons::PrivilegeWithdrawn
        | Reasons::AaCompromise
}

/// Where a certificate says that lists about it are to be found.
pub(super) struct DistributionPoints {
    points: Vec<DistributionPoint>,
    issuer: Name,
    is_authority: bool,
}

impl DistributionPoints {
    /// Those of the certificate, and the one that every certificate has: its issuer's.
    pub(super) fn of(certificate: &Certificate) -> Result<Self, CrlFault> {
        let issuer = certificate.tbs().issuer().clone();
        let mut points = certificate
            .extension::<CrlDistributionPoints>()
            .map_err(|_| CrlFault::Scope)?
            .unwrap_or_default()
            .0;
        if points.len() > MAX_POINTS {
            return Err(CrlFault::Scope);
        }
        let own = GeneralName::DirectoryName(issuer.clone());
        points.push(DistributionPoint {
            distribution_point: Some(DistributionPointName::FullName(vec![own])),
            reasons: None,
            crl_issuer: None,
        });
        Ok(Self { points, issuer, is_authority: certificate.is_authority() })
    }

    /// The reasons for which the list covers the certificate.
    pub(super) fn covered_by(&self, list: &CertificateList<'_>) -> Result<ReasonSet, CrlFault> {
        let mut covered = ReasonSet::default();
        let mut fault = CrlFault::Issuer;
        for point in &self.points {
            match self.covered_at(point, list) {
                Ok(reasons) => covered |= reasons,
                Err(CrlFault::Issuer) => {}
                Err(other) => fault = other,
            }
        }
        if covered.is_empty() { Err(fault) } else { Ok(covered) }
    }

    fn covered_at(
        &self,
        point: &DistributionPoint,
        list: &CertificateList<'_>,
    ) -> Result<ReasonSet, CrlFault> {
        let is_named = match &point.crl_issuer {
            Some(issuers) => {
                list.is_indirect() && issuers.iter().any(|name| is_directory_name(name, list.issuer()))
            }
            None => certval::compare_names(list.issuer(), &self.issuer),
        };
        if !is_named {
            return Err(CrlFault::Issuer);
        }
        let of_point = point.reasons.unwrap_or_else(all_reasons) & all_reasons();
        let Some(scope) = list.scope() else { return Ok(of_point) };
        if scope.only_contains_attribute_certs
            || (scope.only_contains_user_certs && self.is_authority)
            || (scope.only_contains_ca_certs && !self.is_authority)
            || !self.names_meet(point, scope, list)
        {
            return Err(CrlFault::Scope);
        }
        Ok(of_point & scope.only_some_reasons.unwrap_or_else(all_reasons))
    }

    /// Step b 2 i.
    fn names_meet(
        &self,
        point: &DistributionPoint,
        scope: &IssuingDistributionPoint,
        list: &CertificateList<'_>,
    ) -> bool {
        let Some(of_list) = &scope.distribution_point else { return true };
        let of_list = full_names(of_list, list.issuer());
        let of_point = match (&point.distribution_point, &point.crl_issuer) {
            (Some(DistributionPointName::NameRelativeToCRLIssuer(_)), Some(issuers))
                if issuers.len() != 1 =>
            {
                // a relative name needs exactly one name to be relative to (section 4.2.1.13)
                return false;
            }
            (Some(name), issuers) => {
                let relative_to = issuers.iter().flatten().find_map(directory_name).unwrap_or(&self.issuer);
                full_names(name, relative_to)
            }
            (None, Some(issuers)) => issuers.clone(),
            (None, None) => return false,
        };
        of_list.iter().any(|name| of_point.iter().any(|other| same_name(name, other)))
    }
}

fn full_names(name: &DistributionPointName, relative_to: &Name) -> GeneralNames {
    match name {
        DistributionPointName::FullName(names) => names.clone(),
        DistributionPointName::NameRelativeToCRLIssuer(relative) => {
            let mut names: Vec<_> = relative_to.iter_rdn().cloned().collect();
            names.push(relative.clone());
            vec![GeneralName::DirectoryName(Name::hazmat_from_rdn_sequence(RdnSequence::from(names)))]
        }
    }
}

fn directory_name(name: &GeneralName) -> Option<&Name> {
    match name {
        GeneralName::DirectoryName(name) => Some(name),
        _ => None,
    }
}

fn is_directory_name(name: &GeneralName, wanted: &Name) -> bool {
    directory_name(name).is_some_and(|name| certval::compare_names(name, wanted))
}

fn same_name(one: &GeneralName, other: &GeneralName) -> bool {
    match directory_name(one) {
        Some(name) => is_directory_name(other, name),
        None => one == other,
    }
}

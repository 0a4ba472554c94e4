//! Which of the variants that a chip offers is spoken.

use std::collections::BTreeSet;

use bitaqa_curves::Curve;

use crate::{
    key_agreement::{DomainParameters, KeyAgreement},
    security_infos::{Mapping, PaceInfo, PaceProtocol, SecurityInfos},
    symmetric::Cipher,
};

/// Version of PACE that is spoken (9303-11 section 9.2.1).
const VERSION: u32 = 2;
/// Numbers from here on are the chip's own (TR-03110-3 section A.2).
const FIRST_PROPRIETARY: u32 = 32;

/// A variant of PACE with everything that both sides must know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PaceVariant {
    /// Key agreement, mapping and cipher.
    pub protocol: PaceProtocol,
    /// The group.
    pub domain_parameters: DomainParameters,
    /// The group's number in DO 84, where the chip offers several and must be told.
    pub parameter_reference: Option<u32>,
}

impl PaceVariant {
    /// The variants that a chip offers and that can be spoken, the best first. Domain parameters that are none that we know,
    /// other versions than 2, and the integrated mapping on P-224 (which the standard does not define) are left out.
    ///
    /// Best is AES before 3DES, then chip authentication mapping (which also tells a copy from the chip), a curve before a
    /// finite field, the longer key, the larger group, and the generic mapping before the integrated one.
    #[must_use]
    pub fn offered(infos: &SecurityInfos) -> Vec<Self> {
        let parameters: BTreeSet<Option<u32>> = infos.pace().map(|info| info.parameter_id).collect();
        let ambiguous = parameters.len() > 1;
        let mut variants: Vec<Self> = infos
            .pace()
            .filter_map(|info| {
                let domain_parameters = domain_parameters(info, infos)?;
                let parameter_reference = info.parameter_id.filter(|_| ambiguous);
                Some(Self { protocol: info.protocol, domain_parameters, parameter_reference })
            })
            .filter(Self::is_defined)
            .collect();
        variants.sort_by_key(|variant| std::cmp::Reverse(variant.rank()));
        variants
    }

    /// The best variant that a chip offers; `None` where it offers none that can be spoken.
    #[must_use]
    pub fn choose(infos: &SecurityInfos) -> Option<Self> {
        Self::offered(infos).into_iter().next()
    }

    /// Whether the combination is one that the standard defines.
    #[must_use]
    pub fn is_defined(&self) -> bool {
        let PaceProtocol { key_agreement, mapping, cipher } = self.protocol;
        let mapping_is_defined = match mapping {
            Mapping::Generic => true,
            Mapping::Integrated => self.domain_parameters != DomainParameters::Curve(Curve::P224),
            Mapping::ChipAuthentication => key_agreement == KeyAgreement::Ecdh && cipher != Cipher::TripleDes,
        };
        mapping_is_defined && self.domain_parameters.key_agreement() == key_agreement
    }

    fn rank(&self) -> (bool, bool, bool, usize, usize, bool) {
        let PaceProtocol { key_agreement, mapping, cipher } = self.protocol;
        let size = match self.domain_parameters {
            DomainParameters::Curve(curve) => curve.field_bits(),
            DomainParameters::Group(group) => group.element_length() + group.exponent_length(),
        };
        (
            cipher != Cipher::TripleDes,
            mapping == Mapping::ChipAuthentication,
            key_agreement == KeyAgreement::Ecdh,
            cipher.key_length(),
            size,
            mapping == Mapping::Generic,
        )
    }
}

fn domain_parameters(info: &PaceInfo, infos: &SecurityInfos) -> Option<DomainParameters> {
    if info.version != VERSION {
        return None;
    }
    match info.parameter_id {
        Some(id) if id < FIRST_PROPRIETARY => DomainParameters::from_parameter_id(id),
        id => infos
            .pace_domain_parameters()
            .find(|own| {
                own.parameter_id == id
                    && own.key_agreement == info.protocol.key_agreement
                    && own.mapping == info.protocol.mapping
            })
            .and_then(|own| own.domain_parameters),
    }
}

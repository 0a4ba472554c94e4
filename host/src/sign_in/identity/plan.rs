//! Which data groups the claims need, and everything that these disclose.

use std::collections::BTreeSet;

use bitaqa_card::gcc::Generation;
use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    claim::{Claim, ClaimSet, Closure, DataGroup, RequestedClaims},
};
use bitaqa_trust::identity::{
    claims::Claims,
    unsigned::{GccFile, disclosed},
};

use crate::window::message::GroupChoice;

/// What would be read.
pub(super) struct Plan {
    groups: Vec<PlannedGroup>,
    required: Vec<Claim>,
}

struct PlannedGroup {
    group: DataGroup,
    asked: Vec<Claim>,
    comes_along: Vec<Claim>,
    required: bool,
}

impl Plan {
    /// What these claims need.
    pub(super) fn of(claims: &RequestedClaims) -> Self {
        let groups = claims.closure().groups.iter().map(|group| PlannedGroup::of(*group, claims)).collect();
        Self { groups, required: claims.required().iter().collect() }
    }

    /// The same for a card that gives values and no groups: nothing comes along but the birth date with an age.
    ///
    /// # Errors
    /// `claims-unavailable`: it cannot tell what is required.
    pub(super) fn for_data_card(&self, generation: Generation) -> Result<Self, ErrorReport> {
        let can_tell = |claim: &Claim| GccFile::of(*claim, generation).is_some();
        if let Some(claim) = self.required.iter().find(|claim| !can_tell(claim)) {
            return Err(unavailable(*claim));
        }
        let groups = self.groups.iter().filter_map(|planned| {
            let asked: Vec<Claim> = planned.asked.iter().copied().filter(can_tell).collect();
            let comes_along =
                disclosed(asked.iter().copied()).into_iter().filter(|claim| !asked.contains(claim)).collect();
            (!asked.is_empty()).then_some(PlannedGroup {
                group: planned.group,
                asked,
                comes_along,
                required: planned.required,
            })
        });
        Ok(Self { groups: groups.collect(), required: self.required.clone() })
    }

    /// The switches of the window.
    pub(super) fn choices(&self) -> Vec<GroupChoice> {
        self.groups
            .iter()
            .map(|planned| GroupChoice {
                group: planned.group.number(),
                asked: planned.asked.clone(),
                comes_along: planned.comes_along.clone(),
                required: planned.required,
                chosen: true,
            })
            .collect()
    }

    /// The groups that the person granted, if they are some of those asked for and all of those required.
    pub(super) fn granted(&self, numbers: &[u8]) -> Option<Vec<DataGroup>> {
        let granted: BTreeSet<DataGroup> =
            numbers.iter().map(|number| DataGroup::from_number(*number)).collect::<Option<_>>()?;
        let is_planned = |group: &DataGroup| self.groups.iter().any(|planned| planned.group == *group);
        let has_required =
            self.groups.iter().all(|planned| !planned.required || granted.contains(&planned.group));
        (granted.iter().all(is_planned) && has_required).then(|| granted.into_iter().collect())
    }

    /// Every claim that these groups disclose.
    pub(super) fn disclosed(&self, groups: &[DataGroup]) -> ClaimSet {
        let granted = self.groups.iter().filter(|planned| groups.contains(&planned.group));
        let claims: BTreeSet<Claim> =
            granted.flat_map(|planned| planned.asked.iter().chain(&planned.comes_along)).copied().collect();
        // a set has none twice, and no more than there are
        ClaimSet::new(claims).unwrap_or_default()
    }

    /// Checks that the card told what is required.
    ///
    /// # Errors
    /// `claims-unavailable`.
    pub(super) fn check(&self, told: &Claims) -> Result<(), ErrorReport> {
        let missing = |claim: &&Claim| !told.contains_key(*claim) && !claim.may_be_none();
        match self.required.iter().find(missing) {
            Some(claim) => Err(unavailable(*claim)),
            None => Ok(()),
        }
    }
}

/// The card does not tell a claim that is required.
fn unavailable(claim: Claim) -> ErrorReport {
    let detail = format!("the card does not give {claim}");
    ErrorReport::new(ErrorCode::ClaimsUnavailable).with_detail(&detail)
}

impl PlannedGroup {
    fn of(group: DataGroup, claims: &RequestedClaims) -> Self {
        let asked: Vec<Claim> = claims.all().filter(|claim| claim.group() == group).collect();
        let comes_along =
            Closure::of_group(group).into_iter().filter(|claim| !asked.contains(claim)).collect();
        let required = claims.required().iter().any(|claim| claim.group() == group);
        Self { group, asked, comes_along, required }
    }
}

//! Which data groups the claims need, and everything that these disclose.

use std::collections::BTreeSet;

use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    claim::{Claim, ClaimSet, Closure, DataGroup, RequestedClaims},
};

use super::reading::ChipRead;
use crate::window::message::GroupChoice;

/// What would be read.
pub(super) struct Plan {
    groups: Vec<PlannedGroup>,
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
        Self { groups }
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

    /// Checks that the card has what is required.
    ///
    /// # Errors
    /// `claims-unavailable`.
    pub(super) fn check(&self, granted: &[DataGroup], read: &ChipRead) -> Result<(), ErrorReport> {
        let missing = self.groups.iter().find(|planned| planned.required && !read.has(planned.group));
        match missing {
            Some(planned) if granted.contains(&planned.group) => {
                Err(ErrorReport::new(ErrorCode::ClaimsUnavailable)
                    .with_detail(&format!("the card does not give {}", planned.group)))
            }
            _ => Ok(()),
        }
    }
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

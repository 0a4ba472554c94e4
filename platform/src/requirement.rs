//! What a request asks of people: from the relying party, from each of the services that it names, and from what the circumstances add.
//! Requirements are put together, and that only ever raises them.

use bitaqa_trust::Level;
use serde::Serialize;

use crate::{clock::Seconds, factor::Authentication, person::Shown};

/// What is asked of people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The level that has to be reached.
    pub level: Level,
    /// With what; anything if it does not say.
    pub factors: Option<Vec<Authentication>>,
    /// How long ago it may have been shown, in seconds.
    pub max_age: Option<Seconds>,
    /// Nobody may, whatever they show.
    pub refused: bool,
}

impl Requirement {
    /// Both at once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let factors = match (self.factors, other.factors) {
            (Some(mut ours), Some(theirs)) => {
                ours.retain(|factor| theirs.contains(factor));
                Some(ours)
            }
            (one, None) | (None, one) => one,
        };
        let max_age = shorter(self.max_age, other.max_age);
        Self { level: self.level.max(other.level), factors, max_age, refused: self.refused || other.refused }
    }

    /// Whether a factor may be shown for it.
    #[must_use]
    pub fn allows(&self, factor: Authentication) -> bool {
        self.factors.as_ref().is_none_or(|factors| factors.contains(&factor))
    }

    /// The factors that may be shown and reach a level, in the best of cases.
    pub fn factors_reaching(&self, level: Level) -> impl Iterator<Item = Authentication> {
        Authentication::all().filter(move |factor| self.allows(*factor) && factor.level() >= level)
    }

    /// Whether there is one that reaches its own.
    #[must_use]
    pub fn can_be_met(&self) -> bool {
        !self.refused && self.factors_reaching(self.level).next().is_some()
    }

    /// Whether what was shown is enough, however long ago.
    #[must_use]
    pub fn is_met_by(&self, shown: &Shown) -> bool {
        shown.level >= self.level && self.allows(shown.factor)
    }
}

/// The stricter of two ages.
#[must_use]
pub fn shorter<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) | (None, one) => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_requirements_the_stricter_counts_in_each_respect() {
        let one = Requirement { level: Level::Low, max_age: Some(300), ..Requirement::default() };
        let pin = Some(Authentication::all().collect::<Vec<_>>());
        let two = Requirement {
            level: Level::High,
            factors: pin.clone(),
            max_age: Some(60),
            ..Requirement::default()
        };
        let both = Requirement { level: Level::High, factors: pin, max_age: Some(60), refused: false };
        assert_eq!(one.clone().and(two.clone()), both);
        assert_eq!(two.and(one.clone()), both);
        assert_eq!(one.clone().and(Requirement::default()), one);
        assert!(one.clone().and(Requirement { refused: true, ..Requirement::default() }).refused);
        let none = Requirement { factors: Some(Vec::new()), ..Requirement::default() };
        assert!(one.clone().can_be_met() && !one.and(none).can_be_met());
    }
}

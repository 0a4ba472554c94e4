//! What is wrong with rules, before they are used: one that never applies, or changes nothing, or asks what nobody can do is a mistake.

use super::{Networks, Rule, Then, When};
use crate::{registration::Registration, registration::is_client_id, requirement::Requirement};

/// Most rules in one place.
const MAX_RULES: usize = 64;
/// Most ranges of addresses in a rule.
const MAX_RANGES: usize = 256;

/// Checks rules: those of the platform, or of a relying party, which has services.
///
/// # Errors
/// [`RuleFault`]: the first that is wrong.
pub fn check(rules: &[Rule], party: Option<&Registration>) -> Result<(), RuleFault> {
    if rules.len() > MAX_RULES {
        return Err(RuleFault::Number);
    }
    let needed = party.map(|party| party.requirement(&[])).unwrap_or_default();
    for (at, rule) in rules.iter().enumerate() {
        let wrong = |fault| RuleFault::Rule { id: rule.id.chars().take(64).collect(), fault };
        if !is_client_id(&rule.id) {
            return Err(wrong(Fault::Id));
        }
        check_conditions(&rule.when, party).map_err(wrong)?;
        check_effects(&rule.then, &needed).map_err(wrong)?;
        for before in rules.iter().take(at) {
            check_together(before, rule, &needed)?;
        }
    }
    Ok(())
}

fn check_conditions(when: &When, party: Option<&Registration>) -> Result<(), Fault> {
    if let Some(networks) = &when.network {
        let Networks { inside, outside } = networks;
        if !(1..=MAX_RANGES).contains(&(inside.len() + outside.len())) {
            return Err(Fault::Ranges);
        }
        let taken_out = |range: &super::Network| outside.iter().any(|out| out.covers(*range));
        if !inside.is_empty() && inside.iter().all(taken_out) {
            return Err(Fault::Nowhere);
        }
    }
    if when.time.as_ref().is_some_and(|window| !window.is_whole()) {
        return Err(Fault::Never);
    }
    let Some(party) = party else {
        return if when.services.is_some() { Err(Fault::ServicesOfWhom) } else { Ok(()) };
    };
    if when.sensitive == Some(true) && !party.services.iter().any(|service| service.sensitive) {
        return Err(Fault::NothingSensitive);
    }
    if let Some(ids) = &when.services {
        let known = |id: &String| party.services.iter().any(|service| service.id == *id);
        if ids.is_empty() || !ids.iter().all(known) {
            return Err(Fault::Services);
        }
        // several services can be asked for at once, so a sensitive one may stand beside these; but not the other way round
        if when.sensitive == Some(false) && party.services_of(ids).all(|service| service.sensitive) {
            return Err(Fault::NothingSensitive);
        }
    }
    Ok(())
}

fn check_effects(then: &Then, needed: &Requirement) -> Result<(), Fault> {
    let effects = then.requirement();
    if then.refuse && (effects != Requirement { refused: true, ..Requirement::default() }) {
        return Err(Fault::RefusesAndMore);
    }
    let both = needed.clone().and(effects);
    if both == *needed {
        return Err(Fault::Nothing);
    }
    if !then.refuse && !both.can_be_met() {
        return Err(Fault::Unreachable);
    }
    Ok(())
}

fn check_together(before: &Rule, rule: &Rule, needed: &Requirement) -> Result<(), RuleFault> {
    let fault = |fault: fn(String, String) -> RuleFault| Err(fault(before.id.clone(), rule.id.clone()));
    if before.id == rule.id {
        return fault(|_, id| RuleFault::Rule { id, fault: Fault::Twice });
    }
    // what is only tried stands beside what counts, to be compared with it
    if before.dry_run != rule.dry_run {
        return Ok(());
    }
    if before.when == rule.when {
        return fault(|one, other| RuleFault::Same { one, other });
    }
    let (first, second) = (before.then.requirement(), rule.then.requirement());
    let adds_nothing =
        |to: &Requirement, added: &Requirement| to.refused || to.clone().and(added.clone()) == *to;
    if before.when.holds_wherever(&rule.when) && adds_nothing(&first, &second) {
        return fault(|one, other| RuleFault::Dead { dead: other, by: one });
    }
    if rule.when.holds_wherever(&before.when) && adds_nothing(&second, &first) {
        return fault(|one, other| RuleFault::Dead { dead: one, by: other });
    }
    let refuses = first.refused || second.refused;
    if !refuses
        && before.when.may_hold_with(&rule.when)
        && !needed.clone().and(first).and(second).can_be_met()
    {
        return fault(|one, other| RuleFault::Conflict { one, other });
    }
    Ok(())
}

impl When {
    /// Whether each condition of this one stands in the other, too.
    fn holds_wherever(&self, other: &Self) -> bool {
        (self.device.is_none() || self.device == other.device)
            && (self.network.is_none() || self.network == other.network)
            && (self.time.is_none() || self.time == other.time)
            && (self.sensitive.is_none() || self.sensitive == other.sensitive)
            && (self.services.is_none() || self.services == other.services)
    }

    /// False only where it is certain that both never hold at once.
    fn may_hold_with(&self, other: &Self) -> bool {
        let differ =
            |one: Option<bool>, two: Option<bool>| matches!((one, two), (Some(a), Some(b)) if a != b);
        let device = |when: &Self| when.device.map(|device| device == super::Device::New);
        let apart = match (&self.network, &other.network) {
            (Some(one), Some(two)) => one.is_apart_from(two),
            _ => false,
        };
        let at_other_times = match (&self.time, &other.time) {
            (Some(one), Some(two)) => !one.overlaps(two),
            _ => false,
        };
        !(differ(device(self), device(other))
            || differ(self.sensitive, other.sensitive)
            || apart
            || at_other_times)
    }
}

impl Networks {
    /// Whether it is certain that no address is in both.
    fn is_apart_from(&self, other: &Self) -> bool {
        let taken_out =
            |range: &super::Network, outside: &[super::Network]| outside.iter().any(|out| out.covers(*range));
        let touch = |one: super::Network, two: super::Network| one.covers(two) || two.covers(one);
        if self.inside.is_empty() || other.inside.is_empty() {
            let (ranges, outside) = if self.inside.is_empty() {
                (&other.inside, &self.outside)
            } else {
                (&self.inside, &other.outside)
            };
            return !ranges.is_empty() && ranges.iter().all(|range| taken_out(range, outside));
        }
        self.inside.iter().all(|one| {
            taken_out(one, &other.outside)
                || other.inside.iter().all(|two| !touch(*one, *two) || taken_out(two, &self.outside))
        })
    }
}

/// What is wrong with rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// There are too many.
    #[error("rule: at most {MAX_RULES}")]
    Number,
    /// One of them.
    #[error("rule \"{id}\": {fault}")]
    Rule {
        /// Which.
        id: String,
        /// What.
        fault: Fault,
    },
    /// Two rules of the same conditions.
    #[error("rules \"{one}\" and \"{other}\" have the same conditions: write what both ask as one")]
    Same {
        /// The first.
        one: String,
        /// The second.
        other: String,
    },
    /// A rule that changes nothing, because another always applies with it.
    #[error("rule \"{dead}\" changes nothing: \"{by}\" asks as much whenever it applies")]
    Dead {
        /// Which.
        dead: String,
        /// Because of which.
        by: String,
    },
    /// Nobody can do what both ask.
    #[error(
        "rules \"{one}\" and \"{other}\" can apply at once, and no factor satisfies both; say refuse = true if nobody is to"
    )]
    Conflict {
        /// The first.
        one: String,
        /// The second.
        other: String,
    },
}

/// What is wrong with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Its id.
    #[error("id: 1 to 64 letters, digits, dots, hyphens and underscores")]
    Id,
    /// Its id is another's.
    #[error("another rule has the same id")]
    Twice,
    /// Ranges.
    #[error("network: 1 to {MAX_RANGES} ranges, inside and outside together")]
    Ranges,
    /// No address is left.
    #[error("network: everything inside is also outside: the rule never applies")]
    Nowhere,
    /// No time is.
    #[error(
        "time: from and to (HH:MM, not the same) or days (mon to sun) or both, and an offset from UTC (+HH:MM or -HH:MM)"
    )]
    Never,
    /// Services that nobody has.
    #[error("services: the platform has none; write such a rule in a registration")]
    ServicesOfWhom,
    /// Services that the relying party has not.
    #[error("services: ids of services of this registration, one at least")]
    Services,
    /// No service is registered as it says.
    #[error("sensitive: no service of this registration fits: the rule never applies")]
    NothingSensitive,
    /// It asks nothing.
    #[error("then: it asks nothing that is not asked anyway")]
    Nothing,
    /// It refuses and asks.
    #[error("then: whom it refuses, it asks nothing else")]
    RefusesAndMore,
    /// Nobody can do what it asks.
    #[error("then: no factor that is allowed reaches the level; say refuse = true if nobody is to")]
    Unreachable,
}

#[cfg(test)]
mod tests {
    use bitaqa_trust::Level;

    use super::*;
    use crate::factor::{Authentication, CardAndPin, tests::LESSER};

    #[derive(serde::Deserialize)]
    struct File {
        rule: Vec<Rule>,
    }

    fn said(text: &str) -> String {
        let file: File = toml::from_str(text).unwrap();
        check(&file.rule, None).map_or_else(|fault| fault.to_string(), |()| String::new())
    }

    fn one(when: &str, then: &str) -> String {
        format!("[[rule]]\nid = \"one\"\nwhen = {{ {when} }}\nthen = {{ {then} }}\n")
    }

    fn two(first: (&str, &str), second: (&str, &str)) -> String {
        format!("{}{}", one(first.0, first.1), one(second.0, second.1).replace("\"one\"", "\"two\""))
    }

    #[test]
    fn a_rule_that_never_applies_or_asks_nothing_is_an_error() {
        for (when, then, expected) in [
            ("device = \"new\"", "minimum_level = \"high\"", ""),
            ("", "refuse = true", ""),
            ("network = { }", "refuse = true", "1 to 256 ranges"),
            (
                "network = { inside = [\"10.1.0.0/16\"], outside = [\"10.0.0.0/8\"] }",
                "refuse = true",
                "never applies",
            ),
            (
                "time = { from = \"09:00\", to = \"09:00\", offset = \"+01:00\" }",
                "refuse = true",
                "time: from and to",
            ),
            (
                "time = { from = \"09:00\", to = \"10:00\", offset = \"Rabat\" }",
                "refuse = true",
                "time: from and to",
            ),
            ("services = [\"x\"]", "refuse = true", "the platform has none"),
            ("device = \"new\"", "", "asks nothing"),
            ("device = \"new\"", "minimum_level = \"none\"", "asks nothing"),
            ("device = \"new\"", "refuse = true, max_age = 5", "asks nothing else"),
            ("device = \"new\"", "factors = []", "no factor"),
        ] {
            let said = said(&one(when, then));
            assert!(
                said.contains(expected) && said.is_empty() == expected.is_empty(),
                "{when} {then}: {said}"
            );
        }
        let many: String = (0..65)
            .map(|at| one("device = \"new\"", "max_age = 1").replace("one", &at.to_string()))
            .collect();
        assert!(said(&many).contains("at most 64"));
        assert!(said(&one("", "refuse = true").replace("one", "a b")).contains("id: 1 to 64"));
    }

    #[test]
    fn rules_that_do_not_go_together_are_an_error() {
        let (new, high) = ("device = \"new\"", "minimum_level = \"high\"");
        let new_outside = "device = \"new\", network = { outside = [\"10.0.0.0/8\"] }";
        for (first, second, expected) in [
            ((new, high), ("sensitive = true", high), ""),
            ((new, high), (new, "max_age = 60"), "same conditions"),
            ((new, high), (new_outside, "minimum_level = \"low\""), "\"two\" changes nothing: \"one\""),
            ((new_outside, high), (new, high), "\"one\" changes nothing: \"two\""),
            ((new, "refuse = true"), (new_outside, high), "\"two\" changes nothing"),
            ((new, high), (new_outside, "refuse = true"), ""),
            ((new, high), (new_outside, "max_age = 60"), ""),
        ] {
            let said = said(&two(first, second));
            assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{second:?}: {said}");
        }
        assert!(
            said(&two((new, high), (new_outside, "max_age = 60")).replace("\"two\"", "\"one\""))
                .contains("same id")
        );
        // what is tried may stand beside what counts
        let tried = two((new, high), (new, "max_age = 60")).replacen("id =", "dry_run = true\nid =", 1);
        assert_eq!(said(&tried), "");
    }

    #[test]
    fn two_rules_that_no_factor_satisfies_are_an_error_where_they_can_meet() {
        let rule = |id: &str, when: &str, then: Then| Rule {
            id: id.to_owned(),
            when: toml::from_str(when).unwrap(),
            then,
            dry_run: false,
        };
        let only_lesser = || Then {
            factors: Some(vec![Authentication::of(&LESSER), Authentication::of(&CardAndPin)]),
            ..Then::default()
        };
        let mut without_pin = only_lesser();
        without_pin.factors = Some(vec![Authentication::of(&LESSER)]);
        let high = || Then { minimum_level: Some(Level::High), ..Then::default() };
        let met = |first: &str, second: &str| {
            let (one, two) = (rule("one", first, without_pin.clone()), rule("two", second, high()));
            check_together(&one, &two, &Requirement::default())
        };
        let inside = |range: &str| format!("network = {{ inside = [\"{range}\"] }}");
        let outside = |range: &str| format!("network = {{ outside = [\"{range}\"] }}");
        let at = |from: &str, to: &str| {
            format!("time = {{ from = \"{from}\", to = \"{to}\", offset = \"+01:00\" }}")
        };
        let conflict = Err(RuleFault::Conflict { one: "one".to_owned(), other: "two".to_owned() });
        for (first, second, expected) in [
            ("device = \"new\"".to_owned(), "sensitive = true".to_owned(), &conflict),
            ("device = \"new\"".to_owned(), "device = \"known\"".to_owned(), &Ok(())),
            ("sensitive = true".to_owned(), "sensitive = false".to_owned(), &Ok(())),
            (inside("10.0.0.0/8"), inside("10.1.0.0/16"), &conflict),
            (inside("10.0.0.0/8"), inside("192.0.2.0/24"), &Ok(())),
            (inside("10.1.0.0/16"), outside("10.0.0.0/8"), &Ok(())),
            (inside("10.0.0.0/8"), outside("10.1.0.0/16"), &conflict),
            (outside("10.0.0.0/8"), outside("192.0.2.0/24"), &conflict),
            (at("09:00", "17:00"), at("17:00", "22:00"), &Ok(())),
            (at("09:00", "17:00"), at("16:00", "22:00"), &conflict),
        ] {
            assert_eq!(met(&first, &second), *expected, "{first} {second}");
        }
        assert_eq!(
            check_together(
                &rule("one", "", only_lesser()),
                &rule("two", "device = \"new\"", high()),
                &Requirement::default()
            ),
            Ok(())
        );
    }
}

//! Which rules apply in which circumstances, and what they add.

use std::net::IpAddr;

use super::{Device, Networks, Rule, When};
use crate::{clock::Seconds, requirement::Requirement};

/// What is known of the circumstances of a sign-in. What is not known counts against it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether the account signed in on this device before; not known before somebody is signed in.
    pub device: Option<Device>,
    /// Where the request comes from.
    pub address: Option<IpAddr>,
    /// The time now.
    pub now: Seconds,
    /// Whether a sensitive service is asked for.
    pub sensitive: bool,
    /// The services that are asked for, by their ids.
    pub services: Vec<String>,
}

/// What rules make of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adaptation<'a> {
    /// What is asked now.
    pub requirement: Requirement,
    /// The rules that apply.
    pub applied: Vec<&'a Rule>,
    /// Those that would have.
    pub tried: Vec<&'a Rule>,
}

/// Adds what the rules ask in these circumstances.
#[must_use]
pub fn adapt<'a>(
    requirement: Requirement,
    rules: impl Iterator<Item = &'a Rule>,
    circumstances: &Circumstances,
) -> Adaptation<'a> {
    let mut adaptation = Adaptation { requirement, applied: Vec::new(), tried: Vec::new() };
    for rule in rules.filter(|rule| rule.when.may_hold(circumstances)) {
        if rule.dry_run {
            adaptation.tried.push(rule);
        } else {
            adaptation.requirement = adaptation.requirement.and(rule.then.requirement());
            adaptation.applied.push(rule);
        }
    }
    adaptation
}

impl When {
    /// Whether no condition is known not to hold.
    #[must_use]
    pub fn may_hold(&self, circumstances: &Circumstances) -> bool {
        let Circumstances { device, address, now, sensitive, services } = circumstances;
        let device = self.device.and_then(|wanted| device.map(|device| device == wanted));
        let network =
            self.network.as_ref().and_then(|networks| address.map(|address| networks.have(address)));
        let time = self.time.as_ref().and_then(|window| window.contains(*now));
        let sensitive = self.sensitive.map(|wanted| wanted == *sensitive);
        let services = self.services.as_ref().map(|wanted| wanted.iter().any(|id| services.contains(id)));
        ![device, network, time, sensitive, services].contains(&Some(false))
    }
}

impl Networks {
    fn have(&self, address: IpAddr) -> bool {
        (self.inside.is_empty() || self.inside.iter().any(|range| range.contains(address)))
            && !self.outside.iter().any(|range| range.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use bitaqa_trust::Level;
    use proptest::{option::of as option, prelude::*};

    use super::{
        super::{Day, Then, TimeWindow},
        *,
    };
    use crate::factor::{Authentication, CardAndPin, tests::LESSER};

    /// Monday, 2026-06-01, 12:00 UTC.
    const MONDAY_NOON: Seconds = 1_780_315_200;

    fn when(text: &str) -> When {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_rule_applies_unless_a_condition_is_known_not_to_hold() {
        let here = || Circumstances {
            device: Some(Device::Known),
            address: Some("10.0.0.1".parse().unwrap()),
            now: MONDAY_NOON,
            sensitive: true,
            services: vec!["tax-return".to_owned()],
        };
        let unknown = || Circumstances { device: None, address: None, ..here() };
        for (text, circumstances, applies) in [
            ("", here(), true),
            ("device = \"new\"", here(), false),
            ("device = \"known\"", here(), true),
            ("device = \"new\"", unknown(), true),
            ("device = \"known\"", unknown(), true),
            ("network = { inside = [\"10.0.0.0/8\"] }", here(), true),
            ("network = { inside = [\"10.0.0.0/8\"], outside = [\"10.0.0.0/24\"] }", here(), false),
            ("network = { outside = [\"10.0.0.0/8\"] }", here(), false),
            ("network = { inside = [\"192.0.2.0/24\", \"2001:db8::/32\"] }", here(), false),
            ("network = { inside = [\"192.0.2.0/24\"] }", unknown(), true),
            ("network = { outside = [\"0.0.0.0/0\", \"::/0\"] }", unknown(), true),
            ("time = { from = \"12:00\", to = \"13:00\", offset = \"+00:00\" }", here(), true),
            ("time = { from = \"12:00\", to = \"13:00\", offset = \"+01:00\" }", here(), false),
            ("time = { days = [\"mon\"], offset = \"+00:00\" }", here(), true),
            ("sensitive = true", here(), true),
            ("sensitive = false", here(), false),
            ("services = [\"tax-return\", \"other\"]", here(), true),
            ("services = [\"other\"]", here(), false),
            // one that does not hold is enough, whatever is not known of the others
            ("device = \"new\"\nsensitive = false", unknown(), false),
            ("device = \"known\"\nsensitive = true", here(), true),
        ] {
            assert_eq!(when(text).may_hold(&circumstances), applies, "{text} {circumstances:?}");
        }
    }

    fn factors() -> impl Strategy<Value = Option<Vec<Authentication>>> {
        let all = vec![Authentication::of(&LESSER), Authentication::of(&CardAndPin)];
        option(proptest::sample::subsequence(all, 0..=2))
    }

    fn levels() -> impl Strategy<Value = Level> {
        proptest::sample::select(crate::assurance::LEVELS.to_vec())
    }

    fn devices() -> impl Strategy<Value = Option<Device>> {
        option(proptest::sample::select(vec![Device::New, Device::Known]))
    }

    fn conditions() -> impl Strategy<Value = When> {
        let ranges = || {
            let ranges = ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32"];
            let ranges: Vec<super::super::Network> =
                ranges.iter().map(|text| text.parse().unwrap()).collect();
            proptest::sample::subsequence(ranges, 0..=4)
        };
        let networks = (ranges(), ranges()).prop_map(|(inside, outside)| Networks { inside, outside });
        let time = (0..24_u8, 0..24_u8, any::<bool>()).prop_map(|(from, to, monday)| TimeWindow {
            from: Some(format!("{from:02}:00")),
            to: Some(format!("{to:02}:30")),
            offset: "+01:00".to_owned(),
            days: monday.then(|| vec![Day::Mon]),
        });
        (devices(), option(networks), option(time), option(any::<bool>())).prop_map(
            |(device, network, time, sensitive)| When { device, network, time, sensitive, services: None },
        )
    }

    fn rules() -> impl Strategy<Value = Vec<Rule>> {
        let effects = (option(levels()), option(0..1000_u32), factors(), any::<bool>()).prop_map(
            |(minimum_level, max_age, factors, refuse)| Then { minimum_level, max_age, factors, refuse },
        );
        let rule = (conditions(), effects, any::<bool>()).prop_map(|(when, then, dry_run)| Rule {
            id: "rule".to_owned(),
            when,
            then,
            dry_run,
        });
        proptest::collection::vec(rule, 0..6)
    }

    fn requirements() -> impl Strategy<Value = Requirement> {
        (levels(), factors(), option(0..1000_i64), any::<bool>())
            .prop_map(|(level, factors, max_age, refused)| Requirement { level, factors, max_age, refused })
    }

    fn circumstances() -> impl Strategy<Value = Circumstances> {
        let addresses = ["10.0.0.1", "10.1.0.1", "192.0.2.1", "2001:db8::1", "::1"];
        let addresses: Vec<IpAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
        let address = option(proptest::sample::select(addresses));
        (devices(), address, 0..604_800_i64, any::<bool>()).prop_map(|(device, address, later, sensitive)| {
            let now = MONDAY_NOON + later;
            Circumstances { device, address, now, sensitive, services: Vec::new() }
        })
    }

    /// Whatever satisfies the first satisfies the second.
    fn at_least(one: &Requirement, other: &Requirement) -> bool {
        let both = [Authentication::of(&LESSER), Authentication::of(&CardAndPin)];
        one.level >= other.level
            && other.max_age.is_none_or(|most| one.max_age.is_some_and(|age| age <= most))
            && both.iter().all(|factor| !one.allows(*factor) || other.allows(*factor))
            && (one.refused || !other.refused)
    }

    proptest! {
        #[test]
        fn rules_never_lower_what_is_asked(
            needed in requirements(),
            rules in rules(),
            circumstances in circumstances(),
        ) {
            let adapted = adapt(needed.clone(), rules.iter(), &circumstances);
            prop_assert!(at_least(&adapted.requirement, &needed));
            // one more rule makes it no weaker than it was, either
            let fewer = adapt(needed, rules.iter().skip(1), &circumstances);
            prop_assert!(at_least(&adapted.requirement, &fewer.requirement));
        }

        #[test]
        fn what_is_not_known_makes_it_stricter_or_leaves_it(
            needed in requirements(),
            rules in rules(),
            circumstances in circumstances(),
        ) {
            let known = adapt(needed.clone(), rules.iter(), &circumstances);
            let less = Circumstances { device: None, address: None, ..circumstances };
            let unknown = adapt(needed, rules.iter(), &less);
            prop_assert!(at_least(&unknown.requirement, &known.requirement));
        }

        #[test]
        fn rules_that_are_only_tried_change_nothing(
            needed in requirements(),
            mut rules in rules(),
            circumstances in circumstances(),
        ) {
            rules.iter_mut().for_each(|rule| rule.dry_run = true);
            let adapted = adapt(needed.clone(), rules.iter(), &circumstances);
            prop_assert_eq!(adapted.requirement, needed);
            prop_assert!(adapted.applied.is_empty());
        }
    }
}

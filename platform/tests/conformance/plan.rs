//! That no module is forgotten.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::{back_channel_logout, basic, config, form_post, identity_assurance, rp_initiated_logout};

/// A plan of the suite.
pub(crate) struct Plan {
    /// What the suite calls it.
    pub(crate) name: &'static str,
    /// Its modules, as the suite lists them.
    pub(crate) modules: &'static [&'static str],
    /// The tests, called as modules with underscores.
    pub(crate) tests: &'static [&'static str],
    /// Modules that ask for something that the platform does not offer, and why. What is left of them is a test all the same.
    pub(crate) not_applicable: &'static [(&'static str, &'static str)],
}

const PLANS: [Plan; 6] = [
    basic::PLAN,
    config::PLAN,
    form_post::PLAN,
    rp_initiated_logout::PLAN,
    back_channel_logout::PLAN,
    identity_assurance::PLAN,
];

#[test]
fn each_module_of_a_plan_is_a_test_and_those_that_are_not_applicable_say_why() {
    for plan in PLANS {
        let wanted: BTreeSet<String> = plan.modules.iter().map(|module| module.replace('-', "_")).collect();
        let tests: BTreeSet<String> = plan.tests.iter().map(|&test| test.to_owned()).collect();
        assert_eq!(wanted, tests, "{}", plan.name);
        assert_eq!(plan.modules.len(), plan.tests.len(), "{}: a name stands there twice", plan.name);
        for (module, reason) in plan.not_applicable {
            assert!(plan.modules.contains(module) && !reason.is_empty(), "{}: {module}", plan.name);
        }
        let others = plan.not_applicable.len();
        println!("{}: {} modules apply, {others} do not:", plan.name, plan.modules.len() - others);
        for (module, reason) in plan.not_applicable {
            println!("  {module}: {reason}");
        }
    }
}

#[test]
fn the_modules_are_those_of_the_suites_list() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/oidc/modules.json");
    let Ok(text) = fs::read_to_string(&list) else {
        println!("the list of modules is not there; the names in this folder were not compared with it");
        return;
    };
    let list: Value = serde_json::from_str(&text).unwrap();
    for plan in PLANS {
        assert_eq!(list["plans"][plan.name], serde_json::json!(plan.modules), "{}", plan.name);
    }
}

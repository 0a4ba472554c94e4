//! `cargo xtask demo`: the main job, shown.

use crate::{
    Outcome, build,
    command::step,
    consent,
    packages::{self, Consent},
    set_up,
    workspace::Workspace,
};

/// Options that are handed on to the player.
const FLAGS: [&str; 2] = ["--headless", "--json"];

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let mut arguments = arguments.to_vec();
    let consent = consent(&mut arguments);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            flag if FLAGS.contains(&flag) => {}
            "--issuers" if words.next().is_some() => {}
            unknown => return Err(format!("demo does not know {unknown}")),
        }
    }
    let workspace = Workspace::find()?;
    prepare(&workspace, consent)?;
    player(&workspace, &arguments)
}

/// Everything that has to be there before the curtain rises.
fn prepare(workspace: &Workspace, consent: Consent) -> Outcome {
    let packages = [packages::BUILD, packages::DEMO].concat();
    step("what is missing", || set_up::prepare(workspace, &packages, build::NEEDS, consent))?;
    build::programs(workspace)?;
    build::test_bed(workspace)?;
    build::browser_side(workspace)
}

fn player(workspace: &Workspace, arguments: &[&str]) -> Outcome {
    build::node(workspace)
        .args(["--import", "./tests/e2e/typescript.mjs", "tests/e2e/demo/demo.ts"])
        .args(arguments)
        .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
        .run()
}

//! `cargo xtask bench`: the figures of `docs/performance.md`, printed, never asserted.

use crate::{Outcome, build, command::step, consent, packages, set_up, workspace::Workspace};

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let mut arguments = arguments.to_vec();
    let consent = consent(&mut arguments);
    if let Some(unknown) = arguments.iter().find(|word| **word != "--json") {
        return Err(format!("bench does not know {unknown}"));
    }
    let workspace = Workspace::find()?;
    let packages = [packages::BUILD, packages::DEMO].concat();
    step("what is missing", || set_up::prepare(&workspace, &packages, build::NEEDS, consent))?;
    build::programs(&workspace)?;
    build::test_bed(&workspace)?;
    build::browser_side(&workspace)?;
    build::bench_programs(&workspace)?;
    step("measuring", || {
        build::node(&workspace)
            .args(["--import", "./tests/e2e/typescript.mjs", "tests/bench/bench.ts"])
            .args(arguments.iter())
            .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
            .run()
    })
}

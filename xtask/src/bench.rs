//! `cargo xtask bench`: the figures of `docs/performance.md`, printed, never asserted.

use crate::{
    Outcome, build,
    command::{Program, step},
    consent, packages, python,
    set_up::{self, Need},
    workspace::Workspace,
};

/// Parts that can be asked for by name; without a name all of them run, and what needs every part of a sign-in.
const PARTS: [&str; 6] = ["cards", "documents", "pace", "platform", "signatures", "verification"];

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let mut arguments = arguments.to_vec();
    let consent = consent(&mut arguments);
    let (parts, options): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|word| PARTS.contains(word));
    if let Some(unknown) = options.iter().find(|word| **word != "--json") {
        return Err(format!(
            "bench does not know {unknown}; parts that can be named are {}",
            PARTS.join(", ")
        ));
    }
    let workspace = Workspace::find()?;
    let all = parts.is_empty();
    let has = |part: &str| all || parts.contains(&part);
    let browser = if has("documents") { packages::DEMO } else { &[] };
    let database = if has("platform") { packages::DATABASE } else { &[] };
    let packages = [packages::BUILD, browser, database].concat();
    // @bitaqa/verify, the extension
    let builds = if has("verification") || has("documents") { build::NEEDS } else { &[] };
    let judges: &[Need] = if has("signatures") { &[Need::Python] } else { &[] };
    let scripts: &[Need] = if has("platform") { &[Need::JavaScript] } else { &[] };
    let needs = [builds, judges, scripts].concat();
    step("what is missing", || set_up::prepare(&workspace, &packages, &needs, consent))?;
    build::bench_programs(&workspace)?;
    if has("verification") {
        build::answers(&workspace)?;
        build::server_side(&workspace)?;
    }
    if has("documents") {
        build::browser_side(&workspace)?;
    }
    if all {
        sign_ins(&workspace, &options)?;
        // cards, pace and verification are among the figures of sign-ins
        signatures(&workspace, &options)?;
        platform(&workspace, &options)?;
        return documents(&workspace, &options);
    }
    parts.iter().try_for_each(|part| match *part {
        "verification" => verification(&workspace, &options),
        "documents" => documents(&workspace, &options),
        "signatures" => signatures(&workspace, &options),
        "platform" => platform(&workspace, &options),
        part => Program::new(workspace.released("bitaqa-bench")).arg(part).args(options.iter()).run(),
    })
}

/// Sign-ins through browser, host and card, and all that they are made of.
fn sign_ins(workspace: &Workspace, options: &[&str]) -> Outcome {
    build::programs(workspace)?;
    build::test_bed(workspace)?;
    step("measuring", || {
        build::node(workspace)
            .args(["--import", "./tests/e2e/typescript.mjs", "tests/bench/bench.ts"])
            .args(options)
            .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
            .run()
    })
}

/// A large document in the extension's worker, in Chromium.
fn documents(workspace: &Workspace, options: &[&str]) -> Outcome {
    build::node(workspace)
        .args(["--import", "./tests/e2e/typescript.mjs", "tests/bench/documents.ts"])
        .args(options)
        .run()
}

/// Signed documents, beside programs of others.
fn signatures(workspace: &Workspace, options: &[&str]) -> Outcome {
    build::programs(workspace)?;
    python::packages(workspace)?;
    Program::new(workspace.released("bitaqa-bench"))
        .arg("signatures")
        .arg(workspace.released("bitaqa"))
        .arg(python::interpreter(workspace))
        .args(options.iter())
        .run()
}

/// Sign-ins at the trust platform, beside another provider.
fn platform(workspace: &Workspace, options: &[&str]) -> Outcome {
    build::node_modules(workspace)?;
    Program::new(workspace.released("bitaqa-platform-bench"))
        .arg("measure")
        .arg("tests/bench/platform/peer.mjs")
        .args(options.iter())
        .run()
}

/// What a portal's server computes: natively, and in Node.js.
fn verification(workspace: &Workspace, options: &[&str]) -> Outcome {
    Program::new(workspace.released("bitaqa-answers")).arg("bench").args(options).run()?;
    build::node(workspace)
        .args(["--import", "./tests/e2e/typescript.mjs", "tests/bench/verification.ts"])
        .args(options)
        .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
        .run()
}

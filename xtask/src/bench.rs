//! `cargo xtask bench`: the figures of `docs/performance.md`, printed, never asserted.

use crate::{
    Outcome, build,
    command::{Program, step},
    consent, packages, python,
    set_up::{self, Need},
    wasm_toolchain,
    workspace::Workspace,
};

/// Parts that need neither card reader nor browser, and can be asked for by name.
const PARTS: [&str; 5] = ["cards", "documents", "pace", "signatures", "verification"];

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
    let (packages, needs): (Vec<_>, &[Need]) = if parts.is_empty() {
        ([packages::BUILD, packages::DEMO].concat(), build::NEEDS)
    } else {
        // @bitaqa/verify
        let needs: &[Need] = if parts.contains(&"verification") || parts.contains(&"documents") {
            build::NEEDS
        } else if parts.contains(&"signatures") {
            &[Need::Python]
        } else {
            &[]
        };
        (packages::BUILD.to_vec(), needs)
    };
    step("what is missing", || set_up::prepare(&workspace, &packages, needs, consent))?;
    build::bench_programs(&workspace)?;
    if parts.is_empty() || parts.contains(&"verification") {
        build::answers(&workspace)?;
        build::server_side(&workspace)?;
    }
    if !parts.is_empty() {
        return parts.iter().try_for_each(|part| match *part {
            "verification" => verification(&workspace, &options),
            "documents" => documents(&workspace, &options),
            "signatures" => signatures(&workspace, &options),
            part => Program::new(workspace.released("bitaqa-bench")).arg(part).args(options.iter()).run(),
        });
    }
    build::programs(&workspace)?;
    build::test_bed(&workspace)?;
    build::browser_side(&workspace)?;
    step("measuring", || {
        build::node(&workspace)
            .args(["--import", "./tests/e2e/typescript.mjs", "tests/bench/bench.ts"])
            .args(options.iter())
            .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
            .run()
    })
}

/// A large document in WebAssembly.
fn documents(workspace: &Workspace, options: &[&str]) -> Outcome {
    build::browser_side(workspace)?;
    build::node(workspace)
        .args(["--import", "./tests/e2e/typescript.mjs", "tests/bench/documents.ts", "--core"])
        .arg(workspace.core(wasm_toolchain::SIGN.folder))
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

/// What a portal's server computes: natively, and in Node.js.
fn verification(workspace: &Workspace, options: &[&str]) -> Outcome {
    Program::new(workspace.released("bitaqa-answers")).arg("bench").args(options).run()?;
    build::node(workspace)
        .args(["--import", "./tests/e2e/typescript.mjs", "tests/bench/verification.ts"])
        .args(options)
        .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
        .run()
}

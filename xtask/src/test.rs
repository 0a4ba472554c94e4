//! `cargo xtask test`: everything that decides whether a change is good.

use std::{env, path::PathBuf, time::Instant};

use crate::{
    Outcome, build, codegen,
    command::{self, Program, step},
    consent,
    footprint::{self, Footprint},
    fuzz, packages, python, say,
    set_up::{self, Need},
    workspace::Workspace,
};

/// Version of cargo-deny that `deny.toml` was written for.
const CARGO_DENY: &str = "0.20.2";

/// A part of the whole, in the order in which they run.
struct Part {
    name: &'static str,
    run: fn(&Workspace) -> Outcome,
}

const PARTS: &[Part] = &[
    Part { name: "format", run: format },
    Part { name: "lints", run: lints },
    Part { name: "licences", run: licences },
    Part { name: "generated", run: |workspace| step("generated types", || codegen::check(workspace)) },
    Part { name: "build", run: everything },
    Part { name: "rust", run: rust },
    Part { name: "javascript", run: javascript },
    Part { name: "browsers", run: browsers },
    Part { name: "demo", run: demo },
];

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let mut arguments = arguments.to_vec();
    let consent = consent(&mut arguments);
    if let Some(unknown) = arguments.iter().find(|name| !PARTS.iter().any(|part| part.name == **name)) {
        let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        return Err(format!("test does not know {unknown}; its parts are {}", names.join(", ")));
    }
    let workspace = Workspace::find()?;
    let started = Instant::now();
    let packages = [packages::BUILD, packages::DEMO, packages::TEST, packages::FUZZ].concat();
    let needs = [build::NEEDS, &[Need::Python, Need::CargoDeny]].concat();
    step("what is missing", || set_up::prepare(&workspace, &packages, &needs, consent))?;
    let footprint = Footprint::watch(footprint::mark());
    command::mark_everything(footprint.variable());
    for part in PARTS.iter().filter(|part| arguments.is_empty() || arguments.contains(&part.name)) {
        (part.run)(&workspace)?;
    }
    step("nothing listens to others, nothing is left", || footprint.check())?;
    let minutes = started.elapsed().as_secs_f32() / 60.0;
    say(&format!("\n\x1b[1mEverything passed in {minutes:.1} minutes.\x1b[0m\n"));
    let suites = conformance(&workspace);
    if !suites.is_dir() {
        say(&format!(
            "NOT RUN: the suites of others (Wycheproof, NIST PKITS): there is no folder {}; BITAQA_CONFORMANCE may name \
             another.\n",
            suites.display()
        ));
    }
    Ok(())
}

fn format(workspace: &Workspace) -> Outcome {
    step("format", || build::cargo(workspace).args(["fmt", "--all", "--check"]).run())
}

fn lints(workspace: &Workspace) -> Outcome {
    let arguments = [
        "clippy",
        "--locked",
        "--release",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "--deny",
        "warnings",
    ];
    step("lints", || build::cargo(workspace).args(arguments).run())?;
    step("lints of the fuzzer", || fuzz::check(workspace))?;
    step("documentation", || {
        build::cargo(workspace)
            .args(["doc", "--locked", "--release", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "--deny warnings")
            .run()
    })
}

/// The licence checker.
pub(crate) fn cargo_deny(workspace: &Workspace) -> PathBuf {
    tools(workspace).join("bin/cargo-deny")
}

fn tools(workspace: &Workspace) -> PathBuf {
    workspace.cache.join(format!("tools/cargo-deny-{CARGO_DENY}"))
}

/// Licences, sources and crates of another cryptographic generation; advisories need a database from the network and are looked at by hand.
fn licences(workspace: &Workspace) -> Outcome {
    step("licences and sources", || {
        let program = cargo_deny(workspace);
        if !program.is_file() {
            let tools = tools(workspace);
            let install = |locked: &[&str]| {
                Program::new("cargo")
                    .args(["install", "cargo-deny", "--version", &format!("={CARGO_DENY}"), "--root"])
                    .arg(&tools)
                    .args(locked)
                    .env("CARGO_TARGET_DIR", workspace.cache.join("target/tools"))
                    .run()
            };
            // a version that its lock file names may have gone
            install(&["--locked"]).or_else(|_| install(&[]))?;
        }
        Program::new(program).args(["check", "licenses", "bans", "sources"]).dir(&workspace.root).run()
    })
}

fn everything(workspace: &Workspace) -> Outcome {
    build::programs(workspace)?;
    build::test_bed(workspace)?;
    build::browser_side(workspace)
}

fn rust(workspace: &Workspace) -> Outcome {
    build::node_modules(workspace)?;
    python::packages(workspace)?;
    step("tests in Rust", || {
        build::cargo(workspace)
            .args(["test", "--locked", "--release", "--workspace", "--all-features"])
            .env("BITAQA_CONFORMANCE", conformance(workspace))
            .env("BITAQA_PYTHON", python::interpreter(workspace))
            .run()
    })
}

fn javascript(workspace: &Workspace) -> Outcome {
    build::node_modules(workspace)?;
    build::answers(workspace)?;
    for package in ["sdk/web", "sdk/verify", "sdk/sign", "extension"] {
        step(&format!("tests of {package}"), || {
            for script in ["check", "test"] {
                Program::new("npm")
                    .args(["run", "--silent", script])
                    .dir(workspace.root.join(package))
                    .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
                    .run()?;
            }
            Ok(())
        })?;
    }
    step("types of the end-to-end tests", || {
        Program::new("npm").args(["run", "--silent", "check"]).dir(workspace.root.join("tests/e2e")).run()
    })
}

fn browsers(workspace: &Workspace) -> Outcome {
    python::packages(workspace)?;
    step("Chromium and Firefox", || {
        Program::new("npm")
            .args(["run", "--silent", "test"])
            .dir(workspace.root.join("tests/e2e"))
            .env("BITAQA_PYTHON", python::interpreter(workspace))
            .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
            .run()
    })
}

/// What the README promises, as it promises it.
fn demo(_: &Workspace) -> Outcome {
    step("cargo xtask demo --headless --json", || crate::demo::run(&["--headless", "--json"]))
}

/// Independent suites that lie beside the checkout, or where `BITAQA_CONFORMANCE` says.
fn conformance(workspace: &Workspace) -> PathBuf {
    env::var_os("BITAQA_CONFORMANCE")
        .map_or_else(|| workspace.root.join("../shared/conformance"), PathBuf::from)
}

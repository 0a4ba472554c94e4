//! `cargo xtask test`: everything that decides whether a change is good.

use std::{env, time::Instant};

use crate::{
    Outcome, build, codegen,
    command::{Program, step},
    consent, packages,
    packages::Consent,
    say,
    workspace::Workspace,
};

/// Version of cargo-deny that `deny.toml` was written for.
const CARGO_DENY: &str = "0.20.2";

/// A part of the whole, in the order in which they run.
struct Part {
    name: &'static str,
    run: fn(&Workspace, Consent) -> Outcome,
}

const PARTS: &[Part] = &[
    Part { name: "format", run: format },
    Part { name: "lints", run: lints },
    Part { name: "licences", run: licences },
    Part { name: "generated", run: |workspace, _| step("generated types", || codegen::check(workspace)) },
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
    step("packages", || {
        packages::install(&[packages::BUILD, packages::DEMO, packages::TEST].concat(), consent)
    })?;
    for part in PARTS.iter().filter(|part| arguments.is_empty() || arguments.contains(&part.name)) {
        (part.run)(&workspace, consent)?;
    }
    let minutes = started.elapsed().as_secs_f32() / 60.0;
    say(&format!("\n\x1b[1mEverything passed in {minutes:.1} minutes.\x1b[0m\n"));
    Ok(())
}

fn format(workspace: &Workspace, _: Consent) -> Outcome {
    step("format", || build::cargo(workspace).args(["fmt", "--all", "--check"]).run())
}

fn lints(workspace: &Workspace, _: Consent) -> Outcome {
    let arguments =
        ["clippy", "--release", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"];
    step("lints", || build::cargo(workspace).args(arguments).run())?;
    step("documentation", || {
        build::cargo(workspace)
            .args(["doc", "--release", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "--deny warnings")
            .run()
    })
}

/// Licences, sources and doubled crates; advisories need a database from the network and are looked at by hand.
fn licences(workspace: &Workspace, _: Consent) -> Outcome {
    step("licences and sources", || {
        let tools = workspace.cache.join(format!("tools/cargo-deny-{CARGO_DENY}"));
        let program = tools.join("bin/cargo-deny");
        if !program.is_file() {
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

fn everything(workspace: &Workspace, consent: Consent) -> Outcome {
    build::programs(workspace)?;
    build::test_bed(workspace)?;
    build::browser_side(workspace, consent)
}

fn rust(workspace: &Workspace, _: Consent) -> Outcome {
    step("tests in Rust", || {
        build::cargo(workspace)
            .args(["test", "--release", "--workspace", "--all-features"])
            .env("BITAQA_CONFORMANCE", conformance(workspace))
            .run()
    })
}

fn javascript(workspace: &Workspace, _: Consent) -> Outcome {
    build::node_modules(workspace)?;
    for package in ["sdk/web", "extension"] {
        step(&format!("tests of {package}"), || {
            for script in ["check", "test"] {
                Program::new("npm")
                    .args(["run", "--silent", script])
                    .dir(workspace.root.join(package))
                    .run()?;
            }
            Ok(())
        })?;
    }
    step("types of the end-to-end tests", || {
        Program::new("npm").args(["run", "--silent", "check"]).dir(workspace.root.join("tests/e2e")).run()
    })
}

fn browsers(workspace: &Workspace, _: Consent) -> Outcome {
    step("Chromium and Firefox", || {
        Program::new("npm")
            .args(["run", "--silent", "test"])
            .dir(workspace.root.join("tests/e2e"))
            .env("BITAQA_PROGRAMS", workspace.native_target().join("release"))
            .run()
    })
}

/// What the README promises, as it promises it.
fn demo(_: &Workspace, _: Consent) -> Outcome {
    step("cargo xtask demo --headless --json", || crate::demo::run(&["--headless", "--json"]))
}

/// Independent suites that lie beside the checkout, or where `BITAQA_CONFORMANCE` says.
fn conformance(workspace: &Workspace) -> std::ffi::OsString {
    env::var_os("BITAQA_CONFORMANCE")
        .unwrap_or_else(|| workspace.root.join("../shared/conformance").into_os_string())
}

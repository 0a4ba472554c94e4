//! `cargo xtask fuzz`: the targets of `tests/fuzz` under libFuzzer. `docs/fuzzing.md` says how to work with it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Outcome,
    command::{Program, step},
    consent, packages, say, set_up,
    workspace::Workspace,
};

/// Seconds for each target, where nothing else is asked for.
const SECONDS: u32 = 60;
/// Seconds that one input may take: what is slower counts as a fault. The slowest runs take a few milliseconds.
const SLOWEST: u32 = 10;
/// Megabytes of memory that may be in use.
const MEMORY: u32 = 512;
/// Kilobytes of address space. Without a sanitizer this is what notices that much is asked for and little is used.
const ADDRESS_SPACE: u32 = 1024 * 1024;

/// Bytes that an input may have in any case.
const SHORTEST_LIMIT: u64 = 512;

/// What has the compiler count edges and compare operands for libFuzzer (`SanitizerCoverage`), without a compiler of its own.
/// `--target` keeps build scripts and macros out of it.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
                     -Ccodegen-units=1";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Order<'a> {
    target: Option<&'a str>,
    seconds: u32,
}

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let mut arguments = arguments.to_vec();
    let consent = consent(&mut arguments);
    let order = Order::parse(&arguments)?;
    let workspace = Workspace::find()?;
    let targets = targets(&workspace)?;
    if let Some(unknown) = order.target.filter(|name| !targets.iter().any(|target| target == name)) {
        return Err(format!("fuzz does not know {unknown}; its targets are {}", targets.join(", ")));
    }
    step("what is missing", || set_up::prepare(&workspace, packages::FUZZ, &[], consent))?;
    let program = step("fuzzer", || build(&workspace))?;
    let mut found = Vec::new();
    for target in targets.iter().filter(|target| order.target.is_none_or(|name| name == *target)) {
        let name = format!("{target}, {} s", order.seconds);
        if step(&name, || fuzz(&workspace, &program, target, order.seconds)).is_err() {
            found.push(target.as_str());
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(format!(
        "a fault was found in {}: the input is in {}",
        found.join(", "),
        found_in(&workspace).display()
    ))
}

impl<'a> Order<'a> {
    fn parse(arguments: &[&'a str]) -> Outcome<Self> {
        let mut order = Self { target: None, seconds: SECONDS };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match *word {
                "--seconds" => {
                    let number =
                        words.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                    order.seconds = number.ok_or("--seconds takes a number above 0")?;
                }
                name if order.target.is_none() && !name.starts_with('-') => order.target = Some(name),
                unknown => return Err(format!("fuzz does not know {unknown}")),
            }
        }
        Ok(order)
    }
}

/// The targets are the folders of the corpus; a test of `tests/fuzz` sees to that.
fn targets(workspace: &Workspace) -> Outcome<Vec<String>> {
    let corpus = workspace.root.join("tests/fuzz/corpus");
    let entries = fs::read_dir(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Where inputs are put that show a fault.
fn found_in(workspace: &Workspace) -> PathBuf {
    workspace.root.join("target/fuzz")
}

/// Builds the fuzzer, into a folder of its own: the flags go into every crate.
fn build(workspace: &Workspace) -> Outcome<PathBuf> {
    let target = host(workspace)?;
    cargo(workspace, "build", &target).run()?;
    Ok(folder(workspace).join(target).join("fuzz/bitaqa-fuzz"))
}

/// Whether the fuzzer compiles as [`run`] would build it, and without a lint: ordinary builds do not see its door. No code is
/// generated.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let target = host(workspace)?;
    cargo(workspace, "clippy", &target).args(["--", "--deny", "warnings"]).run()
}

fn cargo(workspace: &Workspace, command: &str, target: &str) -> Program {
    Program::new("cargo")
        .args([command, "--locked", "--profile", "fuzz", "--package", "bitaqa-fuzz", "--bin", "bitaqa-fuzz"])
        .args(["--target", target])
        .env("CARGO_TARGET_DIR", folder(workspace))
        .env("RUSTFLAGS", FLAGS)
        .dir(&workspace.root)
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("target/fuzz")
}

/// The compiler's name for this machine.
fn host(workspace: &Workspace) -> Outcome<String> {
    let said = Program::new("rustc").arg("-vV").dir(&workspace.root).output().unwrap_or_default();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not say what it compiles for")?.to_owned())
}

/// Runs one target. What it learns is kept for the next time; the corpus in the checkout is only read.
fn fuzz(workspace: &Workspace, program: &Path, target: &str, seconds: u32) -> Outcome {
    let learned = workspace.cache.join("fuzz").join(target);
    let found = found_in(workspace).join(target);
    for folder in [&learned, &found] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let corpus = workspace.root.join("tests/fuzz/corpus").join(target);
    let length = longest(&corpus)?;
    // the shell only lowers a limit, and is the fuzzer from then on
    Program::new("sh")
        .args(["-c", &format!("ulimit -v {ADDRESS_SPACE}; exec \"$0\" \"$@\"")])
        .arg(program)
        .arg(&learned)
        .arg(&corpus)
        .arg(format!("-dict={}", workspace.root.join("tests/fuzz/dictionary.txt").display()))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={length}"))
        .arg(format!("-timeout={SLOWEST}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg("-print_final_stats=1")
        .env("BITAQA_FUZZ_TARGET", target)
        .run()
        .inspect_err(|_| say(&format!("\nto run the input again: {}\n", again(target))))
}

/// Bytes of the longest input that is tried: twice the longest seed, which leaves room for what nobody thought of.
fn longest(corpus: &Path) -> Outcome<u64> {
    let entries = fs::read_dir(corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
    let lengths = entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len());
    Ok(2 * lengths.max().unwrap_or_default().max(SHORTEST_LIMIT))
}

fn again(target: &str) -> String {
    format!("cargo run --release -p bitaqa-fuzz -- {target} target/fuzz/{target}/…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_and_a_time_can_be_asked_for() {
        assert_eq!(Order::parse(&[]), Ok(Order { target: None, seconds: 60 }));
        assert_eq!(Order::parse(&["tlv", "--seconds", "5"]), Ok(Order { target: Some("tlv"), seconds: 5 }));
        for wrong in [&["tlv", "lds"][..], &["--seconds"], &["--seconds", "0"], &["--runs"]] {
            assert!(Order::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}

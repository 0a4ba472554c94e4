//! `cargo xtask calibrate`: negative modules of the conformance tests fail where the platform's check is taken out.
//!
//! The shipped program has no way to take a check out. A copy of the sources gets one for each, which a variable names when the tests run:
//! one build does for all.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

mod checks;

use checks::Check;

use crate::{
    Outcome,
    command::{Program, step},
    workspace::Workspace,
};

/// Names the check that is taken out.
const VARIABLE: &str = "BITAQA_TAKEN_OUT";
/// What the copy's library gets.
const TAKEN_OUT: &str = "\n/// Whether a check is taken out.\npub(crate) fn taken_out(check: &str) -> bool {\n    \
    std::env::var(\"BITAQA_TAKEN_OUT\").is_ok_and(|name| name == check)\n}\n";
/// What stands for the question in an edit.
const OUT: &str = "OUT";
/// What the modules of FAPI 2.0 begin with.
const FAPI2: &str = "fapi2-security-profile-final-";

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    if !arguments.is_empty() {
        return Err("calibrate takes no arguments".to_owned());
    }
    let workspace = Workspace::find()?;
    let copy = workspace.cache.join("calibrate");
    step("copy without checks", || {
        copy_sources(&workspace.root, &copy)?;
        // what judges of others need
        let modules = copy.join("node_modules");
        if !modules.exists() {
            std::os::unix::fs::symlink(workspace.root.join("node_modules"), &modules)
                .map_err(|error| format!("{}: {error}", modules.display()))?;
        }
        checks::all().try_for_each(|check| prepare(&copy, check))?;
        edit(&copy.join("platform/src/lib.rs"), |text| Ok(format!("{text}{TAKEN_OUT}")))
    })?;
    let failed =
        step("build, and all checks in their places", || tests(&workspace, &copy, None, &BTreeSet::new()))?;
    if !failed.is_empty() {
        return Err(format!("these fail with every check in its place: {failed:?}"));
    }
    let mut rows = String::from("| check that is taken out | modules that fail for it |\n|---|---|\n");
    let mut silent = Vec::new();
    for check in checks::all() {
        let wanted: BTreeSet<String> = check.modules.iter().map(|module| test_name(module)).collect();
        let failed = step(check.name, || tests(&workspace, &copy, Some(check.name), &wanted))?;
        silent.extend(wanted.difference(&failed).map(|module| format!("{}: {module}", check.name)));
        let noticed = check.modules.iter().filter(|module| failed.contains(&test_name(module)));
        let modules: Vec<String> = noticed.map(|module| format!("`{module}`")).collect();
        rows.push_str(&format!("| {} | {} |\n", check.name, modules.join(", ")));
    }
    std::io::stdout().write_all(rows.as_bytes()).map_err(|error| error.to_string())?;
    if silent.is_empty() {
        Ok(())
    } else {
        Err(format!("these pass without their checks:\n{}", silent.join("\n")))
    }
}

/// A module's test.
fn test_name(module: &str) -> String {
    let full = if module.starts_with("oidcc") { module.to_owned() } else { format!("{FAPI2}{module}") };
    full.replace('-', "_")
}

/// What git knows of, where it changed since.
fn copy_sources(root: &Path, copy: &Path) -> Outcome {
    let files =
        Program::new("git").args(["ls-files", "-z"]).dir(root).output().ok_or("git ls-files failed")?;
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let (from, to) = (root.join(file), copy.join(file));
        let content = fs::read(&from).map_err(|error| format!("{}: {error}", from.display()))?;
        if fs::read(&to).is_ok_and(|there| there == content) {
            continue;
        }
        let made = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&to, content));
        made.map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}

/// Makes a check one that can be taken out. Where the sources have changed, this says so.
fn prepare(copy: &Path, check: &Check) -> Outcome {
    for (file, from, to) in check.edits {
        let question = format!("crate::taken_out(\"{}\")", check.name);
        edit(&copy.join("platform/src").join(file), |text| match text.matches(from).count() {
            1 => Ok(text.replace(from, &to.replace(OUT, &question))),
            number => Err(format!("{}: {file} has {number} times {from:?}", check.name)),
        })?;
    }
    Ok(())
}

fn edit(file: &PathBuf, change: impl FnOnce(String) -> Outcome<String>) -> Outcome {
    let at = |error: std::io::Error| format!("{}: {error}", file.display());
    let text = change(fs::read_to_string(file).map_err(at)?)?;
    fs::write(file, text).map_err(at)
}

/// The tests that fail, of these or of all.
fn tests(
    workspace: &Workspace,
    copy: &Path,
    taken_out: Option<&str>,
    wanted: &BTreeSet<String>,
) -> Outcome<BTreeSet<String>> {
    let mut command = Command::new("cargo");
    command
        .args(["test", "--locked", "--release", "--all-features", "--package", "bitaqa-platform"])
        .args(["--test", "fapi2", "--test", "conformance", "--no-fail-fast", "--"])
        .args(wanted)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", workspace.native_target())
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    if let Some(check) = taken_out {
        command.env(VARIABLE, check);
    }
    let output = command.output().map_err(|error| format!("cargo test: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !said.contains("test result: ") {
        return Err("the copy cannot be built: run cargo test there".to_owned());
    }
    let failed = said.lines().filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
    Ok(failed.map(|name| name.rsplit("::").next().unwrap_or(name).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_that_can_be_taken_out_is_found_once_in_the_sources() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../platform/src");
        for check in checks::all() {
            for (file, from, to) in check.edits {
                let text = fs::read_to_string(sources.join(file)).unwrap();
                assert_eq!(text.matches(from).count(), 1, "{}: {file}: {from:?}", check.name);
                assert!(
                    to.contains(OUT) || to.contains("taken_out("),
                    "{}: nothing is taken out",
                    check.name
                );
            }
        }
    }
}

//! What has to be there before anything else, said as a whole and agreed to once.

use crate::{
    Outcome,
    command::{Program, is_there},
    packages::{self, Consent},
    python, say,
    wasm_toolchain::{self, WasmToolchain},
    workspace::Workspace,
};

/// Oldest Node.js that the build scripts and the tests run on.
const NODE: u32 = 20;

/// Things beyond packages that a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A compiler for WebAssembly.
    WasmCompiler,
    /// The JavaScript packages of `package-lock.json`.
    JavaScript,
    /// The Python packages of `tests/python.txt`.
    Python,
    /// `cargo-deny`.
    CargoDeny,
}

impl Need {
    /// What would be installed; nothing if it is there.
    fn missing(self, workspace: &Workspace) -> Option<String> {
        match self {
            Self::WasmCompiler if wasm_toolchain::is_there() => None,
            Self::WasmCompiler => Some(format!(
                "Rust's {target} by `rustup target add`; where that fails, Debian's {packages}",
                target = wasm_toolchain::TARGET,
                packages = wasm_toolchain::DEBIAN.join(", ")
            )),
            Self::JavaScript if crate::build::has_node_modules(workspace) => None,
            Self::JavaScript => {
                Some("the JavaScript packages of package-lock.json, into node_modules".to_owned())
            }
            Self::Python if python::is_there(workspace) => None,
            Self::Python => {
                Some(format!("the Python packages of tests/python.txt, into {}", workspace.cache.display()))
            }
            Self::CargoDeny if crate::test::cargo_deny(workspace).is_file() => None,
            Self::CargoDeny => Some(format!("cargo-deny, into {}", workspace.cache.display())),
        }
    }
}

/// Says what is missing, asks if there is somebody to ask, and installs the packages among it. What else is needed is
/// installed by the step that needs it, which was agreed to here.
pub(crate) fn prepare(workspace: &Workspace, packages: &[&str], needs: &[Need], consent: Consent) -> Outcome {
    check_node()?;
    let missing = packages::missing(packages)?;
    let mut list: Vec<String> = needs.iter().filter_map(|need| need.missing(workspace)).collect();
    if !missing.is_empty() {
        list.insert(0, format!("Debian packages, by apt-get: {}", missing.join(" ")));
    }
    if list.is_empty() {
        return Ok(());
    }
    say("This will be installed:\n");
    for item in &list {
        say(&format!("  {item}\n"));
    }
    if consent == Consent::Ask && !packages::agreed("Install it?")? {
        let by_hand = if missing.is_empty() { String::new() } else { packages::by_hand(&missing) };
        return Err(format!("nothing was installed; do it yourself, then run this again\n{by_hand}"));
    }
    packages::install(&missing)
}

/// Node.js in a version that works, before anything else fails in an obscure way.
fn check_node() -> Outcome {
    let help = format!(
        "Node.js {NODE} or newer, with npm, is needed: https://nodejs.org (Debian 12's own package is older)"
    );
    if !is_there("node") || !is_there("npm") {
        return Err(format!("{help}\nHere there is none."));
    }
    let version = Program::new("node").arg("--version").output().unwrap_or_default();
    match major(&version) {
        Some(major) if major >= NODE => Ok(()),
        _ => Err(format!("{help}\nHere it is {}.", version.trim())),
    }
}

/// The first number of `v20.19.1`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The compiler for WebAssembly; getting it was agreed to in [`prepare`].
pub(crate) fn wasm_compiler() -> Outcome<WasmToolchain> {
    WasmToolchain::get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read_and_anything_else_is_not() {
        assert_eq!(major("v20.19.4\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20.1.1"), None);
        assert_eq!(major(""), None);
    }
}

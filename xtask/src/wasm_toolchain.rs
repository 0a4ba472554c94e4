//! A compiler for WebAssembly.
//!
//! The ordinary way is rustup's target. Where rustup's server cannot be reached, or rustup is not there, Debian's compiler
//! builds the standard library from its source package.

use std::path::PathBuf;

use crate::{
    Outcome,
    command::{Program, is_there},
    packages::{self, Consent},
    say,
    workspace::Workspace,
};

const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's compiler, its source and its cargo.
const DEBIAN: &[&str] = &["cargo-web", "rust-web-src", "rustc-web"];

/// How to compile for WebAssembly.
pub(crate) enum WasmToolchain {
    /// The project's own compiler with rustup's target.
    Target,
    /// Debian's compiler; the linker is that of the project's own.
    DebianSource {
        /// `rust-lld`.
        linker: PathBuf,
    },
}

impl WasmToolchain {
    /// Finds one, or gets it.
    pub(crate) fn get(consent: Consent) -> Outcome<Self> {
        if has_target() {
            return Ok(Self::Target);
        }
        if is_there("rustup") {
            say(&format!("rustup target add {TARGET}\n"));
            if Program::new("rustup").args(["target", "add", TARGET]).output().is_some() && has_target() {
                return Ok(Self::Target);
            }
            say("rustup cannot get it; Debian's compiler will build the standard library from source.\n");
        }
        let help =
            format!("no compiler for {TARGET}: run `rustup target add {TARGET}` where there is a network");
        if !is_there("apt-get") || !DEBIAN.iter().all(|package| packages::is_available(package)) {
            return Err(help);
        }
        packages::install(DEBIAN, consent)?;
        let linker =
            sysroot().map(|sysroot| sysroot.join("lib/rustlib").join(host_triple()).join("bin/rust-lld"));
        match linker {
            Some(linker) if linker.is_file() => Ok(Self::DebianSource { linker }),
            _ => Err(help),
        }
    }

    /// Compiles the core; gives the raw WebAssembly.
    pub(crate) fn build_core(&self, workspace: &Workspace) -> Outcome<PathBuf> {
        let arguments = ["build", "--profile", "wasm", "--package", "bitaqa-wasm", "--target", TARGET];
        let program = match self {
            Self::Target => Program::new("cargo").args(arguments),
            Self::DebianSource { linker } => Program::new("/usr/bin/cargo")
                .args(arguments)
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker),
        };
        let target = workspace.wasm_target();
        program.env("CARGO_TARGET_DIR", &target).dir(&workspace.root).run()?;
        Ok(target.join(TARGET).join("wasm/bitaqa_core.wasm"))
    }
}

fn has_target() -> bool {
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn sysroot() -> Option<PathBuf> {
    Program::new("rustc").args(["--print", "sysroot"]).output().map(|path| PathBuf::from(path.trim()))
}

fn host_triple() -> String {
    let version = Program::new("rustc").arg("-vV").output().unwrap_or_default();
    version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap_or("x86_64-unknown-linux-gnu")
        .to_owned()
}

//! A compiler for WebAssembly.
//!
//! The ordinary way is rustup's target. Where rustup's server cannot be reached, or rustup is not there, Debian's compiler
//! builds the standard library from its source package.

use std::{env, fs, path::PathBuf};

use crate::{
    Outcome,
    command::{self, Program},
    packages, say,
    workspace::Workspace,
};

/// What is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's compiler, its source and its cargo.
pub(crate) const DEBIAN: &[&str] = &["cargo-web", "rust-web-src", "rustc-web"];

/// What is compiled for WebAssembly in one go.
pub(crate) struct Core {
    /// Packages and the names of their libraries. All but the first are loaded when they are needed.
    pub(crate) modules: &'static [(&'static str, &'static str)],
    pub(crate) profile: &'static str,
    /// Folder under `target` for what `bitaqa-bindgen` writes.
    pub(crate) folder: &'static str,
}

/// What the extension loads: small.
pub(crate) const EXTENSION: Core = Core {
    modules: &[
        ("bitaqa-wasm", "bitaqa_core"),
        ("bitaqa-wasm-images", "bitaqa_images"),
        ("bitaqa-wasm-pdf", "bitaqa_pdf"),
    ],
    profile: "wasm",
    folder: "core",
};

/// What a portal's server loads: fast.
pub(crate) const SERVER: Core =
    Core { modules: &[("bitaqa-verify", "bitaqa_verify")], profile: "wasm-server", folder: "verify-core" };

/// What a signature provider's server loads: the extension's module for documents, and beside it what sets text in a font. Built
/// apart from the extension's core, whose crates would otherwise get the features that only documents need.
pub(crate) const SIGN: Core = Core {
    modules: &[("bitaqa-sign", "bitaqa_sign"), ("bitaqa-lettering", "bitaqa_lettering")],
    profile: "wasm-documents",
    folder: "sign-core",
};

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
    pub(crate) fn get() -> Outcome<Self> {
        if has_target() {
            return Ok(Self::Target);
        }
        if let Some(linker) = debian() {
            return Ok(Self::DebianSource { linker });
        }
        if command::is_there("rustup") {
            say(&format!("rustup target add {TARGET}\n"));
            if Program::new("rustup").args(["target", "add", TARGET]).output().is_some() && has_target() {
                return Ok(Self::Target);
            }
            say("rustup cannot get it; Debian's compiler will build the standard library from source.\n");
        }
        let help =
            format!("no compiler for {TARGET}: run `rustup target add {TARGET}` where there is a network");
        if !command::is_there("apt-get") || !DEBIAN.iter().all(|package| packages::is_available(package)) {
            return Err(help);
        }
        packages::install(&packages::missing(DEBIAN)?)?;
        debian().map(|linker| Self::DebianSource { linker }).ok_or(help)
    }

    /// Compiles a core and the modules beside it; gives the raw WebAssembly of each.
    pub(crate) fn build(&self, workspace: &Workspace, core: &Core) -> Outcome<Vec<PathBuf>> {
        let Core { modules, profile, .. } = core;
        let arguments = ["build", "--locked", "--profile", profile, "--target", TARGET];
        let packages = modules.iter().flat_map(|(package, _)| ["--package", package]);
        let program = match self {
            Self::Target => Program::new("cargo").args(arguments).args(packages),
            Self::DebianSource { linker } => Program::new("/usr/bin/cargo")
                .args(arguments)
                .args(packages)
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker),
        };
        let target = workspace.wasm_target();
        program
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_ENCODED_RUSTFLAGS", without_machine_paths())
            .dir(&workspace.root)
            .run()?;
        let file = |name: &str| target.join(TARGET).join(core.profile).join(name).with_extension("wasm");
        Ok(core.modules.iter().map(|(_, name)| file(name)).collect())
    }
}

/// Has the compiler write where crates are from without the folders of this machine, which are in every message of a panic: what is
/// shipped is smaller, and the same wherever it is built.
fn without_machine_paths() -> String {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let sources = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let flags = sources
        .into_iter()
        .flatten()
        .filter_map(|source| Some(format!("--remap-path-prefix={}=", source.ok()?.path().to_str()?)));
    flags.collect::<Vec<_>>().join("\u{1f}")
}

/// Whether there is a compiler already.
pub(crate) fn is_there() -> bool {
    has_target() || debian().is_some()
}

/// Debian's compiler, if it is installed: the linker to be used with it.
fn debian() -> Option<PathBuf> {
    if !packages::missing(DEBIAN).is_ok_and(|missing| missing.is_empty()) || !command::is_there("apt-get") {
        return None;
    }
    let linker = sysroot()?.join("lib/rustlib").join(host_triple()).join("bin/rust-lld");
    linker.is_file().then_some(linker)
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

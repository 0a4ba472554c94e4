//! TypeScript types and JSON Schema from `crates/protocol`, `crates/trust`, `sdk/verify/wasm` and `sdk/sign/wasm`; committed, and compared by `cargo xtask test`.

use std::{fs, path::Path};

use crate::{Outcome, command::Program, workspace::Workspace};

/// Where what `crates/protocol` says is kept: for the extension, for pages, and as schema.
const PROTOCOL: [&str; 3] = ["extension/src/generated", "sdk/web/src/generated", "crates/protocol/schema"];
/// Where what a verifier says is kept.
const VERIFY: &str = "sdk/verify/src/generated";
/// Where what a signature provider's server says is kept.
const SIGN: &str = "sdk/sign/src/generated";

/// Writes them into the checkout.
pub(crate) fn write(workspace: &Workspace) -> Outcome {
    generate(workspace, &workspace.root)
}

/// Compares what would be written with what is there.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let fresh = workspace.root.join("target/codegen");
    generate(workspace, &fresh)?;
    for place in PROTOCOL.into_iter().chain([VERIFY, SIGN]) {
        let (made, kept) = (files(&fresh.join(place))?, files(&workspace.root.join(place))?);
        if made != kept {
            return Err(format!("{place} is not what the types in Rust say; run: cargo xtask codegen"));
        }
    }
    Ok(())
}

fn generate(workspace: &Workspace, base: &Path) -> Outcome {
    let example = |package: &str, name: &str| {
        Program::new("cargo")
            .args(["run", "--quiet", "--package", package, "--features", "codegen", "--example", name, "--"])
            .env("CARGO_TARGET_DIR", workspace.native_target())
            .dir(&workspace.root)
    };
    example("bitaqa-protocol", "codegen").args(PROTOCOL.map(|place| base.join(place))).run()?;
    example("bitaqa-verify", "verify-codegen").arg(base.join(VERIFY)).run()?;
    example("bitaqa-sign", "sign-codegen").arg(base.join(SIGN)).run()
}

/// Names and contents, sorted.
fn files(folder: &Path) -> Outcome<Vec<(String, Vec<u8>)>> {
    let describe = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(describe)? {
        let entry = entry.map_err(describe)?;
        let content = fs::read(entry.path()).map_err(describe)?;
        files.push((entry.file_name().to_string_lossy().into_owned(), content));
    }
    files.sort();
    Ok(files)
}

//! TypeScript types and JSON Schema from `crates/protocol`; committed, and compared by `cargo xtask test`.

use std::{fs, path::Path};

use crate::{Outcome, command::Program, workspace::Workspace};

/// Where each kind of file is kept.
const PLACES: [&str; 3] = ["extension/src/generated", "sdk/web/src/generated", "crates/protocol/schema"];

/// Writes them into the checkout.
pub(crate) fn write(workspace: &Workspace) -> Outcome {
    generate(workspace, &workspace.root)
}

/// Compares what would be written with what is there.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let fresh = workspace.root.join("target/codegen");
    generate(workspace, &fresh)?;
    for place in PLACES {
        let (made, kept) = (files(&fresh.join(place))?, files(&workspace.root.join(place))?);
        if made != kept {
            return Err(format!("{place} is not what crates/protocol says; run: cargo xtask codegen"));
        }
    }
    Ok(())
}

fn generate(workspace: &Workspace, base: &Path) -> Outcome {
    Program::new("cargo")
        .args([
            "run",
            "--quiet",
            "--package",
            "bitaqa-protocol",
            "--features",
            "codegen",
            "--example",
            "codegen",
            "--",
        ])
        .args(PLACES.map(|place| base.join(place)))
        .env("CARGO_TARGET_DIR", workspace.native_target())
        .dir(&workspace.root)
        .run()
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

//! Host, portal, command line, extension and SDK.

use std::{fs, path::Path};

use crate::{
    Outcome,
    command::{Program, step},
    consent, notices, packages, say,
    set_up::{self, Need},
    wasm_toolchain::{self, Core, WasmToolchain},
    workspace::Workspace,
};

/// Programs as they are shipped.
const PROGRAMS: [&str; 4] = ["bitaqa-host", "bitaqa", "bitaqa-example-portal", "bitaqa-platform"];

/// What is needed beyond packages.
pub(crate) const NEEDS: &[Need] = &[Need::WasmCompiler, Need::JavaScript];

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let mut arguments = arguments.to_vec();
    let consent = consent(&mut arguments);
    if let Some(unknown) = arguments.first() {
        return Err(format!("build does not know {unknown}"));
    }
    let workspace = Workspace::find()?;
    step("what is missing", || set_up::prepare(&workspace, packages::BUILD, NEEDS, consent))?;
    programs(&workspace)?;
    browser_side(&workspace)?;
    say(&format!(
        "\nprograms   {}\nextension  {}\nSDK        {}\n           {}\n           {}\n",
        workspace.native_target().join("release").display(),
        workspace.root.join("extension/dist").display(),
        workspace.root.join("sdk/web/dist").display(),
        workspace.root.join("sdk/verify/dist").display(),
        workspace.root.join("sdk/sign/dist").display(),
    ));
    Ok(())
}

/// What is shipped for the person's computer and the portal's server.
pub(crate) fn programs(workspace: &Workspace) -> Outcome {
    step("host, command line, portal, platform", || {
        let packages = PROGRAMS.iter().flat_map(|program| ["--package", program]);
        cargo(workspace).args(["build", "--locked", "--release"]).args(packages).run()
    })
}

/// The software cards, their reader and what starts them.
pub(crate) fn test_bed(workspace: &Workspace) -> Outcome {
    let packages = ["--package", "bitaqa-testbed", "--package", "bitaqa-virtual-reader"];
    step("virtual reader and cards", || {
        cargo(workspace).args(["build", "--locked", "--release"]).args(packages).run()
    })
}

/// A person with a card, for the tests of who verifies answers.
pub(crate) fn answers(workspace: &Workspace) -> Outcome {
    step("answers of software cards", || {
        cargo(workspace).args(["build", "--locked", "--release", "--package", "bitaqa-answers"]).run()
    })
}

/// What measures.
pub(crate) fn bench_programs(workspace: &Workspace) -> Outcome {
    step("benchmark programs", || {
        let packages = ["--package", "bitaqa-bench", "--package", "bitaqa-platform-bench"];
        cargo(workspace).args(["build", "--locked", "--release"]).args(packages).run()
    })
}

/// Extension and SDK.
pub(crate) fn browser_side(workspace: &Workspace) -> Outcome {
    node_modules(workspace)?;
    let toolchain = step("compiler for WebAssembly", set_up::wasm_compiler)?;
    step("extension's WebAssembly", || core(workspace, &toolchain, &wasm_toolchain::EXTENSION))?;
    step("WebAssembly for documents", || core(workspace, &toolchain, &wasm_toolchain::SIGN))?;
    step("extension and @bitaqa/web", || {
        let core = workspace.core(wasm_toolchain::EXTENSION.folder);
        let documents = workspace.core(wasm_toolchain::SIGN.folder);
        let folders =
            ["--core".into(), core.into_os_string(), "--documents".into(), documents.into_os_string()];
        node(workspace).arg("extension/build.mjs").args(folders).run()?;
        node(workspace).arg("sdk/web/build.mjs").run()
    })?;
    server_side(workspace)?;
    signature_provider(workspace)
}

/// What a portal's server installs.
pub(crate) fn server_side(workspace: &Workspace) -> Outcome {
    node_modules(workspace)?;
    let toolchain = step("compiler for WebAssembly", set_up::wasm_compiler)?;
    step("core of @bitaqa/verify", || core(workspace, &toolchain, &wasm_toolchain::SERVER))?;
    step("@bitaqa/verify", || {
        let core = workspace.core(wasm_toolchain::SERVER.folder);
        node(workspace).arg("sdk/verify/build.mjs").arg("--core").arg(core).run()
    })
}

/// What a signature provider's server installs; its core is the extension's module for documents.
fn signature_provider(workspace: &Workspace) -> Outcome {
    step("@bitaqa/sign", || {
        let core = workspace.core(wasm_toolchain::SIGN.folder);
        node(workspace).arg("sdk/sign/build.mjs").arg("--core").arg(core).run()
    })
}

/// A core and the modules beside it: compiled, then given their JavaScript sides.
fn core(workspace: &Workspace, toolchain: &WasmToolchain, what: &Core) -> Outcome {
    let raw = toolchain.build(workspace, what)?;
    cargo(workspace).args(["build", "--locked", "--release", "--package", "bitaqa-bindgen"]).run()?;
    let folder = workspace.core(what.folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for module in raw {
        Program::new(workspace.released("bitaqa-bindgen")).arg(module).arg(&folder).run()?;
    }
    notices::write(workspace, what)
}

/// The JavaScript packages of the lock file.
pub(crate) fn node_modules(workspace: &Workspace) -> Outcome {
    if has_node_modules(workspace) {
        return Ok(());
    }
    step("JavaScript packages", || {
        Program::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .dir(&workspace.root)
            .run()
    })
}

/// Whether they are there, as the lock file has them.
pub(crate) fn has_node_modules(workspace: &Workspace) -> bool {
    let lock = workspace.root.join("package-lock.json");
    is_newer(&workspace.root.join("node_modules/.package-lock.json"), &lock)
}

fn is_newer(one: &Path, other: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    matches!((time(one), time(other)), (Some(one), Some(other)) if one >= other)
}

pub(crate) fn cargo(workspace: &Workspace) -> Program {
    Program::new("cargo").env("CARGO_TARGET_DIR", workspace.native_target()).dir(&workspace.root)
}

pub(crate) fn node(workspace: &Workspace) -> Program {
    Program::new("node").dir(&workspace.root)
}

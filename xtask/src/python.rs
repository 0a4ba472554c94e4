//! The Python packages of `tests/python.txt`, in an environment of their own: judges of the tests, nothing that is shipped.

use std::{fs, path::PathBuf};

use crate::{
    Outcome,
    command::{Program, step},
    workspace::Workspace,
};

/// The interpreter of that environment.
pub(crate) fn interpreter(workspace: &Workspace) -> PathBuf {
    folder(workspace).join("bin/python3")
}

/// Whether it has what the list names.
pub(crate) fn is_there(workspace: &Workspace) -> bool {
    let wanted = fs::read(list(workspace));
    wanted.is_ok_and(|wanted| fs::read(installed(workspace)).is_ok_and(|installed| installed == wanted))
}

/// Makes it, or makes it anew; agreed to in [`crate::set_up::prepare`].
pub(crate) fn packages(workspace: &Workspace) -> Outcome {
    if is_there(workspace) {
        return Ok(());
    }
    step("Python packages", || {
        let folder = folder(workspace);
        Program::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).run()?;
        Program::new(interpreter(workspace))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(list(workspace))
            .run()?;
        let copied = fs::copy(list(workspace), installed(workspace));
        copied.map(|_| ()).map_err(|error| format!("{}: {error}", folder.display()))
    })
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("python")
}

fn list(workspace: &Workspace) -> PathBuf {
    workspace.root.join("tests/python.txt")
}

/// The list as it was when everything was installed.
fn installed(workspace: &Workspace) -> PathBuf {
    folder(workspace).join("installed.txt")
}

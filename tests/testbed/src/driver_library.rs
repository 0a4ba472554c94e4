//! Where the reader driver is.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The file name of the driver.
const FILE_NAME: &str = "libbitaqa_virtual_reader.so";
/// The environment variable that names the driver.
const VARIABLE: &str = "BITAQA_VIRTUAL_READER";

/// Finds the driver: where `BITAQA_VIRTUAL_READER` says, else beside this program.
///
/// Cargo builds the driver together with whatever links the test bed and leaves it in `deps`, beside the tests; a copy
/// one folder up can be older, so `deps` comes first.
pub(crate) fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    let program = env::current_exe().ok()?;
    let folder = program.parent()?;
    candidates(folder).into_iter().find(|path| path.is_file())
}

fn candidates(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.join("deps"), folder.to_owned()];
    // an example or a benchmark stands beside `deps`
    if let Some(parent) = folder.parent() {
        folders.push(parent.join("deps"));
        folders.push(parent.to_owned());
    }
    folders.into_iter().map(|folder| folder.join(FILE_NAME)).collect()
}
